"""What findings on generative AI weigh by what else the repository shows."""

from pathlib import Path

import pytest

from mlwa_lint.catalogue.registry import load_rules
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.run.pipeline import lint_paths
from mlwa_lint.run.settings import RunSettings

RULES = load_rules().rules


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write(**files: str) -> None:
    """Writes files; `__` in a name stands for a slash, a last `_tf`, `_py` or `_md` for the ending."""
    for name, text in files.items():
        stem, _, ending = name.replace("__", "/").rpartition("_")
        path = Path(f"{stem}.{ending}")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def weights(code: str) -> list[tuple[str, str | None]]:
    """The severity of each finding of a rule, and why it is not higher."""
    report = lint_paths(["."], lambda _: RunSettings(RULES, LoadOptions(root=Path())), 1)
    assert not report.errors
    return [
        (each.severity, None if each.lowered is None else each.lowered.because)
        for each in report.findings
        if each.code == code
    ]


MODELS = """
variable "allow_every_model" {
  type    = bool
  default = true
}
variable "further_statements" {
  default = []
}
resource "aws_iam_role" "agent" {
  name = "agent"
  assume_role_policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = ["bedrock-agentcore.amazonaws.com", "ecs-tasks.amazonaws.com"] }
      Action    = "sts:AssumeRole"
    }]
  })
}
resource "aws_iam_role_policy" "models" {
  role = aws_iam_role.agent.name
  policy = jsonencode({
    Statement = concat(
      GIVEN [{ Effect = "Allow", Action = "bedrock:InvokeModel", Resource = "*" }] NOT,
      var.further_statements,
    )
  })
}
"""
CALL = 'module "agent" {\n  source = "../../"\n}\n'
BY_SWITCH = MODELS.replace("GIVEN", "var.allow_every_model ?").replace("NOT", ": []")
ALWAYS = MODELS.replace("GIVEN", "").replace("NOT", "")


def test_models_that_the_caller_of_a_module_may_restrict() -> None:
    write(main_tf=BY_SWITCH, examples__basic__main_tf=CALL)
    assert ("low", "who calls the module may set it") in weights("MLS615")
    write(main_tf=ALWAYS)
    assert weights("MLS615") == [("medium", None)] * 2


def test_models_that_a_configuration_allows_by_default() -> None:
    write(main_tf=BY_SWITCH)
    assert weights("MLS615") == [("medium", None)]


COLLECTION = """
resource "aws_opensearchserverless_collection" "pages" {
  name = "pages"
  type = "VECTORSEARCH"
}
resource "aws_bedrockagent_knowledge_base" "help" {
  name     = "help"
  role_arn = "arn:aws:iam::111122223333:role/help"
  storage_configuration {
    type = "OPENSEARCH_SERVERLESS"
    opensearch_serverless_configuration {
      collection_arn    = aws_opensearchserverless_collection.pages.arn
      vector_index_name = "pages"
    }
  }
}
resource "aws_opensearchserverless_security_policy" "network" {
  name = "pages"
  type = "network"
  policy = jsonencode([{
    Rules           = [{ ResourceType = "collection", Resource = ["collection/pages"] }]
    AllowFromPublic = true
  }])
}
resource "aws_opensearchserverless_access_policy" "data" {
  name = "pages"
  type = "data"
  policy = jsonencode([{
    Rules     = [{ ResourceType = "index", Resource = ["index/pages/*"], Permission = ["aoss:*"] }]
    Principal = ["arn:aws:iam::111122223333:role/help"]
  }])
}
resource "aws_cloudwatch_metric_alarm" "throttled" {
  alarm_name    = "throttled"
  namespace     = "AWS/Bedrock"
  metric_name   = "InvocationThrottles"
  alarm_actions = ["arn:aws:sns:eu-west-1:111122223333:operators"]
}
"""
INDEX = 'resource "opensearch_index" "pages" {\n  name = "pages"\n}\n'
NETWORK = 'resource "aws_vpc" "main" {\n  cidr_block = "10.0.0.0/16"\n}\n'
NAMED = "the data access policies of the project name who has access"


def test_a_collection_whose_index_terraform_creates_over_the_internet() -> None:
    write(main_tf=COLLECTION)
    assert weights("MLS611") == [("medium", NAMED)]
    write(main_tf=COLLECTION + INDEX)
    provider = "Terraform's opensearch provider creates the index from outside of a VPC"
    assert weights("MLS611") == [("low", f"{NAMED}, and {provider}")]
    write(main_tf=COLLECTION + INDEX + NETWORK)
    assert weights("MLS611") == [("medium", NAMED)]


def test_an_example_whose_index_terraform_creates_over_the_internet() -> None:
    write(examples__complete__main_tf=COLLECTION + INDEX)
    assert [severity for severity, _ in weights("MLS611")] == ["info"]


INDEXING = """
import boto3, requests
from requests_aws4auth import AWS4Auth

HEAD
    auth = AWS4Auth("key", "secret", "eu-west-1", "aoss")
    requests.put(endpoint + "/pages", auth=auth, json={})
"""


@pytest.mark.parametrize(
    ("head", "severity"), [("def index(endpoint):", "low"), ("def run(event, _):", "medium")]
)
def test_a_collection_whose_index_a_program_creates(head: str, severity: str) -> None:
    write(infra__main_tf=COLLECTION, setup_py=INDEXING.replace("HEAD", head))
    assert [found for found, _ in weights("MLS611")] == [severity]
