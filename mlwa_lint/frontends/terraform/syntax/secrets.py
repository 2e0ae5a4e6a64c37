"""Finds which literals of a Terraform file are secret."""

from collections.abc import Iterable, Iterator

from mlwa_lint.frontends.expressions import (
    Attribute,
    Call,
    Conditional,
    EntryExpr,
    Expr,
    For,
    Index,
    Interpolation,
    ListExpr,
    Literal,
    Lookup,
    MapExpr,
    OperatorExpression,
    Splat,
)
from mlwa_lint.frontends.secret_texts import inside_text
from mlwa_lint.frontends.terraform.syntax.blocks import Argument, Block, File
from mlwa_lint.model.secrets import (
    BESIDE_SECRETS,
    SHORTEST_SETTING,
    Marks,
    Secrets,
    marks_in,
    names_secret,
    secrets,
    suspicious,
)

_NAMING = ("name", "key", "Name", "Key")
_VALUES = ("value", "Value")
# Functions whose texts name something: a key, a file.
_REFERRING = frozenset({"file", "filebase64", "lookup", "templatefile", "startswith", "endswith"})


def note_secrets(file: File, text: str) -> None:
    """Notes the secrets of a file that was read from a text."""
    own = secrets()
    # Values for variables: their declarations show which of these are secret.
    _passed(file.arguments.values(), own)
    for block in file.blocks:
        if block.type == "module":
            _passed(block.arguments.values(), own)
    marks = marks_in(text)
    if not any(marks):
        return
    own.found = True
    _arguments(file.arguments.values(), own, marks)
    for block in file.blocks:
        _block(block, own, marks)


def _passed(arguments: Iterable[Argument], own: Secrets) -> None:
    for argument in arguments:
        for literal in _literals(argument.value):
            own.compared(argument.name, str(literal.data), literal.span)


def _block(block: Block, own: Secrets, marks: Marks) -> None:
    sensitive = block.arguments.get("sensitive")
    hidden = sensitive is not None and isinstance(sensitive.value, Literal) and sensitive.value.data is True
    if block.type in ("variable", "output") and block.labels:
        if hidden and block.type == "variable":
            own.names.add(block.labels[0])
        if hidden or names_secret(block.labels[0]):
            for name in ("default", "value"):
                if name in block.arguments:
                    _secret(block.labels[0], block.arguments[name].value, own, certain=hidden)
    _arguments(block.arguments.values(), own, marks)
    for inner in block.blocks:
        _block(inner, own, marks)


def _arguments(arguments: Iterable[Argument], own: Secrets, marks: Marks) -> None:
    listed = list(arguments)
    named = [each.value for each in listed if each.name in _NAMING]
    paired = any(names_secret(_text(each)) for each in named)
    for each in listed:
        if names_secret(each.name) or (paired and each.name in _VALUES):
            _secret(each.name if not paired else "secret", each.value, own)
        _walk(each.value, own, marks)


def _walk(expression: Expr, own: Secrets, marks: Marks) -> None:
    """Looks through an expression; marks: what the texts of its source can have that names a secret."""
    if isinstance(expression, Literal):
        data = expression.data
        if isinstance(data, str) and len(data) >= SHORTEST_SETTING and suspicious(data, marks):
            inside_text(data, expression.span, own)
        return
    if isinstance(expression, Lookup):
        return
    if isinstance(expression, MapExpr):
        _entries(expression.entries, own)
    elif isinstance(expression, OperatorExpression) and expression.operator in ("==", "!="):
        _compared(expression.operands, own)
    elif isinstance(expression, Call):
        if expression.function == "sensitive":
            for argument in expression.arguments:
                _secret("secret", argument, own, certain=True)
        elif expression.function == "contains":
            _compared(expression.arguments, own)
    elif isinstance(expression, Interpolation):
        whole = "".join(str(p.data) if isinstance(p, Literal) else "$" for p in expression.parts)
        inside_text(whole, expression.span, own)
    for inner in _inner(expression):
        _walk(inner, own, marks)


def _entries(entries: Iterable[EntryExpr], own: Secrets) -> None:
    listed = list(entries)
    paired = any(_text(each.key) in _NAMING and names_secret(_text(each.value)) for each in listed)
    for each in listed:
        key = _text(each.key)
        if names_secret(key) or (paired and key in _VALUES):
            _secret(key if not paired else "secret", each.value, own)


def _secret(name: str, expression: Expr, own: Secrets, certain: bool = False) -> None:
    """Records the literals under a secret's name."""
    if isinstance(expression, MapExpr):
        for entry in expression.entries:
            key = f"{name.rstrip('s')}_{_text(entry.key)}"
            if certain or names_secret(key):
                _secret(key, entry.value, own, certain)
        return
    for literal in _literals(expression):
        if certain:
            own.certain(str(literal.data), literal.span)
        else:
            own.add(str(literal.data), literal.span)
        inside_text(str(literal.data), literal.span, own, is_secret=True)


def _literals(expression: Expr) -> Iterator[Literal]:
    if isinstance(expression, Literal):
        if isinstance(expression.data, str) or type(expression.data) in (int, float):
            yield expression
    elif isinstance(expression, Conditional):
        yield from _literals(expression.yes)
        yield from _literals(expression.no)
    elif isinstance(expression, Call) and expression.function in _REFERRING:
        for argument in expression.arguments[2:]:  # what `lookup` gives otherwise
            yield from _literals(argument)
    elif isinstance(expression, MapExpr):
        for entry in expression.entries:
            if _text(entry.key).lower() not in BESIDE_SECRETS:
                yield from _literals(entry.value)
    elif not isinstance(expression, (OperatorExpression, Index)):
        for inner in _inner(expression):
            yield from _literals(inner)


def _compared(operands: Iterable[Expr], own: Secrets) -> None:
    """Notes what a variable is compared with, in case that it is secret."""
    listed = list(operands)
    for subject in listed:
        if not isinstance(subject, Lookup):
            continue
        for other in listed:
            for literal in (other,) if isinstance(other, Literal) else _items(other):
                if isinstance(literal, Literal) and isinstance(literal.data, str):
                    own.compared(subject.path[-1], literal.data, literal.span)


def _items(expression: Expr) -> tuple[Expr, ...]:
    return expression.items if isinstance(expression, ListExpr) else ()


def _inner(expression: Expr) -> Iterable[Expr]:
    """The expressions of which one consists."""
    if isinstance(expression, ListExpr):
        return expression.items
    if isinstance(expression, MapExpr):
        return [part for entry in expression.entries for part in (entry.key, entry.value)]
    if isinstance(expression, Interpolation):
        return expression.parts
    if isinstance(expression, Call):
        return expression.arguments
    if isinstance(expression, OperatorExpression):
        return expression.operands
    if isinstance(expression, Conditional):
        return (expression.condition, expression.yes, expression.no)
    if isinstance(expression, Attribute):
        return (expression.base,)
    if isinstance(expression, Index):
        return (expression.base, expression.key)
    if isinstance(expression, Splat):
        return (expression.base, *(step for step in expression.steps if not isinstance(step, str)))
    if isinstance(expression, For):
        parts = (expression.collection, expression.result, expression.key, expression.filter)
        return [part for part in parts if part is not None]
    return ()


def _text(expression: Expr) -> str:
    return expression.data if isinstance(expression, Literal) and isinstance(expression.data, str) else ""
