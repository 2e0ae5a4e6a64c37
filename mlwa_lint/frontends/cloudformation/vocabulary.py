"""CloudFormation's own names of types and properties."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

from mlwa_lint.model.resources import NO_TYPE, Language

# Types that were renamed, as rules know them now; the properties that rules read have kept their names.
_RENAMED = {"AWS::Elasticsearch::Domain": "AWS::OpenSearchService::Domain"}


# The services of CloudFormation whose names begin so; `AWS::BedrockAgent::Agent` is of none of them.
_SERVICES = ("Bedrock", "BedrockAgentCore", "SageMaker")
_BEGINNINGS = ("bedrock", "sagemaker")


_PROPERTIES = Path(__file__).parent / "properties.json"


def unknown_properties(resource_type: str, names: Iterable[str]) -> list[str]:
    """Those of some names that CloudFormation does not have as properties of a type, as far as is known.

    Intrinsic functions (`Fn::Transform`) are none. The table has one line for each type.
    """
    text = _properties()
    start = text.find(f'\n"{resource_type}":')
    if start < 0:
        return []
    line = text[start + 1 : text.find("\n", start + 1)]
    known = line.split('"')[3::2]
    return [each for each in names if each not in known and not each.startswith("Fn::")]


@cache
def _properties() -> str:
    return _PROPERTIES.read_text(encoding="utf-8")


def is_mistaken(resource_type: str) -> bool:
    """Whether a type is one of ML by its service, or nearly, and CloudFormation has none of that name.

    Types of modules (`::MODULE`) are anyone's.
    """
    vendor, _, rest = resource_type.partition("::")
    service, _, kind = rest.partition("::")
    if vendor != "AWS" or not service.lower().startswith(_BEGINNINGS) or kind.endswith("::MODULE"):
        return False
    if service not in _SERVICES:
        return True
    from mlwa_lint.frontends.cloudformation.ml_types import ML_TYPES

    return resource_type not in ML_TYPES


def canonical(resource_type: str) -> str:
    """The type as rules know it; those for jobs do not check one that only SDKs create."""
    if is_mistaken(resource_type):
        return resource_type + NO_TYPE
    return _RENAMED.get(resource_type, resource_type)


class CloudFormationVocabulary:
    """CloudFormation's names are the canonical ones."""

    language: Final[Language] = "cloudformation"

    def label(self, resource_type: str, path: tuple[str, ...]) -> str:
        """The property's path, `DataCaptureConfig.KmsKeyId`."""
        return ".".join(path)


VOCABULARY = CloudFormationVocabulary()
