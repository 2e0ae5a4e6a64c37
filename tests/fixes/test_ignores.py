"""Suppressions that are written: run again, the findings are suppressed, with the reason."""

import json
from pathlib import Path

import pytest

from mlwa_lint.fixes import ignore
from mlwa_lint.fixes.ignores import ignores
from mlwa_lint.fixes.rounds import settle
from mlwa_lint.run.pipeline import Linted, lint
from tests.support import rule_examples as harness
from tests.support.fixing import alone, any_edit, session_of, write
from tests.support.oracles import read

REASON = "the lab's only user administers it"
FAILING = [each for each in harness.examples() if each.kind == "fail"]
# Of every rule and language the first example.
FIRST = list({(each.code, each.language, each.path.suffix): each for each in reversed(FAILING)}.values())
CANNOT = (
    "files of this kind cannot contain it",
    "it is about the project as a whole: list the rule under `ignore` in the configuration",
    "it is not in a resource of the template",
    "it is inside a text",
    "a suppression that hides nothing is to be deleted",
)


def suppressed(folder: Path, *select: str) -> tuple[Linted, Linted]:
    session = session_of(folder, *select)
    before = lint(session, [str(folder)], "")
    settled = settle(session, [str(folder)], before, any_edit, ignores(REASON), suppressing=True)
    write(settled)
    return before, lint(session_of(folder, *select), [str(folder)], "")


@pytest.mark.parametrize("part", range(4))
def test_findings_of_every_rule_are_suppressed_where_they_are(part: int, tmp_path: Path) -> None:
    done = 0
    for number, example in enumerate(FIRST[part::4]):
        folder = alone(example.path, tmp_path / str(number))
        before, after = suppressed(folder, example.code, "MLO901")
        fixes = ignores(REASON)(after.result.findings, lambda path: {}, {})
        for fix in fixes:
            assert fix.safety == "shown", example
            assert fix.reason in CANNOT, (example, fix.reason)
        assert not [each for each in after.result.findings if each.code == "MLO901"], example
        assert len(after.result.suppressed) == len(before.result.findings) - len(after.result.findings)
        assert all(each.suppressed == REASON for each in after.result.suppressed), example
        done += len(after.result.suppressed)
    assert done > 80


TEMPLATE = """Resources:
  Lab:  # owned by the lab
    Type: AWS::SageMaker::NotebookInstance
    Properties:
      InstanceType: ml.t3.medium
      RoleArn: arn:aws:iam::111122223333:role/lab
      RootAccess: Enabled
"""
JSON = """{
  "Resources": {
    "Lab": {
      "Type": "AWS::SageMaker::NotebookInstance",
      "Properties": {"InstanceType": "ml.t3.medium", "RootAccess": "Enabled"}
    }
  }
}
"""
MODULE = """resource "aws_sagemaker_notebook_instance" "lab" {
  name        = "lab" # the lab
  root_access = "Enabled" # for drivers
  role_arn    = "arn:aws:iam::111122223333:role/lab"
}
"""
PROGRAM = """import boto3

boto3.client("sagemaker").create_notebook_instance(
    NotebookInstanceName="lab",
    RootAccess="Enabled",
)
"""


def written(tmp_path: Path, name: str, text: str, *select: str) -> str:
    path = tmp_path / name
    path.write_bytes(text.encode("utf-8"))
    _, after = suppressed(tmp_path, *select)
    assert after.result.findings == ()
    assert after.result.suppressed
    return path.read_bytes().decode("utf-8")


def test_a_comment_goes_behind_the_property(tmp_path: Path) -> None:
    new = written(tmp_path, "lab.yaml", TEMPLATE, "MLS402")
    assert f"      RootAccess: Enabled  # mlwa: ignore[MLS402] -- {REASON}\n" in new


def test_several_rules_share_a_comment(tmp_path: Path) -> None:
    new = written(
        tmp_path, "lab.yaml", TEMPLATE.replace("      RootAccess: Enabled\n", ""), "MLS401", "MLS402"
    )
    assert f"  Lab:  # owned by the lab  # mlwa: ignore[MLS401, MLS402] -- {REASON}\n" in new


