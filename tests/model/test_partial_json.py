"""JSON inside text, some of which is not known."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlwa_lint.model.budget import Budget, for_target
from mlwa_lint.model.partial_json import DEPTH_LIMIT, SIZE_LIMIT, structure
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import (
    Absent,
    ListValue,
    MapValue,
    Reference,
    Scalar,
    Unknown,
    Value,
    references_in,
)

SPAN = Span("f", 7, 5, 7, 40)
ARN = Reference("Role", "Arn", SPAN)


def plain(value: Value) -> object:
    if isinstance(value, MapValue):
        return {key: plain(entry.value) for key, entry in value.entries.items()}
    if isinstance(value, ListValue):
        return [plain(item) for item in value.items]
    if isinstance(value, Scalar):
        return value.data
    return None if isinstance(value, Absent) else value


def parsed(*parts: str | Unknown | Reference, span: Span = SPAN) -> Value | None:
    if len(parts) == 1 and isinstance(parts[0], str):
        return structure(Scalar(parts[0], span))
    return structure(Unknown("why", span, parts))


def entries(value: Value | None) -> dict[str, Value]:
    assert isinstance(value, MapValue)
    return {key: entry.value for key, entry in value.entries.items()}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(st.text(), JSON, max_size=4), st.sampled_from([None, 2]), st.booleans())
def test_it_reads_what_json_writes(data: dict[str, object], indent: int | None, ascii_only: bool) -> None:
    text = json.dumps(data, indent=indent, ensure_ascii=ascii_only)
    if "\ue000" in text or "\ue001" in text:
        return
    value = structure(Scalar(text, SPAN))
    assert value is not None
    assert plain(value) == data


@given(st.text(alphabet='{}[]",:\\u01e-.tn \n', max_size=40))
def test_it_accepts_nothing_that_json_does_not(text: str) -> None:
    value = structure(Scalar(text, SPAN))
    try:
        expected = json.loads(text)
    except ValueError:
        expected = None
    if value is not None:
        assert plain(value) == expected


@pytest.mark.parametrize("text", ["", "3", '"text"', "{", '{"a": }', '{"a": 1,}', '{"a": 1} x', "{'a': 1}"])
def test_what_is_no_json_object_or_list_is_none(text: str) -> None:
    assert parsed(text) is None


def test_an_unknown_string_is_the_part_itself() -> None:
    value = entries(parsed('{"RoleArn": "', ARN, '"}'))["RoleArn"]
    assert isinstance(value, Reference)
    assert (value.address, value.attribute) == ("Role", "Arn")


def test_a_string_with_unknown_parts_keeps_the_known_ones() -> None:
    value = entries(parsed('{"S3Uri": "s3://', Reference("Bucket", "", SPAN), '/models"}'))["S3Uri"]
    assert isinstance(value, Unknown)
    assert value.parts[0] == "s3://"
    assert value.parts[2] == "/models"
    assert value.present
    assert [reference.address for reference, _ in references_in(value)] == ["Bucket"]


def test_unknown_text_outside_of_strings_is_an_unknown_value() -> None:
    count = Unknown("variable count has no default", SPAN)
    found = entries(parsed('{"InstanceCount": ', count, ', "Next": [', count, "]}"))
    assert found["InstanceCount"] == count
    assert isinstance(found["Next"], ListValue)


def test_unknown_text_beside_other_text_outside_of_strings_is_unknown() -> None:
    found = entries(parsed('{"InstanceCount": ', Unknown("why", SPAN), "0}"))
    assert isinstance(found["InstanceCount"], Unknown)


def test_unknown_keys_leave_the_map_open() -> None:
    for parts in (('{"', ARN, '": 1, "a": 2}'), ("{", ARN, ', "a": 2}'), ('{"a": 2, ', ARN, "}")):
        value = parsed(*parts)
        assert isinstance(value, MapValue)
        assert value.rest is not None
        assert plain(value) == {"a": 2}


def test_assumptions_of_the_text_are_those_of_its_values() -> None:
    value = structure(Scalar('{"a": ["b"]}', SPAN, frozenset({"P"})))
    (inner,) = entries(value).values()
    assert isinstance(inner, ListValue)
    assert inner.items[0].assumed == frozenset({"P"})


def test_lines_in_a_block() -> None:
    value = parsed('{\n  "a": {\n    "b": 1\n  }\n}\n', span=Span("f", 10, 9, 16, 1))
    assert isinstance(value, MapValue)
    assert value.entries["a"].key_span == Span("f", 12, 3, 12, 6)
    inner = value.entries["a"].value
    assert isinstance(inner, MapValue)
    assert inner.entries["b"].key_span.line == 13


def test_text_on_one_line_is_all_at_that_line() -> None:
    value = parsed('{\n "a": 1}')
    assert isinstance(value, MapValue)
    assert value.entries["a"].key_span == SPAN


def test_limits() -> None:
    deep = DEPTH_LIMIT + 2
    assert parsed('{"a": ' + "[" * deep + "]" * deep + "}") is None
    assert parsed('{"a": "' + "x" * SIZE_LIMIT + '"}') is None


def test_the_signs_that_stand_for_unknown_parts_cannot_be_smuggled_in() -> None:
    assert parsed('{"a": "\ue0000\ue001"}') is None
    assert parsed('{"a": "\\ue0000\\ue001"}') is None
    escaped = parsed('{"a": "\\ue0007\\ue001", "b": "', ARN, '"}')
    assert escaped is None


@pytest.mark.parametrize("size", [100, 200, 400])
def test_each_value_counts_on_the_budget(size: int) -> None:
    texts = {
        "items": "[" + ",".join("1" for _ in range(size)) + "]",
        "keys": "{" + ",".join(f'"k{number}":1' for number in range(size)) + "}",
        "lists": "[" + ",".join("[]" for _ in range(size)) + "]",
    }
    for text in texts.values():
        with for_target() as budget:
            assert structure(Scalar(text, SPAN)) is not None
        assert budget.spent == {"nodes": 0, "text": 0, "work": size + 1}


def test_beyond_the_budget_a_text_is_unknown() -> None:
    text = Scalar("[" + ",".join("1" for _ in range(50)) + "]", SPAN)
    with for_target(Budget(work=120)) as budget:
        assert isinstance(structure(text), ListValue)
        assert isinstance(structure(text), ListValue)
        found = structure(text)
    assert found == Unknown("the sources take more than 120 steps", SPAN)
    assert list(budget.told) == ["the sources take more than 120 steps"]
