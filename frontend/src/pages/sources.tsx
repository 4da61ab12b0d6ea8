/** All sources: articles, notes and data sets. */

import { api, type Schemas } from "../api/client";
import { usePages } from "../api/pages";
import { inWords } from "../dates";
import { Listing } from "../parts/listing";
import { to } from "../router";
import { called, counted } from "../words";

export function SourcesPage() {
  const listed = usePages<Schemas["SourceDocument"], Schemas["SourcePage"]>("/sources", (place, signal) =>
    api.GET("/sources", { params: { query: place }, signal }),
  );
  return (
    <>
      <h1>Sources</h1>
      <Listing listed={listed} told={(page) => counted(page.count, "source")}>
        {(one) => (
          <li key={one.slug}>
            <a href={to(one.url)}><bdi>{called(one)}</bdi></a>{" "}
            <small>
              {one.kind}
              {one.title && one.publisher && (
                <>
                  {" · "}
                  <bdi>{one.publisher}</bdi>
                </>
              )}
              {one.published && ` · ${inWords(one.published)}`}
              {` · ${counted(one.fact_count, "fact")}`}
            </small>
          </li>
        )}
      </Listing>
    </>
  );
}
