"""The documentation site builds without a warning."""

import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.skipif(find_spec("material") is None, reason="needs mkdocs-material (extra docs)")
def test_the_site_builds_strictly(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    shutil.copy(ROOT / "mkdocs.yml", tmp_path / "mkdocs.yml")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for page in (tmp_path / "site").rglob("*.html"):
        assert "```" not in page.read_text(encoding="utf-8"), f"{page}: shows a code fence as text"
    home = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    assert "<title>mlwa-lint</title>" in home
    assert "fonts.googleapis.com" not in home
