"""Finds suppressions in programs and notebooks: `# mlwa: ignore[...]`."""

import ast
import io
import tokenize
from collections.abc import Callable, Iterator

from mlwa_lint.filters.suppression import Suppression
from mlwa_lint.frontends.python.syntax.reader import read
from mlwa_lint.frontends.python.syntax.source import PythonSyntaxError, Unit
from mlwa_lint.model.spans import Span

# line, column and text of a comment, the lines of the text, where things that start on a line end.
CommentParser = Callable[[int, int, str, list[str], dict[int, int]], Iterator[Suppression]]
_MARK = "mlwa"


def find_in_program(text: str, path: str, parse: CommentParser) -> Iterator[Suppression]:
    """All suppressions in a Python file; none in one that cannot be read."""
    try:
        program = read(path, text)
    except PythonSyntaxError:
        return
    for unit in (*program.units, *program.written.values()):
        if _MARK in unit.source.text:
            yield from _in_unit(unit, parse)


def _in_unit(unit: Unit, parse: CommentParser) -> Iterator[Suppression]:
    source = unit.source
    lines = source.text.split("\n")
    ends = _ends(unit)
    for line, column, comment in _comments(source.text):
        for suppression in parse(line, column + 1, comment, lines, ends):
            span = source.characters(line, column, column + len(comment.rstrip()))
            region = suppression.region
            where: Span | None = None if region is None else source.lines(region.line, region.end_line)
            yield suppression._replace(span=span, region=where)


def _comments(text: str) -> Iterator[tuple[int, int, str]]:
    """Line, column (from 0) and text of every comment that may be meant for us."""
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT and _MARK in token.string:
                yield (*token.start, token.string)
    except (tokenize.TokenError, SyntaxError):  # magics of a notebook
        return


def _ends(unit: Unit) -> dict[int, int]:
    """The last line of what starts on each line: statements, arguments, keys and their values."""
    ends: dict[int, int] = {}
    pending: list[ast.AST] = list(unit.body)
    while pending:
        node = pending.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            # A comment beside `def` is meant for that line, not for all that follows.
            ends.setdefault(node.lineno, node.lineno)
        elif isinstance(node, (ast.stmt, ast.keyword)) and not hasattr(node, "body"):
            ends[node.lineno] = max(ends.get(node.lineno, 0), node.end_lineno or node.lineno)
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                first = key or value
                ends[first.lineno] = max(ends.get(first.lineno, 0), value.end_lineno or first.lineno)
        pending += ast.iter_child_nodes(node)
    return ends
