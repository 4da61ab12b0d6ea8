/** What a page shows while it waits, and where there is nothing to show. */

import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";

import type { Problem } from "../api/client";
import type { Asked } from "../api/use";
import { to } from "../router";
import { useTold } from "../title";

// After so many milliseconds people ask themselves whether anything still happens.
const LONG = 4000;

export function Waiting() {
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), LONG);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div class="waiting" role="status">
      <p class={isLong ? "kind" : "unseen"}>{isLong ? "The server takes its time. This goes on by itself as soon as it answers." : "Loading"}</p>
      <div class="ghost wide" />
      <div class="ghost" />
      <div class="ghost" />
    </div>
  );
}

interface Failing {
  problem: Partial<Problem>;
  /** Whether it is all of the page, its title included. */
  isPage?: boolean | undefined;
  /** Asks once more, where that may help. */
  again?: () => void;
}

/** Why there is no answer, in the server's words where it has some. */
export function Failure({ problem, isPage = false, again }: Failing) {
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
  useTold(isPage ? { title, description: detail || title } : undefined);
  return (
    <section class="failure" role="alert">
      <Title>{title}</Title>
      {detail && <Detail text={detail} />}
      {again && mayPass(problem.status) && (
        <button
          type="button"
          onClick={() => {
            // The button goes, and with it the place of who reads by the keyboard.
            document.getElementById("main")?.focus({ preventScroll: true });
            again();
          }}
        >
          Try again
        </button>
      )}{" "}
      {isPage && <a href="#/">Go to the start</a>}
    </section>
  );
}

/** What the server says, where a list that it names is a link to it. */
function Detail({ text }: { text: string }) {
  const [, before = text, path, after] = /^(.*?)(\/[a-z]+)( for all\.)$/.exec(text) ?? [];
  return (
    <p>
      {before}
      {path && <a href={to(path)}>{path.slice(1)}</a>}
      {after}
    </p>
  );
}

/** Whether another answer may come without another question. */
function mayPass(status: number | undefined): boolean {
  return !status || status >= 500 || status === 408 || status === 429;
}

/** Shows what was asked for, once it is there; with `isPage` it is all of the page, its title included. */
export function Shown<T>({ asked, isPage, children }: { asked: Asked<T>; isPage?: boolean; children: (data: T) => ComponentChildren }) {
  if (asked.state === "failed") return <Failure problem={asked.problem} isPage={isPage} again={asked.again} />;
  return asked.data === undefined ? <Waiting /> : <>{children(asked.data)}</>;
}
