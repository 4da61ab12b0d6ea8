/** The graph as it is drawn: as large as its labels need to be read. */

import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";

import type { Ref } from "../api/client";
import type { Graph } from "./graph";
import { type Box, type Edge, layOut, linesOf, longestAt, type Node } from "./graph-layout";

interface Drawn {
  graph: Graph;
  chosen: string | undefined;
  opened: Set<string>;
  choose: (ref: Ref) => void;
}
type Places = Map<string, { x: number; y: number }>;

// In milliseconds.
const MOVING = 400;
const MARGIN = 8;

export function Drawing({ graph, chosen, opened, choose }: Drawn) {
  const widest = useWidth();
  const { places, box } = usePlaces(graph, widest);
  // A few are drawn somewhat larger; nothing ever smaller than it can be read.
  const scale = box.width ? Math.max(1, Math.min(1.4, widest / box.width, 600 / box.height)) : 1;
  return (
    <svg
      class="graph"
      viewBox={`${box.left} ${box.top} ${box.width} ${box.height}`}
      width={box.width * scale}
      height={box.height * scale}
      role="group"
      aria-label="Graph"
    >
      {[...graph.edges.entries()].map(([ends, edge]) => (
        <Line key={ends} edge={edge} places={places} isChosen={[edge.source, edge.target].some((one) => (one as Node).ref.url === chosen)} />
      ))}
      {[...graph.nodes.values()].map(({ ref }) => {
        const { x, y } = places.get(ref.url) ?? { x: 0, y: 0 };
        const lines = linesOf(ref.label, longestAt(widest));
        return (
          <g
            key={ref.url}
            class={`node ${ref.kind}`}
            transform={`translate(${x} ${y})`}
            role="button"
            tabindex={0}
            aria-label={`${ref.label}, ${ref.kind}`}
            aria-pressed={ref.url === chosen}
            onClick={() => choose(ref)}
            onKeyDown={(event) => (event.key === "Enter" || event.key === " ") && (event.preventDefault(), choose(ref))}
          >
            <title>{ref.label}</title>
            <rect class="hit" x="-24" y="-14" width="48" height="46" />
            <circle r={opened.has(ref.url) ? 12 : 8} />
            <text>
              {lines.map((line, number) => (
                <tspan key={number} x="0" y={26 + 15 * number}>
                  {`${line} `}
                </tspan>
              ))}
            </text>
          </g>
        );
      })}
    </svg>
  );
}

function Line({ edge, places, isChosen }: { edge: Edge; places: Places; isChosen: boolean }) {
  const [from, until] = [edge.source, edge.target].map((one) => places.get((one as Node).ref.url) ?? { x: 0, y: 0 }) as [Node, Node];
  return (
    <line class={`${edge.isPlanned ? "planned" : ""} ${isChosen ? "chosen" : ""}`} x1={from.x!} y1={from.y!} x2={until.x!} y2={until.y!}>
      <title>{[...edge.told].join("\n")}</title>
    </line>
  );
}

/** How wide the graph may be: as the window is, but for a margin. */
function useWidth(): number {
  const now = () => Math.min(1600, document.documentElement.clientWidth - 2 * 16 - 2);
  const [width, setWidth] = useState(now);
  useLayoutEffect(() => {
    const follow = () => setWidth(now());
    addEventListener("resize", follow);
    return () => removeEventListener("resize", follow);
  }, []);
  return width;
}

/** Where the nodes are, on their way to where they are to stand, and what they cover there. */
function usePlaces(graph: Graph, widest: number): { places: Places; box: Box } {
  const measure = useMemo(measured, []);
  const seen = useRef<Places>(new Map());
  const [drawn, setDrawn] = useState<{ places: Places; box: Box }>({ places: new Map(), box: { left: 0, top: 0, width: 0, height: 0 } });
  useLayoutEffect(() => {
    const nodes = [...graph.nodes.values()];
    const before = nodes.map(({ ref, x, y }) => seen.current.get(ref.url) ?? { x: x!, y: y! });
    const { left, top, width, height } = layOut(nodes, [...graph.edges.values()], widest, measure);
    const box = { left: left - MARGIN, top: top - MARGIN, width: width + 2 * MARGIN, height: height + 2 * MARGIN };
    const isStill = !seen.current.size || matchMedia("(prefers-reduced-motion: reduce)").matches;
    const begun = performance.now();
    let frame = 0;
    const move = () => {
      const part = isStill ? 1 : Math.min(1, (performance.now() - begun) / MOVING);
      const eased = part * (2 - part);
      const between = (from: number, until: number) => from + (until - from) * eased;
      seen.current = new Map(nodes.map(({ ref, x, y }, number) => [ref.url, { x: between(before[number]!.x, x!), y: between(before[number]!.y, y!) }]));
      setDrawn({ places: seen.current, box });
      if (part < 1) frame = requestAnimationFrame(move);
    };
    move();
    return () => cancelAnimationFrame(frame);
  }, [graph, widest]);
  return drawn;
}

function measured(): (text: string) => number {
  const pen = document.createElement("canvas").getContext("2d");
  if (pen) pen.font = `13px ${getComputedStyle(document.body).fontFamily}`;
  return (text) => pen?.measureText(text).width ?? 8 * text.length;
}
