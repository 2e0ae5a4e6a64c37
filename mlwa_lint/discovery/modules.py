"""Modules of Terraform as their texts show them: whom they call, and with whom they exchange values."""

import os
from collections.abc import Iterator, Mapping, Sequence

from mlwa_lint.discovery.configurations import Exchange, exchange_in
from mlwa_lint.discovery.target import SIZE_LIMIT, Target
from mlwa_lint.files import TERRAFORM
from mlwa_lint.files.reading import names_if_listed, read_text
from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple

_LOCAL_SOURCE = lazy(r"""["']?source["']?\s*[=:]\s*"(\.\.?/[^"]*)\"""")


def is_terraform(name: str) -> bool:
    """Whether a file's name is one of Terraform or OpenTofu."""
    return name.endswith(TERRAFORM)


def called_modules(modules: Mapping[Target, "ModuleOutline"]) -> dict[Target, tuple[str, ...]]:
    """The modules that another one calls, each with all its callers, the nearest first."""
    callers: dict[str, list[str]] = {}
    for module, found in modules.items():
        folder = os.path.normpath(module.path)
        for child in found.children:
            if child != folder:
                callers.setdefault(child, []).append(module.path)
    return {
        each: _lineage(os.path.normpath(each.path), callers)
        for each in modules
        if os.path.normpath(each.path) in callers
    }


def _lineage(folder: str, callers: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """The callers of a module, theirs, and so on."""
    found: dict[str, None] = {}
    waiting = list(callers[folder])
    while waiting:
        caller = waiting.pop(0)
        if caller not in found:
            found[caller] = None
            waiting += callers.get(os.path.normpath(caller), ())
    return tuple(found)


class ModuleOutline(NamedTuple):
    """What a module's text contains: the local modules that it calls, and what it exchanges with others."""

    children: tuple[str, ...] = ()
    exchange: Exchange = Exchange()


def module_in(folder: str) -> ModuleOutline:
    """What the files of a folder contain."""
    texts = list(texts_in(folder))
    children = (
        os.path.normpath(os.path.join(folder, match.group(1)))
        for text in texts
        if "source" in text
        for match in _LOCAL_SOURCE.finditer(text)
    )
    return ModuleOutline(tuple(dict.fromkeys(children)), exchange_in(texts, folder))


def texts_in(folder: str) -> Iterator[str]:
    """The files of a folder that can be read."""
    for name in filter(is_terraform, names_if_listed(folder)):
        try:
            yield read_text(os.path.join(folder, name), SIZE_LIMIT, "replace")
        except OSError:
            continue
