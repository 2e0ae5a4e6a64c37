"""MLS603 where a module leaves the key to who calls it, and nothing but examples does."""

import json
from pathlib import Path

import pytest

from mlwa_lint.cli.app import invoke
from tests.support.files import write

MODULE = """variable "kms_key_arn" {
  type    = string
  default = null
}
resource "aws_bedrockagent_agent" "this" {
  agent_name                  = "desk"
  agent_resource_role_arn     = "arn:aws:iam::111122223333:role/agent"
  foundation_model            = "amazon.nova-lite-v1:0"
  customer_encryption_key_arn = var.kms_key_arn
}
resource "aws_kms_key" "logs" {}
"""
WITHOUT = "\n".join(line for line in MODULE.split("\n") if "customer_encryption" not in line)
CALL = 'provider "aws" {}\nmodule "agent" {\n  source = "../.."\n}\n'


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("files", "found"),
    [
        pytest.param({}, "info", id="examples alone"),
        pytest.param({"envs/live/main.tf": CALL}, "low", id="a caller"),
        pytest.param({"main.tf": WITHOUT}, "low", id="no variable"),
    ],
)
def test_a_key_that_a_variable_offers(
    files: dict[str, str], found: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write(Path(), **{"main.tf": MODULE, "examples/basic/main.tf": CALL, **files})
    invoke(["check", ".", "--no-cache", "--severity", "info", "--format", "json", "--select", "MLS603"])
    findings = json.loads(capsys.readouterr().out)["findings"]
    assert [each["severity"] for each in findings] == [found]
