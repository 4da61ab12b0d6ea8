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

/** What is kept of an entry of the history: how far down it was left, and the facts whose receipts are open. */
interface Kept {
  y?: number;
  open?: string[];
}
const kept = () => (history.state ?? {}) as Kept;
const keep = (more: Kept) => history.replaceState({ ...kept(), ...more }, "");

/** How far down this entry of the history was left; 0 for a new one. */
export function leftAt(): number {
  return kept().y ?? 0;
}

export function isKeptOpen(fact: string): boolean {
  return !!kept().open?.includes(fact);
}

export function keepOpen(fact: string, isOpen: boolean): void {
  const others = (kept().open ?? []).filter((one) => one !== fact);
  keep({ open: isOpen ? [...others, fact] : others });
}

/** Put the address that a record has now in place of the one by which it was asked for. */
export function settle(asked: string, now: string): void {
  const { hash } = location;
  if (asked === now || !`${placeOf(hash).path}/`.startsWith(`${asked}/`)) return;
  history.replaceState(history.state, "", `#${now}${hash.slice(asked.length + 1)}`);
  drawn = placeOf(location.hash).path;
}

// Whose page is drawn; the address is ahead of it until the next is.
let drawn = "";

/** Go to where this entry of the history was left, or to the top of a new one, and note from then on where it is. */
export function keepPlace(): () => void {
  history.scrollRestoration = "manual";
  drawn = placeOf(location.hash).path;
  const left = leftAt();
  scrollTo(0, left);
  // What was seen before is drawn at once; what must be asked for again grows down to there in a moment.
  const growing = new ResizeObserver(() => scrollY < left && scrollTo(0, left));
  if (left) growing.observe(document.body);
  const note = () => placeOf(location.hash).path === drawn && keep({ y: scrollY });
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

/** Leaves the keyboard at what a link or a button is about that goes away by what it does, and not at the top of the window. */
export function stay({ currentTarget }: { currentTarget: HTMLElement }): void {
  currentTarget.closest<HTMLElement>("[tabindex]")?.focus({ preventScroll: true });
}

function split(text: string): [string, string] {
  const at = text.indexOf("?");
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}
