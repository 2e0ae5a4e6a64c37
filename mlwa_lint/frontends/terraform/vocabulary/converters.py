"""Translations of values; each keeps choices, unknowns and places."""

from collections.abc import Callable, Mapping

from mlwa_lint.model.partial_json import structure
from mlwa_lint.model.values import (
    Absent,
    Choice,
    Entry,
    ListValue,
    MapValue,
    Plain,
    Reference,
    Scalar,
    Unknown,
    Value,
    assume,
    known_text,
)


def over(value: Value, convert: Callable[[Value], Value]) -> Value:
    """Converts every alternative of a value."""
    if isinstance(value, Choice):
        return value._replace(yes=over(value.yes, convert), no=over(value.no, convert))
    return convert(value)


def pairs(key_name: str, value_name: str) -> Callable[[Value], Value]:
    """A map becomes a list of {key_name: …, value_name: …}."""

    def convert(value: Value) -> Value:
        if not isinstance(value, MapValue):
            return value
        items: list[Value] = []
        for key, entry in value.entries.items():
            named = Entry(entry.key_span, Scalar(key, entry.key_span), key)
            item = MapValue({key_name: named, value_name: entry}, entry.key_span)
            items.append(_unless_absent(entry.value, item))
        return ListValue(tuple(items), value.span, value.rest, value.assumed)

    return lambda value: over(value, convert)


def _unless_absent(value: Value, item: MapValue) -> Value:
    return over(value, lambda each: each if isinstance(each, Absent) else item)


tag_list = pairs("Key", "Value")
dimension_list = pairs("Name", "Value")


def keys_as(names: Mapping[str, str]) -> Callable[[Value], Value]:
    """Other words for the same text values (enumerations)."""

    def convert(value: Value) -> Value:
        text = known_text(value)
        if text is None or text not in names or not isinstance(value, Scalar):
            return value
        return value._replace(data=names[text])

    return lambda value: over(value, convert)


def flag(yes: Plain, no: Plain | None) -> Callable[[Value], Value]:
    """A truth value becomes one of two others; None means absence."""

    def convert(value: Value) -> Value:
        if not isinstance(value, Scalar):
            return value
        chosen = yes if value.data in (True, "true") else no
        return Absent(value.span, value.assumed) if chosen is None else value._replace(data=chosen)

    return lambda value: over(value, convert)


def _listed(value: Value) -> Value:
    if isinstance(value, (Absent, ListValue)) or value.span is None:
        return value
    return ListValue((value,), value.span, None, value.assumed)


def as_list(value: Value) -> Value:
    """A single value becomes a list of one."""
    return over(value, _listed)


def _first(value: Value) -> Value:
    if not isinstance(value, ListValue):
        return value
    if value.items:
        return assume(value.items[0], value.assumed)
    return value.rest or Absent(value.span, value.assumed)


def first(value: Value) -> Value:
    """A list becomes its first item, where there can only be one."""
    return over(value, _first)


def single(value: Value) -> Value:
    """A list of one becomes its item; longer ones stay."""
    return over(value, lambda each: _first(each) if _is_single(each) else each)


def _is_single(value: Value) -> bool:
    return isinstance(value, ListValue) and len(value.items) == 1 and value.rest is None


def document(value: Value) -> Value:
    """JSON text becomes its content; structures and what cannot be read stay as they are."""

    def convert(each: Value) -> Value:
        if isinstance(each, (Scalar, Unknown, Reference)):
            return structure(each) or each
        return each

    return over(value, convert)


def description(value: Value) -> Value:
    """The description of an API, which may be a text of JSON or of YAML, as its content."""

    def convert(each: Value) -> Value:
        if isinstance(each, (Scalar, Unknown, Reference)):
            from mlwa_lint.frontends.terraform.functions.encoding import yaml_document

            return yaml_document(each) or each
        return each

    return over(document(value), convert)


