// Findings in groups, each with its excerpt, reason and fix; and undecided checks with their reasons.

import { data, type Finding, rules, SEVERITIES, type Undecided, worst } from "./data";
import { announce, append, capital, h, link, many, prose } from "./dom";
import { growing, severityTag, severityTags } from "./parts";
import { chosenFindings, chosenUndecided } from "./select";
import { set, state } from "./state";

interface Group {
  title: string;
  detail: string;
  found: Finding[];
}

function weight(each: Finding): number {
  return SEVERITIES.indexOf(each.severity);
}

function grouped(found: Finding[], by: string): Group[] {
  const groups = new Map<string, Group>();
  for (const each of [...found].sort((a, b) => weight(a) - weight(b))) {
    const rule = rules[each.code];
    const file = each.place.replace(/:\d+:\d+( \(.*\))?$/, "");
    const [key, title, detail] =
      by === "rule"
        ? [each.code, `${each.code} ${rule?.name ?? ""}`, rule?.pillar ?? ""]
        : by === "file"
          ? [file, file, ""]
          : [`${each.root}\n${each.address}`, each.address, each.type.replace(/^AWS::/, "")];
    const group = groups.get(key) ?? { title, detail, found: [] };
    group.found.push(each);
    groups.set(key, group);
  }
  return [...groups.values()];
}

export function findingsView(): HTMLElement {
  const now = state();
  const found = chosenFindings(now);
  const groups = grouped(found, now.group);
  const section = h("section", { class: "view", "aria-labelledby": "findings" });
  append(section, [
    h("h2", { id: "findings" }, "Findings"),
    h("p", { class: "lead" }, found.length === 0 ? "" : `${many(found.length, "finding")} in ${many(groups.length, now.group)}`),
    groups.length === 0
      ? h("p", { class: "empty" }, (data.findings ?? []).length > 0 ? "No finding fits these filters." : "Nothing was found.")
      : growing(groups, 60, now.group, groupBox),
  ]);
  announce(`${many(found.length, "finding")} shown`);
  return section;
}

function groupBox(group: Group): HTMLElement {
  const box = h(
    "section",
    { class: `group edge-${worst(group.found) ?? "info"}`, "aria-label": group.title },
    h(
      "h3",
      {},
      h("span", { class: "words" }, group.title),
      group.detail ? h("small", {}, group.detail) : null,
      severityTags(group.found),
    ),
  );
  box.append(growing(group.found, 25, "finding", findingRow));
  return box;
}

function findingRow(finding: Finding): HTMLElement {
  const details = h(
    "details",
    { class: "finding" },
    h(
      "summary",
      {},
      severityTag(finding.severity),
      h("span", { class: "code" }, finding.code),
      h("span", { class: "words" }, finding.message, stateTag(finding)),
      h("code", { class: "place" }, finding.place),
    ),
  );
  details.addEventListener("toggle", () => {
    if (details.open) fill(details, finding);
  });
  return details;
}

function stateTag(finding: Finding): HTMLElement | null {
  if (finding.state === "open") return null;
  return h("span", { class: "tag faint" }, finding.state === "baseline" ? "in the baseline" : "suppressed");
}

const filled = new WeakSet<Element>();
function fill(details: HTMLElement, finding: Finding): void {
  if (filled.has(details)) return;
  filled.add(details);
  append(details, [body(finding)]);
}

function body(finding: Finding): HTMLElement {
  const rule = rules[finding.code];
  const facts = h("dl", { class: "facts" });
  const fact = (name: string, ...values: (Node | string | null)[]): void => {
    if (values.some(Boolean)) facts.append(h("dt", {}, name), h("dd", {}, ...values));
  };
  if (finding.suppressed !== null) fact("Suppressed", finding.suppressed || "no reason given");
  if (rule?.reason) fact("Why", prose(rule.reason));
  if (finding.remedy) fact("Fix", prose(finding.remedy));
  const [heading, ...lines] = finding.change;
  const [, title, reservation] = /^(.*?)(?: \((.*)\))?:$/.exec(heading ?? "") ?? [];
  if (title) fact(title, reservation ? h("p", {}, capital(reservation)) : null, change(lines));
  fact("Rule", rule ? link(rule.help, `${finding.code} ${rule.name}`) : finding.code);
  fact("Practices", (rule?.practices ?? []).join(", "));
  fact("Same control", (rule?.controls ?? []).join(", "));
  fact("Made by", finding.construct);
  fact("Resource", h("code", {}, finding.address), ` ${finding.type}`);
  if (finding.instances.length > 1) {
    const rows = finding.instances.map((each) =>
      h("li", {}, h("code", {}, each.address), each.root ? ` in ${each.root}` : "", each.condition ? `, ${each.condition}` : ""),
    );
    fact(many(finding.instances.length, "instance"), h("ul", {}, ...rows));
  }
  if (finding.related.length > 0) {
    fact("See", h("ul", {}, ...finding.related.map((each) => h("li", {}, h("code", {}, each.place), ` ${each.message}`))));
  }
  const node = nodeOf(finding);
  return h(
    "div",
    { class: "body" },
    excerpt(finding),
    facts,
    h(
      "p",
      { class: "actions" },
      node
        ? h("button", { type: "button", onclick: () => set({ view: "graph", resource: node, around: node, project: "" }) }, "Show in the graph")
        : null,
      h("button", { type: "button", class: "quiet", onclick: () => set({ rule: finding.code }) }, `Only ${finding.code}`),
    ),
  );
}

