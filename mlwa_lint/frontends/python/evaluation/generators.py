"""Generators: what they give one by one is a list of it, since their body is run as a whole."""

from mlwa_lint.frontends.python.evaluation.core import Core
from mlwa_lint.frontends.python.evaluation.subscripts import grow, items_of
from mlwa_lint.frontends.python.evaluation.values import REST, Frame, ListObj, Names, PyValue
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import Absent

# Where the names of a generator's call keep what it has given so far.
_GIVEN = "\0yielded"


def begin(frame: Frame, span: Span) -> None:
    """Keeps what a generator gives from its beginning on: all branches of its body add to one list."""
    frame.cells[_GIVEN] = ListObj((), span)


def note_yielded(core: Core, value: PyValue, several: bool, frame: Frame, span: Span) -> None:
    """Keeps what `yield value` gives, or `yield from value`."""
    made = frame.cells.get(_GIVEN)
    if not isinstance(made, ListObj):
        return  # where no call of a function is followed
    items, rest = items_of(core, value, span) if several else ([value], None)
    grow(core, made, (*made.values, *items), span)
    if rest is not None:
        core.store(made.cells, REST, rest)


def yielded(names: Names, first: bool) -> PyValue | None:
    """What a call of a generator gives, or the first of it: what `with` gives of a context manager."""
    made = names.get(_GIVEN)
    if not isinstance(made, ListObj) or (not made.values and made.rest is None):
        return None
    if not first:
        return made
    return made.values[0] if made.values else Absent(made.span)
