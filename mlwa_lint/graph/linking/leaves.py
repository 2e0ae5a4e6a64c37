"""The leaves of a resource: the values in which it may name another one, with their places and guards."""

from mlwa_lint.model.conditions import Guard
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import (
    Absent,
    Choice,
    ListValue,
    MapValue,
    Reference,
    Scalar,
    Unknown,
    Value,
    alternatives,
    known_text,
    plain_text,
)
from mlwa_lint.startup.records import NamedTuple

DEPTH_LIMIT = 60


class ValueLeaf(NamedTuple):
    """A plain, unknown or referring value somewhere in a resource."""

    path: tuple[str, ...]
    span: Span
    value: Scalar | Unknown | Reference
    guards: tuple[Guard, ...]


def leaves(value: Value, span: Span, guards: tuple[Guard, ...]) -> list[ValueLeaf]:
    """Every leaf of a value, in its order; `guards` are the resource's own."""
    found: list[ValueLeaf] = []
    _collect(value, span, (), guards, 0, found)
    return found


def _collect(
    value: Value,
    span: Span,
    path: tuple[str, ...],
    guards: tuple[Guard, ...],
    depth: int,
    found: list[ValueLeaf],
) -> None:
    if depth > DEPTH_LIMIT:
        return
    # The most frequent come first: every value of every resource comes here.
    if isinstance(value, Scalar):
        found.append(ValueLeaf(path, span, value, guards))
    elif isinstance(value, MapValue):
        for key, entry in value.entries.items():
            _collect(entry.value, entry.key_span, (*path, key), guards, depth + 1, found)
    elif isinstance(value, ListValue):
        for item in value.items:
            _collect(item, item.span or span, path, guards, depth + 1, found)
    elif isinstance(value, (Unknown, Reference)):
        found.append(ValueLeaf(path, span, value, guards))
    elif isinstance(value, Choice):
        for option in alternatives(value, guards):
            _collect(option.value, span, path, option.guards, depth, found)


def is_read(value: Unknown) -> bool:
    """Whether all pieces of a text are known or lead to resources."""
    return bool(value.parts) and not any(
        isinstance(part, Unknown) and known_text(part) is None and not is_read(part) for part in value.parts
    )


def entry_of(value: MapValue, key: str) -> Value:
    """The value of a key; absent where the map does not have it."""
    return value.entries[key].value if key in value.entries else Absent()


def literal_part(value: Scalar | Unknown | Reference) -> str:
    """The known pieces of a text."""
    if isinstance(value, Scalar):
        return plain_text(value.data)
    if isinstance(value, Unknown):
        return "".join(part for part in value.parts if isinstance(part, str))
    return value.known or ""


def why(value: Value) -> str:
    """Why it is not known which resource a value names, as a phrase."""
    if isinstance(value, Unknown):
        return value.reason
    if isinstance(value, Reference):
        return f"{value.address} is not declared here"
    return "it is not known"
