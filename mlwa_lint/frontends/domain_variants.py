"""Studio domains with public network access that have a variant with `VpcOnly` in a file beside their own."""

import re
from pathlib import Path

from mlwa_lint.files.endings import ProjectFiles
from mlwa_lint.model.resources import VPC_ONLY_VARIANT, Project, Resource
from mlwa_lint.model.values import Scalar, alternatives
from mlwa_lint.startup.patterns import lazy

VARIANT_SIZE_LIMIT = 1_000_000
_DOMAIN = "AWS::SageMaker::Domain"
_ACCESS = "AppNetworkAccessType"
_PUBLIC = "PublicInternetOnly"
_CONFIGURATION = lazy(r"\.(?:ya?ml|json|template|tf)$", re.IGNORECASE)
_VPC_ONLY = lazy(
    r"^[^#\n]*\bAppNetworkAccessType[\"']?\s*:\s*[\"']?VpcOnly\b"
    r"|^[^#\n]*\bapp_network_access_type\s*=\s*\"VpcOnly\"",
    re.MULTILINE,
)


def with_variants(project: Project, files: ProjectFiles | None) -> Project:
    """The project with the file of the variant noted at each domain that states public access.

    A variant lies in another file of the same folder, or of a folder next to it.
    """
    if files is None or files.root is None or not any(map(_states_public_access, project.resources)):
        return project
    offering = files.once(_offering)
    resources = tuple(
        _with_variant(each, offering) if _states_public_access(each) else each for each in project.resources
    )
    return project._replace(resources=resources)


def _states_public_access(resource: Resource) -> bool:
    entry = resource.properties.entries.get(_ACCESS) if resource.type == _DOMAIN else None
    found = () if entry is None else alternatives(entry.value)
    return any(isinstance(each.value, Scalar) and each.value.data == _PUBLIC for each in found)


def _with_variant(domain: Resource, offering: list[Path]) -> Resource:
    own = Path(domain.span.path).resolve()
    beside = next((each for each in offering if each != own and _are_beside(each.parent, own.parent)), None)
    return domain if beside is None else domain.with_note(VPC_ONLY_VARIANT, beside.name)


def _are_beside(one: Path, other: Path) -> bool:
    return one == other or one.parent == other.parent


def _offering(files: ProjectFiles) -> list[Path]:
    """The files with a domain whose access is `VpcOnly`."""
    found = files.texts_like(_CONFIGURATION.search, VARIANT_SIZE_LIMIT)
    return [each.resolve() for each, text in found or () if _offers(text)]


def _offers(text: str) -> bool:
    # Looking for the word alone is a hundred times as fast, and most texts do not have it.
    return "VpcOnly" in text and _VPC_ONLY.search(text) is not None
