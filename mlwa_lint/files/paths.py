"""How paths are shown, and how paths inside sources are kept inside the project."""

import os
from pathlib import Path

from mlwa_lint.files.reading import is_path, real_path


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

    None as well for what cannot be a path: with a NUL, with half of a surrogate pair.
    """
    if not is_path(path):
        return None
    real, real_root = real_path(path), real_path(root)
    return Path(real) if os.path.commonpath([real, real_root]) == real_root else None


class Folders:
    """Real paths of folders, and their repositories, each found from the folder above it.

    Asked about a thousand nested folders, the system would walk from the root down to each of them.
    """

    def __init__(self) -> None:
        self._real: dict[str, str] = {}
        self._repositories: dict[str, str | None] = {}

    def real(self, folder: str) -> str:
        """The path of a folder with all links followed."""
        passed = []
        at = folder
        while at not in self._real:
            above, name = os.path.split(at)
            if not above or not name or name in (".", "..") or os.path.islink(at):
                self._real[at] = os.path.realpath(at)
                break
            passed.append((at, above, name))
            at = above
        for at, above, name in reversed(passed):
            self._real[at] = os.path.join(self._real[above], name)
        return self._real[folder]

    def project(self, folder: str) -> Path:
        """The folder of the project that a folder belongs to, where no configuration names one.

        That is the repository; without one the working folder, unless it is a home folder or does not
        contain the path; then the folder at hand.
        """
        real = self.real(folder)
        repository = self._repository(real)
        if repository is not None:
            return Path(repository)
        here = self.real(os.getcwd())
        home = os.path.realpath(Path.home())
        contains = real == here or real.startswith(here.rstrip(os.sep) + os.sep)
        top = os.path.splitdrive(here)[1] in ("/", os.sep)
        return Path(here if contains and here != home and not top else real)

    def _repository(self, real: str) -> str | None:
        passed = []
        at, found = real, None
        while at not in self._repositories:
            passed.append(at)
            above = os.path.dirname(at)
            if os.path.exists(os.path.join(at, ".git")):
                found = at
                break
            if above == at:
                break
            at = above
        else:
            found = self._repositories[at]
        self._repositories.update(dict.fromkeys(passed, found))
        return found
