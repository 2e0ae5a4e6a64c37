"""How edges read: from left to right, in words, and as members of a few families."""

from typing import Literal, TypeAlias

from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.startup.records import NamedTuple

Family: TypeAlias = Literal["serving", "flow", "data", "access", "watching", "network", "mention"]


class Phrase(NamedTuple):
    """The label of an edge.

    forward:   "source FORWARD target". backward: "target BACKWARD source".
    turned:    whether its target comes first when it is read from left to right: what is there before it is
               used is to the left of what uses it, and what watches something to its right.
    """

    forward: str
    backward: str
    turned: bool
    family: Family

    @property
    def reading(self) -> str:
        """The label of the arrow when it is read from left to right."""
        return self.backward if self.turned else self.forward


PHRASES = {
    EdgeKind.HOSTS: Phrase("hosts", "is hosted by", True, "serving"),
    EdgeKind.CONFIGURES: Phrase("uses", "is used by", True, "serving"),
    EdgeKind.TRIGGERS: Phrase("triggers", "is triggered by", False, "flow"),
    EdgeKind.INVOKES: Phrase("invokes", "is invoked by", False, "flow"),
    EdgeKind.RUNS: Phrase("runs", "is run by", False, "flow"),
    EdgeKind.READS: Phrase("reads from", "is read by", True, "data"),
    EdgeKind.WRITES: Phrase("writes to", "is written by", False, "data"),
    EdgeKind.ASSUMES: Phrase("assumes", "is assumed by", True, "access"),
    EdgeKind.GRANTS: Phrase("sets permissions for", "has permissions set by", False, "access"),
    EdgeKind.ENCRYPTS_WITH: Phrase("is encrypted with", "encrypts", True, "access"),
    EdgeKind.MONITORS: Phrase("monitors", "is monitored by", True, "watching"),
    EdgeKind.SCALES: Phrase("scales", "is scaled by", True, "watching"),
    EdgeKind.PLACED_IN: Phrase("is placed in", "contains", True, "network"),
    EdgeKind.REFERS_TO: Phrase("refers to", "is referred to by", True, "mention"),
}
# What each family is called in a legend, in the order in which legends list them.
FAMILIES: dict[Family, str] = {
    "serving": "Model serving",
    "flow": "Control flow",
    "data": "Data",
    "access": "Permissions and keys",
    "watching": "Monitoring and scaling",
    "network": "Network",
    "mention": "Mention",
}


def phrase(kind: str) -> Phrase:
    """The phrase of an edge kind, by the kind's value."""
    return PHRASES[EdgeKind(kind)]
