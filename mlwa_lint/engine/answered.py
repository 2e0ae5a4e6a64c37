"""Answers to conditions in words: `not key is None` that is false as "key is None"."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple

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
# Comparisons and what they deny, as one relation and whether it holds.
_RELATIONS = {
    "Eq": ("==", True),
    "NotEq": ("==", False),
    "Is": ("==", True),
    "IsNot": ("==", False),
    "In": ("in", True),
    "NotIn": ("in", False),
    "Lt": ("<", True),
    "GtE": ("<", False),
    "Gt": (">", True),
    "LtE": (">", False),
}
_LITERAL = lazy(r"[\"'].*[\"']|-?\d[\d.]*|None|True|False")
_NOTHING = frozenset({"None", "False", "0", "0.0", '""', "''"})


class Fact(NamedTuple):
    """What an answer shows of one subject: that it is in a relation to something, or (without one) true."""

    subject: str
    relation: str
    other: str
    holds: bool

    def contradicts(self, another: "Fact") -> bool:
        """Whether both cannot be so of one subject at one time."""
        if self.relation == another.relation and self.other == another.other:
            return self.holds is not another.holds
        states = [_stated_truth(each) for each in (self, another)]
        if None not in states and states[0] is not states[1]:
            return True
        equal = all(each.relation == "==" and each.holds for each in (self, another))
        return equal and all(_LITERAL.fullmatch(each.other) is not None for each in (self, another))


def _stated_truth(fact: Fact) -> bool | None:
    """Whether a fact shows that its subject counts as true, or as false."""
    if not fact.relation:
        return fact.holds
    if fact.relation != "==" or not fact.holds or _LITERAL.fullmatch(fact.other) is None:
        return None
    return fact.other not in _NOTHING


# Facts of which one holds; mostly it is one alone.
Clause: TypeAlias = "tuple[Fact, ...]"


def agreeing(answers: Sequence[tuple[str, bool]]) -> list[bool]:
    """Which answers to conditions contradict none of the others.

    A name can have one value where a program tests it first, and another one later.
    """
    shown = [clauses(text, holds) for text, holds in answers]
    known: dict[str, set[Fact]] = {}
    for each in shown:
        for clause in each:
            if len(clause) == 1:
                known.setdefault(clause[0].subject, set()).add(clause[0])
    return [all(_is_possible(clause, known) for clause in each) for each in shown]


def _is_possible(clause: Clause, known: Mapping[str, Collection[Fact]]) -> bool:
    return any(not any(fact.contradicts(other) for other in known.get(fact.subject, ())) for fact in clause)


@cache
def clauses(text: str, holds: bool) -> tuple[Clause, ...]:
    """What the answer to a condition shows, as far as that can be put in facts."""
    if _OPERATORS.search(text) is None:
        return ((Fact(text, "", "", holds),),)
    import ast

    try:
        return tuple(_clauses(ast.parse(text, mode="eval").body, holds))
    except (SyntaxError, ValueError, RecursionError):
        return ((Fact(text, "", "", holds),),)


def _clauses(node: "ast.expr", holds: bool) -> Iterable[Clause]:
    import ast

    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield from _clauses(node.operand, not holds)
    elif isinstance(node, ast.BoolOp):
        parts = [tuple(_clauses(each, holds)) for each in node.values]
        if isinstance(node.op, ast.And) is holds:
            for part in parts:
                yield from part
        elif all(len(part) == 1 for part in parts):
            yield tuple(fact for part in parts for fact in part[0])
    elif isinstance(node, ast.Compare) and len(node.ops) == 1:
        relation, affirmed = _RELATIONS[type(node.ops[0]).__name__]
        left, right = ast.unparse(node.left), ast.unparse(node.comparators[0])
        yield (Fact(left, relation, right, affirmed is holds),)
    else:
        yield (Fact(ast.unparse(node), "", "", holds),)


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
