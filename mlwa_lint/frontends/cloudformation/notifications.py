"""Notifications that a custom resource sets, as the bucket's own property.

The CDK's `bucket.addEventNotification()` makes no property of the bucket but a
`Custom::S3BucketNotifications`, whose function requests the same of S3. So does the Serverless Framework for
events of a bucket that exists: a `Custom::S3` names a function, a bucket and what happens to its objects.
"""

from collections.abc import Iterable, Iterator, Mapping

from mlwa_lint.model.conditions import Guard
from mlwa_lint.model.resources import Resource
from mlwa_lint.model.spans import start_of
from mlwa_lint.model.values import (
    Absent,
    Choice,
    Entry,
    ListValue,
    MapValue,
    Reference,
    Scalar,
    Value,
    known_text,
)

CUSTOM = "Custom::S3BucketNotifications"
SERVERLESS = "Custom::S3"
_BUCKET = "AWS::S3::Bucket"
_FUNCTION = "AWS::Lambda::Function"
_PROPERTY = "NotificationConfiguration"
# As S3's API calls them: a list of configurations, and what one of them notifies -> CloudFormation's words.
_LISTS = {
    "LambdaFunctionConfigurations": ("LambdaFunctionArn", "LambdaConfigurations", "Function"),
    "QueueConfigurations": ("QueueArn", "QueueConfigurations", "Queue"),
    "TopicConfigurations": ("TopicArn", "TopicConfigurations", "Topic"),
}


def with_notifications(resources: Iterable[Resource]) -> tuple[Resource, ...]:
    """The resources, with the notifications that custom resources request stated by their buckets."""
    found = tuple(resources)
    wanted: dict[str, list[Resource]] = {}
    customs = [each for each in found if each.type in (CUSTOM, SERVERLESS)]
    if not customs:
        return found
    named = _by_name(found, _BUCKET, "BucketName")
    functions = _by_name(found, _FUNCTION, "FunctionName")
    for resource in customs:
        entry = resource.properties.entries.get("BucketName")
        address = _address(entry.value, named) if entry is not None else ""
        if address:
            custom = _of_serverless(resource, functions) if resource.type == SERVERLESS else resource
            wanted.setdefault(address, []).append(custom)
    return tuple(
        _notifying(each, wanted[each.address]) if each.type == _BUCKET and each.address in wanted else each
        for each in found
    )


def _by_name(resources: Iterable[Resource], kind: str, name: str) -> dict[str, str]:
    """The addresses of resources of a type by their known names; none where two have one name."""
    found: dict[str, str] = {}
    for each in resources:
        entry = each.properties.entries.get(name) if each.type == kind else None
        text = known_text(entry.value) if entry is not None else None
        if text:
            found[text] = "" if text in found else each.address
    return found


def _address(value: Value, named: Mapping[str, str]) -> str:
    """The resource that a value refers to, or that has the name that it is."""
    return value.address if isinstance(value, Reference) else named.get(known_text(value) or "", "")


def _of_serverless(custom: Resource, functions: Mapping[str, str]) -> Resource:
    """A resource of the Serverless Framework in the words of the CDK's, which are those of S3's API."""
    entries = custom.properties.entries
    name, configs = entries.get("FunctionName"), entries.get("BucketConfigs") or entries.get("BucketConfig")
    if name is None or configs is None:
        return custom
    function: Value = name.value
    address = _address(function, functions)
    if address:
        function = Reference(address, "Arn", name.value.span or name.key_span)
    listed = configs.value.items if isinstance(configs.value, ListValue) else (configs.value,)
    items = tuple(_of_api(each, Entry(name.key_span, function, "LambdaFunctionArn")) for each in listed)
    rest = configs.value.rest if isinstance(configs.value, ListValue) else None
    lambdas = Entry(
        configs.key_span, ListValue(items, configs.key_span, rest), "LambdaFunctionConfigurations"
    )
    requested = MapValue({"LambdaFunctionConfigurations": lambdas}, configs.key_span)
    stated = Entry(configs.key_span, requested, _PROPERTY)
    return custom._replace(properties=custom.properties._replace(entries={**entries, _PROPERTY: stated}))


