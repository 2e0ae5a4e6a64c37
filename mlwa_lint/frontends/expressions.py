"""The expression tree that both syntaxes are read into; `evaluator` gives it meaning."""

from typing import TypeAlias, Union

from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import Plain
from mlwa_lint.startup.records import TreeRecord


class Literal(TreeRecord):
    """A text, number, truth value, or null (None)."""

    data: Plain | None
    span: Span


class ListExpr(TreeRecord):
    """A list or tuple constructor."""

    items: "tuple[Expr, ...]"
    span: Span


class EntryExpr(TreeRecord):
    """A key and its value; `label` is the key as the user wrote it, when that differs."""

    key: "Expr"
    value: "Expr"
    key_span: Span
    label: str = ""


class MapExpr(TreeRecord):
    """A map or object constructor."""

    entries: tuple[EntryExpr, ...]
    span: Span


class Lookup(TreeRecord):
    """A name and its literal attributes.

    Terraform: ("var", "x"), ("aws_s3_bucket", "b", "arn"). CloudFormation: ("Ref", "X"),
    ("GetAtt", "X", "Arn"), ("Condition", "IsProd").
    """

    path: tuple[str, ...]
    span: Span


class Attribute(TreeRecord):
    """An attribute of a computed value: `f(x).name`."""

    base: "Expr"
    name: str
    span: Span


class Index(TreeRecord):
    """An element by key or position: `base[key]`."""

    base: "Expr"
    key: "Expr"
    span: Span


class Splat(TreeRecord):
    """`base[*].steps` (full) or `base.*.steps`; steps are attribute names and index expressions."""

    base: "Expr"
    steps: "tuple[str | Expr, ...]"
    span: Span


class Conditional(TreeRecord):
    """`condition ? yes : no`, `Fn::If`."""

    condition: "Expr"
    yes: "Expr"
    no: "Expr"
    span: Span


class Interpolation(TreeRecord):
    """Text with interpolated parts (`"a-${x}"`, `Fn::Sub`)."""

    parts: "tuple[Expr, ...]"
    span: Span


class Call(TreeRecord):
    """A function call; `expand` is Terraform's `...` after the last argument."""

    function: str
    arguments: "tuple[Expr, ...]"
    span: Span
    expand: bool = False


class OperatorExpression(TreeRecord):
    """A unary or binary operator: `!`, `-`, `+`, `==`, `&&` …"""

    operator: str
    operands: "tuple[Expr, ...]"
    span: Span


class For(TreeRecord):
    """`[for k, v in collection : result if filter]`, or a map when `key` is given."""

    names: tuple[str, ...]
    collection: "Expr"
    result: "Expr"
    span: Span
    key: "Expr | None" = None
    filter: "Expr | None" = None
    grouping: bool = False


Expr: TypeAlias = Union[
    Literal,
    ListExpr,
    MapExpr,
    Lookup,
    Attribute,
    Index,
    Splat,
    Conditional,
    Interpolation,
    Call,
    OperatorExpression,
    For,
]
