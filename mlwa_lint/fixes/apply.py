"""Writes new texts in place of files: completely or not at all, and never over a later change."""

import os
import stat
from collections.abc import Mapping
from pathlib import Path

from mlwa_lint.discovery.gitignore import IgnoreFiles
from mlwa_lint.files.paths import inside
from mlwa_lint.startup.records import NamedTuple


class Unwritten(NamedTuple):
    """A file that was left as it is, and why."""

    path: str
    reason: str


def write(
    texts: Mapping[str, str], old: Mapping[str, str], roots: Mapping[str, Path]
) -> tuple[Unwritten, ...]:
    """Writes every text that may be written.

    old:   what the texts were made of: a file that holds anything else by now is left alone.
    roots: the folder that each file has to lie in, also when links are followed.
    """
    left = []
    for path, text in texts.items():
        reason = _obstacle(path, old[path], roots[path])
        if not reason:
            try:
                _replace(Path(os.path.realpath(path)), text.encode("utf-8"))
            except OSError as error:
                reason = error.strerror or str(error)
        if reason:
            left.append(Unwritten(path, reason))
    return tuple(left)


def _obstacle(path: str, old: str, root: Path) -> str:
    """Why a file must not be written, as a phrase; empty where it may be."""
    real = inside(Path(path), root)
    if real is None:
        return "it is outside the project"
    try:
        status = real.stat()
        if not stat.S_ISREG(status.st_mode):
            return "it is not a regular file"
        if not status.st_mode & 0o222 or not os.access(real, os.W_OK):
            return "it is read-only"
        if real.read_bytes() != old.encode("utf-8"):
            return "it has changed since it was read"
    except OSError as error:
        return error.strerror or str(error)
    return "git ignores it" if _is_ignored(real) else ""


def _is_ignored(path: Path) -> bool:
    """Whether git ignores the file, or a folder that contains it."""
    ignored = IgnoreFiles()
    folders = [path.parent]
    while not (folders[-1] / ".git").exists():
        if folders[-1].parent == folders[-1]:
            return False  # not in a repository
        folders.append(folders[-1].parent)
    above = ""
    for folder in reversed(folders):
        ignored.enter(str(folder), above)
        below = path.relative_to(folder).parts
        if ignored.covers(str(folder), below[0], len(below) > 1):
            return True
        above = str(folder)
    return False


def _replace(path: Path, data: bytes) -> None:
    """Puts a new file in place of another, with its mode."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with beside.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.chmod(stat.S_IMODE(path.stat().st_mode))
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
