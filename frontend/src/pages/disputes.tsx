/** What sources disagree about, the sides beside each other, each with its sentences. */

import { api, type Schemas } from "../api/client";
import { type Listed, usePages } from "../api/pages";
import { Facts } from "../parts/facts";
import { askedOf, Chips, isRefusal, Refused } from "../parts/filters";
import { Empty, More } from "../parts/listing";
import { Shown } from "../parts/states";
import { to, usePlace } from "../router";
import { ofDisputes, useTold } from "../title";
import { counted, named } from "../words";

type Dispute = Schemas["DisputeDocument"];

export function DisputesPage() {
  const { query } = usePlace();
  const listed = usePages<Dispute, Schemas["DisputePage"]>(`/disputes?${query}`, (place, signal) =>
    api.GET("/disputes", { params: { query: { ...askedOf(query), ...place } }, ...(signal && { signal }) }),
  );
  const { asked } = listed;
  const label = query.has("subject") && listed.results[0]?.subject.label;
  useTold(label ? ofDisputes(label) : undefined);
  return (
    <>
      <h1>Where sources disagree</h1>
      <Chips path="/disputes" query={query} />
      {asked.state === "failed" && isRefusal(asked.problem) ? <Refused problem={asked.problem} path="/disputes" query={query} /> : <Sides listed={listed} />}
    </>
  );
}

function Sides({ listed }: { listed: Listed<Schemas["DisputePage"], Dispute> }) {
  return (
    <Shown asked={listed.asked}>
      {(page) => (
        <>
          <p class="kind" role="status">
            {counted(page.count, "dispute")}
          </p>
          {!listed.results.length && <Empty />}
          {listed.results.map((one) => (
            <section key={`${one.subject.url} ${one.property}`} class="dispute">
              <h2>
                <a href={to(one.subject.url)}>{one.subject.label}</a>: {named(one.property)}
              </h2>
              <div class="sides">
                {one.sides.map((side, number) => (
                  <div key={number} class={isShown(side, one) ? "side shown" : "side"}>
                    {isShown(side, one) && <p class="kind">What its page shows</p>}
                    <Facts facts={side.facts} record={one.subject.url} />
                  </div>
                ))}
              </div>
            </section>
          ))}
          <More listed={listed} />
        </>
      )}
    </Shown>
  );
}

/** Whether a record shows what a side says, and not what it denies. */
function isShown(side: Dispute["sides"][number], { shown }: Dispute): boolean {
  return JSON.stringify(side.value) === JSON.stringify(shown) && side.facts.every((one) => one.modality !== "negated");
}
