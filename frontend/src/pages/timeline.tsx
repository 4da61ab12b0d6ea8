/** All dates in one order: what is only roughly known is drawn as long as it may have been, and plans are hollow. */

import { scaleUtc } from "d3-scale";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

import { api, type Schemas } from "../api/client";
import { type Listed, usePages } from "../api/pages";
import { dayOf, spelled, yearOf, yearTold } from "../dates";
import { Disputed } from "../parts/facts";
import { askedOf, Chips, isRefusal, narrowed, Refused } from "../parts/filters";
import { Empty, More } from "../parts/listing";
import { Shown } from "../parts/states";
import { between, Years } from "../parts/years";
import { go, stay, to } from "../router";
import { counted, named, sense } from "../words";

export { default as style } from "./timeline.css?inline";

type Entry = Schemas["TimelineEntry"];
type Span = [Date, Date];

const DAY = 24 * 60 * 60 * 1000;

export function TimelinePage({ query }: { query: URLSearchParams }) {
  const listed = usePages<Entry, Schemas["TimelinePage"]>(`/timeline?${query}`, (place, signal) =>
    api.GET("/timeline", { params: { query: { limit: 100, ...askedOf(query), ...place } }, signal }),
  );
  const { asked } = listed;
  return (
    <>
      <h1>Timeline</h1>
      <Years from={query.get("from")} until={query.get("to")} show={(...values) => go(narrowed("/timeline", query, (changed) => between(changed, ["from", "to"], values)))} />
      <Chips path="/timeline" query={query} />
      {asked.state === "failed" && isRefusal(asked.problem) ? <Refused problem={asked.problem} path="/timeline" query={query} /> : <Dates listed={listed} query={query} />}
    </>
  );
}

function Dates({ listed, query }: { listed: Listed<Schemas["TimelinePage"], Entry>; query: URLSearchParams }) {
  return (
    <Shown asked={listed.asked}>
      {(page) => (
        <>
          <p class="kind" role="status">
            {counted(page.count, "date")}. A bar is as long as its date is uncertain, and a thin one as long as it went on.
            {LEGEND.map(([told, mark]) => (
              <span class="legend" key={told}>
                <svg aria-hidden="true">{mark}</svg> {told}
              </span>
            ))}
          </p>
          {page.next && <Overview key={`${query}`} query={query} first={page.results[0]!} />}
          {listed.results.length ? <Entries entries={listed.results} query={query} /> : <Empty />}
          <More listed={listed} />
        </>
      )}
    </Shown>
  );
}

/** How many dates there are in each stretch of time, from the first to the last: more than can be listed at once. */
function Overview({ query, first }: { query: URLSearchParams; first: Entry }) {
  const [counts, setCounts] = useState<[Stretch, number][]>([]);
  useEffect(() => {
    const leaving = new AbortController();
    const ask = async (more: Record<string, string>) =>
      (await api.GET("/timeline", { params: { query: { ...askedOf(query), ...more, limit: 1 } }, signal: leaving.signal })).data;
    const askAll = async () => {
      const isBackwards = query.get("ordering") === "-date";
      const other = (await ask({ ordering: isBackwards ? "date" : "-date" }))?.results[0];
      if (!other) return;
      // One after the other, so that nobody else waits for them; the server remembers what it counted.
      for (const one of isBackwards ? stretches(query, other, first) : stretches(query, first, other)) {
        const found = await ask({ from: one.from, to: one.to });
        if (found) setCounts((before) => [...before, [one, found.count]]);
      }
    };
    askAll().catch(() => undefined);
    return () => leaving.abort();
  }, []);
  const most = Math.max(...counts.map(([, count]) => count));
  return (
    <nav aria-label="Stretches of time">
      <ol class="stretches">
        {counts.map(([{ from, to, label }, count]) => (
          <li key={from}>
            <a href={narrowed("/timeline", query, (changed) => between(changed, ["from", "to"], [from, to]))} onClick={stay}>
              {label} <i style={{ "--part": count / most }} /> <small>{count.toLocaleString("en")}</small>
            </a>
          </li>
        ))}
      </ol>
    </nav>
  );
}

interface Stretch {
  from: string;
  to: string;
  label: string;
}

const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];
// More would not be seen at once.
const MOST_STRETCHES = 20;

/** The years from the first date to the last, or as far as they are asked for, in stretches alike. */
export function stretches(query: URLSearchParams, first: Pick<Entry, "earliest" | "latest">, last: Pick<Entry, "earliest" | "latest">): Stretch[] {
  const [asked, until] = [query.get("from"), query.get("to")];
  const begin = Math.max(yearOf(asked) ?? -9999, yearOf(first.earliest ?? first.latest) ?? -9999);
  const end = Math.min(yearOf(until) ?? 9999, yearOf(last.latest ?? last.earliest) ?? 9999);
  const step = STEPS.find((one) => end - begin < one * MOST_STRETCHES) ?? 1000;
  const told: Stretch[] = [];
  for (let from = Math.floor(begin / step) * step; from <= end; from += step) {
    const to = from + step - 1;
    // What the address says more finely than by years stays as it is.
    const ends = { from: from <= begin && asked ? asked : yearTold(from), to: to >= end && until ? until : yearTold(to) };
    const isWhole = ends.from === yearTold(from) && ends.to === yearTold(to);
    told.push({ ...ends, label: labelOf(ends, isWhole && from >= 0 && (step === 10 || step === 100)) });
  }
  return told.length > 1 ? told : [];
}

/** What a stretch is called: the 1910s, 1905–09, or -0050–-0001. */
function labelOf({ from, to }: Pick<Stretch, "from" | "to">, isRound: boolean): string {
  const [low = "", high = ""] = [from, to].map((one) => /^-?\d{4}/.exec(one)?.[0]);
  if (low === high) return low;
  if (isRound) return `${low}s`;
  return `${low}–${/^\d/.test(low) && low.slice(0, 2) === high.slice(0, 2) ? high.slice(2) : high}`;
}

