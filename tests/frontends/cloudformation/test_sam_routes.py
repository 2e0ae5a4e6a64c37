"""Events of SAM's functions that an API sends, which SAM writes into the API."""

from typing import Any

import pytest

from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.linking.link import link
from mlwa_lint.model.resources import Project

from .templates import plain, project_of, reason, resource

FUNCTION = """
        Transform: AWS::Serverless-2016-10-31
        Resources:
          Score:
            Type: AWS::Serverless::Function
            Properties:
              Runtime: python3.12
              Handler: app.handler
              CodeUri: s3://code/score.zip
              Events:
                Ask:
                  Type: {kind}
                  Properties: {properties}
"""
REST_API = """
          Front:
            Type: AWS::Serverless::Api
            Properties: {properties}
"""


def properties_of(project: Project, address: str) -> Any:
    return plain(resource(project, address).properties)


def operations(
    properties: str, kind: str = "Api", api: str = "ServerlessRestApi", declared: str = ""
) -> dict[str, Any]:
    template = FUNCTION.format(kind=kind, properties=properties)
    if declared:
        template += REST_API.format(properties=declared)
    body = properties_of(project_of(template), api)["Body"]
    return {
        f"{method} {path}": operation.get("security")
        for path, methods in body["paths"].items()
        for method, operation in methods.items()
    }


def test_an_event_is_an_operation_of_the_implicit_api() -> None:
    assert operations("{Path: /score, Method: POST}") == {"post /score": None}


def test_an_event_without_a_path_is_the_default_route() -> None:
    made = operations("{}", "HttpApi", "ServerlessHttpApi")
    assert made == {"x-amazon-apigateway-any-method /$default": None}


@pytest.mark.parametrize("api", ["!Ref Front", "{Ref: Front}"])
def test_an_event_belongs_to_the_api_that_it_names(api: str) -> None:
    event = f"{{Path: /score, Method: any, RestApiId: {api}}}"
    made = operations(event, api="Front", declared="{StageName: v1}")
    assert made == {"x-amazon-apigateway-any-method /score": None}


def test_the_api_decides_who_may_come_in_unless_the_event_does() -> None:
    guarded = "{StageName: v1, Auth: {DefaultAuthorizer: Pool}}"
    event = "{{Path: /score, Method: get, RestApiId: !Ref Front{auth}}}"
    default = operations(event.format(auth=""), api="Front", declared=guarded)
    own = operations(event.format(auth=", Auth: {Authorizer: AWS_IAM}"), api="Front", declared=guarded)
    unguarded = operations(event.format(auth=", Auth: {Authorizer: NONE}"), api="Front", declared=guarded)
    assert default == {"get /score": [{"Pool": []}]}
    assert own == {"get /score": [{"AWS_IAM": []}]}
    assert unguarded == {"get /score": []}


def test_an_api_key_is_required() -> None:
    made = operations("{Path: /score, Method: get, Auth: {ApiKeyRequired: true}}")
    assert made == {"get /score": [{"api_key": []}]}


def test_the_operation_calls_the_function() -> None:
    project = project_of(FUNCTION.format(kind="Api", properties="{Path: /score, Method: post}"))
    edges = link(project).edges_into("Score", EdgeKind.INVOKES)
    assert "ServerlessRestApi" in [edge.source for edge in edges]


def test_a_description_of_its_own_stays() -> None:
    event = "{Path: /score, Method: get, RestApiId: !Ref Front}"
    own = "{StageName: v1, DefinitionBody: {openapi: 3.0.1, paths: {/own: {get: {}}}}}"
    assert operations(event, api="Front", declared=own) == {"get /own": None}


def test_events_of_an_unknown_api_leave_every_api_unknown() -> None:
    event = "{Path: /score, Method: get, RestApiId: !GetAtt Elsewhere.Outputs.Api}"
    template = FUNCTION.format(kind="Api", properties=event) + REST_API.format(properties="{StageName: v1}")
    body = resource(project_of(template), "Front").properties.entries["Body"].value
    assert "SAM makes of its events" in reason(body)


def test_a_usage_plan_covers_the_stage() -> None:
    auth = "{StageName: v1, Auth: {UsagePlan: {CreateUsagePlan: PER_API, Throttle: {RateLimit: 5}}}}"
    event = "{Path: /score, Method: get, RestApiId: !Ref Front}"
    project = project_of(FUNCTION.format(kind="Api", properties=event) + REST_API.format(properties=auth))
    plan = properties_of(project, "FrontUsagePlan")
    assert plan["Throttle"] == {"RateLimit": 5}
    assert len(plan["ApiStages"]) == 1
