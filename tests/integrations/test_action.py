"""The GitHub Action: its script, run as the runner would run it."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ACTION: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parents[2] / "action.yml").read_text(encoding="utf-8")
)
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
    assert done.stdout.startswith("::error file=template.yaml,line=2,")
    assert (folder / "output.txt").read_text(encoding="utf-8") == "exit-code=1\n"
    assert "**1 finding**" in (folder / "summary.md").read_text(encoding="utf-8")
    assert (folder / "out.sarif").exists()


def test_fail_on_and_ignore_are_passed_on(folder: Path) -> None:
    assert _run(folder, select="MLS402", fail_on="never").returncode == 0
    assert _run(folder, select="MLS4", ignore="MLS4").returncode == 0


def test_several_paths_are_split_and_never_run(folder: Path) -> None:
    done = _run(folder, select="MLS402", paths="template.yaml\n$(touch owned) `touch owned` * -q")
    assert done.returncode == 2
    assert not (folder / "owned").exists()
    assert "touch" in done.stdout


def test_every_input_is_described_and_only_used_through_the_environment() -> None:
    assert all(spec["description"] for spec in ACTION["inputs"].values())
    assert not any("${{" in step.get("run", "") for step in ACTION["runs"]["steps"])
