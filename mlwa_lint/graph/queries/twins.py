"""Resources of one kind that are for different stages: one for development beside one for production."""

import re

from mlwa_lint.graph.linking.naming import NAME_PROPERTIES
from mlwa_lint.graph.memo import remembered
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView
from mlwa_lint.model.purpose import OF_STAGES
from mlwa_lint.startup.patterns import lazy

_TRIED = lazy(r"(?i)(?<![a-z])(?:dev|development|sandbox|test|testing|tests)(?![a-z])")
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_BESIDE = "its name shows that it is for development or tests, beside one for production"


def why_beside_production(resource: ResourceView, graph: GraphView) -> str:
    """Why something is meant to have less: it is for development, beside one of its type for production."""
    name = _named(resource)
    if _TRIED.search(name) is None or OF_STAGES.search(name) is not None:
        return ""
    return _BESIDE if _has_production(resource.type, graph) else ""


@remembered
def _has_production(kind: str, graph: GraphView) -> bool:
    """Whether a resource of a type is named for production, and not for development as well."""
    names = [_named(each) for each in graph.of_type(kind)]
    return any(OF_STAGES.search(name) is not None and _TRIED.search(name) is None for name in names)


def _named(resource: ResourceView) -> str:
    """The words of a resource's address and of its literal name."""
    name = resource[NAME_PROPERTIES.get(resource.type, "Name")]
    text = "" if name.value.assumed else name.text or ""
    return " ".join(_WORD.findall(f"{resource.address} {text}"))
