"""How long texts can be that only deployment gives: names have limits, and so has what is part of a name."""

from collections.abc import Mapping

from mlwa_lint.graph.kinds import BUCKET
from mlwa_lint.graph.linking.naming import NAME_PROPERTIES
from mlwa_lint.graph.memo import remembered
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.model.values import Reference, Unknown, alternatives

# The longest names of buckets and of what belongs to SageMaker, of other resources, and the longest ARNs.
_SHORT, _NAME, _ARN = 63, 256, 1_024
_SAGEMAKER = "AWS::SageMaker::"


def longest_reference(reference: Reference, graph: GraphView) -> int:
    """How long what a reference to a resource gives can be."""
    resource = graph.graph.by_address.get(reference.address)
    arn = reference.attribute.lower().endswith(("arn", "url", "uri", "endpoint"))
    return _SHORT if resource is not None and resource.type == BUCKET and not arn else _ARN


@remembered
def longest_parts(graph: GraphView) -> Mapping[str, int]:
    """How long what a name of a resource is made of can be, by its identity."""
    found: dict[str, int] = {}
    for kind, resources in graph.graph.by_type.items():
        limit = _SHORT if kind == BUCKET or kind.startswith(_SAGEMAKER) else _NAME
        keys = {NAME_PROPERTIES.get(kind, "Name"), f"{kind.rpartition('::')[2]}Name"}
        for resource in resources:
            for key in keys & resource.properties.entries.keys():
                for option in alternatives(resource.properties.entries[key].value):
                    parts = option.value.parts if isinstance(option.value, Unknown) else ()
                    for part in (option.value, *parts):
                        if isinstance(part, Unknown) and part.identity:
                            found[part.identity] = min(limit, found.get(part.identity, limit))
    return found
