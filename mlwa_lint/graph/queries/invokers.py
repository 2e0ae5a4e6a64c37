"""Functions behind an API: whether one invokes a model, and whether it may check its callers itself."""

from collections.abc import Iterator

from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.iam import managed, policies
from mlwa_lint.graph.kinds import FUNCTION, ROLE
from mlwa_lint.graph.linking.naming import outline
from mlwa_lint.graph.memo import remembered
from mlwa_lint.graph.queries.identity import calls_ai_service, invokes_model, is_ml_type
from mlwa_lint.graph.queries.ml_permissions import is_inference
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView
from mlwa_lint.model.answers import NO, YES, Answer, certainly, possibly, undecided
from mlwa_lint.model.resources import (
    CATCHES_ALL,
    CHECKS_CALLERS,
    CODE_PATH,
    INFERENCE,
    NEEDS_RECORDS,
    READ_VARIABLES,
    REQUESTS,
    VERIFIES_SIGNATURES,
)
from mlwa_lint.model.values import references_in
from mlwa_lint.startup.patterns import lazy

_TABLES = ("AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable")
# Variables that name the model, endpoint or agent that a function invokes.
_INVOKING_MARK = lazy(
    r"(?i)model|bedrock|sagemaker|endpoint_name|agent|knowledge_?base|guardrail|inference|llm|prompt|embed"
    r"|campaign_?arn|recommender|kendra|fraud_?detector|detector_?(?:id|name)|forecast_?arn|bot_?(?:alias_?)?id"
)
# Names of functions and handlers that show the same.
_INVOKING_NAME = lazy(
    r"(?i)bedrock|sagemaker|model|infer|predict|invoke|chat|\bask|answer|agent|llm|\brag|embed|summar|classif"
    r"|sentiment|recommend|personali[sz]|forecast|fraud"
)
# … where their role may call an AI service.
_SERVICE_NAME = lazy(r"(?i)rekogn|textract|transcri|comprehend|translat|polly|recogni|detect")
_TRAINING_NAME = lazy(r"(?i)train|tuning|featur|transform")
# … and of functions that only let clients in: authorizers, and those that sign addresses for uploads.
_OTHER_WORK = lazy(r"(?i)pre[_-]?sign|signed[_-]?url|upload|authori[sz]er|connect|cors")
# What programs call the services.
_CALLS = lazy(
    r"(?i)bedrock|sagemaker|invoke_?endpoint|rekognition|textract|transcribe|comprehend|polly|translate"
    r"|personalize|forecast|frauddetector|kendra|qbusiness|lex(?:v2)?-runtime"
)
# Variables with what callers have to show, and with who vouches for them. A key of a service that the
# function itself calls has that service's name in front.
_CHECKING = lazy(
    r"(?i)^(?:(?:api|app|my|admin|backend|bot|chat|chatbot|client|dashboard|expected|frontend|gateway|internal"
    r"|lambda|master|proxy|server|service|shared|valid|x)_)*"
    r"(?:api_?keys?|auth_?(?:key|token|secret)|access_?key|bearer_?token|shared_?secret|basic_?auth|password)"
    r"(?:_(?:secret|ssm|param|parameter|hash|name|arn|id|value|path))*$"
    r"|cognito|user_?pool|jwks|(?:^|_)jwt|oidc|auth0|okta|signing_?secret|webhook_?secret|hmac"
)
# What AI services do with a text of a request, and what every function may do besides.
_ANALYSING = lazy(
    r"(?i)(?:comprehend|polly|translate|logs|xray):.+|ec2:(?:assign|create|delete|describe|unassign)\w*(?:networkinterfaces?|privateipaddresses)$"
)
_WORD_START = lazy(r"(?<=[a-z0-9])(?=[A-Z])|[-/.]")


@remembered
def invokes_models(function: ResourceView, graph: GraphView) -> Answer:
    """Whether a function invokes a model or an AI service, according to its own role, name and variables.

    Code that is known, and that hands nothing on to other functions, decides whatever the role allows. What a
    role allows that several functions share may be for another one of them.
    """
    from mlwa_lint.graph.queries import requests

    allowed = invokes_model(function, graph)
    requested = requests.makes(function, graph, is_inference, INFERENCE)
    if certainly(requested) and possibly(allowed):
        return requested
    if not possibly(requested) and (requests.keeps_to_itself(function) or sharing_role(function, graph)):
        return NO
    if not possibly(requested) and requests.keeps_in_stores(function) and not _stores_start_work(graph):
        return NO
    if not certainly(allowed) or not sharing_role(function, graph) or _looks_like_invoking(function, graph):
        return allowed
    return undecided(why_of_another(function, "that invoke a model"))


@remembered
def _stores_start_work(graph: GraphView) -> bool:
    """Whether a table of the project has a stream, or a bucket notifications, which may start anything."""
    return any(
        possibly(each[key].is_present())
        for key, types in (
            ("StreamSpecification", _TABLES),
            ("NotificationConfiguration", ("AWS::S3::Bucket",)),
        )
        for each in graph.of_type(*types)
    )


def why_of_another(function: ResourceView, work: str) -> str:
    """Why it is not known which of the functions that share a role does some work that the role allows."""
    return f"{_why_code_is_open(function)}, and others with its role may be those {work}"


