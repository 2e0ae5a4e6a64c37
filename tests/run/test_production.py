"""What weighs less where a bucket goes with all of its objects, and what shows that it may not."""

import json

import pytest

from tests.support.workspace import Workspace

_BUCKET = """variable "stage" {
  default = "STAGE"
}

resource "aws_s3_bucket" "models" {
  bucket        = "acme-models"
  force_destroy = true
  tags          = { "TAG" = var.stage }
}

resource "aws_sagemaker_model" "churn" {
  execution_role_arn = "arn:aws:iam::111122223333:role/serving"
  primary_container {
    image          = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/churn:4"
    model_data_url = "s3://${aws_s3_bucket.models.id}/KEY/model.tar.gz"
  }
}
"""


def _weights(workspace: Workspace, stage: str, tag: str = "Environment", key: str = "v4") -> dict[str, str]:
    text = _BUCKET.replace("STAGE", stage).replace("TAG", tag).replace("KEY", key)
    workspace.write("main.tf", text)
    codes = "MLC301,MLS306,MLR301"
    ran = workspace.run("check", ".", "--select", codes, "--format", "json", "--severity", "info")
    return {each["code"]: each["severity"] for each in json.loads(ran.out)["findings"]}


_FULL = {"MLC301": "low", "MLS306": "low", "MLR301": "medium"}
_LESS = {"MLC301": "info", "MLS306": "info", "MLR301": "low"}


@pytest.mark.parametrize(
    ("stage", "tag", "weights"),
    [
        ("production", "Environment", _FULL),
        ("prod", "app:env", _FULL),
        ("eu-prod-1", "DeploymentStage", _FULL),
        ("dev", "Environment", _LESS),
        ("non-prod", "Environment", _LESS),
        ("production", "Team", _LESS),
    ],
)
def test_what_is_for_production_is_not_meant_to_go(
    workspace: Workspace, stage: str, tag: str, weights: dict[str, str]
) -> None:
    assert _weights(workspace, stage, tag) == weights


def test_values_that_terraform_reads_count_as_well(workspace: Workspace) -> None:
    workspace.write("terraform.tfvars", 'stage = "production"\n')
    assert _weights(workspace, "dev") == _FULL


@pytest.mark.parametrize(("key", "weight"), [("churn", "medium"), ("churn/v4", "low"), ("2026-11", "low")])
def test_models_that_replace_one_another_need_versions_until_then(
    workspace: Workspace, key: str, weight: str
) -> None:
    assert _weights(workspace, "dev", key=key)["MLR301"] == weight


_UPLOADS = """resource "aws_s3_bucket" "ADDRESS" {
  bucket = "acme-uploads"
  tags   = { Content = "TAG" }

  server_side_encryption_configuration {
    rule {
      apply_server_side_encryption_by_default {
        sse_algorithm = "AES256"
      }
    }
  }
}

resource "aws_iam_role" "reader" {
  assume_role_policy = jsonencode({
    Statement = [{
      Effect = "Allow", Principal = { Service = "lambda.amazonaws.com" }, Action = "sts:AssumeRole"
    }]
  })
  inline_policy {
    name = "reader"
    policy = jsonencode({
      Statement = [
        { Effect = "Allow", Action = "textract:AnalyzeExpense", Resource = "*" },
        { Effect = "Allow", Action = "s3:GetObject", Resource = "${aws_s3_bucket.ADDRESS.arn}/*" },
      ]
    })
  }
}

resource "aws_lambda_function" "reader" {
  function_name = "reader"
  role          = aws_iam_role.reader.arn
}
"""


@pytest.mark.parametrize(
    ("address", "tag", "weight"),
    [
        ("uploads", "receipts", "info"),
        ("pii_uploads", "receipts", "low"),
        ("uploads", "Patient records", "low"),
        ("pii_redaction", "receipts", "info"),
    ],
)
def test_a_bucket_of_personal_data_needs_a_key(
    workspace: Workspace, address: str, tag: str, weight: str
) -> None:
    workspace.write("README.md", "# Receipts\n")
    workspace.write("main.tf", _UPLOADS.replace("ADDRESS", address).replace("TAG", tag))
    ran = workspace.run("check", ".", "--select", "MLS302", "--format", "json", "--severity", "info")
    assert [each["severity"] for each in json.loads(ran.out)["findings"]] == [weight]
