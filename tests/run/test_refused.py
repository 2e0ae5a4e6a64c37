"""What findings weigh in a configuration or template that cannot be deployed as it is."""

from pathlib import Path

import pytest

from mlwa_lint.catalogue.registry import load_rules
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.run.pipeline import lint_paths
from mlwa_lint.run.settings import RunSettings

RULES = load_rules().rules
REFUSED = "Terraform refuses it"
AGENT = """
resource "aws_bedrockagent_agent" "helpdesk" {
  agent_name              = "helpdesk"
  agent_resource_role_arn = "arn:aws:iam::111122223333:role/agent"
  foundation_model        = "amazon.titan-text-express-v1"
}
"""
MODEL = """
resource "aws_sagemaker_model" "churn" {
  name               = "churn"
  execution_role_arn = "arn:aws:iam::111122223333:role/hosting"
  primary_container {
    image       = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/churn:2"
    environment = { API_KEY = "9f8e7d6c5b4a39281706f5e4d3c2b1a0" }
  }
}
"""
TEMPLATE = """Resources:
  Helpdesk:
    Type: AWS::Bedrock::Agent
    Properties:
      AgentName: helpdesk
      AgentResourceRoleArn: arn:aws:iam::111122223333:role/agent
      FoundationModel: amazon.titan-text-express-v1
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def _weights(code: str) -> list[tuple[str, str]]:
    report = lint_paths(["."], lambda _: RunSettings(RULES, LoadOptions(root=Path())), 1)
    found = (each for each in report.findings if each.code == code)
    return [(each.severity, "" if each.lowered is None else each.lowered.because) for each in found]


def test_what_terraform_cannot_read_is_not_deployed() -> None:
    Path("main.tf").write_text(AGENT)
    assert _weights("MLR605") == [("high", "")]
    Path("iam.tf").write_text('resource "aws_iam_role" "agent" {\n  name = [\n}\n')
    because = "iam.tf is not valid, and nothing can be deployed until it is"
    assert _weights("MLR605") == [("medium", because)]


def test_a_secret_is_out_whether_it_is_deployed_or_not() -> None:
    Path("main.tf").write_text(MODEL)
    Path("iam.tf").write_text('resource "aws_iam_role" "agent" {\n  name = [\n}\n')
    assert [severity for severity, _ in _weights("MLS106")] == ["high"]


def test_a_template_with_a_mistake_is_not_deployed() -> None:
    Path("agents.yaml").write_text(TEMPLATE)
    assert _weights("MLR605") == [("high", "")]
    Path("agents.yaml").write_text(f"{TEMPLATE}  Other:\n    Type: [\n")
    because = "agents.yaml is not valid, and nothing can be deployed until it is"
    assert _weights("MLR605") == [("medium", because)]


VERSIONED = f'AWSTemplateFormatVersion: "2010-09-09"\n{TEMPLATE}'
SAM = "Transform: AWS::Serverless-2016-10-31\n"
GRAPH = "  Api:\n    Type: AWS::Serverless::GraphQLApi\n"
ROLE = "arn:aws:iam::111122223333:role/agent"


@pytest.mark.parametrize("named", ["!GetAtt AgentRole.Arn", "!Ref AgentRole", '!Sub "${AgentRole.Arn}"'])
def test_a_template_that_names_what_it_does_not_declare_is_not_deployed(named: str) -> None:
    Path("agents.yaml").write_text(VERSIONED.replace(ROLE, named))
    because = (
        "agents.yaml refers to AgentRole, which it does not declare, and cannot be deployed until it does"
    )
    assert _weights("MLR605") == [("medium", because)]
    stated = (
        "AgentRole is referred to, and the template declares neither a parameter nor a resource of this name"
    )
    assert (7, f"{stated}: CloudFormation refuses it") in _notices()


@pytest.mark.parametrize(
    "text",
    [
        VERSIONED.replace(ROLE, "!GetAtt AgentRole.Arn") + "  AgentRole:\n    Type: AWS::IAM::Role\n",
        VERSIONED.replace(ROLE, "!GetAtt Api.Arn").replace("Resources:\n", f"{SAM}Resources:\n{GRAPH}"),
        VERSIONED.replace(ROLE, "!GetAtt AgentRole.Arn").replace("Resources", "Transform: Own\nResources"),
        TEMPLATE.replace(ROLE, "!GetAtt AgentRole.Arn"),
        VERSIONED.replace(ROLE, "!Sub 'arn:${AWS::Partition}:iam::${!Account}:role/agent'"),
        VERSIONED.replace(ROLE, "!GetAtt ToolsRole.Arn").replace(
            "Resources:\n",
            f"{SAM}Resources:\n  Tools:\n    Type: AWS::Serverless::Function\n",
        ),
    ],
    ids=[
        "declared",
        "SAM makes it of a type that is not read",
        "a macro may declare it",
        "a part of a template",
        "pseudo parameters",
        "SAM makes it",
    ],
)
def test_a_name_that_may_be_declared_refuses_nothing(text: str) -> None:
    Path("agents.yaml").write_text(text)
    assert [severity for severity, _ in _weights("MLR605")] == ["high"]
    assert not [each for each in _notices() if "CloudFormation refuses" in each[1]]


def test_several_names_that_nothing_declares_are_one_notice() -> None:
    text = VERSIONED.replace(ROLE, "!GetAtt AgentRole.Arn").replace("helpdesk", "!Sub 'of-${Team}'")
    Path("agents.yaml").write_text(text)
    stated = (
        "Team and AgentRole are referred to, and the template declares neither parameters nor resources of"
    )
    assert (6, f"{stated} these names: CloudFormation refuses it") in _notices()


def _notices() -> list[tuple[int, str]]:
    report = lint_paths(["."], lambda _: RunSettings(RULES, LoadOptions(root=Path())), 1)
    return [(each.line, each.message) for each in report.problems]


def test_a_notice_names_what_nothing_declares() -> None:
    Path("main.tf").write_text(
        AGENT.replace('"helpdesk"\n', "aws_s3_bucket.files.bucket\n", 1)
        + 'resource "aws_s3_bucket" "own" {\n  bucket = "${local.prefix}-${aws_s3_bucket.files.bucket}"\n}\n'
    )
    named = "aws_s3_bucket.files, local.prefix are referred to, and nothing in the module declares them"
    expected = (3, f"{named}: {REFUSED}")
    assert _notices() == [expected]
    Path("files.tf").write_text('resource "aws_s3_bucket" "files" {}\n')
    expected = (8, f"local.prefix is referred to, and nothing in the module declares it: {REFUSED}")
    assert [each for each in _notices() if REFUSED in each[1]] == [expected]


def test_what_cannot_be_read_may_declare_it() -> None:
    Path("main.tf").write_text(AGENT.replace('"helpdesk"\n', "aws_s3_bucket.files.bucket\n", 1))
    Path("files.tf").write_text('resource "aws_s3_bucket" "files" {\n  bucket = [\n}\n')
    assert not [each for each in _notices() if "refuses" in each[1]]


PROPERTIES = """Resources:
  Files:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: files-of-churn
      PublicReadPolicy: false
      OBJECT
"""


@pytest.mark.parametrize(
    ("begin", "other", "named"),
    [
        ("", "VersioningConfiguration: {Status: Enabled}", "PublicReadPolicy of Files is not a property"),
        ("", "Acl: private", "PublicReadPolicy, Acl of Files are not properties"),
        ("Transform: Own\n", "Acl: private", ""),
        ("Transform: AWS::LanguageExtensions\n", "Tags: []", "PublicReadPolicy of Files is not a property"),
    ],
)
def test_a_notice_names_what_is_no_property(begin: str, other: str, named: str) -> None:
    Path("files.yaml").write_text(begin + PROPERTIES.replace("OBJECT", other))
    newer = "unless it is newer than mlwa-lint, deploying it fails"
    expected = [(6 + bool(begin), f"{named} of AWS::S3::Bucket: {newer}")] if named else []
    assert [each for each in _notices() if "propert" in each[1]] == expected
