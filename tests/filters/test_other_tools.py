"""Suppressions for other tools: the same control of the same resource, with a reason."""

import json

import pytest

from mlwa_lint.facts import suppressions, tables
from tests.support.rule_examples import all_rules
from tests.support.workspace import Workspace

BUCKET = """\
Resources:
  Models:
    Type: AWS::S3::Bucket
    METADATA
  Model:
    Type: AWS::SageMaker::Model
    Properties:
      PrimaryContainer: {ModelDataUrl: !Sub "s3://${Models}/model.tar.gz"}
"""
TERRAFORM = """\
ABOVE
resource "aws_s3_bucket" "models" {
  WITHIN
  bucket = "models-of-the-team"
}

resource "aws_sagemaker_model" "model" {
  name = "model"
  primary_container {
    model_data_url = "s3://${aws_s3_bucket.models.bucket}/model.tar.gz"
  }
}
"""


def reasons(workspace: Workspace, code: str, *arguments: str) -> list[str | None]:
    """Why each finding of a rule is suppressed; None for one that is open."""
    run = workspace.run("check", "--select", code, "--severity", "info", "--format", "json", *arguments)
    found = json.loads(run.out)["findings"]
    return [each["suppressed"] and each["suppressed"]["reason"] for each in found]


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [
        ("cfn_nag: {rules_to_suppress: [{id: W35, reason: a trail}]}", "a trail (cfn_nag W35)"),
        ("cdk_nag: {rules_to_suppress: [{id: AwsSolutions-S1, reason: no}]}", "no (cdk-nag AwsSolutions-S1)"),
        ("checkov: {skip: [{id: CKV_AWS_18, comment: a trail}]}", "a trail (Checkov CKV_AWS_18)"),
        ("cfn_nag: {rules_to_suppress: [{id: W35}]}", None),
        ("cfn_nag: {rules_to_suppress: [{id: W41, reason: another control}]}", None),
        ("cfn_nag: {rules_to_suppress: [W35]}", None),
        ("cfn_nag: W35", None),
    ],
)  # fmt: skip
def test_metadata(workspace: Workspace, metadata: str, expected: str | None) -> None:
    workspace.write("template.yaml", BUCKET.replace("METADATA", f"Metadata: {{{metadata}}}"))
    assert reasons(workspace, "MLS306", "--show-suppressed") == [expected]
    assert reasons(workspace, "MLS306", "--show-suppressed", "--no-inline-suppressions") == [None]


def test_a_comment_of_checkov_in_a_template_is_about_its_resource(workspace: Workspace) -> None:
    comment = "#checkov:skip=CKV_AWS_18:a trail"
    workspace.write("template.yaml", BUCKET.replace("METADATA", comment))
    assert reasons(workspace, "MLS306", "--show-suppressed") == ["a trail (Checkov CKV_AWS_18)"]
    below = BUCKET.replace("METADATA", "").replace("    Properties:", f"    {comment}\n    Properties:")
    workspace.write("template.yaml", below)
    assert reasons(workspace, "MLS306", "--show-suppressed") == [None]
    text = BUCKET.replace("METADATA", f'Metadata: {{Note: "see {comment}"}}')
    workspace.write("template.yaml", text)
    assert reasons(workspace, "MLS306", "--show-suppressed") == [None]


@pytest.mark.parametrize(
    ("above", "within", "expected"),
    [
        ("", "#checkov:skip=CKV_AWS_18:a trail", "a trail (Checkov CKV_AWS_18)"),
        ("", "/* checkov:skip=CKV_AWS_18: a trail */", "a trail (Checkov CKV_AWS_18)"),
        ("", "#checkov:skip=CKV_AWS_18", None),
        ("#checkov:skip=CKV_AWS_18:a trail", "", None),
        ("#tfsec:ignore:aws-s3-enable-bucket-logging no", "", "no (Trivy aws-s3-enable-bucket-logging)"),
        ("# A trail.\n#trivy:ignore:AVD-AWS-0089", "", "A trail. (Trivy AVD-AWS-0089)"),
        ("//trivy:ignore:AWS-0089 tfsec:ignore:aws-s3-enable-versioning -- no", "", "no (Trivy AWS-0089)"),
        ("", "# trivy:ignore:AVD-AWS-0089 # a trail", "a trail (Trivy AVD-AWS-0089)"),
        ("#trivy:ignore:AVD-AWS-0089", "", None),
        ("#trivy:ignore:AVD-AWS-0089:exp:2099-01-01 a trail", "", None),
        ("#trivy:ignore:AVD-AWS-0088 a key is too much", "", None),
    ],
)  # fmt: skip
def test_comments_of_terraform(workspace: Workspace, above: str, within: str, expected: str | None) -> None:
    workspace.write("main.tf", TERRAFORM.replace("ABOVE", above).replace("WITHIN", within))
    assert reasons(workspace, "MLS306", "--show-suppressed") == [expected]


def test_they_are_never_reported_as_unused(workspace: Workspace) -> None:
    workspace.write(
        "main.tf", TERRAFORM.replace("ABOVE", "").replace("WITHIN", "#checkov:skip=CKV_AWS_51:none")
    )
    assert reasons(workspace, "MLS316,MLO901") == []


METHOD = """\
  METHOD:
    Type: AWS::ApiGateway::Method
    Metadata: {cfn_nag: {rules_to_suppress: [{id: RULE, reason: the page is public}]}}
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: METHOD
      AuthorizationType: NONE
      Integration:
        Type: AWS
        Uri: !Sub arn:aws:apigateway:${AWS::Region}:runtime.sagemaker:path//endpoints/score/invocations
"""


@pytest.mark.parametrize(("second", "expected"), [("W59", "the page is public (cfn_nag W59)"), ("W35", None)])
def test_an_api_is_suppressed_with_all_of_its_methods(
    workspace: Workspace, second: str, expected: str | None
) -> None:
    text = "Resources:\n  Api:\n    Type: AWS::ApiGateway::RestApi\n    Properties: {Name: score}\n"
    text += METHOD.replace("METHOD", "POST").replace("RULE", "W59")
    text += METHOD.replace("METHOD", "PUT").replace("RULE", second)
    workspace.write("template.yaml", text)
    assert reasons(workspace, "MLS107", "--show-suppressed") == [expected]


def test_only_the_property_that_the_other_check_is_about(workspace: Workspace) -> None:
    text = """\
Resources:
  Job:
    Type: AWS::SageMaker::ModelPackageGroup
    Properties: {ModelPackageGroupName: !Ref Data}
  Data:
    Type: AWS::RDS::DBInstance
    Metadata: {cfn_nag: {rules_to_suppress: [{id: F22, reason: partners load data}]}}
    Properties:
      DBInstanceClass: db.t3.micro
      Engine: postgres
      MasterUsername: loader
      MasterUserPassword: Tr0ub4dor-and-3
      PubliclyAccessible: true
"""
    workspace.write("template.yaml", text)
    found = reasons(workspace, "MLS321", "--show-suppressed", "--scope", "all")
    assert found == [None, "partners load data (cfn_nag F22)"]


def test_the_table_names_rules() -> None:
    codes = {rule.code for rule in all_rules()}
    table = tables.table("suppressions")
    named = {
        code
        for tool in ("cfn_nag", "cdk_nag", "checkov", "trivy")
        for each in table[tool].values()
        for code in each
    }
    assert {each.partition(":")[0] for each in named} | suppressions.listed() <= codes
    assert "MLS106" not in named
