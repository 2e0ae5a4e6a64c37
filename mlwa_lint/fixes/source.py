"""The text that writers read: line feeds, no byte order mark, and the way back to the file's own."""

import os
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from mlwa_lint.files.reading import read_bytes
from mlwa_lint.fixes.edits import Edit

if TYPE_CHECKING:
    import ast

SIZE_LIMIT = 20_000_000
_MARK = "\ufeff"
# Where Terraform keeps what it downloads.
_DOWNLOADS = ".terraform"


class RefusedError(Exception):
    """A change that should not be made in a text; the message is the reason, as a phrase."""


class SourceFile:
    """One source file.

    text: as parsers read it: without a byte order mark, with line feeds as line ends.
    raw:  as it is in the file.
    """

    def __init__(self, path: str, raw: str) -> None:
        self.path = path
        self.raw = raw
        self._before = 1 if raw.startswith(_MARK) else 0
        bare = raw[self._before :]
        self.text = bare.replace("\r\n", "\n").replace("\r", "\n") if "\r" in bare else bare
        self._pairs = _pairs(bare)
        self._starts = [0]
        position = self.text.find("\n")
        while position >= 0:
            self._starts.append(position + 1)
            position = self.text.find("\n", position + 1)

    @property
    def line_end(self) -> str:
        """How its lines end; as its first one does."""
        first = self.raw.find("\n")
        return "\r\n" if first > 0 and self.raw[first - 1] == "\r" else "\n"

    @cached_property
    def program(self) -> "ast.Module":
        """The syntax tree of a program, read once. Raises RefusedError if it cannot be parsed."""
        import ast

        try:
            return ast.parse(self.text)
        except (SyntaxError, ValueError, RecursionError):
            raise RefusedError("the file cannot be parsed") from None

    def edit(self, start: int, end: int, text: str) -> Edit:
        """Replaces a range of `text`, as an edit of the file."""
        return Edit(self.path, self._raw(start), self._raw(end), text.replace("\n", self.line_end))

    def offset(self, line: int, column: int) -> int:
        """The offset in `text` of a line and column, both from 1; -1 where there is no such line."""
        return self._starts[line - 1] + column - 1 if 0 < line <= len(self._starts) else -1

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column, from 1, of an offset in `text`."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def line_start(self, offset: int) -> int:
        """Where the line of an offset starts."""
        return self._starts[bisect_right(self._starts, offset) - 1]

    def line_stop(self, offset: int) -> int:
        """Where the line of an offset ends, before its line feed."""
        found = self.text.find("\n", offset)
        return len(self.text) if found < 0 else found

    def indent(self, offset: int) -> str:
        """What the line of an offset is indented with."""
        start = self.line_start(offset)
        line = self.text[start : self.line_stop(start)]
        return line[: len(line) - len(line.lstrip(" \t"))]

    def begins_line(self, offset: int) -> bool:
        """Whether only blanks precede an offset on its line."""
        return not self.text[self.line_start(offset) : offset].strip()

    def _raw(self, offset: int) -> int:
        return self._before + offset + bisect_left(self._pairs, offset)


class SourceFiles:
    """Source files by path: texts that are given (unsaved ones), else what is on disk.

    All edits are made of texts that come from here, so that files that must not be edited are refused here.
    """

    def __init__(self, given: Mapping[str, str] | None = None, limit: int | None = None) -> None:
        """limit: how many files are kept in memory; beyond, all are dropped, and read again on demand."""
        self._given = given or {}
        self._limit = limit
        self._read: dict[str, SourceFile] = {}

    def of(self, path: str) -> SourceFile:
        """One file. Raises RefusedError where it cannot be read, or must not be edited."""
        if path not in self._read:
            if self._limit is not None and len(self._read) >= self._limit:
                self._read.clear()
            if _is_downloaded(path):
                raise RefusedError("Terraform has downloaded it")
            self._read[path] = SourceFile(path, self._given[path] if path in self._given else _content(path))
        return self._read[path]


def _is_downloaded(path: str) -> bool:
    """Whether a file is in a module that Terraform has downloaded, also when links are followed."""
    return any(_DOWNLOADS in Path(each).parts for each in (path, os.path.realpath(path)))


def _pairs(raw: str) -> list[int]:
    """Where a carriage return and line feed were made one, in offsets of the text without them."""
    found: list[int] = []
    position = raw.find("\r\n")
    while position >= 0:
        found.append(position - len(found))
        position = raw.find("\r\n", position + 2)
    return found


def _content(path: str) -> str:
    try:
        return read_bytes(path, SIZE_LIMIT).decode("utf-8")
    except UnicodeDecodeError:
        raise RefusedError("the file is not UTF-8") from None
    except OSError as error:
        raise RefusedError(f"the file cannot be read: {error.strerror or error}") from None
