"""Modules that the configuration of their repository switches off by default."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from mlwa_lint.files.paths import shown
from mlwa_lint.frontends.expressions import Literal
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.frontends.terraform.evaluation.loader import Loader
from mlwa_lint.frontends.terraform.syntax.blocks import Block
from mlwa_lint.frontends.terraform.syntax.folder import ModuleDeclarations
from mlwa_lint.model.purpose import SHOWN_PURPOSES, purpose_of
from mlwa_lint.model.resources import UNUSED, Project

# Further callers are not read.
CALLERS_LIMIT = 20
_META = frozenset({"count", "for_each", "providers", "depends_on", "source", "version"})


def with_callers_choices(
    project: Project, folder: Path, callers: Sequence[Path], options: LoadOptions
) -> Project:
    """The project of a module that is checked alone, with what those choose that call it.

    callers: the folders that call it, none of which has an instance of it by its defaults. Where it is a
    configuration that is deployed, and not another module, it switches the module off.
    """
    found = list(_calls(folder, callers, options))
    if not found:
        return project
    given = frozenset.intersection(*(frozenset(call.arguments) - _META for _, call in found))
    project = project._replace(set_by_callers=given)
    switched = all("count" in call.arguments or "for_each" in call.arguments for _, call in found)
    if not (switched and all(_is_deployed(content) for content, _ in found)):
        return project
    because = f"{shown(found[0][1].span.path)} switches the module off by default"
    return project._replace(resources=tuple(each.with_note(UNUSED, because) for each in project.resources))


def _is_deployed(caller: ModuleDeclarations) -> bool:
    """Whether a configuration is neither a module itself, whose users choose, nor an example of one."""
    shown_there = purpose_of(shown(caller.path), reusable=False) in SHOWN_PURPOSES
    return bool(caller.providers or caller.backend is not None) and not shown_there


def _calls(
    folder: Path, callers: Sequence[Path], options: LoadOptions
) -> Iterator[tuple[ModuleDeclarations, Block]]:
    own = os.path.normpath(folder)
    for caller in callers[:CALLERS_LIMIT]:
        content = Loader(caller, options.root or caller).folder(caller)
        for call in content.modules.values():
            source = call.arguments.get("source")
            named = source.value if source is not None else None
            text = named.data if isinstance(named, Literal) else None
            if isinstance(text, str) and os.path.normpath(caller / text) == own:
                yield content, call
