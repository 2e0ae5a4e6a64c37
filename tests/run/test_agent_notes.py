"""What programs and scripts of the repository show of gateways, runtimes and accounts."""

from pathlib import Path

import pytest

from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.model.report import Report
from mlwa_lint.run.pipeline import lint_paths
from mlwa_lint.run.settings import RunSettings
from tests.support import rule_examples as harness

GATEWAY = """
resource "aws_bedrockagentcore_gateway" "tools" {
  name            = "tools"
  protocol_type   = "MCP"
  role_arn        = "arn:aws:iam::111122223333:role/tools"
  authorizer_type = "AWS_IAM"
}
"""
RUNTIME = """
resource "aws_bedrockagentcore_agent_runtime" "agent" {
  agent_runtime_name = "agent"
  role_arn           = "arn:aws:iam::111122223333:role/agent"
  agent_runtime_artifact {
    container_configuration {
      container_uri = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/agent:4"
    }
  }
}
"""


def report_on(code: str, folder: Path, name: str, text: str) -> Report:
    """What a rule reports on an infrastructure beside another file of a repository."""
    (folder / name).write_text(text)
    (folder / "prod.json").write_text("{}")  # so that it is operated
    settings = RunSettings((harness.rule_of(code),), LoadOptions(folder))
    return lint_paths([str(folder / "infra")], lambda _: settings, 1)


def infrastructure(folder: Path, text: str) -> None:
    """Writes the configuration of a repository."""
    (folder / "infra").mkdir()
    (folder / "infra" / "main.tf").write_text(text)


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("policy.sh", "aws bedrock-agentcore-control create-policy-engine --name tools\n", 0),
        ("policy.py", "engine = client.create_policy_engine(name='tools')\n", 0),
        ("policy.ts", "await client.send(new CreatePolicyEngineCommand({ name }));\n", 0),
        (
            "policy.sh",
            "aws bedrock-agentcore-control update-gateway --policy-engine-configuration arn=$A\n",
            0,
        ),
        ("policy.sh", "aws bedrock-agentcore-control list-policy-engines\n", 1),
        ("notes.md", "Run create-policy-engine first.\n", 1),
    ],
)
def test_a_script_may_attach_a_policy_engine(name: str, text: str, found: int, tmp_path: Path) -> None:
    infrastructure(tmp_path, GATEWAY)
    report = report_on("MLS609", tmp_path, name, text)
    assert (len(report.findings), len(report.undecided)) == (found, 1 - found)


@pytest.mark.parametrize(
    ("name", "text", "severity"),
    [
        ("Dockerfile", 'CMD ["opentelemetry-instrument", "python", "agent.py"]\n', "info"),
        ("requirements.txt", "aws-opentelemetry-distro==0.12.0\n", "info"),
        ("requirements.txt", "strands-agents[a2a,otel]==1.9.0\n", "info"),
        ("tracing.py", "provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))\n", "info"),
        ("tracing.py", "StrandsTelemetry().setup_otlp_exporter()\n", "info"),
        ("Dockerfile", 'CMD ["python", "agent.py"]\n', "low"),
        ("README.md", "Start it with opentelemetry-instrument.\n", "low"),
    ],
)
def test_spans_that_a_program_exports_itself(name: str, text: str, severity: str, tmp_path: Path) -> None:
    infrastructure(tmp_path, RUNTIME)
    report = report_on("MLO604", tmp_path, name, text)
    assert [each.severity for each in report.findings] == [severity]


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        ("ARN = 'arn:aws:bedrock-agentcore:eu-west-1:444455556666:runtime/agent'\n", "medium"),
        ("ARN = 'arn:aws:bedrock-agentcore:eu-west-1:777788889999:runtime/agent'\n", "high"),
        ("ARN = 'arn:aws:iam::444455556666:role/agent'\n", "high"),
    ],
)
def test_an_account_whose_resources_a_program_names_is_the_projects_own(
    text: str, severity: str, tmp_path: Path
) -> None:
    example = (harness.EXAMPLES / "MLS611" / "fail-named-principals.tf").read_text()
    principal = "data.aws_caller_identity.current.arn"
    infrastructure(tmp_path, example.replace(principal, '"arn:aws:iam::444455556666:root"'))
    report = report_on("MLS611", tmp_path, "invoke.py", text)
    assert [each.severity for each in report.findings if "opens" in each.message] == [severity]
