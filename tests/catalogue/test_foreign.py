"""Third-party rules: why they are refused when they are loaded, and who is named for them."""

import json
from importlib.resources import files

import jsonschema
import pytest

from tests.support.workspace import RULE, Workspace

TYPE = '"AWS::SageMaker::EndpointConfig",'


@pytest.mark.parametrize(
    ("written", "stated"),
    [
        ("AWS::Sagemaker::EndpointConfig", "did you mean 'AWS::SageMaker::EndpointConfig'?"),
        ("AWS::SageMaker::Endpointconfig", "did you mean 'AWS::SageMaker::EndpointConfig'?"),
        ("AWS::SageMaker::EndpointConfg", "did you mean 'AWS::SageMaker::EndpointConfig'?"),
        ("AWS::Sagemaker::*", "did you mean 'AWS::SageMaker::*'?"),
        ("SageMaker.Endpoint", "types are CloudFormation's, such as AWS::SageMaker::Endpoint"),
        ("AWS::SageMaker", "types are CloudFormation's, such as AWS::SageMaker::Endpoint"),
    ],
)
def test_a_type_that_does_not_exist_is_refused(workspace: Workspace, written: str, stated: str) -> None:
    workspace.write("my_rules.py", RULE.replace(TYPE, f'"{written}",', 1))
    run = workspace.run("check", "--rules", "my_rules.py")
    assert (run.code, run.out) == (2, "")
    assert (
        f"the rule TSS101 of my_rules.py is for resources of type '{written}', which does not exist"
        in run.err
    )
    assert stated in run.err


@pytest.mark.parametrize(
    "written",
    [
        "AWS::SageMaker::*",
        "AWS::SageMaker::NewKindOfThing",
        "AWS::GroundStation::Config",
        "AWS::S3::BucketPolicy",
        "AWS::Lambda::LayerVersionPermission",
        "Custom::Thing",
        "aws_sagemaker_flow_definition",
    ],
)
def test_a_type_that_may_exist_is_taken(workspace: Workspace, written: str) -> None:
    workspace.write("my_rules.py", RULE.replace(TYPE, f'"{written}",'))
    run = workspace.run("rules", "--rules", "my_rules.py", "--select", "TSS")
    assert (run.code, run.err) == (0, "")
    assert "TSS101" in run.out


def test_a_practice_that_no_lens_has_is_refused(workspace: Workspace) -> None:
    workspace.write("my_rules.py", RULE.replace("MLSEC02-BP01", "MLSEC2-BP01"))
    run = workspace.run("rules", "--rules", "my_rules.py")
    assert run.code == 2
    assert "the rule TSS101 of my_rules.py names the practice 'MLSEC2-BP01', which no lens has" in run.err
    assert "did you mean 'MLSEC02-BP01'?" in run.err


def test_a_help_address_is_an_address(workspace: Workspace) -> None:
    workspace.write("my_rules.py", RULE.replace("https://rules", "javascript:rules"))
    run = workspace.run("rules", "--rules", "my_rules.py")
    assert run.code == 2
    assert (
        "has the help address 'javascript:rules.example.org/TSS101', which is not an https address" in run.err
    )


def test_a_rule_of_others_leads_to_its_own_page_or_to_none(workspace: Workspace) -> None:
    report = json.loads(workspace.check("--format", "json", "template.yaml").out)
    assert [each["help"] for each in report["findings"]] == ["https://rules.example.org/TSS101", ""]
    schema = files("mlwa_lint").joinpath("schema/report-1.schema.json").read_text(encoding="utf-8")
    jsonschema.validate(report, json.loads(schema))
    sarif = json.loads(workspace.check("--format", "sarif", "template.yaml").out)
    rules = {each["id"]: each for each in sarif["runs"][0]["tool"]["driver"]["rules"]}
    assert rules["TSS101"]["helpUri"] == "https://rules.example.org/TSS101"
    assert "helpUri" not in rules["TSS102"]
    assert rules["TSS102"]["help"]["markdown"].endswith("\n\nTSS102")
    for form in ("markdown", "comment", "junit", "github", "gitlab", "csv", "text"):
        out = workspace.check("--format", form, "template.yaml", "-v").out
        assert "readthedocs" not in out, form
        assert "]()" not in out, form


def test_a_rule_names_the_package_that_brings_it(workspace: Workspace) -> None:
    out = workspace.run("rule", "TSS101", "--rules", "my_rules.py").out
    assert "\nFrom: my_rules.py\nHelp: https://rules.example.org/TSS101\n" in out
    out = workspace.run("rule", "MLS402").out
    assert "From:" not in out
    assert "Help: https://mlwa-lint.readthedocs.io/rules/MLS402/" in out


def test_a_failing_rule_of_others_is_reported_to_those_who_maintain_it(workspace: Workspace) -> None:
    workspace.write("my_rules.py", RULE.replace('key = config["KmsKeyId"]', "key = 1 / 0"))
    run = workspace.run("check", "--rules", "my_rules.py", "--select", "TSS", "template.yaml")
    assert run.code == 3
    stated = run.err + run.out
    assert "rule TSS101 of my_rules.py failed" in stated
    assert "please report it to those who maintain it: https://rules.example.org/TSS101" in stated
    assert "github.com/mlwa-lint" not in stated
