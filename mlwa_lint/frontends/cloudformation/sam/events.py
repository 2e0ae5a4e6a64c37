"""The events of SAM's functions and state machines: rules, schedules, mappings, permissions."""

from collections.abc import Callable

from mlwa_lint.frontends.cloudformation.sam.nodes import (
    PropertyNodes,
    Resources,
    SamResource,
    attribute,
    listing,
    mapping,
    plain,
    put,
    reference,
    resource,
    substitution,
    text,
)
from mlwa_lint.frontends.cloudformation.syntax.nodes import MapNode, Node, TextNode

# Events that the function polls: the property that names the source.
_POLLED = {
    "DocumentDB": "Cluster",
    "DynamoDB": "Stream",
    "Kinesis": "Stream",
    "MQ": "Broker",
    "MSK": "Stream",
    "SQS": "Queue",
    "SelfManagedKafka": "",
}
_SCHEDULED = {"Schedule": "ScheduleExpression", "CloudWatchEvent": "", "EventBridgeRule": ""}
_PRINCIPALS = {
    "AlexaSkill": "alexa-appkit.amazon.com",
    "Api": "apigateway.amazonaws.com",
    "CloudWatchEvent": "events.amazonaws.com",
    "CloudWatchLogs": "logs.amazonaws.com",
    "Cognito": "cognito-idp.amazonaws.com",
    "EventBridgeRule": "events.amazonaws.com",
    "HttpApi": "apigateway.amazonaws.com",
    "IoTRule": "iot.amazonaws.com",
    "S3": "s3.amazonaws.com",
    "SNS": "sns.amazonaws.com",
    "Schedule": "events.amazonaws.com",
}
# What SAM narrows a permission to, where it makes an ARN for that. The API, the rule and the log group are
# those of the event; it only matters here that they belong to a caller in this account.
_ORIGINS = {
    "Api": "execute-api:${AWS::Region}:${AWS::AccountId}:*/*",
    "CloudWatchLogs": "logs:${AWS::Region}:${AWS::AccountId}:log-group:*",
    "Cognito": "cognito-idp:${AWS::Region}:${AWS::AccountId}:userpool/*",
    "HttpApi": "execute-api:${AWS::Region}:${AWS::AccountId}:*/*",
    "IoTRule": "iot:${AWS::Region}:${AWS::AccountId}:rule/*",
}
_FOR_MAPPINGS = frozenset(
    {
        "BatchSize",
        "BisectBatchOnFunctionError",
        "DestinationConfig",
        "Enabled",
        "FilterCriteria",
        "FunctionResponseTypes",
        "KmsKeyArn",
        "MaximumBatchingWindowInSeconds",
        "MaximumRecordAgeInSeconds",
        "MaximumRetryAttempts",
        "MetricsConfig",
        "ParallelizationFactor",
        "ProvisionedPollerConfig",
        "Queues",
        "ScalingConfig",
        "SourceAccessConfigurations",
        "StartingPosition",
        "StartingPositionTimestamp",
        "Topics",
        "TumblingWindowInSeconds",
    }
)


def events(source: SamResource, note: Callable[[str], None], started: bool = False) -> Resources:
    """What the events of a function, or of a state machine that is `started` by them, become."""
    for key, body in source.map("Events").entries:
        kind = body.get("Type") if isinstance(body, MapNode) else None
        inner = body.get("Properties") if isinstance(body, MapNode) else None
        if not isinstance(kind, TextNode):
            continue
        properties = inner if isinstance(inner, MapNode) else MapNode((), "", key.span)
        yield from _event(source, _Event(key, kind.text, properties, started), note)


class _Event:
    """One event: its key, type and properties."""

    def __init__(self, key: TextNode, kind: str, properties: MapNode, started: bool) -> None:
        self.key = key
        self.kind = kind
        self.properties = properties
        self.started = started

    def carried(self, names: "frozenset[str] | tuple[str, ...]") -> PropertyNodes:
        return {key.text: (key, value) for key, value in self.properties.entries if key.text in names}


