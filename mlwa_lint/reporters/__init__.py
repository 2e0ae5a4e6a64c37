"""Reports, one small module per format behind one table."""

from collections.abc import Callable, Iterable
from importlib import import_module
from typing import TypeAlias, cast

from mlwa_lint.filters.result import Result
from mlwa_lint.reporters.summary import ReportStyle

Render: TypeAlias = Callable[[Result, ReportStyle], str]

FORMATS = {
    "text": "findings with source excerpts, for people",
    "json": "everything, for programs; a JSON Schema ships with the package",
    "sarif": "SARIF 2.1.0, for code scanning",
    "junit": "JUnit XML, for test reports",
    "github": "GitHub annotations and a job summary",
    "gitlab": "GitLab code quality",
    "markdown": "tables, for documents and wikis",
    "comment": "Markdown for a pull-request comment: folded by rule, at most 65,536 characters",
    "csv": "one row per finding, for spreadsheets",
    "html": "an interactive page: heat map, findings, graph; one file without network",
}
# Formats that draw the resource graph, which a run keeps for them.
WITH_GRAPHS = ("html",)


def pieces(name: str, result: Result, view: ReportStyle) -> Iterable[str]:
    """A report in a format, in pieces where the format has any: a long one need not be held whole."""
    module = import_module(f"mlwa_lint.reporters.{name}")
    if hasattr(module, "pieces"):
        return cast(Iterable[str], module.pieces(result, view))
    return (module.render(result, view),)


def renderer(name: str) -> Render:
    """The function that writes a report in a format, whole."""
    return lambda result, view: "".join(pieces(name, result, view))
