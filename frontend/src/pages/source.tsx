/** An article, with every passage that supports something highlighted; passage and fact lead to each other. */

import type { ComponentChildren, TargetedMouseEvent } from "preact";
import { useEffect, useState } from "preact/hooks";

import { api, type Fact, type Ref, type Schemas } from "../api/client";
import { usePages } from "../api/pages";
import { useSides } from "../api/sides";
import { useAsked } from "../api/use";
import { Disputed, Facts, Value } from "../parts/facts";
import { Listing } from "../parts/listing";
import { Shown } from "../parts/states";
import { inWords } from "../dates";
import { leftAt, to } from "../router";
import { ofSource, useTold } from "../title";
import { called, counted, named, sense } from "../words";

type Annotated = Schemas["AnnotatedDocument"];
type Sentence = Schemas["Sentence"];
type SentenceFact = Schemas["SentenceFact"];

export function SourcePage({ slug, at }: { slug: string; at: string | null }) {
  const asked = useAsked<Annotated>(`/sources/${slug}/annotated`, (signal) =>
    api.GET("/sources/{slug}/annotated", { params: { path: { slug } }, signal }),
  );
  useTold(asked.data && ofSource(asked.data.source));
  return <Shown asked={asked} isPage>{(found) => <Article found={found} at={at} />}</Shown>;
}

/** What is pointed at: a passage lights all facts that it supports, and a fact all passages that say it. */
interface Lit {
  facts: string[];
  by: "passage" | "fact";
}
/** What an element does to light what it has to do with, whether a mouse or the keyboard comes to it. */
type Lighting = (lit: Lit) => Record<"onMouseEnter" | "onMouseLeave" | "onFocusIn" | "onFocusOut", () => void>;

