"""Answers to conditions in words: `not key is None` that is false as "key is None"."""

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

from mlwa_lint.startup.patterns import lazy

if TYPE_CHECKING:
    import ast

# What most conditions are; a parser is not needed for these.
_EQUALITY = lazy(r"(?P<subject>[\w.\-\[\]\"]+) (?P<operator>==|!=) (?P<other>\"[^\"]*\"|[\w.\-]+)")
# Without one of these, a text is a name or a call.
_OPERATORS = lazy(r"(?:^|\s)(?:not|and|or|is|in|[=!<>]=?)\s")
_OPPOSITE = {
    "is": "is not",
    "is not": "is",
    "is in": "is not in",
    "is not in": "is in",
    "<": ">=",
    ">=": "<",
    ">": "<=",
    "<=": ">",
}
_WORDS = {
    "Eq": "is",
    "NotEq": "is not",
    "Is": "is",
    "IsNot": "is not",
    "In": "is in",
    "NotIn": "is not in",
    "Lt": "<",
    "LtE": "<=",
    "Gt": ">",
    "GtE": ">=",
}


@cache
def answered(text: str, holds: bool) -> str:
    """A condition, as its author wrote it, with the answer to it: as a clause after "when"."""
    equality = _EQUALITY.fullmatch(text)
    if equality is not None:
        return _compared(equality["subject"], "is" if equality["operator"] == "==" else "is not",
                         equality["other"], holds)  # fmt: skip
    if _OPERATORS.search(text) is None:
        return _true_or_false(text, holds)
    import ast

    try:
        return _clause(ast.parse(text, mode="eval").body, holds)
    except (SyntaxError, ValueError, RecursionError):  # one that was cut, or in another language
        return _true_or_false(text, holds)


def _true_or_false(text: str, holds: bool) -> str:
    return f"{text} is {'true' if holds else 'false'}"


def _compared(left: str, words: str, right: str, holds: bool) -> str:
    return f"{left} {words if holds else _OPPOSITE[words]} {right}"


def _clause(node: "ast.expr", holds: bool) -> str:
    import ast

    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return _clause(node.operand, not holds)
    if isinstance(node, ast.BoolOp):
        clauses = dict.fromkeys(_clause(each, holds) for each in node.values)
        return _joined(clauses, isinstance(node.op, ast.And) is holds)
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        words = _WORDS[type(node.ops[0]).__name__]
        return _compared(ast.unparse(node.left), words, ast.unparse(node.comparators[0]), holds)
    return _true_or_false(ast.unparse(node), holds)


def _joined(clauses: Iterable[str], all_of_them: bool) -> str:
    """Some clauses, all or one of which hold; "either" shows where the alternatives begin."""
    listed = list(clauses)
    if all_of_them or len(listed) == 1:
        return " and ".join(listed)
    return f"either {' or '.join(listed)}"
