"""Security of notebook instances."""

from collections.abc import Iterator

from mlwa_lint.graph.kinds import NOTEBOOK
from mlwa_lint.graph.queries import isolation, keys, network, purposes, scripts
from mlwa_lint.model.findings import Severity
from mlwa_lint.rule import (
    Claim,
    Data,
    GraphView,
    Remedy,
    ResourceView,
    certainly,
    rule,
    set_to,
    use_key,
)
from mlwa_rules.changes import VPC_RISK

_WITH_NAT = Remedy(
    "Add an `AWS::EC2::NatGateway` and a route to it, then set `DirectInternetAccess: Disabled`.",
    'Add an `aws_nat_gateway` and a route to it, then set `direct_internet_access = "Disabled"`.',
)


@rule(
    "MLS401",
    "notebook-volume-unencrypted",
    "medium",
    concern="protection",
    subject="key",
    practices=("MLSEC02-BP01",),
    on=(NOTEBOOK,),
    remedy=Remedy("Set `KmsKeyId: !GetAtt NotebookKey.Arn`.", "Set `kms_key_id = aws_kms_key.notebook.arn`."),
    controls=("SageMaker.21", "sagemaker_notebook_instance_encryption_enabled"),
)
def notebook_volume_unencrypted(notebook: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A notebook instance's storage volume is not encrypted with a customer managed KMS key.

    Data sets, credentials and unpublished work accumulate on that volume; a customer managed KMS key lets you
    control who can read it, records every use in CloudTrail, and can be disabled at once.

    AWS encrypts it with a key of its own in any case. The severity is therefore low in a project that uses no
    customer managed key at all, and medium where other data has one: there, this one is a gap. It is info
    where nothing in the repository suggests such a key: no program or configuration uses or mentions one,
    names data of patients, customers or payments, or isolates the work (a VPC endpoint of SageMaker, network
    isolation), and the README introduces no data that is sensitive or regulated. Other documents do not
    count. In a repository with documents or programs around what is deployed, it is also info where something
    suggests a key and none is used: that is one choice for all, unless a variable offers the key.

    See [Protect data at rest using
    encryption](https://docs.aws.amazon.com/sagemaker/latest/dg/encryption-at-rest.html).
    """
    key = notebook["KmsKeyId"]
    message = f"{notebook} does not encrypt its storage volume with a customer managed key: it sets no {key}"
    yield Claim(key.is_absent(), key, message, fix=use_key(key), milder=keys.why_no_key_here(key, graph))


@rule(
    "MLS402",
    "notebook-root-access",
    "high",
    concern="protection",
    operational="info",
    practices=("MLSEC03-BP02",),
    on=(NOTEBOOK,),
    remedy=Remedy("Set `RootAccess: Disabled`.", 'Set `root_access = "Disabled"`.'),
    controls=("SageMaker.3", "sagemaker_notebook_instance_root_access_disabled"),
)
def notebook_root_access(notebook: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A notebook instance gives its users root access.

    A root user can read the files and credentials of other users on the instance, and can switch off its
    logging and its lifecycle scripts.

    Root access is enabled unless it is disabled explicitly. Lifecycle configurations always run as root, so
    packages can still be installed there.

    The severity is high where a script of the instance's lifecycle configuration sets up what a root user can
    undo: a firewall (`iptables`, `nft`), auditing (`auditctl`), or the agent of a security product. It is
    medium elsewhere: whoever opens the notebook has been let in already, and acts with the same role. It is
    info in workshops, labs and courses: the one who learns with the instance is the only one to open it.

    See [Control root access to a SageMaker notebook
    instance](https://docs.aws.amazon.com/sagemaker/latest/dg/nbi-root-access.html).
    """
    access = notebook["RootAccess"]
    guard = scripts.guard_of(notebook, graph)
    undone = f", with which they can undo what its lifecycle configuration sets up ({guard})" if guard else ""
    message = f"{notebook} gives its users root access{undone}: {access} should be Disabled"
    fix = set_to(access, "Disabled", risk="users can no longer install system packages")
    taught = not guard and purposes.is_for_learning(graph)
    severity: Severity | None = None if guard else "info" if taught else "medium"
    yield Claim(~access.equals("Disabled"), access, message, severity, fix=fix)


@rule(
    "MLS403",
    "notebook-direct-internet-access",
    "high",
    concern="protection",
    subject="network",
    practices=("MLSEC03-BP02",),
    on=(NOTEBOOK,),
    remedy=Remedy(
        "Set `DirectInternetAccess: Disabled`, with a `SubnetId` and `SecurityGroupIds`.",
        'Set `direct_internet_access = "Disabled"`, with a `subnet_id` and `security_groups`.',
    ),
    controls=("SageMaker.1", "sagemaker_notebook_instance_without_direct_internet_access_configured"),
)
def notebook_direct_internet_access(notebook: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A notebook instance accesses the internet directly, bypassing your VPC.

    Every user of the instance, and every package that runs on it, can then send data anywhere, where your
    security groups, flow logs and endpoint policies do not apply.

    Direct access is enabled unless it is disabled explicitly, also for an instance in a subnet. Without it,
    provide VPC endpoints for S3 and SageMaker, or a NAT gateway. Without a subnet it cannot be disabled at
    all: MLS404 reports such an instance, and this rule repeats it with severity info only.

    The severity is high where the project isolates such work, and this instance bypasses it: it has a VPC
    endpoint for SageMaker, another notebook instance without direct access, or a Studio domain with
    `VpcOnly`. It is medium elsewhere, as IAM decides who opens the notebook, and info where a template
    chooses between both settings, and its default disables direct access. It is low where the project
    declares the instance's subnet and VPC, and neither a NAT gateway nor a connection to another network: an
    instance has no public address, for which an internet gateway alone is no way out, and without direct
    access it reaches neither Git repositories nor package indexes. The NAT gateway then has to come first.

    See [Connect a notebook instance in a VPC to external
    resources](https://docs.aws.amazon.com/sagemaker/latest/dg/appendix-notebook-and-internet-access.html).
    """
    access = notebook["DirectInternetAccess"]
    without_subnet = certainly(notebook["SubnetId"].is_absent())
    bypassed = "" if without_subnet else isolation.what_it_bypasses(notebook, graph)
    kept_in = "" if without_subnet or bypassed else network.why_kept_in(notebook, graph)
    message = f"{notebook} has direct internet access{bypassed}: {access} should be Disabled"
    message += ", once a NAT gateway leads out of its VPC" if kept_in else ""
    fix = set_to(access, "Disabled", risk="the subnet has to lead to what the notebook needs")
    severity: Severity | None = "info" if without_subnet else None if bypassed else "medium"
    yield Claim(
        ~access.equals("Disabled"),
        access,
        message,
        severity,
        remedy=_WITH_NAT if kept_in else None,
        fix=None if without_subnet or kept_in else fix,
        milder=kept_in,
    )


@rule(
    "MLS404",
    "notebook-without-vpc",
    "high",
    concern="protection",
    operational=True,
    subject="network",
    practices=("MLSEC03-BP02",),
    on=(NOTEBOOK,),
    remedy=Remedy(
        "Set `SubnetId: !Ref PrivateSubnet` and `SecurityGroupIds`.",
        "Set `subnet_id = aws_subnet.private.id` and `security_groups`.",
    ),
    controls=("SageMaker.2", "sagemaker_notebook_instance_vpc_settings_configured"),
)
def notebook_without_vpc(notebook: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A notebook instance does not run in a VPC of the account.

    It then accesses data and services over the network of SageMaker, where your security groups, flow logs
    and endpoint policies do not apply, and its direct internet access cannot be disabled.

    The severity is high where the project isolates such work, and this instance bypasses it: it has a VPC
    endpoint for SageMaker, a notebook instance without direct internet access, or a Studio domain with
    `VpcOnly`. It is medium elsewhere, as IAM decides who opens the notebook, and low where nothing in the
    repository shows that its project is operated. It is info where, besides, no program or configuration of
    the repository has a VPC for such work, also in examples, and in workshops and tutorials, which people
    deploy into accounts of their own and delete again.

    Exceptions: an instance that disables direct internet access without a subnet is rejected, which MLR401
    reports.

    See [Connect a notebook instance in a VPC to external
    resources](https://docs.aws.amazon.com/sagemaker/latest/dg/appendix-notebook-and-internet-access.html).
    """
    subnet = notebook["SubnetId"]
    if certainly(subnet.is_absent() & notebook["DirectInternetAccess"].equals("Disabled")):
        return
    bypassed = isolation.what_it_bypasses(notebook, graph)
    message = f"{notebook} does not run in a VPC: it sets no {subnet}, so it accesses the internet directly"
    message += bypassed
    values: Data = {"SubnetId": "${subnet}", "SecurityGroupIds": "${security-groups}"}
    severity: Severity | None = None if bypassed else "info" if purposes.is_for_learning(graph) else "medium"
    milder = (
        ""
        if bypassed
        else isolation.why_no_network(notebook, graph) or purposes.why_declared_unoperated(notebook, graph)
    )
    fix = set_to(notebook, values, risk=VPC_RISK)
    practice = False if bypassed else isolation.is_practice(graph)
    yield Claim(subnet.is_absent(), subnet, message, severity, fix=fix, milder=milder, operational=practice)


@rule(
    "MLS405",
    "notebook-allows-imdsv1",
    "medium",
    concern="protection",
    practices=("MLSEC03-BP02",),
    on=(NOTEBOOK,),
    remedy=Remedy(
        'Set `InstanceMetadataServiceConfiguration: {MinimumInstanceMetadataServiceVersion: "2"}`.',
        'Add `instance_metadata_service_configuration { minimum_instance_metadata_service_version = "2" }`.',
    ),
)
def notebook_allows_imdsv1(notebook: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A notebook instance allows version 1 of the instance metadata service.

    Version 1 returns the credentials of the execution role to any HTTP request, so that one server-side
    request forgery in anything that runs on the instance is enough to steal them; version 2 requires a
    session token.

    A new instance allows version 1 unless the minimum version is set to 2.

    See
    [InstanceMetadataServiceConfiguration](https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_InstanceMetadataServiceConfiguration.html).
    """
    version = notebook["InstanceMetadataServiceConfiguration.MinimumInstanceMetadataServiceVersion"]
    message = f"{notebook} allows version 1 of the instance metadata service: {version} should be 2"
    fix = set_to(version, "2", risk="programs that use version 1 get no credentials any more")
    yield Claim(~version.equals("2"), version, message, fix=fix)
