"""What a finding weighs and brings with it, on hand-made graphs."""

from collections.abc import Iterator

import pytest

from mlwa_lint.engine.check import Outcome, check
from mlwa_lint.frontends.python.vocabulary import VOCABULARY as PYTHON
from mlwa_lint.frontends.terraform.vocabulary.labels import VOCABULARY as TERRAFORM
from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.graph import ResourceGraph
from mlwa_lint.graph.kinds import AGENTCORE_GATEWAY
from mlwa_lint.graph.queries.outside import names_of
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView
from mlwa_lint.model.answers import Answer
from mlwa_lint.model.conditions import AnyScenario, Condition, Guard
from mlwa_lint.model.findings import Concern, Finding, Lowered, Severity
from mlwa_lint.model.resources import Gap, Project, Resource
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import Choice, Entry, MapValue, Reference, Scalar, Unknown, Value
from mlwa_lint.rule import NO, YES, Claim, Remedy, Rule, rule, set_to, undecided
from tests.support.small_graphs import BUCKET, ENDPOINT, QUEUE, VIEW, A, B, C, D, resource
from tests.support.small_values import HERE

REMEDY = Remedy("Set `BucketName`.", "Set `bucket`.", "Set `Bucket`.")
OFF = Condition("use", "UseKey", False)
PROD = Condition("prod", "IsProd", True)


def rule_of(
    *claims: Claim, concern: Concern = "any", literal: bool = False, on: tuple[str, ...] = (BUCKET,)
) -> Rule:
    """A rule that makes the same claims about each resource, at the resource or at its BucketName."""

    @rule(
        "TSO001",
        "a-rule",
        "medium",
        practices=("MLSEC02-BP01",),
        on=on,
        remedy=REMEDY,
        scope="all",
        concern=concern,
        literal=literal,
        controls=("S3.1",),
        help="https://rules.example.org",
    )
    def one(view: ResourceView, graph: GraphView) -> Iterator[Claim]:
        """It is there.

        It matters.
        """
        for claim in claims:
            at = view["BucketName"] if claim.message == "name" else view
            yield claim._replace(at=at)

    return one


CLAIM = Claim(YES, VIEW, "m")
NAME = Claim(YES, VIEW, "name")


def outcome(one: Rule, *resources: Resource, root: str = "t.yaml", gaps: tuple[Gap, ...] = ()) -> Outcome:
    return check(ResourceGraph(Project(root, resources or (A,), AnyScenario(), gaps), (), ()), [one])


def finding(one: Rule, *resources: Resource, root: str = "t.yaml") -> Finding:
    result = outcome(one, *resources, root=root)
    assert result.errors == ()
    (found,) = result.findings
    return found


@pytest.mark.parametrize(
    ("claim", "concern", "severity", "lowered"),
    [
        (CLAIM, "any", "medium", None),
        (CLAIM, "production", "low", Lowered("medium", "it is an example")),
        (CLAIM._replace(severity="high"), "production", "medium", Lowered("high", "it is an example")),
        (CLAIM._replace(concern="production"), "any", "low", Lowered("medium", "it is an example")),
        (CLAIM._replace(concern="any"), "production", "medium", None),
    ],
)
def test_severity_and_concern_are_the_claims_or_else_the_rules(
    claim: Claim, concern: Concern, severity: Severity, lowered: Lowered | None
) -> None:
    found = finding(rule_of(claim, concern=concern), root="examples/t.yaml")
    assert (found.severity, found.lowered, found.root) == (severity, lowered, "examples/t.yaml")


def existing(condition: Condition, holds: bool) -> Resource:
    return A._replace(guards=(Guard(condition, holds),))


@pytest.mark.parametrize(
    ("one", "claim", "concern", "severity"),
    [
        (existing(OFF, True), CLAIM, "cost", "low"),
        (existing(OFF, True), CLAIM, "any", "medium"),
        (existing(OFF, True), CLAIM._replace(concern="any"), "cost", "medium"),
        (existing(OFF, True), CLAIM._replace(concern="cost"), "any", "low"),
        (existing(PROD, False), CLAIM, "production", "low"),
        (existing(PROD, False), CLAIM, "any", "medium"),
        (existing(PROD, True), CLAIM, "production", "medium"),
    ],
)
def test_what_is_off_or_outside_production_is_weighed_by_its_concern(
    one: Resource, claim: Claim, concern: Concern, severity: Severity
) -> None:
    assert finding(rule_of(claim, concern=concern), one).severity == severity


