"""Ways in to inference: whether anyone may use them, and what is behind."""

import pytest

from mlwa_lint.graph.queries import apis, stages
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.model.answers import NO, YES, Answer, undecided
from tests.support.graphs import graph_of_template

UNDECIDED = undecided("it is not known")
RUNTIME = "arn:aws:apigateway:eu-west-1:runtime.sagemaker:path//endpoints/churn/invocations"
LAMBDA = "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions"
NAMED = f"{LAMBDA}/arn:aws:lambda:eu-west-1:111122223333:function:score/invocations"
DENIED_OUTSIDE = "{Effect: Deny, Principal: '*', Condition: {NotIpAddress: {aws:SourceIp: 10.0.0.0/8}}}"
API = "  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: api}}\n"
HTTP_API = "  Api: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: api, ProtocolType: HTTP}}\n"
FUNCTION = """
  Endpoint: {Type: AWS::SageMaker::Endpoint, Properties: {EndpointConfigName: c}}
  Score:
    Type: AWS::Lambda::Function
    Properties:
      FunctionName: score
      Environment: {Variables: {ENDPOINT: !GetAtt Endpoint.EndpointName}}
"""


def graph_of(resources: str) -> GraphView:
    text = f"Parameters: {{P: {{Type: String}}}}\nResources:\n{resources}"
    return graph_of_template(text)


def entrance(resources: str, address: str = "In") -> apis.Entrance:
    graph = graph_of(resources)
    (found,) = apis.entrances(graph.resource(address), graph)
    return found


def method(uri: str, rest: str = "") -> str:
    return (
        f"{API}  In:\n    Type: AWS::ApiGateway::Method\n    Properties:\n      RestApiId: !Ref Api\n"
        f"      Integration: {{Type: AWS, Uri: {uri}}}\n{rest}"
    )


@pytest.mark.parametrize(
    ("uri", "serves"),
    [
        (RUNTIME, YES),
        (NAMED, YES),
        (f"!Sub '{LAMBDA}/${{Score.Arn}}/invocations'", YES),
        (f"{LAMBDA}/arn:aws:lambda:eu-west-1:111122223333:function:other/invocations", UNDECIDED),
        ("!Ref P", UNDECIDED),
        (f"!Sub '{LAMBDA}/${{P}}/invocations'", UNDECIDED),
        ("https://example.com/score", NO),
    ],
)
def test_what_a_method_leads_to(uri: str, serves: Answer) -> None:
    assert entrance(method(uri) + FUNCTION).serves == serves


@pytest.mark.parametrize(
    ("properties", "is_open"),
    [
        ("AuthorizationType: NONE", YES),
        ("HttpMethod: GET", YES),
        ("AuthorizationType: CUSTOM", NO),
        ("AuthorizationType: !Ref P", UNDECIDED),
        ("HttpMethod: OPTIONS", NO),
        ("ApiKeyRequired: true", NO),
        ("ApiKeyRequired: false", YES),
        ("ApiKeyRequired: !Ref P", UNDECIDED),
    ],
)
def test_whether_a_method_is_open_to_everyone(properties: str, is_open: Answer) -> None:
    assert entrance(method(RUNTIME, f"      {properties}\n")).is_open == is_open


@pytest.mark.parametrize(
    ("statements", "restricted"),
    [
        ("[{Effect: Allow, Principal: '*', Action: 'execute-api:Invoke', Resource: '*'}]", NO),
        ("[{Effect: Allow, Principal: {AWS: 'arn:aws:iam::111122223333:root'}, Action: '*'}]", YES),
        ("[{Effect: Allow, Principal: '*', Condition: {StringEquals: {aws:SourceVpc: vpc-1}}}]", YES),
        (
            f"[{{Effect: Allow, Principal: '*'}}, {DENIED_OUTSIDE}]",
            YES,
        ),
        ("!Ref P", UNDECIDED),
    ],
)
def test_a_resource_policy_may_restrict_callers(statements: str, restricted: Answer) -> None:
    graph = graph_of(
        "  Api:\n    Type: AWS::ApiGateway::RestApi\n    Properties:\n      Policy:\n"
        f"        Statement: {statements}\n"
    )
    assert apis.is_restricted(graph.resource("Api")) == restricted


def test_an_api_without_a_resource_policy_is_not_restricted() -> None:
    assert apis.is_restricted(graph_of(API).resource("Api")) == NO


def test_a_function_url_whose_permissions_all_name_a_caller_is_not_open() -> None:
    url = "  In: {Type: AWS::Lambda::Url, Properties: {TargetFunctionArn: !Ref Score, AuthType: NONE}}\n"
    permission = (
        "  Permission:\n    Type: AWS::Lambda::Permission\n    Properties:\n"
        "      FunctionName: !Ref Score\n      Action: lambda:InvokeFunctionUrl\n      Principal: '*'\n"
    )
    assert entrance(url + FUNCTION).is_open == YES
    assert entrance(url + FUNCTION + permission).is_open == YES
    assert entrance(url + FUNCTION + permission + "      PrincipalOrgID: o-1\n").is_open == NO


