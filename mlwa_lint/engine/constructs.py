"""Findings for users of the CDK: the construct, the line of the program, the property of the L1 construct."""

from mlwa_lint.model.findings import Construct
from mlwa_lint.model.resources import Resource
from mlwa_lint.model.values import MapValue, known_text
from mlwa_lint.startup.patterns import lazy

# `KMSMasterKeyId`: capitals in a row are one word, whose last letter begins the next one.
_WORD = lazy(r"[A-Z]+(?![a-z])|[A-Z]?[^A-Z]+")


def construct_of(resource: Resource) -> Construct | None:
    """The construct that a resource comes from; None for what no CDK program made."""
    entry = resource.attributes.entries.get("Construct")
    if entry is None or not isinstance(entry.value, MapValue):
        path = _path_in_template(resource)
        return Construct(path, "", 0, False) if path else None
    stated = {key: known_text(each.value) or "" for key, each in entry.value.entries.items()}
    line = stated.get("Line", "")
    return Construct(
        stated.get("Path", ""),
        stated.get("File", ""),
        int(line) if line.isdecimal() else 0,
        "Found" in stated,
    )


def _path_in_template(resource: Resource) -> str:
    """The path that a synthesized template itself states, without an assembly around it."""
    metadata = resource.attributes.entries.get("Metadata")
    if metadata is None or not isinstance(metadata.value, MapValue):
        return ""
    entry = metadata.value.entries.get("aws:cdk:path")
    return "" if entry is None else known_text(entry.value) or ""


def l1_property(resource_type: str, path: tuple[str, ...]) -> str:
    """How the CDK's L1 construct calls a property: `cfnEndpointConfig.kmsKeyId`."""
    return ".".join((f"cfn{resource_type.rpartition('::')[2]}", *map(_camel, path)))


def _camel(name: str) -> str:
    words = _WORD.findall(name)
    return "".join(word.lower() if at == 0 else word.capitalize() for at, word in enumerate(words))