def _of_api(config: Value, function: Entry) -> Value:
    """`{Event, Rules: [{Prefix}, {Suffix}]}` as one of the configurations of S3's API."""
    if not isinstance(config, MapValue):
        return config
    found = {"LambdaFunctionArn": function}
    event, rules = config.entries.get("Event"), config.entries.get("Rules")
    if event is not None:
        events = (
            event.value if isinstance(event.value, ListValue) else ListValue((event.value,), event.key_span)
        )
        found["Events"] = event._replace(value=events)
    if rules is not None and isinstance(rules.value, ListValue) and rules.value.items:
        pairs = [
            (key, entry)
            for each in rules.value.items
            if isinstance(each, MapValue)
            for key, entry in each.entries.items()
        ]
        named = tuple(
            MapValue(
                {"Name": Entry(entry.key_span, Scalar(key.lower(), entry.key_span)), "Value": entry},
                entry.key_span,
            )
            for key, entry in pairs
        )
        span = rules.key_span
        key = MapValue({"Rules": Entry(span, ListValue(named, span))}, span)
        found["Filter"] = Entry(span, MapValue({"S3Key": Entry(span, key)}, span))
    return config._replace(entries=found)


def _notifying(bucket: Resource, customs: Iterable[Resource]) -> Resource:
    own = bucket.properties.entries.get(_PROPERTY)
    given = own.value if own is not None else MapValue({}, bucket.span)
    if not isinstance(given, MapValue):
        return bucket
    entries = dict(given.entries)
    for custom in customs:
        guards = tuple(guard for guard in custom.guards if guard not in bucket.guards)
        requested = custom.properties.entries.get(_PROPERTY)
        if requested is None or not isinstance(requested.value, MapValue):
            continue
        for key, entry in requested.value.entries.items():
            if key == "EventBridgeConfiguration":
                on = _guarded(MapValue({}, entry.key_span), guards)
                entries[key] = entry._replace(value=on)
            elif key in _LISTS and isinstance(entry.value, ListValue):
                target, name, called = _LISTS[key]
                items = [
                    _guarded(item, guards)
                    for configuration in entry.value.items
                    for item in _configurations(configuration, target, called)
                ]
                before = entries.get(name)
                known = before.value.items if before and isinstance(before.value, ListValue) else ()
                joined = ListValue((*known, *items), entry.key_span, entry.value.rest)
                entries[name] = Entry(entry.key_span, joined, name)
    stated = Entry(own.key_span if own else bucket.span, given._replace(entries=entries), _PROPERTY)
    properties = {**bucket.properties.entries, _PROPERTY: stated}
    return bucket._replace(properties=bucket.properties._replace(entries=properties))


def _configurations(configuration: Value, target: str, called: str) -> Iterator[Value]:
    """One configuration for every event that one of S3's lists."""
    if not isinstance(configuration, MapValue):
        yield configuration
        return
    entries = configuration.entries
    kept: Mapping[str, Entry] = {
        {target: called}.get(key, key): entry for key, entry in entries.items() if key not in ("Events", "Id")
    }
    events = entries.get("Events")
    listed = events.value.items if events is not None and isinstance(events.value, ListValue) else ()
    for event in listed:
        own = Entry(event.span or configuration.span, event, "Event")
        yield configuration._replace(entries={"Event": own, **kept})


def _guarded(value: Value, guards: tuple[Guard, ...]) -> Value:
    for guard in reversed(guards):
        span = value.span or start_of("")
        yes, no = (value, Absent(span)) if guard.holds else (Absent(span), value)
        value = Choice(guard.condition, yes, no, span)
    return value
