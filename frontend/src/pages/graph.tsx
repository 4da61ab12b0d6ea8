/** What is around a record, as a graph that grows where it is chosen; what was chosen stands in the address. */

import type { TargetedMouseEvent } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";

import { api, isPlural, KINDS, type Plural, type Problem, type Ref, type Schemas } from "../api/client";
import { useAsked } from "../api/use";
import { Shown } from "../parts/states";
import { settle, stay, to, usePlace } from "../router";
import { ofGraph, useTold } from "../title";
import { counted, named, sense } from "../words";
import { Drawing } from "./graph-drawing";
import type { Edge, Node } from "./graph-layout";

export { default as style } from "./graph.css?inline";

type Connection = Schemas["Connection"];
type Connections = Schemas["ConnectionPage"];
export interface Graph {
  nodes: Map<string, Node>;
  edges: Map<string, Edge>;
}

// A graph of more than so many around one record is a ball of wool: there are more when somebody asks for them.
const MOST = 30;
const PLURALS = Object.fromEntries(Object.entries(KINDS).map(([plural, kind]) => [kind, plural])) as Record<string, Plural>;

/** The graph with what was found around one of its records; what was there stays where it was. */
export function grown(graph: Graph, around: Ref, found: Connection[], before = graph.nodes): Graph {
  const nodes = new Map(graph.nodes);
  const edges = new Map(graph.edges);
  const middle = nodes.get(around.url) ?? before.get(around.url) ?? { ref: around, x: 0, y: 0 };
  nodes.set(around.url, middle);
  for (const [number, one] of found.entries()) {
    const { url } = one.entity;
    if (url === around.url) continue;
    // New ones begin on a spiral: from one point they would push each other out of sight.
    const [angle, distance] = [number * 2.4, 80 + 6 * number];
    const [x, y] = [middle.x! + distance * Math.cos(angle), middle.y! + distance * Math.sin(angle)];
    const other = nodes.get(url) ?? before.get(url) ?? { ref: one.entity, x, y };
    nodes.set(url, other);
    const ends = [around.url, url].sort().join(" ");
    const edge = edges.get(ends) ?? { source: middle, target: other, told: new Set(), isPlanned: true };
    edges.set(ends, { ...edge, told: new Set(edge.told).add(inWords(around, one)), isPlanned: edge.isPlanned && one.modality === "planned" });
  }
  return { nodes, edges };
}

/** Who is connected, in the order in which one says it. */
function endsOf(around: Ref, { entity, direction, subject }: Pick<Connection, "entity" | "direction" | "subject">): [Ref, Ref, Ref?] {
  if (direction === "out") return [around, entity];
  if (direction === "in") return [entity, around];
  return around.label < entity.label ? [around, entity, subject] : [entity, around, subject];
}

function inWords(around: Ref, one: Connection): string {
  const [from, until, third] = endsOf(around, one);
  const planned = one.modality === "planned" ? ", planned" : "";
  return `${from.label}${third ? " and " : `: ${named(one.property)}: `}${until.label}${third ? `: ${named(one.property)} of ${third.label}` : ""}${planned}`;
}

export function GraphPage({ plural, slug }: { plural: Plural; slug: string }) {
  const asked = useAsked<Ref>(`/${plural}/${slug}?graph`, (signal) => api.GET(`/${plural}/{slug}` as "/films/{slug}", { params: { path: { slug } }, signal }));
  useEffect(() => {
    if (asked.data) settle(`/${plural}/${slug}`, asked.data.url);
  }, [asked.data?.url]);
  useTold(asked.data && ofGraph(asked.data));
  return <Shown asked={asked} isPage>{(root) => <Around root={root} />}</Shown>;
}

