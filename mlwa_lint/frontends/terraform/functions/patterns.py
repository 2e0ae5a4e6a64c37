"""Functions with regular expressions."""

import re
from functools import lru_cache

from mlwa_lint.frontends.re2.machine import CaptureSlots, Machine, TooMuchError
from mlwa_lint.frontends.re2.program import Pattern, read_pattern
from mlwa_lint.frontends.re2.syntax import PatternError
from mlwa_lint.frontends.terraform.functions.data import CannotError, HclData, undecided
from mlwa_lint.frontends.terraform.functions.kinds import Function, PlainFunction
from mlwa_lint.startup.patterns import lazy

_PATTERN_LIMIT = 2_000
_TEXT_LIMIT = 100_000
_TEMPLATE = lazy(r"\$(?:\$|\{(\w+)\}|(\w+))", re.ASCII)


@lru_cache(maxsize=64)
def _compiled(pattern: str) -> Pattern | bool:
    """The program; when there is none, whether the pattern is at fault."""
    try:
        return read_pattern(pattern)
    except PatternError as error:
        return error.supported


def _machine(pattern: str, text: str) -> tuple[Pattern, Machine]:
    if len(pattern) > _PATTERN_LIMIT or len(text) > _TEXT_LIMIT:
        raise undecided("a regular expression or its text is too long to be evaluated")
    compiled = _compiled(pattern)
    if compiled is True:
        raise CannotError("read the regular expression")
    if compiled is False:
        raise undecided("this regular expression is not evaluated")
    assert isinstance(compiled, Pattern)
    return compiled, Machine(compiled, text)


def _all(pattern: str, text: str, only_first: bool) -> tuple[Pattern, list[CaptureSlots]]:
    compiled, machine = _machine(pattern, text)
    try:
        if only_first:
            first = machine.search(0)
            return compiled, [] if first is None else [first]
        return compiled, machine.search_all()
    except TooMuchError:
        raise undecided("this regular expression takes too long on its text") from None


def _group(slots: CaptureSlots, number: int, text: str) -> str | None:
    start, end = slots[2 * number], slots[2 * number + 1]
    return text[start:end] if 0 <= start <= end else None


def _result(pattern: Pattern, slots: CaptureSlots, text: str) -> HclData:
    if pattern.names:
        if len(pattern.names) != pattern.groups:
            raise CannotError("mix groups with and without a name")
        return {name: _group(slots, number, text) for number, name in pattern.names.items()}
    if pattern.groups:
        return [_group(slots, number, text) for number in range(1, pattern.groups + 1)]
    return _group(slots, 0, text)


def _regex(pattern: str, text: str) -> HclData:
    compiled, found = _all(pattern, text, only_first=True)
    if not found:
        raise CannotError("find the pattern in the text")
    return _result(compiled, found[0], text)


def _regexall(pattern: str, text: str) -> list[HclData]:
    compiled, found = _all(pattern, text, only_first=False)
    return [_result(compiled, slots, text) for slots in found]


def replaced(text: str, pattern: str, by: str) -> str:
    """The text with every match replaced; `$1` and `${name}` refer to groups."""
    compiled, found = _all(pattern, text, only_first=False)
    numbers = {name: number for number, name in compiled.names.items()}

    def expand(slots: CaptureSlots) -> str:
        def group(reference: "re.Match[str]") -> str:
            name = reference[1] or reference[2]
            if name is None:
                return "$"
            number = int(name) if name.isdecimal() and len(name) < 5 else numbers.get(name, -1)
            return (_group(slots, number, text) or "") if 0 <= number <= compiled.groups else ""

        return _TEMPLATE.sub(group, by)

    pieces: list[str] = []
    at = length = 0
    for slots in found:
        pieces += [text[at : slots[0]], expand(slots)]
        length += len(pieces[-1])
        if length > _TEXT_LIMIT * 10:
            raise CannotError("make so long a text")
        at = slots[1]
    return "".join((*pieces, text[at:]))


FUNCTIONS: dict[str, Function] = {
    "regex": PlainFunction("ss", _regex, filled=""),
    "regexall": PlainFunction("ss", _regexall, filled=""),
}
