"""Whether a repository has a network that jobs and models could run in (docs/decisions/0327)."""

import re

from mlwa_lint.files import PROGRAMS
from mlwa_lint.files.endings import ProjectFiles
from mlwa_lint.files.installed import own_texts
from mlwa_lint.files.texts import PathSteps, is_test
from mlwa_lint.frontends.hints import describes_files, has_hint
from mlwa_lint.startup.patterns import worded

# Without one of these in small letters, a text has nothing to do with a VPC.
_WORDS = (b"vpc", b"subnet", b"security_group", b"securitygroup")
_VPC = re.compile(r"(?<![a-z0-9+])vpc(?![0-9+])|subnet|security_?group")
# Permissions to use networks, feature flags of the CDK, names of the logs of networks, and what has yet to be
# filled in (`VPC_ID = "<your VPC>"`) are none.
_NO_NETWORK = re.compile(
    rb"(?<!:)\bec2:(?!:)[^\s\"']+|arn:[^\s\"']{0,100}:ec2:[^\s\"']*|\"@aws-cdk/[^\n]*"
    rb"|\bvpc[-_ ]?(?:flow[-_ ]?)?logs?(?![a-z])"
    rb"|(?:vpc|subnet|security_?group)\w{0,40}[\"']?\s{0,40}[:=]\s{0,40}\[?\s{0,40}"
    rb"(?:[\"']?<[^<>\n]{0,99}>[\"']?[ ,]{0,9}){1,20}"
    rb"|[\"'](?:vpc|subnet|sg)-x+[\"']|[\"']your[-_][^\"'\n]*[\"']"
)
# Networks of containers on one machine.
_COMPOSED = re.compile(r"(?:docker-)?compose[\w.-]*\.ya?ml")
# A runbook of Systems Manager, which works on the network of instances.
_RUNBOOK = (b"schemaversion", b"mainsteps")
_OF_TERRAFORM = (".tf", ".tfvars")
_VALUES_SIZE = 100_000
_DOCUMENTS = (".md", ".rst", ".txt")
# A program that draws a diagram: `from diagrams.aws.network import VPC`.
_DRAWS = re.compile(rb"(?m)^[ \t]*(?:from|import)\s+diagrams\b")
_DEFAULT_LOOKED_UP = re.compile(rb"[\"']is-?default[\"']|\bis_default *= *true")
# The same of a configuration of Terraform, and what shows that it has another one.
_DEFAULT_DECLARED = re.compile(
    rb"\"aws_default_vpc\"|data\s+\"aws_vpc\"[^{}]{0,200}\{[^{}]{0,2000}\bdefault *= *true"
)
_OTHER_DECLARED = re.compile(
    rb"resource\s+\"aws_(?:vpc|subnet)\"|module\s+\"[\w-]*(?:vpc|network)|(?:variable|output)\s+\"\w*(?:vpc|subnet)"
    rb"|subnets?[\"' _.-]{0,9}private|private[_ -]?(?:with|isolated|subnet)|vpc_?endpoint"
)
# What a configuration has whoever applies it give, and what it uses of that.
_DECLARED = re.compile(rb"(?ms)^variable[ \t]+\"(?P<name>\w+)\"[ \t]*\{.*?^\}")
# Of these, what may be left out: `variable "vpc_id" { default = null }`.
_LEFT_OUT = re.compile(rb"(?m)^[ \t]*default[ \t]*=[ \t]*(?:null\b|\"\"|\[[ \t]*\])")
_ABOUT_NETWORKS = re.compile(rb"vpc|subnet|security_?group")
_TERRAFORM_COMMENT = re.compile(
    rb"(?m)^[ \t]*#[ \t]+#[^\n]*"
    rb"|^[ \t]*(?:#|//)[#/ \t]*+(?:(?:resource|data|module|variable|output)[ \t]+\"|\w+[ \t]*[={])[^\n]*"
)
_GIVEN = re.compile(rb"(?m)^[ \t]*(?P<name>\w+)[ \t]*=[ \t]*+(?!null\b|\"\"|\[[ \t]*\]|var\.)")
_CALL = re.compile(rb"(?ms)^module[ \t]+\"[^\n]*\{.*?^\}")
_USED = worded(rb"\bvar\.(\w+)", b"var.")
# The same of programs for the CDK, in any of its languages, and what shows that they have another one.
_DEFAULT_OF_CDK = worded(rb"\bfrom_?lookup\([^()]*\bis_?default[\"']?\s*[:=(]\s*true", b"lookup(")
_OTHER_OF_CDK = re.compile(
    rb"(?:ec2\.|new )(?:cfn)?(?:vpc|subnet)\(|vpc_?id\b|vpc_?name\b|\.from_?vpc_?attributes\("
    rb"|aws::ec2::(?:vpc|subnet)\b|\"aws_(?:vpc|subnet)\"|create_(?:vpc|subnet)\(|\b(?:vpc|subnet)-[0-9a-f]{6}"
)
# The VPC of a database that exists, as the API describes it: often the default one.
_OF_A_DATABASE = worded(
    rb"(?:db|cluster)_?subnet_?group[\"'\]]{1,3}(?:\[[\"']|\.get\([\"'])vpc_?id|\[[\"']vpcsecuritygroups[\"']\]",
    *(b"subnet", b"vpcsecurity"),
)
# A security group in it is for what reaches the database.
_OF_ITS_OWN = re.compile(
    rb"create_(?:\w{1,20}_)?(?:subnet_group|subnet|vpc)\(|[\"'](?:vpc|subnet|sg)-[0-9a-f]{6}"
    rb"|ec2\.vpc\("
)
# What a program reports to those who read its output.
_REPORTED = re.compile(rb"\b(?:log(?:ger|ging)?\.\w{1,20}|print)\(\s{0,9}[fru]{0,2}[\"'][^\"'\n]*[\"']")
_OTHER_VPC = re.compile(
    rb"create_vpc|create_subnet|create_security_group|vpc_?config|security_?group|ec2\.vpc\("
)
# Instances of EC2 and tasks of ECS, which need a network: it is no matter of jobs and models.
_INSTANCES = re.compile(
    rb"run_instances\(|request_spot_(?:fleet|instances)\(|create_launch_template\(|ec2\.instance\("
    rb"|aws::ec2::instance\b|\"aws_(?:instance|launch_template)\""
    rb"|awsvpc_?configuration|aws::ecs::service\b|\"aws_ecs_service\"|ecs\.fargateservice\("
)
# What shows that a network is for more than these: subnets without a way in, and work that runs in them.
_FOR_WORK = re.compile(
    rb"private[_ -]?(?:with|isolated|subnet)|subnets?[\"_ .-]*private|(?<!aws)vpc_?config|vpc_?endpoint"
    rb"|network_?config(?!uration)"
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
    own = _without_optional_variables(own, files)
    if _has_default_alone(declared := [steps for steps in own if steps[-1].endswith(".tf")], own):
        own = {steps: text for steps, text in own.items() if steps not in declared}
    only_default = any(map(_DEFAULT_OF_CDK.search, own.values())) and not any(
        map(_OTHER_OF_CDK.search, own.values())
    )
    mentioned = False
    for steps, small in _without_unused_variables(own).items():
        if _mentions(steps[-1].lower(), small):
            if _FOR_WORK.search(small) is not None:
                return False
            mentioned = True
    return not mentioned or only_default or any(map(_INSTANCES.search, own.values()))


def _without_optional_variables(own: dict[PathSteps, bytes], files: ProjectFiles) -> dict[PathSteps, bytes]:
    """The texts without variables for a network that are left out by default, and that nothing gives.

    What is commented out goes as well, `# vpc_id = "vpc-1"`.
    """
    texts = {
        steps: _TERRAFORM_COMMENT.sub(b"", text) if steps[-1].endswith(_OF_TERRAFORM) else text
        for steps, text in own.items()
        if not steps[-1].endswith(".tfvars.example")
    }
    declared = {
        block["name"]
        for steps, text in texts.items()
        if steps[-1].endswith(".tf") and _LEFT_OUT.search(text) is not None
        for block in _DECLARED.finditer(text)
        if _ABOUT_NETWORKS.search(block["name"]) and _LEFT_OUT.search(block[0])
    }
    if not declared:
        return texts
    # Files of values are no texts of a repository like others, and are read here alone.
    values = files.texts_like(lambda name: name.endswith(".tfvars"), _VALUES_SIZE) or ()
    given = {name for _, text in values for name in _GIVEN.findall(text.lower().encode())}
    for steps, text in texts.items():
        if steps[-1].endswith(".tf"):
            given.update(name for call in _CALL.findall(text) for name in _GIVEN.findall(call))
    optional = declared - given
    named = re.compile(rb"\b(?:var\.)?(?:" + b"|".join(map(re.escape, sorted(optional))) + rb")\b")

    def kept(block: re.Match[bytes]) -> bytes:
        return b"" if block["name"] in optional else block[0]

    return {
        steps: named.sub(b"", _DECLARED.sub(kept, text)) if optional and steps[-1].endswith(".tf") else text
        for steps, text in texts.items()
    }


def _without_unused_variables(own: dict[PathSteps, bytes]) -> dict[PathSteps, bytes]:
    """The texts without what configurations of Terraform declare and never use: `variable "enable_vpc"`."""
    used = {name for steps, text in own.items() if steps[-1].endswith(".tf") for name in _USED.findall(text)}

    def kept(block: re.Match[bytes]) -> bytes:
        return block[0] if block["name"] in used else b""

    return {
        steps: _DECLARED.sub(kept, text) if steps[-1].endswith(".tf") else text for steps, text in own.items()
    }


def _has_default_alone(declared: list[PathSteps], own: dict[PathSteps, bytes]) -> bool:
    """Whether the default VPC is the only one in the configurations of Terraform."""
    default = any(_DEFAULT_DECLARED.search(own[steps]) for steps in declared)
    return default and not any(_OTHER_DECLARED.search(own[steps]) for steps in declared)


def _is_beside(steps: PathSteps) -> bool:
    """Whether a file is read by people, tries others out, or starts containers on one machine."""
    name = steps[-1].lower()
    return (
        name.endswith(_DOCUMENTS)
        or name == "readme"
        or is_test(steps)
        or _COMPOSED.fullmatch(name) is not None
    )


def _mentions(name: str, content: bytes) -> bool:
    if not any(word in content for word in _WORDS) or _DRAWS.search(content) is not None:
        return False
    if all(word in content for word in _RUNBOOK) or describes_files(content):
        return False
    content = _NO_NETWORK.sub(b" ", content)
    if name.endswith(PROGRAMS):
        content = _REPORTED.sub(b" ", content)
        if _OF_A_DATABASE.search(content) is not None and _OF_ITS_OWN.search(content) is None:
            return False
    # A program that only looks the default VPC up, which a Studio domain needs in any case.
    if name.endswith(".py") and _DEFAULT_LOOKED_UP.search(content) and not _OTHER_VPC.search(content):
        return False
    return has_hint(_VPC, content.decode("latin-1"), name)


__all__ = ["has_no_network"]
