"""MLR605 depends on the day: before the end of a model's life it warns, afterwards it is certain."""

import datetime
from pathlib import Path

import pytest

from mlwa_lint.run.evaluation import check_project
from mlwa_lint.testing import project_of
from mlwa_rules.reliability import generative
from tests.support import rule_examples as harness

TEMPLATE = """
Resources:
  Helpdesk:
    Type: AWS::Bedrock::Agent
    Properties:
      AgentName: helpdesk
      AgentResourceRoleArn: arn:aws:iam::111122223333:role/agent
      FoundationModel: anthropic.claude-v2
"""


@pytest.mark.parametrize(
    ("day", "severities"),
    [
        (datetime.date(2025, 4, 21), []),
        (datetime.date(2025, 4, 22), ["medium"]),
        (datetime.date(2025, 7, 20), ["medium"]),
        (datetime.date(2025, 7, 21), ["high"]),
    ],
)
def test_a_model_is_reported_from_ninety_days_before_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, day: datetime.date, severities: list[str]
) -> None:
    monkeypatch.setattr(generative, "today", lambda: day)
    template = tmp_path / "agent.yaml"
    template.write_text(TEMPLATE, "utf-8")
    outcome = check_project(project_of(template), [harness.rule_of("MLR605")])
    assert [finding.severity for finding in outcome.findings] == severities


@pytest.mark.parametrize(
    ("model", "severities"),
    [("anthropic.claude-v2:1", ["high"]), ("anthropic.claude-3-opus-20240229-v1:0", [])],
)
def test_a_day_that_is_not_known_is_not_named(tmp_path: Path, model: str, severities: list[str]) -> None:
    template = tmp_path / "agent.yaml"
    template.write_text(TEMPLATE.replace("anthropic.claude-v2", model), "utf-8")
    outcome = check_project(project_of(template), [harness.rule_of("MLR605")])
    assert [finding.severity for finding in outcome.findings] == severities
    assert all("reached its end of life: " in finding.message for finding in outcome.findings)


CALL = """import boto3

boto3.client("bedrock-runtime").converse(modelId="anthropic.claude-v2", messages=[])
"""


@pytest.mark.parametrize(
    ("place", "severity"),
    [
        ("src/ask.py", "medium"),
        ("examples/ask.py", "low"),
        ("docs/guide/ask.py", "low"),
        ("tests/ask.py", "low"),
        ("src/docs.py", "medium"),
    ],
)
def test_who_runs_an_example_sees_the_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str, severity: str
) -> None:
    monkeypatch.chdir(tmp_path)
    program = Path(place)
    program.parent.mkdir(parents=True)
    program.write_text(CALL)
    outcome = check_project(project_of(program), [harness.rule_of("MLR605")])
    assert [finding.severity for finding in outcome.findings] == [severity]
