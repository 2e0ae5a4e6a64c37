"""Open truth values in conditionals: which scenarios the author wrote down, and what is mere ignorance.

A variable without a default that decides a conditional is a scenario: both answers are meant. So is its
comparison with a literal, or with a list of them, and that of the workspace. Anything else that is open (a
data source, an unknown length) is opaque.
"""

from typing import Protocol

from mlwa_lint.frontends.choices import over_alternatives
from mlwa_lint.frontends.evaluator import EvaluationScope, evaluate
from mlwa_lint.frontends.expressions import Attribute, Call, Expr, Index, Literal, Lookup, OperatorExpression
from mlwa_lint.frontends.terraform.evaluation.names import ModuleNames
from mlwa_lint.model.conditions import Condition, Guard
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import Absent, Choice, ListValue, Scalar, Unknown, Value, plain_text
from mlwa_lint.startup.patterns import lazy

_DEPTH_LIMIT = 20
VARIABLE = "variable "
WORKSPACE = "terraform.workspace"
# What the name of a condition has between a variable and a literal.
_EQUALS = " == "
# How the identity of an open truth value shows that it denies another one, or compares a variable.
_NEGATION = lazy(r"\(!(.+)\)")
_COMPARISON = lazy(
    r"\((?P<subject>variable [\w.\-]+|terraform\.workspace) (?P<operator>[=!]=) '(?P<text>[^'\"\\]*)'\)"
)
_TESTING = frozenset({"==", "!=", "!", "&&", "||"})


class ModuleScope(EvaluationScope, Protocol):
    """A scope whose names are those of a module."""

    @property
    def module(self) -> ModuleNames:
        """The module."""
        ...


def evaluated(expression: Expr, frame: ModuleScope) -> Value:
    """The value of an argument; an open truth value is the choice between the scenarios that it states.

    `force_destroy = var.stage != "prod"` is false in production and true elsewhere, whatever is deployed.
    """
    value = evaluate(expression, frame)
    if not isinstance(value, Unknown) or not _may_test(expression):
        return value
    found = _Tester(frame).open(expression, value, 0)
    return found if isinstance(found, Choice) and _is_stated(found) else value


def _may_test(expression: Expr) -> bool:
    if isinstance(expression, OperatorExpression):
        return expression.operator in _TESTING
    if isinstance(expression, Call):
        return expression.function == "contains"
    return isinstance(expression, Lookup) and expression.path[0] == "local" and len(expression.path) == 2


def _is_stated(value: Value) -> bool:
    """Whether a choice depends on comparisons with literals alone: `var.on` itself states no scenario."""
    if isinstance(value, Choice):
        compares = _EQUALS in value.condition.name and not value.condition.opaque
        return compares and _is_stated(value.yes) and _is_stated(value.no)
    return isinstance(value, Scalar)


def tested(expression: Expr, value: Unknown, frame: ModuleScope) -> Guard | Choice:
    """The conditions that decide an open truth value: one, or a choice of true and false under several."""
    found = _Tester(frame).test(expression, 0)
    if isinstance(found, Choice):
        return _closed(found, value, expression, frame)
    return _guard(found if isinstance(found, Unknown) else value, expression, frame)


def _closed(found: Value, value: Unknown, expression: Expr, frame: ModuleScope) -> Choice:
    """The choice with nothing open left in it."""
    assert isinstance(found, Choice)

    def closed(branch: Value) -> Value:
        if isinstance(branch, Choice):
            return _closed(branch, value, expression, frame)
        if isinstance(branch, Scalar):
            return branch
        open_one = branch if isinstance(branch, Unknown) else value
        guard = _guard(open_one, expression, frame)
        return _choice(guard.condition, guard.holds, expression.span)

    return found._replace(yes=closed(found.yes), no=closed(found.no))


def _guard(value: Unknown, expression: Expr, frame: ModuleScope) -> Guard:
    """The condition that an open truth value is true: the comparison that it comes from, or an opaque one."""
    identity, holds = value.identity, True
    while (negated := _NEGATION.fullmatch(identity)) is not None:
        identity, holds = negated[1], not holds
    compared = _COMPARISON.fullmatch(identity)
    if compared is None:
        return Guard(_opaque(value, expression), True)
    literal = f'"{compared["text"]}"'
    shown = f"{shown_variable(compared['subject'])} == {literal}"
    condition = frame.module.noted(compared["subject"], shown, literal)
    return Guard(condition, holds is (compared["operator"] == "=="))


def _opaque(value: Unknown, expression: Expr) -> Condition:
    span = expression.span
    name = value.identity or f"{span.path}:{span.line}:{span.column}"
    return Condition(name, worded(expression), None, opaque=True)


