"""The places of a syntax tree's nodes in the user's file."""

import ast
import builtins
from collections.abc import Iterator, Sequence
from functools import cached_property

from mlwa_lint.model.spans import Span
from mlwa_lint.startup.records import NamedTuple

_FAR = 1_000_000_000
# Where a node keeps its place: loops and functions read the same ones in every turn.
_PLACE = "\0place"


_NAME_PLACE = "\0name"
# Names that Python gives, also its second version, and what runs a program in a place of its own: Databricks,
# IPython, Jupyter's configuration, Snakemake, gettext.
_GIVEN = frozenset(dir(builtins)) | {
    *("WindowsError", "dbutils", "display", "displayHTML", "get_ipython", "reveal_type", "sc", "spark"),
    *("_", "copyright", "credits", "exit", "get_config", "license", "quit", "snakemake", "sqlContext"),
    *("apply", "basestring", "buffer", "cmp", "execfile", "file", "intern", "long", "raw_input", "reduce"),
    *("reload", "unichr", "unicode", "xrange"),
}
# What may give names without writing them.
_HIDING = ("import *", "exec(", "globals()", "setattr(", "builtins", "vars(")
# What a node has beside lists and nodes, and nodes that carry no information and have none below them.
_LEAVES = frozenset({int, str, type(None), Span, ast.Load, ast.Store, ast.Del})


def nodes_below(node: ast.AST) -> list[ast.AST]:
    """The nodes right below one, without its context; those of `ast` take three times as long."""
    found: list[ast.AST] = []
    for value in node.__dict__.values():
        kind = type(value)
        if kind in _LEAVES:
            continue
        if kind is list:
            found += [each for each in value if isinstance(each, ast.AST)]
        elif isinstance(value, ast.AST):
            found.append(value)
    return found


def nodes_in(body: Sequence[ast.AST]) -> list[ast.AST]:
    """Some nodes and all below them, the outer ones first."""
    found = list(body)
    for node in found:  # which grows
        found += nodes_below(node)
    return found


def yields(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a function yields its values one by one."""
    pending: list[ast.AST] = list(node.body)
    while pending:
        each = pending.pop()
        if isinstance(each, (ast.Yield, ast.YieldFrom)):
            return True
        if not isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            pending += nodes_below(each)
    return False


def last_name(node: ast.expr) -> str:
    """The last part of a name, `deploy` of `jobs.deploy`; nothing for what is not a name."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def dotted(node: ast.expr) -> str:
    """A dotted name as it is written, `os.environ.get`; empty for anything else."""
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    return ".".join((node.id, *reversed(names))) if isinstance(node, ast.Name) else ""


class PythonSource:
    """A text of Python and its place in a file.

    Columns of a syntax tree count bytes, those of spans characters.
    """

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self._wide = _wide_lines(text)

    @cached_property
    def may_yield(self) -> bool:
        """Whether there may be generators in the text."""
        return "yield" in self.text

    def certainly_lacks(self, name: str) -> bool:
        """Whether a file gives a name nowhere, nor Python, so that its use is an error."""
        return (
            not name.startswith("__")
            and name not in _GIVEN
            and self._bound is not None
            and name not in self._bound
        )

    @cached_property
    def _bound(self) -> frozenset[str] | None:
        """The names that the file gives anywhere; None where others may be given in ways that do not show."""
        if not self.path.endswith(".py") or any(each in self.text for each in _HIDING):
            return None
        try:
            return frozenset(_names_given(ast.parse(self.text)))
        except (SyntaxError, ValueError, RecursionError):
            return None

    def span(self, node: ast.expr | ast.stmt | ast.keyword | ast.arg | ast.alias) -> Span:
        """The place of a node."""
        known: Span | None = node.__dict__.get(_PLACE)
        if known is None:
            line = node.lineno
            known = self.place(line, node.col_offset, node.end_lineno or line, node.end_col_offset or 0)
            node.__dict__[_PLACE] = known
        return known

    def name_span(self, keyword: ast.keyword) -> Span:
        """The place of the name of a keyword argument."""
        known: Span | None = keyword.__dict__.get(_NAME_PLACE)
        if known is None:
            line, column = keyword.lineno, keyword.col_offset
            known = self.place(line, column, line, column + len((keyword.arg or "").encode()))
            keyword.__dict__[_NAME_PLACE] = known
        return known

    def lines(self, first: int, last: int) -> Span:
        """Whole lines."""
        return Span(self.path, first, 1, last, _FAR)

    def characters(self, line: int, column: int, end: int) -> Span:
        """A part of a line, with columns (from 0) that count characters."""
        return self._in_file(line, column, line, end)

    def place(self, line: int, column: int, end_line: int, end_column: int) -> Span:
        """A range of lines (from 1) and columns in bytes (from 0)."""
        if self._wide:
            column, end_column = self._characters(line, column), self._characters(end_line, end_column)
        return self._in_file(line, column, end_line, end_column)

    def _in_file(self, line: int, column: int, end_line: int, end_column: int) -> Span:
        return Span(self.path, line, column + 1, end_line, end_column + 1)

    def _characters(self, line: int, column: int) -> int:
        encoded = self._wide.get(line)
        return column if encoded is None else len(encoded[:column].decode("utf-8", "ignore"))


# Of syntax that the running version may not have.
_TYPE_PARAMETERS = ("ParamSpec", "TypeVar", "TypeVarTuple")
_NAMED = (
    *(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef),
    *(ast.ExceptHandler, ast.MatchAs, ast.MatchStar),
)


def _names_given(tree: ast.Module) -> Iterator[str]:
    pending: list[ast.AST] = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, ast.alias):
            yield (node.asname or node.name).partition(".")[0]
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, _NAMED) and node.name:
            yield node.name
        elif isinstance(node, ast.MatchMapping) and node.rest:
            yield node.rest
        elif isinstance(node, ast.Global):
            yield from node.names
        elif type(node).__name__ in _TYPE_PARAMETERS:
            yield getattr(node, "name", "")
        pending += nodes_below(node)


def _wide_lines(text: str) -> dict[int, bytes]:
    """The lines, by their numbers from 1, in which a character may take several bytes."""
    if text.isascii():
        return {}
    lines = enumerate(text.split("\n"), start=1)
    return {number: line.encode("utf-8", "surrogatepass") for number, line in lines if not line.isascii()}


class Unit(NamedTuple):
    """Statements that run one after the other, and their places."""

    body: Sequence[ast.stmt]
    source: PythonSource


class PythonSyntaxError(Exception):
    """A file that is not Python, or that exceeds what can be read."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
