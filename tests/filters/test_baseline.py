"""Baselines: what they recognise, and what stays new."""

import json
from pathlib import Path

import pytest

from mlwa_lint.filters.baseline import Baseline, BaselineEntry
from mlwa_lint.model.findings import Finding
from mlwa_lint.model.spans import Span
from tests.support.workspace import TEMPLATE, Workspace


def _baseline(workspace: Workspace) -> None:
    run = workspace.run("baseline", "--rules", "my_rules.py", "--select", "TSS", "--output", "known.json")
    assert run.code == 0
    assert "wrote known.json: 2 findings" in run.err


def _new(workspace: Workspace) -> list[str]:
    report = json.loads(workspace.check("--format", "json", "--baseline", "known.json").out)
    return [f"{f['code']} {f['resource']['address']}" for f in report["findings"]]


def test_known_findings_are_counted_and_do_not_fail(workspace: Workspace) -> None:
    _baseline(workspace)
    run = workspace.check("--baseline", "known.json")
    assert run.code == 0
    assert "No findings in 1 file, 3 resources; 2 in the baseline" in run.out


def test_a_new_finding_is_reported(workspace: Workspace) -> None:
    _baseline(workspace)
    workspace.write(
        "template.yaml", TEMPLATE.replace("      KmsKeyId: alias/mine\n", "      DeploymentName: x\n")
    )
    assert _new(workspace) == ["TSS101 Keyed"]


def test_moved_lines_are_recognised(workspace: Workspace) -> None:
    _baseline(workspace)
    workspace.write("template.yaml", "# a\n# b\n" + TEMPLATE)
    assert _new(workspace) == []


def test_a_renamed_file_is_recognised(workspace: Workspace) -> None:
    _baseline(workspace)
    (workspace.folder / "template.yaml").rename(workspace.folder / "renamed.yaml")
    assert _new(workspace) == []


def test_a_copy_is_not_taken_for_the_original(workspace: Workspace) -> None:
    _baseline(workspace)
    workspace.write("copy.yaml", TEMPLATE)
    assert _new(workspace) == ["TSS101 Bare", "TSS102 Keyed"]


def test_a_renamed_resource_is_new(workspace: Workspace) -> None:
    _baseline(workspace)
    workspace.write("template.yaml", TEMPLATE.replace("Bare", "Another"))
    assert _new(workspace) == ["TSS101 Another"]


def test_other_words_of_the_same_rule_about_the_same_resource_are_recognised(workspace: Workspace) -> None:
    _baseline(workspace)
    source = (workspace.folder / "my_rules.py").read_text(encoding="utf-8")
    workspace.write("my_rules.py", source.replace("has no", "lacks"))
    assert _new(workspace) == []


def test_one_entry_accounts_for_one_finding(workspace: Workspace) -> None:
    _baseline(workspace)
    known = json.loads(Path("known.json").read_text(encoding="utf-8"))
    known["findings"] = [entry for entry in known["findings"] if entry["code"] == "TSS102"]
    workspace.write("known.json", json.dumps(known))
    assert _new(workspace) == ["TSS101 Bare"]


def test_the_configuration_can_name_the_baseline(workspace: Workspace) -> None:
    _baseline(workspace)
    workspace.write(".mlwa-lint.toml", 'baseline = "known.json"\n')
    assert workspace.check().code == 0


def test_writing_a_baseline_again_takes_everything_in(workspace: Workspace) -> None:
    _baseline(workspace)
    workspace.write(".mlwa-lint.toml", 'baseline = "known.json"\n')
    _baseline(workspace)


def _write(workspace: Workspace, *arguments: str) -> str:
    run = workspace.run("baseline", "--rules", "my_rules.py", "--select", "TSS", *arguments)
    assert run.code == 0, run.err
    return run.err


def _entries(name: str = "known.json") -> list[tuple[str, str, str]]:
    known = json.loads(Path(name).read_text(encoding="utf-8"))
    return [(entry["path"], entry["code"], entry["address"]) for entry in known["findings"]]


def test_the_configured_baseline_is_the_one_that_is_written(workspace: Workspace) -> None:
    workspace.write(".mlwa-lint.toml", 'baseline = "accepted.json"\n')
    assert "wrote accepted.json: 2 findings" in _write(workspace)


def test_a_path_that_does_not_exist_leaves_the_baseline_as_it_is(workspace: Workspace) -> None:
    _baseline(workspace)
    before = Path("known.json").read_bytes()
    run = workspace.run("baseline", "--rules", "my_rules.py", "--output", "known.json", "template.yml", ".")
    assert run.code == 2
    assert "template.yml: does not exist; no baseline was written" in run.err
    assert Path("known.json").read_bytes() == before


def test_only_what_the_paths_cover_is_replaced(workspace: Workspace) -> None:
    workspace.write("other/t.yaml", TEMPLATE)
    _write(workspace, "--output", "known.json")
    assert len(_entries()) == 4
    workspace.write("template.yaml", TEMPLATE.replace("Bare", "Another"))
    stated = _write(workspace, "--output", "known.json", "template.yaml")
    assert "wrote known.json: 4 findings (1 new, 1 stale removed)" in stated
    assert "  stale: TSS101 Bare in template.yaml" in stated
    assert _entries() == [
        ("other/t.yaml", "TSS101", "Bare"),
        ("other/t.yaml", "TSS102", "Keyed"),
        ("template.yaml", "TSS101", "Another"),
        ("template.yaml", "TSS102", "Keyed"),
    ]


