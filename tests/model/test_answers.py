"""The algebra of three-valued answers: Kleene's strong logic."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlwa_lint.model.answers import (
    NO,
    REASONS_LIMIT,
    YES,
    Answer,
    answer,
    certainly,
    every,
    possibly,
    some,
    undecided,
)
from tests.support.strategies import ANSWERS

ORDER = {"no": 0, "undecided": 1, "yes": 2}


def test_an_answer_has_no_truth_value() -> None:
    with pytest.raises(TypeError, match="certainly"):
        bool(YES)
    with pytest.raises(TypeError, match="certainly"):
        _ = not NO


@given(ANSWERS, ANSWERS)
def test_and_is_the_lesser_and_or_the_greater(left: Answer, right: Answer) -> None:
    assert ORDER[(left & right).verdict] == min(ORDER[left.verdict], ORDER[right.verdict])
    assert ORDER[(left | right).verdict] == max(ORDER[left.verdict], ORDER[right.verdict])


@given(ANSWERS)
def test_double_negation_changes_nothing(one: Answer) -> None:
    assert ~~one == one
    assert (~~one).assumed == one.assumed
    assert ORDER[(~one).verdict] == 2 - ORDER[one.verdict]


@given(ANSWERS, ANSWERS)
def test_de_morgan(left: Answer, right: Answer) -> None:
    assert ~(left & right) == ~left | ~right
    assert ~(left | right) == ~left & ~right


@given(st.lists(ANSWERS, max_size=5))
def test_every_and_some_do_not_depend_on_the_order(answers: list[Answer]) -> None:
    assert every(answers) == every(reversed(answers))
    assert some(answers) == some(reversed(answers))
    assert every(answers) == ~some([~each for each in answers])


@given(ANSWERS)
def test_what_is_certain_is_possible(one: Answer) -> None:
    assert certainly(one) <= possibly(one)
    assert certainly(one) != possibly(~one)


@given(ANSWERS, ANSWERS, st.sampled_from(["yes", "no"]))
def test_learning_an_undecided_fact_never_turns_a_decided_answer(
    left: Answer, right: Answer, fact: str
) -> None:
    known = answer(fact == "yes") if left.verdict == "undecided" else left
    for before, after in ((left & right, known & right), (left | right, known | right)):
        assert before.verdict in ("undecided", after.verdict)


@given(ANSWERS, ANSWERS)
def test_a_decided_answer_keeps_only_assumptions_that_it_rests_on(left: Answer, right: Answer) -> None:
    both = left & right
    if both.verdict == "no":
        decisive = [each.assumed for each in (left, right) if each.verdict == "no"]
        assert both.assumed in decisive
    else:
        assert both.assumed == left.assumed | right.assumed


def test_nothing_satisfies_every_and_not_some() -> None:
    assert every([]) == YES
    assert some([]) == NO


def test_reasons_of_undecided_answers_are_kept_once_each() -> None:
    joined = every([undecided("a"), undecided("b"), undecided("a")])
    assert joined.reasons == ("a", "b")


def test_answers_are_equal_when_their_verdicts_are() -> None:
    assert Answer("yes", (), frozenset({"x"})) == YES
    assert undecided("a") == undecided("b")
    assert YES != NO
    assert YES != "yes"
    assert hash(undecided("a")) == hash(undecided("b"))
    assert repr(Answer("yes", ("a",), frozenset({"y", "x"}))) == "Answer('yes', ('a',), ['x', 'y'])"


def test_combining_with_a_plain_answer_makes_no_new_one() -> None:
    one = undecided("a")
    assert (YES & one, one & YES, NO | one, one | NO) == (one, one, one, one)
    assert (YES & one) is one
    assert (one & YES) is one
    assert (NO | one) is one
    assert (one | NO) is one
    assert (NO & one, one & NO, YES | one, one | YES) == (NO, NO, YES, YES)
    assert (~YES) is NO
    assert (~NO) is YES


def test_of_decisive_answers_the_one_with_the_fewest_assumptions_counts() -> None:
    few, many = Answer("no", (), frozenset({"x"})), Answer("no", (), frozenset({"x", "y"}))
    for answers in ([few, many], [many, few]):
        assert every(answers).assumed == {"x"}
    assert every([many, few, NO, undecided("a")]).assumed == frozenset()
    other = Answer("no", (), frozenset({"z"}))
    assert every([few, other]).assumed == {"x"}


def test_assumptions_of_all_answers_count_where_none_is_decisive() -> None:
    one, two = Answer("yes", (), frozenset({"x"})), Answer("yes", (), frozenset({"y"}))
    assert every([one, YES, two]) == YES
    assert every([one, YES, two]).assumed == {"x", "y"}
    assert every([one, undecided("a")]).assumed == {"x"}
    assert some([~one, ~two]).assumed == {"x", "y"}
    assert some([~one, ~two]) == NO


def test_no_more_reasons_are_kept_than_anyone_reads() -> None:
    many = Answer("undecided", tuple(f"{number}" for number in range(30)))
    assert every([many, undecided("a")]).reasons == tuple(f"{number}" for number in range(REASONS_LIMIT))
    several = [undecided(f"{number}") for number in range(30)]
    assert len(every(several).reasons) == REASONS_LIMIT


def test_certainly_and_possibly_of_each_verdict() -> None:
    answers = (YES, undecided("a"), NO)
    assert [certainly(each) for each in answers] == [True, False, False]
    assert [possibly(each) for each in answers] == [True, True, False]


def test_a_decided_answer_without_assumptions_is_one_of_two() -> None:
    assert answer(True) is YES
    assert answer(False) is NO
    assumed = answer(False, frozenset({"x"}))
    assert (assumed.verdict, assumed.reasons) == ("no", ())
    assert assumed.assumed == {"x"}
