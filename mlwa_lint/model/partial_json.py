"""JSON inside text, also where parts of the text are not known, into values with places.

A policy or a definition is often a text in a template, with interpolated parts. What is unknown
inside a string becomes a partly unknown text; what is unknown outside of one becomes an unknown value.
"""

import bisect
import re
from collections.abc import Callable
from typing import TypeAlias

from mlwa_lint.model.budget import budget
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import (
    Absent,
    Entry,
    ListValue,
    MapValue,
    Reference,
    Scalar,
    TextPart,
    Unknown,
    Value,
    assume,
    known_text,
)
from mlwa_lint.startup.patterns import lazy

SIZE_LIMIT = 2_000_000
DEPTH_LIMIT = 100
_DIGITS_LIMIT = 300
# Placeholders for an unknown part in the text that is parsed: a private-use pair around the part's position.
_OPEN, _CLOSE = "\ue000", "\ue001"
# How the identity of what `jsonencode` gives for something unknown begins.
JSON_ENCODED = "jsonencode("
_PART = lazy(f"{_OPEN}([0-9]+){_CLOSE}")
_SPACE = lazy(r"[ \t\r\n]*")
_STRING = lazy(r'"(?:[^"\\\x00-\x1f]|\\.)*"')
_NUMBER = lazy(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}

Locator: TypeAlias = Callable[[int, str], Span]


def parts_of(value: Value) -> tuple[TextPart, ...] | None:
    """The pieces of a text; None when nothing of it is known or it is not a text."""
    text = known_text(value)
    if text is not None:
        return (text,)
    return value.parts or None if isinstance(value, Unknown) else None


def structure(value: Scalar | Unknown | Reference, locate: Locator | None = None) -> Value | None:
    """The map or list that a text of JSON describes; None when it does not, or cannot be read.

    Unknown where the budget of the target has no more for it.
    `locate` gives the place of a token of the text, given its offset in the known pieces and itself.
    """
    parser = _parser_of(value, locate)
    if parser is None:
        return None
    try:
        parsed = parser.document()
    except _MalformedError:
        return None
    except _BeyondError as beyond:
        return Unknown(str(beyond), value.span)
    return assume(parsed, value.assumed)


def fault_in(value: Scalar | Unknown | Reference) -> Span | None:
    """Where a text stops being JSON, whatever its unknown parts are; None where it may be valid.

    Parts inside of strings do not matter; after one outside of them, nothing is certain.
    """
    parser = _parser_of(value, None)
    if parser is None:
        return None
    try:
        parser.document()
    except _TooDeepError:
        return None
    except _MalformedError:
        return parser.reached()
    except _BeyondError:
        return None
    return None


def _parser_of(value: Scalar | Unknown | Reference, locate: Locator | None) -> "_Parser | None":
    """What reads a text; None for what is not a text, too long, or does not begin like a map or a list."""
    # Also where all of a text is known: what a part refers to is more than its text.
    parts = value.parts if isinstance(value, Unknown) and value.parts else parts_of(value)
    if parts is None or sum(len(part) for part in parts if isinstance(part, str)) > SIZE_LIMIT:
        return None
    if any(_OPEN in part or _CLOSE in part for part in parts if isinstance(part, str)):
        return None
    unknown = [part for part in parts if not isinstance(part, str)]
    positions = iter(range(len(unknown)))
    text = "".join(p if isinstance(p, str) else f"{_OPEN}{next(positions)}{_CLOSE}" for p in parts)
    if text.lstrip(" \t\r\n")[:1] not in ("{", "["):
        return None
    return _Parser(text, unknown, locate or line_locator(text, _written(value, text)))


def _written(value: Scalar | Unknown | Reference, text: str) -> Span:
    """Where a text is written, or else used: a parameter's default may be only a word of it."""
    origin = None if isinstance(value, Reference) else value.origin
    if origin is None:
        return value.span
    is_file = (origin.line, origin.column) == (1, 1)
    room = origin.end_column - origin.column
    return origin if is_file or origin.end_line > origin.line or room >= len(text) else value.span


def line_locator(text: str, span: Span) -> Locator:
    """Places by counting lines: right for block scalars, heredocs and whole files, and for single lines."""
    breaks = [match.end() for match in re.finditer("\n", text)]
    header = 0 if (span.line, span.column) == (1, 1) else 1
    is_block = bool(breaks) and span.end_line - span.line >= len(breaks)

    def locate(offset: int, token: str) -> Span:
        if not is_block:
            return span
        row = bisect.bisect_right(breaks, offset)
        column = offset - (breaks[row - 1] if row else 0) + 1
        line = span.line + header + row
        return Span(span.path, line, column, line, column + len(token))

    return locate


class _MalformedError(Exception):
    """Text that is not JSON."""


class _TooDeepError(_MalformedError):
    """Text whose maps and lists are nested too deeply to be read."""


class _BeyondError(Exception):
    """Text of which more values would be made than the target's budget has; the message is the reason."""


