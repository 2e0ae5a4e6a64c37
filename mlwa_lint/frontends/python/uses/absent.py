"""What a project neither has nor mentions: a VPC (docs/decisions/0250)."""

import re
from collections.abc import Sequence
from weakref import WeakKeyDictionary

from mlwa_lint.frontends.python.ledger import Created
from mlwa_lint.frontends.python.uses.project import Uses
from mlwa_lint.model.resources import NO_VPC
from mlwa_lint.model.values import Entry, Scalar

_OF_SAGEMAKER = "AWS::SageMaker::"
# What is looked for: the words of which a text has to contain one in small letters, and their form.
_SUBJECTS = {
    NO_VPC: (
        (b"vpc", b"subnet", b"security_group", b"securitygroup"),
        re.compile(rb"(?<![a-z])vpc|subnet|security_?group"),
        "nothing in the project has or mentions a VPC",
    ),
}
_known: "WeakKeyDictionary[Uses, dict[str, str]]" = WeakKeyDictionary()


def note_absent(created: Sequence[Created], uses: Uses) -> None:
    """Notes of what programs make for SageMaker what the project neither has nor mentions."""
    for each in created:
        for attribute, phrase in _absent(uses).items() if each.kind.startswith(_OF_SAGEMAKER) else ():
            each.attributes[attribute] = Entry(each.span, Scalar(phrase, each.span))


def _absent(uses: Uses) -> dict[str, str]:
    if uses not in _known:
        missing = dict(_SUBJECTS)
        for content in uses.texts.values():
            text = content.lower()
            for attribute, (words, form, _) in tuple(missing.items()):
                if any(word in text for word in words) and form.search(text) is not None:
                    del missing[attribute]
            if not missing:
                break
        _known[uses] = {attribute: phrase for attribute, (_, _, phrase) in missing.items()}
    return _known[uses]
