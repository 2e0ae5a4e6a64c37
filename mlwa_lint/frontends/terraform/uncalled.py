"""Modules that no configuration of their repository calls, although it has some that are deployed."""

import re
from pathlib import Path

from mlwa_lint.files.endings import ProjectFiles
from mlwa_lint.frontends.terraform.syntax.folder import MODULE_FOLDERS
from mlwa_lint.model.resources import Project
from mlwa_lint.startup.patterns import lazy

CONFIGURATION_SIZE_LIMIT = 200_000
_DEPLOYED = lazy(r"(?m)^[ \t]*(?:backend[ \t]+\"[\w-]+\"|provider[ \t]+\"aws(?:cc)?\")[ \t]*\{")
_SOURCE = lazy(r"(?m)^[ \t]*source[ \t]*=[ \t]*\"([^\"\n]*)\"")
_ENDINGS = (".tf", ".tf.json", ".hcl")


def is_uncalled(project: Project, folder: Path, files: ProjectFiles | None) -> bool:
    """Whether a module lies among those of a repository whose configurations do not call it."""
    if not project.reusable or files is None or files.root is None:
        return False
    called = files.once(_called)
    return called is not None and folder.parent.name in MODULE_FOLDERS and folder.name not in called


def _called(files: ProjectFiles) -> frozenset[str] | None:
    """The folders that sources of modules name; None where nothing in the repository is deployed.

    Of repositories whose configurations are too large to read, nothing is concluded.
    """
    found: set[str] = set()
    deployed = False
    texts = files.texts_like(lambda name: name.endswith(_ENDINGS), CONFIGURATION_SIZE_LIMIT)
    for path, text in texts or ():
        deployed |= MODULE_FOLDERS.isdisjoint(path.parts) and _DEPLOYED.search(text) is not None
        for source in _SOURCE.findall(text):
            found.update(part for part in re.split(r"[/?]+", source) if part)
    return frozenset(found) if deployed else None
