"""Whether two values are equal, if that is known, and how values that are not known are identified."""

from mlwa_lint.frontends.identities import identity_of
from mlwa_lint.frontends.terraform.functions.encoded import as_text
from mlwa_lint.model.budget import budget
from mlwa_lint.model.partial_texts import certainly_differ
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
    known_text,
    plain_text,
)

# The identity of a length of which only the least is known.
_AT_LEAST = "length of at least "


def same(left: Value, right: Value) -> bool | None:
    """Whether Terraform's `==` holds, for which a number never equals a text; None when that is not known."""
    if budget().for_work():
        return None
    if isinstance(left, Choice) or isinstance(right, Choice):
        return True if left == right else None
    if isinstance(left, (Unknown, Reference)) or isinstance(right, (Unknown, Reference)):
        return _same_unknown(left, right)
    if isinstance(left, Absent) or isinstance(right, Absent):
        return isinstance(left, Absent) and isinstance(right, Absent)
    if isinstance(left, Scalar) and isinstance(right, Scalar):
        return kind_of(left) == kind_of(right) and left.data == right.data
    if isinstance(left, ListValue) and isinstance(right, ListValue):
        return _same_lists(left, right)
    if isinstance(left, MapValue) and isinstance(right, MapValue):
        return _same_maps(left, right)
    texts = [as_text(value) if isinstance(value, (ListValue, MapValue)) else None for value in (left, right)]
    if texts == [None, None]:
        return False
    # A structure that represents its text, beside text.
    return _same_unknown(*(text or value for text, value in zip(texts, (left, right), strict=True)))


def _same_unknown(left: Value, right: Value) -> bool | None:
    identity = identity_of(left)
    if identity and identity == identity_of(right):
        return True
    if certainly_differ(left, right):
        return False
    for one, other in ((left, right), (right, left)):
        text = known_text(one)
        if text is not None and isinstance(other, Scalar):
            return isinstance(other.data, str) and other.data == text
        if is_filled(one) and (isinstance(other, Absent) or (isinstance(other, Scalar) and other.data == "")):
            return False
        if isinstance(one, Reference) and isinstance(other, (Scalar, ListValue, MapValue)):
            return None
        if isinstance(one, Unknown) and one.parts and isinstance(other, Scalar):
            return _may_be(one, plain_text(other.data))
        if isinstance(one, Unknown) and one.one_of and isinstance(other, Scalar):
            written = plain_text(other.data)
            return (True if len(one.one_of) == 1 else None) if written in one.one_of else False
    texts = known_text(left), known_text(right)
    return texts[0] == texts[1] if texts[0] is not None and texts[1] is not None else None


def _may_be(partial: Unknown, text: str) -> bool | None:
    """False when the literal start or end of a partly known text already differs from the other text."""
    first, last = partial.parts[0], partial.parts[-1]
    if isinstance(first, str) and not text.startswith(first):
        return False
    if isinstance(last, str) and not text.endswith(last):
        return False
    return None


def _same_lists(left: ListValue, right: ListValue) -> bool | None:
    open_ended = left.rest is not None or right.rest is not None
    if not open_ended and len(left.items) != len(right.items):
        return False
    answers = [same(a, b) for a, b in zip(left.items, right.items, strict=False)]
    if open_ended:
        return None
    return False if False in answers else None if None in answers else True


def _same_maps(left: MapValue, right: MapValue) -> bool | None:
    answers: list[bool | None] = []
    for key, entry in left.entries.items():
        if key in right.entries:
            answers.append(same(entry.value, right.entries[key].value))
        else:
            answers.append(None if right.rest is not None else False)
    if any(key not in left.entries for key in right.entries):
        answers.append(None if left.rest is not None else False)
    if left.rest is not None or right.rest is not None:
        answers.append(None)
    return False if False in answers else None if None in answers else True


def kind_of(value: Scalar) -> str:
    """Terraform's type of a scalar."""
    if isinstance(value.data, bool):
        return "bool"
    return "string" if isinstance(value.data, str) else "number"


def is_filled(value: Value) -> bool:
    """Whether a value that is not known is certainly given and not empty."""
    if isinstance(value, Unknown):
        return value.present
    return isinstance(value, Reference)


def at_least(least: int, value: Value, reason: str, span: Span) -> Unknown:
    """The length of something that has so many items or characters, and perhaps more."""
    return Unknown(
        reason, span, identity=f"{_AT_LEAST}{least}: {identity_of(value) or id(value)}", present=True
    )


def least_of(value: Value) -> int | None:
    """What a number that is not known is at least; None when nothing is known of it."""
    if not isinstance(value, Unknown) or not value.identity.startswith(_AT_LEAST):
        return None
    return int(value.identity.removeprefix(_AT_LEAST).partition(":")[0])
