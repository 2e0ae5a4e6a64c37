"""Ways in to inference: methods and routes of API Gateway, and function URLs."""

from mlwa_lint.facts.ai_services import ai_services
from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.iam import policies
from mlwa_lint.graph.kinds import FUNCTION, FUNCTION_ALIASES, FUNCTION_URL, PERMISSION
from mlwa_lint.graph.memo import remembered
from mlwa_lint.graph.queries import onward
from mlwa_lint.graph.queries.identity import CALLERS_OF_TOOLS
from mlwa_lint.graph.queries.invokers import fails_at_requests, invokes_models, may_check_callers
from mlwa_lint.graph.relations import GraphView, Links
from mlwa_lint.graph.views import ResourceView, View, why_unknown
from mlwa_lint.model.answers import NO, YES, Answer, answer, certainly, possibly, some, undecided
from mlwa_lint.model.values import Unknown, known_text
from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple

REST_API = "AWS::ApiGateway::RestApi"
METHOD = "AWS::ApiGateway::Method"
PATH = "AWS::ApiGateway::Resource"
REST_STAGE = "AWS::ApiGateway::Stage"
DEPLOYMENT = "AWS::ApiGateway::Deployment"
USAGE_PLAN = "AWS::ApiGateway::UsagePlan"
HTTP_API = "AWS::ApiGatewayV2::Api"
ROUTE = "AWS::ApiGatewayV2::Route"
INTEGRATION = "AWS::ApiGatewayV2::Integration"
HTTP_STAGE = "AWS::ApiGatewayV2::Stage"
WEB_ACL_ASSOCIATION = "AWS::WAFv2::WebACLAssociation"
APIS = (REST_API, HTTP_API)
STAGES = (REST_STAGE, HTTP_STAGE, DEPLOYMENT)
ENTRANCES = (METHOD, ROUTE, FUNCTION_URL, HTTP_API, REST_API)

# Services behind an integration of the form arn:aws:apigateway:REGION:SERVICE:path/…
_RUNTIMES = (
    ":runtime.sagemaker:",
    ":runtime.lex:",
    ":runtime-v2-lex:",
    *(
        f":{client}:"
        for each in ai_services()
        for client in each.clients
        if client.endswith(("runtime", "query"))
    ),
    *(f":{each.prefix}:" for each in ai_services() if not each.clients),
)
_LAMBDA = ":lambda:path/"
# Health checks of load balancers and monitors; they invoke no model.
_HEALTH = lazy(
    r"(?i)(?:GET|HEAD) \S*/(?:health(?:z|[-_]?checks?)?|ping|ready(?:z)?|readiness|live(?:z|ness)?)/?$"
)


class Entrance(NamedTuple):
    """One way in.

    name:    what it is, for messages.
    at:      the property that states, or should state, who may come in.
    is_open: whether anyone may: no authorizer, API key or policy excludes the public.
    serves:  whether it leads to inference.
    behind:  the functions that it certainly leads to.
    """

    name: str
    at: View
    is_open: Answer
    serves: Answer
    behind: tuple[ResourceView, ...] = ()


def entrances(resource: ResourceView, graph: GraphView) -> list[Entrance]:
    """The ways in that a resource declares."""
    if resource.type == METHOD:
        return [_method(resource, graph)]
    if resource.type == ROUTE:
        return [_route(resource, graph)]
    if resource.type == FUNCTION_URL:
        return [_function_url(resource, graph)]
    if resource.type in APIS:
        from mlwa_lint.graph.queries.openapi import operations, unread

        found = [Entrance("any", resource["Body"], each, each) for each in unread(resource)]
        found += [
            Entrance(
                str(each),
                each.security,
                each.is_open(has_usage_plan(resource, graph))
                & ~is_restricted(resource)
                & ~_checks(each.uri, resource, graph),
                leads_to_inference(each.uri, resource, graph, each.is_proxy)
                | _leads_onward(each.integration, each.uri, each.integration["integrationSubtype"], graph),
                tuple(_functions(each.uri, resource, graph)),
            )
            for each in operations(resource)
            if _HEALTH.match(str(each)) is None
        ]
        return found + ([_quick_route(resource, graph)] if resource.type == HTTP_API else [])
    return []


