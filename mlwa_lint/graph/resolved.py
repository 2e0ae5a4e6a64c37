"""Values as one world has them: why they are not known, and whether two are equal at deployment."""

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Protocol, TypeAlias

from mlwa_lint.model.answers import NO, YES, Answer, answer, every, undecided
from mlwa_lint.model.values import (
    Absent,
    ListValue,
    MapValue,
    Reference,
    Scalar,
    Unknown,
    Value,
    about,
    known_text,
)

Resolved: TypeAlias = Scalar | Absent | Unknown | Reference | ListValue | MapValue
# Of more texts that a value can be, messages show the first ones.
_FEW = 4
_SHOWN = 3
MISSING_REASON = "it is known only after deployment"


def why_unknown(value: Resolved) -> str:
    """The reason why a value is not known, as a phrase."""
    if isinstance(value, Unknown):
        return value.reason
    if isinstance(value, Reference):
        attribute = f".{value.attribute}" if value.attribute else ""
        return f"{value.address}{attribute} is known only after deployment"
    return MISSING_REASON


class Labelled(Protocol):
    """What has a name in the user's language."""

    @property
    def label(self) -> str:
        """The name; empty for a resource as a whole."""
        ...


def named(reason: str, view: Labelled) -> str:
    """A reason that is about a value as "it", with the name of the property."""
    return about(reason, view.label)


def why_end_unknown(value: Resolved) -> str:
    """The reason why the end of a text is not known: that of its last part."""
    last = value.parts[-1] if isinstance(value, Unknown) and value.parts else value
    for part in reversed(value.parts if isinstance(value, Unknown) else ()):
        if not isinstance(part, str):
            last = part
            break
    return why_unknown(value if isinstance(last, str) else last)


def number_of(text: str) -> float | None:
    """The number that a text is, or None, as for what is beyond all numbers."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if isfinite(number) else None


def bounded(value: Resolved, bound: float, above: bool) -> Answer | None:
    """Whether an open number is `bound` or more, or above it; None where its bounds do not decide that."""
    if not isinstance(value, Unknown) or value.one_of:
        return None
    if value.least is not None and (value.least > bound or (value.least == bound and not above)):
        return answer(True, value.assumed)
    if value.most is not None and (value.most < bound or (value.most == bound and above)):
        return answer(False, value.assumed)
    return None


def one_of_these(texts: Sequence[str]) -> str:
    """Texts that a value can be as messages write them, numbers in their order: the first ones of many."""
    numbers = [number_of(text) for text in texts]
    known = [number for number in numbers if number is not None]
    if len(known) == len(numbers):
        texts = [text for _, text in sorted(zip(known, texts, strict=True))]
    if len(texts) > _FEW:
        return f"{', '.join(texts[:_SHOWN])} or one of {len(texts) - _SHOWN} others"
    return " or ".join(texts)


def same_value(left: Resolved, right: Resolved) -> Answer:
    """Whether two values are equal at deployment; undecided where that is not known.

    Values are compared as services take them: `1` and `"1"` are the same. The answer rests on the defaults
    that either value rests on. References to different resources count as different.
    """
    assumed = left.assumed | right.assumed
    texts = known_text(left), known_text(right)
    if texts[0] is not None and texts[1] is not None:
        return answer(texts[0] == texts[1], assumed)
    if (compared := _compared(left, right)) is not None:
        return compared
    if isinstance(left, Absent) or isinstance(right, Absent):
        if isinstance(left, Absent) and isinstance(right, Absent):
            return answer(True, assumed)
        other = right if isinstance(left, Absent) else left
        if isinstance(other, Unknown) and not other.present:
            return undecided(other.reason)
        return answer(False, assumed)
    if isinstance(left, Reference) and isinstance(right, Reference):
        if (left.address, left.attribute) == (right.address, right.attribute):
            return YES
        return undecided(why_unknown(left)) if left.address == right.address else NO
    if isinstance(left, Unknown) and isinstance(right, Unknown) and left.identity:
        if left.identity == right.identity:
            return YES
        return undecided(left.reason)
    if isinstance(left, (Unknown, Reference)):
        return undecided(why_unknown(left))
    if isinstance(right, (Unknown, Reference)):
        return undecided(why_unknown(right))
    if isinstance(left, ListValue) and isinstance(right, ListValue):
        return _same_lists(left, right)
    if isinstance(left, MapValue) and isinstance(right, MapValue):
        return _same_maps(left.entries, right.entries, left, right)
    return NO


def _compared(left: Resolved, right: Resolved) -> Answer | None:
    """The answer for texts that differ in what is known of them, and for those that are one of several.

    All pairs of these have to give the same.
    """
    assumed = left.assumed | right.assumed
    one, other = _options(left), _options(right)
    if not one or not other:
        from mlwa_lint.model.partial_texts import certainly_differ

        return answer(False, assumed) if certainly_differ(left, right) else None
    if set(one).isdisjoint(other):
        return answer(False, assumed)
    return answer(True, assumed) if len({*one, *other}) == 1 else None


def _options(value: Resolved) -> tuple[str, ...]:
    text = known_text(value)
    if text is not None:
        return (text,)
    return value.one_of if isinstance(value, Unknown) else ()


def _same_lists(left: ListValue, right: ListValue) -> Answer:
    if rest := left.rest or right.rest:
        return undecided(rest.reason)
    if len(left.items) != len(right.items):
        return NO
    return every(_same_nested(a, b) for a, b in zip(left.items, right.items, strict=True))


def _same_maps(left: Mapping[str, object], right: Mapping[str, object], a: MapValue, b: MapValue) -> Answer:
    if rest := a.rest or b.rest:
        return undecided(rest.reason)
    if left.keys() != right.keys():
        return NO
    return every(_same_nested(a.entries[key].value, b.entries[key].value) for key in a.entries)


def _same_nested(left: Value, right: Value) -> Answer:
    if left == right:
        return YES
    for value in (left, right):
        if value.__class__.__name__ == "Choice":
            return undecided("it depends on a condition")
    return same_value(left, right)  # type: ignore[arg-type]
