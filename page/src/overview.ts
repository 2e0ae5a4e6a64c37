// The sums, the heat map of pillar by phase, and the practices of a cell.

import {
  counted,
  data,
  findings,
  lenses,
  type Finding,
  type Lens,
  type Practice,
  type PracticeState,
  type Question,
  rules,
  SEVERITIES,
  type Severity,
  worst,
} from "./data";
import { append, capital, h, link, many } from "./dom";
import { figure, growing, MARKS, riskTag, severityTag } from "./parts";
import { lensOf } from "./select";
import { set, state, type State } from "./state";

const STATES: PracticeState[] = ["failed", "undecided", "met", "answered", "not-seen", "open", "unchecked"];
const WORDS: Record<PracticeState, string> = {
  failed: "failed",
  met: "met",
  undecided: "undecided",
  answered: "answered",
  "not-seen": "not seen",
  open: "for people",
  unchecked: "not checked",
};
const STATE_MARKS: Record<PracticeState, string> = {
  failed: MARKS.high,
  met: "\u2713",
  undecided: "?",
  answered: "\u2713",
  "not-seen": "\u2013",
  open: "\u2026",
  unchecked: "\u00d7",
};

const byPractice = new Map<string, Finding[]>();
for (const each of findings) {
  if (each.state === "suppressed") continue;
  for (const practice of rules[each.code]?.practices ?? [])
    byPractice.set(practice, [...(byPractice.get(practice) ?? []), each]);
}

export function overview(): HTMLElement {
  const section = h("div", { class: "view overview" });
  append(section, [sums(), data.review ? reviewed() : null, heatMap(), practicesPanel(), problems()]);
  return section;
}

function sums(): HTMLElement | null {
  const summary = data.summary;
  if (!summary) return null;
  const open = counted(findings.filter((each) => each.state === "open"));
  const figures = h("dl", { class: "figures" });
  for (const severity of SEVERITIES) {
    if (severity === "info" && open.info === 0) continue;
    figures.append(figure(open[severity], capital(severity), "", severity));
  }
  const hidden = SEVERITIES.filter((each) => summary.hidden[each] > 0 && !data.review);
  const more = hidden.map((each) => `${summary.hidden[each]} ${each} not shown`).join(", ");
  append(figures, [
    figure(summary.undecided, "Undecided", "before deployment", "undecided"),
    summary.suppressed > 0 ? figure(summary.suppressed, "Suppressed", "with their reasons") : null,
    summary.baselined === null ? null : figure(summary.baselined, "In the baseline", "known already"),
    figure(summary.passed, "Checks passed", `of ${(summary.passed + summary.failed + summary.unsure).toLocaleString("en")}`),
  ]);
  return h(
    "section",
    { "aria-labelledby": "sums" },
    h("h2", { id: "sums" }, "Summary"),
    h(
      "p",
      { class: "lead" },
      `${many(findings.filter((each) => each.state === "open").length, "finding")} in ${many(summary.files, "file")}, ` +
        `${many(summary.resources, "resource")}${more ? `; ${more}` : ""}`,
    ),
    figures,
  );
}

function reviewed(): HTMLElement {
  const review = data.review;
  if (!review) return h("div");
  const risks = Object.entries(review.risks) as [keyof typeof review.risks, number][];
  const names = risks.map(([risk]) => h("th", { scope: "col" }, riskTag(risk)));
  const rows = (totals: typeof review.pillars): HTMLElement[] =>
    totals.map((total) =>
      h(
        "tr",
        {},
        h("th", { scope: "row" }, total.name),
        ...risks.map(([risk]) => h("td", { class: "number" }, total.risks[risk] || "\u2013")),
      ),
    );
  const alerts = [
    review.difference ? h("p", { class: "alert info" }, review.difference) : null,
    review.contradictions.length > 0
      ? h("p", { class: "alert high" }, `Answered followed, but failed: ${review.contradictions.join(", ")}`)
      : null,
    review.expired.length > 0
      ? h("p", { class: "alert medium" }, `Answers that have expired: ${review.expired.join(", ")}`)
      : null,
  ];
  return h(
    "section",
    { "aria-labelledby": "risks" },
    h("h2", { id: "risks" }, "Risks of the questions"),
    ...alerts,
    h(
      "div",
      { class: "scroll" },
      h(
        "table",
        { class: "plain totals" },
        h("thead", {}, h("tr", {}, h("td", {}), ...names)),
        h("tbody", {}, ...rows(review.pillars)),
        review.phases.length > 0 ? h("tbody", {}, ...rows(review.phases)) : null,
        h(
          "tfoot",
          {},
          h("tr", {}, h("th", { scope: "row" }, "All"), ...risks.map(([, number]) => h("td", { class: "number" }, number))),
        ),
      ),
    ),
  );
}

