"""Who works for machine learning: resources, functions, the roles that they act with, and the project."""

from collections.abc import Callable

from mlwa_lint.facts.ai_services import ai_services, principals
from mlwa_lint.graph.edges import Edge, EdgeKind
from mlwa_lint.graph.iam import policies
from mlwa_lint.graph.iam.arns import reaching
from mlwa_lint.graph.kinds import (
    BATCH_JOB,
    ENDPOINT,
    FUNCTION,
    FUNCTION_ALIASES,
    GLUE_CRAWLER,
    GLUE_JOB,
    PERMISSION,
    ROLE,
    TASK_DEFINITION,
)
from mlwa_lint.graph.linking.naming import outline
from mlwa_lint.graph.memo import candidates, remembered
from mlwa_lint.graph.queries.ml_permissions import (
    AI_PREFIXES,
    JOB_ACTIONS,
    ML_SERVICES,
    WORK_ACTIONS,
    is_inference,
    is_preparation,
    lets_call_ai_service,
    lets_infer,
    lets_serve,
    lets_start,
    names_action,
)
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView
from mlwa_lint.model.answers import NO, YES, Answer, answer, certainly, possibly, some
from mlwa_lint.model.resources import INFERENCE, JOBS, NAMED_BY, REQUESTS, WORK
from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple

_ML_PREFIXES = (
    *(each for service in ai_services() for each in service.types),
    "aws_sagemaker_",
    "aws_bedrock",
)
# Services whose role is certainly there for machine learning; that of Glue may serve other ends.
ML_TRAINERS = tuple(each.prefix for each in ai_services() if each.dedicated)
ML_PRINCIPALS = principals()
PREPARING = ("glue",)
# AWS's policies that allow the actions of every service.
_EVERYTHING = ("AdministratorAccess", "PowerUserAccess")
# Those that call a function once, while a stack or a configuration is deployed.
_DEPLOYING = (
    "AWS::CloudFormation::CustomResource",
    "AWS::Lambda::Invocation",
    "Custom::",
    "aws_lambda_invocation",
)
_PROVIDED = (("USER_ON_EVENT_FUNCTION_ARN",), ("USER_IS_COMPLETE_FUNCTION_ARN",))
_VARIABLES = ("Environment", "Variables")
_CALLING = (EdgeKind.INVOKES, EdgeKind.TRIGGERS)
# What calls functions as tools of a model.
CALLERS_OF_TOOLS = ("AWS::Bedrock::Agent", "AWS::BedrockAgentCore::GatewayTarget")
# What mentions a function and does not call it.
_AROUND_FUNCTIONS = (*FUNCTION_ALIASES, PERMISSION, "AWS::Lambda::EventInvokeConfig")
# What runs programs whose calls are known where their code is in the repository, beside functions.
CODED = (BATCH_JOB, GLUE_JOB, TASK_DEFINITION)
# What is queried by its name, with all that prepares it.
QUERIED = ("AWS::Athena::WorkGroup", "AWS::Glue::Database")
# The role that pulls the image of a container is not the one that its program acts with.
PULLING = ("ExecutionRoleArn",)
# What names of roles contain whose functions work for machine learning.
_WORK_IN_NAME = lazy(
    r"(?i)sagemaker|bedrock|machine[-_]?learning|(?<![a-z])mlops(?![a-z])|training[-_]?jobs?(?![a-z])"
    r"|(?:re)?train(?:ing)?[-_]?models?|models?[-_]?(?:train|inference|serving)"
)


def is_ml_type(resource_type: str) -> bool:
    """Whether a resource's type alone shows that it belongs to machine learning."""
    return resource_type.startswith(_ML_PREFIXES)


@remembered
def calls_ai_service(
    function: ResourceView, graph: GraphView, services: tuple[str, ...] = AI_PREFIXES
) -> Answer:
    """Whether a function's role lets it call an AI service (Rekognition, Textract, Personalize …)."""
    return graph.targets(function, EdgeKind.ASSUMES, ROLE).any(
        lambda role: lets_call_ai_service(role, graph, services)
    )


