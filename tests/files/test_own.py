"""The folder of one project among several that are looked through together."""

from pathlib import Path

import pytest

from mlwa_lint.files.own import own_root
from tests.support.files import write


@pytest.mark.parametrize(
    ("files", "own"),
    [
        (["one/README.md", "one/src/run.py"], "one"),
        (["one/.gitignore", "one/src/README.md", "one/src/run.py"], "one"),
        (["pool/one/LICENSE", "pool/one/src/run.py"], "pool/one"),
        (["README.md", "one/README.md", "one/src/run.py"], ""),
        (["one/src/run.py"], ""),
        (["one/src/readme_writer.txt", "one/src/run.py"], ""),
    ],
)
def test_the_uppermost_folder_that_looks_like_a_project(files: list[str], own: str, tmp_path: Path) -> None:
    write(tmp_path, **dict.fromkeys(files, "text"))
    run = next(each for each in files if each.endswith("run.py"))
    assert own_root(tmp_path, tmp_path / run) == tmp_path / own


def test_a_file_elsewhere_has_no_other_root(tmp_path: Path) -> None:
    assert own_root(tmp_path / "one", tmp_path / "two" / "run.py") == tmp_path / "one"
