"""What of the modules that are deployed together a program imports: no other one of them ever runs."""

import ast
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from mlwa_lint.frontends.python.limits import HANDLER_FILES_LIMIT
from mlwa_lint.frontends.python.syntax.parse import shared_nodes
from mlwa_lint.frontends.python.syntax.source import PythonSyntaxError
from mlwa_lint.startup.patterns import lazy

# What may load a module without naming it, or run it as a program.
_DYNAMIC = lazy(r"\b(?:importlib|pkgutil|runpy|subprocess|__import__|exec|eval|spawn|system)\b")
_PACKAGE = "__init__"


def imported_from(start: str, texts: Mapping[str, str]) -> dict[str, str]:
    """The texts of a program, by path: its first one, and those that it imports, directly or not.

    All of them, where what is loaded may not be named.
    """
    found = {start: texts[start]}
    left = [start]
    while left:
        names = _names(texts[left.pop()])
        if names is None:
            return dict(texts)
        further = [path for path in texts if path not in found and _is_named(path, names)]
        found.update((path, texts[path]) for path in further)
        left += further
    return found


def _is_named(path: str, names: frozenset[str]) -> bool:
    place = Path(path)
    return (place.parent.name if place.stem == _PACKAGE else place.stem) in names


@lru_cache(maxsize=2 * HANDLER_FILES_LIMIT)
def _names(text: str) -> frozenset[str] | None:
    """All parts of the names that a module imports; None where it may load others."""
    if _DYNAMIC.search(text) is not None:
        return None
    statements = imports_in(text)
    if statements is None:
        return None
    found: set[str] = set()
    for node in statements:
        named = [each.name for each in node.names]
        if isinstance(node, ast.ImportFrom):
            named.append(node.module or "")
        found.update(part for name in named for part in name.split("."))
    return frozenset(found)


def imports_in(text: str) -> "list[ast.Import | ast.ImportFrom] | None":
    """The import statements of a module, wherever they are; None where it is not valid."""
    try:
        nodes = shared_nodes(text)
    except PythonSyntaxError:
        return None
    return [node for node in nodes if isinstance(node, (ast.Import, ast.ImportFrom))]