def leads_to_tool(entrance: Entrance, graph: GraphView) -> bool:
    """Whether anyone certainly reaches a function by it that an agent or a gateway calls as a tool."""
    if not certainly(entrance.is_open):
        return False
    return any(_is_tool(function, graph) for function in entrance.behind)


def _is_tool(function: ResourceView, graph: GraphView) -> bool:
    """Whether an agent or a gateway calls a function, or Bedrock is permitted to."""
    for edge in graph.graph.edges_into(function.address):
        source = graph.resource(edge.source)
        if source.type == PERMISSION and source["Principal"].text == "bedrock.amazonaws.com":
            return True
        if source.type in CALLERS_OF_TOOLS:
            return True
    return False


def ways_in(api: ResourceView, graph: GraphView) -> list[Entrance]:
    """All ways into an API: its methods or routes, and the operations of its description.

    A WebSocket API has one: it can authorize on its $connect route alone.
    """
    parts = graph.sources(api, EdgeKind.REFERS_TO, METHOD, ROUTE)
    graph.leave_undecided(parts.unknown)
    if certainly(_is_socket(api)):
        return [_connection(api, list(parts), graph)]
    return [*entrances(api, graph), *(each for part in parts for each in entrances(part, graph))]


def _connection(api: ResourceView, routes: list[ResourceView], graph: GraphView) -> Entrance:
    connect = next((each for each in routes if each["RouteKey"].text == "$connect"), None)
    at = api if connect is None else connect["AuthorizationType"]
    serves = some(_route_serves(each, graph) for each in routes)
    checked = some(_route_checks(each, graph) for each in routes)
    return Entrance("$connect", at, _connects_freely(api, graph) & ~checked, serves)


def api_of(resource: ResourceView, graph: GraphView) -> Links:
    """The API that a method, a route, a stage or an integration belongs to."""
    key = "ApiId" if resource.type.startswith("AWS::ApiGatewayV2::") else "RestApiId"
    links = graph.targets(resource, EdgeKind.REFERS_TO, *APIS)
    related = tuple(each for each in links.related if each.edge.path[-1:] == (key,))
    unknown = () if related or certainly(resource[key].is_absent()) else ("its API is not declared here",)
    return Links(related, unknown)


@remembered
def serves_inference(api: ResourceView, graph: GraphView) -> Answer:
    """Whether an API leads to inference by one of its methods, routes or operations."""
    parts = graph.sources(api, EdgeKind.REFERS_TO, METHOD, ROUTE)
    own = [each.serves for each in entrances(api, graph)]
    return some(own) | parts.any(lambda part: some(each.serves for each in entrances(part, graph)))


# -- what is behind an API


def leads_to_inference(uri: View, holder: ResourceView, graph: GraphView, as_request: Answer = YES) -> Answer:
    """Whether an integration calls an inference service, or a function that may.

    as_request: whether a function gets the request as a proxy gets it, not the body that a caller chooses.
    """
    text = _literal(uri)
    if any(runtime in text for runtime in _RUNTIMES):
        return ~uri.is_absent()
    functions = _functions(uri, holder, graph)
    found = functions.any(
        lambda function: _serves(function, graph) & ~(fails_at_requests(function) & as_request)
    )
    named = functions.related or functions.unknown
    if not named and isinstance(uri.value, Unknown) and (not text or _LAMBDA in text):
        return undecided(why_unknown(uri.value))
    return found


def _serves(function: ResourceView, graph: GraphView) -> Answer:
    """Whether a function invokes a model, or hands what it gets on to what does."""
    return onward.hands_on(function, graph) | invokes_models(function, graph)


