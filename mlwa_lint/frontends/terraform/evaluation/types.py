"""Type constraints of variables: what they make of a value."""

from mlwa_lint.frontends.expressions import Call, Expr, ListExpr, Literal, Lookup, MapExpr
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import (
    Absent,
    Choice,
    Entry,
    ListValue,
    MapValue,
    Scalar,
    Unknown,
    Value,
    assume,
    plain_text,
)

_DEPTH_LIMIT = 40


def convert(value: Value, constraint: Expr | None, span: Span, depth: int = 0) -> Value:
    """The value as its type constraint makes it; unchanged where they do not fit together."""
    if constraint is None or depth > _DEPTH_LIMIT:
        return value
    if isinstance(value, Choice):
        return value._replace(
            yes=convert(value.yes, constraint, span, depth + 1),
            no=convert(value.no, constraint, span, depth + 1),
        )
    if isinstance(constraint, Lookup):
        return _primitive(value, constraint.path[0])
    if isinstance(constraint, Literal):
        return _primitive(value, str(constraint.data))
    if not isinstance(constraint, Call) or not constraint.arguments:
        return value
    inner = constraint.arguments[0]
    name = constraint.function
    if name in ("list", "set") and isinstance(value, ListValue):
        items = tuple(convert(item, inner, span, depth + 1) for item in value.items)
        if name == "set":
            items = _distinct(items)
        return value._replace(items=items)
    if name == "tuple" and isinstance(value, ListValue) and isinstance(inner, ListExpr):
        kinds = inner.items
        return value._replace(
            items=tuple(
                convert(item, kinds[index] if index < len(kinds) else None, span, depth + 1)
                for index, item in enumerate(value.items)
            )
        )
    if name == "map" and isinstance(value, MapValue):
        entries = {
            key: entry._replace(value=convert(entry.value, inner, span, depth + 1))
            for key, entry in value.entries.items()
        }
        return value._replace(entries=entries)
    if name == "object" and isinstance(value, MapValue) and isinstance(inner, MapExpr):
        return _object(value, inner, span, depth)
    return value


def _primitive(value: Value, name: str) -> Value:
    if not isinstance(value, Scalar):
        return value
    data = value.data
    if name == "string" and not isinstance(data, str):
        return value._replace(data=plain_text(data))
    if name == "bool" and data in ("true", "false", "1", "0"):
        return value._replace(data=data in ("true", "1"))
    if name == "number" and isinstance(data, str):
        try:
            number = float(data)
        except ValueError:
            return value
        whole = number.is_integer() and abs(number) < 1e15
        return value._replace(data=int(number) if whole else number)
    return value


def _distinct(items: tuple[Value, ...]) -> tuple[Value, ...]:
    """A set's items: no text or number twice, in order."""
    scalars: dict[object, Scalar] = {}
    others: list[Value] = []
    for item in items:
        if isinstance(item, Scalar):
            scalars.setdefault((type(item.data), item.data), item)
        else:
            others.append(item)
    known = list(scalars.values())
    if all(isinstance(item.data, str) for item in known):
        known.sort(key=lambda item: str(item.data))
    return (*known, *others)


def _object(value: MapValue, constraint: MapExpr, span: Span, depth: int) -> Value:
    """Only the declared attributes; optional ones get their defaults."""
    from mlwa_lint.frontends.terraform.evaluation.constants import constant

    entries: dict[str, Entry] = {}
    for declared in constraint.entries:
        if not isinstance(declared.key, Literal):
            continue
        key, kind, default = str(declared.key.data), declared.value, None
        optional = isinstance(kind, Call) and kind.function == "optional" and bool(kind.arguments)
        if isinstance(kind, Call) and optional:
            default = kind.arguments[1] if len(kind.arguments) > 1 else None
            kind = kind.arguments[0]
        given = value.entries.get(key)
        if given is not None and not isinstance(given.value, Absent):
            entries[key] = given._replace(value=convert(given.value, kind, span, depth + 1))
        elif given is None and value.rest is not None:
            continue
        elif default is not None:
            made = convert(constant(default), kind, span, depth + 1)
            entries[key] = Entry(declared.key_span, assume(made, value.assumed), key)
        elif optional or given is not None:
            entries[key] = Entry(declared.key_span, Absent(span, value.assumed), key)
        else:
            missing = Unknown(f"attribute {key} is required and missing", span)
            entries[key] = Entry(declared.key_span, missing, key)
    return value._replace(entries=entries)
