"""`Fn::ForEach` of AWS::LanguageExtensions: loops over texts, expanded before anything is evaluated."""

import re
from collections.abc import Callable, Mapping

from mlwa_lint.frontends.cloudformation.nodes import ListNode, MapNode, Node, TemplateSyntaxError, TextNode
from mlwa_lint.model.values import ListValue, Value, known_text

NODES_LIMIT = 200_000
LOOP = "Fn::ForEach"
_PLACEHOLDER = re.compile(r"([$&])\{\s*([A-Za-z0-9]+)\s*\}")
_NOT_ALPHANUMERIC = re.compile(r"[^A-Za-z0-9]")

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


def expanded(root: Node, evaluate: Callable[[Node], Value]) -> Node:
    """A tree without loops, except those over what is not known. Raises TemplateSyntaxError.

    `evaluate` gives the value of a loop's collection.
    """
    return _Expansion(evaluate).node(root, {})


class _Expansion:
    def __init__(self, evaluate: Callable[[Node], Value]) -> None:
        self._evaluate = evaluate
        self._count = 0

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
                made = [(_replaced(key, names), self.node(value, names))]
            for each in made:
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
        items = self._items(self.node(collection, names))
        if items is None:
            return None
        made: Entries = []
        for item in items:
            made += self._entries(body, {**names, identifier.text: item})
        return made

    def _items(self, collection: Node) -> list[str] | None:
        value = self._evaluate(collection)
        if not isinstance(value, ListValue) or value.rest is not None:
            return None
        texts: list[str] = []
        for item in value.items:
            # An item may be a parameter that is itself a list.
            parts = item.items if isinstance(item, ListValue) and item.rest is None else (item,)
            for part in parts:
                text = known_text(part)
                if text is None:
                    return None
                texts.append(text)
        return texts


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
