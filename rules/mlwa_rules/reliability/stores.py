"""Reliability of data stores: versions, retention, and features that can be rebuilt."""

from collections.abc import Callable, Iterator

from mlwa_lint.facts.today import written
from mlwa_lint.facts.versions import newest_glue
from mlwa_lint.graph.kinds import BUCKET, FEATURE_GROUP, GLUE_JOB, KEY
from mlwa_lint.graph.queries import artefacts, data, fixed_keys, glue, log_stores, purposes, safeguards
from mlwa_lint.graph.queries.buckets import (
    may_be_configured_elsewhere,
    why_disposable,
    why_made_elsewhere,
    why_temporary,
)
from mlwa_lint.graph.queries.logs import keeps_invocations
from mlwa_lint.graph.queries.production import is_for_production
from mlwa_lint.rule import (
    DECLARATIVE,
    Answer,
    Claim,
    Data,
    GraphView,
    Remedy,
    ResourceView,
    View,
    answer,
    certainly,
    possibly,
    rule,
    set_attributes,
    set_to,
)

_KEEP_OBJECTS = Remedy(
    "Remove `autoDeleteObjects` from the bucket of the CDK.", "Remove `force_destroy = true`."
)
_KEEP_BUCKET = Remedy(
    "Remove the bucket from the custom resource, or let its function delete only what it has created.",
    "Remove `force_destroy = true`.",
)
_PROTECTED: dict[str, Data] = {"Lifecycle": {"PreventDestroy": True}}
_RETAINED: dict[str, Data] = {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}


