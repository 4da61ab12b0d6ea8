/** The API, as its OpenAPI document describes it; the types are made from that. */

import createClient from "openapi-fetch";

import type { components, paths } from "./schema";

export type Schemas = components["schemas"];
export type Ref = Schemas["Ref"];
export type Fact = Schemas["FactDocument"];
export type Evidence = Schemas["Evidence"];
export type Reference = Schemas["Reference"];
export type Problem = Schemas["Problem"];

const told = document.querySelector<HTMLMetaElement>('meta[name="filmspace-api"]')?.content;

/** Where the API is: where the page says, or where the page itself lies. */
export const base = (told || new URL(".", location.href).href).replace(/\/$/, "");

export const api = createClient<paths, "application/json">({ baseUrl: base });

/** The kinds of records by the name of their list. */
export const KINDS = {
  films: "film",
  people: "person",
  organisations: "organisation",
  events: "event",
  places: "place",
  characters: "character",
} as const;
export type Plural = keyof typeof KINDS;

/** Whether an address names a list; `constructor`, which every object has, is none. */
export function isPlural(noun: string): noun is Plural {
  return Object.hasOwn(KINDS, noun);
}
