"""A role that the service may not assume is one finding, whatever else it lacks."""

from pathlib import Path

import pytest

from mlwa_lint.catalogue.registry import load_rules
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.run.pipeline import lint_paths
from mlwa_lint.run.settings import RunSettings

RULES = load_rules().rules
TEMPLATE = """\
Resources:
  StatesRole:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: states.amazonaws.com}, Action: sts:AssumeRole}]
      Policies:
        - PolicyName: jobs
          PolicyDocument: {Statement: [{Effect: Allow, Action: "sagemaker:CreateModel", Resource: "*"}]}
  Models:
    Type: AWS::S3::Bucket
    Properties: {VersioningConfiguration: {Status: Enabled}}
  ChurnModel:
    Type: AWS::SageMaker::Model
    Properties:
      ExecutionRoleArn: !GetAtt StatesRole.Arn
      PrimaryContainer:
        Image: 111122223333.dkr.ecr.eu-west-1.amazonaws.com/churn:3
        ModelDataUrl: !Sub "s3://${Models}/churn.tar.gz"
"""


@pytest.mark.parametrize(("service", "code"), [("states", "MLR503"), ("sagemaker", "MLR504")])
def test_a_role_of_another_service_is_reported_once(tmp_path: Path, service: str, code: str) -> None:
    text = TEMPLATE.replace("states.amazonaws.com", f"{service}.amazonaws.com")
    (tmp_path / "model.yaml").write_text(text, "utf-8")
    report = lint_paths([str(tmp_path)], lambda _: RunSettings(RULES, LoadOptions(root=tmp_path)), 1)
    assert [each.code for each in report.findings if each.code in ("MLR503", "MLR504")] == [code]
