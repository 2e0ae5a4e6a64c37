"""Facts about instance types that several rules need.

What the service offers comes from its API model (`instance_types`, generated). The model does not state
what families are made of: that is in the facts about hardware.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Literal, TypeAlias

from mlwa_lint.facts import hardware
from mlwa_lint.startup.patterns import lazy

Use: TypeAlias = Literal["hosting", "training", "processing", "transform", "notebook", "studio", "hyperpod"]

# What jobs use instances for, by the kinds of jobs.
USES_OF_JOBS: Mapping[str, Use] = {
    "training": "training",
    "tuning": "training",
    "processing": "processing",
    "monitoring": "processing",
    "transform": "transform",
}

# Families for general use, computing and memory, `c6id`: kind, generation and options. `g` is Graviton.
_X86 = lazy(r"(?P<kind>[cmr])\d+(?P<options>(?!g)(?:[aidnb]|-flex|zn)*)")
_GRAVITON = lazy(r"(?P<kind>[cmr])(?P<generation>\d+)g(?P<options>d?)")
_TYPE = lazy(r"(?:ml\.)?([a-z0-9-]+)\.([a-z0-9-]+)")
# A `d` behind the generation of a general, compute or memory family means local disks, also in families
# that SageMaker may offer later (docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html).
_WITH_DISKS = lazy(r"[cmrx]\d+[a-z]*d[a-z]*")


def family(instance_type: str) -> str:
    """The family of an instance type, `g5` of `ml.g5.xlarge`; empty when it is none."""
    match = _TYPE.fullmatch(instance_type)
    return match.group(1) if match else ""


def has_local_storage(instance_type: str) -> bool:
    """Whether an instance type has local NVMe storage, so that a KMS key for its volume is refused."""
    name = family(instance_type)
    return name in hardware.with_local_storage() or _WITH_DISKS.fullmatch(name) is not None


def size(instance_type: str) -> str:
    """The size of an instance type, `xlarge` of `ml.g5.xlarge`; empty when it is none."""
    match = _TYPE.fullmatch(instance_type)
    return match.group(2) if match else ""


def accelerator(instance_type: str) -> str | None:
    """`gpu`, `neuron`, `habana` or `qualcomm`; None for a type without an accelerator."""
    return hardware.accelerators().get(family(instance_type))


def is_accelerated(instance_type: str) -> bool:
    """Whether an instance type has an accelerator."""
    return accelerator(instance_type) is not None


def is_burstable(instance_type: str) -> bool:
    """Whether an instance type runs on CPU credits."""
    return family(instance_type) in hardware.burstable()


def successor(instance_type: str) -> str | None:
    """The family that follows a previous-generation type's; None for a current generation.

    The fifth generation (c5, m5, r5) is current on EC2 and counts as such.
    """
    return hardware.successors().get(family(instance_type))


def replacement(instance_type: str, use: Use) -> str:
    """The family that follows a previous-generation type's among those that are offered for a use.

    SageMaker hosts on no burstable family but t2, and processes and transforms on no p4d. That has eight
    GPUs; what has fewer is followed by g5.
    """
    following = successor(instance_type) or ""
    if following == "p4d" and size(instance_type) in ("xlarge", "2xlarge", "8xlarge"):
        return "g5"
    if following in _families(use):
        return following
    return {"t3": "m6i", "p4d": "g5"}.get(following, following)


@cache
def graviton_for_hosting(instance_type: str) -> str | None:
    """The newest Graviton instance type of the same size that SageMaker offers for hosting, if there is one.

    Of an x86 family of the same kind: `c`, `m` or `r`, with local disks where the other has them.
    """
    match = _X86.fullmatch(family(instance_type))
    if match is None:
        return None
    kind, disks = match.group("kind"), "d" if "d" in match.group("options") else ""
    ranked = sorted(
        (int(found.group("generation")), each)
        for each in offered("hosting")
        if (found := _GRAVITON.fullmatch(family(each))) is not None
        and (found.group("kind"), found.group("options"), size(each)) == (kind, disks, size(instance_type))
    )
    return ranked[-1][1] if ranked else None


def nearest(name: str, wanted: str, use: Use) -> str:
    """A type of a family that is offered for a use: that of a size, or else the one that is nearest to it."""
    given = xlarge_units(f"ml.{name}.{wanted}")
    types = [each for each in offered(use) if family(each) == name]
    return min(types, key=lambda each: (abs(xlarge_units(each) - given), each), default=f"ml.{name}.xlarge")


def is_offered(instance_type: str, use: Use) -> bool:
    """Whether SageMaker offers an instance type (`ml.m5.xlarge`) for a use."""
    return instance_type in offered(use)


@cache
def offered(use: Use) -> frozenset[str]:
    """All instance types that SageMaker offers for a use, as of the API model of the generated table."""
    from mlwa_lint.graph.machines import instance_types

    table: Mapping[str, str] = getattr(instance_types, use.upper())
    return frozenset(f"ml.{name}.{each}" for name, sizes in table.items() for each in sizes.split())


@cache
def _families(use: Use) -> frozenset[str]:
    """The families that SageMaker offers for a use."""
    return frozenset(map(family, offered(use)))


def xlarge_units(instance_type: str) -> float:
    """The size in multiples of xlarge: 4 for 4xlarge, 0.5 for large; 0 when it is none."""
    named = size(instance_type)
    small = {"nano": 0.03, "micro": 0.06, "small": 0.12, "medium": 0.25, "large": 0.5, "xlarge": 1.0}
    if named in small:
        return small[named]
    match = re.fullmatch(r"(\d+)xlarge", named)
    return float(match.group(1)) if match else 0.0
