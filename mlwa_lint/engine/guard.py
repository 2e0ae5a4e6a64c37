"""Keeps one faulty rule from harming a run: limits its processor time, and looks at what it yields."""

from collections.abc import Iterator
from typing import Any

from mlwa_lint.graph.views import View
from mlwa_lint.model.answers import Answer
from mlwa_lint.model.findings import SEVERITIES
from mlwa_lint.rule import Claim

MISTAKES_LIMIT = 10_000


class RuleFaultError(Exception):
    """What a rule yields is nothing that can be reported."""


class ProcessorLimitError(BaseException):
    """A rule takes too long; no Exception, so that a rule's own handlers do not swallow it."""


class ProcessorLimit:
    """Raises ProcessorLimitError in its block after some seconds of processor time, and again each second.

    It is this process's time at work that counts, not the clock on the wall: on a loaded machine, or after
    a pause, the same input gives the same result. Without effect where there are no interval timers
    (Windows), and outside of the main thread.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._previous: Any = None
        self._set = False

    def __enter__(self) -> None:
        # The module behind `signal`, whose enumerations take longer to make than most rules to ask.
        import _signal  # type: ignore[import-not-found]

        if not hasattr(_signal, "setitimer"):
            return
        try:
            self._previous = _signal.signal(_signal.SIGPROF, _too_long)
        except ValueError:
            return
        self._set = True
        _signal.setitimer(_signal.ITIMER_PROF, self._seconds, 1.0)

    def __exit__(self, *_: object) -> None:
        if not self._set:
            return
        import _signal

        _signal.setitimer(_signal.ITIMER_PROF, 0)
        _signal.signal(_signal.SIGPROF, self._previous)


def _too_long(*_: object) -> None:
    raise ProcessorLimitError


def mistakes_of(yielded: Any) -> Iterator[Claim]:
    """The mistakes that a check yields. Raises RuleFaultError for anything else."""
    try:
        each_yielded = iter(yielded)
    except TypeError:
        raise RuleFaultError(f"its check returns {_kind(yielded)}, not mistakes") from None
    for number, mistake in enumerate(each_yielded):
        if number >= MISTAKES_LIMIT:
            raise RuleFaultError(f"it yields more than {MISTAKES_LIMIT:,} mistakes about one thing")
        fault = _fault(mistake)
        if fault:
            raise RuleFaultError(f"it yields {fault}")
        yield mistake


def _fault(mistake: Any) -> str:
    """What is wrong with something yielded; nothing when it is a whole mistake."""
    if not isinstance(mistake, Claim):
        return f"{_kind(mistake)} instead of a Claim"
    if not isinstance(mistake.answer, Answer):
        return f"a Claim whose answer is {_kind(mistake.answer)}"
    if not isinstance(mistake.at, View):
        return f"a Claim at {_kind(mistake.at)} instead of a property or resource"
    if not isinstance(mistake.message, str):
        return f"a Claim whose message is {_kind(mistake.message)}"
    if mistake.severity is not None and mistake.severity not in SEVERITIES:
        return f"a Claim of severity {mistake.severity!r}"
    return (
        "" if _relates(mistake.related) else "a Claim whose related places are not pairs of a view and a text"
    )


def _relates(related: Any) -> bool:
    return isinstance(related, tuple) and all(
        isinstance(pair, tuple) and len(pair) == 2 and isinstance(pair[0], View) and isinstance(pair[1], str)
        for pair in related
    )


def _kind(thing: Any) -> str:
    if thing is None:
        return "None"
    name = type(thing).__name__
    return f"an {name}" if name[0].lower() in "aeiou" else f"a {name}"
