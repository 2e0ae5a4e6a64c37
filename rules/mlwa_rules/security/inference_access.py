"""Who can request predictions: APIs in front of models, and policies that allow invoking endpoints."""

from collections.abc import Iterator

from mlwa_lint.graph.iam import policies
from mlwa_lint.graph.kinds import ENDPOINT, FUNCTION_URL
from mlwa_lint.graph.queries import apis, openings, stages
from mlwa_lint.model.resources import ENDPOINTS
from mlwa_lint.rule import NO, Claim, GraphView, Remedy, ResourceView, View, certainly, possibly, rule, some
from mlwa_rules.security.holders import narrower, whose_code_calls_none
from mlwa_rules.security.identity import is_reported_for_wildcards
from mlwa_rules.security.permissions import invokes_any_endpoint, is_reported_for_any_model

POLICIES = (
    "AWS::IAM::Policy",
    "AWS::IAM::RolePolicy",
    "AWS::IAM::ManagedPolicy",
    "AWS::IAM::Role",
    "AWS::IAM::UserPolicy",
    "AWS::IAM::GroupPolicy",
)
# How callers can be authorized, and how that is set, by kind of API.
_WAYS = {
    apis.REST_API: "IAM, a Cognito or Lambda authorizer, or an API key of a usage plan",
    apis.HTTP_API: "IAM, a JWT or a Lambda authorizer",
    "WEBSOCKET": "IAM or a Lambda authorizer",
}
_REMEDIES = {
    apis.HTTP_API: Remedy(
        "Set `AuthorizationType: AWS_IAM`, or `JWT` and an `AuthorizerId`, for the routes.",
        'Set `authorization_type = "AWS_IAM"`, or `"JWT"` and an `authorizer_id`, for the routes.',
    ),
    "WEBSOCKET": Remedy(
        "Set `AuthorizationType: AWS_IAM`, or `CUSTOM` and an `AuthorizerId`, for `$connect`.",
        'Set `authorization_type = "AWS_IAM"`, or `"CUSTOM"` and an `authorizer_id`, for `$connect`.',
    ),
    FUNCTION_URL: Remedy("Set `AuthType: AWS_IAM`.", 'Set `authorization_type = "AWS_IAM"`.'),
}
_ROUTE_LIMITS = Remedy(
    "Set `DefaultRouteSettings: {ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100}`.",
    "Add `default_route_settings` with `throttling_rate_limit` and `throttling_burst_limit`.",
)
_NAMED = 4
_ALL_OF_IT = "sagemaker:*"
_WITHOUT_ENDPOINT = "the project has no endpoint, and no code that invokes one"
_REMOVED = Remedy("Remove the permission from the policy.", "Remove the permission from the policy.")
_LISTED = Remedy(
    "List what is needed: `Action: [sagemaker:CreateTrainingJob, sagemaker:DescribeTrainingJob]`.",
    'List what is needed: `actions = ["sagemaker:CreateTrainingJob", "sagemaker:DescribeTrainingJob"]`.',
)


