"""Reads a configuration file; unknown keys and values are errors."""

import re
import tomllib
from collections.abc import Callable, Mapping
from datetime import date, time
from pathlib import Path
from typing import Any, NoReturn, TypeAlias

from mlwa_lint.config.settings import FIX_KEYS, PROJECT_FILE_NAME, THRESHOLDS, Configuration, Override
from mlwa_lint.errors import UserError, nearest
from mlwa_lint.files.paths import shown
from mlwa_lint.files.toml import loads
from mlwa_lint.model.findings import SCOPES, SEVERITIES
from mlwa_lint.model.secrets import STARS, names_secret

# How many files may extend one another, and what is extended of a package that is named alone.
EXTEND_LIMIT = 10
PACKAGE_FILE = "mlwa-lint.toml"
SettingReader: TypeAlias = Callable[["_Table", str, Any], Any]


def parse(
    path: Path, text: str, read: Callable[[Path], str], chain: tuple[Path, ...] = ()
) -> Configuration | None:
    """The configuration in a file; None for a pyproject.toml without our table. Raises UserError.

    read:  gives the text of a file that this one extends. chain: the files that extend this one.
    """
    try:
        document = loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UserError(f"{shown(path)}: not valid TOML: {error}") from None
    if path.name == PROJECT_FILE_NAME:
        tools = document.get("tool", {})
        content = tools.get("mlwa-lint") if isinstance(tools, dict) else None
        if content is None:
            return None
    else:
        content = document
    if not isinstance(content, dict):
        raise UserError(f"{shown(path)}: tool.mlwa-lint must be a table")
    table = _Table(path, text)
    stated = content.get("extend")
    base = Configuration(None, table.folder)
    if stated is not None:
        base = _extended(table, stated, read, (*chain, path.resolve()))
    return table.configuration({key: value for key, value in content.items() if key != "extend"}, base)