// -- heat map

interface Cell {
  states: Record<PracticeState, number>;
  severity: Severity | undefined;
  practices: Practice[];
}

function cell(questions: Question[]): Cell {
  const practices = questions.flatMap((each) => each.practices);
  const states = { failed: 0, met: 0, undecided: 0, answered: 0, "not-seen": 0, open: 0, unchecked: 0 };
  for (const each of practices) states[each.state] += 1;
  const found = practices.flatMap((each) => (each.state === "failed" ? (byPractice.get(each.id) ?? []) : []));
  return { states, severity: worst(found), practices };
}

function tone(found: Cell): string {
  if (found.practices.length === 0) return "none";
  if (found.states.failed > 0) return found.severity ?? "low";
  return STATES.find((each) => found.states[each] > 0) ?? "none";
}

function heatMap(): HTMLElement | null {
  const now = state();
  const lens = lensOf(now);
  if (!lens) return null;
  const section = h("section", { "aria-labelledby": "lens" });
  append(section, [
    h(
      "div",
      { class: "headed" },
      h("h2", { id: "lens" }, lens.title),
      link(lens.address, "AWS documentation"),
      lenses.length > 1 ? tabs(now) : null,
    ),
    h(
      "p",
      { class: "lead screen" },
      "Practices by pillar and phase. Choose a cell to see its practices and to filter findings; arrow keys move between cells.",
    ),
    h("div", { class: "scroll" }, table(lens, now)),
    legend(),
  ]);
  return section;
}

function tabs(now: State): HTMLElement {
  return h(
    "div",
    { class: "segmented", role: "group", "aria-label": "Lens" },
    ...lenses.map((each) =>
      h(
        "button",
        {
          type: "button",
          "aria-pressed": String(each.name === lensOf(now)?.name),
          onclick: () => set({ lens: each.name, pillar: "", phase: "" }),
        },
        each.title.replace(/ Lens$/, ""),
      ),
    ),
  );
}

function table(lens: Lens, now: State): HTMLElement {
  const chosen = (pillar: string, phase: string): boolean =>
    now.pillar === pillar && now.phase === phase && (pillar !== "" || phase !== "");
  const choose = (pillar: string, phase: string): void => {
    set(chosen(pillar, phase) ? { pillar: "", phase: "" } : { pillar, phase });
  };
  const head = h(
    "tr",
    {},
    h("td", {}),
    ...lens.phases.map((phase) =>
      h(
        "th",
        { scope: "col" },
        lens.phases.length > 1 ? headButton(phase, chosen("", phase), () => choose("", phase)) : phase,
      ),
    ),
  );
  const rows = lens.pillars.map((pillar) =>
    h(
      "tr",
      {},
      h("th", { scope: "row" }, headButton(pillar.name, chosen(pillar.id, ""), () => choose(pillar.id, ""))),
      ...lens.phases.map((phase) => {
        const found = cell(lens.questions.filter((each) => each.pillar === pillar.id && each.phase === phase));
        return h("td", {}, cellButton(found, pillar.name, phase, chosen(pillar.id, phase), () => choose(pillar.id, phase)));
      }),
    ),
  );
  const made = h("table", { class: "heat" }, h("thead", {}, head), h("tbody", {}, ...rows));
  made.addEventListener("keydown", move);
  const buttons = [...made.querySelectorAll<HTMLElement>("tbody button.cell")];
  const pressed = buttons.find((each) => each.getAttribute("aria-pressed") === "true");
  for (const each of buttons) each.tabIndex = each === (pressed ?? buttons[0]) ? 0 : -1;
  return made;
}

function headButton(text: string, pressed: boolean, act: () => void): HTMLElement {
  return h("button", { type: "button", class: "head", "aria-pressed": String(pressed), onclick: act }, text);
}

