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


PASSED_ON = """
variable "tags" {
  default = {}
}
resource "aws_sagemaker_domain" "forgotten" {
  domain_name = "research"
  auth_mode   = "IAM"
  vpc_id      = "vpc-0a1b2c3d"
  subnet_ids  = ["subnet-0a1b2c3d"]
  TAGS
  default_user_settings {
    execution_role = "arn:aws:iam::111122223333:role/studio"
  }
}
resource "aws_sagemaker_user_profile" "passes_on" {
  domain_id         = aws_sagemaker_domain.forgotten.id
  user_profile_name = "analyst"
  tags              = var.tags
}
"""


@pytest.mark.parametrize(("stated", "listed"), [("", False), ("tags = var.tags", True)])
def test_what_passes_tags_on_is_not_listed_beside_what_has_none(stated: str, listed: bool) -> None:
    write(main_tf=PASSED_ON.replace("TAGS", stated))
    assert "Domain aws_sagemaker_domain.forgotten" in _messages("MLC502")
    assert ("passes_on" in _messages("MLC502")) == listed


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
PLACEHOLDER = """
def handler(event, context):
    return {"statusCode": 200}
"""
FORWARDS = """
import boto3
def handler(event, context):
    boto3.client(event["service"]).invoke_endpoint(EndpointName="churn", Body="1")
"""


@pytest.mark.parametrize(
    ("code", "beside", "severity"),
    [
        (SPEAKS, "", "low"),
        (SPEAKS, ENDPOINT, "medium"),
        (FORWARDS, "", "medium"),
        (PLACEHOLDER, "", "medium"),
    ],
    ids=["no endpoint", "an endpoint", "code that may invoke one", "no code yet"],
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


TRAINS = """
import boto3

def main():
    boto3.client("sagemaker").create_training_job(
        TrainingJobName="letters",
        RoleArn="arn:aws:iam::111122223333:role/training",
        AlgorithmSpecification={"TrainingImage": IMAGE, "TrainingInputMode": "File"},
        ResourceConfig={"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 10},
        StoppingCondition={"MaxRuntimeInSeconds": 3600},
        OutputDataConfig={"S3OutputPath": "s3://acme/letters"},
    )

main()
"""
IMAGES = (
    '"111122223333.dkr.ecr.eu-west-1.amazonaws.com/letters:latest"',
    '"111122223333.dkr.ecr.eu-west-1.amazonaws.com/digits:latest"',
)
HOSTS = """
boto3.client("sagemaker").create_model(
    ModelName="letters",
    ExecutionRoleArn="arn:aws:iam::111122223333:role/hosting",
    PrimaryContainer={"Image": "111122223333.dkr.ecr.eu-west-1.amazonaws.com/serving:1.2", "ModelDataUrl": "s3://a/b"},
)
"""


def test_an_image_that_a_person_runs_once_weighs_little() -> None:
    write(a_py=TRAINS.replace("IMAGE", IMAGES[0]))
    assert [found for found, _ in weights("MLR116")] == ["low"]


def test_an_image_of_a_job_whose_results_are_used() -> None:
    write(a_py=TRAINS.replace("IMAGE", IMAGES[0]) + HOSTS)
    assert [found for found, _ in weights("MLR116")] == ["medium"]


TAGGING = TRAINS.replace("IMAGE", IMAGES[0]).replace(
    "StoppingCondition=", 'Tags=[{"Key": "Project", "Value": "letters"}],\n        StoppingCondition='
)


@pytest.mark.parametrize(("beside", "severity"), [("", "info"), (TAGGING, "low")])
def test_tags_that_other_programs_give_to_their_jobs(beside: str, severity: str) -> None:
    write(
        a_py=TRAINS.replace("IMAGE", IMAGES[0]),
        README_md="# Letters\n",
        **({"b_py": beside} if beside else {}),
    )
    assert [found for found, _ in weights("MLC502")] == [severity]


@pytest.mark.parametrize(
    ("reading", "severity"), [("yaml.dump({}, f)", "low"), ("yaml.safe_load(f)", "medium")]
)
def test_a_program_that_only_writes_yaml_takes_no_options(reading: str, severity: str) -> None:
    text = TRAINS.replace("IMAGE", IMAGES[0]).replace(
        "def main():", f"import yaml\n\ndef main():\n    with open('a') as f:\n        {reading}"
    )
    write(a_py=text, prod_json="{}", README_md="# Letters\n")
    assert [found for found, _ in weights("MLR116")] == [severity]


CALLING = """
variable "model" {
  default = "anthropic.claude-v2:1"
}
resource "aws_iam_role" "ask" {
  name = "ask"
  assume_role_policy = jsonencode({
    Statement = [
      { Effect = "Allow", Principal = { Service = "lambda.amazonaws.com" }, Action = "sts:AssumeRole" },
    ]
  })
}
resource "aws_lambda_function" "ask" {
  function_name = "ask"
  role          = aws_iam_role.ask.arn
  runtime       = "python3.12"
  handler       = "lambda_function.handler"
  filename      = "${path.root}/lambda_package.zip"
  environment {
    variables = { VARIABLES }
  }
}
"""
CODE = """
import os
import boto3
def handler(event, context):
    model = MODEL
    return boto3.client("bedrock-runtime").converse(modelId=model, messages=event["messages"])
"""
OF_VARIABLE = "f\"arn:aws:bedrock:eu-west-1::foundation-model/{os.environ['MODEL_ID']}\""


@pytest.mark.parametrize(("folder", "found"), [("lambda_src", True), ("fraud", False)])
def test_the_source_of_an_archive_whose_name_shows_nothing(folder: str, found: bool) -> None:
    code = CODE.replace("MODEL", '"anthropic.claude-v2:1"')
    write(main_tf=CALLING.replace("VARIABLES", ""), **{f"{folder}__lambda_function_py": code})
    assert ("Function aws_lambda_function.ask uses" in _messages("MLR605")) == found


def test_a_model_that_code_takes_from_a_variable_is_reported_there_alone() -> None:
    text = CALLING.replace("VARIABLES", "MODEL_ID = var.model")
    write(main_tf=text, src__lambda_function_py=CODE.replace("MODEL", OF_VARIABLE, 1))
    assert "high" in [found for found, _ in weights("MLR605")]
    assert _messages("MLR605").count("Function aws_lambda_function.ask uses") == 1
