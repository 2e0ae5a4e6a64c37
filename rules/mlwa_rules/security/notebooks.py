"""Security of notebook instances."""

from collections.abc import Iterator

from mlwa_lint.rule import Claim, GraphView, Remedy, ResourceView, rule

NOTEBOOK = "AWS::SageMaker::NotebookInstance"


@rule(
    "MLS401",
    "notebook-volume-unencrypted",
    "high",
    practices=("MLSEC02-BP01",),
    on=(NOTEBOOK,),
    remedy=Remedy("Set `KmsKeyId: !GetAtt NotebookKey.Arn`.", "Set `kms_key_id = aws_kms_key.notebook.arn`."),
)
def notebook_volume_unencrypted(notebook: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A notebook instance's storage volume is not encrypted with a key of yours.

    Data sets, credentials and unpublished work gather on that volume; with a key of your own you decide
    who may read it, see every use in CloudTrail, and can withdraw access at once.

    See [Protect data at rest using
    encryption](https://docs.aws.amazon.com/sagemaker/latest/dg/encryption-at-rest.html).
    """
    key = notebook["KmsKeyId"]
    message = f"{notebook} sets no {key}, so its storage volume is not encrypted with a key of yours"
    yield Claim(key.is_absent(), key, message)


@rule(
    "MLS402",
    "notebook-root-access",
    "high",
    practices=("MLSEC03-BP02",),
    on=(NOTEBOOK,),
    remedy=Remedy("Set `RootAccess: Disabled`.", 'Set `root_access = "Disabled"`.'),
)
def notebook_root_access(notebook: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A notebook instance lets its users act as root.

    Root can read other users' files and credentials on the instance, and can switch off its logging and
    its lifecycle scripts.

    Root access is on unless it is switched off. Lifecycle configurations run as root all the same, so
    that packages can still be installed there.

    See [Control root access to a SageMaker notebook
    instance](https://docs.aws.amazon.com/sagemaker/latest/dg/nbi-root-access.html).
    """
    access = notebook["RootAccess"]
    message = f"{notebook} gives its users root access: {access} should be Disabled"
    yield Claim(~access.equals("Disabled"), access, message)


@rule(
    "MLS403",
    "notebook-direct-internet-access",
    "high",
    practices=("MLSEC03-BP02",),
    on=(NOTEBOOK,),
    remedy=Remedy(
        "Set `DirectInternetAccess: Disabled`, with a `SubnetId` and `SecurityGroupIds`.",
        'Set `direct_internet_access = "Disabled"`, with a `subnet_id` and `security_groups`.',
    ),
)
def notebook_direct_internet_access(notebook: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A notebook instance reaches the internet directly, past your VPC.

    Whoever works on it, and whatever package runs on it, can then send data anywhere, out of sight of
    your security groups, flow logs and endpoint policies.

    Direct access is on unless it is switched off, also for an instance in a subnet. Without it, give the
    VPC endpoints for S3 and SageMaker, or a NAT gateway.

    See [Connect a notebook instance in a VPC to external
    resources](https://docs.aws.amazon.com/sagemaker/latest/dg/appendix-notebook-and-internet-access.html).
    """
    access = notebook["DirectInternetAccess"]
    message = f"{notebook} has direct internet access: {access} should be Disabled"
    yield Claim(~access.equals("Disabled"), access, message)


@rule(
    "MLS404",
    "notebook-without-vpc",
    "high",
    practices=("MLSEC03-BP02",),
    on=(NOTEBOOK,),
    remedy=Remedy(
        "Set `SubnetId: !Ref PrivateSubnet` and `SecurityGroupIds`.",
        "Set `subnet_id = aws_subnet.private.id` and `security_groups`.",
    ),
)
def notebook_without_vpc(notebook: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A notebook instance is not placed in a VPC of yours.

    It then reaches data and services over the network of SageMaker, which neither your security groups
    nor your flow logs nor your endpoint policies cover.

    See [Connect a notebook instance in a VPC to external
    resources](https://docs.aws.amazon.com/sagemaker/latest/dg/appendix-notebook-and-internet-access.html).
    """
    subnet = notebook["SubnetId"]
    message = f"{notebook} runs outside of your VPC: it sets no {subnet}"
    yield Claim(subnet.is_absent(), subnet, message)


@rule(
    "MLS405",
    "notebook-allows-imdsv1",
    "medium",
    practices=("MLSEC03-BP02",),
    on=(NOTEBOOK,),
    remedy=Remedy(
        'Set `InstanceMetadataServiceConfiguration: {MinimumInstanceMetadataServiceVersion: "2"}`.',
        'Add `instance_metadata_service_configuration { minimum_instance_metadata_service_version = "2" }`.',
    ),
)
def notebook_allows_imdsv1(notebook: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A notebook instance answers requests to version 1 of the instance metadata service.

    Version 1 hands out the credentials of the execution role to any plain HTTP request, so that one
    server-side request forgery in anything that runs on the instance is enough to steal them; version 2
    asks for a session token first.

    A new instance allows version 1 unless the minimum version is set to 2.

    See [InstanceMetadataServiceConfiguration](https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_InstanceMetadataServiceConfiguration.html).
    """
    version = notebook["InstanceMetadataServiceConfiguration.MinimumInstanceMetadataServiceVersion"]
    message = f"{notebook} allows version 1 of the instance metadata service: {version} should be 2"
    yield Claim(~version.equals("2"), version, message)