def test_a_finding_has_the_data_of_its_rule_and_resource() -> None:
    claim = NAME._replace(related=((VIEW, "the rest"),), fix=set_to(VIEW["BucketName"], "x"))
    found = finding(rule_of(claim))
    assert (found.code, found.name, found.pillar, found.practices) == (
        "TSO001",
        "a-rule",
        "operational-excellence",
        ("MLSEC02-BP01",),
    )
    assert (found.address, found.resource_type, found.property) == ("A", BUCKET, "BucketName")
    assert (found.reason, found.remedy, found.controls) == ("It matters.", "Set `BucketName`.", ("S3.1",))
    assert found.help == "https://rules.example.org"
    assert [each.message for each in found.related] == ["the rest"]
    assert found.fix is not None
    assert (found.construct, found.condition, found.lacking) == (None, None, ())


@pytest.mark.parametrize(
    ("vocabulary", "remedy"),
    [(TERRAFORM, "Set `bucket`."), (PYTHON, "Set `Bucket`.")],
)
def test_the_remedy_is_in_the_users_language(vocabulary: object, remedy: str) -> None:
    assert finding(rule_of(CLAIM), A._replace(vocabulary=vocabulary)).remedy == remedy  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("vocabulary", "kind", "subject"),
    [
        (PYTHON, ENDPOINT, "live"),
        (PYTHON, AGENTCORE_GATEWAY, "tools"),
        (PYTHON, BUCKET, ""),
        (TERRAFORM, ENDPOINT, ""),
    ],
)
def test_what_several_programs_may_make_is_known_by_its_name(
    vocabulary: object, kind: str, subject: str
) -> None:
    live = Scalar("live", HERE)
    one = resource("E", kind, EndpointName=live, BucketName=live, Name=Scalar("tools", HERE))
    one = one._replace(vocabulary=vocabulary)  # type: ignore[arg-type]
    assert finding(rule_of(CLAIM, on=(kind,)), one).subject == subject


@pytest.mark.parametrize(("reusable", "names"), [(False, ("live",)), (True, ("live", "@t.yaml:3"))])
def test_an_endpoint_of_a_module_has_its_place_for_a_name_as_well(
    reusable: bool, names: tuple[str, ...]
) -> None:
    one = resource("E", ENDPOINT, EndpointName=Scalar("live", HERE))
    graph = ResourceGraph(Project("t.yaml", (one,), AnyScenario(), reusable=reusable), (), ())
    assert names_of(one, graph) == names


def test_a_claim_may_bring_its_own_remedy() -> None:
    assert finding(rule_of(CLAIM._replace(remedy=Remedy("a", "b")))).remedy == "a"


def made_by(construct: dict[str, str]) -> Resource:
    stated = MapValue({key: Entry(HERE, Scalar(text, HERE)) for key, text in construct.items()}, HERE)
    return A._replace(attributes=MapValue({"Construct": Entry(HERE, stated)}, HERE))


@pytest.mark.parametrize(
    ("construct", "expected"),
    [
        ({"Path": "S/B", "File": "lib/a.ts", "Line": "17", "Found": "true"}, ("S/B", "lib/a.ts", 17, True)),
        ({"Path": "S/B", "Line": "x"}, ("S/B", "", 0, False)),
        ({}, ("", "", 0, False)),
    ],
)
def test_a_construct_is_named_with_its_property(
    construct: dict[str, str], expected: tuple[object, ...]
) -> None:
    found = finding(rule_of(NAME), made_by(construct))
    assert found.construct == expected
    assert found.remedy == "Set `BucketName`; in the CDK: cfnBucket.bucketName"
    assert finding(rule_of(CLAIM), made_by(construct)).remedy == "Set `BucketName`."


