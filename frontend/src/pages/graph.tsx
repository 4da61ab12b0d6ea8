/** What is around a record, as a graph that grows where it is clicked, and the way from one record to another. */

import { forceCenter, forceCollide, forceLink, forceManyBody, forceSimulation, type SimulationLinkDatum, type SimulationNodeDatum } from "d3-force";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";

import { api, type Plural, type Ref, type Schemas } from "../api/client";
import { to } from "../router";
import { useTitle } from "../title";
import { counted, named } from "../words";

type Connection = Schemas["Connection"];
interface Node extends SimulationNodeDatum {
  ref: Ref;
  isOpen: boolean;
}
interface Edge extends SimulationLinkDatum<Node> {
  told: string;
  isPlanned: boolean;
}
export interface Graph {
  nodes: Map<string, Node>;
  edges: Map<string, Edge>;
}

const SIZE = 900;
// A graph of more than so many around one record is a ball of wool.
const MOST = 30;

/** The graph with what was found around one of its records; what was there stays where it was. */
export function grown(graph: Graph, around: Ref, found: Connection[]): Graph {
  const nodes = new Map(graph.nodes);
  const edges = new Map(graph.edges);
  const middle = nodes.get(around.url) ?? { ref: around, isOpen: true, x: SIZE / 2, y: SIZE / 2 };
  nodes.set(around.url, Object.assign(middle, { isOpen: true }));
  for (const [number, { entity, property, modality, fact_url }] of found.entries()) {
    if (entity.url === around.url) continue;
    // New ones begin on a spiral: from one point they would push each other out of sight.
    const [angle, distance] = [number * 2.4, 80 + 6 * number];
    const [x, y] = [middle.x! + distance * Math.cos(angle), middle.y! + distance * Math.sin(angle)];
    const other = nodes.get(entity.url) ?? { ref: entity, isOpen: false, x, y };
    nodes.set(entity.url, other);
    // One fact may connect three: a film, who plays in it, and whom they play.
    const ends = [around.url, entity.url].sort();
    edges.set(`${fact_url} ${ends}`, { source: middle, target: other, told: named(property), isPlanned: modality === "planned" });
  }
  return { nodes, edges };
}

export function GraphPage({ plural, slug }: { plural: Plural; slug: string }) {
  const [graph, setGraph] = useState<Graph>({ nodes: new Map(), edges: new Map() });
  const [told, setTold] = useState("Loading");
  const [last, setLast] = useState<Ref>();
  const open = async (ref: Ref) => {
    const [noun, name] = ref.url.slice(1).split("/") as [Plural, string];
    const { data } = await api
      .GET(`/${noun}/{slug}/connections` as "/films/{slug}/connections", { params: { path: { slug: name }, query: { limit: MOST } } })
      .catch(() => ({ data: undefined }));
    if (!data) return setTold("The server did not answer");
    setGraph((before) => grown(before, ref, data.results));
    setLast(ref);
    setTold(`${counted(data.count, "connection")}${data.count > MOST ? `, of which ${MOST} are shown,` : ""} of `);
  };
  useEffect(() => {
    void api.GET(`/${plural}/{slug}` as "/films/{slug}", { params: { path: { slug } } }).then(({ data }) => data && open(data as Ref), () => setTold("The server does not answer"));
  }, [plural, slug]);
  const first = [...graph.nodes.values()][0]?.ref;
  const kinds = new Set([...graph.nodes.values()].map((one) => one.ref.kind));
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (frame.current) frame.current.scrollLeft = (frame.current.scrollWidth - frame.current.clientWidth) / 2;
  }, [first?.url]);
  useTitle(first && `Around ${first.label}`);
  return (
    <>
      <h1>Around {first ? <a href={to(first.url)}>{first.label}</a> : "…"}</h1>
      <p class="kind" role="status">
        {told}
        {last && <a href={to(last.url)}>{last.label}</a>}. Choose anything to see what is around it.
      </p>
      {/* What does not fit is looked at from its middle. */}
      <div class="frame" ref={frame}>
        <Drawing graph={graph} open={open} />
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
    </>
  );
}

function Drawing({ graph, open }: { graph: Graph; open: (ref: Ref) => void }) {
  const [, redraw] = useState(0);
  const simulation = useRef(forceSimulation<Node, Edge>().stop());
  const nodes = useMemo(() => [...graph.nodes.values()], [graph]);
  const edges = useMemo(() => [...graph.edges.values()], [graph]);
  useEffect(() => {
    const moving = simulation.current
      .nodes(nodes)
      .force("link", forceLink<Node, Edge>(edges).distance(130))
      .force("charge", forceManyBody().strength(-500))
      .force("collide", forceCollide(62))
      .force("center", forceCenter(SIZE / 2, SIZE / 2))
      .alpha(1);
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
      moving.stop().tick(300);
      redraw((before) => before + 1);
      return;
    }
    moving.on("tick", () => redraw((before) => before + 1)).restart();
    return () => void moving.stop();
  }, [nodes, edges]);
  return (
    <svg class="graph" viewBox={viewOf(nodes)} role="group" aria-label="Graph">
      {edges.map((one, number) => (
        <Line key={number} edge={one} />
      ))}
      {nodes.map((one) => (
        <g
          key={one.ref.url}
          class={`node ${one.ref.kind}`}
          transform={`translate(${one.x ?? 0} ${one.y ?? 0})`}
          role="button"
          tabindex={0}
          aria-label={`${one.ref.label}, ${one.ref.kind}`}
          onClick={() => open(one.ref)}
          onKeyDown={(event) => (event.key === "Enter" || event.key === " ") && (event.preventDefault(), open(one.ref))}
        >
          <rect class="hit" x="-50" y="-14" width="100" height="60" />
          <circle r={one.isOpen ? 12 : 8} />
          <text>
            {linesOf(one.ref.label).map((line, number) => (
              <tspan key={number} x="0" y={26 + 15 * number}>
                {`${line} `}
              </tspan>
            ))}
          </text>
        </g>
      ))}
    </svg>
  );
}

function Line({ edge }: { edge: Edge }) {
  const [from, until] = [edge.source as Node, edge.target as Node];
  return (
    <line class={edge.isPlanned ? "planned" : ""} x1={from.x ?? 0} y1={from.y ?? 0} x2={until.x ?? 0} y2={until.y ?? 0}>
      <title>{`${from.ref.label}: ${edge.told}: ${until.ref.label}`}</title>
    </line>
  );
}

function viewOf(nodes: Node[]): string {
  const [xs, ys] = [nodes.map((one) => one.x ?? 0), nodes.map((one) => one.y ?? 0)];
  if (!nodes.length) return `0 0 ${SIZE} ${SIZE}`;
  const [left, top] = [Math.min(...xs) - 110, Math.min(...ys) - 40];
  return `${left} ${top} ${Math.max(...xs) + 110 - left} ${Math.max(...ys) + 50 - top}`;
}

/** A label in lines that are no longer than they must be. */
export function linesOf(label: string, longest = 22): string[] {
  const lines = [""];
  for (const word of label.split(" ")) {
    const last = lines.at(-1)!;
    if (last && last.length + word.length >= longest) lines.push(word);
    else lines[lines.length - 1] = last ? `${last} ${word}` : word;
  }
  return lines;
}
