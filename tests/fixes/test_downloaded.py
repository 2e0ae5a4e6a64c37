"""Modules that Terraform has downloaded are not edited by any command."""

import json
from pathlib import Path

import pytest

from mlwa_lint.fixes.ignores import ignores
from mlwa_lint.fixes.propose import choices_of, propose
from mlwa_lint.fixes.source import RefusedError, SourceFiles
from mlwa_lint.run.pipeline import lint
from tests.support.fixing import session_of
from tests.support.language_client import LanguageClient
from tests.support.workspace import Workspace

MODULE = """resource "aws_sagemaker_model_package_group" "models" {
  model_package_group_name = "scoring"
}
resource "aws_sagemaker_notebook_instance" "lab" {
  name          = "lab"
  root_access   = "Enabled"
  instance_type = "ml.t3.medium"
}
"""
DOWNLOADED = ".terraform/modules/lab/notebooks/main.tf"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project that calls a module from a registry, which is there; git does not ignore it."""
    root = tmp_path.resolve() / "project"
    (root / DOWNLOADED).parent.mkdir(parents=True)
    (root / DOWNLOADED).write_text(MODULE)
    (root / "main.tf").write_text('module "lab" {\n  source = "acme/lab/aws//notebooks"\n}\n')
    modules = [
        {"Key": "", "Source": "", "Dir": "."},
        {
            "Key": "lab",
            "Source": "registry.terraform.io/acme/lab/aws//notebooks",
            "Version": "1.0.0",
            "Dir": ".terraform/modules/lab/notebooks",
        },
    ]
    (root / ".terraform/modules/modules.json").write_text(json.dumps({"Modules": modules}))
    return root


def test_their_texts_are_refused(project: Path) -> None:
    for path in (DOWNLOADED, f"./{DOWNLOADED}", f"sub/../{DOWNLOADED}"):
        with pytest.raises(RefusedError, match="Terraform has downloaded it"):
            SourceFiles().of(str(project / path))
    with pytest.raises(RefusedError, match="Terraform has downloaded it"):
        SourceFiles({DOWNLOADED: MODULE}).of(DOWNLOADED)
    assert SourceFiles().of(str(project / "main.tf")).raw.startswith("module")


def test_links_into_them_are_refused(project: Path) -> None:
    (project / "link.tf").symlink_to(project / DOWNLOADED)
    with pytest.raises(RefusedError, match="Terraform has downloaded it"):
        SourceFiles().of(str(project / "link.tf"))


def test_fixes_and_suppressions_are_shown_only(project: Path) -> None:
    session = session_of(project)
    findings = lint(session, [str(project)], "").result.findings
    there = [each for each in findings if DOWNLOADED in each.span.path]
    assert "MLS402" in {each.code for each in there}
    for fix in (*propose(there, choices_of(session)), *ignores("a lab")(there, choices_of(session), {})):
        assert (fix.safety, fix.edits) == ("shown", ())
    assert {"Terraform has downloaded it"} == {each.reason for each in propose(there, choices_of(session))}


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "--fix", "--unsafe-fixes"),
        ("check", "--add-ignores", "--reason", "a lab"),
        ("ignore", "--reason", "a lab"),
    ],
)
def test_commands_leave_them_alone(workspace: Workspace, project: Path, arguments: tuple[str, ...]) -> None:
    command, *options = arguments
    run = workspace.run(command, str(project), "--select", "MLS402", *options)
    assert (project / DOWNLOADED).read_text() == MODULE, run.err


def test_an_editor_offers_no_edits_of_them(project: Path) -> None:
    client = LanguageClient(folder=project)
    try:
        client.initialize(project)
        main, path = project / "main.tf", project / DOWNLOADED
        client.open(main)
        client.published(main, 1)
        client.open(path)
        found = client.published(path, 1)
        assert "MLS402" in {each.get("code") for each in found}
        whole = {"start": {"line": 0, "character": 0}, "end": {"line": 20, "character": 0}}
        for document in (main, path):
            requested = {
                "textDocument": {"uri": document.as_uri()},
                "range": whole,
                "context": {"diagnostics": []},
            }
            actions = client.request("textDocument/codeAction", requested)
            assert [each["title"] for each in actions if "edit" in each] == []
            assert not any(each["title"].startswith("Suppress") for each in actions if document == path)
    finally:
        client.end()
