"""The state of a practice, in words: for reports on reviews, and for the page."""

from mlwa_lint.review.assess import Assessment

_NAMED_REASONS = 2


def standing(each: Assessment) -> str:
    """The state of a practice, in a few words: `failed: 2 high, 1 low`."""
    evidence = each.evidence
    severities = ", ".join(f"{number} {severity}" for severity, number in evidence.by_severity.items())
    if each.contradicted:
        return f"answered followed, but failed: {severities}"
    if each.state == "answered":
        return f"{each.answer.status}{f': {each.answer.reason}' if each.answer.reason else ''}"
    if each.state == "failed":
        text = f"failed: {severities}"
    elif each.state == "met":
        text = f"met: {evidence.passed} check{'' if evidence.passed == 1 else 's'} passed"
    elif each.state == "undecided":
        reasons = list(dict.fromkeys(doubt.reason for doubt in evidence.doubts))
        more = len(reasons) - _NAMED_REASONS
        text = f"undecided: {'; '.join(reasons[:_NAMED_REASONS])}{f' and {more} more' if more > 0 else ''}"
    elif each.state == "not-seen":
        text = "not seen: no resource of the kind"
    else:
        text = "open"
    return f"{text}; the answer expired on {each.answer.expires}" if each.expired else text
