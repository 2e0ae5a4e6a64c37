"""What a finding weighs in a script, in a notebook, and where the program deletes what it made."""

from collections.abc import Callable
from itertools import product

import pytest

from mlwa_lint.frontends.cloudformation.vocabulary import VOCABULARY as TEMPLATES
from mlwa_lint.frontends.python.vocabulary import VOCABULARY
from mlwa_lint.model.assumptions import SDK_DEFAULTS
from mlwa_lint.model.findings import CONCERNS, SEVERITIES, Concern, Lowered, Severity
from mlwa_lint.model.purpose import Purpose, purpose_of
from mlwa_lint.model.resources import ALONE, DELETED, EXAMPLE, IDLE, REMOVED, Resource
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import NO_ASSUMPTIONS, Entry, MapValue, Scalar
from mlwa_lint.model.weights import (
    PROGRAM_KINDS,
    Weight,
    in_program,
    in_programs,
    weigh,
    weigh_alone,
)
from mlwa_lint.model.weights_by_condition import (
    weigh_in_branch,
    weigh_off,
    weigh_outside_production,
    weigh_prompted,
)
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


def test_a_lowered_finding_states_its_severity_before_and_the_reason() -> None:
    found = weigh("high", "deployment", _resource("a.ipynb"), NO_ASSUMPTIONS)
    assert found.lowered is not None
    assert found.lowered == ("high", "it is made in a notebook")
    example = weigh("medium", "protection", _resource("a.py", EXAMPLE), NO_ASSUMPTIONS)
    assert example.lowered == ("medium", "its path or the project's title shows that it is an example")
    assert weigh("info", "deployment", _resource("a.ipynb"), NO_ASSUMPTIONS) == Weight("info", None)


def test_a_finding_is_lowered_once_at_most() -> None:
    assumed = frozenset({SDK_DEFAULTS})
    assert weigh("medium", "protection", _resource("a.py"), assumed).severity == "low"
    assert weigh("medium", "cost", _resource("a.ipynb"), assumed).severity == "low"
    assert weigh("medium", "cost", _resource("a.ipynb"), NO_ASSUMPTIONS).severity == "low"


def test_what_the_configuration_shows_lowers_a_finding_beside_where_it_is() -> None:
    why = "nothing that is deployed with it uses a customer managed key"
    place = _resource("a.yaml")
    found = weigh("medium", "protection", place, NO_ASSUMPTIONS, milder=why)
    assert found == Weight("low", Lowered("medium", why))
    found = weigh("medium", "protection", place, NO_ASSUMPTIONS, "example", milder=why)
    assert found == Weight("info", Lowered("medium", f"{why}, and it is an example"))
    found = weigh("high", "deployment", place, NO_ASSUMPTIONS, "example", milder="no client calls it")
    assert found == Weight("low", Lowered("high", "no client calls it, and it is an example"))
    found = weigh("high", "deployment", place, NO_ASSUMPTIONS, "module", milder="no client calls it")
    assert found == Weight("medium", Lowered("high", "no client calls it"))
    found = weigh("high", "deployment", place, NO_ASSUMPTIONS, "development", milder="no client calls it")
    assert found == Weight("low", Lowered("high", "it is for development"))


@pytest.mark.parametrize(
    ("place", "because"),
    [
        (_resource("a.ipynb"), "it is made in a notebook"),
        (_resource("a.py", EXAMPLE), "its path or the project's title shows that it is an example"),
        (_resource("a.py", DELETED), "the program deletes it again"),
    ],
)
def test_what_the_configuration_shows_makes_nothing_heavier(place: Resource, because: str) -> None:
    found = weigh("high", "deployment", place, NO_ASSUMPTIONS, milder="no client calls it")
    assert found == Weight("info", Lowered("high", because))


def test_a_rule_page_can_state_where_it_weighs_less() -> None:
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


_TAUGHT = ["medium", "low", "low", "info"]
_ONE_LESS = ["medium", "low", "info", "info"]


