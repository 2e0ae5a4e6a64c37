"""Texts of which not every piece is known: whether two of them can be equal."""

from mlwa_lint.model.values import Reference, Unknown, Value, identity_of, known_text
from mlwa_lint.startup.records import NamedTuple


class TextPiece(NamedTuple):
    """A character of a text, or what is not known between them: `text` is what equals have in common."""

    text: str
    known: bool


def pieces(value: Value) -> list[TextPiece]:
    """What a text consists of; empty where no character of it is known."""
    text = known_text(value)
    parts = (text,) if text is not None else value.parts if isinstance(value, Unknown) else ()
    if not any(isinstance(part, str) for part in parts):
        return []
    found: list[TextPiece] = []
    for part in parts:
        known = part if isinstance(part, str) else known_text(part)
        if known is not None or isinstance(part, str):
            found += (TextPiece(sign, True) for sign in known or "")
        elif isinstance(part, Reference):
            found.append(TextPiece(f"{part.address}.{part.attribute}", False))
        else:
            found.append(TextPiece(identity_of(part), False))
    return found


def certainly_differ(left: Value, right: Value) -> bool:
    """Whether two texts certainly differ, by the known characters where they start, or end, to differ."""
    one, other = pieces(left), pieces(right)
    return _part(one, other) or _part(one[::-1], other[::-1])


def _part(left: list[TextPiece], right: list[TextPiece]) -> bool:
    if not left or not right:
        return False
    for one, other in zip(left, right, strict=False):
        if one != other:
            return one.known and other.known
        if not one.text:
            return False  # nothing shows that the two are equal
    return any(piece.known for piece in (*left[len(right) :], *right[len(left) :]))
