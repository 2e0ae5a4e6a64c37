"""The algebra of three-valued answers: Kleene's strong logic."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlwa_lint.model.answers import NO, YES, Answer, answer, certainly, every, possibly, some, undecided
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
