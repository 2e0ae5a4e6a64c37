"""A file into the statements of its program: a script as a whole, a notebook cell by cell."""

from collections.abc import Mapping, Sequence

from mlwa_lint.frontends.python.syntax.notebook import program_of
from mlwa_lint.frontends.python.syntax.parse import parse
from mlwa_lint.frontends.python.syntax.source import Source, Unit
from mlwa_lint.model.resources import Problem
from mlwa_lint.startup.records import NamedTuple


class Program(NamedTuple):
    """What runs, in its order.

    written:  modules that the program writes beside itself (`%%writefile`), by name.
    problems: cells that cannot be read. builds_images: whether cells build container images and push them.
    """

    units: Sequence[Unit]
    written: Mapping[str, Unit] = {}
    problems: Sequence[Problem] = ()
    builds_images: bool = False


def read(path: str, text: str) -> Program:
    """The program in a file's text. Raises PythonSyntaxError."""
    if path.endswith(".ipynb"):
        return Program(*program_of(path, text))
    return Program([Unit(parse(text), Source(path, text))])
