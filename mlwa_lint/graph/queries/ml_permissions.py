"""What policies allow of machine learning: the actions and services of AI and ML, and which a role may use.

A statement shows a purpose only where it names the service: `*` allows everything, and shows nothing.
"""

from mlwa_lint.facts.ai_services import actions_that, ai_services, prefixes
from mlwa_lint.graph.iam import policies
from mlwa_lint.graph.iam.arns import reaching
from mlwa_lint.graph.memo import remembered
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView
from mlwa_lint.model.answers import Answer

# Those of which a managed policy shows what it lets a client call.
_ENDPOINT_SERVICES = ("sagemaker", "bedrock", "bedrock-agentcore", "bedrock-mantle")
# What invokes models without an endpoint or Bedrock; of some, all that neither administers nor lists does.
_AI_SERVICES = tuple(
    each.prefix for each in ai_services() if not each.infers and each.prefix not in _ENDPOINT_SERVICES
)
_NAMED_SERVICES = tuple(
    each for each in ai_services() if each.infers and each.prefix not in _ENDPOINT_SERVICES
)
AI_PREFIXES = (*_AI_SERVICES, *(each.prefix for each in _NAMED_SERVICES))
_INFERRING = frozenset(actions_that("infers"))
_INFERENCE_POLICIES = tuple(
    name
    for each in ai_services()
    if each.prefix in _ENDPOINT_SERVICES and each.infers
    for name in each.policies
)
# Policies with what serves models alone.
_WORK_POLICIES = tuple(
    name for each in ai_services() if not each.infers and each.works for name in each.policies
)
# What a statement that belongs to machine learning names.
ML_SERVICES = prefixes()
# Actions of AI services that only set something up, or list what exists, and invoke no model.
_ADMINISTRATION = (
    "associate",
    "copy",
    "create",
    "delete",
    "describe",
    "disassociate",
    "import",
    "list",
    "put",
    "stop",
    "tag",
    "untag",
    "update",
)
_PREPARING = ("batchimport", "create", "import", "put", "start")
# What starts training, batch work or hosting.
JOB_ACTIONS = actions_that("trains", "runs")
# What reads and writes features, reports events and has people review predictions.
WORK_ACTIONS = actions_that("works")
_WORKING_SERVICES = tuple(dict.fromkeys(action.partition(":")[0] for action in WORK_ACTIONS))
# What chooses the role that people work with.
_ROLE_GIVING_ACTIONS = (
    "sagemaker:CreateDomain",
    "sagemaker:CreateNotebookInstance",
    "sagemaker:CreateUserProfile",
    "sagemaker:UpdateDomain",
    "sagemaker:UpdateNotebookInstance",
    "sagemaker:UpdateUserProfile",
)
_STARTING_SERVICES = tuple(dict.fromkeys(action.partition(":")[0] for action in JOB_ACTIONS))
_INFERENCE_ACTIONS = tuple(
    action for each in ai_services() if each.prefix in _ENDPOINT_SERVICES for action in each.actions("infers")
)

# What sends a prompt to a model.
PROMPTING_ACTIONS = (
    "bedrock:InvokeModel",
    "bedrock:InvokeModelWithResponseStream",
    "bedrock:RetrieveAndGenerate",
    "bedrock:InvokeAgent",
    "bedrock:InvokeFlow",
)


def is_preparation(action: str) -> bool:
    """Whether an action sets something up in an AI service, or imports data: `CreateDatasetImportJob`."""
    service, _, name = action.lower().partition(":")
    return service in ML_SERVICES and name.startswith(_PREPARING)


def is_inference(action: str) -> bool:
    """Whether an action invokes a model, an endpoint, an agent or an AI service."""
    service, _, name = action.lower().partition(":")
    return action in _INFERRING or (service in _AI_SERVICES and not name.startswith(_ADMINISTRATION))


def names_action(statement: policies.Statement, services: tuple[str, ...]) -> Answer:
    """Whether a statement names an action of some services; `*` alone does not show a purpose."""
    return statement.any_action(lambda text: text.partition(":")[0].lower() in services)


def _names_inference(statement: policies.Statement, services: tuple[str, ...]) -> Answer:
    """Whether a statement names an action of some AI services that invokes a model."""

    def is_one(text: str) -> bool:
        service, _, action = text.lower().partition(":")
        return service in services and not action.startswith(_ADMINISTRATION)

    return statement.any_action(is_one)


@remembered
def lets_call_ai_service(
    role: ResourceView, graph: GraphView, services: tuple[str, ...] = AI_PREFIXES
) -> Answer:
    """Whether a role may use some AI services (Rekognition, Textract, Personalize …), by what it names."""
    managed = tuple(name for each in ai_services() if each.prefix in services for name in each.policies)
    broad = tuple(each for each in _AI_SERVICES if each in services)
    named = [each for each in _NAMED_SERVICES if each.prefix in services]
    narrow = tuple(each.prefix for each in named)
    actions = tuple(action for each in named for action in each.actions("infers"))
    return policies.has_managed(role, managed) | policies.of_role(role, graph).any(
        lambda statement: (
            statement.allows()
            & (
                _names_inference(statement, broad)
                | (names_action(statement, narrow) & statement.covers_any_action(*actions))
            )
        )
    )


@remembered
def lets_infer(role: ResourceView, graph: GraphView) -> Answer:
    """Whether a role may invoke an endpoint or a Bedrock model, by what it names."""
    inferring = _lets(role, _ENDPOINT_SERVICES, _INFERENCE_ACTIONS, graph)
    return policies.has_managed(role, _INFERENCE_POLICIES) | inferring


@remembered
def lets_invoke_agents(role: ResourceView, graph: GraphView) -> Answer:
    """Whether a role may invoke agents of Bedrock, by what it names."""
    managed = policies.has_managed(role, ("AmazonBedrockFullAccess",))
    return managed | _lets(role, ("bedrock",), ("bedrock:InvokeAgent", "bedrock:InvokeInlineAgent"), graph)


def _lets(
    role: ResourceView, services: tuple[str, ...], actions: tuple[str, ...], graph: GraphView
) -> Answer:
    """Whether a statement that names some services lets a role do one of some actions."""
    return policies.of_role(role, graph).any(
        lambda statement: reaching(
            statement.allows() & names_action(statement, services) & statement.covers_any_action(*actions),
            statement,
            graph,
        )
    )


@remembered
def lets_start(role: ResourceView, graph: GraphView) -> Answer:
    """Whether a role may start training, batch work or hosting, by what it names."""
    return _lets(role, _STARTING_SERVICES, JOB_ACTIONS, graph)


@remembered
def lets_give_roles(role: ResourceView, graph: GraphView) -> Answer:
    """Whether a role may choose the role of a notebook instance, a Studio domain or a user profile."""
    return _lets(role, ("sagemaker",), _ROLE_GIVING_ACTIONS, graph)


@remembered
def lets_serve(role: ResourceView, graph: GraphView) -> Answer:
    """Whether a role may serve models otherwise, by what it names: features, events, reviews by people."""
    return policies.has_managed(role, _WORK_POLICIES) | _lets(role, _WORKING_SERVICES, WORK_ACTIONS, graph)
