"""`check --fix`, `--diff`, `--show-fixes`, `--add-ignores`, and `mlwa-lint ignore`."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.workspace import Run, Workspace

LAB = """Resources:
  Lab:
    Type: AWS::SageMaker::NotebookInstance
    Properties:
      InstanceType: ml.t3.medium
  Customers:
    Type: AWS::SageMaker::FeatureGroup
"""
KEPT = """    Type: AWS::SageMaker::FeatureGroup
    DeletionPolicy: Retain
    UpdateReplacePolicy: Retain
"""


@pytest.fixture
def lab(workspace: Workspace) -> Path:
    return workspace.write("lab.yaml", LAB)


def check(workspace: Workspace, *arguments: str) -> Run:
    return workspace.run("check", "lab.yaml", "--select", "MLS402,MLR302,MLS401", *arguments)


def test_safe_fixes_are_made_and_the_rest_is_reported(workspace: Workspace, lab: Path) -> None:
    run = check(workspace, "--fix")
    assert run.code == 1
    assert run.err == "fixed 1 finding in 1 file; 1 more with --unsafe-fixes\n"
    assert lab.read_text("utf-8") == LAB.replace("    Type: AWS::SageMaker::FeatureGroup\n", KEPT)
    assert "MLS402" in run.out
    assert "MLR302" not in run.out


def test_fixing_again_changes_nothing(workspace: Workspace, lab: Path) -> None:
    check(workspace, "--fix", "--unsafe-fixes")
    before = lab.read_bytes()
    run = check(workspace, "--fix", "--unsafe-fixes")
    assert run.err == "fixed 0 findings in 0 files\n"
    assert lab.read_bytes() == before


def test_unsafe_fixes_are_made_on_request(workspace: Workspace, lab: Path) -> None:
    run = check(workspace, "--fix", "--unsafe-fixes", "--show-fixes")
    assert "lab.yaml:2: MLS402: fixed: Set RootAccess to Disabled" in run.err
    assert "      RootAccess: Disabled\n" in lab.read_text("utf-8")
    assert run.code == 1  # the key is for the configuration to name
    workspace.write(".mlwa-lint.toml", '[fix]\nkms-key = "LabKey"\n')
    run = check(workspace, "--show-fixes")
    assert "no fix: Set KmsKeyId to the configured kms-key (the template declares no LabKey" in run.out
    lab.write_text(
        lab.read_text("utf-8") + "  LabKey:\n    Type: AWS::KMS::Key\n    DeletionPolicy: Retain\n"
    )
    run = check(workspace, "--fix", "--unsafe-fixes")
    assert run.code == 0
    assert "      KmsKeyId: !GetAtt LabKey.Arn\n" in lab.read_text("utf-8")


def test_a_diff_changes_nothing_and_exits_1(workspace: Workspace, lab: Path) -> None:
    run = check(workspace, "--diff")
    assert run.code == 1
    assert run.out.startswith("--- lab.yaml\n+++ lab.yaml\n@@")
    assert "+    DeletionPolicy: Retain\n" in run.out
    assert "RootAccess" not in run.out
    assert lab.read_text("utf-8") == LAB
    assert run.err == "would fix 1 finding in 1 file; 1 more with --unsafe-fixes\n"
    run = check(workspace, "--diff", "--unsafe-fixes")
    assert "+      RootAccess: Disabled\n" in run.out
    assert run.err == "would fix 2 findings in 1 file\n"
    assert check(workspace, "--diff", "--quiet").err == ""


@pytest.mark.parametrize(
    ("rule", "stated"),
    [
        ("MLS402", "no safe fixes; 1 with --unsafe-fixes\n"),
        ("MLS401", "no fixes\n"),
        ("MLP101", ""),  # there is no finding
    ],
)
def test_a_diff_of_nothing_exits_0(workspace: Workspace, lab: Path, rule: str, stated: str) -> None:
    run = workspace.run("check", "lab.yaml", "--select", rule, "--diff")
    assert (run.code, run.out, run.err) == (0, "", stated)


def test_a_diff_can_be_applied_with_patch(workspace: Workspace, lab: Path) -> None:
    text = check(workspace, "--diff").out
    done = subprocess.run(["patch", "-p0"], input=text, text=True, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert KEPT in lab.read_text("utf-8")


def test_a_diff_shows_no_secret(workspace: Workspace) -> None:
    secret = "hunter2-correct-horse"
    text = "Resources:\n  Lab:\n    Type: AWS::SageMaker::FeatureGroup\n"
    workspace.write("lab.yaml", f"{text}    Metadata: {{Password: {secret}}}\n")
    run = check(workspace, "--diff")
    assert "DeletionPolicy: Retain" in run.out
    assert secret not in run.out


def test_fixes_are_shown_without_being_made(workspace: Workspace, lab: Path) -> None:
    run = check(workspace, "--show-fixes")
    assert (
        "lab.yaml:6: MLR302: fix: Set DeletionPolicy to Retain and UpdateReplacePolicy to Retain\n" in run.out
    )
    assert "lab.yaml:2: MLS402: unsafe fix: Set RootAccess to Disabled (" in run.out
    assert run.out.endswith("1 fixable with --fix, 1 more with --unsafe-fixes\n")
    assert lab.read_text("utf-8") == LAB


@pytest.mark.parametrize(
    ("arguments", "stated"),
    [
        (("--unsafe-fixes",), "--unsafe-fixes: nothing is fixed"),
        (("--add-ignores",), "--add-ignores: no reason"),
        (("--reason", "x"), "--reason: nothing is suppressed"),
        (("--fix", "--add-ignores", "--reason", "x"), "--fix and --add-ignores"),
        (("--diff", "--format", "json"), "--diff: prints a diff instead of a report"),
        (("--fix", "--watch"), "--watch: changes nothing"),
        (("--fix", "-"), "standard input cannot be changed"),
    ],
)
def test_contradictions_are_refused(
    workspace: Workspace, lab: Path, arguments: tuple[str, ...], stated: str
) -> None:
    run = check(workspace, *arguments)
    assert run.code == 2
    assert stated in run.err
    assert lab.read_text("utf-8") == LAB


def test_a_file_that_cannot_be_written_is_an_error(workspace: Workspace, lab: Path) -> None:
    lab.chmod(0o444)
    run = check(workspace, "--fix")
    assert run.code == 2
    assert "lab.yaml: error: not fixed: it is read-only\n" in run.err
    assert "fixed 0 findings in 0 files" in run.err
    assert "MLR302" in run.out


def test_findings_are_suppressed_with_a_reason(workspace: Workspace, lab: Path) -> None:
    run = check(workspace, "--add-ignores", "--reason", "a lab")
    assert run.code == 0
    assert run.err == "suppressed 3 findings in 1 file\n"
    assert "  Lab:  # mlwa: ignore[MLS401, MLS402] -- a lab\n" in lab.read_text("utf-8")
    assert "3 suppressed" in run.out


def test_what_cannot_be_suppressed_is_counted_with_the_reason(workspace: Workspace) -> None:
    lab = {"resource": {"aws_sagemaker_notebook_instance": {"lab": {"instance_type": "ml.t3.medium"}}}}
    workspace.write("main.tf.json", json.dumps(lab))
    run = workspace.run(
        "check", "main.tf.json", "--select", "MLS402,MLS401", "--add-ignores", "--reason", "a lab"
    )
    assert run.code == 1
    assert run.err == (
        "suppressed 0 findings in 0 files\n2 not suppressed: files of this kind cannot contain it\n"
    )


def test_the_command_suppresses_as_well(workspace: Workspace, lab: Path) -> None:
    run = workspace.run("ignore", "lab.yaml", "--select", "MLS402", "--reason", "a lab", "--diff")
    assert run.code == 1
    assert "+  Lab:  # mlwa: ignore[MLS402] -- a lab\n" in run.out
    assert lab.read_text("utf-8") == LAB
    run = workspace.run("ignore", "lab.yaml", "--select", "MLS402", "--reason", "a lab")
    assert run.code == 0
    assert "  Lab:  # mlwa: ignore[MLS402] -- a lab\n" in lab.read_text("utf-8")
    assert workspace.run("check", "lab.yaml", "--select", "MLS402,MLO901").code == 0


def test_reports_carry_the_edits(workspace: Workspace, lab: Path) -> None:
    report = json.loads(check(workspace, "--format", "json").out)
    fixes = {each["code"]: each["fix"] for each in report["findings"]}
    assert fixes["MLS401"] is None
    assert fixes["MLR302"]["safe"] is True
    (edit,) = fixes["MLR302"]["edits"]
    assert (edit["line"], edit["column"], edit["text"]) == (
        7,
        39,
        "\n    DeletionPolicy: Retain\n    UpdateReplacePolicy: Retain",
    )
    log = json.loads(check(workspace, "--format", "sarif").out)
    results = {each["ruleId"]: each for each in log["runs"][0]["results"]}
    (fix,) = results["MLR302"]["fixes"]
    (change,) = fix["artifactChanges"]
    assert change["artifactLocation"]["uri"] == "lab.yaml"
    assert change["replacements"][0]["insertedContent"]["text"] == edit["text"]
    assert "fixes" not in results["MLS401"]
    stated = check(workspace, "--format", "github").out
    assert "Suggested change:%0A+    DeletionPolicy: Retain%0A+    UpdateReplacePolicy: Retain" in stated


def test_a_plain_check_loads_nothing_of_fixes(workspace: Workspace, lab: Path) -> None:
    code = (
        "import sys; from mlwa_lint.cli.app import invoke; invoke(['check', 'lab.yaml', '--no-cache']);"
        "print([each for each in sys.modules if each.startswith('mlwa_lint.fixes')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
