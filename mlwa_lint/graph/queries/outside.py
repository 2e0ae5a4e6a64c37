"""What may be about another stack: alarms, scaling, what starts its workflows, settings of the account."""

from collections.abc import Iterator

from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.graph import ResourceGraph
from mlwa_lint.graph.kinds import (
    ALARM,
    BUCKET,
    DELIVERY_SOURCE,
    ENDPOINT,
    REPOSITORY,
    ROLE,
    SCALABLE_TARGET,
    WORKFLOW_TYPES,
)
from mlwa_lint.graph.linking.naming import GAP, NAME_PROPERTIES, outline
from mlwa_lint.graph.views import ResourceView
from mlwa_lint.graph.worlds import World
from mlwa_lint.model.answers import possibly
from mlwa_lint.model.findings import AccountSetting
from mlwa_lint.model.report import DECLARES, DELIVERS, KEEPS_SEVERAL, PLACED, Outside
from mlwa_lint.model.resources import Resource
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import Absent, Scalar, Unknown, Value, known_text

# What has the relation, and the property that names the service of its endpoint.
_RELATIONS = {
    (EdgeKind.MONITORS, ALARM): "Namespace",
    (EdgeKind.SCALES, SCALABLE_TARGET): "ServiceNamespace",
}
# What programs create as well, often only where it is missing, and how a finding calls it.
_NOUNS = {BUCKET: "bucket", REPOSITORY: "repository", ROLE: "role"}
_TRUST = "AssumeRolePolicyDocument"
LOGGING = "aws_bedrock_model_invocation_logging_configuration"
# How ARNs call what delivers its logs or traces.
_DELIVERED = ("gateway", "knowledge-base", "memory", "runtime")
_MODULE = "module."
_BEDROCK = "AWS/Bedrock"
# The least that names which differ from run to run begin with, where programs make one endpoint.
_LEAST_BEGUN = 8
_STARTS = (EdgeKind.TRIGGERS, EdgeKind.INVOKES)


def outside(graph: ResourceGraph) -> Iterator[Outside]:
    """Alarms, scalable targets and starters of what is named or built elsewhere."""
    for end in graph.open_ends:
        source = graph.by_address[end.source]
        service = _RELATIONS.get((end.kind, source.type))
        kind = end.kind
        if end.target_type in WORKFLOW_TYPES and kind in _STARTS and source.type not in WORKFLOW_TYPES:
            kind = EdgeKind.TRIGGERS
        elif end.target_type != ENDPOINT or not service or not _may_be_of_sagemaker(source, service):
            continue
        pieces = tuple(end.form.split(GAP)) if end.form else ()
        yield Outside(kind.value, end.name, source.address, source.span, graph.project.root, pieces)
        if source.type == SCALABLE_TARGET and _may_keep_several(source):
            yield Outside(KEEPS_SEVERAL, end.name, source.address, source.span, graph.project.root)
    yield from _account_settings(graph)
    yield from _on_modules(graph)
    yield from _declarations(graph)
    yield from _deliveries(graph)
    if SCALABLE_TARGET not in graph.by_type:
        return
    from mlwa_lint.graph.queries import scaling

    for policy, name in scaling.names_outside(graph):
        yield Outside(EdgeKind.SCALES.value, name, policy.address, policy.span, graph.project.root)


def _on_modules(graph: ResourceGraph) -> Iterator[Outside]:
    """Alarms and scalable targets of endpoints in modules that are called: the module alone lacks them."""
    for endpoint in graph.by_type.get(ENDPOINT, ()):
        if not endpoint.address.startswith(_MODULE):
            continue
        for edge in graph.edges_into(endpoint.address):
            source = graph.by_address[edge.source]
            if (edge.kind, source.type) in _RELATIONS and source.span.path != endpoint.span.path:
                place = place_of(endpoint)
                yield Outside(edge.kind.value, place, source.address, source.span, graph.project.root)


def place_of(endpoint: Resource) -> str:
    """The placeholder of a module's endpoint, whatever its callers name it; no real name contains it."""
    return f"{PLACED}{endpoint.span.path}:{endpoint.span.line}"


def _account_settings(graph: ResourceGraph) -> Iterator[Outside]:
    """What a project configures for the account that it is deployed to."""
    found = [(each, AccountSetting.BEDROCK_LOGGING) for each in graph.by_type.get(LOGGING, ())]
    watching = [each for each in graph.by_type.get(ALARM, ()) if _BEDROCK in str(each.properties)]
    if watching:
        from mlwa_lint.graph.queries.alarms import may_watch_bedrock

        world = World(graph.scenarios, {})
        views = (each for each in watching if possibly(may_watch_bedrock(ResourceView(each, world))))
        found += [(each, AccountSetting.BEDROCK_ALARM) for each in views]
    for each, setting in found:
        yield Outside(setting.value, "", each.address, each.span, graph.project.root)


