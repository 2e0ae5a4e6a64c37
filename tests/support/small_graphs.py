"""Resources, edges between them, and views of them, put together by hand."""

from collections.abc import Mapping, Sequence

from mlwa_lint.frontends.cloudformation.vocabulary import VOCABULARY
from mlwa_lint.graph.edges import Edge, EdgeKind, OpenEnd
from mlwa_lint.graph.graph import ResourceGraph
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView
from mlwa_lint.graph.worlds import World
from mlwa_lint.model.conditions import AnyScenario, Condition, Guard
from mlwa_lint.model.resources import Gap, Project, Resource
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import Entry, MapValue, Scalar, Value
from tests.support.small_values import HERE

KEY = Span("t.yaml", 4, 5, 4, 9)
THERE = Span("t.yaml", 7, 5, 7, 9)
BUCKET, QUEUE, ENDPOINT = "AWS::S3::Bucket", "AWS::SQS::Queue", "AWS::SageMaker::Endpoint"
PROD = Condition("prod", "IsProd", True)
IN_PROD, ELSEWHERE = (Guard(PROD, True),), (Guard(PROD, False),)


def with_properties(
    address: str,
    kind: str,
    properties: Mapping[str, Value],
    guards: tuple[Guard, ...] = (),
    folded: tuple[str, ...] = (),
) -> Resource:
    entries = {name: Entry(HERE, value, name) for name, value in properties.items()}
    empty = MapValue({}, HERE)
    return Resource(address, kind, MapValue(entries, HERE), HERE, VOCABULARY, empty, guards, folded)


def resource(
    address: str, kind: str, guards: tuple[Guard, ...] = (), folded: tuple[str, ...] = (), **properties: Value
) -> Resource:
    return with_properties(address, kind, properties, guards, folded)


def endpoint_config(address: str = "Config", key: Scalar | None = None) -> Resource:
    """A resource with one property, KmsKeyId."""
    properties = MapValue({"KmsKeyId": Entry(KEY, key or Scalar("a", KEY), "KmsKeyId")}, HERE)
    return resource(address, "AWS::SageMaker::EndpointConfig")._replace(properties=properties)


def view_of(one: Resource) -> ResourceView:
    """A resource where nothing depends on conditions."""
    return ResourceView(one, World(AnyScenario(), {}))


def graph_view(
    *resources: Resource,
    edges: Sequence[Edge] = (),
    ends: Sequence[OpenEnd] = (),
    gaps: tuple[Gap, ...] = (),
) -> GraphView:
    """A graph of resources where nothing depends on conditions."""
    graph = ResourceGraph(Project("t.yaml", resources, AnyScenario(), gaps), edges, ends)
    return GraphView(graph, World(AnyScenario(), {}))


A = resource("A", BUCKET, folded=("A-policy",), BucketName=Scalar("data", HERE))
B = resource("B", QUEUE)
C = resource("C", QUEUE, ELSEWHERE)
D = resource("D", ENDPOINT)
VIEW = view_of(A)


def edge(
    source: str,
    target: str,
    kind: EdgeKind = EdgeKind.READS,
    guards: tuple[Guard, ...] = (),
    span: Span = HERE,
) -> Edge:
    return Edge(source, target, kind, guards, span, ("P",))


def end(
    source: str,
    target: str = BUCKET,
    kind: EdgeKind = EdgeKind.READS,
    guards: tuple[Guard, ...] = (),
    outside: bool = False,
) -> OpenEnd:
    return OpenEnd(source, target, kind, "why", guards, ("P",), outside)