function cellButton(found: Cell, pillar: string, phase: string, pressed: boolean, act: () => void): HTMLElement {
  const present = STATES.filter((each) => found.states[each] > 0);
  const kind = tone(found);
  if (kind === "none") return h("span", { class: "cell none" }, h("span", { class: "unseen" }, "no practices"));
  const [first, ...rest] = present;
  const mark = kind in MARKS ? MARKS[kind as Severity] : STATE_MARKS[kind as PracticeState];
  const said = present.map((each) => `${found.states[each]} ${WORDS[each]}`).join(", ");
  return h(
    "button",
    {
      type: "button",
      class: `cell tone-${kind}`,
      "aria-pressed": String(pressed),
      "aria-label": `${pillar}, ${phase}: ${said}${found.severity ? `, worst finding ${found.severity}` : ""}`,
      "data-pillar": pillar,
      "data-phase": phase,
      onclick: act,
    },
    h("strong", {}, `${mark} ${first ? `${found.states[first]} ${WORDS[first]}` : ""}`),
    h("small", {}, rest.map((each) => `${found.states[each]} ${WORDS[each]}`).join(" \u00b7 ") || "\u00a0"),
  );
}

function move(event: KeyboardEvent): void {
  const steps: Record<string, [number, number]> = {
    ArrowLeft: [0, -1],
    ArrowRight: [0, 1],
    ArrowUp: [-1, 0],
    ArrowDown: [1, 0],
  };
  const step = steps[event.key];
  const from = (event.target as Element).closest<HTMLElement>("button.cell");
  const place = from?.closest("td");
  const row = place?.parentElement as HTMLTableRowElement | null | undefined;
  const body = row?.parentElement as HTMLTableSectionElement | null | undefined;
  if (!step || !from || !place || !row || !body) return;
  event.preventDefault();
  let x = place.cellIndex;
  let y = row.sectionRowIndex;
  for (;;) {
    y += step[0];
    x += step[1];
    const next = body.rows[y]?.cells[x];
    if (!next || x < 1) return;
    const button = next.querySelector<HTMLElement>("button.cell");
    if (button) {
      from.tabIndex = -1;
      button.tabIndex = 0;
      button.focus();
      return;
    }
  }
}

function legend(): HTMLElement {
  const items: [string, string, string][] = [
    ["high", MARKS.high, "failed, worst finding high"],
    ["medium", MARKS.medium, "medium"],
    ["low", MARKS.low, "low"],
    ["undecided", "?", "undecided before deployment"],
    ["met", "\u2713", "met: rules ran and found nothing"],
    ["not-seen", "\u2013", "not seen: no such resource"],
    ["open", "\u2026", "only people can tell"],
  ];
  const practices = lensOf(state())?.questions.flatMap((each) => each.practices) ?? [];
  if (practices.some((each) => each.state === "unchecked"))
    items.push(["unchecked", "\u00d7", "not checked: its rules were left out"]);
  return h(
    "ul",
    { class: "legend", "aria-label": "Legend" },
    ...items.map(([kind, mark, said]) =>
      h("li", {}, h("span", { class: `swatch tone-${kind}`, "aria-hidden": "true" }, mark), said),
    ),
  );
}

// -- practices

function practicesPanel(): HTMLElement | null {
  const now = state();
  const lens = lensOf(now);
  if (!lens) return null;
  const inside = now.pillar || now.phase;
  const questions = lens.questions.filter(
    (each) => (!now.pillar || each.pillar === now.pillar) && (!now.phase || each.phase === now.phase),
  );
  const pillar = lens.pillars.find((each) => each.id === now.pillar)?.name;
  const title = inside ? [pillar, now.phase].filter(Boolean).join(" \u00b7 ") : data.review ? "Questions" : "Failed practices";
  const shown = inside || data.review
    ? questions
    : questions
        .map((each) => ({ ...each, practices: each.practices.filter((practice) => practice.state === "failed") }))
        .filter((each) => each.practices.length > 0);
  const section = h("section", { "aria-labelledby": "practices" }, h("h2", { id: "practices" }, title));
  if (inside) {
    section.append(
      h(
        "p",
        { class: "actions" },
        h("button", { type: "button", onclick: () => set({ view: "findings" }) }, "Show these findings"),
        h("button", { type: "button", class: "quiet", onclick: () => set({ pillar: "", phase: "" }) }, "Clear selection"),
      ),
    );
  }
  if (shown.length === 0) section.append(h("p", { class: "empty" }, "No practice failed."));
  else section.append(growing(shown, 40, "question", question));
  return section;
}

