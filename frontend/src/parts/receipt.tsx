/** The sentence that says a value, with the words that count, and the way into its article. */

import type { Evidence, Reference } from "../api/client";
import { inWords } from "../dates";
import { to } from "../router";
import { called } from "../words";

export function Receipt({ evidence }: { evidence: Evidence[] }) {
  return (
    <ol class="receipt">
      {evidence.map((one) => (
        <li key={`${one.source.slug} ${one.start} ${one.role}`}>
          <Words one={one} />
          <Whose one={one} />
        </li>
      ))}
    </ol>
  );
}

function Words({ one }: { one: Evidence }) {
  const { quote, sentence, locator, references } = one;
  if (!quote) {
    return (
      <>
        <p class="locator">{locator}</p>
        {references.map((one, index) => (
          <Referred key={index} one={one} />
        ))}
      </>
    );
  }
  const at = sentence ? placeOf(one, sentence) : -1;
  if (!sentence || at < 0) {
    return (
      <blockquote dir="auto">
        <mark>{quote}</mark>
      </blockquote>
    );
  }
  return (
    <blockquote dir="auto">
      {sentence.slice(0, at)}
      <mark>{quote}</mark>
      {sentence.slice(at + quote.length)}
    </blockquote>
  );
}

/** Where in a sentence the words stand that count, which may be in it twice; what stands beside them may go on outside of it. */
export function placeOf({ quote, prefix, suffix }: Pick<Evidence, "quote" | "prefix" | "suffix">, sentence: string): number {
  const first = sentence.indexOf(quote);
  for (let at = first; at >= 0; at = sentence.indexOf(quote, at + 1)) {
    const [before, after] = [sentence.slice(0, at), sentence.slice(at + quote.length)];
    const isAfter = before.endsWith(prefix) || prefix.endsWith(before);
    if (isAfter && (after.startsWith(suffix) || suffix.startsWith(after))) return at;
  }
  return first;
}

/** What a data set says that it has it from. */
function Referred({ one }: { one: Reference }) {
  const told = [
    ...one.stated_in.map((work) => <>stated in {identified(work)}</>),
    ...one.imported_from.map((project) => <>imported from {identified(project)}</>),
    ...one.titles,
    ...one.urls.map((url) => (/^https?:/.test(url) ? <a href={url}>{url}</a> : url)),
    ...one.retrieved.map((date) => <>retrieved {inWords(date)}</>),
    ...Object.entries(one.others).map(([name, values]) => `${name} ${values.join(", ")}`),
  ];
  return (
    <p class="reference">
      {told.map((part, index) => (
        <>
          {index > 0 && ", "}
          {part}
        </>
      ))}
    </p>
  );
}

function identified(work: string) {
  return <a href={work.replace("wikidata:", "https://www.wikidata.org/wiki/")}>{work}</a>;
}

function Whose({ one }: { one: Evidence }) {
  const { source, attributed_to: by, start, end } = one;
  const at = start === null || end === null ? undefined : `${start},${end}`;
  return (
    <p class="whose">
      {by && (
        <>
          <bdi>{by}</bdi>, in{" "}
        </>
      )}
      <a href={to(source.url, { at })}><bdi>{called(source)}</bdi></a>
      {source.title && source.publisher && <>, <bdi>{source.publisher}</bdi></>}
      {source.published && <>, {inWords(source.published)}</>}
    </p>
  );
}
