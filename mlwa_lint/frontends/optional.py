"""What describes a parameter or variable as one that need not be given."""

import re

from mlwa_lint.startup.patterns import lazy

_MAY_BE_EMPTY = lazy(
    r"\b(?:optional(?:ly)?|empty|blank|or none|null|if (?:any|you|one|there|desired|needed|required))\b",
    re.IGNORECASE,
)


def may_be_empty(description: str) -> bool:
    """Whether a description suggests that nothing, or an empty text, can be given."""
    return _MAY_BE_EMPTY.search(description) is not None
