"""What a finding weighs in a script, in a notebook, and where the program deletes what it made."""

import pytest

from mlwa_lint.frontends.cloudformation.vocabulary import VOCABULARY as TEMPLATES
from mlwa_lint.frontends.python.vocabulary import VOCABULARY
from mlwa_lint.model.assumptions import SDK_DEFAULTS
from mlwa_lint.model.findings import SEVERITIES, Concern, Severity
from mlwa_lint.model.resources import DELETED, EXAMPLE, Resource
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import NO_ASSUMPTIONS, Entry, MapValue, Scalar
from mlwa_lint.model.weights import Weight, in_programs, weigh
from tests.support.rule_examples import all_rules


def _resource(path: str, *marks: str) -> Resource:
    span = Span(path, 1, 1, 1, 2)
    attributes = {mark: Entry(span, Scalar(True, span)) for mark in marks}
    vocabulary = TEMPLATES if path.endswith(".yaml") else VOCABULARY
    kind = "AWS::SageMaker::Endpoint"
    return Resource("e", kind, MapValue({}, span), span, vocabulary, MapValue(attributes, span))


@pytest.mark.parametrize(
    ("concern", "severity", "script", "notebook", "temporary"),
    [
        ("any", "high", "high", "high", "high"),
        ("protection", "high", "high", "info", "info"),
        ("protection", "medium", "medium", "info", "info"),
        ("protection", "low", "low", "info", "info"),
        ("cost", "medium", "medium", "low", "info"),
        ("production", "high", "high", "info", "info"),
        ("production", "medium", "medium", "info", "info"),
        ("deployment", "high", "medium", "info", "info"),
        ("deployment", "low", "info", "info", "info"),
        ("deployment", "info", "info", "info", "info"),
    ],
)
def test_weight_by_concern_and_place(
    concern: Concern, severity: Severity, script: Severity, notebook: Severity, temporary: Severity
) -> None:
    places = [_resource(path) for path in ("a.yaml", "a.py", "a.ipynb")]
    places += [_resource("a.py", EXAMPLE)]
    places += [_resource(path, DELETED) for path in ("a.py", "a.ipynb")]
    places += [_resource("a.py", EXAMPLE, DELETED)]
    found = [weigh(severity, concern, place, NO_ASSUMPTIONS).severity for place in places]
    assert found == [severity, script, notebook, notebook, temporary, temporary, temporary]


@pytest.mark.parametrize(
    "place", [_resource("a.ipynb"), _resource("a.py", EXAMPLE), _resource("a.py", DELETED)]
)
def test_a_protection_that_is_stated_off_weighs_more_than_one_left_out(place: Resource) -> None:
    found = [weigh(each, "protection", place, NO_ASSUMPTIONS, stated=True).severity for each in SEVERITIES]
    assert found == ["medium", "low", "low", "info"]
    assert weigh("medium", "production", place, NO_ASSUMPTIONS, stated=True).severity == "info"


def test_a_script_states_and_leaves_out_at_the_same_weight() -> None:
    for stated in (True, False):
        found = weigh("medium", "protection", _resource("a.py"), NO_ASSUMPTIONS, stated=stated)
        assert found.severity == "medium"


def test_a_lowered_finding_says_from_what_and_why() -> None:
    found = weigh("high", "deployment", _resource("a.ipynb"), NO_ASSUMPTIONS)
    assert found.lowered is not None
    assert found.lowered == ("high", "it is made in a notebook")
    example = weigh("medium", "protection", _resource("a.py", EXAMPLE), NO_ASSUMPTIONS)
    assert example.lowered == ("medium", "its path or the project's title says that it is an example")
    assert weigh("info", "deployment", _resource("a.ipynb"), NO_ASSUMPTIONS) == Weight("info", None)


def test_a_finding_is_lowered_once_at_most() -> None:
    assumed = frozenset({SDK_DEFAULTS})
    assert weigh("medium", "protection", _resource("a.py"), assumed).severity == "low"
    assert weigh("medium", "cost", _resource("a.ipynb"), assumed).severity == "low"
    assert weigh("medium", "cost", _resource("a.ipynb"), NO_ASSUMPTIONS).severity == "low"


def test_a_rule_page_can_say_where_it_weighs_less() -> None:
    assert in_programs("high", "deployment") == {
        "script": "medium",
        "notebook": "info",
        "example": "info",
        "temporary": "info",
    }
    assert in_programs("high", "any") == {}


def test_what_leaks_fails_or_is_open_weighs_the_same_everywhere() -> None:
    rules = {each.code: each for each in all_rules()}
    for code in ("MLS106", "MLS107", "MLS304", "MLS501", "MLS504", "MLR103", "MLR120", "MLR202", "MLS611"):
        assert rules[code].concern == "any", code
