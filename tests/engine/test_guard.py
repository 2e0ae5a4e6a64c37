"""What a check may yield, and for how long it may work."""

import signal
import sys
from typing import Any

import pytest

from mlwa_lint.engine.guard import (
    CLAIMS_LIMIT,
    ProcessorLimit,
    ProcessorLimitError,
    RuleFaultError,
    claims_of,
)
from mlwa_lint.rule import YES, Claim
from tests.support.small_graphs import VIEW

CLAIM = Claim(YES, VIEW, "m")


def changed(**fields: Any) -> Claim:
    return CLAIM._replace(**fields)


def test_claims_are_handed_on_in_their_order() -> None:
    other = CLAIM._replace(message="n", severity="info", related=((VIEW, "x"),))
    assert list(claims_of(iter([CLAIM, other]))) == [CLAIM, other]
    assert list(claims_of([])) == []


def test_as_many_claims_as_the_limit_are_taken() -> None:
    assert len(list(claims_of([CLAIM] * CLAIMS_LIMIT))) == CLAIMS_LIMIT
    with pytest.raises(RuleFaultError, match="more than 10,000 claims about one thing"):
        list(claims_of([CLAIM] * (CLAIMS_LIMIT + 1)))


@pytest.mark.parametrize(
    ("yielded", "fault"),
    [
        (None, "its check returns None, not claims"),
        (5, "its check returns an int, not claims"),
        (0.5, "its check returns a float, not claims"),
        ([None], "it yields None instead of a Claim"),
        ([5], "it yields an int instead of a Claim"),
        (["m"], "it yields a str instead of a Claim"),
        ([changed(answer=True)], "it yields a Claim whose answer is a bool"),
        ([changed(at=None)], "it yields a Claim at None instead of a property or resource"),
        ([changed(message=5)], "it yields a Claim whose message is an int"),
        ([changed(severity="bad")], "it yields a Claim of severity 'bad'"),
    ],
)
def test_anything_else_is_a_fault_of_the_rule(yielded: object, fault: str) -> None:
    with pytest.raises(RuleFaultError) as caught:
        list(claims_of(yielded))
    assert str(caught.value) == fault


@pytest.mark.parametrize(
    "related",
    [
        None,
        [(VIEW, "x")],
        ("x",),
        ((VIEW,),),
        ((VIEW, "x", "y"),),
        ((VIEW, 5),),
        (("x", VIEW),),
        ([VIEW, "x"],),
    ],
)
def test_related_places_are_pairs_of_a_view_and_a_text(related: object) -> None:
    with pytest.raises(RuleFaultError, match="whose related places are not pairs"):
        list(claims_of([changed(related=related)]))


needs_timers = pytest.mark.skipif(sys.platform == "win32", reason="needs interval timers")


def _work_without_end(limit: ProcessorLimit) -> None:
    with limit:
        while True:
            pass


@needs_timers
def test_work_beyond_the_limit_is_stopped_again_and_again() -> None:
    before = signal.getsignal(signal.SIGPROF)
    with pytest.raises(ProcessorLimitError):
        _work_without_end(ProcessorLimit(0.01))
    assert signal.getsignal(signal.SIGPROF) is before
    assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)


@needs_timers
def test_work_within_the_limit_leaves_no_timer_behind() -> None:
    before = signal.getsignal(signal.SIGPROF)
    with ProcessorLimit(5):
        left, interval = signal.getitimer(signal.ITIMER_PROF)
        assert left == pytest.approx(5, abs=0.5)
        assert interval == 1.0
        assert signal.getsignal(signal.SIGPROF) is not before
    assert signal.getsignal(signal.SIGPROF) is before
    assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)
