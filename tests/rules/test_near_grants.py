"""What a role lacks is reported with the statements that nearly allow it."""

from pathlib import Path

import pytest

from mlwa_lint.catalogue.registry import load_rules
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.run.pipeline import lint_paths
from mlwa_lint.run.settings import RunSettings

RULES = load_rules().rules
TEMPLATE = """Resources:
  WorkflowRole:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: states.amazonaws.com}, Action: sts:AssumeRole}]
      Policies:
        - PolicyName: jobs
          PolicyDocument:
            Statement:
              - {Effect: Allow, Action: "sagemaker:*", Resource: "*"}
              - {Effect: EFFECT, Action: [ACTION], Resource: RESOURCE, Condition: {OTHER}}
  Training:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: !GetAtt WorkflowRole.Arn
      Definition:
        StartAt: Train
        States:
          Train:
            Type: Task
            Resource: arn:aws:states:::sagemaker:createTrainingJob
            Retry: [{ErrorEquals: [States.ALL]}]
            Parameters:
              TrainingJobName.$: $.Name
              RoleArn: arn:aws:iam::111122223333:role/training
            End: true
"""
TRAINING = "arn:aws:iam::111122223333:role/training"
TO_GLUE = 'StringEquals: {"iam:PassedToService": glue.amazonaws.com}'


@pytest.mark.parametrize(
    ("effect", "action", "resource", "other", "expected"),
    [
        (
            "Allow",
            "iam:PassRole",
            "arn:aws:iam::111122223333:role/serving",
            "",
            "it allows iam:PassRole on other resources",
        ),
        (
            "Allow",
            "iam:Pass*",
            TRAINING,
            TO_GLUE,
            "it allows iam:PassRole under a condition on iam:PassedToService",
        ),
        ("Allow", "iam:GetRole", '"*"', "", "it allows other actions of iam, not iam:PassRole"),
        ("Deny", "iam:PassRole", '"*"', "", "it forbids iam:PassRole"),
        ("Allow", "s3:GetObject", '"*"', "", ""),
    ],
)
def test_the_statement_that_nearly_allows_it_is_related(
    tmp_path: Path, effect: str, action: str, resource: str, other: str, expected: str
) -> None:
    given = {"EFFECT": effect, "ACTION": action, "RESOURCE": resource, "OTHER": other}
    text = TEMPLATE
    for name, value in given.items():
        text = text.replace(name, value)
    (tmp_path / "workflow.yaml").write_text(text)
    report = lint_paths([str(tmp_path)], lambda _: RunSettings(RULES, LoadOptions(root=tmp_path)), 1)
    [found] = [each for each in report.findings if each.code == "MLR505"]
    related = [(each.span.line, each.message) for each in found.related]
    assert related == ([(12, expected)] if expected else [])
