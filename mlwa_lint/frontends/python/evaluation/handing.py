"""Whether a branch passes on what its test tests: `if tags: request["Tags"] = as_list(tags)`."""

import ast
from collections.abc import Iterable, Iterator, Sequence

from mlwa_lint.frontends.python.evaluation.core import Core
from mlwa_lint.frontends.python.syntax.source import nodes_below
from mlwa_lint.model.conditions import Guard
from mlwa_lint.startup.patterns import lazy

_KNOWN = "\0hands on"
# Names of what is true or false, and nothing else.
_SWITCH = lazy(
    r"(?i)(?:is|are|has|use|uses|enable|enables|should|wants?|needs?|with|without|skip)_|\w+_enabled$"
)


def hands_on(test: ast.expr, body: Sequence[ast.AST]) -> bool:
    """Whether a test only checks that something is given, and the program makes something of it."""
    known: bool | None = test.__dict__.get(_KNOWN)
    if known is None:
        subjects = list(_subjects(test))
        known = all(each is not None for each in subjects) and _mentions(body, subjects)
        test.__dict__[_KNOWN] = known
    return known


def note_handing(core: Core, verdict: Guard, test: ast.expr, body: Sequence[ast.AST]) -> None:
    """Records for the open condition of a test that its body passes on what it tests."""
    condition = verdict.condition
    if condition.default is not None:
        return
    if hands_on(test, body):
        core.handed[condition.name] = verdict.holds
    elif leaves_with_nothing(test, body):
        core.handed[condition.name] = not verdict.holds


def note_checking(core: Core, verdict: Guard, test: ast.expr) -> None:
    """Records an open condition of `a and b` where `a` only checks that something is given."""
    if verdict.condition.default is None and all(each is not None for each in _subjects(test)):
        core.checking.add(verdict.condition.name)


