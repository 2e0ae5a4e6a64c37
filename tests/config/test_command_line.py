"""Options of a command line, for servers that change the working folder."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from mlwa_lint.config.command_line import CommandLine
from mlwa_lint.mcp.workbench import Workbench

PROGRAM = """from sagemaker.estimator import Estimator

role, image = "arn:aws:iam::111122223333:role/a", "111122223333.dkr.ecr.eu-west-1.amazonaws.com/a:1"
Estimator(image, role, instance_count=1, instance_type="ml.m5.large").fit()
"""
DEFAULTS = """SchemaVersion: "1.0"
SageMaker:
  TrainingJob:
    EnableNetworkIsolation: true
"""


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path) -> Iterator[Path]:
    before = Path.cwd()
    os.chdir(tmp_path)
    yield tmp_path
    os.chdir(before)


def test_each_path_is_taken_from_where_the_command_was_given(elsewhere: Path) -> None:
    names = [name for name, kind in CommandLine.__annotations__.items() if "Path" in str(kind)]
    several = {name for name in names if "tuple" in str(CommandLine.__annotations__[name])}
    given = {name: (Path("a"),) if name in several else Path("a") for name in names}
    anchored = CommandLine(**given).anchored()  # type: ignore[arg-type]
    wanted = {name: (elsewhere / "a",) if name in several else elsewhere / "a" for name in names}
    assert {name: getattr(anchored, name) for name in names} == wanted


def test_a_file_of_defaults_beside_a_servers_root_is_read(elsewhere: Path) -> None:
    (elsewhere / "defaults.yaml").write_text(DEFAULTS, "utf-8")
    (elsewhere / "work").mkdir()
    (elsewhere / "work" / "train.py").write_text(PROGRAM, "utf-8")

    def reported(**options: Path) -> list[str]:
        command_line = CommandLine(select=("MLS205",), severity="info", **options).anchored()  # type: ignore[arg-type]
        linted = Workbench("work", command_line).lint_paths(["train.py"])
        os.chdir(elsewhere)
        return [each.code for each in linted.result.findings]

    assert reported() == ["MLS205"]
    assert reported(sagemaker_config=Path("defaults.yaml")) == []
