"""One budget for a target: how much may be made of it, however small its sources are.

A few lines can require gigabytes of text, or millions of values. Whatever makes something of a
source declares its cost here first, and may be refused: the value is then Unknown, with the reason that it
gets. What is counted is work, never time, so that the same sources give the same result on any machine.

The budget of the target at hand is found by `budget()`: it belongs to the run of a target as a whole
(reading, evaluating, linking, checking), and not to one evaluator.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

# Values that are made: an estate of 500 resources needs some 100,000.
NODES_LIMIT = 5_000_000
# Characters of all texts that are made, and of a single one.
TEXT_LIMIT = 64_000_000
ONE_TEXT_LIMIT = 4_000_000
# Pieces of work that make nothing: comparisons, steps of a search, items that are looked through.
WORK_LIMIT = 20_000_000
# How deep a value may be.
DEPTH_LIMIT = 200


class Budget:
    """What is left for one target.

    Each question takes something and answers with the reason why there is not enough, as a phrase;
    empty where there is. `refusals` has the reasons that were given, each once.
    """

    __slots__ = ("_nodes", "_text", "_work", "nodes", "one_text", "refusals", "text", "work")

    def __init__(
        self,
        nodes: int = NODES_LIMIT,
        text: int = TEXT_LIMIT,
        work: int = WORK_LIMIT,
        one_text: int = ONE_TEXT_LIMIT,
    ) -> None:
        self.nodes, self.text, self.work, self.one_text = nodes, text, work, one_text
        self._nodes, self._text, self._work = nodes, text, work
        self.refusals: dict[str, None] = {}

    @property
    def spent(self) -> dict[str, int]:
        """What was used so far."""
        return {
            "nodes": self._nodes - self.nodes,
            "text": self._text - self.text,
            "work": self._work - self.work,
        }

    @property
    def is_ample(self) -> bool:
        """Whether more than half is left of everything."""
        return 2 * self.nodes > self._nodes and 2 * self.text > self._text and 2 * self.work > self._work

    def take(self, spent: Mapping[str, int]) -> None:
        """Takes what another budget has spent."""
        self.nodes -= spent["nodes"]
        self.text -= spent["text"]
        self.work -= spent["work"]

    def for_nodes(self, count: int = 1) -> str:
        """Takes values that are to be made."""
        self.nodes -= count
        if self.nodes >= 0:
            return ""
        self.nodes = 0
        return self._refused(f"more than {self._nodes:,} values are made of the sources")

    def for_text(self, length: int) -> str:
        """Takes the length of a text that is to be made."""
        if length > self.one_text:
            return self._refused(f"a text is longer than {self.one_text:,} characters")
        if length > self.text:
            return self._refused(f"texts of more than {self._text:,} characters are made of the sources")
        self.text -= length
        return ""

    def for_work(self, count: int = 1) -> str:
        """Takes pieces of work that make nothing."""
        self.work -= count
        if self.work >= 0:
            return ""
        self.work = 0
        return self._refused(f"the sources take more than {self._work:,} steps")

    def _refused(self, reason: str) -> str:
        self.refusals[reason] = None
        return reason


_CURRENT: ContextVar[Budget | None] = ContextVar("budget", default=None)


def budget() -> Budget:
    """The budget of the target at hand; where none was opened, one for this question alone."""
    return _CURRENT.get() or Budget()


@contextmanager
def for_target(own: Budget | None = None) -> Iterator[Budget]:
    """Opens the budget of a target; inside of one that is open already, that one holds."""
    current = _CURRENT.get()
    if current is not None and own is None:
        yield current
        return
    opened = own or Budget()
    token = _CURRENT.set(opened)
    try:
        yield opened
    finally:
        _CURRENT.reset(token)
