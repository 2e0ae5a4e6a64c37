"""Links resources: finds every mention of one resource in another and gives it its kind."""

import re
from collections.abc import Iterator

from mlwa_lint.graph import kinds
from mlwa_lint.graph.edges import Edge, EdgeKind, OpenEnd
from mlwa_lint.graph.graph import ResourceGraph
from mlwa_lint.graph.linking.naming import NAME_PROPERTIES, Mention, Segment, mention_in, segments
from mlwa_lint.graph.linking.returned import opened
from mlwa_lint.model.conditions import Guard
from mlwa_lint.model.resources import Gap, Project, Resource
from mlwa_lint.model.spans import Span, start_of
from mlwa_lint.model.values import (
    Absent,
    Entry,
    ListValue,
    MapValue,
    Reference,
    Scalar,
    Unknown,
    Value,
    alternatives,
    known_text,
    plain_text,
    references_in,
    returned,
)
from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple

_DEPTH_LIMIT = 60
_ALARM_NAMES = lazy(r"""ALARM\(\s*["']?([^"')]+)["']?\s*\)""")
# Dimensions that name what a metric is about: of hosting, of model monitoring, of inference components.
_DIMENSIONS = {
    "EndpointName": kinds.ENDPOINT,
    "Endpoint": kinds.ENDPOINT,
    "InferenceComponentName": kinds.INFERENCE_COMPONENT,
}


class _Leaf(NamedTuple):
    """A plain, unknown or referring value somewhere in a resource."""

    path: tuple[str, ...]
    span: Span
    value: Scalar | Unknown | Reference
    guards: tuple[Guard, ...]


def link(project: Project) -> ResourceGraph:
    """The graph of a project. References, matching names, ARNs and URIs become edges."""
    if project.partial:
        gap = Gap("a part of the sources that could not be read", start_of(project.root))
        project = project._replace(gaps=(*project.gaps, gap))
    return _Linker(opened(project)).link()


