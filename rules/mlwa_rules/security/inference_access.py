"""Who may ask for predictions: APIs before inference, and policies that allow to invoke endpoints."""

from collections.abc import Iterator

from mlwa_lint.graph.iam import policies
from mlwa_lint.graph.queries import apis
from mlwa_lint.rule import Claim, GraphView, Remedy, ResourceView, rule

POLICIES = (
    "AWS::IAM::Policy",
    "AWS::IAM::RolePolicy",
    "AWS::IAM::ManagedPolicy",
    "AWS::IAM::Role",
    "AWS::IAM::UserPolicy",
    "AWS::IAM::GroupPolicy",
)
INVOKING = (
    "sagemaker:InvokeEndpoint",
    "sagemaker:InvokeEndpointAsync",
    "sagemaker:InvokeEndpointWithResponseStream",
)
ANY_ENDPOINT = "arn:aws:sagemaker:us-east-1:000000000000:endpoint/any"
# Conditions by which a statement on every resource still speaks about some of them only.
RESOURCE_KEYS = ("aws:resourcetag/*", "sagemaker:resourcetag/*", "aws:resourceaccount", "aws:resourceorgid")


@rule(
    "MLS107",
    "inference-api-without-authorization",
    "high",
    practices=("MLSEC06-BP01", "MLSEC05-BP01"),
    on=apis.ENTRANCES,
    remedy=Remedy(
        "Set `AuthorizationType: AWS_IAM` (function URL: `AuthType: AWS_IAM`) or name an authorizer.",
        'Set `authorization = "AWS_IAM"` (or `authorization_type`), or name an authorizer.',
    ),
)
def inference_api_without_authorization(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """Anybody may ask a model for predictions through this API.

    Open inference invites model extraction, probing with adversarial inputs and prompts, and bills for
    requests of strangers.

    Looked at are methods of REST APIs, routes of HTTP and WebSocket APIs, operations of an OpenAPI body,
    and function URLs; each when it leads to SageMaker Runtime or Bedrock, or to a function that may
    invoke an endpoint or a Bedrock model.

    Silent for OPTIONS (preflight requests carry no credentials), for methods that need an API key of a
    usage plan, for REST APIs whose resource policy admits only some callers, for function URLs whose
    permissions all name a caller, and for routes of a WebSocket API whose $connect route authorizes.

    See [Control and manage access to REST APIs in API
    Gateway](https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-to-api.html).
    """
    for entrance in apis.entrances(resource, graph):
        # Operations may come from events of SAM, where nobody wrote the description.
        described = entrance.at.path[:1] == ("Body",)
        now = "it requires nothing" if described else f"{entrance.at} is {entrance.at.text or 'not set'}"
        wanted = "be AWS_IAM" if resource.type == apis.FUNCTION_URL else "ask for IAM, a JWT or an authorizer"
        message = f"{entrance.name} lets anybody use the model behind it: {now}"
        message += f" and should {wanted}"
        yield Claim(entrance.is_open & entrance.serves, entrance.at, message)


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
    """A policy allows to invoke every endpoint of the account.

    Whoever gets hold of this identity can use, probe and copy every model that is deployed, not only the
    one that it works with.

    Fires for `sagemaker:InvokeEndpoint` and its variants by name or by wildcard (`sagemaker:Invoke*`,
    `sagemaker:*`), on `*`, on an ARN that is nothing but wildcards, or by a NotResource that leaves
    endpoints in. Silent when a condition on the resource's tags, account or organisation limits it. A
    bare `Action: "*"` is not about inference and left to other rules.

    See [Actions, resources, and condition keys for Amazon
    SageMaker](https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html).
    """
    for statement in policies.of_policy(policy):
        place = statement.resources_or_others
        wrong = (
            statement.allows()
            & statement.names_service("sagemaker")
            & statement.covers_any_action(*INVOKING)
            & statement.on_any_resource()
            & ~statement.excludes_resource(ANY_ENDPOINT)
            & ~statement.narrowed_by(*RESOURCE_KEYS)
        )
        message = f"{statement} of {policy} allows to invoke every endpoint:"
        message += f" {place} does not name the ones that are meant"
        yield Claim(wrong, place, message)


@rule(
    "MLS109",
    "inference-api-without-waf-or-throttling",
    "low",
    practices=("MLSEC05-BP01",),
    on=apis.STAGES,
    remedy=Remedy(
        'Add `MethodSettings: [{HttpMethod: "*", ResourcePath: "/*", ThrottlingRateLimit: 50}]`.',
        "Add `aws_api_gateway_method_settings` with `throttling_rate_limit`, or associate a web ACL.",
    ),
)
def inference_api_without_waf_or_throttling(stage: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """Nothing limits how fast clients can send requests to a model.

    Predictions are expensive: a single client can exhaust the endpoint and the budget, and extracting a
    model or probing a prompt filter takes many requests that a limit would stop.

    Silent when a web ACL is associated with the stage, when the stage or a usage plan of its API sets
    throttling limits. Stages of HTTP and WebSocket APIs are looked at too (`DefaultRouteSettings`,
    `RouteSettings`), and a stage that `AWS::ApiGateway::Deployment` creates. The account's own limit of
    API Gateway is shared by all APIs and does not count.

    See [Throttle requests to your REST APIs for better
    throughput](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html).
    """
    serves = apis.api_of(stage, graph).any(lambda api: apis.serves_inference(api, graph))
    limited = apis.is_throttled(stage, graph) | apis.has_web_acl(stage, graph)
    message = f"{stage} fronts a model with neither throttling limits nor a web ACL"
    yield Claim(apis.is_stage(stage) & serves & ~limited, stage, message)
