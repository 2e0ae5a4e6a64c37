"""Environment variables of a program that templates and Terraform give the function which runs it."""

import json

import pytest

from tests.support.workspace import Workspace

_HANDLER = """import os
import boto3

def lambda_handler(event, context):
    boto3.client("sagemaker").create_model(
        ModelName="churn",
        ExecutionRoleArn="arn:aws:iam::111122223333:role/serving",
        PrimaryContainer={"Image": os.environ["IMAGE"]},
    )
"""
_AS_GIVEN = "assuming environment variable IMAGE as in infra/main.tf"
_LATEST = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/churn:latest"
_FUNCTION = """
resource "aws_lambda_function" "deploy" {
  function_name = "deploy"
  role          = "arn:aws:iam::111122223333:role/deploy"
  filename      = "deploy.zip"
  handler       = "deploy.lambda_handler"
  runtime       = "python3.13"

  environment {
    variables = {
      IMAGE = GIVEN
    }
  }
}

variable "image" {
  type    = string
  default = DEFAULT
}

locals {
  image = var.image != "" ? var.image : "LATEST"
}
""".replace("LATEST", _LATEST)
_TEMPLATE = """Parameters:
  Image:
    Type: String
    Default: LATEST
Resources:
  Deploy:
    Type: AWS::Serverless::Function
    Properties:
      Handler: deploy.lambda_handler
      Runtime: python3.13
      CodeUri: .
      Environment:
        Variables:
          IMAGE: GIVEN
""".replace("LATEST", _LATEST)


def _checked(workspace: Workspace) -> list[str | None]:
    """The conditions of what is found about the image; `?` where that is undecided."""
    (workspace.folder / ".git").mkdir()
    workspace.write("src/deploy.py", _HANDLER)
    options = ("--select", "MLR116", "--format", "json", "--severity", "info")
    report = json.loads(workspace.run("check", "src", *options).out)
    return [*(each["condition"] for each in report["findings"]), *("?" for _ in report["undecided"])]


@pytest.mark.parametrize(
    ("given", "default", "found"),
    [
        (f'"{_LATEST}"', '""', [_AS_GIVEN]),
        ("var.image", f'"{_LATEST}"', ["assuming the default of image"]),
        ('"${var.image}"', f'"{_LATEST}"', ["assuming the default of image"]),
        ("local.image", '""', ["assuming the default of image"]),
        ("local.image", '"churn:1.2"', []),
        ('"${aws_ecr_repository.churn.repository_url}:latest"', '""', [_AS_GIVEN]),
        ("var.image", '""', ["?"]),
        ("aws_ecr_repository.churn.repository_url", '""', ["?"]),
        ('"churn:1.2"', '""', []),
    ],
)
def test_terraform_gives_them(
    workspace: Workspace, given: str, default: str, found: list[str | None]
) -> None:
    workspace.write("infra/main.tf", _FUNCTION.replace("GIVEN", given).replace("DEFAULT", default))
    assert _checked(workspace) == found


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (_LATEST, ["assuming environment variable IMAGE as in template.yaml"]),
        ("!Ref Image", ["assuming the default of Image"]),
        ('!Sub "${Repository.RepositoryUri}:latest"', [_AS_GIVEN.replace("infra/main.tf", "template.yaml")]),
        ("!ImportValue image", ["?"]),
    ],
)
def test_a_template_gives_them(workspace: Workspace, given: str, found: list[str | None]) -> None:
    workspace.write("template.yaml", _TEMPLATE.replace("GIVEN", given))
    assert _checked(workspace) == found


def test_a_document_without_resources_is_no_template(workspace: Workspace) -> None:
    workspace.write(
        "notes.yaml", "IMAGE of deploy.lambda_handler, an AWS::Serverless::Function: see template\n"
    )
    assert _checked(workspace) == ["?"]


