"""How paths are shown, and how paths inside sources are kept inside the project."""

import os
from collections.abc import Iterable
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
    """The real path when it is below `root` also after following symlinks; None when it leaves it.

    None as well for what cannot be a path: with a NUL, with half of a surrogate pair.
    """
    if not is_path(path):
        return None
    real, real_root = real_path(path), real_path(root)
    return Path(real) if os.path.commonpath([real, real_root]) == real_root else None


def without_links(path: str) -> str:
    """A path that a user names, without links to folders in it: what lies there has one name then.

    What is found from another file, such as a nested template, has its real path.
    """
    folder, name = (path, "") if os.path.isdir(path) else os.path.split(path)
    real = os.path.realpath(folder or ".")
    if real == os.path.abspath(folder or "."):
        return path
    here = os.getcwd()
    return os.path.join(os.path.relpath(real, here) if _contains(here, real) else real, name).rstrip(os.sep)


def _contains(folder: str, path: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def _is_no_project(folder: str) -> bool:
    """Whether a folder holds what belongs to no project: a home folder, the top of a file system."""
    return folder == os.path.realpath(Path.home()) or os.path.splitdrive(folder)[1] in ("/", os.sep)


class Folders:
    """Real paths of folders, and their repositories, each found from the folder above it.

    For a thousand nested folders, the system would walk from the root down to each of them.
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

    def project(self, folder: str, named: Iterable[str] = (), configured: Path | None = None) -> Path:
        """The folder of the project that a folder belongs to, where no configuration states one.

        That is the repository; without one the widest of the working folder and the folders that the user
        names, of those that contain it; then the folder of its configuration file; then the folder at hand.
        A home folder and the top of a file system are not projects.

        named: paths of the command line, of which files do not count. configured: where the nearest
        configuration file is.
        """
        real = self.real(folder)
        repository = self.repository(real)
        if repository is not None:
            return Path(repository)
        meant = [self.real(path) for path in (os.getcwd(), *named) if os.path.isdir(path)]
        further = [] if configured is None else [os.path.realpath(configured)]
        for wide in (meant, further):
            around = [each for each in wide if _contains(each, real) and not _is_no_project(each)]
            if around:
                return Path(min(around, key=len))
        return Path(real)

    def repository(self, real: str) -> str | None:
        """The folder of the repository that a folder, by its real path, is in; None outside of any."""
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


# What ends the names of most Terraform states, and distinguishes none.
_COMMON_ENDS = frozenset({"terraform.tfstate", "state.tfstate", ""})


def distinctive_end(end: str) -> str:
    """The end of a state's name, `/network/terraform.tfstate`, where it distinguishes one; or nothing."""
    return end if end.startswith("/") and end.strip("/") not in _COMMON_ENDS else ""
