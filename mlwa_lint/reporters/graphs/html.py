"""HTML: the page of the other reports, with the graph alone."""

from collections.abc import Sequence

from mlwa_lint.model.outlines import Outline
from mlwa_lint.reporters.html.graphs import graph_data
from mlwa_lint.reporters.html.page import page_of


def render(outlines: Sequence[Outline]) -> str:
    """One file that needs nothing else."""
    return page_of({"kind": "graph", "title": "Resource graph", "graph": graph_data(outlines)})
