"""Comments that state the choice which a rule reports, and those that do not."""

from pathlib import Path

import pytest

from mlwa_lint.catalogue.registry import load_rules
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.model.resources import STATED_REASON
from mlwa_lint.run.loading import load_text
from mlwa_lint.run.pipeline import lint_paths
from mlwa_lint.run.settings import RunSettings

RULES = load_rules().rules
CHOSEN = "a comment states that it is on purpose, or why"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("prod.json").write_text("{}")  # so that the project counts as operated
    Path("README.md").write_text("# Claims\n")


def weights(code: str) -> list[tuple[str, str | None]]:
    """The severity of each finding of a rule, and why it is not higher."""
    report = lint_paths(["."], lambda _: RunSettings(RULES, LoadOptions(root=Path())), 1)
    return [
        (each.severity, None if each.lowered is None else each.lowered.because)
        for each in report.findings
        if each.code == code
    ]


GUARDRAIL_TF = """
ABOVE
resource "aws_bedrock_guardrail" "topics" {
  name                      = "topics"
  blocked_input_messaging   = "no"
  blocked_outputs_messaging = "no"
  INSIDE
  content_policy_config {
    filters_config {
      type            = "HATE"
      input_strength  = "HIGH"
      output_strength = "HIGH"
    }
  }
}
"""
GUARDRAIL_YAML = """
Resources:
  ABOVE
  Topics:
    Type: AWS::Bedrock::Guardrail
    Properties:
      Name: topics
      BlockedInputMessaging: "no"
      BlockedOutputsMessaging: "no"
      INSIDE
      ContentPolicyConfig:
        FiltersConfig:
          - {Type: HATE, InputStrength: HIGH, OutputStrength: HIGH}
"""
GUARDRAIL_PY = """
import boto3

bedrock = boto3.client("bedrock")
ABOVE
bedrock.create_guardrail(
    name="topics",
    blockedInputMessaging="no",
    blockedOutputsMessaging="no",
    INSIDE
    contentPolicyConfig={
        "filtersConfig": [{"type": "HATE", "inputStrength": "HIGH", "outputStrength": "HIGH"}]
    },
)
"""
LANGUAGES = [("main.tf", GUARDRAIL_TF), ("t.yaml", GUARDRAIL_YAML), ("make.py", GUARDRAIL_PY)]
ON_PURPOSE = "# Prompt attacks are left to the proxy on purpose."


@pytest.mark.parametrize(("name", "text"), LANGUAGES)
@pytest.mark.parametrize("place", ["ABOVE", "INSIDE"])
def test_a_comment_at_a_resource_states_its_choice_in_every_language(
    name: str, text: str, place: str
) -> None:
    other = {"ABOVE": "INSIDE", "INSIDE": "ABOVE"}[place]
    Path(name).write_text(text.replace(other, "# The topics").replace(place, ON_PURPOSE))
    assert weights("MLS602") == [("info", CHOSEN)]


@pytest.mark.parametrize(("name", "text"), LANGUAGES)
@pytest.mark.parametrize(
    "comment",
    [
        "# Prompt attacks",
        "# It blocks topics on purpose.",
        "# TODO: filter prompt attacks, left out on purpose for the demo",
        "# Filter prompt attacks in production; not needed here",
        "# Are prompt attacks left out on purpose?",
        "# Prompt attacks are not filtered. The name is that of the team. This is intentional: it is short.",
    ],
)
def test_comments_that_state_no_choice_of_it(name: str, text: str, comment: str) -> None:
    Path(name).write_text(text.replace("ABOVE", comment).replace("INSIDE", "# The topics"))
    assert [severity for severity, _ in weights("MLS602")] == ["medium"]


@pytest.mark.parametrize(("name", "text"), LANGUAGES)
def test_a_comment_elsewhere_is_about_something_else(name: str, text: str) -> None:
    text = text.replace("ABOVE\n", f"{ON_PURPOSE}\n\nX\n" if name.endswith("yaml") else f"{ON_PURPOSE}\nX\n")
    other = {
        "main.tf": 'resource "aws_s3_bucket" "logs" {}\n',
        "t.yaml": "  Logs: {Type: 'AWS::S3::Bucket'}",
        "make.py": "print(1)\n",
    }[name]
    Path(name).write_text(text.replace("X", other).replace("INSIDE", "# The topics"))
    assert [severity for severity, _ in weights("MLS602")] == ["medium"]


