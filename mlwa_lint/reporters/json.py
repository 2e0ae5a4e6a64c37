"""JSON, version 1 (edition 2); mlwa_lint/schema/report-1.schema.json describes it."""

from collections.abc import Iterator
from typing import Any

from mlwa_lint import __version__
from mlwa_lint.files.lines import SourceLines
from mlwa_lint.filters.result import Result
from mlwa_lint.model.findings import Construct, Finding, Undecided
from mlwa_lint.reporters.cells import cell_place
from mlwa_lint.reporters.changes import as_json
from mlwa_lint.reporters.escaping import json_pieces
from mlwa_lint.reporters.summary import ReportStyle, by_severity, internal_error, listed


def pieces(result: Result, view: ReportStyle) -> Iterator[str]:
    """The report as one JSON document, piece by piece."""
    return json_pieces(_document(result, view))


def document(result: Result, view: ReportStyle) -> dict[str, Any]:
    """The report as plain data."""
    made = _document(result, view)
    return {**made, "findings": list(made["findings"])}


def _document(result: Result, view: ReportStyle) -> dict[str, Any]:
    """The report, whose findings are made one by one: as dictionaries they are five times as large."""
    notices = [problem for problem in result.problems if not problem.fatal]
    sources = SourceLines(result.texts)
    summary: dict[str, Any] = {
        "files": result.files,
        "resources": result.resources,
        "findings": by_severity(result.findings),
        "hidden": len(result.milder),
        "undecided": result.causes,
        "notices": len(notices),
        "suppressed": len(result.suppressed),
    }
    if result.baselined is not None:
        summary["baselined"] = len(result.baselined)
        summary["stale"] = result.stale
    report: dict[str, Any] = {
        "version": 1,
        "tool": {"name": "mlwa-lint", "version": __version__},
        "findings": (_finding(each, sources, view) for each in listed(result, view)),
        "errors": [
            *({"path": p.path, "line": p.first_line, "message": p.message} for p in result.fatal),
            *({"path": e.path, "line": 1, "message": internal_error(e)} for e in result.errors),
        ],
        "notices": [{"path": p.path, "line": p.first_line, "message": p.message} for p in notices],
        "undecided": [_undecided(each) for each in result.undecided],
        "checked": {
            each.code: {"passed": each.passed, "failed": each.failed, "undecided": each.undecided}
            for each in result.checked
        },
        "summary": summary,
    }
    return report


def _undecided(undecided: Undecided) -> dict[str, Any]:
    span = undecided.span
    return {
        "code": undecided.code,
        "name": undecided.name,
        "path": span.path,
        "line": span.line,
        "column": span.column,
        "address": undecided.address,
        "reasons": list(undecided.reasons),
    }


def _finding(finding: Finding, sources: SourceLines, view: ReportStyle) -> dict[str, Any]:
    span = finding.span
    place = cell_place(sources, span)
    cell = {} if place is None else {"cell": place._asdict()}
    return {
        "code": finding.code,
        "name": finding.name,
        "severity": finding.severity,
        "pillar": finding.pillar,
        "practices": list(finding.practices),
        "message": finding.message,
        "path": span.path,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
        **cell,
        "resource": {"address": finding.address, "type": finding.resource_type},
        "related": [
            {"path": place.span.path, "line": place.span.line, "message": place.message}
            for place in finding.related
        ],
        "condition": finding.condition,
        "suppressed": None if finding.suppressed is None else {"reason": finding.suppressed},
        "help": finding.help,
        "controls": list(finding.controls),
        "instances": [
            {"address": each.address, "root": each.root, "condition": each.condition}
            for each in finding.instances
        ],
        "construct": None if finding.construct is None else _construct(finding.construct),
        "fix": as_json(finding, view),
        "lowered": None if finding.lowered is None else finding.lowered._asdict(),
    }


def _construct(construct: Construct) -> dict[str, Any]:
    source = {"path": construct.file, "line": construct.line} if construct.file else None
    return {"path": construct.path, "source": source}
