"""Questions about properties: consistent with each other, decided only when that is certain."""

from collections.abc import Callable

import pytest
from hypothesis import given

from mlwa_lint.graph.views import ResourceView, View, same_value
from mlwa_lint.graph.worlds import World
from mlwa_lint.model.answers import NO, YES, Answer, certainly
from mlwa_lint.model.conditions import AnyScenario
from mlwa_lint.model.resources import Resource
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import (
    Absent,
    Choice,
    Entry,
    ListValue,
    MapValue,
    Reference,
    Scalar,
    Unknown,
    Value,
)
from tests.support.strategies import HERE, VALUES

QUESTIONS: list[Callable[[View], Answer]] = [
    View.is_absent,
    View.is_present,
    View.is_true,
    View.is_false,
    lambda view: view.equals("text"),
    lambda view: view.equals(3),
    lambda view: view.one_of(("text", "3")),
    lambda view: view.matches("^arn:"),
    lambda view: view.at_least(2),
    lambda view: view.less_than(2, default=1),
]


class Labels:
    language = "cloudformation"

    def label(self, resource_type: str, path: tuple[str, ...]) -> str:
        return ".".join(path)


def view_of(value: Value, script: dict[str, bool] | None = None) -> View:
    properties = MapValue({"P": Entry(HERE, value)}, HERE)
    resource = Resource("R", "AWS::X::Y", properties, HERE, Labels(), MapValue({}, HERE))  # type: ignore[arg-type]
    return ResourceView(resource, World(AnyScenario(), script or {}))["P"]


@given(VALUES)
def test_absent_and_present_are_opposites(value: Value) -> None:
    view = view_of(value)
    assert view.is_present() == ~view.is_absent()


@given(VALUES)
def test_true_and_false_exclude_each_other(value: Value) -> None:
    view = view_of(value)
    assert not (certainly(view.is_true()) and certainly(view.is_false()))


@given(VALUES)
def test_every_question_about_something_unknown_is_undecided(value: Value) -> None:
    view = view_of(Unknown("parameter X has no default", HERE))
    for question in QUESTIONS:
        assert question(view).verdict == "undecided"
    nested = view["A.B"]
    assert nested.is_absent().verdict == "undecided"


@given(VALUES, VALUES)
def test_learning_a_value_never_turns_a_decided_answer(value: Value, other: Value) -> None:
    """What is answered about a map with unknown further keys holds when the keys become known."""
    loose = MapValue({"A": Entry(HERE, value)}, HERE, Unknown("more", HERE))
    tight = MapValue({"A": Entry(HERE, value), "B": Entry(HERE, other)}, HERE)
    for question in QUESTIONS:
        for key in ("A", "B"):
            before, after = question(view_of(loose)[key]), question(view_of(tight)[key])
            assert before.verdict in ("undecided", after.verdict)


@given(VALUES, VALUES)
def test_sameness_is_symmetric(left: Value, right: Value) -> None:
    world = World(AnyScenario(), {})
    a, b = world.resolve(left), world.resolve(right)
    assert same_value(a, b) == same_value(b, a)


@given(VALUES)
def test_a_known_value_is_the_same_as_itself(value: Value) -> None:
    resolved = World(AnyScenario(), {}).resolve(value)
    assert same_value(resolved, resolved) != NO


@pytest.mark.parametrize(
    ("value", "absent"),
    [
        (Absent(), YES),
        (Scalar("", HERE), YES),
        (Scalar("x", HERE), NO),
        (Scalar(False, HERE), NO),
        (Reference("Key", "Arn", HERE), NO),
        (Unknown("given", HERE, present=True), NO),
        (ListValue((), HERE), YES),
        (ListValue((Absent(),), HERE), YES),
        (ListValue((Scalar("x", HERE),), HERE, Unknown("more", HERE)), NO),
        (MapValue({}, HERE), YES),
    ],
)
def test_absence(value: Value, absent: Answer) -> None:
    assert view_of(value).is_absent() == absent


def test_a_choice_is_answered_in_each_world() -> None:
    from mlwa_lint.model.conditions import Condition

    choice = Choice(Condition("IsProd", "IsProd"), Scalar("a", HERE), Scalar("b", HERE), HERE)
    assert view_of(choice, {"IsProd": True}).equals("a") == YES
    assert view_of(choice, {"IsProd": False}).equals("a") == NO


def test_the_place_of_something_missing_is_its_nearest_present_container() -> None:
    key = Span("here.yaml", 7, 3, 7, 9)
    value = MapValue({"A": Entry(key, MapValue({}, HERE))}, HERE)
    assert view_of(value)["A.B.C"].span == key


def test_items_of_a_list_that_is_not_wholly_known_leave_the_rule_undecided() -> None:
    view = view_of(ListValue((Scalar("a", HERE),), HERE, Unknown("more may come", HERE)))
    assert [item.text for item in view.items()] == ["a"]
    assert view.world.undecided == ["more may come"]
    assert view.any_item(lambda item: item.equals("a")) == YES
    assert view.any_item(lambda item: item.equals("b")).verdict == "undecided"
    assert view.every_item(lambda item: item.equals("a")).verdict == "undecided"


