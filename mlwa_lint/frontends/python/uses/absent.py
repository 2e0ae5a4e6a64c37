"""What a project neither has nor mentions: a VPC (docs/decisions/0250, 0274)."""

import re
from collections.abc import Sequence
from weakref import WeakKeyDictionary

from mlwa_lint.files.texts import PathSteps
from mlwa_lint.frontends.hints import is_hint
from mlwa_lint.frontends.python.ledger import Created
from mlwa_lint.frontends.python.uses.project import Uses
from mlwa_lint.model.resources import DESCRIBED_VPC, NO_VPC
from mlwa_lint.model.values import Entry, Scalar

_OF_SAGEMAKER = "AWS::SageMaker::"
# Without one of these in small letters, a text does not mention a VPC.
_WORDS = (b"vpc", b"subnet", b"security_group", b"securitygroup")
# Permissions to look something up (`ec2:DescribeSubnets`) are none of it.
_VPC = re.compile(rb"(?<![a-z])vpc|(?<!describe)(?:subnet|security_?group)")
_PHRASE = "nothing in the project has or mentions a VPC"
_DESCRIBED = "only documents of the project mention a VPC"
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
# A program that starts instances of EC2, whose network is no matter of jobs and models.
_INSTANCES = re.compile(rb"run_instances\(|request_spot_(?:fleet|instances)\(|create_launch_template\(")
_known: "WeakKeyDictionary[Uses, tuple[str, str] | None]" = WeakKeyDictionary()


def note_absent(created: Sequence[Created], uses: Uses) -> None:
    """Notes of what programs make for SageMaker that the project neither has nor mentions a VPC, or only
    mentions one in documents.
    """
    for each in created:
        if each.kind.startswith(_OF_SAGEMAKER):
            noted = _noted(uses)
            if noted is not None:
                each.attributes[noted[0]] = Entry(each.span, Scalar(noted[1], each.span))


def _noted(uses: Uses) -> tuple[str, str] | None:
    if uses not in _known:
        found = [steps for steps, content in uses.texts.items() if _mentions(steps, content)]
        in_documents = all(_is_document(each[-1].lower()) for each in found)
        described = (DESCRIBED_VPC, _DESCRIBED) if in_documents else None
        _known[uses] = described if found else (NO_VPC, _PHRASE)
    return _known[uses]


def _mentions(steps: PathSteps, content: bytes) -> bool:
    text = content.lower()
    return any(word in text for word in _WORDS) and _is_about(text, steps[-1].lower())


def _is_about(text: bytes, name: str) -> bool:
    """Whether a text mentions a VPC that its jobs and models could be expected to run in."""
    if _VPC.search(text) is None:
        return False
    if name.endswith(".py"):
        # A program that only looks the default VPC up, which a Studio domain needs in any case.
        if _INSTANCES.search(text) and b"sagemaker" not in text and b"ec2.vpc(" not in text:
            return False
        if _DEFAULT_LOOKED_UP.search(text) is not None and _OTHER_VPC.search(text) is None:
            return False
        return _is_hinted_at(text, name)
    if name.endswith(".json"):
        return any(_VPC.search(line) and b'"@aws-cdk/' not in line for line in text.splitlines())
    if not _is_document(name):
        return _is_hinted_at(text, name)
    return any(
        _VPC.search(line) and _NOT_EXPECTED.search(line) is None and _is_hinted_at(line, name)
        for section in _HEADING.split(text)
        if _OF_DATABASE.match(section) is None
        for line in section.splitlines()
    )


def _is_hinted_at(content: bytes, name: str) -> bool:
    text = content.decode("latin-1")
    matches = _VPC.finditer(content)
    return any(is_hint(text, *match.span(), name) for match in matches)


def _is_document(name: str) -> bool:
    return name.endswith(_DOCUMENTS) or name == "readme"
