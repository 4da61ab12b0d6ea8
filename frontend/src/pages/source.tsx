/** An article, with every passage that supports something highlighted; passage and fact lead to each other. */

import { useEffect, useState } from "preact/hooks";

import { api, type Ref, type Schemas } from "../api/client";
import { useAsked } from "../api/use";
import { isRef } from "../parts/facts";
import { Shown } from "../parts/states";
import { inWords, isDate } from "../dates";
import { to } from "../router";
import { useTitle } from "../title";
import { counted, measured, named, sense } from "../words";

type Annotated = Schemas["AnnotatedDocument"];
type Sentence = Schemas["Sentence"];
type SentenceFact = Schemas["SentenceFact"];

export function SourcePage({ slug, at }: { slug: string; at: string | null }) {
  const asked = useAsked<Annotated>(`/sources/${slug}/annotated`, (signal) =>
    api.GET("/sources/{slug}/annotated", { params: { path: { slug } }, signal }),
  );
  const source = asked.data?.source;
  useTitle(source ? (source.title ?? source.publisher ?? slug) : undefined);
  return <Shown asked={asked} isPage>{(found) => <Article found={found} at={at} />}</Shown>;
}

function Article({ found, at }: { found: Annotated; at: string | null }) {
  const [lit, setLit] = useState<string>();
  const { source, sentences, coverage } = found;
  const [from = -1, until = -1] = at?.split(",").map(Number) ?? [];
  useEffect(() => {
    document.querySelector(".sentence.asked")?.scrollIntoView({ block: "center" });
  }, [at]);
  return (
    <article class="source">
      <p class="kind">
        <a href={to("/sources")}>Source</a>
      </p>
      <h1>{source.title ?? source.publisher}</h1>
      <p class="lead">{[source.title && source.publisher, source.published && inWords(source.published)].filter(Boolean).join(", ")}</p>
      <Coverage coverage={coverage} sentences={sentences} />
      <ol class="sentences">
        {sentences.map((one) => (
          <li key={one.start} class={`sentence ${one.start < until && from < one.end ? "asked" : ""} ${one.facts.length ? "" : "silent"}`}>
            <p>
              <Passages sentence={one} lit={lit} setLit={setLit} />
            </p>
            {!one.facts.length && <p class="says">nothing is taken from this</p>}
            {one.facts.length > 0 && (
              <div class="says">
                {bySubject(one.facts).map(([subject, facts]) => (
                  <section key={subject.url}>
                    <a href={to(subject.url)}>{subject.label}</a>
                    <ul>
                      {facts.map((fact) => (
                        <li
                          key={fact.id}
                          class={fact.id === lit ? "lit" : ""}
                          onMouseEnter={() => setLit(fact.id)}
                          onMouseLeave={() => setLit(undefined)}
                          onFocusIn={() => setLit(fact.id)}
                          onFocusOut={() => setLit(undefined)}
                        >
                          <Said fact={fact} />
                        </li>
                      ))}
                    </ul>
                  </section>
                ))}
              </div>
            )}
          </li>
        ))}
      </ol>
    </article>
  );
}

/** How much of an article is held: one piece for each sentence, as long as it, hollow where it gave nothing. */
function Coverage({ coverage, sentences }: { coverage: Annotated["coverage"]; sentences: Sentence[] }) {
  const silent = coverage.sentences - coverage.sentences_with_facts;
  const share = Math.round((100 * coverage.characters_quoted) / Math.max(coverage.characters, 1));
  return (
    <>
      <p class="kind">
        {share} % of its text is a receipt for something.{" "}
        {silent ? `${counted(silent, "sentence")} of ${coverage.sentences} gave nothing.` : `All ${counted(coverage.sentences, "sentence")} gave something.`}
      </p>
      <div class="coverage" aria-hidden="true">
        {sentences.map((one) => (
          <i key={one.start} class={one.facts.length ? "" : "silent"} style={{ flexGrow: one.end - one.start }} />
        ))}
      </div>
    </>
  );
}

function Said({ fact }: { fact: SentenceFact }) {
  const how = sense({ ...fact, attributed_to: null });
  return (
    <>
      {named(fact.property)}{" "}
      {isRef(fact.value) ? (
        <a href={to(fact.value.url)}>{fact.value.label}</a>
      ) : (
        <b>{typeof fact.value === "string" ? (isDate(fact.value) ? inWords(fact.value) : fact.value) : measured(fact.value)}</b>
      )}
      {how && " "}
      {how && <span class={`mark-of ${how.mark}`}>{how.told}</span>}
    </>
  );
}

/** The facts of a sentence by what they are about, in the order in which the sentence comes to that. */
export function bySubject(facts: SentenceFact[]): [Ref, SentenceFact[]][] {
  const found = new Map<string, [Ref, SentenceFact[]]>();
  for (const fact of facts) {
    const group = found.get(fact.subject.url) ?? [fact.subject, []];
    found.set(fact.subject.url, group);
    group[1].push(fact);
  }
  return [...found.values()];
}

/** The sentence cut where passages begin and end, so that each piece knows which facts it supports. */
function Passages({ sentence, lit, setLit }: { sentence: Sentence; lit: string | undefined; setLit: (id?: string) => void }) {
  return (
    <>
      {piecesOf(sentence).map(({ text, facts }) =>
        facts.length ? (
          <mark class={lit && facts.includes(lit) ? "lit" : ""} onMouseEnter={() => setLit(facts[0])} onMouseLeave={() => setLit()}>
            {text}
          </mark>
        ) : (
          text
        ),
      )}
    </>
  );
}

export function piecesOf(sentence: Pick<Sentence, "start" | "end" | "text" | "facts">): { text: string; facts: string[] }[] {
  const text = [...sentence.text];
  const cuts = new Set([0, text.length]);
  for (const { start, end } of sentence.facts) {
    cuts.add(Math.max(0, start - sentence.start)).add(Math.min(text.length, end - sentence.start));
  }
  const places = [...cuts].sort((one, other) => one - other);
  return places.slice(1).map((until, number) => {
    const from = places[number] ?? 0;
    const facts = sentence.facts.filter((one) => one.start - sentence.start <= from && one.end - sentence.start >= until);
    return { text: text.slice(from, until).join(""), facts: facts.map((one) => one.id) };
  });
}
