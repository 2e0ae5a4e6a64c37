// What is shown, kept in the address, so that a link or a reload shows the same.

import { data, lenses } from "./data";

export interface State {
  view: string;
  q: string;
  severity: string; // a list; empty: all
  status: string; // open, suppressed, baseline
  group: string; // resource, rule, file
  lens: string;
  pillar: string;
  phase: string;
  rule: string;
  project: string; // a root; empty: all
  resource: string; // "project number:address" of the graph
  around: string; // a resource whose neighbourhood is drawn
  depth: string;
  ml: string;
  families: string; // those that are hidden
  theme: string;
}

export const DEFAULTS: State = {
  view: data.kind === "graph" ? "graph" : "overview",
  q: "",
  severity: "",
  status: "open",
  group: "resource",
  lens: lenses[0]?.name ?? "",
  pillar: "",
  phase: "",
  rule: "",
  project: "",
  resource: "",
  around: "",
  depth: "2",
  ml: "",
  families: "mention",
  theme: "",
};

type Listener = (state: State, changed: ReadonlySet<keyof State>) => void;
const listeners: Listener[] = [];
const KEYS = Object.keys(DEFAULTS) as (keyof State)[];
let current = read();

function read(): State {
  const given = new URLSearchParams(location.hash.replace(/^#/, ""));
  const state = { ...DEFAULTS };
  for (const key of KEYS) {
    const value = given.get(key);
    if (value !== null) state[key] = value;
  }
  return state;
}

function written(state: State): string {
  const said = new URLSearchParams();
  for (const key of KEYS) if (state[key] !== DEFAULTS[key]) said.set(key, state[key]);
  return said.toString();
}

export function state(): State {
  return current;
}

export function onChange(listener: Listener): void {
  listeners.push(listener);
}

// Changes what is shown. A change of view can be gone back from; typing a filter cannot.
export function set(changes: Partial<State>): void {
  const next = { ...current, ...changes };
  const hash = `#${written(next)}`;
  const url = location.href.replace(/#.*$/, "") + hash;
  try {
    if (next.view !== current.view) history.pushState(null, "", url);
    else history.replaceState(null, "", url);
  } catch {
    // Some viewers, and some frames, let no page change its address: then it only shows what was chosen.
  }
  apply(next);
}

export function address(changes: Partial<State>): string {
  return `#${written({ ...current, ...changes })}`;
}

function apply(next: State): void {
  const changed = new Set(KEYS.filter((key) => next[key] !== current[key]));
  current = next;
  if (changed.size > 0) for (const listener of listeners) listener(current, changed);
}

export function listen(): void {
  window.addEventListener("hashchange", () => apply(read()));
  window.addEventListener("popstate", () => apply(read()));
}

export function list(text: string): string[] {
  return text ? text.split(",") : [];
}

export function toggled(text: string, item: string): string {
  const items = list(text);
  return (items.includes(item) ? items.filter((each) => each !== item) : [...items, item]).join(",");
}
