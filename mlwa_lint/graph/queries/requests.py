"""What the code of functions calls in AWS, if it is in the repository.

What code calls is certain; what it does not call is so only where nothing in it mentions a model. The rest is
undecided, as for code that is not in the repository.
"""

from collections.abc import Callable, Iterator

from mlwa_lint.facts.ai_services import ai_services
from mlwa_lint.graph.kinds import AGENTCORE_RUNTIME, FUNCTION, GUARDRAIL, SSM_PARAMETER
from mlwa_lint.graph.memo import remembered
from mlwa_lint.graph.queries.ml_permissions import PROMPTING_ACTIONS, is_inference
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView, View
from mlwa_lint.model.answers import NO, YES, Answer, certainly, every, some, undecided
from mlwa_lint.model.resources import (
    BEDROCK,
    BEYOND_STORES,
    COMPLETE,
    JOBS,
    JUDGING,
    MODEL_ARGUMENTS,
    MODEL_CALL,
    ONWARD,
    PROMPTING,
    REQUESTS,
    SILENT,
    TRIED,
    UPLOADS,
    WORK,
)
from mlwa_lint.model.values import ENVIRONMENT, ListValue, MapValue, Reference, Unknown
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

_ANSWERING = frozenset({"bedrock:RetrieveAndGenerate"})
_RETRIEVING = frozenset({"bedrock:Retrieve"})
_INVOKING = frozenset({"bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"})
# How libraries call a model.
_OF_LIBRARIES = ("model_id", "model", "model_name")
# What a question to a knowledge base is answered with.
_ANSWERED_WITH = "retrieveAndGenerateConfiguration"
_ID = "guardrailId"
# Where requests name a guardrail, and how they call it there.
_GUARDRAILS = (
    ("", "guardrailIdentifier"),
    ("", _ID),
    ("guardrailConfig", "guardrailIdentifier"),
    (
        f"{_ANSWERED_WITH}.knowledgeBaseConfiguration.generationConfiguration.guardrailConfiguration",
        _ID,
    ),
    (
        f"{_ANSWERED_WITH}.externalSourcesConfiguration.generationConfiguration.guardrailConfiguration",
        _ID,
    ),
)
_OTHERS_FOLLOW = "another model is called where this call fails"
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


def never_calls(function: ResourceView, graph: GraphView, service: str, kind: str) -> bool:
    """Whether a function's code is known, and makes no call of a service, of which all are of some kind.

    Code without any call is a placeholder of what is deployed later.
    """
    silent = any(each.text == kind for each in function.attributes[SILENT].known_items())
    actions = actions_of(function, graph)
    return silent and bool(actions) and not any(each.startswith(f"{service}:") for each in actions)


def prepares_alone(function: ResourceView, graph: GraphView) -> bool:
    """Whether a function's code certainly only sets something of Bedrock going, or looks after it.

    It starts an ingestion, for example: it calls Bedrock, but sends no prompts, retrieves nothing, and
    mentions no other service with models.
    """
    known = {each.text for each in function.attributes[SILENT].known_items()}
    actions = actions_of(function, graph)
    calls_bedrock = any(each.startswith("bedrock:") for each in actions)
    return calls_bedrock and {PROMPTING, UPLOADS, WORK} <= known and not any(map(is_inference, actions))


def analyses_no_uploads(function: ResourceView) -> bool:
    """Whether a function's code certainly has no AI service analyse pictures, documents, sounds or texts."""
    return any(each.text == UPLOADS for each in function.attributes[SILENT].known_items())


def sends_no_prompts(function: ResourceView) -> bool:
    """Whether a function's code certainly sends no prompts to models, whatever else it asks of Bedrock."""
    return certainly(function.attributes[COMPLETE].is_true()) or any(
        each.text == PROMPTING for each in function.attributes[SILENT].known_items()
    )


def judges_nothing(function: ResourceView) -> bool:
    """Whether nothing in a function's code, which is known, may judge how good a model is."""
    return any(each.text == JUDGING for each in function.attributes[SILENT].known_items())


def sends_prompts(function: ResourceView, graph: GraphView) -> bool:
    """Whether a function's code certainly sends prompts to models."""
    sends = certainly(makes(function, graph, PROMPTING_ACTIONS.__contains__, BEDROCK))
    return sends and not sends_no_prompts(function)


def embeds(function: ResourceView, graph: GraphView) -> bool:
    """Whether a function's code certainly invokes models, none of which it sends a prompt."""
    return sends_no_prompts(function) and bool(_INVOKING & actions_of(function, graph))


def keeps_to_itself(function: ResourceView) -> bool:
    """Whether a function's code certainly passes nothing on to what may invoke a model."""
    return any(each.text == ONWARD for each in function.attributes[SILENT].known_items())


def keeps_in_stores(function: ResourceView) -> bool:
    """Whether a function's code certainly passes nothing on but by what it keeps in tables and buckets."""
    return any(each.text == BEYOND_STORES for each in function.attributes[SILENT].known_items())


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
    """What a function's code names as models, also inside of what it configures a request with."""
    for request in _requests(function):
        yield from _models_of(request, function)


def _models_of(request: View, function: ResourceView) -> Iterator[View]:
    for name in _OF_LIBRARIES:
        yield from _stated(request["Arguments"][name], function)
    # The options of a job are its program's own.
    models = () if request["Service"].text == "sagemaker" else _models_in(request["Arguments"])
    yield from (each for model in models for each in _stated(model, function))


def why_only_tried(resource: ResourceView, model: View) -> str:
    """Why it matters less that a call of a model fails: another one is made then; else empty."""
    if resource.type == MODEL_CALL:
        tried = certainly(resource.attributes[TRIED].is_present())
    else:
        tried = model.text in _models_with_alternative(resource)
    return _OTHERS_FOLLOW if tried else ""


