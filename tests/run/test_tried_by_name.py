"""What tags show: that a project is a test or a sample, and that only those who develop it ask models."""

from pathlib import Path

import pytest

from mlwa_lint.catalogue.registry import load_rules
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.run.pipeline import lint_paths
from mlwa_lint.run.settings import RunSettings

RULES = load_rules().rules
STATE = 'terraform {\n  backend "s3" {}\n}\n'
BUCKET = """\
resource "aws_s3_bucket" "data" {
  tags = {TAGS}
}

resource "aws_sagemaker_model" "model" {
  execution_role_arn = "arn:aws:iam::111122223333:role/model"
  primary_container {
    image          = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/price:1.0"
    model_data_url = "s3://${aws_s3_bucket.data.bucket}/model.tar.gz"
  }
}
"""
BUCKET_IN_TEMPLATE = """\
Resources:
  Data:
    Type: AWS::S3::Bucket
    Properties: {Tags: [TAGS]}
  Model:
    Type: AWS::SageMaker::Model
    Properties: {PrimaryContainer: {Image: "price:1.0", ModelDataUrl: !Sub "s3://${Data}/model.tar.gz"}}
"""
README = {"README.md": "# Prices\n\nForecasts prices of fruit.\n"}
OPERATED = {"MLS303": "low", "MLS305": "medium", "MLS306": "low"}
NOT_OPERATED = {"MLS303": "info", "MLS305": "info", "MLS306": "info"}
SAMPLE = NOT_OPERATED
ASKER = """\
resource "aws_lambda_function" "ask" {
  function_name = "ask"
  role          = aws_iam_role.ask.arn
  tags          = {TAGS}
}

resource "aws_iam_role" "ask" {
  name               = "ask"
  assume_role_policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy" "ask" {
  role   = aws_iam_role.ask.id
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "bedrock:InvokeModel", Resource = "*" }] })
}

resource "aws_bedrockagent_knowledge_base" "notes" {
  name     = "notes"
  role_arn = "arn:aws:iam::111122223333:role/base"
  knowledge_base_configuration { type = "VECTOR" }
}

variable "stage" {
  default = "dev"
}
"""
GENERATIVE = ("MLO603", "MLO604", "MLO605")


def _severities(folder: Path, files: dict[str, str], codes: tuple[str, ...]) -> dict[str, str]:
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    report = lint_paths([str(folder)], lambda _: RunSettings(RULES, LoadOptions(root=folder)), 1)
    return {each.code: each.severity for each in report.findings if each.code in codes}


@pytest.mark.parametrize(
    ("tags", "around", "severities"),
    [
        ('{ Project = "prices" }', STATE, NOT_OPERATED),
        ('{ Project = "prices-sample", Environment = "dev" }', STATE, SAMPLE),
        ('{ Project = "prices-sample", Environment = "prod" }', STATE, OPERATED),
    ],
)
def test_the_name_of_a_project_in_its_tags(
    tmp_path: Path, tags: str, around: str, severities: dict[str, str]
) -> None:
    files = {"main.tf": around + BUCKET.replace("{TAGS}", tags), **README}
    assert _severities(tmp_path, files, tuple(OPERATED)) == severities


@pytest.mark.parametrize(
    ("tags", "severities"),
    [
        ("{Key: Project, Value: prices-sample}, {Key: Environment, Value: dev}", SAMPLE),
        ("{Key: Project, Value: prices}, {Key: Environment, Value: dev}", NOT_OPERATED),
    ],
)
def test_the_same_in_templates(tmp_path: Path, tags: str, severities: dict[str, str]) -> None:
    files = {"main.yaml": BUCKET_IN_TEMPLATE.replace("TAGS", tags), **README}
    assert _severities(tmp_path, files, tuple(OPERATED)) == severities


@pytest.mark.parametrize(
    ("tags", "severities"),
    [
        ('{ Environment = "development" }', ("info", "info", "info")),
        ('{ Environment = "production" }', ("medium", "low", "low")),
        ("{ Environment = var.stage }", ("info", "info", "info")),
        ('{ Name = "development" }', ("info", "info", "info")),
    ],
)
def test_only_those_who_develop_it_do(tmp_path: Path, tags: str, severities: tuple[str, ...]) -> None:
    files = {"main.tf": STATE + ASKER.replace("{TAGS}", tags), **README}
    found = _severities(tmp_path, files, GENERATIVE)
    assert tuple(found[code] for code in GENERATIVE) == severities


CODE = """\
import boto3

def handler(event, context):
    client = boto3.client("bedrock-agent-runtime")
    return client.retrieve_and_generate(input={"text": event["query"]})
"""
RUNS = 'handler = "ask.handler"\n  runtime = "python3.13"\n  filename = "ask.zip"'
FROM_CODE = """
data "archive_file" "ask" {
  type        = "zip"
  source_file = "ask.py"
  output_path = "ask.zip"
}
"""


def test_a_function_that_sends_prompts_comes_before_a_knowledge_base(tmp_path: Path) -> None:
    function, kind, base = ASKER.partition('resource "aws_bedrockagent')
    text = kind + base + function.replace("tags          = {TAGS}", RUNS)
    (tmp_path / "ask.py").write_text(CODE, "utf-8")
    (tmp_path / "main.tf").write_text(STATE + FROM_CODE + text, "utf-8")
    report = lint_paths([str(tmp_path)], lambda _: RunSettings(RULES, LoadOptions(root=tmp_path)), 1)
    found = {each.code: each.address for each in report.findings if each.code in ("MLO603", "MLO605")}
    assert found == dict.fromkeys(("MLO603", "MLO605"), "aws_lambda_function.ask")
