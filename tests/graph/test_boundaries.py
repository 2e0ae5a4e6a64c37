"""Policies that only limit roles: named as a boundary, and attached to none."""

import pytest

from mlwa_lint.graph.edges import Edge, EdgeKind
from mlwa_lint.graph.iam.policies import MANAGED_POLICY, is_boundary
from mlwa_lint.graph.kinds import ROLE
from mlwa_lint.model.answers import NO, YES, Answer
from tests.support.small_graphs import graph_view, resource
from tests.support.small_values import HERE

BOUNDARY, ATTACHED = ("PermissionsBoundary",), ("ManagedPolicyArns",)


def is_limit(*paths: tuple[str, ...], kind: str = MANAGED_POLICY, attaching: bool = False) -> Answer:
    edges = [Edge("R", "P", EdgeKind.REFERS_TO, (), HERE, path) for path in paths]
    if attaching:
        edges.append(Edge("P", "R", EdgeKind.GRANTS, (), HERE, ("Roles",)))
    graph = graph_view(resource("P", kind), resource("R", ROLE), edges=edges)
    return is_boundary(graph.resource("P"), graph)


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        ((BOUNDARY,), YES),
        ((("Options", "PermissionsBoundary"),), YES),
        ((ATTACHED,), NO),
        ((BOUNDARY, ATTACHED), NO),
        ((BOUNDARY, ("Outer", "ManagedPolicyArns")), NO),
        ((("PermissionsBoundary", "Name"),), NO),
        ((BOUNDARY, ("Description",)), YES),
        ((), NO),
    ],
)
def test_a_boundary_by_how_it_is_named(paths: tuple[tuple[str, ...], ...], expected: Answer) -> None:
    assert is_limit(*paths) == expected


def test_a_policy_that_is_attached_or_of_another_type_is_no_boundary() -> None:
    assert is_limit(BOUNDARY, attaching=True) == NO
    assert is_limit(BOUNDARY, kind="AWS::IAM::Policy") == NO
