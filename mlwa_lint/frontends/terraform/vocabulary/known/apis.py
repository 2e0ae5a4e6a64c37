"""squidfunk/api-gateway-enable-cors."""

from mlwa_lint.frontends.terraform.vocabulary.known.call import Contents, ModuleCall

_METHOD = "aws_api_gateway_method._"


def preflight(call: ModuleCall) -> Contents | None:
    """The OPTIONS method of a resource of an API, which a mock integration handles."""
    body = call.arguments({"rest_api_id": "api_id", "resource_id": "api_resource_id"})
    body["http_method"] = call.text("OPTIONS")
    body["authorization"] = call.text("NONE")
    return Contents([call.resource(_METHOD, body)], {})
