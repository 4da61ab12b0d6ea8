/** The rest of a list, on demand. */

import type { Listed } from "../api/pages";
import { Failure } from "./states";

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