function Article({ found, at }: { found: Annotated; at: string | null }) {
  const [over, setOver] = useState<Lit>();
  const [focused, setFocused] = useState<Lit>();
  const lit = over ?? focused;
  const lighting: Lighting = (one) => ({
    onMouseEnter: () => setOver(one),
    onMouseLeave: () => setOver(undefined),
    onFocusIn: () => setFocused(one),
    onFocusOut: () => setFocused(undefined),
  });
  const { source, sentences, coverage } = found;
  const sides = useSides({ source: [source.slug] });
  const language = useSource(source.slug)?.language ?? undefined;
  const [from = -1, until = -1] = at?.split(",").map(Number) ?? [];
  useEffect(() => {
    // Who comes back is where they were; who follows a receipt is where its words are.
    if (!leftAt()) document.querySelector("mark.asked")?.scrollIntoView({ block: "center" });
  }, [at]);
  return (
    <article class="source">
      <p class="kind">
        <a href={to("/sources")}>Source</a>
      </p>
      <h1 dir="auto" lang={source.title ? language : undefined}>
        {called(source)}
      </h1>
      <p class="lead">
        {source.title && <bdi>{source.publisher}</bdi>}
        {source.title && source.publisher && source.published && ", "}
        {source.published && inWords(source.published)}
      </p>
      {sentences.length ? <Coverage coverage={coverage} sentences={sentences} /> : <Stated slug={source.slug} />}
      <ol class="sentences">
        {sentences.map((one) => (
          <li key={one.start} class={`sentence ${one.start < until && from < one.end ? "asked" : ""} ${one.facts.length ? "" : "silent"}`}>
            <p dir="auto" lang={language}>
              <Passages sentence={one} source={source.url} asked={[from, until]} lit={lit} lighting={lighting} />
            </p>
            {!one.facts.length && <p class="says">nothing is taken from this</p>}
            {one.facts.length > 0 && (
              <div class="says">
                {bySubject(one.facts).map(([subject, facts]) => (
                  <section key={subject.url}>
                    <a href={to(subject.url)}>{subject.label}</a>
                    <ul>
                      {facts.map((fact) => (
                        <li key={fact.id} class={lit?.facts.includes(fact.id) ? "lit" : ""} {...lighting({ facts: [fact.id], by: "fact" })}>
                          <Said fact={fact} source={source.url} isDisputed={sides?.has(fact.id)} />
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

/** A link between a passage and a fact of its sentence: it brings the focus to the other, and its address is that of the passage. */
function Across({ source, at, to: other, ...rest }: { source: string; at: [number, number]; to: string; children: ComponentChildren } & Record<`data-${string}`, string>) {
  const cross = (event: TargetedMouseEvent<HTMLAnchorElement>) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    event.currentTarget.closest(".sentence")?.querySelector<HTMLElement>(other)?.focus();
  };
  return <a class="across" href={to(source, { at: at.join() })} onClick={cross} {...rest} />;
}

function useSource(slug: string) {
  return useAsked<Schemas["SourceDocument"]>(`/sources/${slug}`, (signal) => api.GET("/sources/{slug}", { params: { path: { slug } }, signal })).data;
}

/** What a source without sentences states, such as a data set: its facts, as many as are asked for. */
function Stated({ slug }: { slug: string }) {
  const source = useSource(slug);
  const listed = usePages<Fact, Schemas["FactPage"]>(`/facts?source=${slug}`, (place, signal) =>
    api.GET("/facts", { params: { query: { source: [slug], ...place } }, signal }),
  );
  return (
    <>
      {source && (
        <p class="kind" role="status">
          A {source.kind === "dataset" ? "data set" : "source"} of {counted(source.fact_count, "fact")} without running text.
        </p>
      )}
      <Listing listed={listed}>
        {(fact) => (
          <li key={fact.id}>
            <a href={to(fact.subject.url)}>{fact.subject.label}</a>: {named(fact.property)}
            <Facts facts={[fact]} record={fact.subject.url} />
          </li>
        )}
      </Listing>
    </>
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
        {silent ? `${counted(silent, "sentence")} of ${coverage.sentences} gave nothing.` : `All ${counted(coverage.sentences, "sentence")} gave something.`}{" "}
        Each passage leads to what it says, and each fact to its passage.
      </p>
      <div class="coverage" aria-hidden="true">
        {sentences.map((one) => (
          <i key={one.start} class={one.facts.length ? "" : "silent"} style={{ flexGrow: one.end - one.start }} />
        ))}
      </div>
    </>
  );
}

function Said({ fact, source, isDisputed }: { fact: SentenceFact; source: string; isDisputed: boolean | undefined }) {
  const how = sense({ ...fact, attributed_to: null });
  return (
    <>
      <Across source={source} at={[fact.start, fact.end]} to={`[data-supports~="${fact.id}"]`} data-fact={fact.id}>
        {named(fact.property)}
      </Across>{" "}
      <Value fact={fact} record={fact.subject.url} />
      {how && " "}
      {how && <span class={`mark-of ${how.mark}`}>{how.told}</span>}
      {isDisputed && " "}
      {isDisputed && <Disputed subject={fact.subject} />}
    </>
  );
}

/** The facts of a sentence by what they are about, in the order in which the sentence comes to that. */
function bySubject(facts: SentenceFact[]): [Ref, SentenceFact[]][] {
  const found = new Map<string, [Ref, SentenceFact[]]>();
  for (const fact of facts) {
    const group = found.get(fact.subject.url) ?? [fact.subject, []];
    found.set(fact.subject.url, group);
    group[1].push(fact);
  }
  return [...found.values()];
}

interface PassagesProps {
  sentence: Sentence;
  source: string;
  asked: [number, number];
  lit: Lit | undefined;
  lighting: Lighting;
}

function Passages({ sentence, source, asked: [from, until], lit, lighting }: PassagesProps) {
  return (
    <>
      {piecesOf(sentence, [from, until]).map(({ text, at, facts }) => {
        const isAsked = at[0] < until && from < at[1];
        if (!facts.length) return isAsked ? <mark class="asked">{text}</mark> : text;
        const isLit = lit?.by === "fact" && facts.some((one) => lit.facts.includes(one));
        return (
          <mark key={at[0]} class={`${isLit ? "lit" : ""} ${isAsked ? "asked" : ""}`} {...lighting({ facts, by: "passage" })}>
            {/\p{L}|\p{N}/u.test(text) ? (
              <Across source={source} at={at} to={`[data-fact="${facts[0]}"]`} data-supports={facts.join(" ")}>
                {text}
              </Across>
            ) : (
              text
            )}
          </mark>
        );
      })}
    </>
  );
}

interface Piece {
  text: string;
  at: [number, number];
  facts: string[];
}

/** The sentence cut where passages begin and end, so that each piece knows which facts it supports. */
export function piecesOf(sentence: Pick<Sentence, "start" | "end" | "text" | "facts">, asked: [number, number] = [-1, -1]): Piece[] {
  const text = [...sentence.text];
  const ends = [...sentence.facts.flatMap(({ start, end }) => [start, end]), ...asked];
  const inside = ends.filter((one) => sentence.start < one && one < sentence.start + text.length);
  const cuts = [...new Set([sentence.start, ...inside, sentence.start + text.length])].sort((one, other) => one - other);
  return cuts.slice(1).map((until, number) => {
    const from = cuts[number]!;
    const facts = sentence.facts.filter((one) => one.start <= from && one.end >= until);
    return { text: text.slice(from - sentence.start, until - sentence.start).join(""), at: [from, until], facts: facts.map((one) => one.id) };
  });
}
