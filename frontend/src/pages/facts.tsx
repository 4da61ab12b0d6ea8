/** All facts of a record, or those of some of its properties: more than its page shows of a long list. */

import { useEffect } from "preact/hooks";

import { api, type Fact, type Plural, type Ref, type Schemas } from "../api/client";
import { usePages } from "../api/pages";
import { useAsked } from "../api/use";
import { Facts } from "../parts/facts";
import { askedOf, Chips, isRefusal, Refused } from "../parts/filters";
import { Listing } from "../parts/listing";
import { Shown } from "../parts/states";
import { settle, to } from "../router";
import { ofFacts, useTold } from "../title";
import { capital, counted, named } from "../words";

interface Asking {
  plural: Plural;
  slug: string;
  query: URLSearchParams;
}

export function FactsPage({ plural, slug, query }: Asking) {
  const asked = useAsked<Ref>(`/${plural}/${slug}?facts`, (signal) => api.GET(`/${plural}/{slug}` as "/films/{slug}", { params: { path: { slug } }, signal }));
  useEffect(() => {
    if (asked.data) settle(`/${plural}/${slug}`, asked.data.url);
  }, [asked.data?.url]);
  // A list of its page may hold what several properties tell, such as all who made a film.
  const about = query.getAll("property").map(named).join(", ");
  useTold(asked.data && ofFacts(asked.data.label, about));
  return (
    <Shown asked={asked} isPage>
      {(record) => (
        <>
          <h1>
            Facts of <a href={to(record.url)}>{record.label}</a>
          </h1>
          {about && <p class="lead">{capital(about)}</p>}
          <Found plural={plural} record={record} query={query} />
        </>
      )}
    </Shown>
  );
}

function Found({ plural, record, query }: { plural: Plural; record: Ref; query: URLSearchParams }) {
  const path = `${record.url}/facts`;
  const listed = usePages<Fact, Schemas["FactPage"]>(`${path}?${query}`, (place, signal) =>
    api.GET(`/${plural}/{slug}/facts` as "/films/{slug}/facts", { params: { path: { slug: record.slug }, query: { ...askedOf(query), ...place } }, signal }),
  );
  const { asked } = listed;
  const isOfOne = query.getAll("property").length === 1;
  return (
    <>
      <Chips path={path} query={query} leave={["property"]} />
      {asked.state === "failed" && isRefusal(asked.problem) ? (
        <Refused problem={asked.problem} path={path} query={query} />
      ) : (
        <Listing listed={listed} told={(page) => counted(page.count, "fact")}>
          {(fact) => (
            <li key={fact.id}>
              {!isOfOne && fact.subject.url === record.url && <small>{named(fact.property)}</small>}
              <Facts facts={[fact]} record={record.url} />
            </li>
          )}
        </Listing>
      )}
    </>
  );
}
