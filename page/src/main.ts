// Puts the page together: views, filters, theme, printing.

import { counted, data, findings, rules, SEVERITIES, undecided } from "./data";
import { append, capital, debounced, h } from "./dom";
import { findingsView, openAll, undecidedView } from "./findings";
import { graphView, restyle, showGraph, syncLegend } from "./graph";
import { overview } from "./overview";
import { MARKS } from "./parts";
import { chosenFindings, chosenUndecided, lensOf, resourceOf } from "./select";
import { address, DEFAULTS, list, listen, onChange, set, state, type State, toggled } from "./state";

const PRINTED = 400;
const main = document.getElementById("main") as HTMLElement;
const nav = document.getElementById("views") as HTMLElement;
const tools = document.getElementById("tools") as HTMLElement;
const filters = h("form", { class: "filters", role: "search", "aria-label": "Filters", onsubmit: (event) => event.preventDefault() });
const content = h("div", { id: "content" });

const VIEWS: Record<string, [string, () => number | undefined]> =
  data.kind === "graph"
    ? { graph: ["Graph", () => undefined] }
    : {
        overview: ["Overview", () => undefined],
        findings: ["Findings", () => chosenFindings(state()).length],
        undecided: ["Undecided", () => new Set(chosenUndecided(state()).map((each) => `${each.place}${each.address}`)).size],
        graph: ["Graph", () => undefined],
      };

function current(): string {
  return Object.hasOwn(VIEWS, state().view) ? state().view : DEFAULTS.view;
}

// -- views

function drawNav(): void {
  nav.hidden = Object.keys(VIEWS).length < 2;
  nav.replaceChildren(
    h(
      "ul",
      {},
      ...Object.entries(VIEWS).map(([view, [title, count]]) => {
        const number = count();
        return h(
          "li",
          {},
          h(
            "a",
            { href: address({ view }), "aria-current": view === current() ? "page" : false, "data-view": view },
            title,
            number === undefined ? null : h("span", { class: "count" }, number.toLocaleString("en")),
          ),
        );
      }),
    ),
  );
}

function drawContent(): void {
  const view = current();
  const made =
    view === "findings" ? findingsView() : view === "undecided" ? undecidedView() : view === "graph" ? graphView() : overview();
  if (content.firstChild !== made || content.childElementCount > 1) content.replaceChildren(made);
  filters.hidden = view === "overview";
  document.body.dataset["view"] = view;
  if (view === "graph") {
    syncLegend();
    showGraph();
  }
}

// -- filters

function search(): HTMLInputElement {
  const box = h("input", {
    type: "search",
    id: "q",
    placeholder: "Resource, rule, file, words",
    autocomplete: "off",
    spellcheck: "false",
    value: state().q,
  });
  box.addEventListener(
    "input",
    debounced(120, () => set({ q: box.value })),
  );
  return box;
}

const searchBox = search();
const choices = h("div", { class: "choices" });
const chips = h("div", { class: "chips", "aria-label": "Filters in use" });

function drawFilters(): void {
  const now = state();
  const focused = document.activeElement?.id ?? "";
  if (document.activeElement !== searchBox) searchBox.value = now.q;
  choices.replaceChildren();
  const judged = current() !== "undecided" && data.kind !== "graph";
  append(choices, [judged ? severities(now) : null, judged ? statuses(now) : null, grouping(now), projects(now)]);
  drawChips(now);
  if (focused.startsWith("filter-")) document.getElementById(focused)?.focus();
}

function severities(now: State): HTMLElement {
  const counts = counted(chosenFindings(now, ["severity"]));
  return h(
    "div",
    { class: "segmented", role: "group", "aria-label": "Severity" },
    ...SEVERITIES.map((each) =>
      h(
        "button",
        {
          type: "button",
          id: `filter-${each}`,
          class: each,
          "aria-pressed": String(list(now.severity).includes(each)),
          onclick: () => set({ severity: toggled(state().severity, each) }),
        },
        h("span", { class: "mark", "aria-hidden": "true" }, `${MARKS[each]} `),
        `${capital(each)} `,
        h("span", { class: "count" }, counts[each]),
      ),
    ),
  );
}

function statuses(now: State): HTMLElement | null {
  const present = (["open", "suppressed", "baseline"] as const).filter((each) => findings.some((one) => one.state === each));
  if (present.length < 2 && now.status === DEFAULTS.status) return null;
  const names = { open: "Open", suppressed: "Suppressed", baseline: "In the baseline" };
  return h(
    "div",
    { class: "segmented", role: "group", "aria-label": "Status" },
    ...present.map((each) =>
      h(
        "button",
        {
          type: "button",
          id: `filter-${each}`,
          "aria-pressed": String(list(now.status).includes(each)),
          onclick: () => set({ status: toggled(state().status, each) || "open" }),
        },
        names[each],
      ),
    ),
  );
}

function grouping(now: State): HTMLElement | null {
  if (current() !== "findings") return null;
  return h(
    "div",
    { class: "segmented", role: "group", "aria-label": "Group findings by" },
    h("span", { class: "caption" }, "Group by"),
    ...["resource", "rule", "file"].map((each) =>
      h(
        "button",
        { type: "button", id: `filter-${each}`, "aria-pressed": String(now.group === each), onclick: () => set({ group: each }) },
        capital(each),
      ),
    ),
  );
}

