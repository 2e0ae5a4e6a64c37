"""Dynamic references: `{{resolve:…}}` in text is replaced at deployment by a value from a store."""

from mlwa_lint.frontends.cloudformation.functions import made_of
from mlwa_lint.frontends.texts import text_of
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import Scalar, TextPart, Unknown, Value, plain_text

_START, _END = "{{resolve:", "}}"
_STORES = {
    "secretsmanager": "Secrets Manager",
    "ssm": "Systems Manager",
    "ssm-secure": "Systems Manager",
}


def with_dynamic_references(value: Value, span: Span) -> Value:
    """A text in which every dynamic reference is not known but secret; other values as they are."""
    if isinstance(value, Scalar):
        pieces: list[TextPart] = [plain_text(value.data)]
    elif isinstance(value, Unknown) and value.parts:
        pieces = list(value.parts)
    else:
        return value
    if not any(isinstance(piece, str) and _START in piece for piece in pieces):
        return value
    parts = _parts(pieces, value.span)
    return text_of(parts, span)._replace(assumed=value.assumed)


def _parts(pieces: list[TextPart], span: Span) -> list[Value]:
    found: list[Value] = []
    inside: list[TextPart] | None = None
    for piece in pieces:
        if not isinstance(piece, str):
            found.append(piece) if inside is None else inside.append(piece)
            continue
        rest = piece
        while rest:
            if inside is None:
                before, start, rest = rest.partition(_START)
                if before:
                    found.append(Scalar(before, span))
                inside = [] if start else None
            else:
                before, end, rest = rest.partition(_END)
                inside.append(before)
                if end:
                    found.append(_reference(inside, span))
                    inside = None
    if inside is not None:
        # It does not end here: the text around this one may end it.
        found.append(Scalar(_START, span))
        found += [Scalar(piece, span) if isinstance(piece, str) else piece for piece in inside]
    return found


def _identity(inside: list[TextPart]) -> str:
    """What makes a reference equal to others with the same unknown pieces; empty where nothing does."""
    pieces: list[str] = []
    for piece in inside:
        known = piece if isinstance(piece, str) else ""
        if not isinstance(piece, str):
            if not isinstance(piece, Unknown) or not piece.identity:
                return ""
            known = f"${{{piece.identity}}}"
        pieces.append(known)
    return f"resolve:{''.join(pieces)}"


def _reference(inside: list[TextPart], span: Span) -> Unknown:
    """One reference; it leads to the resources that its text names (a secret of this template)."""
    first = inside[0] if inside and isinstance(inside[0], str) else ""
    store = _STORES.get(first.partition(":")[0], "a store")
    values = [piece for piece in inside if not isinstance(piece, str)]
    made = made_of(values, f"it is read from {store} at deployment", span)
    # Equal texts name the same value.
    identity = f"resolve:{first}" if not values else _identity(inside)
    parts = tuple(p._replace(secret=True) if isinstance(p, Unknown) else p for p in made.parts)
    return made._replace(parts=parts, identity=identity, present=True, secret=True)
