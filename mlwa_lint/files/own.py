"""The folder of one project, where what is looked through holds several."""

import os
from functools import partial
from pathlib import Path

from mlwa_lint.files.endings import ProjectFiles, files_of
from mlwa_lint.files.reading import names_if_listed
from mlwa_lint.startup.patterns import lazy

# What lies at the top of a project.
_AT_THE_TOP = lazy(
    r"(?i)readme(?:\.\w+)?|licen[cs]e(?:\.\w+)?|\.git|\.gitignore|\.github|pyproject\.toml|setup\.(?:py|cfg)"
    r"|requirements\.txt|package\.json|makefile"
)


def own_root(root: Path, file: Path) -> Path:
    """The uppermost folder around a file, of those in a root, that looks like the top of a project.

    Without a repository the root is what is looked through: a folder of unpacked archives, perhaps with a
    hundred projects, none of which uses what another defines.
    """
    folder = file.parent
    return files_of(root).kept(("own root", str(folder)), partial(_found_above, root, folder))


def _found_above(root: Path, around: Path) -> Path:
    top = os.path.realpath(root)
    folder = os.path.realpath(around)
    try:
        below = Path(folder).relative_to(top).parts
    except ValueError:
        return root
    for depth in range(len(below) + 1):
        candidate = Path(top, *below[:depth])
        if files_of(candidate).once(_is_at_the_top):
            return root if depth == 0 else candidate
    return root


def _is_at_the_top(files: ProjectFiles) -> bool:
    return any(_AT_THE_TOP.fullmatch(name) for name in names_if_listed(files.root or Path()))
