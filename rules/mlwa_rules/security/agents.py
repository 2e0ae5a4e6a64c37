"""Security of agents on Bedrock AgentCore: who reaches them, what they reach, what they share."""

import re
from collections.abc import Iterator

from mlwa_lint.graph.kinds import AGENT, AGENTCORE_GATEWAY, AGENTCORE_MEMORY, AGENTCORE_RUNTIME
from mlwa_lint.graph.linking.naming import Segment, outline, segments
from mlwa_lint.graph.queries import agents, programs, same_roles
from mlwa_lint.model.findings import Severity
from mlwa_lint.model.resources import NOT_KNOWN, SETS_UP_POLICY
from mlwa_lint.model.values import Unknown
from mlwa_lint.rule import (
    NO,
    Answer,
    Claim,
    Data,
    GraphView,
    Remedy,
    ResourceView,
    View,
    answer,
    certainly,
    possibly,
    remove,
    rule,
    same_value,
    set_to,
    some,
    undecided,
)
from mlwa_rules.security.reach import why_little_to_send

_UNREAD = "files of the repository are too many to be searched for what sets up a policy engine"
BROWSER = "AWS::BedrockAgentCore::BrowserCustom"
CODE_INTERPRETER = "AWS::BedrockAgentCore::CodeInterpreterCustom"
HARNESS = "AWS::BedrockAgentCore::Harness"
ACTOR = "{actorId}"
_SESSION = "{sessionId}"
# What a variable is called that gives a program the id of the one actor that it acts for.
_ACTOR_VARIABLE = re.compile(r"(?i)(?:^|_)actor_?id$")
_NETWORK_MODE = "NetworkConfiguration.NetworkMode"
_STRATEGIES = (
    "SemanticMemoryStrategy",
    "SummaryMemoryStrategy",
    "UserPreferenceMemoryStrategy",
    "EpisodicMemoryStrategy",
    "CustomMemoryStrategy",
)
# What distinguishes the instances of a loop: `["blue"]`, `[0]`.
# So many agents are named that share a role; of more, their number.
_NAMED = 4
_KEYS = re.compile(r"\[(?:\"[^\"]*\"|[0-9]+)\]$")
_ONLY_ANSWER = "the agents can only answer, and nothing in the repository shows that they are operated"
# Where agents name the role that they act with.
_ROLES = {AGENT: "AgentResourceRoleArn", AGENTCORE_RUNTIME: "RoleArn"}
_SANDBOX = Remedy(
    "Set `NetworkMode: SANDBOX`, or `VPC` with a `VpcConfig`.",
    'Set `network_mode = "SANDBOX"`, or `"VPC"` with a `vpc_config`.',
)


