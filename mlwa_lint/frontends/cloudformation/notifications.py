"""Notifications that the CDK sets by a custom resource, as the bucket's own property.

`bucket.addEventNotification()` makes no property of the bucket but a `Custom::S3BucketNotifications`, whose
function requests the same of S3.
"""

from collections.abc import Iterable, Iterator, Mapping

from mlwa_lint.model.conditions import Guard
from mlwa_lint.model.resources import Resource
from mlwa_lint.model.spans import start_of
from mlwa_lint.model.values import Absent, Choice, Entry, ListValue, MapValue, Reference, Value

CUSTOM = "Custom::S3BucketNotifications"
_BUCKET = "AWS::S3::Bucket"
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
    for resource in found:
        entry = resource.properties.entries.get("BucketName") if resource.type == CUSTOM else None
        if entry is not None and isinstance(entry.value, Reference):
            wanted.setdefault(entry.value.address, []).append(resource)
    if not wanted:
        return found
    return tuple(
        _notifying(each, wanted[each.address]) if each.type == _BUCKET and each.address in wanted else each
        for each in found
    )


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
