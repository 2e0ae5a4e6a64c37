"""How paths are shown, and how paths inside sources are kept inside the project."""

import os
from pathlib import Path

from mlwa_lint.files.reading import real_path


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
    """The real path when it lies below `root` also after following symlinks; None when it leaves it.

    None as well for what no path can be: with NUL, or with half a character.
    """
    try:
        real, real_root = real_path(path), real_path(root)
    except ValueError:
        return None
    return Path(real) if os.path.commonpath([real, real_root]) == real_root else None


def project_folder(path: Path) -> Path:
    """The folder of the project that a file or folder belongs to, where no configuration names one.

    That is the repository; without one the working folder, unless it is a home folder or does not
    contain the path; then the folder at hand.
    """
    real = Path(os.path.realpath(path))
    own = real if real.is_dir() else real.parent
    for folder in (own, *own.parents):
        if os.path.exists(folder / ".git"):  # noqa: PTH110 - unlike Path.exists, it never raises
            return folder
    here = Path(os.path.realpath("."))
    home = Path(os.path.realpath(Path.home()))
    return here if here in (own, *own.parents) and here not in (home, Path(here.anchor)) else own
