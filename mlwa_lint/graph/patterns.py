"""Texts that are known in part, and patterns over them: does a pattern of a policy cover a text?

    covers(pattern("arn:aws:s3:::ml-*"), text) -> YES, NO or undecided

YES means whatever the unknown pieces are, NO means that they cannot be anything with which it would.
"""

import re
from collections.abc import Callable, Sequence
from enum import Enum
from functools import lru_cache
from typing import TypeAlias, Union

from mlwa_lint.model.answers import NO, YES, Answer, undecided
from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple


class Wild(Enum):
    """A wildcard of a pattern: any text, or any one character."""

    ANY = "*"
    ONE = "?"


class Hole(NamedTuple):
    """A piece that is not known.

    key:  equal, non-empty keys stand for equal texts.
    free: it may be any text. One that is not free is a name: it has no wildcards and no separators, and
          differs from every name with another key.
    why:  why it is not known, as a phrase.
    """

    key: str
    free: bool
    why: str = ""


Token: TypeAlias = Union[str, Wild, Hole]
Text: TypeAlias = tuple[Token, ...]

ACCOUNT = Hole("account", False)
REGION = Hole("region", False)
ANYTHING = Hole("", True)
WHY = "part of an ARN is known only after deployment"

# `${aws:username}` stands for a text of the request; `${*}`, `${?}` and `${$}` for the signs themselves.
_SIGNS = lazy(r"\$\{([*?$])\}|\$\{[^}]*\}|\*|\?")


def text(*pieces: "str | Hole") -> Text:
    """A text without wildcards."""
    return tuple(token for piece in pieces for token in (piece if isinstance(piece, str) else (piece,)))


def pattern(*pieces: "str | Hole") -> Text:
    """A pattern: `*` and `?` of its known pieces are wildcards, policy variables are not known."""
    found: list[Token] = []
    for piece in pieces:
        found += _pattern_of(piece) if isinstance(piece, str) else (piece,)
    return tuple(found)


@lru_cache(maxsize=10_000)
def _pattern_of(piece: str) -> Text:
    found: list[Token] = []
    position = 0
    for match in _SIGNS.finditer(piece):
        found += piece[position : match.start()]
        position = match.end()
        sign = match.group()
        if sign in ("*", "?"):
            found.append(Wild(sign))
        else:
            found += match.group(1) or (Hole(sign, True),)
    return (*found, *piece[position:])


def arn(tokens: Text) -> Text:
    """An ARN of no matter which partition: an account lies in one, and need not be told from others."""
    if tokens[:4] != ("a", "r", "n", ":"):
        return tokens
    end = next((at for at in range(4, len(tokens)) if tokens[at] == ":"), None)
    return tokens if end is None else (*"arn:aws", *tokens[end:])


def folded(tokens: Text) -> Text:
    """The same text in lower case, for what is compared without its case."""
    return tuple(token.lower() if isinstance(token, str) else token for token in tokens)


def covers(one: Text, other: Text) -> Answer:
    """Whether a pattern covers a text."""
    # Most are told apart by what stands before the first wildcard.
    for here, there in zip(one, other, strict=False):
        if not isinstance(here, str) or not isinstance(there, str):
            break
        if here != there:
            return NO
    plain = _plain(other)
    if plain is not None and not any(isinstance(token, Hole) for token in one):
        whole = _plain(one)
        fits = whole == plain if whole is not None else _expression(one).fullmatch(plain) is not None
        return YES if fits else NO
    if _reaches(one, other, _certain_steps):
        return YES
    return undecided(_why(one, other)) if _reaches(one, other, _possible_steps) else NO


def _why(one: Text, other: Text) -> str:
    """Why a text is not known: what may be anything tells more than a name does."""
    holes = [token for token in (*one, *other) if isinstance(token, Hole) and token.why]
    return next((hole.why for hole in sorted(holes, key=lambda hole: not hole.free)), WHY)


def _plain(tokens: Text) -> str | None:
    return "".join(map(str, tokens)) if all(isinstance(token, str) for token in tokens) else None


@lru_cache(maxsize=10_000)
def _expression(tokens: Text) -> re.Pattern[str]:
    signs = {Wild.ANY: ".*", Wild.ONE: "."}
    return re.compile(
        "".join(re.escape(each) if isinstance(each, str) else signs[each] for each in _unholed(tokens)),
        re.DOTALL,
    )


def _unholed(tokens: Text) -> "list[str | Wild]":
    return [token for token in tokens if not isinstance(token, Hole)]


_Step: TypeAlias = tuple[int, int]
_Steps: TypeAlias = Callable[[Token | None, Token | None], Sequence[_Step]]


def _reaches(one: Text, other: Text, steps: _Steps) -> bool:
    """Whether some way leads through both texts to their ends; each state is looked at once."""
    goal = (len(one), len(other))
    seen: set[_Step] = set()
    waiting: list[_Step] = [(0, 0)]
    while waiting:
        state = waiting.pop()
        if state == goal:
            return True
        if state in seen:
            continue
        seen.add(state)
        here = one[state[0]] if state[0] < goal[0] else None
        there = other[state[1]] if state[1] < goal[1] else None
        waiting += [(state[0] + a, state[1] + b) for a, b in steps(here, there)]
    return False


def _certain_steps(here: Token | None, there: Token | None) -> Sequence[_Step]:
    """How to go on when the unknown pieces of the text can be anything."""
    if here is Wild.ANY:
        return ((1, 0), (0, 1)) if there is not None else ((1, 0),)
    if here is None or there is None:
        return ()
    if isinstance(here, Hole) or isinstance(there, Hole):
        same = isinstance(here, Hole) and isinstance(there, Hole) and here.key and here.key == there.key
        return ((1, 1),) if same else ()
    return ((1, 1),) if here is Wild.ONE or here == there else ()


def _possible_steps(here: Token | None, there: Token | None) -> Sequence[_Step]:
    """How to go on when the unknown pieces may be whatever suits."""
    found: list[_Step] = []
    if _absorbs(here):
        found += ((1, 0), (0, 1)) if there is not None else ((1, 0),)
    if _absorbs(there):
        found += ((0, 1), (1, 0)) if here is not None else ((0, 1),)
    if found or here is None or there is None:
        return found
    if isinstance(here, Hole) and isinstance(there, Hole):
        return ((1, 1),) if here.key == there.key else ()
    if isinstance(here, Hole):
        return () if there in (":", "/") else ((0, 1), (1, 1))
    if isinstance(there, Hole):
        return () if here in (":", "/") else ((1, 0), (1, 1))
    return ((1, 1),) if here is Wild.ONE or there is Wild.ONE or here == there else ()


def _absorbs(token: Token | None) -> bool:
    return token is Wild.ANY or (isinstance(token, Hole) and token.free)
