"""What is for production, or for data of people, by its name and by its tags."""

from mlwa_lint.graph.linking.naming import NAME_PROPERTIES, outline
from mlwa_lint.graph.views import ResourceView
from mlwa_lint.model.values import MapValue, known_text
from mlwa_lint.startup.patterns import lazy

_PRODUCTION = lazy(r"(?i)(?<![a-z])(?:live|prd|prod|production)(?![a-z])")
# What tags say of where a resource is deployed: `Environment`, `app:env`, `DeploymentStage`.
_OF_STAGE = lazy(r"(?i)(?<![a-z])(?:env|environment|stage|deployment_?stage)$")
# Those of some other place are no word of it: `non-prod`, `not-live`, `pre-prod`.
_OTHER = lazy(r"(?i)(?:non|not|pre)[-_ ]?(?:live|prd|prod)")


_DEVELOPMENT = frozenset(
    ("demo", "dev", "development", "experiment", "playground", "poc", "sandbox", "test", "testing", "trial")
)

# Data that a key of the customer is expected for; not what finds or removes it.
_PERSONAL = lazy(
    r"(?i)(?<![a-z])(?:pii|phi|hipaa|gdpr)(?![a-z]|[ _-](?:detect|entit|filter|handl|mask|redact))"
    r"|(?<![a-z])(?:patient|medical|clinical)s?[ _-](?:data|documents?|files?|notes?|records?)(?![a-z])"
    r"|(?<![a-z])personal[ _-](?:data|information)(?![a-z])"
)


def is_for_personal_data(resource: ResourceView) -> bool:
    """Whether the name or a tag of a resource shows that it holds data of people that needs protection."""
    name = outline(resource[NAME_PROPERTIES.get(resource.type, "Name")].value)
    texts = (resource.address.rpartition(".")[2], name, *(text for _, text in tags_of(resource)))
    return any(_PERSONAL.search(text) is not None for text in texts)


def is_for_development(resource: ResourceView) -> bool:
    """Whether the tags of a resource state that it is for development or tests, whoever deploys it."""
    stages = [text for key, text in tags_of(resource, given=True) if _OF_STAGE.search(key) is not None]
    return bool(stages) and all(text.lower() in _DEVELOPMENT for text in stages)


def is_for_production(resource: ResourceView) -> bool:
    """Whether the name or a tag of a resource is known to be for production."""
    name = resource[NAME_PROPERTIES.get(resource.type, "Name")].value
    return any(map(_means_production, (outline(name), *_stages(resource))))


def _means_production(text: str) -> bool:
    return _PRODUCTION.search(text) is not None and _OTHER.search(text) is None


def _stages(resource: ResourceView) -> list[str]:
    """What the tags of a resource state as its environment or stage."""
    return [text for key, text in tags_of(resource) if _OF_STAGE.search(key) is not None]


def tags_of(resource: ResourceView, given: bool = False) -> list[tuple[str, str]]:
    """The tags of a resource of which key and value are known.

    given: without those that rest on a default, which whoever deploys the project may set.
    """
    tags = resource["Tags"]
    value = tags.value
    if isinstance(value, MapValue):
        stated = [(key, entry.value) for key, entry in value.entries.items()]
    else:
        stated = [(each["Key"].text or "", each["Value"].value) for each in tags.known_items()]
    found = [(key, known_text(each)) for key, each in stated if not (given and each.assumed)]
    return [(key, text) for key, text in found if text]