function Around({ root }: { root: Ref }) {
  const { query } = usePlace();
  // The last of them is the one that is told of; the first is the record itself.
  const drawn = openIn(query.getAll("open"), nameOf(root));
  const opened = [...drawn.keys()];
  const { found, failed, isAsking, again } = useFound(drawn, (name, now) => {
    const renamed = new Map([...drawn].map(([one, most]) => [one === name ? now : one, most]));
    location.replace(to(addressOf(root, [...renamed.keys()], renamed)));
  });
  const graph = useGraph(root, opened, found);
  const link = (names: string[]) => to(addressOf(root, names, drawn));
  const choose = (ref: Ref) => (location.hash = link([...opened.filter((one) => one !== nameOf(ref)), nameOf(ref)]));
  const last = opened.findLast((one) => found.has(one));
  const chosen = last ? (last === nameOf(root) ? root : refOf(last, found.get(last)!, graph)) : undefined;
  const page = last ? found.get(last) : undefined;
  const kinds = new Set([...graph.nodes.values()].map((one) => one.ref.kind));
  return (
    <>
      <h1>
        Around <a href={to(root.url)}>{root.label}</a>
      </h1>
      <p class="kind" role="status">
        {chosen && page && <Count of={chosen} page={page} />} {isAsking ? "Loading …" : "Choose anything to see what is around it."}
      </p>
      {last && page && <More page={page} isAsking={isAsking} draw={(most) => (location.hash = to(addressOf(root, opened, new Map(drawn).set(last, most))))} />}
      {failed && (
        <p class="kind" role="alert">
          {failed.status === 404 || failed.status === 410 ? `There is nothing at ${failed.name}. ` : `What is around ${labelOf(failed.name, graph)} could not be loaded. `}
          <button type="button" onClick={(event) => (stay(event), again())}>
            Try again
          </button>{" "}
          {failed.name !== nameOf(root) && <a href={link(opened.filter((one) => one !== failed.name))} onClick={stay}>Leave it out</a>}
        </p>
      )}
      <div class="frame">
        <Drawing graph={graph} chosen={chosen?.url} opened={new Set(opened.map((one) => urlOf(one)))} choose={choose} />
      </div>
      <p class="kind key">
        {[...kinds].map((kind) => (
          <span key={kind} class={`node ${kind}`}>
            <svg width="14" height="14" viewBox="-7 -7 14 14" aria-hidden="true">
              <circle r="6" />
            </svg>{" "}
            {kind}
          </span>
        ))}
        {[...graph.edges.values()].some((one) => one.isPlanned) && <span>dashed: planned</span>}
      </p>
      {chosen && page && <Told of={chosen} page={page} />}
    </>
  );
}

/** What the address says is open, in the order in which it was chosen, each with how many of its connections are drawn. */
export function openIn(told: string[], root: string): Map<string, number> {
  const drawn = new Map([[root, MOST]]);
  for (const one of told) {
    const [, name = "", kind = "", most] = /^(([a-z]+)\/[^/:]+)(?::(\d{1,4}))?$/.exec(one) ?? [];
    if (!Object.hasOwn(PLURALS, kind)) continue;
    drawn.delete(name);
    drawn.set(name, Math.max(MOST, Number(most ?? 0)));
  }
  return drawn;
}

function addressOf(root: Ref, names: string[], drawn: Map<string, number>): string {
  const told = names.map((name) => ({ name, most: drawn.get(name) ?? MOST }));
  // The record itself is open anyway, and before all others.
  if (told[0]?.name === nameOf(root) && told[0].most === MOST) told.shift();
  return `${root.url}/graph?${new URLSearchParams(told.map(({ name, most }) => ["open", most > MOST ? `${name}:${most}` : name]))}`.replace(/\?$/, "");
}

/** Draws the next of many connections. */
function More({ page, isAsking, draw }: { page: Connections; isAsking: boolean; draw: (most: number) => void }) {
  const held = page.results.length;
  const rest = page.count - held;
  if (rest <= 0) return null;
  const draws = (event: TargetedMouseEvent<HTMLButtonElement>) => {
    if (isAsking) return;
    // With the last of them the button goes.
    if (rest <= MOST) stay(event);
    draw(held + MOST);
  };
  return (
    <p class="kind">
      <button type="button" aria-disabled={isAsking} onClick={draws}>
        {rest > MOST ? `Draw ${MOST} more of ${rest.toLocaleString("en")}` : `Draw ${rest === 1 ? "the last one" : `the other ${rest}`}`}
      </button>
    </p>
  );
}

function Count({ of, page }: { of: Ref; page: Connections }) {
  const others = new Set(page.results.map((one) => one.entity.url).filter((one) => one !== of.url)).size;
  return (
    <>
      {counted(page.count, "connection")} of <a href={to(of.url)}>{of.label}</a>
      {page.count > page.results.length ? `; the first ${page.results.length} are drawn, with ${counted(others, "other")}.` : page.count ? ` with ${counted(others, "other")}.` : "."}
    </>
  );
}

