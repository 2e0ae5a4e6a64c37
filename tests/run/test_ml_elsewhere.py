"""What works for ML elsewhere in a repository: the callers of a module, and who may query a stack's data."""

import json

import pytest

from tests.support.workspace import Workspace

_CALLER = """variable "retrain" {
  type    = bool
  default = false
}

module "retraining" {
  count  = var.retrain ? 1 : 0
  source = "./retraining"
}
"""
_NOTEBOOK = """resource "aws_sagemaker_notebook_instance" "lab" {
  name          = "lab"
  role_arn      = "arn:aws:iam::111122223333:role/lab"
  instance_type = "ml.t3.medium"
}
"""
_RETRAINING = """resource "aws_iam_role" "retraining" {
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "glue.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy_attachment" "retraining" {
  role       = aws_iam_role.retraining.name
  policy_arn = "arn:aws:iam::aws:policy/AWSGlueConsoleFullAccess"
}

resource "aws_glue_job" "retraining" {
  name     = "retraining"
  role_arn = aws_iam_role.retraining.arn
  command {
    script_location = "s3://scripts/retraining.py"
  }
}
"""


def _found(workspace: Workspace, codes: str) -> list[str]:
    (workspace.folder / ".git").mkdir()
    ran = workspace.run("check", ".", "--select", codes, "--format", "json", "--severity", "info")
    return sorted(each["code"] for each in json.loads(ran.out)["findings"])


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({"main.tf": _CALLER + _NOTEBOOK}, ["MLS309", "MLS502"]),
        (
            {"main.tf": _CALLER + 'module "lab" {\n  source = "./lab"\n}\n', "lab/main.tf": _NOTEBOOK},
            ["MLS309", "MLS502"],
        ),
        ({"main.tf": _CALLER}, []),
        # It is a caller that knows what a module is for, not what lies beside it.
        ({"main.tf": _CALLER, "lab/main.tf": _NOTEBOOK}, []),
    ],
)
def test_a_module_that_its_caller_leaves_out_is_for_what_that_is_for(
    workspace: Workspace, files: dict[str, str], found: list[str]
) -> None:
    workspace.write("retraining/main.tf", _RETRAINING)
    for name, text in files.items():
        workspace.write(name, text)
    assert _found(workspace, "MLS502,MLS309") == found


_ATHENA = """resource "aws_athena_workgroup" "data" {
  name = "data"
  configuration {
    result_configuration {
      output_location = "s3://results/"
    }
  }
}
"""
_WORKGROUP = """Resources:
  Data:
    Type: AWS::Athena::WorkGroup
    Properties:
      Name: data
      WorkGroupConfiguration:
        ResultConfiguration: {OutputLocation: "s3://results/"}
"""
_ANALYST = """resource "aws_iam_role" "analyst" {
  assume_role_policy = jsonencode({
    Statement = [{
      Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "sagemaker.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy_attachment" "analyst" {
  role       = aws_iam_role.analyst.name
  policy_arn = "arn:aws:iam::aws:policy/POLICY"
}
"""
_LAB = """Resources:
  Analyst:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: sagemaker.amazonaws.com}, Action: sts:AssumeRole}]
      Policies:
        - PolicyName: queries
          PolicyDocument:
            Statement: [{Effect: Allow, Action: "athena:StartQueryExecution", Resource: "*"}]
"""


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({"stacks/data/main.tf": _ATHENA, "stacks/lab/iam.tf": _ANALYST}, ["MLS308"]),
        ({"data/data.yaml": _WORKGROUP, "lab/lab.yaml": _LAB}, ["MLS308"]),
        ({"stacks/data/main.tf": _ATHENA}, []),
        ({"stacks/data/main.tf": _ATHENA, "stacks/lab/iam.tf": _ANALYST.replace("POLICY", "ReadOnly")}, []),
        ({"stacks/data/main.tf": _ATHENA, "stacks/lab/iam.tf": _ANALYST.replace("sagemaker", "ec2")}, []),
        ({"stacks/data/main.tf": _ATHENA, "examples/lab/iam.tf": _ANALYST}, []),
        ({"stacks/data/main.tf": _ATHENA, "stacks/lab/notes.md": _ANALYST}, []),
    ],
)
def test_results_of_queries_that_another_stack_may_make(
    workspace: Workspace, files: dict[str, str], found: list[str]
) -> None:
    for name, text in files.items():
        workspace.write(name, text.replace("POLICY", "AmazonSageMakerFullAccess"))
    assert _found(workspace, "MLS308") == found


def test_other_projects_of_a_folder_do_not_count(workspace: Workspace) -> None:
    workspace.write("one/README.md", "one")
    workspace.write("one/main.tf", _ATHENA)
    workspace.write("two/README.md", "two")
    workspace.write("two/iam.tf", _ANALYST.replace("POLICY", "AmazonSageMakerFullAccess"))
    ran = workspace.run("check", ".", "--select", "MLS308", "--format", "json", "--severity", "info")
    assert json.loads(ran.out)["findings"] == []
