// Reads films, one of them with its receipts, and says what went wrong: node built/sample.js http://host:port
// The types in schema.ts are made from the OpenAPI document. A field that the document lacks does not compile.
import createClient from "openapi-fetch";
import type { components, paths } from "./schema.js";

type Film = components["schemas"]["FilmDocument"];
type Problem = components["schemas"]["Problem"];

declare const process: { argv: string[] };

// What has other formats too is read as JSON.
const client = createClient<paths, "application/json" | "application/problem+json">({
  baseUrl: process.argv[2] ?? "http://127.0.0.1:8000",
});

function sentence(film: Film): string {
  // Null is a value of its own: nobody says how long it is, or gives it a name.
  const length: string = film.duration_minutes === null ? "of unknown length" : `of ${film.duration_minutes} minutes`;
  const isPlanned: boolean = film.planned.includes("release_date");
  const cast = film.cast.map((one) => `${one.person.label} as ${one.character?.label ?? "unknown"}`);
  return [
    `${film.label}, ${film.name === null ? "unnamed" : "named"}, ${length}`,
    `${isPlanned ? "planned for" : "released"} ${film.release_date ?? "at an unknown time"}`,
    ...cast,
  ].join("; ");
}

function explained(problem: Problem): string {
  const [first] = problem.errors;
  return `${problem.status} ${problem.code}: ${first?.parameter ?? "nothing"}, meant ${first?.did_you_mean ?? "nothing"}`;
}

const films = await client.GET("/films", {
  params: { query: { filming_location: ["international-space-station"], ordering: ["-release_date"], limit: 100 } },
});
if (films.error) throw new Error(explained(films.error));
console.log(`${films.data.count} films, ${films.data.next === null ? "all of them" : "and more"}`);
for (const film of films.data.results) console.log(sentence(film));

const film = await client.GET("/films/{slug}", {
  params: { path: { slug: "the-challenge" }, query: { evidence: "quotes" } },
});
if (film.error) throw new Error(explained(film.error));
for (const fact of film.data.facts?.["release_date"] ?? []) {
  if ("evidence" in fact) console.log(fact.modality, fact.evidence.map((one) => one.quote).join(" "));
}

const missing = await client.GET("/films/{slug}", { params: { path: { slug: "the-chalenge" } } });
if (missing.error) console.log(explained(missing.error));

const wrong = await client.GET("/facts", { params: { query: { subject: ["movie/the-challenge"] } } });
if (wrong.error) console.log(explained(wrong.error));

const checked = await client.POST("/check", {
  body: { subject: "film/the-challenge", property: "release_date", value: "2023-04-12" },
});
if (checked.error) throw new Error(explained(checked.error));
console.log(checked.data.verdict, checked.data.facts.map((fact) => fact.modality).join());

const senseless = await client.POST("/check", {
  body: { subject: "film/the-challenge", property: "release_date", value: "tomorrow" },
});
if (senseless.error) console.log(senseless.error.status, senseless.error.errors[0]?.pointer ?? "nothing");
