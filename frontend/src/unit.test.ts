import { beforeAll, expect, test, vi } from "vitest";

import { inWords, isDate } from "./dates";
import { placeOf, to } from "./router";
import { counted, sense } from "./words";

beforeAll(() => {
  vi.stubGlobal("document", { querySelector: () => null });
  vi.stubGlobal("location", { href: "http://localhost/", hash: "" });
});

test.each([
  ["2021", "2021"],
  ["2021-10", "October 2021"],
  ["2021-10-05", "5 October 2021"],
  ["2021-10-05T11:28:26Z", "5 October 2021, 11:28:26 UTC"],
  ["202X", "the 2020s"],
  ["19XX", "the 1900s"],
  ["2021-21", "spring 2021"],
  ["2021~", "about 2021"],
  ["1957-11?", "November 1957, perhaps"],
  ["2021%", "about 2021, perhaps"],
  ["2021-10-05/2021-10-17", "5 October 2021 to 17 October 2021"],
  ["../2021", "until 2021"],
  ["2021/..", "from 2021"],
  ["-0043", "-0043"],
  ["[2020-11..2021-10]", "some time between November 2020 and October 2021"],
  ["[..2021]", "some time until 2021"],
  ["[2021-10-05,2021-10-17..]", "5 October 2021 or from 17 October 2021 on"],
  ["{1998,2000..2002}", "1998 and 2000 to 2002"],
  ["2021-XX", "2021"],
  ["2021-10-XX", "October 2021"],
  ["2021-~10", "about October 2021"],
  ["2021-34", "the second quarter of 2021"],
  ["1998-12/2000-08", "December 1998 to August 2000"],
])("the date %s is told no more precisely than it is", (edtf, told) => {
  expect(isDate(edtf)).toBe(true);
  expect(inWords(edtf)).toBe(told);
});

test.each(["feature film", "12 days", "Soyuz MS-19", "7-Eleven", "[sic]", ""])("%s is no date", (text) => expect(isDate(text)).toBe(false));

test("an address leads to its place and back", () => {
  const link = to("/films", { genre: "space drama & more", q: undefined, ordering: "-label" });
  const place = placeOf(link);
  expect(place.path).toBe("/films");
  expect(Object.fromEntries(place.query)).toEqual({ genre: "space drama & more", ordering: "-label" });
  expect(placeOf("").path).toBe("/");
  expect([placeOf("#/films/").path, placeOf("#/").path]).toEqual(["/films", "/"]);
  expect(placeOf("#/films/caf%C3%A9/graph").parts).toEqual(["films", "café", "graph"]);
  expect(placeOf("#/films/100%").parts).toBeUndefined();
  expect(to("/facts?source=a", { at: "1,2" })).toBe("#/facts?source=a&at=1%2C2");
});

test("numbers have their nouns, and senses their words", () => {
  expect([counted(1, "film"), counted(1200, "film"), counted(2, "person", "people")]).toEqual(["1 film", "1,200 films", "2 people"]);
  expect(sense({ modality: "asserted", attributed_to: null })).toBeUndefined();
  expect(sense({ modality: "planned", attributed_to: "TASS" })?.told).toBe("planned, says TASS");
});

test("passages overlap, and each piece knows all that it supports", async () => {
  const { piecesOf } = await import("./pages/source");
  const fact = (id: string, start: number, end: number) => ({ id, start, end }) as never;
  const sentence = { start: 10, end: 19, text: "𝄞 café ok", facts: [fact("a", 10, 16), fact("b", 12, 19)] };
  const pieces = [
    { text: "𝄞 ", at: [10, 12], facts: ["a"] },
    { text: "café", at: [12, 16], facts: ["a", "b"] },
    { text: " ok", at: [16, 19], facts: ["b"] },
  ];
  expect(piecesOf(sentence)).toEqual(pieces);
  const asked = [{ text: " ", at: [16, 17], facts: ["b"] }, { text: "ok", at: [17, 19], facts: ["b"] }];
  expect(piecesOf(sentence, [17, 40])).toEqual([...pieces.slice(0, 2), ...asked]);
});

test("a date is drawn from when to when it may have been", async () => {
  const { spanOf } = await import("./pages/timeline");
  const [from, until] = spanOf({ earliest: "2021-01-01", latest: "2021-12-31" });
  expect([from.toISOString(), until.toISOString()]).toEqual(["2021-01-01T00:00:00.000Z", "2022-01-01T00:00:00.000Z"]);
  expect(spanOf({ earliest: null, latest: "2021-12-31" })[0].toISOString()).toBe("2022-01-01T00:00:00.000Z");
});