ROLE_TF = """
ABOVE
resource "aws_iam_role_policy_attachment" "train" {
  role       = aws_iam_role.train.name
  policy_arn = "arn:aws:iam::aws:policy/POLICY"
}

resource "aws_iam_role" "train" {
  name = "train"
  assume_role_policy = jsonencode({
    INSIDE
    Statement = [{
      Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "sagemaker.amazonaws.com" }
    }]
  })
}
"""
ROLE_YAML = """
Resources:
  Train:
    Type: AWS::IAM::Role
    Properties:
      ABOVE
      ManagedPolicyArns: [arn:aws:iam::aws:policy/POLICY]
      AssumeRolePolicyDocument:
        INSIDE
        Statement:
          - {Effect: Allow, Action: sts:AssumeRole, Principal: {Service: sagemaker.amazonaws.com}}
"""
ROLE_PY = """
import json
import boto3

TRUST = {
    INSIDE
    "Statement": [
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "sagemaker.amazonaws.com"}}
    ]
}
iam = boto3.client("iam")
iam.create_role(RoleName="train", AssumeRolePolicyDocument=json.dumps(TRUST))
ABOVE
iam.attach_role_policy(RoleName="train", PolicyArn="arn:aws:iam::aws:policy/POLICY")
boto3.client("sagemaker").create_model(
    ModelName="m", ExecutionRoleArn=iam.get_role(RoleName="train")["Role"]["Arn"],
    PrimaryContainer={"Image": "i"},
)
"""
ROLES = [("main.tf", ROLE_TF), ("t.yaml", ROLE_YAML), ("make.py", ROLE_PY)]


@pytest.mark.parametrize(("name", "text"), ROLES)
@pytest.mark.parametrize(
    ("comment", "policy", "expected"),
    [
        ("# Full access for the lab.", "AmazonSageMakerFullAccess", "info"),
        ("# Least privilege is not needed: the account is deleted.", "AmazonSageMakerFullAccess", "info"),
        ("# Full access", "AmazonSageMakerFullAccess", "medium"),
        ("# Full access for now", "AmazonSageMakerFullAccess", "medium"),
        # A comment may not have meant all that an administrator may do.
        ("# Full access for the lab.", "AdministratorAccess", "low"),
    ],
)
def test_a_comment_at_an_attachment_states_why_it_is_broad(
    name: str, text: str, comment: str, policy: str, expected: str
) -> None:
    text = text.replace("POLICY", policy).replace("INSIDE", "# Trust")
    Path(name).write_text(text.replace("ABOVE", comment))
    assert [severity for severity, _ in weights("MLS502")] == [expected]


@pytest.mark.parametrize(("name", "text"), ROLES)
def test_a_comment_in_a_trust_policy(name: str, text: str) -> None:
    text = text.replace("POLICY", "AmazonSageMakerFullAccess").replace("ABOVE", "# Attached")
    Path(name).write_text(text.replace("INSIDE", "# No condition on the source account, by design."))
    assert weights("MLS508") == [("info", CHOSEN)]
    assert [severity for severity, _ in weights("MLS502")] == ["medium"]


API_YAML = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Chat:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Runtime: python3.13
      InlineCode: |
        import boto3
        def handler(event, context):
            return boto3.client("bedrock-runtime").invoke_model(modelId="m", body="{}")
      Policies:
        - Statement: [{Effect: Allow, Action: bedrock:InvokeModel, Resource: "*"}]
      FunctionUrlConfig:
        AuthType: NONE  COMMENT
