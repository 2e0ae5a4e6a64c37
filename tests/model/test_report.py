"""Reports, and the small records that they are made of."""

import pytest

from mlwa_lint.model.findings import Checked, Construct, Finding, RuleError, Undecided
from mlwa_lint.model.outlines import Outline, OutlineNode, Relation, cleaned
from mlwa_lint.model.report import Outside, Report, merged
from mlwa_lint.model.resources import Problem, notice
from tests.support.small_values import at


def finding(line: int, code: str = "MLS101", address: str = "A", message: str = "m") -> Finding:
    span = at(line)
    return Finding(code, "a-name", "high", "security", (), message, span, address, "AWS::X::Y", span, "")


def undecided(line: int, code: str = "MLS101", address: str = "A") -> Undecided:
    return Undecided(code, "a-name", address, at(line), ("why",))


@pytest.mark.parametrize(
    ("construct", "source"),
    [
        (Construct("Team/Bucket"), ""),
        (Construct("Team/Bucket", "lib/team.ts", 17), "lib/team.ts:17"),
        (Construct("Team/Bucket", "", 17), ""),
    ],
)
def test_a_construct_names_its_line_where_it_is_known(construct: Construct, source: str) -> None:
    assert construct.source == source
    assert not construct.found


def test_the_place_of_a_problem_has_a_line_where_there_is_one() -> None:
    assert Problem("t.yaml", 3, "m").place == "t.yaml:3"
    assert Problem("t.yaml", 0, "m").place == "t.yaml"
    assert [Problem("t.yaml", line, "m").first_line for line in (0, 1, 2)] == [1, 1, 2]


def test_a_problem_is_fatal_and_a_notice_is_not() -> None:
    assert (Problem("t.yaml", 1, "m").fatal, Problem("t.yaml", 1, "m").quiet) == (True, False)
    assert notice("t.yaml", 1, "m") == Problem("t.yaml", 1, "m", fatal=False)


def test_an_empty_report_has_no_files_and_lasts() -> None:
    assert (Report().files, Report().lasting, Report().resources) == (0, True, 0)
    assert Report(sources=("a", "b")).files == 2
    assert merged([]) == Report()


def test_findings_of_several_reports_are_sorted_and_reported_once() -> None:
    others = [
        finding(2),
        finding(1, "MLS102"),
        finding(1, "MLS101", "B"),
        finding(1, "MLS101", "A", "n"),
        finding(1, "MLS101", "A", "m"),
    ]
    found = merged([Report(tuple(others[:3])), Report(tuple(others[2:]))]).findings
    assert [(each.span.line, each.code, each.address, each.message) for each in found] == [
        (1, "MLS101", "A", "m"),
        (1, "MLS101", "A", "n"),
        (1, "MLS101", "B", "m"),
        (1, "MLS102", "A", "m"),
        (2, "MLS101", "A", "m"),
    ]


def test_undecided_questions_are_sorted_and_reported_once() -> None:
    others = (undecided(2), undecided(1, "MLS102"), undecided(1, address="B"), undecided(1))
    found = merged([Report(undecided=others), Report(undecided=others[1:])]).undecided
    assert [(each.span.line, each.code, each.address) for each in found] == [
        (1, "MLS101", "A"),
        (1, "MLS101", "B"),
        (1, "MLS102", "A"),
        (2, "MLS101", "A"),
    ]


def test_everything_else_of_several_reports_is_joined() -> None:
    error, problem = RuleError("MLS101", "t.yaml", "m"), Problem("t.yaml", 1, "m")
    outside = Outside("monitors", "e", "A", at(1), "t.yaml")
    one = Report(
        errors=(error,),
        problems=(problem, Problem("a.yaml", 1, "m")),
        resources=3,
        sources=("b", "a"),
        hidden=(at(2), at(1)),
        checked=(Checked("MLS102", 1, 2, 3), Checked("MLS101", 1, 0, 0)),
        outlines=(Outline("t.yaml"),),
        outside=(outside,),
    )
    other = one._replace(resources=4, sources=("a", "c"), lasting=False, outlines=(Outline("u.yaml"),))
    both = merged([one, other])
    assert both == Report(
        errors=(error,),
        problems=(Problem("a.yaml", 1, "m"), problem),
        resources=7,
        sources=("b", "a", "c"),
        hidden=(at(2), at(1)),
        lasting=False,
        checked=(Checked("MLS101", 2, 0, 0), Checked("MLS102", 2, 4, 6)),
        outlines=(Outline("t.yaml"), Outline("u.yaml")),
        outside=(outside,),
    )


NODES = tuple(OutlineNode(name, "AWS::S3::Bucket", "t.yaml", 1, when="if x") for name in "abc")
RELATIONS = (
    Relation("a", "b", "READS", "p", "t.yaml", 1, "if x"),
    Relation("b", "c", "READS", "p", "t.yaml", 1),
    Relation("c", "a", "READS", "p", "t.yaml", 1),
)


def test_the_type_of_a_node_is_shown_without_its_vendor() -> None:
    assert NODES[0].short_type == "S3::Bucket"
    assert NODES[0]._replace(type="aws_iot_policy").short_type == "aws_iot_policy"


def test_a_part_of_an_outline_has_the_relations_within_it() -> None:
    part = Outline("t.yaml", NODES, RELATIONS).only({"a", "b"})
    assert part == Outline("t.yaml", NODES[:2], RELATIONS[:1])


def test_every_text_of_an_outline_is_cleaned() -> None:
    found = cleaned(Outline("t.yaml", NODES[:1], RELATIONS[:1]), lambda text: f"<{text}>")
    assert found == Outline(
        "t.yaml",
        (OutlineNode("<a>", "<AWS::S3::Bucket>", "t.yaml", 1, when="<if x>"),),
        (Relation("<a>", "<b>", "READS", "<p>", "t.yaml", 1, "<if x>"),),
    )
