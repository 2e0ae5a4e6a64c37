// The drawn graph, with a panel that says the same in words.

import cytoscape from "cytoscape";
import { counted, data, SEVERITIES } from "./data";
import { announce, append, debounced, h, many } from "./dom";
import { type Box, isCrowded, laidOut, type Layout, middle, segments } from "./layout";
import { around, byWeight, type Edge, edges, edgesOf, type Node, nodes, reading, saidOf } from "./model";
import { growing, MARKS, severityTag, severityTags } from "./parts";
import { chosenFindings, touches } from "./select";
import { list, set, state, type State, toggled } from "./state";

// So many resources are drawn at once; of more, a project or a neighbourhood.
const LIMIT = 500;
const WIDTH = 196;
const HEIGHT = 42;
const BADGED = 58;
const LETTERS = 28;
const FAR = 0.42;
const SPECK = 0.14;

// How the edges of a family are drawn: a colour, and a pattern that tells it apart without one.
const PATTERNS: Record<string, { color: string; dashes: number[] }> = {
  serving: { color: "--edge-serving", dashes: [] },
  flow: { color: "--edge-flow", dashes: [10, 3] },
  data: { color: "--edge-data", dashes: [2, 3] },
  access: { color: "--edge-access", dashes: [7, 3, 2, 3] },
  watching: { color: "--edge-watching", dashes: [4, 3] },
  network: { color: "--edge-network", dashes: [14, 3, 4, 3] },
  mention: { color: "--edge-mention", dashes: [2, 6] },
};

interface Scene {
  shown: Node[];
  note: string;
  // The project that was chosen for the user, or the resource.
  project: string;
  around: string;
}

export function scene(now: State): Scene {
  const hidden = new Set(list(now.families));
  const fits = (each: Node): boolean => !now.ml || each.part !== "";
  if (now.around && nodes.has(now.around)) {
    const ids = around(now.around, Number(now.depth) || 2, hidden);
    const shown = [...ids].flatMap((id) => nodes.get(id) ?? []).filter((each) => fits(each) || each.id === now.around);
    return limited({ shown, note: "", project: now.project, around: now.around });
  }
  const every = [...nodes.values()].filter(fits);
  const wanted = now.project ? every.filter((each) => rootOf(each) === now.project) : every;
  if (wanted.length <= LIMIT) return { shown: wanted, note: "", project: now.project, around: "" };
  if (!now.project) {
    const project = heaviest(wanted);
    const inside = wanted.filter((each) => rootOf(each) === project);
    const note = `${many(wanted.length, "resource")} are too many to draw at once: this is the project with the gravest findings.`;
    if (inside.length <= LIMIT) return { shown: inside, note, project, around: "" };
    return neighbourhood(inside, hidden, project);
  }
  return neighbourhood(wanted, hidden, now.project);
}

function neighbourhood(inside: Node[], hidden: ReadonlySet<string>, project: string): Scene {
  const first = [...inside].sort(byWeight)[0];
  if (!first) return { shown: [], note: "", project, around: "" };
  const ids = around(first.id, 2, hidden);
  const note = `${many(inside.length, "resource")} are too many to draw at once: this is the neighbourhood of ${first.address}. Choose another resource in the list.`;
  return limited({ shown: inside.filter((each) => ids.has(each.id)), note, project, around: first.id });
}

function limited(found: Scene): Scene {
  if (found.shown.length <= LIMIT) return found;
  const centre = nodes.get(found.around);
  const near = new Set((edgesOf.get(found.around) ?? []).flatMap((edge) => [edge.left, edge.right]));
  const sorted = [...found.shown].sort((a, b) => Number(near.has(b.id)) - Number(near.has(a.id)) || byWeight(a, b));
  const shown = sorted.filter((each) => each !== centre).slice(0, LIMIT - 1);
  const note = `The neighbourhood has ${many(found.shown.length, "resource")}; the nearest ${LIMIT} are drawn.`;
  return { ...found, shown: centre ? [centre, ...shown] : shown, note };
}

