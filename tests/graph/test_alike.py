"""The index of values leaves out only what certainly differs, and keeps the order."""

from hypothesis import example, given
from hypothesis import strategies as st

from mlwa_lint.frontends.cloudformation.vocabulary import VOCABULARY
from mlwa_lint.graph.alike import ByValue
from mlwa_lint.graph.views import View, same_value
from mlwa_lint.graph.worlds import World
from mlwa_lint.model.conditions import AnyScenario
from mlwa_lint.model.resources import Resource
from mlwa_lint.model.values import Choice, Entry, MapValue, Unknown, Value
from tests.support.strategies import HERE, VALUES


def resource(number: int, value: Value | None) -> Resource:
    entries = {} if value is None else {"Name": Entry(HERE, value)}
    return Resource(f"R{number}", "T", MapValue(entries, HERE), HERE, VOCABULARY, MapValue({}, HERE))


@given(st.lists(st.none() | VALUES, max_size=6), VALUES)
@example([None], Unknown("parameter X has no default", HERE, ("",)))
def test_what_is_left_out_certainly_differs(values: list[Value | None], requested: Value) -> None:
    if isinstance(requested, Choice):
        requested = requested.no
    if isinstance(requested, Choice):
        return
    resources = [resource(number, value) for number, value in enumerate(values)]
    found = ByValue(resources, "Name").like(requested)
    assert found == [each for each in resources if each in found]
    for each in resources:
        if each not in found:
            view = View(each, World(AnyScenario(), {}), each.properties, (), HERE)["Name"]
            answer = same_value(requested, view.value)
            assert (answer.verdict, answer.assumed) == ("no", frozenset())


@given(st.lists(st.none() | VALUES, max_size=6), st.sampled_from(["text", "true", "arn:aws:x"]))
def test_what_has_no_text_is_left_out(values: list[Value | None], text: str) -> None:
    resources = [resource(number, value) for number, value in enumerate(values)]
    found = ByValue(resources, "Name").with_text(text)
    for each in resources:
        view = View(each, World(AnyScenario(), {}), each.properties, (), HERE)["Name"]
        if view.text == text:
            assert each in found
