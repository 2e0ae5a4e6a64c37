"""AWS::Serverless::Function: a function, its role, alias, URL, and what its events make."""

from collections.abc import Callable

from mlwa_lint.frontends.cloudformation.sam.events import events
from mlwa_lint.frontends.cloudformation.sam.nodes import (
    PropertyNodes,
    Resources,
    SamResource,
    attribute,
    is_function,
    mapping,
    plain,
    put,
    put_tags,
    reference,
    resource,
    text,
)
from mlwa_lint.frontends.cloudformation.sam.roles import role
from mlwa_lint.frontends.cloudformation.syntax.nodes import MapNode, Node, TextNode
from mlwa_lint.frontends.cloudformation.syntax.reader import PACKAGED_TAG
from mlwa_lint.model.resources import CODE_PATH, FUNCTION_OF_SAM

_CARRIED = (
    "Architectures",
    "CodeSigningConfigArn",
    "Description",
    "Environment",
    "EphemeralStorage",
    "FileSystemConfigs",
    "FunctionName",
    "Handler",
    "ImageConfig",
    "KmsKeyArn",
    "Layers",
    "LoggingConfig",
    "MemorySize",
    "PackageType",
    "RecursiveLoop",
    "ReservedConcurrentExecutions",
    "Runtime",
    "RuntimeManagementConfig",
    "SnapStart",
    "Timeout",
    "VpcConfig",
)
_BASIC = "service-role/AWSLambdaBasicExecutionRole"
_IN_VPC = "service-role/AWSLambdaVPCAccessExecutionRole"
_TRACED = "AWSXRayDaemonWriteAccess"


def function(source: SamResource, note: Callable[[str], None]) -> Resources:
    """What a function becomes; `note` receives what is not translated."""
    name, span = source.name, source.span
    properties = source.carried(*_CARRIED)
    put(properties, "Code", _code_key(source), _code(source))
    own_role = source.get("Role")
    put(properties, "Role", source.key_of("Role"), own_role or attribute(f"{name}Role", "Arn", span))
    tracing = source.get("Tracing")
    if tracing is not None:
        put(properties, "TracingConfig", source.key_of("Tracing"), mapping({"Mode": tracing}, tracing.span))
    queue = source.map("DeadLetterQueue").get("TargetArn")
    if queue is not None:
        key = source.key_of("DeadLetterQueue")
        put(properties, "DeadLetterConfig", key, mapping({"TargetArn": queue}, key.span))
    put_tags(properties, source, FUNCTION_OF_SAM)
    yield _with_place(resource(source, name, "AWS::Lambda::Function", properties, main=True), source)
    if own_role is None:
        yield role(source, "lambda.amazonaws.com", _standard(source), FUNCTION_OF_SAM)
    yield from _published(source)
    yield from _reached(source)
    yield from events(source, note)


def _with_place(made: tuple[TextNode, MapNode], source: SamResource) -> tuple[TextNode, MapNode]:
    """The function with the place of its code beside its properties, where that is in the repository.

    Without one SAM packs the folder of the template.
    """
    key = _code_key(source)
    place = source.get("CodeUri")
    if place is None and key == source.key:
        place = text(".", key.span)
    if place is None or not _is_local(place):
        return made
    name, body = made
    return name, body._replace(entries=(*body.entries, (text(CODE_PATH, key.span), place)))


def _standard(source: SamResource) -> tuple[str, ...]:
    tracing = source.get("Tracing")
    policies = [_BASIC]
    if isinstance(tracing, TextNode) and tracing.text == "Active":
        policies.append(_TRACED)
    if source.get("VpcConfig") is not None:
        policies.append(_IN_VPC)
    return tuple(policies)


def _code_key(source: SamResource) -> TextNode:
    for name in ("InlineCode", "CodeUri", "ImageUri"):
        if source.get(name) is not None:
            return source.key_of(name)
    return source.key