function rootOf(each: Node): string {
  return data.graph.projects[each.project]?.root ?? "";
}

function heaviest(found: Node[]): string {
  const first = [...found].sort(byWeight)[0];
  const sizes = new Map<string, number>();
  for (const each of found) sizes.set(rootOf(each), (sizes.get(rootOf(each)) ?? 0) + 1);
  const fitting = [...found].sort(byWeight).find((each) => (sizes.get(rootOf(each)) ?? 0) <= LIMIT);
  return rootOf(fitting ?? first ?? ({ project: 0 } as Node));
}

// -- the view

let view: HTMLElement | undefined;
let canvas: HTMLElement;
let panel: HTMLElement;
let bar: HTMLElement;
let note: HTMLElement;
let cy: cytoscape.Core | undefined;
let drawn = "";
let revealed = "";
let isFar = false;

export function graphView(): HTMLElement {
  if (!view) {
    canvas = h("div", {
      id: "graph",
      tabindex: "0",
      role: "application",
      "aria-label":
        "Resource graph. Arrow keys move to the next resource in a direction, Enter draws its neighbourhood, plus and minus zoom, 0 fits. The list beside it says the same in words.",
    });
    canvas.addEventListener("keydown", keys);
    panel = h("aside", { class: "panel", "aria-label": "Resources and relations" });
    bar = h("div", { class: "graphbar" });
    note = h("p", { class: "note" });
    view = h(
      "section",
      { class: "view graphview", "aria-labelledby": "graphtitle" },
      h("h2", { id: "graphtitle", class: "unseen" }, "Resource graph"),
      bar,
      note,
      h("div", { class: "split" }, canvas, panel),
      legend(),
    );
    window.addEventListener("resize", debounced(150, () => cy?.resize()));
  }
  return view;
}

// Draws what the state asks for; called once the view is in the document.
export function showGraph(): void {
  const now = state();
  const found = scene(now);
  const shown = new Set(found.shown.map((each) => each.id));
  const hidden = new Set(list(now.families));
  const lines = edges.filter((each) => shown.has(each.left) && shown.has(each.right) && !hidden.has(each.kind.family));
  const key = JSON.stringify([[...shown], [...hidden], found.around]);
  controls(now, found);
  note.textContent = found.note;
  note.hidden = !found.note;
  if (key !== drawn || !cy) {
    drawn = key;
    draw(found, lines);
  }
  else if (now.resource !== revealed) reveal(now.resource);
  revealed = now.resource;
  highlight(now, found);
  drawPanel(now, found);
}

