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
from mlwa_lint.model.values import NO_ASSUMPTIONS, Assumptions, ListValue, Unknown, Value, known_text
from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple

NODES_LIMIT = 200_000
# CloudFormation takes 500 resources a template; the rest is for loops in loops.
PASSES_LIMIT = 10_000
LOOP = "Fn::ForEach"
_PLACEHOLDER = lazy(r"([$&])\{\s*([A-Za-z0-9]+)\s*\}")
_ANY_PLACEHOLDER = lazy(r"\$\{([^}]*)\}|&\{\s*([A-Za-z0-9]+)\s*\}")
# Keys whose texts are names, or have placeholders of their own.
_NAMING = frozenset({"Condition", "DependsOn", "Fn::GetAtt", "Fn::Sub", "Ref", "Type"})
_NOT_ALPHANUMERIC = lazy(r"[^A-Za-z0-9]")

EntryNodes = list[tuple[TextNode, Node]]


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
    """A tree without loops.

    A loop over what is not known stays, beside what its body is like: one pass in which its identifier
    is not known either.

    assumed: the keys of the tree's top that are there only if parameters keep their defaults.
    open:    the keys of the tree's top that come from loops over what is not known, and these loops.
    """

    root: Node
    assumed: Mapping[str, Assumptions]
    open: Mapping[str, tuple[str, ...]]


def expanded(root: Node, evaluate: Callable[[Node], Value], unknown: dict[str, Unknown]) -> Expanded:
    """A tree with its loops expanded. Raises TemplateSyntaxError.

    `evaluate` gives the value of a loop's collection. `unknown` gets the identifiers of loops over what
    is not known, which `Ref` and `Fn::Sub` name.
    """
    expansion = _Expansion(evaluate, unknown)
    return Expanded(expansion.node(root, {}), expansion.assumed, expansion.open)


class _Expansion:
    def __init__(self, evaluate: Callable[[Node], Value], unknown: dict[str, Unknown]) -> None:
        self.assumed: dict[str, Assumptions] = {}
        self.open: dict[str, tuple[str, ...]] = {}
        self._unknown = unknown
        self._loops: dict[str, str] = {}
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
            return _opened(_replaced(node, names), self._loops)
        if isinstance(node, ListNode):
            return self._list(node, names, node.tag)
        if len(node.entries) == 1 and names:
            key, value = node.entries[0]
            if key.text == "Ref" and isinstance(value, TextNode) and value.text in names:
                return TextNode(names[value.text], names[value.text], "", node.span)
        return node._replace(entries=tuple(self._entries(node, names)))

    def _value(self, key: str, value: Node, names: Mapping[str, str]) -> Node:
        """The value of a key; a name, and the text of a substitution, is not a text with placeholders."""
        if not self._loops or key not in _NAMING:
            return self.node(value, names)
        if key == "Fn::Sub" and isinstance(value, ListNode):
            return self._list(value, names, "!Sub")
        return self._as_written(value, names)

    def _as_written(self, node: Node, names: Mapping[str, str]) -> Node:
        loops, self._loops = self._loops, {}
        found = self.node(node, names)
        self._loops = loops
        return found

    def _list(self, node: ListNode, names: Mapping[str, str], function: str) -> ListNode:
        """A list; of the arguments of some functions the first, or all, are names."""
        written = len(node.items) if function == "!GetAtt" else int(function == "!Sub")
        items = [self._as_written(item, names) for item in node.items[:written]]
        items += [self.node(item, names) for item in node.items[written:]]
        return node._replace(items=tuple(items))

    def _entries(self, node: MapNode, names: Mapping[str, str]) -> EntryNodes:
        found: dict[str, tuple[TextNode, Node]] = {}
        for key, value in node.entries:
            made = self._loop(key, value, names)
            if made is None:
                self._depth += 1
                made = [(_replaced(key, names), self._value(key.text, value, names))]
                self._depth -= 1
            for each in made:
                if self._depth == 0 and self._assuming:
                    self.assumed[each[0].text] = self._assuming
                if self._depth == 0 and self._loops:
                    self.open.setdefault(each[0].text, tuple(dict.fromkeys(self._loops.values())))
                if each[0].text in found:
                    message = f"{LOOP} makes the key {each[0].text!r} a second time"
                    raise TemplateSyntaxError(each[0].span.line, message)
                found[each[0].text] = each
        return list(found.values())

    def _loop(self, key: TextNode, value: Node, names: Mapping[str, str]) -> EntryNodes | None:
        """The entries that a loop makes; None for what is not a loop, and for one that stays."""
        if not key.text.startswith(LOOP + "::") or not isinstance(value, ListNode) or len(value.items) != 3:
            return None
        identifier, collection, body = value.items
        if not isinstance(identifier, TextNode) or not isinstance(body, MapNode):
            return None
        items = self._evaluate(self.node(collection, names))
        texts = _texts(items)
        if texts is None:
            return self._open_loop(key, identifier.text, body, names)
        self._passes += len(texts)
        if self._passes > PASSES_LIMIT:
            message = f"its {LOOP} loops are expanded more than {PASSES_LIMIT:,} times"
            raise TemplateSyntaxError(key.span.line, message)
        made: EntryNodes = []
        before, self._assuming = self._assuming, self._assuming | items.assumed
        for text in texts:
            made += self._entries(body, {**names, identifier.text: text})
        self._assuming = before
        return made

    def _open_loop(
        self, key: TextNode, identifier: str, body: MapNode, names: Mapping[str, str]
    ) -> EntryNodes | None:
        """The body of a loop whose number of iterations is not known."""
        if self._depth > 0:
            return None
        reason = f"the list of {key.text} is known only at deployment"
        self._unknown[identifier] = Unknown(reason, key.span, identity=f"item of {key.text}", present=True)
        before, self._loops = self._loops, {**self._loops, identifier: key.text}
        made = self._entries(body, {name: text for name, text in names.items() if name != identifier})
        self._loops = before
        return [*made, (key, body)]


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


def _opened(node: TextNode, loops: Mapping[str, str]) -> Node:
    """A text in which the identifiers of loops over what is not known are references."""
    if not loops or "{" not in node.text or node.tag in ("!Ref", "!GetAtt", "!Condition"):
        return node
    is_substitution = node.tag == "!Sub"

    def replacement(match: re.Match[str]) -> str:
        named, alphanumeric = match.groups()
        if alphanumeric is not None:
            return f"${{{alphanumeric}}}" if alphanumeric in loops else match.group()
        return match.group() if is_substitution or named.strip() in loops else f"${{!{named}}}"

    closed = node.text.rfind("}") + 1  # beyond it none ends, and each would be looked for up to the end
    found = _ANY_PLACEHOLDER.findall(node.text, 0, closed)
    if not any((one or other).strip() in loops for one, other in found):
        return node
    text = _ANY_PLACEHOLDER.sub(replacement, node.text[:closed]) + node.text[closed:]
    opened = TextNode(text, text, "!Sub", node.span)
    if is_substitution or not node.tag:
        return opened
    name = f"Fn::{node.tag.removeprefix('!')}"
    return MapNode(((TextNode(name, name, "", node.span), opened),), "", node.span)


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
