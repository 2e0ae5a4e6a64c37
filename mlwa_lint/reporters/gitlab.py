"""GitLab code quality."""

from collections.abc import Iterator
from hashlib import sha256
from itertools import chain
from typing import Any

from mlwa_lint.filters.result import Result
from mlwa_lint.model.findings import Finding, Severity
from mlwa_lint.model.resources import Problem
from mlwa_lint.reporters.escaping import json_pieces
from mlwa_lint.reporters.fingerprints import fingerprinted
from mlwa_lint.reporters.summary import ReportStyle, others, sentence

_SEVERITIES: dict[Severity, str] = {"high": "critical", "medium": "major", "low": "minor", "info": "info"}


def pieces(result: Result, view: ReportStyle) -> Iterator[str]:
    """The open findings as code-quality issues, piece by piece."""
    issues: Iterator[dict[str, Any]] = (
        {
            "type": "issue",
            "description": f"{finding.code} {finding.name}: {_described(finding)}",
            "check_name": finding.code,
            "fingerprint": mark,
            "severity": _SEVERITIES[finding.severity],
            "location": {
                "path": finding.span.path,
                "lines": {"begin": finding.span.line, "end": max(finding.span.end_line, finding.span.line)},
            },
            "content": {
                "body": " ".join(part for part in (finding.reason, finding.remedy, finding.help) if part)
            },
        }
        for finding, mark in fingerprinted(result.findings)
    )
    return json_pieces(chain(issues, map(_problem, result.problems)))


def _described(finding: Finding) -> str:
    more = others(finding)
    return sentence(finding) + (f"; and {more}" if more else "")


def _problem(problem: Problem) -> dict[str, Any]:
    """What could not be read, or was passed over: GitLab has no other place for it."""
    mark = sha256(f"{problem.path}\0{problem.message}".encode("utf-8", "backslashreplace")).hexdigest()[:40]
    line = problem.first_line
    return {
        "type": "issue",
        "description": problem.message,
        "check_name": "unread-input" if problem.fatal else "notice",
        "fingerprint": mark,
        "severity": "blocker" if problem.fatal else "info",
        "location": {"path": problem.path, "lines": {"begin": line, "end": line}},
    }
