"""The hardware of instance families, and AWS's own containers for it."""

from collections.abc import Mapping
from functools import cache

from mlwa_lint.facts.tables import table
from mlwa_lint.startup.patterns import lazy

# How the repositories of AWS's containers begin: with a framework or a toolkit.
CONTAINERS_OF_AWS = lazy(r"(?:tensorflow|pytorch|mxnet|huggingface|djl|autogluon|stabilityai|sagemaker|tei)-")


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
