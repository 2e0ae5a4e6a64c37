"""Hides the facts that a finding rests on: replaces them in the project by something unknown."""

from mlwa_lint.model.findings import Finding
from mlwa_lint.model.resources import Gap, Project, Resource
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import Choice, Entry, ListValue, MapValue, Scalar, Unknown, Value, known_text

REASON = "it was hidden"


def hidden(project: Project, finding: Finding) -> Project:
    """The project without knowledge of the places that a finding rests on: its own and related ones.

    A property there becomes unknown. Where the finding is about a whole resource, something is missing:
    then the resource may have further properties, and the project further resources.
    """
    resources = tuple(
        _hide(each, finding.span) if each.address == finding.address else each for each in project.resources
    )
    if resources == project.resources or finding.span == finding.resource_span:
        gap = Gap("a part of the project", finding.span)
        project = project._replace(gaps=(*project.gaps, gap))
    for place in finding.related:
        resources = tuple(_hide(each, place.span) for each in resources)
    return project._replace(resources=resources)


def narrowed(project: Project, finding: Finding) -> Project:
    """The project where each text and number that a finding is about is only known as one of a single one.

    So are what a lookup by Region gives, and a parameter with AllowedValues.
    """
    places = {finding.span, *(place.span for place in finding.related)}
    return project._replace(resources=tuple(_narrow_resource(each, places) for each in project.resources))


def _narrow_resource(resource: Resource, places: set[Span]) -> Resource:
    properties = _narrow(resource.properties, places, False)
    assert isinstance(properties, MapValue)
    return resource._replace(properties=properties)


def _narrow(value: Value, places: set[Span], within: bool) -> Value:
    if isinstance(value, MapValue):
        entries = {
            key: entry._replace(value=_narrow(entry.value, places, within or entry.key_span in places))
            for key, entry in value.entries.items()
        }
        return value._replace(entries=entries)
    if isinstance(value, ListValue):
        return value._replace(
            items=tuple(_narrow(item, places, within or item.span in places) for item in value.items)
        )
    if isinstance(value, Choice):
        yes, no = (_narrow(each, places, within) for each in (value.yes, value.no))
        return value._replace(yes=yes, no=no)
    text = known_text(value) if isinstance(value, Scalar) and within else None
    if text is None or "\n" in text:
        return value
    return Unknown(REASON, value.span or next(iter(places)), present=text != "", one_of=(text,))


def _hide(resource: Resource, span: Span) -> Resource:
    if span == resource.span:
        properties, attributes = resource.properties, resource.attributes
        unknown = Unknown(REASON, resource.span)
        return resource._replace(
            properties=properties._replace(rest=unknown), attributes=attributes._replace(rest=unknown)
        )
    replaced, others = _without(resource.properties, span), _without(resource.attributes, span)
    assert isinstance(replaced, MapValue)
    assert isinstance(others, MapValue)
    return resource._replace(properties=replaced, attributes=others)


def _without(value: Value, span: Span) -> Value:
    if isinstance(value, MapValue):
        entries = {
            key: entry._replace(
                value=_unknown(span) if entry.key_span == span else _without(entry.value, span)
            )
            for key, entry in value.entries.items()
        }
        return value if entries == value.entries else value._replace(entries=entries)
    if isinstance(value, ListValue):
        items = tuple(_unknown(span) if item.span == span else _without(item, span) for item in value.items)
        return value if items == value.items else value._replace(items=items)
    if isinstance(value, Choice):
        return value._replace(yes=_without(value.yes, span), no=_without(value.no, span))
    if isinstance(value, Scalar) and _holds(value.span, span):
        return _unknown(span)
    return value


def _holds(text: Span, span: Span) -> bool:
    """Whether a place is inside a text, which a rule reads as a document."""
    start, end = (text.line, text.column), (text.end_line, text.end_column)
    return text.path == span.path and start <= (span.line, span.column) < end


def _unknown(span: Span) -> Unknown:
    return Unknown(REASON, span)


__all__ = ["Entry", "hidden", "narrowed"]
