/** What of an address narrows a list: told in words, each with a way to take it away, and why one of them cannot be. */

import { api, isPlural, KINDS, type Plural, type Problem } from "../api/client";
import { useAsked } from "../api/use";
import { inWords, isDate, isDated } from "../dates";
import { stay, to } from "../router";
import { called, capital, named, own } from "../words";

/** What the API may be asked that narrows nothing; the order is chosen elsewhere, and the rest is for programs. */
const ELSE = ["ordering", "facet", "fields", "include", "evidence", "format", "limit", "offset", "cursor"];
const HOW: Record<string, string> = { in: "one of", not: "not", contains: "has", gte: "from", gt: "after", lte: "until", lt: "before" };

/** Besides the properties that are dates, what else is narrowed by one. */
const WHEN = ["from", "to", "updated_at"];
const isWhen = (field: string) => isDated(field) || WHEN.includes(field);

export interface Filter {
  name: string;
  value: string;
}

/** The filters of an address, in their order. */
export function filtersOf(query: URLSearchParams): Filter[] {
  return [...query].map(([name, value]) => ({ name, value })).filter(({ name, value }) => value && !ELSE.includes(name));
}

/** What to ask of the API: the filters, and the order where there is one, each with all of its values. */
export function askedOf(query: URLSearchParams): Record<string, string[]> {
  const names = new Set([...filtersOf(query).map((one) => one.name), ...(query.get("ordering") ? ["ordering"] : [])]);
  return Object.fromEntries([...names].map((name) => [name, query.getAll(name).filter(Boolean)]));
}

/** The link to a page with other filters. */
export function narrowed(path: string, query: URLSearchParams, change: (query: URLSearchParams) => void): string {
  const changed = new URLSearchParams([...query].filter(([, value]) => value));
  change(changed);
  return to(changed.size ? `${path}?${changed}` : path);
}

interface Narrowed {
  path: string;
  query: URLSearchParams;
}

interface Chosen extends Narrowed {
  /** Those that the page tells elsewhere. */
  leave?: string[];
  /** What people call a value, where the page knows it. */
  label?: (name: string, value: string) => string | undefined;
}

export function Chips({ path, query, leave = [], label }: Chosen) {
  const filters = filtersOf(query).filter(({ name }) => !leave.includes(name));
  if (!filters.length) return null;
  return (
    <ul class="chips" aria-label="Filters">
      {filters.map(({ name, value }) => (
        <li key={`${name} ${value}`}>
          <Chip name={name} value={value} label={label?.(name, value)} link={narrowed(path, query, (changed) => changed.delete(name, value))} />
        </li>
      ))}
      {filters.length > 1 && (
        <li>
          <a href={narrowed(path, query, (changed) => filters.forEach(({ name }) => changed.delete(name)))} onClick={stay}>
            Take all away
          </a>
        </li>
      )}
    </ul>
  );
}

function Chip({ name, value, link, label }: Filter & { link: string; label: string | undefined }) {
  const asked = useAsked(`label of ${name} ${value}`, async (signal) => ({ data: await labelOf(name, value, signal), response: Response.error() }));
  const told = inSentence(name, label || asked.data || value);
  return (
    <a class="chip" href={link} aria-label={`${told}, take away`} onClick={stay}>
      {told} <span aria-hidden="true">×</span>
    </a>
  );
}

/** A filter as one says it: `release_date__gte=2020` is "Release date: from 2020". */
export function inSentence(name: string, value: string): string {
  const [field = "", how = ""] = name.split("__");
  const told = isWhen(field) && isDate(value) ? inWords(value) : value;
  if (field === "q") return `With “${value}”`;
  if (field === "certain") return value === "true" ? "Certain dates only" : "Uncertain dates too";
  if (how === "isnull") return `${capital(named(field))}: ${value === "true" ? "unknown" : "known"}`;
  return `${capital(named(field))}: ${own(HOW, how) ? `${HOW[how]} ` : ""}${told}`;
}