/** The connections of a record in words, for those who do not see the lines. */
function Told({ of, page }: { of: Ref; page: Connections }) {
  const name = (ref: Ref) => (ref.url === of.url ? ref.label : <a href={to(ref.url)}>{ref.label}</a>);
  const rows = page.results.map((one) => {
    const [from, until, third] = endsOf(of, one);
    const how = sense({ modality: one.modality, attributed_to: null });
    return (
      <li key={`${one.fact_url} ${one.entity.url}`}>
        {name(from)} <small>{third ? "and" : named(one.property)}</small> {name(until)}
        {third && (
          <>
            {" "}
            <small>{named(one.property)} of</small> {name(third)}
          </>
        )}
        {!third && one.character && one.character.url !== until.url && (
          <>
            {" "}
            <small>as</small> {name(one.character)}
          </>
        )}
        {one.role && <small>, {one.role}</small>} {how && <span class={`mark-of ${how.mark}`}>{how.told}</span>}
      </li>
    );
  });
  return (
    <section aria-labelledby="lines">
      <h2 id="lines">What connects {of.label}</h2>
      <ul class="list">{rows}</ul>
    </section>
  );
}

// Where the records of the last graph stood, so that the way back into it finds them there.
const stood = new Map<string, Node>();
let stoodAround = "";

function useGraph(root: Ref, opened: string[], found: Map<string, Connections>): Graph {
  return useMemo(() => {
    if (stoodAround !== root.url) stood.clear();
    stoodAround = root.url;
    let graph: Graph = { nodes: new Map(), edges: new Map() };
    for (const name of [nameOf(root), ...opened]) {
      const page = found.get(name);
      if (page) graph = grown(graph, name === nameOf(root) ? root : refOf(name, page, graph), page.results, stood);
    }
    for (const [url, node] of graph.nodes) stood.set(url, node);
    return graph;
  }, [root.url, opened.join(" "), found]);
}

interface Failed extends Partial<Problem> {
  name: string;
}

/** What is around each of the records, as many as are to be drawn, asked for one after the other; what fails does not keep the others away, and
 * what is called otherwise by now is told. */
function useFound(drawn: Map<string, number>, onRenamed: (name: string, now: string) => void) {
  const [found, setFound] = useState(new Map<string, Connections>());
  const [failures, setFailures] = useState<Failed[]>([]);
  const isMissing = (name: string, most: number) => {
    const page = found.get(name);
    return !page || (page.next !== null && page.results.length < most);
  };
  const missing = [...drawn].find(([name, most]) => isMissing(name, most) && !failures.some((one) => one.name === name))?.[0];
  const held = missing === undefined ? [] : (found.get(missing)?.results ?? []);
  useEffect(() => {
    if (!missing) return;
    const leaving = new AbortController();
    const [kind = "", slug = ""] = missing.split("/");
    const fail = (status?: number) => setFailures((before) => [...before, { name: missing, ...(status && { status }) }]);
    api
      .GET(`/${PLURALS[kind]!}/{slug}/connections` as "/films/{slug}/connections", { params: { path: { slug }, query: { limit: Math.min(100, drawn.get(missing)! - held.length), offset: held.length } }, signal: leaving.signal })
      .then(({ data, response }) => {
        if (!data) return fail(response.status);
        const now = toldBy(response.url) ?? missing;
        setFound((before) => new Map(before).set(now, { ...data, results: [...held, ...data.results] }));
        if (now !== missing) onRenamed(missing, now);
      })
      .catch(() => leaving.signal.aborted || fail());
    return () => leaving.abort();
  }, [missing, held.length]);
  // On the way back fewer may be drawn than are held.
  const shown = useMemo(() => new Map([...found].map(([name, page]) => [name, { ...page, results: page.results.slice(0, drawn.get(name)) }])), [found, [...drawn].join()]);
  return { found: shown, failed: failures.find(({ name }) => drawn.has(name)), isAsking: !!missing, again: () => setFailures([]) };
}

function nameOf(ref: Ref): string {
  return `${ref.kind}/${ref.slug}`;
}

function urlOf(name: string): string {
  return name.replace(/^[a-z]+/, (kind) => `/${PLURALS[kind]!}`);
}

/** Whose connections an address of the API has; it may have led on from that of an older name. */
export function toldBy(url: string): string | undefined {
  const [, plural = "", slug] = /\/([a-z]+)\/([^/]+)\/connections(?:\?|$)/.exec(url) ?? [];
  return isPlural(plural) ? `${KINDS[plural]}/${slug}` : undefined;
}

function labelOf(name: string, graph: Graph): string {
  return graph.nodes.get(urlOf(name))?.ref.label ?? name;
}

/** The record of that name: as the graph has it, or as its own connections do. */
function refOf(name: string, page: Connections, graph: Graph): Ref {
  const [kind, slug] = name.split("/") as [Ref["kind"], string];
  const told = page.results.find((one) => one.direction === "out")?.subject;
  return graph.nodes.get(urlOf(name))?.ref ?? told ?? { kind, slug, label: slug, url: urlOf(name) };
}