def test_a_further_rule_joins_a_comment_that_is_there(tmp_path: Path) -> None:
    text = TEMPLATE.replace("# owned by the lab", "# mlwa: ignore[MLS401] -- no key")
    new = written(tmp_path, "lab.yaml", text, "MLS401", "MLS403")
    assert f"# mlwa: ignore[MLS401, MLS403] -- no key; {REASON}\n" in new


def test_json_gets_metadata(tmp_path: Path) -> None:
    new = written(tmp_path, "lab.json", JSON, "MLS402", "MLS401")
    entries = [{"rule": code, "reason": REASON} for code in ("MLS401", "MLS402")]
    ignored = read("lab.json", new)["Resources"]["Lab"]["Metadata"]["mlwa-lint"]["ignore"]
    assert sorted(ignored, key=lambda each: str(each["rule"])) == entries


def test_json_keeps_metadata_that_is_there(tmp_path: Path) -> None:
    text = JSON.replace(
        '"Properties"', '"Metadata": {"a": 1, "mlwa-lint": {"ignore": ["MLS401"]}},\n      "Properties"'
    )
    new = written(tmp_path, "lab.json", text, "MLS402")
    metadata = read("lab.json", new)["Resources"]["Lab"]["Metadata"]
    assert metadata["a"] == 1
    assert metadata["mlwa-lint"]["ignore"] == ["MLS401", {"rule": "MLS402", "reason": REASON}]


def test_a_comment_beside_others_goes_above_in_terraform(tmp_path: Path) -> None:
    new = written(tmp_path, "main.tf", MODULE, "MLS402")
    assert f'  # mlwa: ignore[MLS402] -- {REASON}\n  root_access = "Enabled" # for drivers\n' in new


def test_a_program_gets_two_blanks_before_the_comment(tmp_path: Path) -> None:
    new = written(tmp_path, "lab.py", PROGRAM, "MLS402")
    assert f'    RootAccess="Enabled",  # mlwa: ignore[MLS402] -- {REASON}\n' in new


def test_line_ends_and_marks_stay(tmp_path: Path) -> None:
    text = "\ufeff" + TEMPLATE.replace("\n", "\r\n")
    new = written(tmp_path, "lab.yaml", text, "MLS402")
    assert new.startswith("\ufeff")
    assert new.count("\n") == new.count("\r\n") == text.count("\n")


def test_one_finding_is_suppressed_over_an_unsaved_text(tmp_path: Path) -> None:
    path = tmp_path / "lab.yaml"
    path.write_text(TEMPLATE, encoding="utf-8")
    (finding,) = lint(session_of(tmp_path, "MLS402"), [str(tmp_path)], "").result.findings
    unsaved = TEMPLATE.replace("Enabled", "'Enabled'")
    fix = ignore(finding, "a\nlab", {finding.span.path: unsaved})
    (edit,) = fix.edits
    assert fix.safety == "safe"
    assert unsaved[: edit.start].endswith("RootAccess: 'Enabled'")
    assert edit.text == "  # mlwa: ignore[MLS402] -- a lab"


JOB = """
  {name}:
    Type: AWS::Glue::Job
    Properties:
      Role: arn:aws:iam::111122223333:role/features
      Command: {{Name: glueetl, ScriptLocation: s3://acme-ml/features.py}}
      GlueVersion: "5.0"
"""
BLOCK = """resource "aws_glue_job" "{name}" {{
  name         = "{name}"
  role_arn     = "arn:aws:iam::111122223333:role/features"
  glue_version = "5.0"

  command {{
    script_location = "s3://acme-ml/features.py"
  }}
}}
"""
STATED = {
    "Type": "AWS::Glue::Job",
    "Properties": {
        "Role": "arn:aws:iam::111122223333:role/features",
        "Command": {"Name": "glueetl", "ScriptLocation": "s3://acme-ml/features.py"},
        "GlueVersion": "5.0",
    },
}
CALLS = """import boto3

bedrock = boto3.client("bedrock")
topics = {"topicsConfig": [{"name": "law", "definition": "Advice on law", "type": "DENY"}]}
bedrock.create_guardrail(name="one", blockedInputMessaging="No.", topicPolicyConfig=topics)
bedrock.create_guardrail(name="two", blockedInputMessaging="No.", topicPolicyConfig=topics)
"""
TRAINING = """import boto3

boto3.client("sagemaker").create_training_job(
    TrainingJobName="churn",
    RoleArn="arn:aws:iam::111122223333:role/train",
    AlgorithmSpecification={"TrainingImage": "train:1.0", "TrainingInputMode": "File"},
    OutputDataConfig={"S3OutputPath": "s3://acme-ml/out"},
)
"""


