"""Environment variables of containers that no code of the repository reads."""

import json
from pathlib import Path

import pytest

from mlwa_lint.cli.app import invoke
from tests.support.files import write

SERVICE = """Resources:
  Images:
    Type: AWS::ECR::Repository
    Properties: {RepositoryName: desk-backend}
  Desk:
    Type: AWS::AppRunner::Service
    Properties:
      SourceConfiguration:
        ImageRepository:
          ImageIdentifier: !Sub "${Images.RepositoryUri}:1"
          ImageRepositoryType: ECR
          ImageConfiguration:
            RuntimeEnvironmentVariables:
              - {Name: TABLE, Value: tickets}
              - {Name: TRIAGE_MODEL_ID, Value: "anthropic.claude-v2:1"}
"""
TASK = """Resources:
  Images:
    Type: AWS::ECR::Repository
    Properties: {RepositoryName: desk-backend}
  Desk:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - Name: desk
          Image: !Sub "${Images.RepositoryUri}:1"
          Environment:
            - {Name: TABLE, Value: tickets}
            - {Name: TRIAGE_MODEL_ID, Value: "anthropic.claude-v2:1"}
"""
SERVICE_TF = """resource "aws_ecr_repository" "backend" {
  name = "${var.prefix}-desk"
}
variable "prefix" {}
resource "aws_apprunner_service" "desk" {
  service_name = "desk"
  source_configuration {
    image_repository {
      image_identifier      = "${aws_ecr_repository.backend.repository_url}:1"
      image_repository_type = "ECR"
      image_configuration {
        runtime_environment_variables = {
          TABLE           = "tickets"
          TRIAGE_MODEL_ID = "anthropic.claude-v2:1"
        }
      }
    }
  }
}
"""
TASK_TF = """resource "aws_ecr_repository" "backend" {
  name = "desk-backend"
}
resource "aws_ecs_task_definition" "desk" {
  family = "desk"
  container_definitions = jsonencode([{
    name  = "desk"
    image = "${aws_ecr_repository.backend.repository_url}:1"
    environment = [
      { name = "TABLE", value = "tickets" },
      { name = "TRIAGE_MODEL_ID", value = "anthropic.claude-v2:1" },
    ]
  }])
}
"""
DECLARED = {
    "infra/service.yaml": SERVICE,
    "infra/task.yaml": TASK,
    "infra/service.tf": SERVICE_TF,
    "infra/task.tf": TASK_TF,
}
DOCKERFILE = 'FROM node:22\nCOPY . .\nCMD ["node", "index.js"]\n'
READS_TABLE = "const table = process.env.TABLE;\n"
OTHERS = {
    "frontend/Dockerfile": DOCKERFILE,
    "frontend/index.js": "serve();\n",
    "README.md": "TRIAGE_MODEL_ID",
}
IMAGE = {**OTHERS, "backend/Dockerfile": DOCKERFILE, "backend/index.js": READS_TABLE}
WHY = "no code of the repository reads TRIAGE_MODEL_ID"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)


def _found(capsys: pytest.CaptureFixture[str]) -> list[tuple[str, str]]:
    arguments = ["check", ".", "--no-cache", "--severity", "info", "--format", "json", "--select", "MLR605"]
    invoke(arguments)
    findings = json.loads(capsys.readouterr().out)["findings"]
    return [(each["severity"], (each.get("lowered") or {}).get("because", "")) for each in findings]


@pytest.mark.parametrize("declared", DECLARED)
def test_a_variable_that_no_code_reads(declared: str, capsys: pytest.CaptureFixture[str]) -> None:
    write(Path(), **{declared: DECLARED[declared], **IMAGE})
    assert _found(capsys) == [("low", WHY)]


@pytest.mark.parametrize("declared", DECLARED)
@pytest.mark.parametrize(
    "files",
    [
        pytest.param(OTHERS, id="no image of it"),
        pytest.param({**IMAGE, "backend/ask.ts": "ask(process.env.TRIAGE_MODEL_ID);\n"}, id="read"),
        pytest.param({**IMAGE, "shared/ask.py": "os.environ['TRIAGE_MODEL_ID']\n"}, id="read elsewhere"),
        pytest.param({**IMAGE, "backend/ask.py": "class S:\n    triage_model_id: str\n"}, id="settings"),
        pytest.param({**IMAGE, "backend/ask.py": "prefix = 'TRIAGE_'\nmodel_id: str\n"}, id="prefix"),
        pytest.param({**IMAGE, "backend/ask.js": "get(`TRIAGE_MODEL_${what}`);\n"}, id="made of pieces"),
        pytest.param({**IMAGE, "backend/proxy.yaml": "model: env/TRIAGE_MODEL_ID\n"}, id="configuration"),
        pytest.param({**IMAGE, "backend/Main.java": "class Main {}\n"}, id="another language"),
        pytest.param({**IMAGE, "backend/index.js": "serve();\n"}, id="reads no variable"),
    ],
)
def test_a_variable_that_something_may_read(
    declared: str, files: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    write(Path(), **{declared: DECLARED[declared], **files})
    assert _found(capsys) == [("high", "")]