function projects(now: State): HTMLElement | null {
  const roots = [...new Set(data.graph.projects.map((each) => each.root))];
  if (roots.length < 2 || current() === "graph") return null;
  return h(
    "label",
    {},
    h("span", {}, "Project"),
    h(
      "select",
      { id: "filter-project", onchange: (event) => set({ project: (event.target as HTMLSelectElement).value }) },
      h("option", { value: "" }, "All"),
      ...roots.map((each) => h("option", { value: each, selected: each === now.project }, each)),
    ),
  );
}

function drawChips(now: State): void {
  const used: [string, Partial<State>][] = [];
  const pillar = lensOf(now)?.pillars.find((each) => each.id === now.pillar)?.name;
  if (now.pillar || now.phase)
    used.push([[pillar, now.phase].filter(Boolean).join(" \u00b7 "), { pillar: "", phase: "" }]);
  if (now.rule) used.push([`${now.rule} ${rules[now.rule]?.name ?? ""}`, { rule: "" }]);
  const resource = resourceOf(now.resource);
  if (resource && current() !== "graph") used.push([resource[1], { resource: "" }]);
  chips.replaceChildren();
  append(
    chips,
    used.map(([said, without]) =>
      h(
        "button",
        { type: "button", class: "chip", onclick: () => set(without) },
        h("span", { class: "unseen" }, "Remove filter: "),
        said,
        h("span", { "aria-hidden": "true" }, " \u00d7"),
      ),
    ),
  );
  if (used.length > 0 || now.q || now.severity)
    chips.append(
      h(
        "button",
        { type: "button", class: "quiet", onclick: () => set({ q: "", severity: "", pillar: "", phase: "", rule: "", resource: "" }) },
        "Clear filters",
      ),
    );
}

// -- theme

const dark = window.matchMedia("(prefers-color-scheme: dark)");

function theme(): string {
  return state().theme || (dark.matches ? "dark" : "light");
}

function drawTheme(): void {
  document.documentElement.dataset["theme"] = theme();
  const other = theme() === "dark" ? "light" : "dark";
  tools.replaceChildren(
    h(
      "button",
      { type: "button", id: "theme", class: "onbar", onclick: () => set({ theme: other }) },
      `${capital(other)} mode`,
    ),
    h("button", { type: "button", class: "onbar", onclick: () => window.print() }, "Print"),
  );
  restyle();
}

// -- printing: everything that the filters leave, below one another

let printing = false;

function beforePrint(): void {
  if (printing) return;
  printing = true;
  document.documentElement.dataset["theme"] = "light";
  restyle();
  if (data.kind !== "graph") {
    const shown = content.firstElementChild;
    const parts: [string, () => HTMLElement][] = [
      ["overview", overview],
      ["findings", findingsView],
      ["undecided", undecidedView],
    ];
    const wanted = parts.filter(([view]) => view !== "undecided" || undecided.length > 0);
    const drawn = wanted.map(([view, draw]) => (view === current() && shown ? shown : draw()));
    content.replaceChildren(...drawn, ...(current() === "graph" && shown ? [shown] : []));
  }
  openAll(data.review ? "main details" : "main details.finding", PRINTED);
}

function afterPrint(): void {
  printing = false;
  drawTheme();
  drawContent();
}

// -- start

function start(): void {
  append(filters, [
    h("label", { class: "searching" }, h("span", {}, "Search"), searchBox),
    choices,
    chips,
  ]);
  main.replaceChildren(filters, content);
  listen();
  drawTheme();
  dark.addEventListener("change", drawTheme);
  window.addEventListener("beforeprint", beforePrint);
  window.addEventListener("afterprint", afterPrint);
  onChange((now, changed) => {
    if (changed.has("theme")) {
      drawTheme();
      if (changed.size === 1) {
        drawNav();
        return;
      }
    }
    const focus = focusKey();
    drawNav();
    drawFilters();
    drawContent();
    if (changed.has("view")) {
      window.scrollTo(0, 0);
      main.focus({ preventScroll: true });
    } else restoreFocus(focus);
    document.title = `${VIEWS[current()]?.[0] ?? ""} \u00b7 ${data.title} \u00b7 mlwa-lint`;
    void now;
  });
  const credits = document.getElementById("credits");
  if (credits) credits.textContent = "Graphs by Cytoscape.js (MIT) and ELK (EPL-2.0); their licences are in the source of this file.";
  drawNav();
  drawFilters();
  drawContent();
}

// The focus survives that its element is drawn again.
function focusKey(): string {
  const active = document.activeElement;
  if (!active || !content.contains(active)) return "";
  return active.getAttribute("aria-label") ?? active.id ?? "";
}

function restoreFocus(key: string): void {
  if (!key || (document.activeElement && document.activeElement !== document.body)) return;
  for (const each of content.querySelectorAll<HTMLElement>("button, a, input, select, [tabindex]"))
    if (each.getAttribute("aria-label") === key || each.id === key) {
      each.focus({ preventScroll: true });
      return;
    }
}

start();
