"""What statements, images and tags weigh by what else the project shows."""

from pathlib import Path

import pytest

from tests.rules.test_agents_in_context import weights, write


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


GUARDRAIL = """
resource "aws_bedrock_guardrail" "this" {
  name                      = "reviews"
  blocked_input_messaging   = "no"
  blocked_outputs_messaging = "no"
}
resource "aws_iam_role" "this" {
  name               = "bedrock"
  assume_role_policy = "{}"
  tags               = { TAG = "bedrock-reviews" }
}
"""


@pytest.mark.parametrize(("tag", "severity"), [("Name", "info"), ("Team", "low")])
def test_names_of_roles_are_no_tags_by_which_costs_are_attributed(tag: str, severity: str) -> None:
    write(main_tf=GUARDRAIL.replace("TAG", tag))
    assert [found for found, _ in weights("MLC502")] == [severity]
