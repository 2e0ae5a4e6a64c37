"""Finds the configuration that applies to a path: the nearest one, searching upwards, read once."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from mlwa_lint.config.settings import FILE_NAME, PROJECT_FILE_NAME, Configuration, Settings
from mlwa_lint.errors import UserError
from mlwa_lint.files.paths import Folders, shown
from mlwa_lint.files.reading import TooLargeError, read_bytes, read_text

# No configuration that people write comes near it.
SIZE_LIMIT = 1_000_000
# What is left of a configuration of another author.
Admit: TypeAlias = Callable[[Configuration], Configuration]
Read: TypeAlias = Callable[[Path], str]


def text_of(path: Path) -> str:
    """The text of a configuration file. Raises UserError."""
    try:
        return read_text(path, SIZE_LIMIT)
    except UnicodeDecodeError:
        raise UserError(f"{shown(path)}: is not UTF-8 text") from None
    except TooLargeError:
        raise UserError(f"{shown(path)}: is larger than {SIZE_LIMIT // 1_000_000} MB") from None
    except OSError as error:
        raise UserError(f"{shown(path)}: cannot be read: {error.strerror or error}") from None


class Configurations:
    """The configurations of a run: the nearest one upwards of each path, read once."""

    def __init__(
        self,
        given: Path | Configuration | None = None,
        top: Path | None = None,
        admit: Admit = lambda found: found,
        read: Read = text_of,
    ) -> None:
        """given: replaces all others. top: a real path; what is above it does not count.

        admit: called with each configuration that is found, and with the defaults; what it returns holds.
        read:  gives the text of a file; raises UserError for one that is not to be read.
        """
        self._given = _read(given) if isinstance(given, Path) else given
        self._top = None if top is None else os.fspath(top)
        self._admit = admit
        self._read = read
        self._default = admit(Configuration(None, Path.cwd()))
        self._by_folder: dict[str, Configuration | None] = {}
        self.folders = Folders()

    def of_run(self) -> Configuration:
        """The configuration of the run as a whole: the one given, or the working folder's."""
        return self._given or self._nearest(os.getcwd()) or self._default

    def of(self, path: str) -> Configuration:
        """The configuration of one file or folder: the one given, or the nearest one upwards."""
        if self._given is not None:
            return self._given
        return self._nearest(self._folder_of(path)) or self.of_run()

    def _folder_of(self, path: str) -> str:
        """The real folder of a path; that of many files of one folder is looked up once."""
        if os.path.isdir(path):
            return self.folders.real(path)
        if os.path.islink(path):
            return os.path.dirname(os.path.realpath(path))
        return self.folders.real(os.path.dirname(path) or ".")

    def settings_for(self, path: str) -> Settings:
        """What holds for one file or folder."""
        return self.of(path).settings_for(path)

    def seen(self) -> tuple[Configuration, ...]:
        """Every configuration file that was used so far."""
        found = {each.path: each for each in self._by_folder.values() if each is not None}
        return tuple(found.values())

    def _nearest(self, folder: str) -> Configuration | None:
        passed = []
        here = None
        at = folder
        while at not in self._by_folder:
            passed.append(at)
            here = _in_folder(at, self._read)
            above = os.path.dirname(at)
            if here is not None:
                here = self._admit(here)
                break
            if above == at or at == self._top:
                break
            at = above
        else:
            here = self._by_folder[at]
        self._by_folder.update(dict.fromkeys(passed, here))
        return here


def _in_folder(folder: str, read: Read) -> Configuration | None:
    for name in (FILE_NAME, PROJECT_FILE_NAME):
        path = os.path.join(folder, name)
        if os.path.isfile(path):
            found = _read_if_ours(Path(path), read)
            if found is not None:
                return found
    return None


def _read_if_ours(path: Path, read: Read) -> Configuration | None:
    """A pyproject.toml without our table is ignored, and not even parsed."""
    if path.name == PROJECT_FILE_NAME:
        try:
            content = read_bytes(path, SIZE_LIMIT)
        except OSError:
            return None
        if b"mlwa-lint" not in content:
            return None
    text = read(path)
    from mlwa_lint.config.file import parse

    return parse(path, text, read)


def _read(path: Path) -> Configuration:
    from mlwa_lint.config.file import parse

    found = parse(path, text_of(path), text_of)
    if found is None:
        raise UserError(f"{shown(path)}: has no [tool.mlwa-lint] table", "`mlwa-lint init` writes one")
    return found
