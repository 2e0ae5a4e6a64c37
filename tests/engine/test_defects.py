"""Claims of several worlds, merged into defects: by trees of worlds, without any template."""

from collections.abc import Sequence

import pytest

from mlwa_lint.engine.merge import merge
from mlwa_lint.engine.outcomes import Merged, Scales, WorldOutcome
from mlwa_lint.engine.related import places_of, written_in
from mlwa_lint.graph.changes import set_to
from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.views import ResourceView
from mlwa_lint.graph.worlds import Fork, Leaf, WorldTree
from mlwa_lint.model.answers import Answer
from mlwa_lint.model.conditions import Condition, Guard
from mlwa_lint.model.findings import Lowered, Severity, Written
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import Scalar
from mlwa_lint.model.weights import Weight
from mlwa_lint.rule import YES, Claim, Remedy, undecided
from tests.support.small_graphs import KEY, endpoint_config, resource, view_of
from tests.support.small_values import HERE

ORIGIN = Span("vars.tfvars", 7, 1, 7, 4)
PROD = Condition("prod", "IsProd", False)
EAST = Condition("east", "InEast", True)
USE = Condition("use", "UseKey", False)
VIEW = view_of(endpoint_config())


def claim(
    message: str = "m", answer: Answer = YES, severity: Severity | None = None, width: int = 0
) -> Claim:
    return Claim(answer, VIEW, message, severity, width=width)


def world(*claims: Claim, undecided: Sequence[str] = (), judged: bool = True) -> Leaf[WorldOutcome]:
    return Leaf(WorldOutcome(claims, tuple(undecided), judged))


NOTHING = world()
SCALES = Scales(
    lambda claim: Weight(claim.severity or "medium"),
    lambda claim: Weight(claim.severity or "medium"),
    lambda claim, weight: Weight("low", Lowered(weight.severity, "off")),
    lambda claim, weight: Weight("info", Lowered(weight.severity, "outside production")),
    lambda claim, weight: weight,
    lambda claim, weight: Weight("info", Lowered(weight.severity, "required")),
    lambda claim, weight: Weight("info", Lowered(weight.severity, "answered")),
)


def merged(tree: WorldTree[WorldOutcome], *guards: Guard) -> Merged:
    return merge(tree, SCALES, guards)


def test_a_claim_that_holds_in_every_world_has_no_condition() -> None:
    (found,) = merged(Fork(EAST, world(claim()), world(claim()))).found
    assert found == ("Config", HERE, (), "m", "medium", None, (), None, None, None, None, None)


def test_what_only_one_world_claims_names_its_condition() -> None:
    result = merged(Fork(EAST, world(claim()), NOTHING))
    (found,) = result.found
    assert found.condition == "when InEast is true, which is the default"
    assert (result.undecided, result.judged) == ((), True)


def test_no_claim_makes_no_defect() -> None:
    assert merged(NOTHING) == Merged((), (), True)
    assert merged(world(judged=False)) == Merged((), (), False)
    assert merged(Fork(EAST, world(judged=False), NOTHING)).judged


def test_undecided_claims_are_reported_with_their_reasons() -> None:
    tree = world(claim(answer=undecided("a")), claim(answer=Answer("undecided")), undecided=["b"])
    assert merged(tree) == Merged((), ("b", "a", "it is known only at deployment"), True)


def test_worlds_beyond_the_limit_are_undecided() -> None:
    result = merged(Fork(EAST, world(claim()), Leaf(None)))
    assert result.undecided == ("too many combinations of conditions: InEast",)
    assert len(result.found) == 1
    assert merged(Leaf(None)).judged
    assert merged(Leaf(None)).undecided == ("too many combinations of conditions",)
    tree: WorldTree[WorldOutcome] = Leaf(None)
    for number in range(5):
        tree = Fork(Condition(f"c{number}", f"C{number}"), NOTHING, tree)
    reason = "too many combinations of conditions: C4, C3, C2 and 2 more"
    assert merged(tree).undecided == (reason,)


def test_what_an_opaque_condition_decides_is_no_defect() -> None:
    opaque = Condition("count", "data.aws_x.y.count", opaque=True)
    result = merged(Fork(opaque, world(claim()), NOTHING))
    assert result == Merged((), ("data.aws_x.y.count is known only at deployment",), True)