class _Linker:
    def __init__(self, project: Project) -> None:
        self._project = project
        self._folded: dict[str, str] = {}
        self._types: dict[str, str] = {}
        self._names: dict[tuple[str, str], str] = {}
        self._edges: list[Edge] = []
        self._open: list[OpenEnd] = []
        for resource in project.resources:
            self._types[resource.address] = resource.type
            for address in resource.folded:
                self._folded[address] = resource.address
            for name in _names_of(resource):
                self._names.setdefault((resource.type, name), resource.address)

    def link(self) -> ResourceGraph:
        for resource in self._project.resources:
            if resource.type == kinds.ALARM:
                self._link_alarm(resource)
            for leaf in _leaves(resource.properties, resource.span, resource.guards):
                self._link_leaf(resource, leaf)
            workflow = resource.attributes.entries.get("Workflow")
            if workflow is not None:
                self._link_workflow(resource, workflow)
            steps = resource.attributes.entries.get("Steps")
            if steps is not None:
                self._link_steps(resource, steps)
        return ResourceGraph(self._project, self._edges, self._open)

    def _address(self, address: str) -> str | None:
        """Where a reference leads: the resource itself, or the one that it was folded into."""
        if address in self._types:
            return address
        if address in self._folded:
            return self._folded[address]
        # `aws_x.y` where instances exist: a whole-resource mention of a counted resource.
        return None

    def _link_leaf(self, resource: Resource, leaf: _Leaf) -> None:
        if resource.type == kinds.ALARM and "Dimensions" in leaf.path:
            return
        detail: Value | None = None
        mention = mention_in(leaf.value)
        if mention is not None:
            detail = self._variant(mention)
            self._link_mention(resource, leaf, mention, detail)
        found = [reference for reference, _ in references_in(leaf.value)]
        for reference in found:
            self._link_reference(resource, leaf, reference, detail)
        if resource.type == kinds.COMPOSITE_ALARM and leaf.path[-1:] == ("AlarmRule",):
            self._link_alarm_rule(resource, leaf)
        if mention is None:
            if not found:
                self._link_name(resource, leaf)
            elif wanted := kinds.named_type(resource.type, leaf.path):
                self._link_returned(resource, leaf, wanted, leaf.value)

    def _variant(self, mention: Mention) -> Value | None:
        if mention.target_type != kinds.ENDPOINT or not mention.rest:
            return None
        segment = mention.rest[0]
        if segment.literal is not None and not isinstance(segment.value, Reference):
            span = segment.value.span
            return Scalar(segment.literal, span, segment.value.assumed) if span is not None else None
        return segment.value

    def _link_reference(
        self, resource: Resource, leaf: _Leaf, reference: Reference, detail: Value | None
    ) -> None:
        target = self._address(reference.address)
        if target is None or target == resource.address:
            return
        self._add(resource, target, leaf, detail)

    def _link_mention(self, resource: Resource, leaf: _Leaf, mention: Mention, detail: Value | None) -> None:
        if isinstance(mention.name.value, Reference):
            # The reference itself makes the edge.
            self._link_returned(resource, leaf, mention.target_type, mention.name.value)
            return
        self._link_segment(resource, leaf, mention.target_type, mention.name, detail)

    def _link_returned(self, resource: Resource, leaf: _Leaf, wanted: str, value: Value) -> None:
        """What a program returns may be the name of any resource."""
        for reference, _ in references_in(value):
            target = self._address(reference.address)
            if target is not None and kinds.returns(self._types[target]) and self._types[target] != wanted:
                self._leave_open(resource, leaf, wanted, returned(reference).reason)

    def _link_name(self, resource: Resource, leaf: _Leaf) -> None:
        wanted = kinds.named_type(resource.type, leaf.path)
        if wanted is None:
            return
        parts = segments(leaf.value)
        if len(parts) == 1:
            self._link_segment(resource, leaf, wanted, parts[0], None)
        elif leaf.path == ("ResourceId",) and parts[0].literal not in (None, "endpoint"):
            return  # a scalable target of another service: `table/orders`
        else:
            self._leave_open(resource, leaf, wanted, "it is not wholly known")

    def _link_segment(
        self, resource: Resource, leaf: _Leaf, wanted: str, name: Segment, detail: Value | None
    ) -> None:
        candidates = kinds.JOB_DEFINITIONS if wanted in kinds.JOB_DEFINITIONS else (wanted,)
        for candidate in candidates:
            target = self._names.get((candidate, name.identity)) if name.identity else None
            if target is not None:
                if target != resource.address:
                    self._add(resource, target, leaf, detail)
                return
        if name.literal is not None:
            self._leave_open(resource, leaf, wanted, f"{name.literal} is not declared here", outside=True)
        else:
            self._leave_open(resource, leaf, wanted, _why(name.value))

    def _leave_open(
        self, resource: Resource, leaf: _Leaf, wanted: str, reason: str, outside: bool = False
    ) -> None:
        kind = kinds.kind_of(resource.type, leaf.path, wanted)
        self._open.append(OpenEnd(resource.address, wanted, kind, reason, leaf.guards, leaf.path, outside))

    def _add(self, resource: Resource, target: str, leaf: _Leaf, detail: Value | None = None) -> None:
        kind = kinds.kind_of(resource.type, leaf.path, self._types[target])
        self._edges.append(Edge(resource.address, target, kind, leaf.guards, leaf.span, leaf.path, detail))

    # -- what needs a closer look

    def _link_alarm(self, alarm: Resource) -> None:
        """An alarm watches what its dimensions name, its own or those of a metric in its math."""
        for holder, guards in _dimension_lists(alarm.properties, alarm.guards):
            dimensions: dict[str, tuple[Value, Span]] = {}
            rest = holder.rest
            for item in holder.items:
                for option in alternatives(item):
                    if not isinstance(option.value, MapValue):
                        if isinstance(option.value, (Unknown, Reference)):
                            rest = Unknown(_why(option.value), option.value.span)
                        continue
                    name = known_text(_entry(option.value, "Name"))
                    if name is not None:
                        dimensions[name] = (_entry(option.value, "Value"), option.value.span)
            named = [name for name in _DIMENSIONS if name in dimensions]
            for name in named:
                self._link_dimension(alarm, name, dimensions, guards)
            if rest is not None and not named:
                self._leave_alarm_open(alarm, rest, guards)
        for query, guards in _queries(alarm):
            self._leave_alarm_open(alarm, query, guards)

    def _leave_alarm_open(self, alarm: Resource, value: Unknown, guards: tuple[Guard, ...]) -> None:
        for wanted in dict.fromkeys(_DIMENSIONS.values()):
            leaf = _Leaf(("Dimensions",), value.span, value, guards)
            self._leave_open(alarm, leaf, wanted, value.reason)

    def _link_dimension(
        self,
        alarm: Resource,
        name: str,
        dimensions: dict[str, tuple[Value, Span]],
        guards: tuple[Guard, ...],
    ) -> None:
        value, span = dimensions[name]
        variant = dimensions["VariantName"][0] if "VariantName" in dimensions else None
        for option in alternatives(value, guards):
            inner = option.value
            if not isinstance(inner, (Scalar, Unknown, Reference)):
                continue
            leaf = _Leaf(("Dimensions", "Value"), span, inner, option.guards)
            found = references_in(inner)
            for reference, _ in found:
                self._link_reference(alarm, leaf, reference, variant)
            self._link_returned(alarm, leaf, _DIMENSIONS[name], inner)
            if not found:
                self._link_segment(alarm, leaf, _DIMENSIONS[name], segments(inner)[0], variant)

    def _link_alarm_rule(self, composite: Resource, leaf: _Leaf) -> None:
        for name in _ALARM_NAMES.findall(_literal_part(leaf.value)):
            target = self._names.get((kinds.ALARM, f"={name}")) or self._names.get(
                (kinds.COMPOSITE_ALARM, f"={name}")
            )
            if target is not None and target != composite.address:
                self._add(composite, target, leaf)
        if isinstance(leaf.value, Unknown) and not _is_read(leaf.value):
            self._leave_open(composite, leaf, kinds.ALARM, leaf.value.reason)

    def _link_workflow(self, job: Resource, entry: Entry) -> None:
        for reference, guards in references_in(entry.value, job.guards):
            source = self._address(reference.address)
            if source is not None:
                self._edges.append(Edge(source, job.address, EdgeKind.RUNS, guards, job.span, ("Workflow",)))

    def _link_steps(self, workflow: Resource, entry: Entry) -> None:
        """A workflow invokes what its steps call without creating it: functions, Glue jobs, endpoints."""
        for option in alternatives(entry.value, workflow.guards):
            steps = option.value.items if isinstance(option.value, ListValue) else ()
            for step in (each for item in steps for each in alternatives(item, option.guards)):
                if not isinstance(step.value, MapValue) or "Target" not in step.value.entries:
                    continue
                target = step.value.entries["Target"]
                for reference, guards in references_in(target.value, step.guards):
                    address = self._address(reference.address)
                    if address is not None and address != workflow.address:
                        path = ("Steps", "Target")
                        kind = EdgeKind.INVOKES
                        self._edges.append(
                            Edge(workflow.address, address, kind, guards, target.key_span, path)
                        )