class _Parser:
    def __init__(self, text: str, unknown: list[Unknown | Reference], locate: Locator) -> None:
        self._text = text
        self._unknown = unknown
        self._locate = locate
        self._at = 0
        self._bare_parts = 0
        self._budget = budget()

    def document(self) -> Value:
        value = self._value(0)
        self._skip()
        if self._at != len(self._text):
            raise _MalformedError
        return value

    def reached(self) -> Span | None:
        """The place up to which it was read; None after an unknown part that is not inside of a string."""
        if self._bare_parts or self._text.startswith(_OPEN, self._at):
            return None
        return self._locate(min(self._at, len(self._text) - 1), "")

    def _skip(self) -> None:
        match = _SPACE.match(self._text, self._at)
        assert match is not None
        self._at = match.end()

    def _peek(self) -> str:
        self._skip()
        return self._text[self._at : self._at + 1]

    def _take(self, pattern: re.Pattern[str]) -> tuple[str, Span] | None:
        match = pattern.match(self._text, self._at)
        if match is None:
            return None
        self._at = match.end()
        token = match.group()
        return token, self._locate(match.start(), token)

    def _expect(self, sign: str) -> None:
        if self._peek() != sign:
            raise _MalformedError
        self._at += 1

    def _value(self, depth: int) -> Value:
        if depth > DEPTH_LIMIT:
            raise _TooDeepError
        # Work, and not a value of the target: a text is taken apart again each time it is read.
        if why := self._budget.for_work():
            raise _BeyondError(why)
        sign = self._peek()
        if sign == "{":
            return self._map(depth)
        if sign == "[":
            return self._list(depth)
        if sign == '"':
            token, span = self._string()
            return self._text_value(token, span)
        if sign == _OPEN:
            return self._bare()
        taken = self._take(_NUMBER)
        if taken is not None:
            return Scalar(_number(taken[0]), taken[1])
        for word, data in _WORDS.items():
            if self._text.startswith(word, self._at):
                span = self._locate(self._at, word)
                self._at += len(word)
                return Absent(span) if data is None else Scalar(data, span)
        raise _MalformedError

    def _string(self) -> tuple[str, Span]:
        taken = self._take(_STRING)
        if taken is None:
            raise _MalformedError
        token, span = taken
        if "\\" not in token:
            return token[1:-1], span
        from json import loads  # its import takes longer than most policies

        try:
            text: str = loads(token)
        except ValueError as error:
            raise _MalformedError from error
        if any(text.count(mark) != token.count(mark) for mark in (_OPEN, _CLOSE)):
            raise _MalformedError  # an escape must not be taken for a part
        return text, span

    def _text_value(self, text: str, span: Span) -> Value:
        if _OPEN not in text:
            return Scalar(text, span)
        pieces: list[TextPart] = []
        for position, piece in enumerate(_PART.split(text)):
            if position % 2:
                pieces.append(self._part(piece))
            elif piece:
                pieces.append(piece)
        if len(pieces) == 1 and not isinstance(pieces[0], str):
            return pieces[0]._replace(span=span)
        return partial_text(tuple(pieces), span)

    def _part(self, position: str) -> Unknown | Reference:
        if int(position) >= len(self._unknown):
            raise _MalformedError
        return self._unknown[int(position)]

    def _bare(self) -> Value:
        """An unknown part outside of a string: a number, a list, a whole object."""
        self._bare_parts += 1
        match = _PART.match(self._text, self._at)
        if match is None:
            raise _MalformedError
        span = self._locate(self._at, "")
        self._at = match.end()
        rest = re.compile(r"[^,\]}\s]*").match(self._text, self._at)
        if rest is not None and rest.group():
            self._at = rest.end()
            return Unknown("part of it is known only at deployment", span)
        return _decoded(self._part(match.group(1)))._replace(span=span)

    def _map(self, depth: int) -> MapValue:
        span = self._locate(self._at, "{")
        self._at += 1
        entries: dict[str, Entry] = {}
        rest: Unknown | None = None
        if self._peek() == "}":
            self._at += 1
            return MapValue(entries, span)
        while True:
            if self._peek() == _OPEN:
                rest = Unknown("further keys are known only at deployment", self._bare().span or span)
            else:
                key, key_span = self._string()
                self._expect(":")
                value = self._value(depth + 1)
                named = known_text(self._text_value(key, key_span))
                if named is None:
                    rest = Unknown("a key is known only at deployment", key_span)
                else:
                    entries[named] = Entry(key_span, value, named)
            sign = self._peek()
            self._at += 1
            if sign == "}":
                return MapValue(entries, span, rest)
            if sign != ",":
                raise _MalformedError

    def _list(self, depth: int) -> ListValue:
        span = self._locate(self._at, "[")
        self._at += 1
        items: list[Value] = []
        if self._peek() == "]":
            self._at += 1
            return ListValue((), span)
        while True:
            items.append(self._value(depth + 1))
            sign = self._peek()
            self._at += 1
            if sign == "]":
                return ListValue(tuple(items), span)
            if sign != ",":
                raise _MalformedError


def _decoded(part: Unknown | Reference) -> Unknown | Reference:
    """What a part of a text encodes, where it is what `jsonencode` gives for something unknown."""
    if not isinstance(part, Unknown) or not part.identity.startswith(JSON_ENCODED):
        return part
    return part._replace(identity=part.identity.removeprefix(JSON_ENCODED).removesuffix(")"))


def partial_text(parts: tuple[TextPart, ...], span: Span) -> Unknown | Scalar:
    """Text of which some parts are not known; equal parts make equal identities."""
    reason, identity, secret = "", "", False
    identified = True
    for part in parts:
        if isinstance(part, str):
            identity += part
        elif isinstance(part, Reference):
            attribute = f".{part.attribute}" if part.attribute else ""
            reason = reason or f"{part.address}{attribute} is known only after deployment"
            identity += f"${{{part.address}.{part.attribute}}}"
        else:
            reason = reason or part.reason
            identified = identified and bool(part.identity)
            identity += f"${{{part.identity}}}"
            secret = secret or part.secret
    if not reason:
        return Scalar("".join(part for part in parts if isinstance(part, str)), span)
    return Unknown(reason, span, parts, identity if identified else "", True, secret)


def _number(token: str) -> int | float | str:
    if len(token) > _DIGITS_LIMIT:
        return token  # more digits than anything that reads it takes
    return int(token) if token.lstrip("-").isdigit() else float(token)
