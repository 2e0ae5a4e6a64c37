"""What programs show of the side that guardrails are applied to."""

from pathlib import Path

import pytest

from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.model.report import Report
from mlwa_lint.run.pipeline import lint_paths
from mlwa_lint.run.settings import RunSettings
from tests.support import rule_examples as harness

KINDS = ("HATE", "INSULTS", "SEXUAL", "VIOLENCE", "MISCONDUCT")


def guardrail(on_input: str, on_output: str) -> str:
    """A guardrail with filters for harmful content of some strengths, and none for prompt attacks."""
    filters = "".join(
        f'    filters_config {{\n      type = "{kind}"\n      input_strength = "{on_input}"\n'
        f'      output_strength = "{on_output}"\n    }}\n'
        for kind in KINDS
    )
    return (
        'resource "aws_bedrock_guardrail" "chat" {\n  name = "chat"\n'
        '  blocked_input_messaging = "No."\n  blocked_outputs_messaging = "No."\n'
        f"  content_policy_config {{\n{filters}  }}\n}}\n"
    )


AGENT = """
resource "aws_bedrockagent_agent" "chat" {
  agent_name              = "chat"
  foundation_model        = "amazon.nova-lite-v1:0"
  agent_resource_role_arn = "arn:aws:iam::111122223333:role/chat"
  guardrail_configuration {
    guardrail_identifier = aws_bedrock_guardrail.chat.guardrail_id
    guardrail_version    = "1"
  }
}
"""
ON_INPUT = (
    'reply = client.apply_guardrail(guardrailIdentifier=ID, source="INPUT", content=[text(question)])\n'
)
ON_OUTPUT = ON_INPUT.replace("INPUT", "OUTPUT")
HANDED_ON = """
class Side(StrEnum):
    INPUT = "INPUT"
    OUTPUT = "OUTPUT"


async def check(text, source: Side = Side.INPUT):
    return await client.apply_guardrail(guardrailIdentifier=ID, source=source.value, content=[text])


checked = check(question, source=Side.INPUT)
"""
SENT = (
    'await client.send(new ApplyGuardrailCommand({ guardrailIdentifier: id, source: "INPUT", content }));\n'
)
LIBRARY = """
from langchain_aws import ChatBedrock

options = {"model_id": MODEL, "guardrails": settings}
model = ChatBedrock(**options)
"""
CONVERSE = 'client.converse(modelId=MODEL, guardrailConfig={"guardrailIdentifier": ID})\n'


def report_on(code: str, folder: Path, text: str, programs: dict[str, str]) -> Report:
    """What a rule reports on an infrastructure beside the programs of a repository."""
    (folder / "infra").mkdir()
    (folder / "infra" / "main.tf").write_text(text)
    for name, program in programs.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(program)
    settings = RunSettings((harness.rule_of(code),), LoadOptions(folder))
    return lint_paths([str(folder / "infra")], lambda _: settings, 1)


@pytest.mark.parametrize(
    ("programs", "found"),
    [
        ({"app.py": ON_INPUT}, 0),
        ({"app.py": HANDED_ON}, 0),
        ({"app.ts": SENT}, 0),
        ({"app.py": ON_INPUT, "tests/test_app.py": ON_OUTPUT}, 0),
        ({"app.py": ON_INPUT, "notes.md": CONVERSE}, 0),
        ({}, 1),
        ({"app.py": ON_INPUT, "other.py": ON_OUTPUT}, 1),
        ({"app.py": ON_INPUT, "other.py": CONVERSE}, 1),
        ({"app.py": ON_INPUT, "other.sh": "aws bedrock-runtime apply-guardrail --source OUTPUT\n"}, 1),
        ({"app.py": ON_INPUT, "other.py": ON_INPUT.replace('"INPUT"', 'event["source"]')}, 1),
        ({"app.py": HANDED_ON.replace("source=Side.INPUT", "source=Side.OUTPUT")}, 1),
        ({"app.py": HANDED_ON.replace("source=Side.INPUT", "source=event.side")}, 1),
        ({"app.py": ON_INPUT, "model.py": "model = BedrockModel(model_id=MODEL, guardrail_id=ID)\n"}, 1),
        ({"app.py": ON_INPUT, "model.py": LIBRARY}, 1),
    ],
)
def test_strengths_on_responses_that_nothing_checks(
    programs: dict[str, str], found: int, tmp_path: Path
) -> None:
    report = report_on("MLS620", tmp_path, guardrail("HIGH", "NONE"), programs)
    assert (len(report.findings), len(report.undecided)) == (found, 0)


def test_the_side_that_is_checked_needs_strengths(tmp_path: Path) -> None:
    report = report_on("MLS620", tmp_path, guardrail("NONE", "HIGH"), {"app.py": ON_INPUT})
    assert [" on input: " in each.message for each in report.findings] == [True]


def test_the_side_without_strengths_is_named(tmp_path: Path) -> None:
    report = report_on("MLS620", tmp_path, guardrail("HIGH", "NONE"), {})
    assert [" on output: " in each.message for each in report.findings] == [True]


@pytest.mark.parametrize(
    ("text", "programs", "severity"),
    [
        (guardrail("HIGH", "HIGH"), {"app.py": ON_OUTPUT}, "info"),
        (guardrail("HIGH", "HIGH"), {"app.py": ON_INPUT}, "low"),
        (guardrail("HIGH", "HIGH") + AGENT, {"app.py": ON_OUTPUT}, "medium"),
    ],
)
def test_attacks_come_with_requests(
    text: str, programs: dict[str, str], severity: str, tmp_path: Path
) -> None:
    report = report_on("MLS602", tmp_path, text, programs)
    assert [each.severity for each in report.findings] == [severity]
