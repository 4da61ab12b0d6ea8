/** What changed lately, the newest first: who did what, and why. */

import { api, type Ref, type Schemas } from "../api/client";
import { usePages } from "../api/pages";
import { moment } from "../dates";
import { Listing } from "../parts/listing";
import { to } from "../router";
import { called, counted } from "../words";

type Change = Schemas["Change"];

const DONE: Record<string, string> = { load: "loaded", correct: "corrected", withdraw: "withdrew", merge: "merged", rename: "renamed", undo: "took back" };

export function ChangesPage() {
  const listed = usePages<Change, Schemas["ChangePage"]>("/changes", (place, signal) =>
    api.GET("/changes", { params: { query: place }, signal }),
  );
  return (
    <>
      <h1>What changed lately</h1>
      <Listing listed={listed}>
        {(one) => (
          <li key={one.revision}>
            <Told change={one} />
          </li>
        )}
      </Listing>
    </>
  );
}

function Told({ change }: { change: Change }) {
  const { source, entity, into } = change;
  // A record that is renamed is called as before; what changes is its slug.
  const nameOf = (one: Ref) => (change.action === "rename" ? one.slug : one.label);
  return (
    <>
      <time dateTime={change.at}>{moment(change.at)}</time>: {change.actor} {DONE[change.action] ?? change.action}{" "}
      {change.undoes && `revision ${change.undoes}, of `}
      {source && <a href={to(source.url)}><bdi>{called(source)}</bdi></a>}
      {entity && <a href={to(entity.url)}>{nameOf(entity)}</a>}
      {into && !change.undoes && (
        <>
          {" into "}
          <a href={to(into.url)}>{nameOf(into)}</a>
        </>
      )}
      {change.reason && (
        <>
          {": "}
          <q>{change.reason}</q>
        </>
      )}
      <br />
      <small>
        revision {change.revision}: {counted(change.added_count, "claim")} more, {change.superseded_count} replaced, {change.withdrawn_count} withdrawn
      </small>
    </>
  );
}
