"""What the code of functions calls in AWS, if it is in the repository.

What code calls is certain; what it does not call is so only where nothing in it mentions a model. The rest is
undecided, as for code that is not in the repository.
"""

from collections.abc import Callable, Iterator

from mlwa_lint.facts.ai_services import ai_services
from mlwa_lint.graph.kinds import FUNCTION
from mlwa_lint.graph.memo import remembered
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView, View
from mlwa_lint.model.answers import NO, YES, Answer, certainly, every, some, undecided
from mlwa_lint.model.resources import BEDROCK, COMPLETE, JOBS, ONWARD, PROMPTING, REQUESTS, SILENT, UPLOADS
from mlwa_lint.model.values import ENVIRONMENT, Unknown
from mlwa_lint.startup.patterns import lazy

# What IAM calls the services of clients, and the actions of methods, where the names differ.
_SERVICES = {client: each.prefix for each in ai_services() for client in each.clients}
_ACTIONS = {
    "bedrock:Converse": "bedrock:InvokeModel",
    "bedrock:ConverseStream": "bedrock:InvokeModelWithResponseStream",
    "bedrock:StartAsyncInvoke": "bedrock:InvokeModel",
    "bedrock:RetrieveAndGenerateStream": "bedrock:RetrieveAndGenerate",
    "sagemaker:InvokeEndpointWithResponseStream": "sagemaker:InvokeEndpoint",
}

# What comes from an environment variable, or is given only where one is set.
_OF_VARIABLE = lazy(rf"(?:^|\0){ENVIRONMENT}(\w+)(?:$| holds)")


@remembered
def actions_of(function: ResourceView, graph: GraphView) -> frozenset[str]:
    """The actions that a function's code certainly calls, as IAM names them: `bedrock:InvokeModel`."""
    return frozenset(map(_action, _requests(function)))


def _requests(function: ResourceView) -> Iterator[View]:
    return iter(function.attributes[REQUESTS].known_items())


def _action(request: View) -> str:
    service, method = request["Service"].text or "", request["Method"].text or ""
    name = "".join(part.capitalize() for part in method.split("_"))
    action = f"{_SERVICES.get(service, service)}:{name}"
    return _ACTIONS.get(action, action)


def makes(function: ResourceView, graph: GraphView, is_one: Callable[[str], bool], kind: str = "") -> Answer:
    """Whether a function's code calls one of some actions, all of which are about models.

    kind: of which all of them are, `INFERENCE`, `BEDROCK` or `JOBS`.
    """
    if any(map(is_one, actions_of(function, graph))):
        return YES
    if certainly(function.attributes[COMPLETE].is_true()):
        return NO
    if kind and any(each.text == kind for each in function.attributes[SILENT].known_items()):
        return NO
    return undecided(f"which services the code of {function.address} calls is not known")


def calls_alone(function: ResourceView, graph: GraphView, is_one: Callable[[str], object]) -> bool:
    """Whether all that a function's code calls in AWS is known, and is among some actions.

    Neither models nor jobs are, nor what the code hands something on to.
    """
    known = {each.text for each in function.attributes[SILENT].known_items()}
    actions = actions_of(function, graph)
    return bool(actions) and {BEDROCK, JOBS, ONWARD} <= known and all(map(is_one, actions))


def analyses_no_uploads(function: ResourceView) -> bool:
    """Whether a function's code certainly has no AI service analyse pictures, documents, sounds or texts."""
    return any(each.text == UPLOADS for each in function.attributes[SILENT].known_items())


def sends_no_prompts(function: ResourceView) -> bool:
    """Whether a function's code certainly sends no prompts to models, whatever else it asks of Bedrock."""
    return certainly(function.attributes[COMPLETE].is_true()) or any(
        each.text == PROMPTING for each in function.attributes[SILENT].known_items()
    )


def keeps_to_itself(function: ResourceView) -> bool:
    """Whether a function's code certainly passes nothing on to what may invoke a model."""
    return any(each.text == ONWARD for each in function.attributes[SILENT].known_items())


def may_host_serverless(graph: GraphView) -> Answer:
    """Undecided where a function's code certainly makes endpoint configurations that are all serverless."""
    makers = filter(_hosts_serverless_only, graph.of_type(FUNCTION))
    return some(undecided(f"{each.address} may host it serverless") for each in makers)


def _hosts_serverless_only(function: ResourceView) -> bool:
    made = [each for each in _requests(function) if each["Method"].text == "create_endpoint_config"]
    listed = [each["Arguments.ProductionVariants"] for each in made]
    return bool(listed) and all(
        certainly(each.is_present() & each.every_item(lambda one: one["ServerlessConfig"].is_present()))
        for each in listed
    )


def models_of(function: ResourceView) -> Iterator[View]:
    """What a function's code names as models."""
    yield from _arguments(function, "modelId", "model_id", "model", "model_name")


def guardrail_versions_of(function: ResourceView) -> Iterator[tuple[View, Answer]]:
    """What a function's code names as versions of guardrails, and whether it names a guardrail with it."""
    for name in ("guardrail", "guardrailConfig.guardrail"):
        for request in _requests(function):
            places = dict.fromkeys((name.partition(".")[0], f"{name}Identifier"))
            given = every(_is_given(request["Arguments"][each], function) for each in places)
            for version in _stated(request, f"{name}Version", function):
                yield version, given


def _is_given(argument: View, function: ResourceView) -> Answer:
    """Whether an argument is given: it is not where the function lacks the variable that it comes from."""
    value = argument.value
    found = _OF_VARIABLE.search(value.identity) if isinstance(value, Unknown) else None
    return YES if found is None else ~function["Environment.Variables"][found[1]].is_absent()


def _arguments(function: ResourceView, *names: str) -> Iterator[View]:
    """Arguments that the code states itself; what comes from an environment variable is checked there."""
    for request in _requests(function):
        for name in names:
            yield from _stated(request, name, function)


def _stated(request: View, name: str, function: ResourceView) -> Iterator[View]:
    given = {value.text for _, value in function["Environment.Variables"].entries()}
    argument = request["Arguments"][name]
    value = argument.value
    is_open = isinstance(value, Unknown) and not value.identity.startswith(ENVIRONMENT)
    if is_open or (argument.text and argument.text not in given):
        yield argument.called(name.rpartition(".")[2])