@remembered
def calls_inference(function: ResourceView, graph: GraphView) -> Answer:
    """Whether a function may invoke an endpoint or a Bedrock model."""
    direct = graph.targets(function, EdgeKind.INVOKES, ENDPOINT)
    if direct.related:
        return YES
    return graph.targets(function, EdgeKind.ASSUMES, ROLE).any(lambda role: lets_infer(role, graph))


@remembered
def invokes_model(function: ResourceView, graph: GraphView) -> Answer:
    """Whether a function calls an AI service, an endpoint or a Bedrock model.

    Its role decides; where that is not known, or allows everything, its code may.
    """
    allowed = calls_ai_service(function, graph) | calls_inference(function, graph)
    return _or_as_requested(allowed, function, graph, is_inference, INFERENCE)


def _or_as_requested(
    allowed: Answer, function: ResourceView, graph: GraphView, is_one: Callable[[str], bool], kind: str = ""
) -> Answer:
    """What a function's role allows by name; where that is not known, what its code certainly calls, or not.

    A role that allows everything names nothing: what the code certainly calls counts as well.
    """
    from mlwa_lint.graph.queries import requests

    if certainly(allowed):
        return allowed
    if not possibly(allowed):
        called = tuple(filter(is_one, requests.actions_of(function, graph)))
        return _covers(function, called, graph) if called else allowed
    requested = requests.makes(function, graph, is_one, kind)
    return requested if certainly(requested) or not possibly(requested) else allowed


def _covers(function: ResourceView, actions: tuple[str, ...], graph: GraphView) -> Answer:
    """Whether a function's role lets it perform one of some actions, named or not."""
    return graph.targets(function, EdgeKind.ASSUMES, ROLE).any(
        lambda role: (
            policies.has_managed(role, _EVERYTHING)
            | policies.of_role(role, graph).any(
                lambda statement: reaching(
                    statement.allows() & statement.covers_any_action(*actions), statement, graph
                )
            )
        )
    )


@remembered
def starts_jobs(function: ResourceView, graph: GraphView) -> Answer:
    """Whether a function may start training, batch work or hosting, again and again.

    One that only sets up a stack, called by its custom resources, does so once.
    """
    if only_sets_up(function, graph):
        return NO
    allowed = graph.targets(function, EdgeKind.ASSUMES, ROLE).any(lambda role: lets_start(role, graph))
    return _or_as_requested(allowed, function, graph, JOB_ACTIONS.__contains__, JOBS)


def is_called(function: ResourceView, graph: GraphView) -> bool:
    """Whether something of the project calls a function, or permits others to."""
    return any(edge.kind in _CALLING for edge in graph.graph.edges_into(function.address))


def only_sets_up(function: ResourceView, graph: GraphView) -> bool:
    """Whether all that calls a function does so while something is deployed."""
    edges = graph.graph.edges_into(function.address)
    callers = [(graph.graph.by_address[edge.source].type, edge) for edge in edges if edge.kind in _CALLING]
    ways = [_deploys(kind, edge) for kind, edge in callers if kind not in _AROUND_FUNCTIONS]
    return bool(ways) and all(ways)


def _deploys(caller: str, edge: Edge) -> bool:
    """Whether a caller is a custom resource, or the function that implements one in the CDK's framework."""
    return caller.startswith(_DEPLOYING) or (caller == FUNCTION and edge.path[-1:] in _PROVIDED)


@remembered
def is_ml_function(function: ResourceView, graph: GraphView) -> Answer:
    """Whether a function works for machine learning: it invokes a model, starts ML jobs, or serves either.

    A function serves them that reads or writes features, reports events, or has people review predictions.
    One that is given a role of SageMaker hands it to jobs or models.
    """
    found = invokes_model(function, graph) | starts_jobs(function, graph)
    found = found if found == YES else found | _serves_models(function, graph)
    return found if found == YES else found | _is_given_role(function, graph)


