"""What is for production, by its name and by its tags."""

from mlwa_lint.graph.linking.naming import NAME_PROPERTIES, outline
from mlwa_lint.graph.views import ResourceView
from mlwa_lint.model.values import MapValue, known_text
from mlwa_lint.startup.patterns import lazy

_PRODUCTION = lazy(r"(?i)(?<![a-z])(?:live|prd|prod|production)(?![a-z])")
# What tags say of where a resource is deployed: `Environment`, `app:env`, `DeploymentStage`.
_OF_STAGE = lazy(r"(?i)(?<![a-z])(?:env|environment|stage|deployment_?stage)$")
# Those of some other place are no word of it: `non-prod`, `not-live`, `pre-prod`.
_OTHER = lazy(r"(?i)(?:non|not|pre)[-_ ]?(?:live|prd|prod)")


def is_for_production(resource: ResourceView) -> bool:
    """Whether the name or a tag of a resource is known to be for production."""
    name = resource[NAME_PROPERTIES.get(resource.type, "Name")].value
    return any(map(_means_production, (outline(name), *_stages(resource))))


def _means_production(text: str) -> bool:
    return _PRODUCTION.search(text) is not None and _OTHER.search(text) is None


def _stages(resource: ResourceView) -> list[str]:
    """What the tags of a resource state as its environment or stage."""
    tags = resource["Tags"]
    value = tags.value
    if isinstance(value, MapValue):
        found = ((key, known_text(entry.value)) for key, entry in value.entries.items())
    else:
        found = ((each["Key"].text or "", each["Value"].text) for each in tags.known_items())
    return [text for key, text in found if text and _OF_STAGE.search(key) is not None]
