"""How paths are shown, and how paths inside sources are kept inside the project."""

import os
from pathlib import Path


def shown(path: Path | str) -> str:
    """A path as reports print it: relative to the working folder, with forward slashes.

    On Windows a path on another drive has no relative form and stays as it is.
    """
    text = os.fspath(path)
    try:
        text = os.path.relpath(text) if Path(text).is_absolute() else os.path.normpath(text)
    except ValueError:
        text = os.path.normpath(text)
    return text.replace(os.sep, "/")


def inside(path: Path, root: Path) -> Path | None:
    """The real path when it lies below `root` also after following symlinks; None when it leaves it."""
    real, real_root = os.path.realpath(path), os.path.realpath(root)
    return Path(real) if os.path.commonpath([real, real_root]) == real_root else None
