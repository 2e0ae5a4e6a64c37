"""The changes that `mutation_score.py` tries: cosmic-ray's, as new code of functions."""

import random
import tomllib
import warnings
from collections.abc import Iterator, Mapping
from difflib import unified_diff
from pathlib import Path
from types import CodeType
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
# Changes that show nothing about tests: decorators seldom serve what a test can see.
_LEFT_OUT = ("RemoveDecorator", "VariableReplacer", "VariableInserter")
# The same for constants that exist once.
_EQUIVALENT = ("_Eq_Is", "_Is_Eq", "_NotEq_IsNot", "_IsNot_NotEq")
# Changes that make no difference, each with the reason.
_LISTED = ROOT / "scripts" / "equivalent_changes.toml"


class Change(NamedTuple):
    """One small change of a file: the n-th place where an operator of cosmic-ray fits, and its line."""

    path: str
    operator: str
    occurrence: int
    line: int


class Altered(NamedTuple):
    """A change that can be tried: the file's new text, and the new code of functions."""

    change: Change
    text: str
    codes: Mapping[tuple[str, int], CodeType]


def changes(package: str, prefix: str) -> Iterator[Change]:
    """Every change that can be made to a package's files that begin with a prefix."""
    from cosmic_ray.ast import ast_nodes, get_ast
    from cosmic_ray.plugins import get_operator, operator_names
    from cosmic_ray.util import read_python_source

    names = [
        each
        for each in operator_names()
        if not each.rpartition("/")[2].startswith(_LEFT_OUT) and not each.endswith(_EQUIVALENT)
    ]
    for path in sorted((ROOT / package).rglob("*.py")):
        relative = path.relative_to(ROOT).as_posix()
        if not relative.startswith(prefix):
            continue
        nodes = list(ast_nodes(get_ast(read_python_source(path))))
        for name in names:
            operator = get_operator(name)()
            positions = (each for node in nodes for each in operator.mutation_positions(node))
            for number, position in enumerate(positions):
                yield Change(relative, name, number, position[0][0])


def altered(change: Change) -> Altered | None:
    """The change as code; None where it changes nothing that a running function does."""
    from cosmic_ray.mutating import mutate_code
    from cosmic_ray.plugins import get_operator

    path = ROOT / change.path
    text = path.read_text("utf-8")
    mutated: str | None = mutate_code(text.encode(), get_operator(change.operator)(), change.occurrence)
    if mutated is None:
        return None
    try:
        with warnings.catch_warnings(action="ignore"):
            before, after = (dict(codes_of(compile(each, str(path), "exec"))) for each in (text, mutated))
    except SyntaxError:  # the `**` of `{**values}` is not an operator, but is taken for one
        return None
    if before.keys() != after.keys():
        return None
    functions = {
        key: code
        for key, code in after.items()
        if code.co_flags & 2 and _runs(code) != _runs(before[key])  # 2: with local variables of its own
    }
    return Altered(change, mutated, functions) if functions else None


def codes_of(
    code: CodeType, seen: dict[str, int] | None = None
) -> Iterator[tuple[tuple[str, int], CodeType]]:
    """A module's code objects by qualified name, those of the same name numbered."""
    seen = {} if seen is None else seen
    number = seen[code.co_qualname] = seen.get(code.co_qualname, -1) + 1
    yield (code.co_qualname, number), code
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield from codes_of(each, seen)


def _runs(code: CodeType) -> tuple[object, ...]:
    """What a code object does, without its lines; code inside it counts separately, but for lambdas."""
    constants = tuple((type(each), _constant(each)) for each in code.co_consts)
    return code.co_code, constants, code.co_names, code.co_freevars, code.co_varnames


def _constant(value: object) -> object:
    return _runs(value) if isinstance(value, CodeType) else repr(value)


def lines_of(each: Altered) -> tuple[str, str]:
    """The lines that a change replaces, and what it replaces them with."""
    changed = difference(each.change.path, each.text).splitlines()
    before, after = ([line[1:].strip() for line in changed if line[0] == sign] for sign in "-+")
    return "\n".join(before), "\n".join(after)


def listed() -> set[tuple[str, str, str]]:
    """The changes that make no difference: file, lines before, lines after."""
    listed = tomllib.loads(_LISTED.read_text("utf-8"))["change"]
    return {(each["path"], each["before"], each["after"]) for each in listed if each["reason"]}


def difference(path: str, text: str) -> str:
    """The lines of a file that another text of it changes, and those around."""
    lines = unified_diff((ROOT / path).read_text("utf-8").splitlines(), text.splitlines(), n=1, lineterm="")
    return "\n".join(list(lines)[2:])


def drawn(package: str, seed: int, prefix: str) -> Iterator[Altered]:
    """The changes of a package in an order that depends on the seed alone."""
    every = list(changes(package, prefix))
    random.Random(seed).shuffle(every)
    return (found for each in every if (found := altered(each)) is not None)