test("a part that somebody plays connects the film with both", async () => {
  const { grown } = await import("./pages/graph");
  const ref = (slug: string) => ({ kind: "film" as const, slug, label: slug, url: `/films/${slug}` });
  const edge = (slug: string) => ({ entity: ref(slug), property: "cast", modality: "asserted", fact_url: "/facts/1" }) as never;
  const once = grown({ nodes: new Map(), edges: new Map() }, ref("film"), [edge("actor"), edge("part")]);
  expect(once.edges.size).toBe(2);
  expect(grown(once, ref("actor"), [edge("film")]).edges.size).toBe(2);
});

test("what was planned stands apart, and the rest by what it tells of", async () => {
  const { groupOf } = await import("./parts/facts");
  const ref = (kind: string, slug: string) => ({ kind, slug, label: slug, url: `/${slug}` });
  const group = (value: unknown, modality = "asserted", property = "release_date") => groupOf({ subject: ref("film", "f"), property, value, modality } as never, "/f");
  expect(["1917", "9/11: Escape", "50/50"].map((one) => group(one, "asserted", "name"))).toEqual(["About", "About", "About"]);
  expect(["2021", { amount: 1, unit: "hour" }, ref("person", "p")].map((one) => group(one))).toEqual(["Dates", "Figures", "People"]);
  expect([group("2023", "planned"), group("2023", "hoped")]).toEqual(["What was planned", "What was planned"]);
  expect(groupOf({ subject: ref("event", "e"), value: ref("film", "f"), modality: "reported" } as never, "/f")).toBe("Events");
  const plays = { subject: ref("film", "f"), value: ref("person", "p"), qualifiers: { character: ref("character", "c") }, modality: "asserted" } as never;
  expect(["/f", "/p", "/c"].map((record) => groupOf(plays, record))).toEqual(["People", "Films", "People"]);
});

test("a filter tells as dates what are dates", async () => {
  const { inSentence } = await import("./parts/filters");
  expect([inSentence("name", "50/50"), inSentence("release_date__gte", "2020-05"), inSentence("from", "2020-05")]).toEqual(["Name: 50/50", "Release date: from May 2020", "From: May 2020"]);
});

test("a receipt is called what it is", async () => {
  const { receipts } = await import("./parts/facts");
  const [quote, record, note] = [{ quote: "a", role: "quote" }, { quote: null, role: "quote" }, { quote: null, role: "note" }] as never[];
  expect([[quote!, quote!], [record!], [note!], [quote!, record!]].map(receipts)).toEqual(["2 sentences", "1 record", "1 note", "2 receipts"]);
});

test("of words that stand twice in a sentence those are marked that count", async () => {
  const { placeOf } = await import("./parts/receipt");
  const sentence = "Mir saw Mir fall.";
  const place = (prefix: string, suffix: string) => placeOf({ quote: "Mir", prefix, suffix }, sentence);
  expect([place("That was it. ", " saw Mir"), place("Mir saw ", " fall. Nobody"), place("saw ", " fall")]).toEqual([0, 8, 8]);
  expect([place("of another ", " text"), placeOf({ quote: "Salyut", prefix: "", suffix: "" }, sentence)]).toEqual([0, -1]);
});

test("amounts have their units in the number that they need", async () => {
  const { measured } = await import("./words");
  const told = [[1, "hour"], [165, "minute"], [905, "million rouble"], [28000, "kilometre per hour"], [3, "%"], [0.0004, "kilometre"], [1.23456, "foot"], [2, "foot per second"], [3, "inch"], [2, "century"], [4, "day"]] as const;
  expect(told.map(([amount, unit]) => measured({ amount, unit }))).toEqual(["1 hour", "165 minutes", "905 million roubles", "28,000 kilometres per hour", "3 %", "0.0004 kilometres", "1.23456 feet", "2 feet per second", "3 inches", "2 centuries", "4 days"]);
});

test("slips are told in days, as far as both dates tell", async () => {
  const { slipped } = await import("./words");
  const told = [[8, 8], [121, 516], [-3, -1], [-10, 20], [0, 1], [null, 5]] as const;
  expect(told.map(([at_least, at_most]) => slipped({ at_least, at_most }))).toEqual([
    "8 days later",
    "121 to 516 days later",
    "1 to 3 days earlier",
    "up to 10 days earlier or 20 days later",
    "0 to 1 day later",
    "differently than planned",
  ]);
});

test("dates within a text, and moments, are told in words", async () => {
  const { moment, spelled } = await import("./dates");
  expect(spelled("from 1998-12 to 2000-08")).toBe("from December 1998 to August 2000");
  expect(spelled("some time in 1983")).toBe("some time in 1983");
  expect(spelled("some time between 2020-11 and 2021-10")).toBe("some time between November 2020 and October 2021");
  expect(spelled("2021-10-05 at 15:22:31+03:00")).toBe("5 October 2021 at 15:22:31 UTC+3");
  expect(inWords("2021-10-05T15:22-04:30")).toBe("5 October 2021, 15:22 UTC−4:30");
  expect(spelled("2021-10-05 at 08:55:02Z")).toBe("5 October 2021 at 08:55:02 UTC");
  expect(moment("2026-11-28T13:06:11.195551Z")).toBe("28 November 2026, 13:06 UTC");
});

