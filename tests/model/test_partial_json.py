"""JSON inside text, some of which is not known."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlwa_lint.model.budget import Budget, for_target
from mlwa_lint.model.partial_json import (
    DEPTH_LIMIT,
    line_locator,
    partial_text,
    parts_of,
    structure,
)
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import (
    Absent,
    ListValue,
    MapValue,
    Reference,
    Scalar,
    TextPart,
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


def parsed(*parts: TextPart, span: Span = SPAN) -> Value | None:
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
    value = structure(Scalar(text, SPAN))
    written = json.dumps(data, ensure_ascii=False)
    if "\ue000" in written or "\ue001" in written:
        assert value is None, "these signs stand for parts"
        return
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
    assert list(budget.refusals) == ["the sources take more than 120 steps"]


OPEN = Unknown("variable count has no default", SPAN)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Scalar("a", SPAN), ("a",)),
        (Scalar(3, SPAN), ("3",)),
        (ARN, None),
        (ARN._replace(known="arn:aws:x"), ("arn:aws:x",)),
        (OPEN, None),
        (Unknown("why", SPAN, ("a", ARN)), ("a", ARN)),
        (Unknown("why", SPAN, ("a", ARN._replace(known="b"))), ("ab",)),
        (Absent(), None),
        (ListValue((), SPAN), None),
    ],
)
def test_the_pieces_of_a_text(value: Value, expected: object) -> None:
    assert parts_of(value) == expected


@pytest.mark.parametrize(
    ("token", "data"),
    [
        ("0", 0),
        ("-0", 0),
        ("12", 12),
        ("-12", -12),
        ("1.5", 1.5),
        ("-1.5e3", -1500.0),
        ("1E+2", 100.0),
        ("9" * 300, int("9" * 300)),
        ("9" * 301, "9" * 301),
        ("true", True),
        ("false", False),
    ],
)
def test_numbers_and_words(token: str, data: object) -> None:
    found = entries(parsed('{"a": ' + token + "}"))["a"]
    assert found == Scalar(data, SPAN)  # type: ignore[arg-type]
    assert type(found[0]) is type(data)
    assert entries(parsed('{"a": null}'))["a"] == Absent(SPAN)


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 01}',
        '{"a": 1.}',
        '{"a": +1}',
        '{"a": tru}',
        '{"a" 1}',
        '{"a": 1; "b": 2}',
        '{"a": 1',
        '{"a": "b\n"}',
        '{"a": "\\q"}',
        '["a", ]',
        '["a" "b"]',
        '["a"; "b"]',
        '["a"',
        '["a"}',
        '{"a": 1]',
        "[] []",
        "{1: 2}",
        '{"a": .}',
    ],
)
def test_what_is_malformed_is_no_structure(text: str) -> None:
    assert parsed(text) is None


def test_space_is_allowed_everywhere() -> None:
    assert plain(parsed(' \t\r\n{ "a" : [ 1 , 2 ] , "b" : { } , "c" : [ ] } \n') or Absent()) == {
        "a": [1, 2],
        "b": {},
        "c": [],
    }


def test_a_part_with_text_before_or_behind_it_is_one_unknown_value() -> None:
    for parts in (('{"a": ', OPEN, '0, "b": 1}'), ('{"a": ', OPEN, OPEN, ', "b": 1}')):
        found = entries(parsed(*parts))
        assert found["a"] == Unknown("part of it is known only at deployment", SPAN)
        assert found["b"] == Scalar(1, SPAN)
    assert parsed('{"a": 0', OPEN, "}") is None


@pytest.mark.parametrize("end", [",", "}", "]", " ", "\n"])
def test_a_part_ends_where_its_value_does(end: str) -> None:
    rest = {",": ' "b": 1}', "}": "", "]": "}", " ": "}", "\n": "}"}[end]
    before = '{"a": [' if end == "]" else '{"a": '
    found = entries(parsed(before, OPEN, end + rest))["a"]
    assert found == (ListValue((OPEN,), SPAN) if end == "]" else OPEN)


def test_an_open_map_names_the_reason() -> None:
    keyed = parsed('{"x', ARN, '": 1, "a": 2}')
    bare = parsed("{", ARN, ', "a": 2}')
    assert isinstance(keyed, MapValue)
    assert isinstance(bare, MapValue)
    assert keyed.rest == Unknown("a key is known only at deployment", SPAN)
    assert bare.rest == Unknown("further keys are known only at deployment", SPAN)
    assert entries(keyed) == entries(bare) == {"a": Scalar(2, SPAN)}


def test_the_deepest_value_that_is_read() -> None:
    for depth, is_read in ((DEPTH_LIMIT, True), (DEPTH_LIMIT + 1, False)):
        assert (parsed("[" * depth + "1" + "]" * depth) is not None) is is_read
        assert (parsed('{"a":' * depth + "1" + "}" * depth) is not None) is is_read


def test_the_longest_text_that_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mlwa_lint.model.partial_json.SIZE_LIMIT", 10)
    assert parsed('{"a": "b"}') is not None
    assert parsed('{"a": "b"} ') is None
    assert parsed('{"a":"', OPEN, '"}') is not None
    assert parsed('{"a": "bc', OPEN, '"}') is None


def test_a_key_is_labelled_as_it_is_written() -> None:
    value = parsed('{"a\\u0062": 1}')
    assert isinstance(value, MapValue)
    assert value.entries["ab"].label == "ab"


# -- places


def located(text: str, span: Span, token: str) -> Span:
    return line_locator(text, span)(text.index(token), token)


def test_a_block_is_as_high_as_its_text() -> None:
    text = '{\n  "a": 1\n}'
    assert located(text, Span("f", 10, 9, 12, 1), '"a"') == Span("f", 12, 3, 12, 6)
    assert located(text, Span("f", 10, 9, 11, 1), '"a"') == Span("f", 10, 9, 11, 1)
    assert located(text, Span("f", 10, 9, 12, 1), "{") == Span("f", 11, 1, 11, 2)


def test_a_whole_file_has_no_header() -> None:
    text = '{\n  "a": 1\n}'
    assert located(text, Span("f", 1, 1, 3, 2), '"a"') == Span("f", 2, 3, 2, 6)
    assert located(text, Span("f", 1, 2, 3, 2), '"a"') == Span("f", 3, 3, 3, 6)


def test_a_single_line_stands_where_its_text_is() -> None:
    assert located('{"a": 1}', SPAN, '"a"') == SPAN


@pytest.mark.parametrize(
    ("origin", "is_there"),
    [
        (None, False),
        (Span("v", 1, 1, 1, 2), True),
        (Span("v", 4, 9, 6, 2), True),
        (Span("v", 4, 9, 4, 17), True),
        (Span("v", 4, 9, 4, 30), True),
        (Span("v", 4, 9, 4, 16), False),
        (Span("v", 1, 2, 1, 3), False),
        (Span("v", 2, 1, 2, 3), False),
    ],
)
def test_a_text_stands_where_it_is_written_if_there_is_room_for_it(
    origin: Span | None, is_there: bool
) -> None:
    value = structure(Scalar('{"a": 1}', SPAN, origin=origin))
    assert isinstance(value, MapValue)
    assert value.span == (origin if is_there else SPAN)


def test_a_locator_of_ones_own_gets_offsets_in_the_known_pieces() -> None:
    requested: list[tuple[int, str]] = []

    def locate(offset: int, token: str) -> Span:
        requested.append((offset, token))
        return SPAN

    structure(Scalar('{"a": [true, 12, "b"]}', SPAN), locate)
    assert requested == [(0, "{"), (1, '"a"'), (6, "["), (7, "true"), (13, "12"), (17, '"b"')]


# -- partly known texts


@pytest.mark.parametrize(
    ("parts", "reason", "identity"),
    [
        (("a-", ARN), "Role.Arn is known only after deployment", "a-${Role.Arn}"),
        ((Reference("Bucket", "", SPAN), "-b"), "Bucket is known only after deployment", "${Bucket.}-b"),
        (("a", OPEN), "variable count has no default", ""),
        (("a", OPEN._replace(identity="var.count"), ARN), OPEN.reason, "a${var.count}${Role.Arn}"),
        ((ARN, OPEN), "Role.Arn is known only after deployment", ""),
    ],
)
def test_equal_parts_make_equal_identities(parts: tuple[TextPart, ...], reason: str, identity: str) -> None:
    assert partial_text(parts, SPAN) == Unknown(reason, SPAN, parts, identity, True, False)


def test_a_text_with_a_secret_part_is_secret() -> None:
    found = partial_text(("a", OPEN._replace(secret=True), OPEN), SPAN)
    assert isinstance(found, Unknown)
    assert found.secret


def test_a_text_of_known_parts_is_known() -> None:
    assert partial_text(("a", "b"), SPAN) == Scalar("ab", SPAN)


def test_an_escape_stands_for_no_part() -> None:
    secret = Unknown("why", SPAN)
    for key in ("\\ue0000\\ue001", "\\uE0000\\uE001", "a\\ue000"):
        assert parsed('{"a": "', secret, f'", "{key}": 1, "b": "{key}"}}') is None
        assert parsed('{"a": "', secret, f'{key}"}}') is None


def test_a_reference_whose_text_is_known_stays_a_reference() -> None:
    endpoint = Reference("Endpoint", "EndpointName", SPAN, known="churn")
    found = entries(parsed('{"', endpoint, '": "', endpoint, '"}'))
    assert found == {"churn": endpoint}


def test_what_encodes_an_unknown_value_is_that_value() -> None:
    account = Unknown("why", SPAN, identity="data.aws_caller_identity.this.account_id", present=True)
    encoded = account._replace(identity=f"jsonencode({account.identity})")
    assert entries(parsed('{"a": ', encoded, "}")) == {"a": account}
