"""What endpoint configurations host where their variants are not wholly known."""

from collections.abc import Iterator

from mlwa_lint.graph.linking.leaves import ValueLeaf
from mlwa_lint.model.conditions import Guard
from mlwa_lint.model.resources import Resource
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import ListValue, MapValue, Reference, Unknown, Value, alternatives

_VARIANTS = ("ProductionVariants", "ShadowProductionVariants")


def unread_variants(config: Resource) -> Iterator[ValueLeaf]:
    """Each part of a configuration that may name a model, and is not known."""
    properties = config.properties
    if properties.rest is not None and _VARIANTS[0] not in properties.entries:
        yield _leaf(properties.rest, _VARIANTS[0], config.span, config.guards)
    for name in _VARIANTS:
        entry = properties.entries.get(name)
        for option in alternatives(entry.value, config.guards) if entry is not None else ():
            for value, guards in _unread(option.value, option.guards):
                yield _leaf(value, name, entry.key_span if entry is not None else config.span, guards)


def _unread(listed: Value, guards: tuple[Guard, ...]) -> Iterator[tuple[Value, tuple[Guard, ...]]]:
    if isinstance(listed, (Unknown, Reference)):
        yield listed, guards
    if not isinstance(listed, ListValue):
        return
    if listed.rest is not None:
        yield listed.rest, guards
    for item in listed.items:
        for option in alternatives(item, guards):
            if isinstance(option.value, (Unknown, Reference)):
                yield option.value, option.guards
                continue
            entries = option.value.entries if isinstance(option.value, MapValue) else {}
            rest = option.value.rest if isinstance(option.value, MapValue) else None
            if rest is not None and "ModelName" not in entries:
                yield rest, option.guards


def _leaf(value: Value, name: str, span: Span, guards: tuple[Guard, ...]) -> ValueLeaf:
    assert isinstance(value, (Unknown, Reference))
    return ValueLeaf((name,), span, value, guards)
