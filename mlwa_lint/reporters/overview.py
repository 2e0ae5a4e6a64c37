"""Many findings on one screen: the worst rules first, each with one of its findings, and how to begin."""

from collections.abc import Callable, Iterator, Sequence

from mlwa_lint.filters.result import Result
from mlwa_lint.model.findings import SEVERITIES, Finding
from mlwa_lint.reporters.painting import Line
from mlwa_lint.reporters.summary import ReportStyle, by_severity, sentence
from mlwa_lint.startup.records import NamedTuple

# How many lines the rules and their places may take, so that all fits on one screen.
_LINES = 40
_INDENT = " " * 8


class _Rule(NamedTuple):
    findings: tuple[Finding, ...]

    @property
    def first(self) -> Finding:
        return self.findings[0]


def overview(result: Result, view: ReportStyle, place: Callable[[Finding], str]) -> Iterator[Line]:
    """The rules that report, the worst first, as many as fit on one screen. place: where a finding is."""
    rules = _rules(result.findings)
    used = shown = 0
    for rule in rules:
        lines = list(_block(rule, view, place))
        if used + len(lines) > _LINES:
            break
        yield from lines
        used += len(lines)
        shown += 1
    yield from _left(rules[shown:])
    yield []
    yield from _beginning(result)


def _rules(findings: Sequence[Finding]) -> list[_Rule]:
    """The findings by rule and severity: the worst, then the most frequent first."""
    found: dict[tuple[str, str], list[Finding]] = {}
    for finding in sorted(findings, key=lambda each: (each.span, each.code, each.address)):
        found.setdefault((finding.severity, finding.code), []).append(finding)
    ordered = sorted(found.items(), key=lambda item: (_rank(item[1]), item[0]))
    return [_Rule(tuple(each)) for _, each in ordered]


def _rank(findings: Sequence[Finding]) -> tuple[int, int]:
    return SEVERITIES.index(findings[0].severity), -len(findings)


def _block(rule: _Rule, view: ReportStyle, place: Callable[[Finding], str]) -> Iterator[Line]:
    first, number = rule.first, len(rule.findings)
    count = f"  {number} findings" if number > 1 else ""
    yield [
        (f"{first.severity:<8}", first.severity),
        (first.code, "code"),
        (f" {first.name}", ""),
        (count, "faint"),
    ]
    where, text = place(first), sentence(first)
    room = max(view.width, 40) - len(_INDENT)
    if len(where) + 2 + len(text) <= room:
        yield [(_INDENT, ""), (where, "place"), (f": {text}", "")]
        return
    yield [(_INDENT, ""), (where, "place")]
    yield [(f"{_INDENT}{_cut(text, room)}", "")]


def _cut(text: str, room: int) -> str:
    """As much of a text as there is room for."""
    return text if len(text) <= room else f"{text[: room - 1].rstrip()}…"


def _left(rules: Sequence[_Rule]) -> Iterator[Line]:
    if not rules:
        return
    number = sum(len(each.findings) for each in rules)
    findings = "finding" if number == 1 else "findings"
    noun = "rule" if len(rules) == 1 else "rules"
    yield [(f"… and {number} {findings} of {len(rules)} more {noun}", "strong")]


def _beginning(result: Result) -> Iterator[Line]:
    """What to do about many findings."""
    worst = by_severity(result.findings)["high"]
    yield [("Where to begin", "strong")]
    if worst:
        yield [(f"  --severity high     shows only what is worst ({worst})", "")]
    yield [("  --full              shows every finding with its excerpt, the reason and the fix", "")]
    yield [("  --statistics        counts the findings of each rule", "")]
    yield [("  --select CODE       shows one rule; `mlwa-lint rule CODE` explains it", "")]
    yield [("  mlwa-lint baseline  accepts today's findings, so that later runs report only new ones", "")]
    yield []
