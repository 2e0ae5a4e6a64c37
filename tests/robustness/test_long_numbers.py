"""Numbers with more digits than Python converts, signs that are digits elsewhere, and marks of our own."""

from pathlib import Path

import pytest

from mlwa_lint.catalogue.registry import load_rules
from mlwa_lint.discovery.target import Target
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.run.pipeline import lint_target
from mlwa_lint.run.settings import RunSettings

RULES = load_rules().rules
DIGITS = "9" * 5_000
BUCKET = 'resource "aws_s3_bucket" "b" {}\n'
ACCOUNT = "763104351884.dkr.ecr.us-east-1.amazonaws.com"


def _module(version: str, source: str = "terraform-aws-modules/s3-bucket/aws") -> str:
    return f'module "m" {{\n  source  = "{source}"\n  version = "{version}"\n}}\n{BUCKET}'


def _named(expression: str) -> str:
    return (
        f'variable "x" {{}}\nresource "aws_sagemaker_notebook_instance" "n" {{\n  name = {expression}\n}}\n'
    )


def _image(tag: str) -> str:
    return f"""\
Resources:
  M:
    Type: AWS::SageMaker::Model
    Properties: {{ExecutionRoleArn: x, PrimaryContainer: {{Image: '{ACCOUNT}/{tag}'}}}}
  C:
    Type: AWS::SageMaker::EndpointConfig
    Properties:
      ProductionVariants:
        - VariantName: a
          ModelName: !GetAtt M.ModelName
          InstanceType: ml.g5.xlarge
          InitialInstanceCount: 1
"""


STATES = f"""\
Resources:
  S:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      Definition:
        StartAt: A
        States:
          A: {{Type: Pass, Result: {{items: [1]}}, ResultPath: $.r, Next: B}}
          B:
            Type: Task
            Resource: arn:aws:states:::sagemaker:createTrainingJob.sync
            Parameters: {{TrainingJobName.$: '$.r.items[{DIGITS}]'}}
            End: true
"""
SCHEDULE = f"""\
Resources:
  S:
    Type: AWS::SageMaker::MonitoringSchedule
    Properties:
      MonitoringScheduleConfig:
        ScheduleConfig: {{ScheduleExpression: 'cron(0 0/{DIGITS} ? * * *)'}}
        MonitoringType: DataQuality
"""
VARIANTS = "[{'VariantName': 'a', 'ModelName': 'm', 'InitialInstanceCount': '²'}]"
PROGRAM = f"""\
import boto3

client = boto3.client("sagemaker")
client.create_endpoint_config(EndpointConfigName="c", ProductionVariants={VARIANTS})
client.create_endpoint(EndpointName="e", EndpointConfigName="c")
"""
RECIPE = """\
Resources:
  C:
    Type: AWS::GreengrassV2::ComponentVersion
    Properties:
      InlineRecipe: |
        ComponentName: com.example.model
        Version: {}
"""
COMMAND = """\
import argparse

import boto3

parser = argparse.ArgumentParser()
parser.add_argument("--name")
client = boto3.client("sagemaker")
client.create_notebook_instance(NotebookInstanceName=parser.parse_args().name, RoleArn="r")
"""
SOURCES = {
    "a version": {"main.tf": _module(f">= {DIGITS}")},
    "a reference of Git": {
        "main.tf": _module("1", f"git::https://github.com/terraform-aws-modules/x.git?ref=v{DIGITS}.1")
    },
    "a width": {"main.tf": _named(f'format("%{DIGITS}s", "x")')},
    "a precision": {"main.tf": _named(f'format("%.{DIGITS}f", 1)')},
    "a place": {"main.tf": _named(f'format("%[{DIGITS}]s", "x")')},
    "a mark": {"main.tf": _named(r'jsondecode("{\"a\": \"${var.x}\", \"b\": \"\\ue000z\"}").b')},
    "a mark with a number": {
        "main.tf": _named(r'jsondecode("{\"a\": \"${var.x}\", \"b\": \"\\ue0007\\ue001\"}").b')
    },
    "a tag": {"t.yaml": _image(f"pytorch-training:{DIGITS}.1-gpu-py3")},
    "a tag of another name": {"t.yaml": _image(f"x-pytorch-training:{DIGITS}.1-gpu-py3")},
    "an index": {"t.yaml": STATES},
    "hours": {"t.yaml": SCHEDULE},
    "a count": {"a.py": PROGRAM},
    "a setting of SAM": {
        "template.yaml": "Parameters: {A: {Type: String}}\nResources:\n  B:\n    Type: AWS::S3::Bucket\n",
        "samconfig.toml": f"x = {DIGITS}\n",
    },
    "a tag in a recipe": {"t.yaml": RECIPE.format("!!bool x")},
    "a time in a recipe": {"t.yaml": RECIPE.format("!!timestamp x")},
    "a number in a recipe": {"t.yaml": RECIPE.format('!!int ""')},
    "a mark in a command": {"a.py": COMMAND, "run.sh": "python a.py --name x\x01999\x01\n"},
}
KINDS = {".tf": "terraform", ".yaml": "cloudformation", ".py": "python"}


@pytest.mark.parametrize("name", SOURCES)
def test_sources(tmp_path: Path, name: str) -> None:
    tmp_path.joinpath(".git").mkdir()
    for place, content in SOURCES[name].items():
        tmp_path.joinpath(place).write_text(content, "utf-8")
    first = tmp_path / next(iter(SOURCES[name]))
    kind = KINDS[first.suffix]
    path = tmp_path if kind == "terraform" else first
    settings = RunSettings(RULES, LoadOptions(root=tmp_path), scope="all")
    report = lint_target(Target(kind, str(path)), settings)  # type: ignore[arg-type]
    assert report.errors == ()
    assert [each for each in report.problems if each.fatal] == []
