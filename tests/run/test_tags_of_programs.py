"""What missing tags weigh in programs: by the instances, and by what else they make."""

from pathlib import Path

import pytest

from mlwa_lint.catalogue.registry import load_rules
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.run.pipeline import lint_paths
from mlwa_lint.run.settings import RunSettings

RULES = load_rules().rules
SCRIPT = """\
import boto3

sagemaker = boto3.client("sagemaker")
sagemaker.create_endpoint_config(
    EndpointConfigName="churn-1",
    ProductionVariants=[
        {
            "VariantName": "main",
            "ModelName": "churn",
            "InstanceType": "ml.m5.large",
            "InitialInstanceCount": 1,
        }
    ],
)
sagemaker.create_endpoint(EndpointName="churn", EndpointConfigName="churn-1")
"""
PIPELINE = """\
sagemaker.create_pipeline(
    PipelineName="churn", RoleArn="arn:aws:iam::111122223333:role/churn", PipelineDefinition="{}"
)
"""


JOB = """\
import boto3

boto3.client("sagemaker").create_training_job(
    TrainingJobName="churn",
    ResourceConfig={"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 10},
)
"""
LONG = '\n    StoppingCondition={"MaxRuntimeInSeconds": 864000},\n)'


def _severities(folder: Path) -> set[str]:
    report = lint_paths([str(folder)], lambda _: RunSettings(RULES, LoadOptions(root=folder)), 1)
    return {each.severity for each in report.findings if each.code == "MLC502"}


@pytest.mark.parametrize(
    ("script", "severity"),
    [
        (SCRIPT, "info"),
        (SCRIPT.replace("ml.m5.large", "ml.g5.xlarge"), "low"),
        (SCRIPT.replace("ml.m5.large", "ml.m5.4xlarge"), "low"),
        (SCRIPT.replace('"ml.m5.large"', 'input("type")'), "low"),
        (
            SCRIPT.replace(
                '"churn-1",\n    P', '"churn-1",\n    Tags=[{"Key": "team", "Value": "churn"}],\n    P'
            ),
            "low",
        ),
        (SCRIPT + PIPELINE, "low"),
        (JOB, "info"),
        (JOB.replace("ml.m5.xlarge", "ml.p3.2xlarge"), "info"),
        (JOB.replace("ml.m5.xlarge", "ml.p3.2xlarge").replace('"churn"', 'input("name")'), "low"),
        (JOB.replace("ml.m5.xlarge", "ml.p3.2xlarge").replace("\n)", LONG), "low"),
        (JOB.replace('"churn"', '"churn-production"'), "low"),
        (SCRIPT.replace('Name="churn",', 'Name="churn-production",'), "low"),
    ],
)
def test_what_a_person_starts_on_small_instances_needs_no_tags(
    tmp_path: Path, script: str, severity: str
) -> None:
    (tmp_path / "host.py").write_text(script, "utf-8")
    assert _severities(tmp_path) == {severity}


def test_a_function_that_another_program_calls_is_weighed_there(tmp_path: Path) -> None:
    lines = SCRIPT.replace('"ml.m5.large"', "kind").splitlines()
    body = "\n".join(f"    {each}" for each in lines[1:])
    (tmp_path / "sagemaker_hosting.py").write_text(f"{lines[0]}\n\ndef host(kind):\n{body}\n", "utf-8")
    (tmp_path / "host.py").write_text("from sagemaker_hosting import host\nhost('ml.m5.large')\n", "utf-8")
    assert _severities(tmp_path) == {"info"}


OPERATED = """\
resource "aws_cloudwatch_metric_alarm" "errors" {
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  alarm_actions       = ["arn:aws:sns:eu-west-1:111122223333:ops"]
}
"""
TRANSFORM = """\
boto3.client("sagemaker").create_transform_job(
    TransformJobName="scores",
    ModelName="churn",
    TransformResources={"InstanceType": "ml.m5.xlarge", "InstanceCount": 1},
)
"""


