"""Reads a configuration file; whatever it holds that is not understood is an error."""

import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NoReturn, TypeAlias

from mlwa_lint.config.settings import PROJECT_FILE_NAME, THRESHOLDS, Configuration, Override, Settings
from mlwa_lint.errors import UserError, nearest
from mlwa_lint.files.paths import shown
from mlwa_lint.model.findings import SCOPES, SEVERITIES
from mlwa_lint.model.secrets import STARS, names_secret

Reader: TypeAlias = Callable[["_Table", str, Any], Any]


def parse(path: Path, text: str) -> Configuration | None:
    """The configuration in a file; None for a pyproject.toml without our table. Raises UserError."""
    try:
        document = tomllib.loads(text)
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
    return _Table(path, text).configuration(content)


class _Table:
    """Takes a table apart, and knows where it stands, so that errors name a line."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.folder = path.resolve().parent
        self._lines = text.splitlines()

    def configuration(self, content: Mapping[str, Any]) -> Configuration:
        """The whole file."""
        known = {**_SETTINGS, **_RUN, "overrides": _overrides}
        read = self.read(content, known)
        overrides = read.pop("overrides", ())
        run = {key: read.pop(key) for key in list(read) if key in _RUN_FIELDS}
        return Configuration(self.path, self.folder, Settings(**read), overrides, **run)

    def read(self, content: Mapping[str, Any], known: Mapping[str, Reader]) -> dict[str, Any]:
        """Every key of a table by the name that the program has for it."""
        found: dict[str, Any] = {}
        for key, value in content.items():
            if key not in known:
                hint = nearest(key, list(known)) or f"known keys: {', '.join(known)}"
                raise UserError(f"{self.place(key)}: unknown key {key!r}", hint)
            found[_FIELDS.get(key, key.replace("-", "_"))] = known[key](self, key, value)
        return found

    def place(self, key: str) -> str:
        """`file:line` of a key, as far as it can be told."""
        pattern = re.compile(rf"""^\s*(\[+\s*)?([\w.-]+\.)?["']?{re.escape(key)}["']?\s*[]=.]""")
        lines = (number for number, line in enumerate(self._lines, start=1) if pattern.search(line))
        line = next(lines, None)
        return shown(self.path) if line is None else f"{shown(self.path)}:{line}"

    def refuse(self, key: str, wanted: str, value: object) -> NoReturn:
        """Says what a key should have been."""
        shown_value = STARS if key == "vars" or names_secret(key) else repr(value)
        raise UserError(f"{self.place(key)}: {key} must be {wanted}, not {shown_value}")


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


def _one_of(*words: str) -> Reader:
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
    return value if isinstance(value, dict) else table.refuse(key, "a table of values by name", value)


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


_SETTINGS: dict[str, Reader] = {
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
    "python": _truth,
    "sagemaker-config": _path,
}
_RUN: dict[str, Reader] = {
    "rules": _sources,
    "format": _texts,
    "baseline": _path,
    "jobs": _count,
    "exclude": _texts,
    "root": _path,
    "environment-variables": _truth,
    "cache-size": _count,
    "validate": _truth,
}
_RUN_FIELDS = frozenset(key.replace("-", "_") for key in _RUN)
_FIELDS = {"vars": "variables"}
