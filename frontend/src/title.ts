/** What each page is called, and what is told of it to those who do not see it yet: at once by its address, then by what it holds. */

import { useEffect, useLayoutEffect } from "preact/hooks";

import { isPlural, KINDS, type Plural, type Schemas } from "./api/client";
import { inWords } from "./dates";
import { filtersOf, inSentence } from "./parts/filters";
import type { Place } from "./router";
import { called, capital, counted } from "./words";

export interface Told {
  title: string;
  description: string;
}

const HOME: Told = {
  title: "",
  description: "A knowledge base of film and spaceflight in which every value shows the sentence that says it.",
};
const LISTS: Record<Plural, string> = {
  films: "Films, and projects of films",
  people: "Real people",
  organisations: "Companies, agencies and broadcasters",
  events: "What happened or is planned",
  places: "Countries, stations and sites",
  characters: "Those who exist only inside a film",
};
const RECEIPT = "each value with the sentence that says it";

/** Told of a page by its address alone, which does not say what a record is called. */
export function toldOf({ parts, query }: Place): Told {
  const [noun = "", slug] = parts ?? [];
  const kind = isPlural(noun) ? KINDS[noun] : undefined;
  if (slug !== undefined) return HOME;
  const by = narrowing(query);
  const narrowed = by && `: ${by}`;
  if (kind) return { title: capital(noun) + narrowed, description: `${LISTS[noun as Plural]}${narrowed}, ${RECEIPT}.` };
  const q = query.get("q");
  switch (noun) {
    case "search":
      return { title: q ? `Search for ${q}` : "Search", description: `What is found for “${q}”, the best first, with the words that were found.` };
    case "sources":
      return { title: "Sources", description: "The articles and data sets that everything here is taken from." };
    case "disputes":
      return ofDisputes("");
    case "slips":
      return ofSlips("");
    case "changes":
      return { title: "What changed lately", description: "What each revision of the knowledge base did, by whom and why, the newest first." };
    case "path":
      return ofPath("", "");
    case "timeline":
      return { title: `Timeline${narrowed}`, description: `All that has a date${narrowed}, in one order of time: as long as it is uncertain, and hollow while planned.` };
    default:
      return HOME;
  }
}

export function ofRecord(record: { label: string; description?: string | null; source_count: number }, plural: Plural): Told {
  const kind = KINDS[plural];
  const said = `What ${counted(record.source_count, "source")} ${record.source_count === 1 ? "says" : "say"} of ${record.label}`;
  const description = record.description ?? `${said}, ${/^[aeiou]/.test(kind) ? "an" : "a"} ${kind}: ${RECEIPT}.`;
  return { title: `${record.label} (${kind})`, description };
}

export function ofGraph({ label, kind }: { label: string; kind: string }): Told {
  return { title: `Around ${label} (${kind})`, description: `Whom and what ${label} is connected with, as a graph that grows where it is chosen.` };
}

export function ofFacts(label: string, about: string): Told {
  return { title: `Facts of ${label}`, description: `What sources say of ${label}${about && `: ${about}`}, ${RECEIPT}.` };
}

export function ofSource(source: Pick<Schemas["SourceDocument"], "title" | "publisher" | "published" | "slug">): Told {
  const name = called(source);
  const whose = [source.title && source.publisher, source.published && inWords(source.published)].filter(Boolean);
  const all = [name, ...whose].join(", ");
  // A source without a title is called by who published it, and so are all others of theirs.
  return { title: `${source.title ? name : all} (source)`, description: `${all}: every passage that supports something, with what it supports.` };
}

export function ofPath(from: string, to: string): Told {
  const ends = [from || "one", to || "another"] as const;
  return { title: `From ${ends[0]} to ${ends[1]}`, description: `How ${ends[0]} and ${ends[1]} are connected: the shortest chain of facts, ${RECEIPT}.` };
}

export function ofDisputes(subject: string): Told {
  const about = subject && ` about ${subject}`;
  return { title: `Disputes${about}`, description: `Where sources disagree${about}, the sides beside each other, each with its sentences.` };
}

export function ofSlips(subject: string): Told {
  const of = subject && ` of ${subject}`;
  return { title: `Slips${of}`, description: `What went differently than planned${of}: the plan and what happened beside each other, each with its sentences.` };
}

const meta = document.querySelector<HTMLMetaElement>('meta[name="description"]');
let ofPlace = HOME;

function tell({ title, description }: Told): void {
  document.title = title ? `${title} – filmspace` : "filmspace";
  if (meta) meta.content = description;
}

/** Tell of a place at once, before anything of it is there. */
export function usePlaceTold(place: Place): void {
  const told = toldOf(place);
  useLayoutEffect(() => tell((ofPlace = told)), [told.title, told.description]);
}

/** Tell of a page by what it holds as long as that is shown; nothing until it is there. */
export function useTold(told: Told | undefined): void {
  useEffect(() => {
    if (!told) return;
    tell(told);
    return () => tell(ofPlace);
  }, [told?.title, told?.description]);
}

function narrowing(query: URLSearchParams): string {
  const told = filtersOf(query).map(({ name, value }) => {
    if (name === "from" || name === "to") return `${name === "from" ? name : "until"} ${inWords(value)}`;
    const said = name.includes("__") || name === "certain" ? inSentence(name, value).replace(": ", " ") : value;
    return said === value ? (/^[a-z]+(-[a-z0-9]+)+$/.test(value) ? spoken(value) : value) : said.charAt(0).toLowerCase() + said.slice(1);
  });
  return told.join(", ");
}

function spoken(slug: string): string {
  return capital(slug.replaceAll("-", " "));
}
