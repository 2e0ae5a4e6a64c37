"""The request of a comment: `# mlwa: ignore[MLS101, MLS2] until 2027-03-31 -- reason`.

`mlwa-lint:` and `mlwa_lint:` mean the same as `mlwa:`, and so do other brackets, or none around a code. What
nearly looks like a suppression but is not is reported as one that cannot be followed: its author believes
that it works.
"""

from mlwa_lint.model.secrets import without_formats
from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple

FORM = "`mlwa: ignore[CODE] -- reason`"
# A cheap test of a text before it is parsed.
MARKS = ("mlwa", "MLWA", "Mlwa")
# The same for suppressions that are written for other tools.
OTHER_MARKS = ("cfn_nag", "cdk_nag", "checkov", "tfsec:", "trivy:")
_COMMENT = lazy(
    r"(?i)(?:\#|//|/\*)\s*mlwa(?:[-_]?lint)?\s*(?:(?P<colon>:)\s*)?"
    r"(?P<verb>(?:ignore-file|ignore-next-line|ignore|disable-file|disable|skip|suppress|noqa|nolint|allow)"
    r"(?![\w-])|[a-z][a-z-]{1,30}(?=\s?[\[(]\s*[a-z]{3}\d))"  # any other word before a code: `ignroe[MLS402]`
    r"(?P<rest>.*)"
)
_REST = lazy(
    r"(?i)\s*+(?:[:=]\s*+)?"
    r"(?:\[(?P<square>[^\]]*)\]|\((?P<round>[^)]*)\)|(?P<bare>(?!until\b)[a-z][\w-]*(?:\s*,\s*[a-z][\w-]*)*)(?=\s|$))?"
    r"\s*+(?:until[\s:=]\s*+(?P<until>\S+))?"
    r"\s*+(?:(?:--|[-:;\N{EN DASH}\N{EM DASH}])\s*(?P<reason>.*))?"
)
_CODE = lazy(r"(?i)(?:[a-z]{3}\d{0,3}|[ewi]\d{1,4}|[a-z]+(?:-[a-z0-9]+)+|all)")
_DATE = lazy(r"\d{4}-\d{2}-\d{2}")


class Directive(NamedTuple):
    """The request of one comment. fault: why it cannot be followed."""

    whole_file: bool
    selectors: tuple[str, ...]
    reason: str
    until: str
    fault: str


def might_suppress(text: str) -> bool:
    """Whether a text may hold a suppression at all."""
    return any(mark in text for mark in MARKS)


def is_for_other_tool(text: str) -> bool:
    """Whether a text may hold a suppression that is written for another tool."""
    return any(mark in text for mark in OTHER_MARKS)


def directive_in(comment: str) -> Directive | None:
    """The request of a comment; None when it is about something else."""
    found = _COMMENT.search(comment)
    if found is None:
        return None
    verb, rest = found["verb"].lower(), found["rest"].rstrip().removesuffix("*/").rstrip()
    whole_file = verb.endswith("-file")
    if verb not in ("ignore", "ignore-file"):
        return _faulty(whole_file, f"is not understood: write {FORM}") if found["colon"] else None
    match = _REST.fullmatch(rest)
    if match is None:
        # `mlwa ignore …` without a colon may be prose.
        return _faulty(whole_file, f"is not understood: write {FORM}") if found["colon"] else None
    named = match["square"] or match["round"] or match["bare"] or ""
    selectors = tuple(named.replace(",", " ").split())
    if match["bare"] and not all(map(_CODE.fullmatch, selectors)):
        return _faulty(whole_file, f"is not understood: write {FORM}") if found["colon"] else None
    if not found["colon"] and not selectors:
        return None
    until = match["until"] or ""
    fault = ""
    if not selectors:
        fault = f"names no rule: write {FORM}"
    elif until and not is_date(until):
        fault = f"ends on {until!r}, which is not a date: write `until 2027-03-31`"
    reason = without_formats((match["reason"] or "").strip())
    return Directive(whole_file, selectors, reason, until, fault)


def is_date(text: str) -> bool:
    """Whether a text is a day such as 2027-03-31."""
    from datetime import date

    if not _DATE.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _faulty(whole_file: bool, fault: str) -> Directive:
    return Directive(whole_file, (), "", "", fault)