def _models_with_alternative(function: ResourceView) -> frozenset[str]:
    """The models that a function's code names only in calls after which it makes others where they fail."""
    tried: dict[str, bool] = {}
    for request in _requests(function):
        once_more = certainly(request[TRIED].is_present())
        for name in (each.text for each in _models_of(request, function)):
            if name is not None:
                tried[name] = tried.get(name, True) and once_more
    return frozenset(name for name, once_more in tried.items() if once_more)


def named_models(function: ResourceView) -> Iterator[tuple[View, tuple[View, ...]]]:
    """What a function's code names as models, each model once, with the further places that name it."""
    places: dict[str, list[View]] = {}
    for view in models_of(function):
        if view.text is None:
            yield view, ()
        else:
            places.setdefault(view.text, []).append(view)
    for first, *again in places.values():
        yield first, tuple(again)


def _models_in(given: View) -> Iterator[View]:
    """The models that arguments, or what lies in them, name."""
    value = given.value
    if isinstance(value, ListValue):
        for item in given.known_items():
            yield from _models_in(item)
    elif isinstance(value, MapValue):
        for key in value.entries:
            # A configuration that is not known at all names its model somewhere.
            if key in MODEL_ARGUMENTS or (key == _ANSWERED_WITH and isinstance(given[key].value, Unknown)):
                yield given[key]
            else:
                yield from _models_in(given[key])


def guardrail_versions_of(function: ResourceView) -> Iterator[tuple[View, Answer]]:
    """What a function's code names as versions of guardrails, and whether it names a guardrail with it."""
    for request in _requests(function):
        for path, key in _GUARDRAILS:
            holder = request["Arguments"][path] if path else request["Arguments"]
            if key == _ID and certainly(holder[key].is_absent()):
                continue  # it is named otherwise
            places = (holder, holder[key]) if path else (holder[key],)
            given = every(_is_given(each, function) for each in places)
            for version in _stated(holder["guardrailVersion"], function):
                yield version, given


def guards_documents(guardrail: ResourceView, graph: GraphView) -> Answer:
    """Whether the code of a function applies a guardrail to what it answers from a knowledge base.

    It retrieves documents and hands the guardrail to the model that gets them, or has both done at once.
    """
    functions, naming, unknown = _guarding(graph)
    found = sorted({*naming.get(guardrail.address, ()), *unknown})
    return some(
        _names(each, guardrail, graph)
        for function in (graph.resource(functions[number]) for number in found)
        for each in _guardrails_for_documents(function, graph)
    )


@remembered
def _guarding(graph: GraphView) -> tuple[tuple[str, ...], dict[str, list[int]], tuple[int, ...]]:
    """The functions, and which of them apply a guardrail to documents: by guardrail, and perhaps any."""
    functions = graph.of_type(FUNCTION)
    naming: dict[str, list[int]] = {}
    unknown = []
    for number, function in enumerate(functions):
        for each in _guardrails_for_documents(function, graph):
            if isinstance(each.value, Reference):
                naming.setdefault(each.value.address, []).append(number)
            elif each.text is None:
                unknown.append(number)
    return tuple(each.address for each in functions), naming, tuple(unknown)


def _guardrails_for_documents(function: ResourceView, graph: GraphView) -> list[View]:
    """What a function's code names as guardrails where it answers from a knowledge base."""
    retrieves = bool(_RETRIEVING & actions_of(function, graph))
    named: list[View] = []
    for request in _requests(function):
        at_once = _action(request) in _ANSWERING
        for path, key in _GUARDRAILS:
            holder = request["Arguments"][path] if path else request["Arguments"]
            if at_once or (retrieves and _action(request) in _INVOKING):
                named.append(holder[key])
    return [each for each in named if not certainly(each.is_absent())]


def _names(identifier: View, guardrail: ResourceView, graph: GraphView) -> Answer:
    """Whether an identifier is that of a guardrail: by reference, or by an SSM parameter that holds it."""
    value = identifier.value
    if isinstance(value, Reference):
        return YES if value.address == guardrail.address else NO
    if identifier.text is not None:
        return NO  # of a guardrail that was created before
    users = (graph.graph.by_address[each.source] for each in graph.graph.edges_into(guardrail.address))
    kept = any(each.type == SSM_PARAMETER for each in users)
    unread = isinstance(value, Unknown) and not value.identity.startswith(ENVIRONMENT)
    alone = len(graph.of_type(GUARDRAIL)) == 1
    return YES if kept and unread and alone else identifier.is_open()


def _is_given(argument: View, function: ResourceView) -> Answer:
    """Whether an argument is given: it is not where the function lacks the variable that it comes from."""
    value = argument.value
    found = _OF_VARIABLE.search(value.identity) if isinstance(value, Unknown) else None
    return YES if found is None else ~function["Environment.Variables"][found[1]].is_absent()


def _stated(argument: View, function: ResourceView) -> Iterator[View]:
    """An argument that the code states itself; what comes from an environment variable is checked there."""
    variables = "EnvironmentVariables" if function.type == AGENTCORE_RUNTIME else "Environment.Variables"
    given = {value.text for _, value in function[variables].entries()}
    value = argument.value
    is_open = isinstance(value, Unknown) and not value.identity.startswith(ENVIRONMENT)
    # An ARN that is made of a variable's value is that value.
    stated = argument.text and given.isdisjoint((argument.text, argument.text.rpartition("/")[2]))
    if is_open or stated:
        yield argument.called(argument.path[-1])
