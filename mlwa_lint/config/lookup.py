"""What the configuration says, for the run as a whole and for each path."""

import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from mlwa_lint.errors import UserError
from mlwa_lint.files.paths import shown
from mlwa_lint.frontends.options import Json
from mlwa_lint.model.findings import SEVERITIES, Severity
from mlwa_lint.startup.records import NamedTuple

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

FILE_NAME = ".mlwa-lint.toml"
PROJECT_FILE_NAME = "pyproject.toml"
Threshold: TypeAlias = Literal["high", "medium", "low", "info", "never"]
THRESHOLDS: tuple[Threshold, ...] = (*SEVERITIES, "never")


class Settings(NamedTuple):
    """What holds for one path.

    severity:   findings below it are not reported. fail_on: findings at or above it make exit code 1.
    severities: other severities than the rules' own, by selector.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severity: Severity = "info"
    fail_on: Threshold = "low"
    severities: Mapping[str, Severity] = {}
    required_tags: tuple[str, ...] = ()
    parameters: tuple[Path, ...] = ()
    var_files: tuple[Path, ...] = ()
    variables: Mapping[str, Json] = {}


class Override(NamedTuple):
    """What some paths have of their own; None where they keep what holds for all."""

    paths: tuple[str, ...]
    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()
    severity: Severity | None = None
    fail_on: Threshold | None = None
    severities: Mapping[str, Severity] = {}
    required_tags: tuple[str, ...] | None = None
    parameters: tuple[Path, ...] = ()
    var_files: tuple[Path, ...] = ()
    variables: Mapping[str, Json] = {}

    def applied_to(self, settings: Settings) -> Settings:
        """The settings with this override: choices replace, lists of exceptions and values add up."""
        return Settings(
            select=settings.select if self.select is None else self.select,
            ignore=(*settings.ignore, *self.ignore),
            severity=self.severity or settings.severity,
            fail_on=self.fail_on or settings.fail_on,
            severities={**settings.severities, **self.severities},
            required_tags=settings.required_tags if self.required_tags is None else self.required_tags,
            parameters=(*settings.parameters, *self.parameters),
            var_files=(*settings.var_files, *self.var_files),
            variables={**settings.variables, **self.variables},
        )


class Configuration(NamedTuple):
    """One configuration file, or the defaults where there is none.

    path:   the file, None for the defaults. folder: what its relative paths and patterns start from.
    rules, format, baseline, jobs, root and environment_variables hold for the run as a whole.
    """

    path: Path | None
    folder: Path
    settings: Settings = Settings()
    overrides: tuple[Override, ...] = ()
    rules: tuple[str, ...] = ()
    format: tuple[str, ...] = ()
    baseline: Path | None = None
    jobs: int | None = None
    root: Path | None = None
    environment_variables: bool = False

    def settings_for(self, path: str) -> Settings:
        """What holds for one file or folder: later overrides win over earlier ones."""
        settings = self.settings
        for override in self.overrides_for(path):
            settings = override.applied_to(settings)
        return settings

    def overrides_for(self, path: str) -> tuple[Override, ...]:
        """The overrides that apply to one file or folder."""
        if not self.overrides:
            return ()
        relative = os.path.relpath(Path(path).resolve(), self.folder).replace(os.sep, "/")
        return tuple(override for override in self.overrides if _matches(override.paths, relative, path))


def _matches(patterns: tuple[str, ...], relative: str, path: str) -> bool:
    if relative.startswith("../"):
        return False
    spec = _spec(patterns)
    if not Path(path).is_dir():
        return spec.match_file(relative)
    # A module is a folder; what is said about the files in it is meant for it as well.
    inside = "" if relative == "." else f"{relative}/"
    return spec.match_file(f"{inside}main.tf") or bool(inside and spec.match_file(inside))


@cache
def _spec(patterns: tuple[str, ...]) -> "GitIgnoreSpec":
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(patterns)


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