@pytest.mark.parametrize(
    ("purpose", "lowered", "because"),
    [
        (
            "example",
            {"protection": _TAUGHT, "production": _TAUGHT, "deployment": _ONE_LESS},
            "it is an example",
        ),
        (
            "test",
            {"protection": _TAUGHT, "production": _TAUGHT, "deployment": _ONE_LESS},
            "it is part of tests",
        ),
        (
            "development",
            {
                "production": ["medium", "info", "info", "info"],
                "deployment": ["low", "low", "info", "info"],
            },
            "it is for development",
        ),
        ("module", {"deployment": _ONE_LESS}, "who calls the module may do it"),
        ("deployed", {}, ""),
    ],
)
def test_weight_by_purpose(purpose: Purpose, lowered: dict[Concern, list[Severity]], because: str) -> None:
    template = _resource("a.yaml")
    for concern in CONCERNS:
        found = [weigh(each, concern, template, NO_ASSUMPTIONS, purpose) for each in SEVERITIES]
        assert [each.severity for each in found] == lowered.get(concern, list(SEVERITIES))
        for severity, weight in zip(SEVERITIES, found, strict=True):
            less = None if weight.severity == severity else Lowered(severity, because)
            assert weight.lowered == less


def test_the_purpose_of_a_project_weighs_in_scripts_as_in_templates() -> None:
    script = _resource("a.py")
    assert weigh("high", "production", script, NO_ASSUMPTIONS, "example").severity == "medium"
    stated = weigh("medium", "protection", script, NO_ASSUMPTIONS, "example", stated=True)
    assert stated == Weight("low", Lowered("medium", "it is an example"))
    assert weigh("medium", "production", script, NO_ASSUMPTIONS, "test") == Weight("medium")
    notebook = weigh("high", "production", _resource("a.ipynb"), NO_ASSUMPTIONS, "example")
    assert notebook.lowered == ("high", "it is made in a notebook")


@pytest.mark.parametrize("concern", ["production", "protection"])
def test_what_a_script_of_an_example_leaves_out_is_info_as_in_an_example(concern: Concern) -> None:
    found = weigh("medium", concern, _resource("a.py"), NO_ASSUMPTIONS, "example")
    assert found == Weight("info", Lowered("medium", "it is an example"))


@pytest.mark.parametrize("concern", CONCERNS)
def test_what_rests_on_a_modules_default_is_its_callers_to_set(concern: Concern) -> None:
    template, assumed = _resource("a.yaml"), frozenset({"the default of key"})
    found = weigh("medium", concern, template, assumed, "module")
    if concern == "any":
        assert found == Weight("medium")
    else:
        assert found == Weight("low", Lowered("medium", "who calls the module may set it"))
    assert weigh("high", concern, template, assumed, "module") == Weight(
        "medium", Lowered("high", "who calls the module may set it")
    )
    assert weigh("medium", "cost", template, assumed) == Weight("medium")
    assert weigh("medium", "cost", template, NO_ASSUMPTIONS, "module") == Weight("medium")
    assert weigh("medium", "cost", _resource("a.py"), assumed, "module") == Weight("medium")


@pytest.mark.parametrize("concern", CONCERNS)
@pytest.mark.parametrize(("severity", "less"), [("high", "medium"), ("medium", "low"), ("low", "info")])
def test_everything_weighs_less_in_a_module_that_is_not_called(
    concern: Concern, severity: Severity, less: Severity
) -> None:
    because = "no configuration of the repository calls the module"
    found = weigh(severity, concern, _resource("a.yaml"), NO_ASSUMPTIONS, "uncalled")
    assert found == Weight(less, Lowered(severity, because))


def test_what_a_defaults_file_may_set_weighs_one_severity_less() -> None:
    found = [
        weigh(each, "any", _resource("a.py"), frozenset({SDK_DEFAULTS, "another"})) for each in SEVERITIES
    ]
    assert [each.severity for each in found] == ["medium", "low", "info", "info"]
    assert found[0].lowered == ("high", "a SageMaker defaults file may set it")


