"""What requests are handed on to: state machines, queues and functions that have a model invoked."""

from collections.abc import Iterator

from mlwa_lint.graph import workflows
from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.iam import policies
from mlwa_lint.graph.kinds import FUNCTION, ROLE, STATE_MACHINE
from mlwa_lint.graph.memo import remembered
from mlwa_lint.graph.queries import ml_work, nested, requests
from mlwa_lint.graph.queries.invokers import invokes_models
from mlwa_lint.graph.queries.ml_permissions import is_inference
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView
from mlwa_lint.model.answers import Answer, answer, certainly

_QUEUE = "AWS::SQS::Queue"
_POLLING = "AWS::Lambda::EventSourceMapping"
# What a function needs to hand something on to each of them.
_HANDING = {
    FUNCTION: ("lambda:InvokeFunction",),
    STATE_MACHINE: ("states:StartExecution", "states:StartSyncExecution"),
    _QUEUE: ("sqs:SendMessage",),
}
# How steps call the services that IAM knows by other names.
_CLIENTS = {"bedrockruntime": "bedrock", "bedrockagentruntime": "bedrock", "sagemakerruntime": "sagemaker"}
_CONVERSING = ("bedrock:Converse", "bedrock:ConverseStream")
# Jobs that invoke a model with what is in a bucket.
_BATCHES = ("sagemaker:CreateTransformJob", "bedrock:CreateModelInvocationJob")


@remembered
def has_model_invoked(taker: ResourceView, graph: GraphView) -> Answer:
    """Whether a state machine, a queue or a function certainly has a model invoked with what it gets."""
    if taker.type == STATE_MACHINE:
        return answer(any(_infers(step, graph) for step in nested.steps(taker, graph)))
    if taker.type == _QUEUE:
        return answer(any(certainly(invokes_models(each, graph)) for each in _polling(taker, graph)))
    return answer(certainly(invokes_models(taker, graph)))


def _infers(step: workflows.Step, graph: GraphView) -> bool:
    client, _, method = (step.at["Action"].text or "").partition(":")
    method = method.partition(".")[0]
    action = f"{_CLIENTS.get(client.lower(), client)}:{method[:1].upper()}{method[1:]}"
    if method and (is_inference(action) or action in (*_CONVERSING, *_BATCHES)):
        return True
    function = ml_work.function_of(step, graph)
    return function is not None and certainly(invokes_models(function, graph))


def _polling(queue: ResourceView, graph: GraphView) -> Iterator[ResourceView]:
    for mapping in graph.sources(queue, EdgeKind.REFERS_TO, _POLLING):
        yield from graph.targets(mapping, EdgeKind.TRIGGERS, FUNCTION)


@remembered
def hands_on(function: ResourceView, graph: GraphView) -> Answer:
    """Whether a function certainly may hand what it gets on to what has a model invoked.

    It names that, and its role lets it start, call or send. Code that passes nothing on does not.
    """
    if requests.keeps_to_itself(function):
        return answer(False)
    takers = [
        *graph.targets(function, EdgeKind.INVOKES, FUNCTION, STATE_MACHINE),
        *graph.targets(function, EdgeKind.REFERS_TO, _QUEUE),
    ]
    found = dict.fromkeys(each for each in takers if each != function)
    return answer(
        any(_may_hand(function, each, graph) and certainly(has_model_invoked(each, graph)) for each in found)
    )


def _may_hand(function: ResourceView, taker: ResourceView, graph: GraphView) -> bool:
    actions = _HANDING[taker.type]
    return any(
        certainly(statement.allows() & statement.covers_any_action(*actions))
        for role in graph.targets(function, EdgeKind.ASSUMES, ROLE)
        for statement in policies.of_role(role, graph).known
    )


def taken_by(holder: ResourceView, place: tuple[str, ...], text: str, graph: GraphView) -> Answer:
    """Whether an integration hands requests to a state machine or a queue that has a model invoked.

    place: the path of the integration. text: its URI, or its subtype.
    """
    starts = ":states:action/Start" in text or text.startswith("StepFunctions-Start")
    sends = ":sqs:" in text or text.startswith("SQS-SendMessage")
    if not starts and not sends:
        return answer(False)
    kind, wanted = (EdgeKind.INVOKES, STATE_MACHINE) if starts else (EdgeKind.REFERS_TO, _QUEUE)
    found = [
        each.resource
        for each in graph.targets(holder, kind, wanted).related
        if each.edge.path[: len(place)] == place
    ]
    return answer(any(certainly(has_model_invoked(each, graph)) for each in dict.fromkeys(found)))
