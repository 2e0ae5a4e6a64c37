"""Whether a project protects its data with customer managed keys at all."""

from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.kinds import BUCKET, KEY
from mlwa_lint.graph.memo import remembered
from mlwa_lint.graph.queries.identity import is_ml_type
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView
from mlwa_lint.model.resources import NO_KEYS

NONE_IN_USE = "nothing in the project uses a customer managed key"
# Keys that AWS manages, by how their aliases begin.
_OF_AWS = "alias/aws/"


def why_no_key(graph: GraphView) -> str:
    """Why a missing key weighs less, `NONE_IN_USE`; empty where the project has keys or names some.

    A customer managed key is a second lock on what AWS encrypts anyway. Where a project has chosen to use
    such keys, one that is missing is a gap. Where it uses none, that is one choice for all of it.
    """
    return "" if _uses_keys(graph) else NONE_IN_USE


def why_unknown_to(resource: ResourceView, graph: GraphView) -> str:
    """Why a missing key is not expected of what a program makes; empty where it may be.

    That is where the project has no customer managed key, and no text of it mentions one.
    """
    return absent_from_project(resource, NO_KEYS) if not _uses_keys(graph) else ""


def absent_from_project(resource: ResourceView, subject: str) -> str:
    """That the project of a program neither has nor mentions a subject, `NO_VPC`, as a phrase; else empty."""
    return resource.attributes[subject].text or ""


@remembered
def _uses_keys(graph: GraphView) -> bool:
    """Whether a key is declared or named anywhere, whatever the conditions: evaluating them costs worlds."""
    if graph.graph.by_type.get(KEY):
        return True
    types = [each for each in graph.graph.by_type if each == BUCKET or is_ml_type(each)]
    return any(_names_key(each.address, graph) for kind in types for each in graph.graph.by_type[kind])


def _names_key(address: str, graph: GraphView) -> bool:
    """Whether a resource names a key that the project is not known to declare."""
    ends = graph.graph.open_ends_of(address, EdgeKind.ENCRYPTS_WITH)
    return any(not end.name.startswith(_OF_AWS) for end in ends)