# Maps in definitions of containers whose keys are the user's own.
_OWN_KEYS = frozenset({"DockerLabels", "DriverOpts", "Labels", "Options", "Parameters"})


def containers(value: Value) -> Value:
    """The JSON of containers, with CloudFormation's names: `Environment` for `environment`."""
    return over(document(value), _capitalised)


def _capitalised(value: Value) -> Value:
    if isinstance(value, ListValue):
        return value._replace(items=tuple(over(each, _capitalised) for each in value.items))
    if not isinstance(value, MapValue):
        return value
    entries: dict[str, Entry] = {}
    for key, entry in value.entries.items():
        name = key[:1].upper() + key[1:]
        inner = entry.value if name in _OWN_KEYS else over(entry.value, _capitalised)
        entries[name] = entry._replace(value=inner)
    return value._replace(entries=entries)


def key_filter(name: str) -> Callable[[Value], Value]:
    """The prefix or suffix of object keys as a rule of S3's notification filter."""

    def convert(value: Value) -> Value:
        if isinstance(value, Absent) or value.span is None:
            return value
        span = value.span
        rule = {"Name": Entry(span, Scalar(name, span), name), "Value": Entry(span, value, name)}
        return ListValue((MapValue(rule, span),), span)

    return lambda value: over(value, convert)


def holding(key: str) -> Callable[[Value], Value]:
    """A single value becomes a list of one map that has it under a key."""

    def convert(value: Value) -> Value:
        if isinstance(value, Absent) or value.span is None:
            return value
        content = MapValue({key: Entry(value.span, value, key)}, value.span)
        return ListValue((content,), value.span)

    return lambda value: over(value, convert)


def fixed(key: str, data: Plain, value_key: str) -> Callable[[Value], Value]:
    """A value becomes a map that holds it beside a fixed entry."""

    def convert(value: Value) -> Value:
        if isinstance(value, Absent) or value.span is None:
            return value
        span = value.span
        return MapValue(
            {key: Entry(span, Scalar(data, span), key), value_key: Entry(span, value, value_key)}, span
        )

    return lambda value: over(value, convert)


def keyed(key: str) -> Callable[[Value], Value]:
    """A list of maps becomes a map of them by one of their entries (in canonical spelling)."""

    def convert(value: Value) -> Value:
        if not isinstance(value, ListValue):
            return value
        entries: dict[str, Entry] = {}
        rest = value.rest
        for item in value.items:
            name = (
                known_text(item.entries[key].value)
                if isinstance(item, MapValue) and key in item.entries
                else None
            )
            if name is None or not isinstance(item, MapValue):
                rest = Unknown("its key is not known", value.span)
            else:
                inner = {name_: entry for name_, entry in item.entries.items() if name_ != key}
                entries[name] = Entry(item.entries[key].key_span, item._replace(entries=inner), name)
        return MapValue(entries, value.span, rest, value.assumed)

    return lambda value: over(value, convert)


def inside(key: str) -> Callable[[Value], Value]:
    """A value becomes a map that has it under a key."""

    def convert(value: Value) -> Value:
        if isinstance(value, Absent) or value.span is None:
            return value
        return MapValue({key: Entry(value.span, value, key)}, value.span)

    return lambda value: over(value, convert)


def each_inside(key: str) -> Callable[[Value], Value]:
    """Every item of a list becomes a map that has it under a key."""
    return _each(inside(key))


def _each(one: Callable[[Value], Value]) -> Callable[[Value], Value]:
    """A conversion of every item of a list."""

    def convert(value: Value) -> Value:
        if not isinstance(value, ListValue):
            return value
        return value._replace(items=tuple(one(item) for item in value.items))

    return lambda value: over(value, convert)


dimension_values = pairs("Key", "Value")


def subscribers(kind: str) -> Callable[[Value], Value]:
    """Addresses become a budget's subscribers."""
    return _each(fixed("SubscriptionType", kind, "Address"))
