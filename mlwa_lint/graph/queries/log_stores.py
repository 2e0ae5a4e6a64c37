"""Buckets that receive logs: which of them hold nothing else, and what that exempts them from."""

from collections.abc import Iterator, Sequence

from mlwa_lint.graph.edges import Edge, EdgeKind
from mlwa_lint.graph.iam import policies
from mlwa_lint.graph.kinds import GLUE_CRAWLER
from mlwa_lint.graph.linking.leaves import ValueLeaf, leaves
from mlwa_lint.graph.linking.naming import GAP, mention_in, outline
from mlwa_lint.graph.memo import remembered
from mlwa_lint.graph.queries.buckets import is_website, type_of_source
from mlwa_lint.graph.queries.data import DOCUMENT_SOURCES, is_analytics, is_named_by_ml, roles_of_ml
from mlwa_lint.graph.queries.identity import has_ml, is_ml_type
from mlwa_lint.graph.queries.logs import (
    LOGGERS,
    is_for_logs,
    is_log_target,
    is_named_for_logs,
    reads_invocations,
)
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView, View
from mlwa_lint.model.answers import NO, YES, Answer, answer, possibly, some
from mlwa_lint.model.resources import TRAINED_BY, Resource
from mlwa_lint.model.values import Reference, Unknown, Value

# What holds the place in S3 of a data source of a knowledge base or of an index.
_CONFIGURATIONS = ("DataSourceConfiguration", "Configuration")
# What delivers logs to buckets with SSE-S3 only.
_SENDERS = ("AWS::S3::", "AWS::ElasticLoadBalancing")
# Where trails, load balancers and flow logs put their logs, below the prefix that is given.
_DELIVERED_TO = "AWSLogs"
_EVERYTHING = "*"


@remembered
def keeps_logs_alone(bucket: ResourceView, graph: GraphView) -> Answer:
    """Whether the bucket receives logs, and nothing shows that ML uses it for anything else.

    The documents of a knowledge base, training data or models need what data needs, whatever else is stored
    with them: an ML resource names the bucket, a table of the same project has its data beside the logs, a
    role that ML services act with may read all of the bucket, or the bucket logs access to itself.
    """
    return is_log_target(bucket, graph) & ~_keeps_data(bucket, graph)


@remembered
def takes_access_logs(bucket: ResourceView, graph: GraphView) -> Answer:
    """Whether S3 or a load balancer delivers its access logs to the bucket, which SSE-S3 alone allows."""
    edges = graph.graph.edges_into(bucket.address)
    if any(is_for_logs(edge, graph) and type_of_source(edge, graph).startswith(_SENDERS) for edge in edges):
        return YES
    return is_log_target(bucket, graph) & ~answer(any(is_for_logs(edge, graph) for edge in edges))


def needs_no_key(bucket: ResourceView, graph: GraphView) -> Answer:
    """Whether the logs that the bucket receives exempt it from a customer managed key."""
    return keeps_logs_alone(bucket, graph) | takes_access_logs(bucket, graph)


def needs_no_log(bucket: ResourceView, graph: GraphView) -> Answer:
    """Whether no log of access is expected: it holds logs of access, logs alone, or serves pages.

    A name after logs is enough where no ML resource names the bucket.
    """
    named = is_named_for_logs(bucket) and not is_named_by_ml(bucket, graph)
    return needs_no_key(bucket, graph) | is_website(bucket) | answer(named)


@remembered
def receives_beside_documents(bucket: ResourceView, graph: GraphView) -> bool:
    """Whether data sources read documents below prefixes alone, and something writes apart from these.

    Logs of invocations, captured requests or results of jobs that no question is answered from.
    """
    prefixes = _prefixes_of_documents(bucket, graph)
    for edge in graph.graph.edges_into(bucket.address) if prefixes else ():
        source = graph.graph.by_address[edge.source]
        if edge.kind is not EdgeKind.WRITES or source.type in DOCUMENT_SOURCES:
            continue
        key = _key_of_logs(edge, graph) if is_for_logs(edge, graph) else key_of(edge, graph)
        overlaps = any(key.startswith(each) or each.startswith(key) for each in prefixes)
        if key and GAP not in key and not overlaps and graph.world.admits((*edge.guards, *source.guards)):
            return True
    return False


def _prefixes_of_documents(bucket: ResourceView, graph: GraphView) -> tuple[str, ...]:
    """The prefixes below which the data sources of a bucket read; none where one reads elsewhere as well."""
    found: list[str] = []
    for source in graph.sources(bucket, EdgeKind.READS, *DOCUMENT_SOURCES):
        stated = [source[f"{each}.S3Configuration.InclusionPrefixes"] for each in _CONFIGURATIONS]
        texts = [each.text for listed in stated for each in listed.known_items()]
        known = [each.strip("/") for each in texts if each]
        if not known or len(known) < len(texts) or "" in known:
            return ()
        found += known
    return tuple(found)


