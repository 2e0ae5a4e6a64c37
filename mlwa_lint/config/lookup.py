"""Finds the configuration that applies to a path: the nearest one upwards, read once."""

import os
from pathlib import Path

from mlwa_lint.config.settings import FILE_NAME, PROJECT_FILE_NAME, Configuration, Settings
from mlwa_lint.errors import UserError
from mlwa_lint.files.paths import shown


class Configurations:
    """The configurations of a run: the nearest one upwards of each path, read once."""

    def __init__(self, given: Path | None = None) -> None:
        self._given = _read(given) if given is not None else None
        self._by_folder: dict[Path, Configuration | None] = {}
        self._real_folders: dict[str, Path] = {}

    def of_run(self) -> Configuration:
        """The configuration of the run as a whole: the one given, or the working folder's."""
        return self._given or self._nearest(Path.cwd()) or Configuration(None, Path.cwd())

    def of(self, path: str) -> Configuration:
        """The configuration of one file or folder: the one given, or the nearest one upwards."""
        if self._given is not None:
            return self._given
        return self._nearest(self._folder_of(path)) or self.of_run()

    def _folder_of(self, path: str) -> Path:
        """The real folder of a path; that of many files of one folder is looked up once."""
        if os.path.isdir(path) or os.path.islink(path):  # noqa: PTH112, PTH114 - for each of many files
            real = Path(path).resolve()
            return real if real.is_dir() else real.parent
        folder = os.path.dirname(path)  # noqa: PTH120
        if folder not in self._real_folders:
            self._real_folders[folder] = Path(folder).resolve()
        return self._real_folders[folder]

    def settings_for(self, path: str) -> Settings:
        """What holds for one file or folder."""
        return self.of(path).settings_for(path)

    def seen(self) -> tuple[Configuration, ...]:
        """Every configuration file that was used so far."""
        found = {each.path: each for each in self._by_folder.values() if each is not None}
        return tuple(found.values())

    def _nearest(self, folder: Path) -> Configuration | None:
        if folder in self._by_folder:
            return self._by_folder[folder]
        here = _in_folder(folder)
        if here is None and folder.parent != folder:
            here = self._nearest(folder.parent)
        self._by_folder[folder] = here
        return here


def _in_folder(folder: Path) -> Configuration | None:
    for name in (FILE_NAME, PROJECT_FILE_NAME):
        path = folder / name
        if os.path.isfile(path):  # noqa: PTH113 - unlike Path.is_file, it takes a folder that may not be entered for none
            found = _read_if_ours(path)
            if found is not None:
                return found
    return None


def _read_if_ours(path: Path) -> Configuration | None:
    """A pyproject.toml without our table is none of ours, and is not even parsed."""
    if path.name == PROJECT_FILE_NAME:
        try:
            content = path.read_bytes()
        except OSError:
            return None
        if b"mlwa-lint" not in content:
            return None
    text = _text(path)
    from mlwa_lint.config.file import parse

    return parse(path, text)


def _read(path: Path) -> Configuration:
    from mlwa_lint.config.file import parse

    found = parse(path, _text(path))
    if found is None:
        raise UserError(f"{shown(path)}: has no [tool.mlwa-lint] table", "`mlwa-lint init` writes one")
    return found


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise UserError(f"{shown(path)}: is not UTF-8 text") from None
    except OSError as error:
        raise UserError(f"{shown(path)}: cannot be read: {error.strerror or error}") from None
