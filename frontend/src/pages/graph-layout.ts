/** Where the records of a graph stand: near what they are connected with, within a width, and no label over another. */

import { forceLink, forceManyBody, forceSimulation, forceX, forceY, type SimulationLinkDatum, type SimulationNodeDatum } from "d3-force";

import type { Ref } from "../api/client";

export interface Node extends SimulationNodeDatum {
  ref: Ref;
}
export interface Edge extends SimulationLinkDatum<Node> {
  /** What connects the two, each as a sentence of its own. */
  told: Set<string>;
  isPlanned: boolean;
}
export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** How wide a text is drawn, in pixels. */
type Measure = (text: string) => number;

const LINE = 15;
const MOST_LINES = 4;
/** How much of the area is to be covered by labels: the rest is for the lines. */
const COVERED = 0.36;
const GAP = 8;

/** A label in lines that are no longer than they must be; what would take too many is cut short. */
export function linesOf(label: string, longest = 22): string[] {
  const lines = [""];
  for (const word of label.split(" ").flatMap((one) => one.match(new RegExp(`.{1,${longest}}`, "gu")) ?? [])) {
    const last = lines.at(-1)!;
    if (last && last.length + word.length >= longest) lines.push(word);
    else lines[lines.length - 1] = last ? `${last} ${word}` : word;
  }
  return lines.length > MOST_LINES ? [...lines.slice(0, MOST_LINES - 1), `${lines[MOST_LINES - 1]} …`] : lines;
}

/** How many characters a line of a label may have where the graph may be so wide. */
export function longestAt(width: number): number {
  return width < 560 ? 14 : 22;
}

/** Moves the nodes to where they are to stand, and tells what they cover. */
export function layOut(nodes: Node[], edges: Edge[], widest: number, measure: Measure): Box {
  const sizes = nodes.map(({ ref }) => {
    const lines = linesOf(ref.label, longestAt(widest));
    return { width: Math.max(40, ...lines.map(measure)) + GAP, above: 16, below: 16 + LINE * lines.length + GAP };
  });
  const area = sizes.reduce((sum, one) => sum + one.width * (one.above + one.below), 0) / COVERED;
  const width = Math.min(widest, Math.max(320, Math.sqrt(area * 1.6)));
  const height = area / width;
  const within = (node: Node, { width: wide }: { width: number }) => {
    node.x = Math.max(wide / 2, Math.min(width - wide / 2, node.x ?? width / 2));
  };
  const inside = () => nodes.forEach((one, number) => within(one, sizes[number]!));
  forceSimulation<Node, Edge>(nodes)
    .force("link", forceLink<Node, Edge>(edges).distance(Math.min(width, height) / 3).strength(0.3))
    .force("charge", forceManyBody().strength(-Math.sqrt(area) * 0.8))
    .force("across", forceX<Node>(width / 2).strength(0.08 * Math.min(1, height / width)))
    .force("down", forceY<Node>(height / 2).strength(0.08 * Math.min(1, width / height)))
    .force("inside", inside)
    .stop()
    .tick(300);
  inside();
  const boxOf = (number: number): Box => {
    const [{ x, y }, { width: wide, above, below }] = [nodes[number]!, sizes[number]!];
    return { left: x! - wide / 2, top: y! - above, width: wide, height: above + below };
  };
  apart(nodes, boxOf, (number) => within(nodes[number]!, sizes[number]!));
  return around(nodes.map((_, number) => boxOf(number)));
}

/** Pushes apart what overlaps, the shorter way while there is room that way, and in the end downwards. */
function apart(nodes: Node[], boxOf: (number: number) => Box, within: (number: number) => void): void {
  for (let round = 0, isClear = false; round < 200 && !isClear; round++) {
    isClear = true;
    for (let one = 0; one < nodes.length; one++) {
      for (let other = one + 1; other < nodes.length; other++) {
        const over = overlap(boxOf(one), boxOf(other));
        if (!over) continue;
        isClear = false;
        const [a, b] = [nodes[one]!, nodes[other]!];
        if (over.x < over.y) {
          const push = (over.x / 2 + 0.5) * (a.x! < b.x! ? 1 : -1);
          [a.x, b.x] = [a.x! - push, b.x! + push];
          [one, other].forEach(within);
        }
        const left = overlap(boxOf(one), boxOf(other));
        if (!left) continue;
        const push = (left.y / 2 + 0.5) * (a.y! < b.y! ? 1 : -1);
        [a.y, b.y] = [a.y! - push, b.y! + push];
      }
    }
  }
  const placed: number[] = [];
  for (const one of nodes.map((_, number) => number).sort((a, b) => nodes[a]!.y! - nodes[b]!.y!)) {
    for (let over; (over = placed.map((other) => overlap(boxOf(other), boxOf(one))).find(Boolean)); ) nodes[one]!.y! += over.y + 0.5;
    placed.push(one);
  }
}

/** How far two boxes lie over each other, across and down; nothing where they do not. */
export function overlap(one: Box, other: Box): { x: number; y: number } | undefined {
  const x = Math.min(one.left + one.width, other.left + other.width) - Math.max(one.left, other.left);
  const y = Math.min(one.top + one.height, other.top + other.height) - Math.max(one.top, other.top);
  return x > 0 && y > 0 ? { x, y } : undefined;
}

function around(boxes: Box[]): Box {
  const [left, top] = [Math.min(...boxes.map((one) => one.left)), Math.min(...boxes.map((one) => one.top))];
  const right = Math.max(...boxes.map((one) => one.left + one.width));
  const bottom = Math.max(...boxes.map((one) => one.top + one.height));
  return boxes.length ? { left, top, width: right - left, height: bottom - top } : { left: 0, top: 0, width: 0, height: 0 };
}
