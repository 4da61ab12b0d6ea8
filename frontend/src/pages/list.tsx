/** All records of a kind, narrowed by what is chosen in the margin; what is chosen stands in the address. */

import { api, KINDS, type Plural, type Schemas } from "../api/client";
import { usePages } from "../api/pages";
import { inWords } from "../dates";
import { Items } from "../parts/listing";
import { Shown } from "../parts/states";
import { to } from "../router";
import { useTitle } from "../title";
import { capital, counted, named } from "../words";

type Page = Schemas["FilmPage"];
type Listed = Page["results"][number];

interface Way {
  /** What the margin counts, by the name that the API filters by. */
  facets: string[];
  /** The orders to choose from: what they are called, by what the API calls them. */
  orders: Record<string, string>;
  /** The keys of which the first that is known is told beside the label. */
  told: string[];
}
const BY_NAME = { label: "by name", "-source_count": "most sources first" };
const WAYS: Record<Plural, Way> = {
  films: { facets: ["genre", "film_type", "production_status"], orders: { ...BY_NAME, release_date: "earliest first", "-release_date": "latest first" }, told: ["release_date", "filming_date", "point_in_time"] },
  people: { facets: ["occupation", "nationality"], orders: { ...BY_NAME, birth_date: "oldest first" }, told: ["description"] },
  organisations: { facets: ["organisation_type", "country"], orders: BY_NAME, told: ["organisation_type", "description"] },
  events: { facets: ["status", "event_type"], orders: { ...BY_NAME, date: "earliest first", "-date": "latest first" }, told: ["date"] },
  places: { facets: ["place_type"], orders: BY_NAME, told: ["place_type", "description"] },
  characters: { facets: ["occupation"], orders: BY_NAME, told: ["occupation", "description"] },
};

export function ListPage({ plural, query }: { plural: Plural; query: URLSearchParams }) {
  useTitle(capital(plural));
  const way = WAYS[plural];
  const chosen = Object.fromEntries([...query].filter(([, value]) => value));
  const listed = usePages<Listed, Page>(`/${plural}?${query}`, (place, signal) =>
    // The six kinds are asked alike; what the address may hold is for the server to judge.
    api.GET(`/${plural}` as "/films", {
      params: { query: { ...chosen, ...place, facet: way.facets as never } },
      ...(signal && { signal }),
    }),
  );
  return (
    <>
      <h1>{capital(plural)}</h1>
      <Shown asked={listed.asked}>
        {(page) => (
          <div class="with-margin">
            <Margin plural={plural} way={way} chosen={chosen} facets={page.facets ?? {}} />
            <section aria-label="Results">
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
            </section>
          </div>
        )}
      </Shown>
    </>
  );
}

function Aside({ record, keys }: { record: Listed; keys: string[] }) {
  const values = record as unknown as Record<string, unknown>;
  const key = keys.find((one) => typeof values[one] === "string");
  const value = key ? String(values[key]) : "";
  return (
    <small>
      {key && (key.includes("date") || key === "point_in_time") ? inWords(value) : value}
      {key && record.planned.includes(key) && ", planned"}
      {key && record.disputed.includes(key) && ", disputed"}
    </small>
  );
}

function Margin({ plural, way, chosen, facets }: { plural: Plural; way: Way; chosen: Record<string, string>; facets: Record<string, Schemas["Facet"]> }) {
  const link = (name: string, value: string | undefined) => to(`/${plural}`, { ...chosen, [name]: value });
  return (
    <aside class="margin" aria-label="Narrow the list">
      <nav aria-label="Order">
        <h2>Order</h2>
        <ul>
          {Object.entries(way.orders).map(([order, told]) => (
            <li key={order}>
              <a href={link("ordering", order)} aria-current={(chosen["ordering"] ?? "label") === order ? "true" : undefined}>
                {told}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      {way.facets.filter((name) => chosen[name] || facets[name]?.results.length).map((name) => (
        <nav key={name} aria-label={named(name)}>
          <h2>{capital(named(name))}</h2>
          <ul>
            {chosen[name] && (
              <li>
                <a href={link(name, undefined)} aria-current="true" aria-label={`${chosen[name]}, take away`}>
                  {chosen[name]} <span aria-hidden="true">×</span>
                </a>
              </li>
            )}
            {facets[name]?.results
              .filter((one) => one.value !== chosen[name])
              .map((one) => (
                <li key={one.value}>
                  <a href={link(name, String(one.value))}>{one.label}</a> <small>{one.count.toLocaleString("en")}</small>
                </li>
              ))}
          </ul>
        </nav>
      ))}
    </aside>
  );
}
