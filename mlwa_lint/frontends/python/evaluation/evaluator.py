"""The evaluator: syntax, calls, modules of the project and tables of what is outside, put together."""

import ast
from collections.abc import Callable, Sequence
from pathlib import Path

from mlwa_lint.frontends.python.evaluation import calls, expressions, statements
from mlwa_lint.frontends.python.evaluation.archives import Archives
from mlwa_lint.frontends.python.evaluation.callables import callables_table
from mlwa_lint.frontends.python.evaluation.configurations import LibraryConfigurations
from mlwa_lint.frontends.python.evaluation.core import Core
from mlwa_lint.frontends.python.evaluation.environment import Environment
from mlwa_lint.frontends.python.evaluation.files import Files
from mlwa_lint.frontends.python.evaluation.library import library
from mlwa_lint.frontends.python.evaluation.matching import matching
from mlwa_lint.frontends.python.evaluation.modules import Modules
from mlwa_lint.frontends.python.evaluation.options import options_table
from mlwa_lint.frontends.python.evaluation.outputs import outputs_table
from mlwa_lint.frontends.python.evaluation.records import records_table
from mlwa_lint.frontends.python.evaluation.values import (
    ClassObj,
    Frame,
    FunctionObj,
    InstanceObj,
    Names,
    PathObj,
    PythonModule,
    PyValue,
    Site,
)
from mlwa_lint.frontends.python.syntax.source import PythonSource, Unit, nodes_below
from mlwa_lint.model.spans import Span, start_of
from mlwa_lint.model.values import Absent, Scalar

# What is known of a call by its dotted name; None when nothing is.
LibraryTable = Callable[[Core, str, Site], "PyValue | None"]
_NOWHERE = start_of("")


class Evaluator(Core):
    """Evaluates one program."""

    def __init__(self, modules: Modules, files: Files, tables: Sequence[LibraryTable]) -> None:
        super().__init__()
        self._read: dict[str, set[str]] = {}
        self._modules = modules
        self._files = files
        self._main: PythonModule | None = None
        self._tables = (
            *tables,
            Environment(files).table,
            library,
            callables_table,
            records_table,
            matching,
            options_table,
            outputs_table,
            Archives().table,
            files.table,
            LibraryConfigurations(files).table,
            self._places_of_modules,
        )

    # Called a million times for a program: no function is in between.
    evaluate = expressions.evaluate
    run = statements.run
    call = calls.call
    call_method = calls.call_method
    call_function = calls.call_function
    attribute = calls.attribute

    def of_path(self, base: PathObj, name: str, site: Site) -> PyValue | None:
        """A method of a path."""
        return self._files.of_path(self, base, name, site)

    def project_text(self, name: str) -> str | None:
        """The text of a file, beside the program or at the project's root."""
        return self._files.text(Scalar(name, _NOWHERE))

    def project_file(self, name: PyValue) -> Path | None:
        """A file, beside the program or at the project's root."""
        return self._files.located(name)

    def external(self, path: str, site: Site) -> PyValue | None:
        """What the tables know of a call."""
        for table in self._tables:
            found = table(self, path, site)
            if found is not None:
                return found
        return None

    def _places_of_modules(self, core: Core, path: str, site: Site) -> PyValue | None:
        """`sys.path.append("../src")`, `sys.path.insert(0, "../src")`."""
        if path not in ("sys.path.append", "sys.path.insert") or not site.positional:
            return None
        given = site.positional[-1]
        held = given.text if isinstance(given, PathObj) else given
        if isinstance(held, Scalar) and isinstance(held.data, str) and "\0" not in held.data:
            self._modules.search(held.data)
        return Absent(site.span)

    def imported(self, name: str, level: int, frame: Frame) -> PythonModule | None:
        """A module of the project, evaluated when it is first imported; what it deploys is its own matter."""
        if name == "__main__" and not level:
            return self._main
        found = self._modules.find(name, level, frame.source.path)
        if found is None or isinstance(found, PythonModule):
            return found
        module, unit = found
        if unit is not None:
            module.cells["__file__"] = Scalar(unit.source.path, start_of(unit.source.path))
            guards, self.guards = self.guards, ()
            recording, self.recording = self.recording, False
            try:
                with self.stops.uncertainly():
                    self.run(unit.body, Frame(unit.source, module))
            finally:
                self.guards, self.recording = guards, recording
        return module

    def program(self, units: Sequence[Unit], name: str) -> None:
        """Runs a file's statements, and then the functions that nothing called."""
        module = self._main = PythonModule(name)
        place = start_of(name)
        module.cells["__name__"] = Scalar("__main__", place)
        module.cells["__file__"] = Scalar(units[0].source.path if units else name, place)
        for unit in units:
            self.run(unit.body, Frame(unit.source, module))
        self._run_uncalled(module.cells, units)
        self._read.setdefault(name, set()).update(_mentioned(units, read=True))

    def reads(self, name: str, path: str) -> bool:
        """Whether a file that was followed uses what it calls by a name; others may."""
        return path not in self._read or name in self._read[path]

    def _run_uncalled(self, names: Names, units: Sequence[Unit]) -> None:
        waiting = [each for each in _functions_in(names) if id(each[0].node) not in self.called]
        if len(waiting) > 1:
            # One that no other code names is where a program may start: it comes before those it calls.
            mentioned = _mentioned(units)
            waiting.sort(key=lambda each: each[0].name in mentioned)
        instances: dict[int, InstanceObj] = {}
        for function, owner in waiting:
            if id(function.node) in self.called or function.name == "__init__":
                continue
            span = function.frame.source.span(function.node)
            receiver: PyValue | None = None
            if owner is not None and not function.decorations & {"staticmethod"}:
                if id(owner) not in instances:
                    instances[id(owner)] = self._instance(owner, span)
                receiver = instances[id(owner)]
            calls.call_unasked(self, function, receiver, span)

    def _instance(self, owner: ClassObj, span: Span) -> InstanceObj:
        """An object of a class that is instantiated nowhere here."""
        made = InstanceObj(owner, span)
        initialiser = owner.found("__init__")
        if isinstance(initialiser, FunctionObj):
            calls.call_unasked(self, initialiser, made, span)
        return made


def _mentioned(units: Sequence[Unit], read: bool = False) -> frozenset[str]:
    """The names that code uses, or only those that it reads; names in comments and texts do not count."""
    found: set[str] = set()
    pending: list[ast.AST] = [statement for unit in units for statement in unit.body]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Name):
            if not read or isinstance(node.ctx, ast.Load):
                found.add(node.id)
            continue
        if isinstance(node, ast.Attribute) and not (read and isinstance(node.ctx, ast.Store)):
            found.add(node.attr)
        pending += nodes_below(node)
    return frozenset(found)


def _functions_in(names: Names) -> list[tuple[FunctionObj, ClassObj | None]]:
    found: list[tuple[FunctionObj, ClassObj | None]] = []
    for value in names.values():
        if isinstance(value, FunctionObj):
            found.append((value, None))
        elif isinstance(value, ClassObj):
            found += [(each, value) for each in value.cells.values() if isinstance(each, FunctionObj)]
    return found


__all__ = ["Evaluator", "LibraryTable", "PythonSource"]
