/** What was asked of the API, as a component shows it: not there yet, there, or why not. */

import { useEffect, useState } from "preact/hooks";

import type { Problem } from "./client";

export type Asked<T> =
  | { state: "loading"; data?: T }
  | { state: "ready"; data: T }
  | { state: "failed"; data?: never; problem: Partial<Problem>; again: () => void };

type Answer<T> = Promise<{ data?: T | undefined; error?: unknown; response: Response }>;

// What was seen last, so that the way back shows it at once; the browser's own cache asks whether it still holds.
const seen = new Map<string, unknown>();
const MOST_SEEN = 60;

/** Ask again whenever `key` changes, and nothing without one; an answer that nobody waits for any more is dropped. */
export function useAsked<T>(key: string | undefined, ask: (signal: AbortSignal) => Answer<T>): Asked<T> {
  const [asked, setAsked] = useState<{ key: string; now: Asked<T> }>({ key: "", now: { state: "loading" } });
  const [tries, setTries] = useState(0);
  const again = () => {
    setAsked({ key: "", now: { state: "loading" } });
    setTries((before) => before + 1);
  };
  useEffect(() => {
    if (key === undefined) return;
    const leaving = new AbortController();
    ask(leaving.signal).then(
      ({ data, error, response }) => {
        if (leaving.signal.aborted) return;
        if (data === undefined) {
          setAsked({ key, now: { state: "failed", problem: problemOf(error, response), again } });
          return;
        }
        remember(key, data);
        setAsked({ key, now: { state: "ready", data } });
      },
      () => {
        // What was seen before is still shown where nobody can say whether it holds.
        if (!leaving.signal.aborted && !seen.has(key)) setAsked({ key, now: { state: "failed", problem: {}, again } });
      },
    );
    return () => leaving.abort();
  }, [key, tries]);
  if (key === undefined) return { state: "loading" };
  if (asked.key === key) return asked.now;
  const before = seen.get(key) as T | undefined;
  return before === undefined ? { state: "loading" } : { state: "ready", data: before };
}

function remember(key: string, data: unknown): void {
  seen.delete(key);
  seen.set(key, data);
  const oldest = seen.keys().next().value;
  if (seen.size > MOST_SEEN && oldest !== undefined) seen.delete(oldest);
}

function problemOf(error: unknown, response: Response): Partial<Problem> {
  const told = typeof error === "object" && error ? (error as Partial<Problem>) : {};
  return { status: response.status, ...told };
}
