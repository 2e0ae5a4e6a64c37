"""Which Region a configuration pins, and which one an address names."""

from pathlib import Path

import pytest

from mlwa_lint.frontends.cloudformation.stacks.project import load
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.graph.queries import regions
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.model.answers import NO, YES, Answer
from tests.support.graphs import linked

UNDECIDED = Answer("undecided")
TEMPLATE = """
Parameters: {{P: {{Type: String}}}}
Resources:
  Model:
    Type: AWS::SageMaker::Model
    Properties: {{PrimaryContainer: {{Image: {image}}}}}
  {subnets}
"""
SUBNET = "{name}: {{Type: AWS::EC2::Subnet, Properties: {{AvailabilityZone: {zone}}}}}"


def graph_of(image: str = "x", *zones: str) -> GraphView:
    subnets = "\n  ".join(SUBNET.format(name=f"S{i}", zone=zone) for i, zone in enumerate(zones))
    project = load(Path("t.yaml"), LoadOptions(), TEMPLATE.format(image=image, subnets=subnets))
    assert not [problem for problem in project.problems if problem.fatal]
    return linked(project)


@pytest.mark.parametrize(
    ("zones", "expected"),
    [
        ((), None),
        (("eu-west-1a",), "eu-west-1"),
        (("us-gov-west-1a", "us-gov-west-1b"), "us-gov-west-1"),
        (("eu-west-1a", "us-east-1a"), None),
        (("!Select [0, !GetAZs '']",), None),
    ],
)
def test_literal_zones_of_one_region_pin_it(zones: tuple[str, ...], expected: str | None) -> None:
    graph = graph_of("x", *zones)
    assert regions.pinned(graph.resource("Model"), graph) == expected


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        ("111122223333.dkr.ecr.us-east-1.amazonaws.com/a:1", YES),
        ("111122223333.dkr.ecr.eu-west-1.amazonaws.com/a:1", NO),
        ("!Sub '${AWS::AccountId}.dkr.ecr.us-east-1.amazonaws.com/a:1'", YES),
        ("!Sub '111122223333.dkr.ecr.${AWS::Region}.amazonaws.com/a:1'", NO),
        ("!Sub '111122223333.dkr.ecr.${P}.amazonaws.com/a:1'", UNDECIDED),
        ("!Ref P", UNDECIDED),
        ("!Sub '${P}/a:1'", UNDECIDED),
        ("!Sub 's3://${P}/model.tar.gz'", NO),
        ("https://s3.us-east-1.amazonaws.com/models/a", YES),
        ("https://models.s3-us-east-1.amazonaws.com/a", YES),
        ("!Sub 's3://sagemaker-us-east-1-${AWS::AccountId}/a'", YES),
        ("!Sub 's3://sagemaker-${AWS::Region}-${AWS::AccountId}/a'", NO),
        ("s3://models-us-east-1/a", NO),
    ],
)
def test_an_address_names_its_region(image: str, expected: Answer) -> None:
    view = graph_of(image).resource("Model")["PrimaryContainer.Image"]
    assert regions.is_elsewhere(view, "eu-west-1") == expected