@rule(
    "MLS607",
    "agentcore-gateway-open",
    "high",
    subject="access",
    practices=("AGENTSEC02-BP01", "AGENTSEC03-BP01"),
    on=(AGENTCORE_GATEWAY,),
    remedy=Remedy(
        "Set `AuthorizerType: CUSTOM_JWT` with an `AuthorizerConfiguration`, or `AWS_IAM`.",
        'Set `authorizer_type = "CUSTOM_JWT"` with an `authorizer_configuration`, or `"AWS_IAM"`.',
    ),
    controls=("BedrockAgentCore.2",),
)
def agentcore_gateway_open(gateway: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """Anyone can call the tools of an AgentCore gateway.

    A gateway calls functions, APIs and other services with its own role; without inbound authorization,
    anyone who knows its address can use them all.

    The severity is medium in a module that is checked alone, because the configuration that calls it switches
    it off by default, where it rests on the default of a variable that this configuration sets.

    It is undecided where an interceptor of requests gets their headers (`PassRequestHeaders`): it may
    authenticate the callers.

    See [Set up inbound authorization for your
    gateway](https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/gateway-inbound-auth.html).
    """
    kind = gateway["AuthorizerType"]
    message = f"{gateway} lets anyone call its tools: {kind} is NONE and should be CUSTOM_JWT or AWS_IAM"
    fix = set_to(kind, "AWS_IAM", risk="callers have to sign their requests")
    is_open = kind.equals("NONE") & ~agents.authenticates(gateway)
    # In a module that those who call it switch off: it is open only by the default of what they set.
    given = {f"the default of {name}" for name in graph.graph.project.set_by_callers}
    severity: Severity | None = None if given.isdisjoint(is_open.assumed) else "medium"
    yield Claim(is_open, kind, message, severity, fix=fix)


@rule(
    "MLS608",
    "agentcore-public-network",
    "medium",
    concern="protection",
    subject="internet",
    practices=("GENSEC01-BP02",),
    on=(AGENTCORE_RUNTIME, BROWSER, CODE_INTERPRETER, HARNESS),
    remedy=Remedy(
        "Set `NetworkMode: VPC` with subnets and security groups.",
        'Set `network_mode = "VPC"` with subnets and security groups.',
    ),
    controls=("BedrockAgentCore.1", "BedrockAgentCore.5", "BedrockAgentCore.7"),
)
def agentcore_public_network(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """An agent, a browser or a code interpreter of AgentCore has unrestricted internet access.

    Injected instructions can make an agent send data anywhere; in a VPC, security groups, firewalls, flow
    logs and endpoint policies limit and record its connections.

    A code interpreter can also run without a network (`SANDBOX`). The severity is low for an agent whose role
    is not known to be broad, in a repository that has no VPC and where nothing suggests that its data is
    sensitive (see MLS401), and for one whose role can only write logs, metrics and traces and pull its image,
    and that has no environment variables, such as an MCP server without a model.

    See [Configure Amazon Bedrock AgentCore Runtime and tools for
    VPC](https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/agentcore-vpc.html).
    """
    prefix = "Environment.AgentCoreRuntimeEnvironment." if resource.type == HARNESS else ""
    mode = resource[f"{prefix}{_NETWORK_MODE}"]
    interpreter = resource.type == CODE_INTERPRETER
    wanted = "SANDBOX or VPC" if interpreter else "VPC"
    message = f"{resource} has unrestricted internet access: {mode} is PUBLIC and should be {wanted}"
    fix = set_to(mode, "SANDBOX", risk="code loses access to the internet") if interpreter else None
    remedy = _SANDBOX if interpreter else None
    # The API requires a network mode: PUBLIC is what examples write for want of another.
    milder = "" if resource.type in (BROWSER, CODE_INTERPRETER) else why_little_to_send(resource, graph)
    yield Claim(mode.equals("PUBLIC"), mode, message, remedy=remedy, fix=fix, milder=milder, required=True)


@rule(
    "MLS609",
    "agentcore-policy-not-enforced",
    "medium",
    concern="production",
    practices=("GENSEC05-BP01", "AGENTSEC02-BP01"),
    on=(AGENTCORE_GATEWAY,),
    remedy=Remedy(
        "Set `PolicyEngineConfiguration: {Arn: !GetAtt Policies.PolicyEngineArn, Mode: ENFORCE}`.",
        'Add `policy_engine_configuration` with an `arn` and `mode = "ENFORCE"`; version 6.49 of the AWS '
        "provider and earlier ones do not have it.",
    ),
)
def agentcore_policy_not_enforced(gateway: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """An AgentCore gateway does not enforce a policy on the calls of tools.

    An agent decides at run time which tools it calls with which arguments; only a policy outside of the agent
    reliably prevents calls that a manipulated agent should not make.

    The rule reports gateways without a policy engine, those whose policy engine only logs, and those whose
    web ACL lets requests through when it fails (`FAIL_OPEN`). One finding names all of these. The severity is
    low for a gateway that only lacks a policy engine, which is optional, and info where IAM authorizes its
    callers and its targets are managed connectors that only search the web: there is nothing to decide for a
    policy that IAM does not. So it is where a function intercepts the requests, as it can refuse them. Where
    a script or a program of the repository creates a policy engine, it may attach it: that is undecided.

    See [Policy in Amazon Bedrock
    AgentCore](https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/policy.html).
    """
    engine = gateway["PolicyEngineConfiguration"]
    mode, failure = engine["Mode"], gateway["WafConfiguration.FailureMode"]
    faults = [
        (engine.is_absent(), engine, f"it sets no {engine}"),
        (mode.equals("LOG_ONLY"), mode, f"{mode} is LOG_ONLY and should be ENFORCE"),
        (failure.equals("FAIL_OPEN"), failure, f"{failure} is FAIL_OPEN and should be FAIL_CLOSE"),
    ]
    script = gateway.attributes[SETS_UP_POLICY].text
    if script:
        what = f"{script} sets up a policy engine, which may be for {gateway.address}"
        attached = undecided(_UNREAD if script == NOT_KNOWN else what)
        faults[0] = (faults[0][0] & attached, *faults[0][1:])
    found = [(place, text) for holds, place, text in faults if certainly(holds)]
    place = found[0][0] if found else engine
    message = f"{gateway} does not enforce a policy on tool calls: {', and '.join(text for _, text in found)}"
    related = tuple((each, text) for each, text in found[1:])
    values: dict[str, Data] = {}
    if certainly(mode.equals("LOG_ONLY")):
        values["PolicyEngineConfiguration"] = {"Mode": "ENFORCE"}
    if certainly(failure.equals("FAIL_OPEN")):
        values["WafConfiguration"] = {"FailureMode": "FAIL_CLOSE"}
    fix = set_to(gateway, values, risk="calls can be refused") if values and place is not engine else None
    severity: Severity | None = "low" if [each for each, _ in found] == [engine] else None
    milder = agents.why_nothing_to_decide(gateway, graph) if severity else ""
    yield Claim(
        some(holds for holds, _, _ in faults), place, message, severity, related, fix=fix, milder=milder
    )


@rule(
    "MLS610",
    "gateway-shows-internal-errors",
    "low",
    concern="production",
    practices=("AGENTSEC08-BP02",),
    on=(AGENTCORE_GATEWAY,),
    remedy=Remedy("Remove `ExceptionLevel`.", "Remove `exception_level`."),
)
def gateway_shows_internal_errors(gateway: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """An AgentCore gateway returns the details of internal errors to its callers.

    They reveal functions, addresses and data of the services behind the gateway, and a model can repeat them
    to its users; the setting is meant for development, where the severity is info.

    See [ExceptionLevel in the gateway's
    API](https://docs.aws.amazon.com/bedrock-agentcore-control/latest/APIReference/API_CreateGateway.html).
    """
    level = gateway["ExceptionLevel"]
    message = f"{gateway} returns the details of internal errors: {level} is DEBUG and should not be set"
    yield Claim(level.equals("DEBUG"), level, message, fix=remove(level))


@rule(
    "MLS616",
    "memory-shared-between-actors",
    "high",
    practices=("AGENTSEC01-BP01",),
    on=(AGENTCORE_MEMORY,),
    remedy=Remedy(
        "Put the actor into the namespace: `/facts/{actorId}`.",
        "Put the actor into the namespace: `/facts/{actorId}`.",
    ),
)
def memory_shared_between_actors(memory: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """The namespace of a memory strategy does not separate the memories of actors.

    What an agent learns from one user is then retrieved for every other user: personal data leaks between
    them, and one user can plant facts for all.

    A namespace separates actors when it contains `{actorId}`. One finding names all strategies of a memory.

    Exceptions: Not reported for strategies without a namespace: AgentCore then uses one for each actor; and
    for namespaces with `{sessionId}` whose actor is fixed: a program of the project gets the same value in
    an environment variable such as MEMORY_ACTOR_ID.

    See [Organize long-term memory with
    namespaces](https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/memory-organization.html).
    """
    spaces = [
        space
        for strategy in memory["MemoryStrategies"].items()
        for kind in _STRATEGIES
        for key in ("Namespaces", "NamespaceTemplates")
        for space in strategy[kind][key].items()
    ]
    shared = [(space, _is_shared(space, graph)) for space in spaces]
    # A strategy of a type that is not known stands below every type.
    found = list({space.span: space for space, holds in shared if certainly(holds)}.values())
    texts = ", ".join(dict.fromkeys(space.words or "a namespace with the stack's name" for space in found))
    message = f"{memory} shares memories between actors: {texts} should contain {ACTOR}"
    related = tuple((space, "is shared between actors") for space in found[1:])
    place = found[0] if found else memory["MemoryStrategies"]
    yield Claim(some(holds for _, holds in shared), place, message, related=related)


def _is_shared(space: View, graph: GraphView) -> Answer:
    shared = _lacks_actor(space)
    return shared & ~_is_of_one_actor(space, graph) if possibly(shared) else shared


def _lacks_actor(space: View) -> Answer:
    value = space.value
    if not isinstance(value, Unknown) or not value.parts:
        return space.test(lambda text: ACTOR not in text)
    if any(isinstance(part, str) and ACTOR in part for part in value.parts):
        return answer(False, value.assumed)
    others = [part for part in value.parts if isinstance(part, Unknown)]
    named = all(part.identity.startswith("AWS::") for part in others)
    return answer(True, value.assumed) if named else space.is_open()


def _is_of_one_actor(space: View, graph: GraphView) -> Answer:
    """Whether a namespace separates sessions, and one part of it is the only actor of a program."""
    if _SESSION not in outline(space.value):
        return NO
    return some(
        _is_named_by(variable, part)
        for program in graph.of_type(*programs.PROGRAMS)
        for name, variable in programs.variables_of(program)
        if _ACTOR_VARIABLE.search(name) and possibly(variable.is_present())
        for part in segments(space.value)
    )


def _is_named_by(actor: View, part: Segment) -> Answer:
    """Whether a part of a namespace is what a program gets as its actor."""
    if part.literal is None:
        return same_value(actor.world.resolve(part.value), actor.value)
    same = bool(part.literal) and actor.text == part.literal
    return answer(same, actor.value.assumed | part.value.assumed)


@rule(
    "MLS617",
    "agents-share-role",
    "medium",
    concern="production",
    practices=("AGENTSEC06-BP03", "AGENTREL02-BP02"),
    on=tuple(_ROLES),
    remedy=Remedy(
        "Give each agent a separate role with the permissions of its own tools.",
        "Give each agent a separate role with the permissions of its own tools.",
    ),
    controls=("bedrock_agent_role_not_shared_across_agents",),
)
def agents_share_role(agent: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """Several agents use the same execution role.

    A manipulated agent then has the permissions of all of them, and CloudTrail does not show which agent
    acted.

    The rule compares the roles of Bedrock agents and AgentCore runtimes of the project. One finding, at the
    first agent, names the others. The severity is low for Bedrock agents without action groups, knowledge
    bases and other agents in a project that nothing shows to be operated: they can only answer those who try
    them out.

    See [Amazon Bedrock AgentCore
    security](https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/security.html).
    """
    own = agent[_ROLES[agent.type]]
    # One finding for all that share a role: at the agent whose address comes first.
    alike = same_roles.those_sharing(own, _ROLES, graph)
    later: list[tuple[ResourceView, Answer]] = []

    def earlier() -> Iterator[Answer]:
        for each, same in alike:
            if each.address > agent.address:
                later.append((each, same))
                return
            yield same

    first = ~some(earlier())
    if first == NO:
        return
    sharing = [*later, *alike]
    found = [each for each, same in sharing if certainly(same)]
    message = f"{agent} uses the same role as {_names(agent, found)}: {own} should name a separate role"
    related = tuple((each[_ROLES[each.type]], f"{each} uses the same role") for each in found)
    shared = some(same for _, same in sharing) if sharing else NO
    answering = all(agents.only_answers(each) for each in (agent, *found))
    milder = _ONLY_ANSWER if answering and _is_tried(agent, graph) else ""
    yield Claim(first & shared, own, message, related=related, milder=milder)


def _is_tried(agent: ResourceView, graph: GraphView) -> bool:
    from mlwa_lint.graph.queries import prompts

    return bool(prompts.why_not_invoked(agent, graph))


def _names(agent: ResourceView, others: list[ResourceView]) -> str:
    """Agents by the names that the source gives them: those of one loop are one name."""
    own = _declared(agent)
    names = dict.fromkeys(map(_declared, others))
    written = ["the others of its loop" if name == own else name for name in names]
    if len(written) > _NAMED:
        written[_NAMED - 1 :] = [f"{len(written) - _NAMED + 1} others"]
    return " and ".join(written)


def _declared(agent: ResourceView) -> str:
    return _KEYS.sub("", str(agent))
