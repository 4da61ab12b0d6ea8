/** Where the reader is: the part of the address after `#`, so that any file server can hold the page. */

import { useEffect, useState } from "preact/hooks";

export interface Place {
  /** As the API has it, such as `/films/the-challenge`. */
  path: string;
  /** What is between its slashes, decoded; nothing where that cannot be decoded, such as `/films/100%`. */
  parts: string[] | undefined;
  query: URLSearchParams;
}

export function placeOf(hash: string): Place {
  const [path = "", query = ""] = split(hash.replace(/^#/, ""));
  const plain = path.replace(/\/+$/, "") || "/";
  return { path: plain, parts: decoded(plain), query: new URLSearchParams(query) };
}

function decoded(path: string): string[] | undefined {
  try {
    return path.split("/").slice(1).map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

/** The link to a place; a path of the API, with its query if it has one, is one of ours. */
export function to(path: string, query?: Record<string, string | undefined>): string {
  const told = Object.entries(query ?? {}).filter((one): one is [string, string] => !!one[1]);
  const text = new URLSearchParams(told).toString();
  return `#${path}${text && (path.includes("?") ? "&" : "?")}${text}`;
}

export function go(link: string): void {
  location.hash = link;
}

export function usePlace(): Place {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const follow = () => setHash(location.hash);
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, []);
  return placeOf(hash);
}

/** How far down this entry of the history was left; 0 for a new one. */
export function leftAt(): number {
  return (history.state as { y?: number } | null)?.y ?? 0;
}

/** Go to where this entry of the history was left, or to the top of a new one, and note from then on where it is. */
export function keepPlace(): () => void {
  history.scrollRestoration = "manual";
  const left = leftAt();
  scrollTo(0, left);
  // What was seen before is drawn at once; what must be asked for again grows down to there in a moment.
  const growing = new ResizeObserver(() => scrollY < left && scrollTo(0, left));
  if (left) growing.observe(document.body);
  const note = () => history.replaceState({ y: scrollY }, "");
  const stop = () => growing.disconnect();
  addEventListener("scrollend", note);
  addEventListener("wheel", stop, { passive: true });
  addEventListener("touchmove", stop, { passive: true });
  addEventListener("keydown", stop);
  return () => {
    stop();
    removeEventListener("scrollend", note);
    removeEventListener("wheel", stop);
    removeEventListener("touchmove", stop);
    removeEventListener("keydown", stop);
  };
}

function split(text: string): [string, string] {
  const at = text.indexOf("?");
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}
