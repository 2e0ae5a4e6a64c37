// Small pieces that several views show.

import { counted, SEVERITIES, type Finding, type Risk, type Severity } from "./data";
import { capital, h, many } from "./dom";

// A mark for each severity, so that it is distinguished by shape as well as by colour.
export const MARKS: Record<Severity, string> = { high: "\u25b2", medium: "\u25c6", low: "\u25cf", info: "\u25cb" };

export function severityTag(severity: Severity, number?: number): HTMLElement {
  const said = number === undefined ? capital(severity) : `${number} ${severity}`;
  return h("span", { class: `tag ${severity}` }, h("span", { "aria-hidden": "true" }, `${MARKS[severity]} `), said);
}

export function severityTags(found: Iterable<Finding>): HTMLElement {
  const counts = counted(found);
  const tags = SEVERITIES.filter((each) => counts[each] > 0).map((each) => severityTag(each, counts[each]));
  return h("span", { class: "tags" }, ...tags);
}

export const RISKS: Record<Risk, string> = {
  HIGH: "High risk",
  MEDIUM: "Medium risk",
  NONE: "No risk",
  UNANSWERED: "Unanswered",
  NOT_APPLICABLE: "Not applicable",
};

export function riskTag(risk: Risk): HTMLElement {
  const marks: Record<Risk, string> = {
    HIGH: MARKS.high,
    MEDIUM: MARKS.medium,
    NONE: "\u2713",
    UNANSWERED: "?",
    NOT_APPLICABLE: "\u2013",
  };
  const mark = h("span", { "aria-hidden": "true" }, `${marks[risk]} `);
  return h("span", { class: `tag risk-${risk.toLowerCase().replace("_", "-")}` }, mark, RISKS[risk]);
}

export function figure(number: number, noun: string, detail: string, kind = ""): HTMLElement {
  return h(
    "div",
    { class: `figure ${kind}` },
    h("dt", {}, noun),
    h("dd", {}, h("strong", {}, number.toLocaleString("en")), detail ? h("small", {}, detail) : null),
  );
}

// The first of many children, and a button for more.
export function growing<T>(items: readonly T[], step: number, noun: string, draw: (item: T) => Node): DocumentFragment {
  const fragment = document.createDocumentFragment();
  const more = h("button", { type: "button", class: "more" });
  let shown = 0;
  const grow = (): Node | undefined => {
    const drawn = items.slice(shown, shown + step).map(draw);
    shown += drawn.length;
    for (const each of drawn) (more.parentNode ?? fragment).insertBefore(each, more.parentNode ? more : null);
    more.hidden = shown >= items.length;
    more.textContent = `Show ${Math.min(step, items.length - shown)} more of ${many(items.length - shown, noun)}`;
    return drawn[0];
  };
  grow();
  more.addEventListener("click", () => {
    const first = grow();
    if (first instanceof HTMLElement) (first.querySelector<HTMLElement>("summary, a, button") ?? first).focus();
  });
  fragment.append(more);
  return fragment;
}
