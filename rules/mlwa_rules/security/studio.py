"""Security of SageMaker Studio: domains and user profiles."""

from collections.abc import Iterator

from mlwa_lint.rule import Claim, GraphView, Remedy, ResourceView, rule

DOMAIN = "AWS::SageMaker::Domain"
USER_PROFILE = "AWS::SageMaker::UserProfile"


@rule(
    "MLS406",
    "studio-domain-public-network",
    "high",
    practices=("MLSEC03-BP02",),
    on=(DOMAIN,),
    remedy=Remedy("Set `AppNetworkAccessType: VpcOnly`.", 'Set `app_network_access_type = "VpcOnly"`.'),
)
def studio_domain_public_network(domain: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """The applications of a Studio domain use the internet past your VPC.

    Everybody in the domain, and every package in a notebook, can then send data anywhere over a network
    that SageMaker manages, out of sight of your security groups, flow logs and endpoint policies.

    Public access is what a domain has unless it says otherwise; only traffic to its file system goes
    through the VPC then. With `VpcOnly`, give the VPC endpoints for SageMaker and S3, or a NAT gateway.

    See [Connect Studio in a VPC to external
    resources](https://docs.aws.amazon.com/sagemaker/latest/dg/studio-updated-and-internet-access.html).
    """
    access = domain["AppNetworkAccessType"]
    message = f"{domain} lets its applications use the public internet: {access} should be VpcOnly"
    yield Claim(~access.equals("VpcOnly"), access, message)


@rule(
    "MLS407",
    "studio-domain-storage-unencrypted",
    "high",
    practices=("MLSEC02-BP01",),
    on=(DOMAIN,),
    remedy=Remedy("Set `KmsKeyId: !GetAtt StudioKey.Arn`.", "Set `kms_key_id = aws_kms_key.studio.arn`."),
)
def studio_domain_storage_unencrypted(domain: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """The file system of a Studio domain is not encrypted with a key of yours.

    Notebooks, data sets and credentials of all users lie on it. With a key of your own you decide who may
    read them, see every use in CloudTrail, and can withdraw access; it cannot be added to a domain later.

    See [Protect data at rest using
    encryption](https://docs.aws.amazon.com/sagemaker/latest/dg/encryption-at-rest.html).
    """
    key = domain["KmsKeyId"]
    message = f"{domain} sets no {key}, so its file system is not encrypted with a key of yours"
    yield Claim(key.is_absent(), key, message)


@rule(
    "MLS408",
    "studio-notebook-sharing-unencrypted",
    "medium",
    practices=("MLSEC02-BP01",),
    on=(DOMAIN, USER_PROFILE),
    remedy=Remedy(
        "Set `SharingSettings.S3KmsKeyId: !GetAtt StudioKey.Arn`.",
        "Set `s3_kms_key_id = aws_kms_key.studio.arn` in `sharing_settings`.",
    ),
)
def studio_notebook_sharing_unencrypted(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """Shared Studio notebooks are stored with their output, without a key of yours.

    The output of a cell often shows the data itself; a snapshot of a shared notebook that holds it can be
    read by everybody who may read the bucket.

    Silent unless `NotebookOutputOption` is `Allowed`: by default output is left out of what is shared.
    The settings of a user profile are judged by themselves, whatever the domain sets.

    See [SharingSettings](https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_SharingSettings.html).
    """
    settings = resource["DefaultUserSettings" if resource.type == DOMAIN else "UserSettings"]
    key = settings["SharingSettings.S3KmsKeyId"]
    allowed = settings["SharingSettings.NotebookOutputOption"].equals("Allowed")
    message = f"{resource} lets notebooks be shared with their output and sets no {key} to encrypt it"
    yield Claim(allowed & key.is_absent(), key, message)
