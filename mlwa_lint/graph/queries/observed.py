"""Who invokes Bedrock models, whose prompts and responses are to be observed."""

from collections.abc import Iterator

from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.iam import policies
from mlwa_lint.graph.iam.arns import reaching
from mlwa_lint.graph.iam.wildcards import any_text, begins
from mlwa_lint.graph.kinds import (
    AGENT,
    AGENTCORE_RUNTIME,
    APP_RUNNER,
    FLOW,
    FUNCTION,
    INSTANCE,
    INSTANCE_PROFILE,
    KNOWLEDGE_BASE,
    ROLE,
    STATE_MACHINE,
    TASK_DEFINITION,
)
from mlwa_lint.graph.linking.naming import NAME_PROPERTIES
from mlwa_lint.graph.memo import remembered
from mlwa_lint.graph.queries.ml_permissions import lets_infer, lets_start
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView, View
from mlwa_lint.model.answers import NO, YES, Answer, answer, certainly, possibly, some
from mlwa_lint.model.resources import BEDROCK
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import Scalar, Unknown

BEDROCK_TYPES = (AGENT, FLOW, KNOWLEDGE_BASE)
EVALUATION = "AWS::BedrockAgentCore::OnlineEvaluationConfig"
# Programs that act with a role of their own.
_PROGRAMS = (FUNCTION, AGENTCORE_RUNTIME, TASK_DEFINITION, APP_RUNNER)
# With the execution role of a task ECS pulls its image, as App Runner does with the access role of a service;
# the programs act with the task role and the instance role.
_STARTED_WITH = (("ExecutionRoleArn",), ("AccessRoleArn",))

# The nodes of flows that invoke models themselves; one with a knowledge base does where it names a model.
_NODES = ("Prompt", "Agent")
# The properties that name users of models, beside those of other types.
_NAMES = {
    AGENT: "AgentName",
    AGENTCORE_RUNTIME: "AgentRuntimeName",
    TASK_DEFINITION: "Family",
    APP_RUNNER: "ServiceName",
}
MACHINES = (INSTANCE, "AWS::EC2::LaunchTemplate")
_MACHINE_ROLES = (INSTANCE_PROFILE, "AWS::EKS::PodIdentityAssociation")
_ACCOUNT = "system:serviceaccount:"
USERS = (*BEDROCK_TYPES, STATE_MACHINE, *_PROGRAMS, *MACHINES, ROLE)
_MANAGED = ("AmazonBedrockFullAccess", "AmazonBedrockLimitedAccess")
# … and AgentCore.
MANAGED = (*_MANAGED, "BedrockAgentCoreFullAccess")
# How many programs a message names that share a role.
PROGRAMS_LISTED = 3
_INVOKING = (
    *("bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"),
    *("bedrock:Retrieve", "bedrock:RetrieveAndGenerate"),
)


def first_bedrock_user(graph: GraphView) -> list[tuple[ResourceView, Answer]]:
    """The first resource that invokes Bedrock models, or else the first that may; none where none does.

    What is always there comes before what only some worlds have. Where several programs act with one role
    and nothing shows which of them invokes models, that is the role.
    """
    return [(graph.resource(address), invokes) for address, invokes in _first_bedrock_user(graph)]


@remembered
def _first_bedrock_user(graph: GraphView) -> tuple[tuple[str, Answer], ...]:
    ranked = sorted(users_of_models(graph), key=lambda each: _rank(each[0], graph))
    for question in (certainly, possibly):
        for user, invokes in ranked:
            if question(invokes):
                return ((user.address, invokes),)
    return ()


def users_of_models(graph: GraphView) -> list[tuple[ResourceView, Answer]]:
    """All that may invoke Bedrock models, and whether each does."""
    from mlwa_lint.graph.queries import bedrock

    found = list(graph.queried(calls_models, *BEDROCK_TYPES))
    found += graph.queried(lambda each: answer(bool(bedrock.invoking_steps(each))), STATE_MACHINE)
    for each, invokes in graph.queried(lambda each: may_invoke_models(each, graph), *_PROGRAMS):
        if _only_provisions(each, graph):
            continue
        found.append((_user_among_sharers(each, graph), invokes))
    found += [(_behind(role, graph), _lets_invoke(role, graph)) for role in _roles_of_machines(graph)]
    return found


