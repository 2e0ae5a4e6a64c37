"""Whether a repository has a network that jobs and models could run in (docs/decisions/0327)."""

import re

from mlwa_lint.files.endings import ProjectFiles
from mlwa_lint.files.installed import own_texts
from mlwa_lint.files.texts import PathSteps, is_test
from mlwa_lint.frontends.hints import is_hint

# Without one of these in small letters, a text has nothing to do with a VPC.
_WORDS = (b"vpc", b"subnet", b"security_group", b"securitygroup")
_VPC = re.compile(rb"(?<![a-z0-9+])vpc(?![0-9+])|subnet|security_?group")
# Permissions to use networks, feature flags of the CDK, and names of the logs of networks are none.
_NO_NETWORK = re.compile(
    rb"(?<!:)\bec2:(?!:)[^\s\"']+|arn:[^\s\"']*:ec2:[^\s\"']*|\"@aws-cdk/[^\n]*"
    rb"|\bvpc[-_ ]?(?:flow[-_ ]?)?logs?(?![a-z])"
)
# A runbook of Systems Manager, which works on the network of instances.
_RUNBOOK = (b"schemaversion", b"mainsteps")
_DOCUMENTS = (".md", ".rst", ".txt")
# A program that draws a diagram: `from diagrams.aws.network import VPC`.
_DRAWS = re.compile(rb"(?m)^\s*(?:from|import)\s+diagrams\b")
_DEFAULT_LOOKED_UP = re.compile(rb"[\"']is-?default[\"']|\bis_default *= *true")
_OTHER_VPC = re.compile(
    rb"create_vpc|create_subnet|create_security_group|vpc_?config|security_?group|ec2\.vpc\("
)
# Instances of EC2, whose network is no matter of jobs and models.
_INSTANCES = re.compile(
    rb"run_instances\(|request_spot_(?:fleet|instances)\(|create_launch_template\(|ec2\.instance\("
    rb"|aws::ec2::instance\b|\"aws_(?:instance|launch_template)\""
)
# What shows that a network is for more than these: subnets without a way in, and work that runs in them.
_FOR_WORK = re.compile(
    rb"private[_ -]?(?:with|isolated|subnet)|subnets?[_ .-]*private|vpc_?config|vpc_?endpoint|network_?config"
    rb"|(?:vpc|subnet|security_?group)[^\n]{0,99}(?:sagemaker|lambda|glue)"
    rb"|(?:sagemaker|lambda|glue)[^\n]{0,99}(?:vpc|subnet|security_?group)"
)


def has_no_network(files: ProjectFiles) -> bool:
    """Whether a repository has no VPC for jobs, models or functions.

    Documents do not count, nor tests, the default VPC, and the network of instances of EC2 alone. Nothing is
    known where the texts are too many.
    """
    return files.once(_has_none)


def _has_none(files: ProjectFiles) -> bool:
    texts = own_texts(files)
    if texts is None:
        return False
    own = {steps: text.content.lower() for steps, text in texts.items() if not _is_beside(steps)}
    mentioned = False
    for steps, small in own.items():
        if _mentions(steps[-1].lower(), small):
            if _FOR_WORK.search(small) is not None:
                return False
            mentioned = True
    return not mentioned or any(map(_INSTANCES.search, own.values()))


def _is_beside(steps: PathSteps) -> bool:
    """Whether a file is read by people, or tries others out."""
    name = steps[-1].lower()
    return name.endswith(_DOCUMENTS) or name == "readme" or is_test(steps)


def _mentions(name: str, content: bytes) -> bool:
    if not any(word in content for word in _WORDS) or _DRAWS.search(content) is not None:
        return False
    if all(word in content for word in _RUNBOOK):
        return False
    content = _NO_NETWORK.sub(b" ", content)
    # A program that only looks the default VPC up, which a Studio domain needs in any case.
    if name.endswith(".py") and _DEFAULT_LOOKED_UP.search(content) and not _OTHER_VPC.search(content):
        return False
    text = content.decode("latin-1")
    return any(is_hint(text, *match.span(), name) for match in _VPC.finditer(content))


__all__ = ["has_no_network"]
