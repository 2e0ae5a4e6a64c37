// Which findings and undecided checks the filters leave.

import { data, type Finding, findings, type Lens, lenses, rules, type Undecided, undecided } from "./data";
import { list, type State } from "./state";

const cells = new Map<string, Map<string, [string, string]>>();

// Pillar and phase of each practice of a lens.
function cellsOf(lens: Lens): Map<string, [string, string]> {
  let found = cells.get(lens.name);
  if (!found) {
    found = new Map();
    for (const question of lens.questions)
      for (const practice of question.practices) found.set(practice.id, [question.pillar, question.phase]);
    cells.set(lens.name, found);
  }
  return found;
}

export function lensOf(state: State): Lens | undefined {
  return lenses.find((each) => each.name === state.lens) ?? lenses[0];
}

export function inCell(state: State, practices: Iterable<string>): boolean {
  if (!state.pillar && !state.phase) return true;
  const lens = lensOf(state);
  if (!lens) return true;
  const where = cellsOf(lens);
  for (const practice of practices) {
    const cell = where.get(practice);
    if (cell && (!state.pillar || cell[0] === state.pillar) && (!state.phase || cell[1] === state.phase)) return true;
  }
  return false;
}

const practicesOf = new Map<string, string[]>();
for (const lens of lenses)
  for (const question of lens.questions)
    for (const practice of question.practices)
      for (const code of practice.rules) practicesOf.set(code, [...(practicesOf.get(code) ?? []), practice.id]);

const searched = new Map<object, string>();
function words(each: Finding | Undecided): string {
  let text = searched.get(each);
  if (text === undefined) {
    const parts =
      "message" in each
        ? [each.code, rules[each.code]?.name, each.message, each.place, each.type, each.remedy, each.address]
        : [each.code, each.name, each.address, each.place, ...each.reasons];
    if ("instances" in each) parts.push(...each.instances.map((one) => one.address));
    text = parts.join("\n").toLowerCase();
    searched.set(each, text);
  }
  return text;
}

function matches(each: Finding | Undecided, q: string): boolean {
  return q
    .toLowerCase()
    .split(/\s+/)
    .every((word) => words(each).includes(word));
}

// The project and the address of a resource in the state: "2:aws_s3_bucket.b".
export function resourceOf(text: string): [number, string] | undefined {
  const colon = text.indexOf(":");
  const number = Number(text.slice(0, colon));
  return colon > 0 && data.graph.projects[number] ? [number, text.slice(colon + 1)] : undefined;
}

export function touches(finding: Finding, root: string, address: string): boolean {
  return finding.instances.some((each) => each.address === address && (!each.root || each.root === root));
}

export function chosenFindings(state: State, ignoring: readonly (keyof State)[] = []): Finding[] {
  const severities = ignoring.includes("severity") ? [] : list(state.severity);
  const statuses = ignoring.includes("status") ? [] : list(state.status);
  const resource = ignoring.includes("resource") ? undefined : resourceOf(state.resource);
  return findings.filter((each) => {
    if (statuses.length > 0 && !statuses.includes(each.state)) return false;
    if (severities.length > 0 && !severities.includes(each.severity)) return false;
    if (state.rule && !ignoring.includes("rule") && each.code !== state.rule) return false;
    if (state.project && !ignoring.includes("project") && !inProject(each, state.project)) return false;
    if (resource) {
      const root = data.graph.projects[resource[0]]?.root ?? "";
      if (!touches(each, root, resource[1])) return false;
    }
    if (!inCell(state, rules[each.code]?.practices ?? [])) return false;
    return !state.q || ignoring.includes("q") || matches(each, state.q);
  });
}

function inProject(finding: Finding, root: string): boolean {
  return finding.instances.some((each) => each.root === root) || finding.root === root;
}

const addresses = new Map<string, Set<string>>();
function addressesOf(root: string): Set<string> {
  let found = addresses.get(root);
  if (!found) {
    const project = data.graph.projects.find((each) => each.root === root);
    found = new Set([root, ...(project?.nodes.map((each) => each[0]) ?? [])]);
    addresses.set(root, found);
  }
  return found;
}

export function chosenUndecided(state: State): Undecided[] {
  return undecided.filter((each) => {
    if (state.rule && each.code !== state.rule) return false;
    if (state.project && !addressesOf(state.project).has(each.address)) return false;
    const resource = resourceOf(state.resource);
    if (resource && each.address !== resource[1]) return false;
    if (!inCell(state, practicesOf.get(each.code) ?? [])) return false;
    return !state.q || matches(each, state.q);
  });
}
