"""What waits for what, and who acts with a role."""

from pathlib import Path

import pytest

from mlwa_lint.graph.queries import definitions, dependencies, permissions, triggers
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.model.answers import certainly
from mlwa_lint.testing import project_of
from tests.support.graphs import linked

TERRAFORM = """
resource "aws_iam_role" "r" {
  assume_role_policy = "{}"
}

resource "aws_iam_role_policy" "p" {
  count  = 2
  role   = aws_iam_role.r.id
  policy = "{}"
}

resource "aws_s3_bucket" "between" {
  bucket     = "between"
  depends_on = [aws_iam_role_policy.p]
}

resource "aws_sagemaker_model" "late" {
  execution_role_arn = aws_iam_role.r.arn

  primary_container {
    image          = "churn:3"
    model_data_url = "s3://${aws_s3_bucket.between.id}/model.tar.gz"
  }
}

resource "aws_sagemaker_model" "early" {
  execution_role_arn = aws_iam_role.r.arn

  primary_container {
    image = "churn:3"
  }
}
"""


def graph_of(path: Path, text: str) -> GraphView:
    path.write_text(text, "utf-8")
    project = project_of(path)
    return linked(project)


def test_a_dependency_on_a_whole_holds_for_its_instances_and_through_others(tmp_path: Path) -> None:
    graph = graph_of(tmp_path / "main.tf", TERRAFORM)
    late = graph.resource("aws_sagemaker_model.late")
    early = graph.resource("aws_sagemaker_model.early")
    assert dependencies.waits_for(late, "aws_iam_role_policy.p[0]", graph)
    assert dependencies.waits_for(late, "aws_iam_role.r", graph)
    assert not dependencies.waits_for(early, "aws_iam_role_policy.p[0]", graph)


TEMPLATE = """
Resources:
  R: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Statement: []}}}
  M:
    Type: AWS::SageMaker::Model
    Properties:
      ExecutionRoleArn: !GetAtt R.Arn
      PrimaryContainer: {Image: "churn:3", Environment: {OTHER_ROLE: !GetAtt S.Arn}}
  S: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Statement: []}}}
"""


def test_a_role_that_is_handed_on_is_not_the_resource_s_own(tmp_path: Path) -> None:
    graph = graph_of(tmp_path / "t.yaml", TEMPLATE)
    assert [each.address for each in permissions.roles_of(graph.resource("M"), graph)] == ["R"]
    assert permissions.services_using(graph.resource("S"), graph) == {}
    assert list(permissions.services_using(graph.resource("R"), graph)) == ["sagemaker"]


@pytest.mark.parametrize(
    ("expression", "daily"),
    [
        ("rate(1 day)", True),
        ("rate(12 hours)", True),
        ("rate(2 days)", False),
        ("cron(0 3 * * ? *)", True),
        ("cron(0/15 * * * ? *)", True),
        ("cron(0 3 ? * MON *)", False),
        ("cron(0 3 1 * ? *)", False),
    ],
)
def test_which_schedules_start_every_day_or_more_often(tmp_path: Path, expression: str, daily: bool) -> None:
    template = f"""
Resources:
  S: {{Type: AWS::StepFunctions::StateMachine, Properties: {{RoleArn: r, DefinitionString: "{{}}"}}}}
  R:
    Type: AWS::Events::Rule
    Properties: {{ScheduleExpression: "{expression}", Targets: [{{Id: s, Arn: !Ref S}}]}}
"""
    graph = graph_of(tmp_path / "t.yaml", template)
    ((_, answer),) = triggers.clocks_of(graph.resource("S"), graph)
    assert certainly(answer) is daily


@pytest.mark.parametrize(
    ("definition", "broken"),
    [
        ('{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}', []),
        ('{"StartAt": "B", "States": {"A": {"Type": "Succeed"}}}', [("StartAt", "B")]),
        (
            '{"StartAt": "A", "States": {"A": {"Type": "Choice", "Choices": [{"Next": "C"}]}}}',
            [("Choices of A", "C")],
        ),
        (
            '{"StartAt": "A", "States": {"A": {"ItemProcessor": {"StartAt": "X", "States": {"Y": {}}}}}}',
            [("StartAt in A", "X")],
        ),
        ('{"StartAt": "${First}", "States": {"A": {"Type": "Succeed"}}}', []),
    ],
)
def test_links_of_a_state_machine_that_lead_nowhere(
    tmp_path: Path, definition: str, broken: list[tuple[str, str]]
) -> None:
    text = "Resources:\n  S:\n    Type: AWS::StepFunctions::StateMachine\n    Properties:\n"
    graph = graph_of(tmp_path / "t.yaml", f"{text}      RoleArn: r\n      DefinitionString: '{definition}'\n")
    assert definitions.broken_links(graph.resource("S")) == broken
