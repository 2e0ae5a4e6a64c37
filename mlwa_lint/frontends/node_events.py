"""Whether the handler of a program for Node.js lets Lambda know that an event failed."""

import re

from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple

_TEXT = lazy(r"""\"(?:[^"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*(?:`|\Z)""", re.DOTALL)
# `exports.NAME = async (event) => {`, `export const NAME: Handler = …`, `async function NAME(event) {`.
_HANDLER = (
    r"(?:\bexports\.{0}|\b(?:const|let|var)\s+{0}\b(?:\s*:[^=;{{}}]{{1,120}})?)\s*=\s*(?:async\s*)?"
    r"(?:function\b\s*\w{{0,80}}\s*)?(?:\([^()]{{0,300}}\)|[\w$]{{1,80}})\s*(?::[^={{}};]{{1,120}})?(?:=>\s*)?\{{"
    r"|\bfunction\s+{0}\s*\([^()]{{0,300}}\)\s*(?::[^={{}};]{{1,120}})?\{{"
)
_TRY = lazy(r"\btry\s*\{")
_CATCH = lazy(r"\s*catch\s*(?:\([^()]{0,120}\)\s*)?\{")
_FINALLY = lazy(r"\s*finally\s*\{")
# What fails an event: outside of a `try`, whatever is awaited may.
_FAILS = lazy(
    r"\bthrow\b|\breject\s*\(|\bprocess\.exit\b|\bcallback\s*\(\s*(?!null\b)\w|\b(?:context|ctx)\.fail\b"
)
_MAY_FAIL = lazy(r"\bawait\b(?!\s+Promise\.all\w*\s*\(\s*[\w$.]+\.map\b)|\.then\s*\(|\.promise\s*\(")


def catches_everything(text: str, handler: str) -> bool:
    """Whether a handler certainly does all of its work where it catches every error, and throws none.

    text: the program without comments.
    """
    if not handler.isidentifier() or "catch" not in text:
        return False
    plain = _TEXT.sub(lambda match: '"' + " " * (len(match[0]) - 2) + '"', text)
    found = list(re.finditer(_HANDLER.format(re.escape(handler)), plain))
    body = _block(plain, found[0].end() - 1) if len(found) == 1 else None
    parts = None if body is None else _parts(body.text)
    if parts is None or not parts.caught:
        return False
    return not any(map(_FAILS.search, parts.caught)) and not any(
        _FAILS.search(each) or _MAY_FAIL.search(each) for each in parts.others
    )


class _Parts(NamedTuple):
    """What the outermost `try` statements of a function do with errors, and what lies outside of them."""

    caught: list[str]
    others: list[str]


def _parts(body: str) -> _Parts | None:
    """The parts of a function; None where a `try` catches nothing, or its end is not found."""
    found = _Parts([], [])
    position = 0
    while (trying := _TRY.search(body, position)) is not None:
        found.others.append(body[position : trying.start()])
        tried = _block(body, trying.end() - 1)
        catch = None if tried is None else _CATCH.match(body, tried.end)
        caught = None if catch is None else _block(body, catch.end() - 1)
        if caught is None:
            return None
        found.caught.append(caught.text)
        last = _FINALLY.match(body, caught.end)
        finished = caught if last is None else _block(body, last.end() - 1)
        if finished is None:
            return None
        if last is not None:
            found.others.append(finished.text)
        position = finished.end
    found.others.append(body[position:])
    return found


class _Block(NamedTuple):
    """What is between two braces, and where it ends."""

    text: str
    end: int


def _block(text: str, start: int) -> _Block | None:
    """What is between a brace and the one that closes it."""
    depth = 0
    for position in range(start, len(text)):
        if text[position] == "{":
            depth += 1
        elif text[position] == "}":
            depth -= 1
            if depth == 0:
                return _Block(text[start + 1 : position], position + 1)
    return None


__all__ = ["catches_everything"]
