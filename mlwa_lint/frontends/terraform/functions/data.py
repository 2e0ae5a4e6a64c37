"""Values as plain Python data and back, by Terraform's rules of conversion."""

from decimal import Context, Decimal, InvalidOperation
from typing import TypeAlias, Union

from mlwa_lint.frontends.terraform.functions.encoded import encoded_text
from mlwa_lint.frontends.texts import Encoded
from mlwa_lint.model.spans import Span, start_of
from mlwa_lint.model.values import (
    NO_ASSUMPTIONS,
    Absent,
    Assumptions,
    Entry,
    ListValue,
    MapValue,
    Reference,
    Scalar,
    Unknown,
    Value,
    known_text,
)

Number: TypeAlias = int | Decimal
HclData: TypeAlias = Union[str, int, Decimal, "list[HclData]", "dict[str, HclData]", None]

# Terraform calculates with 512 bits; no configuration has numbers of more digits than this.
ARITHMETIC = Context(prec=155)
_DIGITS_LIMIT = 400
_DEPTH_LIMIT = 60


class Fraction(float):
    """A number that needs more digits than a float has (1/3), with all that Terraform calculates with."""

    exact: Decimal


class CannotError(Exception):
    """A function cannot do what it should; the text completes "<function> cannot …"."""


class NotKnownError(Exception):
    """A function needs the data of a value that is not known."""

    def __init__(self, value: Value) -> None:
        super().__init__()
        self.value = value


def undecided(reason: str) -> NotKnownError:
    """What a function raises that could be evaluated, but is not."""
    return NotKnownError(Unknown(reason, start_of("")))


def text_data(value: Value) -> str:
    """The value as Terraform converts it to text."""
    if isinstance(value, Scalar) and not isinstance(value.data, float):
        return str(value.data).lower() if isinstance(value.data, bool) else str(value.data)
    if isinstance(value, Scalar):
        return number_text(number_data(value))
    if isinstance(value, Absent):
        raise CannotError("work on null")
    if isinstance(value, Encoded):
        written = encoded_text(value)
        if written is None:
            raise NotKnownError(next(piece for piece in value.pieces() if not isinstance(piece, str)))
        return written
    if isinstance(value, (ListValue, MapValue)):
        raise CannotError("take a list or map as text")
    text = known_text(value)
    if text is None:
        raise NotKnownError(value)
    return text


def number_data(value: Value) -> Number:
    """The value as Terraform converts it to a number."""
    if isinstance(value, Scalar) and isinstance(value.data, bool):
        raise CannotError("take a truth value as a number")
    if isinstance(value, Scalar) and isinstance(value.data, int):
        return value.data
    if isinstance(value, Scalar) and isinstance(value.data, float):
        exact = value.data.exact if isinstance(value.data, Fraction) else Decimal(repr(value.data))
        return normalised(exact)
    return number_of(text_data(value))


def number_of(text: str) -> Number:
    """The number that a text writes."""
    if not text.isascii() or "_" in text or text != text.strip():
        raise CannotError(f"take {text!r} as a number")
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise CannotError(f"take {text!r} as a number") from None
    return normalised(number)


def whole_data(value: Value) -> int:
    """The value as a whole number."""
    number = number_data(value)
    if not isinstance(number, int):
        raise CannotError(f"take {number_text(number)} as a whole number")
    return number


def truth_data(value: Value) -> bool:
    """The value as Terraform converts it to a truth value."""
    if isinstance(value, Scalar) and isinstance(value.data, bool):
        return value.data
    text = text_data(value)
    if isinstance(value, Scalar) and not isinstance(value.data, str):
        raise CannotError("take a number as a truth value")
    if text in ("true", "1"):
        return True
    if text in ("false", "0"):
        return False
    raise CannotError(f"take {text!r} as a truth value")


def normalised(number: Decimal) -> Number:
    """A number as int when it is whole."""
    if not number.is_finite() or abs(number.adjusted()) > _DIGITS_LIMIT:
        # Terraform calculates on, also with infinity.
        raise undecided("the number is too large to be evaluated")
    return int(number) if number == number.to_integral_value() else number


def number_text(number: Number) -> str:
    """A number as Terraform writes it: never with an exponent, without trailing zeros."""
    if isinstance(number, int):
        return str(number)
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def from_value(value: Value) -> HclData:
    """A wholly known value as Python data; numbers are int or Decimal."""
    if isinstance(value, Scalar):
        return number_data(value) if isinstance(value.data, float) else value.data
    if isinstance(value, Absent):
        return None
    if isinstance(value, Encoded):
        return text_data(value)
    if isinstance(value, ListValue):
        if value.rest is not None:
            raise NotKnownError(value.rest)
        return [from_value(item) for item in value.items]
    if isinstance(value, MapValue):
        if value.rest is not None:
            raise NotKnownError(value.rest)
        return {key: from_value(entry.value) for key, entry in value.entries.items()}
    if isinstance(value, (Reference, Unknown)):
        text = known_text(value)
        if text is not None:
            return text
    raise NotKnownError(value)


def to_value(data: HclData, span: Span, assumed: Assumptions = NO_ASSUMPTIONS, depth: int = 0) -> Value:
    """Python data as a value at one place."""
    if depth > _DEPTH_LIMIT:
        raise undecided(f"lists and maps are nested more than {_DEPTH_LIMIT} deep")
    if data is None:
        return Absent(span, assumed)
    if isinstance(data, Decimal):
        number = normalised(data)
        return Scalar(number if isinstance(number, int) else _float_of(number), span, assumed)
    if isinstance(data, list):
        return ListValue(
            tuple(to_value(item, span, assumed, depth + 1) for item in data), span, None, assumed
        )
    if isinstance(data, dict):
        entries = {
            key: Entry(span, to_value(item, span, assumed, depth + 1), key) for key, item in data.items()
        }
        return MapValue(entries, span, None, assumed)
    if isinstance(data, int) and not isinstance(data, bool):
        normalised(Decimal(data))
    return Scalar(data, span, assumed)


def _float_of(number: Decimal) -> float:
    found = float(number)
    if Decimal(repr(found)) != number:
        found = Fraction(number)
        found.exact = number
    return found


def assumptions_in(value: Value) -> Assumptions:
    """What a value and all that it contains rest on."""
    found = value.assumed
    if isinstance(value, ListValue):
        for item in value.items:
            found |= assumptions_in(item)
    elif isinstance(value, MapValue):
        for entry in value.entries.values():
            found |= assumptions_in(entry.value)
    return found


def texted(value: Value) -> Value:
    """A number or truth value as the text that it converts to; other values as they are."""
    return value._replace(data=text_data(value)) if isinstance(value, Scalar) else value
