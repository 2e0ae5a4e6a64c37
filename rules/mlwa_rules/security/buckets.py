"""Security of buckets: encryption, public access, plain HTTP, records of access."""

from collections.abc import Iterator

from mlwa_lint.graph.iam import policies
from mlwa_lint.graph.kinds import BUCKET
from mlwa_lint.graph.queries import buckets, data
from mlwa_lint.model.findings import Severity
from mlwa_lint.rule import Answer, Claim, EdgeKind, GraphView, Remedy, ResourceView, certainly, rule, some

BUCKET_POLICY = "AWS::S3::BucketPolicy"
_PUBLIC_ACLS = {
    "PublicRead": "lets anyone read it",
    "PublicReadWrite": "lets anyone read and write it",
    "AuthenticatedRead": "lets every AWS account of the world read it",
}
_PUBLIC_GROUPS = (
    "http://acs.amazonaws.com/groups/global/AllUsers",
    "http://acs.amazonaws.com/groups/global/AuthenticatedUsers",
)


def _milder(meant: Answer) -> Severity | None:
    """A lower severity for what is certainly meant to be public."""
    return "low" if certainly(meant) else None


@rule(
    "MLS301",
    "bucket-unencrypted",
    "high",
    practices=("MLSEC02-BP01",),
    on=(BUCKET,),
    remedy=Remedy(
        "Set `BucketEncryption` with `SSEAlgorithm: aws:kms`.",
        'Add `aws_s3_bucket_server_side_encryption_configuration` with `sse_algorithm = "aws:kms"`.',
    ),
    scope="all",
)
def bucket_unencrypted(bucket: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A bucket's configuration does not say how its objects are encrypted.

    Training data and models are the most valuable part of a workload; how they are encrypted should be
    decided and reviewed in the configuration rather than left to what the service does by default.

    S3 has encrypted new objects with keys of its own (SSE-S3) by default since January 2023, so that
    nothing lies there in plain text; the rule asks that the configuration states the choice. In Terraform
    both the separate resource and the bucket's older inline block count.

    See [Set default server-side encryption behavior for S3
    buckets](https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-encryption.html).
    """
    encryption = bucket["BucketEncryption"]
    unstated = ~data.states_encryption(bucket) & ~buckets.may_be_configured_elsewhere(bucket, graph)
    message = f"{bucket} does not state how it encrypts objects: {encryption} should set an algorithm"
    yield Claim(unstated, encryption, message)


@rule(
    "MLS302",
    "ml-bucket-without-kms",
    "low",
    practices=("MLSEC02-BP01",),
    on=(BUCKET,),
    remedy=Remedy("Set `SSEAlgorithm: aws:kms`.", 'Set `sse_algorithm = "aws:kms"`.'),
)
def ml_bucket_without_kms(bucket: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A bucket of an ML workload is encrypted with keys of S3 rather than with a KMS key.

    Whoever may read the bucket may read objects under SSE-S3; a KMS key adds a second permission, shows
    every use in CloudTrail, and can be withdrawn at once.

    A bucket belongs to ML when an ML resource of the project uses it: directly, through the policy of its
    role, or through a function that calls an AI service. Silent for buckets that receive logs, because S3
    delivers server access logs to buckets under SSE-S3 only.

    See [Using server-side encryption with AWS KMS
    keys](https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html).
    """
    for each in data.encryption_rules(bucket).items():
        algorithm = each["ServerSideEncryptionByDefault.SSEAlgorithm"]
        concerned = data.is_ml_bucket(bucket, graph) & ~buckets.is_log_target(bucket, graph)
        message = f"{bucket} holds ML data under keys of S3: {algorithm} is AES256 and should be aws:kms"
        yield Claim(algorithm.equals("AES256") & concerned, algorithm, message)


@rule(
    "MLS303",
    "bucket-public-access-not-blocked",
    "high",
    practices=("MLSEC03-BP02", "MLSEC03-BP03"),
    on=(BUCKET,),
    remedy=Remedy(
        "Set all four settings of `PublicAccessBlockConfiguration` to `true`.",
        "Add `aws_s3_bucket_public_access_block` with all four settings `true`.",
    ),
    scope="all",
)
def bucket_public_access_not_blocked(bucket: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A bucket's configuration does not block public access altogether.

    One careless policy or access control list is then enough to put training data before everybody; with
    all four settings on, S3 refuses such policies and ignores such lists.

    S3 has switched the settings on for new buckets since April 2023, but only as long as nobody changes
    them outside of the configuration; a setting left out of a block is off. Silent in Terraform where the
    same project blocks public access for the whole account (`aws_s3_account_public_access_block`;
    CloudFormation has no such resource). The severity is low for a bucket that serves a website and has
    no part in ML: it may be meant to be public.

    See [Blocking public access to your Amazon S3
    storage](https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html).
    """
    block = bucket["PublicAccessBlockConfiguration"]
    exempt = buckets.account_blocks_public_access(graph) | buckets.may_be_configured_elsewhere(bucket, graph)
    severity = _milder(buckets.serves_website(bucket, graph))
    missing = [block[each] for each in buckets.PUBLIC_ACCESS_SETTINGS]
    names = " and ".join(each.label.rpartition(".")[2] for each in missing if certainly(each.is_absent()))
    message = f"{bucket} does not block all public access: it sets no {names} in {block}"
    if certainly(block.is_absent()):
        message = f"{bucket} does not block public access: it sets no {block}"
    yield Claim(some(each.is_absent() for each in missing) & ~exempt, block, message, severity)
    for each in missing:
        message = f"{bucket} does not block all public access: {each} should be true"
        yield Claim(each.is_present() & ~each.is_true() & ~exempt, each, message, severity)


@rule(
    "MLS304",
    "bucket-open-to-anyone",
    "high",
    practices=("MLSEC03-BP01", "MLSEC03-BP02"),
    on=(BUCKET, BUCKET_POLICY),
    remedy=Remedy(
        "Name the roles in `Principal`, or add a `Condition` on `aws:SourceVpce` or `aws:PrincipalOrgID`.",
        "Name the roles in `principals`, or add a `condition` on `aws:SourceVpce` or `aws:PrincipalOrgID`.",
    ),
    scope="all",
)
def bucket_open_to_anyone(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A bucket's access control list or policy lets everybody in.

    Anyone on the internet can then read training data and models, or worse, replace them; such buckets
    are searched for and found within hours.

    Reported for the canned lists PublicRead, PublicReadWrite and AuthenticatedRead (every AWS account),
    in Terraform for grants to the groups AllUsers and AuthenticatedUsers too, and for statements that
    allow something to `Principal: "*"`. Silent when a condition keeps strangers
    out: source VPC, VPC endpoint, IP range, organization, account, ARN. The severity is low for a bucket
    that serves a website, has no part in ML, and lets everybody do nothing but read objects.

    See [The meaning of
    "public"](https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status).
    """
    if resource.type == BUCKET:
        acl = resource["AccessControl"]
        effect = _PUBLIC_ACLS.get(acl.text or "", "opens it")
        reading = acl.equals("PublicRead") & buckets.serves_website(resource, graph)
        message = f"{resource} is open to anyone: {acl} {acl.text} {effect}; it should be private"
        severity = _milder(reading)
        yield Claim(acl.one_of(tuple(_PUBLIC_ACLS)), acl, message, severity)
        for grant in resource["AccessControlPolicy.Grants"].items():
            group = grant["Grantee.URI"]
            everybody = (group.text or "").rpartition("/")[2]
            message = f"{resource} is open to anyone: a grant is for {everybody}; it should be for an account"
            yield Claim(group.one_of(_PUBLIC_GROUPS), group, message)
        return
    owners = graph.targets(resource, EdgeKind.GRANTS, BUCKET).related
    sites = [buckets.serves_website(each.resource, graph) for each in owners if each.edge.path == ("Bucket",)]
    for statement in policies.of_policy(resource):
        principal = statement.principal
        reading = buckets.reads_objects_only(statement) & some(sites)
        message = f"{resource} is open to anyone: {statement} allows everybody without a condition on where"
        message += " requests come from or whose they are"
        severity = _milder(reading)
        yield Claim(statement.open_to_anyone(), principal, message, severity)


@rule(
    "MLS305",
    "bucket-allows-plain-http",
    "medium",
    practices=("MLSEC02-BP01",),
    on=(BUCKET,),
    remedy=Remedy(
        'Deny `s3:*` to `"*"` under `Bool: {"aws:SecureTransport": "false"}` in the bucket\'s policy.',
        'Deny `s3:*` to `"*"` under `Bool = { "aws:SecureTransport" = "false" }` in `aws_s3_bucket_policy`.',
    ),
)
def bucket_allows_plain_http(bucket: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A bucket of an ML workload accepts requests over plain HTTP.

    Whoever can read or change the traffic on the way then reads training data, or slips in other data
    and models.

    Silent for buckets that no ML resource of the project uses. The policy must deny reading and writing
    objects to everybody where `aws:SecureTransport` is false; exceptions for some principals and for AWS
    services are fine, further conditions are not. A statement on `s3:TlsVersion` alone does not do it:
    plain requests have no TLS version, so that it never concerns them.

    See [Security best practices for Amazon
    S3](https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html).
    """
    open_to_http = data.is_ml_bucket(bucket, graph) & ~buckets.denies_plain_http(bucket, graph)
    message = f"{bucket} holds ML data and accepts plain HTTP: no policy denies requests to it"
    yield Claim(open_to_http, bucket, f"{message} with aws:SecureTransport false")


@rule(
    "MLS306",
    "ml-bucket-without-access-logs",
    "low",
    practices=("MLSEC06-BP02",),
    on=(BUCKET,),
    remedy=Remedy(
        "Set `LoggingConfiguration: {DestinationBucketName: !Ref LogBucket}`.",
        "Add `aws_s3_bucket_logging` with `target_bucket`.",
    ),
)
def ml_bucket_without_access_logs(bucket: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """Nothing records who reads and writes a bucket of an ML workload.

    Without a record nobody can tell afterwards who took a copy of training data, or which objects were
    changed before a model was trained on them.

    Either server access logging or a CloudTrail trail of the same project with a selector for data events
    of the bucket will do. Silent for buckets that no ML resource of the project uses, and for those that
    receive logs themselves.

    See [Logging options for Amazon
    S3](https://docs.aws.amazon.com/AmazonS3/latest/userguide/logging-with-S3.html).
    """
    logging = bucket["LoggingConfiguration"]
    recorded = buckets.records_access(bucket, graph) | buckets.may_be_configured_elsewhere(bucket, graph)
    unseen = data.is_ml_bucket(bucket, graph) & ~recorded & ~buckets.is_log_target(bucket, graph)
    message = f"{bucket} holds ML data, but nothing records access to it: it sets no {logging}, and no trail"
    yield Claim(unseen, logging, f"{message} has a selector for its data events")