def chain(length: int) -> WorldTree[WorldOutcome]:
    tree: WorldTree[WorldOutcome] = world(claim())
    for number in range(length):
        tree = Fork(Condition(f"c{number}", f"C{number}"), tree, NOTHING)
    return tree


def test_what_needs_more_than_four_conditions_is_undecided() -> None:
    (found,) = merged(chain(4)).found
    assert found.condition == "when C3 is true and C2 is true and C1 is true and C0 is true"
    reason = "it depends on more than 4 conditions: C4, C3, C2 and 2 more"
    assert merged(chain(5)) == Merged((), (reason,), True)


@pytest.mark.parametrize(
    ("tree", "severity", "because"),
    [
        (Fork(USE, world(claim()), NOTHING), "low", "off"),
        (Fork(USE, NOTHING, world(claim())), "medium", None),
        (Fork(PROD, world(claim()), NOTHING), "medium", None),
        (Fork(PROD, NOTHING, world(claim())), "info", "outside production"),
        (Fork(USE, world(claim()), Fork(EAST, world(claim()), NOTHING)), "medium", None),
        (Fork(USE, world(claim()), Fork(EAST, NOTHING, world(claim()))), "low", "off"),
    ],
)
def test_what_holds_only_off_or_outside_production_weighs_less(
    tree: WorldTree[WorldOutcome], severity: Severity, because: str | None
) -> None:
    (found,) = merged(tree).found
    assert found.severity == severity
    assert (found.lowered and found.lowered.because) == because


@pytest.mark.parametrize(
    ("guard", "severity", "condition"),
    [
        (Guard(USE, True), "low", "when UseKey is true"),
        (Guard(USE, False), "medium", None),
        (Guard(EAST, True), "medium", None),
        (Guard(PROD, True), "medium", None),
        (Guard(PROD, False), "info", None),
    ],
)
def test_what_exists_only_off_or_outside_production_weighs_less(
    guard: Guard, severity: Severity, condition: str | None
) -> None:
    (found,) = merged(world(claim()), guard).found
    assert (found.severity, found.condition) == (severity, condition)


@pytest.mark.parametrize(
    ("other", "severity"),
    [(NOTHING, "low"), (world(claim(answer=undecided("a"))), "medium"), (Leaf(None), "medium")],
    ids=["is right", "is undecided", "is not looked at"],
)
def test_another_branch_has_a_setting_only_where_it_certainly_is_right(
    other: WorldTree[WorldOutcome], severity: Severity
) -> None:
    scales = SCALES._replace(in_branch=lambda claim, weight: Weight("low", Lowered(weight.severity, "there")))
    (found,) = merge(Fork(PROD, world(claim()), other), scales).found
    assert found.severity == severity


def test_what_a_person_answers_weighs_less_where_the_other_answer_is_right() -> None:
    prompted = Condition("wanted", "wanted", prompted=True)
    (found,) = merged(Fork(prompted, world(claim()), NOTHING)).found
    assert (found.severity, found.lowered) == ("info", Lowered("medium", "answered"))
    (found,) = merged(Fork(prompted, world(claim()), world(claim()))).found
    assert found.severity == "medium"
    other = claim("n", severity="low")._replace(at=VIEW["Other"])
    found, rest = merged(Fork(prompted, world(claim()), world(other))).found
    assert (found.severity, rest.severity) == ("info", "low")


def test_a_claim_rests_on_the_assumptions_of_all_its_worlds() -> None:
    yes = claim(answer=Answer("yes", (), frozenset({"the default of X"})))
    no = claim(answer=Answer("yes", (), frozenset({"the default of Y"})))
    (found,) = merged(Fork(EAST, world(yes), world(no))).found
    assert found.condition == "assuming the default of X and the default of Y"
    (part,) = merged(Fork(EAST, world(yes), NOTHING)).found
    assert part.condition == "when InEast is true, which is the default, assuming the default of X"


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (claim("a", severity="high"), claim("bbb"), "a"),
        (claim("a", width=1), claim("bbb"), "a"),
        (claim("a"), claim("bbb"), "bbb"),
        (claim("a"), claim("b"), "b"),
    ],
)
def test_the_worst_widest_and_longest_wording_is_reported(one: Claim, other: Claim, expected: str) -> None:
    for yes, no in ((one, other), (other, one)):
        (found,) = merged(Fork(EAST, world(yes), world(no))).found
        assert found.message == expected
        assert found.condition is not None
        assert found.condition.endswith("to a lesser extent otherwise")


