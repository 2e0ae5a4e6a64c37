"""Buckets: how they are encrypted, and which of them belong to machine learning."""

from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.kinds import BUCKET, FUNCTION, ROLE
from mlwa_lint.graph.queries.identity import is_ml_function, is_ml_type
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView, View
from mlwa_lint.model.answers import NO, YES, Answer, some, undecided

# Services that belong to machine learning when something that certainly does stands beside them.
_ANALYTICS = ("AWS::Glue::", "AWS::Athena::", "AWS::SageMaker::", "AWS::Bedrock::")
_DATA_KINDS = (EdgeKind.READS, EdgeKind.WRITES)


def encryption_rules(bucket: ResourceView) -> View:
    """The rules of a bucket's default encryption."""
    return bucket["BucketEncryption.ServerSideEncryptionConfiguration"]


def is_kms_encrypted(bucket: ResourceView) -> Answer:
    """Whether the bucket encrypts with a KMS key by default."""
    return encryption_rules(bucket).any_item(
        lambda rule: rule["ServerSideEncryptionByDefault.SSEAlgorithm"].one_of(("aws:kms", "aws:kms:dsse"))
    )


def is_in_kms_bucket(location: View, graph: GraphView) -> Answer:
    """Whether an S3 URI leads to a bucket of the graph that encrypts with a KMS key by default.

    A URI that names a bucket outside the graph, or none, does not; one that is not known is undecided,
    unless the graph has no such bucket at all.
    """
    holder = ResourceView(location.resource, graph.world)
    found = [NO]
    for kind in _DATA_KINDS:
        links = graph.targets(holder, kind, BUCKET).related
        found += [
            is_kms_encrypted(each.resource)
            for each in links
            if _is_at(each.edge.path, location) and each.edge.span == location.span
        ]
        ends = graph.graph.open_ends_of(holder.address, kind)
        found += [undecided(end.reason) for end in ends if not end.outside and _is_at(end.path, location)]
    return some(found) & graph.declared(BUCKET).any(is_kms_encrypted)


def _is_at(path: tuple[str, ...], location: View) -> bool:
    return path[-len(location.path) :] == location.path if location.path else False


def is_ml_bucket(bucket: ResourceView, graph: GraphView) -> Answer:
    """Whether the graph connects a bucket to an ML resource.

    Directly (artefact, capture, offline store, job input or output), through the policy of a role that
    an ML resource acts with, through an AI-service function, or, beside any ML resource, through Glue
    or Athena.
    """
    return some([_is_used(bucket, graph), _is_granted(bucket, graph)])


def _is_used(bucket: ResourceView, graph: GraphView) -> Answer:
    found: list[Answer] = []
    beside = _has_ml(graph)
    for edge in graph.graph.edges_into(bucket.address):
        if edge.kind is EdgeKind.GRANTS or not graph.world.admits(edge.guards):
            continue
        source = graph.resource(edge.source)
        if is_ml_type(source.type):
            found.append(YES)
        elif source.type.startswith(_ANALYTICS):
            found.append(beside)
        elif source.type == FUNCTION:
            found.append(is_ml_function(source, graph))
    found += [is_ml_function(each, graph) for each in graph.targets(bucket, EdgeKind.TRIGGERS, FUNCTION)]
    for end in graph.graph.open_ends:
        concerned = end.target_type == BUCKET and not end.outside and end.kind in _DATA_KINDS
        if (
            concerned
            and is_ml_type(graph.graph.by_address[end.source].type)
            and graph.world.admits(end.guards)
        ):
            found.append(undecided(f"{end.source}: {end.reason}"))
    return some(found)


def _is_granted(bucket: ResourceView, graph: GraphView) -> Answer:
    """Whether the policy of an ML resource's role speaks of the bucket."""
    found: list[Answer] = []
    for related in graph.sources(bucket, EdgeKind.GRANTS).related:
        policy = related.resource
        roles = [policy] if policy.type == ROLE else list(graph.targets(policy, EdgeKind.GRANTS, ROLE))
        if policy.type != ROLE:
            roles += list(graph.sources(policy, EdgeKind.REFERS_TO, ROLE))
        for role in roles:
            for actor in graph.sources(role, EdgeKind.ASSUMES):
                if is_ml_type(actor.type):
                    found.append(YES)
                elif actor.type == FUNCTION:
                    found.append(is_ml_function(actor, graph))
    return some(found)


def _has_ml(graph: GraphView) -> Answer:
    return some(YES for each in graph.graph.by_type if is_ml_type(each) and graph.of_type(each))
