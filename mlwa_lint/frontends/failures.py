"""The value of an invalid expression, and why a value is not known."""

from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import (
    NO_ASSUMPTIONS,
    Absent,
    Assumptions,
    ListValue,
    MapValue,
    Reference,
    Unknown,
    Value,
)

# How the identity of what makes no sense starts (no such attribute, invalid input): Terraform's `try` and
# `can` distinguishes it by this from what is only not known yet. It stays the start when members are taken.
FAILURE = "error:"


class Missing(Absent):
    """What a map has under a key that it does not have: absent, and for `is_failure` an error."""

    __slots__ = ()


def reason_of(value: Value, otherwise: str) -> str:
    """Why a value is not known, as a phrase."""
    if isinstance(value, Unknown):
        return value.reason
    if isinstance(value, Reference):
        attribute = f".{value.attribute}" if value.attribute else ""
        return f"{value.address}{attribute} is known only after deployment"
    return otherwise


def failure(reason: str, span: Span, assumed: Assumptions = NO_ASSUMPTIONS) -> Unknown:
    """What an expression that makes no sense gives: Unknown, but `is_failure` sees that it is an error."""
    return Unknown(reason, span, identity=FAILURE + reason, assumed=assumed)


def failure_from(value: Unknown, span: Span) -> Unknown:
    """What an expression gives of which a part is an error: nothing of that part's text is its own."""
    identity = value.identity if value.identity.startswith(FAILURE) else FAILURE + value.reason
    return value._replace(span=span, parts=(), identity=identity, one_of=())


def is_failure(value: Value) -> bool:
    """Whether evaluating this value is an error, also where the error is inside a text, list or map."""
    if isinstance(value, Unknown):
        return value.identity.startswith(FAILURE) or any(
            isinstance(part, Unknown) and is_failure(part) for part in value.parts
        )
    if isinstance(value, ListValue):
        if value.rest is not None and is_failure(value.rest):
            return True
        return any(is_failure(item) for item in value.items)
    if isinstance(value, MapValue):
        if value.rest is not None and is_failure(value.rest):
            return True
        return any(is_failure(entry.value) for entry in value.entries.values())
    return isinstance(value, Missing)
