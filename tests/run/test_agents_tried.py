"""What the agents of modules, and those that only answer, weigh without a guardrail or a key."""

from pathlib import Path

import pytest

from mlwa_lint.model.findings import Severity
from tests.run.test_guardrail_sides import AGENT, guardrail, report_on

PLAIN = AGENT.replace(
    """  guardrail_configuration {
    guardrail_identifier = aws_bedrock_guardrail.chat.guardrail_id
    guardrail_version    = "1"
  }
""",
    "",
)
CALLER = """
data "archive_file" "ask" {
  type        = "zip"
  source_file = "ask.py"
  output_path = "ask.zip"
}

resource "aws_lambda_function" "ask" {
  function_name = "ask"
  handler       = "ask.handler"
  runtime       = "python3.13"
  role          = "arn:aws:iam::111122223333:role/ask"
  filename      = "ask.zip"
  environment {
    variables = { AGENT_ID = aws_bedrockagent_agent.chat.agent_id }
  }
}
"""
ACTIONS = """
resource "aws_bedrockagent_agent_action_group" "tools" {
  action_group_name = "tools"
  agent_id          = aws_bedrockagent_agent.chat.agent_id
  agent_version     = "DRAFT"
  action_group_executor { custom_control = "RETURN_CONTROL" }
  function_schema {
    member_functions {
      functions { name = "order" }
    }
  }
}
"""
TOPIC = """
resource "aws_sns_topic" "pages" {
  name = "pages-production"
}
"""
FUNCTIONS = """
variable "functions" {
  type = set(object({ name = string, handler = string }))
}
"""
README = {"README.md": "# Chat\n\nAn agent that answers.\n"}


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        (PLAIN + CALLER, "info"),
        (PLAIN + CALLER + ACTIONS, "low"),
        (PLAIN + CALLER + TOPIC, "medium"),
        (PLAIN + CALLER + ACTIONS + FUNCTIONS, "low"),
        (PLAIN + CALLER + ACTIONS + FUNCTIONS + 'provider "aws" {}\n', "low"),
    ],
)
def test_an_agent_that_only_answers(text: str, severity: Severity, tmp_path: Path) -> None:
    report = report_on("MLS601", tmp_path, text, README)
    assert [each.severity for each in report.findings] == [severity]


@pytest.mark.parametrize(("values", "severity"), [("other.txt", "info"), ("infra/given.tfvars", "medium")])
def test_a_module_takes_objects_that_no_file_gives(values: str, severity: Severity, tmp_path: Path) -> None:
    report = report_on("MLO603", tmp_path, PLAIN + FUNCTIONS, {values: "", "prod.json": "{}", **README})
    assert [each.severity for each in report.findings] == [severity]


KEY = 'resource "aws_kms_key" "data" {}\n'
KEYED = PLAIN.replace("{", "{\n  customer_encryption_key_arn = aws_kms_key.data.arn", 1)


@pytest.mark.parametrize(("agent", "severity"), [("", "low"), (PLAIN, "info"), (KEYED, "low")])
def test_a_key_of_a_guardrail_comes_after_that_of_an_agent(
    agent: str, severity: Severity, tmp_path: Path
) -> None:
    report = report_on("MLS603", tmp_path, guardrail("HIGH", "HIGH") + KEY + agent, README)
    found = {each.address: each.severity for each in report.findings}
    assert found["aws_bedrock_guardrail.chat"] == severity
