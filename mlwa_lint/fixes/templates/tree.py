"""YAML and JSON text as a tree of what is written, with offsets; anchors and tags are kept."""

from functools import lru_cache
from typing import Any, TypeAlias, Union

import yaml

from mlwa_lint.fixes.source import RefusedError
from mlwa_lint.startup.patterns import lazy

DEPTH_LIMIT = 120
_PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_SURROGATES = lazy(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}")
_BREAKS = {0x85: 0xF885, 0x2028: 0xF828, 0x2029: 0xF829}


class WrittenNode:
    """Something that is written: where it starts and stops, its tag, and whether an anchor names it."""

    def __init__(self, event: Any) -> None:
        self.start: int = event.start_mark.index
        self.stop: int = event.end_mark.index
        self.tag: str = event.tag or ""
        self.anchored = bool(event.anchor)
        self.block_text = False


class ScalarNode(WrittenNode):
    """A scalar. style: its quotes, `|`, `>`, or nothing."""

    def __init__(self, event: Any) -> None:
        super().__init__(event)
        self.text: str = event.value
        self.style: str = event.style or ""
        self.block_text = self.style in ("|", ">")


class Alias(WrittenNode):
    """`*name`: an alias of a node that is written elsewhere."""

    def __init__(self, event: Any) -> None:
        self.start, self.stop = event.start_mark.index, event.end_mark.index
        self.tag, self.anchored, self.block_text = "", True, False


class SequenceNode(WrittenNode):
    """A sequence."""

    def __init__(self, event: Any) -> None:
        super().__init__(event)
        self.flow = bool(event.flow_style)
        self.items: list[YamlNode] = []


class MappingNode(WrittenNode):
    """A mapping, its keys in the order in which they are written."""

    def __init__(self, event: Any) -> None:
        super().__init__(event)
        self.flow = bool(event.flow_style)
        self.entries: list[tuple[YamlNode, YamlNode]] = []

    def get(self, name: str) -> "YamlNode | None":
        """The value of a key; the last one counts, as for CloudFormation."""
        pair = self.pair(name)
        return None if pair is None else pair[1]

    def pair(self, name: str) -> "tuple[YamlNode, YamlNode] | None":
        """A key and its value."""
        found = None
        for key, value in self.entries:
            if isinstance(key, ScalarNode) and key.text == name:
                found = (key, value)
        return found


YamlNode: TypeAlias = Union[ScalarNode, Alias, SequenceNode, MappingNode]


@lru_cache(maxsize=8)
def read(text: str) -> YamlNode | None:
    """The first document; None for an empty one. Raises RefusedError for text that cannot be parsed."""
    shaped = _SURROGATES.sub(lambda match: "x" * len(match.group()), text)
    if shaped.lstrip()[:1] == "{":
        start = len(shaped) - len(shaped.lstrip())
        shaped = shaped[:start].replace("\t", " ") + shaped[start:].rstrip()
    try:
        return _Reader(shaped.translate(_BREAKS)).document()
    except (yaml.YAMLError, UnicodeEncodeError):
        raise RefusedError("the file cannot be parsed") from None


class _Reader:
    def __init__(self, text: str) -> None:
        self._parser: Any = _PARSER(text)

    def document(self) -> YamlNode | None:
        event: Any = self._parser.get_event()
        while not isinstance(event, (yaml.DocumentStartEvent, yaml.StreamEndEvent)):
            event = self._parser.get_event()
        if isinstance(event, yaml.StreamEndEvent):
            return None
        return self._node(self._parser.get_event(), 0)

    def _node(self, event: Any, depth: int) -> YamlNode:
        if depth > DEPTH_LIMIT:
            raise RefusedError("the file is nested too deeply")
        if isinstance(event, yaml.AliasEvent):
            return Alias(event)
        if isinstance(event, yaml.ScalarEvent):
            return ScalarNode(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._items(event, depth)
        return self._entries(event, depth)

    def _items(self, start: Any, depth: int) -> SequenceNode:
        node = SequenceNode(start)
        event = self._parser.get_event()
        while not isinstance(event, yaml.SequenceEndEvent):
            node.items.append(self._node(event, depth + 1))
            event = self._parser.get_event()
        node.stop = _stop(node.flow, event, node.items, node)
        return node

    def _entries(self, start: Any, depth: int) -> MappingNode:
        node = MappingNode(start)
        event = self._parser.get_event()
        while not isinstance(event, yaml.MappingEndEvent):
            key = self._node(event, depth + 1)
            value = self._node(self._parser.get_event(), depth + 1)
            node.entries.append((key, value))
            event = self._parser.get_event()
        written = [each for pair in node.entries for each in pair]
        node.stop = _stop(node.flow, event, written, node)
        return node


def _stop(flow: bool, event: Any, children: list[YamlNode], node: WrittenNode) -> int:
    """Where a collection stops: in block style behind its last child, unlike the parser's mark."""
    if flow:
        stop: int = event.end_mark.index
        return stop
    node.block_text = bool(children) and children[-1].block_text
    return max((each.stop for each in children), default=node.start)


def texts_of(text: str) -> list[ScalarNode]:
    """Every scalar of a document. Raises RefusedError for text that cannot be parsed."""
    found: list[ScalarNode] = []
    root = read(text)
    waiting: list[YamlNode] = [root] if root is not None else []
    while waiting:
        node = waiting.pop()
        if isinstance(node, ScalarNode):
            found.append(node)
        elif isinstance(node, SequenceNode):
            waiting += node.items
        elif isinstance(node, MappingNode):
            waiting += [each for pair in node.entries for each in pair]
    return found