class _Table:
    """Takes a table apart, and knows its place, so that errors name a line."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.folder = path.resolve().parent
        self._lines = text.splitlines()

    def configuration(self, content: Mapping[str, Any], base: Configuration) -> Configuration:
        """The whole file, on top of what it extends: choices replace, exceptions and values add up."""
        known = {**_SETTINGS, **_RUN, "overrides": _overrides}
        read = self.read(content, known)
        overrides = (*base.overrides, *read.pop("overrides", ()))
        run = {key: read.pop(key) for key in list(read) if key in _RUN_FIELDS}
        for key in _ADDED_UP & run.keys():
            run[key] = tuple(dict.fromkeys((*getattr(base, key), *run[key])))
        settings = Override(("**",), **read).applied_to(base.settings)
        layers = (*base.layers, (self.path, settings))
        stated = base._replace(path=self.path, folder=self.folder, settings=settings, overrides=overrides)
        return stated._replace(layers=layers, **run)

    def read(self, content: Mapping[str, Any], known: Mapping[str, SettingReader]) -> dict[str, Any]:
        """Every key of a table by the name that the program has for it."""
        found: dict[str, Any] = {}
        for key, value in content.items():
            if key not in known:
                hint = nearest(key, list(known)) or f"known keys: {', '.join(known)}"
                raise UserError(f"{self.place(key)}: unknown key {key!r}", hint)
            found[_FIELDS.get(key, key.replace("-", "_"))] = known[key](self, key, value)
        return found

    def place(self, key: str) -> str:
        """`file:line` of a key; without a line where that is not known."""
        pattern = re.compile(rf"""^\s*(\[+\s*)?([\w.-]+\.)?["']?{re.escape(key)}["']?\s*[]=.]""")
        lines = (number for number, line in enumerate(self._lines, start=1) if pattern.search(line))
        line = next(lines, None)
        return shown(self.path) if line is None else f"{shown(self.path)}:{line}"

    def refuse(self, key: str, wanted: str, value: object) -> NoReturn:
        """Describes what a key should have been."""
        shown_value = STARS if key == "vars" or names_secret(key) else repr(value)
        raise UserError(f"{self.place(key)}: {key} must be {wanted}, not {shown_value}")


def _extended(
    table: _Table, stated: object, read: Callable[[Path], str], chain: tuple[Path, ...]
) -> Configuration:
    """The content of the file that `extend` names: a path, or a package and its file."""
    if not isinstance(stated, str) or not stated:
        table.refuse("extend", "a path, or the name of an installed package", stated)
    path = _file_named(table, stated)
    if path.resolve() in chain:
        raise UserError(f"{table.place('extend')}: {stated} extends itself")
    if len(chain) > EXTEND_LIMIT:
        raise UserError(f"{table.place('extend')}: more than {EXTEND_LIMIT} files extend one another")
    if not path.is_file():
        raise UserError(f"{table.place('extend')}: {stated}: no such file")
    found = parse(path, read(path), read, chain)
    if found is None:
        raise UserError(f"{table.place('extend')}: {stated} has no [tool.mlwa-lint] table")
    return found


def _file_named(table: _Table, stated: str) -> Path:
    """The file that is extended; a package is looked up and not imported."""
    if stated.endswith(".toml") and ":" not in stated:
        return table.folder / stated
    from importlib.util import find_spec

    package, _, name = stated.partition(":")
    try:
        spec = find_spec(package) if package.isidentifier() else None
    except (ImportError, ValueError):
        spec = None
    if spec is None or not spec.submodule_search_locations:
        hint = "a path ends in .toml; a package is named as it is imported: `acme_ml_rules:strict.toml`"
        raise UserError(f"{table.place('extend')}: {stated}: no file and no installed package", hint)
    return Path(spec.submodule_search_locations[0]) / (name or PACKAGE_FILE)


def _texts(table: _Table, key: str, value: Any) -> tuple[str, ...]:
    if isinstance(value, list) and all(isinstance(each, str) and each for each in value):
        return tuple(value)
    return table.refuse(key, "a list of texts", value)


def _paths(table: _Table, key: str, value: Any) -> tuple[Path, ...]:
    return tuple(table.folder / each for each in _texts(table, key, value))


def _path(table: _Table, key: str, value: Any) -> Path:
    if isinstance(value, str) and value:
        return table.folder / value
    return table.refuse(key, "a path", value)


def _sources(table: _Table, key: str, value: Any) -> tuple[str, ...]:
    """Folders and files of rules, from the file's folder; what is neither is the name of a module."""
    sources = _texts(table, key, value)
    return tuple(str(table.folder / each) if (table.folder / each).exists() else each for each in sources)


def _one_of(*words: str) -> SettingReader:
    def read(table: _Table, key: str, value: Any) -> str:
        if isinstance(value, str) and value in words:
            return value
        return table.refuse(key, "one of " + ", ".join(words), value)

    return read


def _severities(table: _Table, key: str, value: Any) -> Mapping[str, str]:
    if not isinstance(value, dict):
        table.refuse(key, 'a table such as { MLS101 = "low" }', value)
    one = _one_of(*SEVERITIES)
    return {selector: one(table, selector, severity) for selector, severity in value.items()}


def _values(table: _Table, key: str, value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        table.refuse(key, "a table of values by name", value)
    if _has_times(value):
        table.refuse(key, "values that Terraform knows; a date is a text there", value)
    return value


def _has_times(value: object) -> bool:
    if isinstance(value, (dict, list)):
        return any(map(_has_times, value.values() if isinstance(value, dict) else value))
    return isinstance(value, (date, time))


def _count(table: _Table, key: str, value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    return table.refuse(key, "a number above zero", value)


def _truth(table: _Table, key: str, value: Any) -> bool:
    return value if isinstance(value, bool) else table.refuse(key, "true or false", value)


def _overrides(table: _Table, key: str, value: Any) -> tuple[Override, ...]:
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        table.refuse(key, "a list of tables, [[overrides]]", value)
    found = []
    for each in value:
        if not each.get("paths"):
            raise UserError(f"{table.place(key)}: an override names no paths", 'add paths = ["folder/**"]')
        found.append(Override(**table.read(each, {"paths": _texts, **_SETTINGS})))
    return tuple(found)


def _fix(table: _Table, key: str, value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        table.refuse(key, 'a table such as { kms-key = "HostingKey" }', value)
    found: dict[str, Any] = {}
    for name, stated in value.items():
        if name not in FIX_KEYS:
            hint = nearest(name, list(FIX_KEYS)) or f"known keys: {', '.join(FIX_KEYS)}"
            raise UserError(f"{table.place(name)}: unknown key {name!r}", hint)
        one = isinstance(stated, str) and stated != ""
        found[name] = (stated,) if one else _texts(table, name, stated)
    return found


_SETTINGS: dict[str, SettingReader] = {
    "select": _texts,
    "ignore": _texts,
    "severity": _one_of(*SEVERITIES),
    "fail-on": _one_of(*THRESHOLDS),
    "scope": _one_of(*SCOPES),
    "require-reasons": _truth,
    "severities": _severities,
    "required-tags": _texts,
    "parameters": _paths,
    "var-files": _paths,
    "vars": _values,
    "module-limit": _count,
    "operated": _truth,
    "python": _truth,
    "sagemaker-config": _path,
}
_RUN: dict[str, SettingReader] = {
    "rules": _sources,
    "format": _texts,
    "baseline": _path,
    "jobs": _count,
    "exclude": _texts,
    "root": _path,
    "environment-variables": _truth,
    "cache-size": _count,
    "fix": _fix,
    "validate": _truth,
}
# Of the run's settings, those to which a file adds its own; others it replaces.
_ADDED_UP = frozenset({"rules", "exclude"})
_RUN_FIELDS = frozenset(key.replace("-", "_") for key in _RUN)
_FIELDS = {"vars": "variables"}
