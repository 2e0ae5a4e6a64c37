"""What `terraform fmt` was content with before, it is content with after; so is the grammar of HCL."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support import rule_examples as harness
from tests.support.fixing import alone, fixed, write

TERRAFORM = shutil.which("terraform")
EXAMPLES = [each for each in harness.examples() if each.kind == "fail" and each.path.suffix == ".tf"]


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
def test_fmt_stays_content(tmp_path: Path) -> None:
    folders = {}
    for number, example in enumerate(EXAMPLES):
        folders[str(number)] = alone(example.path, tmp_path / str(number))
    before = untidy(tmp_path)
    changed = set()
    for name, folder in folders.items():
        settled = fixed(folder, EXAMPLES[int(name)].code).settled
        write(settled)
        changed |= {str(Path(path).resolve().relative_to(tmp_path)) for path in settled.texts}
    assert len(changed) > 100
    assert untidy(tmp_path) & changed <= before
