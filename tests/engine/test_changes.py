"""What is different in a graph than before: the keys on which results of rules may depend."""

from collections.abc import Iterator

import pytest

from mlwa_lint.engine.check import check
from mlwa_lint.engine.moves import Moves
from mlwa_lint.engine.recall import Recall, Recorded, changes
from mlwa_lint.engine.scope import Scoping
from mlwa_lint.files.keeping import Kept, continued, keeping
from mlwa_lint.graph.edges import Edge, EdgeKind, OpenEnd
from mlwa_lint.graph.graph import ResourceGraph
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.traced import TracedGraph
from mlwa_lint.graph.tracing import (
    ALL,
    EDGES,
    OPEN_ENDS,
    TYPES,
    TraceKey,
    edges_key,
    resource_key,
    towards_key,
    type_key,
)
from mlwa_lint.graph.views import ResourceView
from mlwa_lint.model.conditions import AnyScenario
from mlwa_lint.model.findings import Finding, RelatedLocation, Scope, Undecided, Written
from mlwa_lint.model.intents import Intent
from mlwa_lint.model.resources import Gap, Project, Resource
from mlwa_lint.model.shifting import Shift
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import Scalar
from mlwa_lint.rule import YES, Claim, Remedy, answer, project_rule, rule
from tests.support.small_graphs import BUCKET, ENDPOINT, QUEUE, THERE, A, B, D, edge, end, resource
from tests.support.small_values import HERE

STILL = Moves({})


def graph_of(
    *resources: Resource,
    edges: tuple[Edge, ...] = (),
    ends: tuple[OpenEnd, ...] = (),
    gaps: tuple[Gap, ...] = (),
    root: str = "t.yaml",
    partial: bool = False,
) -> ResourceGraph:
    project = Project(root, resources, AnyScenario(), gaps, partial=partial)
    return ResourceGraph(project, edges, ends)


def changed(before: ResourceGraph, now: ResourceGraph, moves: Moves = STILL) -> set[TraceKey] | None:
    found = changes(before, now, moves)
    return None if found is None else set(found)


def test_nothing_is_different_in_the_same_graph() -> None:
    one = graph_of(A, B, edges=(edge("A", "B"),), ends=(end("A"),))
    assert changed(one, graph_of(A, B, edges=(edge("A", "B"),), ends=(end("A"),))) == set()


OTHER = resource("A", BUCKET, BucketName=Scalar("other", HERE))


@pytest.mark.parametrize(
    ("before", "now", "keys"),
    [
        (graph_of(A, B), graph_of(OTHER, B), {resource_key("A"), ALL, type_key(BUCKET)}),
        (graph_of(A), graph_of(A, B), {resource_key("B"), ALL, type_key(QUEUE), TYPES}),
        (graph_of(A, B), graph_of(A), {resource_key("B"), ALL, type_key(QUEUE), TYPES}),
        (
            graph_of(A, B),
            graph_of(A, B._replace(type=ENDPOINT)),
            {resource_key("B"), ALL, type_key(QUEUE), type_key(ENDPOINT), TYPES},
        ),
    ],
)
def test_resources_that_differ(before: ResourceGraph, now: ResourceGraph, keys: set[TraceKey]) -> None:
    assert changed(before, now) == keys
    assert changed(now, before) == keys


@pytest.mark.parametrize(
    ("before", "now", "keys"),
    [
        ((), (edge("D", "A"),), {EDGES, edges_key("from", "D"), edges_key("into", "A")}),
        (
            (edge("D", "A"),),
            (edge("D", "B"),),
            {EDGES, edges_key("from", "D"), edges_key("into", "A"), edges_key("into", "B")},
        ),
        (
            (edge("D", "A"),),
            (edge("D", "A", EdgeKind.WRITES),),
            {EDGES, edges_key("from", "D"), edges_key("into", "A")},
        ),
        ((edge("D", "A"), edge("B", "A")), (edge("D", "A"), edge("B", "A")), set()),
    ],
)
def test_edges_that_differ(before: tuple[Edge, ...], now: tuple[Edge, ...], keys: set[TraceKey]) -> None:
    one, other = graph_of(A, B, D, edges=before), graph_of(A, B, D, edges=now)
    assert changed(one, other) == keys
    assert changed(other, one) == keys


@pytest.mark.parametrize(
    ("before", "now", "keys"),
    [
        ((), (end("D"),), {edges_key("open", "D"), OPEN_ENDS, towards_key(EdgeKind.READS, BUCKET)}),
        (
            (end("D"),),
            (end("B"),),
            {
                edges_key("open", "D"),
                edges_key("open", "B"),
                OPEN_ENDS,
                towards_key(EdgeKind.READS, BUCKET),
            },
        ),
        (
            (end("D"),),
            (end("D"), end("D", QUEUE)),
            {edges_key("open", "D"), OPEN_ENDS, towards_key(EdgeKind.READS, QUEUE)},
        ),
        ((), (end("D", outside=True),), {edges_key("open", "D"), OPEN_ENDS}),
    ],
)
def test_open_ends_that_differ(
    before: tuple[OpenEnd, ...], now: tuple[OpenEnd, ...], keys: set[TraceKey]
) -> None:
    one, other = graph_of(A, B, D, ends=before), graph_of(A, B, D, ends=now)
    assert changed(one, other) == keys
    assert changed(other, one) == keys


