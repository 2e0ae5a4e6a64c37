"""`Fn::ForEach` of AWS::LanguageExtensions: loops over texts, expanded before anything is evaluated."""

import re
from collections.abc import Callable, Mapping

from mlwa_lint.frontends.cloudformation.syntax.nodes import (
    ListNode,
    MapNode,
    Node,
    TemplateSyntaxError,
    TextNode,
)
from mlwa_lint.model.values import NO_ASSUMPTIONS, Assumptions, ListValue, Value, known_text
from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple

NODES_LIMIT = 200_000
# CloudFormation takes 500 resources a template; the rest is for loops in loops.
PASSES_LIMIT = 10_000
LOOP = "Fn::ForEach"
_PLACEHOLDER = lazy(r"([$&])\{\s*([A-Za-z0-9]+)\s*\}")
_NOT_ALPHANUMERIC = lazy(r"[^A-Za-z0-9]")

Entries = list[tuple[TextNode, Node]]


def has_loops(root: Node | None) -> bool:
    """Whether there is a loop anywhere in a tree."""
    waiting: list[Node] = [] if root is None else [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, MapNode):
            for key, value in node.entries:
                if key.text.startswith(LOOP):
                    return True
                if not isinstance(value, TextNode):
                    waiting.append(value)
        elif isinstance(node, ListNode):
            waiting += [item for item in node.items if not isinstance(item, TextNode)]
    return False


class Expanded(NamedTuple):
    """A tree without loops, except those over what is not known.

    assumed: the keys of the tree's top that are there only if parameters keep their defaults.
    """

    root: Node
    assumed: Mapping[str, Assumptions]


def expanded(root: Node, evaluate: Callable[[Node], Value]) -> Expanded:
    """A tree with its loops expanded. Raises TemplateSyntaxError.

    `evaluate` gives the value of a loop's collection.
    """
    expansion = _Expansion(evaluate)
    return Expanded(expansion.node(root, {}), expansion.assumed)


class _Expansion:
    def __init__(self, evaluate: Callable[[Node], Value]) -> None:
        self.assumed: dict[str, Assumptions] = {}
        self._evaluate = evaluate
        self._count = 0
        self._passes = 0
        self._depth = 0
        self._assuming: Assumptions = NO_ASSUMPTIONS

    def node(self, node: Node, names: Mapping[str, str]) -> Node:
        """A copy in which the loops' identifiers are replaced."""
        if names:
            self._count += 1
            if self._count > NODES_LIMIT:
                message = f"its {LOOP} loops expand to more than {NODES_LIMIT:,} nodes"
                raise TemplateSyntaxError(node.span.line, message)
        if isinstance(node, TextNode):
            return _replaced(node, names)
        if isinstance(node, ListNode):
            return node._replace(items=tuple(self.node(item, names) for item in node.items))
        if len(node.entries) == 1 and names:
            key, value = node.entries[0]
            if key.text == "Ref" and isinstance(value, TextNode) and value.text in names:
                return TextNode(names[value.text], names[value.text], "", node.span)
        return node._replace(entries=tuple(self._entries(node, names)))

    def _entries(self, node: MapNode, names: Mapping[str, str]) -> Entries:
        found: dict[str, tuple[TextNode, Node]] = {}
        for key, value in node.entries:
            made = self._loop(key, value, names)
            if made is None:
                self._depth += 1
                made = [(_replaced(key, names), self.node(value, names))]
                self._depth -= 1
            for each in made:
                if self._depth == 0 and self._assuming:
                    self.assumed[each[0].text] = self._assuming
                if each[0].text in found:
                    message = f"{LOOP} makes the key {each[0].text!r} a second time"
                    raise TemplateSyntaxError(each[0].span.line, message)
                found[each[0].text] = each
        return list(found.values())

    def _loop(self, key: TextNode, value: Node, names: Mapping[str, str]) -> Entries | None:
        """The entries that a loop makes; None for what is no loop, and for one that stays."""
        if not key.text.startswith(LOOP + "::") or not isinstance(value, ListNode) or len(value.items) != 3:
            return None
        identifier, collection, body = value.items
        if not isinstance(identifier, TextNode) or not isinstance(body, MapNode):
            return None
        items = self._evaluate(self.node(collection, names))
        texts = _texts(items)
        if texts is None:
            return None
        self._passes += len(texts)
        if self._passes > PASSES_LIMIT:
            message = f"its {LOOP} loops are gone through more than {PASSES_LIMIT:,} times"
            raise TemplateSyntaxError(key.span.line, message)
        made: Entries = []
        before, self._assuming = self._assuming, self._assuming | items.assumed
        for text in texts:
            made += self._entries(body, {**names, identifier.text: text})
        self._assuming = before
        return made


def _texts(collection: Value) -> list[str] | None:
    """The items of a loop's collection; None when they are not all known."""
    if not isinstance(collection, ListValue) or collection.rest is not None:
        return None
    found: list[str] = []
    for item in collection.items:
        # An item may be a parameter that is itself a list.
        parts = item.items if isinstance(item, ListValue) and item.rest is None else (item,)
        for part in parts:
            text = known_text(part)
            if text is None:
                return None
            found.append(text)
    return found


def _replaced(node: TextNode, names: Mapping[str, str]) -> TextNode:
    if node.tag == "!Ref" and node.text in names:
        return TextNode(names[node.text], names[node.text], "", node.span)
    if not names or "{" not in node.text:
        return node

    def replacement(match: re.Match[str]) -> str:
        sign, name = match.groups()
        if name not in names:
            return match.group()
        return names[name] if sign == "$" else _NOT_ALPHANUMERIC.sub("", names[name])

    text = _PLACEHOLDER.sub(replacement, node.text)
    return node if text == node.text else node._replace(text=text, data=text)