def _only_provisions(program: ResourceView, graph: GraphView) -> bool:
    """Whether a function runs while something is deployed only, and its code is not known to send prompts."""
    if program.type != FUNCTION:
        return False
    from mlwa_lint.graph.queries import requests
    from mlwa_lint.graph.queries.identity import only_sets_up

    return only_sets_up(program, graph) and not requests.sends_prompts(program, graph)


def _rank(
    user: ResourceView, graph: GraphView
) -> tuple[bool, bool, bool, bool, bool, tuple[bool, Span, str]]:
    """Of several users of models, one that people wait for comes first: agents, and what an API leads to.

    What is always there comes before it, what several share after it, for it may be none of them, and a role
    that nothing in the project acts with last. A knowledge base comes after programs that certainly send
    prompts: it only embeds.
    """
    awaited = user.type in _AWAITED or any(
        each.type.startswith(_APIS) for each in graph.sources(user, EdgeKind.INVOKES)
    )
    unused = user.type == ROLE and not graph.sources(user, EdgeKind.ASSUMES).related
    embeds = user.type == KNOWLEDGE_BASE and _have_prompts(graph)
    return unused, embeds, _is_shared(user, graph), bool(user.resource.guards), not awaited, user.order


@remembered
def _have_prompts(graph: GraphView) -> bool:
    """Whether the code of a function that is always there certainly sends prompts to models."""
    from mlwa_lint.graph.queries import requests

    functions = (each for each in graph.of_type(FUNCTION) if not each.resource.guards)
    return any(requests.sends_prompts(each, graph) for each in functions)


def _is_shared(user: ResourceView, graph: GraphView) -> bool:
    """Whether a user of models is a role that several programs share."""
    return user.type == ROLE and len(_programs_with(user, graph)) > 1


def _user_among_sharers(program: ResourceView, graph: GraphView) -> ResourceView:
    """A program that may invoke models; or another one with its role that shows it; or else the role."""
    if _shows_that_it_invokes(program, graph):
        return program
    for role in graph.targets(program, EdgeKind.ASSUMES, ROLE, besides=_STARTED_WITH):
        if possibly(_lets_invoke(role, graph)) and _is_shared(role, graph):
            return graph.resource(_first_sharer(role, graph) or role.address)
    return program


@remembered
def _first_sharer(role: ResourceView, graph: GraphView) -> str:
    """The first program with a role that shows that it invokes models; empty where none does."""
    sharers = _programs_with(role, graph)
    return next((each for each in sharers if _shows_that_it_invokes(graph.resource(each), graph)), "")


@remembered
def _shows_that_it_invokes(program: ResourceView, graph: GraphView) -> bool:
    """Whether more than its role shows that a program invokes models: its code, or a variable of it."""
    from mlwa_lint.graph.queries import bedrock, requests

    if program.type == FUNCTION and certainly(
        requests.makes(program, graph, _INVOKING.__contains__, BEDROCK)
    ):
        return True
    return any(bedrock.name_of(model) for model in bedrock.models_of(program))


@remembered
def _programs_with(role: ResourceView, graph: GraphView) -> tuple[str, ...]:
    """The programs that act with a role and may invoke models with it, as far as is known."""
    links = graph.sources(role, EdgeKind.ASSUMES, *_PROGRAMS).related
    acting = (each.resource for each in links if each.edge.path[-1:] not in _STARTED_WITH)
    return tuple(dict.fromkeys(each.address for each in acting if possibly(may_invoke_models(each, graph))))


_AWAITED = (AGENT, FLOW, AGENTCORE_RUNTIME)
_APIS = ("AWS::ApiGateway", "AWS::Lambda::Url")
_VALUES = (".tfvars", ".tfvars.json")


def is_made_to_be_repeated(user: ResourceView, graph: GraphView) -> bool:
    """Whether the name of a resource holds a variable, so that an account can have several of its kind.

    Or the name of every program that acts with a role that has no such name itself, or of every role that a
    program acts with. A literal name of either is taken when it is deployed for the second time.
    """
    if user.type == ROLE:
        around = [graph.resource(each) for each in _programs_with(user, graph)]
    else:
        around = list(graph.targets(user, EdgeKind.ASSUMES, ROLE, besides=_STARTED_WITH))
    if any(map(_has_name_of_account, (user, *around))):
        return False
    return _holds_variable(user) or (bool(around) and all(map(_holds_variable, around)))


