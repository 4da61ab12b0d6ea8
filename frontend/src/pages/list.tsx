/** All records of a kind, narrowed by what is chosen in the margin; what is chosen stands in the address. */

import { useRef } from "preact/hooks";

import { api, KINDS, type Plural, type Schemas } from "../api/client";
import { usePages } from "../api/pages";
import { useAsked } from "../api/use";
import { inWords, isDated } from "../dates";
import { askedOf, Chips, type Filter, filtersOf, isRefusal, narrowed, Refused, refusedOf } from "../parts/filters";
import { Folded } from "../parts/folded";
import { Items } from "../parts/listing";
import { Shown } from "../parts/states";
import { between, Years } from "../parts/years";
import { go, to } from "../router";
import { capital, counted, named, own } from "../words";

type Page = Schemas["FilmPage"];
type Listed = Page["results"][number];

interface Way {
  /** What the margin counts, by the name that the API filters by. */
  facets: string[];
  /** The date to narrow it by. */
  date?: string;
  /** The orders to choose from: what they are called, by what the API calls them. */
  orders: Record<string, string>;
  /** The keys of which the first that is known is told beside the label. */
  told: string[];
}
const BY_NAME = { label: "by name", "-source_count": "most sources first" };
const WAYS: Record<Plural, Way> = {
  films: { facets: ["genre", "film_type", "production_status"], date: "release_date", orders: { ...BY_NAME, release_date: "earliest first", "-release_date": "latest first" }, told: ["release_date", "filming_date", "point_in_time"] },
  people: { facets: ["occupation", "nationality"], date: "birth_date", orders: { ...BY_NAME, birth_date: "oldest first" }, told: ["description"] },
  organisations: { facets: ["organisation_type", "country"], orders: BY_NAME, told: ["organisation_type", "description"] },
  events: { facets: ["status", "event_type"], date: "date", orders: { ...BY_NAME, date: "earliest first", "-date": "latest first" }, told: ["date"] },
  places: { facets: ["place_type"], orders: BY_NAME, told: ["place_type", "description"] },
  characters: { facets: ["occupation"], orders: BY_NAME, told: ["occupation", "description"] },
};

export function ListPage({ plural, query }: { plural: Plural; query: URLSearchParams }) {
  const way = WAYS[plural];
  const path = `/${plural}`;
  const listed = usePages<Listed, Page>(`${path}?${query}`, (place, signal) =>
    // The six kinds are asked alike; what the address may hold is for the server to judge.
    api.GET(path as "/films", {
      params: { query: { ...askedOf(query), ...place, facet: way.facets as never } },
      signal,
    }),
  );
  const { asked } = listed;
  // What could be chosen before stays while the answer is awaited.
  const kept = useRef<Page["facets"]>(null);
  kept.current = asked.data?.facets ?? kept.current;
  const refused = asked.state === "failed" && isRefusal(asked.problem) ? asked.problem : undefined;
  const margin = { plural, way, query, facets: kept.current ?? {} };
  return (
    <>
      <h1>{capital(plural)}</h1>
      <div class="with-margin">
        {refused && !kept.current ? <MarginWithout {...margin} refused={refusedOf(refused, query)} /> : <Margin {...margin} />}
        <section aria-label="Results" tabIndex={-1}>
          <Chips path={path} query={query} label={(name, value) => own(kept.current ?? {}, name)?.results.find((one) => one.value === value)?.label} />
          {refused ? (
            <Refused problem={refused} path={path} query={query} />
          ) : (
            <Shown asked={asked}>
              {(page) => (
                <>
                  <p class="kind" role="status">
                    {counted(page.count, KINDS[plural], plural)}
                  </p>
                  <Items listed={listed}>
                    {(one) => (
                      <li key={one.slug}>
                        <a href={to(one.url)}>{one.label}</a> <Aside record={one} keys={way.told} />
                      </li>
                    )}
                  </Items>
                </>
              )}
            </Shown>
          )}
        </section>
      </div>
    </>
  );
}

/** What is told of a film where nobody says when it came out, as one says it. */
const OTHERWISE: Record<string, string> = { filming_date: "filmed ", point_in_time: "dated " };

function Aside({ record, keys }: { record: Listed; keys: string[] }) {
  const values = record as unknown as Record<string, unknown>;
  const key = keys.find((one) => typeof values[one] === "string");
  const value = key ? String(values[key]) : "";
  return (
    <small>
      {key && OTHERWISE[key]}
      {key && isDated(key) ? inWords(value) : value}
      {key && record.planned.includes(key) && ", planned"}
      {key && record.disputed.includes(key) && ", disputed"}
    </small>
  );
}

interface Choosing {
  plural: Plural;
  way: Way;
  query: URLSearchParams;
  facets: Record<string, Schemas["Facet"]>;
}

/** What there is to choose where some of what was chosen cannot be. */
function MarginWithout({ refused, ...margin }: Choosing & { refused: Filter[] }) {
  const path = `/${margin.plural}`;
  const good = new URLSearchParams(margin.query);
  refused.forEach(({ name, value }) => good.delete(name, value));
  const asked = useAsked<Page>(`${path}?${good}&margin`, (signal) =>
    api.GET(path as "/films", { params: { query: { ...askedOf(good), facet: margin.way.facets as never, limit: 1 } }, signal }),
  );
  return <Margin {...margin} facets={asked.data?.facets ?? {}} />;
}

function Margin({ plural, way, query, facets }: Choosing) {
  const link = (change: (query: URLSearchParams) => void) => narrowed(`/${plural}`, query, change);
  const chosen = filtersOf(query).length;
  const ends: [string, string] = [`${way.date}__gte`, `${way.date}__lte`];
  return (
    <aside class="margin" aria-label="Narrow the list">
      <Folded summary={`Order and filters${chosen ? `, ${chosen} chosen` : ""}`}>
        <nav aria-label="Order">
          <h2>Order</h2>
          <ul>
            {Object.entries(way.orders).map(([order, told]) => (
              <li key={order}>
                <a href={link((changed) => changed.set("ordering", order))} aria-current={(query.get("ordering") || "label") === order ? "true" : undefined}>
                  {told}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        {way.date && (
          <section>
            <h2>{capital(named(way.date))}</h2>
            <Years from={query.get(ends[0])} until={query.get(ends[1])} show={(...values) => go(link((changed) => between(changed, ends, values)))} />
          </section>
        )}
        {way.facets.filter((name) => facets[name]?.results.length).map((name) => (
          <nav key={name} aria-label={named(name)}>
            <h2>{capital(named(name))}</h2>
            <ul>
              {facets[name]?.results.map(({ value, label, count }) => {
                const isChosen = query.has(name, value);
                return (
                  <li key={value}>
                    <a href={link((changed) => (isChosen ? changed.delete(name, value) : changed.append(name, value)))} aria-current={isChosen ? "true" : undefined}>
                      {label}
                      {isChosen && <span aria-hidden="true"> ×</span>}
                    </a>{" "}
                    <small>{count.toLocaleString("en")}</small>
                  </li>
                );
              })}
            </ul>
          </nav>
        ))}
      </Folded>
    </aside>
  );
}
