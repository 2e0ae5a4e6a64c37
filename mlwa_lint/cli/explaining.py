"""Which settings apply to a path, and where they come from."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mlwa_lint.config.command_line import CommandLine
from mlwa_lint.config.lookup import Configurations
from mlwa_lint.config.settings import Configuration, Settings
from mlwa_lint.files.paths import shown
from mlwa_lint.model.secrets import STARS, names_secret
from mlwa_lint.startup.records import NamedTuple

_DEFAULT = "default"
_COMMAND_LINE = "command line"
_RUN_KEYS = (
    "rules",
    "format",
    "baseline",
    "jobs",
    "exclude",
    "root",
    "environment_variables",
    "cache_size",
    "validate",
)


class _Setting(NamedTuple):
    key: str
    value: Any
    origin: tuple[str, ...]


def explained(command_line: CommandLine, paths: Sequence[str], form: str) -> str:
    """The settings of some paths, as text or JSON."""
    configurations = Configurations(command_line.config)
    run = configurations.of_run()
    documents = []
    for path in paths:
        configuration = configurations.of(path)
        settings = [*_of_path(configuration, command_line, path), *_of_run(run, command_line)]
        documents.append((path, configuration, settings))
    if form == "json":
        return json.dumps([_document(*each) for each in documents], indent=2) + "\n"
    return "\n".join(_text(*each) for each in documents)


def _of_path(configuration: Configuration, command_line: CommandLine, path: str) -> list[_Setting]:
    steps = [(shown(path), settings) for path, settings in configuration.layers]
    settings = configuration.settings
    name = _name(configuration)
    for override in configuration.overrides_for(path):
        settings = override.applied_to(settings)
        steps.append((f"{name}, override for {', '.join(override.paths)}", settings))
    steps.append((_COMMAND_LINE, command_line.applied_to(settings)))
    found = []
    for key in Settings._fields:
        before = getattr(Settings(), key)
        origins: list[str] = []
        for origin, step in steps:
            value = getattr(step, key)
            if value != before:
                origins.append(origin)
            before = value
        value = _without_secrets(before) if key == "variables" else before
        found.append(_Setting(_key(key), value, tuple(origins) or (_DEFAULT,)))
    return found


def _without_secrets(variables: Mapping[str, Any]) -> dict[str, Any]:
    return {name: STARS if names_secret(name) else value for name, value in variables.items()}


def _of_run(run: Configuration, command_line: CommandLine) -> list[_Setting]:
    found = []
    for key in _RUN_KEYS:
        value = getattr(run, key)
        origins = [_name(run)] if value else []
        stated = getattr(command_line, key, None)
        if stated:
            value = (*value, *stated) if isinstance(value, tuple) else stated
            origins = [*(origins if key in ("rules", "exclude") else ()), _COMMAND_LINE]
        found.append(_Setting(_key(key), value, tuple(origins) or (_DEFAULT,)))
    return found


def _name(configuration: Configuration) -> str:
    return shown(configuration.path) if configuration.path is not None else _DEFAULT


def _key(field: str) -> str:
    return "vars" if field == "variables" else field.replace("_", "-")


def _plain(value: Any) -> Any:
    if isinstance(value, Path):
        return shown(value)
    return [_plain(each) for each in value] if isinstance(value, tuple) else value


def _document(path: str, configuration: Configuration, settings: list[_Setting]) -> dict[str, Any]:
    return {
        "path": path,
        "configuration": None if configuration.path is None else shown(configuration.path),
        "settings": {
            each.key: {"value": _plain(each.value), "origin": list(each.origin)} for each in settings
        },
    }


def _text(path: str, configuration: Configuration, settings: list[_Setting]) -> str:
    file = "none, the defaults hold" if configuration.path is None else shown(configuration.path)
    lines = [f"{path}: configuration {file}"]
    for each in settings:
        value = json.dumps(_plain(each.value))
        lines.append(f"  {each.key} = {value}  ({', then '.join(each.origin)})")
    return "".join(f"{line}\n" for line in lines)
