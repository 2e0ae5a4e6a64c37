"""Whether a project protects its data with customer managed keys at all, or would be expected to."""

from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.kinds import BUCKET, KEY
from mlwa_lint.graph.memo import remembered
from mlwa_lint.graph.queries.identity import is_ml_type
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import View
from mlwa_lint.model.weights import NONE_SUGGESTED, ONE_CHOICE

NONE_IN_USE = "nothing that is deployed with it uses a customer managed key"
# Keys that AWS manages, by how their aliases begin.
_OF_AWS = "alias/aws/"


def why_no_key(graph: GraphView) -> str:
    """Why a missing key weighs less; empty where the project has keys or names some.

    A customer managed key is a second lock on what AWS encrypts anyway. Where a project has chosen to use
    such keys, one that is missing is a gap. Where it uses none, that is one choice for all of it, which is
    low; and info where nothing in the repository suggests another (`why_none_suggested`).
    """
    return why_none_suggested(graph) or why_none_in_use(graph)


def why_none_suggested(graph: GraphView) -> str:
    """Why a key would not be expected; empty where something in the repository suggests one.

    That is a key, any mention of one, data that is sensitive or regulated, and hardening of another kind
    (docs/decisions/0268).
    """
    return NONE_SUGGESTED if graph.graph.project.needs_no_key and not _uses_keys(graph) else ""


def why_none_in_use(graph: GraphView) -> str:
    """Why a missing key weighs less for what holds texts of users, which is sensitive in any project."""
    return "" if _uses_keys(graph) else NONE_IN_USE


def why_no_key_here(key: View, graph: GraphView) -> str:
    """The same for what AWS encrypts in any case: info where it is one choice for all that is deployed.

    key: what names it. A variable that is left out by default offers one.
    """
    offered = bool(key.value.assumed)
    return why_none_suggested(graph) or ("" if offered else why_one_choice(graph)) or why_none_in_use(graph)


def why_one_choice(graph: GraphView) -> str:
    """Why a missing key is one choice for all that is deployed, rather than a gap; empty where it is not.

    That is where something uses a key, in a module, whose callers may, where the data is sensitive, and where
    nothing is known of it. Another text in the repository that names a key is no more than that.
    """
    project = graph.graph.project
    return ONE_CHOICE if project.names_keys and not project.reusable and not _uses_keys(graph) else ""


@remembered
def _uses_keys(graph: GraphView) -> bool:
    """Whether a key is declared, named or given anywhere, whatever the conditions: these cost worlds.

    A parameter or variable without a default that a resource of any type takes as its key is one.
    """
    if graph.graph.by_type.get(KEY) or graph.graph.open_ends_towards(EdgeKind.ENCRYPTS_WITH, KEY):
        return True
    types = [each for each in graph.graph.by_type if each == BUCKET or is_ml_type(each)]
    return any(_names_key(each.address, graph) for kind in types for each in graph.graph.by_type[kind])


def _names_key(address: str, graph: GraphView) -> bool:
    """Whether a resource names a key that the project is not known to declare."""
    ends = graph.graph.open_ends_of(address, EdgeKind.ENCRYPTS_WITH)
    return any(not end.name.startswith(_OF_AWS) for end in ends)