def _names_of(resource: Resource) -> Iterator[str]:
    """Identities of the segments by which others may call a resource."""
    key = NAME_PROPERTIES.get(resource.type, "Name")
    entry = resource.properties.entries.get(key)
    if entry is None:
        return
    for option in alternatives(entry.value):
        text = known_text(option.value)
        if text:
            yield f"={text}"
        elif isinstance(option.value, Unknown) and option.value.identity:
            yield option.value.identity


def _leaves(value: Value, span: Span, guards: tuple[Guard, ...]) -> Iterator[_Leaf]:
    yield from _walk(value, span, (), guards, 0)


def _walk(
    value: Value, span: Span, path: tuple[str, ...], guards: tuple[Guard, ...], depth: int
) -> Iterator[_Leaf]:
    if depth > _DEPTH_LIMIT:
        return
    for option in alternatives(value, guards):
        inner = option.value
        if isinstance(inner, (Scalar, Unknown, Reference)):
            yield _Leaf(path, span, inner, option.guards)
        elif isinstance(inner, MapValue):
            for key, entry in inner.entries.items():
                yield from _walk(entry.value, entry.key_span, (*path, key), option.guards, depth + 1)
        elif isinstance(inner, ListValue):
            for item in inner.items:
                yield from _walk(item, item.span or span, path, option.guards, depth + 1)


