"""Security of buckets: encryption, public access, unencrypted HTTP, access logs."""

from collections.abc import Iterator

from mlwa_lint.graph.kinds import BUCKET, BUCKET_POLICY
from mlwa_lint.graph.queries import (
    buckets,
    data,
    encryption,
    keys,
    log_stores,
    opened,
    plain_http,
    safeguards,
)
from mlwa_lint.graph.queries.artefacts import why_snapshots
from mlwa_lint.graph.queries.production import is_for_personal_data
from mlwa_lint.model.findings import Concern, Severity
from mlwa_lint.rule import (
    Claim,
    Data,
    EdgeKind,
    GraphView,
    Remedy,
    ResourceView,
    View,
    answer,
    certainly,
    possibly,
    rule,
    set_to,
    some,
)
from mlwa_rules.changes import https_only
from mlwa_rules.security.open_policies import claims_of_policy, what_unblocks

# The settings that block lists and policies for everyone.
_FOR_LISTS = ("BlockPublicAcls", "IgnorePublicAcls")
_DELIVERED = Remedy(
    "Set `SSEAlgorithm: AES256` for the bucket that the logs are delivered to.",
    'Set `sse_algorithm = "AES256"` for the bucket that the logs are delivered to.',
)
_PUBLIC_RISK = "objects that are public today are not any more"
_KMS_RISK = "requests to KMS cost, and readers in other accounts lose access"


