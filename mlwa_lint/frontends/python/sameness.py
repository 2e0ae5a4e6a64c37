"""Whether names and properties are the same, wherever they are written."""

from mlwa_lint.frontends.python.evaluation.values import REST, Entries
from mlwa_lint.model.values import Choice, ListValue, MapValue, Reference, Scalar, Unknown, Value, known_text


def same(one: Value, other: Value) -> bool:
    """Whether two names certainly are the same."""
    left, right = known_text(one), known_text(other)
    if left is not None or right is not None:
        return left == right
    if isinstance(one, Unknown) and isinstance(other, Unknown):
        return bool(one.identity) and one.identity == other.identity
    if isinstance(one, Reference) and isinstance(other, Reference):
        return (one.address, one.attribute) == (other.address, other.attribute)
    if isinstance(one, Choice) and isinstance(other, Choice):
        condition = one.condition.name == other.condition.name
        return condition and same(one.yes, other.yes) and same(one.no, other.no)
    return False


def alike(one: Entries, other: Entries) -> bool:
    """Whether two resources have the same properties."""
    if one.keys() != other.keys():
        return False
    return all(key == REST or equal(one[key].value, other[key].value) for key in one)


def equal(one: Value, other: Value) -> bool:
    """Whether two values are the same wherever they are written."""
    if isinstance(one, MapValue) and isinstance(other, MapValue):
        if one.entries.keys() != other.entries.keys() or (one.rest is None) != (other.rest is None):
            return False
        return all(equal(entry.value, other.entries[key].value) for key, entry in one.entries.items())
    if isinstance(one, ListValue) and isinstance(other, ListValue):
        if len(one.items) != len(other.items) or (one.rest is None) != (other.rest is None):
            return False
        return all(map(equal, one.items, other.items))
    if isinstance(one, Scalar) and isinstance(other, Scalar):
        return (one.data, one.assumed) == (other.data, other.assumed)
    if isinstance(one, Unknown) and isinstance(other, Unknown):
        return bool(one.identity) and one.identity == other.identity
    if isinstance(one, Choice) and isinstance(other, Choice):
        condition = one.condition.name == other.condition.name
        return condition and equal(one.yes, other.yes) and equal(one.no, other.no)
    return one == other
