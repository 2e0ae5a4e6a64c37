"""Files with CloudFormation parameter values, in the forms that AWS tools read."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from mlwa_lint.errors import UserError
from mlwa_lint.frontends.options import Json
from mlwa_lint.paths import shown

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_parameters(files: Iterable[Path]) -> Mapping[str, Json]:
    """The values of several files; later files win. Raises UserError."""
    values: dict[str, Json] = {}
    for file in files:
        values.update(_values(file))
    return values


def _values(file: Path) -> Mapping[str, Json]:
    name = shown(file)
    try:
        content = yaml.load(file.read_text(encoding="utf-8-sig"), Loader=_LOADER)
    except OSError as error:
        raise UserError(f"{name}: cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise UserError(f"{name}: is not UTF-8 text") from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise UserError(f"{name}: not valid YAML or JSON: {' '.join(str(error).split())}") from None
    if isinstance(content, dict) and isinstance(content.get("Parameters"), (dict, list)):
        content = content["Parameters"]
    if isinstance(content, dict):
        return {str(key): _plain(value) for key, value in content.items()}
    if isinstance(content, list):
        return dict(_pair(name, each) for each in content)
    hint = "write {Name: value}, or a list of {ParameterKey, ParameterValue}"
    raise UserError(f"{name}: holds no parameter values", hint)


def _pair(name: str, entry: Any) -> tuple[str, Json]:
    """One entry of the list form, or the `Name=value` of `aws cloudformation deploy`."""
    if isinstance(entry, str) and "=" in entry:
        key, _, value = entry.partition("=")
        return key, value
    if isinstance(entry, dict) and isinstance(entry.get("ParameterKey"), str):
        if "ParameterValue" not in entry:
            raise UserError(f"{name}: {entry['ParameterKey']} has no ParameterValue")
        return entry["ParameterKey"], _plain(entry["ParameterValue"])
    raise UserError(f"{name}: {entry!r} is no parameter", "write {ParameterKey: Name, ParameterValue: value}")


def _plain(value: Any) -> Json:
    if isinstance(value, (str, int, float, bool, list, dict)) or value is None:
        return value
    return str(value)
