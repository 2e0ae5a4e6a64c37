"""Trees of nodes from those that libyaml composes: the quick way for all that is as usual.

What is not (anchors, merge keys, keys that are given twice, too deep a tree, a second document, an error) is
left to the way event by event, which knows what to make of it.
"""

import operator
from collections.abc import Callable
from typing import Any

from mlwa_lint.frontends.cloudformation.syntax.nodes import (
    DEPTH_LIMIT,
    ListNode,
    MapNode,
    Node,
    Origin,
    TextNode,
    meaning,
    own_tag,
)
from mlwa_lint.startup.libyaml import yaml
from mlwa_lint.startup.patterns import leading

# An anchor; more than these may look like one.
_ANCHOR = leading(r"(?<![^\s,\[{:?-])&[^\s&]", "&")
_STANDARD = "tag:yaml.org,2002:"
_MERGE = "<<"


class UnusualError(Exception):
    """What has to be read event by event."""


_BASE: Any = getattr(getattr(yaml, "cyaml", None), "CParser", None)


class _Composer(_BASE or object):  # type: ignore[misc]
    """Composes nodes whose tags, where the text gives none, mark whether they are plain.

    libyaml's binding calls these for every node: callables of C take a tenth of composing off.
    """

    # A slice of (kind, value, implicit): its `step` is whether a scalar is plain, and whether it is quoted.
    resolve = slice
    # Tags do not depend on the place of a node.
    descend_resolver = staticmethod(operator.is_)
    ascend_resolver = tuple


def composed(text: str, path: str) -> Node | None:
    """The only document's tree; None for an empty one. Raises UnusualError."""
    root = raw(text)
    return None if root is None else converter(path)(root, 0)


def raw(text: str) -> Any:
    """The only document as libyaml gives it; None for an empty one. Raises UnusualError."""
    if _BASE is None or ("&" in text and _ANCHOR.search(text)):
        raise UnusualError
    try:
        return _Composer(text).get_single_node()
    except (yaml.YAMLError, UnicodeEncodeError):
        raise UnusualError from None


def entries_of(node: Any) -> dict[str, tuple[Any, Any]]:
    """The keys and values of a map as libyaml gives it. Raises UnusualError."""
    entries: dict[str, tuple[Any, Any]] = {}
    for key, value in node.value:
        name = key.value
        if key.__class__ is not yaml.ScalarNode or name in entries or name == _MERGE:
            raise UnusualError
        entries[name] = (key, value)
    return entries


def is_plain_map(node: Any) -> bool:
    """Whether a node as libyaml gives it is a map in block style without a tag of its own."""
    return node.__class__ is yaml.MappingNode and not node.flow_style and node.tag.__class__ is not str


def is_plain_key(node: Any) -> bool:
    """Whether a key as libyaml gives it is written without quotes and tags, on one line."""
    one_line = node.start_mark.line == node.end_mark.line
    return one_line and not node.style and node.tag.__class__ is not str and bool(node.value)


def converter(path: "str | Origin") -> Callable[[Any, int], Node]:
    """What makes our nodes of libyaml's; a closure, for it runs a hundred thousand times in a second."""
    scalar, sequence, new = yaml.ScalarNode, yaml.SequenceNode, tuple.__new__

    def text_node(node: Any) -> TextNode:
        tag, text = node.tag, node.value
        data = text
        if tag.__class__ is slice:
            if tag.step[0] and not node.style:
                data = meaning(text)
            tag = ""
        elif tag.startswith(_STANDARD):
            data, tag = text if node.style else meaning(text, tag), ""
        else:
            tag = own_tag(tag)
        return new(TextNode, (data, text, tag, (path, node.start_mark, node.end_mark)))

    def converted(node: Any, depth: int) -> Node:
        if depth > DEPTH_LIMIT:
            raise UnusualError
        kind = node.__class__
        if kind is scalar:
            return text_node(node)
        tag = own_tag(node.tag) if node.tag.__class__ is str else ""
        depth += 1
        if kind is sequence:
            items = tuple([converted(item, depth) for item in node.value])
            return new(ListNode, (items, tag, (path, node.start_mark, node.end_mark)))
        entries = {}
        for key, value in node.value:
            name = key.value
            if key.__class__ is not scalar or name in entries or name == _MERGE:
                raise UnusualError
            entries[name] = (text_node(key), converted(value, depth))
        if depth > DEPTH_LIMIT and entries:
            raise UnusualError
        return new(MapNode, (tuple(entries.values()), tag, (path, node.start_mark, node.end_mark)))

    return converted
