"""What the drawings share: colours of families, and labels of nodes and edges."""

from mlwa_lint.graph.phrases import Family, phrase
from mlwa_lint.model.outlines import OutlineNode, Relation
from mlwa_lint.startup.records import NamedTuple


class Stroke(NamedTuple):
    """How the edges of a family are drawn; the dashes distinguish them without colour. dashes: SVG's."""

    color: str
    dashes: str


STROKES: dict[Family, Stroke] = {
    "serving": Stroke("#0f6674", ""),
    "flow": Stroke("#6b3fa0", "9 3"),
    "data": Stroke("#1d5fbf", "1 3"),
    "access": Stroke("#8a5a00", "6 3 1 3"),
    "watching": Stroke("#b0175f", "4 2"),
    "network": Stroke("#4a6572", "12 3 3 3"),
    "mention": Stroke("#767f8a", "2 5"),
}
# Fill and border of what belongs to machine learning by type, what is or may be tied to it, and the rest.
FILLS = {
    "ml": ("#d9f0ee", "#0b6b66"),
    "tied": ("#f0f7f7", "#0b6b66"),
    "perhaps": ("#f6f7f9", "#7d8998"),
    "": ("#f6f7f9", "#7d8998"),
}


def stroke(relation: Relation) -> Stroke:
    """How a relation is drawn."""
    return STROKES[phrase(relation.kind).family]


def lines(node: OutlineNode) -> list[str]:
    """The label of a node: address, type, and how an endpoint is deployed."""
    shown = [node.address, node.short_type]
    return [*shown, ", ".join(node.deployment)] if node.deployment else shown


def label(relation: Relation) -> str:
    """The label of an edge when it is read from left to right."""
    text = phrase(relation.kind).reading
    return f"{text} if {relation.when}" if relation.when else text
