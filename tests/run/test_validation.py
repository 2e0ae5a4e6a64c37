"""`check --validate`: cfn-lint's findings about ML resources, in our formats."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mlwa_lint.cli.app import invoke
from mlwa_lint.run import validation

TEMPLATE = """\
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      MaxSessionDuration: 1
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - {Effect: Allow, Principal: {Service: sagemaker.amazonaws.com}, Action: "sts:AssumeRole"}
  Config:
    Type: AWS::SageMaker::EndpointConfig
    Properties:
      ProductionVariants:
        - VariantName: a
          ModelName: !GetAtt Model.ModelName
          InstanceType: ml.m99.large
          InitialInstanceCount: one
          InitialVariantWeight: 1
      DataCapture: {}
  Model:
    Type: AWS::SageMaker::Model
    Properties:
      ExecutionRoleArn: !GetAtt Role.Arn
  Network:
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: nonsense}
"""
SAM = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Ask:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.12
      Handler: app.handler
      CodeUri: src/
      Timeout: never
      Policies:
        - Statement: [{Effect: Allow, Action: "sagemaker:InvokeEndpoint", Resource: "*"}]
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def found(capsys: pytest.CaptureFixture[str], *arguments: str, text: str = TEMPLATE) -> list[Any]:
    Path("t.yaml").write_text(text)
    invoke(["check", "t.yaml", "--no-cache", "--format", "json", *arguments])
    return list(json.loads(capsys.readouterr().out)["findings"])


def places(findings: list[Any]) -> list[tuple[str, int, str]]:
    return [(each["code"], each["line"], each["resource"]["address"]) for each in findings]


def test_findings_of_cfn_lint_on_ml_resources_are_reported_at_their_places(
    capsys: pytest.CaptureFixture[str],
) -> None:
    findings = found(capsys, "--validate", "--select", "E")
    assert places(findings) == [
        ("E3034", 5, "Role"),
        ("E3030", 16, "Config"),
        ("E3012", 17, "Config"),
        ("E3002", 19, "Config"),
    ]
    assert {each["severity"] for each in findings} == {"high"}
    assert findings[2]["message"] == "'one' is not of type 'integer'"
    assert findings[2]["help"].endswith("rules.md#E3012")


def test_what_a_rule_of_ours_covers_better_is_reported_once(capsys: pytest.CaptureFixture[str]) -> None:
    of_line = [each for each in places(found(capsys, "--validate")) if each[1] == 16]
    assert of_line == [("MLR120", 16, "Config")]


def test_the_whole_template_is_validated_where_everything_is_judged(
    capsys: pytest.CaptureFixture[str],
) -> None:
    within = places(found(capsys, "--validate", "--select", "E"))
    everything = places(found(capsys, "--validate", "--select", "E", "--scope", "all"))
    assert {each[2] for each in everything if each not in within} == {"Network"}


def test_without_the_option_nothing_of_it_is_reported_or_imported() -> None:
    Path("t.yaml").write_text(TEMPLATE)
    code = (
        "import sys; from mlwa_lint.cli.app import invoke; invoke(['check', 't.yaml', '--no-cache', '-q']);"
        "sys.exit('cfnlint' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert "E3012" not in run.stdout


def test_its_codes_are_selected_ignored_weighed_and_suppressed_like_ours(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert places(
        found(capsys, "--validate", "--select", "E30", "--ignore", "E3002,E3034,cfn-lint-e3030")
    ) == [("E3012", 17, "Config")]
    suppressing = TEMPLATE.replace("Count: one", "Count: one  # mlwa: ignore[E3012] -- a number in disguise")
    codes = [each[0] for each in places(found(capsys, "--validate", text=suppressing))]
    assert "E3012" not in codes
    assert "MLO901" not in codes
    Path(".mlwa-lint.toml").write_text('validate = true\nseverities = { E3012 = "low" }\n')
    weighed = found(capsys, "--select", "E3012")
    assert [(each["code"], each["severity"]) for each in weighed] == [("E3012", "low")]


def test_a_code_of_cfn_lint_is_unknown_where_it_does_not_run(capsys: pytest.CaptureFixture[str]) -> None:
    Path("t.yaml").write_text(TEMPLATE)
    assert invoke(["check", "t.yaml", "--select", "E3012"]) == 2
    assert "no rule is called 'E3012'; --validate runs the rules of cfn-lint" in capsys.readouterr().err


def test_a_suppression_of_cfn_lint_is_not_judged_where_it_does_not_run(
    capsys: pytest.CaptureFixture[str],
) -> None:
    suppressing = TEMPLATE.replace("Count: one", "Count: 1  # mlwa: ignore[E3012] -- a number in disguise")
    without = [each["code"] for each in found(capsys, "--severity", "info", text=suppressing)]
    validated = [each["code"] for each in found(capsys, "--severity", "info", "--validate", text=suppressing)]
    assert "MLO901" not in without
    assert "MLO901" in validated


def test_sam_is_transformed_and_places_stay(capsys: pytest.CaptureFixture[str]) -> None:
    assert places(found(capsys, "--validate", "--select", "E", text=SAM)) == [("E3012", 9, "Ask")]


def test_standard_input_is_validated(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from io import StringIO

    monkeypatch.setattr(sys, "stdin", StringIO(TEMPLATE))
    invoke(["check", "-", "--validate", "--select", "E3012", "--no-cache", "--format", "json"])
    assert places(json.loads(capsys.readouterr().out)["findings"]) == [("E3012", 17, "Config")]


@pytest.mark.parametrize("key", ["append_rules", "custom_rules", "parameter_files", "override_spec"])
def test_a_template_cannot_make_cfn_lint_read_files(capsys: pytest.CaptureFixture[str], key: str) -> None:
    Path("evil.py").write_text("raise SystemExit('run')\n")
    Path(".cfnlintrc").write_text(f"{key}: [evil.py]\n")
    stated = f"Metadata: {{cfn-lint: {{config: {{{key}: [evil.py], ignore_checks: [E3002]}}}}}}\n"
    codes = [each[0] for each in places(found(capsys, "--validate", "--select", "E", text=stated + TEMPLATE))]
    assert codes == ["E3034", "E3030", "E3012"]


def test_a_failure_of_cfn_lint_is_a_notice_and_ours_are_reported(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("no schema")

    monkeypatch.setattr(validation, "_run", fail)
    Path("t.yaml").write_text(TEMPLATE)
    code = invoke(["check", "t.yaml", "--validate", "--no-cache", "--format", "json"])
    captured = capsys.readouterr()
    document = json.loads(captured.out)
    assert code == 1
    assert "MLR120" in [each["code"] for each in document["findings"]]
    assert "t.yaml:1: warning: cfn-lint failed: RuntimeError: no schema" in captured.err


def test_every_finding_has_a_rule_of_its_own_in_sarif(capsys: pytest.CaptureFixture[str]) -> None:
    Path("t.yaml").write_text(TEMPLATE)
    invoke(["check", "t.yaml", "--validate", "--select", "E3012", "--no-cache", "--format", "sarif"])
    run = json.loads(capsys.readouterr().out)["runs"][0]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["E3012"]
    assert [result["ruleId"] for result in run["results"]] == ["E3012"]
