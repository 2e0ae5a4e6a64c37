"""The user's choice of the files that are linted: patterns to exclude, and who names the files."""

import os
from functools import cached_property
from typing import TYPE_CHECKING

from mlwa_lint.files.globs import spec_of
from mlwa_lint.startup.records import NamedTuple

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


class Patterns(NamedTuple):
    """Patterns as in `.gitignore`, and the folder that they start from."""

    folder: str
    patterns: tuple[str, ...]


class FileSelection:
    """Which files of those that are found are left out, and how files that are named are taken.

    from_hook: a commit hook names whatever has changed: files of other kinds are skipped.
    """

    def __init__(self, exclude: tuple[Patterns, ...] = (), from_hook: bool = False) -> None:
        self._exclude = exclude
        self.from_hook = from_hook

    def excludes(self, path: str, is_folder: bool) -> bool:
        """Whether a pattern excludes a file or folder, or a folder that contains it."""
        if not self._exclude:
            return False
        real = os.path.join(os.path.realpath(os.path.dirname(path) or "."), os.path.basename(path))
        for folder, spec in self._specs:
            relative = os.path.relpath(real, folder).replace(os.sep, "/")
            if not relative.startswith("../") and spec.match_file(relative + ("/" if is_folder else "")):
                return True
        return False

    def of_any_file(self) -> "FileSelection":
        """The same for files that are named without being meant: a hook's, the open ones of an editor."""
        return FileSelection(self._exclude, from_hook=True)

    @cached_property
    def _specs(self) -> "list[tuple[str, GitIgnoreSpec]]":
        return [(os.path.realpath(each.folder), spec_of(each.patterns)) for each in self._exclude]


EVERYTHING = FileSelection()
