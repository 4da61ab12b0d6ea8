/** A list: how much it holds, its results, and the rest of it on demand. */

import type { ComponentChildren } from "preact";

import type { Listed } from "../api/pages";
import { Failure, Shown } from "./states";

interface Listing<P, R> {
  listed: Listed<P, R>;
  /** What is said above the results. */
  told?: (page: P) => ComponentChildren;
  /** A result as an item of the list. */
  children: (one: R) => ComponentChildren;
}

export function Listing<P, R>({ listed, told, children }: Listing<P, R>) {
  return (
    <Shown asked={listed.asked}>
      {(page) => (
        <>
          {told && (
            <p class="kind" role="status">
              {told(page)}
            </p>
          )}
          <Items listed={listed}>{children}</Items>
        </>
      )}
    </Shown>
  );
}

export function Items<P, R>({ listed, children }: Pick<Listing<P, R>, "listed" | "children">) {
  return (
    <>
      {listed.results.length ? <ol class="list">{listed.results.map(children)}</ol> : <Empty />}
      <More listed={listed} />
    </>
  );
}

export function Empty() {
  return <p class="empty">There is nothing to show here.</p>;
}

export function More<P, R>({ listed }: { listed: Listed<P, R> }) {
  if (listed.problem) return <Failure problem={listed.problem} />;
  if (!listed.more) return null;
  return (
    <p class="more">
      <button type="button" disabled={listed.isAsking} onClick={listed.more}>
        {listed.isAsking ? "Loading …" : "Show more"}
      </button>
    </p>
  );
}
