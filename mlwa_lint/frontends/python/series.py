"""Notebooks that are worked through one after the other: `1-deploy.ipynb`, `2-clean-up.ipynb`."""

import ast
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from mlwa_lint.files.notebooks import ENDING
from mlwa_lint.files.paths import inside, shown
from mlwa_lint.files.reading import TooLargeError, names_if_listed, read_text
from mlwa_lint.frontends.python.ledger import Created
from mlwa_lint.frontends.python.limits import SERIES_LIMIT, SOURCE_LIMIT
from mlwa_lint.frontends.python.syntax.reader import read
from mlwa_lint.frontends.python.syntax.source import PythonSyntaxError, Unit
from mlwa_lint.model.resources import DELETED
from mlwa_lint.model.spans import Span, start_of
from mlwa_lint.model.values import Entry, Scalar

_NUMBER = re.compile(r"\d+(?:[._-]\d+)*")
_CLEANING = re.compile(r"clean[ _-]?up", re.IGNORECASE)
# Deletion that is commented out so that all cells can be run at once.
_COMMENT = re.compile(r"(?m)^[ \t]*#.*\bdelete_(?:endpoint|predictor)\(")
_ENDPOINT = "AWS::SageMaker::Endpoint"
_DELETES = frozenset({"delete_endpoint", "delete_predictor"})
_HOSTING = (_ENDPOINT, "AWS::SageMaker::EndpointConfig")


def mark_deleted(path: Path, root: Path, own: Sequence[Unit], created: list[Created]) -> str | None:
    """Notes of the endpoints that a notebook leaves that it, or a later one, deletes.

    It may do so under a switch, or in a comment.

    root: the project's folder, beyond which nothing is read. own: the notebook's cells. Returns the later
    notebook of its series as it is shown, None where there is none.
    """
    left = [each for each in created if each.kind in _HOSTING and DELETED not in each.attributes]
    if path.suffix != ENDING or not any(each.kind == _ENDPOINT for each in left):
        return None
    if any(map(_is_switch, _statements(own))) or any(_COMMENT.search(unit.source.text) for unit in own):
        _mark(left, start_of(shown(path)))
        return None
    deleting = next((each for each in _later(path) if _deletes_endpoints(each, root)), None)
    if deleting is None:
        return None
    _mark(left, start_of(shown(deleting)))
    return shown(deleting)


def _mark(left: list[Created], span: Span) -> None:
    for each in left:
        each.attributes[DELETED] = Entry(span, Scalar(True, span))


def _statements(units: Sequence[Unit]) -> Iterator[ast.stmt]:
    for unit in units:
        yield from unit.body


def _is_switch(statement: ast.stmt) -> bool:
    """Whether a statement deletes an endpoint of some name if its reader wants it to: `if clean_up: …`."""
    return isinstance(statement, ast.If) and any(
        _is_deletion(node) and not _names_literally(node) for node in ast.walk(statement)
    )


def _names_literally(node: ast.AST) -> bool:
    given = [*node.args, *(each.value for each in node.keywords)] if isinstance(node, ast.Call) else []
    return any(isinstance(each, ast.Constant) and isinstance(each.value, str) for each in given)


def _later(path: Path) -> Iterator[Path]:
    """The notebooks of the folder that clean up, and those that come after one by their numbers."""
    own = _number(path.name)
    names = names_if_listed(path.parent)
    beside = [each for each in names if each.endswith(ENDING) and each != path.name]
    cleaning = [each for each in beside if _CLEANING.search(each)]
    further = [each for each in beside if own and (number := _number(each)) and number > own]
    for each in list(dict.fromkeys((*cleaning, *further)))[:SERIES_LIMIT]:
        yield path.parent / each


def _number(name: str) -> tuple[int, ...]:
    found = _NUMBER.match(name)
    return tuple(int(part) for part in re.split(r"[._-]", found.group())) if found else ()


def _deletes_endpoints(path: Path, root: Path) -> bool:
    if inside(path, root) is None:
        return False
    try:
        program = read(shown(path), read_text(path, SOURCE_LIMIT))
    except (OSError, TooLargeError, UnicodeDecodeError, PythonSyntaxError):
        return False
    statements = _statements(program.units)
    return any(_is_deletion(node) for statement in statements for node in ast.walk(statement))


def _is_deletion(node: ast.AST) -> bool:
    """`sm.delete_endpoint(...)`, `Endpoint.get(name).delete()`."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    if node.func.attr in _DELETES:
        return True
    return node.func.attr == "delete" and ast.unparse(node.func.value).startswith("Endpoint.get(")
