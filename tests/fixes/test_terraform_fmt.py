"""What `terraform fmt` was content with before, it is content with after; so is the grammar of HCL."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.fixing import FixedTwice

TERRAFORM = shutil.which("terraform")


def untidy(folder: Path) -> set[str]:
    """The files below a folder that `terraform fmt` would change. Raises CalledProcessError for no HCL."""
    assert TERRAFORM is not None
    done = subprocess.run(
        [TERRAFORM, "fmt", "-check", "-recursive", "-list=true", "."],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode in (0, 3), done.stderr
    return set(done.stdout.split())


@pytest.mark.skipif(TERRAFORM is None, reason="needs terraform")
def test_fmt_stays_content(fixed_examples: tuple[FixedTwice, ...], tmp_path: Path) -> None:
    number = 0
    for look in fixed_examples:
        for path, text in look.first.settled.texts.items():
            if path.endswith(".tf"):
                for folder, content in (("before", look.first.settled.old[path]), ("after", text)):
                    place = tmp_path / folder / f"{number}.tf"
                    place.parent.mkdir(exist_ok=True)
                    place.write_bytes(content.encode("utf-8"))
                number += 1
    assert number > 100
    assert untidy(tmp_path / "after") <= untidy(tmp_path / "before")
