"""Terraform's operators on values, with its conversions and a three-valued logic."""

from collections.abc import Callable, Sequence
from decimal import Decimal, DecimalException

from mlwa_lint.frontends.failures import failure, failure_from, is_failure, reason_of
from mlwa_lint.frontends.identities import identity_of
from mlwa_lint.frontends.terraform.functions.compare import least_of, same
from mlwa_lint.frontends.terraform.functions.data import (
    ARITHMETIC,
    CannotError,
    NotKnownError,
    number_data,
    to_value,
    truth_data,
    undecided,
)
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import (
    NO_ASSUMPTIONS,
    Absent,
    Assumptions,
    ListValue,
    MapValue,
    Scalar,
    Unknown,
    Value,
    assume,
    plain_text,
)

_ARITHMETIC: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": ARITHMETIC.add,
    "-": ARITHMETIC.subtract,
    "*": ARITHMETIC.multiply,
    "/": ARITHMETIC.divide,
    "%": ARITHMETIC.remainder,
}
_ORDER: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
}
# What an operator is when its operands change places.
_TURNED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "==": "==", "!=": "!="}


def operate(operator: str, operands: Sequence[Value], span: Span) -> Value:
    """The result of an operator; operands hold no choice at their top. Never raises for bad input."""
    assumed: Assumptions = frozenset().union(*(operand.assumed for operand in operands))
    try:
        if operator in ("&&", "||") and len(operands) == 2:
            return _connected(operands, span, decisive=operator == "||")
        for operand in operands:
            if isinstance(operand, Unknown) and is_failure(operand):
                return failure_from(operand, span)
        return assume(_with_origin(_operated(operator, operands, span), operands), assumed)
    except CannotError as error:
        return failure(f"{operator} cannot {error}", span, assumed)
    except NotKnownError as error:
        return _open(operator, operands, error.value, span, assumed)


def _with_origin(result: Value, operands: Sequence[Value]) -> Value:
    """A result that comes from where the first of its operands does that is written elsewhere."""
    if not isinstance(result, Scalar):
        return result
    origins = (each.origin for each in operands if isinstance(each, Scalar))
    return result._replace(origin=next((each for each in origins if each is not None), None))


def _operated(operator: str, operands: Sequence[Value], span: Span) -> Value:
    if len(operands) == 1:
        if operator == "!":
            return Scalar(not truth_data(operands[0]), span)
        if operator == "-":
            return to_value(-Decimal(number_data(operands[0])), span)
    elif len(operands) == 2:
        if operator in ("==", "!=", *_ORDER) and (found := _by_least(operator, operands)) is not None:
            return Scalar(found, span)
        if operator in ("==", "!="):
            return _equality(operator, operands[0], operands[1], span)
        if operator in _ORDER:
            left, right = _numbers(operands)
            return Scalar(_ORDER[operator](left, right), span)
        if operator in _ARITHMETIC:
            left, right = _numbers(operands)
            if operator == "%" and not right:
                return to_value(left, span)
            try:
                return to_value(_ARITHMETIC[operator](left, right), span)
            except DecimalException:
                if not left and not right:
                    raise CannotError("divide zero by zero") from None
                raise undecided("the result is too large to be evaluated") from None
    raise CannotError(f"take {len(operands)} operands")


def _by_least(operator: str, operands: Sequence[Value]) -> bool | None:
    """A comparison of a known number with a length that is at least so much, where that decides it."""
    left, right = operands
    for one, other, turned in ((left, right, operator), (right, left, _TURNED[operator])):
        least = least_of(one)
        if least is None or not isinstance(other, Scalar):
            continue
        number = Decimal(number_data(other))
        if number < least:
            return turned in (">", ">=", "!=")
        if number == least and turned in (">=", "<"):
            return turned == ">="
    return None


def _numbers(operands: Sequence[Value]) -> tuple[Decimal, Decimal]:
    missing: Value | None = None
    numbers: list[Decimal] = []
    for operand in operands:
        try:
            numbers.append(Decimal(number_data(operand)))
        except NotKnownError as error:
            missing = missing or error.value
    if missing is not None:
        raise NotKnownError(missing)
    return numbers[0], numbers[1]


def _equality(operator: str, left: Value, right: Value, span: Span) -> Value:
    answer = same(left, right)
    if answer is None and (_is_none_of(left, right) or _is_none_of(right, left)):
        answer = False
    if answer is None:
        raise NotKnownError(right if isinstance(left, (Scalar, Absent)) else left)
    collections = isinstance(left, (ListValue, MapValue)) and isinstance(right, (ListValue, MapValue))
    if answer and collections:
        # `tolist([]) == []` is false in Terraform: a list never equals a tuple, a map never an object.
        reason = "whether both sides have the same type is not followed"
        return Unknown(reason, span, present=True)
    return Scalar(answer is (operator == "=="), span)


def _is_none_of(value: Value, other: Value) -> bool:
    """Whether a known text is none of those that an open value can only be."""
    if not isinstance(value, Unknown) or not value.one_of or not isinstance(other, Scalar):
        return False
    return plain_text(other.data) not in value.one_of


def _connected(operands: Sequence[Value], span: Span, decisive: bool) -> Value:
    """`&&` and `||`: an operand that decides does so whatever the other is."""
    missing: Value | None = None
    error: CannotError | None = None
    assumed = NO_ASSUMPTIONS
    for operand in operands:
        assumed |= operand.assumed
        try:
            if truth_data(operand) is decisive:
                return Scalar(decisive, span, operand.assumed)
        except NotKnownError as not_known:
            missing = missing or not_known.value
        except CannotError as cannot:
            error = error or cannot
    if error is not None:
        raise error
    if missing is not None:
        if isinstance(missing, Unknown) and is_failure(missing):
            return failure_from(missing, span)
        if isinstance(missing, Unknown) and _counts_alone(operands, missing):
            return assume(missing._replace(span=span, present=True), assumed)
        return _open("||" if decisive else "&&", operands, missing, span, assumed)
    return Scalar(not decisive, span, assumed)


def _counts_alone(operands: Sequence[Value], missing: Unknown) -> bool:
    """Whether everything but one operand, which is a truth value, makes no difference: `var.on && true`."""
    return bool(missing.identity) and all(each is missing or isinstance(each, Scalar) for each in operands)


def _open(
    operator: str, operands: Sequence[Value], missing: Value, span: Span, assumed: Assumptions
) -> Unknown:
    identities = [identity_of(operand) for operand in operands]
    identity = f"({f' {operator} '.join(identities)})" if all(identities) else ""
    if identity and len(operands) == 1:
        identity = f"({operator}{identities[0]})"
    secret = any(isinstance(operand, Unknown) and operand.secret for operand in operands)
    reason = reason_of(missing, "it depends on a condition")
    return Unknown(reason, span, (), identity, True, secret, assumed)