def test_a_construct_of_another_form_is_none() -> None:
    odd = A._replace(attributes=MapValue({"Construct": Entry(HERE, Scalar("x", HERE))}, HERE))
    assert finding(rule_of(CLAIM), odd).construct is None


ORIGIN = Span("vars.tfvars", 7, 1, 7, 4)


@pytest.mark.parametrize(("literal", "is_written"), [(True, True), (False, False)])
def test_where_a_value_is_written_counts_for_rules_about_values(literal: bool, is_written: bool) -> None:
    one = resource("A", BUCKET, BucketName=Scalar("data", HERE, origin=ORIGIN))
    assert (finding(rule_of(NAME, literal=literal), one).written is not None) is is_written


CELL = HERE._replace(path="a.ipynb")


@pytest.mark.parametrize(
    ("value", "severity"),
    [
        (Scalar("x", CELL), "low"),
        (Scalar("x", HERE._replace(path="config.yaml")), "info"),
        (Unknown("w", CELL, ("x", Reference("R", "", HERE))), "low"),
        (Unknown("w", CELL), "info"),
        (Reference("R", "", HERE), "info"),
    ],
)
def test_what_a_notebook_states_weighs_more_than_what_it_leaves_out(value: Value, severity: Severity) -> None:
    one = resource("A", BUCKET, BucketName=value)
    notebook = one._replace(vocabulary=PYTHON, span=CELL)
    assert finding(rule_of(NAME, concern="protection"), notebook).severity == severity


@pytest.mark.parametrize(
    ("claims", "counts"),
    [
        ((), (1, 0, 0)),
        ((CLAIM._replace(answer=NO),), (1, 0, 0)),
        ((CLAIM,), (0, 1, 0)),
        ((CLAIM._replace(answer=undecided("why")),), (0, 0, 1)),
        ((CLAIM, CLAIM._replace(answer=undecided("why"))), (0, 1, 0)),
    ],
)
def test_each_resource_passes_fails_or_is_undecided(
    claims: tuple[Claim, ...], counts: tuple[int, int, int]
) -> None:
    (found,) = outcome(rule_of(*claims)).checked
    assert found[1:] == counts


def test_resources_are_counted_and_rules_get_their_types_alone() -> None:
    result = outcome(rule_of(CLAIM, on=(QUEUE, ENDPOINT)), A, B, C, D)
    assert [each.address for each in result.findings] == ["B", "C", "D"]
    assert result.resources == 4
    (checked,) = result.checked
    assert checked == ("TSO001", 0, 3, 0)


def test_an_assumption_that_contradicts_a_world_is_undecided_there() -> None:
    class Scenarios(AnyScenario):
        def possible(self, answers: object) -> bool:
            assert isinstance(answers, dict)
            return "the default of X" not in answers

    assumed = Answer("yes", (), frozenset({"the default of X"}))
    project = Project("t.yaml", (A,), Scenarios())
    result = check(ResourceGraph(project, (), ()), [rule_of(CLAIM._replace(answer=assumed))])
    assert result.findings == ()
    assert [each.reasons for each in result.undecided] == [("the default of X does not apply there",)]


def test_a_claim_under_a_condition_names_it() -> None:
    choice = Choice(PROD, Scalar("a", HERE), Scalar("b", HERE), HERE)
    one = resource("A", BUCKET, BucketName=choice)

    @rule("TSO001", "a-rule", "low", practices=(), on=(BUCKET,), remedy=REMEDY, scope="all")
    def named(view: ResourceView, graph: GraphView) -> Iterator[Claim]:
        """It is there.

        It matters.
        """
        yield Claim(view["BucketName"].equals("b"), view["BucketName"], "m")

    assert finding(named, one).condition == "when IsProd is false"


def test_what_is_lacking_is_named_with_the_known_names_of_the_resource() -> None:
    lacking = CLAIM._replace(lacking=EdgeKind.MONITORS)
    named = resource("D", ENDPOINT, EndpointName=Scalar("score", HERE))
    assert finding(rule_of(lacking, on=(ENDPOINT,)), named).lacking == ("monitors", "score")
