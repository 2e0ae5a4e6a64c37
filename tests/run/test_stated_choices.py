"""What findings weigh about what a document of the repository leaves out on purpose."""

from pathlib import Path

import pytest

from mlwa_lint.catalogue.registry import load_rules
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.run.pipeline import lint_paths
from mlwa_lint.run.settings import RunSettings

RULES = load_rules().rules
AGENT = """
resource "aws_bedrockagent_agent" "helpdesk" {
  agent_name              = "helpdesk"
  agent_resource_role_arn = "arn:aws:iam::111122223333:role/agent"
  foundation_model        = "amazon.nova-lite-v1:0"
  instruction             = "Answer questions about orders politely and in short sentences."
}

resource "aws_bedrockagent_agent_action_group" "orders" {
  agent_id          = aws_bedrockagent_agent.helpdesk.agent_id
  agent_version     = "DRAFT"
  action_group_name = "orders"
  action_group_executor { custom_control = "RETURN_CONTROL" }
}

# Logs are written elsewhere, with the KMS key alias/logs.
"""
TABLE = """# Helpdesk

An agent for questions about orders.

## HEADING

| check | what | why |
|---|---|---|
| CKV_AWS_373 | CMK of the agent / guardrails | few use it |

## Cleaning up

- guardrails
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def _weights(code: str) -> list[str]:
    report = lint_paths(["."], lambda _: RunSettings(RULES, LoadOptions(root=Path())), 1)
    return [each.severity for each in report.findings if each.code == code]


@pytest.mark.parametrize(
    ("heading", "guardrail", "key"),
    [
        ("Skipped on purpose", "info", "info"),
        ("Intentionally left out", "info", "info"),
        ("Suppressed checks", "info", "info"),
        ("意図的にスキップしている項目", "info", "info"),
        ("What is skipped when the account is new", "low", "low"),
        ("Checks", "low", "low"),
    ],
)
def test_what_a_document_lists_as_left_out_weighs_less(heading: str, guardrail: str, key: str) -> None:
    Path("main.tf").write_text(AGENT)
    Path("README.md").write_text(TABLE.replace("HEADING", heading))
    assert (_weights("MLS601"), _weights("MLS603")) == ([guardrail], [key])


def test_a_document_that_does_not_name_it_changes_nothing() -> None:
    Path("main.tf").write_text(AGENT)
    Path("README.md").write_text(
        TABLE.replace("HEADING", "Skipped checks").replace("CMK of the agent / ", "")
    )
    assert (_weights("MLS601"), _weights("MLS603")) == (["info"], ["low"])


ENDPOINT = """
resource "aws_sagemaker_endpoint_configuration" "churn" {
  production_variants {
    variant_name           = "all"
    model_name             = "churn"
    instance_type          = "ml.g5.xlarge"
    initial_instance_count = 2
  }
}

resource "aws_sagemaker_endpoint" "churn" {
  endpoint_config_name = aws_sagemaker_endpoint_configuration.churn.name
}
"""


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        ("| type | month |\n|---|---|\n| ml.g5.xlarge | $1,012 |\n", "low"),
        ("| type | month |\n|---|---|\n| ml.g5.2xlarge | $1,012 |\n", "medium"),
        ("The endpoint runs on ml.g5.xlarge.\n\nIt costs $1.41 an hour.\n", "medium"),
    ],
    ids=["the type", "another type", "no month"],
)
def test_what_a_document_prices_is_known_to_cost(text: str, severity: str) -> None:
    Path("main.tf").write_text(ENDPOINT)
    Path("COSTS.md").write_text(text)
    assert _weights("MLC101") == [severity]
