/** What came otherwise than planned: the plan and what happened beside each other, each with its sentences. */

import { api, type Schemas } from "../api/client";
import { type Listed, usePages } from "../api/pages";
import { Facts } from "../parts/facts";
import { askedOf, Chips, isRefusal, Refused } from "../parts/filters";
import { Empty, More } from "../parts/listing";
import { Shown } from "../parts/states";
import { to, usePlace } from "../router";
import { ofSlips, useTold } from "../title";
import { counted, named, slipped } from "../words";

type Slip = Schemas["SlipDocument"];

export function SlipsPage() {
  const { query } = usePlace();
  const listed = usePages<Slip, Schemas["SlipPage"]>(`/slips?${query}`, (place, signal) =>
    api.GET("/slips", { params: { query: { ...askedOf(query), ...place } }, ...(signal && { signal }) }),
  );
  const { asked } = listed;
  const label = query.has("subject") && listed.results[0]?.subject.label;
  useTold(label ? ofSlips(label) : undefined);
  return (
    <>
      <h1>What came otherwise than planned</h1>
      <Chips path="/slips" query={query} />
      {asked.state === "failed" && isRefusal(asked.problem) ? <Refused problem={asked.problem} path="/slips" query={query} /> : <Slips listed={listed} />}
    </>
  );
}

function Slips({ listed }: { listed: Listed<Schemas["SlipPage"], Slip> }) {
  return (
    <Shown asked={listed.asked}>
      {(page) => (
        <>
          <p class="kind" role="status">
            {counted(page.count, "slip")}
          </p>
          {!listed.results.length && <Empty />}
          {listed.results.map((one) => (
            <section key={`${one.subject.url} ${one.property}`} class="dispute slip">
              <h2>
                <a href={to(one.subject.url)}>{one.subject.label}</a>: {named(one.property)}
              </h2>
              <div class="sides">
                <div class="side">
                  <p class="kind">What was planned</p>
                  <Facts facts={one.planned.map(({ fact }) => fact)} record={one.subject.url} />
                </div>
                <div class="side shown">
                  <p class="kind">What happened, {slipped(one.slip_days)}</p>
                  <Facts facts={[one.happened]} record={one.subject.url} />
                </div>
              </div>
            </section>
          ))}
          <More listed={listed} />
        </>
      )}
    </Shown>
  );
}
