"""Templates that Terraform of the same repository replaced: the same names, and no way to deploy them."""

from pathlib import Path

import pytest

from mlwa_lint.catalogue.registry import load_rules
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.run.pipeline import lint_paths
from mlwa_lint.run.settings import RunSettings
from tests.support.files import write

RULES = load_rules().rules
SAM = """Transform: AWS::Serverless-2016-10-31
Resources:
  Notebook:
    Type: AWS::SageMaker::NotebookInstance
    Properties:
      InstanceType: ml.t3.medium
      RoleArn: arn:aws:iam::111122223333:role/notebook
      RootAccess: Enabled
  Labels:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: functions/labels/, Handler: labels.lambda_handler, Runtime: python3.13}
  Faces:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: functions/faces/
      Handler: faces.lambda_handler
      Runtime: python3.13
"""
STACK = """Resources:
  Notebook:
    Type: AWS::SageMaker::NotebookInstance
    Properties:
      NotebookInstanceName: claims-notebook
      InstanceType: ml.t3.medium
      RoleArn: arn:aws:iam::111122223333:role/notebook
      RootAccess: Enabled
  Scores:
    Type: AWS::Lambda::Function
    Properties:
      FunctionName: claims-scores
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/scores
      Code: {S3Bucket: "%%CODE%%", S3Key: scores.zip}
      Runtime: python3.13
"""
TERRAFORM = """provider "aws" {}
resource "aws_lambda_function" "labels" {
  function_name = "claims-scores"
  handler       = "labels.lambda_handler"
  role          = "arn:aws:iam::111122223333:role/labels"
  filename      = "labels.zip"
  runtime       = "python3.13"
}
resource "aws_sagemaker_notebook_instance" "other" {
  name          = "claims-notebook"
  instance_type = "ml.t3.medium"
  role_arn      = "arn:aws:iam::111122223333:role/notebook"
  root_access   = "Disabled"
}
"""
README = "Run `terraform init` and `terraform apply`.\n"
GONE = "the code that it names is not in the repository, where Terraform declares the same"
PORTED = "Terraform in the repository declares the same, and documents deploy that"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)


def _found() -> list[tuple[str, str, str]]:
    report = lint_paths(["."], lambda _: RunSettings(RULES, LoadOptions(root=Path())), 1)
    return [
        (each.span.path, each.severity, "" if each.lowered is None else each.lowered.because)
        for each in report.findings
        if each.code == "MLS402"
    ]


def test_a_template_without_its_code() -> None:
    write(Path(), **{"sam/stack.yaml": SAM, "main.tf": TERRAFORM, "functions/labels.py": "pass\n"})
    assert _found() == [("sam/stack.yaml", "info", GONE)]


def test_a_template_of_what_terraform_declares() -> None:
    write(Path(), **{"original/stack.yaml": STACK, "terraform/main.tf": TERRAFORM, "README.md": README})
    [(path, severity, because)] = _found()
    assert (path, severity) == ("original/stack.yaml", "info")
    assert PORTED in because


def test_a_template_that_a_script_beside_it_packs() -> None:
    packing = {"original/build.sh": "sed -i s/CODE/$1/ stack.yaml\n"}
    write(Path(), **{"original/stack.yaml": STACK, "tf/main.tf": TERRAFORM, "README.md": README, **packing})
    assert [PORTED in because for _, _, because in _found()] == [True]


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"sam/functions/labels/labels.py": "pass\n"}, id="code of a function"),
        pytest.param({"functions/labels/labels.py": "pass\n"}, id="code from the top"),
        pytest.param({"main.tf": TERRAFORM.replace("labels.", "other.")}, id="other functions"),
        pytest.param({"main.tf": ""}, id="no Terraform"),
        pytest.param({"deploy.sh": "sam deploy -t sam/stack.yaml\n"}, id="deployed"),
        pytest.param({"sam/stack.yaml": SAM.replace("functions/", "dist/")}, id="made by a build"),
    ],
)
def test_a_template_whose_code_may_be_there(files: dict[str, str]) -> None:
    write(Path(), **{"sam/stack.yaml": SAM, "main.tf": TERRAFORM, **files})
    assert [because for _, _, because in _found() if because.endswith((GONE, PORTED))] == []


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"README.md": "Terraform, or CloudFormation.\n"}, id="no command"),
        pytest.param({"README.md": README + "Or open stack.yaml in the console.\n"}, id="document"),
        pytest.param({"terraform/main.tf": TERRAFORM.replace("claims", "other")}, id="other names"),
        pytest.param({"original/go.sh": "aws cloudformation deploy -t stack.yaml\n"}, id="script beside"),
        pytest.param(
            {"Makefile": "deploy:\n\taws cloudformation deploy -t original/stack.yaml\n"}, id="deployed"
        ),
    ],
)
def test_a_template_that_may_be_deployed(files: dict[str, str]) -> None:
    write(
        Path(), **{"original/stack.yaml": STACK, "terraform/main.tf": TERRAFORM, "README.md": README, **files}
    )
    assert [because for _, _, because in _found() if because.endswith((GONE, PORTED))] == []