def _code(source: SamResource) -> Node:
    inline, place, image = (source.get(name) for name in ("InlineCode", "CodeUri", "ImageUri"))
    if inline is not None:
        return mapping({"ZipFile": inline}, inline.span)
    if image is not None and not _is_local(image):
        return mapping({"ImageUri": image}, image.span)
    if place is not None and not _is_local(place):
        return location(place, "S3Bucket", "S3Key", "S3ObjectVersion")
    span = (place or image or source.key).span
    packaged = TextNode("", "", PACKAGED_TAG, span)
    if image is None and _is_zipped(source):
        return mapping({"S3Bucket": packaged, "S3Key": packaged}, span)
    return packaged


def _is_zipped(source: SamResource) -> bool:
    """Whether a function is certainly no image."""
    package = source.get("PackageType")
    return package is None or (isinstance(package, TextNode) and package.text == "Zip")


def _is_local(node: Node) -> bool:
    """Whether a place is a path, which only packaging replaces."""
    return (
        isinstance(node, TextNode)
        and not node.tag
        and not node.text.startswith(("s3://", "https://"))
        and (".dkr.ecr." not in node.text)
    )


def location(node: Node, bucket: str, key: str, version: str) -> Node:
    """A place in S3, given as an address or in parts, in the names of a resource."""
    if isinstance(node, TextNode) and not node.tag and node.text.startswith("s3://"):
        name, _, rest = node.text.removeprefix("s3://").partition("/")
        return mapping({bucket: text(name, node.span), key: text(rest, node.span)}, node.span)
    if isinstance(node, MapNode) and not is_function(node):
        names = {"Bucket": bucket, "Key": key, "Version": version}
        entries = [(text(names.get(k.text, k.text), k.span), value) for k, value in node.entries]
        return mapping(entries, node.span)
    return node


def _published(source: SamResource) -> Resources:
    alias = source.get("AutoPublishAlias")
    if not isinstance(alias, TextNode):
        return
    name, span = source.name, alias.span
    version = f"{name}Version"
    yield resource(
        source, version, "AWS::Lambda::Version", plain({"FunctionName": reference(name, span)}, span)
    )
    properties = plain(
        {
            "Name": alias,
            "FunctionName": reference(name, span),
            "FunctionVersion": attribute(version, "Version", span),
        },
        source.key_of("AutoPublishAlias").span,
    )
    properties |= source.carried("ProvisionedConcurrencyConfig")
    suffix = "" if alias.tag else "".join(filter(str.isalnum, alias.text))
    yield resource(source, f"{name}Alias{suffix}", "AWS::Lambda::Alias", properties)


def _reached(source: SamResource) -> Resources:
    name, span = source.name, source.span
    url = source.map("FunctionUrlConfig")
    if url.entries:
        properties: PropertyNodes = {key.text: (key, value) for key, value in url.entries}
        put(properties, "TargetFunctionArn", source.key_of("FunctionUrlConfig"), reference(name, span))
        yield resource(source, f"{name}Url", "AWS::Lambda::Url", properties)
        kind = url.get("AuthType")
        if isinstance(kind, TextNode) and kind.text == "NONE":
            permission = {
                "Action": text("lambda:InvokeFunctionUrl", kind.span),
                "FunctionName": reference(name, kind.span),
                "Principal": text("*", kind.span),
                "FunctionUrlAuthType": kind,
            }
            allowed = plain(permission, kind.span)
            yield resource(source, f"{name}UrlPublicPermissions", "AWS::Lambda::Permission", allowed)
    invocation = source.map("EventInvokeConfig")
    if invocation.entries:
        properties = {key.text: (key, value) for key, value in invocation.entries}
        key = source.key_of("EventInvokeConfig")
        put(properties, "FunctionName", key, reference(name, span))
        put(properties, "Qualifier", key, text("$LATEST", span))
        yield resource(source, f"{name}EventInvokeConfig", "AWS::Lambda::EventInvokeConfig", properties)
