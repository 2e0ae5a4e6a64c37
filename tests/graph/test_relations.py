"""What has a relation to a resource in one world, and what may have it unseen."""

import pytest

from mlwa_lint.graph.edges import Edge, EdgeKind, OpenEnd
from mlwa_lint.graph.memo import candidates
from mlwa_lint.graph.outline import outline, part_of
from mlwa_lint.graph.relations import GraphView, Links, Related, itself
from mlwa_lint.graph.views import ResourceView
from mlwa_lint.model.answers import NO, REASONS_LIMIT, YES, Answer, undecided
from mlwa_lint.model.outlines import OutlineNode, Relation
from mlwa_lint.model.resources import Gap
from mlwa_lint.model.values import ListValue, MapValue, Reference, Scalar, Unknown, Value
from tests.support.small_graphs import (
    BUCKET,
    ELSEWHERE,
    ENDPOINT,
    IN_PROD,
    QUEUE,
    THERE,
    A,
    B,
    C,
    D,
    edge,
    end,
    graph_view,
)
from tests.support.small_values import HERE

UNDECIDED = undecided("why")


def graph_of(*edges: Edge, ends: tuple[OpenEnd, ...] = (), gaps: tuple[Gap, ...] = ()) -> GraphView:
    return graph_view(A, B, C, D, edges=edges, ends=ends, gaps=gaps)


def names(links: Links) -> list[str]:
    return [each.address for each in links]


def view(graph: GraphView, address: str) -> ResourceView:
    return graph.resource(address)


def test_whether_a_type_is_there_is_found_without_conditions_where_one_resource_is_always_there() -> None:
    graph = graph_view(C, B)
    assert graph.has_type(QUEUE.__eq__)
    assert not graph.world.answers
    assert not graph.has_type(ENDPOINT.__eq__)


def test_whether_a_type_is_there_may_depend_on_conditions() -> None:
    graph = graph_view(C, A)
    assert not graph.has_type(QUEUE.__eq__)  # the condition is true by default
    assert graph.world.answers == {"prod": True}


def test_a_search_that_ends_early_reads_no_guard_behind_what_it_finds() -> None:
    graph = graph_view(A, C, B)
    first = next(graph.one_by_one(*dict.fromkeys((A.type, B.type, C.type))))
    assert not first.resource.guards
    assert not graph.world.answers


# -- links


def links(count: int, *unknown: str) -> Links:
    graph = graph_of()
    related = tuple(Related(graph.resource("AB"[number]), edge("X", "Y")) for number in range(count))
    return Links(related, unknown)


@pytest.mark.parametrize(
    ("found", "exist", "any_yes", "any_no", "all_yes", "all_no"),
    [
        (links(0), NO, NO, NO, YES, YES),
        (links(1), YES, YES, NO, YES, NO),
        (links(2), YES, YES, NO, YES, NO),
        (links(0, "why"), UNDECIDED, UNDECIDED, UNDECIDED, UNDECIDED, UNDECIDED),
        (links(1, "why"), YES, YES, UNDECIDED, UNDECIDED, NO),
    ],
)
def test_questions_to_all_that_is_related(
    found: Links, exist: Answer, any_yes: Answer, any_no: Answer, all_yes: Answer, all_no: Answer
) -> None:
    assert found.exist() == exist
    assert found.any(lambda each: YES) == any_yes
    assert found.any(lambda each: NO) == any_no
    assert found.all(lambda each: YES) == all_yes
    assert found.all(lambda each: NO) == all_no


def test_reasons_why_there_may_be_more_are_limited() -> None:
    many = links(0, *(f"{number}" for number in range(REASONS_LIMIT + 1)))
    assert len(many.exist().reasons) == REASONS_LIMIT


def test_a_resource_that_is_related_twice_counts_once() -> None:
    graph = graph_of()
    twice = Links(tuple(Related(graph.resource("A"), edge("A", "B")) for _ in "12"), ())
    assert (len(twice), names(twice)) == (1, ["A"])
    assert len(links(2)) == 2


# -- the graph in one world


def test_resources_by_address_and_type() -> None:
    graph = graph_of()
    assert graph.resource("A").type == BUCKET
    assert [each.address for each in graph.of_type(BUCKET, QUEUE)] == ["A", "B"]
    assert [each.address for each in graph.matching(lambda kind: "S" in kind and kind != ENDPOINT)] == [
        "A",
        "B",
    ]
    assert graph.of_type("AWS::X::Y") == []
    with pytest.raises(KeyError):
        graph.resource("Z")


