"""What is insecure on purpose, by tags, names, comments or its repository, and credentials that are fake."""

from pathlib import Path

import pytest

from mlwa_lint.catalogue.registry import load_rules
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.run.pipeline import lint_paths
from mlwa_lint.run.settings import RunSettings

RULES = load_rules().rules
ITSELF = "it states that it is insecure on purpose"
ALL = "its repository states that it is insecure on purpose"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "claims").mkdir()
    monkeypatch.chdir(tmp_path / "claims")
    Path("prod.json").write_text("{}")  # so that the project counts as operated


def weights(code: str) -> list[tuple[str, str | None]]:
    """The severity of each finding of a rule, and why it is not higher."""
    report = lint_paths(["."], lambda _: RunSettings(RULES, LoadOptions(root=Path())), 1)
    return [
        (each.severity, None if each.lowered is None else each.lowered.because)
        for each in report.findings
        if each.code == code
    ]


ROLE_TF = """
COMMENT
resource "aws_iam_role" "agent" {
  name               = "NAME"
  assume_role_policy = jsonencode({
    Statement = [{
      Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "bedrock.amazonaws.com" }
      Condition = { StringEquals = { "aws:SourceAccount" = "111122223333" } }
    }]
  })
  tags = { Purpose = "TAG" }
}
resource "aws_iam_role_policy" "agent" {
  role   = aws_iam_role.agent.id
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }] })
}
"""
ROLE_YAML = """
Resources:
  COMMENT
  Agent:
    Type: AWS::IAM::Role
    Properties:
      RoleName: NAME
      AssumeRolePolicyDocument:
        Statement:
          - Effect: Allow
            Action: sts:AssumeRole
            Principal: {Service: bedrock.amazonaws.com}
            Condition: {StringEquals: {aws:SourceAccount: "111122223333"}}
      Policies:
        - PolicyName: all
          PolicyDocument: {Statement: [{Effect: Allow, Action: "*", Resource: "*"}]}
      Tags: [{Key: Purpose, Value: TAG}]
"""
LANGUAGES = [("main.tf", ROLE_TF), ("t.yaml", ROLE_YAML)]


def _write(name: str, text: str, comment: str = "# Role", called: str = "agent", tag: str = "claims") -> None:
    Path(name).write_text(text.replace("COMMENT", comment).replace("NAME", called).replace("TAG", tag))


@pytest.mark.parametrize(("name", "text"), LANGUAGES)
@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"tag": "INTENTIONALLY-OVERPERMISSIONED-FOR-DEMO"}, ("info", ITSELF)),
        ({"called": "deliberately-vulnerable-agent"}, ("info", ITSELF)),
        ({"called": "IntentionallyInsecureAgent"}, ("info", ITSELF)),
        ({"comment": "# INTENTIONALLY VULNERABLE: the agent may do anything"}, ("info", ITSELF)),
        ({"tag": "overpermissioned"}, ("high", None)),
        ({"tag": "vulnerable-customers"}, ("high", None)),
        ({"called": "detect-vulnerable-images"}, ("high", None)),
        ({"comment": "# Vulnerable to injection"}, ("high", None)),
    ],
)
def test_what_states_that_it_is_insecure_on_purpose(
    name: str, text: str, given: dict[str, str], expected: tuple[str, str | None]
) -> None:
    _write(name, text, **given)
    assert weights("MLS501") == [expected]


@pytest.mark.parametrize(
    ("readme", "vulnerable"),
    [
        ("# Claims\n\nThis is an intentionally vulnerable agent, to be attacked.\n", True),
        ("# Deliberately insecure claims\n", True),
        ("# CTF challenges\n", True),
        ("Claims\n======\n\nAn intentionally misconfigured stack.\n", True),
        ("# Claims\n\nIt finds code that is intentionally vulnerable.\n", False),
        ("# Claims\n\nVulnerable people get help.\n", False),
    ],
)
def test_a_repository_that_states_it(readme: str, vulnerable: bool) -> None:
    Path("README.md").write_text(readme)
    _write(*LANGUAGES[0])
    assert weights("MLS501") == [("info", ALL) if vulnerable else ("high", None)]


@pytest.mark.parametrize("name", ["ctf-challenge", "vulnerable-app", "llm-goat"])
def test_a_folder_that_is_called_so(name: str) -> None:
    Path(name).mkdir()
    _write(f"{name}/main.tf", ROLE_TF)
    assert weights("MLS501") == [("info", ALL)]


ROTATED = "wJalr4Xtn9EMIxK7MD3NGzbPyRfqC"


@pytest.mark.parametrize(
    ("value", "severity"),
    [
        (ROTATED, "high"),
        (f"FAKE{ROTATED}", "info"),
        ("sk-proj-FAKE-9f8e7d6c5b4a", "info"),
        ("ctf{not-a-real-key-1a2b}", "info"),
        ("AKIAIOSFODNN7EXAMPLE", "info"),
        ("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "info"),
        ("9f8e-dummy-7d6c5b4a", "info"),
        ("Fakenham9f8e7d6c5b", "high"),
        ("9fexamplary8e7d6c5b", "high"),
    ],
)
@pytest.mark.parametrize("language", ["tf", "yaml", "py"])
def test_a_credential_that_states_that_it_is_no_true_one(value: str, severity: str, language: str) -> None:
    texts = {
        "tf": f"""
resource "aws_lambda_function" "f" {{
  function_name = "f"
  role          = "arn:aws:iam::111122223333:role/f"
  environment {{ variables = {{ API_KEY = "{value}" }} }}
}}
resource "aws_sagemaker_endpoint" "e" {{ endpoint_config_name = "c" }}
""",
        "yaml": f"""
Resources:
  F:
    Type: AWS::Lambda::Function
    Properties:
      Role: arn:aws:iam::111122223333:role/f
      Code: {{S3Bucket: b, S3Key: k}}
      Environment: {{Variables: {{API_KEY: "{value}"}}}}
  E: {{Type: "AWS::SageMaker::Endpoint", Properties: {{EndpointConfigName: c}}}}
""",
        "py": f"""
import boto3
boto3.client("sagemaker").create_model(
    ModelName="m", ExecutionRoleArn="arn:aws:iam::111122223333:role/f",
    PrimaryContainer={{"Image": "i", "Environment": {{"API_KEY": "{value}"}}}},
)
""",
    }
    Path(f"main.{language}").write_text(texts[language])
    assert [found for found, _ in weights("MLS106")] == [severity]
