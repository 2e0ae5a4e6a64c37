"""The budget of a target: what is requested of it, and what it answers when it runs out."""

import pytest

from mlwa_lint.frontends.texts import text_of
from mlwa_lint.model.budget import (
    NODES_LIMIT,
    ONE_TEXT_LIMIT,
    TEXT_LIMIT,
    WORK_LIMIT,
    Budget,
    budget,
    for_target,
)
from mlwa_lint.model.spans import start_of
from mlwa_lint.model.values import Scalar, Unknown, Value

HERE = start_of("t.yaml")


def doubled(times: int) -> Value:
    value: Value = Scalar("ab", HERE)
    for _ in range(times):
        value = text_of([value, value], HERE)
    return value


def test_what_there_is_enough_of_is_given() -> None:
    own = Budget(nodes=3, text=10, work=2)
    assert [own.for_nodes(), own.for_text(4), own.for_work(2)] == ["", "", ""]
    assert own.spent == {"nodes": 1, "text": 4, "work": 2}
    assert not own.refusals


def test_an_exhausted_budget_is_refused_with_its_reason_reported_once() -> None:
    own = Budget(nodes=3, text=10, work=2, one_text=8)
    assert own.for_nodes(4) == "more than 3 values are made of the sources"
    assert own.for_nodes() == "more than 3 values are made of the sources"
    assert own.for_text(9) == "a text is longer than 8 characters"
    assert own.for_text(8) == ""
    assert own.for_text(3) == "texts of more than 10 characters are made of the sources"
    assert own.for_text(2) == ""
    assert own.for_work(3) == "the sources take more than 2 steps"
    assert len(own.refusals) == 4


def test_nothing_is_left_after_a_refusal_and_nothing_is_taken_for_it() -> None:
    own = Budget(nodes=3, text=10, work=2)
    own.for_nodes(5), own.for_text(11), own.for_work(7)
    assert own.spent == {"nodes": 3, "text": 0, "work": 2}
    assert (own.for_nodes(0), own.for_work(0)) == ("", "")


def test_by_default_one_value_or_piece_of_work_is_taken() -> None:
    own = Budget()
    own.for_nodes()
    own.for_work()
    assert own.spent == {"nodes": 1, "text": 0, "work": 1}
    assert (own.nodes, own.text, own.work) == (NODES_LIMIT - 1, TEXT_LIMIT, WORK_LIMIT - 1)
    assert own.one_text == ONE_TEXT_LIMIT


def test_what_is_spent_elsewhere_is_taken() -> None:
    own = Budget(nodes=30, text=20, work=10)
    own.take({"nodes": 3, "text": 2, "work": 1})
    assert (own.nodes, own.text, own.work) == (27, 18, 9)
    assert own.spent == {"nodes": 3, "text": 2, "work": 1}


@pytest.mark.parametrize("kind", ["nodes", "text", "work"])
def test_a_budget_is_ample_while_more_than_half_of_everything_is_left(kind: str) -> None:
    own = Budget(nodes=10, text=10, work=10)
    own.take({"nodes": 0, "text": 0, "work": 0, kind: 4})
    assert own.is_ample
    own.take({"nodes": 0, "text": 0, "work": 0, kind: 1})
    assert not own.is_ample


def test_a_target_within_a_target_has_no_budget_of_its_own() -> None:
    with for_target(Budget(nodes=10)) as outer:
        with for_target() as inner:
            assert inner is outer
        with for_target(Budget(nodes=5)) as own:
            assert budget() is own
        assert budget() is outer
    assert budget() is not outer
    with for_target() as opened:
        assert budget() is opened


def test_text_that_doubles_ends_at_the_limit_of_one_text() -> None:
    for times in (30, 60, 90):
        with for_target(Budget()) as own:
            value = doubled(times)
        assert isinstance(value, Unknown)
        assert own.refusals == {"a text is longer than 4,000,000 characters": None}
        assert own.spent["text"] < 40_000_000


def test_text_within_the_limit_is_made() -> None:
    assert doubled(3) == Scalar("ab" * 8, HERE)
