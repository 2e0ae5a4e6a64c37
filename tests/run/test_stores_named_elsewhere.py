"""Work groups, databases and tables that files for machine learning name tie their stack to it."""

import json

import pytest

from tests.support.workspace import Workspace

LAKE = """\
Resources:
  Raw: {Type: AWS::S3::Bucket}
  WorkGroup:
    Type: AWS::Athena::WorkGroup
    Properties: {Name: acme-analytics}
  Database:
    Type: AWS::Glue::Database
    Properties: {CatalogId: !Ref AWS::AccountId, DatabaseInput: {Name: acme_sales}}
  Sessions:
    Type: AWS::DynamoDB::Table
    Properties: {TableName: acme-sessions, BillingMode: PAY_PER_REQUEST}
  Job:
    Type: AWS::Glue::Job
    Properties:
      Role: arn:aws:iam::111122223333:role/etl
      Command: {Name: glueetl, ScriptLocation: s3://acme-code/etl.py}
      DefaultArguments: {"--RAW": !Ref Raw}
"""
IN_TERRAFORM = """\
resource "aws_s3_bucket" "raw" {}

resource "aws_athena_workgroup" "analytics" {
  name = "acme-analytics"
}

resource "aws_glue_catalog_database" "sales" {
  name = "acme_sales"
}

resource "aws_glue_job" "etl" {
  name              = "etl"
  role_arn          = "arn:aws:iam::111122223333:role/etl"
  default_arguments = { "--RAW" = aws_s3_bucket.raw.id }

  command {
    script_location = "s3://acme-code/etl.py"
  }
}
"""
AGENT = """\
Resources:
  Agent:
    Type: AWS::Bedrock::Agent
    Properties: {{AgentName: sales, AgentResourceRoleArn: "arn:aws:iam::111122223333:role/agent"}}
  Query:
    Type: AWS::Lambda::Function
    Properties:
      Role: arn:aws:iam::111122223333:role/query
      Code: {{S3Bucket: acme-code, S3Key: query.zip}}
      Environment:
        Variables:
          GIVEN: {given}
"""
MODEL = """\
resource "aws_sagemaker_model" "sales" {{
  execution_role_arn = "arn:aws:iam::111122223333:role/model"

  primary_container {{
    image       = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/sales:1"
    environment = {{ GIVEN = "{given}" }}
  }}
}}
"""
PROGRAM = """\
import boto3
from sagemaker.estimator import Estimator

boto3.client("athena").start_query_execution(QueryString="SELECT 1", WorkGroup="{given}")
"""


def _tied(workspace: Workspace, files: dict[str, str]) -> set[str]:
    (workspace.folder / "template.yaml").unlink(missing_ok=True)
    (workspace.folder / ".git").mkdir(exist_ok=True)
    for name, text in files.items():
        workspace.write(name, text)
    ran = workspace.run("check", "--format", "json", "--select", "MLC301,MLR301", "--severity", "info")
    return {each["resource"]["address"] for each in json.loads(ran.out)["findings"]}


@pytest.mark.parametrize(("path", "lake"), [("data/lake.yaml", LAKE), ("data/main.tf", IN_TERRAFORM)])
@pytest.mark.parametrize(
    ("other", "text"),
    [("agent/agent.yaml", AGENT), ("agent/main.tf", MODEL), ("agent/train.py", PROGRAM)],
)
@pytest.mark.parametrize(("given", "tied"), [("acme-analytics", True), ("acme-analysis", False)])
def test_the_name_of_a_work_group_ties_its_stack(
    workspace: Workspace, path: str, lake: str, other: str, text: str, given: str, tied: bool
) -> None:
    found = _tied(workspace, {path: lake, other: text.format(given=given)})
    assert bool(found & {"Raw", "aws_s3_bucket.raw"}) is tied


@pytest.mark.parametrize(
    ("given", "tied"),
    [
        ("acme_sales", True),
        ('!Sub "arn:aws:athena:${AWS::Region}:${AWS::AccountId}:workgroup/acme-analytics"', True),
        ('!Sub "arn:${AWS::Partition}:glue:${AWS::Region}:${AWS::AccountId}:table/acme_sales/*"', True),
        ('!Sub "arn:aws:athena:${AWS::Region}:${AWS::AccountId}:workgroup/acme-*"', False),
        ("acme_sales_2", False),
    ],
)
def test_so_does_an_arn_in_it(workspace: Workspace, given: str, tied: bool) -> None:
    found = _tied(workspace, {"data/lake.yaml": LAKE, "agent/agent.yaml": AGENT.format(given=given)})
    assert ("Raw" in found) is tied


def test_another_stack_that_declares_the_same_name_does_not_use_it(workspace: Workspace) -> None:
    own = AGENT.format(given="x") + LAKE.removeprefix("Resources:\n").replace("Raw", "Own")
    assert "Raw" not in _tied(workspace, {"data/lake.yaml": LAKE, "agent/agent.yaml": own})


@pytest.mark.parametrize(("given", "tied"), [("acme-raw", True), ("acme-raw-logs", False)])
def test_a_bucket_whose_data_a_policy_of_ml_allows_is_one_of_ml(
    workspace: Workspace, given: str, tied: bool
) -> None:
    bucket = f"Resources:\n  Raw:\n    Type: AWS::S3::Bucket\n    Properties: {{BucketName: {given}}}\n"
    policy = (
        AGENT.format(given="x")
        + f"""\
  Policy:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: query
      Roles: [query]
      PolicyDocument:
        Statement: [{{Effect: Allow, Action: s3:GetObject, Resource: "arn:aws:s3:::{given}/*"}}]
"""
    )
    found = _tied(workspace, {"data/raw.yaml": bucket, "agent/agent.yaml": policy})
    assert ("Raw" in found) is tied
