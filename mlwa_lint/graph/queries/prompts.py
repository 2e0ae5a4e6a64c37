"""Who sends prompts to models: a knowledge base alone only embeds documents and queries."""

from mlwa_lint.graph.asides import aside
from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.iam import policies
from mlwa_lint.graph.iam.arns import may_reach
from mlwa_lint.graph.kinds import (
    AGENT,
    AGENT_ALIAS,
    AGENTCORE_GATEWAY,
    APP_RUNNER,
    FLOW,
    FUNCTION,
    KNOWLEDGE_BASE,
    PERMISSION,
    ROLE,
    STATE_MACHINE,
    TASK_DEFINITION,
)
from mlwa_lint.graph.linking.naming import outline
from mlwa_lint.graph.memo import remembered
from mlwa_lint.graph.queries import observed, purposes
from mlwa_lint.graph.queries.ml_permissions import PROMPTING_ACTIONS
from mlwa_lint.graph.queries.production import is_for_development
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView, View
from mlwa_lint.model.answers import certainly, possibly
from mlwa_lint.model.resources import BY_HAND, NO_PROMPTS, PROMPTS
from mlwa_lint.model.values import references_in

# Services that go on running, and what calls functions for agents alone.
_RUNNING = (APP_RUNNER, "AWS::ECS::Service")
_TOOLS = (AGENT, AGENTCORE_GATEWAY, "AWS::BedrockAgentCore::GatewayTarget")
_CALLS = (EdgeKind.INVOKES, EdgeKind.TRIGGERS)
_BASE = ":knowledge-base/"
_CONTAINERS = (APP_RUNNER, TASK_DEFINITION)
_RETRIEVING = "programs of the repository call Bedrock, and none of them sends it prompts"
_RETRIEVES = "its code only retrieves from a knowledge base, and nothing in the project sends prompts"
_EMBEDS = "its code only embeds text, and nothing in the project sends prompts"
_REASONS = {
    NO_PROMPTS: "its knowledge base only embeds text, and nothing in the project sends prompts",
    BY_HAND: "only a program that a person runs sends prompts",
}


@aside
def why_none(user: ResourceView, graph: GraphView) -> str:
    """Why a project sends no prompts whose first user of models is a knowledge base, or retrieves or embeds.

    What is retrieved, a model elsewhere reads; or a program that a person runs sends prompts, and nothing
    that is deployed. Empty where something may send prompts.
    """
    from mlwa_lint.graph.queries import requests

    if user.type in _CONTAINERS:
        return _RETRIEVING if user.attributes[PROMPTS].text == NO_PROMPTS else ""
    retrieves = user.type == FUNCTION and requests.sends_no_prompts(user)
    if user.type != KNOWLEDGE_BASE and not retrieves:
        return ""
    if any(possibly(observed.calls_models(each)) for each in graph.of_type(AGENT, FLOW)):
        return ""
    if any(_sends(each, graph) for each in graph.of_type(FUNCTION, ROLE)):
        return ""
    noted = {each.attributes[PROMPTS].text or "" for each in graph.of_type(KNOWLEDGE_BASE)}
    own = _EMBEDS if retrieves and requests.embeds(user, graph) else _RETRIEVES
    if retrieves and not noted:
        return own
    found = _REASONS.get(noted.pop(), "") if len(noted) == 1 else ""
    return own if retrieves and found else found


def _sends(actor: ResourceView, graph: GraphView) -> bool:
    """Whether a function's code certainly sends prompts, or a role certainly lets its programs do so."""
    if actor.type == FUNCTION:
        from mlwa_lint.graph.queries import requests

        return requests.sends_prompts(actor, graph)
    if certainly(policies.assumed_by(actor, "bedrock")):
        return False  # with which a knowledge base embeds
    if _is_for_silent_code(actor, graph):
        return False
    statements = policies.of_role(actor, graph).known
    return observed.has_bedrock_policy(actor) or any(
        certainly(each.allows() & each.names_service("bedrock") & each.covers_any_action(*PROMPTING_ACTIONS))
        and not _is_on_bases_alone(each, graph)
        and certainly(may_reach(each, graph))
        for each in statements
    )


def _is_on_bases_alone(statement: policies.Statement, graph: GraphView) -> bool:
    """Whether all resources of a statement are knowledge bases: no action on them reaches a model."""
    resources = statement.resources
    listed = resources.known_items() or [resources]
    return certainly(resources.is_present()) and all(_is_base(each, graph) for each in listed)