def _keeps_data(bucket: ResourceView, graph: GraphView) -> Answer:
    if any(_is_for_ml_data(edge, graph) for edge in graph.graph.edges_into(bucket.address)):
        return YES
    if is_named_for_logs(bucket):
        return NO  # roles and tables may well be for the logs
    if bucket.attributes[TRAINED_BY].text or _is_own_target_alone(bucket, graph):
        return YES
    return some((_holds_tables(bucket, graph), *_readers(bucket, graph)))


def _is_for_ml_data(edge: Edge, graph: GraphView) -> bool:
    return _is_for_data(edge, graph) and is_ml_type(type_of_source(edge, graph))


def _is_for_data(edge: Edge, graph: GraphView) -> bool:
    named = edge.kind in (EdgeKind.READS, EdgeKind.WRITES) and not is_for_logs(edge, graph)
    source = graph.graph.by_address[edge.source]
    return named and graph.world.admits(edge.guards) and graph.world.admits(source.guards)


def _is_own_target_alone(bucket: ResourceView, graph: GraphView) -> bool:
    """Whether nothing but the bucket itself sends logs to it: those are about other objects."""
    senders = {each.source for each in graph.graph.edges_into(bucket.address) if is_for_logs(each, graph)}
    return senders == {bucket.address}


def _readers(bucket: ResourceView, graph: GraphView) -> Iterator[Answer]:
    """The roles of ML that may read objects of the bucket other than the logs."""
    logged = _keys_of_logs(bucket, graph)

    def holds_data(resource: View) -> Answer:
        return answer(_is_apart(_key_in(resource.value, bucket), logged))

    def reads_data(statement: policies.Statement) -> Answer:
        return statement.allows_on(holds_data, "s3:GetObject")

    for role, serves_ml in roles_of_ml(bucket, graph):
        if possibly(serves_ml):
            yield serves_ml & policies.of_role(role, graph).any(reads_data)


def _holds_tables(bucket: ResourceView, graph: GraphView) -> Answer:
    """Whether a table, a crawler or a job beside ML has its data in the bucket, apart from the logs."""
    logged = _keys_of_logs(bucket, graph)
    for edge in graph.graph.edges_into(bucket.address):
        if not (_is_for_data(edge, graph) and is_analytics(type_of_source(edge, graph))):
            continue
        user = graph.resource(edge.source)
        of_invocations = user.type == GLUE_CRAWLER and reads_invocations(user)
        if not of_invocations and _is_apart(key_of(edge, graph) or _EVERYTHING, logged):
            return has_ml(graph)
    return NO


def _is_apart(key: str, logged: Sequence[str]) -> bool:
    """Whether objects below a key are not logs alone."""
    if key in ("", _EVERYTHING):
        return bool(key)
    of_logs = any(key.startswith(each) or GAP in each for each in logged)
    return not (of_logs or GAP in key or _DELIVERED_TO in key)


def _keys_of_logs(bucket: ResourceView, graph: GraphView) -> list[str]:
    edges = graph.graph.edges_into(bucket.address)
    return [_key_of_logs(each, graph) for each in edges if is_for_logs(each, graph)]


def _key_of_logs(edge: Edge, graph: GraphView) -> str:
    """Below which key of a bucket logs are written; empty where they may be anywhere in it."""
    source = graph.graph.by_address[edge.source]
    beside = (each for each in _leaves_of(source) if each.path[:-1] == edge.path[:-1])
    prefixes = [outline(each.value).strip("/") for each in beside if each.path[-1].endswith("Prefix")]
    pieces = [key_of(edge, graph), *prefixes, _DELIVERED_TO if source.type in LOGGERS else ""]
    return "/".join(each for each in pieces if each)


def key_of(edge: Edge, graph: GraphView) -> str:
    """What follows the bucket in the text by which something names it; empty where nothing does."""
    leaves_there = _leaves_of(graph.graph.by_address[edge.source])
    bucket = graph.resource(edge.target)
    named = (each.value for each in leaves_there if each.path == edge.path and each.span == edge.span)
    return next(filter(None, (_key_in(each, bucket) for each in named)), "")


def _key_in(text: Value, bucket: ResourceView) -> str:
    """What follows a bucket in a text: `features/*` in the ARN of its objects, by reference or by name."""
    parts = text.parts if isinstance(text, Unknown) else ()
    for position, part in enumerate(parts):
        if isinstance(part, Reference) and part.address == bucket.address:
            pieces = (each if isinstance(each, str) else GAP for each in parts[position + 1 :])
            return "".join(pieces).strip("/")
    mention = mention_in(text)
    if mention is None or mention.name.literal is None or mention.name.literal != bucket["BucketName"].text:
        return ""
    return "/".join(GAP if each.literal is None else each.literal for each in mention.rest).strip("/")


def _leaves_of(resource: Resource) -> list[ValueLeaf]:
    return leaves(resource.properties, resource.span, resource.guards)
