"""What statements, images and tags weigh by what else the project shows."""

from pathlib import Path

import pytest

from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.run.pipeline import lint_paths
from mlwa_lint.run.settings import RunSettings
from tests.rules.test_agents_in_context import RULES, weights, write


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


GUARDRAIL = """
resource "aws_bedrock_guardrail" "this" {
  name                      = "reviews"
  blocked_input_messaging   = "no"
  blocked_outputs_messaging = "no"
}
resource "aws_iam_role" "this" {
  name               = "bedrock"
  assume_role_policy = "{}"
  tags               = { TAG = "bedrock-reviews" }
}
"""


@pytest.mark.parametrize(("tag", "severity"), [("Name", "info"), ("Team", "low")])
def test_names_of_roles_are_no_tags_by_which_costs_are_attributed(tag: str, severity: str) -> None:
    write(main_tf=GUARDRAIL.replace("TAG", tag))
    assert [found for found, _ in weights("MLC502")] == [severity]


LEFTOVER = """
data "archive_file" "code" {
  type        = "zip"
  source_dir  = "${path.module}/src"
  output_path = "${path.module}/build/code.zip"
}
resource "aws_iam_role" "code" {
  name = "code"
  assume_role_policy = jsonencode({
    Statement = [
      { Effect = "Allow", Principal = { Service = "lambda.amazonaws.com" }, Action = "sts:AssumeRole" },
    ]
  })
}
resource "aws_iam_role_policy" "code" {
  role = aws_iam_role.code.id
  policy = jsonencode({
    Statement = [
      { Effect = "Allow", Action = ["sagemaker:InvokeEndpoint", "s3:GetObject"], Resource = "*" },
      { Effect = "Allow", Action = "polly:SynthesizeSpeech", Resource = "*" },
    ]
  })
}
resource "aws_lambda_function" "code" {
  function_name = "code"
  role          = aws_iam_role.code.arn
  runtime       = "python3.12"
  handler       = "app.handler"
  filename      = data.archive_file.code.output_path
}
"""
ENDPOINT = """
resource "aws_sagemaker_endpoint" "churn" {
  name                 = "churn"
  endpoint_config_name = "churn"
}
"""
SPEAKS = """
import boto3
def handler(event, context):
    boto3.client("polly").synthesize_speech(Text=event["text"], VoiceId="Joanna", OutputFormat="mp3")
"""
FORWARDS = """
import boto3
def handler(event, context):
    boto3.client(event["service"]).invoke_endpoint(EndpointName="churn", Body="1")
"""


@pytest.mark.parametrize(
    ("code", "beside", "severity"),
    [(SPEAKS, "", "low"), (SPEAKS, ENDPOINT, "medium"), (FORWARDS, "", "medium")],
    ids=["no endpoint", "an endpoint", "code that may invoke one"],
)
def test_a_permission_that_code_does_not_use(code: str, beside: str, severity: str) -> None:
    write(main_tf=LEFTOVER + beside, src__app_py=code)
    assert [found for found, _ in weights("MLS108")] == [severity]
    assert ("the permission should be removed" in _messages("MLS108")) == (code == SPEAKS)


def _messages(code: str) -> str:
    report = lint_paths(["."], lambda _: RunSettings(RULES, LoadOptions(root=Path())), 1)
    return "\n".join(each.message for each in report.findings if each.code == code)


REPOSITORIES = """
locals {
  accounts = { dev = "111122223333", live = "444455556666" }
  account  = local.accounts[terraform.workspace]
}
resource "aws_ecr_repository" "never" {
  count = terraform.workspace == "stable" ? 1 : 0
  name  = "never"
}
resource "aws_ecr_repository" "live" {
  count = terraform.workspace == "live" ? 1 : 0
  name  = "live"
}
resource "aws_bedrockagent_agent" "this" {
  agent_name              = "this"
  agent_resource_role_arn = "arn:aws:iam::${local.account}:role/agent"
  foundation_model        = "amazon.nova-lite-v1:0"
}
"""


def test_what_no_possible_workspace_creates_is_not_reported() -> None:
    write(main_tf=REPOSITORIES)
    found = _messages("MLC304")
    assert "aws_ecr_repository.live[0]" in found
    assert "never" not in found