// So many dates are drawn at once, when they come near: thousands would take long whenever one more of them comes.
const STACK = 100;

function Entries({ entries, query }: { entries: Entry[]; query: URLSearchParams }) {
  const spans = entries.map(spanOf);
  const scale = scaleOf(spans, query);
  const stacks = Array.from({ length: Math.ceil(entries.length / STACK) }, (_, number) => entries.slice(STACK * number, STACK * (number + 1)));
  return (
    <>
      <Axis scale={scale} />
      {stacks.map((stack, number) => (
        <ol class="timeline" key={number}>
          {stack.map((one, place) => (
            <li key={`${one.fact_url} ${one.property} ${one.record.url}`}>
              <span class="when">{spelled(one.label)}</span>
              <Dated entry={one} />
              <Bar entry={one} span={spans[STACK * number + place]!} scale={scale} />
            </li>
          ))}
        </ol>
      ))}
    </>
  );
}

/** From the year that is asked for until that which is, or as far as there are dates. */
export function scaleOf(spans: Span[], query: URLSearchParams): Scale {
  const ends = spans.flat().map(Number);
  const [from, until] = [query.get("from"), query.get("to")].map(yearOf);
  // Not by Date.UTC, to which the year 44 is 1944.
  const beginOf = (year: number) => new Date(0).setUTCFullYear(year, 0, 1);
  const begin = from === undefined ? Math.min(...ends) : beginOf(from);
  const end = until === undefined ? Math.max(...ends) : beginOf(until + 1);
  const scale = scaleUtc([new Date(begin), new Date(Math.max(begin + DAY, end))], [0, 100]).clamp(true);
  return query.has("from") || query.has("to") ? scale : scale.nice();
}

/** What is dated, as the other pages call it, with its marks. */
function Dated({ entry }: { entry: Entry }) {
  const { modality, property, record, title } = entry;
  const how = sense({ modality, attributed_to: null });
  return (
    <span>
      <a href={to(record.url)}>{title.replace(`: ${property.replaceAll("_", " ")}`, `: ${named(property)}`)}</a>{" "}
      {how && <span class={`mark-of ${how.mark}`}>{how.told}</span>} {entry.disputed && entry.standing !== "agrees" && <Disputed subject={record} />}
    </span>
  );
}

// Between two labels of the axis, in pixels.
const APART = 12;

type Scale = ReturnType<typeof scaleUtc<number>>;

function Axis({ scale }: { scale: Scale }) {
  const axis = useRef<SVGSVGElement>(null);
  useLayoutEffect(() => {
    const watching = new ResizeObserver(() => thin(axis.current!));
    watching.observe(axis.current!);
    thin(axis.current!);
    return () => watching.disconnect();
  });
  return (
    <svg class="axis" aria-hidden="true" ref={axis}>
      {scale.ticks(8).map((tick) => (
        <g key={Number(tick)}>
          <line x1={`${scale(tick)}%`} x2={`${scale(tick)}%`} y1="20" y2="26" />
          <text x={`${scale(tick)}%`} y="15">
            {scale.tickFormat()(tick)}
          </text>
        </g>
      ))}
    </svg>
  );
}

/** Leaves out labels for which there is no room: every second one, or as many as it takes. */
function thin(axis: SVGSVGElement): void {
  const labels = [...axis.querySelectorAll("text")];
  const boxes = labels.map((one) => one.getBoundingClientRect());
  const isClear = (step: number) => boxes.every((box, number) => number < step || number % step || box.left > boxes[number - step]!.right + APART);
  let step = 1;
  while (!isClear(step)) step += 1;
  labels.forEach((one, number) => (one.style.visibility = number % step ? "hidden" : ""));
}

const HOLLOW = "M0 -6 6 0 0 6 -6 0Z";
// A bar that is shorter, in hundredths of the axis, would not be seen to be hollow.
const SHORT = 2;

const LEGEND = [
  ["happened", <rect x="2" y="3" width="16" height="10" rx="3" />],
  ["went on", <rect class="lasting" x="2" y="6" width="16" height="4" rx="2" />],
  ["planned", <rect class="planned" x="2" y="3" width="16" height="10" rx="3" />],
  ["planned for a short time", <path class="planned" d={HOLLOW} transform="translate(10 8)" />],
] as const;

function Bar({ entry, span, scale }: { entry: Entry; span: Span; scale: Scale }) {
  const [from, until] = span.map((one) => scale(one)) as [number, number];
  const isLasting = entry.precision === "interval";
  const names = [entry.planned ? "planned" : "", entry.approximate || entry.uncertain ? "doubtful" : "", isLasting ? "lasting" : ""].join(" ");
  return (
    <svg aria-hidden="true">
      {entry.planned && until - from < SHORT ? (
        <svg class="mark" x={`${(from + until) / 2}%`}>
          <path class={names} d={HOLLOW} transform="translate(0 8)" />
        </svg>
      ) : (
        <rect class={names} x={`${from}%`} y={isLasting ? 6 : 3} height={isLasting ? 4 : 10} rx={isLasting ? 2 : 3} width={`${until - from}%`} />
      )}
    </svg>
  );
}

/** From when until when it may have been. */
export function spanOf({ earliest, latest }: Pick<Entry, "earliest" | "latest">): Span {
  const from = earliest ? dayOf(earliest) : undefined;
  const until = latest ? new Date(Number(dayOf(latest)) + DAY) : undefined;
  return [from ?? until ?? new Date(0), until ?? from ?? new Date(0)];
}