def _dimension_lists(
    value: Value, guards: tuple[Guard, ...], depth: int = 0
) -> Iterator[tuple[ListValue, tuple[Guard, ...]]]:
    """Every list of dimensions in an alarm; one that is not known counts as a list with unknown items."""
    if depth > _DEPTH_LIMIT:
        return
    for option in alternatives(value, guards):
        inner = option.value
        if isinstance(inner, ListValue):
            for item in inner.items:
                yield from _dimension_lists(item, option.guards, depth + 1)
        if not isinstance(inner, MapValue):
            continue
        for key, entry in inner.entries.items():
            if key != "Dimensions":
                yield from _dimension_lists(entry.value, option.guards, depth + 1)
                continue
            for held in alternatives(entry.value, option.guards):
                if isinstance(held.value, ListValue):
                    yield held.value, held.guards
                elif isinstance(held.value, (Unknown, Reference)):
                    rest = Unknown(_why(held.value), held.value.span)
                    yield ListValue((), held.value.span, rest), held.guards


def _queries(alarm: Resource) -> Iterator[tuple[Unknown, tuple[Guard, ...]]]:
    """Parts of an alarm that may name what it watches in a way that is not looked into."""
    properties = alarm.properties
    if properties.rest is not None:
        yield properties.rest, alarm.guards
    criteria = _entry(properties, "EvaluationCriteria")
    for option in alternatives(criteria, alarm.guards):
        if not isinstance(option.value, Absent):
            yield Unknown("its query may be about any endpoint", option.value.span), option.guards
    for option in alternatives(_entry(properties, "Metrics"), alarm.guards):
        if isinstance(option.value, (Unknown, Reference)):
            yield Unknown(_why(option.value), option.value.span), option.guards
        elif isinstance(option.value, ListValue):
            if option.value.rest is not None:
                yield option.value.rest, option.guards
            for item in option.value.items:
                yield from _metric_queries(item, option.guards)


def _metric_queries(item: Value, guards: tuple[Guard, ...]) -> Iterator[tuple[Unknown, tuple[Guard, ...]]]:
    for option in alternatives(item, guards):
        metric = option.value
        if isinstance(metric, (Unknown, Reference)):
            yield Unknown(_why(metric), metric.span), option.guards
        if not isinstance(metric, MapValue):
            continue
        for held in alternatives(_entry(metric, "Expression"), option.guards):
            text = known_text(held.value)
            # `SELECT AVG(ModelLatency) FROM SCHEMA("AWS/SageMaker", …)`: Metrics Insights.
            if text is not None and re.match(r"\s*select\b.*sagemaker", text, re.IGNORECASE | re.DOTALL):
                reason = "its Metrics Insights query may be about any endpoint"
                yield Unknown(reason, metric.span), held.guards


def _is_read(value: Unknown) -> bool:
    """Whether all pieces of a text are known or lead to resources."""
    return bool(value.parts) and not any(
        isinstance(part, Unknown) and known_text(part) is None and not _is_read(part) for part in value.parts
    )


def _entry(value: MapValue, key: str) -> Value:
    return value.entries[key].value if key in value.entries else Absent()


def _literal_part(value: Scalar | Unknown | Reference) -> str:
    if isinstance(value, Scalar):
        return plain_text(value.data)
    if isinstance(value, Unknown):
        return "".join(part for part in value.parts if isinstance(part, str))
    return value.known or ""


def _why(value: Value) -> str:
    if isinstance(value, Unknown):
        return value.reason
    if isinstance(value, Reference):
        return f"{value.address} is not declared here"
    return "it is not known"
