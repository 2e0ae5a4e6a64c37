"""Configurations that are linted together: whose state a `terraform_remote_state` reads."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from mlwa_lint.files.paths import distinctive_end, shown
from mlwa_lint.files.reading import real_path
from mlwa_lint.frontends.evaluator import evaluate
from mlwa_lint.frontends.terraform.evaluation.handing import Handed
from mlwa_lint.frontends.terraform.evaluation.scope import TerraformFrame
from mlwa_lint.frontends.terraform.syntax.folder import ModuleDeclarations
from mlwa_lint.model.values import MapValue, Unknown, Value, assume, known_text
from mlwa_lint.startup.records import NamedTuple

_LOCAL_STATE = "terraform.tfstate"
# The arguments that locate a state in S3; the first must be known, and none may differ.
_IN_S3 = ("key", "bucket", "workspace_key_prefix")
_STATED = ("path", *_IN_S3)
# What is known of the end of a key that is not known as a whole.
_END = "end"


class Root(Protocol):
    """A root module, as those see it that read its state."""

    folder: ModuleDeclarations
    frame: TerraformFrame

    def output(self, name: str) -> Value | None:
        """An output's value; None when it is not declared."""
        ...


class Neighbour(NamedTuple):
    """A configuration beside others, and how they see its values."""

    root: Root
    handed: Handed


class Neighbours:
    """All configurations that are linted together."""

    def __init__(self) -> None:
        self.members: list[Neighbour] = []
        self._readers: list[Root] = []
        self._givers: dict[tuple[object, ...], Neighbour | None] = {}

    def output(self, reader: Root, backend: str, config: Value, name: str) -> Value | None:
        """An output of the one configuration whose state is at a place; None where there is no such one.

        Those that read each other's state use what was last written there, which is not known before.
        """
        giver = self._giver(reader, backend, config)
        if giver is None or giver.root in self._readers:
            return None
        self._readers.append(reader)
        try:
            value = giver.root.output(name)
        finally:
            self._readers.pop()
        if value is None:
            return None
        end = _end_of(config.value("key")) if isinstance(config, MapValue) else ""
        if end:
            what = f"the state at {end} is that of {shown(giver.root.folder.path)}"
            value = assume(value, frozenset({what}))
        return giver.handed.value(value)

    def _giver(self, reader: Root, backend: str, config: Value) -> Neighbour | None:
        """The one configuration whose state is at a place, which is looked for once."""
        stated = _stated_in(config)
        key = (reader, backend, *stated.values())
        if key not in self._givers:
            others = (each for each in self.members if each.root is not reader)
            found = [each for each in others if _is_at(each, reader, backend, stated)]
            self._givers[key] = found[0] if len(found) == 1 else None
        return self._givers[key]


def _is_at(neighbour: Neighbour, reader: Root, backend: str, stated: Mapping[str, str]) -> bool:
    root = neighbour.root
    own = root.folder.backend
    kind = "local" if own is None else own.labels[0] if own.labels else own.type
    if kind != backend:
        return False
    if backend == "local":
        path = _LOCAL_STATE if own is None else _argument(root, "path") or _LOCAL_STATE
        wanted = stated["path"]
        return bool(wanted) and _place(reader.folder.path, wanted) == _place(root.folder.path, path)
    own_key = _argument(root, "key")
    if backend != "s3" or not own_key or not (stated["key"] or stated[_END]):
        return False
    if not stated["key"] and not f"/{own_key}".endswith(stated[_END]):
        return False
    pairs = ((stated[name], _argument(root, name)) for name in _IN_S3)
    return not any(one and other and one != other for one, other in pairs)


def _argument(root: Root, name: str) -> str:
    argument = root.folder.backend.arguments.get(name) if root.folder.backend is not None else None
    return "" if argument is None else known_text(evaluate(argument.value, root.frame)) or ""


def _place(folder: Path, path: str) -> str:
    return os.path.normpath(Path(real_path(folder)) / path)


def _stated_in(config: Value) -> dict[str, str]:
    """The place in the configuration of a backend, by name; empty where that is not known."""
    if not isinstance(config, MapValue):
        return dict.fromkeys((*_STATED, _END), "")
    stated = {name: known_text(config.value(name)) or "" for name in _STATED}
    return {**stated, _END: _end_of(config.value("key"))}


def _end_of(key: Value) -> str:
    """The end of a state's name of which only that is known: `/network/terraform.tfstate`."""
    last = key.parts[-1] if isinstance(key, Unknown) and key.parts else ""
    return distinctive_end(last) if isinstance(last, str) else ""
