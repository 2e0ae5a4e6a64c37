"""Texts that are known in part, and patterns over them: does a pattern of a policy cover a text?

    covers(pattern("arn:aws:s3:::ml-*"), text) -> YES, NO or undecided

YES means whatever the unknown pieces are, NO means that they cannot be anything with which it would.
"""

import re
from collections.abc import Callable, Sequence
from enum import Enum
from functools import lru_cache
from itertools import chain
from typing import TypeAlias, Union

from mlwa_lint.model.answers import NO, YES, Answer, undecided
from mlwa_lint.model.budget import budget
from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple


class Wild(Enum):
    """A wildcard of a pattern: any text, or any one character."""

    ANY = "*"
    ONE = "?"


class Hole(NamedTuple):
    """A piece that is not known.

    key:  equal, non-empty keys mean equal texts.
    free: it may be any text. One that is not free is a name: it has no wildcards and no separators, and
          differs from every name with another key.
    why:  why it is not known, as a phrase.
    """

    key: str
    free: bool
    why: str = ""


Token: TypeAlias = Union[str, Wild, Hole]
PatternText: TypeAlias = tuple[Token, ...]

ACCOUNT = Hole("account", False)
REGION = Hole("region", False)
ANYTHING = Hole("", True)
WHY = "part of an ARN is known only after deployment"

# `${aws:username}` is replaced by a text of the request; `${*}`, `${?}` and `${$}` are literal characters.
_WILDCARDS = lazy(r"[*?]")
_SIGNS = lazy(r"\$\{([*?$])\}|\$\{[^}]*\}|\*|\?")


def text(*pieces: "str | Hole") -> PatternText:
    """A text without wildcards."""
    return tuple(token for piece in pieces for token in (piece if isinstance(piece, str) else (piece,)))


def pattern(*pieces: "str | Hole") -> PatternText:
    """A pattern: `*` and `?` of its known pieces are wildcards, policy variables are not known."""
    found: list[Token] = []
    for piece in pieces:
        found += _pattern_of(piece) if isinstance(piece, str) else (piece,)
    return tuple(found)


@lru_cache(maxsize=10_000)
def _pattern_of(piece: str) -> PatternText:
    found: list[Token] = []
    position = 0
    # Beyond the last brace no variable is closed, and each would be looked for up to the end.
    closed = piece.rfind("}") + 1
    for match in chain(_SIGNS.finditer(piece, 0, closed), _WILDCARDS.finditer(piece, closed)):
        found += piece[position : match.start()]
        position = match.end()
        sign = match.group()
        if sign in ("*", "?"):
            found.append(Wild(sign))
        else:
            found += match.group(1) or (Hole(sign, True),)
    return (*found, *piece[position:])


def arn(tokens: PatternText) -> PatternText:
    """An ARN of any partition: an account belongs to one, and need not be distinguished."""
    if tokens[:4] != ("a", "r", "n", ":"):
        return tokens
    end = next((at for at in range(4, len(tokens)) if tokens[at] == ":"), None)
    return tokens if end is None else (*"arn:aws", *tokens[end:])


def folded(tokens: PatternText) -> PatternText:
    """The same text in lower case, for what is compared without its case."""
    return tuple(token.lower() if isinstance(token, str) else token for token in tokens)


def covers(one: PatternText, other: PatternText) -> Answer:
    """Whether a pattern covers a text."""
    # Most are distinguished by what precedes the first wildcard.
    for here, there in zip(one, other, strict=False):
        if not isinstance(here, str) or not isinstance(there, str):
            break
        if here != there:
            return NO
    plain = _plain(other)
    if plain is not None and not any(isinstance(token, Hole) for token in one):
        whole = _plain(one)
        return YES if (whole == plain if whole is not None else _fits(_runs(one), plain)) else NO
    try:
        return _compared(one, other)
    except _RefusedError as error:
        return undecided(str(error))


class _RefusedError(Exception):
    """A comparison takes more than the budget allows: it is not remembered."""


@lru_cache(maxsize=2_000)  # the same policies and names are compared in each world of each check
def _compared(one: PatternText, other: PatternText) -> Answer:
    refusals: list[str] = []
    if _reaches(one, other, _certain_steps, refusals):
        return YES
    possible = _reaches(one, other, _possible_steps, refusals)
    if refusals:
        raise _RefusedError(refusals[0])
    return undecided(_why(one, other)) if possible else NO


def _why(one: PatternText, other: PatternText) -> str:
    """Why a text is not known: a reason is more useful than a name."""
    holes = [token for token in (*one, *other) if isinstance(token, Hole) and token.why]
    return next((hole.why for hole in sorted(holes, key=lambda hole: not hole.free)), WHY)


def _plain(tokens: PatternText) -> str | None:
    return "".join(map(str, tokens)) if all(isinstance(token, str) for token in tokens) else None


class _Run(NamedTuple):
    """The text between two `*` of a pattern: as many characters as its length."""

    length: int
    # Where it is found next: `str.find`, or a search for as many characters where some are `?`.
    find: Callable[[str, int], int]


@lru_cache(maxsize=10_000)
def _runs(tokens: PatternText) -> tuple[_Run, ...]:
    runs: list[list[Token]] = [[]]
    for token in tokens:
        if token is Wild.ANY:
            runs.append([])
        else:
            runs[-1].append(token)
    return tuple(_Run(len(run), _finder(run)) for run in runs)


def _finder(run: list[Token]) -> Callable[[str, int], int]:
    if all(isinstance(token, str) for token in run):
        wanted = "".join(map(str, run))
        return lambda text, start: text.find(wanted, start)
    expression = re.compile(
        "".join(re.escape(token) if isinstance(token, str) else "." for token in run), re.DOTALL
    )

    def search(text: str, start: int) -> int:
        found = expression.search(text, start)
        return -1 if found is None else found.start()

    return search


def _fits(runs: tuple[_Run, ...], text: str) -> bool:
    """Whether a text consists of runs with anything between them.

    Each run is taken where it is found first, which leaves the most to the others: unlike an expression with
    many `.*`, this never goes back.
    """
    first, *between = runs
    if first.find(text, 0) != 0:
        return False
    if not between:
        return first.length == len(text)
    last = between.pop()
    position = first.length
    for run in between:
        found = run.find(text, position)
        if found < 0:
            return False
        position = found + run.length
    start = len(text) - last.length
    return start >= position and last.find(text, start) == start


_Step: TypeAlias = tuple[int, int]
# How many states count on the budget at once: nearly all comparisons take fewer.
_COUNTED = 1_000
_Steps: TypeAlias = Callable[[Token | None, Token | None], Sequence[_Step]]


def _reaches(one: PatternText, other: PatternText, steps: _Steps, refusals: list[str]) -> bool:
    """Whether some path leads through both texts to their ends; each state is visited once.

    Gives up beyond the budget, and adds why to the refusals.
    """
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
        if len(seen) % _COUNTED == 0 and (refusal := budget().for_work(_COUNTED)):
            refusals.append(refusal)
            return False
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