def leaves_with_nothing(test: ast.expr, body: Sequence[ast.AST]) -> bool:
    """`if not tags: return None`: what follows is made of what was given."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        compared: ast.expr = test.operand
    elif isinstance(test, ast.Compare) and isinstance(test.ops[0], (ast.Is, ast.Eq)):
        compared = ast.Compare(test.left, [ast.IsNot()], test.comparators)
    else:
        return False
    only = body[0] if len(body) == 1 else None
    if not isinstance(only, ast.Return) or any(each is None for each in _subjects(compared)):
        return False
    value = only.value
    empty = (isinstance(value, ast.Dict) and not value.keys) or (
        isinstance(value, ast.List) and not value.elts
    )
    return value is None or empty or (isinstance(value, ast.Constant) and value.value is None)


def _subjects(test: ast.expr) -> Iterator[ast.expr | None]:
    """The value that a test checks for; None for any other test."""
    if isinstance(test, ast.BoolOp):
        for each in test.values:
            yield from _subjects(each)
    elif isinstance(test, ast.NamedExpr):
        yield ast.Name(test.target.id, ast.Load())
        yield from _subjects(test.value)
    elif isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], ast.In):
        # `"KmsKeyId" in extra`: whether `extra["KmsKeyId"]` is given.
        key, mapping = test.left, test.comparators[0]
        named = isinstance(key, (ast.Constant, ast.Name)) and _is_place(mapping)
        yield ast.Subscript(mapping, key, ast.Load()) if named else None
    elif isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], ast.NotIn):
        # `value not in (None, "", [])`
        listed = test.comparators[0]
        empty = isinstance(listed, (ast.Tuple, ast.List, ast.Set)) and all(map(_is_nothing, listed.elts))
        yield test.left if empty and _is_place(test.left) else None
    elif isinstance(test, ast.Compare):
        first = test.ops[0]
        absent = isinstance(test.comparators[0], ast.Constant) and test.comparators[0].value is None
        checks = len(test.ops) == 1 and absent and isinstance(first, (ast.IsNot, ast.NotEq))
        yield test.left if checks and _is_place(test.left) else None
    else:
        yield test if _is_place(test) else None


def _is_place(node: ast.expr) -> bool:
    """`name`, `config.name`, `config["name"]`, `config.get("name")`."""
    if isinstance(node, ast.Subscript):
        return isinstance(node.slice, ast.Constant) and _is_place(node.value)
    if isinstance(node, ast.Call):
        return _key_of_get(node) is not None and _is_place(node.func.value)  # type: ignore[attr-defined]
    return isinstance(node, ast.Name) or (isinstance(node, ast.Attribute) and _is_place(node.value))


def _key_of_get(node: ast.Call) -> ast.Constant | None:
    """What `config.get("name")` or `config.get("name", {})` looks up; None where it is another call."""
    if not (isinstance(node.func, ast.Attribute) and node.func.attr == "get" and 1 <= len(node.args) <= 2):
        return None
    key, *otherwise = node.args
    return key if isinstance(key, ast.Constant) and all(map(_is_nothing, otherwise)) else None


def _is_nothing(node: ast.expr) -> bool:
    if isinstance(node, ast.Dict):
        return not node.keys
    if isinstance(node, (ast.List, ast.Tuple)):
        return not node.elts
    return isinstance(node, ast.Constant) and not node.value


def _mentions(body: Sequence[ast.AST], subjects: Sequence[ast.expr | None]) -> bool:
    wanted = _by_name(each for each in subjects if each is not None)
    around = _by_name(above for each in subjects if each is not None for above in _around(each))
    pending = list(body)
    while pending:
        node = pending.pop()
        if _is_among(node, wanted):
            return True
        if isinstance(node, ast.Call):
            # What holds the subject is handed on as a whole: `build_network_config(config)`.
            held = [*node.args, *(each.value for each in node.keywords)]
            held += [node.func.value] if _is_of_self(node.func) else []  # type: ignore[attr-defined]
            if any(_is_among(each, around) for each in held):
                return True
        pending += nodes_below(node)
    return False


def _by_name(places: Iterable[ast.expr]) -> dict[object, set[str]]:
    """Places by what they end with: only those that end alike are compared as a whole."""
    found: dict[object, set[str]] = {}
    for each in places:
        found.setdefault(_last(each), set()).add(ast.dump(_plain(each)))
    return found


def _is_among(node: ast.AST, places: dict[object, set[str]]) -> bool:
    name = _last(node)
    return name is not None and name in places and ast.dump(_plain(node)) in places[name]


def _plain(node: ast.AST) -> ast.expr:
    """A place as it is written where it is there: `config.get("name", {})` is `config["name"]`."""
    if isinstance(node, ast.Call) and (key := _key_of_get(node)) is not None:
        return ast.Subscript(_plain(node.func.value), key, ast.Load())  # type: ignore[attr-defined]
    if isinstance(node, ast.Subscript):
        return ast.Subscript(_plain(node.value), node.slice, ast.Load())
    return node  # type: ignore[return-value]


def _last(node: ast.AST) -> object:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Subscript):
        if isinstance(node.slice, ast.Name):
            return node.slice.id
        return node.slice.value if isinstance(node.slice, ast.Constant) else None
    first = node.args[0] if isinstance(node, ast.Call) and node.args else None
    return first.value if isinstance(first, ast.Constant) else None


def _is_of_self(function: ast.expr) -> bool:
    own = function.value if isinstance(function, ast.Attribute) else None
    return isinstance(own, ast.Name) and own.id == "self"


def _around(place: ast.expr) -> Iterator[ast.expr]:
    """The objects that a place is in; of a switch none: nothing is made of it where they are handed on."""
    if _SWITCH.match(str(_last(place))) is not None:
        return
    inner = place.func if isinstance(place, ast.Call) else place
    while isinstance(inner, (ast.Attribute, ast.Subscript)):
        inner = inner.value
        yield inner
