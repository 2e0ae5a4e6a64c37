"""CSV: one row per finding, with a heading."""

from collections.abc import Iterable, Iterator
from csv import writer
from io import StringIO
from typing import Any

from mlwa_lint.filters.result import Result
from mlwa_lint.reporters.summary import ReportStyle, internal_error, listed

COLUMNS = (
    "path",
    "line",
    "column",
    "severity",
    "code",
    "name",
    "pillar",
    "practices",
    "address",
    "type",
    "message",
    "condition",
    "suppressed",
    "help",
    "instances",
    "controls",
)


def pieces(result: Result, view: ReportStyle) -> Iterator[str]:
    """The report as RFC 4180 describes it, row by row."""
    buffer = StringIO()
    rows = writer(buffer)
    rows.writerow(COLUMNS)
    for finding in listed(result, view):
        cells = (
            finding.span.path,
            finding.span.line,
            finding.span.column,
            finding.severity,
            finding.code,
            finding.name,
            finding.pillar,
            " ".join(finding.practices),
            finding.address,
            finding.resource_type,
            finding.message,
            finding.condition or "",
            "" if finding.suppressed is None else finding.suppressed or "yes",
            finding.help,
            " ".join(each.address for each in finding.instances),
            " ".join(finding.controls),
        )
        _write(rows, cells)
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    for problem in result.problems:
        kind = "error" if problem.fatal else "notice"
        _write(rows, (problem.path, problem.first_line, 1, kind, *[""] * 6, problem.message, *[""] * 5))
    for error in result.errors:
        _write(rows, (error.path, 1, 1, "error", error.code, *[""] * 5, internal_error(error), *[""] * 5))
    yield buffer.getvalue()


def _write(rows: Any, cells: Iterable[str | int]) -> None:
    rows.writerow([inert(cell) if isinstance(cell, str) else cell for cell in cells])


def inert(cell: str) -> str:
    """A text that a spreadsheet does not take for a formula, nor a terminal for a command."""
    if not cell.isprintable():
        cell = "".join(sign if sign.isprintable() or sign in "\t\n" else "\ufffd" for sign in cell)
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
