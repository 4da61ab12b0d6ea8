/** The facts under one key of a record: its values, each with its marks, and one click from its sentences. */

import { useId, useState } from "preact/hooks";

import type { Evidence, Fact, Ref } from "../api/client";
import { inWords, isDated } from "../dates";
import { isKeptOpen, keepOpen, to } from "../router";
import { counted, measured, named, sense } from "../words";
import { Receipt } from "./receipt";

interface FactsProps {
  facts: Fact[];
  record: string;
  isDisputed?: (fact: Fact) => boolean;
  /** Whose plan it was that the first of them turned out otherwise than. */
  slipped?: Ref | undefined;
}

export function Facts({ facts, record, isDisputed, slipped }: FactsProps) {
  return (
    <ul class="facts">
      {facts.map((fact, at) => (
        <FactRow
          key={fact.id}
          fact={fact}
          record={record}
          isDisputed={isDisputed?.(fact)}
          isDenied={facts.some((one) => denies(one, fact))}
          slipped={at ? undefined : slipped}
        />
      ))}
    </ul>
  );
}

/** Whether one fact says that another is not so. */
export function denies(one: Fact, other: Fact): boolean {
  const said = ({ subject, property, value, qualifiers }: Fact) => JSON.stringify([subject.url, property, value, qualifiers]);
  return one.modality === "negated" && other.modality !== "negated" && said(one) === said(other);
}

interface RowProps {
  fact: Fact;
  record: string;
  isDisputed: boolean | undefined;
  isDenied: boolean;
  slipped: Ref | undefined;
}

function FactRow({ fact, record, isDisputed, isDenied, slipped }: RowProps) {
  const [isOpen, setOpen] = useState(() => isKeptOpen(fact.id));
  const id = useId();
  const how = sense(fact);
  const held = fact.subject.url === record ? fact.subject : isRef(fact.value) ? fact.value : fact.subject;
  return (
    <li class={`fact ${how?.mark ?? ""}`}>
      <div class="said">
        <span class="value" id={`${id}v`}>
          <Value fact={fact} record={record} />
        </span>
        {how && <span class={`mark-of ${how.mark}`}>{how.told}</span>}
        {slipped && <Slipped subject={slipped} />}
        {isDisputed && <Disputed subject={held} />}
        {isDenied && <span class="mark-of disputed">also denied</span>}
        <button
          type="button"
          class="why"
          id={`${id}b`}
          aria-labelledby={`${id}b ${id}v`}
          aria-expanded={isOpen}
          aria-controls={id}
          onClick={() => {
            setOpen(!isOpen);
            keepOpen(fact.id, !isOpen);
          }}
        >
          {receipts(fact.evidence)} <span class="unseen">for</span>
        </button>
      </div>
      <div id={id} hidden={!isOpen}>
        {isOpen && <Receipt evidence={fact.evidence} />}
      </div>
    </li>
  );
}

/** How many there are of what says a value: sentences, records of a data set, or notes of who annotated a source. */
export function receipts(evidence: Pick<Evidence, "quote" | "role">[]): string {
  const nouns = new Set(evidence.map((one) => (one.quote ? "sentence" : one.role === "note" ? "note" : "record")));
  return counted(evidence.length, nouns.size === 1 ? [...nouns][0]! : "receipt");
}

/** The mark of what sources disagree on, which leads to all sides. */
export function Disputed({ subject }: { subject: Ref }) {
  return (
    <a class="mark-of disputed" href={to("/disputes", { subject: `${subject.kind}/${subject.slug}` })}>
      disputed
    </a>
  );
}

/** The mark of what went differently than planned, which leads to the plan. */
function Slipped({ subject }: { subject: Ref }) {
  return (
    <a class="mark-of slipped" href={to("/slips", { subject: `${subject.kind}/${subject.slug}` })}>
      differently than planned
    </a>
  );
}

/** What a record is told to have to do with. A character is neither end of the fact that says who plays it in what. */
function otherEnd({ subject, value }: Pick<Fact, "subject" | "value">, record: string): Fact["value"] | Ref {
  return subject.url !== record && isRef(value) && value.url === record ? subject : value;
}

// What a record has to do with what tells of it, where that is not the name of the property.
const TOLD_OF: Record<string, string> = { about: "about it", affiliation: "affiliated", cast: "in the cast" };
// What narrows a value, as one says it: with "crew at launch" or "20 April 2023" after it.
const JOINED: Record<string, string> = { character: " as ", role: ", ", point_in_time: ", " };
const SORTS = { film: "Films", person: "People", organisation: "Organisations", event: "Events", place: "Places", character: "Characters" };

/** Where on the page of a record a fact stands: by what it tells of, and apart from all else while it is only planned. */
export function groupOf(fact: Pick<Fact, "modality" | "subject" | "property" | "value">, record: string): string {
  if (fact.modality === "planned" || fact.modality === "hoped") return PLANNED;
  const other = otherEnd(fact, record);
  if (isRef(other)) return SORTS[other.kind];
  if (typeof other === "string") return isDated(fact.property) ? "Dates" : "About";
  return "Figures";
}
export const PLANNED = "What was planned";
/** The groups in their order, and those that tell of the record alone. */
export const OWN = ["About", "Dates", "Figures"];
export const GROUPS = [...OWN, ...Object.values(SORTS), PLANNED];

/** What a fact says of a record, from the record's side: the other end, and what narrows it. */
export function Value({ fact, record }: { fact: Pick<Fact, "subject" | "property" | "value" | "qualifiers">; record: string }) {
  const other = otherEnd(fact, record);
  const isAside = fact.subject.url !== record && other !== fact.subject;
  const { character, role } = fact.qualifiers;
  const part = other === fact.subject && !character && !role ? (TOLD_OF[fact.property] ?? named(fact.property)) : "";
  const narrowing = Object.entries<unknown>(fact.qualifiers).filter(([, value]) => !isRef(value) || value.url !== record);
  return (
    <>
      {isRef(other) ? <a href={to(other.url)}>{other.label}</a> : <Plain of={fact.property} value={other} />}
      {isAside && (
        <span class="qualifier">
          {" in "}
          <a href={to(fact.subject.url)}>{fact.subject.label}</a>
        </span>
      )}
      {part && <span class="qualifier">, {part}</span>}
      {narrowing.map(([name, value]) => (
        <span class="qualifier" key={name}>
          {JOINED[name] ?? ` ${named(name)} `}
          {value === "true" ? "" : isRef(value) ? <a href={to(value.url)}>{value.label}</a> : <Plain of={name} value={value} />}
        </span>
      ))}
    </>
  );
}

/** A value that is no record, of a property or of what narrows one. */
function Plain({ of, value }: { of: string; value: unknown }) {
  if (typeof value === "string") return isDated(of) ? <>{inWords(value)}</> : <bdi>{value}</bdi>;
  if (typeof value === "object" && value && "amount" in value && "unit" in value) {
    return <>{measured(value as { amount: number; unit: string })}</>;
  }
  return <>{String(value)}</>;
}

function isRef(value: unknown): value is Ref {
  return typeof value === "object" && value !== null && "url" in value && "label" in value;
}
