"""Who runs an EC2 machine."""

from pathlib import Path

import pytest

from mlwa_lint.frontends.cloudformation.stacks.project import load
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.graph.queries.machines import is_orchestrated
from mlwa_lint.model.answers import NO, YES, Answer
from tests.support.graphs import linked

UNDECIDED = Answer("undecided")
HEAD = """
Parameters: {P: {Type: String}}
Resources:
  Machine:
"""


def answer_of(machine: str) -> Answer:
    project = load(Path("t.yaml"), LoadOptions(), HEAD + machine)
    assert not [problem for problem in project.problems if problem.fatal]
    graph = linked(project)
    return is_orchestrated(graph.resource("Machine"), graph)


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ("{InstanceType: p5.48xlarge}", NO),
        ("{ImageId: '{{resolve:ssm:/aws/service/eks/optimized-ami/1.30/amazon-linux-2-gpu}}'}", YES),
        ("{UserData: !Base64 '/etc/eks/bootstrap.sh ml'}", YES),
        ("{UserData: !Base64 'python3 train.py'}", NO),
        ("{UserData: !Ref P}", UNDECIDED),
        ("{Tags: [{Key: kubernetes.io/cluster/ml, Value: owned}]}", YES),
        ("{Tags: [{Key: team, Value: ml}]}", NO),
        ("{Tags: [{Key: !Ref P, Value: ml}]}", UNDECIDED),
    ],
)
def test_an_instance_shows_who_runs_it(properties: str, expected: Answer) -> None:
    machine = f"    Type: AWS::EC2::Instance\n    Properties: {properties}\n"
    assert answer_of(machine) == expected


TEMPLATE = """
    Type: AWS::EC2::LaunchTemplate
    Properties: {LaunchTemplateData: {InstanceType: g5.xlarge}}
"""
GROUP = """
  Group:
    Type: AWS::AutoScaling::AutoScalingGroup
    Properties: {MinSize: "0", MaxSize: "1", LaunchTemplate: {LaunchTemplateId: !Ref Machine, Version: "1"}}
"""
CAPACITY = """
  Capacity:
    Type: AWS::ECS::CapacityProvider
    Properties: {AutoScalingGroupProvider: {AutoScalingGroupArn: !Ref Group}}
"""


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        ("", NO),
        (GROUP, NO),
        (GROUP + CAPACITY, YES),
        ("  N: {Type: AWS::EKS::Nodegroup, Properties: {LaunchTemplate: {Id: !Ref Machine}}}", YES),
        ("  I: {Type: AWS::EC2::Instance, Properties: {ImageId: !GetAtt Machine.LatestVersionNumber}}", NO),
    ],
)
def test_what_uses_a_launch_template_runs_it(others: str, expected: Answer) -> None:
    assert answer_of(TEMPLATE + others) == expected
