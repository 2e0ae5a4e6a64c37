"""Several templates at once: those that are parts of others, and those that import from others."""

from collections.abc import Callable, Sequence
from pathlib import Path

from mlwa_lint.files import is_script
from mlwa_lint.files.paths import shown
from mlwa_lint.files.reading import text_if_readable
from mlwa_lint.frontends.cloudformation.handed_over import (
    SCRIPT_SIZE_LIMIT,
    HandedOver,
    handed_over,
)
from mlwa_lint.frontends.cloudformation.stacks.exports import link_exports
from mlwa_lint.frontends.cloudformation.stacks.project import Together, load
from mlwa_lint.frontends.cloudformation.syntax.files import FILE_LIMIT
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.model.resources import Project


def load_together(
    paths: Sequence[Path],
    options: Callable[[Path], LoadOptions],
    named: frozenset[str] = frozenset(),
) -> list[Project]:
    """The projects of the templates of one folder (or of folders that are deployed together).

    A template that another one nests is linted there, with the values that it gets; alone it is linted
    only when the user `named` it, or where the two nest each other. Stacks that import from one another
    are one project.
    """
    together = Together()
    handed = _handed_over(paths, options)
    for each in handed:
        together.handed.setdefault(each.giver, {})[each.name] = each.script
    projects: dict[str, Project] = {}
    nesting: dict[str, list[str]] = {}  # file -> the projects that have it as a nested stack
    for path in paths:
        name = shown(path)
        # What is nested already is not evaluated alone as well, only to be left out afterwards.
        if name in named or all(together.leads(name, other) for other in nesting.get(name, ())):
            projects[name] = load(path, options(path), together=together)
            for source in projects[name].sources[1:]:
                nesting.setdefault(source, []).append(name)
    kept = [
        name
        for name, project in projects.items()
        if name in named or all(other in project.sources[1:] for other in nesting.get(name, ()))
    ]
    seen = {source for name in kept for source in projects[name].sources}
    for path in paths:  # of templates that nest one another in a circle each may be a part of the next
        name = shown(path)
        if name not in seen:
            if name not in projects:
                projects[name] = load(path, options(path), together=together)
            kept.append(name)
            seen.update(projects[name].sources)
    order = {shown(path): position for position, path in enumerate(paths)}
    taken = {(each.taker, each.parameter): (each.giver, each.name) for each in handed}
    return link_exports([projects[name] for name in sorted(kept, key=order.__getitem__)], taken)


def _handed_over(paths: Sequence[Path], options: Callable[[Path], LoadOptions]) -> list[HandedOver]:
    """What scripts of the repository hand over between templates that are linted together."""
    files = options(paths[0]).listing_files(paths[0].parent).files
    if files is None or len(paths) < 2:
        return []
    scripts = files.texts_like(is_script, SCRIPT_SIZE_LIMIT)
    read = ((each.as_posix(), text) for each, text in scripts or ())
    return list(handed_over([*map(shown, paths)], read, lambda path: text_if_readable(path, FILE_LIMIT)))
