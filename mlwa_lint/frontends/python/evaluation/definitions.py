"""Functions and classes of the project."""

import ast

from mlwa_lint.frontends.python.evaluation.core import Core
from mlwa_lint.frontends.python.evaluation.records import complete
from mlwa_lint.frontends.python.evaluation.sites import call_node
from mlwa_lint.frontends.python.evaluation.values import (
    ClassObj,
    External,
    Frame,
    FunctionObj,
    Handle,
    PyValue,
    Site,
)
from mlwa_lint.frontends.python.syntax.source import dotted


def define_function(core: Core, node: ast.FunctionDef | ast.AsyncFunctionDef, frame: Frame) -> None:
    """`def f(...)`, of a class only where its body is the class's."""
    core.store(frame.cells, node.name, function_of(core, node, frame, _class_of(frame)))


def _class_of(frame: Frame) -> ClassObj | None:
    """The class whose body runs in a frame; none in its methods, whose names their own functions see."""
    owner = frame.owner
    return owner if owner is not None and frame.cells is owner.cells else None


def function_of(
    core: Core, node: ast.FunctionDef | ast.AsyncFunctionDef, frame: Frame, owner: ClassObj | None
) -> PyValue:
    """A function, as its decorators leave it."""
    arguments = node.args
    positional = [*arguments.posonlyargs, *arguments.args]
    defaults: dict[str, PyValue] = {}
    for parameter, default in zip(reversed(positional), reversed(arguments.defaults), strict=False):
        defaults[parameter.arg] = core.evaluate(default, frame)
    for parameter, given in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        if given is not None:
            defaults[parameter.arg] = core.evaluate(given, frame)
    decorations = frozenset(dotted(d.func if isinstance(d, ast.Call) else d) for d in node.decorator_list)
    scope = frame if _class_of(frame) is None else frame.outer
    assert scope is not None
    function = FunctionObj(node, scope, defaults, owner, decorations)
    result: PyValue = function
    for decorator in reversed(node.decorator_list):
        result = _decorated(core, decorator, result, frame)
    return result


def _decorated(core: Core, decorator: ast.expr, function: PyValue, frame: Frame) -> PyValue:
    """A decorator that a table knows may change a function; every other one is taken to leave it as it is."""
    if not isinstance(decorator, (ast.Call, ast.Name, ast.Attribute)):
        return function
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    callee = core.evaluate(called, frame)
    if not isinstance(callee, External):
        return function
    named = call_node(core, decorator, frame, "") if isinstance(decorator, ast.Call) else None
    site = Site(decorator, frame.source.span(decorator), frame.source, (function,))
    if isinstance(named, Handle):
        return named.call("__call__", site) or function
    return core.external(f"@{callee.path}", site) or function


def define_class(core: Core, node: ast.ClassDef, frame: Frame) -> None:
    """`class C(...)`; dataclasses and the like know their fields."""
    bases = [core.evaluate(base, frame) for base in node.bases]
    made = ClassObj(node, bases)
    inner = Frame(frame.source, frame.module, frame, node.name, made)
    inner.cells = made.cells
    core.run(node.body, inner)
    decorators = {dotted(d.func if isinstance(d, ast.Call) else d) for d in node.decorator_list}
    inherited: tuple[str, ...] = ()
    for base in bases:
        if isinstance(base, ClassObj) and base.fields is not None:
            inherited += base.fields
    if decorators & {"dataclass", "dataclasses.dataclass", "attr.s", "attrs.define", "define"} or inherited:
        own = (
            n.target.id for n in node.body if isinstance(n, ast.AnnAssign) and isinstance(n.target, ast.Name)
        )
        made.fields = tuple(dict.fromkeys((*inherited, *own)))
    elif any(isinstance(b, External) and b.path.endswith(("BaseModel", "BaseSettings")) for b in bases):
        made.fields = tuple(
            n.target.id for n in node.body if isinstance(n, ast.AnnAssign) and isinstance(n.target, ast.Name)
        )
    complete(made)
    core.store(frame.cells, node.name, made)