test("a graph grows, and what was there stays where it is", async () => {
  const { grown } = await import("./pages/graph");
  const ref = (slug: string) => ({ kind: "film" as const, slug, label: slug, url: `/films/${slug}` });
  const edge = (slug: string) => ({ entity: ref(slug), direction: "out", property: "director", modality: "planned", fact_url: `/facts/${slug}` }) as never;
  const once = grown({ nodes: new Map(), edges: new Map() }, ref("a"), [edge("b"), edge("c")]);
  const place = once.nodes.get("/films/b")!;
  const twice = grown(once, ref("b"), [edge("a"), edge("d"), edge("d")]);
  expect(twice.edges.get("/films/a /films/b")?.told).toEqual(new Set(["a: director: b, planned", "b: director: a, planned"]));
  expect([...twice.nodes.keys()]).toEqual(["/films/a", "/films/b", "/films/c", "/films/d"]);
  expect(twice.nodes.get("/films/b")).toBe(place);
  expect(twice.edges.size).toBe(3);
  expect([...twice.edges.values()].every((one) => one.isPlanned)).toBe(true);
});

test("the address says what of a graph is open, in which order, and how much of it", async () => {
  const { openIn } = await import("./pages/graph");
  const told = (...open: string[]) => [...openIn(open, "film/a")].map(([name, most]) => `${name} ${most}`);
  expect(told()).toEqual(["film/a 30"]);
  expect(told("person/b:90", "film/a", "person/b", "nope/c", "event/d:x", "event/e:5")).toEqual(["film/a 30", "person/b 30", "event/e 30"]);
  expect(told("film/a:60", "person/b:90")).toEqual(["film/a 60", "person/b 90"]);
});

test("what every object has is no kind of record, nor a filter", async () => {
  const { openIn } = await import("./pages/graph");
  const { toldOf } = await import("./title");
  const { inSentence } = await import("./parts/filters");
  for (const noun of ["constructor", "toString", "__proto__"]) {
    expect(toldOf(placeOf(`#/${noun}`)).title).toBe("");
    expect(inSentence(noun, "1")).toMatch(/: 1$/);
    expect([...openIn([`${noun}/a`], "film/a").keys()]).toEqual(["film/a"]);
  }
});

test("no label of a graph lies over another, however narrow it must be", async () => {
  const { layOut, linesOf, overlap } = await import("./pages/graph-layout");
  const nodes = Array.from({ length: 40 }, (_, number) => ({ ref: { kind: "film" as const, slug: `${number}`, label: `A film by the name of ${number ** 9}`, url: `/films/${number}` }, x: number % 7, y: number % 5 }));
  const edges = nodes.slice(1).map((target) => ({ source: nodes[0]!, target, told: new Set<string>(), isPlanned: false }));
  for (const width of [326, 900]) {
    expect(layOut(nodes, edges, width, (text) => 7 * text.length).width).toBeLessThanOrEqual(width);
    const boxes = nodes.map(({ x, y }) => ({ left: x - 40, top: y - 14, width: 80, height: 60 }));
    expect(boxes.filter((one, number) => boxes.slice(number + 1).some((other) => overlap(one, other)))).toEqual([]);
  }
  expect(linesOf("x".repeat(140), 22)).toEqual(["x".repeat(22), "x".repeat(22), "x".repeat(22), `${"x".repeat(22)} …`]);
});

test("arrows go round the suggestions, and by the field itself", async () => {
  const { after } = await import("./parts/search-box");
  expect([-1, 0, 1, 2].map((place) => after(place, 1, 3))).toEqual([0, 1, 2, -1]);
  expect([-1, 0, 1, 2].map((place) => after(place, -1, 3))).toEqual([2, -1, 0, 1]);
  expect([after(-1, 1, 0), after(-1, -1, 0)]).toEqual([-1, -1]);
});

test.each([
  ["#/films?genre=space+drama&ordering=-release_date", "Films: space drama"],
  ["#/films?director=klim-shipenko&genre__isnull=true", "Films: Klim shipenko, genre unknown"],
  ["#/films?release_date__gte=2020-05", "Films: release date from May 2020"],
  ["#/films/the-challenge", ""],
  ["#/people/yulia-peresild/graph", ""],
  ["#/sources/cnn-2023", ""],
  ["#/search?q=mir", "Search for mir"],
  ["#/timeline?from=2020&to=2021", "Timeline: from 2020, until 2021"],
  ["#/disputes?subject=film/the-challenge", "Disputes"],
  ["#/path?from=film/the-challenge", "From one to another"],
  ["#/films/100%", ""],
])("the page at %s has its title before it is there", async (hash, title) => {
  const { toldOf } = await import("./title");
  expect(toldOf(placeOf(hash)).title).toBe(title);
});

