"""YAML and JSON text into a tree of nodes with exact places, on libyaml."""

import re
from collections.abc import Iterator
from typing import Any

from mlwa_lint.frontends.cloudformation.syntax.composing import UnusualError, composed
from mlwa_lint.frontends.cloudformation.syntax.nodes import (
    DEPTH_LIMIT,
    ListNode,
    MapNode,
    Node,
    Repeated,
    TemplateSyntaxError,
    TextNode,
    meaning,
    own_tag,
)
from mlwa_lint.model.spans import Span
from mlwa_lint.startup.libyaml import yaml
from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple

# Nodes that are written in the text are bounded by its size; those that aliases repeat are not.
ALIASED_LIMIT = 200_000

_PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_SURROGATES = lazy(r"\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")

# What YAML 1.1 takes for line ends but no editor does (and JSON has in texts) is hidden from the parser.
_BREAKS = {0x85: 0xF885, 0x2028: 0xF828, 0x2029: 0xF829}
_HIDDEN = {hidden: shown for shown, hidden in _BREAKS.items()}
_BREAK = tuple(map(chr, _BREAKS))


class _Anchored(NamedTuple):
    """What an anchor names, with the number of its nodes and of its levels."""

    node: Node
    size: int
    height: int


def parse(text: str, path: str, only: bool = False, repeated: list[Repeated] | None = None) -> Node | None:
    """The first document's tree; None for an empty one. Raises TemplateSyntaxError.

    With `only`, a second document is an error. Of keys that a map has twice the last one counts, as for
    CloudFormation, and they are listed in `repeated`; without such a list they are an error.
    """
    text = text.removeprefix("\ufeff")
    if "\\ud" in text or "\\uD" in text:
        text = _SURROGATES.sub(_astral, text)
    if text.lstrip()[:1] == "{":
        # JSON may have tabs around it, which YAML does not allow there.
        start = len(text) - len(text.lstrip())
        text = text[:start].replace("\t", " ") + text[start:].rstrip()
    hidden = not text.isascii() and any(each in text for each in _BREAK)
    if hidden:
        text = text.translate(_BREAKS)
    if not hidden:
        try:
            return composed(text, path)
        except UnusualError:
            pass  # what is unusual, or wrong, is read event by event
    try:
        return _Builder(text, path, hidden, repeated).document(only)
    except UnicodeEncodeError as error:
        raise _forbidden(text, error.start, ord(text[error.start])) from error
    except yaml.MarkedYAMLError as error:
        raise _explained(error, text) from error
    except yaml.reader.ReaderError as error:
        code = error.character if isinstance(error.character, int) else 0
        raise _forbidden(text, error.position, code) from error


def _forbidden(text: str, position: int, code: int) -> TemplateSyntaxError:
    line = text.count("\n", 0, position) + 1
    return TemplateSyntaxError(line, f"a character that YAML does not allow: U+{code:04X}")


def _astral(match: re.Match[str]) -> str:
    high, low = (int(group, 16) for group in match.groups())
    return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))


def _explained(error: yaml.MarkedYAMLError, text: str) -> TemplateSyntaxError:
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else 1
    source = text.splitlines()
    if "\t" in (error.problem or "") or (
        0 < line <= len(source) and source[line - 1].lstrip(" ").startswith("\t")
    ):
        return TemplateSyntaxError(line, "a tab indents this line; YAML allows only spaces for indentation")
    message = ", ".join(part for part in (error.context, error.problem) if part)
    return TemplateSyntaxError(line, f"not valid YAML or JSON: {message or 'it cannot be parsed'}")


