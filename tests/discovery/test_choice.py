"""Which files are linted: what is excluded, what hooks name, what is named twice, what has changed."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.support.workspace import TEMPLATE, Workspace


def _paths(workspace: Workspace, *arguments: str) -> list[str]:
    report = json.loads(workspace.check("--format", "json", *arguments).out)
    return sorted({finding["path"] for finding in report["findings"]})


def test_patterns_leave_files_and_folders_out(workspace: Workspace) -> None:
    for path in ("a/t.yaml", "a/old/t.yaml", "b/t.yaml"):
        workspace.write(path, TEMPLATE)
    assert _paths(workspace, "--exclude", "old/", "--exclude", "/b") == ["a/t.yaml", "template.yaml"]
    workspace.write(".mlwa-lint.toml", 'exclude = ["a/**"]')
    assert _paths(workspace) == ["b/t.yaml", "template.yaml"]
    assert _paths(workspace, "a/t.yaml") == ["a/t.yaml"], "what the user names is meant"


def test_patterns_of_the_configuration_start_from_its_folder(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace.write(".mlwa-lint.toml", 'exclude = ["/a/t.yaml"]')
    workspace.write("a/t.yaml", TEMPLATE)
    workspace.write("a/a/t.yaml", TEMPLATE)
    monkeypatch.chdir(workspace.folder / "a")
    found = json.loads(workspace.run("check", "--rules", "../my_rules.py", "--format", "json").out)
    assert {finding["path"] for finding in found["findings"]} == {"a/t.yaml"}


def test_what_a_hook_names_is_passed_over_where_it_is_nothing_of_ours(workspace: Workspace) -> None:
    others = {
        "tsconfig.json": '{\n  // compiler\n  "strict": true,\n}\n',
        "lines.json": '{"a": 1}\n{"b": 2}\n',
        "tab.yaml": "\t- tab\n",
        "twice.yaml": "a: 1\na: 2\n",
        "values.yaml": "image: {{ .Values.image }}\n",
        "empty.yaml": "",
        "notes.txt": "text\n",
    }
    for path, text in others.items():
        workspace.write(path, text)
    run = workspace.check("--from-hook", "--format", "json", *others)
    report = json.loads(run.out)
    assert (run.code, report["errors"], report["findings"]) == (0, [], [])
    assert {notice["path"] for notice in report["notices"]} == set(others)
    assert workspace.check("tsconfig.json").code == 2, "a file that the user names is meant"
    run = workspace.check("--from-hook", "--format", "json", "template.yaml", *others)
    assert (run.code, len(json.loads(run.out)["findings"])) == (1, 2)


def test_a_broken_template_that_a_hook_names_is_an_error(workspace: Workspace) -> None:
    workspace.write("broken.yaml", "AWSTemplateFormatVersion: '2010-09-09'\nResources:\n  A: [\n")
    assert workspace.check("--from-hook", "broken.yaml").code == 2


def test_exclusions_hold_for_what_a_hook_names(workspace: Workspace) -> None:
    workspace.write("old/t.yaml", TEMPLATE)
    assert workspace.check("--from-hook", "--exclude", "old/", "old/t.yaml").code == 0
    assert workspace.check("--exclude", "old/", "old/t.yaml").code == 1


def test_what_is_named_twice_is_linted_once(workspace: Workspace) -> None:
    (workspace.folder / "link.yaml").symlink_to("template.yaml")
    once = json.loads(workspace.check("--format", "json", "template.yaml").out)
    names = ("template.yaml", "./template.yaml", str(workspace.folder / "template.yaml"), "link.yaml", ".")
    again = json.loads(workspace.check("--format", "json", *names).out)
    assert again["findings"] == once["findings"]
    assert again["summary"] == once["summary"]


def _files(workspace: Workspace, *arguments: str) -> Any:
    return json.loads(workspace.run("files", "--format", "json", *arguments).out)


def test_files_lists_what_would_be_linted_and_what_not(workspace: Workspace) -> None:
    workspace.write(".gitignore", "ignored.yaml\n")
    for path in ("ignored.yaml", "old/t.yaml"):
        workspace.write(path, TEMPLATE)
    workspace.write("infra/main.tf", 'module "m" {\n  source = "./m"\n}\n')
    workspace.write("infra/m/main.tf", "")
    workspace.write("values.yaml", "a: 1\n")
    found = _files(workspace, "--exclude", "old/")
    assert [(each["path"], each["kind"], each["child"]) for each in found["targets"]] == [
        ("infra", "terraform", False),
        ("template.yaml", "cloudformation", False),
        ("infra/m", "terraform", True),
    ]
    assert [(each["path"], each["reason"]) for each in found["passed"]] == [
        ("ignored.yaml", "a .gitignore file names it"),
        ("old", "it is excluded"),
        ("values.yaml", "is not a CloudFormation template and not a Terraform plan"),
    ]
    text = workspace.run("files", "--exclude", "old/").out
    assert "template.yaml: CloudFormation template\n" in text
    assert "infra/m: Terraform module, linted through the modules that call it\n" in text
    assert "old: not linted, it is excluded\n" in text


def _git(folder: Path, *arguments: str) -> None:
    subprocess.run(
        ["git", "-c", "user.name=a", "-c", "user.email=a@example.com", *arguments],
        cwd=folder,
        check=True,
        capture_output=True,
    )


@pytest.fixture
def repository(workspace: Workspace) -> Workspace:
    module = 'resource "aws_sagemaker_endpoint_configuration" "c" {\n  tags = { a = "b" }\n}\n'
    workspace.write("m/main.tf", module)
    workspace.write("user/main.tf", 'module "m" {\n  source = "../m"\n}\n')
    workspace.write("other/main.tf", f"{module}# Another module.\n")
    workspace.write("other/more.tf", "")
    _git(workspace.folder, "init", "-q", "-b", "main")
    _git(workspace.folder, "add", "-A")
    _git(workspace.folder, "commit", "-q", "-m", "first")
    return workspace


def test_only_what_has_changed_is_reported_with_what_depends_on_it(repository: Workspace) -> None:
    assert _paths(repository) == ["m/main.tf", "other/main.tf", "template.yaml"]
    assert _paths(repository, "--since", "HEAD") == []
    stated = "nothing to lint: nothing depends on a file that has changed since HEAD"
    assert stated in repository.check("--since", "HEAD").err
    text = (repository.folder / "m/main.tf").read_text(encoding="utf-8")
    repository.write("m/main.tf", f"# changed\n{text}")
    assert _paths(repository, "--since", "HEAD") == ["m/main.tf"]
    repository.write("new.yaml", TEMPLATE)
    assert _paths(repository, "--since", "main") == ["m/main.tf", "new.yaml"]


def test_a_file_that_is_gone_is_a_change_of_its_module(repository: Workspace) -> None:
    (repository.folder / "other/more.tf").unlink()
    assert _paths(repository, "--since", "HEAD") == ["other/main.tf"]


def test_a_change_on_the_other_branch_is_none_of_ours(repository: Workspace) -> None:
    _git(repository.folder, "checkout", "-q", "-b", "work")
    _git(repository.folder, "checkout", "-q", "main")
    repository.write("template.yaml", f"# changed\n{TEMPLATE}")
    _git(repository.folder, "commit", "-q", "-am", "on main")
    _git(repository.folder, "checkout", "-q", "work")
    assert _paths(repository, "--since", "main") == []


@pytest.mark.parametrize(
    ("reference", "stated"), [("nowhere", "no such commit"), ("--output=x", "not a commit")]
)
def test_what_is_no_commit_is_refused(repository: Workspace, reference: str, stated: str) -> None:
    run = repository.check(f"--since={reference}")
    assert (run.code, stated in run.err) == (2, True), run.err


def test_without_a_repository_there_is_nothing_to_compare(workspace: Workspace) -> None:
    run = workspace.check("--since", "HEAD")
    assert run.code == 2
    assert "--since HEAD: not a git repository" in run.err