def _deliveries(graph: ResourceGraph) -> Iterator[Outside]:
    """Log delivery sources about resources that are not declared beside them, by the kind in their ARNs."""
    for source in graph.by_type.get(DELIVERY_SOURCE, ()):
        entry = source.properties.entries.get("ResourceArn")
        text = "" if entry is None else outline(entry.value)
        for kind in _DELIVERED if GAP in text else ():
            if f":{kind}/" in text:
                relation = f"{DELIVERS}{kind.replace('-', ' ')}"
                yield Outside(relation, "", source.address, source.span, graph.project.root)


def _declarations(graph: ResourceGraph) -> Iterator[Outside]:
    """What templates and Terraform declare by a known name: a program only creates it where it is missing."""
    for kind in _NOUNS:
        for resource in graph.by_type.get(kind, ()):
            name = _named(resource)
            if name and resource.vocabulary.language != "python":
                yield Outside(DECLARES, name, resource.address, resource.span, graph.project.root)


def declared_as(resource: Resource, path: tuple[str, ...], span: Span) -> tuple[str, ...]:
    """The name by which a template may declare what a program creates, where it would decide on a property.

    That is what the call that creates it leaves out or states, and nothing that the program adds or changes
    whoever has created it: the policies of a role.
    """
    if resource.vocabulary.language != "python" or resource.type not in _NOUNS:
        return ()
    by_call = {
        BUCKET: span == resource.span,
        REPOSITORY: True,
        ROLE: path[:1] == (_TRUST,),
    }
    name = _named(resource) if by_call[resource.type] else ""
    return (DECLARES, name) if name else ()


def _named(resource: Resource) -> str:
    """The noun and the known name of a resource, `role churn-training`; empty where it is not known."""
    entry = resource.properties.entries.get(NAME_PROPERTIES[resource.type])
    name = None if entry is None else known_text(entry.value)
    return f"{_NOUNS[resource.type]} {name}" if name else ""


def names_of(resource: Resource, graph: ResourceGraph) -> tuple[str, ...]:
    """The known names of a workflow, an endpoint, or the endpoints that a configuration serves.

    And where they are declared, in a module that waits for callers.
    """
    named = [resource] if resource.type in (ENDPOINT, *WORKFLOW_TYPES) else _served_by(resource, graph)
    names = (each.properties.entries.get(NAME_PROPERTIES[each.type]) for each in named)
    found = [known_text(entry.value) for entry in names if entry is not None]
    if graph.project.reusable:
        found += [place_of(each) for each in named if each.type == ENDPOINT]
    return tuple(dict.fromkeys(name for name in found if name))


def dated_names_of(resource: Resource, graph: ResourceGraph) -> tuple[str, ...]:
    """How the names of an endpoint, or of those that a configuration serves, begin, if each run has others.

    `ui-tars-endpoint-` for `f"ui-tars-endpoint-{int(time.time())}"`.
    """
    named = [resource] if resource.type == ENDPOINT else _served_by(resource, graph)
    names = (each.properties.entries.get(NAME_PROPERTIES[each.type]) for each in named)
    begun = dict.fromkeys(_beginning(entry.value) for entry in names if entry is not None)
    return tuple(each for each in begun if len(each) >= _LEAST_BEGUN and each[-1] in "-_")


def _beginning(name: Value) -> str:
    """The text that a name begins with which is not wholly known."""
    first = name.parts[0] if isinstance(name, Unknown) and name.parts else ""
    return first if isinstance(first, str) else ""


def _served_by(config: Resource, graph: ResourceGraph) -> list[Resource]:
    sources = (
        graph.by_address[edge.source] for edge in graph.edges_into(config.address, EdgeKind.CONFIGURES)
    )
    return [each for each in sources if each.type == ENDPOINT]


def _may_keep_several(target: Resource) -> bool:
    entry = target.properties.entries.get("MinCapacity")
    least = None if entry is None else entry.value
    if isinstance(least, Scalar):
        return str(least.data) not in ("0", "1")
    return least is not None and not isinstance(least, Absent)


def _may_be_of_sagemaker(source: Resource, key: str) -> bool:
    entry = source.properties.entries.get(key)
    text = known_text(entry.value) if entry is not None else None
    return text is None or "sagemaker" in text.lower()
