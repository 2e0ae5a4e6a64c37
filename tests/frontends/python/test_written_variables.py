"""Environment variables that scripts write to `.env`, or to a profile of the machine of a program."""

import json

import pytest

from tests.support.workspace import Workspace

_PROGRAM = """import os
import boto3
from dotenv import load_dotenv

load_dotenv(".env")
boto3.client("sagemaker").create_model(
    ModelName="churn",
    ExecutionRoleArn="arn:aws:iam::111122223333:role/serving",
    PrimaryContainer={"Image": os.getenv("IMAGE")},
)
"""
_LATEST = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/churn:latest"
_NOTEBOOK = """variable "image" {
  type    = string
  default = DEFAULT
}

resource "aws_sagemaker_notebook_instance_lifecycle_configuration" "start" {
  name     = "start"
  on_start = base64encode(templatefile("${path.module}/templates/start.sh.tftpl", {
    bucket = var.bucket
    image  = var.image # of the model
    env = {
      IMAGE = var.image
      SIZE  = 1
    }
  }))
}
"""
_CALL = """module "notebook" {
  source = "./notebook"
  bucket = "scripts"
  image  = GIVEN
}
"""
_LOOP = """cat << EOF > /home/ec2-user/SageMaker/.env
%{ for key, value in env ~}
${key}=${value}
%{ endfor ~}
EOF
"""
_LINE = 'cat > ~/SageMaker/.env <<EOF\nIMAGE="${image}"\nEOF\n'
_ECHO = (
    "echo \"export IMAGE=${image}\" | sudo tee -a /etc/profile.d/model.sh\necho 'IMAGE=${image}' >> .env\n"
)
_ELSEWHERE = 'cat > notes.txt <<EOF\nIMAGE="${image}"\nEOF\nIMAGE=${image}\necho IMAGE=${image}\n'
_BY_DEFAULT = "assuming the default of image"


def _checked(workspace: Workspace) -> list[str | None]:
    """The conditions of what is found about the image; `?` where that is undecided."""
    (workspace.folder / ".git").mkdir()
    workspace.write("src/deploy.py", _PROGRAM)
    options = ("--select", "MLR116", "--format", "json", "--severity", "info")
    report = json.loads(workspace.run("check", "src", *options).out)
    return [*(each["condition"] for each in report["findings"]), *("?" for _ in report["undecided"])]


@pytest.mark.parametrize(
    ("script", "found"),
    [(_LOOP, [_BY_DEFAULT]), (_LINE, [_BY_DEFAULT]), (_ECHO, [_BY_DEFAULT]), (_ELSEWHERE, ["?"])],
)
def test_a_template_of_a_lifecycle_configuration_writes_them(
    workspace: Workspace, script: str, found: list[str | None]
) -> None:
    workspace.write("infra/main.tf", _NOTEBOOK.replace("DEFAULT", f'"{_LATEST}"'))
    workspace.write("infra/templates/start.sh.tftpl", f"#!/bin/bash\n{script}exit 0\n")
    assert _checked(workspace) == found


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (f'"{_LATEST}"', ["assuming environment variable IMAGE as in infra/main.tf"]),
        (
            '"${module.registry.repository_url}:latest"',
            ["assuming environment variable IMAGE as in infra/main.tf"],
        ),
        ("var.chosen", ["assuming the default of chosen"]),
        ("var.open", ["?"]),
        ('"churn:1.2"', []),
    ],
)
@pytest.mark.parametrize("script", [_LOOP, _LINE])
def test_arguments_of_the_module_are_followed(
    workspace: Workspace, script: str, given: str, found: list[str | None]
) -> None:
    variables = f'variable "chosen" {{\n  default = "{_LATEST}"\n}}\n\nvariable "open" {{}}\n'
    workspace.write("infra/main.tf", variables + _CALL.replace("GIVEN", given))
    workspace.write("infra/notebook/main.tf", _NOTEBOOK.replace("DEFAULT", '"churn:1"'))
    workspace.write("infra/notebook/templates/start.sh.tftpl", script)
    assert _checked(workspace) == found


def test_calls_that_differ_leave_it_open(workspace: Workspace) -> None:
    for stage, given in (("dev", _LATEST), ("prod", "churn:1.2")):
        call = _CALL.replace("GIVEN", f'"{given}"').replace("./", "../")
        workspace.write(f"infra/{stage}/main.tf", call)
    workspace.write("infra/notebook/main.tf", _NOTEBOOK.replace("DEFAULT", '"churn:1"'))
    workspace.write("infra/notebook/templates/start.sh.tftpl", _LOOP)
    assert _checked(workspace) == ["?"]