def test_another_function_has_its_own(workspace: Workspace) -> None:
    function = _FUNCTION.replace("GIVEN", f'"{_LATEST}"').replace("DEFAULT", '""')
    workspace.write("infra/main.tf", function.replace("deploy.lambda_handler", "train.handler"))
    assert _checked(workspace) == ["?"]


def test_functions_that_differ_leave_it_open(workspace: Workspace) -> None:
    for name, given in (("dev", _LATEST), ("prod", "churn:1.2")):
        function = _FUNCTION.replace("GIVEN", f'"{given}"').replace("DEFAULT", '""')
        workspace.write(f"{name}/main.tf", function)
    assert _checked(workspace) == ["?"]


_TESTED = _HANDLER.replace('os.environ["IMAGE"]', 'LATEST if "DEBUG" in os.environ else "churn:1.2"').replace(
    "LATEST", f'"{_LATEST}"'
)
_TRIED = "when 'DEBUG' is in os.environ"


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({}, [_TRIED]),
        ({"template.yaml": _TEMPLATE}, []),
        ({"template.yaml": _TEMPLATE + "          DEBUG: yes\n"}, [None]),
        ({"template.yaml": _TEMPLATE.replace("deploy.lambda", "train.lambda")}, [_TRIED]),
        (
            {"template.yaml": _TEMPLATE.partition("          IMAGE")[0] + "          Fn::Transform: X"},
            [_TRIED],
        ),
        ({"template.yaml": _TEMPLATE, "run.sh": "DEBUG=1 sam local invoke\n"}, [_TRIED]),
        ({"template.yaml": _TEMPLATE, "src/all.py": "import deploy\n"}, [_TRIED]),
        ({"main.tf": _FUNCTION.replace("DEFAULT", '""')}, []),
        (
            {"main.tf": _FUNCTION.replace("DEFAULT", '""').replace("= {\n      I", "= merge(var.a, {\n I")},
            [_TRIED],
        ),
    ],
)
def test_a_variable_that_no_function_has_is_not_set(
    workspace: Workspace, files: dict[str, str], found: list[str | None]
) -> None:
    (workspace.folder / ".git").mkdir()
    workspace.write("src/deploy.py", _TESTED)
    for name, text in files.items():
        workspace.write(name, text.replace("GIVEN", '"churn:1"'))
    options = ("--select", "MLR116", "--format", "json", "--severity", "info")
    report = json.loads(workspace.run("check", "src", *options).out)
    conditions = [each["condition"] for each in report["findings"] if "deploy" in each["path"]]
    assert [each if each == _TRIED else None for each in conditions] == found


_OUTPUT = """import subprocess
import boto3

def output(name):
    found = subprocess.run(["terraform", "output", "-raw", name], capture_output=True, text=True)
    if found.returncode != 0:
        raise RuntimeError(found.stderr)
    return found.stdout.strip()

boto3.client("sagemaker").create_model(
    ModelName="churn",
    ExecutionRoleArn="arn:aws:iam::111122223333:role/serving",
    PrimaryContainer={"Image": output("image") + ":latest"},
)
"""


@pytest.mark.parametrize(
    ("value", "codes", "undecided"),
    [
        ("aws_ecr_repository.churn.repository_url", ["MLR116"], []),
        ('"public.ecr.aws/churn/churn"', ["MLR116", "MLS111"], []),
        ("var.image", ["MLR116"], ["MLS111"]),
    ],
)
def test_a_program_reads_outputs_of_terraform(
    workspace: Workspace, value: str, codes: list[str], undecided: list[str]
) -> None:
    (workspace.folder / ".git").mkdir()
    workspace.write(
        "infra/outputs.tf", f'variable "image" {{}}\n\noutput "image" {{\n  value = {value}\n}}\n'
    )
    workspace.write("src/deploy.py", _OUTPUT)
    options = ("--select", "MLR116,MLS111", "--format", "json", "--severity", "info")
    report = json.loads(workspace.run("check", "src", *options).out)
    assert sorted(each["code"] for each in report["findings"]) == codes
    assert [each["code"] for each in report["undecided"]] == undecided


