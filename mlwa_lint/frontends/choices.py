"""Values that depend on conditions: made, narrowed, and mapped alternative by alternative."""

from collections.abc import Callable, Sequence

from mlwa_lint.model.budget import budget
from mlwa_lint.model.conditions import Condition
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import (
    Absent,
    Choice,
    Entry,
    ListValue,
    MapValue,
    Reference,
    Scalar,
    Unknown,
    Value,
    alternatives,
)

ALTERNATIVES_LIMIT = 64
# How deep two branches are compared; deeper ones count as different.
_LEVELS = 20


def choose(condition: Condition, yes: Value, no: Value, span: Span) -> Value:
    """A choice, narrowed by what each branch already implies; no choice when both are the same."""
    yes, no = narrow(yes, condition, True), narrow(no, condition, False)
    if yes == no:
        return yes
    return Choice(condition, yes, no, span)


def is_same(one: Value, other: Value, levels: int = _LEVELS) -> bool:
    """Whether two values are certainly the same at deployment, wherever they are written.

    They have one type (`1` is not `"1"`) and rest on the same defaults. A value that depends on a condition,
    or has items that are not known, is never certainly the same as another one. Rules ask `same_value`, which
    knows a third answer and compares as services do.
    """
    if one.__class__ is not other.__class__ or one.assumed != other.assumed or not levels:
        return False
    if isinstance(one, Scalar) and isinstance(other, Scalar):
        return one.data.__class__ is other.data.__class__ and one.data == other.data
    if isinstance(one, Reference) and isinstance(other, Reference):
        return one._replace(span=other.span) == other
    if isinstance(one, Unknown) and isinstance(other, Unknown):
        # What is read twice may be another time; only what has an identity is the same for certain.
        return one.identity == other.identity != "" and one.reason == other.reason
    if isinstance(one, ListValue) and isinstance(other, ListValue):
        known = one.rest is None and other.rest is None and len(one.items) == len(other.items)
        return known and all(map(is_same, one.items, other.items, (levels - 1 for _ in one.items)))
    if isinstance(one, MapValue) and isinstance(other, MapValue):
        return _has_same_entries(one, other, levels - 1)
    return isinstance(one, Absent)


def _has_same_entries(one: MapValue, other: MapValue, levels: int) -> bool:
    if one.rest is not None or other.rest is not None:
        return False
    # Entries that are evaluated on demand are left alone.
    if not (isinstance(one.entries, dict) and isinstance(other.entries, dict)):
        return False
    return one.entries.keys() == other.entries.keys() and all(
        is_same(entry.value, other.entries[key].value, levels) for key, entry in one.entries.items()
    )


def one_map(value: Value) -> Value:
    """A choice between maps as a map of choices; other values as they are."""
    if not isinstance(value, Choice):
        return MapValue({}, value.span) if isinstance(value, Absent) and value.span else value
    yes, no = one_map(value.yes), one_map(value.no)
    if not isinstance(yes, MapValue) or not isinstance(no, MapValue):
        return value
    entries: dict[str, Entry] = {}
    for key in dict.fromkeys((*yes.entries, *no.entries)):
        sides = [side.entries.get(key) for side in (yes, no)]
        first = sides[0] or sides[1]
        assert first is not None
        left, right = (Absent(value.span) if side is None else side.value for side in sides)
        entries[key] = first._replace(value=choose(value.condition, left, right, value.span))
    return MapValue(entries, value.span, yes.rest or no.rest, yes.assumed | no.assumed)


def narrow(value: Value, condition: Condition, holds: bool) -> Value:
    """The value where a condition is known to hold or not, at its top level."""
    return _narrow(value, condition.name, holds, {}) if isinstance(value, Choice) else value


def _narrow(value: Choice, name: str, holds: bool, seen: dict[int, Value]) -> Value:
    """`seen`: what was narrowed before; alternatives share their parts, and there are many ways to each."""
    found = seen.get(id(value))
    if found is None:
        if value.condition.name == name:
            found = value.yes if holds else value.no
            if isinstance(found, Choice):
                found = _narrow(found, name, holds, seen)
        else:
            yes, no = value.yes, value.no
            if isinstance(yes, Choice):
                yes = _narrow(yes, name, holds, seen)
            if isinstance(no, Choice):
                no = _narrow(no, name, holds, seen)
            found = value if yes is value.yes and no is value.no else value._replace(yes=yes, no=no)
        seen[id(value)] = found
    return found


def over_alternatives(values: Sequence[Value], make: Callable[[Sequence[Value]], Value], span: Span) -> Value:
    """Applies a function to every combination of the values' alternatives; the result is a choice again."""
    combinations = 1
    for value in values:
        if isinstance(value, Choice):
            combinations *= len(alternatives(value))
    if combinations > ALTERNATIVES_LIMIT:
        return Unknown(f"more than {ALTERNATIVES_LIMIT} alternatives", span)
    if combinations > 1 and (why := budget().for_nodes(combinations * len(values))):
        return Unknown(why, span)
    return _distribute(values, make, span)


def _distribute(values: Sequence[Value], make: Callable[[Sequence[Value]], Value], span: Span) -> Value:
    for value in values:
        if isinstance(value, Choice):
            condition = value.condition
            yes = _distribute([narrow(v, condition, True) for v in values], make, span)
            no = _distribute([narrow(v, condition, False) for v in values], make, span)
            return choose(condition, yes, no, span)
    return make(values)
