"""GraphML: all projects in one graph, whose edges read from left to right."""

from collections.abc import Sequence

import networkx

from mlwa_lint.graph.phrases import phrase
from mlwa_lint.graph.selection import ends
from mlwa_lint.model.outlines import Outline
from mlwa_lint.reporters.escaping import xml_text
from mlwa_lint.reporters.graphs.styles import label


def render(outlines: Sequence[Outline]) -> str:
    """The graphs as networkx writes them; ids contain the project too where there are several."""
    graph: networkx.MultiDiGraph[str] = networkx.MultiDiGraph()
    for outline in outlines:
        start = f"{outline.root}:" if len(outlines) > 1 else ""
        for node in outline.nodes:
            graph.add_node(
                xml_text(start + node.address),
                label=xml_text(node.address),
                type=xml_text(node.type),
                project=xml_text(outline.root),
                path=xml_text(node.path),
                line=node.line,
                when=xml_text(node.when),
                ml=node.part,
                deployment=xml_text(", ".join(node.deployment)),
            )
        for number, relation in enumerate(outline.relations):
            left, right = ends(relation)
            graph.add_edge(
                xml_text(start + left),
                xml_text(start + right),
                key=f"{outline.root}:{number}",
                label=xml_text(label(relation)),
                kind=relation.kind,
                family=phrase(relation.kind).family,
                property=xml_text(relation.property),
                path=xml_text(relation.path),
                line=relation.line,
                when=xml_text(relation.when),
            )
    return "\n".join(networkx.generate_graphml(graph, named_key_ids=True)) + "\n"