def test_resources_by_the_value_of_a_property() -> None:
    graph = graph_of()
    assert [each.address for each in graph.with_text(BUCKET, "BucketName", "data")] == ["A"]
    assert graph.with_text(BUCKET, "BucketName", "other") == []
    assert [e.address for e in graph.alike(BUCKET, "BucketName", graph.resource("A")["BucketName"])] == ["A"]


def test_targets_are_those_of_a_kind_and_of_some_types() -> None:
    graph = graph_of(edge("D", "A"), edge("D", "B"), edge("D", "A", EdgeKind.WRITES), edge("B", "A"))
    source = view(graph, "D")
    assert names(graph.targets(source, EdgeKind.READS)) == ["A", "B"]
    assert names(graph.targets(source, EdgeKind.READS, QUEUE)) == ["B"]
    assert names(graph.targets(source, EdgeKind.WRITES)) == ["A"]
    assert names(graph.targets(source, EdgeKind.RUNS)) == []
    assert names(graph.sources(view(graph, "A"), EdgeKind.READS)) == ["D", "B"]
    assert names(graph.sources(view(graph, "A"), EdgeKind.READS, QUEUE)) == ["B"]


def test_relations_hold_only_where_their_guards_do() -> None:
    graph = graph_of(
        edge("D", "A", guards=IN_PROD), edge("D", "B", guards=ELSEWHERE), edge("D", "C"), edge("C", "A")
    )
    assert names(graph.targets(view(graph, "D"), EdgeKind.READS)) == ["A"]
    assert names(graph.sources(view(graph, "A"), EdgeKind.READS)) == ["D"]


def test_targets_at_a_place() -> None:
    graph = graph_of(edge("D", "A"), edge("D", "B", span=THERE), ends=(end("D"),))
    source = view(graph, "D")
    found = graph.targets_at(source, EdgeKind.READS, source)
    assert (names(found), found.unknown) == (["A"], ("D: why",))
    assert names(graph.targets_at(source, EdgeKind.READS, source, QUEUE)) == []
    assert names(graph.targets_at(source, EdgeKind.WRITES, source)) == []


def test_open_ends_leave_it_undecided_whether_there_is_more() -> None:
    graph = graph_of(ends=(end("D"), end("D"), end("B", guards=IN_PROD), end("C", guards=ELSEWHERE)))
    assert graph.targets(view(graph, "D"), EdgeKind.READS).unknown == ("D: why",)
    assert graph.targets(view(graph, "D"), EdgeKind.READS, QUEUE).unknown == ()
    assert graph.targets(view(graph, "D"), EdgeKind.WRITES).unknown == ()
    # What is open in every world does not need what is open in some.
    assert graph.sources(view(graph, "A"), EdgeKind.READS).unknown == ("D: why",)
    assert graph.sources(view(graph, "A"), EdgeKind.READS, QUEUE).unknown == ("B: why",)
    assert graph.sources(view(graph, "B"), EdgeKind.READS).unknown == ()


def test_an_open_end_outside_of_the_project_concerns_no_resource_of_it() -> None:
    graph = graph_of(ends=(end("D", outside=True), end("D", target="")))
    assert graph.sources(view(graph, "A"), EdgeKind.READS).unknown == ()
    assert graph.targets(view(graph, "D"), EdgeKind.READS).unknown == ("D: why",)


HIDDEN = "module m could not be analysed"


def gap(*inputs: Value, never: tuple[str, ...] = (), what: str = "module m") -> Gap:
    return Gap(what, HERE, inputs, never)


@pytest.mark.parametrize(
    ("one", "is_touched"),
    [
        (gap(), False),
        (gap(Reference("A", "Arn", HERE)), True),
        (gap(Reference("A-policy", "", HERE)), True),
        (gap(Reference("B", "", HERE)), False),
        (gap(Scalar("data", HERE)), True),
        (gap(Scalar("other", HERE)), False),
        (gap(ListValue((Scalar("other", HERE), Scalar("data", HERE)), HERE)), True),
        (gap(ListValue((Scalar("other", HERE),), HERE)), False),
        (gap(Scalar("s3://data/models/", HERE)), True),
        (gap(Unknown("w", HERE, ("x", Reference("A", "", HERE)))), True),
        (Gap("module m", HERE), True),
        (gap(Reference("A", "Arn", HERE), never=("AWS::",)), True),
    ],
)
def test_a_gap_may_concern_what_is_handed_to_it(one: Gap, is_touched: bool) -> None:
    graph = graph_of(gaps=(one,))
    found = graph.sources(view(graph, "A"), EdgeKind.READS)
    assert found.unknown == ((HIDDEN,) if is_touched else ())


