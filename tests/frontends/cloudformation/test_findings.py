"""What conditions and defaults mean for findings: never under a combination that cannot occur."""

from collections.abc import Iterator

from mlwa_lint.engine.check import Outcome
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView
from mlwa_lint.rule import Claim, Remedy, rule
from mlwa_lint.run.evaluation import check_project

from .templates import project_of


@rule("MLS999", "bad-mode", "low", practices=(), on=("AWS::A::B",), remedy=Remedy("fix", "fix"))
def bad_mode(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A mode is bad."""
    extra = resource["Extra"]
    bad = resource["Mode"].equals("bad") & extra.is_present()
    yield Claim(bad, resource["Mode"], f"{resource} has a bad mode")


def outcome(properties: str, rest: str = "") -> Outcome:
    return check_project(
        project_of(
            "Parameters: {Env: {Type: String, Default: dev}, Mode: {Type: String, Default: bad}}\n"
            "Conditions:\n"
            "  Prod: !Equals [!Ref Env, prod]\n"
            "  Dev: !Equals [!Ref Env, dev]\n"
            "  Good: !Equals [!Ref Mode, good]\n"
            f"{rest}"
            f"Resources: {{A: {{Type: 'AWS::A::B', Properties: {properties}}}}}\n"
        ),
        [bad_mode],
    )


def conditions(found: Outcome) -> list[str | None]:
    return [finding.condition for finding in found.findings]


def test_a_finding_states_the_condition_under_which_it_holds() -> None:
    assert conditions(outcome("{Mode: !If [Prod, bad, fine], Extra: 1}")) == ["when Prod is true"]
    assert conditions(outcome("{Mode: !If [Prod, fine, bad], Extra: 1}")) == [
        "when Prod is false, which is the default"
    ]


def test_conditions_that_cannot_hold_together_give_no_finding() -> None:
    found = outcome("{Mode: !If [Prod, bad, fine], Extra: !If [Dev, 1, !Ref AWS::NoValue]}")
    assert found.findings == ()
    assert found.undecided == ()


def test_a_finding_names_the_defaults_that_it_assumes() -> None:
    assert conditions(outcome("{Mode: !Ref Mode, Extra: 1}")) == ["assuming the default of Mode"]


def test_a_default_is_not_assumed_where_a_condition_excludes_it() -> None:
    found = outcome("{Mode: !Ref Mode, Extra: !If [Good, 1, !Ref AWS::NoValue]}")
    assert found.findings == ()
    assert [undecided.reasons for undecided in found.undecided] == [
        ("the default of Mode does not apply there",)
    ]
