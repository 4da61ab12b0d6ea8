/** Which facts sources disagree on: those of some sides of a dispute, not what all of its sides share. */

import { api, type Schemas } from "./client";
import { useAsked } from "./use";

type Dispute = Schemas["DisputeDocument"];

/** The ids of the facts in dispute about a subject or in a source; undefined until there is an answer, or without a query. */
export function useSides(query: { subject: string[] } | { source: string[] } | undefined): Set<string> | undefined {
  const asked = useAsked<Schemas["DisputePage"]>(query && `/disputes?${JSON.stringify(query)}`, (signal) =>
    api.GET("/disputes", { params: { query: { limit: 100, ...query } }, signal }),
  );
  return asked.data && sidesOf(asked.data.results);
}

export function sidesOf(disputes: { sides: { facts: Pick<Dispute["sides"][number]["facts"][number], "id">[] }[] }[]): Set<string> {
  const held = disputes.map(({ sides }) => sides.map((one) => one.facts.map((fact) => fact.id)));
  return new Set(held.flatMap((sides) => sides.flat().filter((id) => !sides.every((one) => one.includes(id)))));
}
