"""What the code of functions does counts as what the steps that invoke them do (MLO503)."""

from pathlib import Path

import pytest

from mlwa_lint.catalogue.registry import load_rules
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.run.pipeline import lint_paths
from mlwa_lint.run.settings import RunSettings

RULES = load_rules().rules
CONFIGURATION = """
data "archive_file" "code" {
  for_each    = toset(["train", "serve"])
  type        = "zip"
  source_dir  = "${path.module}/${each.key}"
  output_path = "${path.module}/build/${each.key}.zip"
}

resource "aws_lambda_function" "train" {
  function_name = "train"
  role          = "arn:aws:iam::111122223333:role/train"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "${path.module}/build/train.zip"
}

resource "aws_lambda_function" "serve" {
  function_name = "serve"
  role          = "arn:aws:iam::111122223333:role/serve"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "${path.module}/build/serve.zip"
}

resource "aws_sfn_state_machine" "release" {
  name     = "release"
  role_arn = "arn:aws:iam::111122223333:role/workflow"
  definition = jsonencode({
    StartAt = "Train"
    States = {
      Train = { Type = "Task", Resource = aws_lambda_function.train.arn, Next = "Serve" }
      Serve = { Type = "Task", Resource = aws_lambda_function.serve.arn, End = true }
    }
  })
}
"""
TRAINS = """import boto3

def handler(event, context):
    request = {**event, "AlgorithmSpecification": {"MetricDefinitions": []}}
    boto3.client("sagemaker").create_training_job(**request)
"""


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def _found(body: str, trains: str = TRAINS) -> int:
    serves = f'import boto3\n\nsagemaker = boto3.client("sagemaker")\n\ndef handler(event, context):\n{body}'
    for name, text in {
        "main.tf": CONFIGURATION,
        "train/app.py": trains,
        "serve/app.py": serves,
    }.items():
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text(text, encoding="utf-8")
    report = lint_paths(["main.tf"], lambda _: RunSettings(RULES, LoadOptions(root=Path.cwd())), 1)
    return sum(each.code == "MLO503" for each in report.findings)


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ('    sagemaker.update_endpoint(EndpointName="prices", EndpointConfigName=event["name"])\n', 1),
        ('    sagemaker.create_model_package(ModelPackageGroupName="prices")\n', 1),
        ('    return sagemaker.list_endpoints(NameContains="prices")["Endpoints"][0]["EndpointName"]\n', 0),
        ('    return sagemaker.describe_model(ModelName=event["name"])["ModelArn"]\n', 0),
        ('    event["accuracy"] > 0.9 and sagemaker.update_endpoint(EndpointName="prices")\n', 0),
    ],
)
def test_a_function_deploys_by_its_calls_unless_it_may_judge_the_model(body: str, count: int) -> None:
    assert _found(body) == count


def test_a_function_that_starts_any_job_may_evaluate_as_well() -> None:
    serves = '    sagemaker.update_endpoint(EndpointName="prices", EndpointConfigName=event["name"])\n'
    other = '    boto3.client("sagemaker").create_processing_job(**request)\n'
    assert _found(serves, TRAINS) == 1
    assert _found(serves, TRAINS + other) == 0
