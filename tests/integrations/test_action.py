"""The GitHub Action: its script, run as the runner would run it."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
TEMPLATE = "Resources:\n  N:\n    Type: AWS::SageMaker::NotebookInstance\n"


def _run(folder: Path, **inputs: str) -> "subprocess.CompletedProcess[str]":
    program = folder / "temp" / "mlwa-lint" / "bin" / "mlwa-lint"
    program.parent.mkdir(parents=True, exist_ok=True)
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m mlwa_lint "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    step = next(step for step in ACTION["runs"]["steps"] if step.get("id") == "lint")
    values = {name: spec["default"] for name, spec in ACTION["inputs"].items()} | {
        name.replace("_", "-"): value for name, value in inputs.items()
    }
    environment = {
        **os.environ,
        "RUNNER_TEMP": str(folder / "temp"),
        "GITHUB_OUTPUT": str(folder / "output.txt"),
        "GITHUB_STEP_SUMMARY": str(folder / "summary.md"),
    }
    for variable, expression in step["env"].items():
        name = expression.removeprefix("${{ inputs.").removesuffix(" }}")
        environment[variable] = values[name]
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "template.yaml").write_text(TEMPLATE, encoding="utf-8")
    return tmp_path


def test_findings_fail_the_step_annotate_and_summarise(folder: Path) -> None:
    done = _run(folder, select="MLS402", sarif="out.sarif")
    assert done.returncode == 1
    assert done.stdout.startswith("::warning file=template.yaml,line=2,")
    assert (folder / "output.txt").read_text(encoding="utf-8") == "exit-code=1\n"
    assert "**1 finding**" in (folder / "summary.md").read_text(encoding="utf-8")
    assert (folder / "out.sarif").exists()


def test_fail_on_and_ignore_are_passed_on(folder: Path) -> None:
    assert _run(folder, select="MLS402", fail_on="never").returncode == 0
    assert _run(folder, select="MLS4", ignore="MLS4").returncode == 0


def test_each_line_is_a_path_and_never_runs(folder: Path) -> None:
    (folder / "with space.yaml").write_text(TEMPLATE, encoding="utf-8")
    done = _run(folder, select="MLS402", paths="  template.yaml\n\nwith space.yaml\r\n")
    assert done.returncode == 1
    assert done.stdout.count("::warning file=") == 2
    done = _run(folder, select="MLS402", paths="$(touch owned)\n`touch owned`\n*\n-q")
    assert done.returncode == 2
    assert not (folder / "owned").exists()
    assert "touch" in done.stdout


def test_inputs_that_are_left_out_leave_the_decision_to_the_configuration(folder: Path) -> None:
    (folder / ".mlwa-lint.toml").write_text('fail-on = "never"\nselect = ["MLS402"]\n', encoding="utf-8")
    assert _run(folder).returncode == 0
    assert _run(folder, fail_on="low").returncode == 1


def test_a_working_directory_with_parameters_and_further_arguments(folder: Path) -> None:
    inner = folder / "infra files"
    inner.mkdir()
    (inner / "t.yaml").write_text(
        "Parameters: {Root: {Type: String}}\n"
        "Resources:\n  N:\n    Type: AWS::SageMaker::NotebookInstance\n"
        "    Properties: {RootAccess: !Ref Root}\n",
        encoding="utf-8",
    )
    (inner / "p q.json").write_text('{"Root": "Enabled"}', encoding="utf-8")
    done = _run(
        folder,
        working_directory="infra files",
        parameters="p q.json",
        args="--select\nMLS402\n--severity\nmedium",
        paths="t.yaml",
    )
    assert done.returncode == 1, done.stderr
    assert "file=t.yaml,line=5" in done.stdout


def test_a_review_goes_to_the_job_summary(folder: Path) -> None:
    done = _run(folder, mode="review", lens="machine-learning", fail_on="high-risk")
    assert done.returncode == 1, done.stderr
    assert done.stdout.startswith("Machine Learning Lens: 35 questions, 105 practices")
    summary = (folder / "summary.md").read_text(encoding="utf-8")
    assert summary.startswith("## Well-Architected review: Machine Learning Lens\n")
    assert "`template.yaml:2` medium [MLS402]" in summary
    assert (folder / "output.txt").read_text(encoding="utf-8") == "exit-code=1\n"
    (folder / "mine.yaml").write_text("version: 1\nanswer: {}\n", encoding="utf-8")
    assert _run(folder, mode="review", answers="mine.yaml").returncode == 2
    assert (folder / "summary.md").read_text(encoding="utf-8") == summary, "an old report is not shown again"


def _comment(folder: Path, known: str = "", code: int = 0) -> list[str]:
    """Runs the step that comments, with a `gh` that knows these comments; what it was called with."""
    programs = folder / "programs"
    programs.mkdir(exist_ok=True)
    calls = folder / "calls.txt"
    calls.unlink(missing_ok=True)
    gh = programs / "gh"
    gh.write_text(
        f"#!/bin/sh\necho \"$@\" >> '{calls}'\n"
        f"case \"$*\" in *--paginate*) printf '%s' '{known}';; esac\nexit {code}\n",
        encoding="utf-8",
    )
    gh.chmod(0o755)
    step = next(step for step in ACTION["runs"]["steps"] if step.get("id") == "comment")
    environment = {
        **os.environ,
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "RUNNER_TEMP": str(folder / "temp"),
        "GITHUB_REPOSITORY": "acme/models",
        "NUMBER": "7",
    }
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert ("::notice title=mlwa-lint::" in done.stdout) is (code != 0)
    return calls.read_text(encoding="utf-8").splitlines() if calls.exists() else []


def test_a_comment_is_written_once_and_then_kept_up_to_date(folder: Path) -> None:
    _run(folder, select="MLS402")
    assert _comment(folder) == [], "none was requested"
    assert _run(folder, select="MLS402", comment="true").returncode == 1
    path = folder / "temp" / "mlwa-lint-comment.md"
    assert path.read_text(encoding="utf-8").startswith("<!-- mlwa-lint: 1 -->\n## mlwa-lint\n")
    listed, created = _comment(folder)
    assert listed.startswith("api --paginate repos/acme/models/issues/7/comments --jq")
    assert created == f"api --silent --method POST repos/acme/models/issues/7/comments --field body=@{path}"
    _, updated = _comment(folder, known="31\n32\n")
    assert updated == f"api --silent --method PATCH repos/acme/models/issues/comments/31 --field body=@{path}"
    assert len(_comment(folder, code=1)) == 1, "a token that may not fails nothing"


def test_nothing_found_makes_no_new_comment_but_renews_an_old_one(folder: Path) -> None:
    assert _run(folder, select="MLS4", ignore="MLS4", comment="true").returncode == 0
    assert len(_comment(folder)) == 1, "it only looks for one"
    assert "--method PATCH" in _comment(folder, known="31")[1]


def test_a_mode_is_check_or_review(folder: Path) -> None:
    done = _run(folder, mode="$(touch owned)")
    assert done.returncode == 2
    assert done.stdout.startswith("::error title=mlwa-lint::mode is neither")
    assert not (folder / "owned").exists()


def test_every_input_is_described_and_only_used_through_the_environment() -> None:
    assert all(spec["description"] for spec in ACTION["inputs"].values())
    assert not any("${{" in step.get("run", "") for step in ACTION["runs"]["steps"])


def test_the_action_fits_githubs_schema() -> None:
    _validate("vendor.github-actions", ROOT / "action.yml")


def test_the_recipes_of_the_documentation_fit_their_schemas(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    recipes = re.findall(r"^```yaml\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    hooks, workflow, comment, review, gitlab = recipes
    path = tmp_path / "recipe.yml"
    path.write_text(f"on: push\n{workflow}", encoding="utf-8")
    _validate("vendor.github-workflows", path)
    path.write_text(gitlab, encoding="utf-8")
    _validate("vendor.gitlab-ci", path)
    offered = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    known = {hook["id"] for hook in offered}
    assert {hook["id"] for repo in yaml.safe_load(hooks)["repos"] for hook in repo["hooks"]} <= known
    steps = [yaml.safe_load(workflow)["jobs"]["lint"]["steps"][1], *yaml.safe_load(review)]
    path.write_text(f"on: pull_request\n{comment}", encoding="utf-8")
    _validate("vendor.github-workflows", path)
    steps.append(yaml.safe_load(comment)["jobs"]["lint"]["steps"][1])
    for step in steps:
        assert set(step["with"]) <= set(ACTION["inputs"])


def _validate(schema: str, path: Path) -> None:
    """check-jsonschema brings the schemas that GitHub and GitLab publish."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