def _leads_onward(place: View, uri: View, subtype: View, graph: GraphView) -> Answer:
    """Whether an integration starts a state machine, or fills a queue, that has a model invoked."""
    text = _literal(uri) or subtype.text or ""
    return onward.taken_by(place.holder, place.path, text, graph)


def _functions(uri: View, holder: ResourceView, graph: GraphView) -> Links:
    """The functions that a property of a resource invokes, by themselves or by an alias."""
    direct = graph.targets_at(holder, EdgeKind.INVOKES, uri, FUNCTION)
    related = [*direct.related]
    unknown = [*direct.unknown] if not related else []
    for each in graph.targets_at(holder, EdgeKind.REFERS_TO, uri, *FUNCTION_ALIASES).related:
        behind = graph.targets(each.resource, EdgeKind.INVOKES, FUNCTION)
        related += behind.related
        unknown += behind.unknown
    return Links(tuple(related), tuple(unknown))


def _literal(view: View) -> str:
    """The literal pieces of a text."""
    value = view.value
    if isinstance(value, Unknown):
        return "".join(part if isinstance(part, str) else "?" for part in value.parts)
    return known_text(value) or ""


# -- ways in


def _method(method: ResourceView, graph: GraphView) -> Entrance:
    kind, uri = method["AuthorizationType"], method["Integration.Uri"]
    api = api_of(method, graph)
    exempt = [
        method["HttpMethod"].equals("OPTIONS"),
        _is_health_check(method, graph),
        method["ApiKeyRequired"].is_true(),
        api.any(is_restricted),
        _checks(uri, method, graph),
    ]
    proxied = method["Integration.Type"].equals("AWS_PROXY")
    serves = leads_to_inference(uri, method, graph, proxied)
    serves |= _leads_onward(method["Integration"], uri, method["Integration.IntegrationSubtype"], graph)
    behind = tuple(_functions(uri, method, graph))
    return Entrance(str(method), kind, _is_unset(kind) & ~some(exempt), serves, behind)


def _is_health_check(method: ResourceView, graph: GraphView) -> Answer:
    """Whether a method of a REST API is a health check, which invokes no model."""
    paths = (each["PathPart"].text or "" for each in graph.targets(method, EdgeKind.REFERS_TO, PATH))
    verb = method["HttpMethod"].text or ""
    return answer(any(_HEALTH.match(f"{verb} /{path}") is not None for path in paths))


def _route(route: ResourceView, graph: GraphView) -> Entrance:
    kind = route["AuthorizationType"]
    api = api_of(route, graph)
    exempt = [
        route["RouteKey"].test(lambda text: text.startswith("OPTIONS ") or _HEALTH.match(text) is not None),
        api.any(lambda each: _is_socket(each) & ~_connects_freely(each, graph)),
        _route_checks(route, graph),
    ]
    name = route["RouteKey"].text or str(route)
    integrations = graph.targets(route, EdgeKind.REFERS_TO, INTEGRATION)
    behind = [each for by in integrations for each in _functions(by["IntegrationUri"], by, graph)]
    serves = _route_serves(route, graph)
    return Entrance(name, kind, _is_unset(kind) & ~some(exempt), serves, tuple(behind))


def _route_serves(route: ResourceView, graph: GraphView) -> Answer:
    integrations = graph.targets(route, EdgeKind.REFERS_TO, INTEGRATION)
    if not integrations.related and possibly(route["Target"].is_present()):
        return undecided("its integration is not declared here")
    return integrations.any(lambda each: _integration_serves(each, graph))


def _integration_serves(integration: ResourceView, graph: GraphView) -> Answer:
    uri, is_proxy = integration["IntegrationUri"], integration["IntegrationType"].equals("AWS_PROXY")
    parameters = integration["RequestParameters"]
    return leads_to_inference(uri, integration, graph, is_proxy) | _leads_onward(
        parameters, uri, integration["IntegrationSubtype"], graph
    )


