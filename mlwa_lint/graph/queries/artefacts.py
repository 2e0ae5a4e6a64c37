"""What must not be lost: training data, models, features, and the keys to all of them."""

from collections.abc import Container, Iterator

from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.iam import policies
from mlwa_lint.graph.kinds import (
    AGENT,
    BUCKET,
    CODE_PIPELINE,
    ENDPOINT_CONFIG,
    FUNCTION,
    JOB_DEFINITIONS,
    KEY,
    MONITORING_SCHEDULE,
    NOTEBOOK,
    ROLE,
)
from mlwa_lint.graph.memo import remembered
from mlwa_lint.graph.queries.data import (
    feeds_ml_resources,
    holds_documents,
    is_kept_by_app,
    is_ml_bucket,
    is_only_store,
)
from mlwa_lint.graph.queries.identity import is_ml_type
from mlwa_lint.graph.queries.places import may_be_used_by
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView, View
from mlwa_lint.model.answers import NO, YES, Answer, answer, certainly, possibly, some, undecided
from mlwa_lint.model.resources import EMPTIES, TRAINED_BY
from mlwa_lint.model.values import Reference

# The custom resource that empties a bucket of the CDK before it is deleted.
AUTO_DELETE = "Custom::S3AutoDeleteObjects"
_OBJECT = "aws_s3_object"
# Where a custom resource names the function that implements it.
_HANDLER = ("ServiceToken",)
# What is deleted with all that it has encrypted: volumes, prompts, sessions.
_DYING = frozenset(
    {
        AGENT,
        "AWS::Bedrock::Flow",
        "AWS::Bedrock::Guardrail",
        "AWS::Bedrock::Prompt",
        NOTEBOOK,
        "AWS::SageMaker::PartnerApp",
    }
)
_KEEPING = ("Retain", "RetainExceptOnCreate", "Snapshot")
# Where a Studio domain names the bucket of the notebooks that its users share.
_SHARING = "SharingSettings"
# Those that train and host; what Bedrock, Kendra and their like look things up in is not meant.
_TRAINING_TYPES = (
    "AWS::SageMaker::",
    "AWS::Bedrock::ModelCustomizationJob",
    "AWS::Comprehend::",
    "AWS::Forecast::",
    "AWS::FraudDetector::",
    "AWS::Personalize::",
    "AWS::Glue::",
    "aws_sagemaker_",
)
# What stores a model's responses: captured ones, asynchronous ones, those of a batch, and reports on them.
_ANSWERING = frozenset(
    {ENDPOINT_CONFIG, MONITORING_SCHEDULE, "AWS::SageMaker::TransformJob", *JOB_DEFINITIONS}
)
_PREFIX = "Prefix"
_TRAINING_SERVICES = ("sagemaker", "comprehend", "forecast", "frauddetector", "personalize", "glue")


@remembered
def keeps_artefacts(bucket: ResourceView, graph: GraphView) -> Answer:
    """Whether a bucket holds training data or models, and not merely what an AI service reads."""
    uses = [*_uses(bucket, graph)]
    # A role that serves a model may write its responses; that does not make them training data.
    answers_alone = bool(uses) and all(uses)
    # A role that may read pages, among all else that it may read, makes no training data of them.
    pages = bucket["WebsiteConfiguration"].is_present()
    granted = (each & ~pages for each in _granted(bucket, graph))
    known = [NO] if answers_alone else [*(YES for _ in uses), *granted]
    known.append(answer(is_only_store(bucket, graph)))
    if bucket.attributes[TRAINED_BY].text:
        known.append(YES)
    known.append(may_be_used_by(_is_of_training, bucket, graph))
    kept = some(known) & ~is_kept_by_app(bucket, graph)
    return is_ml_bucket(bucket, graph) & kept


def _uses(bucket: ResourceView, graph: GraphView) -> Iterator[bool]:
    """For each use by training or hosting, whether it is for a model's responses alone."""
    for edge in graph.graph.edges_into(bucket.address):
        source = graph.graph.by_address[edge.source]
        keeps = source.type.startswith(_TRAINING_TYPES)
        # In this order: a guard that is not evaluated needs no world of its own.
        if keeps and edge.kind is not EdgeKind.GRANTS and graph.world.admits((*edge.guards, *source.guards)):
            yield edge.kind is EdgeKind.WRITES and source.type in _ANSWERING


def _granted(bucket: ResourceView, graph: GraphView) -> Iterator[Answer]:
    from mlwa_lint.graph.queries.ml_work import handles_artefacts

    for policy in graph.sources(bucket, EdgeKind.GRANTS):
        if policy.type == ROLE:
            roles = [policy]
        else:
            roles = [*graph.targets(policy, EdgeKind.GRANTS, ROLE)]
            roles += graph.sources(policy, EdgeKind.REFERS_TO, ROLE)
        for role in dict.fromkeys(roles):
            yield _trains(role, graph)
            for function in graph.sources(role, EdgeKind.ASSUMES, FUNCTION):
                yield handles_artefacts(function, graph)


@remembered
def _trains(role: ResourceView, graph: GraphView) -> Answer:
    return policies.assumed_by(role, *_TRAINING_SERVICES)


def _is_of_training(user: str) -> bool:
    return user.startswith(_TRAINING_TYPES)


def is_ml_store(resource: ResourceView, graph: GraphView) -> Answer:
    """Whether a resource keeps what machine learning needs; for a key, whether such things need it."""
    if resource.type == BUCKET:
        return keeps_artefacts(resource, graph) | (
            is_ml_bucket(resource, graph) & holds_documents(resource, graph)
        )
    if resource.type != KEY:
        return YES
    return some(_outlives_stack(user, graph) for user in graph.sources(resource, EdgeKind.ENCRYPTS_WITH))


