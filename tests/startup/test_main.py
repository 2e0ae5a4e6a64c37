"""`python -m mlwa_lint` in a folder whose modules are named like those that the program imports."""

import subprocess
import sys
from pathlib import Path

import pytest

TEMPLATE = "Resources:\n  Bucket:\n    Type: AWS::S3::Bucket\n"


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_modules_of_the_linted_folder_are_not_imported(tmp_path: Path, jobs: str) -> None:
    for name in ("json", "yaml", "pathlib", "click", "gc", "atexit", "multiprocessing", "mlwa_rules"):
        tmp_path.joinpath(f"{name}.py").write_text(
            f"open('imported', 'w').write({name!r})\nraise SystemExit(7)\n", encoding="utf-8"
        )
    for name in ("a", "b"):
        tmp_path.joinpath(f"{name}.yaml").write_text(TEMPLATE, encoding="utf-8")
    command = [sys.executable, "-m", "mlwa_lint", "check", "--no-cache", "--jobs", jobs, "--format", "json"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert not tmp_path.joinpath("imported").exists()
    assert done.returncode in (0, 1), done.stderr
    assert done.stdout.startswith("{")
