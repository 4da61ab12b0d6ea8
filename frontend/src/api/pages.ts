/** Lists that go on: the first page, and then as many as are asked for, by the `next` that each of them names. */

import { useEffect, useState } from "preact/hooks";

import type { Problem } from "./client";
import { type Asked, useAsked } from "./use";

interface Page<R> {
  count: number;
  next: string | null;
  revision: number;
  results: R[];
}
/** Which first page the later ones go on from: those of an older revision would leave a gap after a newer one. */
const markOf = ({ revision, next }: Page<unknown>) => `${revision} ${next}`;

type Ask<P> = (query: Record<string, string>, signal: AbortSignal | null) => Promise<{ data?: P | undefined; error?: unknown; response: Response }>;

export interface Listed<P, R> {
  asked: Asked<P>;
  results: R[];
  /** Asks for the page after the last, again if that failed; undefined when there is none. */
  more: (() => Promise<void>) | undefined;
  isAsking: boolean;
  problem: Partial<Problem> | undefined;
}

interface After<P> {
  key: string;
  mark: string;
  pages: P[];
}

// How far each list was shown, so that the way back into it is as long as it was.
const shown = new Map<string, After<unknown>>();
const before = <P>(key: string) => (shown.get(key) as After<P> | undefined) ?? { key, mark: "", pages: [] };

export function usePages<R, P extends Page<R>>(key: string, ask: Ask<P>): Listed<P, R> {
  const asked = useAsked<P>(key, (signal) => ask({}, signal));
  const [after, setAfter] = useState(() => before<P>(key));
  const [isAsking, setAsking] = useState(false);
  const [problem, setProblem] = useState<Partial<Problem>>();
  useEffect(() => {
    setAfter(before<P>(key));
    setProblem(undefined);
  }, [key]);
  const mark = asked.data ? markOf(asked.data) : "";
  const pages = asked.data ? [asked.data, ...(after.key === key && after.mark === mark ? after.pages : [])] : [];
  if (after.key === key) shown.set(key, after);
  const next = pages.at(-1)?.next;

  const more = async (url: string) => {
    setAsking(true);
    setProblem(undefined);
    const query = Object.fromEntries(new URL(url).searchParams);
    const told = await ask(query["cursor"] ? { cursor: query["cursor"] } : { offset: query["offset"] ?? "" }, null).catch(() => undefined);
    setAsking(false);
    if (told?.data) setAfter((held) => (held.key === key ? { key, mark, pages: [...(held.mark === mark ? held.pages : []), told.data as P] } : held));
    else setProblem((told?.error as Partial<Problem>) ?? {});
  };
  return { asked, results: pages.flatMap((one) => one.results), more: next ? () => more(next) : undefined, isAsking, problem };
}
