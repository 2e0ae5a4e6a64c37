"""What is handed to a function that nothing here calls: by its annotation, a configuration of the project."""

import ast
from typing import cast

from mlwa_lint.frontends.python.evaluation.core import Core
from mlwa_lint.frontends.python.evaluation.fields import default_of
from mlwa_lint.frontends.python.evaluation.subscripts import resting_on
from mlwa_lint.frontends.python.evaluation.values import (
    ClassObj,
    Frame,
    FunctionObj,
    InstanceObj,
    PyValue,
    Site,
)
from mlwa_lint.frontends.python.syntax.source import last_name
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import Scalar

_DEPTH = 4
_AROUND = frozenset({"Optional", "Annotated"})


def handed_in(core: Core, parameter: ast.arg, function: FunctionObj, span: Span) -> PyValue:
    """A parameter that is not known; of a dataclass, what its fields are by default is assumed."""
    kind = _class_of(parameter.annotation, function.frame)
    if kind is not None:
        return _by_default(core, kind, Site(ast.Name(kind.name, ast.Load()), span, function.frame.source), 0)
    return core.unknown(f"{parameter.arg} is a parameter of {function.name}()", span)


def _class_of(annotation: ast.expr | None, frame: Frame) -> ClassObj | None:
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        try:
            annotation = ast.parse(annotation.value, mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None
    if isinstance(annotation, ast.BinOp) and isinstance(annotation.op, ast.BitOr):
        return _class_of(annotation.left, frame) or _class_of(annotation.right, frame)
    if isinstance(annotation, ast.Subscript):
        inner = annotation.slice.elts[0] if isinstance(annotation.slice, ast.Tuple) else annotation.slice
        return _class_of(inner, frame) if last_name(annotation.value) in _AROUND else None
    if not isinstance(annotation, ast.Name):
        return None
    scope: Frame | None = frame
    while scope is not None and annotation.id not in scope.cells:
        scope = scope.outer
    found = None if scope is None else cast(PyValue, scope.cells[annotation.id])
    return found if isinstance(found, ClassObj) and _has_only_fields(found) else None


def _has_only_fields(kind: ClassObj) -> bool:
    return kind.fields is not None and not isinstance(kind.found("__init__"), FunctionObj)


def _by_default(core: Core, kind: ClassObj, site: Site, depth: int) -> InstanceObj:
    made = InstanceObj(kind, site.span)
    for name in kind.fields or ():
        value = default_of(core, kind, name, site)
        if value is None:
            value = core.unknown(
                f"{kind.name}.{name} has no default, and is given where {kind.name}() is called", site.span
            )
        elif isinstance(value, InstanceObj) and depth < _DEPTH and _has_only_fields(value.kind):
            value = _by_default(core, value.kind, site, depth + 1)
        else:
            assumed = core.by_default(f"the default of {name} in {kind.name}", value)
            value = resting_on(value, Scalar("", site.span, assumed))
        core.store(made.cells, name, value)
    return made
