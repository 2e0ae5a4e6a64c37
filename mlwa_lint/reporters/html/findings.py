"""Findings, undecided checks and what could not be read, as the page's script takes them."""

from collections.abc import Iterable
from typing import Any

from mlwa_lint.files.lines import SourceLines
from mlwa_lint.filters.result import Result
from mlwa_lint.model.findings import Finding, Undecided
from mlwa_lint.model.resources import Problem
from mlwa_lint.model.spans import Span
from mlwa_lint.reporters.cells import cell_place, cell_text, described
from mlwa_lint.reporters.changes import as_lines
from mlwa_lint.reporters.excerpts import excerpt
from mlwa_lint.reporters.summary import ReportStyle, by_severity, internal_error, sentence

_WIDTH = 140


def findings_data(result: Result, view: ReportStyle) -> dict[str, Any]:
    """All that was found, whether it is open, suppressed or in the baseline."""
    sources = SourceLines(result.texts, result.hidden)
    stated = [
        ("open", result.findings),
        ("suppressed", result.suppressed),
        ("baseline", result.baselined or ()),
    ]
    every = [finding for _, findings in stated for finding in findings]
    return {
        "summary": _summary(result),
        "rules": {finding.code: _rule(finding) for finding in every},
        "findings": [_finding(each, state, sources, view) for state, findings in stated for each in findings],
        "undecided": [_undecided(each) for each in result.undecided],
        "notices": places(result.notices),
        "errors": [
            *places(result.fatal),
            *({"path": e.path, "line": 1, "message": internal_error(e)} for e in result.errors),
        ],
    }


def _summary(result: Result) -> dict[str, Any]:
    return {
        "files": result.files,
        "resources": result.resources,
        "findings": by_severity(result.findings),
        "hidden": by_severity(result.milder),
        "undecided": result.causes,
        "suppressed": len(result.suppressed),
        "baselined": None if result.baselined is None else len(result.baselined),
        "passed": sum(each.passed for each in result.checked),
        "failed": sum(each.failed for each in result.checked),
        "unsure": sum(each.undecided for each in result.checked),
    }


def _rule(finding: Finding) -> dict[str, Any]:
    """What all findings of a rule share."""
    return {
        "name": finding.name,
        "pillar": finding.pillar,
        "practices": list(finding.practices),
        "controls": list(finding.controls),
        "reason": finding.reason,
        "help": finding.help,
    }


def _finding(finding: Finding, state: str, sources: SourceLines, view: ReportStyle) -> dict[str, Any]:
    construct = finding.construct
    return {
        "code": finding.code,
        "severity": finding.severity,
        "state": state,
        "message": sentence(finding),
        "place": _place(finding.span, sources),
        "address": finding.address,
        "type": finding.resource_type,
        "instances": [
            {"address": each.address, "root": each.root, "condition": each.condition}
            for each in finding.instances
        ],
        "root": finding.root,
        "excerpt": excerpt_rows(finding, sources),
        "remedy": finding.remedy,
        "change": as_lines(finding, view),
        "related": [
            {"place": _place(each.span, sources), "message": each.message} for each in finding.related
        ],
        "construct": "" if construct is None else " ".join(filter(None, (construct.path, construct.source))),
        "suppressed": finding.suppressed,
    }


def excerpt_rows(finding: Finding, sources: SourceLines) -> list[list[str]]:
    """The lines around a finding: number and text, the number of the line that underlines being empty."""
    lines, span = cell_text(sources, finding.span)
    secret = "secret" in finding.name
    rows = []
    for (gutter, _), (text, _) in excerpt(lines, span, "", _WIDTH, secret):
        rows.append([gutter.strip(" |"), text])
    return rows


def _place(span: Span, sources: SourceLines) -> str:
    cell = cell_place(sources, span)
    where = f"{span.path}:{span.line}:{span.column}"
    return where if cell is None else f"{where} ({described(cell)})"


def _undecided(undecided: Undecided) -> dict[str, Any]:
    return {
        "code": undecided.code,
        "name": undecided.name,
        "address": undecided.address,
        "place": f"{undecided.span.path}:{undecided.span.line}:{undecided.span.column}",
        "reasons": list(undecided.reasons),
    }


def places(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    """Problems as the page's script takes them."""
    return [{"path": each.path, "line": each.first_line, "message": each.message} for each in problems]
