"""Finding the tokens of a document in the file that holds it."""

from pathlib import Path

import pytest

from mlwa_lint.frontends.documents.places import DocumentSources
from mlwa_lint.frontends.documents.text import read
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import MapValue, Reference, Scalar, Unknown, Value


def keys(value: Value | None, prefix: str = "") -> dict[str, tuple[int, int]]:
    assert isinstance(value, MapValue)
    found: dict[str, tuple[int, int]] = {}
    for key, entry in value.entries.items():
        found[f"{prefix}{key}"] = entry.key_span.line, entry.key_span.column
        if isinstance(entry.value, MapValue):
            found |= keys(entry.value, f"{prefix}{key}.")
    return found


def places(path: Path, value: Value) -> dict[str, tuple[int, int]]:
    """Places of keys, checked against the file's text."""
    found = keys(read(value, {}, DocumentSources()))
    lines = path.read_text().splitlines()
    for name, (line, column) in found.items():
        key = name.rsplit(".", 1)[-1]
        assert lines[line - 1][column - 1 :].startswith((f'"{key}"', f'\\"{key}\\"')), name
    return found


def test_a_heredoc_with_interpolations(tmp_path: Path) -> None:
    path = tmp_path / "main.tf"
    path.write_text(
        'resource "x" "y" {\n  definition = <<-EOT\n    {"States": {\n      "A": {"Type": "Pass",\n'
        '        "Resource": "${aws_x.y.arn}:z", "End": true}}}\n  EOT\n}\n'
    )
    span = Span(str(path), 2, 16, 6, 6)
    parts = ('{"States": {\n  "A": {"Type": "Pass",\n    "Resource": "', Reference("aws_x.y", "arn", span))
    value = Unknown("why", span, (*parts, ':z", "End": true}}}\n'))
    assert places(path, value) == {
        "States": (3, 6),
        "States.A": (4, 7),
        "States.A.Type": (4, 13),
        "States.A.Resource": (5, 9),
        "States.A.End": (5, 41),
    }


def test_a_key_is_not_taken_for_the_same_word_before_it(tmp_path: Path) -> None:
    path = tmp_path / "t.yaml"
    path.write_text('a: |\n  {"StartAt": "A",\n   "B": "A",\n   "A": 1}\nb: \'"A"\'\n')
    text = '{"StartAt": "A",\n "B": "A",\n "A": 1}\n'
    found = places(path, Scalar(text, Span(str(path), 1, 4, 5, 1)))
    assert found == {"StartAt": (2, 4), "B": (3, 4), "A": (4, 4)}


def test_text_from_elsewhere_is_placed_where_it_is_used(tmp_path: Path) -> None:
    path = tmp_path / "main.tf"
    path.write_text('x = templatefile(\n  "a.json",\n  {\n  })\n' + "\n" * 9)
    span = Span(str(path), 1, 5, 4, 5)
    found = keys(read(Scalar('{"A": {\n"B": {\n"C": {\n"D": {\n"E": 1}}}}}', span), {}, DocumentSources()))
    assert set(found.values()) == {(1, 5)}


@pytest.mark.parametrize("span", [Span("absent.tf", 3, 1, 3, 9), Span("", 1, 1, 1, 1)])
def test_without_the_file_the_value_itself_is_the_place(span: Span) -> None:
    found = keys(read(Scalar('{"A": 1}', span), {}, DocumentSources()))
    assert found == {"A": (span.line, span.column)}


def test_a_span_outside_of_the_file_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "t.json"
    path.write_text("{}")
    for span in (Span(str(path), 9, 1, 9, 9), Span(str(path), 1, 80, 7, 9)):
        assert keys(read(Scalar('{"A": 1}', span), {}, DocumentSources())) == {"A": (span.line, span.column)}
