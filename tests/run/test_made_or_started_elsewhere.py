"""Buckets that a program only makes if they do not exist, and what continuous integration may start."""

from pathlib import Path

import pytest

from mlwa_lint.catalogue.registry import load_rules
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.run.pipeline import lint_paths
from mlwa_lint.run.settings import RunSettings

RULES = load_rules().rules
PROGRAM = """\
import boto3
from sagemaker.sklearn import SKLearn

s3 = boto3.client("s3")
bucket = "acme-training-data"
try:
    s3.HEAD(Bucket=bucket)
except s3.exceptions.ClientError:
    s3.create_bucket(Bucket=bucket)
SKLearn("train.py", role="arn", instance_type="ml.m5.large", framework_version="1.2-1").fit(f"s3://{bucket}/train")
"""
SETUP = {"docs/setup.md": "# Setup\n\n    aws s3 mb s3://acme-training-data\n"}
STACK = {"lib/stack.ts": "const data = s3.Bucket.fromBucketName(this, 'Data', name);\n"}
PIPELINE = """\
resource "aws_sagemaker_pipeline" "churn" {
  pipeline_name         = "churn"
  pipeline_display_name = "churn"
  role_arn              = "arn:aws:iam::111122223333:role/churn"
  pipeline_definition   = jsonencode({
    Version = "2020-12-01"
    Steps   = [{ Name = "Train", Type = "Training", Arguments = { StoppingCondition = {} } }]
  })
}
"""
PIPELINE_IN_TEMPLATE = """\
Resources:
  Churn:
    Type: AWS::SageMaker::Pipeline
    Properties:
      PipelineName: churn
      RoleArn: arn:aws:iam::111122223333:role/churn
      PipelineDefinition:
        PipelineDefinitionBody: >
          {"Version": "2020-12-01",
          "Steps": [{"Name": "Train", "Type": "Training", "Arguments": {"RoleArn": "r"}}]}
"""
OPERATED = {"config/prod.json": "{}"}
ROLE = """\
TRUST = {
    "Principal": {"Federated": f"arn:aws:iam::{account}:oidc-provider/token.actions.githubusercontent.com"},
    "Action": "sts:AssumeRoleWithWebIdentity",
}
ALLOWED = ["sagemaker:StartPipelineExecution"]
"""


def _severities(folder: Path, files: dict[str, str], *codes: str) -> set[str]:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    report = lint_paths([str(folder)], lambda _: RunSettings(RULES, LoadOptions(root=folder)), 1)
    return {each.severity for each in report.findings if each.code in codes}


@pytest.mark.parametrize(
    ("question", "around", "severity"),
    [
        ("head_bucket", SETUP, "info"),
        ("head_bucket", STACK, "info"),
        ("head_bucket", {"docs/setup.md": "# Setup\n\nMake a bucket.\n", **OPERATED}, "low"),
        ("head_bucket", {**SETUP, **OPERATED}, "info"),
        ("get_bucket_acl", {**SETUP, **OPERATED}, "low"),
    ],
)
def test_a_bucket_that_is_made_if_it_does_not_exist(
    tmp_path: Path, question: str, around: dict[str, str], severity: str
) -> None:
    files = {"train_all.py": PROGRAM.replace("HEAD", question), **around}
    assert _severities(tmp_path, files, "MLS305", "MLR301") == {severity}


@pytest.mark.parametrize(("name", "text"), [("a.tf", PIPELINE), ("a.yaml", PIPELINE_IN_TEMPLATE)])
@pytest.mark.parametrize(
    ("place", "role", "severity"),
    [
        ("scripts/role.py", ROLE, "info"),
        ("docs/role.md", ROLE, "medium"),
        ("tests/test_role.py", ROLE, "medium"),
        ("scripts/role.py", ROLE.replace("StartPipelineExecution", "DescribePipeline"), "medium"),
        (
            "scripts/role.py",
            ROLE.replace("token.actions.githubusercontent.com", "accounts.google.com"),
            "medium",
        ),
    ],
)
def test_a_role_with_which_continuous_integration_may_start_pipelines(
    tmp_path: Path, name: str, text: str, place: str, role: str, severity: str
) -> None:
    assert _severities(tmp_path, {name: text, place: role}, "MLO502") == {severity}
