"""No report shows a credential that it found."""

import pytest

from mlwa_lint.reporters.redaction import redacted
from tests.support.credentials import SAMPLES, secret_of
from tests.support.workspace import Workspace


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("          DB_PASSWORD: hunter2", "          DB_PASSWORD: *******"),
        ('    wandb_api_key = "0123abc"', '    wandb_api_key = "*******"'),
        ('{"api-key": "abc", "x": 1}', '{"api-key": "***", "x": 1}'),
        (r"{\"token\": \"abc\"}", r"{\"token\": \"***\"}"),
        ("Url: postgres://me:hunter2@db/x", "Url: postgres://me:*******@db/x"),
        ("Key: AKIAIOSFODNN7EXAMPLE", "Key: ********************"),
        ("Value: ghp_0123456789abcdef", "Value: ********************"),
        ("Password: !Ref Password", "Password: !Ref Password"),
        ("password = var.password", "password = ************"),
        ("Password: '{{resolve:secretsmanager:x}}'", "Password: '{{resolve:secretsmanager:x}}'"),
        ("RoleArn: arn:aws:iam::111122223333:role/x", "RoleArn: arn:aws:iam::111122223333:role/x"),
        ("InstanceType: ml.m5.large", "InstanceType: ml.m5.large"),
    ],
)
def test_lines_are_redacted_in_place(line: str, shown: str) -> None:
    assert redacted(line) == shown
    assert len(redacted(line)) == len(line)


@pytest.mark.parametrize("text", [text for text, _ in SAMPLES])
def test_every_format_that_rules_know_is_hidden(text: str) -> None:
    shown = redacted(f"  - {text}")
    assert len(shown) == len(f"  - {text}")
    assert secret_of(text) not in shown


def test_what_is_assigned_at_a_finding_about_a_credential_is_hidden() -> None:
    assert redacted("  FEATURES: plain words", 2) == "  FEATURES: ***********"
    assert redacted("  - plain words", 4) == "  - ***********"


@pytest.mark.parametrize(
    "form", ["text", "json", "sarif", "junit", "github", "gitlab", "markdown", "comment", "csv"]
)
def test_credentials_of_the_examples_are_in_no_report(workspace: Workspace, form: str) -> None:
    workspace.write(
        "template.yaml",
        """\
Resources:
  Function:
    Type: AWS::Lambda::Function
    Properties:
      Environment:
        Variables:
          DB_PASSWORD: correct-horse-battery-staple
          FEATURES_URL: https://me:correct-horse-battery-staple@features.example.org
""",
    )
    run = workspace.run("check", "template.yaml", "--select", "MLS106", "--format", form)
    assert run.code == 1
    assert "MLS106" in run.out
    assert "correct-horse" not in run.out
