"""Reliability of notebooks and Studio: what cannot be created, start, or be deleted."""

import base64
import binascii
from collections.abc import Iterator

from mlwa_lint.graph.iam.wildcards import SURROUNDINGS
from mlwa_lint.graph.kinds import (
    LIFECYCLE_CONFIG,
    NOTEBOOK,
    STUDIO_DOMAIN,
    STUDIO_LIFECYCLE_CONFIG,
    SUBNET,
    VPC,
)
from mlwa_lint.graph.queries import network
from mlwa_lint.graph.queries.scripts import scripts_of
from mlwa_lint.model.values import ENCODED, Reference, Scalar, Unknown, known_text
from mlwa_lint.rule import (
    NO,
    YES,
    Answer,
    Claim,
    EdgeKind,
    GraphView,
    Remedy,
    ResourceView,
    View,
    answer,
    certainly,
    rule,
    set_to,
    some,
)

_LONGEST_SCRIPT = 16_384
# What a piece of a script can be at most: parameters of CloudFormation are limited, as names and ARNs are.
_LONGEST_PIECE = 4_096
_LONGEST_PSEUDO = 256
_FOR_SPACES = "the domain sets up spaces, whose apps need no traffic from one another"


@rule(
    "MLR401",
    "notebook-network-contradiction",
    "high",
    practices=("MLSEC03-BP02",),
    on=(NOTEBOOK,),
    remedy=Remedy(
        "Set `SubnetId` and `SecurityGroupIds`.",
        "Set `subnet_id` and `security_groups`.",
    ),
)
def notebook_network_contradiction(notebook: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A notebook instance disables direct internet access and has no subnet.

    CreateNotebookInstance rejects the request, so the deployment fails.

    The service model documents DirectInternetAccess: "You can set the value of this parameter to Disabled
    only if you set a value for the SubnetId parameter."

    See [CreateNotebookInstance](https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateNotebookInstance.html).
    """
    access, subnet = notebook["DirectInternetAccess"], notebook["SubnetId"]
    message = f"{notebook} is rejected: {access} is Disabled, which needs {subnet}"
    yield Claim(access.equals("Disabled") & subnet.is_absent(), access, message)


@rule(
    "MLR402",
    "lifecycle-script-refused",
    "high",
    practices=("MLCOST04-BP02",),
    on=(LIFECYCLE_CONFIG, STUDIO_LIFECYCLE_CONFIG),
    remedy=Remedy(
        "Encode the script with `Fn::Base64`, use LF line ends, and load long scripts from S3.",
        'Encode the script with `base64encode(replace(file("on-start.sh"), "\\r\\n", "\\n"))`.',
    ),
)
def lifecycle_script_refused(config: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A lifecycle script is not Base64, has CRLF line ends, or is too long.

    SageMaker rejects the configuration, or the script fails and the notebook or the app does not start.

    The service model describes the content as "a base64-encoded string that contains a shell script" of 1 to
    16384 characters. With CRLF line ends, the shell does not find the interpreter that the first line names.

    Exceptions: scripts whose text is not known before deployment. A parameter in it that is not known counts
    with 4096 characters, the longest that CloudFormation accepts, the name of a bucket with 63, the name or
    the ARN of another resource with 1024, and a Region or an account with 256. What is part of the name of a
    resource is no longer than that may be: 63 characters for buckets and SageMaker, 256 for others.

    See [NotebookInstanceLifecycleHook](https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_NotebookInstanceLifecycleHook.html)
    and [CreateStudioLifecycleConfig](https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateStudioLifecycleConfig.html).
    """
    faulty: dict[str, list[View]] = {}
    for script in scripts_of(config):
        text = known_text(script.value) if isinstance(script.value, Scalar) else None
        if text is None and _is_accepted(script, graph):
            continue
        if text is None:
            yield Claim(script.is_open(), script, f"{config} may have a script that is refused")
        elif wrong := _what_is_wrong(text):
            faulty.setdefault(wrong, []).append(script)
    for wrong, scripts in faulty.items():
        first, *others = scripts
        named = " and ".join(map(str, scripts))
        predicate = _OF_SEVERAL.get(wrong, wrong) if others else wrong
        message = f"{config} is rejected, or its script fails: {named} {predicate}"
        related = tuple((each, f"{each} {wrong}") for each in others)
        yield Claim(answer(True, first.value.assumed), first, message, related=related)


def _is_accepted(script: View, graph: GraphView) -> bool:
    """Whether a script of which parts are not known is encoded, and short enough whatever these are."""
    value = script.value
    if not isinstance(value, Unknown) or not value.identity.startswith(ENCODED):
        return False
    known = [part for part in value.parts if isinstance(part, str)]
    length = len("".join(known).encode()) + sum(_longest(part, graph) for part in value.parts)
    return not any("\r\n" in part for part in known) and length * 4 / 3 < _LONGEST_SCRIPT


def _longest(part: str | Unknown | Reference, graph: GraphView) -> int:
    """How long a piece that is not known can be; a known one is counted in its place."""
    if isinstance(part, str):
        return 0
    from mlwa_lint.graph.queries import lengths

    if isinstance(part, Reference):
        return lengths.longest_reference(part, graph)
    if part.one_of:
        return max(len(text.encode()) for text in part.one_of)
    if SURROUNDINGS.match(part.identity):
        return _LONGEST_PSEUDO
    return lengths.longest_parts(graph).get(part.identity, _LONGEST_PIECE)


# The same mistake in two scripts.
_OF_SEVERAL = {"is not Base64": "are not Base64", "has CRLF line ends": "have CRLF line ends"}


def _what_is_wrong(text: str) -> str:
    if len(text) > _LONGEST_SCRIPT:
        return f"is {len(text)} characters long, and at most {_LONGEST_SCRIPT} are accepted"
    try:
        script = base64.b64decode(text.strip().replace("\n", ""), validate=True)
    except (ValueError, binascii.Error):
        return "is not Base64"
    return "has CRLF line ends" if b"\r\n" in script else ""


@rule(
    "MLR403",
    "studio-apps-cannot-start",
    "high",
    practices=("MLSEC03-BP02",),
    on=(STUDIO_DOMAIN,),
    remedy=Remedy(
        "Set `SecurityGroups` in `DefaultUserSettings` to a group that admits itself, and "
        "`PrivateDnsEnabled: true` on the VPC endpoints.",
        "Set `security_groups` in `default_user_settings` to a group with `self = true`, and "
        "`private_dns_enabled = true` on the VPC endpoints.",
    ),
)
def studio_apps_cannot_start(domain: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """The apps of a VpcOnly domain cannot reach their file system or SageMaker.

    Apps stay in Pending and fail, although the domain itself is created.

    In VpcOnly mode, the default user settings need security groups. A group has to admit traffic from
    itself, for NFS and between apps, and the interface endpoints of the VPC for SageMaker need private DNS.
    The rule checks security groups and VPC endpoints of the project. Where the default user settings set up
    JupyterLab or the Code Editor, and neither Jupyter Server nor Kernel Gateway, the severity of such a group
    is medium: between these two, which are Studio Classic, the traffic is needed, and spaces start without.

    Exceptions: the domain needs no default groups if it has user profiles and each names its own.

    The service model documents SecurityGroups: "Required when the CreateDomain.AppNetworkAccessType parameter
    is set to VpcOnly". The developer guide requires a security group that allows traffic within itself, and
    interface endpoints with private DNS.

    See [Connect Studio in a VPC to external
    resources](https://docs.aws.amazon.com/sagemaker/latest/dg/studio-updated-and-internet-access.html).
    """
    from mlwa_lint.graph.queries import studio

    mode = domain["AppNetworkAccessType"]
    private = mode.equals("VpcOnly")
    groups = domain["DefaultUserSettings.SecurityGroups"]
    message = f"apps of {domain} cannot start in VpcOnly mode: {groups} should name a security group"
    yield Claim(private & groups.is_absent() & ~studio.profiles_name_groups(domain, graph), groups, message)
    for group, admits in studio.groups_of(domain, graph):
        spaces = studio.is_for_spaces(domain)
        apps = "apps of Studio Classic in" if spaces else "apps of"
        message = f"{apps} {domain} cannot start: {group} does not admit traffic from itself"
        milder = _FOR_SPACES if spaces else ""
        at = ((group, "the security group"),)
        yield Claim(private & ~admits, groups, message, related=at, milder=milder)
    without = list(studio.endpoints_without_dns(domain, graph))
    certain = [setting for setting, lacks in without if certainly(lacks)]
    names = ", ".join(str(each.holder) for each in certain) or "VPC endpoints"
    message = f"apps of {domain} cannot reach SageMaker from its VPC: {names} should have private DNS"
    related = tuple((each, "private DNS is off") for each in certain)
    yield Claim(private & some(lacks for _, lacks in without), mode, message, related=related)


@rule(
    "MLR404",
    "studio-file-system-left-behind",
    "info",
    practices=("MLREL05-BP02",),
    on=(STUDIO_DOMAIN,),
    remedy=Remedy(
        "Delete the file system of the domain before its VPC.",
        'Add `retention_policy { home_efs_file_system = "Delete" }`.',
    ),
    languages=("terraform",),
)
def studio_file_system_left_behind(domain: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """Deleting a domain leaves its file system behind, so its subnets and VPC cannot be destroyed.

    `terraform destroy` waits for the network interfaces of the file system until it times out, and the file
    system has to be deleted by hand.

    By default the file system with the home directories of users is retained. Only domains in subnets or VPCs
    of the same project, or of a module that it calls (`terraform-aws-modules/vpc/aws`), are reported; where
    the home directories must survive, ignore the rule. CloudFormation has no such setting.

    See
    [RetentionPolicy](https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_RetentionPolicy.html).
    """
    if domain.language != "terraform":
        return
    setting = domain["RetentionPolicy.HomeEfsFileSystem"]
    placed = graph.targets(domain, EdgeKind.PLACED_IN, SUBNET, VPC)
    inside: Answer = placed.exist() if placed.related else NO
    if network.is_made_by_module(domain["VpcId"], graph):
        inside = YES
    message = f"{domain} leaves its file system behind in a VPC of the project: {setting} should be Delete"
    fix = set_to(setting, "Delete", risk="the files of all users are deleted with the domain")
    yield Claim(inside & ~setting.equals("Delete"), setting, message, fix=fix)
