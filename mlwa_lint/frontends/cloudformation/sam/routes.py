"""What SAM writes into an API whose events start functions: the operations of its description."""

from collections.abc import Iterable, Iterator

from mlwa_lint.frontends.cloudformation.sam.nodes import (
    SamResource,
    is_function,
    listing,
    mapping,
    reference,
    referred,
    substitution,
    text,
    unknown,
)
from mlwa_lint.frontends.cloudformation.syntax.nodes import MapNode, Node, TextNode
from mlwa_lint.model.spans import Span
from mlwa_lint.startup.records import NamedTuple

# For each type of event: the API that it belongs to by default, and the property that names another.
IMPLICIT = {"Api": ("ServerlessRestApi", "RestApiId"), "HttpApi": ("ServerlessHttpApi", "ApiId")}
_APIS = ("AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api")
_API_KEY = "api_key"


class _Route(NamedTuple):
    """An event of a function or a state machine that an API sends."""

    source: SamResource
    key: TextNode
    kind: str
    properties: MapNode

    @property
    def span(self) -> Span:
        return self.key.span

    def api(self) -> str:
        """The logical id of its API; empty where it is not known."""
        implicit, owner = IMPLICIT[self.kind]
        named = self.properties.get(owner)
        if named is None:
            return implicit
        return named.text if isinstance(named, TextNode) and not named.tag else referred(named)

    def place(self) -> tuple[str, str] | None:
        """The path and the method; None where they are not known."""
        path, method = self.properties.get("Path"), self.properties.get("Method")
        if path is None and method is None and self.kind == "HttpApi":
            return "/$default", "x-amazon-apigateway-any-method"
        if not isinstance(path, TextNode) or not isinstance(method, TextNode) or method.tag:
            return None
        name = method.text.lower()
        return path.text, "x-amazon-apigateway-any-method" if name == "any" else name


def add_routes(made: dict[str, tuple[TextNode, Node]], sources: Iterable[SamResource]) -> None:
    """Writes what events of functions request into the APIs that have no description of their own."""
    sources = list(sources)
    routes = [route for source in sources for route in _routes(source)]
    if any(not route.api() for route in routes):
        return  # It may belong to each of them.
    for source in sources:
        entry = made.get(source.name)
        own = source.get("DefinitionBody") or source.get("DefinitionUri")
        if entry is None or own is not None or not isinstance(entry[1], MapNode):
            continue
        kind = entry[1].get("Type")
        if not isinstance(kind, TextNode) or kind.text not in _APIS:
            continue
        description = _description(source, [route for route in routes if route.api() == source.name])
        if description is not None:
            made[source.name] = (entry[0], _with_body(entry[1], description))


def _routes(source: SamResource) -> Iterator[_Route]:
    for key, body in source.map("Events").entries:
        kind = body.get("Type") if isinstance(body, MapNode) else None
        inner = body.get("Properties") if isinstance(body, MapNode) else None
        if isinstance(kind, TextNode) and kind.text in IMPLICIT:
            properties = inner if isinstance(inner, MapNode) else MapNode((), "", key.span)
            yield _Route(source, key, kind.text, properties)


def _description(api: SamResource, routes: list[_Route]) -> Node | None:
    """An OpenAPI document with the operations; None where one of them is not known."""
    paths: dict[str, list[tuple[TextNode, Node]]] = {}
    for route in routes:
        place = route.place()
        if place is None:
            return None
        path, method = place
        paths.setdefault(path, []).append((text(method, route.span), _operation(api, route)))
    listed = {path: mapping(methods, methods[0][0].span) for path, methods in paths.items()}
    keyed = mapping({"type": text("apiKey", api.span)}, api.span)
    return mapping(
        {
            "paths": mapping(listed, api.span),
            "securityDefinitions": mapping({_API_KEY: keyed}, api.span),
        },
        api.span,
    )


def _operation(api: SamResource, route: _Route) -> Node:
    span = route.span
    integration: dict[str, Node] = {"httpMethod": text("POST", span), "uri": _uri(route)}
    if _starts_workflow(route):
        started = f'"stateMachineArn": "${{{route.source.name}}}"'
        request = f'{{"input": "$util.escapeJavaScript($input.json(\'$\'))", {started}}}'
        templates = mapping({"application/json": substitution(request, span)}, span)
        integration |= {"type": text("aws", span), "requestTemplates": templates}
    else:
        integration["type"] = text("aws_proxy", span)
    entries: list[tuple[TextNode, Node]] = [
        (text("x-amazon-apigateway-integration", span), mapping(integration, span))
    ]
    security = _security(api, route)
    if security is not None:
        entries.append((text("security", security.span), security))
    operation = mapping(entries, span)
    condition = route.source.body.get("Condition")
    if condition is None:
        return operation
    return mapping({"Fn::If": listing((condition, operation, reference("AWS::NoValue", span)), span)}, span)


def _starts_workflow(route: _Route) -> bool:
    kind = route.source.body.get("Type")
    return isinstance(kind, TextNode) and kind.text.endswith("::StateMachine")


def _uri(route: _Route) -> Node:
    start = "arn:${AWS::Partition}:apigateway:${AWS::Region}:"
    if _starts_workflow(route):
        return substitution(start + "states:action/StartExecution", route.span)
    function = f"lambda:path/2015-03-31/functions/${{{route.source.name}.Arn}}/invocations"
    return substitution(start + function, route.span)


def _security(api: SamResource, route: _Route) -> Node | None:
    """The authorization that an operation requires: its event's, or else its API's."""
    own, general = route.properties.get("Auth"), api.get("Auth")
    for auth in (own, general):
        if auth is not None and (not isinstance(auth, MapNode) or is_function(auth)):
            return unknown("the authorization that SAM makes", auth.span)
    authorizer = _chosen(own, "Authorizer") or _chosen(general, "DefaultAuthorizer")
    keyed = _chosen(own, "ApiKeyRequired") or _chosen(general, "ApiKeyRequired")
    for node in (authorizer, keyed):
        if node is not None and (not isinstance(node, TextNode) or node.tag):
            return unknown("the authorization that SAM makes", node.span)
    if isinstance(authorizer, TextNode) and authorizer.text != "NONE":
        return _requirement(authorizer.text, authorizer.span)
    if isinstance(keyed, TextNode) and keyed.text.lower() == "true":
        return _requirement(_API_KEY, keyed.span)
    return None if authorizer is None else listing((), authorizer.span)


def _chosen(auth: Node | None, name: str) -> Node | None:
    return auth.get(name) if isinstance(auth, MapNode) else None


def _requirement(name: str, span: Span) -> Node:
    return listing((mapping({name: listing((), span)}, span),), span)


def _with_body(body: MapNode, description: Node) -> MapNode:
    """An API with another description."""
    properties = body.get("Properties")
    assert isinstance(properties, MapNode)
    described = properties._replace(
        entries=tuple(
            (key, description if key.text == "Body" else value) for key, value in properties.entries
        )
    )
    return body._replace(
        entries=tuple((key, described if key.text == "Properties" else value) for key, value in body.entries)
    )
