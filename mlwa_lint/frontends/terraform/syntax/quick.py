"""Reads the HCL that nearly all files are written in with a few regular expressions, in a third of the time.

It takes only what it surely understands, line breaks and brackets as `terraform fmt` sets them: whatever else
is in a file, a mistake included, is left to tree-sitter, block by block, or as a whole. What both read
they read alike, places included; tests compare the two.
"""

import re
from bisect import bisect_right
from collections.abc import Callable

from mlwa_lint.frontends.expressions import (
    Literal,
)
from mlwa_lint.frontends.terraform.syntax.blocks import Argument, Block, HclSyntaxError
from mlwa_lint.frontends.terraform.syntax.quick_expressions import Expressions, NumberReader, UnsureError
from mlwa_lint.frontends.terraform.syntax.quick_patterns import (
    ARGUMENT,
    CLOSE,
    CONTROL,
    END,
    HEADER,
    LABEL,
    PATH,
    SKIP,
    STATEMENT,
    STRING,
)
from mlwa_lint.startup.records import record

Body = tuple[dict[str, Argument], tuple[Block, ...]]
# Reads the text of one block, with the number of lines above it in its file.
Careful = Callable[[str, int], Body]


class RepeatedError(UnsureError):
    """A block sets an argument twice, which the reader of the whole file reports."""


# With more, the careful reader looks how deep they are.
_BRACKETS = 3000


def read_quickly(text: str, path: str, number: NumberReader, careful: Careful) -> Body | None:
    """The arguments and blocks of a file; None where only the careful reader can decide."""
    if not _plain(text) or sum(map(text.count, "[{(")) > _BRACKETS:
        return None
    if not text.endswith("\n"):
        text += "\n"
    try:
        return _Reader(text, path, number, careful).body()
    except (UnsureError, HclSyntaxError, IndexError):
        return None


def _plain(text: str) -> bool:
    """Whether every parser knows what a text's characters are: no controls, surrogates, byte order marks."""
    if text.isascii():
        return CONTROL.search(text) is None
    return all(
        "\x20" <= each <= "\x7e"
        or each in "\t\n"
        or "\xa0" <= each <= "\u2027"
        or "\u2030" <= each <= "\ud7ff"
        for each in set(text)
    )


class _Reader(Expressions):
    """The structure around the expressions."""

    def __init__(self, text: str, path: str, number: NumberReader, careful: Careful) -> None:
        super().__init__(text, path, number)
        self._careful = careful

    def body(self) -> Body:
        """Arguments and blocks up to the end of the block, or, outside of all, of the file."""
        text = self.text
        arguments: dict[str, Argument] = {}
        blocks: list[Block] = []
        while True:
            found = STATEMENT.match(text, self.at)
            if found is None:
                after = SKIP.match(text, self.at)
                if self.depth or after is None or after.end() < len(text):
                    raise UnsureError
                return arguments, tuple(blocks)
            self.at = found.end()
            kind = found.lastindex or 0
            if kind == CLOSE:
                if not self.depth:
                    raise UnsureError
                return arguments, tuple(blocks)
            if kind == HEADER:
                blocks.append(self._block(found))
                continue
            start, end = found.span(ARGUMENT)
            name = found[ARGUMENT]
            if kind == ARGUMENT:
                self.operators = 0
                value = self.expression()
                ended = END.match(text, self.at)
                if ended is None:
                    raise UnsureError
                self.at = ended.end()
            elif kind == STRING:
                value = record(Literal, (found[kind], self.span(found.start(kind) - 1, found.end(kind) + 1)))
            elif kind == PATH:
                value = self.named(found[kind], found.start(kind))
            else:
                value = record(Literal, (self.number(found[kind]), self.span(*found.span(kind))))
            if name in arguments:
                raise RepeatedError
            arguments[name] = record(Argument, (name, value, self.span(start, end)))

    def _block(self, header: re.Match[str]) -> Block:
        """The block whose header this is."""
        start, last = header.span(ARGUMENT)
        labels: list[str] = []
        for label in LABEL.finditer(self.text, *header.span(HEADER)):
            labels.append(label[1] if label[1] is not None else label[2])
            last = label.end()
        if self.depth:
            arguments, blocks = self._inside()
        else:
            try:
                arguments, blocks = self._inside()
            except RepeatedError:
                raise
            except UnsureError:
                return self._carefully(start)
        return Block(header[ARGUMENT], tuple(labels), arguments, blocks, self.span(start, last))

    def _inside(self) -> Body:
        self.enter()
        found = self.body()
        self.depth -= 1
        return found

    def _carefully(self, start: int) -> Block:
        """A block as tree-sitter reads it: from the start of its line up to a bracket that starts another."""
        line = bisect_right(self.starts, start)
        end = self.text.find("\n}\n", start)
        if self.starts[line - 1] != start or end < 0:
            raise UnsureError
        arguments, blocks = self._careful(self.text[start : end + 3], line - 1)
        if arguments or len(blocks) != 1:
            raise UnsureError
        self.at = end + 2
        self.depth = 0
        return blocks[0]
