"""Policies that only limit roles: named as a boundary, and attached to none."""

import pytest

from mlwa_lint.graph.edges import Edge, EdgeKind
from mlwa_lint.graph.graph import ResourceGraph
from mlwa_lint.graph.iam.policies import MANAGED_POLICY, is_boundary
from mlwa_lint.graph.kinds import ROLE
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.worlds import World
from mlwa_lint.model.answers import NO, YES, Answer
from mlwa_lint.model.conditions import AnyScenario
from mlwa_lint.model.resources import Project
from tests.support.small_graphs import HERE, resource

BOUNDARY, ATTACHED = ("PermissionsBoundary",), ("ManagedPolicyArns",)


def is_limit(*paths: tuple[str, ...], kind: str = MANAGED_POLICY, attaching: bool = False) -> Answer:
    edges = [Edge("R", "P", EdgeKind.REFERS_TO, (), HERE, path) for path in paths]
    if attaching:
        edges.append(Edge("P", "R", EdgeKind.GRANTS, (), HERE, ("Roles",)))
    project = Project("t.yaml", (resource("P", kind), resource("R", ROLE)), AnyScenario())
    graph = GraphView(ResourceGraph(project, edges, ()), World(AnyScenario(), {}))
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
