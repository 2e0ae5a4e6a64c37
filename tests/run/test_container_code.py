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
    files = {
        "README.md": "# Churn\n",
        "terraform/main.tf": MODEL.format(variable=variable, image=image),
        "serving/Dockerfile": DOCKERFILE,
        "serving/serve.py": code,
    }
    monkeypatch.chdir(tmp_path)
    assert _isolation(tmp_path, files, capsys) == expected


def _isolation(folder: Path, files: dict[str, str], capsys: pytest.CaptureFixture[str]) -> str:
    """Whether a model without isolation is reported."""
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    (folder / ".git").mkdir()
    invoke(["check", ".", "--no-cache", "--format", "json", "--select", "MLS102"])
    found = json.loads(capsys.readouterr().out)
    return "reported" if found["findings"] else "undecided" if found["undecided"] else "silent"


@pytest.mark.parametrize(
    ("copies", "expected"),
    [
        ("COPY serve.py /opt/program/", "reported"),
        ('COPY ["./serve.py", "/opt/program/"]', "reported"),
        ("COPY --chown=1000 serve.py model.pkl \\\n  /opt/program/", "reported"),
        ("COPY . /opt/program/", "silent"),
        ("COPY *.py /opt/program/", "silent"),
        ("ADD serving /opt/program", "silent"),
        ("COPY ${CODE} /opt/program/", "silent"),
        ("RUN git clone https://example.com/churn.git /opt/program", "silent"),
        ("COPY serve.py \\\n  train.py /opt/program/", "silent"),
    ],
)
def test_only_what_an_image_copies_is_its_code(
    copies: str,
    expected: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    dockerfile = f'FROM python:3.13\n{copies}\nENTRYPOINT ["python", "/opt/program/serve.py"]\n'
    files = {
        "terraform/main.tf": MODEL.format(variable="", image=OWN),
        "serving/Dockerfile": dockerfile,
        "serving/serve.py": SERVER,
        "serving/train.py": CALLS,
    }
    monkeypatch.chdir(tmp_path)
    assert _isolation(tmp_path, files, capsys) == expected


PIPELINE = """\
resource "aws_sagemaker_pipeline" "scoring" {
  pipeline_name         = "scoring"
  pipeline_display_name = "scoring"
  role_arn              = "arn:aws:iam::111122223333:role/scoring"
  pipeline_definition   = templatefile("${path.module}/steps.json.tftpl", { image = "IMAGE" })
}
"""
STEPS = """\
{"Version": "2020-12-01", "Steps": [{"Name": "Make", "Type": "Model", "Arguments": {
  "ExecutionRoleArn": "arn:aws:iam::111122223333:role/scoring",
  "PrimaryContainer": {"Image": "${image}", "ModelDataUrl": "s3://models/model.tar.gz"}
}}]}
"""
PACKER = 'import tarfile\n\nwith tarfile.open("model.tar.gz", "w:gz") as archive:\n    archive.add("code")\n'


def test_a_model_of_a_definition_in_a_file_of_its_own_is_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "README.md").write_text("# Scoring\n")
    (tmp_path / "main.tf").write_text(PIPELINE.replace('"IMAGE"', OF_AWS))
    (tmp_path / "steps.json.tftpl").write_text(STEPS)
    (tmp_path / "pack.py").write_text(PACKER)
    monkeypatch.chdir(tmp_path)
    assert invoke(["check", ".", "--no-cache", "--select", "MLS102", "--severity", "info"]) == 1
    assert "steps.json.tftpl:1:" in capsys.readouterr().out


PACKS = """import tarfile

with tarfile.open("model.tar.gz", "w:gz") as archive:
    archive.add("./serving/serve.py", arcname="code/inference.py")
    archive.add("./serving/requirements.txt", arcname="code/requirements.txt")
"""
CELLS = [
    "%%writefile work/code/requirements.txt\ntransformers==4.40.0\n",
    "import tarfile\nwith tarfile.open('model.tar.gz', 'w:gz') as archive:\n    archive.add('work/code')\n",
]
OF_ARCHIVE = MODEL.replace(
    "image = {image}\n", 'image = {image}\n    model_data_url = "s3://churn-models/model.tar.gz"\n'
)


@pytest.mark.parametrize(
    ("needs", "packs", "archive", "expected"),
    [
        ("transformers==4.40.0\n", PACKS, OF_ARCHIVE, "silent"),
        ("# nothing yet\n", PACKS, OF_ARCHIVE, "undecided"),
        (None, PACKS, OF_ARCHIVE, "undecided"),
        ("transformers==4.40.0\n", PACKS.replace("model.tar", "other.tar"), OF_ARCHIVE, "undecided"),
        (None, json.dumps({"cells": [{"cell_type": "code", "source": CELLS}]}), OF_ARCHIVE, "silent"),
    ],
)
def test_requirements_that_the_project_packs_are_installed(
    needs: str | None,
    packs: str,
    archive: str,
    expected: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    packer = "pack.py" if packs.startswith("import") else "pack.ipynb"
    files = {packer: packs, "terraform/main.tf": archive.format(variable="", image=OF_AWS)}
    if needs is not None:
        files["serving/requirements.txt"] = needs
    monkeypatch.chdir(tmp_path)
    assert _isolation(tmp_path, files, capsys) == expected
