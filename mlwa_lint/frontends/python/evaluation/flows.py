"""How blocks of statements end other than at their last statement."""

from mlwa_lint.frontends.python.evaluation.values import PyValue
from mlwa_lint.model.conditions import Guard
from mlwa_lint.startup.records import NamedTuple


class Returned(NamedTuple):
    """A block ended with `return`."""

    value: PyValue


class Ended(NamedTuple):
    """A block ended otherwise: `raise`, `break`, `continue`.

    turns: whether it only ends a turn of a loop, or all of them.
    """

    stops: bool
    turns: bool = False


class Partly(NamedTuple):
    """A block ended under some conditions, in this order, and went on where none of them holds.

    searched: whether a loop did that, which looked for something and went on without it.
    """

    returns: tuple[tuple[Guard, PyValue], ...]
    searched: bool = False


Flow = Returned | Ended | Partly


def of_loop(flow: Returned | Partly) -> Flow:
    """How a loop ended one of whose turns ended like this."""
    return flow._replace(searched=True) if isinstance(flow, Partly) else flow
