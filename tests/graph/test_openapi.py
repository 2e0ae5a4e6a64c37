"""Operations of an OpenAPI document, and whether anyone may call them."""

import json
from typing import Any

import pytest

from mlwa_lint.graph.queries.openapi import operations
from mlwa_lint.graph.views import ResourceView
from mlwa_lint.model.answers import NO, YES, Answer
from mlwa_lint.model.values import Reference, Scalar, Unknown, Value
from tests.support.small_graphs import resource, view_of
from tests.support.small_values import HERE

API = "AWS::ApiGateway::RestApi"
SCHEMES = {
    "key": {"type": "apiKey", "name": "token"},
    "own": {"type": "apiKey", "name": "X-Api-Key"},
    "checked": {"type": "apiKey", "x-amazon-apigateway-authtype": "custom"},
    "authorized": {"type": "apiKey", "x-amazon-apigateway-authorizer": {"type": "token"}},
    "pool": {"type": "oauth2"},
}


def api_of(body: Value) -> ResourceView:
    return view_of(resource("Api", API, Body=body))


def api(document: Any) -> ResourceView:
    return api_of(Scalar(json.dumps(document), HERE))


def is_open(
    operation: dict[str, Any], planned: Answer = NO, method: str = "post", document: Any = None
) -> Answer:
    (found,) = operations(api({"paths": {"/a": {method: operation}}, **(document or {})}))
    return found.is_open(planned)


def test_operations_are_listed_with_their_methods() -> None:
    paths = {
        "/a": {"get": {}, "POST": {}, "parameters": []},
        "/b": {"x-amazon-apigateway-any-method": {"x-amazon-apigateway-integration": {"uri": "u"}}},
    }
    found = list(operations(api({"paths": paths})))
    assert [str(each) for each in found] == ["GET /a", "POST /a", "ANY /b"]
    assert found[2].uri.text == "u"
    assert found[0].security.is_absent() == YES


@pytest.mark.parametrize("method", ["get", "put", "post", "delete", "patch", "head"])
def test_each_method_is_open_without_security(method: str) -> None:
    assert is_open({}, method=method) == YES


def test_a_preflight_request_needs_no_security() -> None:
    assert is_open({}, method="options") == NO


@pytest.mark.parametrize("kind", ["securityDefinitions", "components"])
@pytest.mark.parametrize(
    ("security", "without_plan", "with_plan"),
    [
        ([{"key": []}], YES, NO),
        ([{"own": []}], NO, NO),
        ([{"checked": []}], NO, NO),
        ([{"authorized": []}], NO, NO),
        ([{"pool": []}], NO, NO),
        ([{"key": [], "pool": []}], YES, NO),
        ([{"pool": []}, {"key": []}], NO, NO),
        ([{}], YES, YES),
        ([], YES, YES),
    ],
)
def test_security_of_an_operation(
    kind: str, security: list[Any], without_plan: Answer, with_plan: Answer
) -> None:
    schemes = {kind: SCHEMES if kind == "securityDefinitions" else {"securitySchemes": SCHEMES}}
    stated: list[tuple[dict[str, Any], dict[str, Any]]] = [
        ({"security": security}, {**schemes}),
        ({}, {"security": security, **schemes}),
    ]
    for operation, document in stated:
        assert is_open(operation, NO, document=document) == without_plan
        assert is_open(operation, YES, document=document) == with_plan


def test_an_http_api_has_no_keys() -> None:
    document = {"paths": {"/a": {"post": {"security": [{"own": []}]}}}, "securityDefinitions": SCHEMES}
    http = view_of(resource("Api", "AWS::ApiGatewayV2::Api", Body=Scalar(json.dumps(document), HERE)))
    (found,) = operations(http)
    assert found.is_open(NO) == YES


def test_an_empty_list_takes_back_what_the_document_requires() -> None:
    document = {"security": [{"pool": []}], "securityDefinitions": SCHEMES}
    assert is_open({}, document=document) == NO
    assert is_open({"security": []}, document=document) == YES


@pytest.mark.parametrize(("kind", "expected"), [("AWS_IAM", NO), ("NONE", YES)])
def test_an_operation_may_require_iam(kind: str, expected: Answer) -> None:
    assert is_open({"x-amazon-apigateway-auth": {"type": kind}}) == expected


def test_a_body_that_is_not_known_has_no_operations() -> None:
    for body in (Unknown("why", HERE), Scalar("{", HERE), Reference("X", "Y", HERE)):
        assert list(operations(api_of(body))) == []
