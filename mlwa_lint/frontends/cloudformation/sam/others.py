"""What SAM's other resources become: APIs, state machines, tables, layers, applications."""

from collections.abc import Callable

from mlwa_lint.frontends.cloudformation.sam.events import events
from mlwa_lint.frontends.cloudformation.sam.functions import location
from mlwa_lint.frontends.cloudformation.sam.nodes import (
    PropertyNodes,
    Resources,
    SamResource,
    attribute,
    is_function,
    listing,
    mapping,
    plain,
    put,
    put_tags,
    reference,
    resource,
    text,
    unknown,
)
from mlwa_lint.frontends.cloudformation.sam.roles import role
from mlwa_lint.frontends.cloudformation.syntax.nodes import MapNode, Node, TextNode
from mlwa_lint.frontends.cloudformation.syntax.reader import PACKAGED_TAG
from mlwa_lint.model.resources import CODE_PATH, MACHINE_OF_SAM
from mlwa_lint.model.spans import Span

Note = Callable[[str], None]


def state_machine(source: SamResource, note: Note) -> Resources:
    """A state machine and its role."""
    name, span = source.name, source.span
    properties = source.carried(
        "Definition",
        "DefinitionSubstitutions",
        StateMachineName="Name",
        StateMachineType="Type",
        LoggingConfiguration="Logging",
        TracingConfiguration="Tracing",
        RoleArn="Role",
    )
    place = source.get("DefinitionUri")
    if place is not None:
        found = location(place, "Bucket", "Key", "Version")
        put(properties, "DefinitionS3Location", source.key_of("DefinitionUri"), found)
    put_tags(properties, source, MACHINE_OF_SAM)
    if source.get("Role") is None:
        put(properties, "RoleArn", source.key, attribute(f"{name}Role", "Arn", span))
        yield role(source, "states.amazonaws.com", (), MACHINE_OF_SAM)
    yield resource(source, name, "AWS::StepFunctions::StateMachine", properties, main=True)
    for key, body in events(source, note, started=True):
        yield key, body
        if isinstance(kind := body.get("Type"), TextNode) and kind.text == "AWS::Events::Rule":
            yield role(
                source._replace(properties=_starting(name, span)),
                "events.amazonaws.com",
                (),
                name=f"{key.text}Role",
            )


def _starting(name: str, span: Span) -> MapNode:
    """The policy of the role with which a rule starts a state machine."""
    statement: dict[str, Node] = {
        "Effect": text("Allow", span),
        "Action": text("states:StartExecution", span),
        "Resource": reference(name, span),
    }
    policy = mapping({"Statement": listing((mapping(statement, span),), span)}, span)
    return mapping({"Policies": listing((policy,), span)}, span)


def table(source: SamResource, note: Note) -> Resources:
    """A DynamoDB table with one key."""
    span = source.span
    properties = source.carried(
        "TableName", "SSESpecification", "PointInTimeRecoverySpecification", "ProvisionedThroughput"
    )
    primary = source.map("PrimaryKey")
    key_name = primary.get("Name") or text("id", span)
    kind = primary.get("Type")
    letter = {"String": "S", "Number": "N", "Binary": "B"}.get(
        kind.text if isinstance(kind, TextNode) else "String"
    )
    key = source.key_of("PrimaryKey")
    definition = {"AttributeName": key_name, "AttributeType": text(letter or "S", key.span)}
    schema = {"AttributeName": key_name, "KeyType": text("HASH", key.span)}
    put(properties, "AttributeDefinitions", key, listing((mapping(definition, key.span),), key.span))
    put(properties, "KeySchema", key, listing((mapping(schema, key.span),), key.span))
    if "ProvisionedThroughput" not in properties:
        put(properties, "BillingMode", source.key, text("PAY_PER_REQUEST", span))
    put_tags(properties, source)
    yield resource(source, source.name, "AWS::DynamoDB::Table", properties, main=True)


def layer(source: SamResource, note: Note) -> Resources:
    """A layer's version."""
    properties = source.carried(
        "CompatibleArchitectures", "CompatibleRuntimes", "Description", "LayerName", "LicenseInfo"
    )
    place = source.get("ContentUri")
    is_path = isinstance(place, TextNode) and not place.tag and not place.text.startswith("s3://")
    content: Node | None = TextNode("", "", PACKAGED_TAG, source.span) if place is None or is_path else None
    if content is None and place is not None:
        content = location(place, "S3Bucket", "S3Key", "S3ObjectVersion")
    put(
        properties,
        "Content",
        source.key_of("ContentUri"),
        content or TextNode("", "", PACKAGED_TAG, source.span),
    )
    name, body = resource(source, source.name, "AWS::Lambda::LayerVersion", properties, main=True)
    if isinstance(place, TextNode) and is_path:
        key = text(CODE_PATH, source.key_of("ContentUri").span)
        body = body._replace(entries=(*body.entries, (key, place)))
    yield name, body


def application(source: SamResource, note: Note) -> Resources:
    """An application is a nested stack."""
    properties = source.carried("Parameters", "NotificationARNs", "TimeoutInMinutes", TemplateURL="Location")
    place = source.get("Location")
    if isinstance(place, MapNode) and not is_function(place):
        found = unknown("an application of the Serverless Application Repository", place.span)
        put(properties, "TemplateURL", source.key_of("Location"), found)
    yield resource(source, source.name, "AWS::CloudFormation::Stack", properties, main=True)


