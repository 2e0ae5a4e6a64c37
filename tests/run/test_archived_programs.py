"""Handlers in archives of the repository, where what they were packed from is not there."""

import io
import json
import zipfile
from pathlib import Path

import pytest

from mlwa_lint.cli.app import invoke
from mlwa_lint.files.endings import ProjectFiles
from mlwa_lint.frontends import archived_programs
from mlwa_lint.frontends.archived_programs import program_in
from tests.support.files import write

INVOKES = """import boto3

def handler(event, context):
    client = boto3.client("sagemaker-runtime")
    return client.invoke_endpoint(EndpointName="churn", Body=event["body"])
"""
OTHER = "def handler(event, context):\n    return event['name']\n"
API = """Resources:
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties:
      Name: churn
      ProtocolType: HTTP
      Target: !GetAtt Score.Arn
  Score:
    Type: AWS::Lambda::Function
    Properties:
      Handler: main.handler
      Runtime: python3.13
      Role: !GetAtt Scoring.Arn
      Code: build/score.zip
  Scoring:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}]
      Policies:
        - PolicyName: scoring
          PolicyDocument:
            Statement:
              - {Effect: Allow, Action: "sagemaker:InvokeEndpoint", Resource: "*"}
"""
TERRAFORM = """resource "aws_apigatewayv2_api" "api" {
  name          = "churn"
  protocol_type = "HTTP"
  target        = aws_lambda_function.score.arn
}

resource "aws_lambda_function" "score" {
  function_name = "score"
  handler       = "main.handler"
  runtime       = "python3.13"
  role          = aws_iam_role.scoring.arn
  filename      = "build/score.zip"
}

resource "aws_iam_role" "scoring" {
  name = "scoring"
  assume_role_policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
  inline_policy {
    name   = "scoring"
    policy = jsonencode({
      Statement = [{ Effect = "Allow", Action = "sagemaker:InvokeEndpoint", Resource = "*" }]
    })
  }
}
"""


def packed(**members: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return buffer.getvalue()


@pytest.mark.parametrize(("name", "stack"), [("stack.yaml", API), ("main.tf", TERRAFORM)])
@pytest.mark.parametrize(("code", "expected"), [(INVOKES, 1), (OTHER, 0)])
def test_a_handler_in_an_archive_is_read(
    name: str, stack: str, code: str, expected: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / ".git").mkdir()
    write(tmp_path, **{name: stack})
    (tmp_path / "build").mkdir()
    (tmp_path / "build/score.zip").write_bytes(packed(**{"main.py": code}))
    invoke(["check", str(tmp_path), "--select", "MLS107", "--severity", "info", "--format", "json"])
    found = json.loads(capsys.readouterr().out)
    assert len(found["findings"]) == expected
    assert found["undecided"] == []


def test_what_is_no_archive_or_too_large_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = tmp_path / "score.zip"
    whole = packed(**{"main.py": OTHER})

    def read(content: bytes, name: str = "main.py") -> str | None:
        archive.write_bytes(content)
        return program_in(archive, name, ProjectFiles(tmp_path))

    assert read(whole) == OTHER
    assert read(whole, "other.py") is None
    assert read(b"") is None
    assert read(b"PK\x05\x06" + b"\xff" * 18) is None
    for end in range(1, len(whole), 7):
        read(whole[:end])  # never raises
        read(whole[:end] + b"\0" + whole[end + 1 :])
    assert program_in(archive, "main.py", None) is None
    assert program_in(archive, "main.py", ProjectFiles(tmp_path / "below")) is None
    monkeypatch.setattr(archived_programs, "PROGRAM_SIZE_LIMIT", 10)
    assert read(whole) is None
    monkeypatch.undo()
    monkeypatch.setattr(archived_programs, "LIST_SIZE_LIMIT", 10)
    assert read(whole) is None


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    archive = tmp_path / "score.zip"
    content = bytearray(packed(**{"main.py": "#" * 50_000_000}))
    at = content.index(b"PK\x01\x02") + 24
    content[at : at + 4] = (100).to_bytes(4, "little")  # it says that it is small
    archive.write_bytes(content)
    assert program_in(archive, "main.py", ProjectFiles(tmp_path)) is None
