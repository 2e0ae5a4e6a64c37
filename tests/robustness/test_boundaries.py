"""Nothing outside of the project is read, also not through links, and nothing is written but the outputs."""

import os
from pathlib import Path

import pytest

from tests.support.hostile import BUCKET, check, nesting, write
from tests.support.workspace import Workspace

SECRET = "LEAKED"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    outside = tmp_path / "outside"
    write(outside / "s.yaml", BUCKET.replace("B:", f"{SECRET}:"))
    write(outside / "main.tf", f'resource "aws_s3_bucket" "{SECRET}" {{}}\n')
    write(outside / "secret.txt", SECRET)
    write(outside / "state.json", '{"StartAt": "LEAKED", "States": {}}')
    root = tmp_path / "root"
    root.joinpath(".git").mkdir(parents=True)
    if os.name != "nt":
        root.joinpath("link.yaml").symlink_to(outside / "s.yaml")
        root.joinpath("link.txt").symlink_to(outside / "secret.txt")
        root.joinpath("folder").symlink_to(outside)
    return root


@pytest.fixture
def linter(project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Workspace:
    """The command line in the project's folder."""
    monkeypatch.chdir(project)
    return Workspace(project, capsys)


def everything(linter: Workspace, path: str) -> str:
    options = ("--format", "json", "--show-undecided", "--show-suppressed", "--no-cache")
    runs = linter.run("check", path, *options), linter.run("graph", "--format", "json", path)
    for run in runs:
        assert "internal error" not in run.err
    return "".join(run.out + run.err for run in runs)


@pytest.mark.parametrize(
    "place",
    [
        "../outside/s.yaml",
        "{outside}/s.yaml",
        "link.yaml",
        "folder/s.yaml",
        "file://{outside}/s.yaml",
        "./x/../../outside/s.yaml",
        "~/s.yaml",
    ],
)
def test_nested_templates_stay_in_the_project(project: Path, linter: Workspace, place: str) -> None:
    place = place.format(outside=project.parent / "outside")
    write(project / "t.yaml", nesting(place))
    assert SECRET not in everything(linter, "t.yaml")
    assert SECRET not in everything(linter, ".")


@pytest.mark.parametrize("place", ["../../outside", "{outside}", "../folder", "../link.txt"])
def test_modules_stay_in_the_project(project: Path, linter: Workspace, place: str) -> None:
    place = place.format(outside=project.parent / "outside")
    write(project / "m" / "main.tf", f'module "m" {{\n  source = "{place}"\n}}\n')
    assert SECRET not in everything(linter, "m")


@pytest.mark.parametrize(
    "path", ["../../outside/secret.txt", "{outside}/secret.txt", "../link.txt", "../folder/secret.txt"]
)
@pytest.mark.parametrize(
    "call",
    [
        'file("{path}")',
        'templatefile("{path}", {{}})',
        'base64decode(filebase64("{path}"))',
        'jsonencode(file("{path}"))',
    ],
)
def test_functions_stay_in_the_project(project: Path, linter: Workspace, call: str, path: str) -> None:
    path = path.format(outside=project.parent / "outside")
    text = f'resource "aws_sagemaker_model" "m" {{\n  name = {call.format(path=path)}\n}}\n'
    write(project / "m" / "main.tf", text)
    assert SECRET not in everything(linter, "m")


@pytest.mark.parametrize("folder", ["../../outside", "{outside}", "../folder", ".."])
def test_lists_of_files_stay_in_the_project(project: Path, linter: Workspace, folder: str) -> None:
    folder = folder.format(outside=project.parent / "outside")
    text = f'resource "aws_s3_bucket" "b" {{\n  for_each = fileset("{folder}", "**")\n}}\n'
    write(project / "m" / "main.tf", text)
    assert "secret.txt" not in everything(linter, "m").replace("link.txt", "")


@pytest.mark.parametrize("place", ["../outside/state.json", "folder/state.json", "{outside}/state.json"])
def test_definitions_stay_in_the_project(project: Path, linter: Workspace, place: str) -> None:
    place = place.format(outside=project.parent / "outside")
    text = "Resources:\n  S:\n    Type: AWS::StepFunctions::StateMachine\n    Properties:\n"
    write(project / "t.yaml", f"{text}      DefinitionUri: {place}\n      DefinitionString: {place}\n")
    assert SECRET not in everything(linter, "t.yaml")


def test_nothing_is_written_beside_the_outputs(project: Path) -> None:
    write(project / "t.yaml", BUCKET)
    write(project / "m" / "main.tf", 'resource "aws_s3_bucket" "b" {}\n')
    before = sorted(project.rglob("*"))
    check(project, ".")
    check(project, ".", "--format", "sarif:../out.sarif")
    assert sorted(project.rglob("*")) == before
    assert project.parent.joinpath("out.sarif").exists()
