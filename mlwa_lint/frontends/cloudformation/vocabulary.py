"""CloudFormation's own names of types and properties."""

from typing import Final

from mlwa_lint.model.resources import Language

# Types that were renamed, as rules know them now; the properties that rules read have kept their names.
_RENAMED = {"AWS::Elasticsearch::Domain": "AWS::OpenSearchService::Domain"}


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