def test_what_is_alike_needs_no_tags_whatever_else_is_operated(tmp_path: Path) -> None:
    (tmp_path / "infra").mkdir()
    (tmp_path / "infra/production.tfvars").write_text("", "utf-8")
    (tmp_path / "infra/main.tf").write_text(OPERATED, "utf-8")
    (tmp_path / "host.py").write_text(JOB + TRANSFORM, "utf-8")
    assert _severities(tmp_path) == {"info"}


MODEL = "sagemaker.create_model(ModelName='churn', ExecutionRoleArn='arn:aws:iam::111122223333:role/churn')\n"
BASE = "Resources:\n  Manuals:\n    Type: AWS::Bedrock::KnowledgeBase\n    Properties: {Name: manuals}\n"
BUCKET = (
    "  Documents:\n    Type: AWS::S3::Bucket\n    Properties:\n      Tags: [{Key: team, Value: support}]\n"
)
HOSTED = """\
resource "aws_sagemaker_endpoint_configuration" "churn" {
  production_variants {
    model_name    = "churn"
    instance_type = "ml.g5.xlarge"
  }
}

resource "aws_sagemaker_endpoint" "churn" {
  endpoint_config_name = aws_sagemaker_endpoint_configuration.churn.name
"""
TAGGED = '  tags = { team = "churn" }\n}\n'
GUARDRAIL = """\
import boto3

boto3.client("bedrock").create_guardrail(
    name="answers", blockedInputMessaging="no", blockedOutputsMessaging="no"
)
"""
DEFAULT = 'provider "aws" {\n  default_tags {\n    tags = { team = "support" }\n  }\n}\n'


PIPELINE = """\
Resources:
  Retraining:
    Type: AWS::SageMaker::Pipeline
    Properties:
      PipelineName: churn
      RoleArn: arn:aws:iam::111122223333:role/churn
      PipelineDefinition:
        PipelineDefinitionBody: |
          {"Version": "2020-12-01", "Steps": [
            {"Name": "Train", "Type": "Training", "Arguments": {"Tags": [{"Key": "team", "Value": "churn"}]}}
          ]}
"""


@pytest.mark.parametrize(
    ("files", "severity"),
    [
        ({"pipeline.yaml": PIPELINE}, "info"),
        ({"pipeline.yaml": PIPELINE.replace('"Tags": [{"Key": "team", "Value": "churn"}]', "")}, "low"),
        ({"base.yaml": BASE}, "info"),
        ({"base.yaml": BASE + BUCKET}, "low"),
        ({"main.tf": HOSTED + TAGGED}, "info"),
        ({"main.tf": HOSTED + "}\n"}, "low"),
        ({"guard.py": GUARDRAIL}, "info"),
        ({"guard.py": GUARDRAIL, "infra/main.tf": DEFAULT}, "low"),
    ],
    ids=[
        "tagged jobs",
        "untagged jobs",
        "base",
        "tags in use",
        "tagged endpoint",
        "untagged endpoint",
        "guardrail",
        "default tags",
    ],
)
def test_what_is_paid_for_elsewhere_needs_tags_only_where_they_are_in_use(
    files: dict[str, str], severity: str, tmp_path: Path
) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    assert _severities(tmp_path) == {severity}


def test_what_is_billed_is_named_first(tmp_path: Path) -> None:
    script = SCRIPT.replace("ml.m5.large", "ml.g5.xlarge")
    first = "sagemaker.create_endpoint_config"
    (tmp_path / "host.py").write_text(script.replace(first, MODEL + first), "utf-8")
    report = lint_paths([str(tmp_path)], lambda _: RunSettings(RULES, LoadOptions(root=tmp_path)), 1)
    (found,) = [each for each in report.findings if each.code == "MLC502"]
    assert found.message.startswith("EndpointConfig churn-1, Endpoint churn/endpoint, Model churn have")
