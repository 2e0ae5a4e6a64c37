"""MLS503 where one template names by its ARN the role that another one declares."""

import json

import pytest

from tests.support.workspace import Workspace

TRUST = (
    "{Statement: [{Effect: Allow, Principal: {Service: sagemaker.amazonaws.com}, Action: sts:AssumeRole}]}"
)
ROLE = """\
Parameters:
  Product: {{Type: String, Default: churn}}
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: {name}
      AssumeRolePolicyDocument: {trust}
  Notebook:
    Type: AWS::SageMaker::NotebookInstance
    Properties: {{InstanceType: ml.t3.medium, RoleArn: !GetAtt Role.Arn}}
"""
MODEL = """\
Parameters:
  RoleArn: {{Type: String, Default: "arn:aws:iam::111122223333:role/churn-role"}}
Resources:
  Model:
    Type: AWS::SageMaker::Model
    Properties:
      ExecutionRoleArn: {role}
      PrimaryContainer: {{Image: "111122223333.dkr.ecr.eu-west-1.amazonaws.com/churn:1"}}
"""
DEFAULT, LITERAL = "!Ref RoleArn", "arn:aws:iam::111122223333:role/churn-role"
COMPOSED = '!Sub "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/ml/churn-role"'


def _role(name: str) -> str:
    return ROLE.format(name=name, trust=TRUST)


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"lab.yaml": _role("churn-role"), "model.yaml": MODEL.format(role=DEFAULT)}, ["MLS503"]),
        ({"lab/a.yaml": _role("churn-role"), "b/model.yaml": MODEL.format(role=LITERAL)}, []),
        ({"lab/a.yaml": _role("churn-role"), "model.yaml": MODEL.format(role=COMPOSED)}, []),
        ({"lab.yaml": _role("churn-role"), "model.yaml": MODEL.format(role=COMPOSED)}, ["MLS503"]),
        ({"lab.yaml": _role('!Sub "${Product}-role"'), "model.yaml": MODEL.format(role=DEFAULT)}, ["MLS503"]),
        ({"lab.yaml": _role('!Sub "${Other}-role"'), "model.yaml": MODEL.format(role=DEFAULT)}, []),
        ({"lab.yaml": _role("fraud-role"), "model.yaml": MODEL.format(role=DEFAULT)}, []),
        (
            {f"{each}.yaml": _role("churn-role") for each in ("dev", "prod")}
            | {"model.yaml": MODEL.format(role=LITERAL)},
            [],
        ),
    ],
)
def test_the_only_role_of_a_name_is_the_one_of_an_arn(
    workspace: Workspace, files: dict[str, str], expected: list[str]
) -> None:
    (workspace.folder / "template.yaml").unlink(missing_ok=True)
    for name, text in {"README.md": "# Churn\n", **files}.items():
        workspace.write(name, text)
    report = json.loads(workspace.run("check", "--format", "json", "--select", "MLS503").out)
    assert [each["code"] for each in report["findings"]] == expected


POLICY = """\
  Reading:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: reading
      Roles: [!Ref Role]
      PolicyDocument: {Statement: [{Effect: Allow, Action: s3:GetObject, Resource: "arn:aws:s3:::models/*"}]}
"""
DATA = MODEL.replace('churn:1"}}', 'churn:1", ModelDataUrl: s3://models/churn.tar.gz}}')


@pytest.mark.parametrize("exported", [False, True])
def test_what_another_stack_attaches_is_there_before(workspace: Workspace, exported: bool) -> None:
    given = "Outputs: {Arn: {Value: !GetAtt Role.Arn, Export: {Name: lab-role}}}\n" if exported else ""
    files = {
        "lab.yaml": _role("churn-role") + POLICY + given,
        "model.yaml": DATA.format(role="!ImportValue lab-role" if exported else LITERAL),
    }
    (workspace.folder / "template.yaml").unlink(missing_ok=True)
    for name, text in files.items():
        workspace.write(name, text)
    report = json.loads(workspace.run("check", "--format", "json", "--select", "MLS503,MLR502").out)
    assert [each["code"] for each in report["findings"]] == ["MLS503"]
