/** What a page shows while it waits, and where there is nothing to show. */

import type { ComponentChildren } from "preact";

import type { Problem } from "../api/client";
import type { Asked } from "../api/use";

export function Waiting() {
  return (
    <div class="waiting" role="status">
      <span class="unseen">Loading</span>
      <div class="ghost wide" />
      <div class="ghost" />
      <div class="ghost" />
    </div>
  );
}

/** Why there is no answer, in the server's words where it has some. */
export function Failure({ problem, isPage = false }: { problem: Partial<Problem>; isPage?: boolean | undefined }) {
  const Title = isPage ? "h1" : "h2";
  const title =
    problem.status === 404
      ? "There is nothing here"
      : problem.status === 410
        ? "This was taken back"
        : problem.status
          ? (problem.title ?? "The server could not answer")
          : "The server does not answer";
  const detail = problem.detail ?? (problem.status ? "" : "It may be down, or you may be offline. What you saw before is still there by the back button.");
  return (
    <section class="failure" role="alert">
      <Title>{title}</Title>
      {detail && <p>{detail}</p>}
      <p>
        <button type="button" onClick={() => location.reload()}>
          Try again
        </button>{" "}
        <a href="#/">Go to the start</a>
      </p>
    </section>
  );
}

/** Shows what was asked for, once it is there; with `isPage` it is all of the page, its title included. */
export function Shown<T>({ asked, isPage, children }: { asked: Asked<T>; isPage?: boolean; children: (data: T) => ComponentChildren }) {
  if (asked.state === "failed") return <Failure problem={asked.problem} isPage={isPage} />;
  return asked.data === undefined ? <Waiting /> : <>{children(asked.data)}</>;
}