_STATE = """import json
import subprocess
from pathlib import Path

import boto3

HERE = Path(__file__).resolve().parent

def from_state(name):
    state = HERE / "infra" / "terraform.tfstate"
    if not state.exists():
        return None
    outputs = json.loads(state.read_text()).get("outputs", {})
    if name not in outputs:
        return None
    value = outputs[name].get("value")
    if isinstance(value, (dict, list)):
        return json.dumps(value)
    return str(value)

def output(name):
    try:
        found = subprocess.check_output(["terraform", "output", "-raw", name], text=True).strip()
    except subprocess.CalledProcessError:
        found = None
    if found:
        return found
    value = from_state(name)
    if value is None:
        raise RuntimeError(name)
    return value

boto3.client("sagemaker").create_model(
    ModelName="churn",
    ExecutionRoleArn="arn:aws:iam::111122223333:role/serving",
    PrimaryContainer={"Image": output("image")},
)
"""
_ADDRESS = '"${local.account}.dkr.ecr.eu-west-1.amazonaws.com/churn:${var.tag}"'


@pytest.mark.parametrize(
    ("value", "default", "codes", "undecided"),
    [
        (_ADDRESS, '"latest"', ["MLR116"], []),
        (_ADDRESS, '"1.4"', [], []),
        (_ADDRESS, "null", [], ["MLR116"]),
        ("var.image", "null", [], ["MLR116", "MLS111"]),
    ],
)
def test_a_program_reads_them_from_the_state_as_well(
    workspace: Workspace, value: str, default: str, codes: list[str], undecided: list[str]
) -> None:
    (workspace.folder / ".git").mkdir()
    workspace.write(
        "infra/main.tf",
        f'variable "image" {{}}\n\nvariable "tag" {{\n  default = {default}\n}}\n\n'
        'locals {\n  account = lookup(var.accounts, "here")\n}\n\n'
        f'output "image" {{\n  value = {value}\n}}\n',
    )
    workspace.write("deploy.py", _STATE)
    report = json.loads(workspace.run("check", ".", "--select", "MLR116,MLS111", "--format", "json").out)
    assert [each["code"] for each in report["findings"]] == codes
    assert [each["code"] for each in report["undecided"]] == undecided


def test_a_reason_names_the_key_of_an_event(workspace: Workspace) -> None:
    (workspace.folder / ".git").mkdir()
    workspace.write("deploy.py", _HANDLER.replace('os.environ["IMAGE"]', 'event["model"].get("image")'))
    report = json.loads(workspace.run("check", "--select", "MLS111", "--format", "json").out)
    reasons = ["event['model']['image'] is not known, as event is a parameter of lambda_handler()"]
    assert [each["reasons"] for each in report["undecided"]] == [reasons]


def test_other_files_that_name_a_variable_are_passed_over(workspace: Workspace) -> None:
    workspace.write("settings.yaml", "- IMAGE: churn\n- IMAGE\n")
    workspace.write("infra/main.tf", "# IMAGE\n")
    assert _checked(workspace) == ["?"]


@pytest.mark.parametrize("name", ["IMAGE", "IMA(GE", "IMA[GE\\\\", "*"])
def test_names_are_texts_and_no_patterns(workspace: Workspace, name: str) -> None:
    (workspace.folder / ".git").mkdir()
    workspace.write("deploy.py", _HANDLER.replace("IMAGE", name))
    workspace.write("main.tf", _FUNCTION.replace("IMAGE", name).replace("GIVEN", "var.x[0]"))
    workspace.write("template.yaml", _TEMPLATE.replace("IMAGE", name).replace("GIVEN", "!Ref (x[y*"))
    run = workspace.run("check", "deploy.py", "--select", "MLR116", "--format", "json")
    assert "internal error" not in run.err
    assert json.loads(run.out)["errors"] == []
