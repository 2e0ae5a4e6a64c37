"""Whose defaults a program rests on: parameters of functions, options of the command line."""

from mlwa_lint.frontends.python.evaluation.values import FunctionObj
from mlwa_lint.startup.records import NamedTuple


class FunctionParameter(NamedTuple):
    """A parameter of a function that nothing in the program calls, by the name under which it is called.

    position: among the positional arguments; -1 where it is handed over by name only.
    """

    path: str
    called: str
    name: str
    position: int


class ScriptOption(NamedTuple):
    """An option of a script, in all its spellings."""

    path: str
    spellings: tuple[str, ...]


Defaulted = FunctionParameter | ScriptOption


def parameter_of(function: FunctionObj, name: str, skipped: int) -> FunctionParameter:
    """A parameter; `skipped`: how many come before the arguments, as `self` does."""
    arguments = function.node.args
    positional = [each.arg for each in (*arguments.posonlyargs, *arguments.args)][skipped:]
    called = function.name
    if called == "__init__" and function.owner is not None:
        called = function.owner.name
    position = positional.index(name) if name in positional else -1
    return FunctionParameter(function.frame.source.path, called, name, position)
