"""Answers to conditions: which are not the default, which are not production, and how cases read."""

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlwa_lint.engine.cases import Cases, cases_of, is_off, is_outside_production, sentence
from mlwa_lint.graph.worlds import Fork, Leaf, WorldTree
from mlwa_lint.model.conditions import Condition


def named(text: str, default: bool | None = None, opaque: bool = False) -> Condition:
    return Condition(f"t.yaml: {text}", text, default, opaque)


@pytest.mark.parametrize(
    ("default", "holds", "off"),
    [(True, True, False), (True, False, True), (False, True, True), (False, False, False)],
)
def test_an_answer_is_off_where_it_is_not_the_default(default: bool, holds: bool, off: bool) -> None:
    assert is_off((named("UseKey", default), holds)) is off
    assert not is_off((named("UseKey"), holds))


@pytest.mark.parametrize(
    "text", ["IsProd", "Production", "PROD", "is_prod", "IsProduction", "var.prod", "prod-eu"]
)
def test_production_is_on_where_it_matters(text: str) -> None:
    assert not is_off((named(text, default=False), True))
    assert is_off((named(text, default=True), False))
    assert is_outside_production((named(text), False))
    assert not is_outside_production((named(text), True))
    assert is_outside_production((named(f"{text} != x"), True))
    assert not is_outside_production((named(f"{text} != x"), False))


@pytest.mark.parametrize("text", ["UseProduct", "Products", "reproduce", "IsStaging"])
def test_other_words_are_not_production(text: str) -> None:
    assert is_off((named(text, default=False), True))
    assert not is_outside_production((named(text), False))
    assert not is_outside_production((named(text), True))


@pytest.mark.parametrize(
    "text",
    ["IsDev", "dev", "Development", "Demo", "sandbox", "DEV", "DEMO", "NonProd", "non-prod", "NotProd"],
)
def test_an_environment_of_developers_is_outside_production(text: str) -> None:
    assert is_outside_production((named(text), True))
    assert not is_outside_production((named(text), False))
    assert not is_outside_production((named(f"x != {text}"), True))
    assert is_outside_production((named(f"x != {text}"), False))


@pytest.mark.parametrize("text", ["device", "Develop", "Demonstrate", "mydev", "DEVICES", "IsDevice"])
def test_words_that_only_begin_like_an_environment(text: str) -> None:
    assert not is_outside_production((named(text), True))


A, B, C = named("A", True), named("B", False), named("C")


def test_cases_read_as_a_phrase() -> None:
    cases = Cases((((A, True), (B, True)), ((C, False),)), ())
    assert sentence(cases) == "B is true and, by default, A is true, or C is false"
    assert not cases.always
    assert Cases(((),), ()).always


def test_no_more_than_six_cases_are_listed() -> None:
    many = tuple(((named(f"C{number}"), True),) for number in range(8))
    assert sentence(Cases(many[:6], ())).endswith("or C5 is true")
    assert sentence(Cases(many[:7], ())).endswith("or C5 is true, or in 1 other case")
    assert sentence(Cases(many, ())).endswith("or C5 is true, or in 2 other cases")


def test_no_more_than_eight_answers_are_listed_beyond_the_first_case() -> None:
    def case(size: int, name: str = "C") -> tuple[tuple[Condition, bool], ...]:
        return tuple((named(f"{name}{number}"), True) for number in range(size))

    assert sentence(Cases((case(4), case(4, "D")), ())).endswith(
        ", or D0 is true and D1 is true and D2 is true and D3 is true"
    )
    assert sentence(Cases((case(4), case(5, "D")), ())).endswith("C3 is true, or in 1 other case")
    assert sentence(Cases((case(9),), ())).endswith("C8 is true")


def test_equal_words_are_written_once() -> None:
    """A program evaluates the same condition at several places: `i == 0` in two loops."""
    other = Condition("t.yaml: C of another loop", "C")
    assert sentence(Cases((((C, True), (other, True)),), ())) == "C is true"
    assert sentence(Cases((((C, True),), ((other, True),)), ())) == "C is true"


def fork(condition: Condition, yes: WorldTree[int], no: WorldTree[int]) -> WorldTree[int]:
    return Fork(condition, yes, no)


LEAF: WorldTree[int] = Leaf(0)
OPEN = named("var.n", opaque=True)


def test_what_holds_whatever_an_opaque_condition_is_certain() -> None:
    assert cases_of(fork(OPEN, LEAF, LEAF), {0, 1}) == Cases(((),), ())
    assert cases_of(fork(OPEN, LEAF, LEAF), set()) == Cases((), ())


@pytest.mark.parametrize("world", [0, 1])
def test_what_holds_under_one_answer_to_an_opaque_condition_is_undecided(world: int) -> None:
    assert cases_of(fork(OPEN, LEAF, LEAF), {world}) == Cases((), ("var.n is known only at deployment",))


def test_what_both_answers_to_an_opaque_condition_have_in_common_is_certain() -> None:
    tree = fork(OPEN, fork(A, LEAF, LEAF), fork(B, LEAF, LEAF))
    found = cases_of(tree, {0, 2})
    assert found == Cases((((A, True), (B, True)),), ("var.n is known only at deployment",))
    same = fork(OPEN, fork(A, LEAF, LEAF), fork(A, LEAF, LEAF))
    assert cases_of(same, {0, 2}) == Cases((((A, True),),), ())


