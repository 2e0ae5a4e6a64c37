"""A template that is read again after an edit has the tree of one that is read as a whole."""

import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlwa_lint.frontends.cloudformation.syntax.again import Reading
from mlwa_lint.frontends.cloudformation.syntax.nodes import (
    ListNode,
    MapNode,
    Node,
    TemplateSyntaxError,
    TextNode,
)
from mlwa_lint.frontends.cloudformation.syntax.parsing import parse
from tests.support.typing_ahead import typed

ROOT = Path(__file__).parent.parent.parent.parent
TEMPLATES = sorted((ROOT / "fixtures" / "architectures").rglob("*.yaml"))
TEXT = """---
# A comment
Parameters:
  Stage: {Type: String, Default: test}
Resources:  # all of them

  One:
    Type: AWS::SNS::Topic
    Properties:
      TopicName: one
      DisplayName: |
        one

        two
  # about the second
  Two: {Type: AWS::SNS::Topic}
  Three:
    Type: AWS::SQS::Queue
    Properties: !Transform
      Name: [a, "b
        c", 'd']
Outputs:
  Topic: {Value: !Ref One}
"""


def plain(node: Node | None) -> Any:
    """A tree with all its places."""
    if isinstance(node, TextNode):
        return node.data.__class__, node.data, node.text, node.tag, node.span
    if isinstance(node, ListNode):
        return [plain(each) for each in node.items], node.tag, node.span
    if isinstance(node, MapNode):
        return [(plain(key), plain(value)) for key, value in node.entries], node.tag, node.span
    return None


def whole(text: str) -> Any:
    try:
        repeated: list[Any] = []
        return plain(parse(text, "t", only=True, repeated=repeated)), repeated
    except TemplateSyntaxError as error:
        return error.line, error.message


def compare(reading: Reading, text: str) -> bool | None:
    """Whether only a part was read; None where it cannot be read in pieces at all."""
    found = reading.read(text, "t")
    if found is None:
        return None
    root, step = found
    assert (plain(root), []) == whole(text)
    return step.shift is not None


def session(text: str, chance: random.Random, edits: int) -> Iterator[bool | None]:
    reading = Reading()
    now = text
    for _ in range(edits):
        yield compare(reading, now)
        now = typed(now, chance)
        if chance.random() < 0.25:
            now = text


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_edits_of_architectures(end: str) -> None:
    taken: Counter[bool | None] = Counter()
    for path in TEMPLATES:
        text = path.read_text("utf-8").replace("\n", end)
        taken.update(session(text, random.Random(path.stem + end), 25))
    assert taken[True] >= 5 * len(TEMPLATES), taken


@given(st.integers(0, 2**32))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_is_typed(seed: int) -> None:
    for _ in session(TEXT, random.Random(seed), 12):
        pass


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ("TopicName: one", "TopicName: two", True),
        ("        two\n", "        two\n        three\n", True),
        ("  # about the second\n", "", True),
        ("  Two: {Type: AWS::SNS::Topic}\n", "", True),
        ("  Three:\n", "  Four: {}\n  Three:\n", True),
        ("'d']\n", "'d'] # d\n\n", True),
        ("DisplayName: |", 'DisplayName: "', False),
        ("DisplayName: |", "DisplayName: {", False),
        ("  Two:", "  One:", False),
        ("  Two:", "  ? Two\n  :", True),
        ("  Two:", "    Two:", True),
        ("  Two:", "Two:", False),
        ("  Two: {Type", "  <<: {Type", False),
        ("'d']\n", "'d']\n---\n", False),
        ("'d']\n", "'d']\n...\n", False),
        ("  One:", "  First:", False),
        ("Default: test", "Default: prod", False),
        ("!Ref One", "!Ref Two", False),
        ("TopicName: one", "TopicName: &one one", False),
        ("TopicName: one", "TopicName: *one", False),
    ],
)
def test_what_is_read_in_part(old: str, new: str, part: bool) -> None:
    reading = Reading()
    assert compare(reading, TEXT) is False
    assert TEXT.count(old) == 1
    edited = TEXT.replace(old, new)
    assert bool(compare(reading, edited)) is part
    assert compare(reading, TEXT) is not None


def test_the_end_of_a_template_without_further_sections() -> None:
    text = TEXT.partition("Outputs:")[0]
    for end in ("", "\n", "\n\n# end\n", "\n...\n"):
        reading = Reading()
        assert compare(reading, text + end) is False
        assert compare(reading, text.replace("'d']", "'d', e]") + end) is True
        assert compare(reading, text.replace("'d']", "'d', e]\n      # more") + end) is True
        assert compare(reading, text.replace("'d']\n", "'d']") + end) is True


@pytest.mark.parametrize("broken", ["DisplayName: 'one", "DisplayName: &one x", "\x07", "\x85", "- a"])
def test_who_types_goes_on_from_the_last_whole_tree(broken: str) -> None:
    reading = Reading()
    assert compare(reading, TEXT) is False
    assert compare(reading, TEXT.replace("TopicName: one", broken)) is None
    assert compare(reading, TEXT.replace("TopicName: one", "TopicName: two")) is True
