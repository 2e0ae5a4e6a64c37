"""Security of SageMaker Studio: domains and user profiles."""

from collections.abc import Iterator

from mlwa_lint.graph.kinds import STUDIO_DOMAIN, USER_PROFILE
from mlwa_lint.graph.queries import encryption, isolation, keys, network, studio
from mlwa_lint.model.findings import Severity
from mlwa_lint.rule import (
    NO,
    Answer,
    Claim,
    EdgeKind,
    GraphView,
    Remedy,
    ResourceView,
    View,
    certainly,
    possibly,
    rule,
    set_to,
    some,
    undecided,
    use_key,
)

_WITH_NAT = Remedy(
    "Add an `AWS::EC2::NatGateway` and a route to it, then set `AppNetworkAccessType: VpcOnly`.",
    'Add an `aws_nat_gateway` and a route to it, then set `app_network_access_type = "VpcOnly"`.',
)
_ELSEWHERE = Remedy(
    "Place the domain in private subnets with a way to AWS, then set `AppNetworkAccessType: VpcOnly`.",
    'Place the domain in private subnets with a way to AWS, then set `app_network_access_type = "VpcOnly"`.',
)


@rule(
    "MLS406",
    "studio-domain-public-network",
    "high",
    concern="protection",
    subject="network",
    practices=("MLSEC03-BP02",),
    on=(STUDIO_DOMAIN,),
    remedy=Remedy("Set `AppNetworkAccessType: VpcOnly`.", 'Set `app_network_access_type = "VpcOnly"`.'),
)
def studio_domain_public_network(domain: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """The applications of a Studio domain access the internet directly, bypassing your VPC.

    Every user of the domain, and every package in a notebook, can then send data anywhere over a network that
    SageMaker manages, where your security groups, flow logs and endpoint policies do not apply.

    A domain has public internet access unless `AppNetworkAccessType` is `VpcOnly`; only traffic to its file
    system then uses the VPC. With `VpcOnly`, provide VPC endpoints for SageMaker and S3, or a NAT gateway.

    The severity is high where the project isolates such work, and this domain bypasses it: it has a VPC
    endpoint for SageMaker, a notebook instance without direct internet access, or, where this domain does not
    state its access, another one with `VpcOnly`. It is medium elsewhere, as IAM or IAM Identity Center
    decides who opens Studio, and where public access is stated as one of two options: a parameter or a
    condition selects it, another domain of the project has `VpcOnly`, or a template or module in the same or
    a neighboring directory declares one. It is low where the project declares the domain's subnets and VPC,
    and neither a NAT gateway nor a connection to another network: with `VpcOnly` alone, Studio then starts
    nothing, so the NAT gateway has to come first. In the default VPC, which the message names, the subnets
    are public, and what has no public address there has no way out either.

    See [Connect Studio in a VPC to external
    resources](https://docs.aws.amazon.com/sagemaker/latest/dg/studio-updated-and-internet-access.html).
    """
    access = domain["AppNetworkAccessType"]
    by_choice = domain.language != "python" and studio.is_public_by_choice(domain, graph)
    bypassed = "" if by_choice else isolation.what_it_bypasses(domain, graph)
    kept_in = "" if bypassed else network.why_kept_in(domain, graph)
    message = f"{domain} gives its applications direct internet access{bypassed}"
    message += f": {access} should be VpcOnly"
    message += ", once a NAT gateway leads out of its VPC" if kept_in else ""
    by_default = network.is_in_default_vpc(domain, graph)
    message += ", in private subnets, for those of the default VPC are public" if by_default else ""
    fix = set_to(access, "VpcOnly", risk="the VPC has to lead to what applications need")
    public = _why_none(access) if access.text == "" else ~access.equals("VpcOnly")
    yield Claim(
        public,
        access,
        message,
        None if bypassed else "medium",
        remedy=_WITH_NAT if kept_in else _ELSEWHERE if by_default else None,
        fix=None if kept_in or by_default else fix,
        milder=kept_in,
    )


def _why_none(access: View) -> Answer:
    """An empty text is not a type of network access: whoever deploys the domain has to give another one."""
    default = " and ".join(sorted(access.value.assumed))
    return undecided(f"{access} is an empty text{f', {default}' if default else ''}, which AWS rejects")


@rule(
    "MLS407",
    "studio-domain-storage-unencrypted",
    "medium",
    concern="protection",
    subject="key",
    practices=("MLSEC02-BP01",),
    on=(STUDIO_DOMAIN,),
    remedy=Remedy("Set `KmsKeyId: !GetAtt StudioKey.Arn`.", "Set `kms_key_id = aws_kms_key.studio.arn`."),
)
def studio_domain_storage_unencrypted(domain: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """The file system of a Studio domain is not encrypted with a customer managed KMS key.

    Notebooks, data sets and credentials of all users are stored on it. A customer managed KMS key lets you
    control who can read them, records every use in CloudTrail, and can be disabled; it cannot be added to an
    existing domain.

    AWS encrypts it with a key of its own in any case. The severity is therefore low in a project that uses no
    customer managed key at all, and medium where other data has one: there, this one is a gap. It is info
    where nothing in the repository suggests such a key, or it is one choice for all (see MLS401).

    See [Protect data at rest using
    encryption](https://docs.aws.amazon.com/sagemaker/latest/dg/encryption-at-rest.html).
    """
    key = domain["KmsKeyId"]
    message = f"{domain} does not encrypt its file system with a customer managed key: it sets no {key}"
    milder = keys.why_no_key_here(key, graph)
    yield Claim(key.is_absent(), key, message, fix=use_key(key), milder=milder)


@rule(
    "MLS408",
    "studio-notebook-sharing-unencrypted",
    "medium",
    concern="protection",
    practices=("MLSEC02-BP01",),
    on=(STUDIO_DOMAIN, USER_PROFILE),
    remedy=Remedy(
        "Set `SharingSettings.S3KmsKeyId: !GetAtt StudioKey.Arn`.",
        "Set `s3_kms_key_id = aws_kms_key.studio.arn` in `sharing_settings`.",
    ),
)
def studio_notebook_sharing_unencrypted(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """Shared Studio notebooks are stored with their output, without a customer managed KMS key.

    The output of a cell often shows the data itself; anyone who can read the bucket can read a snapshot of a
    shared notebook.

    The settings of a user profile are checked together with those of the domain. The severity is low in a
    project that uses no customer managed key at all, and info where nothing in the repository suggests one
    (see MLS401) or the project declares the bucket, which encrypts with a KMS key by default.

    Exceptions: Not reported unless `NotebookOutputOption` is `Allowed`: by default, output is not shared; and
    for user profiles that repeat what is reported for their domain.

    See [SharingSettings](https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_SharingSettings.html).
    """
    settings = resource["DefaultUserSettings" if resource.type == STUDIO_DOMAIN else "UserSettings"]
    key = settings["SharingSettings.S3KmsKeyId"]
    allowed = settings["SharingSettings.NotebookOutputOption"].equals("Allowed")
    message = f"{resource} allows sharing notebooks with their output and sets no {key} to encrypt it"
    missing = allowed & key.is_absent() & ~_repeats_domain(resource, graph)
    protected = certainly(encryption.is_in_kms_bucket(settings["SharingSettings.S3OutputPath"], graph))
    severity: Severity | None = "low" if protected else None
    milder = encryption.DEFAULT_APPLIES if protected else keys.why_no_key(graph)
    # A key for the domain alone would leave the profiles that repeat it without one.
    profiles = graph.sources(resource, EdgeKind.REFERS_TO, USER_PROFILE)
    repeated = any(possibly(_repeats_domain(profile, graph)) for profile in profiles)
    fix = None if repeated else use_key(key)
    yield Claim(missing, key, message, severity, fix=fix, milder=milder)


def _repeats_domain(resource: ResourceView, graph: GraphView) -> Answer:
    """Whether a user profile shares to the same place as its domain, and the domain has no key either."""
    place = resource["UserSettings.SharingSettings.S3OutputPath"]
    domains = graph.targets(resource, EdgeKind.REFERS_TO, STUDIO_DOMAIN)
    if resource.type == STUDIO_DOMAIN or not domains.related:
        return NO
    return some(_shares_alike(domain["DefaultUserSettings.SharingSettings"], place) for domain in domains)


def _shares_alike(own: View, place: View) -> Answer:
    shares = own["NotebookOutputOption"].equals("Allowed") & own["S3KmsKeyId"].is_absent()
    return shares & own["S3OutputPath"].same_as(place)


@rule(
    "MLS409",
    "studio-domain-without-sso",
    "info",
    practices=("MLSEC03-BP02",),
    on=(STUDIO_DOMAIN,),
    remedy=Remedy("Set `AuthMode: SSO`.", 'Set `auth_mode = "SSO"`.'),
)
def studio_domain_without_sso(domain: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A Studio domain signs users in with IAM rather than with IAM Identity Center.

    With IAM Identity Center, people sign in with their own identity and multi-factor authentication, and lose
    access when they leave; with IAM, everyone who may create a presigned URL for a user profile can open it.

    The mode cannot be changed after the domain was created.

    See [Choose an Amazon SageMaker AI domain authentication
    mode](https://docs.aws.amazon.com/sagemaker/latest/dg/onboard-custom.html).
    """
    mode = domain["AuthMode"]
    message = f"{domain} signs users in with IAM: {mode} could be SSO"
    yield Claim(mode.equals("IAM"), mode, message)
