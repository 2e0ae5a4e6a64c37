"""Security of generative AI on Bedrock: guardrails, what they filter, and where they apply."""

import re
from collections.abc import Iterator
from functools import partial

from mlwa_lint.graph.kinds import AGENT, AGENT_ALIAS, FLOW, FUNCTION, GUARDRAIL, GUARDRAIL_VERSION
from mlwa_lint.graph.queries import bedrock, outsiders, programs, purposes, requests
from mlwa_lint.model.findings import Severity
from mlwa_lint.model.values import Reference
from mlwa_lint.rule import (
    NO,
    YES,
    Answer,
    Claim,
    Data,
    EdgeKind,
    GraphView,
    Remedy,
    ResourceView,
    View,
    answer,
    append_to,
    certainly,
    every,
    possibly,
    rule,
    set_to,
    some,
)

ENFORCED = "AWS::Bedrock::EnforcedGuardrailConfiguration"
# The filters for harmful content, beside the one for prompt attacks.
HARMFUL = ("HATE", "INSULTS", "SEXUAL", "VIOLENCE", "MISCONDUCT")
_VERSION_NAME = re.compile(r"guardrail.*version", re.IGNORECASE)
_GUARDRAIL_NAME = re.compile(r"guardrail_?(?:id|identifier|arn)$", re.IGNORECASE)
_SHOWN = "an example shows some of the filters"
_NOT_REACHED = "nothing shows that people from outside can make the agent act"
_WITHOUT_ACTIONS = "the agent has no action groups, so it cannot be made to act"
_NOT_INVOKED = "the agent has no action groups, and nothing of the project names it"
_FILTER_RISK = "filters cost, and block what was answered before"


