/** All dates in one order: what is only roughly known is drawn as long as it may have been, and plans are hollow. */

import { scaleUtc } from "d3-scale";

import { api, type Schemas } from "../api/client";
import { type Listed, usePages } from "../api/pages";
import { spelled } from "../dates";
import { Disputed } from "../parts/facts";
import { askedOf, Chips, isRefusal, narrowed, Refused } from "../parts/filters";
import { Empty, More } from "../parts/listing";
import { Shown } from "../parts/states";
import { between, Years } from "../parts/years";
import { go, to } from "../router";
import { counted, named, sense } from "../words";

type Entry = Schemas["TimelineEntry"];
type Span = [Date, Date];

const DAY = 24 * 60 * 60 * 1000;

export function TimelinePage({ query }: { query: URLSearchParams }) {
  const listed = usePages<Entry, Schemas["TimelinePage"]>(`/timeline?${query}`, (place, signal) =>
    api.GET("/timeline", { params: { query: { limit: 100, ...askedOf(query), ...place } }, ...(signal && { signal }) }),
  );
  const { asked } = listed;
  return (
    <>
      <h1>Timeline</h1>
      <Years from={query.get("from")} until={query.get("to")} show={(...values) => go(narrowed("/timeline", query, (changed) => between(changed, ["from", "to"], values)))} />
      <Chips path="/timeline" query={query} />
      {asked.state === "failed" && isRefusal(asked.problem) ? <Refused problem={asked.problem} path="/timeline" query={query} /> : <Dates listed={listed} />}
    </>
  );
}

function Dates({ listed }: { listed: Listed<Schemas["TimelinePage"], Entry> }) {
  return (
    <Shown asked={listed.asked}>
      {(page) => (
        <>
          <p class="kind" role="status">
            {counted(page.count, "date")}. A bar is as long as its date is uncertain. <span class="legend known">happened</span>{" "}
            <span class="legend">planned</span>
          </p>
          {listed.results.length ? <Entries entries={listed.results} /> : <Empty />}
          <More listed={listed} />
        </>
      )}
    </Shown>
  );
}

function Entries({ entries }: { entries: Entry[] }) {
  const spans = entries.map(spanOf);
  const ends = spans.flat().map(Number);
  const scale = scaleUtc([new Date(Math.min(...ends)), new Date(Math.max(...ends))], [0, 100]).nice();
  return (
    <>
      <Axis scale={scale} />
      <ol class="timeline">
        {entries.map((one, number) => (
          <li key={`${one.fact_url} ${one.property} ${one.record.url}`}>
            <span class="when">{spelled(one.label)}</span>
            <Dated entry={one} />
            <Bar entry={one} span={spans[number]!} scale={scale} />
          </li>
        ))}
      </ol>
    </>
  );
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

type Scale = ReturnType<typeof scaleUtc<number>>;

function Axis({ scale }: { scale: Scale }) {
  return (
    <svg class="axis" aria-hidden="true">
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

function Bar({ entry, span, scale }: { entry: Entry; span: Span; scale: Scale }) {
  const [from, until] = span.map((one) => scale(one)) as [number, number];
  const names = [entry.planned ? "planned" : "", entry.approximate || entry.uncertain ? "doubtful" : ""];
  return (
    <svg aria-hidden="true">
      <rect class={names.join(" ")} x={`${from}%`} y="3" width={`${until - from}%`} height="10" rx="3" />
    </svg>
  );
}

/** From when until when it may have been. */
export function spanOf({ earliest, latest }: Pick<Entry, "earliest" | "latest">): Span {
  const from = earliest ? new Date(earliest) : undefined;
  const until = latest ? new Date(Number(new Date(latest)) + DAY) : undefined;
  return [from ?? until ?? new Date(0), until ?? from ?? new Date(0)];
}