function draw(found: Scene, lines: Edge[]): void {
  const started = performance.now();
  const crowded = isCrowded(found.shown.length, lines.length);
  cy?.destroy();
  canvas.removeAttribute("data-ready");
  const projects = [...new Set(found.shown.map((each) => each.project))];
  const grouped = projects.length > 1;
  const elements: cytoscape.ElementDefinition[] = [];
  if (grouped)
    for (const each of projects)
      elements.push({ data: { id: `p${each}`, label: data.graph.projects[each]?.root ?? "" }, classes: "project" });
  for (const each of found.shown)
    elements.push({
      data: { id: each.id, label: label(each), far: farLabel(each), ...(grouped ? { parent: `p${each.project}` } : {}) },
      classes: ["resource", each.part || "other", each.worst ? `worst-${each.worst}` : "", each.when ? "conditional" : ""]
        .filter(Boolean)
        .join(" "),
    });
  for (const each of lines)
    elements.push({
      data: {
        id: each.id,
        source: each.left,
        target: each.right,
        label: said(each),
      },
      // Labels for which there is no room are shown at what is chosen.
      classes: crowded ? `${each.kind.family} quiet` : each.kind.family,
    });
  cy = cytoscape({
    container: canvas,
    elements,
    style: styles(),
    minZoom: 0.01,
    maxZoom: 2.5,
    boxSelectionEnabled: false,
    hideEdgesOnViewport: found.shown.length > 300,
    textureOnViewport: crowded,
    ...(crowded ? { pixelRatio: 1 } : {}),
    layout: { name: "preset" },
  });
  const graph = cy;
  isFar = false;
  graph.on("zoom", zoomed);
  graph.on("tap", "node.resource", (event) => set({ resource: event.target.id() as string }));
  graph.on("tap", (event) => {
    if (event.target === graph) set({ resource: "" });
  });
  graph.on("dbltap", "node.resource", (event) => {
    const id = event.target.id() as string;
    set({ around: id, resource: id });
  });
  // Its relations no longer know their way once a resource is moved by hand.
  graph.on("grab", "node.resource", (event) => event.target.connectedEdges().removeClass("routed"));
  const boxes = found.shown.map(
    (each): Box => ({
      id: each.id,
      group: grouped ? `p${each.project}` : "",
      width: WIDTH,
      height: each.worst ? BADGED : HEIGHT,
    }),
  );
  const ratio = Math.max(canvas.clientWidth / Math.max(canvas.clientHeight, 1), 0.5);
  const named = lines.map((each) => ({ ...each, label: said(each) }));
  void laidOut(boxes, named, ratio).then((layout) => {
    if (graph.destroyed()) return;
    place(graph, layout, lines);
    fit();
    // As a whole it would be but a pattern: begin where the gravest findings are.
    if (graph.zoom() < SPECK) reveal([...found.shown].sort(byWeight)[0]?.id ?? "");
    reveal(state().resource);
    zoomed();
    canvas.dataset["ready"] = String(found.shown.length);
    canvas.dataset["milliseconds"] = String(Math.round(performance.now() - started));
    highlight(state(), found);
  });
}

function place(graph: cytoscape.Core, layout: Layout, lines: Edge[]): void {
  graph.batch(() => {
    for (const [id, at] of layout.centres) graph.getElementById(id).position(at);
    for (const each of lines) {
      const route = layout.routes.get(each.id);
      const from = layout.centres.get(each.left);
      const to = layout.centres.get(each.right);
      const first = route?.[0];
      const last = route?.[route.length - 1];
      if (!route || !from || !to || !first || !last || each.left === each.right) continue;
      const { weights, distances } = segments(route, from, to);
      const at = layout.labels.get(each.id);
      const usual = middle(route);
      graph
        .getElementById(each.id)
        .data({
          weights,
          distances,
          start: `${first.x - from.x}px ${first.y - from.y}px`,
          aside: at ? at.x - usual.x : 0,
          above: at ? at.y - usual.y : 0,
          end: `${last.x - to.x}px ${last.y - to.y}px`,
        })
        .addClass(weights.length > 0 ? "routed" : "straight");
    }
  });
}

// Moves to a resource that is too small to be read, or not in sight.
function reveal(id: string): void {
  const node = cy?.getElementById(id);
  if (!cy || !node?.nonempty()) return;
  const box = node.renderedBoundingBox();
  const small = cy.zoom() < 0.45;
  if (!small && box.x1 >= 0 && box.y1 >= 0 && box.x2 <= canvas.clientWidth && box.y2 <= canvas.clientHeight) return;
  if (small) cy.zoom(0.7);
  cy.center(node);
}

function fit(): void {
  if (!cy) return;
  cy.fit(undefined, 24);
  if (cy.zoom() > 1.1) {
    cy.zoom(1.1);
    cy.center();
  }
}

// What a box says when it is too small for more.
function farLabel(each: Node): string {
  const type = each.type.split("::").pop() ?? "";
  const short = type.length > 11 ? `${type.slice(0, 10)}\u2026` : type;
  return each.worst ? `${MARKS[each.worst]} ${short}` : short;
}

// Boxes say less when they are far away.
function zoomed(): void {
  if (!cy) return;
  const far = cy.zoom() < FAR;
  if (far === isFar) return;
  isFar = far;
  cy.batch(() => {
    if (far) cy?.nodes(".resource").addClass("far");
    else cy?.nodes(".resource").removeClass("far");
  });
}

