"""MLO501 knows the configurations of continuous integration that deploy an endpoint."""

from pathlib import Path

import pytest

from mlwa_lint.catalogue.registry import load_rules
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.run.pipeline import lint_paths
from mlwa_lint.run.settings import RunSettings

RULES = load_rules().rules
TEMPLATE = """
Resources:
  Endpoint:
    Type: AWS::SageMaker::Endpoint
    Properties: {EndpointConfigName: churn}
  Notebook:
    Type: AWS::SageMaker::NotebookInstance
    Properties: {InstanceType: ml.t3.medium, RoleArn: !GetAtt Role.Arn}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Action: sts:AssumeRole, Principal: {Service: sagemaker.amazonaws.com}}]
      ManagedPolicyArns: [arn:aws:iam::aws:policy/AmazonSageMakerFullAccess]
"""


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        (
            ".github/workflows/deploy.yml",
            "run: aws cloudformation deploy --template-file infra/churn.yaml\n",
            0,
        ),
        ("buildspec.yml", "phases: {build: {commands: [sam deploy --template infra/churn.yaml]}}\n", 0),
        (".github/workflows/deploy.yml", "run: aws cloudformation deploy --template-file other.yaml\n", 1),
        (".github/workflows/test.yml", "run: cfn-lint infra/churn.yaml\n", 1),
        ("notes.md", "aws cloudformation deploy --template-file infra/churn.yaml\n", 1),
    ],
)
def test_a_template_that_continuous_integration_deploys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, content: str, found: int
) -> None:
    monkeypatch.chdir(tmp_path)
    for path, text in (("infra/churn.yaml", TEMPLATE), (name, content)):
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_text(text)
    report = lint_paths(["infra"], lambda _: RunSettings(RULES, LoadOptions(root=Path())), 1)
    assert len([each for each in report.findings if each.code == "MLO501"]) == found