def _why_code_is_open(function: ResourceView) -> str:
    """Why the code of a function does not decide what it does."""
    if REQUESTS in function.resource.attributes.entries:
        return f"the code of {function.address} does not show what it requests"
    code = function["Code"]
    place = function.attributes[CODE_PATH].text or code["S3Key"].text or code["ImageUri"].text or code.text
    named = f" ({place.rpartition('/')[2]})" if place and "\n" not in place else ""
    return f"the code of {function.address}{named} is not known"


def only_analyses(function: ResourceView, graph: GraphView) -> bool:
    """Whether a function certainly may do nothing but have AI services analyse texts that its callers send.

    These have no model, prompt or data of the project: requests of others cost, and disclose nothing.
    """
    from mlwa_lint.graph.queries import requests

    if requests.calls_alone(function, graph, _ANALYSING.match):
        return True
    acting = graph.targets(function, EdgeKind.ASSUMES, ROLE)
    if acting.unknown or not acting.related:
        return False
    return all(_only_analyses(role, graph) for role in acting)


def _only_analyses(role: ResourceView, graph: GraphView) -> bool:
    by_aws, unknown = managed.attached(role, graph)
    stated = policies.of_role(role, graph)
    if unknown or not certainly(stated.all(_allows_analyses)):
        return False
    return all(certainly(_allows_analyses(each)) for each in by_aws)


def _allows_analyses(statement: policies.Statement) -> Answer:
    others = statement["NotAction"].is_present() | statement.any_action(
        lambda text: _ANALYSING.match(text) is None
    )
    return statement.denies() | ~others


def sharing_role(function: ResourceView, graph: GraphView) -> list[ResourceView]:
    """The other functions that act with a role of a function."""
    roles = graph.targets(function, EdgeKind.ASSUMES, ROLE)
    return [
        each for role in roles for each in graph.sources(role, EdgeKind.ASSUMES, FUNCTION) if each != function
    ]


def looks_like_ml(function: ResourceView, graph: GraphView) -> bool:
    """Whether a function's code, name, variables or relations mention models, or training them."""
    return _looks_like_invoking(function, graph) or any(map(_TRAINING_NAME.search, _names_of(function)))


def _looks_like_invoking(function: ResourceView, graph: GraphView) -> bool:
    """Whether a function's code, name, variables or relations mention models."""
    if any(
        is_ml_type(graph.graph.by_address[each.target].type)
        for each in graph.graph.edges_from(function.address)
    ):
        return True
    code = function["Code.ZipFile"].text
    if code is not None:
        return _CALLS.search(code) is not None
    if any(_INVOKING_MARK.search(name) for name, _ in function["Environment.Variables"].entries()):
        return True
    names = [each for each in _names_of(function) if each]
    if any(map(_OTHER_WORK.search, names)):
        return False
    if any(map(_INVOKING_NAME.search, names)):
        return True
    return any(map(_SERVICE_NAME.search, names)) and possibly(calls_ai_service(function, graph))


def _names_of(function: ResourceView) -> Iterator[str]:
    yield function.address.rpartition(".")[2]
    for key in ("FunctionName", "Handler", "Description"):
        yield function[key].text or ""


def may_check_callers(function: ResourceView, graph: GraphView) -> Answer:
    """Undecided where a function holds or may read what its callers have to present, NO elsewhere.

    Its variables show it, and so do the names of the secrets that its role may read. YES where its code is
    known to read such a variable, or to verify what callers present or how a service that calls it signs its
    requests; NO where it reads no header.
    """
    if certainly(function.attributes[VERIFIES_SIGNATURES].is_true()):
        return YES
    read = function.attributes[READ_VARIABLES]
    known = READ_VARIABLES in function.resource.attributes.entries
    named = {each.text for each in read.known_items()}
    for name, value in function["Environment.Variables"].entries():
        if _CHECKING.search(name) and (possibly(value.is_present()) or value.value.assumed):
            if known and name not in named:
                continue  # the code does not read it
            if known:
                return YES
            return undecided(f"{function.address} may check its callers itself, by {name}")
    checks = function.attributes[CHECKS_CALLERS]
    if certainly(checks.is_false()):
        return NO
    for role in graph.targets(function, EdgeKind.ASSUMES, ROLE):
        for name in _readable_secrets(role, graph):
            if _CHECKING.search(_WORD_START.sub("_", name)):
                if certainly(checks.is_true()):
                    return YES
                return undecided(f"{function.address} may check its callers itself, by {name}")
    if certainly(checks.is_true()):
        return undecided(
            f"the code of {function.address} reads a header for credentials and verifies something"
        )
    return NO


def fails_at_requests(function: ResourceView) -> Answer:
    """Whether a function's code fails at once at a request of an API, which has no records."""
    return function.attributes[NEEDS_RECORDS].is_true()


def why_never_failing(function: ResourceView) -> str:
    """Why no event counts as failed, by a function's code; empty where one may."""
    caught = certainly(function.attributes[CATCHES_ALL].is_true())
    return "its handler catches every exception, so that no event counts as failed" if caught else ""


def _readable_secrets(role: ResourceView, graph: GraphView) -> Iterator[str]:
    """The names of the secrets that a role may read, as the project calls them and as AWS does."""
    for statement in policies.of_role(role, graph).known:
        if not certainly(statement.allows() & statement.covers_action("secretsmanager:GetSecretValue")):
            continue
        for item in statement.resources.known_items():
            yield outline(item.value).rpartition(":secret:")[2]
        for reference, _ in references_in(statement.resources.value):
            if reference.address in graph.graph.by_address:
                secret = graph.resource(reference.address)
                yield secret.address.rpartition(".")[2]
                yield secret["Name"].text or ""