def test_an_example_of_a_module_does_not_count(workspace: Workspace) -> None:
    call = _CALL.replace("GIVEN", '"churn:1.2"').replace("./notebook", "../")
    workspace.write("infra/examples/main.tf", call)
    workspace.write("infra/main.tf", _NOTEBOOK.replace("DEFAULT", f'"{_LATEST}"'))
    workspace.write("infra/templates/start.sh.tftpl", _LOOP)
    assert _checked(workspace) == [_BY_DEFAULT]


def test_a_local_value_may_hold_the_variables(workspace: Workspace) -> None:
    text = _NOTEBOOK.replace("DEFAULT", f'"{_LATEST}"')
    start, end = text.index("    env = {"), text.index("  }))")
    local = "locals {\n  settings = { IMAGE = var.image, SIZE = 1 }\n}\n"
    text = f"{text[:start]}    env = local.settings\n{text[end:]}\n{local}"
    workspace.write("infra/main.tf", text)
    workspace.write("infra/templates/start.sh.tftpl", _LOOP)
    assert _checked(workspace) == [_BY_DEFAULT]


_INLINE = """variable "image" {
  default = "LATEST"
}

resource "aws_sagemaker_notebook_instance_lifecycle_configuration" "start" {
  on_start = base64encode(<<-SCRIPT
    #!/bin/bash
    cat > /home/ec2-user/SageMaker/.env <<EOF
    IMAGE=VALUE
    EOF
  SCRIPT
  )
}
""".replace("LATEST", _LATEST)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("${var.image}", [_BY_DEFAULT]),
        ("churn:$${TAG}", ["?"]),
        ("churn:$TAG", ["?"]),
        ("`cat image`", ["?"]),
        ("churn:1.2", []),
    ],
)
def test_a_script_within_terraform_writes_them(
    workspace: Workspace, value: str, found: list[str | None]
) -> None:
    workspace.write("infra/main.tf", _INLINE.replace("VALUE", value))
    assert _checked(workspace) == found


_TEMPLATE = """Parameters:
  Image:
    Type: String
    Default: LATEST
  Open:
    Type: String
Resources:
  Start:
    Type: AWS::SageMaker::NotebookInstanceLifecycleConfig
    Properties:
      OnStart:
        - Content:
            Fn::Base64: !Sub |
              #!/bin/bash
              cat > /home/ec2-user/SageMaker/.env <<EOF
              IMAGE=VALUE
              EOF
""".replace("LATEST", _LATEST)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("${Image}", ["assuming the default of Image"]),
        ("${Open}", ["?"]),
        ("${Open}:latest", ["assuming environment variable IMAGE as in template.yaml"]),
        ("${TAG}", ["?"]),
        ("${!TAG}", ["?"]),
        ("churn:1.2", []),
    ],
)
def test_a_script_within_a_template_writes_them(
    workspace: Workspace, value: str, found: list[str | None]
) -> None:
    workspace.write("template.yaml", _TEMPLATE.replace("VALUE", value))
    assert _checked(workspace) == found


@pytest.mark.parametrize(
    ("script", "found"),
    [
        (f"echo IMAGE={_LATEST} >> .env\n", ["assuming environment variable IMAGE as in setup.sh"]),
        (
            "TAG=latest\necho IMAGE=churn:$TAG >> .env\n",
            ["assuming environment variable IMAGE as in setup.sh"],
        ),
        ("echo IMAGE=churn:$1 >> .env\n", ["?"]),
    ],
)
def test_a_shell_script_writes_them(workspace: Workspace, script: str, found: list[str | None]) -> None:
    workspace.write("setup.sh", f"#!/bin/bash\n{script}")
    assert _checked(workspace) == found


def test_what_functions_are_given_comes_first(workspace: Workspace) -> None:
    workspace.write("infra/main.tf", _INLINE.replace("VALUE", "churn:1.2"))
    function = 'resource "aws_lambda_function" "deploy" {\n  handler = "deploy.handler"\n'
    variables = f'  environment {{\n    variables = {{\n      IMAGE = "{_LATEST}"\n    }}\n  }}\n}}\n'
    workspace.write("infra/function.tf", function + variables)
    assert _checked(workspace) == ["assuming environment variable IMAGE as in infra/function.tf"]
