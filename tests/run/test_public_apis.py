"""APIs that a document of the repository states to be open on purpose."""

from pathlib import Path

import pytest

from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.run.pipeline import lint_paths
from mlwa_lint.run.settings import RunSettings
from tests.support import rule_examples as harness

API = (harness.EXAMPLES / "MLS107" / "fail-records-later.yaml").read_text("utf-8")
STAGE = """\
  Stage:
    Type: AWS::ApiGatewayV2::Stage
    Properties:
      ApiId: !Ref Api
      StageName: $default
"""
LIMITS = "      DefaultRouteSettings: {ThrottlingRateLimit: 5, ThrottlingBurstLimit: 10}\n"
README = "# Labels\n\nNames what pictures show.\n\n"


@pytest.mark.parametrize(
    ("name", "text", "limits", "severity"),
    [
        ("README.md", README + "The API is intentionally unauthenticated.\n", LIMITS, "medium"),
        ("docs/api.md", "# API\n\nIt is public by design: visitors have no account.\n", LIMITS, "medium"),
        ("README.md", README + "The page calls the public API.\n", LIMITS, "medium"),
        ("other.tf", "# open on purpose\n", LIMITS, "high"),
        # A document of another stack, and one beside which nothing is declared.
        ("other/README.md", "The API is intentionally unauthenticated.\n", LIMITS, "high"),
        ("site/README.md", "The API is intentionally unauthenticated.\n", LIMITS, "medium"),
        ("README.md", README + "The API is intentionally unauthenticated.\n", "", "high"),
        ("README.md", README, LIMITS, "high"),
        ("README.md", README + "It should not stay a public API.\n", LIMITS, "high"),
        ("README.md", README + "Todo: the API is public on purpose, add Cognito.\n", LIMITS, "high"),
        ("app.py", "# open on purpose\n", LIMITS, "high"),
    ],
)
def test_what_is_open_on_purpose_and_throttled_weighs_less(
    name: str, text: str, limits: str, severity: str, tmp_path: Path
) -> None:
    for path, content in (("template.yaml", API + STAGE + limits), (name, text)):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(content, "utf-8")
    (tmp_path / "other").mkdir(exist_ok=True)
    (tmp_path / "other" / "main.tf").write_text('resource "aws_sqs_queue" "q" {}\n', "utf-8")
    settings = RunSettings((harness.rule_of("MLS107"),), LoadOptions(tmp_path))
    report = lint_paths([str(tmp_path / "template.yaml")], lambda _: settings, 1)
    assert [each.severity for each in report.findings if "Api Api" in each.message] == [severity]


SITE = """\
  Site:
    Type: AWS::S3::Bucket
    Properties: {WebsiteConfiguration: {IndexDocument: index.html}}
"""
USERS = "  Users: {Type: 'AWS::Cognito::UserPool'}\n"


@pytest.mark.parametrize(
    ("more", "severity"),
    [("", "high"), (SITE, "medium"), (SITE + USERS, "high"), (USERS, "high")],
)
def test_the_client_is_a_website_for_everyone(more: str, severity: str, tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(API + STAGE + more, "utf-8")
    settings = RunSettings((harness.rule_of("MLS107"),), LoadOptions(tmp_path))
    report = lint_paths([str(tmp_path / "template.yaml")], lambda _: settings, 1)
    assert [each.severity for each in report.findings if "Api Api" in each.message] == [severity]


@pytest.mark.parametrize(
    ("more", "severity"),
    [
        ("", "medium"),
        ('resource "aws_cognito_user_pool" "users" {\n  count = 1\n  name  = "users"\n}\n', "high"),
        ('resource "aws_apigatewayv2_authorizer" "users" {\n  name = "users"\n}\n', "high"),
    ],
)
def test_what_signs_users_in_counts_in_terraform(more: str, severity: str, tmp_path: Path) -> None:
    website = (harness.EXAMPLES / "MLS107" / "fail-website.tf").read_text("utf-8")
    (tmp_path / "main.tf").write_text(website + more, "utf-8")
    settings = RunSettings((harness.rule_of("MLS107"),), LoadOptions(tmp_path))
    report = lint_paths([str(tmp_path)], lambda _: settings, 1)
    assert [each.severity for each in report.findings] == [severity]


@pytest.mark.parametrize(("place", "severity"), [("chat", "medium"), ("labels", "high"), ("", "medium")])
def test_words_concern_the_stack_at_hand(place: str, severity: str, tmp_path: Path) -> None:
    for name in ("chat", "labels"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "template.yaml").write_text(API + STAGE + LIMITS, "utf-8")
    (tmp_path / place / "README.md").write_text("The API is intentionally unauthenticated.\n", "utf-8")
    settings = RunSettings((harness.rule_of("MLS107"),), LoadOptions(tmp_path))
    report = lint_paths([str(tmp_path / "chat" / "template.yaml")], lambda _: settings, 1)
    assert [each.severity for each in report.findings if "Api Api" in each.message] == [severity]
