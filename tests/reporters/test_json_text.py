"""JSON that is made item by item is what the encoder makes of the whole."""

import json
from typing import Any

import pytest

from mlwa_lint.reporters.escaping import json_text

DOCUMENTS: tuple[Any, ...] = (
    {},
    [],
    "text",
    {"a": []},
    {"a": [1, [2, {"b": "c\nd"}], {}], "e": {"f": {"g": []}}, "é": None},
    [{"a": [1]}, {}],
)


@pytest.mark.parametrize("document", DOCUMENTS, ids=json.dumps)
def test_items_are_written_as_in_the_whole(document: Any) -> None:
    assert json_text(document) == json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def test_what_can_be_gone_through_once_is_a_list() -> None:
    assert json_text({"a": iter([1, {"b": 2}])}) == json_text({"a": [1, {"b": 2}]})
    assert json_text({"a": iter(())}) == json_text({"a": []})
