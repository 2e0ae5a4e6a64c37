"""Logs: which buckets receive them."""

from functools import lru_cache

from mlwa_lint.graph.edges import Edge, EdgeKind
from mlwa_lint.graph.iam import policies
from mlwa_lint.graph.kinds import GLUE_CRAWLER
from mlwa_lint.graph.linking.naming import outline
from mlwa_lint.graph.memo import remembered
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView
from mlwa_lint.model.answers import YES, Answer
from mlwa_lint.startup.patterns import lazy

# Where Bedrock's logs of invocations are in a bucket.
_INVOCATIONS = "/BedrockModelInvocationLogs"
TRAIL = "AWS::CloudTrail::Trail"
_LOG_DELIVERY = ("logging", "delivery", "cloudtrail", "logdelivery")
# Resources that name a bucket for their logs alone.
LOGGERS = (
    TRAIL,
    "AWS::EC2::FlowLog",
    "AWS::ElasticLoadBalancing::LoadBalancer",
    "AWS::ElasticLoadBalancingV2::LoadBalancer",
)
# `churn-logs`, `AccessLogs`, `log_bucket`.
_NAMED = lazy(r"(?:(?:^|[-_.\0])[Ll]ogs?|(?<=[a-z])Logs?)(?:[-_]?[Bb]ucket)?(?:$|[-_.\0])")
# `AccessLogsConfig`, `LoggingConfiguration`, `logs`; not `Catalog`.
_LOG_WORD = lazy(r"Log|(?<![A-Za-z])log")


@remembered
def is_log_target(bucket: ResourceView, graph: GraphView) -> Answer:
    """Whether the bucket receives logs: of buckets, trails, load balancers, flow logs …"""
    if any(is_for_logs(edge, graph) for edge in graph.graph.edges_into(bucket.address)):
        return YES
    by_acl = bucket["AccessControl"].equals("LogDeliveryWrite")
    by_policy = policies.of_bucket(bucket, graph).any(
        lambda statement: statement.allows() & statement.for_service(*_LOG_DELIVERY)
    )
    return by_acl | by_policy


def reads_invocations(crawler: ResourceView) -> bool:
    """Whether a crawler reads what Bedrock logs of invocations: it determines where in a bucket that is."""
    targets = crawler["Targets.S3Targets"].known_items()
    return any(_INVOCATIONS in outline(each["Path"].value) for each in targets)


@remembered
def keeps_invocations(bucket: ResourceView, graph: GraphView) -> bool:
    """Whether nothing but crawlers of such logs names a bucket: it holds requests and responses."""
    edges = [each for each in graph.graph.edges_into(bucket.address) if each.kind is not EdgeKind.GRANTS]
    readers = [graph.resource(each.source) for each in edges]
    return bool(readers) and all(each.type == GLUE_CRAWLER and reads_invocations(each) for each in readers)


def is_named_for_logs(bucket: ResourceView) -> bool:
    """Whether a bucket is called after logs, in the project or in AWS: `churn-logs`, `AccessLogs`."""
    names = (bucket.address.rpartition(".")[2], outline(bucket["BucketName"].value))
    return any(_NAMED.search(name) is not None for name in names)


def is_for_logs(edge: Edge, graph: GraphView) -> bool:
    """Whether what an edge comes from names a bucket for its logs."""
    source = graph.graph.by_address[edge.source]
    # A trail that records the objects of a bucket names it too.
    named = edge.kind in (EdgeKind.READS, EdgeKind.WRITES) and not is_selector(edge)
    is_log = named and (source.type in LOGGERS or _speaks_of_logs(edge.path))
    return is_log and graph.world.admits(edge.guards) and graph.world.admits(source.guards)


@lru_cache(maxsize=10_000)
def _speaks_of_logs(path: tuple[str, ...]) -> bool:
    return any(_LOG_WORD.search(key) for key in path)


def is_selector(edge: Edge) -> bool:
    """Whether an edge comes from what a trail records, rather than from where it delivers that."""
    return bool(edge.path) and edge.path[0] in ("EventSelectors", "AdvancedEventSelectors")
