"""What of a file runs for one of several functions whose handlers are in it."""

import ast
import re
from collections import Counter

from mlwa_lint.frontends.python.syntax.parse import shared
from mlwa_lint.frontends.python.syntax.source import PythonSyntaxError

_WORD = re.compile(r"\w+")
_FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef
# By these, a program finds its functions without their names.
_ANY = re.compile(r"\b(?:globals|locals|vars|eval|exec)\(|sys\.modules")


def part_of(text: str, handler: str) -> str:
    """The text without the functions and clients that a handler certainly does not use, with as many lines.

    A function is used if anything else that is mentions its name, even in a comment; one with a decorator may
    be registered by that. Without the handler at the top of the file, all of it may be used.
    """
    if text.count("def ") < 2 or _ANY.search(text):
        return text
    try:
        body = shared(text)
    except (PythonSyntaxError, ValueError):
        return text
    if not any(isinstance(each, _FUNCTION) and each.name == handler for each in body):
        return text
    lines = text.splitlines(keepends=True)
    apart: dict[str, list[tuple[int, int]]] = {}
    starting = Counter(each.lineno for each in body)  # several in one line: `a = 1; b = 2`
    for each in body:
        name = _name_of(each)
        if name not in ("", handler) and starting[each.lineno] == 1:
            apart.setdefault(name, []).append((each.lineno - 1, each.end_lineno or each.lineno))
    rest = list(lines)
    for first, end in (place for places in apart.values() for place in places):
        rest[first:end] = [_empty(line) for line in lines[first:end]]
    pending = {name for name in _WORD.findall("".join(rest)) if name in apart}
    while pending:
        for first, end in apart.pop(pending.pop()):
            rest[first:end] = lines[first:end]
            pending.update(name for name in _WORD.findall("".join(lines[first:end])) if name in apart)
    return "".join(rest)


def _name_of(statement: ast.stmt) -> str:
    """The name of a function or a client of boto3, which does nothing where nothing mentions it."""
    if isinstance(statement, _FUNCTION):
        return "" if statement.decorator_list else statement.name
    if not isinstance(statement, ast.Assign) or not isinstance(statement.value, ast.Call):
        return ""
    called, target = statement.value.func, statement.targets[0]
    made = isinstance(called, ast.Attribute) and called.attr in ("client", "resource")
    return target.id if made and len(statement.targets) == 1 and isinstance(target, ast.Name) else ""


def _empty(line: str) -> str:
    return line[len(line.rstrip("\r\n")) :]
