"""Finds which literals of a template, or of another YAML or JSON text, are secret."""

from collections.abc import Iterator

from mlwa_lint.frontends.cloudformation.syntax.nodes import ListNode, MapNode, Node, TextNode
from mlwa_lint.model.secrets import (
    SHORTEST_SETTING,
    Marks,
    Secrets,
    marks_in,
    names_secret,
    secrets,
    suspicious,
)
from mlwa_lint.startup.patterns import lazy

_NAMING = frozenset({"Name", "name", "Key", "key", "ParameterKey", "EnvironmentKey"})
# Keys that mark the value beside them as a secret.
_PAIRING = _NAMING | {"NoEcho"}
_VALUES = frozenset({"Value", "value", "ParameterValue", "Default", "default", "AllowedValues"})
# Functions whose texts are names of something else.
_REFERRING = frozenset({"Ref", "GetAtt", "ImportValue", "Condition", "FindInMap", "GetAZs"})
_PLACEHOLDER = lazy(r"\$\{[^}]*\}")


def note_secrets(root: Node | None, text: str) -> None:
    """Notes the secrets of a tree that was read from a text."""
    marks = marks_in(text)
    if root is None or not any(marks):
        return
    own = secrets()
    own.found = True
    _Walk(own, marks).node(root)


class _Walk:
    """Goes through a tree; marks: what the texts of its source can have that names a secret."""

    def __init__(self, own: Secrets, marks: Marks) -> None:
        self._own = own
        self._marks = marks

    def node(self, node: Node) -> None:
        if isinstance(node, TextNode):
            if len(node.text) >= SHORTEST_SETTING and suspicious(node.text, self._marks):
                from mlwa_lint.frontends.secret_texts import inside_text

                inside_text(node.text, node.span, self._own)
        elif isinstance(node, ListNode):
            if node.tag and _function(node) == "Equals":
                _compared(node.items, self._own)
            for item in node.items:
                self.node(item)
        else:
            self._entries(node)

    def _entries(self, node: MapNode) -> None:
        own = self._own
        paired = False
        for key, value in node.entries:
            if key.text in _PAIRING and _hides_value(key.text, value):
                paired = True
        for key, value in node.entries:
            name = key.text
            if name == "Fn::Equals" and isinstance(value, ListNode):
                _compared(value.items, own)
            if names_secret(name) or (paired and name in _VALUES):
                if _is_declared_hidden(value):
                    own.names.add(name)
                self._secret(value)
            elif value.__class__ is MapNode and _is_declared_hidden(value):
                own.names.add(name)
            self.node(value)

    def _secret(self, node: Node) -> None:
        """Records all literals under a secret's name."""
        from mlwa_lint.frontends.secret_texts import inside_text

        if isinstance(node, MapNode) and not _function(node):
            for key, value in node.entries:
                # A parameter or an output; in any other map each key names what it holds.
                if key.text in _VALUES:
                    self._secret(value)
            return
        for text in _texts(node):
            for piece in _around_placeholders(text.text):
                self._own.add(piece, text.span)
            inside_text(text.text, text.span, self._own, is_secret=True)


def _around_placeholders(text: str) -> list[str]:
    """The pieces of a text that are written out."""
    # Beyond the last brace none is closed, and each would be looked for up to the end.
    closed = text.rfind("}") + 1
    pieces = _PLACEHOLDER.split(text[:closed])
    pieces[-1] += text[closed:]
    return pieces


def _hides_value(key: str, value: Node) -> bool:
    """Whether an entry makes the value beside it a secret: by `NoEcho`, or by a secret's name."""
    if key == "NoEcho":
        return _text(value).lower() == "true"
    return key in _NAMING and names_secret(_text(value))


def _is_declared_hidden(node: Node) -> bool:
    return isinstance(node, MapNode) and _text(node.get("NoEcho")).lower() == "true"


def _texts(node: Node) -> Iterator[TextNode]:
    function = _function(node)
    if function in _REFERRING:
        return
    if isinstance(node, TextNode):
        yield node
        return
    inner: tuple[Node, ...]
    if isinstance(node, MapNode):
        inner = tuple(value for _, value in node.entries)
        if function == "If" and isinstance(inner[0], ListNode):
            inner = inner[0].items[1:]
    else:
        inner = node.items[1:] if function == "If" else node.items
    for each in inner:
        yield from _texts(each)


def _compared(items: tuple[Node, ...], own: Secrets) -> None:
    """Notes what a parameter is compared with, in case that it is secret."""
    referred = [_referred(item) for item in items]
    for name in filter(None, referred):
        for item in items:
            if isinstance(item, TextNode) and not item.tag:
                own.compared(name, item.text, item.span)


def _referred(node: Node) -> str:
    if _function(node) != "Ref":
        return ""
    return _text(node) or (_text(node.entries[0][1]) if isinstance(node, MapNode) else "")


def _function(node: Node) -> str:
    """The function that a node calls, without `Fn::`; empty for plain content."""
    if node.tag:
        return node.tag.removeprefix("!").removeprefix("Fn::")
    if isinstance(node, MapNode) and len(node.entries) == 1:
        name = node.entries[0][0].text
        return name.removeprefix("Fn::") if name == "Ref" or name.startswith("Fn::") else ""
    return ""


def _text(node: Node | None) -> str:
    return node.text if isinstance(node, TextNode) else ""
