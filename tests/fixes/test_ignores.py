"""Suppressions that are written: run again, the findings are suppressed, with the reason."""

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