@pytest.mark.parametrize(
    ("reweigh", "concerns", "because"),
    [
        (weigh_off, ("protection", "cost", "production", "deployment"), "it does not hold by default"),
        (weigh_outside_production, ("production", "deployment"), "it does not hold in production"),
    ],
)
def test_what_holds_only_off_the_beaten_track_weighs_less(
    reweigh: Callable[[Weight, Concern], Weight], concerns: tuple[Concern, ...], because: str
) -> None:
    lowered = Weight("medium", Lowered("high", "why"))
    for concern in CONCERNS:
        assert reweigh(lowered, concern) is lowered
        if concern in concerns:
            assert reweigh(Weight("high"), concern) == Weight("medium", Lowered("high", because))
            assert reweigh(Weight("medium"), concern) == Weight("low", Lowered("medium", because))
        else:
            assert reweigh(Weight("medium"), concern) == Weight("medium")
        assert reweigh(Weight("low"), concern) == Weight("low")
        assert reweigh(Weight("info"), concern) == Weight("info")


def test_what_is_stated_for_all_but_production_is_deliberate() -> None:
    because = "it does not hold in production"
    assert weigh_outside_production(Weight("low"), "production", stated=True) == Weight(
        "info", Lowered("low", because)
    )
    assert weigh_outside_production(Weight("medium"), "production", stated=True).severity == "low"
    assert weigh_outside_production(Weight("low"), "any", stated=True) == Weight("low")


def test_what_one_branch_of_a_program_leaves_out_weighs_less_unless_it_is_grave() -> None:
    for concern in CONCERNS:
        assert weigh_in_branch(Weight("high"), concern) == Weight("high")
        lowered = weigh_in_branch(Weight("medium"), concern)
        least = "medium" if concern == "any" else "low"
        assert lowered.severity == least
        assert (lowered.lowered is None) == (concern == "any")
    assert weigh_in_branch(Weight("low"), "protection").severity == "info"
    assert weigh_in_branch(Weight("low"), "cost").severity == "low"


def test_what_the_person_who_runs_a_program_decides_is_info_unless_it_is_grave() -> None:
    for concern in CONCERNS:
        assert weigh_prompted(Weight("high"), concern) == Weight("high")
        left = "medium" if concern == "any" else "info"
        assert weigh_prompted(Weight("medium"), concern).severity == left
    grave = Weight("medium", Lowered("high", "it is a trial"))
    assert weigh_prompted(grave, "protection") == grave


def _marked(path: str, mark: str, phrase: str) -> Resource:
    span = Span(path, 1, 1, 1, 2)
    attributes = MapValue({mark: Entry(span, Scalar(phrase, span))}, span)
    return _resource(path)._replace(attributes=attributes)


@pytest.mark.parametrize(
    ("path", "severity", "concern", "in_use", "expected"),
    [
        ("a.py", "medium", "production", False, "low"),
        ("a.py", "medium", "deployment", False, "low"),
        ("a.py", "medium", "protection", True, "low"),
        ("a.py", "medium", "protection", False, "medium"),
        ("a.py", "high", "production", False, "high"),
        ("a.py", "low", "production", True, "low"),
        ("a.ipynb", "medium", "production", False, "medium"),
    ],
)
def test_what_nothing_depends_on_weighs_less_in_a_script(
    path: str, severity: Severity, concern: Concern, in_use: bool, expected: Severity
) -> None:
    one = _marked(path, ALONE, "nothing depends on it")
    found = weigh_alone(Weight(severity), concern, one, in_use)
    assert found.severity == expected
    assert (found.lowered is None) == (severity == expected)
    assert weigh_alone(Weight(severity), concern, _resource(path), in_use) == Weight(severity)


def test_what_a_program_deletes_again_weighs_the_same_though_nothing_depends_on_it() -> None:
    one = _marked("a.py", ALONE, "nothing depends on it")
    entries = {**one.attributes.entries, **_resource("a.py", DELETED).attributes.entries}
    temporary = one._replace(attributes=MapValue(entries, one.span))
    assert weigh_alone(Weight("medium"), "production", temporary) == Weight("medium")


@pytest.mark.parametrize(
    ("path", "severity", "concern", "expected"),
    [
        ("a.py", "high", "cost", "medium"),
        ("a.py", "medium", "production", "low"),
        ("a.py", "medium", "deployment", "info"),
        ("a.ipynb", "high", "cost", "info"),
        ("a.yaml", "high", "cost", "high"),
        ("a.yaml", "medium", "production", "medium"),
        ("a.py", "medium", "protection", "medium"),
    ],
)
def test_what_another_program_deletes_weighs_less_while_it_runs(
    path: str, severity: Severity, concern: Concern, expected: Severity
) -> None:
    why = "clean_up.py deletes it"
    lowered = None if severity == expected else Lowered(severity, why)
    found = weigh(severity, concern, _marked(path, REMOVED, why), NO_ASSUMPTIONS)
    assert found == Weight(expected, lowered)


