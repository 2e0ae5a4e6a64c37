"""A file of SageMaker defaults (`sagemaker.config`): what it gives to requests that leave a value out."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mlwa_lint.files.paths import inside, shown
from mlwa_lint.files.reading import is_file, read_text
from mlwa_lint.frontends.python.limits import DATA_LIMIT, ITEMS_LIMIT
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import Absent, Entry, ListValue, MapValue, Scalar, Unknown, Value
from mlwa_lint.startup.records import NamedTuple

# Where repositories keep it. A `config.yaml` counts if its content is recognised.
_NAMES = (
    *("config.yaml", "config.yml", "sagemaker-config.yaml", "sagemaker_config.yaml"),
    *(".sagemaker/config.yaml", ".config/sagemaker/config.yaml"),
)
_SIGNS = ("SchemaVersion", "SageMaker")
_DEPTH = 20


class DefaultsFileError(Exception):
    """A file that is not a file of SageMaker defaults."""


class SdkDefaults(NamedTuple):
    """The defaults of one file. requests: the type of a request, `TrainingJob` -> its properties."""

    path: str
    requests: Mapping[str, Value]

    def of(self, kind: str, path: str) -> Entry | None:
        """What the file gives for a property of a canonical type."""
        value = self.requests.get(kind.rsplit("::", 1)[-1])
        entry: Entry | None = None
        for key in path.split("."):
            entry = value.entries.get(key) if isinstance(value, MapValue) else None
            if entry is None:
                return None
            value = entry.value
        return entry


def defaults_for(program: Path, root: Path, named: Path | None) -> SdkDefaults | None:
    """The defaults that hold for a program: those of a named file, or of the nearest one upwards.

    root: the project's folder; nothing above it is read. Raises DefaultsFileError for a named file
    that is none.
    """
    if named is not None:
        return read_defaults(named)
    for folder in _upwards(program.parent, root):
        for name in _NAMES:
            candidate = folder / name
            if is_file(candidate) and inside(candidate, root) is not None:
                try:
                    return read_defaults(candidate)
                except DefaultsFileError:
                    continue
    return None


def read_defaults(path: Path) -> SdkDefaults:
    """The defaults in a file. Raises DefaultsFileError."""
    try:
        text = read_text(path, DATA_LIMIT)
    except (OSError, ValueError) as error:
        raise DefaultsFileError(f"cannot be read: {error}") from None
    if not all(each in text for each in _SIGNS):
        raise DefaultsFileError(
            "is not a file of SageMaker defaults: SchemaVersion and SageMaker are missing"
        )
    import yaml

    try:
        node = yaml.compose(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (yaml.YAMLError, RecursionError, ValueError):
        raise DefaultsFileError("is not valid YAML") from None
    name = shown(path)
    value = _Reader(name).value(node)
    requests = value.entries.get("SageMaker") if isinstance(value, MapValue) else None
    if requests is None or not isinstance(requests.value, MapValue):
        raise DefaultsFileError("is not a file of SageMaker defaults: SageMaker is not a map")
    return SdkDefaults(name, {key: entry.value for key, entry in requests.value.entries.items()})


class _Reader:
    """YAML nodes as values with their places."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._left = ITEMS_LIMIT

    def value(self, node: Any, depth: int = 0) -> Value:
        """The value of a node; aliases are copied as long as the limits allow."""
        span = self._span(node)
        self._left -= 1
        if depth > _DEPTH or self._left < 0:
            return Unknown("the file of SageMaker defaults is too large", span)
        if node.id == "mapping":
            entries = {}
            for key, held in node.value:
                if key.id == "scalar":
                    entries[str(key.value)] = Entry(self._span(key), self.value(held, depth + 1), key.value)
            return MapValue(entries, span)
        if node.id == "sequence":
            return ListValue(tuple(self.value(each, depth + 1) for each in node.value), span)
        return self._scalar(node, span)

    def _scalar(self, node: Any, span: Span) -> Value:
        tag = node.tag.rsplit(":", 1)[-1]
        if tag == "null":
            return Absent(span)
        if tag == "bool":
            return Scalar(node.value.lower() in ("true", "yes", "on"), span)
        if tag == "int" and node.value.isdecimal() and len(node.value) < _DEPTH:
            return Scalar(int(node.value), span)
        return Scalar(node.value, span)

    def _span(self, node: Any) -> Span:
        start, end = node.start_mark, node.end_mark
        return Span(self._path, start.line + 1, start.column + 1, end.line + 1, end.column + 1)


def _upwards(folder: Path, root: Path) -> Iterator[Path]:
    """A folder and those around it, up to the root."""
    at, top = Path(os.path.realpath(folder)), Path(os.path.realpath(root))
    yield folder
    while at != top and top in at.parents:
        at = at.parent
        yield at
