"""Worlds become findings: one for a defect, whatever its wording in each, under conditions that are true."""

from collections.abc import Iterator
from itertools import product
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from mlwa_lint.engine.cases import cases_of, sentence
from mlwa_lint.engine.check import Outcome
from mlwa_lint.frontends.cloudformation.stacks.project import load
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView
from mlwa_lint.graph.worlds import Fork, Leaf, WorldTree
from mlwa_lint.model.conditions import Condition
from mlwa_lint.rule import YES, Claim, Remedy, Rule, answer, rule
from mlwa_lint.run.evaluation import check_project

REMEDY = Remedy("Fix it.", "Fix it there.")
NETWORK = """
Parameters: {A: {Type: String}, B: {Type: String}, C: {Type: String}}
Conditions:
  WithA: !Equals [!Ref A, "yes"]
  WithB: !Equals [!Ref B, "yes"]
  WithC: !Equals [!Ref C, "yes"]
Resources:
  Net: {Type: AWS::EC2::VPC}
  EndA: {Type: AWS::EC2::VPCEndpoint, Condition: WithA, Properties: {ServiceName: a}}
  EndB: {Type: AWS::EC2::VPCEndpoint, Condition: WithB, Properties: {ServiceName: b}}
  EndC: {Type: AWS::EC2::VPCEndpoint, Condition: WithC, Properties: {ServiceName: c}}
"""


def check_of(claims: object) -> Rule:
    @rule("TSR001", "lacks-something", "low", practices=(), on=("AWS::EC2::VPC",), remedy=REMEDY)
    def check(net: ResourceView, graph: GraphView) -> Iterator[Claim]:
        """It lacks something."""
        assert callable(claims)
        yield from claims(net, {each["ServiceName"].text for each in graph.of_type("AWS::EC2::VPCEndpoint")})

    return check


def outcome(claims: object, template: str = NETWORK) -> Outcome:
    result = check_project(load(Path("t.yaml"), LoadOptions(), template), [check_of(claims)])
    assert not result.errors
    return result


def test_a_list_that_differs_between_worlds_is_one_finding_with_the_longest_list() -> None:
    def claims(net: ResourceView, there: set[str]) -> Iterator[Claim]:
        missing = sorted({"a", "b", "c"} - there)
        yield Claim(answer(bool(missing)), net, f"{net} lacks {', '.join(missing)}")

    (found,) = outcome(claims).findings
    assert found.message == "VPC Net lacks a, b, c"
    assert found.condition == (
        "when WithA is false and WithB is false and WithC is false, to a lesser extent in other cases"
    )


def test_the_widest_wording_is_the_one_that_the_rule_calls_widest() -> None:
    def claims(net: ResourceView, there: set[str]) -> Iterator[Claim]:
        yield Claim(YES, net, f"{net} is one of {9 + len(there)}", width=len(there))

    (found,) = outcome(claims).findings
    assert found.message == "VPC Net is one of 12"
    assert (
        found.condition
        == "when WithA is true and WithB is true and WithC is true, to a lesser extent otherwise"
    )


def test_the_worst_severity_is_reported() -> None:
    def claims(net: ResourceView, there: set[str]) -> Iterator[Claim]:
        if "a" in there:
            yield Claim(YES, net, "worse", "high")
        else:
            yield Claim(YES, net, "not that bad at all")

    (found,) = outcome(claims).findings
    assert (found.message, found.severity) == ("worse", "high")
    assert found.condition == "when WithA is true, to a lesser extent otherwise"


def test_a_wording_that_differs_in_severity_alone_holds_in_all_cases() -> None:
    def claims(net: ResourceView, there: set[str]) -> Iterator[Claim]:
        if "b" in there:
            yield Claim(YES, net, "open", "high" if "a" in there else "low")

    (found,) = outcome(claims).findings
    assert (found.message, found.severity, found.condition) == ("open", "high", "when WithB is true")


def test_two_claims_of_one_world_are_two_findings() -> None:
    def claims(net: ResourceView, there: set[str]) -> Iterator[Claim]:
        yield Claim(YES, net, f"first of {len(there)}")
        yield Claim(YES, net, f"second of {len(there)}")

    messages = [each.message for each in outcome(claims).findings]
    assert messages == ["first of 3", "second of 3"]


