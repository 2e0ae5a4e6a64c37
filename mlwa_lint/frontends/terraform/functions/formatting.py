"""`format` and `formatlist`."""

import re
from collections.abc import Sequence
from decimal import Decimal

from mlwa_lint.frontends.failures import reason_of
from mlwa_lint.frontends.terraform.functions.data import (
    CannotError,
    NotKnownError,
    Number,
    from_value,
    number_data,
    text_data,
    truth_data,
    undecided,
)
from mlwa_lint.frontends.terraform.functions.encoded import json_text
from mlwa_lint.frontends.terraform.functions.kinds import Function, FunctionCall, Structural
from mlwa_lint.frontends.terraform.functions.strings import characters
from mlwa_lint.frontends.texts import text_of
from mlwa_lint.model.values import (
    Absent,
    Choice,
    ListValue,
    MapValue,
    Reference,
    Scalar,
    Unknown,
    Value,
    assume,
    known_text,
)
from mlwa_lint.startup.patterns import lazy

_VERB = lazy(r"%(?:%|([+\-# 0]*)(\d{1,9})?(?:\.(\d{1,9})?)?(?:\[(\d{1,9})\])?([A-Za-z]))")
_PRECISION = lazy(r"\.(\d*)")
_WIDTH_LIMIT = 4096
_CONDITION = "it depends on a condition"


def _format(call: FunctionCall) -> Value:
    return _formatted(call, text_data(call.arguments[0]), call.arguments[1:])


def _formatted(call: FunctionCall, pattern: str, arguments: Sequence[Value]) -> Value:
    """The pattern filled in; what is not known becomes a piece of a partly known text."""
    pieces: list[Value] = []
    at = following = used = 0
    while at < len(pattern):
        percent = pattern.find("%", at)
        if percent < 0:
            pieces.append(Scalar(pattern[at:], call.span))
            break
        if percent > at:
            pieces.append(Scalar(pattern[at:percent], call.span))
        found = _VERB.match(pattern, percent)
        if found is None:
            raise CannotError("read the verb after %")
        at = found.end()
        if found[0] == "%%":
            pieces.append(Scalar("%", call.span))
            continue
        position = int(found[4]) - 1 if found[4] else following
        following = position + 1
        used = max(used, following)
        if not 0 <= position < len(arguments):
            raise CannotError("find an argument for each verb")
        pieces.append(_piece(call, found, arguments[position]))
    if used < len(arguments):
        raise CannotError("use all its arguments")
    return text_of(pieces or [Scalar("", call.span)], call.span)


def _piece(call: FunctionCall, verb: "re.Match[str]", value: Value) -> Value:
    flags, letter = verb[1], verb[5]
    width = int(verb[2] or 0)
    stated = _PRECISION.search(verb[0])
    precision = int(stated[1] or 0) if stated else None
    if max(width, precision or 0) > _WIDTH_LIMIT:
        raise CannotError("make so wide a text")
    if isinstance(value, Absent):
        raise undecided("format of null is not evaluated")
    if known_text(value) is None and isinstance(value, (Unknown, Reference, Choice)):
        plain = letter in "vsd" and not width and precision is None and not flags
        return value if plain else Unknown(reason_of(value, _CONDITION), call.span)
    try:
        text = _written(flags, width, precision, letter, value)
    except NotKnownError as error:
        return Unknown(reason_of(error.value, _CONDITION), call.span)
    return Scalar(text, call.span, value.assumed)


def _written(flags: str, width: int, precision: int | None, letter: str, value: Value) -> str:
    if letter == "v":
        return _padded(_natural(flags, value, precision), flags, width)
    if letter == "t":
        return _padded("true" if truth_data(value) else "false", flags, width)
    if letter in "sq":
        text = text_data(value)
        if precision is not None:
            text = "".join(characters(text)[:precision])
        return _padded(json_text(text) if letter == "q" else text, flags, width)
    if letter in "bdoxX":
        return _whole(number_data(value), flags, width, letter)
    if letter in "eEfgG":
        return _float(number_data(value), flags, width, precision, letter)
    raise CannotError(f"read the verb %{letter}")