@pytest.mark.parametrize(
    ("severity", "leaks", "expected"),
    [
        ("high", False, "info"),
        ("high", True, "medium"),
        ("medium", True, "low"),
        ("low", True, "info"),
        ("low", False, "info"),
        ("info", True, "info"),
    ],
)
def test_what_is_never_used_weighs_least_unless_its_text_is_the_mistake(
    severity: Severity, leaks: bool, expected: Severity
) -> None:
    idle = _marked("a.py", IDLE, "nothing calls it")
    lowered = None if severity == expected else Lowered(severity, "nothing calls it")
    assert weigh(severity, "any", idle, NO_ASSUMPTIONS, leaks=leaks) == Weight(expected, lowered)


def test_even_what_concerns_everyone_weighs_less_where_it_is_off_by_default_and_grave() -> None:
    assert weigh_off(Weight("high"), "any").severity == "medium"
    for concern in ("any", "protection"):
        assert weigh_outside_production(Weight("high"), concern) == Weight("high")


@pytest.mark.parametrize("severity", SEVERITIES)
@pytest.mark.parametrize("stated", [True, False])
def test_weight_in_programs_by_concern(severity: Severity, stated: bool) -> None:
    milder: dict[Severity, Severity] = {"high": "medium", "medium": "low", "low": "low", "info": "info"}

    def found(concern: Concern) -> list[Severity]:
        return [in_program(severity, concern, place, stated) for place in PROGRAM_KINDS]

    assert found("any") == [severity] * 4
    assert found("production") == [severity, "info", "info", "info"]
    script = SEVERITIES[min(SEVERITIES.index(severity) + 1, 3)]
    assert found("deployment") == [script, "info", "info", "info"]
    assert found("cost") == [severity, milder[severity], milder[severity], "info"]
    protected = milder[severity] if stated else "info"
    assert found("protection") == [severity, protected, protected, protected]


def test_a_rules_page_leaves_out_places_of_the_same_weight() -> None:
    assert in_programs("medium", "cost") == {"notebook": "low", "example": "low", "temporary": "info"}
    assert in_programs("info", "deployment") == {}


def _kinds(name: str) -> list[Resource]:
    """What a template and a script make, called so."""
    found = []
    for path in ("a.yaml", "a.py"):
        made = _resource(path)
        entries = {"EndpointName": Entry(made.span, Scalar(name, made.span))}
        found.append(made._replace(properties=MapValue(entries, made.span)))
    return found


@pytest.mark.parametrize("teaches", [True, False])
@pytest.mark.parametrize("further", ["", "a reason of its own"])
@pytest.mark.parametrize("stated", [True, False])
@pytest.mark.parametrize(
    ("development", "production"),
    [
        ("deploy-dev.yaml", "deploy-prod.yaml"),
        ("deploy-development.yaml", "deploy-production.yaml"),
        ("sandbox.yaml", "deploy.yaml"),
        ("environments/dev/main.yaml", "environments/prd/main.yaml"),
        ("env/qa", "env/live"),
        ("samples/dev.yaml", "samples/prod.yaml"),
        ("tests/dev.yaml", "tests/prod.yaml"),
    ],
)
def test_development_never_weighs_more_than_production(
    development: str, production: str, stated: bool, further: str, teaches: bool
) -> None:
    purposes = [purpose_of(each, reusable=False, teaches=teaches) for each in (development, production)]
    for severity, concern, assumed in product(SEVERITIES, CONCERNS, (NO_ASSUMPTIONS, frozenset({"x"}))):
        for one, other in zip(_kinds("churn-dev"), _kinds("churn-prod"), strict=True):
            less, more = (
                weigh(severity, concern, each, assumed, purpose, stated, further).severity
                for each, purpose in zip((one, other), purposes, strict=True)
            )
            assert SEVERITIES.index(less) >= SEVERITIES.index(more), (severity, concern, purposes)
