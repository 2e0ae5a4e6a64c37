"""What could be taken for unknown and is decided, and what stays undecided without what decides it."""

from pathlib import Path

import pytest

import mlwa_rules
from mlwa_lint.catalogue.registry import Registry, rules_in
from mlwa_lint.files.paths import shown
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.frontends.terraform.project import load as load_module
from mlwa_lint.model.values import known_text
from mlwa_lint.run.evaluation import check_project
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


def test_a_key_that_the_condition_requires_is_given(tmp_path: Path) -> None:
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


def test_a_file_that_does_not_exist_is_the_only_one_that_can_be_meant(tmp_path: Path) -> None:
    text = 'resource "aws_sfn_state_machine" "m" { definition = file("${path.module}/PATH") }\n'
    for name in ("flows/a.json", "far/flows/b.json", "c.json", "d/x.json", "e/d/x.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("{}", "utf-8")
    (tmp_path / "infra").mkdir()
    read = {}
    for path in ("../flows/a.json", "flows/a.json", "flows/b.json", "flows/c.json", "away/d/x.json"):
        (tmp_path / "infra" / "main.tf").write_text(text.replace("PATH", path), "utf-8")
        project = load_module(tmp_path / "infra", LoadOptions(root=tmp_path))
        (machine,) = project.resources
        value = machine.properties.value("DefinitionString")
        read[path] = known_text(value), [each.message.partition(" does ")[2] for each in project.problems]
    taken = "not exist; {} is taken for it"
    assert read == {
        "../flows/a.json": ("{}", []),
        "flows/a.json": ("{}", [taken.format(shown(tmp_path / "flows/a.json"))]),
        "flows/b.json": ("{}", [taken.format(shown(tmp_path / "far/flows/b.json"))]),
        "flows/c.json": (None, []),
        "away/d/x.json": (None, []),
    }


COLLECTION = """
Resources:
  Collection: {Type: AWS::OpenSearchServerless::Collection, Properties: {Name: !Sub "${AWS::StackName}-kb"}}
  Base:
    Type: AWS::Bedrock::KnowledgeBase
    Properties:
      StorageConfiguration: {OpensearchServerlessConfiguration: {CollectionArn: !GetAtt Collection.Arn}}
  Policy:
    Type: AWS::OpenSearchServerless::SecurityPolicy
    Properties:
      Name: p
      Type: encryption
      Policy: !Sub |
        {"Rules": [{"ResourceType": "collection", "Resource": ["collection/NAME"]}], "AWSOwnedKey": true}
"""


@pytest.mark.parametrize(
    ("name", "found", "reasons"),
    [
        ("${AWS::StackName}-kb", [None], []),
        ("${AWS::StackName}-*", [None], []),
        ("*-kb", [None], []),
        ("${AWS::AccountId}-kb", [], ["AWS::AccountId is known only at deployment"]),
    ],
)
def test_a_policy_covers_the_collection_of_the_same_name(
    tmp_path: Path, name: str, found: list[str | None], reasons: list[str]
) -> None:
    assert results(tmp_path, "MLS603", "t.yaml", COLLECTION.replace("NAME", name)) == (found, reasons)


MODEL = """
Parameters: {Image: {Type: String, AllowedValues: [IMAGES]}}
Resources:
  Model:
    Type: AWS::SageMaker::Model
    Properties:
      PrimaryContainer: {Image: !Ref Image}
"""


@pytest.mark.parametrize(
    ("images", "found", "reasons"),
    [
        (["x.dkr.ecr.eu-west-1.amazonaws.com/a:latest"], [None], []),
        (["x.dkr.ecr.eu-west-1.amazonaws.com/a:1", "y.dkr.ecr.eu-west-1.amazonaws.com/a:2"], [], []),
        (["x/a:latest", "x/a:2"], [], ["parameter Image has no default"]),
    ],
)
def test_images_of_which_one_is_chosen_are_judged_where_they_agree(
    tmp_path: Path, images: list[str], found: list[str | None], reasons: list[str]
) -> None:
    text = MODEL.replace("IMAGES", ", ".join(f'"{each}"' for each in images))
    assert results(tmp_path, "MLR116", "t.yaml", text) == (found, reasons)


OWN_ROLE = """
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Action: 'sts:AssumeRole', Principal: '*'}]}
"""


@pytest.mark.parametrize(
    ("role", "more", "reasons"),
    [
        ("!Ref RoleArn", "", []),
        ("!Ref RoleArn", OWN_ROLE, []),
        ("!ImportValue Role", "", []),
        ("!ImportValue Role", OWN_ROLE, ["an imported value is known only at deployment"]),
    ],
)
def test_a_role_from_elsewhere_is_not_judged_by_what_it_may_read(
    tmp_path: Path, role: str, more: str, reasons: list[str]
) -> None:
    text = OUTSIDE.replace("!Ref RoleArn", role) + more
    assert results(tmp_path, "MLR504", "t.yaml", text) == ([], reasons)


SCALED = """
Parameters: {Least: {Type: Number, AllowedValues: LEAST}, Most: {Type: Number, AllowedValues: MOST}}
Resources:
  Target:
    Type: AWS::ApplicationAutoScaling::ScalableTarget
    Properties:
      ServiceNamespace: sagemaker
      ScalableDimension: sagemaker:variant:DesiredInstanceCount
      ResourceId: endpoint/e/variant/v
      MinCapacity: !Ref Least
      MaxCapacity: !Ref Most
"""


@pytest.mark.parametrize(
    ("least", "most", "found", "reasons"),
    [
        ([1], [4], [], []),
        ([1, 2], [4, 8], [], []),
        ([2], [2], [None], []),
        ([1, 2], [1, 4], [], ["parameter Least has no default"]),
    ],
)
def test_limits_of_which_one_is_chosen_are_compared_where_none_can_be_equal(
    tmp_path: Path, least: list[int], most: list[int], found: list[str | None], reasons: list[str]
) -> None:
    text = SCALED.replace("LEAST", str(least)).replace("MOST", str(most))
    assert results(tmp_path, "MLR104", "t.yaml", text) == (found, reasons)


FEATURES = """
data "aws_caller_identity" "own" {}
resource "aws_sagemaker_feature_group" "f" {
  feature_group_name             = "f"
  record_identifier_feature_name = "id"
  event_time_feature_name        = "at"
  role_arn                       = "arn:aws:iam::111122223333:role/features"
  offline_store_config {
    s3_storage_config {
      s3_uri = "s3://acme-features-${data.aws_caller_identity.own.account_id}/offline"
    }
  }
}
"""
STORES = """
data "aws_caller_identity" "current" {}
resource "aws_s3_bucket" "features" { bucket = "acme-features-${data.aws_caller_identity.current.id}" }
resource "aws_s3_bucket" "reports" { bucket = "acme-reports-${data.aws_caller_identity.current.id}" }
"""


@pytest.mark.parametrize(
    ("passed", "found", "reasons"),
    [
        ("", ["module.stores.aws_s3_bucket.features"], 0),
        ("providers = { aws = aws.other }", [], 1),
    ],
)
def test_the_account_is_the_same_in_all_modules_of_one_provider(
    tmp_path: Path, passed: str, found: list[str], reasons: int
) -> None:
    for name, text in (("features", FEATURES), ("stores", STORES)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "main.tf").write_text(text, "utf-8")
    (tmp_path / "main.tf").write_text(
        'provider "aws" { region = "eu-west-1" }\n'
        'provider "aws" {\n  alias  = "other"\n  region = "eu-west-1"\n}\n'
        'module "features" { source = "./features" }\n'
        f'module "stores" {{\n  source = "./stores"\n  {passed}\n}}\n',
        "utf-8",
    )
    project = load_module(tmp_path, LoadOptions(root=tmp_path))
    outcome = check_project(project, [RULES["MLS306"]])
    assert [each.address for each in outcome.findings] == found
    assert len(outcome.undecided) == reasons


SWITCHED = """
resource "aws_s3_bucket" "data" {
  count  = var.gone ? 1 : 0
  bucket = "acme-training-data"
}
resource "aws_s3_bucket_public_access_block" "data" {
  count                   = COUNT
  bucket                  = aws_s3_bucket.data[0].id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}
resource "aws_sagemaker_model" "m" {
  name               = "m"
  execution_role_arn = "arn:aws:iam::111122223333:role/model"
  primary_container {
    image          = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/m:1"
    model_data_url = "s3://acme-training-data/model.tar.gz"
  }
}
"""


@pytest.mark.parametrize(
    ("count", "reasons"),
    [
        ("var.gone ? 1 : 0", []),
        ("var.gone ? 0 : 1", ["count = … is known only at deployment"]),
        ("var.lost ? 1 : 0", ["count = … is known only at deployment"]),
    ],
)
def test_what_is_repeated_by_the_same_expression_exists_together(
    tmp_path: Path, count: str, reasons: list[str]
) -> None:
    found = results(tmp_path, "MLS303", "main.tf", SWITCHED.replace("COUNT", count))
    assert found == ([], reasons)
