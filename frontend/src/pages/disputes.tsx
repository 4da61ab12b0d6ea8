/** What sources disagree about, the sides beside each other, each with its sentences. */

import { api, type Schemas } from "../api/client";
import { usePages } from "../api/pages";
import { Facts } from "../parts/facts";
import { Empty, More } from "../parts/listing";
import { Shown } from "../parts/states";
import { to } from "../router";
import { useTitle } from "../title";
import { counted, named } from "../words";

type Dispute = Schemas["DisputeDocument"];

export function DisputesPage({ subject }: { subject: string | null }) {
  useTitle("Disputes");
  const listed = usePages<Dispute, Schemas["DisputePage"]>(`/disputes?${subject}`, (place, signal) =>
    api.GET("/disputes", { params: { query: { ...(subject && { subject: [subject] }), ...place } }, ...(signal && { signal }) }),
  );
  return (
    <>
      <h1>Where sources disagree</h1>
      <Shown asked={listed.asked}>
        {(page) => (
          <>
            <p class="kind" role="status">
              {counted(page.count, "dispute")}
              {subject && (
                <>
                  {" "}
                  about this one. <a href={to("/disputes")}>All of them</a>
                </>
              )}
            </p>
            {!listed.results.length && <Empty />}
            {listed.results.map((one) => (
              <section key={`${one.subject.url} ${one.property}`} class="dispute">
                <h2>
                  <a href={to(one.subject.url)}>{one.subject.label}</a>: {named(one.property)}
                </h2>
                <div class="sides">
                  {one.sides.map((side, number) => (
                    <div key={number} class={same(side.value, one.shown) ? "side shown" : "side"}>
                      {same(side.value, one.shown) && <p class="kind">What its page shows</p>}
                      <Facts facts={side.facts} record={one.subject.url} isDisputed={false} />
                    </div>
                  ))}
                </div>
              </section>
            ))}
            <More listed={listed} />
          </>
        )}
      </Shown>
    </>
  );
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
