import pytest

from mlwa_lint.frontends.cloudformation.syntax.nodes import (
    DEPTH_LIMIT,
    ListNode,
    MapNode,
    TemplateSyntaxError,
    TextNode,
)
from mlwa_lint.frontends.cloudformation.syntax.parsing import ALIASED_LIMIT, parse


def mapping(text: str) -> MapNode:
    node = parse(text, "t.yaml")
    assert isinstance(node, MapNode)
    return node


def data_of(text: str) -> object:
    node = mapping(f"k: {text}").get("k")
    assert isinstance(node, TextNode)
    return node.data


def complaint(text: str, only: bool = False) -> tuple[int, str]:
    with pytest.raises(TemplateSyntaxError) as caught:
        parse(text, "t.yaml", only)
    return caught.value.line, caught.value.message


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("yes", True),
        ("Off", False),
        ("'yes'", "yes"),
        ("12", 12),
        ("-3", -3),
        ("010", 8),
        ("0x1F", 31),
        ("1.10", "1.10"),
        ("012345678901", "012345678901"),
        ("2010-09-09", "2010-09-09"),
        ("12:30:45", "12:30:45"),
        ("~", None),
        ("", None),
        ('""', ""),
        ("!!str 12", "12"),
    ],
)
def test_scalars_mean_what_cloudformation_takes_them_for(text: str, data: object) -> None:
    assert data_of(text) == data
    assert type(data_of(text)) is type(data)


def test_spans_cover_keys_and_values_from_one_based_columns() -> None:
    (key, value) = mapping("a: 1\nbé:  'x y'\n").entries[1]
    assert key.span == ("t.yaml", 2, 1, 2, 3)
    assert value.span == ("t.yaml", 2, 6, 2, 11)


@pytest.mark.parametrize("text", ["\ufeffa: 1\nb: 2\n", "a: 1\r\nb: 2\r\n", '\ufeff{"a":1,\n"b":2}'])
def test_byte_order_marks_and_line_ends_do_not_matter(text: str) -> None:
    entries = mapping(text).entries
    assert [(key.text, key.span.line) for key, _ in entries] == [("a", 1), ("b", 2)]


def test_json_escapes_and_tabs_are_read_as_json_means_them() -> None:
    node = mapping('\t{\n\t"k":\t"\\u00e9\\ud83d\\ude00\\/\\n",\n\t"l": [1,2]}\n\t').get("k")
    assert isinstance(node, TextNode)
    assert node.data == "é😀/\n"


def test_multi_line_scalars_keep_their_lines() -> None:
    assert data_of("|\n  a\n  b\n") == "a\nb\n"
    assert data_of(">-\n  a\n  b\n") == "a b"


def test_a_tab_as_indentation_is_named() -> None:
    line, message = complaint("a:\n  b: 1\n\tc: 2\n")
    assert line == 3
    assert "tab" in message


def test_a_key_given_twice_is_an_error_with_both_places() -> None:
    assert complaint("a: 1\nb: 2\na: 3\n") == (3, "the key 'a' is given twice (first on line 1)")


def test_a_list_as_key_is_an_error() -> None:
    assert complaint("? [a]\n: 1\n") == (1, "a key must be text, not a list or map")


def test_broken_text_is_reported_with_its_line() -> None:
    assert complaint('{"a": 1,\n"b": [1, 2}\n')[0] == 2
    assert complaint("a: [1\nb: 2\n")[0] == 2
    assert complaint("a: \x07\n")[1].startswith("a character that YAML does not allow")
    assert complaint("a: 1\nb: \ud800\n") == (2, "a character that YAML does not allow: U+D800")


def test_a_second_document_is_an_error_only_where_one_is_meant() -> None:
    text = "a: 1\n---\nb: 2\n"
    assert [key.text for key, _ in mapping(text).entries] == ["a"]
    assert complaint(text, only=True) == (2, "a second document starts here; a template is only one")
    assert parse("---\na: 1\n...\n", "t.yaml", only=True) is not None


def test_what_follows_a_json_template_is_an_error() -> None:
    assert complaint('{"a": 1}\n}\n')[0] == 2


def test_no_document_is_no_tree() -> None:
    assert parse("# only a comment\n", "t.yaml") is None
    assert parse("", "t.yaml") is None


def test_aliases_and_merge_keys_repeat_what_they_name() -> None:
    root = mapping("a: &a {x: 1, y: 2}\nb:\n  <<: *a\n  y: 3\nc: *a\nd:\n  <<: [{z: 1}, {z: 2}, *a]\n")
    merged, aliased, several = (root.get(key) for key in "bcd")
    assert isinstance(merged, MapNode)
    assert {key.text: value.data for key, value in merged.entries if isinstance(value, TextNode)} == {
        "y": 3,
        "x": 1,
    }
    assert isinstance(aliased, MapNode)
    assert aliased == root.get("a")
    assert isinstance(several, MapNode)
    assert [(key.text, value.text) for key, value in several.entries if isinstance(value, TextNode)] == [
        ("z", "1"),
        ("x", "1"),
        ("y", "2"),
    ]


def test_an_alias_without_anchor_and_one_to_itself_are_errors() -> None:
    assert complaint("a: *b\n") == (1, "the alias *b has no anchor")
    assert complaint("a: &a [*a]\n") == (1, "the alias *a has no anchor")


def test_an_alias_bomb_is_stopped() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    line, message = complaint("\n".join(lines))
    assert line < 9
    assert f"{ALIASED_LIMIT:,}" in message


def test_nesting_is_limited_also_when_aliases_nest() -> None:
    assert "nested deeper" in complaint("[" * 200 + "]" * 200)[1]
    chain = ["a0: &a0 [x]", *(f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, DEPTH_LIMIT + 5))]
    line, message = complaint("\n".join(chain))
    assert "nested deeper" in message
    assert line > DEPTH_LIMIT - 5


def test_tags_are_kept_for_the_reader() -> None:
    root = mapping("a: !Ref X\nb: !Join ['', [a]]\nc: !Sub\n  k: v\nd: ! x\n")
    assert [value.tag for _, value in root.entries] == ["!Ref", "!Join", "!Sub", ""]
    assert isinstance(root.get("b"), ListNode)


def test_separators_that_only_yaml_takes_for_line_ends_stay_in_texts() -> None:
    root = mapping('{"a": "x\u2028y\u2029z\x85",\n"b": 1}')
    value = root.get("a")
    assert isinstance(value, TextNode)
    assert value.data == "x\u2028y\u2029z\x85"
    assert root.entries[1][0].span.line == 2
