"""What roles of one file allow alike, and programs of one repository run alike, is one finding."""

import json
from typing import Any

import pytest

from tests.rules.test_statements_in_context import HOSTS, IMAGES, TRAINS
from tests.support.workspace import Workspace


@pytest.fixture
def project(workspace: Workspace) -> Workspace:
    (workspace.folder / "template.yaml").unlink()
    return workspace


def _found(project: Workspace, code: str) -> list[Any]:
    report = json.loads(project.check("--format", "json", "--severity", "info", "--select", code).out)
    return list(report["findings"])


TRUST = """
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: SERVICE.amazonaws.com}, Action: "sts:AssumeRole"}]
"""
ROLE = """
  NAMERole:
    Type: AWS::IAM::Role
    Properties:TRUST
      Policies:
        - PolicyName: models
          PolicyDocument:
            Statement: [{Sid: Models, Effect: Allow, Action: ACTION, Resource: "*"}]
"""
FUNCTION = """
  NAME:
    Type: AWS::Lambda::Function
    Properties:
      Handler: index.handler
      Runtime: python3.12
      Role: !GetAtt NAMERole.Arn
      Code: {ZipFile: "import boto3\\ndef handler(event, context):\\n    boto3.client('bedrock-runtime')\\n"}
"""


def _role(name: str, action: str = "bedrock:*", service: str = "lambda") -> str:
    text = ROLE.replace("TRUST", TRUST.rstrip()).replace("NAME", name)
    return text.replace("ACTION", f'"{action}"').replace("SERVICE", service)


def _function(name: str, action: str = "bedrock:*") -> str:
    return _role(name, action) + FUNCTION.replace("NAME", name)


def test_a_statement_copied_into_functions_of_a_template_is_one_finding(project: Workspace) -> None:
    project.write("app.yaml", "Resources:" + "".join(map(_function, ("Intro", "Dialog", "Outro"))))
    [found] = _found(project, "MLS501")
    assert [each["address"] for each in found["instances"]] == ["IntroRole", "DialogRole", "OutroRole"]
    assert "Function Intro:" in found["message"]
    assert [each["message"] for each in found["related"]] == ["DialogRole", "OutroRole"]


@pytest.mark.parametrize(
    "other",
    [_function("Outro", "bedrock-agentcore:*"), _role("Train", service="sagemaker")],
    ids=["another service", "another kind of user"],
)
def test_what_differs_stays_apart(other: str, project: Workspace) -> None:
    project.write("app.yaml", f"Resources:{_function('Intro')}{other}")
    assert len(_found(project, "MLS501")) == 2


def test_templates_stay_apart(project: Workspace) -> None:
    project.write("app.yaml", f"Resources:{_function('Intro')}")
    project.write("jobs.yaml", f"Resources:{_function('Outro')}")
    assert len(_found(project, "MLS501")) == 2


def test_a_statement_copied_in_a_module_is_one_finding(project: Workspace) -> None:
    text = """
resource "aws_iam_role" "NAME" {
  assume_role_policy = jsonencode({
    Statement = [
      { Effect = "Allow", Principal = { Service = "sagemaker.amazonaws.com" }, Action = "sts:AssumeRole" },
    ]
  })
}
resource "aws_iam_role_policy" "NAME" {
  role   = aws_iam_role.NAME.id
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "bedrock:InvokeModel", Resource = "*" }] })
}
"""
    project.write("main.tf", text.replace("NAME", "train") + text.replace("NAME", "host"))
    for code, kind in (("MLS508", "aws_iam_role"), ("MLS615", "aws_iam_role_policy")):
        [found] = _found(project, code)
        assert [each["address"] for each in found["instances"]] == [f"{kind}.train", f"{kind}.host"]


def test_one_image_that_several_programs_run_is_one_finding(project: Workspace) -> None:
    (project.folder / ".git").mkdir(exist_ok=True)
    (project.folder / "README.md").write_text("# Letters\n", encoding="utf-8")
    texts = [TRAINS.replace("IMAGE", each) for each in IMAGES]
    project.write("a.py", texts[0])
    project.write("b.py", texts[1])
    [found] = _found(project, "MLR116")
    assert (found["severity"], len(found["instances"])) == ("low", 2)
    for name, text in (("a", texts[0]), ("b", texts[0]), ("c", texts[1])):
        project.write(f"{name}.py", text + HOSTS)
    found = _found(project, "MLR116")
    assert [(each["severity"], len(each["instances"])) for each in found] == [("medium", 2), ("medium", 1)]
