"""What descriptions state of the content of buckets: those of outputs, and of parameters that name them."""

from collections.abc import Iterable

from mlwa_lint.model.resources import DESCRIBED, Resource
from mlwa_lint.model.values import Reference, Unknown, Value, known_text
from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple

BUCKET = "AWS::S3::Bucket"
# Only what tells something that rules ask for is worth evaluating what it describes.
_INFORMATIVE = lazy(r"(?i)\b(?:te?mp|temporar(?:y|ily)|scratch|models?)\b")
# What a parameter gives the name of.
_OF_BUCKET = lazy(r"(?i)\b(?:buckets?|s3)\b")
_NAME = "BucketName"


class Description(NamedTuple):
    """A description, and what it is about: a value that refers to something, or that names it."""

    text: str
    value: Value


def is_informative(text: str, of_name: bool = False) -> bool:
    """Whether a description tells something of what a bucket keeps.

    of_name: whether it is that of a parameter, which may give the name of anything.
    """
    return _INFORMATIVE.search(text) is not None and (not of_name or _OF_BUCKET.search(text) is not None)


def with_descriptions(
    resources: tuple[Resource, ...], described: Iterable[Description]
) -> tuple[Resource, ...]:
    """The resources with what descriptions state of buckets."""
    referred: dict[str, list[str]] = {}
    named: dict[str, list[str]] = {}
    for each in described:
        if isinstance(each.value, Reference):
            referred.setdefault(each.value.address, []).append(each.text)
        elif identity := _identity(each.value):
            named.setdefault(identity, []).append(each.text)
    if not referred and not named:
        return resources
    found: list[Resource] = []
    for resource in resources:
        texts = _texts_of(resource, referred, named) if resource.type == BUCKET else []
        found.append(resource.with_note(DESCRIBED, "\n".join(texts)) if texts else resource)
    return tuple(found)


def _texts_of(resource: Resource, referred: dict[str, list[str]], named: dict[str, list[str]]) -> list[str]:
    texts = [text for each in (resource.address, *resource.folded) for text in referred.get(each, ())]
    name = resource.properties.entries.get(_NAME)
    texts += named.get(_identity(name.value), []) if name is not None else []
    return list(dict.fromkeys(texts))


def _identity(value: Value) -> str:
    """What makes a name equal to others."""
    return value.identity if isinstance(value, Unknown) else f"={known_text(value) or ''}".rstrip("=")


__all__ = ["BUCKET", "Description", "is_informative", "with_descriptions"]
