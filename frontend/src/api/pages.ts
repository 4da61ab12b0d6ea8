/** Lists that go on: the first page, and then as many as are asked for, by the `next` that each of them names. */

import { useEffect, useState } from "preact/hooks";

import type { Problem } from "./client";
import { type Asked, useAsked } from "./use";

interface Page<R> {
  count: number;
  next: string | null;
  results: R[];
}
type Ask<P> = (query: Record<string, string>, signal: AbortSignal | null) => Promise<{ data?: P | undefined; error?: unknown; response: Response }>;

export interface Listed<P, R> {
  asked: Asked<P>;
  results: R[];
  /** Asks for the page after the last, again if that failed; undefined when there is none. */
  more: (() => Promise<void>) | undefined;
  isAsking: boolean;
  problem: Partial<Problem> | undefined;
}

// How far each list was shown, so that the way back into it is as long as it was.
const shown = new Map<string, unknown[]>();

export function usePages<R, P extends Page<R>>(key: string, ask: Ask<P>): Listed<P, R> {
  const asked = useAsked<P>(key, (signal) => ask({}, signal));
  const [after, setAfter] = useState<{ key: string; pages: P[] }>({ key, pages: (shown.get(key) as P[] | undefined) ?? [] });
  const [isAsking, setAsking] = useState(false);
  const [problem, setProblem] = useState<Partial<Problem>>();
  useEffect(() => {
    setAfter({ key, pages: (shown.get(key) as P[] | undefined) ?? [] });
    setProblem(undefined);
  }, [key]);
  const pages = asked.data ? [asked.data, ...(after.key === key ? after.pages : [])] : [];
  if (after.key === key) shown.set(key, after.pages);
  const next = pages.at(-1)?.next;

  const more = async (url: string) => {
    setAsking(true);
    setProblem(undefined);
    const query = Object.fromEntries(new URL(url).searchParams);
    const told = await ask(query["cursor"] ? { cursor: query["cursor"] } : { offset: query["offset"] ?? "" }, null).catch(() => undefined);
    setAsking(false);
    if (told?.data) setAfter((before) => (before.key === key ? { key, pages: [...before.pages, told.data as P] } : before));
    else setProblem((told?.error as Partial<Problem>) ?? {});
  };
  return { asked, results: pages.flatMap((one) => one.results), more: next ? () => more(next) : undefined, isAsking, problem };
}