def _natural(flags: str, value: Value, precision: int | None) -> str:
    if "#" in flags:
        return json_text(from_value(value))
    if isinstance(value, (ListValue, MapValue)):
        return json_text(from_value(value))
    if isinstance(value, Scalar) and not isinstance(value.data, (bool, str)):
        return _float(number_data(value), "", 0, precision, "g")
    return text_data(value)


def _padded(text: str, flags: str, width: int, zero: bool = False) -> str:
    missing = width - len(characters(text))
    if missing <= 0:
        return text
    if "-" in flags:
        return text + " " * missing
    if zero and "0" in flags:
        sign = text[0] if text[0] in "+- " else ""
        return sign + "0" * missing + text[len(sign) :]
    return ("0" if "0" in flags else " ") * missing + text


def _signed(text: str, flags: str) -> str:
    if text.startswith("-"):
        return text
    return ("+" if "+" in flags else " " if " " in flags else "") + text


def _whole(whole: Number, flags: str, width: int, letter: str) -> str:
    if not isinstance(whole, int):
        raise CannotError("write a fraction as a whole number")
    prefix = {"x": "0x", "X": "0X", "o": "0", "b": "0b"}.get(letter, "") if "#" in flags else ""
    text = ("-" if whole < 0 else "") + prefix + format(abs(whole), letter)
    return _padded(_signed(text, flags), flags, width, zero=True)


def _float(number: Number, flags: str, width: int, precision: int | None, letter: str) -> str:
    exact = Decimal(number)
    if letter in "gG" and precision is None:
        text = _shortest(exact, letter)
    else:
        digits = 6 if precision is None else precision
        # A plain zero of Decimal would get the number of digits as its exponent.
        text = format(exact or Decimal(0).scaleb(-digits), f".{digits}{letter}")
    if letter in "eEgG":
        # Go writes at least two digits of the exponent, Decimal as few as needed.
        text = re.sub(r"([eE][+-])(\d)$", r"\g<1>0\2", text)
    return _padded(_signed(text, flags), flags, width, zero=True)


def _shortest(number: Decimal, letter: str) -> str:
    """As Go's %g: all digits, with an exponent when it is below -4 or the number is 10^21 or larger."""
    exponent = number.adjusted() if number else 0
    if -4 <= exponent < 21:
        text = format(number, "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    digits = "".join(str(d) for d in number.as_tuple().digits).rstrip("0")
    mantissa = digits[0] + (f".{digits[1:]}" if len(digits) > 1 else "")
    mark = "e" if letter == "g" else "E"
    return f"{'-' if number < 0 else ''}{mantissa}{mark}{'-' if exponent < 0 else '+'}{abs(exponent):02d}"


def _formatlist(call: FunctionCall) -> Value:
    pattern = text_data(call.arguments[0])
    arguments = call.arguments[1:]
    lists = [argument for argument in arguments if isinstance(argument, ListValue)]
    for argument in arguments:
        if isinstance(argument, (Unknown, Choice)) and known_text(argument) is None:
            # It can be a list of any length.
            raise NotKnownError(argument)
        if isinstance(argument, ListValue) and argument.rest is not None:
            raise NotKnownError(argument.rest)
    if len({len(value.items) for value in lists}) > 1:
        raise CannotError("take lists of different length")
    rows: list[Value] = []
    for row in range(len(lists[0].items) if lists else 1):
        filled = [
            assume(argument.items[row], argument.assumed) if isinstance(argument, ListValue) else argument
            for argument in arguments
        ]
        rows.append(_formatted(call, pattern, filled))
    return ListValue(tuple(rows), call.span)


FUNCTIONS: dict[str, Function] = {
    "format": Structural(_format, 1),
    "formatlist": Structural(_formatlist, 1),
}