def test_claims_about_two_properties_are_two_findings() -> None:
    def claims(net: ResourceView, there: set[str]) -> Iterator[Claim]:
        yield Claim(YES, net["CidrBlock" if "a" in there else "Tags"], "absent")

    found = outcome(claims).findings
    assert [(each.property, each.condition) for each in found] == [
        ("CidrBlock", "when WithA is true"),
        ("Tags", "when WithA is false"),
    ]


def test_passes_failures_and_undecided_resources_are_counted() -> None:
    template = """
Parameters: {Cidr: {Type: String}}
Resources:
  Good: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Bad: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 0.0.0.0/0}}
  Open: {Type: AWS::EC2::VPC, Properties: {CidrBlock: !Ref Cidr}}
"""

    def claims(net: ResourceView, there: set[str]) -> Iterator[Claim]:
        yield Claim(net["CidrBlock"].equals("0.0.0.0/0"), net, "open")

    (counts,) = outcome(claims, template).checked
    assert counts == ("TSR001", 1, 1, 1)


# -- cases


CONDITIONS = [Condition(name, name) for name in "ABCD"]
UNWRITTEN = Condition("n", "var.n", opaque=True)


def trees(conditions: list[Condition]) -> st.SearchStrategy[WorldTree[None]]:
    """Trees that read every condition at most once on each path."""
    if not conditions:
        return st.just(Leaf(None))
    below = trees(conditions[1:])
    forks: st.SearchStrategy[WorldTree[None]] = st.builds(Fork, st.just(conditions[0]), below, below)
    return st.one_of(forks, below)


# Some conditions have no scenario behind them.
TREES = st.lists(st.booleans(), min_size=4, max_size=4).flatmap(
    lambda flags: trees([each._replace(opaque=flag) for each, flag in zip(CONDITIONS, flags, strict=True)])
)


def leaves(tree: WorldTree[None]) -> int:
    return 1 if isinstance(tree, Leaf) else leaves(tree.yes) + leaves(tree.no)


def world_of(tree: WorldTree[None], answers: dict[str, bool], first: int = 0) -> int:
    """The number of the world that answers lead to."""
    if isinstance(tree, Leaf):
        return first
    if answers[tree.condition.name]:
        return world_of(tree.yes, answers, first)
    return world_of(tree.no, answers, first + leaves(tree.yes))


def opaque_in(tree: WorldTree[None]) -> set[str]:
    if isinstance(tree, Leaf):
        return set()
    own = {tree.condition.name} if tree.condition.opaque else set()
    return own | opaque_in(tree.yes) | opaque_in(tree.no)


@given(tree=TREES, chosen=st.sets(st.integers(0, 15)))
def test_cases_are_exactly_where_something_certainly_holds(tree: WorldTree[None], chosen: set[int]) -> None:
    found = cases_of(tree, chosen)
    hidden = opaque_in(tree)
    written = [condition.name for condition in CONDITIONS if condition.name not in hidden]
    for values in product((True, False), repeat=len(written)):
        given_answers = dict(zip(written, values, strict=True))
        worlds = {
            world_of(tree, {**given_answers, **dict(zip(sorted(hidden), others, strict=True))})
            for others in product((True, False), repeat=len(hidden))
        }
        stated = any(all(given_answers[c.name] is answer for c, answer in case) for case in found.cases)
        assert stated is (worlds <= chosen)
        if not stated and worlds & chosen:
            assert found.lost, "what holds under an answer that cannot be known is undecided"


def test_answers_that_make_no_difference_are_left_out() -> None:
    a, b, c = CONDITIONS[:3]
    tree = Fork(a, Fork(b, Fork(c, Leaf(0), Leaf(0)), Leaf(0)), Leaf(0))
    assert sentence(cases_of(tree, {1, 2, 3})) == "C is false, or B is false, or A is false"
    assert cases_of(tree, {0, 1, 2, 3}).always


def test_many_cases_are_listed_in_part() -> None:
    tree: WorldTree[int] = Leaf(0)
    for number in range(9):
        tree = Fork(Condition(f"C{number}", f"C{number}"), Leaf(0), tree)
    assert sentence(cases_of(tree, set(range(9)))).endswith("C3 is true, or in 3 other cases")


def test_what_depends_on_something_unwritten_is_undecided() -> None:
    tree = Fork(UNWRITTEN, Leaf(0), Leaf(0))
    found = cases_of(tree, {0})
    assert (found.cases, found.lost) == ((), ("var.n is known only at deployment",))