"""


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("# public on purpose: the client is a browser", "info"),
        ("# Public: the client is a browser without an account", "info"),
        ("# callers are checked: Slack's signature is verified in the code", "info"),
        ("# auth is enforced inside the app", "info"),
        ("# public, auth coming soon", "high"),
        ("# public for the demo", "high"),
        ("# public", "high"),
        ("", "high"),
    ],
)
def test_an_interface_that_is_open_on_purpose(comment: str, expected: str) -> None:
    Path("t.yaml").write_text(API_YAML.replace("COMMENT", comment))
    assert [severity for severity, _ in weights("MLS107")] == [expected]


ENDPOINT_TF = """
resource "aws_sagemaker_endpoint" "e" {
  name                 = "e"
  endpoint_config_name = aws_sagemaker_endpoint_configuration.c.name
}
resource "aws_sagemaker_endpoint_configuration" "c" {
  production_variants {
    variant_name           = "all"
    model_name             = "m"
    instance_type          = "ml.m5.large"
    initial_instance_count = var.instances
  }
}
variable "instances" {
  COMMENT
  default = 1
}
"""


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("# A single instance, to save cost.", "info"),
        ("# No autoscaling or second instance: one instance is enough for the batch of the night.", "info"),
        ("# A single instance", "medium"),
        ("# One instance until there is traffic, to save cost", "medium"),
    ],
)
def test_a_comment_at_the_default_of_a_variable(comment: str, expected: str) -> None:
    Path("main.tf").write_text(ENDPOINT_TF.replace("COMMENT", comment))
    assert [severity for severity, _ in weights("MLR101")] == [expected]


BUCKET_TF = """
resource "aws_s3_bucket" "models" {
  bucket        = "claims-models"
  COMMENT
  force_destroy = true
}
resource "aws_s3_bucket_server_side_encryption_configuration" "models" {
  bucket = aws_s3_bucket.models.id
  rule {
    apply_server_side_encryption_by_default {
      KEY
      sse_algorithm = "AES256"
    }
  }
}
resource "aws_kms_key" "other" {}
resource "aws_sagemaker_notebook_instance" "n" {
  name                = "n"
  role_arn            = "arn:aws:iam::111122223333:role/n"
  instance_type       = "ml.p3.2xlarge"
  kms_key_id          = aws_kms_key.other.arn
  NOTEBOOK
}
resource "aws_sagemaker_model" "m" {
  name               = "m"
  execution_role_arn = "arn:aws:iam::111122223333:role/m"
  primary_container {
    image          = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/m:1"
    model_data_url = "s3://${aws_s3_bucket.models.bucket}/model.tar.gz"
  }
}
"""


@pytest.mark.parametrize(
    ("code", "place", "comment", "stated"),
    [
        ("MLR302", "COMMENT", "# Destroyed with its stack by design: models are built again.", True),
        ("MLR302", "COMMENT", "# Destroyed with its stack", False),
        ("MLR302", "COMMENT", "# demo: it goes with all that is in it", True),
        ("MLR302", "COMMENT", "# allow `terraform destroy` to remove it with its objects", True),
        ("MLR302", "COMMENT", "# false in prod", False),
        ("MLS302", "KEY", "# the default", False),
        ("MLS302", "KEY", "# No KMS key, S3 managed keys are enough.", True),
        ("MLS302", "KEY", "# A KMS key is not used", False),
        ("MLS302", "KEY", "# A customer managed KMS key is required because the data is personal", False),
        ("MLC401", "NOTEBOOK", "# Stays on around the clock, because a listener runs on it.", True),
        ("MLC401", "NOTEBOOK", "# Stays on around the clock", False),
    ],
)
def test_comments_at_buckets_and_notebooks(code: str, place: str, comment: str, stated: bool) -> None:
    text = BUCKET_TF
    for each in ("COMMENT", "KEY", "NOTEBOOK"):
        text = text.replace(f"  {each}\n", f"  {comment}\n" if each == place else "\n")
    Path("main.tf").write_text(text)
    found = weights(code)
    assert found
    assert [because == CHOSEN for _, because in found] == [stated]


def test_a_comment_counts_in_the_text_at_hand() -> None:
    """What an editor holds, or a program hands over, may differ from the file of that name."""
    text = GUARDRAIL_YAML.replace("INSIDE", "# Topics")
    plain, stated = text.replace("ABOVE", "# Topics"), text.replace("ABOVE", ON_PURPOSE)
    for saved, held, noted in ((stated, plain, False), (plain, stated, True)):
        Path("t.yaml").write_text(saved)
        (project,) = load_text(held, "t.yaml", LoadOptions(root=Path()))
        assert (STATED_REASON in project.resources[0].attributes.entries) == noted
