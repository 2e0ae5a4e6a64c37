"""What a framework generates beside what its user wrote: handlers of custom resources, and their logs."""

from mlwa_lint.graph.kinds import FUNCTION, LOG_GROUP
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView
from mlwa_lint.model.answers import NO, YES, Answer
from mlwa_lint.model.values import MapValue, Value, known_text
from mlwa_lint.startup.patterns import lazy

# Constructs of the CDK whose functions only the CDK writes: those of its custom resources, the
# singletons of AwsCustomResource, log retention and bucket notifications, and the provider framework around
# a user's handler.
_CDK_HANDLERS = lazy(
    r"(?:^|/)(?:Custom::\w+|AWS679f53fac002430cb0da5b7982bd2287|LogRetentionaae0aa3c5b4d4f87b02d85b201efdd8a"
    r"|BucketNotificationsHandler050a0587b7544547bf325f094a3db834|framework-(?:onEvent|isComplete|onTimeout))/"
)
# The same as logical identifiers, for templates that contain no construct paths.
_CDK_NAMES = lazy(
    r"(?:Custom\w+CustomResourceProviderHandler|CustomCDKBucketDeployment8693BB64968944B69AAFB0CC9EB8756C"
    r"|AWS679f53fac002430cb0da5b7982bd2287|LogRetentionaae0aa3c5b4d4f87b02d85b201efdd8a"
    r"|BucketNotificationsHandler050a0587b7544547bf325f094a3db834"
    r"|\w+framework(?:onEvent|isComplete|onTimeout))[0-9A-F]{8}"
)


def is_generated(resource: ResourceView, graph: GraphView) -> Answer:
    """Whether a framework wrote a function, or the log group of such a function, and its user cannot.

    The roles of such functions are not included: `AwsCustomResource` gives its role what its user requests.
    """
    if resource.type == FUNCTION:
        return YES if _is_handler(resource) else NO
    if resource.type != LOG_GROUP:
        return NO
    if _CDK_HANDLERS.search(_construct(resource)):
        return YES
    targets = (graph.graph.by_address[edge.target] for edge in graph.graph.edges_from(resource.address))
    functions = [ResourceView(each, graph.world) for each in targets if each.type == FUNCTION]
    return YES if functions and all(_is_handler(each) for each in functions) else NO


def _is_handler(function: ResourceView) -> bool:
    name = function.address.rpartition(".")[2]  # preceded by a nested stack's name
    return bool(_CDK_HANDLERS.search(_construct(function)) or _CDK_NAMES.fullmatch(name))


def _construct(resource: ResourceView) -> str:
    """The construct path that the CDK records, if a template or an assembly contains it."""
    attributes = resource.resource.attributes
    return _text_at(attributes, "Construct", "Path") or _text_at(attributes, "Metadata", "aws:cdk:path")


def _text_at(attributes: MapValue, *path: str) -> str:
    value: Value = attributes
    for key in path:
        entry = value.entries.get(key) if isinstance(value, MapValue) else None
        if entry is None:
            return ""
        value = entry.value
    return known_text(value) or ""
