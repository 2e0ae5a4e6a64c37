"""Which texts the `AllowedPattern` of a parameter excludes."""

from functools import lru_cache

# Longer ones exclude nothing; nor do texts of this length.
_PATTERN_LIMIT = 500
_TEXT_LIMIT = 1_000


@lru_cache(maxsize=512)
def certainly_differs(pattern: str, text: str) -> bool:
    """Whether a text as a whole does not match a pattern; false where that is not known.

    The patterns are Java's. They are run as RE2's, whose time grows with the text only; one that RE2 does not
    know, or in which Java may mean something else, excludes nothing.
    """
    from mlwa_lint.frontends.re2.machine import Machine, TooMuchError
    from mlwa_lint.frontends.re2.program import read_pattern
    from mlwa_lint.frontends.re2.syntax import PatternError

    # In Java, `&&` and a bracket in a class of characters have meanings of their own.
    if len(pattern) > _PATTERN_LIMIT or len(text) > _TEXT_LIMIT or "&&" in pattern or _nests(pattern):
        return False
    try:
        return Machine(read_pattern(f"^(?:{pattern})$"), text).search(0) is None
    except (PatternError, TooMuchError):
        return False


def _nests(pattern: str) -> bool:
    """Whether a class of characters has a bracket in it: in Java, another class."""
    inside = skip = False
    for point in pattern:
        if skip:
            skip = False
        elif point == "\\":
            skip = True
        elif inside and point == "[":
            return True
        elif point in "[]":
            inside = point == "["
    return False