@remembered
def serves_agent(function: ResourceView, graph: GraphView) -> Answer:
    """Whether an agent of Bedrock, or a gateway of AgentCore, calls a function as one of its tools.

    A model decides when, and with which arguments: what the function may do, whoever steers the model may.
    It need not invoke a model itself, and is none of the functions that do.
    """
    return answer(bool(graph.sources(function, EdgeKind.INVOKES, *CALLERS_OF_TOOLS).related))


def _is_given_role(function: ResourceView, graph: GraphView) -> Answer:
    """Whether a variable of a function names a role that SageMaker may assume, and its code may use that."""
    for edge in graph.graph.edges_from(function.address):
        target = graph.resource(edge.target)
        if edge.path[:2] != _VARIABLES or target.type != ROLE:
            continue
        if graph.settled(edge, edge.target, lambda each: policies.assumed_by(each, "sagemaker") != YES):
            continue
        if not graph.world.admits(edge.guards):
            continue
        given = graph.world.admits(target.resource.guards) and policies.assumed_by(target, "sagemaker") == YES
        if given and possibly(code_is_of_ml(function, graph)):
            return YES
    return NO


@remembered
def _serves_models(function: ResourceView, graph: GraphView) -> Answer:
    allowed = graph.targets(function, EdgeKind.ASSUMES, ROLE).any(lambda role: lets_serve(role, graph))
    return _or_as_requested(allowed, function, graph, WORK_ACTIONS.__contains__, WORK)


def code_is_of_ml(function: ResourceView, graph: GraphView) -> Answer:
    """Whether a function's code does what one of machine learning does, whatever its role allows."""
    from mlwa_lint.graph.queries import requests

    return some(
        (
            requests.makes(function, graph, is_inference, INFERENCE),
            requests.makes(function, graph, JOB_ACTIONS.__contains__, JOBS),
            requests.makes(function, graph, WORK_ACTIONS.__contains__, WORK),
        )
    )


@remembered
def is_coded_for_ml(program: ResourceView, graph: GraphView) -> bool:
    """Whether the code of a Glue job, a task of ECS or a job of Batch certainly works for machine learning.

    It invokes a model, starts jobs, serves either, or sets up and imports data for one.
    """
    if program.type not in CODED or REQUESTS not in program.resource.attributes.entries:
        return False
    from mlwa_lint.graph.queries import requests

    return any(
        is_inference(each) or each in JOB_ACTIONS or each in WORK_ACTIONS or is_preparation(each)
        for each in requests.actions_of(program, graph)
    )


@remembered
def has_ml(graph: GraphView) -> Answer:
    """Whether a resource, a builder, a function or a role of a project belongs to machine learning.

    A module that its callers leave out by default belongs to what they do.
    """
    from mlwa_lint.graph.queries.builders import BUILDERS, builds_ml

    if graph.graph.project.called_for_ml or graph.has_type(is_ml_type) or _reads_invocations(graph):
        return YES
    # What machine learning elsewhere queries by its name.
    if any(each.attributes[NAMED_BY].text for each in graph.one_by_one(*QUERIED)):
        return YES
    if any(certainly(builds_ml(each, graph)) for each in candidates(builds_ml, graph, *BUILDERS)):
        return YES
    if any(is_coded_for_ml(each, graph) for each in candidates(is_coded_for_ml, graph, *CODED)):
        return YES
    functions = graph.any_of(lambda each: is_ml_function(each, graph), FUNCTION)
    if certainly(functions):
        return functions
    return functions | graph.any_of(lambda each: _is_assumed_by_ml(each, graph) | names_ml(each, graph), ROLE)


def _reads_invocations(graph: GraphView) -> bool:
    """Whether a crawler reads what Bedrock logs of its models."""
    if GLUE_CRAWLER not in graph.graph.by_type:
        return False
    from mlwa_lint.graph.queries.logs import reads_invocations

    return any(map(reads_invocations, graph.one_by_one(GLUE_CRAWLER)))


