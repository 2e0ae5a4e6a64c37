"""The nodes that YAML and JSON text is read into, with exact places."""

from typing import Any, TypeAlias, Union

from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import Plain
from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple, record

DEPTH_LIMIT = 120

_INTEGER = lazy(r"[-+]?(0|[1-9][0-9]*)")
_HEXADECIMAL = lazy(r"[-+]?0x[0-9a-fA-F]+")
_OCTAL = lazy(r"[-+]?0[0-7]+")
_NUMBER_STARTS = frozenset("+-0123456789")
# Plain scalars that YAML 1.1 reads as something else than text.
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON"), True),
    **dict.fromkeys(("false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
}


class Origin:
    """The start of a piece of a source that was parsed separately: in which file, and after how many lines.

    The nodes of a piece that moves in an editor move with it.
    """

    __slots__ = ("by", "path")

    def __init__(self, path: str, by: int = 0) -> None:
        self.path = path
        self.by = by


# The place of a node: a span, or what one is made of on demand: the path and the parser's marks.
LazySpan: TypeAlias = "Span | tuple[str | Origin, Any, Any]"


def _span_of(place: LazySpan) -> Span:
    if isinstance(place, Span):
        return place
    path, start, end = place
    by = 1
    if path.__class__ is not str:
        by += path.by  # type: ignore[union-attr]
        path = path.path  # type: ignore[union-attr]
    return record(Span, (path, start.line + by, start.column + 1, end.line + by, end.column + 1))


class TextNode(NamedTuple):
    """A scalar: `data` is its meaning, `text` what is written."""

    data: Plain | None
    text: str
    tag: str
    place: LazySpan

    @property
    def span(self) -> Span:
        """Its place."""
        return _span_of(self.place)


class ListNode(NamedTuple):
    """A sequence."""

    items: "tuple[Node, ...]"
    tag: str
    place: LazySpan

    @property
    def span(self) -> Span:
        """Its place."""
        return _span_of(self.place)


class MapNode(NamedTuple):
    """A mapping; keys are always text."""

    entries: "tuple[tuple[TextNode, Node], ...]"
    tag: str
    place: LazySpan

    @property
    def span(self) -> Span:
        """Its place."""
        return _span_of(self.place)

    def get(self, key: str) -> "Node | None":
        """The value of a key."""
        for name, value in self.entries:
            if name.text == key:
                return value
        return None


Node: TypeAlias = Union[TextNode, ListNode, MapNode]


class TemplateSyntaxError(Exception):
    """Text that is not YAML or JSON, or that exceeds a limit."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line
        self.message = message


class Repeated(NamedTuple):
    """A key that a map has a second time: the line of the one that counts, and of the one before it."""

    key: str
    line: int
    first: int

    def __str__(self) -> str:
        return f"the key {self.key!r} is given twice (first on line {self.first})"


def meaning(text: str, tag: str = "") -> Plain | None:
    """A plain scalar as YAML 1.1 reads it, as CloudFormation does; numbers with a point keep their text."""
    if tag == "tag:yaml.org,2002:str":
        return text
    if text in _WORDS:
        return _WORDS[text]
    if text[0] in _NUMBER_STARTS and len(text) < 30:
        if _INTEGER.fullmatch(text):
            return int(text)
        if _HEXADECIMAL.fullmatch(text):
            return int(text, 16)
        if _OCTAL.fullmatch(text) and len(text) < 12:
            return int(text, 8)
    return text


def own_tag(tag: str | None) -> str:
    """A node's tag, if it is one that the text itself gives a meaning: `!Ref`."""
    return tag if tag is not None and tag.startswith("!") and len(tag) > 1 else ""
