"""Expressions that may name nothing: defaults, variable files."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from mlwa_lint.frontends.evaluator import evaluate
from mlwa_lint.frontends.expressions import Expr
from mlwa_lint.frontends.failures import failure
from mlwa_lint.frontends.options import Json
from mlwa_lint.frontends.terraform.evaluation.scope import TerraformFrame
from mlwa_lint.model.conditions import Condition
from mlwa_lint.model.spans import Span, start_of
from mlwa_lint.model.values import Absent, Entry, ListValue, MapValue, Scalar, Unknown, Value


class _Nothing:
    """A module without any names."""

    def named(self, path: tuple[str, ...], span: Span) -> tuple[Value, int]:
        return Unknown(f"{'.'.join(path)} cannot be used here", span), len(path)

    def expression_of_local(self, name: str) -> Expr | None:
        return None

    def type_of_variable(self, name: str) -> Expr | None:
        return None

    def function(self, name: str, arguments: Sequence[Value], span: Span) -> Value:
        from mlwa_lint.frontends.terraform.functions import FunctionContext, call

        return call(name, arguments, span, FunctionContext(Path(), Path()))

    def noted(self, identity: str, text: str, literal: str | None, opaque: bool = False) -> Condition:
        return Condition(identity, text, None, opaque)

    def output_of_state(self, backend: str, config: Value, name: str) -> Value | None:
        return None

    def attribute_of(self, address: str, name: str) -> Value | None:
        return None


_NOTHING = TerraformFrame(_Nothing())


def constant(expression: Expr) -> Value:
    """The value of an expression that names nothing."""
    return evaluate(expression, _NOTHING)


def from_json(data: Json, span: Span) -> Value:
    """A JSON value as the user gave it on the command line."""
    if data is None:
        return Absent(span)
    if isinstance(data, list):
        return ListValue(tuple(from_json(item, span) for item in data), span)
    if isinstance(data, dict):
        return MapValue({key: Entry(span, from_json(item, span), key) for key, item in data.items()}, span)
    return Scalar(data, span)


COMMAND_LINE = start_of("<command line>")


class _Template(_Nothing):
    """A template file: its variables are the only names, and it may call functions."""

    def __init__(self, functions: "Functions") -> None:
        self._functions = functions

    def function(self, name: str, arguments: Sequence[Value], span: Span) -> Value:
        if name.startswith("template"):
            # Terraform forbids it too: a template could include itself.
            return failure(f"{name} cannot be called in a template", span)
        return self._functions.function(name, arguments, span, Path())


def template_frame(functions: "Functions", names: dict[str, Value]) -> TerraformFrame:
    """The scope of a template."""
    return TerraformFrame(_Template(functions), names)


class Functions(Protocol):
    """Who calls functions for a template."""

    def function(self, name: str, arguments: Sequence[Value], span: Span, folder: Path) -> Value:
        """A function's result."""
        ...