function question(each: Question): HTMLElement {
  const box = h(
    "section",
    { class: "question", "aria-label": `${each.id} ${each.title}` },
    h("h3", {}, h("span", { class: "code" }, each.id), ` ${each.title} `, data.review ? riskTag(each.risk) : null),
  );
  append(box, each.practices.map(practice));
  return box;
}

function practice(each: Practice): HTMLElement {
  const found = byPractice.get(each.id) ?? [];
  const counts = counted(found);
  const kind = each.state === "failed" ? (worst(found) ?? "low") : each.state;
  const mark = kind in MARKS ? MARKS[kind as Severity] : STATE_MARKS[kind as PracticeState];
  const details = h(
    "details",
    { class: "practice" },
    h(
      "summary",
      {},
      h("span", { class: `state tone-${kind}` }, h("span", { "aria-hidden": "true" }, `${mark} `), capital(WORDS[each.state])),
      h("span", { class: "code" }, each.id),
      h("span", { class: "words" }, each.title),
      h("span", { class: "tags" }, ...SEVERITIES.filter((s) => counts[s] > 0).map((s) => severityTag(s, counts[s]))),
    ),
  );
  details.addEventListener("toggle", () => {
    if (details.open && details.children.length === 1) append(details, practiceBody(each, found));
  });
  return details;
}

function practiceBody(each: Practice, found: Finding[]): HTMLElement[] {
  const list = h("dl", { class: "facts" });
  const fact = (name: string, ...values: (Node | string | null)[]): void => {
    if (values.some(Boolean)) list.append(h("dt", {}, name), h("dd", {}, ...values));
  };
  fact("How it stands", each.standing);
  fact("Risk if not followed", each.risk);
  if (each.rules.length > 0) {
    const [passed, failed, unsure] = each.checked;
    fact("Rules", each.rules.join(", "));
    fact("Checks", `${passed} passed, ${failed} failed, ${unsure} undecided`);
  }
  fact("Question", each.ask);
  fact("What would count", each.wanted);
  if (each.answer) {
    const answer = each.answer;
    fact("Answer", [answer.status.replaceAll("-", " "), answer.reason].filter(Boolean).join(": "));
    fact("Notes", answer.notes);
    fact("Evidence", answer.evidence.join(", "));
    fact("Owner", answer.owner);
    fact("Reviewed", [answer.reviewed, answer.expires ? `expires ${answer.expires}` : ""].filter(Boolean).join(", "));
  }
  const parts: HTMLElement[] = [list];
  if (each.reasons.length > 0) {
    parts.push(h("ul", { class: "reasons" }, ...each.reasons.slice(0, 20).map((reason) => h("li", {}, reason))));
    if (each.reasons.length > 20) parts.push(h("p", { class: "faint" }, `and ${each.reasons.length - 20} more`));
  }
  if (found.length > 0) {
    parts.push(
      h(
        "ul",
        { class: "short" },
        ...found.slice(0, 30).map((one) =>
          h("li", {}, severityTag(one.severity), " ", h("span", { class: "code" }, one.code), ` ${one.message} `, h("code", {}, one.place)),
        ),
      ),
    );
    if (found.length > 30) parts.push(h("p", { class: "faint" }, `and ${found.length - 30} more`));
  }
  return parts;
}

function problems(): HTMLElement | null {
  const errors = data.errors ?? [];
  const notices = data.notices ?? [];
  if (errors.length + notices.length === 0) return null;
  const row = (each: { path: string; line: number; message: string }): HTMLElement =>
    h("li", {}, h("code", {}, `${each.path}:${each.line}`), ` ${each.message}`);
  return h(
    "section",
    { "aria-labelledby": "problems" },
    h("h2", { id: "problems" }, "What was not read, or in another way"),
    errors.length > 0 ? h("ul", { class: "alert high" }, ...errors.map(row)) : null,
    notices.length > 0 ? h("ul", { class: "notices" }, growing(notices, 30, "notice", row)) : null,
  );
}