def test_the_narrowest_wording_is_reported_where_an_opaque_condition_decides_which() -> None:
    opaque = Condition("count", "var.n", opaque=True)
    result = merged(Fork(opaque, world(claim("two of three")), world(claim("three of three"))))
    (found,) = result.found
    assert (found.message, found.condition) == ("two of three", None)


def test_wordings_of_one_world_are_two_defects_that_go_on_with_the_likest() -> None:
    yes = world(claim("bucket A: 1"), claim("key B: 1"))
    no = world(claim("key B: 22"), claim("bucket A: 22"))
    found = merged(Fork(EAST, yes, no)).found
    assert [each.message for each in found] == ["bucket A: 22", "key B: 22"]


def test_claims_at_different_places_are_different_defects() -> None:
    other = Claim(YES, VIEW["KmsKeyId"], "m")
    found = merged(world(claim(), other, Claim(YES, view_of(endpoint_config("Other")), "m"))).found
    assert [(each.address, each.span, each.path) for each in found] == [
        ("Config", HERE, ()),
        ("Config", KEY, ("KmsKeyId",)),
        ("Other", HERE, ()),
    ]


def test_related_places_of_all_wordings_are_kept_once() -> None:
    key, whole = (VIEW["KmsKeyId"], "the key"), (VIEW, "the rest")
    yes, no = claim("a")._replace(related=(key,)), claim("b")._replace(related=(whole, key))
    (found,) = merged(Fork(EAST, world(yes), world(no))).found
    assert found.related == ((HERE, "the rest"), (KEY, "the key"))


def test_a_defect_has_what_its_claim_brings() -> None:
    remedy, change = Remedy("a", "b"), set_to(VIEW["KmsKeyId"], "x")
    one = claim()._replace(remedy=remedy, fix=change, lacking=EdgeKind.MONITORS)
    (found,) = merged(world(one)).found
    assert (found.remedy, found.change, found.lacking) == (remedy, change, EdgeKind.MONITORS)


@pytest.mark.parametrize(
    ("origin", "places", "is_written"),
    [
        (None, [], False),
        (ORIGIN, [(ORIGIN, "the value comes from here")], True),
        (Span("t.yaml", 7, 1, 7, 4), [], True),
        (Span("<stdin>", 7, 1, 7, 4), [], False),
    ],
)
def test_where_a_value_is_written_is_a_related_place(
    origin: Span | None, places: list[tuple[Span, str]], is_written: bool
) -> None:
    at = view_of(endpoint_config(key=Scalar("arn:aws:kms:x:y:key/a", KEY, origin=origin)))["KmsKeyId"]
    assert list(places_of(Claim(YES, at, "m"))) == places
    written = written_in(Claim(YES, at, "m"))
    assert (written is not None) is is_written
    if written is not None and origin is not None:
        assert written == Written(origin, 0xE8B7BE43)


def at_origin() -> ResourceView:
    return view_of(resource("Other", "AWS::SageMaker::Model")._replace(span=ORIGIN))


def test_a_place_that_the_rule_names_is_not_named_again() -> None:
    at = view_of(endpoint_config(key=Scalar("a", KEY, origin=ORIGIN)))["KmsKeyId"]
    other = Claim(YES, at, "m", related=((VIEW, "the rest"),))
    assert places_of(other) == ((HERE, "the rest"), (ORIGIN, "the value comes from here"))
    named = Claim(YES, at, "m", related=((at_origin(), "the default"),))
    assert places_of(named) == ((ORIGIN, "the default"),)


def test_a_wording_belongs_to_the_defect_whose_first_wording_is_most_like_it() -> None:
    first = world(claim("a1"), claim("cd1"))
    second = world(claim("a1"), claim("ax"))
    third = world(claim("cd2"))
    found = merged(Fork(EAST, Fork(USE, first, second), third)).found
    assert [(each.message, each.condition) for each in found] == [
        ("a1", "when InEast is true, which is the default"),
        ("cd2", "when InEast is false, to a lesser extent otherwise"),
    ]