@pytest.mark.parametrize(
    "now",
    [
        graph_of(A, B, root="other.yaml"),
        graph_of(B, A),
        graph_of(A, B, partial=True),
        graph_of(A, B, gaps=(Gap("macro m", HERE),)),
    ],
)
def test_everything_may_be_different_where_the_frame_is(now: ResourceGraph) -> None:
    assert changed(graph_of(A, B), now) is None
    assert changed(now, graph_of(A, B)) is None


def test_exports_and_scenarios_are_part_of_the_frame() -> None:
    before = graph_of(A)
    exporting = ResourceGraph(before.project._replace(exports={"x": Scalar("a", HERE)}), (), ())
    assert changed(before, exporting) is None
    assert changed(exporting, exporting) == set()

    class Other(AnyScenario):
        pass

    assert changed(before, ResourceGraph(before.project._replace(scenarios=Other()), (), ())) is None


def test_a_resource_that_only_moved_is_the_same() -> None:
    moves = Moves({"t.yaml": ("a\nb", "x\na\nb")})
    down = Span("t.yaml", 4, 5, 4, 9)

    def bucket(span: Span) -> Resource:
        one = resource("A", BUCKET)
        return one._replace(
            span=span,
            properties=one.properties._replace(span=span),
            attributes=one.attributes._replace(span=span),
        )

    before, now = graph_of(bucket(HERE)), graph_of(bucket(down))
    assert changed(before, now, moves) == set()
    assert changed(before, now) == {resource_key("A"), ALL, type_key(BUCKET)}


def test_what_is_known_to_continue_a_resource_or_an_edge_is_the_same() -> None:
    with keeping(Kept()):
        continued(A, OTHER, Shift("t.yaml", 1, 1))
        assert changed(graph_of(A, B), graph_of(OTHER, B)) == set()
    with keeping(Kept()):
        continued(B, OTHER, Shift("t.yaml", 1, 1))
        assert changed(graph_of(A, B), graph_of(OTHER, B)) == {resource_key("A"), ALL, type_key(BUCKET)}
    one, other = edge("A", "B"), edge("A", "B", span=THERE)
    with keeping(Kept()):
        before, now = graph_of(A, B, edges=(one,)), graph_of(A, B, edges=(other,))
        assert changed(before, now) == {EDGES, edges_key("from", "A"), edges_key("into", "B")}
        continued(before.edges[0], now.edges[0], Shift("t.yaml", 1, 1))
        assert changed(before, now) == set()


# -- what is remembered

applied: list[str] = []