def _has_name_of_account(user: ResourceView) -> bool:
    """Whether a resource certainly has a name, the same wherever it is deployed, that an account has once."""
    if user.type in MACHINES or user.type == TASK_DEFINITION:
        return False
    key = _NAMES.get(user.type) or NAME_PROPERTIES.get(user.type, "Name")
    name = user[key].value
    return isinstance(name, Scalar) and not _is_given(name)


def _holds_variable(user: ResourceView) -> bool:
    keys = (_NAMES.get(user.type) or NAME_PROPERTIES.get(user.type, "Name"), "Name")
    names = [user[key].value for key in dict.fromkeys(keys)]
    if user.type in MACHINES:  # which are named by a tag
        tags = user["Tags"].known_items()
        names += [each["Value"].value for each in tags if each["Key"].text == "Name"]
    return any(isinstance(each, Unknown) or (isinstance(each, Scalar) and _is_given(each)) for each in names)


def _is_given(name: Scalar) -> bool:
    """Whether a name rests on a variable: on its default, or on the value that a file of values gives it."""
    return bool(name.assumed) or (name.origin is not None and name.origin.path.endswith(_VALUES))


def use_of_models(user: ResourceView, graph: GraphView) -> str:
    """What is known of a user of models: a program's role lets it invoke them, which it may never do."""
    if _is_shared(user, graph):
        programs_of_role = _programs_with(user, graph)
        first = ", ".join(programs_of_role[:PROGRAMS_LISTED])
        more = len(programs_of_role) - PROGRAMS_LISTED
        rest = f" and {more} more" if more > 0 else ""
        return f"lets {len(programs_of_role)} programs invoke Bedrock models ({first}{rest})"
    invokes = user.type in (*BEDROCK_TYPES, STATE_MACHINE)
    return f"{'invokes' if invokes else 'may invoke'} Bedrock models"


def is_role_alone(user: ResourceView, graph: GraphView) -> bool:
    """Whether a user of models is a role that no program of the project acts with."""
    return user.type == ROLE and not _programs_with(user, graph)


def _roles_of_machines(graph: GraphView) -> Iterator[ResourceView]:
    """The roles that programs on instances, in pods of EKS, or of AgentCore elsewhere certainly act with.

    An agent that a command makes has no resource. What is not known of the trust of a role matters only
    where the role may invoke models.
    """
    for role, _ in graph.queried(lambda each: _lets_invoke(each, graph), ROLE):
        if graph.sources(role, EdgeKind.ASSUMES, *_MACHINE_ROLES).related or certainly(
            _serves_pods(role, graph) | _serves_agents_elsewhere(role, graph)
        ):
            yield role


@remembered
def has_machine_that_invokes(graph: GraphView) -> bool:
    """Whether a program on an instance, or in a pod of EKS, certainly may invoke models with its role."""
    for role in graph.of_type(ROLE):
        if certainly(_lets_invoke(role, graph)) and (
            _behind(role, graph) != role or serves_pods(role, graph)
        ):
            return True
    return False


def serves_pods(role: ResourceView, graph: GraphView) -> bool:
    """Whether programs in pods of EKS certainly act with a role."""
    return certainly(_serves_pods(role, graph))


def _serves_agents_elsewhere(role: ResourceView, graph: GraphView) -> Answer:
    """Whether AgentCore may assume a role in a project that declares no runtime."""
    if graph.graph.by_type.get(AGENTCORE_RUNTIME):
        return NO
    return policies.assumed_by(role, "bedrock-agentcore")


@remembered
def _serves_pods(role: ResourceView, graph: GraphView) -> Answer:
    """Whether a service account of Kubernetes may assume a role."""
    return policies.assumed_by(role, "pods") | policies.trust(role).any(
        lambda statement: (
            statement.allows() & some(_names_account(wanted) for _, _, wanted in statement.conditions())
        )
    )


def _names_account(wanted: View) -> Answer:
    return any_text(wanted, lambda view: begins(view, _ACCOUNT), lambda text: text.startswith(_ACCOUNT))