def rest_api(source: SamResource, note: Note) -> Resources:
    """A REST API, its deployment and its stage."""
    name, span = source.name, source.span
    properties = source.carried(
        "ApiKeySourceType",
        "BinaryMediaTypes",
        "Description",
        "DisableExecuteApiEndpoint",
        "FailOnWarnings",
        "MinimumCompressionSize",
        "Mode",
        "Name",
        "Policy",
        Body="DefinitionBody",
    )
    _put_body(properties, source)
    endpoint = source.get("EndpointConfiguration")
    if endpoint is not None:
        put(properties, "EndpointConfiguration", source.key_of("EndpointConfiguration"), _endpoint(endpoint))
    restricted = source.map("Auth").get("ResourcePolicy")
    if restricted is not None and "Policy" not in properties:
        found = unknown("the resource policy that SAM makes", restricted.span)
        put(properties, "Policy", source.key_of("Auth"), found)
    yield resource(source, name, "AWS::ApiGateway::RestApi", properties, main=True)
    deployment = f"{name}Deployment"
    api = plain({"RestApiId": reference(name, span)}, span)
    yield resource(source, deployment, "AWS::ApiGateway::Deployment", api)
    stage = source.carried(
        "AccessLogSetting",
        "CacheClusterEnabled",
        "CacheClusterSize",
        "MethodSettings",
        "StageName",
        "TracingEnabled",
        "Variables",
    )
    put(stage, "RestApiId", source.key, reference(name, span))
    put(stage, "DeploymentId", source.key, reference(deployment, span))
    stage_name = f"{name}{_stage_name(source)}Stage"
    yield resource(source, stage_name, "AWS::ApiGateway::Stage", stage)
    yield from _usage_plan(source, stage_name)


def _usage_plan(source: SamResource, stage: str) -> Resources:
    """The usage plan of an API, which SAM makes on request."""
    node = source.map("Auth").get("UsagePlan")
    if not isinstance(node, MapNode) or is_function(node):
        return
    wanted = node.get("CreateUsagePlan")
    if isinstance(wanted, TextNode) and wanted.text == "NONE":
        return
    kept = ("Description", "Quota", "Throttle", "UsagePlanName")
    properties = {key.text: (key, value) for key, value in node.entries if key.text in kept}
    covered = {"ApiId": reference(source.name, node.span), "Stage": reference(stage, node.span)}
    key = source.key_of("Auth")
    put(properties, "ApiStages", key, listing((mapping(covered, node.span),), node.span))
    yield resource(source, f"{source.name}UsagePlan", "AWS::ApiGateway::UsagePlan", properties)


def http_api(source: SamResource, note: Note) -> Resources:
    """An HTTP API and its stage."""
    name, span = source.name, source.span
    properties = source.carried(
        "CorsConfiguration",
        "Description",
        "DisableExecuteApiEndpoint",
        "FailOnWarnings",
        "Name",
        Body="DefinitionBody",
    )
    _put_body(properties, source)
    yield resource(source, name, "AWS::ApiGatewayV2::Api", properties, main=True)
    stage = source.carried(
        "DefaultRouteSettings",
        "RouteSettings",
        "StageName",
        "StageVariables",
        "AccessLogSettings",
    )
    if "StageName" not in stage:
        put(stage, "StageName", source.key, text("$default", span))
    put(stage, "ApiId", source.key, reference(name, span))
    put(stage, "AutoDeploy", source.key, text(True, span))
    suffix = _stage_name(source) or "ApiGatewayDefault"
    yield resource(source, f"{name}{suffix}Stage", "AWS::ApiGatewayV2::Stage", stage)


def _put_body(properties: PropertyNodes, source: SamResource) -> None:
    """The description of an API: its body, where that is stored, or what SAM makes of the events."""
    place = source.get("DefinitionUri")
    if place is not None:
        put(
            properties,
            "BodyS3Location",
            source.key_of("DefinitionUri"),
            location(place, "Bucket", "Key", "Version"),
        )
    elif "Body" not in properties:
        put(properties, "Body", source.key, _routes(source.span))


def _routes(span: Span) -> Node:
    return unknown("the API description that SAM makes of its events", span)


def _endpoint(node: Node) -> Node:
    """SAM's endpoint configuration names one type, the resource's a list."""
    if isinstance(node, TextNode):
        return mapping({"Types": listing((node,), node.span)}, node.span)
    if not isinstance(node, MapNode) or is_function(node):
        return node
    entries: list[tuple[TextNode, Node]] = []
    for key, value in node.entries:
        if key.text == "Type":
            entries.append((text("Types", key.span), listing((value,), value.span)))
        elif key.text == "VPCEndpointIds":
            entries.append((text("VpcEndpointIds", key.span), value))
        else:
            entries.append((key, value))
    return mapping(entries, node.span)


def _stage_name(source: SamResource) -> str:
    stage = source.get("StageName")
    known = isinstance(stage, TextNode) and not stage.tag
    return "".join(filter(str.isalnum, stage.text)) if known and isinstance(stage, TextNode) else ""
