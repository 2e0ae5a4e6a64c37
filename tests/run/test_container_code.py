"""Models of templates whose images the repository builds: whether their code needs the network."""

import json
from pathlib import Path

import pytest

from mlwa_lint.cli.app import invoke

MODEL = """\
{variable}
resource "aws_ecr_repository" "churn" {{
  name = "churn"
}}

resource "aws_sagemaker_model" "churn" {{
  execution_role_arn = "arn:aws:iam::111122223333:role/serving"
  primary_container {{
    image = {image}
  }}
}}
"""
DOCKERFILE = 'FROM python:3.13\nWORKDIR /opt/program\nCOPY . .\nENTRYPOINT ["python", "serve.py"]\n'
SERVER = '@app.route("/invocations")\ndef answer(): pass\n'
CALLS = f'import boto3\n\nclient = boto3.client("cloudwatch")\n\n{SERVER}'
OWN = '"111122223333.dkr.ecr.eu-west-1.amazonaws.com/churn:1.4.2"'
OF_AWS = '"763104351884.dkr.ecr.eu-west-1.amazonaws.com/pytorch-inference:2.4"'


@pytest.mark.parametrize(
    ("image", "code", "expected"),
    [
        (OWN, CALLS, "silent"),
        (OWN, SERVER, "reported"),
        ("var.image", CALLS, "undecided"),
        ("var.image", SERVER, "reported"),
        (OF_AWS, CALLS, "reported"),
        ('"${aws_ecr_repository.churn.repository_url}:1.4.2"', CALLS, "silent"),
        ('"${aws_ecr_repository.churn.repository_url}:1.4.2"', SERVER, "reported"),
    ],
)
def test_a_model_whose_container_calls_aws_is_not_to_be_isolated(
    image: str,
    code: str,
    expected: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    variable = 'variable "image" { type = string }' if image.startswith("var.") else ""
    for name, text in (
        ("README.md", "# Churn\n"),
        ("terraform/main.tf", MODEL.format(variable=variable, image=image)),
        ("serving/Dockerfile", DOCKERFILE),
        ("serving/serve.py", code),
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    invoke(["check", ".", "--no-cache", "--format", "json", "--select", "MLS102"])
    found = json.loads(capsys.readouterr().out)
    actual = "reported" if found["findings"] else "undecided" if found["undecided"] else "silent"
    assert actual == expected
