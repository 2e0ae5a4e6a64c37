"""Keeps one faulty rule from harming a run: limits its processor time, and checks what it yields."""

from collections.abc import Iterator
from typing import Any

from mlwa_lint.graph.views import View
from mlwa_lint.model.answers import Answer
from mlwa_lint.model.findings import SEVERITIES
from mlwa_lint.rule import Claim

CLAIMS_LIMIT = 10_000


class RuleFaultError(Exception):
    """What a rule yields cannot be reported."""


class ProcessorLimitError(BaseException):
    """A rule takes too long. Not an Exception, so that a rule's own handlers do not swallow it."""


class ProcessorLimit:
    """Raises ProcessorLimitError in its block after some seconds of processor time, and again each second.

    Processor time counts, not wall-clock time: on a loaded machine, or after a pause, the same input gives
    the same result. Without effect where there are no interval timers
    (Windows), and outside of the main thread.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._previous: Any = None
        self._set = False

    def __enter__(self) -> None:
        # The module behind `signal`, whose enumerations take longer to create than most rules to run.
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


def claims_of(yielded: Any) -> Iterator[Claim]:
    """The claims that a check yields. Raises RuleFaultError for anything else."""
    try:
        each_yielded = iter(yielded)
    except TypeError:
        raise RuleFaultError(f"its check returns {_kind(yielded)}, not claims") from None
    for number, claim in enumerate(each_yielded):
        if number >= CLAIMS_LIMIT:
            raise RuleFaultError(f"it yields more than {CLAIMS_LIMIT:,} claims about one thing")
        fault = _fault(claim)
        if fault:
            raise RuleFaultError(f"it yields {fault}")
        yield claim


def _fault(claim: Any) -> str:
    """What is wrong with something yielded; nothing when it is a whole claim."""
    if not isinstance(claim, Claim):
        return f"{_kind(claim)} instead of a Claim"
    if not isinstance(claim.answer, Answer):
        return f"a Claim whose answer is {_kind(claim.answer)}"
    if not isinstance(claim.at, View):
        return f"a Claim at {_kind(claim.at)} instead of a property or resource"
    if not isinstance(claim.message, str):
        return f"a Claim whose message is {_kind(claim.message)}"
    if claim.severity is not None and claim.severity not in SEVERITIES:
        return f"a Claim of severity {claim.severity!r}"
    return (
        "" if _relates(claim.related) else "a Claim whose related places are not pairs of a view and a text"
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
