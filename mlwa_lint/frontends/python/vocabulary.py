"""How a Python user calls a canonical property."""

from collections.abc import Mapping
from typing import Final

from mlwa_lint.model.resources import Language

# canonical type -> parameter -> what CloudFormation calls it, where that differs.
RENAMED = {
    "AWS::Bedrock::Guardrail": {"KmsKeyId": "KmsKeyArn"},
    "AWS::IAM::ManagedPolicy": {"PolicyName": "ManagedPolicyName"},
    "AWS::KMS::Key": {"Policy": "KeyPolicy"},
    "AWS::Lambda::Function": {"KMSKeyArn": "KmsKeyArn"},
    "AWS::Lambda::Url": {"FunctionName": "TargetFunctionArn"},
    "AWS::Logs::LogGroup": {"KmsKeyId": "KmsKeyId"},
    "AWS::S3::Bucket": {"Bucket": "BucketName"},
    "AWS::S3::BucketPolicy": {"Policy": "PolicyDocument"},
    "AWS::StepFunctions::StateMachine": {
        "Name": "StateMachineName",
        "Definition": "DefinitionString",
        "Type": "StateMachineType",
    },
}
_VARIABLES = "EnvironmentVariables"


class PythonVocabulary:
    """The parameters of boto3's calls are the canonical names; `renamed` lists those that differ.

    renamed: dotted canonical path -> what the user writes for it.
    camel:   whether the service's parameters are in lower camel case.
    types:   canonical type -> dotted canonical path -> what the call has for it, where that differs.
    shapes:  parameter -> the class of what it takes, where that is not a dictionary.
    """

    language: Final[Language] = "python"

    def __init__(
        self,
        renamed: Mapping[str, str] | None = None,
        camel: bool = False,
        types: Mapping[str, Mapping[str, str]] | None = None,
        shapes: Mapping[str, str] | None = None,
    ) -> None:
        self._renamed = renamed or {}
        self._shapes = shapes or {}
        self._camel = camel
        self._types = types or {}

    def label(self, resource_type: str, path: tuple[str, ...]) -> str:
        """The parameter's path, `DataCaptureConfig.KmsKeyId`."""
        own = self._types.get(resource_type, {})
        for end in range(len(path), 0, -1):
            canonical = ".".join(path[:end])
            found = self._renamed.get(canonical)
            if found is None and canonical in own:
                found = ".".join(self._rest(tuple(own[canonical].split("."))))
            if found is not None:
                return ".".join((found, *self._rest(path[end:])))
        return ".".join(self._rest(path))

    def own(self, resource_type: str, path: tuple[str, ...]) -> str | None:
        """The parameter that is exactly this property, where it is called otherwise than the property."""
        canonical = ".".join(path)
        named = canonical in self._renamed or canonical in self._types.get(resource_type, {})
        label = self.label(resource_type, path) if named else ""
        return label if label and " (" not in label else None

    def ending(self, path: tuple[str, ...]) -> tuple[str, ...] | None:
        """The only property with a parameter of its own that ends so."""
        end = "." + ".".join(path)
        found = {name: canonical for canonical, name in self._renamed.items() if canonical.endswith(end)}
        return tuple(next(iter(found.values())).split(".")) if len(found) == 1 else None

    def shape(self, argument: str) -> str:
        """The class of what a parameter takes, in brackets for a list; empty for a dictionary."""
        return self._shapes.get(argument, "")

    def key(self, name: str) -> str:
        """How a key inside of a dictionary is written."""
        return self._rest((name,))[0]

    def with_names(self, renamed: Mapping[str, str]) -> "PythonVocabulary":
        """The same with other names for some properties."""
        return PythonVocabulary({**self._renamed, **renamed}, self._camel, self._types, self._shapes)

    def _rest(self, path: tuple[str, ...]) -> tuple[str, ...]:
        if not self._camel:
            return path
        # Names of environment variables are the user's own.
        own = path.index(_VARIABLES) + 1 if _VARIABLES in path else len(path)
        return (*(each[:1].lower() + each[1:] for each in path[:own]), *path[own:])


_BOTO3 = {
    kind: {canonical: parameter for parameter, canonical in names.items()} for kind, names in RENAMED.items()
}
# Other calls state it about a bucket.
_BOTO3["AWS::S3::Bucket"] |= {
    "BucketEncryption": "ServerSideEncryptionConfiguration (put_bucket_encryption)",
    "BucketEncryption.ServerSideEncryptionConfiguration": "ServerSideEncryptionConfiguration.Rules",
    "BucketEncryption.ServerSideEncryptionConfiguration.ServerSideEncryptionByDefault": (
        "ServerSideEncryptionConfiguration.Rules.ApplyServerSideEncryptionByDefault"
    ),
    "LoggingConfiguration": "BucketLoggingStatus (put_bucket_logging)",
    "Tags": "Tagging (put_bucket_tagging)",
}
VOCABULARY = PythonVocabulary(types=_BOTO3)
CAMEL = PythonVocabulary(camel=True, types=_BOTO3)
