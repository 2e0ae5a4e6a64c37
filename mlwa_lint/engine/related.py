"""The further places that a claim rests on: what its rule names, and where the value is written."""

from zlib import crc32

from mlwa_lint.model.findings import Written
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import ListValue, MapValue, Scalar, Unknown, Value, origin_of
from mlwa_lint.rule import Claim

# A block in a list of blocks, and its first argument.
_DEPTH = 4
_FROM_HERE = "the value comes from here"


def places_of(claim: Claim) -> tuple[tuple[Span, str], ...]:
    """Each place with a few words; where a module's caller, or a user, writes the value comes last.

    Of a program it comes first: the call that hands the value over is the one to change.
    """
    related = tuple((view.span, text) for view, text in claim.related)
    handed_over = _literal_of(claim)
    origin = _origin_within(claim.at.value) if handed_over is None else handed_over
    if origin is None or any(span == origin for span, _ in related):
        return related
    here = ((origin, _FROM_HERE),)
    return (*related, *here) if handed_over is None else (*here, *related)


def _origin_within(value: Value) -> Span | None:
    """Where a value is written; of a list of what a module's caller hands over, its first item."""
    for _ in range(_DEPTH):
        if isinstance(value, ListValue) and value.items:
            value = value.items[0]
        elif isinstance(value, MapValue) and isinstance(value.entries, dict) and value.entries:
            value = next(iter(value.entries.values())).value
        else:
            break
    return origin_of(value)


def _literal_of(claim: Claim) -> Span | None:
    """Where a program writes the value, unless that is right where it is used."""
    value, used = claim.at.value, claim.at.span
    if claim.at.resource.vocabulary.language != "python" or not isinstance(value, Scalar):
        return None
    written = value.origin or value.span
    is_here = written.path == used.path and abs(written.line - used.line) <= 1
    return None if is_here or written.path.startswith("<") else written


def written_in(claim: Claim) -> Written | None:
    """The value that a claim is about, if it is written elsewhere than where it is used."""
    value = claim.at.value
    if not isinstance(value, (Scalar, Unknown)):
        return None
    text = _last_part(value)
    if text is None:
        return None
    origin = value.origin
    if origin is None and claim.at.resource.vocabulary.language == "python":
        origin = value.span  # a constant, an argument of a function: programs hand values on
    if origin is None or origin.path.startswith("<"):
        return None
    # An ARN that is made of a variable's value is another use of that value.
    return Written(origin, crc32(text.rpartition("/")[2].encode("utf-8", "replace")))


def _last_part(value: Scalar | Unknown) -> str | None:
    """A value's text, or how it ends where only that is known: the tag of an image of some account.

    Of a table that is read by something unknown it is all that may be.
    """
    if isinstance(value, Scalar):
        return str(value.data)
    if value.one_of:
        return " ".join(value.one_of)
    last = value.parts[-1] if value.parts else None
    return last if isinstance(last, str) else None
