"""How paths are shown, and how paths inside sources are kept inside the project."""

import os
from pathlib import Path


def shown(path: Path | str) -> str:
    """A path as reports print it: relative to the working folder where it is below it, forward slashes."""
    text = os.fspath(path)
    if Path(text).is_absolute():
        relative = os.path.relpath(text)
        text = text if relative.startswith("..") else relative
    else:
        text = os.path.normpath(text)
    return text.replace(os.sep, "/")


def inside(path: Path, root: Path) -> Path | None:
    """The real path when it lies below `root` also after following symlinks; None when it leaves it."""
    real, real_root = os.path.realpath(path), os.path.realpath(root)
    return Path(real) if os.path.commonpath([real, real_root]) == real_root else None
