"""Trees that libyaml composes are those that are read event by event, places included."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from mlwa_lint.frontends.cloudformation.syntax import parsing
from mlwa_lint.frontends.cloudformation.syntax.composing import UnusualError, composed
from mlwa_lint.frontends.cloudformation.syntax.nodes import (
    DEPTH_LIMIT,
    ListNode,
    MapNode,
    Node,
    TemplateSyntaxError,
    TextNode,
)

FIXTURES = Path(__file__).parents[3] / "fixtures"
Plain = tuple[object, ...]


def plain(node: Node | None) -> object:
    """A node as plain data with its place."""
    if node is None:
        return None
    if isinstance(node, TextNode):
        return ("text", node.data, type(node.data), node.text, node.tag, node.span)
    if isinstance(node, ListNode):
        return ("list", [plain(item) for item in node.items], node.tag, node.span)
    return ("map", [(plain(key), plain(value)) for key, value in node.entries], node.tag, node.span)


def by_events(text: str) -> object:
    return plain(parsing._Builder(text, "t.yaml", False, None).document(True))


def same(text: str) -> bool:
    """Whether a text is composed at all; then its tree must be the same."""
    try:
        tree = composed(text, "t.yaml")
    except UnusualError:
        return False
    assert plain(tree) == by_events(text)
    return True


def test_templates_of_the_examples() -> None:
    paths = [path for path in sorted(FIXTURES.rglob("*")) if path.suffix in (".yaml", ".json")]
    composed_ones = [path for path in paths if same(path.read_text(encoding="utf-8"))]
    assert len(paths) > 500
    assert len(composed_ones) > 0.95 * len(paths)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# nothing",
        "a: !Sub ${b}\nc: !If [x, !Ref y, ! z]\nd: !<tag:other> e\n",
        "a: !!str 5\nb: !!int '5'\nc: !!map {d: e}\nf: !!str\ng: !!binary aGk=\n",
        "a: 1\nb: 0x1F\nc: 010\nd: +5\ne: 1.0\nf: 1e3\ng: ~\nh:\ni: yes\nj: 'yes'\nk: 1_000\nl: -0\n",
        "a: |\n  one\n  two\nb: >-\n  one\n  two\nc: \"x\\ty\"\nd: 'it''s'\n",
        '{"a": [1, true, null, "x"], "b": {}, "c": []}',
        "a: \U0001f600 b\nc: [\U0001f600, d]\n",
        "- - a\n  - b\n-\n  - c\n",
        "? a\n: b\n",
        "1: a\ntrue: b\nnull: c\n",
        f"{'[' * (DEPTH_LIMIT)}{']' * (DEPTH_LIMIT)}",
        "a: b & c && d\ne: x &\n",
    ],
)
def test_what_is_usual(text: str) -> None:
    assert same(text)


@pytest.mark.parametrize(
    "text",
    [
        "a: &x 1\nb: *x\n",
        "a: &x {b: 1}\nc:\n  <<: *x\n",
        "a:\n  <<: {b: 1}\n",
        "a: 1\na: 2\n",
        "a: 1\n---\nb: 2\n",
        "[a, b]: c\n",
        "a: [\n",
        "a: *x\n",
        f"{'[' * (DEPTH_LIMIT + 2)}{']' * (DEPTH_LIMIT + 2)}",
        "{a: " * (DEPTH_LIMIT + 2) + "1" + "}" * (DEPTH_LIMIT + 2),
        "[" * 100_000,
        "a: \ud800",
    ],
)
def test_what_is_unusual_is_read_event_by_event(text: str) -> None:
    with pytest.raises(UnusualError):
        composed(text, "t.yaml")


@pytest.mark.parametrize("depth", [DEPTH_LIMIT - 1, DEPTH_LIMIT, DEPTH_LIMIT + 1, DEPTH_LIMIT + 2])
def test_both_ways_have_the_same_limit(depth: int) -> None:
    for text in ("[" * depth + "]" * depth, "{a: " * depth + "1" + "}" * depth, "{a: " * depth + "}" * depth):
        try:
            expected: object = by_events(text)
        except TemplateSyntaxError:
            expected = None
        assert same(text) is (expected is not None)


_SCALARS = st.one_of(
    st.sampled_from(["a", "'b'", '"c"', "!Ref d", "5", "true", "~", "! e", "!!str f", "&g h", "*g", "<<"])
)
_TREES = st.recursive(
    _SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4).map(lambda items: f"[{', '.join(items)}]")
        | st.lists(st.tuples(_SCALARS, inner), max_size=4).map(
            lambda pairs: "{" + ", ".join(f"{key} : {value}" for key, value in pairs) + "}"
        )
    ),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(_TREES)
def test_any_tree(text: str) -> None:
    try:
        by_events(text)
    except (TemplateSyntaxError, yaml.YAMLError):
        assert not same(text)
    else:
        same(text)


def test_a_map_at_the_top() -> None:
    tree = composed("a: {b: c}\n", "t.yaml")
    assert isinstance(tree, MapNode)
    assert tree.get("a") is not None