@rule("TSO001", "a-bucket", "low", practices=(), on=(BUCKET, QUEUE), remedy=Remedy("a", "b"), scope="all")
def a_bucket(one: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """It is there.

    It matters.
    """
    applied.append(one.address)
    yield Claim(answer(one.type == BUCKET), one, "there")


@project_rule("TSO002", "a-project", "low", practices=(), on=(BUCKET,), remedy=Remedy("a", "b"))
def a_project(graph: GraphView) -> Iterator[Claim]:
    """It is there.

    It matters.
    """
    applied.append("project")
    for one in graph.of_type(BUCKET):
        yield Claim(YES, one["BucketName"], "named")


RULES = (a_bucket, a_project)


FINDING = Finding("MLS101", "a-name", "high", "security", (), "m", HERE, "A", BUCKET, HERE, "")
UNDECIDED = Undecided("MLS101", "a-name", "A", HERE, ("why",))


def recorded(*keys: TraceKey, finding: Finding = FINDING) -> Recorded:
    return Recorded((finding,), (UNDECIDED,), 1, frozenset(keys))


def test_results_that_depend_on_nothing_that_changed_are_kept() -> None:
    recall = Recall()
    first = recall.begin(graph_of(A, B), {})
    assert isinstance(first, TracedGraph)
    recall.keep("MLS101", "A", recorded(resource_key("A")))
    recall.keep("MLS101", "B", recorded(resource_key("B")))
    recall.begin(graph_of(OTHER, B), {})
    assert set(recall.of_rule("MLS101")) == {"B"}
    assert recall.of_rule("MLS102") == {}
    recall.forget()
    assert recall.of_rule("MLS101") == {}


def test_results_are_forgotten_where_everything_may_be_different() -> None:
    recall = Recall()
    recall.begin(graph_of(A, B), {})
    recall.keep("MLS101", "A", recorded(resource_key("A")))
    recall.begin(graph_of(B, A), {})
    assert recall.of_rule("MLS101") == {}


def test_an_address_that_stands_for_two_is_not_traced() -> None:
    recall = Recall()
    recall.begin(graph_of(A), {})
    recall.keep("MLS101", "A", recorded(resource_key("A")))
    twice = graph_of(A, A)
    assert recall.begin(twice, {}) is twice
    assert recall.of_rule("MLS101") == {}


def test_a_text_that_cannot_be_read_for_now_changes_nothing() -> None:
    recall = Recall()
    recall.begin(graph_of(A), {})
    recall.keep("MLS101", "A", recorded(resource_key("A")))
    broken = graph_of(partial=True)
    assert recall.begin(broken, {}) is broken
    assert set(recall.of_rule("MLS101")) == {"A"}
    recall.begin(graph_of(A), {})
    assert set(recall.of_rule("MLS101")) == {"A"}


def test_kept_results_stand_at_their_new_lines() -> None:
    recall = Recall()
    above, below = "a\nb", "x\na\nb"
    down = Span("t.yaml", 4, 5, 4, 9)
    full = FINDING._replace(
        fix=Intent("set", "{}", (), HERE),
        related=(RelatedLocation(HERE, "r"),),
        written=Written(HERE, 1),
    )
    recall.begin(graph_of(), {"t.yaml": above})
    recall.keep("MLS101", "A", recorded(finding=full))
    recall.keep("MLS102", "A", Recorded((), (), 0, frozenset()))
    recall.begin(graph_of(), {"t.yaml": below})
    (found,) = recall.of_rule("MLS101").values()
    assert found.findings == (
        full._replace(
            span=down,
            resource_span=down,
            fix=Intent("set", "{}", (), down),
            related=(RelatedLocation(down, "r"),),
            written=Written(down, 1),
        ),
    )
    assert found.undecided == (UNDECIDED._replace(span=down),)
    assert recall.of_rule("MLS102")["A"] == Recorded((), (), 0, frozenset())


def test_results_above_an_edit_stay_the_same_objects() -> None:
    recall = Recall()
    full = FINDING._replace(
        fix=Intent("set", "{}", (), HERE), related=(RelatedLocation(HERE, "r"),), written=Written(HERE, 1)
    )
    recall.begin(graph_of(), {"t.yaml": "a\nb\nc\nd"})
    recall.keep("MLS101", "A", recorded(finding=full))
    recall.begin(graph_of(), {"t.yaml": "a\nb\nc\nx\nd"})
    (found,) = recall.of_rule("MLS101").values()
    assert found.findings[0] is full


@pytest.mark.parametrize(
    ("before", "now", "line"), [("a\nb\nc", "a\nx\nb\nc", 4), ("a\nx\nb\nc", "a\nb\nc", 2)]
)
@pytest.mark.parametrize("field", ["span", "resource_span", "fix", "related", "written"])
def test_each_place_of_a_finding_moves(field: str, before: str, now: str, line: int) -> None:
    up, down = Span("t.yaml", 1, 1, 1, 2), Span("t.yaml", line, 5, line, 9)
    one = FINDING._replace(
        span=up,
        resource_span=up,
        fix=Intent("set", "{}", (), up),
        related=(RelatedLocation(up, "r"),),
        written=Written(up, 1),
    )
    at_here = {
        "span": HERE,
        "resource_span": HERE,
        "fix": Intent("set", "{}", (), HERE),
        "related": (RelatedLocation(HERE, "r"),),
        "written": Written(HERE, 1),
    }
    at_down = {
        "span": down,
        "resource_span": down,
        "fix": Intent("set", "{}", (), down),
        "related": (RelatedLocation(down, "r"),),
        "written": Written(down, 1),
    }
    recall = Recall()
    recall.begin(graph_of(), {"t.yaml": before})
    recall.keep("MLS101", "A", recorded(finding=one._replace(**{field: at_here[field]})))  # type: ignore[arg-type]
    recall.begin(graph_of(), {"t.yaml": now})
    (found,) = recall.of_rule("MLS101").values()
    assert found.findings == (one._replace(**{field: at_down[field]}),)  # type: ignore[arg-type]


def test_a_graph_that_is_not_traced_is_checked_as_if_nothing_were_remembered() -> None:
    recall = Recall()
    twice = recall.begin(graph_of(A, A), {})
    found = check(twice, RULES, recall=recall)
    assert (found.errors, found.findings) == ((), check(graph_of(A, A), RULES).findings)
    assert found.findings


def test_results_are_taken_from_before_without_applying_the_rule_again() -> None:
    recall = Recall()
    first = check(recall.begin(graph_of(A, B), {}), RULES, recall=recall)
    applied.clear()
    again = check(recall.begin(graph_of(A, B), {}), RULES, recall=recall)
    assert (again, applied) == (first, [])
    check(recall.begin(graph_of(OTHER, B), {}), RULES, recall=recall)
    assert applied == ["A", "project"]


@pytest.mark.parametrize(("scope", "judged"), [("all", True), ("ml", False)])
def test_what_is_judged_of_general_types(scope: Scope, judged: bool) -> None:
    scoping = Scoping(graph_of(B, D), scope)
    assert scoping.judges(B) is judged
    assert scoping.judges(B) is judged
    assert scoping.judges(D)
