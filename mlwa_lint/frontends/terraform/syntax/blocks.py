"""Terraform files as they are written: blocks, arguments and expressions with their places."""

from collections.abc import Iterator

from mlwa_lint.frontends.expressions import Expr
from mlwa_lint.model.resources import Problem
from mlwa_lint.model.spans import Span
from mlwa_lint.startup.records import NamedTuple

# An operator of the expression tree that joins the items of a loop in a template (`%{ for }`) to text.
JOINED = "%{for}"


class HclSyntaxError(Exception):
    """Text that is not HCL, or that exceeds a limit."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line
        self.message = message


class Argument(NamedTuple):
    """`name = value` in a block or a file of variable values."""

    name: str
    value: Expr
    span: Span


class Block(NamedTuple):
    """A block; `span` is its header: the type and the labels."""

    type: str
    labels: tuple[str, ...]
    arguments: dict[str, Argument]
    blocks: "tuple[Block, ...]"
    span: Span

    def first(self, block_type: str) -> "Block | None":
        """The first nested block of a type."""
        return next((block for block in self.blocks if block.type == block_type), None)

    def every(self, block_type: str) -> "Iterator[Block]":
        """The nested blocks of a type."""
        return (block for block in self.blocks if block.type == block_type)


class File(NamedTuple):
    """One file: its top-level blocks and arguments.

    Of a broken file, they are those that can be read nevertheless. partial: whether it may have more of them.
    lost: the text of these, where not all of the file is.
    """

    path: str
    arguments: dict[str, Argument]
    blocks: tuple[Block, ...]
    problems: tuple[Problem, ...] = ()
    partial: bool = False
    lost: str | None = None
