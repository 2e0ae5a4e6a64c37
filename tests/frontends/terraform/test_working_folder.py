"""Paths from `path.cwd`: the folder that Terraform is run from, where the files show it."""

import json

import pytest

from tests.support.workspace import Workspace

_SCRIPT = """resource "aws_sagemaker_notebook_instance_lifecycle_configuration" "start" {
  name     = "start"
  on_start = CONTENT
}
"""
_ENCODED = 'filebase64("${path.cwd}/scripts/start.sh")'
_FILE = 'base64encode(file("${path.cwd}/scripts/start.sh"))'
_TEMPLATE = 'base64encode(templatefile("${path.cwd}/scripts/start.sh", {}))'
_WRONG = "#!/bin/bash\r\nexit 0\r\n"


def _checked(workspace: Workspace, content: str = _ENCODED) -> list[str]:
    (workspace.folder / ".git").mkdir()
    workspace.write("stacks/lab/main.tf", _SCRIPT.replace("CONTENT", content))
    ran = workspace.run("check", ".", "--select", "MLR402", "--format", "json", "--show-undecided")
    report = json.loads(ran.out)
    return [*(each["code"] for each in report["findings"]), *("?" for _ in report["undecided"])]


@pytest.mark.parametrize("content", [_ENCODED, _FILE, _TEMPLATE])
@pytest.mark.parametrize("folder", ["", "stacks/", "stacks/lab/"])
def test_the_only_folder_with_such_a_file_is_meant(workspace: Workspace, folder: str, content: str) -> None:
    path = workspace.folder / folder / "scripts" / "start.sh"
    path.parent.mkdir(parents=True)
    path.write_bytes(_WRONG.encode())
    assert _checked(workspace, content) == ["MLR402"]


def test_one_of_several_is_not_known(workspace: Workspace) -> None:
    workspace.write("scripts/start.sh", _WRONG)
    workspace.write("stacks/lab/scripts/start.sh", _WRONG)
    assert _checked(workspace) == ["?"]


@pytest.mark.parametrize("path", ["other/scripts/start.sh", "stacks/lab/start.sh"])
def test_without_such_a_file_it_is_not_known(workspace: Workspace, path: str) -> None:
    workspace.write(path, _WRONG)
    assert _checked(workspace) == ["?"]


def test_what_follows_has_to_be_known(workspace: Workspace) -> None:
    workspace.write("scripts/start.sh", _WRONG)
    content = 'variable "name" {}\n'
    workspace.write("stacks/lab/variables.tf", content)
    assert _checked(workspace, 'filebase64("${path.cwd}/scripts/${var.name}.sh")') == ["?"]


_FUNCTION = """data "archive_file" "code" {
  type        = "zip"
  source_dir  = "${path.cwd}/src"
  output_path = "${path.cwd}/build/code.zip"
}

resource "aws_lambda_function" "ask" {
  function_name = "ask"
  role          = "arn:aws:iam::111122223333:role/ask"
  handler       = "app.handler"
  runtime       = "python3.12"
  filename      = data.archive_file.code.output_path
}
"""


def test_the_code_of_functions_is_found_there(workspace: Workspace) -> None:
    (workspace.folder / ".git").mkdir()
    workspace.write("src/app.py", 'import boto3\n\nboto3.client("lex-runtime").post_text(botName="b")\n')
    workspace.write("stacks/lab/main.tf", _FUNCTION)
    ran = workspace.run("check", "stacks", "--select", "MLR602", "--format", "json")
    assert [each["code"] for each in json.loads(ran.out)["findings"]] == ["MLR602"]
