"""Configurations that are looked at together: whose state a `terraform_remote_state` reads."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from mlwa_lint.files.reading import real_path
from mlwa_lint.frontends.evaluator import evaluate
from mlwa_lint.frontends.terraform.evaluation.handing import Handed
from mlwa_lint.frontends.terraform.evaluation.scope import Frame
from mlwa_lint.frontends.terraform.syntax.folder import Folder
from mlwa_lint.model.values import Absent, MapValue, Value, known_text
from mlwa_lint.startup.records import NamedTuple

_LOCAL_STATE = "terraform.tfstate"
# What says where a state lies in S3; the first must be known, and none may differ.
_IN_S3 = ("key", "bucket", "workspace_key_prefix")


class Root(Protocol):
    """A root module, as those see it that read its state."""

    folder: Folder
    frame: Frame

    def output(self, name: str) -> Value | None:
        """An output's value; None when it is not declared."""
        ...


class Neighbour(NamedTuple):
    """A configuration beside others, and how they see its values."""

    root: Root
    handed: Handed


class Neighbours:
    """All configurations that are looked at together."""

    def __init__(self) -> None:
        self.members: list[Neighbour] = []
        self._readers: list[Root] = []

    def output(self, reader: Root, backend: str, stated: Mapping[str, Value], name: str) -> Value | None:
        """An output of the one configuration whose state lies at a place; None where there is no such one.

        Those that read each other's state know what they last wrote there, which nobody knows before.
        """
        found = [
            each for each in self.members if each.root is not reader and _is_at(each, reader, backend, stated)
        ]
        if len(found) != 1 or found[0].root in self._readers:
            return None
        self._readers.append(reader)
        try:
            value = found[0].root.output(name)
        finally:
            self._readers.pop()
        return None if value is None else found[0].handed.value(value)


def _is_at(neighbour: Neighbour, reader: Root, backend: str, stated: Mapping[str, Value]) -> bool:
    root = neighbour.root
    own = root.folder.backend
    kind = "local" if own is None else own.labels[0] if own.labels else own.type
    if kind != backend:
        return False
    if backend == "local":
        path = _LOCAL_STATE if own is None else _argument(root, "path") or _LOCAL_STATE
        wanted = _text(stated, "path")
        return bool(wanted) and _place(reader.folder.path, wanted) == _place(root.folder.path, path)
    if backend != "s3" or not _text(stated, "key") or not _argument(root, "key"):
        return False
    pairs = ((_text(stated, name), _argument(root, name)) for name in _IN_S3)
    return not any(one and other and one != other for one, other in pairs)


def _argument(root: Root, name: str) -> str:
    argument = root.folder.backend.arguments.get(name) if root.folder.backend is not None else None
    return "" if argument is None else known_text(evaluate(argument.value, root.frame)) or ""


def _text(stated: Mapping[str, Value], name: str) -> str:
    value = stated.get(name)
    return "" if value is None else known_text(value) or ""


def _place(folder: Path, path: str) -> str:
    return os.path.normpath(Path(real_path(folder)) / path)


def stated_in(config: Value) -> Mapping[str, Value]:
    """What the configuration of a backend states, by name."""
    if not isinstance(config, MapValue):
        return {}
    return {key: entry.value for key, entry in config.entries.items() if not isinstance(entry.value, Absent)}