def test_rules_that_did_not_run_stay_in_the_baseline(workspace: Workspace) -> None:
    _baseline(workspace)
    _write(workspace, "--output", "known.json", "--select", "TSS101")
    assert [code for _, code, _ in _entries()] == ["TSS101", "TSS102"]


def test_what_could_not_be_read_stays_in_the_baseline(workspace: Workspace) -> None:
    _baseline(workspace)
    workspace.write("template.yaml", "AWSTemplateFormatVersion: '2010-09-09'\nResources: [\n")
    run = workspace.run("baseline", "--rules", "my_rules.py", "--output", "known.json")
    assert run.code == 2
    assert len(_entries()) == 2


def test_stale_entries_are_reported_and_pruned(workspace: Workspace) -> None:
    _baseline(workspace)
    workspace.write("template.yaml", TEMPLATE.replace("  Bare:", "  New:"))
    run = workspace.check("--baseline", "known.json")
    assert "1 in the baseline (1 stale: `mlwa-lint baseline --prune`)" in run.out
    assert "1 stale removed" in _write(workspace, "--output", "known.json", "--prune")
    assert [address for *_, address in _entries()] == ["Keyed"], "nothing is added"
    gone = workspace.run("baseline", "--prune", "--output", "nowhere.json")
    assert (gone.code, "nowhere.json: no such baseline" in gone.err) == (2, True)


def test_a_run_about_something_else_calls_nothing_stale(workspace: Workspace) -> None:
    _baseline(workspace)
    workspace.write("other/t.yaml", "Resources: {A: {Type: AWS::SageMaker::Domain}}\n")
    assert "stale" not in workspace.check("--baseline", "known.json", "other").out


def test_a_baseline_without_properties_still_counts(workspace: Workspace) -> None:
    _baseline(workspace)
    known = json.loads(Path("known.json").read_text(encoding="utf-8"))
    for entry in known["findings"]:
        del entry["property"]
    workspace.write("known.json", json.dumps(known))
    assert _new(workspace) == []


def test_a_baseline_can_be_printed_and_is_the_same_every_time(workspace: Workspace) -> None:
    arguments = ("baseline", "--rules", "my_rules.py", "--select", "TSS", "--output", "-")
    first, second = workspace.run(*arguments), workspace.run(*arguments)
    assert json.loads(first.out)["version"] == 1
    assert first.out == second.out


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"version": 2, "findings": []}', '{"version": 1, "findings": [{"code": 1}]}']
)
def test_a_file_that_is_no_baseline_is_refused(workspace: Workspace, text: str) -> None:
    workspace.write("known.json", text)
    run = workspace.check("--baseline", "known.json")
    assert run.code == 2
    assert "known.json" in run.err
    assert "regenerate it with" in run.err


def test_a_large_baseline_is_compared() -> None:
    span = Span("a.yaml", 1, 1, 1, 2)
    findings = [
        Finding("TSS101", "n", "high", "security", (), "said", span, f"R{number}", "T", span, "")
        for number in range(20_000)
    ]
    known = [
        BaselineEntry("a.yaml", "TSS101", "T", f"R{number}", "", "other words") for number in range(1, 20_000)
    ]
    new, recognised, _ = Baseline(known).split(findings)
    assert [finding.address for finding in new] == ["R0"]
    assert len(recognised) == 19_999


STEPS = """\
Resources:
  Machine:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: arn:aws:iam::111122223333:role/x
      Definition:
        StartAt: Prepare
        States:
          Prepare:
            Type: Task
            Resource: arn:aws:states:::sagemaker:createProcessingJob.sync
            Next: Tune
            Parameters:
              ProcessingJobName.$: $.name
              RoleArn: arn:aws:iam::111122223333:role/x
          Tune:
            Type: Task
            Resource: arn:aws:states:::sagemaker:createHyperParameterTuningJob.sync
            End: true
            Parameters:
              HyperParameterTuningJobName.$: $.name
              TrainingJobDefinition: {RoleArn: arn:aws:iam::111122223333:role/x}
"""
PROGRAM = """\
import boto3

boto3.client("sagemaker").create_KIND(NAME="NUMBER", RoleArn="arn:aws:iam::111122223333:role/x")
"""


def test_a_baseline_knows_everything_that_is_found_at_once(workspace: Workspace) -> None:
    """Findings that are put together differ in type and property: steps of a workflow, programs."""
    workspace.write("steps.yaml", STEPS)
    for number, (kind, name) in enumerate(
        (("notebook_instance", "NotebookInstanceName"), ("model", "ModelName"), ("model", "ModelName"))
    ):
        text = PROGRAM.replace("KIND", kind).replace("NAME", name).replace("NUMBER", f"n{number}")
        workspace.write(f"p{number}.py", text)
    (workspace.folder / "template.yaml").unlink()
    found = json.loads(workspace.run("check", "--format", "json", "--severity", "info").out)["findings"]
    assert {len(each["instances"]) for each in found if each["code"] == "MLS204"} == {2}
    assert {len(each["instances"]) for each in found if each["code"] == "MLC502"} == {1, 2}
    written = workspace.run("baseline", "--severity", "info", "--output", "known.json")
    assert written.code == 0
    run = workspace.run("check", "--severity", "info", "--baseline", "known.json", "-q")
    assert (run.code, run.out) == (0, "")
    again = workspace.run("baseline", "--severity", "info", "--output", "known.json")
    assert again.err == written.err
