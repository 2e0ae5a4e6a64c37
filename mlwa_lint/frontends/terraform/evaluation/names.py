"""The names and functions that a module gives to its expressions."""

from collections.abc import Sequence
from typing import Protocol

from mlwa_lint.frontends.expressions import Expr
from mlwa_lint.model.conditions import Condition
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import Value


class ModuleNames(Protocol):
    """A module's own names and functions."""

    def named(self, path: tuple[str, ...], span: Span) -> tuple[Value, int]:
        """The value of a name and how many steps of the path it took."""
        ...

    def expression_of_local(self, name: str) -> Expr | None:
        """How a local value is defined."""
        ...

    def type_of_variable(self, name: str) -> Expr | None:
        """The type constraint of a variable."""
        ...

    def function(self, name: str, arguments: Sequence[Value], span: Span) -> Value:
        """The result of a function on arguments without choices."""
        ...

    def noted(self, identity: str, text: str, literal: str | None, opaque: bool = False) -> Condition:
        """The condition that something open holds, or equals a literal, in the author's words."""
        ...

    def output_of_state(self, backend: str, config: Value, name: str) -> Value | None:
        """An output of the configuration whose state is at a place; None where that is not known."""
        ...

    def attribute_of(self, address: str, name: str) -> Value | None:
        """An attribute of a resource by its whole address; None where there is no such instance."""
        ...
