"""Finds the file of a project that a template is built from which a nested stack names."""

import os
from pathlib import Path

from mlwa_lint.files.below import ENTRIES_LIMIT
from mlwa_lint.files.endings import ProjectFiles
from mlwa_lint.frontends.cloudformation.built import (
    BUILD_SIZE_LIMIT,
    ENDINGS,
    Build,
    builds_in,
    is_build_script,
    source_of,
)


def unbuilt(name: str, parent: Path, files: ProjectFiles) -> Path | None:
    """The only file of the project from which a template is built; None where none or several fit."""
    if files.root is None:
        return None
    named = files.once(_templates)
    own = Path(os.path.relpath(os.path.realpath(parent), os.path.realpath(files.root))).parts
    found = source_of(name, own, lambda each: named.get(each, ()), files.once(_builds))
    return None if found is None else files.root.joinpath(*found)


def _templates(files: ProjectFiles) -> dict[str, list[tuple[str, ...]]]:
    """The files that may be templates, by their names."""
    root = files.root or Path()
    found: dict[str, list[tuple[str, ...]]] = {}
    for path in files.named_like(lambda name: name.endswith(ENDINGS), ENTRIES_LIMIT):
        found.setdefault(path.name, []).append(path.relative_to(root).parts)
    return found


def _builds(files: ProjectFiles) -> list[Build]:
    root = files.root or Path()
    scripts = files.texts_like(is_build_script, BUILD_SIZE_LIMIT) or ()
    return [
        build for path, text in scripts for build in builds_in(text, path.relative_to(root).parent.as_posix())
    ]
