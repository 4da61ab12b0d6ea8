/** What went differently than planned: the plan and what happened beside each other, each with its sentences. */

import { api, type Schemas } from "../api/client";
import { usePages } from "../api/pages";
import { Compared } from "../parts/compared";
import { Facts } from "../parts/facts";
import { askedOf } from "../parts/filters";
import { usePlace } from "../router";
import { ofSlips } from "../title";
import { slipped } from "../words";

export function SlipsPage() {
  const { query } = usePlace();
  const listed = usePages<Schemas["SlipDocument"], Schemas["SlipPage"]>(`/slips?${query}`, (place, signal) =>
    api.GET("/slips", { params: { query: { ...askedOf(query), ...place } }, signal }),
  );
  return (
    <Compared path="/slips" heading="What went differently than planned" noun="slip" listed={listed} of={ofSlips}>
      {(one) => (
        <>
          <div class="side">
            <p class="kind">What was planned</p>
            <Facts facts={one.planned.map(({ fact }) => fact)} record={one.subject.url} />
          </div>
          <div class="side shown">
            <p class="kind">What happened, {slipped(one.slip_days)}</p>
            <Facts facts={[one.happened]} record={one.subject.url} />
          </div>
        </>
      )}
    </Compared>
  );
}