@rule(
    "MLR301",
    "ml-bucket-without-versioning",
    "medium",
    concern="deployment",
    operational=True,
    practices=("MLOPS03-BP02", "MLREL05-BP02", "MLSEC03-BP04"),
    on=(BUCKET,),
    remedy=Remedy(
        "Set `VersioningConfiguration: {Status: Enabled}`.",
        'Add an `aws_s3_bucket_versioning` with `status = "Enabled"`.',
        "Call `put_bucket_versioning()` with `VersioningConfiguration: {Status: Enabled}`.",
    ),
    controls=("S3.14", "s3_bucket_object_versioning"),
)
def ml_bucket_without_versioning(bucket: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A bucket of training data or models keeps no versions of its objects.

    A model that was overwritten cannot be rolled back to, and a result cannot be reproduced once the data
    that it was trained with has changed.

    A bucket counts when training, hosting, a notebook, a pipeline, a feature group or, beside these, Glue
    uses it, or one of their roles may use it. The severity is low where the bucket is deleted with all of its
    objects, as configured (see MLR302), unless its name or tags are for production or a model is hosted from
    a fixed key in it, and where all of its objects are files of the configuration, which Terraform uploads
    again. It is info where nothing in the repository shows that the project is operated (an alarm that
    notifies, scaling, production or staging) or suggests a customer managed key (see MLS401), for what its
    name or the description of an output or a parameter calls temporary, of which no earlier version is wanted
    back, and where only a Studio domain names it, for notebooks that users share: each is stored under a key
    of its own; and in workshops, labs and courses, unless something suggests such a key.

    Exceptions: buckets that receive only logs (those of Bedrock's invocations too) or only the output of
    models (data capture, asynchronous and batch output, reports of monitors), the stores of partner apps,
    websites that roles of ML may read, and buckets that are only read by functions which call an AI service,
    by knowledge bases or by search.

    See [Retaining multiple versions of objects with S3
    Versioning](https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html).
    """
    status = bucket["VersioningConfiguration.Status"]
    unversioned = ~status.equals("Enabled") & ~may_be_configured_elsewhere(bucket, graph)
    relevant = artefacts.keeps_artefacts(bucket, graph) & ~log_stores.keeps_logs_alone(bucket, graph)
    relevant &= answer(not keeps_invocations(bucket, graph))
    found = unversioned & relevant
    if not possibly(found):
        return
    use = data.use_of(bucket, graph)
    message = f"{bucket} {use} and keeps no versions of objects: {status} should be Enabled"
    fix = set_to(status, "Enabled", risk="earlier versions of objects cost storage")
    needless = artefacts.why_snapshots(bucket, graph)
    # That a bucket goes with its stack says nothing of models that replace one another until then.
    disposable = ""
    if not fixed_keys.overwrites_models(bucket, graph) and not is_for_production(bucket):
        needless = needless or why_temporary(bucket)
        disposable = why_disposable(bucket, graph)
    milder = needless or why_made_elsewhere(bucket) or disposable or artefacts.why_made_again(bucket, graph)
    if bucket.language != "python":
        milder = milder or safeguards.why_modest(graph)
    yield Claim(found, status, message, "info" if needless else None, fix=fix, milder=milder)


@rule(
    "MLR302",
    "stateful-resource-without-retention",
    "low",
    subject="retention",
    practices=("MLREL05-BP02",),
    on=(BUCKET, FEATURE_GROUP, KEY),
    remedy=Remedy("Set `DeletionPolicy: Retain`.", "Add `lifecycle { prevent_destroy = true }`."),
    languages=DECLARATIVE,
)
def stateful_resource_without_retention(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A data store of ML is deleted together with the stack or configuration that declares it.

    A stack that is deleted by mistake, or a resource that is replaced, takes features or keys with it.
    Without its key, encrypted data is lost as well.

    In CloudFormation, `DeletionPolicy` should be Retain, RetainExceptOnCreate or Snapshot; in Terraform,
    `prevent_destroy` should be true. A key counts when ML resources or their buckets use it. A bucket that
    holds objects is not deleted by either, so it is reported only where `force_destroy` or a custom resource
    empties it of training data, models or the documents of a knowledge base: that of the CDK's
    `autoDeleteObjects`, or one whose function deletes all objects of the bucket when it is deleted itself. A
    Terraform plan does not show `lifecycle`, so the rule is undecided there. It is of severity info where all
    objects of the bucket are files of the configuration, which Terraform uploads again, or notebooks that
    users of Studio share, where `force_destroy` holds only outside of production (`var.stage != "prod"`), in
    workshops, labs and courses, which are deleted completely on purpose, and for a feature group without an
    online store: its data stays in S3.

    Exceptions: model package groups, as SageMaker deletes none that has versions; buckets of what AI
    services read and write, unless their names or tags are for production; and keys for nothing but what is
    deleted with its own data (notebook instances, agents, guardrails, partner apps, buckets that
    `force_destroy` empties) or for the artifacts of a pipeline.

    See [DeletionPolicy
    attribute](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html).
    """
    if artefacts.is_created_by_workflow(resource):
        return
    if resource.type == BUCKET:
        yield from _emptied(resource, graph)
        return
    relevant = artefacts.is_ml_store(resource, graph)
    setting = artefacts.retention(resource)
    wanted = "true" if resource.language == "terraform" else "Retain"
    message = f"{resource} is deleted with its stack or configuration: {setting} should be {wanted}"
    fix = set_attributes(resource, _PROTECTED if resource.language == "terraform" else _RETAINED)
    offline = resource.type == FEATURE_GROUP and certainly(_is_offline(resource))
    milder = "SageMaker leaves the data of its offline store in S3" if offline else ""
    milder = milder or purposes.why_for_learning(graph)
    yield Claim(relevant & ~artefacts.is_kept(resource), setting, message, fix=fix, milder=milder)


def _emptied(bucket: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """That `force_destroy` or a custom resource empties a bucket, which S3 would keep otherwise."""
    forced = bucket["ForceDestroy"]
    emptying = [*artefacts.emptied_by(bucket, graph)]
    if not emptying and not possibly(forced.is_true()):
        return
    relevant = artefacts.is_ml_store(bucket, graph)
    if is_for_production(bucket):
        relevant |= data.is_ml_bucket(bucket, graph) & ~log_stores.keeps_logs_alone(bucket, graph)
    message = f"{bucket} is deleted with all of its objects: {forced} should not be true"
    fix = set_to(forced, False)
    again = artefacts.why_made_again(bucket, graph) or artefacts.why_snapshots(bucket, graph)
    again = again or purposes.why_for_learning(graph)
    # What keeps the objects in production alone, `var.stage != "prod"`, is deliberate.
    yield Claim(
        relevant & forced.is_true(),
        forced,
        message,
        concern="production",
        remedy=_KEEP_OBJECTS,
        fix=fix,
        milder=again,
    )
    for named, empties in emptying:
        message = f"{bucket} is deleted with all of its objects: {named.resource.address} empties it"
        related = ((bucket["BucketName"], "the bucket"),)
        of_cdk = named.resource.type == artefacts.AUTO_DELETE
        remedy = _KEEP_OBJECTS if of_cdk else _KEEP_BUCKET
        taught = purposes.why_for_learning(graph)
        yield Claim(relevant & empties, named, message, related=related, remedy=remedy, milder=taught)


def _is_offline(group: ResourceView) -> Answer:
    """Whether a feature group has an offline store alone."""
    online = group["OnlineStoreConfig.EnableOnlineStore"]
    return group["OfflineStoreConfig"].is_present() & (online.is_absent() | online.is_false())


@rule(
    "MLR303",
    "feature-group-without-offline-store",
    "medium",
    concern="production",
    practices=("MLREL03-BP02", "MLCOST03-BP04"),
    on=(FEATURE_GROUP,),
    remedy=Remedy(
        "Set `OfflineStoreConfig: {S3StorageConfig: {S3Uri: s3://BUCKET/features/}}`.",
        'Set `s3_uri = "s3://BUCKET/features/"` in `offline_store_config.s3_storage_config`.',
    ),
)
def feature_group_without_offline_store(group: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A feature group keeps only the latest values of features, in its online store.

    The online store does not keep the value that a feature had when a past prediction was made. Without the
    offline store there is no history to train with, and nothing to rebuild the online store from.

    See [Offline
    store](https://docs.aws.amazon.com/sagemaker/latest/dg/feature-store-storage-configurations-offline-store.html).
    """
    online, offline = group["OnlineStoreConfig.EnableOnlineStore"], group["OfflineStoreConfig"]
    message = f"{group} keeps features only in its online store: it sets no {offline}"
    yield Claim(online.is_true() & offline.is_absent(), offline, message)


@rule(
    "MLR304",
    "glue-version-end-of-life",
    "high",
    literal=True,
    practices=("MLPERF03-BP01",),
    on=(GLUE_JOB,),
    remedy=Remedy('Set `GlueVersion: "5.1"`.', 'Set `glue_version = "5.1"`.'),
    controls=("Glue.4",),
    facts=("versions",),
)
def glue_version_end_of_life(job: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A Spark job states a version of Glue that has ended.

    Such a job can neither be created nor started, so the data that it prepares is missing.

    Glue 0.9, 1.0 and 2.0 ended on April 1, 2026: the version support policy states that jobs on these
    versions can no longer be created, updated or run.

    Exceptions: jobs without GlueVersion or with `auto`, which run on a current version; Python shell and Ray
    jobs.

    See [AWS Glue version support
    policy](https://docs.aws.amazon.com/glue/latest/dg/glue-version-support-policy.html).
    """
    version = job["GlueVersion"]
    ends = {
        found.ends for text in version.texts if (found := glue.version_named(text)) is not None and found.ends
    }
    day = f" on {written(max(ends))}" if len(ends) == 1 else ""
    message = f"{job} cannot run: Glue {version.words} ended{day}, and {version} should be {newest_glue()}"
    fix = set_to(version, newest_glue(), risk="the job's code has to run on the new version")
    yield Claim(glue.has_ended(job), version, message, fix=fix)


@rule(
    "MLR305",
    "feature-group-without-store",
    "high",
    practices=("MLREL03-BP02",),
    on=(FEATURE_GROUP,),
    remedy=Remedy(
        "Add an `OfflineStoreConfig` or set `EnableOnlineStore: true`, and define both features.",
        "Add an `offline_store_config` or `enable_online_store = true`, and define both features.",
    ),
)
def feature_group_without_store(group: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A feature group has no store, or its record identifier or event time is not a defined feature.

    CreateFeatureGroup rejects the request, so the deployment fails.

    The service model documents that RecordIdentifierFeatureName "must be one of feature definitions' names",
    and that all records must have an EventTime. A feature group needs an online store
    (EnableOnlineStore, false by default), an offline store, or both.

    See [CreateFeatureGroup](https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateFeatureGroup.html).
    """
    online, offline = group["OnlineStoreConfig.EnableOnlineStore"], group["OfflineStoreConfig"]
    message = f"{group} is rejected because it has no store: {online} should be true, or {offline} be set"
    fix = set_to(online, True, risk="the online store costs")
    yield Claim(~online.is_true() & offline.is_absent(), online, message, fix=fix)
    features = group["FeatureDefinitions"]
    for name in (group["RecordIdentifierFeatureName"], group["EventTimeFeatureName"]):
        defined = features.any_item(_is_named(name))
        message = f"{group} is rejected: {name} is {name.words}, which {features} does not define"
        yield Claim(name.is_present() & features.is_present() & ~defined, name, message)


def _is_named(name: View) -> Callable[[View], Answer]:
    return lambda feature: feature["FeatureName"].same_as(name)