def _event(source: SamResource, event: _Event, note: Callable[[str], None]) -> Resources:
    name, span = f"{source.name}{event.key.text}", event.key.span
    if event.kind in _POLLED:
        wanted = _POLLED[event.kind]
        properties = event.carried(_FOR_MAPPINGS)
        put(properties, "FunctionName", event.key, reference(source.name, span))
        stream = event.properties.get(wanted)
        if stream is not None:
            put(properties, "EventSourceArn", event.key, stream)
        yield resource(source, name, "AWS::Lambda::EventSourceMapping", properties)
    elif event.kind in _SCHEDULED:
        yield resource(source, name, "AWS::Events::Rule", _rule(source, event))
        if not event.started:
            yield _permission(source, event, attribute(name, "Arn", span))
    elif event.kind == "ScheduleV2":
        yield resource(source, name, "AWS::Scheduler::Schedule", _schedule(source, event))
    elif event.kind == "SNS":
        topic = event.properties.get("Topic")
        properties = event.carried(("FilterPolicy", "FilterPolicyScope", "Region", "RedrivePolicy"))
        put(properties, "Protocol", event.key, text("lambda", span))
        put(properties, "Endpoint", event.key, attribute(source.name, "Arn", span))
        if topic is not None:
            put(properties, "TopicArn", event.key, topic)
        yield resource(source, name, "AWS::SNS::Subscription", properties)
        yield _permission(source, event, topic)
    elif event.kind == "CloudWatchLogs":
        properties = event.carried(("FilterPattern", "LogGroupName"))
        put(properties, "DestinationArn", event.key, attribute(source.name, "Arn", span))
        yield resource(source, name, "AWS::Logs::SubscriptionFilter", properties)
        yield _permission(source, event, None)
    elif event.kind in _PRINCIPALS and not event.started:
        # An API's routes and a bucket's notifications are written into the API and the bucket.
        yield _permission(source, event, None)
    elif event.kind not in ("Api", "HttpApi"):
        note(f"event {event.key.text} of type {event.kind}")


def _rule(source: SamResource, event: _Event) -> PropertyNodes:
    properties = event.carried(("Name", "Description", "State", "EventBusName"))
    for old, new in (
        ("Schedule", "ScheduleExpression"),
        ("Pattern", "EventPattern"),
        ("RuleName", "Name"),
    ):
        for key, value in event.properties.entries:
            if key.text == old:
                put(properties, new, key, value)
    enabled = event.properties.get("Enabled")
    if isinstance(enabled, TextNode) and isinstance(enabled.data, bool):
        put(properties, "State", event.key, text("ENABLED" if enabled.data else "DISABLED", enabled.span))
    put(properties, "Targets", event.key, listing((_target(source, event),), event.key.span))
    return properties


def _target(source: SamResource, event: _Event) -> Node:
    target = event.carried(("Input", "InputPath", "InputTransformer", "RetryPolicy", "DeadLetterConfig"))
    put(target, "Arn", event.key, _arn(source, event))
    if event.started:
        put(
            target,
            "RoleArn",
            event.key,
            attribute(f"{source.name}{event.key.text}Role", "Arn", event.key.span),
        )
    put(target, "Id", event.key, text(f"{source.name}LambdaTarget", event.key.span))
    return mapping(target.values(), event.key.span)


def _arn(source: SamResource, event: _Event) -> Node:
    span = event.key.span
    return reference(source.name, span) if event.started else attribute(source.name, "Arn", span)


def _schedule(source: SamResource, event: _Event) -> PropertyNodes:
    properties = event.carried(
        (
            "Description",
            "EndDate",
            "FlexibleTimeWindow",
            "GroupName",
            "KmsKeyArn",
            "Name",
            "ScheduleExpression",
            "ScheduleExpressionTimezone",
            "StartDate",
            "State",
        )
    )
    target = event.carried(("Input", "RetryPolicy", "DeadLetterConfig"))
    put(target, "Arn", event.key, _arn(source, event))
    role = event.properties.get("RoleArn")
    if role is not None:
        put(target, "RoleArn", event.key, role)
    put(properties, "Target", event.key, mapping(target.values(), event.key.span))
    return properties


def _permission(source: SamResource, event: _Event, origin: Node | None) -> tuple[TextNode, MapNode]:
    span = event.key.span
    properties = plain(
        {
            "Action": text("lambda:InvokeFunction", span),
            "FunctionName": reference(source.name, span),
            "Principal": text(_PRINCIPALS[event.kind], span),
        },
        span,
    )
    if event.kind == "S3":
        put(properties, "SourceAccount", event.key, reference("AWS::AccountId", span))
    elif origin is None and event.kind in _ORIGINS:
        origin = substitution(f"arn:${{AWS::Partition}}:{_ORIGINS[event.kind]}", span)
    if origin is not None:
        put(properties, "SourceArn", event.key, origin)
    name = f"{source.name}{event.key.text}Permission"
    return resource(source, name, "AWS::Lambda::Permission", properties)
