"""Which repository of ECR an image is of: by a reference, or by its name behind a registry."""

import re
from typing import TypeAlias

from mlwa_lint.graph.kinds import REPOSITORY
from mlwa_lint.graph.linking.naming import GAP
from mlwa_lint.graph.memo import remembered
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import Resolved, ResourceView, View
from mlwa_lint.model.values import Reference, TextPart, Unknown, identity_of, known_text, references_in

# What images of one repository have in common: its address or its name, and which of the two.
Key: TypeAlias = tuple[str, str]


def of(image: View, graph: GraphView) -> list[ResourceView]:
    """The repositories of the project that an image refers to, or certainly names."""
    declared = _declared(graph)
    addresses = dict.fromkeys(each for key in sorted(keys_of(image)) for each in declared.get(key, ()))
    return [graph.resource(each) for each in addresses]


@remembered
def _declared(graph: GraphView) -> dict[Key, list[str]]:
    """The addresses of repositories, by what images of them have in common."""
    found: dict[Key, list[str]] = {}
    for repository in graph.of_type(REPOSITORY):
        for key in keys_of_images(repository):
            found.setdefault(key, []).append(repository.address)
    return found


def keys_of(image: View) -> set[Key]:
    """The repositories that an image refers to, and what it names behind a registry of ECR."""
    path = _path_of(image)
    named = {("name", path)} if path else set[Key]()
    return named | {("address", reference.address) for reference, _ in references_in(image.value)}


def keys_of_name(name: View) -> set[Key]:
    """The repository that a name of one is that of, as `keys_of` gives it."""
    key = _key_of(_parts_of(name.value))
    named = {("name", key)} if key else set[Key]()
    return named | {("address", reference.address) for reference, _ in references_in(name.value)}


def keys_of_images(repository: ResourceView) -> set[Key]:
    """What images of a repository have one of: that they refer to it, or its name."""
    name = _key_of(_parts_of(repository["RepositoryName"].value))
    return {("address", repository.address), ("name", name)} if name else {("address", repository.address)}


def _path_of(image: View) -> str | None:
    """What follows a registry of the account in an image's name, as `_key_of` gives it."""
    parts = list(_parts_of(image.value))
    registry = ""
    while parts:
        part = parts.pop(0)
        text = part if isinstance(part, str) else known_text(part)
        head, slash, rest = (GAP if text is None else text).partition("/")
        registry += head
        if slash:
            # The registry may be an answer of ECR as a whole.
            ours = registry.endswith(".amazonaws.com") or set(registry) == {GAP}
            return _key_of((rest, *parts)) if ours else None
    return None


def _parts_of(value: Resolved) -> tuple[TextPart, ...]:
    if isinstance(value, Unknown) and value.parts:
        return value.parts
    if isinstance(value, (Unknown, Reference)):
        return (value,)
    text = known_text(value)
    return () if text is None else (text,)


def _key_of(parts: tuple[TextPart, ...]) -> str:
    """What equal texts have in common before a tag or a digest; empty where something in it is not known."""
    key = ""
    for part in parts:
        shown = part if isinstance(part, str) else known_text(part)
        if shown is not None:
            name, *tag = re.split("[:@]", shown, maxsplit=1)
            key += name
            if tag:
                return key
        else:
            identity = "" if isinstance(part, str) else identity_of(part)
            if not identity:
                return ""
            key += f"{GAP}{identity}{GAP}"
    return key
