"""The further places that a claim rests on: what its rule names, and where the value is written."""

from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import origin_of
from mlwa_lint.rule import Claim


def places_of(claim: Claim) -> tuple[tuple[Span, str], ...]:
    """Each place with a few words; where a module's caller, or a user, writes the value comes last."""
    related = tuple((view.span, text) for view, text in claim.related)
    origin = origin_of(claim.at.value)
    if origin is None or any(span == origin for span, _ in related):
        return related
    return (*related, (origin, "the value comes from here"))
