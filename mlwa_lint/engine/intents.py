"""Puts a rule's change into the user's names and into what can be kept and sent: no view, no world."""

from collections.abc import Iterator
from json import dumps

from mlwa_lint.graph.changes import Change
from mlwa_lint.model.intents import Data, Intent
from mlwa_lint.model.resources import Resource


def intent_of(change: Change) -> Intent:
    """The change as an intent about source text that is still to be looked at."""
    resource = change.at.resource
    path = change.at.path
    anchor = change.at.span
    if change.kind == "add":
        properties = change.value if isinstance(change.value, dict) else {}
        wanted: Data = {"type": change.name, "properties": properties}
        return Intent("add", dumps(wanted), (), resource.span, change.risk)
    if change.kind == "attribute":
        return Intent("attribute", dumps({change.name: change.value}), (), resource.span, change.risk)
    leaves = list(_leaves(change.value, path))
    properties_of = tuple(".".join(leaf) for leaf, _ in leaves)
    return Intent(
        change.kind, dumps(_in_names(resource, path, change.value)), properties_of, anchor, change.risk
    )


def _leaves(value: Data, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Data]]:
    """The values that stand in no map any more, with their canonical paths; lists leave no trace in them."""
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _leaves(inner, (*path, key))
    elif isinstance(value, list) and value and all(isinstance(each, dict) for each in value):
        for each in value:
            yield from _leaves(each, path)
    else:
        yield path, value


def _in_names(resource: Resource, path: tuple[str, ...], value: Data) -> Data:
    """What shall stand there from the resource downwards, under the names that the user writes."""
    if resource.vocabulary.language == "cloudformation":
        for key in reversed(path):
            value = {key: value}
        return value
    label = resource.vocabulary.label
    found: dict[str, Data] = {}
    for leaf, data in _leaves(value, path):
        at = found
        *above, last = label(resource.type, leaf).split(".")
        for name in above:
            below = at.setdefault(name, {})
            if not isinstance(below, dict):
                break
            at = below
        at[last] = data
    return found
