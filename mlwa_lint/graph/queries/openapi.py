"""The operations of an OpenAPI document that an API is made from."""

from collections.abc import Iterator

from mlwa_lint.graph.views import ResourceView, View, why_unknown
from mlwa_lint.model.answers import NO, Answer, answer, certainly, every, some, undecided
from mlwa_lint.model.partial_json import structure
from mlwa_lint.model.values import Absent, Scalar, Unknown

_METHODS = frozenset(
    {"get", "put", "post", "delete", "patch", "head", "options", "x-amazon-apigateway-any-method"}
)
_REST_API = "AWS::ApiGateway::RestApi"
# The header in which API Gateway expects its keys; without the name it is meant.
_KEY_HEADER = "x-api-key"
_INTEGRATION = "x-amazon-apigateway-integration"


class ApiOperation:
    """One method of one path."""

    __slots__ = ("method", "path", "root", "view")

    def __init__(self, root: View, path: str, method: str, view: View) -> None:
        self.root = root
        self.path = path
        self.method = method
        self.view = view

    def __str__(self) -> str:
        method = "ANY" if self.method.startswith("x-") else self.method.upper()
        return f"{method} {self.path}"

    @property
    def integration(self) -> View:
        """How it calls something."""
        return self.view[_INTEGRATION]

    @property
    def uri(self) -> View:
        """What it calls."""
        return self.integration["uri"]

    @property
    def is_proxy(self) -> Answer:
        """Whether it hands on the request as a whole."""
        return self.integration["type"].test(lambda text: text.lower() == "aws_proxy")

    @property
    def security(self) -> View:
        """Its security requirements."""
        return self.view["security"]

    def is_open(self, planned: Answer) -> Answer:
        """Whether anyone may call it; `planned` is whether a usage plan makes keys of any header count.

        A REST API refuses requests without a key of its own, and with one that no usage plan has.
        """
        if self.method == "options":
            return NO
        own = self.view["security"]
        iam = self.view["x-amazon-apigateway-auth"]["type"]
        # An empty list on an operation takes back what the document requires of all of them.
        listed = self.root["security"] if isinstance(own.value, Absent) else own
        required = listed.any_item(lambda each: self._admits_only_known(each, planned))
        return ~required & ~(iam.is_present() & ~iam.equals("NONE"))

    def _admits_only_known(self, requirement: View, planned: Answer) -> Answer:
        names = [name for name, _ in requirement.entries()]
        return answer(bool(names)) & every(~self._is_unchecked_key(name) | planned for name in names)

    def _is_unchecked_key(self, name: str) -> Answer:
        """Whether a scheme is an API key alone, which neither an authorizer nor API Gateway checks."""
        is_rest = answer(self.root.resource.type == _REST_API)
        return some(
            scheme["type"].equals("apiKey")
            & scheme["x-amazon-apigateway-authtype"].is_absent()
            & scheme["x-amazon-apigateway-authorizer"].is_absent()
            & ~(is_rest & (scheme["name"].is_absent() | scheme["name"].test(_is_key_header)))
            for scheme in (self.root["securityDefinitions"][name], self._component(name))
        )

    def _component(self, name: str) -> View:
        return self.root["components"]["securitySchemes"][name]


def _is_key_header(name: str) -> bool:
    return name.lower() == _KEY_HEADER


def unread(api: ResourceView) -> list[Answer]:
    """Undecided with the reason where the description of an API is not known; none where it is, or absent."""
    value = api["Body"].value
    if isinstance(value, Unknown) and structure(value) is None:
        return [undecided(why_unknown(value))]
    stored = api["BodyS3Location"]
    if isinstance(value, Absent) and certainly(stored.is_present()):
        return [undecided(f"{stored} names a description that lies in S3")]
    return []


def operations(api: ResourceView) -> Iterator[ApiOperation]:
    """The operations of an API's Body, a structure or a text of JSON."""
    body = api["Body"]
    value = body.value
    if isinstance(value, (Scalar, Unknown)):
        parsed = structure(value)
        if parsed is not None:
            body = View(body.resource, body.world, parsed, body.path, body.span)
    for path, methods in body["paths"].entries():
        for method, view in methods.entries():
            if method.lower() in _METHODS:
                yield ApiOperation(body, path, method.lower(), view)
