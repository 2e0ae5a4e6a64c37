"""A secret that is planted anywhere in the sources is in no output, in no cache entry, in no baseline."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.workspace import Workspace

FORMS = ("text", "json", "sarif", "junit", "github", "gitlab", "markdown", "csv", "html")
# A finding is beside each place, so that excerpts come near it.
BUCKET = "aws_sagemaker_endpoint_configuration"

CLOUDFORMATION = {
    "model environment": """\
Resources:
  Model:
    Type: AWS::SageMaker::Model
    Properties:
      ExecutionRoleArn: !GetAtt Role.Arn
      PrimaryContainer:
        Image: 111122223333.dkr.ecr.eu-west-1.amazonaws.com/x:1
        Environment:
          DB_PASSWORD: QUOTED
          OTHER: x
""",
    "model environment on one line": """\
{"Resources": {"Model": {"Type": "AWS::SageMaker::Model", "Properties": {
  "PrimaryContainer": {"Image": "x", "Environment": {"API_KEY": JSON, "OTHER": "x"}}}}}}
""",
    "codebuild pairs": """\
Resources:
  Build:
    Type: AWS::CodeBuild::Project
    Properties:
      Environment:
        EnvironmentVariables:
          - Name: HF_TOKEN
            Value: QUOTED
          - {Value: QUOTED, Type: PLAINTEXT, Name: WANDB_API_KEY}
""",
    "task definition pairs": """\
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - Name: app
          Image: x
          Environment: [{Name: DB_PASSWORD, Value: QUOTED}]
""",
    "secret string": """\
Resources:
  Secret:
    Type: AWS::SecretsManager::Secret
    Properties:
      SecretString: QUOTED
  Bucket:
    Type: AWS::S3::Bucket
""",
    "hidden parameter": """\
Parameters:
  Phrase: {Type: String, NoEcho: true, Default: QUOTED, AllowedValues: [QUOTED, other]}
Conditions:
  Same: !Equals [!Ref Phrase, QUOTED]
Resources:
  Config:
    Type: AWS::SageMaker::EndpointConfig
    Properties:
      KmsKeyId: !If [Same, alias/x, !Ref AWS::NoValue]
      ProductionVariants: [{VariantName: !Ref Phrase, ModelName: x, InstanceType: ml.m5.large}]
""",
    "parameter by name": """\
Parameters:
  DbPassword:
    Type: String
    Default: QUOTED
Resources:
  Config:
    Type: AWS::SageMaker::EndpointConfig
    Properties:
      ProductionVariants:
        - {VariantName: !Ref DbPassword, ModelName: !Ref DbPassword, InstanceType: !Ref DbPassword}
""",
    "select": """\
Resources:
  Notebook:
    Type: AWS::SageMaker::NotebookInstance
    Properties:
      InstanceType: ml.t3.medium
      RoleArn: !Select [0, !Ref Roles]
      NotebookInstanceName: !Select [7, [QUOTED]]
      Tags: [{Key: auth-token, Value: !Select [0, [QUOTED]]}]
""",
    "state machine": """\
Resources:
  Machine:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: x
      Definition:
        StartAt: Train
        States:
          Train:
            Type: Task
            Resource: arn:aws:states:::sagemaker:createTrainingJob.sync
            End: true
            Parameters:
              TrainingJobName: x
              Environment: {SECRET_KEY: QUOTED}
              HyperParameters: {api_key: QUOTED}
""",
    "broken line": """\