function said(each: Edge): string {
  return each.when ? `${reading(each)} if ${each.when}` : reading(each);
}

function label(each: Node): string {
  const lines = [shortened(each.address), shortened(each.deployment ? `${each.type}: ${each.deployment}` : each.type)];
  const counts = counted(each.findings);
  const badge = SEVERITIES.filter((one) => counts[one] > 0).map((one) => `${MARKS[one]} ${counts[one]} ${one}`);
  return [...lines, ...(badge.length > 0 ? [badge.join("  ")] : [])].join("\n");
}

// The middle is left out, since addresses differ at their ends.
function shortened(text: string): string {
  if (text.length <= LETTERS) return text;
  const head = Math.floor((LETTERS - 1) / 2);
  return `${text.slice(0, head)}\u2026${text.slice(text.length - (LETTERS - 1 - head))}`;
}

function styles(): cytoscape.StylesheetJson {
  const css = getComputedStyle(document.documentElement);
  const color = (name: string): string => css.getPropertyValue(name).trim();
  const font = css.getPropertyValue("--sans").trim();
  const found: cytoscape.StylesheetJson = [
    {
      selector: "node.resource",
      style: {
        shape: "round-rectangle",
        width: WIDTH,
        height: HEIGHT,
        "background-color": color("--node"),
        "border-color": color("--node-border"),
        "border-width": 1,
        label: "data(label)",
        color: color("--text"),
        "font-family": font,
        "font-size": 11,
        "line-height": 1.25,
        "text-wrap": "wrap",
        "text-max-width": `${WIDTH - 12}px`,
        "text-valign": "center",
        "text-halign": "center",
        "min-zoomed-font-size": 4,
      },
    },
    { selector: "node.far", style: { label: "data(far)", "font-size": 28, "font-weight": 600, "text-wrap": "none" } },
    { selector: "node.tied, node.perhaps", style: { "border-color": color("--ml"), "border-style": "dashed", "border-width": 1.5 } },
    { selector: "node.ml", style: { "background-color": color("--node-ml"), "border-color": color("--ml"), "border-width": 2 } },
    ...SEVERITIES.map((each) => ({
      selector: `node.worst-${each}`,
      style: {
        height: BADGED,
        "border-color": color(`--${each}`),
        "border-style": "solid" as const,
        "border-width": each === "high" ? 3.5 : 2.5,
      },
    })),
    { selector: "node.conditional", style: { "border-style": "dashed" } },
    {
      selector: "node.project",
      style: {
        shape: "round-rectangle",
        "background-color": color("--canvas"),
        "background-opacity": 1,
        "border-color": color("--line"),
        "border-width": 1,
        label: "data(label)",
        color: color("--muted"),
        "font-family": font,
        "font-size": 14,
        "font-weight": 600,
        "text-valign": "top",
        "text-halign": "center",
        "text-margin-y": 24,
        padding: "24px",
      },
    },
    {
      selector: "edge",
      style: {
        width: 1.5,
        "curve-style": "bezier",
        "target-arrow-shape": "triangle",
        "arrow-scale": 0.9,
        label: "data(label)",
        "font-family": font,
        "font-size": 9,
        color: color("--muted"),
        "text-background-color": color("--canvas"),
        "text-background-opacity": 0.9,
        "text-background-padding": "1px",
        "min-zoomed-font-size": 8,
      },
    },
    {
      selector: "edge.routed",
      style: {
        "curve-style": "round-segments",
        "edge-distances": "node-position",
        "segment-weights": "data(weights)",
        "segment-distances": "data(distances)",
        "segment-radii": 8,
      } as unknown as cytoscape.Css.Edge,
    },
    { selector: "edge.straight", style: { "curve-style": "straight" } },
    { selector: "edge.routed, edge.straight", style: { "source-endpoint": "data(start)", "target-endpoint": "data(end)" } },
    {
      selector: "edge.routed, edge.straight",
      style: { "text-margin-x": "data(aside)", "text-margin-y": "data(above)" } as unknown as cytoscape.Css.Edge,
    },
    { selector: "edge.quiet", style: { "text-opacity": 0, "text-background-opacity": 0 } },
    { selector: ".faint", style: { opacity: 0.22 } },
    {
      selector: "node.selected",
      style: { "outline-color": color("--focus"), "outline-width": 4, "outline-offset": 2, "z-index": 10 },
    },
    {
      selector: "edge.near",
      style: { width: 2.6, "z-index": 9, "text-opacity": 1, "text-background-opacity": 0.9, "min-zoomed-font-size": 4 },
    },
  ];
  for (const [family, { color: name, dashes }] of Object.entries(PATTERNS))
    found.push({
      selector: `edge.${family}`,
      style: {
        "line-color": color(name),
        "target-arrow-color": color(name),
        ...(dashes.length > 0 ? { "line-style": "dashed" as const, "line-dash-pattern": dashes } : {}),
      },
    });
  return found;
}

