"""Fingerprints: the same from run to run, whatever moves, is renamed, reworded or added beside a finding."""

from hypothesis import given
from hypothesis import strategies as st

from mlwa_lint.filters.grouping import declared, grouped
from mlwa_lint.model.findings import Finding
from mlwa_lint.model.spans import Span
from mlwa_lint.reporters.fingerprints import fingerprinted

ADDRESSES = ["aws_x.a", "aws_x.b", 'aws_x.c["k"]', "module.m.aws_x.a", 'module.n["q"].aws_x.d[0]']
NAMES = st.sampled_from(ADDRESSES)


def finding(code: str, address: str, about: str, line: int) -> Finding:
    # Every declaration has its own place in the file.
    line = 100 * sorted(map(declared, ADDRESSES)).index(declared(address)) + line
    span = Span("main.tf", line, 1, line, 5)
    return Finding(
        code,
        "n",
        "low",
        "security",
        (),
        f"{address} has 3 of 7",
        span,
        address,
        "T",
        span,
        "",
        property=about,
    )


FINDINGS = st.lists(
    st.builds(
        finding, st.sampled_from(["AAS101", "AAS102"]), NAMES, st.sampled_from(["", "A.B"]), st.integers(1, 9)
    ),
    max_size=8,
)


def marks(findings: list[Finding]) -> list[str]:
    ordered = sorted(grouped(findings), key=lambda each: (each.span, each.code, each.address))
    return [mark for _, mark in fingerprinted(ordered)]


def elsewhere(each: Finding, path: str, lines: int) -> Finding:
    span = Span(path, each.span.line + lines, 3, each.span.end_line + lines, 9)
    return each._replace(span=span, resource_span=span)


@given(FINDINGS)
def test_no_two_findings_have_the_same(findings: list[Finding]) -> None:
    found = marks(findings)
    assert len(set(found)) == len(found)


@given(FINDINGS, st.integers(0, 50))
def test_moved_lines_and_renamed_files_change_nothing(findings: list[Finding], lines: int) -> None:
    assert marks([elsewhere(each, "renamed/other.tf", lines) for each in findings]) == marks(findings)


@given(FINDINGS)
def test_other_words_and_counts_change_nothing(findings: list[Finding]) -> None:
    reworded = [
        each._replace(message=f"{each.address} lacks 4 of 8", condition="when A") for each in findings
    ]
    assert sorted(marks(reworded)) == sorted(marks(findings))


@given(FINDINGS, FINDINGS)
def test_siblings_that_are_added_change_nothing_of_the_others(
    findings: list[Finding], more: list[Finding]
) -> None:
    assert set(marks(findings)) <= set(marks([*findings, *more]))


def test_another_instance_of_a_loop_is_no_other_finding() -> None:
    loop = [finding("AAS101", f'aws_x.c["{key}"]', "A", 3) for key in "xyz"]
    assert marks(loop[1:]) == marks(loop)


def test_the_declared_address_has_neither_modules_nor_keys() -> None:
    assert declared('module.a["x.y"].module.b[0].aws_x.c["d[0]"]') == "aws_x.c"
    assert declared("data.aws_x.c") == "data.aws_x.c"
    assert declared("Nested.Bucket") == "Nested.Bucket"
