"""Operators by their precedence, as HCL has it; the grammar's own grouping differs in places."""

from typing import TYPE_CHECKING, Any, Protocol, cast

from mlwa_lint.frontends.expressions import Conditional, Expr, Literal, OperatorExpression
from mlwa_lint.frontends.terraform.syntax.blocks import HclSyntaxError

if TYPE_CHECKING:
    from tree_sitter import Node

POSTFIXES = frozenset({"get_attr", "index", "splat"})
PRECEDENCE = {
    "||": 1,
    "&&": 2,
    "==": 3,
    "!=": 3,
    "<": 4,
    "<=": 4,
    ">": 4,
    ">=": 4,
    "+": 5,
    "-": 5,
    "*": 6,
    "/": 6,
    "%": 6,
}


class Operands(Protocol):
    """The reader, which reads the operands between the operators."""

    def primary(self, node: "Node") -> Expr:
        """An operand without its postfixes."""
        ...

    def postfix(self, base: Expr, node: "Node") -> Expr:
        """An attribute, index or splat after an operand."""
        ...


class Climber:
    """Operators by their precedence, as HCL has it."""

    def __init__(self, reader: Operands, items: "list[Any]") -> None:
        self._reader = reader
        self._items = items
        self._next = 0

    def whole(self) -> Expr:
        """The expression that all items make."""
        found = self._ternary()
        if self._next < len(self._items):
            raise HclSyntaxError(found.span.line, "has an expression that cannot be read")
        return found

    def _peek(self) -> Any:
        return self._items[self._next] if self._next < len(self._items) else None

    def _ternary(self) -> Expr:
        condition = self._binary(1)
        if self._peek() != "?":
            return condition
        self._next += 1
        yes = self._ternary()
        self._next += 1  # the colon
        no = self._ternary()
        return Conditional(condition, yes, no, condition.span.to(no.span))

    def _binary(self, least: int) -> Expr:
        left = self._operand()
        while True:
            operator = self._peek()
            level = PRECEDENCE.get(operator, 0) if isinstance(operator, str) else 0
            if level < least:
                return left
            self._next += 1
            right = self._binary(level + 1)
            left = OperatorExpression(operator, (left, right), left.span.to(right.span))

    def _operand(self) -> Expr:
        item = self._peek()
        self._next += 1
        if item is None:
            raise HclSyntaxError(1, "has an incomplete expression")
        if item in ("!", "-"):
            operand = self._operand()
            if item == "-" and isinstance(operand, Literal) and type(operand.data) in (int, float):
                return Literal(-operand.data, operand.span)  # type: ignore[operator]
            return OperatorExpression(item, (operand,), operand.span)
        if isinstance(item, str):
            raise HclSyntaxError(1, f"has {item!r} where a value is expected")
        found = cast(Expr, item) if isinstance(item, tuple) else self._reader.primary(item)
        while True:
            following = self._peek()
            if following is None or isinstance(following, (str, tuple)) or following.type not in POSTFIXES:
                return found
            found = self._reader.postfix(found, following)
            self._next += 1
