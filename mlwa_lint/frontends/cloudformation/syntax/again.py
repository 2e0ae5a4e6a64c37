"""Reads a template again after an edit inside of some of its resources: only these are parsed.

In an editor, nearly all of a long template stays as it was. Where the edit is between the
keys of two resources, what is before and after is parsed as before: YAML's scanner reaches a key of the
same column, outside of quotes and brackets, in the same state. So the resources around the edit are parsed as
a document of their own that ends with the key that follows, and if that key is found there, the rest is taken
from the tree before. Whatever is unusual is read as a whole.
"""

from bisect import bisect_left
from collections.abc import Sequence
from typing import Any

from mlwa_lint.frontends.cloudformation.syntax.composing import (
    UnusualError,
    converter,
    entries_of,
    is_plain_key,
    is_plain_map,
    raw,
)
from mlwa_lint.frontends.cloudformation.syntax.nodes import MapNode, Node, Origin, TextNode
from mlwa_lint.model.shifting import Shift
from mlwa_lint.model.spans import Span
from mlwa_lint.startup.records import NamedTuple

RESOURCES = "Resources"
# The nodes of a template's root, of its resources, and of what is in them.
_IN_SECTION, _IN_RESOURCES = 1, 2
_Entry = tuple[TextNode, Node]


class Revision(NamedTuple):
    """Which reading of a template a tree is, and how places have moved since the one before.

    shift: None where everything may be different.
    """

    number: int
    shift: Shift | None


class _Piece(NamedTuple):
    """A top-level section, or a resource: its nodes, where they begin, and the line of its key."""

    origin: Origin
    entry: _Entry
    line: int

    @property
    def start(self) -> int:
        """The number of the key's line, counted from 0."""
        return self.line + self.origin.by


class _Edit(NamedTuple):
    """The lines that an edit replaces, and how many there are after it."""

    start: int
    old_end: int
    new_end: int

    @property
    def by(self) -> int:
        return self.new_end - self.old_end