def test_a_function_url_may_lead_to_an_alias() -> None:
    url = "  In: {Type: AWS::Lambda::Url, Properties: {TargetFunctionArn: !Ref Live, AuthType: NONE}}\n"
    alias = "  Live: {Type: AWS::Lambda::Alias, Properties: {FunctionName: !Ref Score, Name: live}}\n"
    assert entrance(url + alias + FUNCTION).serves == YES


def test_the_default_route_of_an_http_api_is_open() -> None:
    api = HTTP_API.replace("Name: api", "Name: api, Target: !GetAtt Score.Arn")
    found = entrance(api + FUNCTION, "Api")
    assert (found.is_open, found.serves) == (YES, YES)


def test_only_the_connect_route_of_a_web_socket_authorizes() -> None:
    def routes(kind: str) -> str:
        return (
            f"{HTTP_API.replace('HTTP}', 'WEBSOCKET}')}"
            "  In: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Api, RouteKey: ask}}\n"
            "  Connect:\n    Type: AWS::ApiGatewayV2::Route\n    Properties:\n"
            f"      ApiId: !Ref Api\n      RouteKey: $connect\n      AuthorizationType: {kind}\n"
        )

    assert entrance(routes("AWS_IAM")).is_open == NO
    assert entrance(routes("NONE")).is_open == YES


BODY = """
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Body:
        openapi: "3.0.1"
        {root}
        paths:
          /score:
            {method}:
              {operation}
              x-amazon-apigateway-integration: {{type: aws, uri: "{uri}"}}
        components:
          securitySchemes:
            key: {{type: apiKey, name: x-api-key, in: header}}
            users: {{type: apiKey, name: a, in: header, x-amazon-apigateway-authorizer: {{type: request}}}}
"""


@pytest.mark.parametrize(
    ("root", "method", "operation", "is_open"),
    [
        ("", "post", "", YES),
        ("", "post", "security: [{users: []}]", NO),
        ("", "post", "security: [{key: []}]", NO),
        ("security: [{users: []}]", "post", "", NO),
        ("security: [{users: []}]", "post", "security: []", YES),
        ("", "post", "x-amazon-apigateway-auth: {type: AWS_IAM}", NO),
        ("", "post", "x-amazon-apigateway-auth: {type: NONE}", YES),
        ("", "options", "", NO),
        ("", "x-amazon-apigateway-any-method", "security: !Ref P", UNDECIDED),
    ],
)
def test_operations_of_an_openapi_body(root: str, method: str, operation: str, is_open: Answer) -> None:
    body = BODY.format(root=root, method=method, operation=operation, uri=RUNTIME)
    found = entrance(body, "Api")
    assert (found.is_open, found.serves) == (is_open, YES)


def test_an_operation_is_called_by_its_method_and_path() -> None:
    body = BODY.format(root="", method="x-amazon-apigateway-any-method", operation="", uri=RUNTIME)
    assert entrance(body, "Api").name == "ANY /score"


PLAN = """
  Plan:
    Type: AWS::ApiGateway::UsagePlan
    Properties:
      ApiStages: [{ApiId: !Ref Api, Stage: prod, Throttle: {/score/POST: {RateLimit: 5}}}]
"""
STAGE = """
  Stage:
    Type: AWS::ApiGateway::Stage
    Properties:
      RestApiId: !Ref Api
      StageName: prod
"""


@pytest.mark.parametrize(
    ("more", "throttled"),
    [
        ("", NO),
        ("      MethodSettings: [{HttpMethod: '*', ThrottlingRateLimit: 5}]\n", YES),
        ("      MethodSettings: [{HttpMethod: '*', ThrottlingBurstLimit: 5}]\n", YES),
        ("      MethodSettings: [{HttpMethod: '*', ThrottlingRateLimit: -1}]\n", NO),
        ("      MethodSettings: [{HttpMethod: '*', ThrottlingRateLimit: !Ref P}]\n", UNDECIDED),
        (PLAN, YES),
    ],
)
def test_whether_a_stage_is_throttled(more: str, throttled: Answer) -> None:
    graph = graph_of(API + STAGE + more)
    assert stages.is_throttled(graph.resource("Stage"), graph) == throttled


def test_a_web_acl_is_of_the_stage_that_it_names() -> None:
    association = """
  Shield:
    Type: AWS::WAFv2::WebACLAssociation
    Properties:
      ResourceArn: !Sub arn:aws:apigateway:eu-west-1::/restapis/${Api}/stages/STAGE
      WebACLArn: acl
"""
    other = STAGE.replace("Stage:", "Other:", 1).replace("prod", "test")
    by_name = graph_of(API + STAGE + association.replace("STAGE", "prod"))
    assert stages.has_web_acl(by_name.resource("Stage"), by_name) == YES
    graph = graph_of(API + STAGE + other + association.replace("STAGE", "${Other}"))
    assert stages.has_web_acl(graph.resource("Stage"), graph) == NO
    assert stages.has_web_acl(graph.resource("Other"), graph) == YES
