"""Resource graphs, one small module per format behind one table."""

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import TypeAlias, cast

from mlwa_lint.model.outlines import Outline

RenderGraph: TypeAlias = Callable[[Sequence[Outline]], str]

FORMATS = {
    "mermaid": "for Markdown on GitHub and GitLab",
    "dot": "Graphviz",
    "json": "everything, for programs; networkx.node_link_graph reads each project",
    "svg": "a drawing, without Graphviz",
    "graphml": "for networkx, Gephi, yEd and Neo4j",
    "html": "an interactive page: search, filters, neighbourhoods",
}


def render(outlines: Sequence[Outline], form: str) -> str:
    """Some projects' graphs in one document. The format's module is loaded only now."""
    return cast(RenderGraph, import_module(f"mlwa_lint.reporters.graphs.{form}").render)(outlines)
