"""What the handler of a function returns, as far as its program writes it out."""

import ast
from collections import Counter
from collections.abc import Iterator, Mapping

from mlwa_lint.frontends.python.limits import DEPTH_LIMIT
from mlwa_lint.frontends.python.syntax.parse import parse
from mlwa_lint.frontends.python.syntax.source import PythonSyntaxError, dotted, last_name
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import Entry, MapValue, Scalar, Value

# Calls that change nothing of what they are given.
_LOOKING = frozenset({"dict", "dumps", "print", "len", "str", "info", "debug", "warning", "error", "sorted"})
_CHANGING = frozenset({"clear", "pop", "popitem", "setdefault", "update"})
_ENVIRONMENTS = frozenset({"environ", "os.environ"})
_READING = frozenset({"environ.get", "getenv", "os.environ.get", "os.getenv"})
_COPYING = ("dict", "copy", "deepcopy")
_BLOCKS = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.Match)


def returned(text: str, handler: str, place: str | Span, variables: Mapping[str, Value]) -> MapValue | None:
    """The map that a handler returns in any case; None where it need not. What is not known is left out.

    place: its file, or the place of its text in a template. variables: the environment variables that
    are given.
    """
    try:
        program = parse(text)
    except PythonSyntaxError:
        return None
    found = [each for each in program if isinstance(each, ast.FunctionDef) and each.name == handler]
    if len(found) != 1:
        return None
    reader = _Reader(program, place, variables)
    body = found[0].body
    exits = [each for each in _own(body) if isinstance(each, ast.Return)]
    last = body[-1]
    if len(exits) != 1 or not isinstance(last, ast.Return) or last.value is None:
        return None
    if isinstance(last.value, ast.Name):
        return reader.built(last.value.id, body[:-1])
    return reader.map_of(last.value) if isinstance(last.value, ast.Dict) else None


def _own(body: list[ast.stmt]) -> Iterator[ast.AST]:
    """All nodes of a function, but for those of functions and classes within it."""
    pending: list[ast.AST] = list(body)
    while pending:
        node = pending.pop()
        yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            pending += ast.iter_child_nodes(node)


class _Reader:
    def __init__(self, program: list[ast.stmt], place: str | Span, variables: Mapping[str, Value]) -> None:
        self._place = place
        self._variables = variables
        nodes = (node for each in program for node in ast.walk(each))
        names = (node for node in nodes if isinstance(node, ast.Name))
        stored = Counter(node.id for node in names if isinstance(node.ctx, ast.Store))
        self._stated = {
            target.id: each.value
            for each in program
            if isinstance(each, ast.Assign)
            and (isinstance(each.value, ast.Constant) or _variable(each.value) is not None)
            for target in each.targets
            if isinstance(target, ast.Name) and stored[target.id] == 1
        }

    def built(self, name: str, body: list[ast.stmt]) -> MapValue | None:
        """The dictionary of a name after the statements of a function."""
        held: MapValue | None = None
        for statement in body:
            if not _touches(statement, name):
                continue
            if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
                target = statement.targets[0]
                if isinstance(target, ast.Name) and target.id == name:
                    held = self._start(statement.value)
                    continue
                key = _key(target, name)
                if key is not None and held is not None and not _hands_over(statement.value, name):
                    held = self._with(held, key, statement.value)
                    continue
                if not _stores(target, name) and not _hands_over(statement.value, name):
                    continue
            elif isinstance(statement, (ast.Expr, *_BLOCKS)) and held is not None:
                held = self._left_open(held, statement, name)
                continue
            return None
        return held

    def map_of(self, value: ast.Dict, depth: int = 0) -> MapValue:
        """The known entries of a dictionary that is written out."""
        entries: dict[str, Entry] = {}
        for key, given in zip(value.keys, value.values, strict=True):
            if key is None:
                entries.clear()  # what is spread may replace all before it
                continue
            if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
                continue
            entries.pop(key.value, None)
            known = self._value(given, depth + 1)
            if known is not None:
                entries[key.value] = Entry(self._span(key), known, key.value)
        return MapValue(entries, self._span(value))

    def _start(self, value: ast.expr) -> MapValue | None:
        if isinstance(value, ast.Dict):
            return self.map_of(value)
        # A copy of the event, or the event itself.
        copied = isinstance(value, ast.Call) and not value.keywords and last_name(value.func) in _COPYING
        return MapValue({}, self._span(value)) if copied or isinstance(value, ast.Name) else None

    def _with(self, held: MapValue, key: str, value: ast.expr) -> MapValue:
        entries = {name: entry for name, entry in held.entries.items() if name != key}
        known = self._value(value, 0)
        if known is not None:
            entries[key] = Entry(self._span(value), known, key)
        return held._replace(entries=entries)

    def _left_open(self, held: MapValue, statement: ast.stmt, name: str) -> MapValue | None:
        """What is left of a dictionary after a statement that may change it; None where nothing is."""
        entries = dict(held.entries)
        for node in _own([statement]):
            if isinstance(node, ast.Call) and _hands_over(node, name):
                return None
            if isinstance(node, ast.Name) and node.id == name and not isinstance(node.ctx, ast.Load):
                return None
            if isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load) and _stores(node, name):
                first = _first_key(node)
                if first is None:
                    return None
                entries.pop(first, None)
        return held._replace(entries=entries)

    def _value(self, node: ast.expr, depth: int) -> Value | None:
        if isinstance(node, ast.Name):
            node = self._stated.get(node.id, node)
        if (name := _variable(node)) is not None:
            return self._variables.get(name)
        if isinstance(node, ast.Constant) and isinstance(node.value, (str, int, float, bool)):
            return Scalar(node.value, self._span(node))
        return self.map_of(node, depth) if isinstance(node, ast.Dict) and depth < DEPTH_LIMIT else None

    def _span(self, node: ast.expr) -> Span:
        if isinstance(self._place, Span):
            return self._place
        end = (node.end_lineno or node.lineno, (node.end_col_offset or node.col_offset) + 1)
        return Span(self._place, node.lineno, node.col_offset + 1, *end)