@pytest.mark.parametrize(
    ("never", "types", "is_open"),
    [
        ((), (QUEUE,), True),
        (("AWS::SQS::",), (QUEUE,), False),
        (("AWS::SQS::", "AWS::S3::"), (QUEUE, BUCKET), False),
        (("AWS::SQS::",), (QUEUE, BUCKET), True),
    ],
)
def test_a_gap_declares_no_types_that_it_never_declares(
    never: tuple[str, ...], types: tuple[str, ...], is_open: bool
) -> None:
    for one in (Gap("module m", HERE, None, never), gap(Reference("A", "", HERE), never=never)):
        graph = graph_of(gaps=(one,))
        assert graph.declared(*types).unknown == ((HIDDEN,) if is_open else ())
        assert graph.declared(*types).unknown == ((HIDDEN,) if is_open else ())
        found = graph.sources(view(graph, "A"), EdgeKind.READS, *types)
        assert found.unknown == ((HIDDEN,) if is_open else ())
        assert graph.sources(view(graph, "A"), EdgeKind.READS).unknown == (HIDDEN,)


def test_gaps_that_concern_everything_are_named_once_and_not_without_end() -> None:
    gaps = tuple(Gap(f"macro {number // 2}", HERE) for number in range(2 * REASONS_LIMIT + 4))
    graph = graph_of(gaps=gaps)
    reasons = graph.sources(view(graph, "A"), EdgeKind.READS).unknown
    assert len(reasons) == REASONS_LIMIT
    assert reasons[:2] == ("macro 0 could not be analysed", "macro 1 could not be analysed")


def test_a_definition_that_cannot_be_read_is_a_cause_of_its_workflow() -> None:
    given = Gap("definition of flow", HERE, None, (), "flow", "the file is missing")
    assert graph_of(gaps=(given,)).declared(QUEUE).unknown == ("flow: the file is missing",)


def test_declared_resources_have_an_edge_to_themselves() -> None:
    graph = graph_of()
    (related,) = graph.declared(BUCKET).related
    assert related.edge == itself(A) == Edge("A", "A", EdgeKind.REFERS_TO, (), HERE, ())
    assert (names(graph.declared(BUCKET)), graph.declared(BUCKET).unknown) == (["A"], ())


def test_reasons_of_a_rule_leave_its_world_undecided() -> None:
    graph = graph_of()
    graph.leave_undecided(["a", "b"])
    assert graph.world.undecided == ["a", "b"]


# -- the graph itself


def test_edges_are_kept_once_in_their_order_by_both_ends() -> None:
    one, other = edge("D", "A"), edge("D", "B", EdgeKind.WRITES)
    graph = graph_of(one, other, one).graph
    assert graph.edges == (one, other)
    assert graph.edges_from("D") == [one, other]
    assert graph.edges_from("D", EdgeKind.WRITES) == [other]
    assert graph.edges_into("A") == [one]
    assert graph.edges_into("A", EdgeKind.WRITES) == []
    assert graph.edges_from("A") == graph.edges_into("D") == []
    assert graph.edges_at("D", EdgeKind.READS, HERE) == [one]
    assert graph.edges_at("D", EdgeKind.READS, THERE) == []


def test_a_detail_of_an_unexpected_form_is_unknown() -> None:
    odd = edge("D", "A")._replace(detail=MapValue({}, HERE))
    (found,) = graph_of(odd).graph.edges
    assert found.detail == Unknown("it has an unexpected form", HERE)


def test_the_outline_has_alike_edges_once() -> None:
    graph = graph_of(edge("D", "A", guards=IN_PROD), edge("D", "A", guards=IN_PROD, span=THERE)).graph
    found = outline(graph, judged=False)
    assert found.nodes[0] == OutlineNode("A", BUCKET, "t.yaml", 3, "", "perhaps")
    assert found.nodes[2] == OutlineNode("C", QUEUE, "t.yaml", 3, "not IsProd", "perhaps")
    assert found.nodes[3].part == "ml"
    assert found.relations == (Relation("D", "A", "reads", "P", "t.yaml", 3, "IsProd"),)
    assert part_of(D, graph) == "ml"
    assert part_of(A, graph) == "tied"
    assert part_of(B, graph) == ""


def test_candidates_leave_the_guards_of_others_unread() -> None:
    def never(resource: ResourceView, graph: GraphView) -> bool:
        return False

    def always(resource: ResourceView, graph: GraphView) -> bool:
        return True

    graph = graph_view(A, C)
    assert not list(candidates(never, graph, C.type))
    assert not graph.world.answers
    assert not list(candidates(always, graph, C.type))  # the condition is true by default
    assert graph.world.answers == {"prod": True}
