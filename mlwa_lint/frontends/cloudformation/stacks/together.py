"""Several templates at once: those that are parts of others, and those that import from others."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from mlwa_lint.files.paths import shown
from mlwa_lint.frontends.cloudformation.stacks.exports import link_exports
from mlwa_lint.frontends.cloudformation.stacks.project import load
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.model.resources import Project


def load_together(
    paths: Sequence[Path],
    options: Callable[[Path], LoadOptions],
    named: frozenset[str] = frozenset(),
) -> list[Project]:
    """The projects of the templates of one folder (or of folders that are deployed together).

    A template that another one nests is linted there, with the values that it gets; alone it is
    linted only when the user `named` it. Stacks that import from one another are one project.
    """
    projects = {shown(path): load(path, options(path)) for path in paths}
    kept = [project for name, project in projects.items() if name in named or not _is_part(name, projects)]
    return link_exports(kept)


def _is_part(name: str, projects: Mapping[str, Project]) -> bool:
    """Whether another template nests this one; two that nest each other are both linted."""
    inner = projects[name].sources[1:]
    return any(name in project.sources[1:] and other not in inner for other, project in projects.items())