/** What people call a record or an article that the API filters by; nothing where it is neither. */
async function labelOf(name: string, value: string, signal: AbortSignal): Promise<string> {
  const field = name.split("__")[0]!;
  const [, kind, slug] = /^(?:([a-z]+)\/)?([a-z0-9]+(?:-[a-z0-9]+)*)$/.exec(value) ?? [];
  if (!slug || name.includes("__isnull") || ["q", "certain", "slug", "kind"].includes(field) || isWhen(field) || Number(value)) return "";
  if (field === "source") {
    const { data } = await api.GET("/sources/{slug}", { params: { path: { slug } }, signal });
    return data ? `${called(data)}${!data.title && data.published ? `, ${inWords(data.published)}` : ""}` : "";
  }
  const plurals = Object.keys(KINDS) as Plural[];
  const range = kind ? [kind] : isPlural(field) ? [KINDS[field]] : (await api.GET("/properties/{name}", { params: { path: { name: field as never } }, signal })).data?.range;
  for (const plural of plurals.filter((one) => range?.includes(KINDS[one] as never))) {
    const { data } = await api.GET(`/${plural}/{slug}` as "/films/{slug}", { params: { path: { slug } }, signal });
    if (data) return data.label;
  }
  return "";
}

/** Whether the server understood all but some of the filters, or knows nothing of what they name. */
export function isRefusal(problem: Partial<Problem> | undefined): problem is Problem {
  return (problem?.status === 422 || problem?.status === 404) && !!problem.errors?.some((one) => one.parameter);
}

/** Which of the filters the server refused. */
export function refusedOf(problem: Problem, query: URLSearchParams): Filter[] {
  return problem.errors.flatMap(({ parameter, detail }) => {
    const values = query.getAll(parameter ?? "").map((value) => ({ name: parameter!, value }));
    const meant = values.filter(({ name, value }) => detail.startsWith(`${name}=${value}:`));
    return meant.length ? meant : values;
  });
}

/** Why a list cannot be shown as it was asked for, and the way to it without what is wrong. */
export function Refused({ problem, path, query }: Narrowed & { problem: Problem }) {
  const refused = refusedOf(problem, query);
  const without = narrowed(path, query, (changed) => refused.forEach(({ name, value }) => changed.delete(name, value)));
  // Filters that contradict each other are told once.
  const details = new Map(problem.errors.map((one) => [one.detail, problem.errors.filter(({ detail }) => detail === one.detail)]));
  return (
    <section class="failure" role="alert">
      <h2>This cannot be asked</h2>
      {[...details].map(([detail, [one, ...others]]) => (
        <p key={detail}>
          {others.length ? togetherOf([one!, ...others].map(({ parameter }) => inSentence(parameter ?? "", query.get(parameter ?? "") ?? ""))) : wrongWith(one!, query)}
          {one!.did_you_mean && one!.parameter && (
            <>
              {" "}
              Did you mean{" "}
              <a
                href={narrowed(path, query, (changed) => {
                  refusedOf({ ...problem, errors: [one!] }, query).forEach(({ name, value }) => changed.delete(name, value));
                  if (one!.code === "unknown_parameter") query.getAll(one!.parameter!).forEach((value) => changed.append(one!.did_you_mean!, value));
                  else changed.append(one!.parameter!, one!.did_you_mean!);
                })}
                onClick={stay}
              >
                {named(one!.did_you_mean)}
              </a>
              ?
            </>
          )}
        </p>
      ))}
      <p>
        <a href={without} onClick={stay}>
          Go on without {refused.length > 1 ? "them" : "it"}
        </a>
      </p>
    </section>
  );
}

function togetherOf(told: string[]): string {
  return `${told.map((one) => `“${one}”`).join(" and ")} leave nothing between them.`;
}

function wrongWith({ parameter, code, detail, allowed }: Problem["errors"][number], query: URLSearchParams): string {
  const name = parameter ?? "";
  if (code === "unknown_parameter") return `There is no filter called “${name}” here.`;
  const value = query.getAll(name).find((one) => detail.startsWith(`${name}=${one}:`)) ?? query.get(name) ?? "";
  const why = (detail.startsWith(`${name}=${value}: `) ? detail.slice(name.length + value.length + 3) : detail).replace(/\. (?:Did you mean|See \/).*/, ".");
  const field = name === "ordering" ? "the order" : named(name.split("__")[0]!);
  return `“${value}” will not do for ${field}${allowed ? "." : `: ${why.replace(/film or .* or character/, "record").replace(/\.?$/, ".")}`}`;
}
