"""The two kinds of functions: plain ones work on Python data, structural ones on values.

A plain function declares its parameters and never sees what is not known; a structural function keeps the
spans and the known parts of lists and maps.
"""

from collections.abc import Callable, Sequence
from typing import Any

from mlwa_lint.frontends.failures import reason_of
from mlwa_lint.frontends.identities import identity_of_call
from mlwa_lint.frontends.terraform.functions.context import FunctionContext
from mlwa_lint.frontends.terraform.functions.data import (
    CannotError,
    HclData,
    NotKnownError,
    assumptions_in,
    from_value,
    number_data,
    text_data,
    to_value,
    truth_data,
    whole_data,
)
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import (
    Absent,
    Assumptions,
    ListValue,
    Reference,
    TextPart,
    Unknown,
    Value,
    references_in,
)
from mlwa_lint.startup.records import NamedTuple

_REFERENCES_LIMIT = 8


class FunctionCall(NamedTuple):
    """One call of a function."""

    name: str
    arguments: Sequence[Value]
    span: Span
    context: FunctionContext


class PlainFunction(NamedTuple):
    """A function of wholly known data.

    parameters: a letter for each: s text, n number, w whole number, b truth value, l list of texts,
                a anything but null, ? anything.
    more:       the letter of further arguments; empty if there can be none.
    filled:     its result is never empty text ("always"), or only for an empty argument ("like"), or may be.
    text:       its result is text made from its arguments: resources that they name are kept.
    """

    parameters: str
    run: Callable[..., Any]
    more: str = ""
    filled: str = "always"
    text: bool = False


class Structural(NamedTuple):
    """A function of values; it looks after what is not known.

    most:      of how many arguments at most (None: any number).
    lenient:   it wants to see arguments that are errors (`try`).
    selective: it states itself on which arguments its result rests.
    """

    run: Callable[[FunctionCall], Value]
    least: int
    most: int | None = None
    lenient: bool = False
    selective: bool = False


Function = PlainFunction | Structural


def texts_data(value: Value) -> list[str]:
    """A wholly known list of texts."""
    if isinstance(value, ListValue):
        if value.rest is not None:
            raise NotKnownError(value.rest)
        return [text_data(item) for item in value.items]
    if isinstance(value, (Unknown, Reference)) or not hasattr(value, "data"):
        raise NotKnownError(value)
    raise CannotError("take this as a list")


def _anything(value: Value) -> HclData:
    if isinstance(value, Absent):
        raise CannotError("work on null")
    return from_value(value)


_READERS: dict[str, Callable[[Value], Any]] = {
    "s": text_data,
    "n": number_data,
    "w": whole_data,
    "b": truth_data,
    "l": texts_data,
    "a": _anything,
    "?": from_value,
}


def apply_plain(function: PlainFunction, call: FunctionCall) -> Value:
    """The result of a plain function; Unknown with its known parts when an argument is not known."""
    arguments = call.arguments
    extra = len(arguments) - len(function.parameters)
    if extra < 0 or (extra > 0 and not function.more):
        raise CannotError(f"be called with {len(arguments)} arguments")
    letters = function.parameters + function.more * extra
    data: list[Any] = []
    missing: Value | None = None
    assumed: Assumptions = frozenset()
    for letter, argument in zip(letters, arguments, strict=True):
        assumed |= assumptions_in(argument)
        try:
            data.append(_READERS[letter](argument))
        except NotKnownError as error:
            missing = missing or error.value
    if missing is not None:
        return _derived(function, call, missing, assumed)
    result = function.run(*data)
    if function.text and isinstance(arguments[0], (Reference, Unknown)) and result == data[0]:
        return arguments[0]  # what it refers to is more than its text
    return to_value(result, call.span, assumed)


def _derived(function: PlainFunction, call: FunctionCall, missing: Value, assumed: Assumptions) -> Unknown:
    reason = reason_of(missing, "it depends on a condition")
    first = call.arguments[0]
    present = function.filled == "always" or (
        function.filled == "like"
        and (isinstance(first, Reference) or (isinstance(first, Unknown) and first.present))
    )
    identity = identity_of_call(call.name, call.arguments)
    secret = any(isinstance(a, Unknown) and a.secret for a in call.arguments)
    parts = mentions(call, reason, identity) if function.text else ()
    return Unknown(reason, call.span, parts, identity, present, secret, assumed)


def mentions(call: FunctionCall, reason: str, identity: str = "") -> tuple[TextPart, ...]:
    """The parts of an unknown text that is made from the arguments: the resources that they name.

    The place of a resource's attribute in the text is not known, only that the text rests on it. What is
    around it is the same wherever the same is made of the same: as part of a longer text, too.
    """
    references = [reference for argument in call.arguments for reference, _ in references_in(argument)]
    around = Unknown(reason, call.span, identity=identity)
    return (around, *references[:_REFERENCES_LIMIT], around) if references else ()