def of_two(tmp_path: Path, name: str, text: str, rule: str = "MLU201") -> str:
    """A file with two resources that are reported as one, once that finding is suppressed."""
    folder = tmp_path / name
    folder.mkdir()
    (folder / name).write_text(text, encoding="utf-8")
    (finding,) = lint(session_of(folder, rule), [str(folder)], "").result.findings
    assert len(finding.instances) == len(finding.singles) == 2
    return written(folder, name, text, rule, "MLO901")


def test_all_resources_of_one_finding_get_a_comment(tmp_path: Path) -> None:
    comment = f"# mlwa: ignore[MLU201] -- {REASON}"
    template = "Resources:" + JOB.format(name="One") + JOB.format(name="Two")
    assert of_two(tmp_path, "jobs.yaml", template).count(comment) == 2
    assert (
        of_two(tmp_path, "main.tf", BLOCK.format(name="one") + BLOCK.format(name="two")).count(comment) == 2
    )
    assert of_two(tmp_path, "chat.py", CALLS, "MLS612").count("# mlwa: ignore[MLS612]") == 2


def test_all_resources_of_one_finding_get_metadata(tmp_path: Path) -> None:
    text = json.dumps({"Resources": {"One": STATED, "Two": STATED}}, indent=2)
    resources = read("jobs.json", of_two(tmp_path, "jobs.json", text))["Resources"]
    entries = [{"rule": "MLU201", "reason": REASON}]
    assert [resources[name]["Metadata"]["mlwa-lint"]["ignore"] for name in ("One", "Two")] == [entries] * 2


def test_the_resources_of_a_loop_share_a_comment(tmp_path: Path) -> None:
    block = BLOCK.replace("{{\n", '{{\n  for_each = toset(["one", "two"])\n', 1).format(name="each")
    assert of_two(tmp_path, "main.tf", block).count("# mlwa: ignore[MLU201]") == 1


def test_programs_get_a_comment_where_notebooks_get_none(tmp_path: Path) -> None:
    cell: dict[str, object] = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": []}
    notebook = {"metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    names = ("one", "two")
    (tmp_path / ".git").mkdir()
    for name in names:
        (tmp_path / f"{name}.py").write_text(TRAINING.replace("churn", name), encoding="utf-8")
    source = TRAINING.replace("churn", "three").splitlines(keepends=True)
    text = json.dumps({**notebook, "cells": [{**cell, "source": source}]}, indent=1)
    (tmp_path / "trial.ipynb").write_text(text, encoding="utf-8")
    before, after = suppressed(tmp_path, "MLC501", "MLO901")
    (finding,) = before.result.findings
    (left,) = after.result.findings
    assert (len(finding.instances), left.span.path.rpartition("/")[2]) == (3, "trial.ipynb")
    for name in names:
        assert "# mlwa: ignore[MLC501]" in (tmp_path / f"{name}.py").read_text("utf-8")


def test_an_editor_suppresses_one_finding_at_all_its_places(tmp_path: Path) -> None:
    text = "Resources:" + JOB.format(name="One") + JOB.format(name="Two")
    (tmp_path / "jobs.yaml").write_text(text, encoding="utf-8")
    (finding,) = lint(session_of(tmp_path, "MLU201"), [str(tmp_path)], "").result.findings
    assert len(ignore(finding, "a lab").edits) == 2
