"""Long reports are written piece by piece, and give the same text."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlwa_lint.filters.result import Result
from mlwa_lint.model.findings import Finding
from mlwa_lint.model.spans import Span
from mlwa_lint.reporters import FORMATS, pieces, renderer
from mlwa_lint.reporters.escaping import json_pieces, json_text
from mlwa_lint.reporters.summary import ReportStyle

_PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=12,
)


def _finding(number: int) -> Finding:
    span = Span(f"t{number}.yaml", 1, 1, 1, 5)
    message = f"Notebook {number} has root access"
    return Finding(
        "MLS201", "notebook-root-access", "high", "security", ("MLSEC01-BP01",), message, span, f"N{number}",
        "AWS::SageMaker::NotebookInstance", span, "https://example.org", reason="Why.", remedy="Fix it.",
    )  # fmt: skip


def _result(number: int) -> Result:
    return Result(findings=tuple(map(_finding, range(number))), files=number, resources=number)


def _opened(value: Any) -> Any:
    """The value with each list gone through but once."""
    if isinstance(value, dict):
        return {key: _opened(each) for key, each in value.items()}
    return map(_opened, value) if isinstance(value, list) else value


@given(_PLAIN)
def test_what_is_gone_through_but_once_is_a_list(value: Any) -> None:
    whole = json.dumps(value, indent=2, ensure_ascii=False)
    assert json.loads(json_text(_opened(value))) == value
    if whole.isprintable() or "\n" in whole:
        assert json_text({"list": iter(value if isinstance(value, list) else [value])}) == json_text(
            {"list": value if isinstance(value, list) else [value]}
        )


def test_the_items_of_a_list_are_made_one_by_one() -> None:
    made: list[int] = []

    def items() -> Iterator[dict[str, int]]:
        for number in range(1000):
            made.append(number)
            yield {"number": number}

    found = json_pieces({"version": 1, "items": items()})
    for _ in range(21):
        next(found)
    assert len(made) <= 10


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("number", [0, 1, 3])
def test_pieces_are_the_report(form: str, number: int) -> None:
    result, view = _result(number), ReportStyle(brief=False)
    assert "".join(pieces(form, result, view)) == renderer(form)(result, view)


@pytest.mark.parametrize("form", ["text", "json", "sarif", "gitlab", "csv"])
def test_a_long_report_comes_in_pieces_of_one_finding(form: str) -> None:
    number = 200
    found = list(pieces(form, _result(number), ReportStyle(brief=False)))
    assert len(found) > number
    if form != "sarif":  # whose descriptions of rules are one
        assert max(map(len, found)) < 2_000
