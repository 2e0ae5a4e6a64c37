"""Translates a rule's change into the user's names, and into data without views, to be kept and sent."""

from collections.abc import Callable, Iterator

from mlwa_lint.graph.changes import Change
from mlwa_lint.model.intents import Data, Intent
from mlwa_lint.model.resources import Resource

_Path = tuple[str, ...]
_Labels = Callable[[_Path], _Path]


def intent_of(change: Change) -> Intent:
    """The change as an intent about source text that is not read yet."""
    resource, path, value = change.at.resource, change.at.path, change.value
    if change.kind == "add":
        wanted = _json({"type": change.type, "properties": value})
        return Intent("add", wanted, (), resource.span, change.risk)
    named = _json(_named(resource, path, value))
    if change.kind == "attribute":
        return Intent("attribute", named, (), resource.span, change.risk)
    properties = tuple(dict.fromkeys(".".join(leaf) for leaf in _leaves(value, path)))
    return Intent(change.kind, named, properties, change.at.span, change.risk)


def _json(value: Data) -> str:
    """What json.dumps gives; loading that takes a millisecond, so only what is unusual is left to it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_json(key)}: {_json(inner)}' for key, inner in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_json, value))}]"
    if isinstance(value, str) and value.isascii() and value.isprintable() and not {'"', "\\"} & set(value):
        return f'"{value}"'
    from json import dumps

    return dumps(value)


def _leaves(value: Data, path: _Path) -> Iterator[_Path]:
    """The canonical paths of the values in maps; lists leave no trace in them."""
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _leaves(inner, (*path, key))
    elif isinstance(value, list) and value and all(isinstance(each, dict) for each in value):
        for each in value:
            yield from _leaves(each, path)
    else:
        yield path


def _named(resource: Resource, path: _Path, value: Data) -> Data:
    """The new value from the resource downwards, under the names that the user writes."""
    if resource.vocabulary.language == "cloudformation":
        for key in reversed(path):
            value = {key: value}
        return value

    def labels(of: _Path) -> _Path:
        return tuple(resource.vocabulary.label(resource.type, of).split(".")) if of else ()

    return _tree(list(_labelled(value, path, labels)))


def _labelled(value: Data, path: _Path, labels: _Labels) -> Iterator[tuple[_Path, Data]]:
    """The values that are no longer in any map, with the user's names from the resource to them."""
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _labelled(inner, (*path, key), labels)
        return
    if isinstance(value, list) and value and all(isinstance(each, dict) for each in value):
        start = labels(path)
        found = [list(_labelled(each, path, labels)) for each in value]
        if all(name[: len(start)] == start for each in found for name, _ in each):
            items = [_tree([(name[len(start) :], inner) for name, inner in each]) for each in found]
            yield start, items
        else:
            yield from (pair for each in found for pair in each)
        return
    yield labels(path), value


def _tree(values: list[tuple[_Path, Data]]) -> Data:
    found: dict[str, Data] = {}
    for (*above, last), value in values:
        at = found
        for name in above:
            below = at.setdefault(name, {})
            if not isinstance(below, dict):
                break
            at = below
        at[last] = value
    return found
