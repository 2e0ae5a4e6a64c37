"""Permissions that the roles and policies of one file repeat: one statement, one finding."""

from collections.abc import Callable
from typing import TypeAlias

from mlwa_lint.model.findings import Finding
from mlwa_lint.model.spans import Span, start_of
from mlwa_lint.startup.patterns import lazy

# The rule, where it is, and what else findings have in common.
_Key: TypeAlias = tuple[str, Span, str, str, str | None]

_IDENTITIES = "AWS::IAM::"
# Whom a message names as those who act with a role: each role has its own, of one kind.
_USERS = lazy(
    r"\b(lets|gives|to|for) ([A-Z]\w+) [^\s:,]+(?: and (?:\d+ other \w+|[A-Z]\w+ [^\s:,]+))?(?=[ :,])"
)


def document_key(finding: Finding) -> _Key | None:
    """What findings have in common about one policy document that several roles or policies have."""
    if not finding.resource_type.startswith(_IDENTITIES) or finding.span.within(finding.resource_span):
        return None
    return finding.code, finding.span, "", "", finding.suppressed


def statement_key(finding: Finding, wording_of: Callable[[Finding], str]) -> _Key | None:
    """What findings share about roles and policies of one file that allow the same, or trust the same.

    A statement is copied from function to function, and corrected in all of them alike. Who acts with each
    role does not count, but what kind of thing: what a function needs is not what a notebook does.
    """
    if not finding.resource_type.startswith(_IDENTITIES):
        return None
    users = _USERS.sub(r"\1 \2 \0", wording_of(finding).replace("\0", "\1"))
    wording = f"{finding.severity} {users} {finding.condition}"
    return finding.code, start_of(finding.span.path), finding.resource_type, wording, finding.suppressed
