"""What a project neither has nor mentions: a VPC (docs/decisions/0250, 0274)."""

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
_DOCUMENTS = (".md", ".rst", ".txt")
# A line of a document that leaves it to the reader, or is content with what every account has.
_NOT_EXPECTED = re.compile(
    rb"optional|(?:use|in|choose|select)\W+(?:the )?default vpc|the default vpc will do"
)
_HEADING = re.compile(rb"(?m)^#+[ \t]+")
# A section that is about a database, by its heading.
_OF_DATABASE = re.compile(rb"[^\n]*\b(?:rds|databases?|postgres\w*|mysql|aurora|redshift)\b")
_DEFAULT_LOOKED_UP = re.compile(rb"[\"']is-?default[\"']|\bis_default *= *true")
_OTHER_VPC = re.compile(
    rb"create_vpc|create_subnet|create_security_group|vpc_?config|security_?group|ec2\.vpc\("
)
_known: "WeakKeyDictionary[Uses, dict[str, str]]" = WeakKeyDictionary()


def note_absent(created: Sequence[Created], uses: Uses) -> None:
    """Notes of what programs make for SageMaker what the project neither has nor mentions."""
    for each in created:
        for attribute, phrase in _absent(uses).items() if each.kind.startswith(_OF_SAGEMAKER) else ():
            each.attributes[attribute] = Entry(each.span, Scalar(phrase, each.span))


def _absent(uses: Uses) -> dict[str, str]:
    if uses not in _known:
        missing = dict(_SUBJECTS)
        for steps, content in uses.texts.items():
            text = content.lower()
            for attribute, (words, form, _) in tuple(missing.items()):
                if any(word in text for word in words) and _is_about(form, text, steps[-1].lower()):
                    del missing[attribute]
            if not missing:
                break
        _known[uses] = {attribute: phrase for attribute, (_, _, phrase) in missing.items()}
    return _known[uses]


def _is_about(form: "re.Pattern[bytes]", text: bytes, name: str) -> bool:
    """Whether a text mentions a VPC that its jobs and models could be expected to run in."""
    if form.search(text) is None:
        return False
    if name.endswith(".py"):
        # A program that only looks the default VPC up, which a Studio domain needs in any case.
        return _DEFAULT_LOOKED_UP.search(text) is None or _OTHER_VPC.search(text) is not None
    if name.endswith(".json"):
        return any(form.search(line) and b'"@aws-cdk/' not in line for line in text.splitlines())
    if not name.endswith(_DOCUMENTS) and name != "readme":
        return True
    return any(
        form.search(line) and _NOT_EXPECTED.search(line) is None
        for section in _HEADING.split(text)
        if _OF_DATABASE.match(section) is None
        for line in section.splitlines()
    )