export function restyle(): void {
  cy?.style(styles());
}

// Makes faint what the filters do not mean, and shows what is chosen.
function highlight(now: State, found: Scene): void {
  if (!cy) return;
  const filtered = Boolean(now.q || now.severity || now.pillar || now.phase || now.rule);
  const kept = filtered ? hits(now, found.shown) : undefined;
  cy.batch(() => {
    cy?.elements().removeClass("faint selected near");
    if (kept)
      cy?.nodes(".resource").forEach((node) => {
        if (!kept.has(node.id())) {
          node.addClass("faint");
          node.connectedEdges().addClass("faint");
        }
      });
    const chosen = now.resource ? cy?.getElementById(now.resource) : undefined;
    if (chosen?.nonempty()) {
      chosen.addClass("selected").removeClass("faint");
      chosen.connectedEdges().addClass("near").removeClass("faint");
    }
  });
}

function hits(now: State, shown: Node[]): Set<string> {
  const wanted = chosenFindings({ ...now, resource: "" });
  const words = now.q.toLowerCase().split(/\s+/).filter(Boolean);
  const only = now.severity || now.pillar || now.phase || now.rule;
  const found = new Set<string>();
  for (const each of shown) {
    const text = `${each.address} ${each.type} ${each.deployment}`.toLowerCase();
    const named = words.length > 0 && words.every((word) => text.includes(word));
    if ((named && !only) || wanted.some((finding) => each.findings.includes(finding))) found.add(each.id);
  }
  return found;
}

// -- controls

function controls(now: State, found: Scene): void {
  const projects = data.graph.projects;
  const focused = document.activeElement?.id ?? "";
  const select = h(
    "select",
    { id: "graph-project", onchange: (event) => set({ project: (event.target as HTMLSelectElement).value, around: "", resource: "" }) },
    h("option", { value: "" }, `All projects (${projects.length})`),
    ...projects.map((each) =>
      h("option", { value: each.root, selected: each.root === found.project }, `${each.root} (${each.nodes.length})`),
    ),
  );
  const button = (id: string, text: string, act: () => void): HTMLElement =>
    h("button", { type: "button", id, class: "quiet", onclick: act }, text);
  bar.replaceChildren();
  append(bar, [
    projects.length > 1 ? h("label", {}, h("span", {}, "Project"), select) : null,
    found.around
      ? h(
          "label",
          {},
          h("span", {}, "Steps around"),
          h(
            "select",
            { id: "graph-depth", onchange: (event) => set({ around: found.around, depth: (event.target as HTMLSelectElement).value }) },
            ...["1", "2", "3", "4"].map((each) => h("option", { value: each, selected: each === now.depth }, each)),
          ),
        )
      : null,
    now.around ? button("graph-all", "Whole graph", () => set({ around: "" })) : null,
    h(
      "label",
      { class: "check" },
      h("input", {
        type: "checkbox",
        id: "graph-ml",
        checked: now.ml !== "",
        onchange: (event) => set({ ml: (event.target as HTMLInputElement).checked ? "1" : "" }),
      }),
      h("span", {}, "Machine learning only"),
    ),
    h("span", { class: "spring" }),
    button("graph-in", "+", () => zoom(1.25)),
    button("graph-out", "\u2212", () => zoom(0.8)),
    button("graph-fit", "Fit", fit),
  ]);
  bar.querySelector("#graph-in")?.setAttribute("aria-label", "Zoom in");
  bar.querySelector("#graph-out")?.setAttribute("aria-label", "Zoom out");
  if (focused.startsWith("graph-")) document.getElementById(focused)?.focus();
}

