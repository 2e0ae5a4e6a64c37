"""What variants run on, and whether scaling gives instances back."""

from pathlib import Path

import pytest

from mlwa_lint.frontends.cloudformation.stacks.project import load
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.graph.machines import instances
from mlwa_lint.graph.machines.instances import replacement
from mlwa_lint.graph.queries import hosting
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.model.answers import NO, YES, Answer
from tests.support.graphs import linked

UNDECIDED = Answer("undecided")
HEAD = """
Parameters:
  N: {Type: Number}
  M: {Type: Number}
  D: {Type: Number, Default: 4}
Resources:
"""


def graph_of(resources: str) -> GraphView:
    project = load(Path("t.yaml"), LoadOptions(), HEAD + resources)
    assert not [problem for problem in project.problems if problem.fatal]
    return linked(project)


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        ("MinCapacity: 1, MaxCapacity: 4", YES),
        ("MinCapacity: 0, MaxCapacity: !Ref D", YES),
        ("MinCapacity: 2, MaxCapacity: 2", NO),
        ("MinCapacity: !Ref N, MaxCapacity: !Ref N", NO),
        ("MinCapacity: !Ref N, MaxCapacity: !Ref M", UNDECIDED),
        ("MinCapacity: 1, MaxCapacity: !Ref N", UNDECIDED),
        ("MinCapacity: 2, MaxCapacity: 2, ScheduledActions: [{ScheduledActionName: night}]", YES),
    ],
)
def test_scaling_lowers_the_capacity_when_its_limits_leave_room(limits: str, expected: Answer) -> None:
    target = f"  T: {{Type: AWS::ApplicationAutoScaling::ScalableTarget, Properties: {{{limits}}}}}\n"
    assert hosting.lowers_capacity(graph_of(target).resource("T")) == expected


@pytest.mark.parametrize(
    ("variant", "expected"),
    [
        ("InstanceType: ml.m5.large", ["ml.m5.large"]),
        (
            "InstancePools: [{InstanceType: ml.g5.xlarge}, {InstanceType: ml.g6.xlarge}]",
            ["ml.g5.xlarge", "ml.g6.xlarge"],
        ),
        ("ServerlessConfig: {MaxConcurrency: 1, MemorySizeInMB: 1024}", []),
    ],
)
def test_the_instance_types_that_a_variant_may_run_on(variant: str, expected: list[str]) -> None:
    config = (
        "  C: {Type: AWS::SageMaker::EndpointConfig, "
        f"Properties: {{ProductionVariants: [{{VariantName: v, {variant}}}]}}}}\n"
    )
    (only,) = hosting.variants(graph_of(config).resource("C"))
    assert [view.text for view in hosting.instance_types(only)] == expected


def test_a_model_names_the_images_of_all_its_containers() -> None:
    model = (
        "  M: {Type: AWS::SageMaker::Model, "
        "Properties: {PrimaryContainer: {Image: a}, Containers: [{Image: b}, {ModelPackageName: c}]}}\n"
    )
    assert [view.text for view in hosting.images_of(graph_of(model).resource("M"))] == ["a", "b"]


@pytest.mark.parametrize(
    ("instance_type", "use", "family"),
    [
        ("ml.t2.medium", "notebook", "t3"),
        ("ml.t2.medium", "hosting", "m6i"),
        ("ml.p3.2xlarge", "hosting", "g5"),
        ("ml.p3.16xlarge", "hosting", "p4d"),
        ("ml.p3.2xlarge", "processing", "g5"),
    ],
)
def test_a_replacement_is_offered_for_the_same_use(
    instance_type: str, use: instances.Use, family: str
) -> None:
    assert replacement(instance_type, use) == family
