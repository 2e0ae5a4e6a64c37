"""The texts that a text can be of which some parts are one of several."""

from collections.abc import Sequence
from itertools import product
from math import prod

from mlwa_lint.model.values import NO_ASSUMPTIONS, Absent, Assumptions, Unknown, Value, known_text
from mlwa_lint.startup.records import NamedTuple

# As many texts are looked at, as of a value that is one of several as a whole.
TEXTS_LIMIT = 64


class Possible(NamedTuple):
    """All texts that something can be, and what that rests on."""

    texts: tuple[str, ...]
    supposed: Assumptions


def possible(parts: Sequence[str | Value]) -> Possible | None:
    """The texts that parts can make together; None where one can be anything, or they are too many."""
    options: list[tuple[str, ...]] = []
    supposed = NO_ASSUMPTIONS
    for part in parts:
        found = _options_of(part)
        if found is None:
            return None
        options.append(found.texts)
        supposed |= found.supposed
    if prod(map(len, options)) > TEXTS_LIMIT:
        return None
    return Possible(tuple(sorted({"".join(each) for each in product(*options)})), supposed)


def _options_of(part: str | Value) -> Possible | None:
    text = part if isinstance(part, str) else known_text(part)
    if text is not None:
        return Possible((text,), NO_ASSUMPTIONS)
    if isinstance(part, Absent):
        return Possible(("",), NO_ASSUMPTIONS)
    if not isinstance(part, Unknown):
        return None
    if part.one_of:
        return Possible(part.one_of, part.supposed)
    return possible(part.parts) if part.parts else None


def ends(value: Unknown, separator: str) -> Possible | None:
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
    return found._replace(texts=tuple(dict.fromkeys(each.rpartition(separator)[2] for each in found.texts)))