def test_an_answer_about_a_list_rests_on_what_the_list_rests_on() -> None:
    from mlwa_lint.model.values import assume

    default = frozenset({"the default of filters"})
    for value in (Absent(), ListValue((), HERE), ListValue((Scalar("a", HERE),), HERE)):
        view = view_of(assume(value, default))
        assert view.any_item(lambda item: item.equals("b")).assumed == default
        assert view.every_item(lambda item: item.equals("a")).assumed == default


@pytest.mark.parametrize("text", ["1e400", "-1e400", "nan", "inf", "9" * 400])
def test_what_is_beyond_all_numbers_is_none(text: str) -> None:
    view = view_of(Scalar(text, HERE))
    assert view.number is None
    assert view.more_than(1) == view.less_than(1) == NO


def one_of(*texts: str) -> View:
    return view_of(Unknown("it is not known", HERE, one_of=texts, assumed=frozenset({"a file"})))


@pytest.mark.parametrize(
    ("view", "question", "verdict"),
    [
        (one_of("ml.p3.xlarge", "ml.g5.xlarge"), lambda view: view.matches("^ml"), "yes"),
        (one_of("ml.p3.xlarge", "ml.g5.xlarge"), lambda view: view.matches("p3"), "undecided"),
        (one_of("1", "2"), lambda view: view.at_least(1), "yes"),
        (one_of("1", "2"), lambda view: view.less_than(1), "no"),
        (one_of("1", "2"), lambda view: view.at_least(2), "undecided"),
        (one_of("1", "all"), lambda view: view.at_least(1), "undecided"),
        (one_of("a", "b"), View.is_present, "yes"),
        (one_of("a", ""), View.is_present, "undecided"),
        (one_of("a", "b")["Key"], View.is_present, "undecided"),
    ],
)
def test_one_of_several_texts_decides_what_all_of_them_give_the_same_answer_to(
    view: View, question: Callable[[View], Answer], verdict: str
) -> None:
    found = question(view)
    assert (found.verdict, found.assumed) == (
        verdict,
        frozenset() if verdict == "undecided" else {"a file"},
    )


ONE = Unknown("it is not known", HERE, one_of=("a", "b"), assumed=frozenset({"a file"}))


@pytest.mark.parametrize(
    ("parts", "verdict"),
    [
        (("registry/x-", ONE), "yes"),
        (("registry/", ONE, "-x:latest"), "no"),
        ((Unknown("no", HERE), "/x-", ONE), "yes"),
        ((ONE, "/x-c"), "yes"),
        (("registry/x-", ONE, Unknown("no", HERE)), "undecided"),
        (("x", Unknown("no", HERE), "-", ONE), "undecided"),
    ],
)
def test_the_end_of_a_text_is_known_where_its_parts_are_one_of_several(
    parts: tuple[str | Unknown, ...], verdict: str
) -> None:
    view = view_of(Unknown("it is not known", HERE, parts))
    assert view.tail("/", lambda text: text.startswith("x-")).verdict == verdict


def test_a_question_is_decided_where_all_texts_that_a_value_can_be_give_the_same_answer() -> None:
    view = view_of(Unknown("the key is not known", HERE, one_of=("10", "2", "7.5")))
    assert view.numbers == (2, 7.5, 10)
    assert view.words == "2 or 7.5 or 10"
    assert view.at_least(2) == YES
    assert view.more_than(10) == NO
    assert view.less_than(8).reasons == ("the key is not known",)
    assert view.equals(3) == NO
    assert view.equals(2).verdict == "undecided"
    assert view.is_open().reasons == ("the key is not known",)
    assert view["Nested"].equals("10").verdict == "undecided"


def test_what_is_no_number_has_none_of_a_number() -> None:
    view = view_of(Unknown("the key is not known", HERE, one_of=("auto", "2")))
    assert view.numbers == ()
    assert view.at_least(3) == NO
    assert view.at_least(2).verdict == "undecided"


def test_messages_name_the_first_of_many_texts() -> None:
    view = view_of(Unknown("the key is not known", HERE, one_of=("a", "b", "c", "d", "e")))
    assert view.words == "a, b, c or one of 2 others"


def test_only_what_is_given_and_not_known_is_open() -> None:
    assert view_of(Reference("Key", "Arn", HERE)).is_open().verdict == "undecided"
    for value in (Absent(), Scalar("x", HERE), ListValue((), HERE), Reference("Key", "Arn", HERE, "known")):
        assert view_of(value).is_open() == NO


def test_a_reason_names_the_part_that_decides() -> None:
    account, tag = Unknown("the account is not known", HERE), Unknown("parameter Tag has no default", HERE)
    view = view_of(Unknown("the account is not known", HERE, (account, ".dkr.ecr/churn:", tag)))
    found = view.tail("/", lambda text: text.endswith("latest"))
    assert found.reasons == ("parameter Tag has no default",)