@remembered
def names_ml(holder: ResourceView, graph: GraphView) -> Answer:
    """Whether a policy, or a role by one of its own, allows an action of a service of machine learning.

    Policies of the project that are attached to a role count like those that it states itself.
    """

    def is_one(statement: policies.Statement) -> Answer:
        return statement.allows() & names_action(statement, ML_SERVICES)

    own = policies.of_policy(holder).any(is_one)
    if holder.type != ROLE or certainly(own):
        return own
    return own | policies.of_role(holder, graph).any_known(is_one)


@remembered
def _is_assumed_by_ml(role: ResourceView, graph: GraphView) -> Answer:
    return policies.assumed_by(role, *ML_PRINCIPALS)


@remembered
def is_ml_role(role: ResourceView, graph: GraphView) -> Answer:
    """Whether a role serves machine learning.

    SageMaker, Bedrock or another ML service may assume it, or ML resources, functions that invoke models or
    programs whose code does act with it, or files elsewhere that name its ARN for that; a role of Glue is one
    where the project belongs to machine learning.
    What creates such resources (a pipeline, CloudFormation, a build) does not act with their roles, nor does
    a function that hands a role on.
    """
    own = YES if role.attributes[NAMED_BY].text else _is_assumed_by_ml(role, graph)
    own |= some(actor.is_ml for actor in ml_actors(role, graph))
    if certainly(own):
        return own
    preparing = policies.assumed_by(role, *PREPARING)
    return own | (preparing & has_ml(graph)) if possibly(preparing) else own


def serves_functions_elsewhere(role: ResourceView, graph: GraphView) -> bool:
    """Whether Lambda assumes a role, and no function of the project acts with it.

    A function that only waits for the role was meant to: no other one is declared elsewhere.
    """
    if not certainly(policies.assumed_by(role, "lambda")) or graph.sources(role, EdgeKind.ASSUMES).related:
        return False
    from mlwa_lint.graph.queries.dependencies import depending_on

    return all(each.type != FUNCTION for each in depending_on(role.address, graph))


@remembered
def lets_work_elsewhere(role: ResourceView, graph: GraphView) -> Answer:
    """Whether the functions of another stack that act with a role may invoke models or start jobs by it."""
    if not serves_functions_elsewhere(role, graph):
        return NO
    called = lets_call_ai_service(role, graph)
    return called | lets_infer(role, graph) | lets_start(role, graph)


def is_named_for_work_elsewhere(role: ResourceView, graph: GraphView) -> bool:
    """Whether a role for functions of another stack has a name that shows that they work for ML."""
    names = (role.address.rpartition(".")[2], outline(role["RoleName"].value))
    return any(_WORK_IN_NAME.search(name) for name in names) and serves_functions_elsewhere(role, graph)


class MlActor(NamedTuple):
    """A resource that acts with a role. Remembered, so without the view, which belongs to one world.

    shows_it: whether the code of a function certainly calls models or starts jobs.
    """

    type: str
    name: str
    is_ml: Answer
    shows_it: bool


@remembered
def ml_actors(role: ResourceView, graph: GraphView) -> tuple[MlActor, ...]:
    """The ML resources, the programs of ML by their code, and the functions that may be ones of ML.

    All of them act with a role.
    """
    related = graph.sources(role, EdgeKind.ASSUMES).related
    pulling = {each.resource for each in related if each.edge.path[-1:] == PULLING}
    actors = dict.fromkeys(each.resource for each in related)
    return tuple(
        _actor(each, graph)
        for each in actors
        if is_ml_type(each.type)
        or each.type == FUNCTION
        or (is_coded_for_ml(each, graph) and each not in pulling)
    )


def _actor(actor: ResourceView, graph: GraphView) -> MlActor:
    from mlwa_lint.graph.queries import requests

    if is_ml_type(actor.type) or actor.type in CODED:
        return MlActor(actor.type, str(actor), YES, shows_it=True)
    requested = requests.actions_of(actor, graph)
    shows_it = any(is_inference(each) or each in JOB_ACTIONS for each in requested)
    is_ml = is_ml_function(actor, graph) | serves_agent(actor, graph)
    return MlActor(actor.type, str(actor), is_ml, shows_it)
