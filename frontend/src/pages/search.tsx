/** What a search finds, the best first, each with the words that were found. */

import { api, type Schemas } from "../api/client";
import { usePages } from "../api/pages";
import { askedOf, Chips, isRefusal, Refused } from "../parts/filters";
import { Listing } from "../parts/listing";
import { to, usePlace } from "../router";
import { counted } from "../words";

type Hit = Schemas["SearchHit"];

export function SearchPage({ q }: { q: string }) {
  const { query } = usePlace();
  return (
    <>
      <h1>Search</h1>
      {q.trim() ? <Found q={q} query={query} /> : <p class="empty">What are you looking for? Type some words into the field at the top: a title, a name, a flight.</p>}
    </>
  );
}

function Found({ q, query }: { q: string; query: URLSearchParams }) {
  const listed = usePages<Hit, Schemas["SearchPage"]>(`/search?${query}`, (place, signal) =>
    api.GET("/search", { params: { query: { ...askedOf(query), q, ...place } }, signal }),
  );
  const { asked } = listed;
  if (asked.state === "failed" && isRefusal(asked.problem)) return <Refused problem={asked.problem} path="/search" query={query} />;
  return (
    <>
      <Chips path="/search" query={query} leave={["q"]} />
      <Listing listed={listed} told={(page) => <Count page={page} q={q} />}>
        {(one) => (
          <li key={one.url}>
            <a href={to(one.url)}>{one.label}</a> <small>{one.kind}</small>
            {one.matched !== "label" && (
              <p dir="auto">
                <Lit text={one.snippet ?? ""} spans={one.highlights} />
              </p>
            )}
          </li>
        )}
      </Listing>
    </>
  );
}

function Count({ page, q }: { page: Schemas["SearchPage"]; q: string }) {
  const count = counted(page.count, "record");
  return <>{page.corrected ? `Nothing has “${q}”. This is what is found for “${page.corrected}”: ${count}.` : `${count} for “${q}”`}</>;
}

/** A text with some of its characters marked, as their places in it say. */
export function Lit({ text, spans }: { text: string; spans: { start: number; end: number }[] }) {
  const characters = [...text];
  const parts = spans.flatMap(({ start, end }, number) => [
    characters.slice(spans[number - 1]?.end ?? 0, start).join(""),
    <mark key={start}>{characters.slice(start, end).join("")}</mark>,
  ]);
  return (
    <>
      {parts}
      {characters.slice(spans.at(-1)?.end ?? 0).join("")}
    </>
  );
}