Resources:
  Model:
    Type: AWS::SageMaker::Model
    Properties:
      DB_PASSWORD: QUOTED: QUOTED
     Broken: [
""",
    "same key twice": """\
Resources:
  Model:
    Type: AWS::SageMaker::Model
    Properties:
      password: QUOTED
      password: QUOTED
""",
}
TERRAFORM = {
    "model environment": """\
resource "aws_sagemaker_model" "m" {
  name               = "m"
  execution_role_arn = "x"
  primary_container {
    image       = "x"
    environment = { DB_PASSWORD = JSON, OTHER = "x" }
  }
}
""",
    "variable": """\
variable "db_password" {
  default = JSON
}
variable "phrase" { default = JSON, sensitive = true }
resource "aws_sagemaker_notebook_instance" "n" {
  name          = var.db_password
  instance_type = var.phrase == JSON ? "ml.t3.medium" : var.db_password
  role_arn      = "x"
}
""",
    "one-line block": """\
variable "db_password" { default = JSON }
resource "aws_sagemaker_notebook_instance" "n" {
  name          = var.db_password
  instance_type = "ml.t3.medium"
  role_arn      = var.db_password
}
""",
    "sensitive one-line block": """\
variable "phrase" {
  sensitive = true
  default = JSON
}
resource "aws_sagemaker_endpoint_configuration" "c" {
  name = var.phrase
  production_variants {
    variant_name  = var.phrase
    model_name    = "x"
    instance_type = var.phrase
  }
}
""",
    "instances by key": """\
variable "tokens" { default = [JSON] }
resource "aws_s3_bucket" "b" {
  for_each = toset(var.tokens)
  bucket   = "models-${each.key}"
}
resource "aws_sagemaker_notebook_instance" "n" {
  for_each      = toset(var.tokens)
  name          = "x"
  instance_type = "ml.t3.medium"
  role_arn      = "x"
}
""",
    "conditional": """\
variable "api_key" {}
resource "aws_sagemaker_endpoint_configuration" "c" {
  kms_key_arn = var.api_key == JSON ? null : "x"
  production_variants {
    variant_name  = contains([JSON], var.api_key) ? "a" : "b"
    model_name    = "x"
    instance_type = "ml.m5.large"
  }
}
""",
    "file": """\
resource "aws_sagemaker_notebook_instance" "n" {
  for_each      = toset([file("db-password.txt")])
  name          = file("db-password.txt")
  instance_type = file("db-password.txt")
  role_arn      = element([file("db-password.txt")], 4)
}
""",
    "container definitions": """\
resource "aws_ecs_task_definition" "t" {
  family                = "x"
  container_definitions = jsonencode([
    { name = "app", image = "x", environment = [{ name = "API_KEY", value = JSON }] }
  ])
}
resource "aws_codebuild_project" "p" {
  name = "x"
  environment {
    compute_type = "x"
    environment_variable {
      name  = "HF_TOKEN"
      value = JSON
    }
  }
}
""",
    "secret version": """\
resource "aws_secretsmanager_secret_version" "v" {
  secret_id     = "x"
  secret_string = JSON
}
resource "aws_sagemaker_notebook_instance" "n" {
  name = aws_secretsmanager_secret_version.v.secret_string
  instance_type = aws_secretsmanager_secret_version.v.secret_string
  role_arn = "x"
}
""",
    "handed to a module": """\
module "inner" {
  source = "./inner"
  phrase = JSON
}
""",
    "broken line": """\
resource "aws_sagemaker_notebook_instance" "n" {
  db_password = JSON JSON
}
""",
}
INNER = """\
variable "phrase" { sensitive = true }
resource "aws_sagemaker_notebook_instance" "n" {
  name          = var.phrase
  instance_type = var.phrase
  role_arn      = "x"
}
"""
SECRETS = st.sampled_from(
    [
        "qorrect-horse-7battery",
        "Tr0ub4dor&3",
        'quo"ted-9xyzzy"end',
        "back\\slash-9xyzzy",
        "two\nlines-9xyzzy-plugh",
        "brace}-9xyzzy-{inside",
        "it's-9xyzzy, twice",
        "9xyzzyplugh0123456789abcdefghijklmnopqrstuvwxyz",
    ]
)
# What would betray the secret: every run of at least so many letters of it.
_PIECE = 7


def pieces(secret: str) -> set[str]:
    """Parts of a secret that no output may have."""
    parts = [part for part in re.split(r"[^\w&-]+", secret) if len(part) >= _PIECE]
    return {part[:_PIECE] for part in parts}


def filled(text: str, secret: str) -> str:
    quoted = json.dumps(secret)
    return text.replace("QUOTED", quoted).replace("JSON", quoted)


def outputs(workspace: Workspace, target: str) -> str:
    """All that comes of linting a target, in every format, with its cache and its baseline."""
    stated = []
    more = ("--show-undecided", "--show-suppressed", "--severity", "info", "--verbose")
    folder = workspace.folder / "reports"
    folder.mkdir(exist_ok=True)
    every = [part for form in FORMS for part in ("--format", f"{form}:{folder / form}")]
    for forms in (every, ("--format", "text")):  # evaluated, and then from the cache
        run = workspace.run("check", target, *forms, *more)
        assert "internal error" not in run.err
        stated += [run.out, run.err]
    reports = [(folder / form).read_text("utf-8") for form in FORMS]
    stated += reports
    for form in ("mermaid", "dot", "json", "svg", "graphml", "html"):
        run = workspace.run("graph", target, "--format", form, "--all-edges")
        stated += [run.out, run.err]
    run = workspace.run("baseline", target, "--output", "-")
    stated += [run.out, run.err]
    return "\n".join(stated)


def kept(folder: Path) -> bytes:
    return b"\n".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def refuse(stated: str, cache: bytes, secret: str) -> None:
    for piece in pieces(secret):
        assert piece not in stated, next(line for line in stated.splitlines() if piece in line)
        assert piece.encode() not in cache


FEW = settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)


@pytest.fixture
def cache(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = workspace.folder / "kept"
    monkeypatch.setenv("MLWA_LINT_CACHE_DIR", str(folder))
    return folder


@pytest.mark.parametrize("place", CLOUDFORMATION)
@FEW
@given(secret=SECRETS)
def test_no_output_holds_a_secret_of_a_template(
    workspace: Workspace, cache: Path, place: str, secret: str
) -> None:
    workspace.write("t.yaml", filled(CLOUDFORMATION[place], secret))
    refuse(outputs(workspace, "t.yaml"), kept(cache), secret)


PYTHON = {
    "model environment": """\
import boto3

phrase = JSON
boto3.client("sagemaker").create_model(
    ModelName=phrase,
    ExecutionRoleArn="arn:aws:iam::111122223333:role/x",
    PrimaryContainer={"Image": "x", "Environment": {"DB_PASSWORD": phrase}},
)
boto3.client("sagemaker").create_notebook_instance(NotebookInstanceName="n", InstanceType=phrase)
""",
    "names of a program": """\
import argparse

import boto3

password = JSON
parser = argparse.ArgumentParser()
parser.add_argument("--api-token", default=JSON)
arguments = parser.parse_args()


class Config:
    secret_key = JSON


def named(name, password):
    return f"{name}-{password}"


client = boto3.client("sagemaker")
client.create_notebook_instance(NotebookInstanceName=f"x-{password}", InstanceType=password)
client.create_notebook_instance(NotebookInstanceName=arguments.api_token, InstanceType=arguments.api_token)
client.create_notebook_instance(NotebookInstanceName=Config().secret_key, InstanceType="ml.t3.medium")
client.create_notebook_instance(NotebookInstanceName=named("a", JSON), InstanceType="ml.t3.medium")
client.create_notebook_instance(NotebookInstanceName=named("b", password=JSON), InstanceType="ml.t3.medium")
""",
    "a comparison": """import os

import boto3

password = os.environ["DB_PASSWORD"]
if password == JSON:
    boto3.client("sagemaker").create_notebook_instance(NotebookInstanceName="n", InstanceType="ml.t3.medium")
else:
    boto3.client("sagemaker").create_endpoint(EndpointName="n", EndpointConfigName=JSON)
""",
    "hyperparameters": """from sagemaker.estimator import Estimator

api_key = JSON
Estimator(
    "x", "arn:aws:iam::111122223333:role/x", 1, api_key, hyperparameters={"api_key": api_key}
).fit("s3://b/x")
""",
}


@pytest.mark.parametrize("place", PYTHON)
@pytest.mark.parametrize("secret", ["qorrect-horse-7battery", 'quo"ted-9xyzzy"end'])
def test_no_output_holds_a_secret_of_a_program(
    workspace: Workspace, cache: Path, place: str, secret: str
) -> None:
    workspace.write("p.py", filled(PYTHON[place], secret))
    refuse(outputs(workspace, "p.py"), kept(cache), secret)


SCRIPT = """\
Resources:
  Build:
    Type: AWS::CodeBuild::Project
    Properties:
      Source: {Type: NO_SOURCE, BuildSpec: "version: 0.2 # COMMAND"}
  Notebook:
    Type: AWS::SageMaker::NotebookInstance
    Properties: {NotebookInstanceName: SECRET, InstanceType: SECRET, RoleArn: SECRET}
"""


@pytest.mark.parametrize(
    "command",
    [
        "export HF_TOKEN=SECRET && python train.py",
        "ENV DB_PASSWORD SECRET",
        "curl --password SECRET https://x",
        "curl --password 'SECRET' https://x",
        "echo machine x login me password SECRET >> ~/.netrc",
        "printf 'password: SECRET' > x",
        "curl https://x?api_key=SECRET&other=y",
        "curl https://x -d token=SECRET",
    ],
)
@pytest.mark.parametrize("secret", ["qorrect-horse-7battery", "plughxyzzy", "qorrect-horse-battery"])
def test_no_output_holds_a_secret_of_a_script(
    workspace: Workspace, cache: Path, command: str, secret: str
) -> None:
    text = SCRIPT.replace("COMMAND", command).replace("SECRET", secret)
    workspace.write("t.yaml", text)
    assert secret in text
    refuse(outputs(workspace, "t.yaml"), kept(cache), secret)


def test_prose_about_secrets_takes_no_word_from_a_message(workspace: Workspace) -> None:
    workspace.write(
        "t.yaml",
        """\
Parameters:
  HfToken:
    Type: String
    NoEcho: true
    Description: "Use a token name to download gated models. Token: name, version or image"
Resources:
  Model:
    Type: AWS::SageMaker::Model
    Properties:
      ExecutionRoleArn: arn:aws:iam::111122223333:role/x
      PrimaryContainer:
        Image: 111122223333.dkr.ecr.eu-west-1.amazonaws.com/x:latest
""",
    )
    run = workspace.run("check", "t.yaml", "--select", "MLR116", "--format", "json")
    (finding,) = json.loads(run.out)["findings"]
    assert finding["message"].endswith("should name a version or a digest")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "t.yaml",
            """\
Resources:
  Database:
    Type: AWS::SecretsManager::Secret
    Properties:
      SecretString: '{"username": "mlflow", "password": "correct-horse", "dbname": "mlflow"}'
  mlflow:
    Type: AWS::S3::Bucket
""",
        ),
        (
            "main.tf",
            """\
resource "aws_secretsmanager_secret_version" "database" {
  secret_id     = "database"
  secret_string = jsonencode({ username = "mlflow", password = "correct-horse", dbname = "mlflow" })
}
resource "aws_s3_bucket" "mlflow" {}
""",
        ),
    ],
)
def test_who_a_password_is_for_is_no_secret_in_other_names(
    workspace: Workspace, name: str, text: str
) -> None:
    workspace.write(name, text)
    found = json.loads(workspace.run("check", name, "--select", "MLS301", "--format", "json").out)["findings"]
    assert [each["resource"]["address"].rpartition(".")[2] for each in found] == ["mlflow"]
    assert "correct-horse" not in workspace.run("check", name, "--select", "MLS301").out


@pytest.mark.parametrize("place", TERRAFORM)
@FEW
@given(secret=SECRETS)
def test_no_output_holds_a_secret_of_a_module(
    workspace: Workspace, cache: Path, place: str, secret: str
) -> None:
    workspace.write("m/main.tf", filled(TERRAFORM[place], secret))
    workspace.write("m/inner/main.tf", INNER)
    workspace.write("m/db-password.txt", secret)
    refuse(outputs(workspace, "m"), kept(cache), secret)


@pytest.mark.parametrize("place", ["model environment", "variable", "instances by key"])
def test_no_output_holds_a_secret_of_terraform_json(workspace: Workspace, cache: Path, place: str) -> None:
    secret = "qorrect-horse-7battery"
    content = {
        "variable": {"tokens": {"default": [secret]}, "phrase": {"default": secret, "sensitive": True}},
        "resource": {
            "aws_sagemaker_notebook_instance": {
                "n": {
                    "for_each": "${toset(var.tokens)}",
                    "name": "${var.phrase}",
                    "instance_type": "${var.phrase}",
                    "role_arn": "x",
                }
            },
            "aws_sagemaker_model": {
                "m": {"name": "m", "primary_container": {"image": "x", "environment": {"API_KEY": secret}}}
            },
        },
    }
    workspace.write("m/main.tf.json", json.dumps(content, indent=None if place == "variable" else 2))
    refuse(outputs(workspace, "m"), kept(cache), secret)


def test_no_output_holds_what_the_user_hands_over(workspace: Workspace, cache: Path) -> None:
    secret = "qorrect-horse-7battery"
    workspace.write("t.yaml", filled(CLOUDFORMATION["hidden parameter"], "elsewhere-1234"))
    workspace.write("p.json", json.dumps([{"ParameterKey": "Phrase", "ParameterValue": secret}]))
    run = workspace.run("check", "t.yaml", "--parameters", "p.json", "--show-undecided", "--format", "json")
    refuse(run.out + run.err, kept(cache), secret)
    workspace.write("m/main.tf", INNER)
    workspace.write("m/terraform.tfvars", f'phrase = "{secret}"\n')
    refuse(outputs(workspace, "m"), kept(cache), secret)
    workspace.write("m/terraform.tfvars", "")
    for form in FORMS:
        run = workspace.run("check", "m", "--var", f"phrase={secret}", "--format", form, "--show-undecided")
        refuse(run.out + run.err, kept(cache), secret)


def test_no_output_holds_a_secret_of_a_plan(workspace: Workspace, cache: Path) -> None:
    secret = "qorrect-horse-7battery"
    change = {
        "address": f'aws_sagemaker_notebook_instance.n["{secret}"]',
        "mode": "managed",
        "type": "aws_sagemaker_notebook_instance",
        "name": "n",
        "change": {
            "actions": ["create"],
            "after": {"name": secret, "instance_type": "ml.t3.medium", "role_arn": "x"},
            "after_sensitive": {"name": True},
        },
    }
    plan = {"format_version": "1.2", "terraform_version": "1.9.0", "resource_changes": [change]}
    workspace.write("plan.json", json.dumps(plan))
    refuse(outputs(workspace, "plan.json"), kept(cache), secret)


TOKEN = "AKIA" + "IOSFODNN7EXBMPLE"


def test_no_output_holds_what_has_a_credentials_format(workspace: Workspace, cache: Path) -> None:
    text = f"""\
# mlwa: ignore[{TOKEN}] -- {TOKEN}
Resources:
  {TOKEN}:
    Type: AWS::SageMaker::NotebookInstance
    Metadata: {{mlwa-lint: {{ignore: [{{rule: MLS402, reason: {TOKEN}}}]}}}}
    Properties:
      NotebookInstanceName: {TOKEN}
      InstanceType: !Select [5, [{TOKEN}]]
"""
    workspace.write("t.yaml", text)
    refuse(outputs(workspace, "t.yaml"), kept(cache), TOKEN)
    workspace.write(
        "m/main.tf",
        f"""\
variable "x" {{}}
resource "aws_sagemaker_notebook_instance" "n" {{
  for_each      = toset(["{TOKEN}"])
  name          = var.x == "{TOKEN}" ? "a" : null
  instance_type = "ml.t3.medium" # {TOKEN}
  role_arn      = var.x == "{TOKEN}" ? "{TOKEN}" : null
}}
""",
    )
    refuse(outputs(workspace, "m"), kept(cache), TOKEN)


@pytest.mark.parametrize(
    ("name", "content", "arguments"),
    [
        (".mlwa-lint.toml", 'vars = "db_password=SECRET"', ("check", "t.yaml")),
        (".mlwa-lint.toml", '[vars]\ndb_password = "SECRET"', ("config", "t.yaml")),
        (".mlwa-lint.toml", '[vars]\ndb_password = "SECRET"', ("config", "t.yaml", "--format", "json")),
        (".mlwa-lint.toml", 'db_password = "SECRET" = "SECRET"', ("check", "t.yaml")),
        ("b.json", '{"version": 1, "findings": ["SECRET"]}', ("check", "t.yaml", "--baseline", "b.json")),
        ("p.json", '["SECRET"]', ("check", "t.yaml", "--parameters", "p.json")),
        ("x.txt", "", ("check", "t.yaml", "--var", "db_password SECRET")),
        ("x.txt", "", ("check", "t.yaml", "--select", "token=SECRET")),
    ],
)
def test_no_complaint_quotes_a_secret(
    workspace: Workspace, cache: Path, name: str, content: str, arguments: tuple[str, ...]
) -> None:
    secret = "qorrect-horse-7battery"
    workspace.write("t.yaml", "Resources: {}\n")
    workspace.write(name, content.replace("SECRET", secret))
    run = workspace.run(*(each.replace("SECRET", secret) for each in arguments))
    assert run.out or run.err
    refuse(run.out + run.err, kept(cache), secret)