@rule(
    "MLS107",
    "inference-api-without-authorization",
    "high",
    subject="access",
    practices=("MLSEC06-BP01", "MLSEC05-BP01"),
    on=apis.ENTRANCES,
    remedy=Remedy(
        "Set `AuthorizationType: AWS_IAM`, or name a Cognito or Lambda authorizer, for the methods.",
        'Set `authorization = "AWS_IAM"`, or name a Cognito or Lambda authorizer, for the methods.',
    ),
    controls=("APIGateway.8", "awslambda_function_url_public"),
)
def inference_api_without_authorization(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """Anyone can request predictions through this API.

    Open inference invites model extraction, adversarial inputs and prompts, and costs for requests of
    other people.

    The rule checks methods of REST APIs, routes of HTTP APIs, operations of an OpenAPI body, and function
    URLs, each when it leads to SageMaker Runtime, Bedrock or an AI service, or to a function that may invoke
    one. So do those that lead to a state machine, a queue or another function that certainly has a model
    invoked, also by a batch transform job, directly or by a function that may start, fill or call it. One
    finding for an API lists its routes, and those without authorization that lead to a function which an
    agent of the project has as a tool. A WebSocket API is checked by its `$connect` route, which alone can
    require authorization. The severity is medium where the functions behind all open routes certainly do
    nothing, by their roles or all of their code, but have Comprehend, Polly or Translate process the text of
    a request: others can then run up small costs, which throttling limits, but reach no model or data of the
    project. It is medium too where a document or a comment about the project states that the API is open on
    purpose ("intentionally unauthenticated", "public API"), and all of its stages limit the rate of requests:
    in its own files, beside or around them, but not where another stack of the repository is. So it is where
    the project publishes a website, from a bucket or through CloudFront, and has nothing that signs users in
    (a user pool of Cognito, an authorizer): its visitors have to be able to call the API.

    Exceptions: Not reported for OPTIONS (preflight requests carry no credentials), for health checks (`GET
    /health`, `/ping`, `/ready` and the like), for methods of REST APIs, and `$connect` routes, that require
    an API key (without a usage plan, no key lets anyone in), for REST APIs whose resource policy restricts
    callers, for function URLs whose permissions all name a caller, for functions that are allowed to invoke
    nothing but ARNs with an account before `foundation-model/`, which no model has, and for functions whose
    code is Python in the repository that invokes no model and passes nothing on, unless to tables and
    buckets from which nothing goes on, or that takes what only events of other services have before it calls
    anything (`event["Records"]`, an agent's `event["actionGroup"]`); and for those whose code verifies how
    its caller signs requests (Slack, GitHub, Twilio, Stripe and others). Undecided where the function behind
    it may check its callers itself (a variable such as API_KEY_SECRET_ARN or COGNITO_USER_POOL_ID, or a
    secret such as `chat-jwt` that its role may read; code in the repository that reads a header for
    credentials and verifies it, or reads none, decides that; a program for .NET sets up authentication and
    requires it), where it shares its role with other functions and neither its code nor its names show that
    it is the one that invokes a model, and where routes of the same API that send it something require
    authorization, and only some that read (`GET`) do not: it may invoke the model for the former alone.

    See [Control and manage access to REST APIs in API
    Gateway](https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-to-api.html).
    """
    if resource.type in apis.APIS:
        yield _claim_of_api(resource, graph)
    elif resource.type == FUNCTION_URL or not apis.api_of(resource, graph).related:
        for entrance in apis.entrances(resource, graph):
            setting = f"{entrance.at} is {entrance.at.words or 'not set'} and should be AWS_IAM"
            message = f"{resource} lets anyone invoke the model behind it: {setting}"
            remedy = _REMEDIES.get(resource.type)
            milder = openings.why_harmless(resource, graph) or openings.why_of_website(resource, graph)
            yield Claim(
                entrance.is_open & entrance.serves, entrance.at, message, remedy=remedy, milder=milder
            )


def _claim_of_api(api: ResourceView, graph: GraphView) -> Claim:
    found = openings.opened(api, graph)
    opened = [each for each, is_open in found if certainly(is_open)]
    kind = _kind_of(api)
    setting = _setting_of([each.at for each in opened])
    message = f"{api} lets anyone invoke the model behind {_names(opened)}: {setting}the API should require"
    message += f" {_WAYS[kind]}"
    related = tuple((each.at, f"{each.name} requires no authorization") for each in opened)
    tools = [each for each, is_open in found if not certainly(is_open) and apis.leads_to_tool(each, graph)]
    if tools:
        message += f"; {_names(tools)} {'leads' if len(tools) == 1 else 'lead'} to a tool of its agent"
        related += tuple((each.at, f"{each.name} requires no authorization, too") for each in tools)
    answered = some(is_open for _, is_open in found)
    milder = openings.why_harmless(api, graph) or openings.why_on_purpose(api, graph)
    milder = milder or openings.why_of_website(api, graph)
    return Claim(answered, api, message, None, related, _REMEDIES.get(kind), milder=milder)


def _names(entrances: list[apis.Entrance]) -> str:
    names = [each.name for each in entrances]
    return ", ".join(names[:_NAMED]) + (f" and {len(names) - _NAMED} more" if len(names) > _NAMED else "")


def _setting_of(places: list[View]) -> str:
    """What opens the ways in, where it is one setting with one value: of methods or routes, not of a body."""
    named = {f"{place.label} is {place.words or 'not set'}, and " for place in places if len(place.path) == 1}
    return named.pop() if len(named) == 1 and all(len(place.path) == 1 for place in places) else ""


def _kind_of(api: ResourceView) -> str:
    return "WEBSOCKET" if certainly(api["ProtocolType"].equals("WEBSOCKET")) else api.type


@rule(
    "MLS108",
    "invoke-endpoint-on-any-resource",
    "medium",
    practices=("MLSEC06-BP01", "MLSEC03-BP01"),
    on=POLICIES,
    remedy=Remedy(
        "Set `Resource: !Ref Endpoint`, whose value is the endpoint's ARN.",
        "Set `resources = [aws_sagemaker_endpoint.this.arn]`.",
    ),
)
def invoke_endpoint_on_any_resource(policy: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A policy allows invoking every endpoint of the account.

    Anyone who obtains this identity can use, probe and copy every model that is deployed, not only the one
    that it works with.

    The rule reports `sagemaker:InvokeEndpoint` and its variants by name or by wildcard
    (`sagemaker:Invoke*`, `sagemaker:*`), on `*`, on an ARN that consists of wildcards
    (`arn:aws:sagemaker:*:*:endpoint/*` is the same), or by a NotResource that leaves endpoints in. A bare
    `Action: "*"` is not about inference and left to other rules. For `sagemaker:*`, the actions should be
    listed: few roles that have it invoke endpoints. Where only functions act with the role, whose code in
    the repository calls SageMaker nowhere, the permission is a leftover to be removed, and the severity
    low in a project without endpoints.

    Exceptions: Not reported when a condition on the tags, the account or the organization of the resource
    limits the statement, for statements that MLS501 or MLS615 reports, and for permissions boundaries, which
    grant nothing.

    See [Actions, resources, and condition keys for Amazon
    SageMaker](https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html).
    """
    for statement in policies.of_policy(policy).candidates(invokes_any_endpoint):
        place = statement.resources_or_others
        wrong = (
            invokes_any_endpoint(statement)
            & ~is_reported_for_wildcards(policy, statement, graph)
            & ~is_reported_for_any_model(policy, statement, graph)
            & ~policies.is_boundary(policy, graph)
        )
        broad = statement.actions_matching(lambda text: text.lower() == _ALL_OF_IT)
        message = f"{statement} of {policy} allows invoking every endpoint: {narrower(place, 'endpoints')}"
        unused = whose_code_calls_none(policy, graph, "sagemaker", ENDPOINTS) if possibly(wrong) else ""
        milder = ""
        if unused:
            message = f"{statement} of {policy} allows invoking every endpoint, which the code of {unused}"
            message += f" never does: {_to_remove(statement)} should be removed"
            milder = "" if graph.of_type(ENDPOINT) else _WITHOUT_ENDPOINT
        elif broad:
            message = f"{statement} of {policy} allows invoking every endpoint, by {broad[0].words}: "
            message += f"{broad[0].label} should list the actions that are needed"
        remedy = _REMOVED if unused else _LISTED if broad else None
        yield Claim(wrong, place, message, remedy=remedy, milder=milder)


def _to_remove(statement: policies.Statement) -> str:
    """What of a statement is about endpoints."""
    others = statement.any_action(lambda text: text.partition(":")[0].lower() != "sagemaker")
    return "the permission" if possibly(others) else "the statement"


@rule(
    "MLS109",
    "inference-api-without-waf-or-throttling",
    "low",
    concern="production",
    practices=("MLSEC05-BP01",),
    on=apis.STAGES,
    remedy=Remedy(
        'Add `MethodSettings: [{HttpMethod: "*", ResourcePath: "/*", ThrottlingRateLimit: 50}]`.',
        "Add `aws_api_gateway_method_settings` with `throttling_rate_limit`, or associate a web ACL.",
    ),
)
def inference_api_without_waf_or_throttling(stage: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """The rate of requests to an inference API is not limited.

    Predictions are expensive: a single client can exhaust the endpoint and the budget, and extracting a model
    or probing a prompt filter takes many requests that a limit would stop.

    The rule checks stages of REST, HTTP and WebSocket APIs, and a stage that `AWS::ApiGateway::Deployment`
    creates, unless a stage with its name is declared for the same API. A REST API can have a web ACL or
    throttling limits, an HTTP or WebSocket API throttling limits only (`DefaultRouteSettings`,
    `RouteSettings`). The account limit of API Gateway is shared by all APIs and does not count.

    Exceptions: Not reported when a usage plan of the API sets throttling limits.

    See [Throttle requests to your REST APIs for better
    throughput](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html).
    """
    serves = apis.api_of(stage, graph).any(lambda api: apis.serves_inference(api, graph))
    rest = stage.type != apis.HTTP_STAGE
    limited = stages.is_throttled(stage, graph) | (stages.has_web_acl(stage, graph) if rest else NO)
    lacking = "neither throttling limits nor a web ACL" if rest else "no throttling limits"
    message = f"{stage} exposes a model and has {lacking}"
    remedy = None if rest else _ROUTE_LIMITS
    yield Claim(stages.is_stage(stage, graph) & serves & ~limited, stage, message, remedy=remedy)
