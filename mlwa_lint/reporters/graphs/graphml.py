"""GraphML: all projects in one graph, whose edges read from left to right."""

from collections.abc import Sequence

import networkx

from mlwa_lint.graph.phrases import phrase
from mlwa_lint.graph.selection import ends
from mlwa_lint.model.outlines import Outline
from mlwa_lint.reporters.escaping import visible
from mlwa_lint.reporters.graphs.styles import label


def render(outlines: Sequence[Outline]) -> str:
    """The graphs as networkx writes them; ids say the project too where there are several."""
    graph: networkx.MultiDiGraph[str] = networkx.MultiDiGraph()
    for outline in outlines:
        start = f"{outline.root}:" if len(outlines) > 1 else ""
        for node in outline.nodes:
            graph.add_node(
                visible(start + node.address),
                label=visible(node.address),
                type=visible(node.type),
                project=visible(outline.root),
                path=visible(node.path),
                line=node.line,
                when=visible(node.when),
                ml=node.part,
                deployment=visible(", ".join(node.deployment)),
            )
        for number, relation in enumerate(outline.relations):
            left, right = ends(relation)
            graph.add_edge(
                visible(start + left),
                visible(start + right),
                key=f"{outline.root}:{number}",
                label=visible(label(relation)),
                kind=relation.kind,
                family=phrase(relation.kind).family,
                property=visible(relation.property),
                path=visible(relation.path),
                line=relation.line,
                when=visible(relation.when),
            )
    return "\n".join(networkx.generate_graphml(graph, named_key_ids=True)) + "\n"
