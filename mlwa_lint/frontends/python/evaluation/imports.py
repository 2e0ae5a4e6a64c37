"""Imports: modules of the project are evaluated, everything else is an external name."""

import ast

from mlwa_lint.frontends.python.evaluation.core import Core
from mlwa_lint.frontends.python.evaluation.values import External, Frame, PythonModule, PyValue


def import_names(core: Core, node: ast.Import, frame: Frame) -> None:
    """`import a.b as c`."""
    for alias in node.names:
        module = core.imported(alias.name, 0, frame)
        if alias.asname is not None:
            value: PyValue = module if module is not None else External(alias.name)
            core.store(frame.cells, alias.asname, value)
            continue
        first, _, rest = alias.name.partition(".")
        if module is None:
            core.store(frame.cells, first, External(first))
        elif not rest:
            core.store(frame.cells, first, module)
        else:
            _put_below(core, frame, alias.name.split("."), module)


def _put_below(core: Core, frame: Frame, names: list[str], module: PythonModule) -> None:
    """`import a.b` of the project's own: `a` is a module that has `b`."""
    held = frame.cells.get(names[0])
    if not isinstance(held, PythonModule):
        held = core.imported(names[0], 0, frame) or PythonModule(names[0])
        core.store(frame.cells, names[0], held)
    for name in names[1:-1]:
        below = held.cells.get(name)
        if not isinstance(below, PythonModule):
            below = PythonModule(name)
            core.store(held.cells, name, below)
        held = below
    core.store(held.cells, names[-1], module)


def import_from(core: Core, node: ast.ImportFrom, frame: Frame) -> None:
    """`from a import b as c`, `from . import b`, `from a import *`."""
    name = node.module or ""
    module = core.imported(name, node.level, frame)
    for alias in node.names:
        if alias.name == "*":
            if module is not None:
                for each, value in module.cells.items():
                    if not each.startswith("_"):
                        core.store(frame.cells, each, value)
            continue
        core.store(frame.cells, alias.asname or alias.name, _member(core, node, alias.name, module, frame))


def _member(
    core: Core, node: ast.ImportFrom, name: str, module: PythonModule | None, frame: Frame
) -> PyValue:
    if module is not None and name in module.cells:
        found: PyValue = module.cells[name]
        return found
    inner = core.imported(f"{node.module}.{name}" if node.module else name, node.level, frame)
    if inner is not None:
        return inner
    if module is not None or node.level:
        return core.unknown(
            f"{name} is not defined in {node.module or 'the package'}", frame.source.span(node)
        )
    return External(f"{node.module}.{name}")
