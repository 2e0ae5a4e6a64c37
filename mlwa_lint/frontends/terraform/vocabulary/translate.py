"""Arguments and blocks of one resource into canonical properties."""

from collections.abc import Mapping

from mlwa_lint.frontends.terraform.vocabulary.blocks import SINGLE_BLOCKS
from mlwa_lint.frontends.terraform.vocabulary.converters import over
from mlwa_lint.frontends.terraform.vocabulary.spec import ArgumentShape, Field, FieldSpec, pascal
from mlwa_lint.model.values import (
    Absent,
    Choice,
    Entry,
    ListValue,
    MapValue,
    Unknown,
    Value,
    assume,
)

_DEPTH_LIMIT = 40


def translate(body: MapValue, fields: Mapping[str, FieldSpec], depth: int = 0) -> MapValue:
    """The canonical map of a body or block."""
    entries: dict[str, Entry] = {}
    rest = body.rest
    for key, entry in body.entries.items():
        field = _field(key, fields)
        if field.target is None:
            continue
        value = _value(entry.value, field, depth)
        labelled = Entry(entry.key_span, value, entry.label or key)
        if field.target:
            put(entries, field.target, labelled)
        else:
            rest = _splice(entries, labelled) or rest
    return MapValue(entries, body.span, rest, body.assumed)


def _field(key: str, fields: Mapping[str, FieldSpec]) -> Field:
    shape: ArgumentShape = "block" if key in SINGLE_BLOCKS else "plain"
    if key not in fields:
        return Field(pascal(key), shape)
    spec = fields[key]
    return spec if isinstance(spec, Field) else Field(spec, shape)


def put(entries: dict[str, Entry], path: str, entry: Entry) -> None:
    """Puts an entry at a dotted path; what is certainly absent makes no maps on its way."""
    head, _, tail = path.partition(".")
    if not tail:
        present = entries.get(head)
        if present is not None and isinstance(entry.value, Absent):
            return
        entries[head] = _joined(present, entry)
        return
    if isinstance(entry.value, Absent):
        return
    present = entries.get(head)
    inner: dict[str, Entry] = {}
    rest: Unknown | None = None
    if present is not None and isinstance(present.value, MapValue):
        inner, rest = dict(present.value.entries), present.value.rest
    elif present is not None and not isinstance(present.value, Absent):
        return  # what is there is not known as a map: nothing inside it is known
    put(inner, tail, entry)
    span = entry.value.span or entry.key_span
    entries[head] = Entry(entry.key_span, MapValue(inner, span, rest), entry.label)


def _joined(present: Entry | None, entry: Entry) -> Entry:
    """Two arguments that map to the same property: lists are joined, maps merged, else the later wins."""
    if present is None:
        return entry
    old, new = present.value, entry.value
    if isinstance(old, ListValue) and isinstance(new, ListValue):
        joined = ListValue(old.items + new.items, old.span, old.rest or new.rest, old.assumed | new.assumed)
        return present._replace(value=joined)
    if isinstance(old, MapValue) and isinstance(new, MapValue):
        both = {**old.entries, **new.entries}
        merged = MapValue(both, old.span, old.rest or new.rest, old.assumed | new.assumed)
        return present._replace(value=merged)
    return entry


def _splice(entries: dict[str, Entry], entry: Entry) -> Unknown | None:
    """A block's content beside the block; returns why there may be more of it."""
    value = entry.value
    if isinstance(value, MapValue):
        for key, inner in value.entries.items():
            put(entries, key, inner)
        return value.rest
    if isinstance(value, Choice):
        keys: dict[str, Entry] = {}
        for branch in (value.yes, value.no):
            if isinstance(branch, MapValue):
                keys = {**branch.entries, **keys}
        for key, inner in keys.items():
            chosen = Choice(value.condition, _of(value.yes, key), _of(value.no, key), value.span)
            put(entries, key, inner._replace(value=assume(chosen, value.assumed)))
        return None
    return value if isinstance(value, Unknown) else None


def _of(value: Value, key: str) -> Value:
    if isinstance(value, MapValue):
        return value.value(key)
    return Unknown(value.reason, value.span) if isinstance(value, Unknown) else Absent(value.span)


def _value(value: Value, field: Field, depth: int) -> Value:
    if depth > _DEPTH_LIMIT:
        return value
    if field.convert is not None and field.shape == "plain":
        return field.convert(value)
    if field.shape == "many":
        value = over(value, lambda v: _many(v, field, depth))
    else:
        value = over(value, lambda v: _plain(v, field, depth))
    return field.convert(value) if field.convert is not None else value


def _many(value: Value, field: Field, depth: int) -> Value:
    if isinstance(value, ListValue):
        return value._replace(
            items=tuple(over(item, lambda v: _block(v, field, depth)) for item in value.items)
        )
    if isinstance(value, MapValue):
        return ListValue((_block(value, field, depth),), value.span)
    return value


def _block(value: Value, field: Field, depth: int) -> Value:
    return translate(value, field.fields, depth + 1) if isinstance(value, MapValue) else value


def _plain(value: Value, field: Field, depth: int) -> Value:
    if isinstance(value, ListValue):
        if field.shape in ("one", "block"):
            return _single(value, field, depth)
        if _holds_maps(value):  # a block that no table knows
            return _many(value, field, depth) if len(value.items) > 1 else _single(value, field, depth)
    if isinstance(value, MapValue) and (field.shape == "one" or field.fields):
        return translate(value, field.fields, depth + 1)
    return value


def _single(value: ListValue, field: Field, depth: int) -> Value:
    """A block that may occur once; of several conditional ones the first that is present counts."""
    result: Value = value.rest if value.rest is not None else Absent(value.span, value.assumed)
    for item in reversed(value.items):
        result = _or_else(over(item, lambda v: _block(v, field, depth)), result)
    return assume(result, value.assumed)


def _or_else(value: Value, other: Value) -> Value:
    if isinstance(value, Choice):
        return value._replace(yes=_or_else(value.yes, other), no=_or_else(value.no, other))
    return other if isinstance(value, Absent) else value


def _holds_maps(value: ListValue) -> bool:
    for item in value.items:
        while isinstance(item, Choice):
            item = item.no if isinstance(item.yes, Absent) else item.yes
        if isinstance(item, MapValue):
            return True
    return False