def test_a_case_that_contradicts_another_is_in_neither() -> None:
    tree = fork(OPEN, fork(A, LEAF, LEAF), fork(A, LEAF, LEAF))
    assert cases_of(tree, {0, 3}) == Cases((), ("var.n is known only at deployment",))


def test_a_condition_that_makes_no_difference_is_left_out() -> None:
    tree = fork(A, fork(B, LEAF, LEAF), fork(B, LEAF, LEAF))
    assert cases_of(tree, {0, 2}).cases == (((B, True),),)
    assert cases_of(tree, {0, 1}).cases == (((A, True),),)
    assert cases_of(tree, {0}).cases == (((A, True), (B, True)),)
    assert cases_of(tree, {0, 3}).cases == (((A, True), (B, True)), ((A, False), (B, False)))


@pytest.mark.parametrize(("limit", "lengths"), [(2, [1, 1, 1]), (1, [1, 2, 3])])
def test_cases_are_shortened_within_a_limit(
    limit: int, lengths: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mlwa_lint.engine.cases._CASES_LIMIT", limit)
    tree = fork(A, LEAF, fork(B, LEAF, fork(C, LEAF, LEAF)))
    assert [len(case) for case in cases_of(tree, {0, 1, 2}).cases] == lengths


def test_too_many_cases_in_common_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    tree = fork(OPEN, fork(A, LEAF, LEAF), fork(B, LEAF, fork(C, LEAF, LEAF)))
    assert len(cases_of(tree, {0, 2, 3}).cases) == 2
    monkeypatch.setattr("mlwa_lint.engine.cases._CASES_LIMIT", 1)
    assert cases_of(tree, {0, 2, 3}).cases == ()
    monkeypatch.setattr("mlwa_lint.engine.cases._CASES_LIMIT", 2)
    assert len(cases_of(tree, {0, 2, 3}).cases) == 2


def test_of_two_answers_either_of_which_is_enough_one_is_kept() -> None:
    yes = fork(A, LEAF, fork(B, LEAF, LEAF))
    no = fork(B, LEAF, fork(A, LEAF, LEAF))
    found = cases_of(fork(OPEN, yes, no), {0, 1, 3, 4})
    assert found.cases == (((B, True),), ((A, True),))


def test_a_case_that_only_adds_to_another_is_left_out() -> None:
    one, again, other = Condition("a", "given"), Condition("b", "given"), Condition("c", "small")
    cases = Cases((((one, True),), ((again, True), (other, False)), ((other, True),)), ())
    assert sentence(cases) == "given is true, or small is true"
    twice = Cases((((one, True), (other, True)), ((other, True), (again, True))), ())
    assert sentence(twice) == "small is true and given is true"


def test_what_is_true_at_one_place_and_false_at_another_is_left_out() -> None:
    one, again, other = Condition("a", "given"), Condition("b", "given"), Condition("c", "small")
    odd = ((one, True), (again, False))
    assert sentence(Cases(((*odd, (other, True)),), ())) == "small is true"
    assert sentence(Cases((odd, ((other, True),)), ())) == "small is true, or in 1 other case"
    assert sentence(Cases((odd,), ())) == "given is false"


VALUES = (None, "", "x", "y", 1)
TEXTS = [
    "a",
    "not a",
    "b",
    "a == 'x'",
    "a == 'y'",
    "a != 'x'",
    "a is None",
    "a is not None",
    "a and b",
    "a or b",
]
CLAUSE = re.compile(r"(?P<name>a|b) (?P<word>is not|is) (?P<other>true|false|None|'x'|'y')")


def _holds(clause: str, values: dict[str, object]) -> bool:
    """Whether a clause of a sentence is so for some values of names."""
    if clause.startswith("either "):
        return any(_holds(each, values) for each in clause.removeprefix("either ").split(" or "))
    found = CLAUSE.fullmatch(clause)
    assert found is not None, clause
    value = values[found["name"]]
    if found["other"] in ("true", "false"):
        return bool(value) is (found["other"] == "true")
    same = value == {"None": None, "'x'": "x", "'y'": "y"}[found["other"]]
    return same is (found["word"] == "is")


@given(st.lists(st.tuples(st.sampled_from(TEXTS), st.booleans()), min_size=1, max_size=5))
def test_no_case_that_is_worded_contradicts_itself(answers: list[tuple[str, bool]]) -> None:
    case = tuple((Condition(f"{text} {at}", text), holds) for at, (text, holds) in enumerate(answers))
    clauses = sentence(Cases((case,), ())).split(" and ")
    assert any(
        all(_holds(each, {"a": a, "b": b}) for each in clauses) for a, b in itertools.product(VALUES, VALUES)
    ), clauses


def test_a_key_that_is_not_known_is_named_once_for_all_values() -> None:
    one, other = (Condition(f'k == "{each}"', f'local.key == "{each}"', opaque=True) for each in "ab")
    found = cases_of(fork(one, LEAF, fork(other, LEAF, LEAF)), {0, 1})
    assert found.lost == ("local.key is known only at deployment",)


@pytest.mark.parametrize(
    ("text", "holds", "outside"),
    [
        ("dev_or_prod == 'prod'", False, True),
        ("dev_or_prod == 'prod'", True, False),
        ("dev_or_prod == 'dev-gpu'", True, True),
        ('prod_or_dev != "dev"', True, False),
        ("is_prod == 'true'", False, True),
    ],
)
def test_the_value_that_a_name_is_compared_with_decides(text: str, holds: bool, outside: bool) -> None:
    assert is_outside_production((named(text), holds)) is outside
