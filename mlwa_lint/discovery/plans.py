"""Plans of Terraform that are committed beside the configuration that they were made of."""

import json
import os
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any

from mlwa_lint.files.reading import read_bytes
from mlwa_lint.frontends.terraform.plan.references import mapping
from mlwa_lint.startup.patterns import lazy

_BLOCK = lazy(
    r"""(?m)^[ \t]*(?:(resource|data)[ \t]+"([\w-]+)"[ \t]+"([\w-]+)"|(module)[ \t]+"([\w-]+)")[ \t]*\{"""
)
# What is larger is linted like any other plan.
SIZE_LIMIT = 20_000_000


def planned(
    plans: Iterable[str], modules: Collection[str], texts: Callable[[str], Iterator[str]]
) -> dict[str, str]:
    """Path of a plan -> the folder with its configuration, for those that have it beside them.

    modules: the folders with Terraform files that are linted. texts: gives the texts of a folder's files.
    """
    found: dict[str, str] = {}
    for path in plans:
        folder = os.path.dirname(path) or "."
        if folder in modules:
            wanted = _addresses(path)
            if wanted and wanted <= {each for text in texts(folder) for each in _declared(text)}:
                found[path] = folder
    return found


def _declared(text: str) -> Iterator[str]:
    for kind, type_name, name, call, called in _BLOCK.findall(text):
        yield f"{call}.{called}" if call else f"{'data.' if kind == 'data' else ''}{type_name}.{name}"


def _addresses(path: str) -> set[str]:
    """What the root module of a plan's configuration declares; nothing for what cannot be read."""
    try:
        plan: Any = json.loads(read_bytes(path, SIZE_LIMIT))
    except (OSError, ValueError, RecursionError):
        return set()
    root = mapping(mapping(mapping(plan).get("configuration")).get("root_module"))
    resources = root.get("resources")
    listed = resources if isinstance(resources, list) else ()
    named = {str(mapping(each).get("address")) for each in listed}
    return named | {f"module.{each}" for each in mapping(root.get("module_calls"))}
