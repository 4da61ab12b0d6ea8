/** What sources disagree about, the sides beside each other, each with its sentences. */

import { api, type Schemas } from "../api/client";
import { usePages } from "../api/pages";
import { Compared } from "../parts/compared";
import { Facts } from "../parts/facts";
import { askedOf } from "../parts/filters";
import { usePlace } from "../router";
import { ofDisputes } from "../title";

type Dispute = Schemas["DisputeDocument"];

export function DisputesPage() {
  const { query } = usePlace();
  const listed = usePages<Dispute, Schemas["DisputePage"]>(`/disputes?${query}`, (place, signal) =>
    api.GET("/disputes", { params: { query: { ...askedOf(query), ...place } }, signal }),
  );
  return (
    <Compared path="/disputes" heading="Where sources disagree" noun="dispute" listed={listed} of={ofDisputes}>
      {(one) =>
        one.sides.map((side, number) => (
          <div key={number} class={isShown(side, one) ? "side shown" : "side"}>
            {isShown(side, one) && <p class="kind">What its page shows</p>}
            <Facts facts={side.facts} record={one.subject.url} />
          </div>
        ))
      }
    </Compared>
  );
}

/** Whether a record shows what a side says, and not what it denies. */
function isShown(side: Dispute["sides"][number], { shown }: Dispute): boolean {
  return JSON.stringify(side.value) === JSON.stringify(shown) && side.facts.every((one) => one.modality !== "negated");
}