def _outlives_stack(user: ResourceView, graph: GraphView) -> Answer:
    """Whether what a user of a key has encrypted with it belongs to ML, and outlives the user."""
    if user.type == BUCKET:
        if _is_for_builds_alone(user, graph):
            return NO
        return is_ml_bucket(user, graph) & ~(user["ForceDestroy"].is_true() & ~is_kept(user))
    if user.type in _DYING:
        return is_kept(user)
    return YES if is_ml_type(user.type) else NO


def _is_for_builds_alone(bucket: ResourceView, graph: GraphView) -> bool:
    """Whether a bucket holds the artifacts of a pipeline, and no known data or models."""
    edges = graph.graph.edges_into(bucket.address)
    stores = any(graph.graph.by_address[each.source].type == CODE_PIPELINE for each in edges)
    return stores and not certainly(feeds_ml_resources(bucket, graph))


def retention(resource: ResourceView) -> View:
    """The setting that keeps a resource when its stack, or its configuration, goes."""
    attributes = resource.attributes
    if resource.language == "terraform":
        return attributes["Lifecycle.PreventDestroy"]
    return attributes["DeletionPolicy"]


def is_kept(resource: ResourceView) -> Answer:
    """Whether a resource outlives the deletion of its stack or configuration."""
    setting = retention(resource)
    return setting.is_true() if resource.language == "terraform" else setting.one_of(_KEEPING)


def is_created_by_workflow(resource: ResourceView) -> bool:
    """Whether a step of a state machine or pipeline creates it, and no template or configuration."""
    return "Workflow" in resource.resource.attributes.entries


def emptied_by(bucket: ResourceView, graph: GraphView) -> Iterator[tuple[View, Answer]]:
    """Where custom resources that may empty a bucket before it is deleted name it, and whether they do."""
    from mlwa_lint.graph.queries.mentions import leads_to

    for custom in graph.of_type(AUTO_DELETE):
        name = custom["BucketName"]
        if leads_to(name, bucket):
            yield name, YES
        elif not isinstance(name.value, Reference):
            yield name, name.is_open()
    for emptying in graph.graph.by_type.get(FUNCTION, ()):
        # In this order: the guard of a function that empties nothing needs no world of its own.
        if EMPTIES not in emptying.attributes.entries or not graph.world.admits(emptying.guards):
            continue
        function = ResourceView(emptying, graph.world)
        keys = {each.text for each in function.attributes[EMPTIES].known_items()}
        for edge in graph.graph.edges_into(function.address) if keys else ():
            custom = graph.resource(edge.source)
            if edge.path == _HANDLER and graph.world.admits((*edge.guards, *custom.resource.guards)):
                yield from _handed_to(custom, keys, bucket)


def why_made_again(bucket: ResourceView, graph: GraphView) -> str:
    """What shows that all objects of a bucket come from files of the configuration; empty if nothing does.

    Terraform uploads them again with the bucket. What may be written there as well would be lost.
    """
    uploads = graph.sources(bucket, EdgeKind.READS, _OBJECT).related
    files = bool(uploads) and all(_comes_from_file(each.resource) for each in uploads)
    return "Terraform uploads all of its objects again" if files and not _is_written(bucket, graph) else ""


def why_snapshots(bucket: ResourceView, graph: GraphView) -> str:
    """What shows that a bucket receives the notebooks that users of Studio share; empty if nothing does."""
    silent = (EdgeKind.CONFIGURES, EdgeKind.GRANTS, EdgeKind.REFERS_TO)
    uses = [each for each in graph.graph.edges_into(bucket.address) if each.kind not in silent]
    shared = bool(uses) and all(_SHARING in each.path for each in uses)
    return "it receives only the notebooks that users of Studio share" if shared else ""


def _comes_from_file(upload: ResourceView) -> bool:
    return certainly(upload["Source"].is_present() | upload["Content"].is_present())


def _is_written(bucket: ResourceView, graph: GraphView) -> bool:
    """Whether anything but the configuration may put objects into a bucket."""
    writers = (
        graph.graph.by_address[each.source]
        for each in graph.graph.edges_into(bucket.address)
        if each.kind is EdgeKind.WRITES
    )
    if any(each.type != _OBJECT for each in writers):
        return True
    return any(
        possibly(policies.of_policy(each).any(_puts_objects))
        for each in graph.sources(bucket, EdgeKind.GRANTS)
    )


def _puts_objects(statement: policies.Statement) -> Answer:
    return statement.allows() & statement.covers_action("s3:PutObject")


def _handed_to(
    custom: ResourceView, keys: Container[str | None], bucket: ResourceView
) -> Iterator[tuple[View, Answer]]:
    """Where a custom resource hands a bucket to code that empties one, and whether it is this one."""
    from mlwa_lint.graph.queries.mentions import leads_to

    if _PREFIX in keys and possibly(custom[_PREFIX].is_present()):
        return  # it deletes a part of the objects
    given = [custom[name] for name in custom.resource.properties.entries if name in keys]
    named = [view for view in given if leads_to(view, bucket)]
    others = [view for view in given if view not in named and _names_bucket(view)]
    for view in named[:1]:
        yield view, undecided(f"{custom.address} names several buckets") if others else YES


def _names_bucket(view: View) -> bool:
    return "bucket" in view.path[-1].lower()
