"""The texts that a text can be of which some parts are one of several."""

from collections.abc import Sequence
from itertools import product
from math import prod

from mlwa_lint.model.values import Absent, Unknown, Value, known_text

# As many texts are considered as of a value that is one of several as a whole.
TEXTS_LIMIT = 64


def possible(parts: Sequence[str | Value]) -> tuple[str, ...] | None:
    """The texts that parts can make together; None where one can be anything, or they are too many."""
    options: list[tuple[str, ...]] = []
    for part in parts:
        found = _options_of(part)
        if found is None:
            return None
        options.append(found)
    if prod(map(len, options)) > TEXTS_LIMIT:
        return None
    return tuple(sorted({"".join(each) for each in product(*options)}))


def _options_of(part: str | Value) -> tuple[str, ...] | None:
    text = part if isinstance(part, str) else known_text(part)
    if text is not None:
        return (text,)
    if isinstance(part, Absent):
        return ("",)
    if not isinstance(part, Unknown):
        return None
    return part.one_of or (possible(part.parts) if part.parts else None)


def ends(value: Unknown, separator: str) -> tuple[str, ...] | None:
    """What can follow the last separator of a text; None where that can be anything."""
    for start in range(len(value.parts) - 1, -1, -1):
        part = value.parts[start]
        if isinstance(part, str) and separator in part:
            found = possible((part.rpartition(separator)[2], *value.parts[start + 1 :]))
            break
        if not isinstance(part, str) and not (isinstance(part, Unknown) and part.one_of):
            return None
    else:
        found = possible(value.parts)
    if found is None:
        return None
    return tuple(dict.fromkeys(each.rpartition(separator)[2] for each in found))


def fits(value: Unknown, text: str) -> bool:
    """Whether a text can be what a value of which parts are known turns out to be."""
    pieces = [each if isinstance(each, str) else "" for each in value.parts]
    if not text.startswith(pieces[0]) or not text.endswith(pieces[-1]):
        return False
    at = 0
    for piece in pieces:
        at = text.find(piece, at)
        if at < 0:
            return False
        at += len(piece)
    return True


def consists_of(pieces: Sequence[str], text: str, least: int = 0) -> bool:
    """Whether a text begins with the first of some pieces, ends with the last, and has the others between.

    Anything may be between two of them, but no less than `least` characters. Each is taken where it is found
    first, which leaves the most to the others: unlike an expression with many `.*`, this never goes back.
    """
    first, *between = pieces
    if not between:
        return text == first
    last = between.pop()
    if not text.startswith(first):
        return False
    at = len(first)
    for piece in between:
        at = text.find(piece, at + least)
        if at < 0:
            return False
        at += len(piece)
    return at + least <= len(text) - len(last) and text.endswith(last)