def _variable(node: ast.expr) -> str | None:
    """The environment variable that an expression reads: `os.environ["IMAGE"]`."""
    if isinstance(node, ast.Subscript):
        reader, key, readers = node.value, node.slice, _ENVIRONMENTS
    elif isinstance(node, ast.Call) and len(node.args) == 1 and not node.keywords:
        reader, key, readers = node.func, node.args[0], _READING
    else:
        return None
    if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
        return None
    return key.value if dotted(reader) in readers else None


def _touches(statement: ast.stmt, name: str) -> bool:
    return any(isinstance(node, ast.Name) and node.id == name for node in ast.walk(statement))


def _key(target: ast.expr, name: str) -> str | None:
    """The key of `name["key"] = …`."""
    if isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name) and target.value.id == name:
        return _first_key(target)
    return None


def _first_key(node: ast.Subscript) -> str | None:
    """The key of the outermost dictionary: `a` of `name["a"]["b"]`."""
    while isinstance(node.value, ast.Subscript):
        node = node.value
    key = node.slice
    return key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else None


def _stores(target: ast.expr, name: str) -> bool:
    """Whether an assignment to a target changes what a name stands for, or something in it."""
    while isinstance(target, (ast.Subscript, ast.Attribute)):
        target = target.value
    if isinstance(target, (ast.Tuple, ast.List)):
        return any(_stores(each, name) for each in target.elts)
    return isinstance(target, ast.Name) and target.id == name


def _hands_over(value: ast.expr, name: str) -> bool:
    """Whether a name is handed to a call that may change it, is kept, or changed by a method."""
    if isinstance(value, ast.Name):
        return value.id == name
    return any(isinstance(node, ast.Call) and _may_change(node, name) for node in ast.walk(value))


def _may_change(call: ast.Call, name: str) -> bool:
    function = call.func
    if isinstance(function, ast.Attribute) and function.attr in _CHANGING and _stores(function.value, name):
        return True
    given = (*call.args, *(each.value for each in call.keywords))
    is_given = any(isinstance(each, ast.Name) and each.id == name for each in given)
    return is_given and last_name(call.func) not in _LOOKING
