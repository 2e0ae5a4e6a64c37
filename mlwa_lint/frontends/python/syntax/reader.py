"""A file into the statements of its program: a script as a whole, a notebook cell by cell."""

from collections.abc import Mapping, Sequence

from mlwa_lint.frontends.python.syntax.notebook import program_of
from mlwa_lint.frontends.python.syntax.parse import parse
from mlwa_lint.frontends.python.syntax.source import PythonSource, Unit
from mlwa_lint.model.resources import Problem
from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple

# Characters of source whose trees are kept for the next program: a tree takes some twenty bytes for each.
_KEPT = 1_000_000
# A command in one text or in a list of words, and the client of Docker.
_PUSHING = lazy(r"\bdocker[\"', ]{1,6}push\b|\.images\.push\(|\bsm-docker build\b")
# The words of a command that is put together.
_OF_PUSHING = (lazy(r"[\"']docker[\"']"), lazy(r"[\"']push[\"']"))
_kept: dict[tuple[str, str], Unit] = {}


class Program(NamedTuple):
    """What runs, in its order.

    written:  modules that the program writes beside itself (`%%writefile`), by name.
    problems: cells that cannot be read. builds_images: whether it builds container images and pushes them.
    """

    units: Sequence[Unit]
    written: Mapping[str, Unit] = {}
    problems: Sequence[Problem] = ()
    builds_images: bool = False


def read(path: str, text: str) -> Program:
    """The program in a file's text. Raises PythonSyntaxError."""
    if path.endswith(".ipynb"):
        return Program(*program_of(path, text))
    return Program([unit_of(path, text)], builds_images=_pushes_images(text))


def _pushes_images(text: str) -> bool:
    return _PUSHING.search(text) is not None or all(each.search(text) is not None for each in _OF_PUSHING)


def unit_of(path: str, text: str) -> Unit:
    """The statements of a script or module: many programs import the same. Raises PythonSyntaxError."""
    key = (path, text)
    unit = _kept.pop(key, None)
    if unit is None:
        unit = Unit(parse(text), PythonSource(path, text))
        left = _KEPT - len(text)
        for each in reversed(list(_kept)):
            left -= len(each[1])
            if left < 0:
                _kept.pop(each, None)
    _kept[key] = unit
    return unit


def forget() -> None:
    """Lets go of the trees that are kept."""
    _kept.clear()
