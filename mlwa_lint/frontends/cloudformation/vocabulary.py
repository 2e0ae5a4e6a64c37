"""CloudFormation's own words for types and properties."""

from typing import Final

from mlwa_lint.model.resources import Language


class CloudFormationVocabulary:
    """CloudFormation's names are the canonical ones."""

    language: Final[Language] = "cloudformation"

    def label(self, resource_type: str, path: tuple[str, ...]) -> str:
        """The property's path, `DataCaptureConfig.KmsKeyId`."""
        return ".".join(path)


VOCABULARY = CloudFormationVocabulary()
