"""What could be taken for unknown and is decided, and what stays undecided without what decides it."""

from pathlib import Path

import pytest

import mlwa_rules
from mlwa_lint.catalogue.registry import Registry, rules_in
from mlwa_lint.run.pipeline import check_project
from mlwa_lint.testing import project_of

RULES = {each.code: each for each in Registry(rules_in(mlwa_rules)).rules}

KEY = """
Parameters:
  KmsKeyArn: {Type: String, Default: ''}
Conditions:
  HasKmsKey: !Not [!Equals [!Ref KmsKeyArn, '']]
Resources:
  Guardrail:
    Type: AWS::Bedrock::Guardrail
    Properties:
      Name: g
      BlockedInputMessaging: no
      BlockedOutputsMessaging: no
      KmsKeyArn: !If [HasKmsKey, !Ref KmsKeyArn, !Ref AWS::NoValue]
"""
OUTSIDE = """
Parameters: {RoleArn: {Type: String}, RoleName: {Type: String}}
Resources:
  Model:
    Type: AWS::SageMaker::Model
    Properties:
      ExecutionRoleArn: !Ref RoleArn
      PrimaryContainer: {ModelPackageName: p}
"""
POLICY = """
  Policy:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: p
      Roles: [ROLE]
      PolicyDocument: {Statement: [{Effect: Allow, Action: 's3:GetObject', Resource: '*'}]}
"""
ROLE = """
resource "aws_iam_role" "r" {
  assume_role_policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "SERVICE" } }]
  })
}
"""
ATTACHED = (
    ROLE.replace("SERVICE", "sagemaker.amazonaws.com")
    + """
data "aws_iam_policy" "p" { name = "NAME" }
resource "aws_iam_role_policy_attachment" "a" {
  role       = aws_iam_role.r.name
  policy_arn = data.aws_iam_policy.p.arn
}
"""
)
INVOKING = (
    ROLE.replace("SERVICE", "bedrock.amazonaws.com")
    + """
variable "id" { default = "amazon.titan-embed-text-v2:0" }
data "aws_bedrock_foundation_model" "m" { model_id = var.id }
data "aws_bedrock_foundation_models" "all" {}
resource "aws_iam_role_policy" "p" {
  role   = aws_iam_role.r.id
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "bedrock:InvokeModel", Resource = ARN }] })
}
"""
)
FORMAT = """
resource "aws_s3_bucket" "data" { bucket = "acme-data" }
resource "aws_sfn_state_machine" "m" {
  role_arn   = "arn:aws:iam::111122223333:role/r"
  definition = jsonencode({
    StartAt = "Transform"
    States = {
      Transform = {
        Type     = "Task"
        Resource = "arn:aws:states:::sagemaker:createTransformJob.sync"
        End      = true
        Parameters = {
          ModelName      = "m"
          TransformInput = { DataSource = { S3DataSource = { S3DataType = "S3Prefix", "S3Uri.$" = PLACE } } }
          TransformOutput    = { S3OutputPath = "s3://acme-out/x" }
          TransformResources = { InstanceCount = 1, InstanceType = "ml.m5.large" }
        }
      }
    }
  })
}
"""


def results(folder: Path, code: str, name: str, text: str) -> tuple[list[str | None], list[str]]:
    """The conditions of the findings, and the reasons of what is undecided."""
    (folder / name).write_text(text, "utf-8")
    outcome = check_project(project_of(folder / name), [RULES[code]])
    reasons = [reason for each in outcome.undecided for reason in each.reasons]
    return [each.condition for each in outcome.findings], reasons


def test_a_key_that_the_condition_asks_for_is_given(tmp_path: Path) -> None:
    assert results(tmp_path, "MLS603", "t.yaml", KEY) == (
        ["when HasKmsKey is false, which is the default"],
        [],
    )


@pytest.mark.parametrize(
    ("more", "reasons"),
    [
        ("", []),
        (POLICY.replace("ROLE", "!Ref RoleName"), ["parameter RoleArn has no default"]),
    ],
)
def test_a_role_that_the_template_gives_nothing_has_its_permissions_before(
    tmp_path: Path, more: str, reasons: list[str]
) -> None:
    assert results(tmp_path, "MLR502", "t.yaml", OUTSIDE + more) == ([], reasons)


@pytest.mark.parametrize(
    ("name", "found", "reasons"),
    [
        ("AmazonSageMakerFullAccess", [None], []),
        ("AmazonSageMakerReadOnly", [], []),
        ("AcmeOwn", [], []),
    ],
)
def test_a_policy_of_aws_is_known_by_its_name(
    tmp_path: Path, name: str, found: list[str | None], reasons: list[str]
) -> None:
    assert results(tmp_path, "MLS502", "main.tf", ATTACHED.replace("NAME", name)) == (found, reasons)


@pytest.mark.parametrize(
    ("arn", "found", "reasons"),
    [
        ("data.aws_bedrock_foundation_model.m.model_arn", [], []),
        (
            "data.aws_bedrock_foundation_models.all.model_summaries[0].model_arn",
            [],
            ["data source aws_bedrock_foundation_models.all is read only at deployment"],
        ),
    ],
)
def test_a_data_source_of_one_model_names_one_model(
    tmp_path: Path, arn: str, found: list[str | None], reasons: list[str]
) -> None:
    assert results(tmp_path, "MLS615", "main.tf", INVOKING.replace("ARN", arn)) == (found, reasons)


@pytest.mark.parametrize(
    ("place", "edges"),
    [
        ("\"States.Format('s3://acme-data/{}', $.prefix)\"", ["aws_s3_bucket.data"]),
        ("\"States.Format('s3://${aws_s3_bucket.data.bucket}/{}/x', $.prefix)\"", ["aws_s3_bucket.data"]),
        ("\"States.Format('s3://{}/x', $.bucket)\"", []),
        ('"$.place"', []),
    ],
)
def test_what_is_known_of_a_formatted_text_names_a_bucket(
    tmp_path: Path, place: str, edges: list[str]
) -> None:
    from mlwa_lint.frontends.documents.expand import expand
    from mlwa_lint.graph.linking.link import link

    (tmp_path / "main.tf").write_text(FORMAT.replace("PLACE", place), "utf-8")
    graph = link(expand(project_of(tmp_path / "main.tf")))
    found = [e.target for e in graph.edges_from("aws_sfn_state_machine.m/Transform") if "S3Uri" in e.path]
    assert found == edges
