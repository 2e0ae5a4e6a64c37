"""The hardware of instance families, and AWS's own containers for it."""

from collections.abc import Mapping
from functools import cache

from mlwa_lint.facts.tables import table
from mlwa_lint.startup.patterns import lazy

# How the repositories of AWS's containers begin: with a framework or a toolkit.
CONTAINERS_OF_AWS = lazy(r"(?:tensorflow|pytorch|mxnet|huggingface|djl|autogluon|stabilityai|sagemaker|tei)-")

# The first versions of frameworks that AWS's containers have with CUDA 11.
_FIRST_WITH_CUDA_11 = {"mxnet": (1, 8), "pytorch": (1, 7), "tensorflow": (2, 4)}
_FRAMEWORK = lazy(r"^(?P<name>mxnet|pytorch|tensorflow)-[a-z-]+:(?P<major>\d{1,9})\.(?P<minor>\d{1,9})")
# Repositories from before the Deep Learning Containers, all of whose images are built with CUDA 9 or 10; of
# Chainer there are no others
# (docker/*/base/Dockerfile.gpu of https://github.com/aws/sagemaker-chainer-container).
_BEFORE_CUDA_11 = lazy(r"^sagemaker-(?:chainer|mxnet|pytorch|tensorflow)(?:-[a-z-]+)?:")
_OLD_CUDA = lazy(r"cu(?:9|10)\d\b")
_NEW_CUDA = lazy(r"cu1[1-9]\d\b")
# A container of AWS's under a longer name: `beta-mxnet-training:1.4.1-py3-gpu-build`.
_RENAMED = lazy(
    r"^(?!huggingface|stabilityai)[a-z0-9]+-(?P<name>mxnet|pytorch|tensorflow)-(?:training|inference)[a-z-]*"
    r":(?P<major>\d{1,9})\.(?P<minor>\d{1,9})[\d.]*-(?=\S*\b(?:py\d+|gpu|cpu)\b)"
)


@cache
def with_local_storage() -> frozenset[str]:
    """Families with local NVMe storage, which a KMS key does not reach."""
    return frozenset(table("hardware")["local_storage"]["families"])


@cache
def accelerators() -> Mapping[str, str]:
    """Families with an accelerator, and its kind: `gpu`, `neuron`, `habana` or `qualcomm`."""
    kinds: Mapping[str, list[str]] = table("hardware")["accelerators"]
    return {family: kind for kind, families in kinds.items() for family in families}


@cache
def burstable() -> frozenset[str]:
    """Families that run on CPU credits."""
    return frozenset(table("hardware")["burstable"]["families"])


@cache
def successors() -> Mapping[str, str]:
    """Families of a previous generation, and the family that follows each."""
    found: Mapping[str, str] = table("hardware")["successors"]
    return found


@cache
def search_without_encryption() -> Mapping[str, str]:
    """Families of OpenSearch instances that cannot be encrypted at rest, and one that can instead of each."""
    found: Mapping[str, str] = table("hardware")["search_without_encryption"]
    return found


def precedes_cuda_11(name: str) -> bool | None:
    """Whether an image is built with a CUDA before 11, by its repository and tag; None if it is not known."""
    if _BEFORE_CUDA_11.search(name) is not None:
        return True
    if _NEW_CUDA.search(name) is not None:
        return False
    built = _FRAMEWORK.search(name) or _RENAMED.search(name)
    if built is None:
        return True if _OLD_CUDA.search(name) is not None else None
    return (int(built["major"]), int(built["minor"])) < _FIRST_WITH_CUDA_11[built["name"]]
