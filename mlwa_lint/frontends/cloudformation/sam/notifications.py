"""What SAM writes into a bucket whose events start a function: the bucket's notifications."""

from collections.abc import Iterable, Iterator

from mlwa_lint.frontends.cloudformation.sam.nodes import (
    SamResource,
    attribute,
    listing,
    mapping,
    merged,
    referred,
    text,
)
from mlwa_lint.frontends.cloudformation.syntax.nodes import ListNode, MapNode, Node, TextNode

_BUCKET = "AWS::S3::Bucket"


def add_notifications(made: dict[str, tuple[TextNode, Node]], sources: Iterable[SamResource]) -> None:
    """Adds to the template's buckets the notifications that events of functions request."""
    for source in sources:
        for bucket, configuration in _wanted(source):
            entry = made.get(bucket)
            if entry is not None and isinstance(entry[1], MapNode):
                made[bucket] = (entry[0], _with(entry[1], configuration))


def _wanted(source: SamResource) -> Iterator[tuple[str, Node]]:
    """Buckets that start a function, by logical id, and what their properties gain."""
    for key, body in source.map("Events").entries:
        kind = body.get("Type") if isinstance(body, MapNode) else None
        inner = body.get("Properties") if isinstance(body, MapNode) else None
        if not (isinstance(kind, TextNode) and kind.text == "S3" and isinstance(inner, MapNode)):
            continue
        name = referred(inner.get("Bucket"))
        named = inner.get("Events")
        filters = inner.get("Filter")
        if not name or named is None:
            continue
        span = key.span
        common: dict[str, Node] = {"Function": attribute(source.name, "Arn", span)}
        if filters is not None:
            common["Filter"] = filters
        each = named.items if isinstance(named, ListNode) and not named.tag else (named,)
        configurations = listing((mapping({"Event": event, **common}, span) for event in each), span)
        notification = mapping({"LambdaConfigurations": configurations}, span)
        yield name, mapping({"NotificationConfiguration": notification}, span)


def _with(body: MapNode, properties: Node) -> MapNode:
    """A bucket with further properties."""
    kind = body.get("Type")
    if not isinstance(kind, TextNode) or kind.text != _BUCKET:
        return body
    own = body.get("Properties")
    if own is None:
        return body._replace(entries=(*body.entries, (text("Properties", properties.span), properties)))
    entries = tuple(
        (key, merged(properties, value) if key.text == "Properties" else value) for key, value in body.entries
    )
    return body._replace(entries=entries)
