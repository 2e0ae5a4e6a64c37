"""GitLab code quality."""

from collections.abc import Iterator
from hashlib import sha256
from itertools import chain
from typing import Any

from mlwa_lint.filters.result import Result
from mlwa_lint.model.findings import Finding, RuleError, Severity
from mlwa_lint.model.resources import Problem
from mlwa_lint.reporters.escaping import json_pieces
from mlwa_lint.reporters.fingerprints import fingerprinted
from mlwa_lint.reporters.summary import ReportStyle, internal_error, others, sentence

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
    return json_pieces(chain(issues, map(_problem, result.problems), map(_error, result.errors)))


def _described(finding: Finding) -> str:
    more = others(finding)
    return sentence(finding) + (f"; and {more}" if more else "")


def _problem(problem: Problem) -> dict[str, Any]:
    """What could not be read, or was passed over: GitLab has no other place for it."""
    name = "unread-input" if problem.fatal else "notice"
    return _issue(
        name, "blocker" if problem.fatal else "info", problem.path, problem.first_line, problem.message
    )


def _error(error: RuleError) -> dict[str, Any]:
    """A rule that failed, without which a report would look clean."""
    return _issue("internal-error", "blocker", error.path, 1, internal_error(error))


def _issue(name: str, severity: str, path: str, line: int, message: str) -> dict[str, Any]:
    mark = sha256(f"{path}\0{message}".encode("utf-8", "backslashreplace")).hexdigest()[:40]
    return {
        "type": "issue",
        "description": message,
        "check_name": name,
        "fingerprint": mark,
        "severity": severity,
        "location": {"path": path, "lines": {"begin": line, "end": line}},
    }
