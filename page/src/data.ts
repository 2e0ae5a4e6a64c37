// What reporters/html writes into the page.

export const SEVERITIES = ["high", "medium", "low", "info"] as const;
export type Severity = (typeof SEVERITIES)[number];
export type FindingState = "open" | "suppressed" | "baseline";
export type PracticeState = "failed" | "met" | "undecided" | "not-seen" | "answered" | "open" | "unchecked";
export type Risk = "HIGH" | "MEDIUM" | "NONE" | "UNANSWERED" | "NOT_APPLICABLE";

export interface Rule {
  name: string;
  pillar: string;
  practices: string[];
  controls: string[];
  reason: string;
  help: string;
}

export interface Instance {
  address: string;
  root: string;
  condition: string | null;
}

export interface Finding {
  code: string;
  severity: Severity;
  state: FindingState;
  message: string;
  place: string;
  address: string;
  type: string;
  root: string;
  instances: Instance[];
  excerpt: [string, string][];
  remedy: string;
  change: string[]; // a heading, and the lines that a fix takes away and brings
  related: { place: string; message: string }[];
  construct: string;
  suppressed: string | null;
}

export interface Undecided {
  code: string;
  name: string;
  address: string;
  place: string;
  reasons: string[];
}

export interface Answer {
  status: "followed" | "not-followed" | "not-applicable";
  reason: string;
  notes: string;
  evidence: string[];
  owner: string;
  reviewed: string;
  expires: string;
}

export interface Practice {
  id: string;
  title: string;
  risk: string;
  state: PracticeState;
  verdict: "followed" | "not-followed" | "not-applicable" | "open";
  standing: string;
  contradicted: boolean;
  expired: boolean;
  rules: string[];
  checked: [number, number, number];
  reasons: string[];
  ask: string;
  wanted: string;
  answer: Answer | null;
}

export interface Question {
  id: string;
  title: string;
  pillar: string;
  phase: string;
  risk: Risk;
  practices: Practice[];
}

export interface Lens {
  name: string;
  title: string;
  address: string;
  pillars: { id: string; name: string }[];
  phases: string[];
  questions: Question[];
}

export interface Kind {
  forward: string;
  backward: string;
  turned: boolean;
  family: string;
}

// Address, type, place, condition, part of machine learning, deployment.
export type NodeRow = [string, string, string, string, "ml" | "tied" | "perhaps" | "", string];
// Source, target, kind, property, condition.
export type EdgeRow = [number, number, number, string, string];

export interface Project {
  root: string;
  nodes: NodeRow[];
  edges: EdgeRow[];
}

export interface Graph {
  families: Record<string, string>;
  kinds: Kind[];
  projects: Project[];
}

export interface Total {
  name: string;
  risks: Record<Risk, number>;
}

export interface Review {
  risks: Record<Risk, number>;
  states: Record<PracticeState, number>;
  pillars: Total[];
  phases: Total[];
  contradictions: string[];
  expired: string[];
  difference: string;
}

export interface Problem {
  path: string;
  line: number;
  message: string;
}

export interface Data {
  kind: "check" | "review" | "graph";
  title: string;
  version: string;
  summary?: {
    files: number;
    resources: number;
    findings: Record<Severity, number>;
    hidden: Record<Severity, number>;
    undecided: number;
    suppressed: number;
    baselined: number | null;
    passed: number;
    failed: number;
    unsure: number;
  };
  rules?: Record<string, Rule>;
  findings?: Finding[];
  undecided?: Undecided[];
  notices?: Problem[];
  errors?: Problem[];
  lenses?: Lens[];
  graph: Graph;
  review?: Review;
}

export const data = JSON.parse(document.getElementById("data")?.textContent ?? "{}") as Data;
export const findings = data.findings ?? [];
// Without a prototype: what the address names is looked up in it.
export const rules: Record<string, Rule> = Object.assign(Object.create(null) as object, data.rules);
export const lenses = data.lenses ?? [];
export const undecided = data.undecided ?? [];

export function worst(found: Iterable<Finding>): Severity | undefined {
  let best: number = SEVERITIES.length;
  for (const each of found) best = Math.min(best, SEVERITIES.indexOf(each.severity));
  return SEVERITIES[best];
}

export function counted(found: Iterable<Finding>): Record<Severity, number> {
  const counts = { high: 0, medium: 0, low: 0, info: 0 };
  for (const each of found) counts[each.severity] += 1;
  return counts;
}
