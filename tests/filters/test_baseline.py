"""Baselines: what they recognise, and what stays new."""

import json
from pathlib import Path

import pytest

from mlwa_lint.filters.baseline import Baseline, Known
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
    assert "write the baseline anew" in run.err


def test_a_large_baseline_is_compared() -> None:
    span = Span("a.yaml", 1, 1, 1, 2)
    findings = [
        Finding("TSS101", "n", "high", "security", (), "said", span, f"R{number}", "T", span, "")
        for number in range(20_000)
    ]
    known = [Known("a.yaml", "TSS101", "T", f"R{number}", "other words") for number in range(1, 20_000)]
    new, recognised = Baseline(known).split(findings)
    assert [finding.address for finding in new] == ["R0"]
    assert len(recognised) == 19_999
