"""What the functions on lists, sets and maps share: reading arguments, and types that must be one."""

from collections.abc import Iterable, Sequence

from mlwa_lint.frontends.failures import reason_of
from mlwa_lint.frontends.identities import identity_of
from mlwa_lint.frontends.terraform.functions.compare import kind_of, same
from mlwa_lint.frontends.terraform.functions.data import CannotError, NotKnownError, texted
from mlwa_lint.model.spans import start_of
from mlwa_lint.model.values import (
    Absent,
    Choice,
    ListValue,
    MapValue,
    Reference,
    Scalar,
    Unknown,
    Value,
    known_text,
)


def as_list(value: Value) -> ListValue:
    """The value as a list or set, perhaps with a rest."""
    if isinstance(value, ListValue):
        return value
    if isinstance(value, (Absent, Scalar, MapValue)):
        raise CannotError("work on null" if isinstance(value, Absent) else "take this as a list")
    raise NotKnownError(value)


def closed_list(value: Value) -> ListValue:
    """The value as a list of which the number of items is known."""
    found = as_list(value)
    if found.rest is not None:
        raise NotKnownError(found.rest)
    return found


def as_map(value: Value) -> MapValue:
    """The value as a map or object, perhaps with a rest."""
    if isinstance(value, MapValue):
        return value
    if isinstance(value, (Absent, Scalar, ListValue)):
        raise CannotError("work on null" if isinstance(value, Absent) else "take this as a map")
    raise NotKnownError(value)


def unified(items: Sequence[Value]) -> tuple[Value, ...]:
    """The items of a list that has one type: numbers and truth values beside text become text."""
    kinds = {kind_of(item) for item in items if isinstance(item, Scalar)}
    if any(isinstance(item, Reference) or (isinstance(item, Unknown) and item.parts) for item in items):
        kinds.add("string")
    scalars = bool(kinds)
    if scalars and any(isinstance(item, (ListValue, MapValue)) for item in items):
        raise CannotError("take items of several types")
    if kinds == {"bool", "number"}:
        raise CannotError("take items of several types")
    if len(kinds) > 1:
        return tuple(texted(item) for item in items)
    if len(items) > 1 and all(isinstance(item, MapValue) for item in items):
        return _unified_maps([item for item in items if isinstance(item, MapValue)])
    return tuple(items)


def _unified_maps(items: Sequence[MapValue]) -> tuple[Value, ...]:
    """Attributes of the same name get one type across the items."""
    changed = {key: dict(item.entries) for key, item in enumerate(items)}
    for name in {name for item in items for name in item.entries}:
        holders = [number for number, item in enumerate(items) if name in item.entries]
        values = unified([items[number].entries[name].value for number in holders])
        for number, value in zip(holders, values, strict=True):
            changed[number][name] = changed[number][name]._replace(value=value)
    return tuple(item._replace(entries=changed[number]) for number, item in enumerate(items))


def is_closed(value: Value) -> bool:
    """Whether a value is wholly known: nothing in it is left to deployment."""
    if isinstance(value, ListValue):
        return value.rest is None and all(is_closed(item) for item in value.items)
    if isinstance(value, MapValue):
        return value.rest is None and all(is_closed(entry.value) for entry in value.entries.values())
    if isinstance(value, (Scalar, Absent)):
        return True
    return not isinstance(value, Choice) and known_text(value) is not None


def distinct_items(items: Iterable[Value], rest: Unknown | None) -> tuple[list[Value], Unknown | None]:
    """The different ones of the items; those that may equal another become part of the rest.

    A resource's attribute is kept: it hardly equals another item, and it makes an edge. So is a text of which
    a part is written out, and the rest otherwise than in another one.
    """
    kept: list[Value] = []
    seen: set[tuple[str, object]] = set()
    for item in items:
        key = _key_of(item)
        if key is not None and key in seen:
            continue
        if key is not None:
            seen.add(key)
        its_own = isinstance(item, Reference) or _is_written(item)
        if isinstance(item, Scalar) or (its_own and known_text(item) is None):
            kept.append(item)
            continue
        answers = [same(item, other) for other in kept]
        if True in answers:
            continue
        is_open = not isinstance(item, Reference) and not is_closed(item) and not _is_written(item)
        if None in answers and is_open:
            rest = rest or _rest_of(item)
            continue
        kept.append(item)
    return kept, rest


def _key_of(item: Value) -> tuple[str, object] | None:
    """What equal items certainly have in common; nothing where they have to be compared."""
    if isinstance(item, Scalar):
        return kind_of(item), item.data
    identity = identity_of(item) if isinstance(item, (Reference, Unknown)) else ""
    return ("identity", identity) if identity else None


def _is_written(item: Value) -> bool:
    """Whether part of a text is written out, and all else of it has a name."""
    return (
        isinstance(item, Unknown)
        and bool(item.identity)
        and any(isinstance(each, str) for each in item.parts)
    )


def _rest_of(item: Value) -> Unknown:
    reason = reason_of(item, "it is not known which items are equal")
    return Unknown(reason, item.span or start_of(""), secret=isinstance(item, Unknown) and item.secret)


def as_set(items: Iterable[Value], place: ListValue) -> ListValue:
    """The items as a set: of one type, different, in Terraform's order where that is known."""
    kept, rest = distinct_items(unified(tuple(items)), place.rest)
    scalars = [item for item in kept if isinstance(item, Scalar)]
    others = [item for item in kept if not isinstance(item, Scalar)]
    scalars.sort(key=_order)
    return ListValue((*scalars, *others), place.span, rest, place.assumed)


def _order(item: Scalar) -> tuple[str, float]:
    return (item.data, 0) if isinstance(item.data, str) else ("", item.data)
