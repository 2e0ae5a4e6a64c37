"""JSON: one node-link document per project, as networkx.node_link_graph reads it."""

from collections.abc import Sequence

from mlwa_lint.graph.phrases import phrase
from mlwa_lint.model.outlines import Outline
from mlwa_lint.reporters.escaping import json_text


def render(outlines: Sequence[Outline]) -> str:
    """All that is known of the graphs."""
    return json_text({"version": 1, "projects": [_node_link(each) for each in outlines]})


def _node_link(outline: Outline) -> dict[str, object]:
    nodes = [
        {
            "id": node.address,
            "type": node.type,
            "path": node.path,
            "line": node.line,
            "when": node.when or None,
            "deployment": list(node.deployment),
            "ml": node.part or None,
        }
        for node in outline.nodes
    ]
    edges = [
        {
            "source": relation.source,
            "target": relation.target,
            "key": position,
            "kind": relation.kind,
            "phrase": phrase(relation.kind).forward,
            "property": relation.property,
            "path": relation.path,
            "line": relation.line,
            "when": relation.when or None,
        }
        for position, relation in enumerate(outline.relations)
    ]
    return {
        "directed": True,
        "multigraph": True,
        "graph": {"root": outline.root},
        "nodes": nodes,
        "edges": edges,
    }
