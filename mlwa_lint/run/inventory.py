"""All resources of a run, for those who need each of them and not only findings."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from mlwa_lint.model.resources import Language, Project
from mlwa_lint.model.secrets import Secrets
from mlwa_lint.model.spans import Span
from mlwa_lint.startup.records import NamedTuple


class Listed(NamedTuple):
    """One resource of a project; root is what it is deployed with."""

    root: str
    address: str
    type: str
    language: Language
    span: Span
    region: str | None


_LISTENING: ContextVar[list[Listed] | None] = ContextVar("inventory", default=None)


@contextmanager
def taking_inventory() -> Iterator[list[Listed]]:
    """Notes the resources of every project that is linted in this process, without secrets."""
    found: list[Listed] = []
    token = _LISTENING.set(found)
    try:
        yield found
    finally:
        _LISTENING.reset(token)


def note_resources(projects: Iterable[Project], own: Secrets) -> None:
    """Records the resources of some projects if an inventory is being taken."""
    found = _LISTENING.get()
    if found is None:
        return
    for project in projects:
        found += [
            Listed(
                project.root,
                own.scrub(each.address),
                each.type,
                each.vocabulary.language,
                each.span,
                None if each.region is None else own.scrub(each.region),
            )
            for each in project.resources
        ]
