"""Graphs as the page's script takes them: rows of texts, and edges that read from left to right."""

from collections.abc import Sequence
from typing import Any

from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.phrases import FAMILIES, PHRASES
from mlwa_lint.model.outlines import Outline, OutlineNode

_KINDS = list(EdgeKind)


def graph_data(outlines: Sequence[Outline]) -> dict[str, Any]:
    """Projects with nodes and edges; `kinds` and `families` are what edges refer to."""
    return {
        "families": FAMILIES,
        "kinds": [
            {
                "forward": PHRASES[kind].forward,
                "backward": PHRASES[kind].backward,
                "turned": PHRASES[kind].turned,
                "family": PHRASES[kind].family,
            }
            for kind in _KINDS
        ],
        "projects": [_project(each) for each in outlines if each.nodes],
    }


def _project(outline: Outline) -> dict[str, Any]:
    position: dict[str, int] = {}
    nodes: list[OutlineNode] = []
    for node in outline.nodes:
        if node.address not in position:
            position[node.address] = len(nodes)
            nodes.append(node)
    return {
        "root": outline.root,
        "nodes": [
            [
                each.address,
                each.short_type,
                f"{each.path}:{each.line}",
                each.when,
                each.part,
                ", ".join(each.deployment),
            ]
            for each in nodes
        ],
        "edges": [
            [
                position[each.source],
                position[each.target],
                _KINDS.index(EdgeKind(each.kind)),
                each.property,
                each.when,
            ]
            for each in outline.relations
        ],
    }
