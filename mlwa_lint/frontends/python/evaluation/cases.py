"""`match` statements whose cases compare with values: they are followed as `if` and `elif` are."""

import ast
from collections.abc import Sequence

_FOLLOWED = "\0as branches"


def as_branches(node: ast.Match) -> ast.If | None:
    """The same statement as a chain of comparisons; None where a case looks into the structure of a value."""
    if _FOLLOWED not in node.__dict__:
        node.__dict__[_FOLLOWED] = _chain(node, node.cases) if _is_place(node.subject) else None
    found: ast.If | None = node.__dict__[_FOLLOWED]
    return found


def _chain(node: ast.Match, cases: Sequence[ast.match_case]) -> ast.If | None:
    first, *others = cases
    test = _test(node.subject, first.pattern)
    if test is None:
        return None
    body = [*_captured(node.subject, first.pattern), *first.body]
    if first.guard is not None:
        if len(body) > len(first.body):
            return None
        test = ast.copy_location(ast.BoolOp(ast.And(), [test, first.guard]), first.guard)
    otherwise: list[ast.stmt] = []
    if others:
        following = _chain(node, others)
        if following is None:
            return None
        otherwise = [following]
    return ast.copy_location(ast.If(test, body, otherwise), node)


def _test(subject: ast.expr, pattern: ast.pattern) -> ast.expr | None:
    """The comparison that a pattern makes."""
    made: ast.expr
    if isinstance(pattern, ast.MatchValue):
        made = ast.Compare(subject, [ast.Eq()], [pattern.value])
    elif isinstance(pattern, ast.MatchSingleton):
        value = ast.copy_location(ast.Constant(pattern.value), pattern)
        made = ast.Compare(subject, [ast.Is()], [value])
    elif isinstance(pattern, ast.MatchOr):
        tests = [_test(subject, each) for each in pattern.patterns]
        known = [each for each in tests if each is not None]
        if len(known) < len(tests):
            return None
        made = ast.BoolOp(ast.Or(), known)
    elif isinstance(pattern, ast.MatchAs) and pattern.pattern is None:
        made = ast.Constant(True)
    elif isinstance(pattern, ast.MatchAs) and pattern.pattern is not None:
        return _test(subject, pattern.pattern)
    else:
        return None
    return ast.copy_location(made, pattern)


def _captured(subject: ast.expr, pattern: ast.pattern) -> list[ast.stmt]:
    """What gives a case's name its value."""
    if not isinstance(pattern, ast.MatchAs) or pattern.name is None:
        return []
    target = ast.copy_location(ast.Name(pattern.name, ast.Store()), pattern)
    return [ast.copy_location(ast.Assign([target], subject), pattern)]


def _is_place(node: ast.expr) -> bool:
    """Whether an expression can be evaluated once for each case."""
    if isinstance(node, ast.Subscript):
        return isinstance(node.slice, ast.Constant) and _is_place(node.value)
    if isinstance(node, ast.Attribute):
        return _is_place(node.value)
    return isinstance(node, (ast.Name, ast.Constant))
