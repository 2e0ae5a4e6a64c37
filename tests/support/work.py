"""How much work a run does, counted and not timed: the same on every machine."""

from collections.abc import Callable
from cProfile import Profile


def calls_of(run: Callable[[], object]) -> int:
    """How many calls of functions a run makes, our own and those of built-in ones."""
    profile = Profile()
    profile.runcall(run)
    return sum(each.callcount for each in profile.getstats())
