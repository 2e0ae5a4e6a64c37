"""From a defect to a finding: the remedy in the user's language, the construct, the change that fixes it."""

from mlwa_lint.engine.outcomes import Defect
from mlwa_lint.graph.changes import Change
from mlwa_lint.graph.graph import ResourceGraph
from mlwa_lint.graph.kinds import (
    AGENT,
    AGENTCORE_GATEWAY,
    AGENTCORE_MEMORY,
    AGENTCORE_RUNTIME,
    ENDPOINT,
    ENDPOINT_CONFIG,
    GUARDRAIL,
    KNOWLEDGE_BASE,
    ROLE,
)
from mlwa_lint.graph.queries.outside import dated_names_of, declared_as, names_of
from mlwa_lint.model.findings import AccountSetting, Finding, RelatedLocation
from mlwa_lint.model.intents import Intent
from mlwa_lint.model.resources import Project, Resource
from mlwa_lint.model.values import MapValue, Scalar, Value, known_text
from mlwa_lint.rule import Remedy, Rule

# Attributes that may name the construct behind a resource.
_BY_CDK = frozenset({"Construct", "Metadata"})
# What several programs, or several calls of one, may make under one name.
_SUBJECTS = (ENDPOINT, ENDPOINT_CONFIG)
# … and the property that is the name, of which an account has one in a Region.
_NAMED = {
    AGENT: "AgentName",
    AGENTCORE_GATEWAY: "Name",
    AGENTCORE_MEMORY: "Name",
    AGENTCORE_RUNTIME: "AgentRuntimeName",
    "AWS::BedrockAgentCore::BrowserCustom": "Name",
    "AWS::BedrockAgentCore::CodeInterpreterCustom": "Name",
    GUARDRAIL: "Name",
    KNOWLEDGE_BASE: "Name",
    ROLE: "RoleName",
}


def finding_of(rule: Rule, defect: Defect, project: Project, graph: ResourceGraph) -> Finding:
    """The finding of a rule for a defect. project: that of the graph, where reading it would be traced."""
    resource = graph.by_address[defect.address]
    construct = None
    remedy = _remedy(defect.remedy or rule.remedy, resource, defect.path)
    if not _BY_CDK.isdisjoint(resource.attributes.entries):
        from mlwa_lint.engine.constructs import construct_of, l1_property

        construct = construct_of(resource)
        if construct is not None and defect.path:
            remedy = f"{remedy.rstrip('.')}; in the CDK: {l1_property(resource.type, defect.path)}"
    return Finding(
        code=rule.code,
        name=rule.name,
        severity=defect.severity,
        pillar=rule.pillar,
        practices=rule.practices,
        message=defect.message,
        span=defect.span,
        address=defect.address,
        resource_type=resource.type,
        resource_span=resource.span,
        help=rule.help,
        related=tuple(RelatedLocation(span, text) for span, text in defect.related),
        condition=defect.condition,
        reason=rule.reason,
        remedy=remedy,
        property=".".join(defect.path),
        root=project.roots.get(defect.address, project.root),
        controls=rule.controls,
        construct=construct,
        lacking=_lacking(defect, resource, graph),
        fix=_intent(defect.change),
        lowered=defect.lowered,
        written=defect.written if rule.literal else None,
        subject=_subject(resource, graph),
        stated=_is_stated(resource, defect.path),
    )


def _remedy(remedy: Remedy, resource: Resource, at: tuple[str, ...]) -> str:
    language = resource.vocabulary.language
    if language != "python":
        return remedy.in_language(language)
    from mlwa_lint.engine.spelling import names_of as names_in_programs

    return remedy.in_language(language, names_in_programs(resource), at)


def _lacking(defect: Defect, resource: Resource, graph: ResourceGraph) -> tuple[str, ...]:
    kind = defect.lacking
    if kind is None:
        return declared_as(resource, defect.path, defect.span)
    if isinstance(kind, AccountSetting):
        return (kind.value,)
    return kind if isinstance(kind, str) else kind.value, *names_of(resource, graph)


def _intent(change: Change | None) -> Intent | None:
    if change is None:
        return None
    from mlwa_lint.engine.intents import intent_of

    return intent_of(change)


def _is_stated(resource: Resource, path: tuple[str, ...]) -> bool:
    """Whether a program gives a property a value that is no default."""
    if resource.vocabulary.language != "python":
        return False
    value: Value = resource.properties
    for name in path:
        entry = value.entries.get(name) if isinstance(value, MapValue) else None
        if entry is None:
            return False
        value = entry.value
    return isinstance(value, Scalar) and not value.assumed


def _subject(resource: Resource, graph: ResourceGraph) -> str:
    if resource.vocabulary.language != "python":
        return ""
    if resource.type in _NAMED:
        entry = resource.properties.entries.get(_NAMED[resource.type])
        return (known_text(entry.value) if entry is not None else None) or ""
    if resource.type not in _SUBJECTS:
        return ""
    names = names_of(resource, graph) or dated_names_of(resource, graph)
    return names[0] if len(names) == 1 else ""