@rule(
    "MLS601",
    "bedrock-agent-without-guardrail",
    "high",
    concern="production",
    practices=("MLSEC05-BP01",),
    on=(AGENT,),
    remedy=Remedy(
        "Set `GuardrailConfiguration: {GuardrailIdentifier: !GetAtt Guardrail.GuardrailId, "
        'GuardrailVersion: "1"}`.',
        "Add `guardrail_configuration` with `guardrail_identifier = "
        "aws_bedrock_guardrail.agent.guardrail_id` and a `guardrail_version`.",
    ),
    controls=("bedrock_agent_guardrail_enabled",),
)
def bedrock_agent_without_guardrail(agent: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A Bedrock agent has no guardrail.

    Its users, and every text that it reads, can then lead it to harmful responses, to disclose sensitive data
    and to misuse its tools, and nothing filters its requests and responses.

    The severity is high where anyone can make the agent act: a method, route or function URL without
    authorization (as MLS107 reports it) leads to a function that invokes the agent, and the agent has action
    groups that return control or run functions. It is medium elsewhere: where nothing shows that people
    from outside reach it, where it has no action groups, and where the functions of its action groups may
    only read, as their roles show.

    Exceptions: Not reported when an enforced guardrail configuration of the project
    (`AWS::Bedrock::EnforcedGuardrailConfiguration`) applies a guardrail to every invocation of the account.

    See [Implement safeguards for your application by associating a guardrail with your
    agent](https://docs.aws.amazon.com/bedrock/latest/userguide/agents-guardrail.html).
    """
    guardrail = agent["GuardrailConfiguration"]
    way = outsiders.way_to_agent(agent, graph)
    reached = f", although anyone can make it act by {way}" if way else ""
    message = f"{agent} has no guardrail{reached}: it sets no {guardrail}"
    unguarded = guardrail.is_absent() & ~graph.declared(ENFORCED).exist()
    acting = possibly(agent["ActionGroups"].any_item(_acts))
    milder = _NOT_REACHED if acting else _WITHOUT_ACTIONS
    severity: Severity | None = None
    if not way and not acting and _why_not_named(agent, (AGENT_ALIAS,), graph):
        severity, milder = "medium", _NOT_INVOKED
    yield Claim(unguarded, guardrail, message, severity, milder="" if way else milder)


def _acts(group: View) -> Answer:
    """Whether an action group does more than ask the user for input."""
    back = group["ParentActionGroupSignature"].equals("AMAZON.UserInput")
    return ~(back | group["ActionGroupState"].equals("DISABLED"))


_PURPOSE = "it filters no content at all, but checks something else, and no agent or flow uses it"
_NOT_NAMED = "no agent, flow or program of the project names it"
_OTHER_POLICIES = (
    "AutomatedReasoningPolicyConfig",
    "ContextualGroundingPolicyConfig",
    "SensitiveInformationPolicyConfig",
    "TopicPolicyConfig",
    "WordPolicyConfig",
)
_STRONGER = Remedy("Set `InputStrength: HIGH`.", 'Set `input_strength = "HIGH"`.')


@rule(
    "MLS602",
    "guardrail-without-prompt-attack-filter",
    "medium",
    concern="protection",
    practices=("MLSEC05-BP01",),
    on=(GUARDRAIL,),
    remedy=Remedy(
        "Add to `FiltersConfig`: `{Type: PROMPT_ATTACK, InputStrength: HIGH, OutputStrength: NONE}`.",
        'Add `filters_config` with `type = "PROMPT_ATTACK"`, `input_strength = "HIGH"` and '
        '`output_strength = "NONE"`.',
    ),
    controls=("bedrock_guardrail_prompt_attack_filter_enabled",),
)
def guardrail_without_prompt_attack_filter(guardrail: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A guardrail does not filter prompt attacks, or filters them with less than full strength.

    Jailbreaks and injected instructions bypass the other safeguards of a model; without this filter a
    guardrail passes them on to the model.

    The filter needs an input strength other than `NONE`; one that is switched off by `InputEnabled: false`
    does not count. With `LOW` or `MEDIUM` the severity is low. The output strength of this filter must be
    `NONE`, because attacks come with the input. The severity is low as well for a guardrail without any
    content filter that checks something else, such as topics or grounding, and that no agent or flow of the
    project uses; for one that none of the agents, flows and programs declared beside it names, or that
    nothing names in a repository where nothing shows that it is operated; and info in examples another
    guardrail of which filters prompt attacks: they show one kind of policy in each.

    See [Detect prompt attacks with Amazon Bedrock
    Guardrails](https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-prompt-attack.html).
    """
    filters = guardrail["ContentPolicyConfig.FiltersConfig"]
    stops = filters.any_item(_stops_prompt_attacks)
    message = f"{guardrail} does not filter prompt attacks: {filters} has no filter of type PROMPT_ATTACK"
    message += " with an input strength other than NONE"
    new: Data = {"Type": "PROMPT_ATTACK", "InputStrength": "HIGH", "OutputStrength": "NONE"}
    fix = append_to(filters, new, risk=_FILTER_RISK)
    one_of_several = purposes.is_shown(graph) and _another_stops_them(guardrail, graph)
    milder = "" if one_of_several else _why_for_another_purpose(guardrail, graph)
    milder = milder or ("" if one_of_several else _why_not_applied(guardrail, graph))
    yield Claim(~stops, filters, message, "info" if one_of_several else None, fix=fix, milder=milder)
    for each in filters.known_items():
        strength = each["InputStrength"]
        weak = _stops_prompt_attacks(each) & strength.one_of(("LOW", "MEDIUM"))
        message = f"{guardrail} filters prompt attacks with {strength} {strength.words}: it should be HIGH"
        fix = set_to(strength, "HIGH", risk=_FILTER_RISK)
        yield Claim(weak, strength, message, "low", remedy=_STRONGER, fix=fix)


def _why_for_another_purpose(guardrail: ResourceView, graph: GraphView) -> str:
    """Why a guardrail may not be meant to filter what users send: it filters no content, but checks more.

    That is decided where an agent or a flow applies it: it is meant for all of their requests then.
    """
    if certainly(guardrail["ContentPolicyConfig"].is_present()):
        return ""
    used = graph.sources(guardrail, EdgeKind.CONFIGURES, AGENT, FLOW)
    checks = some(guardrail[each].is_present() for each in _OTHER_POLICIES)
    return _PURPOSE if certainly(checks) and not (used.related or used.unknown) else ""


def _why_not_applied(guardrail: ResourceView, graph: GraphView) -> str:
    """Why a guardrail needs a filter less: nothing uses it, or shows that its project is operated."""
    return _why_not_named(guardrail, (GUARDRAIL_VERSION,), graph)


def _why_not_named(resource: ResourceView, releases: tuple[str, ...], graph: GraphView) -> str:
    """Why nothing is known to use a guardrail or an agent; empty where something may.

    What a program creates is used elsewhere, and what a module declares by its callers.
    releases: the types of its versions and aliases, which name it and are named in its place.
    """
    released = graph.sources(resource, EdgeKind.REFERS_TO, *releases)
    own = {resource.address, *(each.address for each in released)}
    named_by = {edge.source for address in own for edge in graph.graph.edges_into(address)}
    if named_by - own or resource.language == "python":
        return ""
    beside = graph.declared(AGENT, FLOW, *programs.PROGRAMS)
    if beside.unknown:
        return ""
    used = [each for each in beside if each != resource]
    applied = bool(used) and not graph.graph.project.reusable
    return _NOT_NAMED if applied else purposes.why_declared_unoperated(resource, graph)


def _another_stops_them(guardrail: ResourceView, graph: GraphView) -> bool:
    """Whether another guardrail of the project certainly filters prompt attacks."""
    return any(
        certainly(each["ContentPolicyConfig.FiltersConfig"].any_item(_stops_prompt_attacks))
        for each in graph.of_type(GUARDRAIL)
        if each != guardrail
    )


def _stops_prompt_attacks(content_filter: View) -> Answer:
    strength = content_filter["InputStrength"]
    acts = strength.is_present() & ~strength.equals("NONE") & ~content_filter["InputEnabled"].is_false()
    return content_filter["Type"].equals("PROMPT_ATTACK") & acts


@rule(
    "MLS612",
    "guardrail-without-pii-filter",
    "medium",
    concern="protection",
    practices=("AGENTSEC08-BP02", "RAISP03-BP01"),
    on=(GUARDRAIL,),
    remedy=Remedy(
        "Set `SensitiveInformationPolicyConfig: {PiiEntitiesConfig: [{Type: EMAIL, Action: ANONYMIZE}]}`.",
        "Add `sensitive_information_policy_config` with a `pii_entities_config` for each kind of data.",
    ),
    controls=("bedrock_guardrail_sensitive_information_filter_enabled",),
)
def guardrail_without_pii_filter(guardrail: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A guardrail does not filter sensitive information.

    Models repeat personal data and credentials from prompts, documents and tools in their responses; the
    sensitive information filter blocks or masks them before they reach a user or a log.

    Any list of entities or regular expressions counts. The severity is low for a guardrail that nothing
    applies, as that of MLS602 is.

    Exceptions: Not reported where another guardrail of the project filters sensitive information, and no
    agent or flow of the project uses this one: code may apply several guardrails, one for each concern.

    See [Remove PII from conversations by using sensitive information
    filters](https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-sensitive-filters.html).
    """
    policy = guardrail["SensitiveInformationPolicyConfig"]
    message = f"{guardrail} does not filter sensitive information: it sets no {policy}"
    missing = policy.is_absent() & ~answer(_is_one_of_several(guardrail, graph))
    yield Claim(missing, policy, message, milder=_why_not_applied(guardrail, graph))


def _is_one_of_several(guardrail: ResourceView, graph: GraphView) -> bool:
    """Whether a guardrail that no agent or flow uses has one for sensitive information beside it."""
    used = graph.sources(guardrail, EdgeKind.CONFIGURES, AGENT, FLOW).related
    return not used and any(
        certainly(each["SensitiveInformationPolicyConfig"].is_present()) for each in graph.of_type(GUARDRAIL)
    )


@rule(
    "MLS613",
    "guardrail-without-grounding",
    "low",
    concern="protection",
    practices=("RAISP03-BP04",),
    on=(GUARDRAIL,),
    remedy=Remedy(
        "Set `ContextualGroundingPolicyConfig: {FiltersConfig: [{Type: GROUNDING, Threshold: 0.7}]}`.",
        "Add `contextual_grounding_policy_config` with a `filters_config` of type `GROUNDING`.",
    ),
    controls=("bedrock_guardrail_contextual_grounding_filter_enabled",),
)
def guardrail_without_grounding(guardrail: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A guardrail of a knowledge base does not check that responses are grounded in its documents.

    A response that the retrieved documents do not support looks as reliable as one that they do; the
    contextual grounding check blocks it.

    A guardrail serves a knowledge base when an agent of the project has both, or when the knowledge base node
    of a flow names the guardrail. The severity is info where the instructions of all such agents are to write
    code or queries: these do not paraphrase documents, and the check would block them.

    See [Use contextual grounding check to filter hallucinations in
    responses](https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-contextual-grounding-check.html).
    """
    grounding = guardrail["ContextualGroundingPolicyConfig"]
    message = f"{guardrail} does not check the responses of a knowledge base: it sets no {grounding}"
    kinds: list[Data] = [{"Type": kind, "Threshold": 0.7} for kind in ("GROUNDING", "RELEVANCE")]
    fix = set_to(grounding, {"FiltersConfig": kinds}, risk=_FILTER_RISK)
    unchecked = grounding.is_absent() & _serves_knowledge_base(guardrail, graph)
    yield Claim(unchecked, grounding, message, fix=fix, milder=bedrock.why_not_from_sources(guardrail, graph))


def _serves_knowledge_base(guardrail: ResourceView, graph: GraphView) -> Answer:
    agents = graph.sources(guardrail, EdgeKind.CONFIGURES, AGENT)
    nodes = graph.sources(guardrail, EdgeKind.CONFIGURES, FLOW).related
    in_flow = YES if any("KnowledgeBase" in each.edge.path for each in nodes) else NO
    return agents.any(lambda agent: agent["KnowledgeBases"].is_present()) | in_flow


@rule(
    "MLS614",
    "guardrail-draft-in-use",
    "medium",
    concern="protection",
    practices=("GENSEC02-BP01",),
    on=(AGENT, FUNCTION),
    remedy=Remedy(
        "Declare an `AWS::Bedrock::GuardrailVersion` and set `GuardrailVersion: !GetAtt Released.Version`.",
        "Declare an `aws_bedrock_guardrail_version` and set `guardrail_version` to its `version`.",
    ),
)
def guardrail_draft_in_use(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """An agent or a function uses the working draft of a guardrail.

    Every change to the guardrail then takes effect in production at once and untested; a numbered version
    stays as it was reviewed.

    The version is `DRAFT` where it is written literally, and where it is the `Version` attribute of the
    guardrail itself, which always is the draft. For functions, environment variables such as
    GUARDRAIL_VERSION count, unless the one that names the guardrail, such as GUARDRAIL_ID, is empty; and so
    does what their code hands to a call (`guardrailVersion="DRAFT"`), where it is in the repository.

    See [Create a version of a
    guardrail](https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-versions.html).
    """
    if resource.type == AGENT:
        versions = [resource["GuardrailConfiguration.GuardrailVersion"]]
    else:
        variables = list(resource["Environment.Variables"].entries())
        versions = [value for name, value in variables if _VERSION_NAME.search(name)]
        named = [value.is_absent() for name, value in variables if _GUARDRAIL_NAME.search(name)]
        if named and certainly(every(named)):
            versions = []
        versions += requests.guardrail_versions_of(resource)
    for version in versions:
        message = f"{resource} uses the draft of a guardrail: {version} should be a numbered version"
        yield Claim(_is_draft(version, graph), version, message)


def _is_draft(version: View, graph: GraphView) -> Answer:
    value = version.value
    if isinstance(value, Reference):
        target = graph.graph.by_address.get(value.address)
        if target is not None and target.type == GUARDRAIL:
            return YES if value.attribute.lower() == "version" else NO
        if target is not None and target.type == f"{GUARDRAIL}Version":
            return NO
    return version.equals("DRAFT")


@rule(
    "MLS620",
    "guardrail-without-content-filters",
    "low",
    concern="protection",
    practices=("MLSEC05-BP01", "RAISP03-BP01"),
    on=(GUARDRAIL,),
    remedy=Remedy(
        "Add the filter to `FiltersConfig`: `{Type: HATE, InputStrength: HIGH, OutputStrength: HIGH}`.",
        'Add `filters_config` with `type = "HATE"`, `input_strength = "HIGH"` and '
        '`output_strength = "HIGH"` for each.',
    ),
)
def guardrail_without_content_filters(guardrail: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A guardrail does not filter all kinds of harmful content.

    Users can then receive, or make the model produce, content that damages them and the reputation of the
    product.

    The rule expects filters for hate, insults, sexual content, violence and misconduct, each with a strength
    other than `NONE` on input and on output. One finding names all that are missing. It is of severity info
    for a guardrail without any content filter, which MLS602 covers as well, and in examples and tests.

    See [Detect and filter harmful content by using Amazon Bedrock
    Guardrails](https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-content-filters.html).
    """
    filters = guardrail["ContentPolicyConfig.FiltersConfig"]
    lacking = {kind: ~_has_filter(filters, kind) for kind in HARMFUL}
    names = ", ".join(kind for kind, lacks in lacking.items() if certainly(lacks))
    message = f"{guardrail} does not filter {names} on input and output: {filters} should have these filters"
    new: list[Data] = [
        {"Type": kind, "InputStrength": "HIGH", "OutputStrength": "HIGH"}
        for kind in names.split(", ")
        if not certainly(filters.any_item(partial(_is_of_type, kind=kind)))
    ]
    fix = append_to(filters, *new, risk=_FILTER_RISK) if len(new) == names.count(", ") + 1 else None
    severity: Severity | None = "info" if certainly(filters.is_absent()) else None
    milder = _SHOWN if purposes.is_shown(graph) else ""
    yield Claim(some(lacking.values()), filters, message, severity, fix=fix, milder=milder)


def _is_of_type(content_filter: View, kind: str) -> Answer:
    return content_filter["Type"].equals(kind)


def _has_filter(filters: View, kind: str) -> Answer:
    return filters.any_item(lambda each: _filters(each, kind))


def _filters(content_filter: View, kind: str) -> Answer:
    acts = YES
    for side in ("Input", "Output"):
        strength, enabled = content_filter[f"{side}Strength"], content_filter[f"{side}Enabled"]
        acts &= strength.is_present() & ~strength.equals("NONE") & ~enabled.is_false()
    return content_filter["Type"].equals(kind) & acts
