"""The names of a resource's properties in a program's calls, for remedies."""

from mlwa_lint.model.notation import ArgumentNames, Path, Spelling
from mlwa_lint.model.resources import Resource


def names_of(resource: Resource) -> ArgumentNames:
    """The names of one resource's properties."""
    spelling = resource.vocabulary
    return _Own(resource, spelling) if isinstance(spelling, Spelling) else ArgumentNames()


class _Own(ArgumentNames):
    def __init__(self, resource: Resource, spelling: Spelling) -> None:
        self._resource = resource
        self._spelling = spelling

    def label(self, path: Path) -> str:
        return self._resource.vocabulary.label(self._resource.type, path)

    def own(self, path: Path) -> str | None:
        return self._spelling.own(self._resource.type, path)

    def ending(self, path: Path) -> Path | None:
        return self._spelling.ending(path)

    def shape(self, argument: str) -> str:
        return self._spelling.shape(argument)

    def key(self, name: str) -> str:
        return self._spelling.key(name)