@rule(
    "MLS301",
    "bucket-unencrypted",
    "medium",
    concern="deployment",
    practices=("MLSEC02-BP01",),
    on=(BUCKET,),
    remedy=Remedy(
        "Set `BucketEncryption` with `SSEAlgorithm: aws:kms`.",
        'Add `aws_s3_bucket_server_side_encryption_configuration` with `sse_algorithm = "aws:kms"`.',
        "Call `put_bucket_encryption()` with `SSEAlgorithm: aws:kms`.",
    ),
    scope="all",
)
def bucket_unencrypted(bucket: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A bucket's configuration does not state how its objects are encrypted.

    Training data and models are the most valuable part of a workload; their encryption should be decided and
    reviewed in the configuration rather than left to the default of the service.

    S3 has encrypted new objects with its own keys (SSE-S3) by default since January 2023, so nothing is
    stored in plain text. The severity is medium for a bucket that ML resources of the project, or roles that
    ML services assume, use: its training data and models lack the second permission and the records of use
    that a KMS key brings (see MLS302). It is low for any other bucket, also for one that functions with
    access to models use, and for a website that roles of ML services may use. In Terraform, both the separate
    resource and the inline block of the bucket count.

    Where the project uses no customer managed key at all, the severity is low, and info where nothing in the
    repository suggests one, or it is one choice for all (see MLS401), unless the configuration opens the
    bucket to public access; it is low for what is temporary or deleted with all of its objects, and where an
    option chooses KMS. It is info for buckets of programs, schemas of interfaces, and artifacts of a pipeline
    or a build, in projects with ML also for those that no ML resource uses, and where the project uses no
    such key, for those of functions alone and of websites.

    Exceptions: Not reported for buckets that serve a website and have no part in ML, because everyone may
    read their objects anyway; and for buckets that receive nothing but logs. A bucket that ML resources name,
    whose tables lie beside the logs, or of which a role of ML services may read more than those, holds more.

    See [Set default server-side encryption behavior for S3
    buckets](https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-encryption.html).
    """
    setting = bucket["BucketEncryption"]
    stated = encryption.states_encryption(bucket)
    if certainly(stated) or certainly(log_stores.keeps_logs_alone(bucket, graph)):
        return
    exempt = buckets.may_be_configured_elsewhere(bucket, graph) | buckets.serves_website(bucket, graph)
    unstated = ~stated & ~exempt
    ours = certainly(data.feeds_ml_resources(bucket, graph) & ~log_stores.needs_no_key(bucket, graph))
    if certainly(buckets.is_website(bucket)) and not data.is_named_by_ml(bucket, graph):
        ours = False  # a role of ML may use its pages
    message = f"{bucket} leaves its encryption to the default of S3: it sets no {setting}"
    if ours:
        message = f"{_with_s3_keys(bucket, graph)}: {setting} is not set and should name aws:kms"
    default: Data = {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}
    fix = set_to(setting, {"ServerSideEncryptionConfiguration": [default]}, risk=_KMS_RISK)
    milder = (buckets.why_no_second_lock if ours else buckets.why_default_suffices)(bucket, graph)
    milder = milder or buckets.why_disposable(bucket, graph) or data.why_no_data(bucket, graph)
    milder = milder or safeguards.why_key_is_offered(bucket)
    yield Claim(unstated, setting, message, "medium" if ours else "low", fix=fix, milder=milder)


def _with_s3_keys(bucket: ResourceView, graph: GraphView) -> str:
    return f"{bucket} {data.use_of(bucket, graph)} and is encrypted with S3 managed keys"


@rule(
    "MLS302",
    "ml-bucket-without-kms",
    "medium",
    concern="protection",
    subject="key",
    practices=("MLSEC02-BP01",),
    on=(BUCKET,),
    remedy=Remedy("Set `SSEAlgorithm: aws:kms`.", 'Set `sse_algorithm = "aws:kms"`.'),
    controls=("S3.17", "s3_bucket_kms_encryption"),
)
def ml_bucket_without_kms(bucket: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A bucket of an ML workload is encrypted with Amazon S3 managed keys rather than with a KMS key.

    Anyone who can read the bucket can read objects that are encrypted with SSE-S3; a KMS key requires a
    second permission, records every use in CloudTrail, and can be disabled at once.

    A bucket belongs to ML when an ML resource of the project uses it: directly, through the policy of its
    role, or through a function that calls an AI service. The state is the same as that of a bucket that
    states nothing (MLS301), hence the same severity: low where only functions use it. It weighs one less in a
    project that uses no customer managed key at all: there, AES256 is what the project has chosen. It is info
    where an option, a parameter or variable, encrypts the bucket with KMS: whoever deploys it chooses; and
    where nothing in the repository suggests a key (see MLS401). A bucket whose name or tags are after
    personal data (`pii_data`) is low at least.

    Exceptions: Not reported for buckets that receive server access logs, which S3 delivers to buckets with
    SSE-S3 only, and for those that receive nothing but logs.

    See [Using server-side encryption with AWS KMS
    keys](https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html).
    """
    for each in encryption.encryption_rules(bucket).items():
        algorithm = each["ServerSideEncryptionByDefault.SSEAlgorithm"]
        concerned = data.is_ml_bucket(bucket, graph) & ~log_stores.needs_no_key(bucket, graph)
        message = f"{_with_s3_keys(bucket, graph)}: {algorithm} is AES256 and should be aws:kms"
        fix = set_to(algorithm, "aws:kms", risk=_KMS_RISK)
        severity: Severity | None = None if certainly(data.feeds_ml_resources(bucket, graph)) else "low"
        stated = algorithm.equals("AES256") & concerned
        offered = safeguards.why_key_is_offered(bucket)
        milder = keys.why_none_suggested(graph) or offered or keys.why_none_in_use(graph)
        if is_for_personal_data(bucket):  # whatever the project has chosen for the rest
            milder = "" if severity == "low" else keys.why_none_in_use(graph)
        if offered and milder == offered:
            severity = "info"
        yield Claim(stated, algorithm, message, severity, fix=fix, milder=milder)


@rule(
    "MLS303",
    "bucket-public-access-not-blocked",
    "high",
    practices=("MLSEC03-BP02", "MLSEC03-BP03"),
    on=(BUCKET,),
    remedy=Remedy(
        "Set all four settings of `PublicAccessBlockConfiguration` to `true`.",
        "Add `aws_s3_bucket_public_access_block` with all four settings `true`.",
        "Call `put_public_access_block()` with all four settings `True`.",
    ),
    scope="all",
    controls=("S3.8", "s3_bucket_level_public_access_block"),
)
def bucket_public_access_not_blocked(bucket: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A bucket's configuration does not block all public access.

    A single overly permissive policy or access control list is then enough to expose training data; with all
    four settings on, S3 rejects such policies and ignores such lists.

    The severity is high where the configuration switches a setting off, or has a block that leaves settings
    or all of them out: those are off. It is medium where the bucket's only policy admits named callers alone,
    and for a bucket without a part in ML. It is low where new lists and policies that make the bucket public
    are blocked: the bucket is made with the block, so that there are no older ones to be ignored. So it is
    where public lists are ignored and buckets with public policies restricted, as new ones have no effect,
    and without any block, as S3 has blocked public access of every bucket since April 2023 (info for a bucket
    without a part in ML whose list is stated to be private, for what is temporary or deleted with all of its
    objects, logs, artifacts of pipelines and builds, programs and schemas of interfaces, and results of
    queries). It is info for a website without a part in ML, which may be meant to be public, and without any
    block where a file of the stack or configuration states the address of a page in the bucket
    (`https://${Pages.RegionalDomainName}/index.html`): the block would make that page unavailable.

    Exceptions: Not reported where the same project blocks public access for the whole account (in Terraform,
    `aws_s3_account_public_access_block`), where an access control list of the bucket grants access to
    everyone, and where a policy does, which S3 rejects unless settings are off for it: MLS304 reports both.

    See [Blocking public access to your Amazon S3
    storage](https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html).
    """
    block = bucket["PublicAccessBlockConfiguration"]
    exempt = buckets.account_blocks_public_access(graph) | buckets.may_be_configured_elsewhere(bucket, graph)
    fix = set_to(block, dict.fromkeys(buckets.PUBLIC_ACCESS_SETTINGS, True), risk=_PUBLIC_RISK)
    listed = opened.is_opened_by_list(bucket)  # MLS304 reports the list, which the block would make void
    if certainly(buckets.has_no_access_block(bucket)):
        message = f"{bucket} leaves blocking public access to the default of S3: it sets no {block}"
        why = buckets.why_default_blocks(bucket, graph)
        private = bucket["AccessControl"].equals("Private") & ~data.is_ml_bucket(bucket, graph)
        aside = certainly(log_stores.keeps_logs_alone(bucket, graph) | private)
        least: Severity = "info" if aside else "low"
        found = ~exempt & answer(not listed and not opened.is_opened_by_policy(bucket, graph))
        yield Claim(found, block, message, least, fix=fix, concern="deployment", milder=why, operational=True)
        return
    settings = [block[each] for each in buckets.PUBLIC_ACCESS_SETTINGS]
    if not possibly(some(~each.is_true() for each in settings)):
        return  # whatever its policy states
    off = [each for each in settings if certainly(each.is_present() & ~each.is_true())]
    missing = [each for each in settings if certainly(each.is_absent())]
    pieces = [f"{_names(off)} should be true"] if off else []
    pieces += [f"it leaves out {_names(missing)}"] if missing else []
    message = f"{bucket} does not block all public access: {', and '.join(pieces)} in {block}"
    severity: Severity | None = None
    if certainly(buckets.serves_website(bucket, graph)):  # it may be meant to be public
        severity = "info"
    elif certainly(opened.cannot_become_public(bucket) | opened.rejects_public_settings(bucket)):
        severity = "low"
    elif certainly(~data.is_ml_bucket(bucket, graph)):
        severity = "medium"
    unblocked = (
        some(~each.is_true() for each in settings)
        & ~exempt
        & answer(not listed and not opened.is_opened_by_policy(bucket, graph))
    )
    related = tuple((each, "is false, so that S3 does not stop it") for each in off)
    milder = safeguards.why_its_policy_decides(bucket, graph) if severity is None else ""
    yield Claim(unblocked, block, message, severity, related, fix=fix, milder=milder)


def _names(settings: list[View]) -> str:
    """The last parts of some properties' names."""
    return " and ".join(each.label.rpartition(".")[2] for each in settings)


_PRIVATE = Remedy(
    "Remove `AccessControl`, and grant access to roles in a bucket policy.",
    'Set `acl = "private"` without grants to groups, and grant access to roles in a bucket policy.',
    'Set `ACL="private"`, and grant access to roles in a bucket policy.',
)


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
    controls=("S3.2", "S3.3", "s3_bucket_public_access"),
)
def bucket_open_to_anyone(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A bucket's access control list or policy grants access to everyone.

    Anyone on the internet can then read training data and models, or replace them; public buckets are scanned
    for and found within hours. The access control list of a bucket lets others list its objects and add some;
    whether they can read an object depends on the list of that.

    The rule reports the canned lists PublicRead, PublicReadWrite and AuthenticatedRead (every AWS account),
    in Terraform also grants to the groups AllUsers and AuthenticatedUsers, and statements that allow
    something to `Principal: "*"`. Where everyone may do nothing but read the objects of a bucket that has no
    part in ML, which may be meant so, the severity is medium, and info for a bucket that serves a website:
    low where everyone may list its objects as well. It stays high where the bucket's name shows that it keeps
    models, and where a condition admits everyone but the addresses or callers that it names, as
    `NotIpAddress` does in an `Allow` statement. One finding names all such statements of a policy.

    Exceptions: Not reported when a condition restricts callers: source VPC, VPC endpoint, IP range,
    organization, account, ARN.

    See [The meaning of
    "public"](https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status).
    """
    if resource.type == BUCKET:
        acl = resource["AccessControl"]
        effect = " or ".join(dict.fromkeys(opened.PUBLIC_LISTS.get(text, "opens it") for text in acl.texts))
        reading = acl.equals("PublicRead") & buckets.serves_website(resource, graph)
        message = f"{resource} is open to anyone: {acl} {acl.words} {effect}; it should be private"
        severity: Severity | None = "info" if certainly(reading) else None
        fix = set_to(acl, "Private", risk="no other principal can read it any more")
        listed, related = acl.one_of(tuple(opened.PUBLIC_LISTS)), tuple(what_unblocks([resource], _FOR_LISTS))
        yield Claim(listed, acl, message, severity, related, remedy=_PRIVATE, fix=fix)
        for grant in resource["AccessControlPolicy.Grants"].items():
            group = grant["Grantee.URI"]
            group_name = " or ".join(text.rpartition("/")[2] for text in group.texts)
            message = f"{resource} is open to anyone: a grant is for {group_name}"
            message += "; it should be for an account"
            yield Claim(group.one_of(opened.PUBLIC_GROUPS), group, message, None, related, remedy=_PRIVATE)
    else:
        yield from claims_of_policy(resource, graph)


@rule(
    "MLS305",
    "bucket-allows-plain-http",
    "medium",
    concern="protection",
    operational=True,
    practices=("MLSEC02-BP01",),
    on=(BUCKET,),
    remedy=Remedy(
        'Deny `s3:*` to `"*"` under `Bool: {"aws:SecureTransport": "false"}` in the bucket\'s policy.',
        'Deny `s3:*` to `"*"` under `Bool = { "aws:SecureTransport" = "false" }` in `aws_s3_bucket_policy`.',
    ),
    controls=("S3.5", "s3_bucket_secure_transport_policy"),
)
def bucket_allows_plain_http(bucket: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A bucket of an ML workload accepts requests over unencrypted HTTP.

    Anyone who can read or change the traffic can then read training data, or substitute other data and
    models.

    The policy must deny reading and writing objects to everyone where `aws:SecureTransport` is false. A
    statement on `s3:TlsVersion` alone is not enough: unencrypted requests have no TLS version, so it never
    applies to them. The message names the statement that is nearly right, and what it lacks.

    The severity is medium for a bucket that ML resources of the project, or roles that ML services assume,
    use. It is low where only functions, builds or pipelines that work for ML use it, where its policy denies
    requests from outside of a VPC, where its default is SSE-KMS, which S3 refuses over HTTP, and in a
    program, as a template may attach the policy. So it is for public content without models or results: where
    everyone may read the objects, where a tag or the name states that the data is public, and where
    CloudFront delivers a website from the bucket. It is info where nothing in the repository shows that the
    project is operated or suggests a customer managed key (see MLS401); where all that may use the bucket
    only puts objects there, and may use no service of ML itself (an archive beside the workflow); where a
    program makes the bucket only if it does not exist (`head_bucket`), and a document, a script or the CDK of
    the project makes it or takes it by name; and in workshops, labs and courses, unless something suggests
    such a key.

    Exceptions: Not reported for buckets that no ML resource of the project uses, for those that receive
    nothing but logs, and for those that serve a website, whose endpoint supports HTTP only. The statement may
    exempt principals and AWS services; other conditions make it incomplete.

    See [Security best practices for Amazon
    S3](https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html).
    """
    keeps_data = data.is_ml_bucket(bucket, graph) & ~log_stores.keeps_logs_alone(bucket, graph)
    open_to_http = keeps_data & ~buckets.is_website(bucket) & ~plain_http.denies_plain_http(bucket, graph)
    if not possibly(open_to_http):
        return
    severity: Severity | None = None if certainly(data.feeds_ml_resources(bucket, graph)) else "low"
    message = f"{bucket} {data.use_of(bucket, graph)} and accepts unencrypted HTTP: no policy denies requests"
    message += " where aws:SecureTransport is false"
    near = plain_http.nearest_denial(bucket, graph)
    message += f" ({near})" if near else ""
    fix = None if graph.sources(bucket, EdgeKind.GRANTS).related else https_only(bucket)
    concern: Concern | None = "deployment" if bucket.language == "python" else None
    milder = buckets.why_made_elsewhere(bucket) or safeguards.why_http_gains_little(bucket, graph)
    if severity is None and not milder:
        from mlwa_lint.graph.queries import public_content

        milder = public_content.why_public(bucket, graph)
    if severity == "low" and not milder:
        from mlwa_lint.graph.queries import written

        milder = written.why_only_written(bucket, graph)
    if severity is None and concern is None:
        milder = milder or safeguards.why_modest(graph)
    practice = False if safeguards.is_hardened(bucket) else None
    claim = Claim(open_to_http, bucket, message, severity, fix=fix, concern=concern, milder=milder)
    yield claim._replace(operational=practice)


@rule(
    "MLS306",
    "ml-bucket-without-access-logs",
    "low",
    concern="deployment",
    operational=True,
    practices=("MLSEC06-BP02",),
    on=(BUCKET,),
    remedy=Remedy(
        "Set `LoggingConfiguration: {DestinationBucketName: !Ref LogBucket}`.",
        "Add `aws_s3_bucket_logging` with `target_bucket`.",
        "Call `put_bucket_logging()` with a `TargetBucket`.",
    ),
    controls=("S3.9", "s3_bucket_server_access_logging_enabled"),
)
def ml_bucket_without_access_logs(bucket: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """Access to a bucket of an ML workload is not logged.

    Without a log, it cannot be determined afterwards who copied training data, or which objects were changed
    before a model was trained on them.

    Either server access logging or a CloudTrail trail of the same project with a data event selector for the
    bucket is enough; access logs that are meant for a bucket which encrypts with a KMS key by default are
    never delivered, and do not count. The severity is info for what is temporary or deleted with all of its
    objects, unless its name or tags are for production, and where only a Studio domain names the bucket, for
    notebooks that users share: nothing is trained on them. So it is where nothing in the repository shows
    that the project is operated, or people learn with it, and nothing suggests a customer managed key (see
    MLS305): a log needs a bucket of its own, and someone who reads it.

    Exceptions: Not reported for buckets that no ML resource of the project uses, for buckets that receive
    access logs or nothing but logs, and for those that are called so and named by no ML resource.

    See [Logging options for Amazon
    S3](https://docs.aws.amazon.com/AmazonS3/latest/userguide/logging-with-S3.html).
    """
    logging = bucket["LoggingConfiguration"]
    recorded = buckets.records_access(bucket, graph) | buckets.may_be_configured_elsewhere(bucket, graph)
    unseen = data.is_ml_bucket(bucket, graph) & ~recorded & ~log_stores.needs_no_log(bucket, graph)
    if not possibly(unseen):
        return
    use = data.use_of(bucket, graph)
    message = f"{bucket} {use}, but access to it is not logged: it sets no {logging}, and no trail of the"
    risk = "the log bucket has to accept the logs, and storing them costs"
    fix = set_to(logging, {"DestinationBucketName": "${log-bucket}", "LogFilePrefix": "s3/"}, risk=risk)
    milder, message = buckets.why_need_not_last(bucket, graph), f"{message} project selects its data events"
    milder = milder or why_snapshots(bucket, graph)
    from mlwa_lint.graph.queries import public_content

    milder = milder or public_content.why_logged_in_front(bucket, graph)
    if bucket.language != "python":
        milder = milder or safeguards.why_modest(graph)
    lost = buckets.undelivered_logs(bucket, graph)
    if lost:
        message = f"{bucket} {use}, but S3 does not deliver its access logs: {lost[0].resource} encrypts"
        message += " with a KMS key by default, and access logs need AES256"
        related = tuple((encryption.encryption_rules(each.resource), "names a KMS key") for each in lost)
        yield Claim(unseen, logging, message, related=related, remedy=_DELIVERED, milder=milder)
        return
    yield Claim(unseen, logging, message, fix=fix, milder=milder)
