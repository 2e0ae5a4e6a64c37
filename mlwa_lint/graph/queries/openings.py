"""Which ways into an API let anyone request predictions, and what is behind them."""

from mlwa_lint.graph.asides import aside
from mlwa_lint.graph.queries import apis, invokers
from mlwa_lint.graph.queries.stages import is_stage, is_throttled
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView
from mlwa_lint.model.answers import Answer, certainly, possibly, undecided
from mlwa_lint.model.resources import OPEN_BY

_TEXTS = "only AI services for texts are behind it, which cost little and hold nothing of the project"
_WEBSITE = "a public website of the project is its client, and the project has nothing that signs users in"
_SIGN_IN = (
    "AWS::Cognito::UserPool",
    "AWS::Cognito::UserPoolClient",
    "AWS::Cognito::IdentityPool",
    "AWS::ApiGateway::Authorizer",
    "AWS::ApiGatewayV2::Authorizer",
    "aws_cognito_user_pool",
    "aws_cognito_user_pool_client",
    "aws_cognito_identity_pool",
    "aws_api_gateway_authorizer",
    "aws_apigatewayv2_authorizer",
)

_READING = ("GET", "HEAD")
_SENDING = ("ANY", "POST", "PUT", "PATCH")


def opened(api: ResourceView, graph: GraphView) -> list[tuple[apis.Entrance, Answer]]:
    """The ways into an API, and whether anyone may have a model invoked by each.

    Where a function is called by routes that send something, which require authorization, and by others that
    only read, which do not, the former may be the only ones that invoke a model.
    """
    found = [(each, each.is_open & each.serves) for each in apis.ways_in(api, graph)]
    guarded = {
        function
        for each, _ in found
        if certainly(~each.is_open) and _verb(each, graph) in _SENDING
        for function in each.behind
    }
    return [(each, _unless_guarded(each, is_open, guarded, graph)) for each, is_open in found]


def _unless_guarded(
    way: apis.Entrance, is_open: Answer, guarded: set[ResourceView], graph: GraphView
) -> Answer:
    reads = possibly(is_open) and _verb(way, graph) in _READING
    if not reads or not way.behind or not guarded.issuperset(way.behind):
        return is_open
    functions = " and ".join(each.address for each in way.behind)
    return is_open & undecided(f"{functions} may invoke a model for the routes alone that are not open")


def _verb(way: apis.Entrance, graph: GraphView) -> str:
    """The method of a way in: `GET`; empty where it has none."""
    resource = graph.resource(way.at.resource.address)
    if resource.type == apis.METHOD:
        return (resource["HttpMethod"].text or "").upper()
    return way.name.partition(" ")[0]


@aside
def why_harmless(resource: ResourceView, graph: GraphView) -> str:
    """Why requests of others only cost: AI services get them, and nothing of the project is behind them."""
    ways = apis.ways_in(resource, graph) if resource.type in apis.APIS else apis.entrances(resource, graph)
    found = [each for each in ways if certainly(each.is_open & each.serves)]
    if not found or not all(each.behind for each in found):
        return ""
    functions = dict.fromkeys(function for each in found for function in each.behind)
    return _TEXTS if all(invokers.only_analyses(each, graph) for each in functions) else ""


@aside
def why_of_website(_: ResourceView, graph: GraphView) -> str:
    """Why an open way in may be meant: visitors of a website of the project use it, whom nothing signs in."""
    from mlwa_lint.graph.queries import public_content

    return _WEBSITE if public_content.has_website(graph) and not graph.of_type(*_SIGN_IN) else ""


@aside
def why_on_purpose(api: ResourceView, graph: GraphView) -> str:
    """Why an open API weighs less: a file states that it is open on purpose, and all its stages throttle."""
    stated = api.attributes[OPEN_BY].text
    if not stated:
        return ""
    stages = [
        each
        for each in graph.of_type(*apis.STAGES)
        if possibly(is_stage(each, graph)) and any(of == api for of in apis.api_of(each, graph))
    ]
    if not stages or not all(certainly(is_throttled(each, graph)) for each in stages):
        return ""
    return f"{stated} states that it is open on purpose, and its stage limits the rate of requests"
