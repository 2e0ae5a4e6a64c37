"""Kinds of files that are linted and not edited: findings state it, and the files stay."""

import json
from pathlib import Path

import pytest

from mlwa_lint.fixes.ignores import ignores
from mlwa_lint.fixes.propose import choices_of, propose
from mlwa_lint.run.pipeline import lint
from tests.frontends.python.programs import notebook
from tests.support.fixing import session_of
from tests.support.workspace import Workspace

MODULE = {"resource": {"aws_sagemaker_notebook_instance": {"lab": {"name": "lab", "root_access": "Enabled"}}}}
PROGRAM = """import boto3
boto3.client("sagemaker").create_notebook_instance(
    NotebookInstanceName="lab", InstanceType="ml.t3.medium", RoleArn="arn:aws:iam::111122223333:role/lab",
    RootAccess="Enabled",
)
"""
FILES = {"main.tf.json": json.dumps(MODULE, indent=1), "lab.ipynb": notebook(PROGRAM)}


@pytest.mark.parametrize("name", FILES)
def test_fixes_are_shown_with_a_reason(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(FILES[name])
    session = session_of(tmp_path, "MLS402")
    findings = lint(session, [str(tmp_path)], "").result.findings
    assert [each.code for each in findings] == ["MLS402"]
    [fix] = propose(findings, choices_of(session))
    assert (fix.safety, fix.edits, fix.reason) == ("shown", (), "files of this kind are not edited")
    [suppression] = ignores("a lab")(findings, choices_of(session), {})
    assert (suppression.safety, suppression.edits) == ("shown", ())
    assert suppression.reason == "files of this kind cannot contain it"


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize(
    "arguments",
    [("check", "--fix", "--unsafe-fixes"), ("ignore", "--reason", "a lab")],
    ids=lambda each: each[0],
)
def test_files_stay(name: str, arguments: tuple[str, ...], workspace: Workspace) -> None:
    path = workspace.write(name, FILES[name])
    before = path.read_bytes()
    command, *options = arguments
    workspace.run(command, name, "--select", "MLS402", *options)
    assert path.read_bytes() == before
