"""How a Python user calls a canonical property."""

from collections.abc import Mapping
from typing import Final

from mlwa_lint.model.resources import Language


class PythonVocabulary:
    """The parameters of boto3's calls are the canonical names; `renamed` lists those that differ.

    renamed: dotted canonical path -> what the user writes for it.
    camel:   whether the service's parameters are in lower camel case.
    """

    language: Final[Language] = "python"

    def __init__(self, renamed: Mapping[str, str] | None = None, camel: bool = False) -> None:
        self._renamed = renamed or {}
        self._camel = camel

    def label(self, resource_type: str, path: tuple[str, ...]) -> str:
        """The parameter's path, `DataCaptureConfig.KmsKeyId`."""
        for end in range(len(path), 0, -1):
            found = self._renamed.get(".".join(path[:end]))
            if found is not None:
                return ".".join((found, *self._rest(path[end:])))
        return ".".join(self._rest(path))

    def _rest(self, path: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(each[:1].lower() + each[1:] for each in path) if self._camel else path


VOCABULARY = PythonVocabulary()
CAMEL = PythonVocabulary(camel=True)