def _route_checks(route: ResourceView, graph: GraphView) -> Answer:
    integrations = graph.targets(route, EdgeKind.REFERS_TO, INTEGRATION)
    return some(_checks(each["IntegrationUri"], each, graph) for each in integrations)


def _function_url(url: ResourceView, graph: GraphView) -> Entrance:
    kind = url["AuthType"]
    functions = _functions(url["TargetFunctionArn"], url, graph)
    restricted = some(_is_limited(function, graph) for function in functions)
    serves = functions.any(lambda function: _serves(function, graph) & ~fails_at_requests(function))
    checked = some(may_check_callers(function, graph) for function in functions)
    is_open = kind.equals("NONE") & ~restricted & ~checked
    return Entrance(str(url), kind, is_open, serves, tuple(functions))


def _checks(uri: View, holder: ResourceView, graph: GraphView) -> Answer:
    """Whether the functions behind an integration check their callers themselves: NO, or undecided."""
    return some(may_check_callers(function, graph) for function in _functions(uri, holder, graph))


def _quick_route(api: ResourceView, graph: GraphView) -> Entrance:
    """The route of an HTTP API that is created from a target alone; it never requires authorization."""
    target = api["Target"]
    return Entrance(
        "the default route",
        target,
        target.is_present() & ~_checks(target, api, graph),
        target.is_present() & leads_to_inference(target, api, graph),
        tuple(_functions(target, api, graph)),
    )


def _is_unset(kind: View) -> Answer:
    return kind.is_absent() | kind.equals("NONE")


def _is_socket(api: ResourceView) -> Answer:
    return api["ProtocolType"].equals("WEBSOCKET")


def _connects_freely(api: ResourceView, graph: GraphView) -> Answer:
    """Whether a WebSocket API lets anyone connect: its $connect route alone can require credentials."""
    routes = graph.sources(api, EdgeKind.REFERS_TO, ROUTE)
    return ~routes.any(
        lambda route: (
            route["RouteKey"].equals("$connect")
            & (~_is_unset(route["AuthorizationType"]) | route["ApiKeyRequired"].is_true())
        )
    )


# -- what excludes the public


@remembered
def has_usage_plan(api: ResourceView, graph: GraphView) -> Answer:
    """Whether a usage plan covers an API; without one no API key lets anyone in."""
    return graph.sources(api, EdgeKind.REFERS_TO, USAGE_PLAN).exist()


def is_restricted(api: ResourceView) -> Answer:
    """Whether a REST API's resource policy admits only some callers."""
    if api.type != REST_API:
        return NO
    policy = api["Policy"]
    stated = policies.statements(policy)
    is_open = stated.any(policies.Statement.open_to_anyone) & ~stated.any(_keeps_out)
    return policy.is_present() & ~is_open


def _keeps_out(statement: policies.Statement) -> Answer:
    """Whether a statement denies what does not come from a VPC, an address, an organisation."""
    keys = statement.condition_keys()
    return statement.denies() & some(
        statement.has_condition() for key in keys if key in policies.NARROWING_KEYS
    )


def _is_limited(function: ResourceView, graph: GraphView) -> Answer:
    """Whether every permission to call a function's URL names a specific principal."""
    permissions = [
        each
        for each in graph.sources(function, EdgeKind.INVOKES, PERMISSION)
        if possibly(each["Action"].test(lambda text: text.lower() in _URL_ACTIONS))
    ]
    if not permissions:
        return NO
    return ~some(_admits_everyone(each) for each in permissions)


_URL_ACTIONS = ("lambda:invokefunctionurl", "lambda:*")


def _admits_everyone(permission: ResourceView) -> Answer:
    narrowing = (permission[key].is_present() for key in ("PrincipalOrgID", "SourceArn", "SourceAccount"))
    return permission["Principal"].equals("*") & ~some(narrowing)