function zoom(factor: number): void {
  if (!cy) return;
  cy.zoom({ level: cy.zoom() * factor, renderedPosition: { x: canvas.clientWidth / 2, y: canvas.clientHeight / 2 } });
}

function legend(): HTMLElement {
  const parts: [string, string][] = [
    ["ml", "Machine learning"],
    ["tied", "Tied to machine learning, or perhaps"],
    ["other", "Other"],
  ];
  const present = new Set(edges.map((each) => each.kind.family));
  const families = Object.entries(data.graph.families).filter(([family]) => present.has(family));
  return h(
    "div",
    { class: "graphlegend", role: "group", "aria-label": "Legend; the kinds of relations can be shown and hidden" },
    ...parts.map(([part, said]) => h("span", { class: "part" }, h("i", { class: `box ${part}`, "aria-hidden": "true" }), said)),
    ...families.map(([family, said]) => {
      const box = h("input", {
        type: "checkbox",
        checked: !list(state().families).includes(family),
        onchange: () => set({ families: toggled(state().families, family) }),
      });
      box.dataset["family"] = family;
      return h("label", { class: "check" }, box, line(family), h("span", {}, said));
    }),
  );
}

export function syncLegend(): void {
  const hidden = list(state().families);
  for (const box of document.querySelectorAll<HTMLInputElement>("input[data-family]"))
    box.checked = !hidden.includes(box.dataset["family"] ?? "");
}

function line(family: string): SVGElement {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  const path = document.createElementNS(space, "path");
  const pattern = PATTERNS[family];
  svg.setAttribute("viewBox", "0 0 36 10");
  svg.setAttribute("class", "stroke");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", "M0 5H30M28 1 35 5 28 9z");
  path.setAttribute("class", `edge-${family}`);
  if (pattern && pattern.dashes.length > 0) path.setAttribute("stroke-dasharray", pattern.dashes.join(" "));
  svg.append(path);
  return svg;
}

// -- keys

function keys(event: KeyboardEvent): void {
  const ways: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const way = ways[event.key];
  if (way) {
    event.preventDefault();
    step(way);
  } else if (event.key === "Enter" && state().resource) set({ around: state().resource });
  else if (event.key === "Escape") set({ resource: "", around: "" });
  else if (event.key === "+" || event.key === "=") zoom(1.25);
  else if (event.key === "-") zoom(0.8);
  else if (event.key === "0") fit();
}

// To the nearest resource in a direction; sideways, along edges first.
function step([x, y]: [number, number]): void {
  if (!cy) return;
  const from = state().resource ? cy.getElementById(state().resource) : cy.collection();
  const every = cy.nodes(".resource");
  let best: cytoscape.NodeSingular | undefined;
  if (from.empty()) best = every.min((each) => each.position().x * 3 + each.position().y).ele;
  else {
    const at = (from as cytoscape.NodeSingular).position();
    const linked = x !== 0 ? (from.neighborhood("node.resource") as cytoscape.NodeCollection) : every;
    for (const among of [linked, every]) {
      let least = Infinity;
      among.forEach((each) => {
        const there = each.position();
        const along = (there.x - at.x) * x + (there.y - at.y) * y;
        const aside = Math.abs((there.x - at.x) * y) + Math.abs((there.y - at.y) * x);
        if (each.id() === from.id() || along < 5) return;
        const far = along + aside * 3;
        if (far < least) {
          least = far;
          best = each;
        }
      });
      if (best) break;
    }
  }
  if (!best) return;
  set({ resource: best.id() });
  const node = nodes.get(best.id());
  if (node) announce(`${node.address}, ${node.type}, ${many(node.findings.length, "finding")}`);
}

