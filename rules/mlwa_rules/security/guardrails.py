"""Security of generative AI on Bedrock: where guardrails apply, and in which version."""

import re
from collections.abc import Iterator

from mlwa_lint.graph.kinds import AGENT, AGENT_ALIAS, FLOW, FUNCTION, GUARDRAIL
from mlwa_lint.graph.memo import remembered
from mlwa_lint.graph.queries import agents, bedrock, outsiders, programs, purposes, requests
from mlwa_lint.model.findings import Severity
from mlwa_lint.model.resources import CHOSEN
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
    certainly,
    every,
    possibly,
    rule,
    set_to,
)

ENFORCED = "AWS::Bedrock::EnforcedGuardrailConfiguration"
_VERSION_NAME = re.compile(r"guardrail.{0,100}version", re.IGNORECASE)
_GUARDRAIL_NAME = re.compile(r"guardrail_?(?:id|identifier|arn)$", re.IGNORECASE)
_NOT_REACHED = "nothing shows that people from outside can make the agent act"
_WITHOUT_ACTIONS = "the agent has no action groups, so it cannot be made to act"
_NOT_INVOKED = "the agent has no action groups, and nothing of the project names it"
_OF_MODULE = "who calls the module decides who reaches the agent"
_ONLY_ANSWERS = "the agent can only answer, and nothing in the repository shows that it is operated"
_NOT_NAMED = "no agent, flow or program of the project names it"
FILTER_RISK = "filters cost, and block what was answered before"


@rule(
    "MLS601",
    "bedrock-agent-without-guardrail",
    "high",
    concern="production",
    operational=True,
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
    authorization (as MLS107 reports it) leads to a function that invokes the agent, or a bot of Lex in a
    project with a phone number of Amazon Connect may invoke it, and the agent has action groups that return
    control or run functions. It is medium elsewhere: where nothing shows that people
    from outside reach it, where it has no action groups, and where the functions of its action groups may
    only read, as their roles show. It is low for an agent without action groups that nothing of the project
    names, or that has neither knowledge bases nor other agents in a project that nothing shows to be
    operated: it can only answer those who try it out. It is not low where the role of a task, a service or an
    instance lets it invoke the agent, or that of a function which something calls. It is low as well in a
    module that others call, and where a document of the repository lists guardrails among what is left out on
    purpose, below a heading such as "Skipped checks".

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
    acting = possibly(agents.acts(agent))
    milder = _NOT_REACHED if acting else _WITHOUT_ACTIONS
    severity: Severity | None = None
    lesser = "" if way else agent.attributes[CHOSEN].text or _why_lesser(agent, acting, graph)
    if lesser:
        severity, milder = "medium", lesser
    yield Claim(unguarded, guardrail, message, severity, milder="" if way else milder)


def _why_lesser(agent: ResourceView, acting: bool, graph: GraphView) -> str:
    """Why an agent that no one from outside reaches needs a guardrail less; empty where it may act."""
    if graph.graph.project.reusable:
        return _OF_MODULE
    if acting:
        return ""
    from mlwa_lint.graph.queries import prompts

    if why_not_named(agent, (AGENT_ALIAS,), graph):
        return "" if prompts.why_invoked(agent, graph) else _NOT_INVOKED
    return _ONLY_ANSWERS if agents.only_answers(agent) and prompts.why_not_invoked(agent, graph) else ""


def why_not_named(resource: ResourceView, releases: tuple[str, ...], graph: GraphView) -> str:
    """Why nothing is known to use a guardrail or an agent; empty where something may.

    What a program creates is used elsewhere, and what a module declares by its callers.
    releases: the types of its versions and aliases, which name it and are named in its place.
    """
    released = graph.sources(resource, EdgeKind.REFERS_TO, *releases)
    own = {resource.address, *(each.address for each in released)}
    named_by = {edge.source for address in own for edge in graph.graph.edges_into(address)}
    if named_by - own or resource.language == "python":
        return ""
    beside = _two_that_use(graph)
    if beside is None:
        return ""
    used = any(address != resource.address for address in beside)
    applied = used and not graph.graph.project.reusable
    return _NOT_NAMED if applied else purposes.why_declared_unoperated(resource, graph)


@remembered
def _two_that_use(graph: GraphView) -> tuple[str, ...] | None:
    """The first two agents, flows and programs, if there are any; None where there may be others."""
    beside = graph.declared(AGENT, FLOW, *programs.PROGRAMS)
    return None if beside.unknown else tuple(each.resource.address for each in beside.related[:2])


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

    A guardrail serves a knowledge base when an agent of the project has both, when the knowledge base node of
    a flow names the guardrail, or when the code of a function hands it to `retrieve_and_generate()`, or to
    the model that is given what the function retrieves. The severity is info where the instructions of all
    such agents are to write code or queries: these do not paraphrase documents, and the check would block
    them.

    See [Use contextual grounding check to filter hallucinations in
    responses](https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-contextual-grounding-check.html).
    """
    grounding = guardrail["ContextualGroundingPolicyConfig"]
    message = f"{guardrail} does not check the responses of a knowledge base: it sets no {grounding}"
    kinds: list[Data] = [{"Type": kind, "Threshold": 0.7} for kind in ("GROUNDING", "RELEVANCE")]
    fix = set_to(grounding, {"FiltersConfig": kinds}, risk=FILTER_RISK)
    unchecked = grounding.is_absent() & _serves_knowledge_base(guardrail, graph)
    yield Claim(unchecked, grounding, message, fix=fix, milder=bedrock.why_not_from_sources(guardrail, graph))


def _serves_knowledge_base(guardrail: ResourceView, graph: GraphView) -> Answer:
    agents = graph.sources(guardrail, EdgeKind.CONFIGURES, AGENT)
    nodes = graph.sources(guardrail, EdgeKind.CONFIGURES, FLOW).related
    in_flow = YES if any("KnowledgeBase" in each.edge.path for each in nodes) else NO
    in_code = requests.guards_documents(guardrail, graph)
    return agents.any(lambda agent: agent["KnowledgeBases"].is_present()) | in_flow | in_code


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
    does what their code hands to a call (`guardrailVersion="DRAFT"`), where it is in the repository, unless
    the code takes the guardrail from an environment variable that the function is not given.

    See [Create a version of a
    guardrail](https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-versions.html).
    """
    if resource.type == AGENT:
        versions = [(resource["GuardrailConfiguration.GuardrailVersion"], YES)]
    else:
        variables = list(resource["Environment.Variables"].entries())
        versions = [(value, YES) for name, value in variables if _VERSION_NAME.search(name)]
        named = [value.is_absent() for name, value in variables if _GUARDRAIL_NAME.search(name)]
        if named and certainly(every(named)):
            versions = []
        versions += requests.guardrail_versions_of(resource)
    for version, given in versions:
        message = f"{resource} uses the draft of a guardrail: {version} should be a numbered version"
        yield Claim(given & _is_draft(version, graph), version, message)


def _is_draft(version: View, graph: GraphView) -> Answer:
    value = version.value
    if isinstance(value, Reference):
        target = graph.graph.by_address.get(value.address)
        if target is not None and target.type == GUARDRAIL:
            return YES if value.attribute.lower() == "version" else NO
        if target is not None and target.type == f"{GUARDRAIL}Version":
            return NO
    return version.equals("DRAFT")