class Reading:
    """The last tree of one template, in pieces; of a text that cannot be read so, the one before stays."""

    def __init__(self) -> None:
        self._step = Revision(0, None)
        self._text = ""
        self._lines: list[str] = []
        self._root: MapNode | None = None
        self._before: list[_Piece] = []
        self._resources: list[_Piece] = []
        self._after: list[_Piece] = []
        self._column = 0

    def read(self, text: str, path: str) -> tuple[MapNode, Revision] | None:
        """The tree of a text, and what has moved; None where it is not as usual and to be read as a whole."""
        if self._root is not None and text == self._text:
            return self._root, self._step
        if not _is_usual(text):
            return None
        lines = text.split("\n")
        shift = self._again(lines, path)
        if shift is None:
            root = self._read_again(text, path)
            if root is None:
                return None  # who types goes on from here, and soon it is like the one before again
            self._root = root
        self._text, self._lines = text, lines
        self._step = Revision(self._step.number + 1, shift)
        assert self._root is not None
        return self._root, self._step

    def _read_again(self, text: str, path: str) -> MapNode | None:
        """Reads all of it, in pieces; None where that is not possible."""
        try:
            root = raw(text)
            if root is None or not is_plain_map(root) or root.start_mark.column:
                return None
            sections = entries_of(root)
            section = sections.get(RESOURCES, (None, None))[1]
            if section is None or not is_plain_map(section) or not section.start_mark.column:
                return None
            resources = entries_of(section)
            keys = [key for key, _ in (*sections.values(), *resources.values())]
            if not all(map(is_plain_key, keys)):
                return None
            pieces = {
                name: _piece(entry, path, 0, _IN_SECTION)
                for name, entry in sections.items()
                if name != RESOURCES
            }
            parts = [_piece(each, path, 0, _IN_RESOURCES) for each in resources.values()]
        except UnusualError:
            return None
        self._resources = parts
        names = list(sections)
        place = names.index(RESOURCES)
        self._before = [pieces[name] for name in names[:place]]
        self._after = [pieces[name] for name in names[place + 1 :]]
        self._column = section.start_mark.column
        key = converter(path)(sections[RESOURCES][0], _IN_SECTION)
        assert isinstance(key, TextNode)
        return self._put_together(key, _span(path, section, 0), _span(path, root, 0))

    def _put_together(self, key: TextNode, section: Span, root: Span) -> MapNode:
        resources = MapNode(tuple([each.entry for each in self._resources]), "", section)
        before = [each.entry for each in self._before]
        after = [each.entry for each in self._after]
        return MapNode((*before, (key, resources), *after), "", root)

    def _again(self, lines: list[str], path: str) -> Shift | None:
        """Reads only what an edit has changed; None, and all is as before, where that is not possible."""
        if self._root is None:
            return None
        edit = _edit(self._lines, lines)
        starts = [each.start for each in self._resources]
        first = bisect_left(starts, edit.start) - 1
        if first < 0:
            return None
        next_ = bisect_left(starts, edit.old_end, first + 1)
        if next_ < len(starts):
            ending: _Piece | None = self._resources[next_]
        else:
            ending = self._after[0] if self._after else None
            if ending is not None and ending.start < edit.old_end:
                return None
        read = self._fragment(lines, path, starts[first], ending, edit)
        if read is None or read.pieces[0].entry[0].text != self._resources[first].entry[0].text:
            return None
        names = {each.entry[0].text for each in read.pieces}
        others = (*self._resources[:first], *self._resources[next_:])
        if any(each.entry[0].text in names for each in others):
            return None
        at = len(self._lines) if ending is None else ending.start
        moved = (*self._resources[next_:], *self._after)
        for each in moved:
            each.origin.by += edit.by
        self._resources = [*self._resources[:first], *read.pieces, *self._resources[next_:]]
        old, key, section = self._root.span, *self._root.entries[len(self._before)]
        if read.ends is None:
            ends = _further(section.span, edit.by), _further(old, edit.by)
        else:
            ends = section.span.to(read.ends[0]), old.to(read.ends[1])
        self._root = self._put_together(key, *ends)
        return Shift(path, at + 1, edit.by)

    def _fragment(
        self, lines: Sequence[str], path: str, start: int, ending: _Piece | None, edit: _Edit
    ) -> "_Read | None":
        """The resources from one line on up to the key of the next piece, or to the end."""
        indent = ""
        if ending is None:
            inner = lines[start:]
            last: list[str] = []
        else:
            end = ending.start + edit.by
            inner = lines[start:end]
            indent = " " * (self._column if ending in self._resources else 0)
            last = [f"{indent}{ending.entry[0].text}:"]
            if not lines[end].startswith(last[0]):
                return None
            last = [f"{last[0]} 0", ""]
        by = start - 1
        try:
            root = raw("\n".join([f"{RESOURCES}:", *inner, *last]))
            if root is None or not is_plain_map(root):
                return None
            sections = entries_of(root)
            section = sections.pop(RESOURCES, (None, None))[1]
            if section is None or not is_plain_map(section) or section.start_mark.column != self._column:
                return None
            entries = entries_of(section)
            if ending is not None:
                found = (entries if indent else sections).pop(ending.entry[0].text, None)
                if found is None or found[0].start_mark.line != len(inner) + 1:
                    return None
            if sections or not entries or not all(is_plain_key(key) for key, _ in entries.values()):
                return None
            pieces = [_piece(each, path, by, _IN_RESOURCES) for each in entries.values()]
        except UnusualError:
            return None
        if ending is not None:
            return _Read(pieces, None)
        return _Read(pieces, (_span(path, section, by), _span(path, root, by)))


class _Read(NamedTuple):
    """Resources that were read again; ends: of their section and the root, where they end the template."""

    pieces: list[_Piece]
    ends: tuple[Span, Span] | None


def _is_usual(text: str) -> bool:
    """Whether a text has only the usual line ends, no directive, and no byte order mark."""
    if text.startswith(("\ufeff", "%")) or "\n%" in text or "\\ud" in text or "\\uD" in text:
        return False
    if "\r" in text and text.count("\r") != text.count("\r\n"):
        return False
    return text.isascii() or not any(each in text for each in "\x85\u2028\u2029")


def _edit(before: Sequence[str], now: Sequence[str]) -> _Edit:
    shorter = min(len(before), len(now))
    start = 0
    while start < shorter and before[start] == now[start]:
        start += 1
    end = 0
    while end < shorter - start and before[-1 - end] == now[-1 - end]:
        end += 1
    return _Edit(start, len(before) - end, len(now) - end)


def _piece(entry: tuple[Any, Any], path: str, by: int, depth: int) -> _Piece:
    """An entry as libyaml gives it. Raises UnusualError."""
    origin = Origin(path, by)
    converted = converter(origin)
    key, value = converted(entry[0], depth), converted(entry[1], depth)
    assert isinstance(key, TextNode)
    return _Piece(origin, (key, value), entry[0].start_mark.line)


def _span(path: str, node: Any, by: int) -> Span:
    start, end = node.start_mark, node.end_mark
    return Span(path, start.line + 1 + by, start.column + 1, end.line + 1 + by, end.column + 1)


def _further(span: Span, by: int) -> Span:
    return span._replace(end_line=span.end_line + by)