let positions: Map<string, string> | undefined;
export function nodeOf(finding: Finding): string | undefined {
  if (!positions) {
    positions = new Map();
    for (const [number, project] of data.graph.projects.entries())
      for (const node of project.nodes) positions.set(`${project.root}\n${node[0]}`, `${number}:${node[0]}`);
  }
  for (const each of [finding, ...finding.instances]) {
    const found = positions.get(`${each.root}\n${each.address}`);
    if (found) return found;
  }
  return undefined;
}

function change(lines: string[]): HTMLElement {
  const kinds: Record<string, string> = { "-": "line minus", "+": "line plus" };
  const made = lines.map((line) => h("span", { class: kinds[line.charAt(0)] ?? "line" }, line));
  return h("pre", { class: "excerpt change", tabindex: "0", role: "region", "aria-label": "Suggested change" }, ...made);
}

function excerpt(finding: Finding): HTMLElement | null {
  if (finding.excerpt.length === 0) return null;
  const pre = h("pre", { class: "excerpt", tabindex: "0", role: "region", "aria-label": `Source, ${finding.place}` });
  const under = finding.excerpt.find((row) => row[0] === "");
  const start = under ? under[1].search(/\^/) : -1;
  const length = under ? under[1].trim().length : 0;
  const rows = finding.excerpt.filter((row) => row[0] !== "");
  rows.forEach(([number, text], position) => {
    const line = h("span", { class: "line" }, h("span", { class: "number", "aria-hidden": "true" }, number));
    const last = position === rows.length - 1;
    // Columns are characters only where every character is one column wide.
    if (last && start >= 0 && /^[\x20-\x7e\u2026]*$/.test(text)) {
      const mark = h("mark", { class: finding.severity }, text.slice(start, start + length));
      append(line, [text.slice(0, start), mark, text.slice(start + length)]);
    } else {
      line.append(document.createTextNode(text));
      if (last) line.classList.add("marked");
    }
    pre.append(line);
  });
  return pre;
}

// Opens what is drawn, for printing.
export function openAll(selector: string, limit: number): void {
  for (const details of [...document.querySelectorAll<HTMLDetailsElement>(selector)].slice(0, limit)) {
    details.open = true;
    details.dispatchEvent(new Event("toggle"));
  }
}

export function undecidedView(): HTMLElement {
  const found = chosenUndecided(state());
  const groups = new Map<string, { address: string; place: string; reasons: Map<string, Undecided[]> }>();
  for (const each of found) {
    const key = `${each.place}\n${each.address}`;
    const group = groups.get(key) ?? { address: each.address, place: each.place, reasons: new Map<string, Undecided[]>() };
    for (const reason of each.reasons) group.reasons.set(reason, [...(group.reasons.get(reason) ?? []), each]);
    groups.set(key, group);
  }
  const section = h("section", { class: "view", "aria-labelledby": "undecided" });
  append(section, [
    h("h2", { id: "undecided" }, "Undecided"),
    h("p", { class: "lead" }, "What rules could not decide because it is known only after deployment, and why."),
    groups.size === 0
      ? h("p", { class: "empty" }, "Nothing is undecided here.")
      : growing([...groups.values()], 80, "resource", (group) =>
          h(
            "section",
            { class: "group edge-undecided", "aria-label": group.address },
            h("h3", {}, h("span", { class: "words" }, group.address), h("code", { class: "place" }, group.place)),
            h(
              "ul",
              { class: "reasons" },
              ...[...group.reasons].map(([reason, rows]) =>
                h("li", {}, reason, " ", h("span", { class: "code" }, [...new Set(rows.map((one) => one.code))].join(", "))),
              ),
            ),
          ),
        ),
  ]);
  announce(`${many(groups.size, "resource")} with undecided checks shown`);
  return section;
}