@remembered
def program_of(role: ResourceView, graph: GraphView) -> str | None:
    """The task, service or instance of the project that certainly acts with a role, as messages call it."""
    for each in graph.sources(role, EdgeKind.ASSUMES, TASK_DEFINITION, APP_RUNNER).related:
        if each.edge.path[-1:] not in _STARTED_WITH:
            return str(each.resource)
    machine = _behind(role, graph)
    return None if machine == role else str(machine)


def runs_model_program(role: ResourceView, graph: GraphView) -> Answer:
    """Whether such a program acts with a role, and a policy of AWS lets it invoke models or use AgentCore."""
    managed = policies.has_managed(role, MANAGED)
    return managed if possibly(managed) and program_of(role, graph) is not None else NO


def _behind(role: ResourceView, graph: GraphView) -> ResourceView:
    """The instance that acts with a role, if the project has one; the role itself elsewhere."""
    for profile in graph.sources(role, EdgeKind.ASSUMES, INSTANCE_PROFILE):
        for edge in graph.graph.edges_into(profile.address):
            source = graph.graph.by_address[edge.source]
            if source.type in MACHINES and graph.world.admits((*edge.guards, *source.guards)):
                return ResourceView(source, graph.world)
    return role


def machine_acts_for_ml(machine: ResourceView, graph: GraphView) -> Answer:
    """Whether the role of an instance, or of one that a launch template starts, may use or make models.

    It may invoke models of Bedrock or endpoints, or start training, batch work or hosting.
    """
    return some(
        _lets_invoke(role, graph) | lets_infer(role, graph) | lets_start(role, graph)
        for profile in graph.targets(machine, EdgeKind.REFERS_TO, INSTANCE_PROFILE)
        for role in graph.targets(profile, EdgeKind.ASSUMES, ROLE)
    )


def calls_models(resource: ResourceView) -> Answer:
    """Whether a resource of Bedrock invokes models.

    A knowledge base over a Kendra index has none, and neither has a flow whose nodes only retrieve, store
    and call functions.
    """
    if resource.type == FLOW:
        return _has_model(resource)
    if resource.type != KNOWLEDGE_BASE:
        return YES
    return ~resource["KnowledgeBaseConfiguration"]["Type"].equals("KENDRA")


def _has_model(flow: ResourceView) -> Answer:
    """Whether a node of a flow invokes a model or an agent; one without known nodes may."""
    nodes = flow["Definition.Nodes"]
    return nodes.any_item(_invokes) if nodes.known_items() else YES


def _invokes(node: View) -> Answer:
    inner = node["Configuration.Loop.Definition.Nodes"].any_item(lambda each: each["Type"].one_of(_NODES))
    base = node["Type"].equals("KnowledgeBase") & node["Configuration.KnowledgeBase.ModelId"].is_present()
    return node["Type"].one_of(_NODES) | base | inner


@remembered
def may_invoke_models(program: ResourceView, graph: GraphView) -> Answer:
    """Whether the role of a function, a task or a runtime names an action that invokes Bedrock models.

    The code of a function is more precise than its role, where it is known.
    """
    from mlwa_lint.graph.queries import requests

    if program.type == FUNCTION:
        requested = requests.makes(program, graph, _INVOKING.__contains__, BEDROCK)
        if certainly(requested) or not possibly(requested):
            return requested
        if requests.sends_no_prompts(program):
            return NO
    roles = graph.targets(program, EdgeKind.ASSUMES, ROLE, besides=_STARTED_WITH)
    return roles.any(lambda role: _lets_invoke(role, graph))


def has_bedrock_policy(role: ResourceView) -> bool:
    """Whether a role certainly has a policy of AWS that lets it invoke models."""
    return certainly(policies.has_managed(role, _MANAGED))


@remembered
def _lets_invoke(role: ResourceView, graph: GraphView) -> Answer:
    """Whether a statement that names Bedrock, or an AWS managed policy, lets a role invoke models."""
    return policies.has_managed(role, _MANAGED) | policies.of_role(role, graph).any(
        lambda statement: reaching(
            statement.allows()
            & statement.covers_any_action(*_INVOKING)
            & statement.any_action(lambda text: text.lower().startswith("bedrock:")),
            statement,
            graph,
        )
    )
