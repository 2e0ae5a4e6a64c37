"""Whether what invokes an endpoint records requests and responses itself."""

from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.iam import policies
from mlwa_lint.graph.kinds import FUNCTION, ROLE
from mlwa_lint.graph.queries import hosting, requests
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView
from mlwa_lint.model.answers import certainly
from mlwa_lint.model.resources import INVOKED

_TABLE = "AWS::DynamoDB::Table"
_INVOKES = "sagemaker:InvokeEndpoint"
_PUTS = ("dynamodb:PutItem", "dynamodb:BatchWriteItem")


def why_recorded(config: ResourceView, graph: GraphView) -> str:
    """What shows that all that invokes the endpoints of a configuration keeps records; empty without it.

    These are functions whose code invokes the endpoint, and which put items into a table of the project.
    """
    endpoints = hosting.endpoints_of(config, graph)
    if endpoints.unknown or not endpoints.related:
        return ""
    for endpoint in endpoints:
        invoking = graph.sources(endpoint, EdgeKind.INVOKES).related
        if not invoking or certainly(endpoint.attributes[INVOKED].is_present()):
            return ""
        if not all(each.resource.type == FUNCTION and _records(each.resource, graph) for each in invoking):
            return ""
    return "what invokes the endpoint puts items into a table of the project for it"


def _records(function: ResourceView, graph: GraphView) -> bool:
    if _INVOKES not in requests.actions_of(function, graph):
        return False
    tables = [
        each.resource.address
        for kind in (EdgeKind.READS, EdgeKind.WRITES)
        for each in graph.targets(function, kind, _TABLE).related
    ]
    return bool(tables) and any(
        certainly(statement.allows() & statement.covers_any_action(*_PUTS))
        for role in graph.targets(function, EdgeKind.ASSUMES, ROLE)
        for statement in policies.of_role(role, graph).known
    )
