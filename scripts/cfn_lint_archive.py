"""Fetches cfn-lint's source archive, whose template fixtures are real input for the CloudFormation reader.

Nothing of it is kept in the repository: it is downloaded with pip, for the installed version, into a
cache folder outside of it (MLWA_LINT_CACHE, or else the user's).
"""

import os
import subprocess
import sys
import tarfile
from importlib.metadata import version
from pathlib import Path

TEMPLATES = Path("test") / "fixtures" / "templates"
ENDINGS = (".yaml", ".yml", ".json", ".template")


class UnavailableError(Exception):
    """The archive cannot be had here."""


def templates() -> list[Path]:
    """The archive's template fixtures, in a fixed order. Raises UnavailableError."""
    folder = _extracted() / TEMPLATES
    return sorted(path for path in folder.rglob("*") if path.suffix in ENDINGS and path.is_file())


def _extracted() -> Path:
    release = version("cfn-lint")
    base = os.environ.get("MLWA_LINT_CACHE") or os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    cache = Path(base) / "mlwa-lint-tests"
    target = cache / f"cfn_lint-{release}"
    if (target / TEMPLATES).is_dir():
        return target
    cache.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", "cfn-lint"]
    command += ["--dest", str(cache), f"cfn-lint=={release}"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UnavailableError(f"pip cannot fetch cfn-lint's archive: {error}") from error
    archive = next(iter(cache.glob(f"cfn[_-]lint-{release}.tar.gz")), None)
    if archive is None:
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise UnavailableError(f"pip cannot fetch cfn-lint's archive: {last}")
    with tarfile.open(archive) as file:
        file.extractall(cache, filter="data")
    return target