// -- the panel

function drawPanel(now: State, found: Scene): void {
  const chosen = nodes.get(now.resource);
  panel.replaceChildren(...(chosen ? details(chosen) : resources(now, found)));
}

function resources(now: State, found: Scene): HTMLElement[] {
  const filtered = Boolean(now.q || now.severity || now.pillar || now.phase || now.rule);
  // Beyond what is drawn, the list leads to the rest of the estate.
  const among = found.note ? [...nodes.values()].filter((each) => !now.project || rootOf(each) === now.project) : found.shown;
  const kept = filtered ? hits(now, among) : undefined;
  const listed = among.filter((each) => !kept || kept.has(each.id)).sort(byWeight);
  const drawnIds = new Set(found.shown.map((each) => each.id));
  return [
    h("h3", {}, many(listed.length, "resource")),
    h(
      "ul",
      { class: "resources" },
      growing(listed, 60, "resource", (each) =>
        h(
          "li",
          {},
          h(
            "button",
            {
              type: "button",
              class: "row",
              onclick: () => set(drawnIds.has(each.id) ? { resource: each.id } : { resource: each.id, around: each.id }),
            },
            h("span", { class: "words" }, each.address),
            h("small", {}, each.type),
            severityTags(each.findings),
          ),
        ),
      ),
    ),
  ];
}

function details(node: Node): HTMLElement[] {
  const facts = h("dl", { class: "facts" });
  const fact = (name: string, value: string): void => {
    if (value) facts.append(h("dt", {}, name), h("dd", {}, value));
  };
  const parts = { ml: "by its type", tied: "tied to it", perhaps: "known after deployment", "": "no" };
  fact("Type", node.type);
  fact("Declared", node.place);
  fact("If", node.when);
  fact("Deployment", node.deployment);
  fact("Machine learning", parts[node.part]);
  if (data.graph.projects.length > 1) fact("Project", rootOf(node));
  const related = edgesOf.get(node.id) ?? [];
  const root = rootOf(node);
  const found = node.findings.filter((each) => touches(each, root, node.address) || each.address === node.address);
  const made = [
    h(
      "p",
      { class: "actions" },
      h("button", { type: "button", class: "quiet", onclick: () => set({ resource: "" }) }, "\u2190 All resources"),
    ),
    h("h3", { class: "address" }, node.address),
    facts,
    h(
      "p",
      { class: "actions" },
      h("button", { type: "button", onclick: () => set({ around: node.id }) }, "Neighbourhood"),
      found.length > 0
        ? h("button", { type: "button", onclick: () => set({ view: "findings" }) }, `Findings (${found.length})`)
        : null,
    ),
  ];
  if (found.length > 0)
    made.push(
      h("h4", {}, "Findings"),
      h(
        "ul",
        { class: "short" },
        ...found.map((each) => h("li", {}, severityTag(each.severity), " ", h("span", { class: "code" }, each.code), ` ${each.message}`)),
      ),
    );
  if (related.length > 0)
    made.push(
      h("h4", {}, "Relations"),
      h(
        "ul",
        { class: "relations" },
        growing(related, 40, "relation", (edge) => {
          const [said, other] = saidOf(edge, node.id);
          return h(
            "li",
            {},
            `${said} `,
            h(
              "button",
              { type: "button", class: "inline", onclick: () => set(other ? { resource: other.id } : {}) },
              other?.address ?? "",
            ),
            edge.when ? ` if ${edge.when}` : "",
            edge.property ? h("small", {}, ` (${edge.property})`) : null,
          );
        }),
      ),
    );
  return made;
}

export function graphReady(): boolean {
  return canvas?.dataset["ready"] !== undefined;
}
