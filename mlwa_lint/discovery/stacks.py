"""How templates hang together, read from their text alone: nested stacks, exports and imports."""

import os
from collections.abc import Mapping

from mlwa_lint.files.paths import shown
from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple

_NESTED = lazy(r"""(?:TemplateURL|Location)["']?[ \t]*:[ \t]*["']?([^"'\s,{}$!]+)""")


class Relations(NamedTuple):
    """What one template's text says of others: files that it nests, whether it exports or imports."""

    nested: tuple[str, ...] = ()
    exports: bool = False
    imports: bool = False


def relates(content: bytes) -> bool:
    """Whether a template may have to do with others."""
    return any(mark in content for mark in (b"TemplateURL", b"ImportValue", b"Export", b"Location"))


def relations_in(content: bytes, path: str) -> Relations:
    """The relations that the text of a template at a path tells of."""
    text = content.decode("utf-8", errors="replace")
    folder = os.path.dirname(path)
    local = (match.group(1) for match in _NESTED.finditer(text))
    nested = [shown(os.path.join(folder, each)) for each in local if ":" not in each]
    found = tuple(dict.fromkeys(each for each in nested if os.path.isfile(each)))
    return Relations(found, b"Export" in content, b"ImportValue" in content)


def grouped_paths(relations: Mapping[str, Relations]) -> dict[str, tuple[str, ...]]:
    """Path -> the templates, in order, that are looked at together with it (itself among them)."""
    group_of: dict[str, list[str]] = {}

    def join(one: str, other: str) -> None:
        left, right = group_of.setdefault(one, [one]), group_of.setdefault(other, [other])
        if left is not right:
            left.extend(right)
            for member in right:
                group_of[member] = left

    for path, own in relations.items():
        for each in own.nested:
            join(path, each)
    for exporter, importer in _exchanges(relations):
        join(exporter, importer)
    return {path: tuple(members) for path, members in group_of.items()}


def _exchanges(relations: Mapping[str, Relations]) -> list[tuple[str, str]]:
    """Templates of one folder of which one exports and another imports."""
    folders: dict[str, tuple[list[str], list[str]]] = {}
    for path, own in relations.items():
        exporters, importers = folders.setdefault(os.path.dirname(path), ([], []))
        if own.exports:
            exporters.append(path)
        if own.imports:
            importers.append(path)
    return [
        (exporter, importer)
        for exporters, importers in folders.values()
        for exporter in exporters
        for importer in importers
        if exporter != importer
    ]
