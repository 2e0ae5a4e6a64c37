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


DECLARED = {
    "yaml": """\
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: churn-exec
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {AWS: "*"}, Action: "sts:AssumeRole"}]
      ManagedPolicyArns: [arn:aws:iam::aws:policy/AmazonS3FullAccess]
""",
    "tf": """\
resource "aws_iam_role" "churn" {
  name                = "churn-exec"
  managed_policy_arns = ["arn:aws:iam::aws:policy/AmazonS3FullAccess"]
  assume_role_policy = jsonencode({
    Statement = [{ Effect = "Allow", Principal = { AWS = "*" }, Action = "sts:AssumeRole" }]
  })
}
""",
    "py": """\
import boto3

iam = boto3.client("iam")
iam.create_role(
    RoleName="churn-exec",
    AssumeRolePolicyDocument={
        "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}]
    },
)
iam.attach_role_policy(RoleName="churn-exec", PolicyArn="arn:aws:iam::aws:policy/AmazonS3FullAccess")
boto3.client("sagemaker").create_model_package_group(ModelPackageGroupName="churn")
""",
}
ARN = "arn:aws:iam::111122223333:role/churn-exec"
NAMING = {
    "yaml": MODEL.format(role=ARN),
    "tf": f"""\
resource "aws_sagemaker_model" "churn" {{
  execution_role_arn = "{ARN}"

  primary_container {{
    image = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/churn:1"
  }}
}}
""",
    "py": f"""\
from sagemaker.estimator import Estimator

Estimator("111122223333.dkr.ecr.eu-west-1.amazonaws.com/churn:1", role="{ARN}", instance_count=1)
""",
}


@pytest.mark.parametrize("declared", DECLARED)
@pytest.mark.parametrize("naming", NAMING)
def test_a_role_whose_whole_arn_is_written_elsewhere_is_the_same(
    workspace: Workspace, declared: str, naming: str
) -> None:
    files = {f"iam/roles.{declared}": DECLARED[declared], f"serve/model.{naming}": NAMING[naming]}
    assert _codes_of_roles(workspace, files) == {"MLS502", "MLS505"}


@pytest.mark.parametrize(
    "naming",
    [
        {"serve/model.yaml": NAMING["yaml"].replace("churn-exec", "fraud-exec")},
        {"serve/model.tf": NAMING["tf"].replace("111122223333:role", "*:role")},
        {"serve/model.py": NAMING["py"].replace("sagemaker.estimator", "acme.estimator")},
        {"serve/model.tf": NAMING["tf"].replace("aws_sagemaker_model", "aws_lambda_function")},
        {"serve/model.yaml": NAMING["yaml"].replace("ExecutionRoleArn: ", "Resource: ")},
        {"serve/model.tf": NAMING["tf"], "old/roles.yaml": DECLARED["yaml"]},
        {"serve/model.tf": NAMING["tf"], "serve/README.md": "# Serving\n", "iam/README.md": "# Roles\n"},
    ],
)
def test_nothing_else_shows_that_it_is(workspace: Workspace, naming: dict[str, str]) -> None:
    top = "README.md" if "serve/README.md" in naming else ""
    found = _codes_of_roles(workspace, {"iam/roles.yaml": DECLARED["yaml"], **naming}, without=top)
    assert found == set()


def _codes_of_roles(workspace: Workspace, files: dict[str, str], without: str = "") -> set[str]:
    (workspace.folder / "template.yaml").unlink(missing_ok=True)
    for name, text in {"README.md": "# Churn\n", **files}.items():
        if name != without:
            workspace.write(name, text)
    report = json.loads(workspace.run("check", "--format", "json", "--select", "MLS502,MLS505").out)
    return {each["code"] for each in report["findings"]}
