"""Controls of other tools, and dated facts, in what users read of a rule."""

import json
import re

from mlwa_lint.facts import tables
from mlwa_lint.rule import Rule
from tests.support.bundles import bundled
from tests.support.rule_examples import all_rules
from tests.support.workspace import Workspace

_SECURITY_HUB = re.compile(r"[A-Z][A-Za-z0-9]+\.[1-9]\d*")
_PROWLER = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+){2,}")


@bundled(all_rules(), lambda rule: rule.code)
def test_controls_have_the_form_of_ids(rule: Rule) -> None:
    assert len(set(rule.controls)) == len(rule.controls)
    for control in rule.controls:
        assert _SECURITY_HUB.fullmatch(control) or _PROWLER.fullmatch(control), control
    assert set(rule.facts) <= set(tables.names())


def test_a_control_is_claimed_by_one_rule() -> None:
    claimed = [control for rule in all_rules() for control in rule.controls]
    assert sorted(set(claimed)) == sorted(claimed)
    assert "SageMaker.1" in claimed


def test_a_rule_is_explained_with_its_controls_and_facts(workspace: Workspace) -> None:
    text = workspace.run("rule", "MLS402").out
    assert "Controls: SageMaker.3, sagemaker_notebook_instance_root_access_disabled" in text
    explained = workspace.run("rule", "MLU101").out
    assert f"Facts: hardware, checked on {tables.checked('hardware').date}" in explained
    document = json.loads(workspace.run("rule", "MLU101", "--format", "json").out)
    assert document["facts"][0]["table"] == "hardware"
    assert "Controls: SageMaker.3" in workspace.run("rule", "MLS402", "--format", "markdown").out


def test_findings_name_the_controls(workspace: Workspace) -> None:
    workspace.write(
        "t.yaml",
        "Resources:\n  Lab:\n    Type: AWS::SageMaker::NotebookInstance\n"
        "    Properties: {RoleArn: r, InstanceType: ml.t3.medium}\n",
    )
    report = json.loads(workspace.run("check", "--no-cache", "--format", "json", "t.yaml").out)
    controls = {each["code"]: each["controls"] for each in report["findings"]}
    assert controls["MLS402"] == ["SageMaker.3", "sagemaker_notebook_instance_root_access_disabled"]
    log = json.loads(workspace.run("check", "--no-cache", "--format", "sarif", "t.yaml").out)
    rules = {each["id"]: each for each in log["runs"][0]["tool"]["driver"]["rules"]}
    assert "SageMaker.3" in rules["MLS402"]["properties"]["tags"]
