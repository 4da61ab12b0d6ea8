/** A list: how much it holds, its results, and the rest of it on demand. */

import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

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

// What the keyboard comes to in the content, in its order.
const stops = () => [...document.querySelectorAll<HTMLElement>("main a[href], main button")];

export function More<P, R>({ listed }: { listed: Listed<P, R> }) {
  const from = useRef<{ button: HTMLElement; place: number }>();
  useLayoutEffect(() => {
    // Whoever asked for more reads on with the first of it, unless they have gone elsewhere meanwhile.
    const { button, place } = from.current ?? {};
    if (place !== undefined && [button, document.body].includes(document.activeElement as HTMLElement)) {
      stops()[place]?.focus({ preventScroll: true });
    }
    from.current = undefined;
  }, [listed.results.length]);
  const { more, isAsking, problem } = listed;
  if (!more) return null;
  return (
    <div class="more">
      {problem && <Failure problem={problem} />}
      <button
        type="button"
        aria-disabled={isAsking}
        onClick={({ currentTarget: button }) => {
          if (isAsking) return;
          from.current = { button, place: stops().indexOf(button) };
          void more();
        }}
      >
        {isAsking ? "Loading …" : problem ? "Try again" : "Show more"}
      </button>
    </div>
  );
}
