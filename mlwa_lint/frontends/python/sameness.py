"""Whether what a program gives twice is the same: names of resources, and their properties.

`is_same` of the front ends is about the moment of deployment, where what is not known may be anything. A
program is more lenient with properties: a call that it comes to again makes the same resource unless
something known differs.
"""

from mlwa_lint.frontends.choices import is_same
from mlwa_lint.frontends.python.evaluation.values import REST, Entries
from mlwa_lint.model.values import Choice, ListValue, MapValue, Reference, Unknown, Value, known_text


def is_same_name(one: Value, other: Value) -> bool:
    """Whether two names are certainly the same text, whatever defaults they rest on."""
    left, right = known_text(one), known_text(other)
    if left is not None or right is not None:
        return left == right
    if isinstance(one, Unknown) and isinstance(other, Unknown):
        return bool(one.identity) and one.identity == other.identity
    if isinstance(one, Reference) and isinstance(other, Reference):
        return (one.address, one.attribute) == (other.address, other.attribute)
    if isinstance(one, Choice) and isinstance(other, Choice):
        condition = one.condition.name == other.condition.name
        return condition and is_same_name(one.yes, other.yes) and is_same_name(one.no, other.no)
    return False


def have_same_properties(one: Entries, other: Entries) -> bool:
    """Whether two resources have the same properties, as far as these are known."""
    if one.keys() != other.keys():
        return False
    return all(key == REST or agree(one[key].value, other[key].value) for key in one)


def agree(one: Value, other: Value) -> bool:
    """Whether two properties are the same as far as they are known, wherever they are written.

    Lists and maps whose further items are not known agree if the known ones do; choices agree if both depend
    on one condition and have the same alternatives.
    """
    if isinstance(one, MapValue) and isinstance(other, MapValue):
        if one.entries.keys() != other.entries.keys() or (one.rest is None) != (other.rest is None):
            return False
        return all(agree(entry.value, other.entries[key].value) for key, entry in one.entries.items())
    if isinstance(one, ListValue) and isinstance(other, ListValue):
        if len(one.items) != len(other.items) or (one.rest is None) != (other.rest is None):
            return False
        return all(map(agree, one.items, other.items))
    if isinstance(one, Choice) and isinstance(other, Choice):
        condition = one.condition.name == other.condition.name
        return condition and agree(one.yes, other.yes) and agree(one.no, other.no)
    return is_same(one, other)
