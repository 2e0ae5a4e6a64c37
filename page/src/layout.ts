// Where resources and the bends of their relations are drawn: ELK's layers, from left to right.

import ELK, { type ElkEdgeSection, type ElkExtendedEdge, type ElkNode, type ElkPoint } from "elkjs/lib/elk.bundled.js";

export interface Box {
  id: string;
  group: string; // empty: none
  width: number;
  height: number;
}

export interface Line {
  id: string;
  left: string;
  right: string;
  label: string;
}

export interface Layout {
  centres: Map<string, ElkPoint>;
  routes: Map<string, ElkPoint[]>; // from the first box's border over the bends to the second's
  labels: Map<string, ElkPoint>; // their middles
}

// About how wide a letter of an edge's label is.
const LETTER = 4.9;
const elk = new ELK();

// Whether there is too much to take the time for the neatest layout, and the room for labels of edges.
export function isCrowded(boxes: number, lines: number): boolean {
  return boxes > 150 || lines > 220;
}

export async function laidOut(boxes: Box[], lines: Line[], ratio: number): Promise<Layout> {
  const busy = isCrowded(boxes.length, lines.length);
  const options = {
    "elk.algorithm": "layered",
    "elk.direction": "RIGHT",
    // Right angles take a third more time.
    "elk.edgeRouting": boxes.length > 300 ? "POLYLINE" : "ORTHOGONAL",
    "elk.aspectRatio": ratio.toFixed(2),
    "elk.spacing.nodeNode": "22",
    "elk.spacing.edgeNode": "14",
    "elk.spacing.edgeEdge": "8",
    "elk.spacing.componentComponent": "32",
    "elk.layered.spacing.nodeNodeBetweenLayers": busy ? "70" : "34",
    "elk.layered.spacing.edgeNodeBetweenLayers": "18",
    "elk.layered.spacing.edgeEdgeBetweenLayers": "10",
    "elk.edgeLabels.inline": "true",
    "elk.layered.thoroughness": busy ? "1" : "10",
    ...(busy ? { "elk.layered.crossingMinimization.greedySwitch.type": "OFF" } : {}),
    "elk.layered.nodePlacement.strategy": busy ? "BRANDES_KOEPF" : "NETWORK_SIMPLEX",
  };
  const groups = new Map<string, ElkNode>();
  const groupOf = new Map<string, string>();
  const root: ElkNode = { id: "root", layoutOptions: options, children: [], edges: [] };
  const inside = (name: string): ElkNode => {
    if (!name) return root;
    let found = groups.get(name);
    if (!found) {
      found = {
        id: name,
        layoutOptions: { ...options, "elk.padding": "[top=46,left=22,bottom=22,right=22]" },
        children: [],
        edges: [],
      };
      groups.set(name, found);
      root.children?.push(found);
    }
    return found;
  };
  for (const { id, group, width, height } of boxes) {
    groupOf.set(id, group);
    inside(group).children?.push({ id, width, height });
  }
  for (const { id, left, right, label } of lines) {
    const edge: ElkExtendedEdge = { id, sources: [left], targets: [right] };
    if (!busy) edge.labels = [{ text: label, width: label.length * LETTER + 8, height: 12 }];
    inside(groupOf.get(left) ?? "").edges?.push(edge);
  }
  const found: Layout = { centres: new Map(), routes: new Map(), labels: new Map() };
  collect(await elk.layout(root), 0, 0, found);
  return found;
}

function collect(node: ElkNode, x: number, y: number, found: Layout): void {
  for (const edge of node.edges ?? []) {
    const label = edge.labels?.[0];
    if (label)
      found.labels.set(edge.id, {
        x: x + (label.x ?? 0) + (label.width ?? 0) / 2,
        y: y + (label.y ?? 0) + (label.height ?? 0) / 2,
      });
    const section: ElkEdgeSection | undefined = edge.sections?.[0];
    if (section) {
      const points = [section.startPoint, ...(section.bendPoints ?? []), section.endPoint];
      found.routes.set(
        edge.id,
        points.map((point) => ({ x: x + point.x, y: y + point.y })),
      );
    }
  }
  for (const child of node.children ?? []) {
    const left = x + (child.x ?? 0);
    const top = y + (child.y ?? 0);
    if (child.children) collect(child, left, top, found);
    else found.centres.set(child.id, { x: left + (child.width ?? 0) / 2, y: top + (child.height ?? 0) / 2 });
  }
}

// A route as Cytoscape takes it: how far along the line between both centres each bend is, and how far beside.
export function segments(route: ElkPoint[], from: ElkPoint, to: ElkPoint): { weights: number[]; distances: number[] } {
  const across = { x: to.x - from.x, y: to.y - from.y };
  const square = across.x ** 2 + across.y ** 2;
  const length = Math.sqrt(square);
  const weights: number[] = [];
  const distances: number[] = [];
  for (const point of route.slice(1, -1)) {
    const here = { x: point.x - from.x, y: point.y - from.y };
    weights.push((here.x * across.x + here.y * across.y) / square);
    distances.push((here.y * across.x - here.x * across.y) / length);
  }
  return { weights, distances };
}

// Where Cytoscape would put the label of a route: on the middle bend, or between the two in the middle.
export function middle(route: ElkPoint[]): ElkPoint {
  const bends = route.length > 2 ? route.slice(1, -1) : route;
  const one = bends[Math.floor((bends.length - 1) / 2)] ?? { x: 0, y: 0 };
  const two = bends[Math.ceil((bends.length - 1) / 2)] ?? one;
  return { x: (one.x + two.x) / 2, y: (one.y + two.y) / 2 };
}
