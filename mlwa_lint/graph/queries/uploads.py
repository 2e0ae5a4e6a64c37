"""What processes the objects that are put into a bucket."""

from collections.abc import Iterator

from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.iam import policies
from mlwa_lint.graph.kinds import BUCKET, EVENT_RULE, FUNCTION, ROLE
from mlwa_lint.graph.queries.requests import actions_of
from mlwa_lint.graph.queries.triggers import is_switched_on
from mlwa_lint.graph.relations import GraphView, Related
from mlwa_lint.graph.views import ResourceView, View
from mlwa_lint.model.answers import Answer, certainly, possibly
from mlwa_lint.startup.patterns import lazy

_TOPIC = "AWS::SNS::Topic"
_QUEUE = "AWS::SQS::Queue"
# Who hands on what a topic or a queue gets.
_TAKERS = {
    _TOPIC: ("AWS::SNS::Subscription",),
    _QUEUE: ("AWS::Lambda::EventSourceMapping", "AWS::Pipes::Pipe"),
}
# The property of a permission that names the bucket which may call a function.
_PERMITTED = ("SourceArn",)
# By these a function records what it has found, and where: in a table, an index, a knowledge base. All of a
# service counts, but not everything.
_RECORDING = lazy(
    r"(?i)^(?:dynamodb:(?:\*|(?:Put|Update|BatchWrite|Transact)\w*\*?)|es:(?:\*|ESHttp\S*)|aoss:(?:\*|APIAccessAll)"
    r"|rds-data:\S+|s3vectors:(?:\*|Put\S*)|kendra:(?:\*|BatchPut\S*)|bedrock:StartIngestionJob"
    r"|bedrock:IngestKnowledgeBaseDocuments)$"
)
_RECORDS = lazy(
    r"(?i)(?:^|_)(?:(?:ddb|dynamo(?:db)?)(?:_|$)|tables?(?:_|$)|opensearch|elasticsearch|es_|aoss|kendra|rds_|db_|database)"
)
_ALIASES = ("AWS::Lambda::Alias", "AWS::Lambda::Version")


def functions_of_uploads(bucket: ResourceView, graph: GraphView) -> list[ResourceView]:
    """The functions that certainly run when an object is put into a bucket.

    By a notification of the bucket, at once or through a topic or a queue, or by a rule on its events.
    """
    return list(dict.fromkeys(_functions(bucket, graph)))


def handing_on(bucket: ResourceView, graph: GraphView) -> list[ResourceView]:
    """The functions that uploads to other buckets start, and whose environment names this bucket."""
    started = functions_of_uploads(bucket, graph)
    return [
        each.resource
        for kind in (EdgeKind.WRITES, EdgeKind.READS)
        for each in graph.sources(bucket, kind, FUNCTION).related
        if each.edge.path[:1] == ("Environment",)
        and each.resource not in started
        and any(
            each.resource in functions_of_uploads(other, graph)
            for other in graph.sources(each.resource, EdgeKind.TRIGGERS, BUCKET)
            if other != bucket
        )
    ]


def keeps_records(function: ResourceView, graph: GraphView) -> bool:
    """Whether a function records what it finds in uploads: an application may show these by the records."""
    variables = [
        name for name, value in function["Environment.Variables"].entries() if possibly(value.is_present())
    ]
    if any(map(_RECORDS.search, variables)) or any(map(_RECORDING.search, actions_of(function, graph))):
        return True
    return any(
        certainly(statement.allows() & statement.any_action(lambda text: _RECORDING.search(text) is not None))
        for role in graph.targets(function, EdgeKind.ASSUMES, ROLE)
        for statement in policies.of_role(role, graph).known
    )


def is_shown(bucket: ResourceView) -> bool:
    """Whether pages in a browser read the objects of a bucket, not only put them there."""
    reading = bucket["CorsConfiguration.CorsRules"].any_item(
        lambda each: each["AllowedMethods"].any_item(lambda method: method.one_of(("GET", "HEAD", "*")))
    )
    return certainly(reading)


def _functions(bucket: ResourceView, graph: GraphView) -> Iterator[ResourceView]:
    started = graph.targets(bucket, EdgeKind.TRIGGERS, FUNCTION).related
    notified = [each for each in started if each.edge.path[:1] != _PERMITTED]
    # A permission indicates a notification from elsewhere where the bucket itself has none.
    for related in notified or started:
        if _is_about_uploads(related, bucket):
            yield related.resource
    for related in graph.targets(bucket, EdgeKind.REFERS_TO, *_ALIASES).related:
        if _is_about_uploads(related, bucket):
            yield from graph.targets(related.resource, EdgeKind.INVOKES, FUNCTION)
    for related in graph.targets(bucket, EdgeKind.REFERS_TO, *_TAKERS).related:
        if _is_about_uploads(related, bucket):
            yield from _behind(related.resource, graph)
    for kind in (EdgeKind.REFERS_TO, EdgeKind.READS):
        for rule in graph.sources(bucket, kind, EVENT_RULE):
            if certainly(is_switched_on(rule)) and not certainly(_is_about_other_events(rule)):
                yield from _called_by(rule, graph)
                for carrier in graph.targets(rule, EdgeKind.REFERS_TO, *_TAKERS):
                    yield from _behind(carrier, graph)


def _behind(carrier: ResourceView, graph: GraphView) -> Iterator[ResourceView]:
    """The functions that get what a topic or a queue gets."""
    yield from _called_by(carrier, graph)
    for taker in graph.sources(carrier, EdgeKind.REFERS_TO, *_TAKERS[carrier.type]):
        yield from _called_by(taker, graph)
        if carrier.type == _TOPIC:
            for queue in graph.targets(taker, EdgeKind.REFERS_TO, _QUEUE):
                yield from _behind(queue, graph)


def _called_by(caller: ResourceView, graph: GraphView) -> Iterator[ResourceView]:
    """The functions that something calls, by themselves or by an alias or version."""
    yield from graph.targets(caller, EdgeKind.TRIGGERS, FUNCTION)
    for alias in graph.targets(caller, EdgeKind.REFERS_TO, *_ALIASES):
        yield from graph.targets(alias, EdgeKind.INVOKES, FUNCTION)


def _is_about_uploads(related: Related, bucket: ResourceView) -> bool:
    """Whether a notification is about new objects, or may be.

    A permission to call a function only shows one where the bucket's own are not declared.
    """
    if related.edge.path == ("SourceArn",) and certainly(bucket["NotificationConfiguration"].is_present()):
        return False
    _, kind, target = (*related.edge.path, "", "", "")[:3]
    notifications = [
        each
        for each in bucket["NotificationConfiguration"][kind].known_items()
        if each[target].span == related.edge.span
    ]
    return not notifications or not all(certainly(~_is_created(each["Event"])) for each in notifications)


def _is_created(event: View) -> Answer:
    return event.any_item(lambda each: each.matches(r"^s3:ObjectCreated:"))


def _is_about_other_events(rule: ResourceView) -> Answer:
    """Whether a rule names kinds of S3 events, none of them the creation of an object."""
    kinds = rule["EventPattern.detail-type"]
    return kinds.is_present() & kinds.every_item(lambda each: each.matches(r"^Object (?!Created$)"))
