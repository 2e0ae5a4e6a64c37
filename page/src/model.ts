// The graph of all projects: nodes with their findings, edges from left to right, neighbourhoods.

import { data, type Finding, findings, type Kind, type Severity, worst } from "./data";

export interface Node {
  id: string; // "project number:address", as in the address of the page
  project: number;
  address: string;
  type: string;
  place: string;
  when: string;
  part: "ml" | "tied" | "perhaps" | "";
  deployment: string;
  findings: Finding[];
  worst: Severity | undefined;
}

export interface Edge {
  id: string;
  left: string;
  right: string;
  source: string;
  target: string;
  kind: Kind;
  property: string;
  when: string;
}

export const nodes = new Map<string, Node>();
export const edges: Edge[] = [];
export const edgesOf = new Map<string, Edge[]>();

const byPlace = new Map<string, Finding[]>();
for (const finding of findings) {
  if (finding.state === "suppressed") continue;
  for (const each of finding.instances.length > 0 ? finding.instances : [{ address: finding.address, root: finding.root }]) {
    const key = `${each.root}\n${each.address}`;
    byPlace.set(key, [...(byPlace.get(key) ?? []), finding]);
  }
}

for (const [number, project] of data.graph.projects.entries()) {
  const ids: string[] = [];
  for (const [address, type, place, when, part, deployment] of project.nodes) {
    const id = `${number}:${address}`;
    const found = byPlace.get(`${project.root}\n${address}`) ?? [];
    ids.push(id);
    nodes.set(id, { id, project: number, address, type, place, when, part, deployment, findings: found, worst: worst(found) });
    edgesOf.set(id, []);
  }
  for (const [position, [source, target, number_, property, when]] of project.edges.entries()) {
    const kind = data.graph.kinds[number_];
    const from = ids[source];
    const to = ids[target];
    if (!kind || from === undefined || to === undefined) continue;
    const edge: Edge = {
      id: `e${number}:${position}`,
      left: kind.turned ? to : from,
      right: kind.turned ? from : to,
      source: from,
      target: to,
      kind,
      property,
      when,
    };
    edges.push(edge);
    edgesOf.get(from)?.push(edge);
    if (to !== from) edgesOf.get(to)?.push(edge);
  }
}

// What the arrow says when it is read from left to right.
export function reading(edge: Edge): string {
  return edge.kind.turned ? edge.kind.backward : edge.kind.forward;
}

// What an edge says about one of its ends: "is used by Endpoint".
export function saidOf(edge: Edge, id: string): [string, Node | undefined] {
  return edge.source === id ? [edge.kind.forward, nodes.get(edge.target)] : [edge.kind.backward, nodes.get(edge.source)];
}

export function around(id: string, depth: number, hidden: ReadonlySet<string>): Set<string> {
  const found = new Set([id]);
  let border = [id];
  for (let step = 0; step < depth; step += 1) {
    const next: string[] = [];
    for (const each of border)
      for (const edge of edgesOf.get(each) ?? []) {
        if (hidden.has(edge.kind.family)) continue;
        const other = edge.left === each ? edge.right : edge.left;
        if (!found.has(other)) {
          found.add(other);
          next.push(other);
        }
      }
    border = next;
  }
  return found;
}

const RANK: Record<string, number> = { high: 0, medium: 1, low: 2, info: 3 };
export function byWeight(a: Node, b: Node): number {
  const rank = (each: Node): number => RANK[each.worst ?? ""] ?? 4;
  return rank(a) - rank(b) || b.findings.length - a.findings.length || Number(!a.part) - Number(!b.part);
}