def _is_base(resource: View, graph: GraphView) -> bool:
    named = [graph.graph.by_address.get(each.address) for each, _ in references_in(resource.value)]
    if any(each is not None and each.type == KNOWLEDGE_BASE for each in named):
        return True
    return _BASE in outline(resource.value)


def _is_for_silent_code(role: ResourceView, graph: GraphView) -> bool:
    """Whether all that acts with a role are functions whose code certainly sends no prompts."""
    from mlwa_lint.graph.queries import requests

    acting = [each.resource for each in graph.sources(role, EdgeKind.ASSUMES).related]
    return bool(acting) and all(each.type == FUNCTION and requests.sends_no_prompts(each) for each in acting)


@aside
def why_unattended(user: ResourceView, graph: GraphView) -> str:
    """Why failing requests to models disturb no one known: nothing operates the project, or asks for them.

    Empty where an API, an event or a schedule calls a function of the project, or a service runs, or a
    program on an instance or in a pod that may invoke models: others wait for what the models respond. Agents
    call functions as well, which shows no one who asks them.
    """
    unoperated = purposes.why_unoperated(graph)
    if not unoperated or graph.of_type(*_RUNNING) or observed.has_machine_that_invokes(graph):
        return ""
    callable_ = [*graph.of_type(FUNCTION), *([user] if user.type == STATE_MACHINE else [])]
    called = any(_is_called(each, graph) for each in callable_)
    return "" if called else f"{unoperated}, or that anything asks its models"


@aside
def why_for_development(user: ResourceView, graph: GraphView) -> str:
    """Why only those who develop a project ask models: the tags of all that may ask any state it; else empty.

    A knowledge base only answers those who ask it.
    """
    return "what asks models is tagged for development" if _are_for_development(graph) else ""


@remembered
def _are_for_development(graph: GraphView) -> bool:
    users = [each for each, _ in observed.users_of_models(graph) if each.type != KNOWLEDGE_BASE]
    return bool(users) and all(map(is_for_development, users))


@aside
def why_not_invoked(agent: ResourceView, graph: GraphView) -> str:
    """Why an agent is asked only by those who try it out: nothing operates the project, or invokes the agent.

    Empty where a task, a service or an instance may invoke it, or a function that something calls.
    """
    unoperated = purposes.why_declared_unoperated(agent, graph)
    return unoperated if unoperated and not _is_invoked(agent, graph) else ""


@aside
def why_invoked(agent: ResourceView, graph: GraphView) -> str:
    """What may invoke an agent though it does not name it: a program of the project; empty where none may."""
    return "a program of the project may invoke it" if _is_invoked(agent, graph) else ""


def _is_invoked(agent: ResourceView, graph: GraphView) -> bool:
    """Whether a program that runs, or that something calls, may invoke an agent with its role."""
    aliases = graph.sources(agent, EdgeKind.REFERS_TO, AGENT_ALIAS)
    own = {agent.address, *(each.address for each in aliases)}
    return any(not named or not own.isdisjoint(named) for named in _that_invoke(graph))


@remembered
def _that_invoke(graph: GraphView) -> tuple[frozenset[str], ...]:
    """For each role with which a running program may invoke agents, those that it names; none for any."""
    from mlwa_lint.graph.queries.ml_permissions import lets_invoke_agents

    found: list[frozenset[str]] = []
    for role in graph.of_type(ROLE):
        if certainly(lets_invoke_agents(role, graph)) and _is_at_work(role, graph):
            policies_of = (role, *graph.sources(role, EdgeKind.GRANTS))
            edges = (edge for each in policies_of for edge in graph.graph.edges_from(each.address))
            targets = (graph.graph.by_address[edge.target] for edge in edges)
            found.append(frozenset(each.address for each in targets if each.type in (AGENT, AGENT_ALIAS)))
    return tuple(dict.fromkeys(found))


def _is_at_work(role: ResourceView, graph: GraphView) -> bool:
    """Whether a task, a service, an instance or a pod has a role, or a function that something calls."""
    if observed.program_of(role, graph) is not None or observed.serves_pods(role, graph):
        return True
    return any(_is_called(each, graph) for each in graph.sources(role, EdgeKind.ASSUMES, FUNCTION))


def _is_called(function: ResourceView, graph: GraphView) -> bool:
    """Whether something else than an agent calls a function."""
    return any(_is_caller(each) for kind in _CALLS for each in graph.sources(function, kind))


def _is_caller(source: ResourceView) -> bool:
    if source.type == PERMISSION:
        return certainly(source["Principal"].test(lambda text: not text.startswith("bedrock")))
    return source.type not in _TOOLS
