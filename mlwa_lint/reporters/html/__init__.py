"""HTML: one page, which needs no network: the lens, the findings, and the graph that they are on."""

from mlwa_lint.filters.result import Result
from mlwa_lint.reporters.html.findings import findings_data
from mlwa_lint.reporters.html.graphs import graph_data
from mlwa_lint.reporters.html.lenses import lenses_data
from mlwa_lint.reporters.html.page import page_of
from mlwa_lint.reporters.summary import ReportStyle


def render(result: Result, view: ReportStyle) -> str:
    """The report as one file."""
    return page_of(
        {
            "kind": "check",
            "title": "ML Lens check",
            **findings_data(result, view),
            "lenses": lenses_data(result),
            "graph": graph_data(result.outlines),
        }
    )