class _Builder:
    """Recursive descent over parser events."""

    def __init__(self, text: str, path: str, hidden: bool, repeated: list[Repeated] | None) -> None:
        self._parser: Any = _PARSER(text)
        self._repeated = repeated
        self._hidden = hidden
        self._path = path
        self._anchors: dict[str, _Anchored] = {}
        self._count = 0
        self._aliased = 0
        self._deepest = 0

    def document(self, only: bool) -> Node | None:
        parser = self._parser
        event: Any = parser.get_event()
        while not isinstance(event, (yaml.DocumentStartEvent, yaml.StreamEndEvent)):
            event = parser.get_event()
        if isinstance(event, yaml.StreamEndEvent):
            return None
        node = self._node(parser.get_event(), 0)
        # The rest is read too: what is wrong behind the tree makes the text no template either.
        while not isinstance(event, yaml.StreamEndEvent):
            event = parser.get_event()
            if event.__class__ is yaml.DocumentStartEvent:
                if only:
                    line = _line(event)
                    raise TemplateSyntaxError(line, "a second document starts here; a template is only one")
                break
        return node

    def _node(self, event: Any, depth: int) -> Node:
        self._descend(depth, event)
        self._count += 1
        kind = event.__class__
        if kind is yaml.AliasEvent:
            return self._alias(event, depth)
        if event.anchor:
            return self._anchored(event, depth)
        return self._content(event, depth)

    def _content(self, event: Any, depth: int) -> Node:
        kind = event.__class__
        if kind is yaml.ScalarEvent:
            return self._scalar(event)
        return self._mapping(event, depth) if kind is yaml.MappingStartEvent else self._sequence(event, depth)

    def _descend(self, depth: int, event: Any) -> None:
        if depth > DEPTH_LIMIT:
            raise TemplateSyntaxError(_line(event), f"nested deeper than {DEPTH_LIMIT} levels")
        self._deepest = max(self._deepest, depth)

    def _anchored(self, event: Any, depth: int) -> Node:
        before, deepest = self._count, self._deepest
        self._deepest = depth
        node = self._content(event, depth)
        self._anchors[event.anchor] = _Anchored(node, self._count - before + 1, self._deepest - depth)
        self._deepest = max(self._deepest, deepest)
        return node

    def _alias(self, event: Any, depth: int) -> Node:
        if event.anchor not in self._anchors:
            raise TemplateSyntaxError(_line(event), f"the alias *{event.anchor} has no anchor")
        node, size, height = self._anchors[event.anchor]
        self._descend(depth + height, event)
        self._count += size
        self._aliased += size
        if self._aliased > ALIASED_LIMIT:
            raise TemplateSyntaxError(
                _line(event), f"its aliases expand to more than {ALIASED_LIMIT:,} nodes"
            )
        return node

    def _span(self, start: Any, end: Any) -> Span:
        return Span(self._path, start.line + 1, start.column + 1, end.line + 1, end.column + 1)

    def _scalar(self, event: Any) -> TextNode:
        text = event.value.translate(_HIDDEN) if self._hidden else event.value
        tag = event.tag or ""
        span = self._span(event.start_mark, event.end_mark)
        if event.implicit[0] or tag.startswith("tag:yaml.org,2002:"):
            return TextNode(meaning(text, tag) if not event.style else text, text, "", span)
        return TextNode(text, text, own_tag(tag), span)

    def _sequence(self, start: Any, depth: int) -> ListNode:
        items: list[Node] = []
        event = self._parser.get_event()
        while event.__class__ is not yaml.SequenceEndEvent:
            items.append(self._node(event, depth + 1))
            event = self._parser.get_event()
        return ListNode(tuple(items), own_tag(start.tag), self._span(start.start_mark, event.end_mark))

    def _mapping(self, start: Any, depth: int) -> MapNode:
        entries: dict[str, tuple[TextNode, Node]] = {}
        merged: dict[str, tuple[TextNode, Node]] = {}
        event = self._parser.get_event()
        end = event
        while event.__class__ is not yaml.MappingEndEvent:
            key = self._node(event, depth + 1)
            value = self._node(self._parser.get_event(), depth + 1)
            end = event = self._parser.get_event()
            if not isinstance(key, TextNode):
                raise TemplateSyntaxError(key.span.line, "a key must be text, not a list or map")
            if key.text == "<<":
                for name, inherited in _inherited(value):
                    merged.setdefault(name.text, (name, inherited))
                continue
            if key.text in entries:
                again = Repeated(key.text, key.span.line, entries.pop(key.text)[0].span.line)
                if self._repeated is None:
                    raise TemplateSyntaxError(again.line, str(again))
                self._repeated.append(again)
            entries[key.text] = (key, value)
        for name_text, pair in merged.items():
            entries.setdefault(name_text, pair)
        return MapNode(
            tuple(entries.values()), own_tag(start.tag), self._span(start.start_mark, end.end_mark)
        )


def _line(event: Any) -> int:
    line: int = event.start_mark.line
    return line + 1


def _inherited(value: Node) -> Iterator[tuple[TextNode, Node]]:
    if isinstance(value, MapNode):
        yield from value.entries
    elif isinstance(value, ListNode):
        for item in value.items:
            yield from _inherited(item)
