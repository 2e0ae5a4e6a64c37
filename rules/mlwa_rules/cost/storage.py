"""Cost of storage: data, logs and images that are never deleted."""

from collections.abc import Iterator

from mlwa_lint.graph.kinds import BUCKET, LOG_GROUP, REPOSITORY
from mlwa_lint.graph.queries import buckets, data, fixed_keys, identity, images, log_stores, requests, uploads
from mlwa_lint.graph.queries.safeguards import why_keeps_models
from mlwa_lint.rule import (
    NO,
    Answer,
    Claim,
    Data,
    EdgeKind,
    GraphView,
    Remedy,
    ResourceView,
    View,
    answer,
    append_to,
    certainly,
    possibly,
    rule,
    set_to,
    some,
)

# AI services that are handed pictures, documents, recordings and texts of people.
_UPLOAD_SERVICES = ("rekognition", "textract", "transcribe", "comprehend")
_TIERING: Data = {
    "Id": "intelligent-tiering",
    "Status": "Enabled",
    "Transitions": [{"StorageClass": "INTELLIGENT_TIERING", "TransitionInDays": 30}],
}


@rule(
    "MLC301",
    "ml-bucket-without-lifecycle",
    "low",
    concern="deployment",
    operational=True,
    practices=("MLSUS03-BP02", "MLSUS04-BP03", "MLSEC03-BP05"),
    on=(BUCKET,),
    remedy=Remedy(
        "Add `LifecycleConfiguration: {Rules: [{Status: Enabled, ...}]}`.",
        "Add an `aws_s3_bucket_lifecycle_configuration` for the bucket.",
        "Call `put_bucket_lifecycle_configuration()` with a rule `{Status: Enabled, ...}`.",
    ),
    controls=("S3.13", "s3_bucket_lifecycle_enabled"),
)
def ml_bucket_without_lifecycle(bucket: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A bucket with ML data has no lifecycle rule.

    Captured requests, checkpoints, intermediate data sets and old models accumulate with every run. After a
    while it is unclear what can be deleted, and personal data is kept longer than allowed.

    Any enabled lifecycle rule counts, and so does an enabled Intelligent-Tiering configuration. The severity
    is info for what is temporary or deleted with all of its objects, as configured, unless its name or tags
    are for production, where MLC303 requires a rule that deletes uploads, for a bucket of models without
    versions that no ML resource of the project names, and for one without versions to which all programs of
    the repository that name it write at keys that are written out: each object replaces the last one.

    Exceptions: the data sources of knowledge bases and search indexes, whose documents must stay as long as
    questions are answered from them, also where only the bucket's name or a role of knowledge bases shows it,
    unless they read below prefixes alone and something else, such as logs of invocations, is written beside;
    buckets that receive nothing but logs; buckets that hold programs and the schemas of agents' interfaces,
    as long as roles only read them, and those that ML resources name for lifecycle scripts alone; the stores
    of partner apps, which decide themselves what they keep; and websites that no ML resource names, whose
    pages a role of ML may merely read or write.

    See [Managing the lifecycle of
    objects](https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lifecycle-mgmt.html).
    """
    lifecycle = bucket["LifecycleConfiguration.Rules"]
    tiering = bucket["IntelligentTieringConfigurations"]
    managed = lifecycle.any_item(_is_enabled) | tiering.any_item(_is_tiering)
    exempt = (
        buckets.may_be_configured_elsewhere(bucket, graph)
        | log_stores.keeps_logs_alone(bucket, graph)
        | (data.holds_documents(bucket, graph) & ~answer(log_stores.receives_beside_documents(bucket, graph)))
        | data.is_kept_by_app(bucket, graph)
        | answer(data.holds_scripts(bucket, graph))
        | (buckets.is_website(bucket) & ~answer(data.is_named_by_ml(bucket, graph)))
    )
    unmanaged = data.is_ml_bucket(bucket, graph) & ~managed & ~exempt
    if not possibly(unmanaged):
        return
    stores = data.is_named_by_ml(bucket, graph) and not data.is_named_for_scripts(bucket, graph)
    kept = "ML data" if stores else "objects"
    message = f"{bucket} keeps its {kept} indefinitely: {lifecycle} should have an enabled rule"
    fix = append_to(lifecycle, _TIERING, risk="moving objects costs, and watching them does")
    milder = buckets.why_need_not_last(bucket, graph) or fixed_keys.why_replaced(bucket, graph)
    if kept == "objects":
        milder = milder or why_keeps_models(bucket)
    if any(certainly(analyses) for _, analyses in _analysing(bucket, graph)):
        milder = milder or "MLC303 requires a rule that deletes its uploads"
    yield Claim(unmanaged, lifecycle, message, fix=fix, milder=milder)


def _is_enabled(rule: View) -> Answer:
    return rule["Status"].equals("Enabled")


def _is_tiering(configuration: View) -> Answer:
    return ~configuration["Status"].equals("Disabled")


@rule(
    "MLC302",
    "log-group-without-retention",
    "low",
    concern="deployment",
    practices=("MLSUS03-BP02",),
    on=(LOG_GROUP,),
    remedy=Remedy(
        "Set `RetentionInDays: 90`.",
        "Set `retention_in_days = 90`.",
        "Call `put_retention_policy()` with `retentionInDays: 90`.",
    ),
)
def log_group_without_retention(group: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """The log group of an ML resource keeps its logs indefinitely.

    Logs of training and inference grow every day, and years-old logs cost money without being read.

    In Terraform, 0 means indefinitely as well.

    Exceptions: log groups of the DELIVERY class, whose logs CloudWatch keeps for two days in any case.

    See [Working with log groups and log
    streams](https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html).
    """
    retention = group["RetentionInDays"]
    yield Claim(
        (retention.is_absent() | retention.equals(0)) & ~group["LogGroupClass"].equals("DELIVERY"),
        retention,
        f"{group} keeps its logs indefinitely: {retention} should be a number of days",
        fix=set_to(retention, 90, risk="older logs are deleted"),
    )


@rule(
    "MLC303",
    "temporary-upload-bucket-without-expiry",
    "medium",
    concern="deployment",
    practices=("MLSEC03-BP05", "MLSUS03-BP02"),
    on=(BUCKET,),
    remedy=Remedy(
        "Add a lifecycle rule with `Status: Enabled` and `ExpirationInDays: 7`.",
        'Add a lifecycle rule with `status = "Enabled"` and `expiration { days = 7 }`.',
        "Call `put_bucket_lifecycle_configuration()` with `{Status: Enabled, Expiration: {Days: 7}}`.",
    ),
)
def temporary_upload_bucket_without_expiry(bucket: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """Uploads that an AI service has analysed are never deleted.

    Faces, documents, recordings and messages are personal data. Once Rekognition, Textract, Transcribe or
    Comprehend has analysed them, the originals are no longer needed.

    A bucket counts if its notifications of new objects, or an EventBridge rule on it, start a function whose
    role may call one of these services, directly or through a topic or a queue. Any enabled rule that
    expires objects is enough, also for a prefix.

    The severity is info where such a function records what it finds, in a table of DynamoDB, a search index
    or a knowledge base, where the bucket holds the documents that one answers from, and where its CORS rules
    let pages in browsers read the uploads: an application then shows them, and needs them.

    Exceptions: buckets that a function which analyses the uploads to another one names in its environment:
    they receive its results; functions whose code is Python in the repository and calls none of these
    services, whatever their role allows.

    See [Expiring objects](https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-expire-general-considerations.html).
    """
    rules = bucket["LifecycleConfiguration.Rules"]
    functions = _analysing(bucket, graph)
    names = [str(each) for each, _ in functions]
    recorded = any(uploads.keeps_records(each, graph) for each, _ in functions)
    recorded |= uploads.is_shown(bucket)
    recorded |= bool(functions) and certainly(data.holds_documents(bucket, graph))
    yield Claim(
        some(analyses for _, analyses in functions)
        & ~rules.any_item(_expires)
        & ~buckets.may_be_configured_elsewhere(bucket, graph),
        rules,
        f"{bucket} indefinitely keeps the uploads that {' and '.join(names)} analyses: "
        f"{rules} should expire them",
        "info" if recorded else None,
        related=tuple((each, "analyses the uploads") for each, _ in functions),
    )


def _analysing(bucket: ResourceView, graph: GraphView) -> list[tuple[ResourceView, Answer]]:
    """The functions that uploads to a bucket start, and whether each has an AI service analyse them."""
    functions = uploads.functions_of_uploads(bucket, graph)
    found = [(each, _calls_one(each, graph)) for each in functions]
    return [] if any(possibly(analyses) for _, analyses in found) and _keeps_results(bucket, graph) else found


def _keeps_results(bucket: ResourceView, graph: GraphView) -> bool:
    """Whether a function that analyses the uploads to another bucket hands its results to this one."""
    return any(certainly(_calls_one(each, graph)) for each in uploads.handing_on(bucket, graph))


def _calls_one(function: ResourceView, graph: GraphView) -> Answer:
    """Whether a function may call one of the services: its code decides whatever its role allows."""
    if requests.analyses_no_uploads(function):
        return NO
    return identity.calls_ai_service(function, graph, _UPLOAD_SERVICES)


def _expires(rule: View) -> Answer:
    expired = some(rule[each].is_present() for each in ("ExpirationInDays", "ExpirationDate"))
    return _is_enabled(rule) & expired


@rule(
    "MLC304",
    "image-repository-without-lifecycle",
    "low",
    concern="deployment",
    practices=("MLSUS04-BP03",),
    on=(REPOSITORY,),
    remedy=Remedy(
        "Add `LifecyclePolicy: {LifecyclePolicyText: ...}`.",
        "Add an `aws_ecr_lifecycle_policy` for the repository.",
        "Call `put_lifecycle_policy()` for the repository.",
    ),
    controls=("ECR.3", "ecr_repositories_lifecycle_policy_enabled"),
)
def image_repository_without_lifecycle(repository: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """An image repository has no lifecycle policy.

    ML images take gigabytes each, and every build adds one. Without a policy all of them are kept.

    The severity is info where a policy of the project names `ecr:BatchDeleteImage` and the repository, and
    not for a build or a pipeline: an application then deletes the images that are no longer needed, and a
    policy by age or number may delete some that are.

    See [Automate the cleanup of images by using lifecycle
    policies](https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html).
    """
    policy = repository["LifecyclePolicy"]
    elsewhere = NO
    if repository.language == "terraform":
        # A module that could not be analysed may give the repository its policy.
        elsewhere = graph.sources(repository, EdgeKind.CONFIGURES, "aws_ecr_lifecycle_policy").exist()
    yield Claim(
        policy.is_absent() & ~elsewhere,
        policy,
        f"{repository} keeps every image indefinitely: {policy} should state which expire",
        milder=images.why_kept(repository, graph),
    )