def worded(expression: Expr) -> str:
    """An expression as a few words of source."""
    if isinstance(expression, Lookup):
        return ".".join(expression.path)
    if isinstance(expression, Literal):
        if expression.data is None:
            return "null"
        return f'"{expression.data}"' if isinstance(expression.data, str) else plain_text(expression.data)
    if isinstance(expression, Call):
        return f"{expression.function}({', '.join(map(worded, expression.arguments))})"
    if isinstance(expression, Index):
        return f"{worded(expression.base)}[{worded(expression.key)}]"
    if isinstance(expression, Attribute):
        return f"{worded(expression.base)}.{expression.name}"
    if isinstance(expression, OperatorExpression):
        parts = [worded(operand) for operand in expression.operands]
        if len(parts) == 1:
            return f"{expression.operator}{parts[0]}"
        return f" {expression.operator} ".join(parts)
    return "…"


class _Tester:
    def __init__(self, frame: ModuleScope) -> None:
        self._frame = frame

    def test(self, expression: Expr, depth: int) -> Value:
        """True, false, a choice of them under conditions, or Unknown."""
        value = evaluate(expression, self._frame)
        return self.open(expression, value, depth) if isinstance(value, Unknown) else value

    def open(self, expression: Expr, value: Unknown, depth: int) -> Value:
        """The same for an expression whose value is known to be open."""
        from mlwa_lint.frontends.terraform.evaluation.operators import operate

        if depth > _DEPTH_LIMIT:
            return value
        span = expression.span
        if isinstance(expression, OperatorExpression) and expression.operator in ("!", "&&", "||"):
            operator = expression.operator
            operands = [self.test(operand, depth + 1) for operand in expression.operands]
            return over_alternatives(operands, lambda given: operate(operator, given, span), span)
        if isinstance(expression, OperatorExpression) and expression.operator in ("==", "!="):
            return self._compared(expression, value)
        if isinstance(expression, Call) and expression.function == "contains":
            return self._contained(expression, value)
        if isinstance(expression, Lookup) and expression.path[0] == "local" and len(expression.path) == 2:
            definition = self._frame.module.expression_of_local(expression.path[1])
            if definition is not None:
                found = self.test(definition, depth + 1)
                return found if isinstance(found, Choice) else value
        if is_variable(value.identity):
            condition = self._frame.module.noted(value.identity, shown_variable(value.identity), None)
            return _choice(condition, True, span)
        return value

    def _compared(self, expression: OperatorExpression, value: Unknown) -> Value:
        left, right = (evaluate(operand, self._frame) for operand in expression.operands)
        subject, literal = (left, right) if isinstance(left, Unknown) else (right, left)
        condition = self._equality(subject, literal)
        if condition is None:
            return value
        return _choice(condition, expression.operator == "==", expression.span)

    def _contained(self, expression: Call, value: Unknown) -> Value:
        """Whether a list of literals contains a variable: one equality after the other."""
        if len(expression.arguments) != 2:
            return value
        listed, subject = (evaluate(argument, self._frame) for argument in expression.arguments)
        if not isinstance(listed, ListValue) or listed.rest is not None or listed.assumed:
            return value
        found: Value = Scalar(False, expression.span)
        for literal in reversed(listed.items):
            condition = self._equality(subject, literal)
            if condition is None:
                return value
            found = Choice(condition, Scalar(True, expression.span), found, expression.span)
        return found

    def _equality(self, subject: Value, literal: Value) -> Condition | None:
        """The condition that a variable equals a literal; None for what is not such a comparison."""
        if not isinstance(subject, Unknown) or not is_variable(subject.identity):
            return None
        if isinstance(literal, Scalar):
            written = plain_text(literal.data)
            text = f'"{written}"' if isinstance(literal.data, str) else written
        elif isinstance(literal, Absent):
            text = "null"
        else:
            return None
        shown = f"{shown_variable(subject.identity)} == {text}"
        return self._frame.module.noted(subject.identity, shown, text)


def is_variable(identity: str) -> bool:
    """Whether the identity is that of a variable (or an attribute of one), not of something made from it.

    The workspace is one in all but name.
    """
    return identity == WORKSPACE or (identity.startswith(VARIABLE) and "(" not in identity)


def shown_variable(identity: str) -> str:
    """How a variable is written: the same wherever its value is handed on to."""
    return identity if identity == WORKSPACE else f"var.{identity.removeprefix(VARIABLE)}"


def _choice(condition: Condition, holds: bool, span: Span) -> Choice:
    return Choice(condition, Scalar(holds, span), Scalar(not holds, span), span)
