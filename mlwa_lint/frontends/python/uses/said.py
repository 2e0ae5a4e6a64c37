"""What a Python file or notebook says of others: what it imports, names and calls."""

import ast
import json
from collections.abc import Iterator, Mapping, Sequence

from mlwa_lint.files.notebooks import ENDING
from mlwa_lint.frontends.python.syntax.notebook import without_magics
from mlwa_lint.frontends.python.syntax.parse import parse
from mlwa_lint.frontends.python.syntax.source import PythonSyntaxError
from mlwa_lint.startup.records import NamedTuple

# Longer texts name nothing: they are documents.
_NAME_LIMIT = 200


class Import(NamedTuple):
    """A module or member that is imported, by its dotted name; `level`: how many dots stand before it."""

    level: int
    steps: tuple[str, ...]


class Said(NamedTuple):
    """What a file says. names: those that it uses, whole texts included; imported: those it only imports.

    calls: by the last name of what is called. is_program: whether it says what it does when it is run.
    """

    imports: tuple[Import, ...]
    names: frozenset[str]
    calls: Mapping[str, Sequence[ast.Call]]
    is_program: bool


NOTHING = Said((), frozenset(), {}, False)


def cells_in(content: bytes) -> list[tuple[str, str]] | None:
    """Kind and source of a notebook's cells; None where it is no notebook."""
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        return None
    cells = document.get("cells") if isinstance(document, dict) else None
    if not isinstance(cells, list):
        return None
    found = []
    for cell in cells:
        source = cell.get("source", "") if isinstance(cell, dict) else ""
        lines = source if isinstance(source, list) else [source]
        text = "".join(line for line in lines if isinstance(line, str))
        found.append((str(cell.get("cell_type", "")) if isinstance(cell, dict) else "", text))
    return found


def said_in(name: str, content: bytes) -> Said:
    """What a file says, as far as it is Python."""
    if not name.endswith(ENDING):
        return _said(_statements(content.decode("utf-8-sig", "replace")), is_notebook=False)
    code = (source for kind, source in cells_in(content) or () if kind == "code")
    return _said([each for source in code for each in _statements(source)], is_notebook=True)


def _statements(code: str) -> list[ast.stmt]:
    for text in (code, without_magics(code)):
        try:
            return parse(text)
        except PythonSyntaxError:
            continue
    return []


def _said(body: Sequence[ast.stmt], is_notebook: bool) -> Said:
    imports: list[Import] = []
    names: set[str] = set()
    calls: dict[str, list[ast.Call]] = {}
    renamed: dict[str, str] = {}
    for node in _nodes(body):
        if isinstance(node, ast.Name):
            names.add(node.id)
        elif isinstance(node, ast.Attribute):
            names.add(node.attr)
        elif isinstance(node, ast.Constant):
            if isinstance(node.value, str) and len(node.value) < _NAME_LIMIT:
                names.add(node.value)
        elif isinstance(node, ast.Call):
            called = last_name(node.func)
            if called:
                calls.setdefault(called, []).append(node)
        elif isinstance(node, ast.Import):
            imports += [Import(0, tuple(alias.name.split("."))) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = tuple((node.module or "").split(".")) if node.module else ()
            imports += [Import(node.level, (*base, alias.name)) for alias in node.names]
            renamed.update((alias.asname, alias.name) for alias in node.names if alias.asname)
    for used, name in renamed.items():
        if used in names:
            names.add(name)
            calls.setdefault(name, []).extend(calls.get(used, ()))
    return Said(tuple(imports), frozenset(names), calls, is_notebook or any(map(_is_running, body)))


def _nodes(body: Sequence[ast.stmt]) -> Iterator[ast.AST]:
    for statement in body:
        yield from ast.walk(statement)


def last_name(node: ast.expr) -> str:
    """The last part of a dotted name."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _is_running(statement: ast.stmt) -> bool:
    """Whether a statement of a file does something: `main()`, `if __name__ == "__main__": …`."""
    if isinstance(statement, ast.Expr):
        return not isinstance(statement.value, ast.Constant)
    if isinstance(statement, ast.If):
        return "__name__" in ast.dump(statement.test)
    return isinstance(statement, (ast.For, ast.While, ast.With))
