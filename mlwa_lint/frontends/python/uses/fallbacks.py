"""Buckets that a program only makes where they do not exist, and that something else of the project makes.

What the bucket needs belongs there: the program sets nothing for one that it finds.
"""

import re
from collections.abc import Sequence

from mlwa_lint.files.texts import PathSteps, is_test
from mlwa_lint.frontends.python.ledger import Created
from mlwa_lint.frontends.python.uses.project import Uses
from mlwa_lint.model.resources import MADE_ELSEWHERE
from mlwa_lint.model.values import Entry, Scalar

_BUCKET = "AWS::S3::Bucket"
# What tells whether a bucket exists, and how many lines before it is made.
_LOOKS = b"head_bucket("
_LINES = 15
# What makes a bucket beforehand, or takes one by its name.
_MAKES = ("aws s3 mb ", ".fromBucketName(", ".from_bucket_name(", 'data "aws_s3_bucket"')
_IMPORTS = re.compile(
    rb"\baws s3 mb [\"']?s3://|\.(?:fromBucketName|from_bucket_name)\(|\bdata \"aws_s3_bucket\""
)


def note_fallbacks(created: Sequence[Created], uses: Uses) -> None:
    """Notes of buckets which other file makes them, where the program only does so if they do not exist."""
    for each in created:
        if each.kind != _BUCKET:
            continue
        steps = uses.steps_of(each.span.path)
        if steps is None or not _looks_before(uses.texts.get(steps, b""), each.span.line):
            continue
        if maker := _maker(steps, uses):
            phrase = (
                f"the program makes it only where it does not exist, and {maker} makes it or takes it by name"
            )
            each.attributes[MADE_ELSEWHERE] = Entry(each.span, Scalar(phrase, each.span))


def _looks_before(content: bytes, line: int) -> bool:
    """Whether a program looks for a bucket right before a line."""
    return any(_LOOKS in each for each in content.splitlines()[max(0, line - 1 - _LINES) : line])


def _maker(own: PathSteps, uses: Uses) -> str:
    """The first file beside a program's own that makes a bucket or takes one by name; empty for none."""
    found = {each for word in _MAKES for each in uses.containing(word)} - {own}
    makers = sorted(each for each in found if not is_test(each) and _IMPORTS.search(uses.texts[each]))
    return "/".join(makers[0]) if makers else ""


__all__ = ["note_fallbacks"]
