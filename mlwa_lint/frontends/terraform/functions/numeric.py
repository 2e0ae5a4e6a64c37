"""Functions on numbers."""

import math
from collections.abc import Callable
from decimal import Decimal

from mlwa_lint.frontends.failures import reason_of
from mlwa_lint.frontends.identities import identity_of_call
from mlwa_lint.frontends.terraform.functions.data import (
    ARITHMETIC,
    CannotError,
    HclData,
    NotKnownError,
    Number,
    normalised,
    number_data,
    to_value,
    undecided,
)
from mlwa_lint.frontends.terraform.functions.kinds import Function, FunctionCall, PlainFunction, Structural
from mlwa_lint.model.values import Absent, ListValue, MapValue, Scalar, Unknown, Value

# Terraform's own limit for `range`.
_RANGE_LIMIT = 1024
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_DIGITS_LIMIT = 400


def _float(number: float) -> Number:
    if not math.isfinite(number):
        raise undecided("the number is too large to be evaluated")
    return normalised(Decimal(repr(number)))


def _log(number: Number, base: Number) -> Number:
    try:
        return _float(math.log(number) / math.log(base))
    except (ValueError, ZeroDivisionError, OverflowError):
        raise undecided("this logarithm is not evaluated") from None


def _pow(number: Number, power: Number) -> Number:
    try:
        return _float(math.pow(number, power))
    except (ValueError, OverflowError):
        raise undecided("this power is not evaluated") from None


def _parseint(text: HclData, base: int) -> int:
    if not isinstance(text, str):
        raise CannotError("read what is not a text")
    if not 2 <= base <= 62:
        raise CannotError(f"read numbers to base {base}")
    sign, digits = (-1, text[1:]) if text.startswith("-") else (1, text.removeprefix("+"))
    # Up to base 36, capitals mean the same as small letters.
    values = [_DIGITS.find(digit.lower() if base <= 36 else digit) for digit in digits[:_DIGITS_LIMIT]]
    if not digits or len(digits) > _DIGITS_LIMIT or any(not 0 <= value < base for value in values):
        raise CannotError(f"read {text!r} as a number to base {base}")
    number = 0
    for value in values:
        number = number * base + value
    return sign * number


def _range(*numbers: Number) -> list[HclData]:
    if not 1 <= len(numbers) <= 3:
        raise CannotError(f"be called with {len(numbers)} arguments")
    start, end = (0, numbers[0]) if len(numbers) == 1 else numbers[:2]
    step: Number = numbers[2] if len(numbers) == 3 else (1 if start <= end else -1)
    if step == 0 or (end > start and step < 0) or (end < start and step > 0):
        raise CannotError("count towards the end with this step")
    found: list[HclData] = []
    current = start
    while (current < end) if step > 0 else (current > end):
        if len(found) == _RANGE_LIMIT:
            raise CannotError(f"make more than {_RANGE_LIMIT} numbers")
        found.append(current)
        current = normalised(ARITHMETIC.add(Decimal(current), Decimal(step)))
    return found


def _extreme(call: FunctionCall) -> Value:
    """`min`, `max`: of the known numbers when all are known, and the bounds of it otherwise."""
    if not call.arguments:
        raise CannotError("be called without numbers")
    open_numbers = [each for each in call.arguments if isinstance(each, Unknown)]
    numbers = [number_data(each) for each in call.arguments if not isinstance(each, Unknown)]
    choose = min if call.name == "min" else max
    if not open_numbers:
        return to_value(choose(numbers), call.span)
    known = [float(number) for number in numbers]
    least = _bound([*known, *(each.least for each in open_numbers)], choose, every=choose is min)
    most = _bound([*known, *(each.most for each in open_numbers)], choose, every=choose is max)
    if least is None and most is None:
        raise NotKnownError(open_numbers[0])
    identity = identity_of_call(call.name, call.arguments)
    secret = any(each.secret for each in open_numbers)
    return Unknown(
        open_numbers[0].reason, call.span, identity=identity, secret=secret, least=least, most=most
    )


def _bound(bounds: list[float | None], choose: Callable[[list[float]], float], every: bool) -> float | None:
    """A bound of the smallest or greatest of some numbers: from those that have one, or only from all."""
    stated = [each for each in bounds if each is not None]
    return choose(stated) if stated and (not every or len(stated) == len(bounds)) else None


def _sum(call: FunctionCall) -> Value:
    items = call.arguments[0]
    if isinstance(items, (Absent, MapValue, Scalar)):
        raise CannotError("add up what is not a list")
    if not isinstance(items, ListValue):
        raise NotKnownError(items)
    if items.rest is not None:
        return Unknown(reason_of(items.rest, ""), call.span, present=True)
    if not items.items:
        raise CannotError("add up an empty list")
    total = Decimal(0)
    assumed = items.assumed
    for item in items.items:
        total = ARITHMETIC.add(total, Decimal(number_data(item)))
        assumed |= item.assumed
    return to_value(total, call.span, assumed)


def _rounded(number: Number, up: bool) -> int:
    return math.ceil(number) if up else math.floor(number)


FUNCTIONS: dict[str, Function] = {
    "abs": PlainFunction("n", abs),
    "ceil": PlainFunction("n", lambda number: _rounded(number, up=True)),
    "floor": PlainFunction("n", lambda number: _rounded(number, up=False)),
    "log": PlainFunction("nn", _log),
    "max": Structural(_extreme, 1),
    "min": Structural(_extreme, 1),
    "parseint": PlainFunction("aw", _parseint),
    "pow": PlainFunction("nn", _pow),
    "range": PlainFunction("", _range, more="n"),
    "signum": PlainFunction("w", lambda number: (number > 0) - (number < 0)),
    "sum": Structural(_sum, 1, 1),
}
