"""Findings and problems as diagnostics."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from lsprotocol import types

from mlwa_lint.files.lines import SourceLines
from mlwa_lint.model.findings import SEVERITIES, Finding, Severity
from mlwa_lint.model.resources import Problem
from mlwa_lint.model.spans import Span
from mlwa_lint.reporters.summary import others, sentence
from mlwa_lint.server.documents import uri_of
from mlwa_lint.server.positions import Lines
from mlwa_lint.startup.records import NamedTuple

SOURCE = "mlwa-lint"
# More of them in one document are counted, not shown; the worst ones are.
LIMIT = 1_000
_LEVELS: dict[Severity, types.DiagnosticSeverity] = {
    "high": types.DiagnosticSeverity.Error,
    "medium": types.DiagnosticSeverity.Warning,
    "low": types.DiagnosticSeverity.Information,
    "info": types.DiagnosticSeverity.Hint,
}
# What the client shows as fading, and as struck through.
_UNNECESSARY = frozenset({"unused-suppression"})
_DEPRECATED = frozenset(
    {
        "bedrock-model-at-end-of-life",
        "discontinued-service",
        "glue-version-end-of-life",
        "notebook-on-retired-platform",
        "service-closed-to-new-customers",
    }
)

# A diagnostic as it goes over the wire: of thousands of them, typed objects would take longer than linting.
Diagnostic = dict[str, Any]


class Shown(NamedTuple):
    """A finding and the range at which it is shown, for requests about it."""

    finding: Finding
    range: types.Range


class DiagnosticsWriter:
    """Writes the diagnostics of one folder: addresses and positions as the client counts them."""

    def __init__(self, root: str, encoding: str, uris: Callable[[str], str | None]) -> None:
        """uris: how the client calls the document of a real path, where it is open."""
        self._root = root
        self.encoding = encoding
        self._uris = uris
        self._sources = SourceLines({})
        self._lines: dict[str, Lines] = {}
        self._addresses: dict[str, str] = {}

    def lines(self, path: str) -> Lines:
        """The lines of a source."""
        if path not in self._lines:
            self._lines[path] = Lines(self._sources.lines(path), self.encoding)
        return self._lines[path]

    def location(self, span: Span) -> types.Location:
        """A place as the client finds it."""
        return types.Location(self.address(span.path), self.lines(span.path).range(span))

    def address(self, path: str) -> str:
        """The address of a source."""
        if path not in self._addresses:
            real = os.path.realpath(os.path.join(self._root, path))
            self._addresses[path] = self._uris(real) or uri_of(real)
        return self._addresses[path]

    def shown(self, findings: Iterable[Finding]) -> list[Shown]:
        """Findings with their ranges, the worst first where there are too many, else in their order."""
        found = sorted(findings, key=lambda each: SEVERITIES.index(each.severity))[:LIMIT]
        found.sort(key=lambda each: (each.span, each.code, each.address))
        return [Shown(each, self.lines(each.span.path).range(each.span)) for each in found]

    def of_finding(self, shown: Shown) -> Diagnostic:
        """One finding."""
        finding = shown.finding
        diagnostic: Diagnostic = {
            "range": _plain(shown.range),
            "severity": _LEVELS[finding.severity].value,
            "code": finding.code,
            **({"codeDescription": {"href": finding.help}} if finding.help else {}),
            "source": SOURCE,
            "message": _message(finding),
            "data": {"address": finding.address, "property": finding.property},
        }
        tags = [*_tags(finding)]
        if tags:
            diagnostic["tags"] = tags
        related = [*self._related(finding)]
        if related:
            diagnostic["relatedInformation"] = related
        return diagnostic

    def of_problem(self, problem: Problem, place: types.Range | None = None) -> Diagnostic:
        """What could not be read or understood, at its line, or at a place in a cell."""
        level = types.DiagnosticSeverity.Error if problem.fatal else types.DiagnosticSeverity.Information
        return {
            "range": _plain(place or self.lines(problem.path).range(self.span_of_line(problem))),
            "severity": level.value,
            "source": SOURCE,
            "message": problem.message,
        }

    def span_of_line(self, problem: Problem) -> Span:
        """The line of a problem."""
        lines = self._sources.lines(problem.path)
        line = problem.first_line
        text = lines[line - 1] if line <= len(lines) else ""
        start = len(text) - len(text.lstrip()) + 1
        return Span(problem.path, line, start, line, max(len(text.rstrip()) + 1, start))

    def _related(self, finding: Finding) -> Iterator[dict[str, Any]]:
        for place in finding.related:
            location = self.location(place.span)
            yield {
                "location": {"uri": location.uri, "range": _plain(location.range)},
                "message": place.message,
            }


def beyond(findings: Sequence[Finding], shown: Sequence[Shown]) -> Iterator[Diagnostic]:
    """That there are more findings than are shown."""
    if len(shown) < len(findings):
        yield {
            "range": _plain(types.Range(types.Position(0, 0), types.Position(0, 0))),
            "severity": types.DiagnosticSeverity.Information.value,
            "source": SOURCE,
            "message": f"{len(findings) - len(shown):,} more findings in this file are not shown",
        }


def too_large(limit: int) -> Diagnostic:
    """That a document is too large to be linted while it is edited."""
    return {
        "range": _plain(types.Range(types.Position(0, 0), types.Position(0, 0))),
        "severity": types.DiagnosticSeverity.Warning.value,
        "source": SOURCE,
        "message": f"is larger than {limit // 1_000_000} MB and is not linted in the editor",
    }


def _message(finding: Finding) -> str:
    more = others(finding)
    text = f"{sentence(finding)}; and {more}" if more else sentence(finding)
    return f"{text}\n{finding.remedy}" if finding.remedy else text


def _tags(finding: Finding) -> Iterator[int]:
    if finding.name in _UNNECESSARY:
        yield types.DiagnosticTag.Unnecessary.value
    if finding.name in _DEPRECATED:
        yield types.DiagnosticTag.Deprecated.value


def _plain(place: types.Range) -> dict[str, Any]:
    start, end = place.start, place.end
    return {
        "start": {"line": start.line, "character": start.character},
        "end": {"line": end.line, "character": end.character},
    }