test("a page is told of by what it holds", async () => {
  const { ofRecord, ofSource } = await import("./title");
  expect(ofRecord({ label: "CNN", description: null, source_count: 1 }, "organisations")).toEqual({
    title: "CNN (organisation)",
    description: "What 1 source says of CNN, an organisation: each value with the sentence that says it.",
  });
  expect(ofSource({ title: null, publisher: "CNN", published: "2023-03-08", slug: "cnn" }).title).toBe("CNN, 8 March 2023 (source)");
});

test("a source without a title or a publisher is called by its slug", async () => {
  const { called } = await import("./words");
  const { ofSource } = await import("./title");
  const source = { title: null, publisher: null, published: null, slug: "notes" };
  expect([called(source), called({ ...source, publisher: "CNN" }), called({ ...source, title: "A Film" })]).toEqual(["notes", "CNN", "A Film"]);
  expect(ofSource(source).title).toBe("notes (source)");
});

test("what all sides of a dispute share is not disputed", async () => {
  const { sidesOf } = await import("./api/sides");
  const side = (...ids: string[]) => ({ facts: ids.map((id) => ({ id })) });
  expect([...sidesOf([{ sides: [side("second", "day"), side("other second", "day")] }, { sides: [side("a"), side("b", "c")] }])]).toEqual(["second", "other second", "a", "b", "c"]);
});

test("time is told in stretches alike, as far as it is asked for", async () => {
  const { stretches } = await import("./pages/timeline");
  const told = (query: string) => stretches(new URLSearchParams(query), { earliest: "1872-02-20", latest: null }, { earliest: null, latest: "2026-12-28" });
  expect([told("").length, told("")[0], told("").at(-1)?.label]).toEqual([16, { from: "1870", to: "1879", label: "1870s" }, "2020s"]);
  expect(told("from=1961-04&to=1969").map(({ from, to }) => `${from} ${to}`).slice(0, 2)).toEqual(["1961-04 1961", "1962 1962"]);
  expect(told("from=1961&to=1961")).toEqual([]);
  expect(told("from=1905&to=2005").map(({ label }) => label).filter((one) => !/^19[1-9]0s$/.test(one))).toEqual(["1905–09", "2000–05"]);
});

test("years before the first are on the timeline as well", async () => {
  const { scaleOf, spanOf, stretches } = await import("./pages/timeline");
  const { spelled } = await import("./dates");
  const span = spanOf({ earliest: "-0099-07-12", latest: "-0099-07-12" });
  expect(span.map((one) => one.toISOString())).toEqual(["-000099-07-12T00:00:00.000Z", "-000099-07-13T00:00:00.000Z"]);
  const years = (query: string) => scaleOf([span], new URLSearchParams(query)).domain().map((one) => one.getUTCFullYear());
  expect([years("from=-0200&to=0044"), years("to=-0044")]).toEqual([[-200, 45], [-99, -43]]);
  const told = stretches(new URLSearchParams(), { earliest: "-0099-07-12", latest: null }, { earliest: null, latest: "0044-12-31" });
  expect([told[0], told.at(-1)?.label]).toEqual([{ from: "-0100", to: "-0091", label: "-0100–-0091" }, "0040s"]);
  expect(spelled("-0099-07-12")).toBe("12 July -0099");
  expect(spelled("from -0099-07 to 0044-03")).toBe("from July -0099 to March 0044");
});

test("the axis goes as far as it is asked for", async () => {
  const { scaleOf } = await import("./pages/timeline");
  const told = (query: string) => scaleOf([[new Date("1984"), new Date("2021-10-06")]], new URLSearchParams(query)).domain().map((one) => one.getUTCFullYear());
  expect([told("from=1930&to=2030"), told("from=2020"), told("")]).toEqual([[1930, 2031], [2020, 2021], [1980, 2025]]);
});

test("what one says and another denies is told", async () => {
  const { denies } = await import("./parts/facts");
  const fact = (modality: string, value: string) => ({ subject: { url: "/f" }, property: "award", value, qualifiers: {}, modality }) as never;
  expect([denies(fact("negated", "a"), fact("asserted", "a")), denies(fact("negated", "a"), fact("asserted", "b"))]).toEqual([true, false]);
  expect([denies(fact("asserted", "a"), fact("negated", "a")), denies(fact("negated", "a"), fact("negated", "a"))]).toEqual([false, false]);
});
