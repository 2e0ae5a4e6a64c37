"""CloudFormation's own names of types and properties."""

from typing import Final

from mlwa_lint.model.resources import Language

# Types that were renamed, as rules know them now; the properties that rules read have kept their names.
_RENAMED = {"AWS::Elasticsearch::Domain": "AWS::OpenSearchService::Domain"}


# The services of CloudFormation whose names begin so; `AWS::BedrockAgent::Agent` is of none of them.
_SERVICES = ("Bedrock", "BedrockAgentCore", "SageMaker")
_BEGINNINGS = ("bedrock", "sagemaker")


def is_mistaken(resource_type: str) -> bool:
    """Whether a type is of a service that is not known and is called nearly like one of machine learning."""
    vendor, _, rest = resource_type.partition("::")
    service = rest.partition("::")[0]
    return vendor == "AWS" and service not in _SERVICES and service.lower().startswith(_BEGINNINGS)


def canonical(resource_type: str) -> str:
    """The type as rules know it."""
    return _RENAMED.get(resource_type, resource_type)


class CloudFormationVocabulary:
    """CloudFormation's names are the canonical ones."""

    language: Final[Language] = "cloudformation"

    def label(self, resource_type: str, path: tuple[str, ...]) -> str:
        """The property's path, `DataCaptureConfig.KmsKeyId`."""
        return ".".join(path)


VOCABULARY = CloudFormationVocabulary()
