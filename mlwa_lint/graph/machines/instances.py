"""Facts about instance types that several rules need.

What the service offers comes from its API model (`instance_types`, generated). The model does not tell
what families are made of: that is from the EC2 and SageMaker documentation, named at each table.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Literal, TypeAlias

from mlwa_lint.startup.patterns import lazy

Use: TypeAlias = Literal["hosting", "training", "processing", "transform", "notebook", "studio", "hyperpod"]

# Families of SageMaker instances with local NVMe storage; AWS encrypts it with keys of the hardware, and
# refuses a KMS key for the volumes of an endpoint configuration or a job that uses one of them.
_LOCAL_STORAGE = frozenset(
    {
        "c5d",
        "c6gd",
        "c6id",
        "dl1",
        "g4dn",
        "g5",
        "g6",
        "g6e",
        "g7",
        "g7e",
        "gr6",
        "i3en",
        "m5d",
        "m6gd",
        "m6id",
        "p3dn",
        "p4d",
        "p4de",
        "p5",
        "p5e",
        "p5en",
        "p6-b200",
        "p6-b300",
        "p6e-gb200",
        "r5d",
        "r6gd",
        "r6id",
        "r7gd",
        "trn1",
        "trn1n",
        "trn2",
    }
)
# Families with an accelerator, and its kind (docs.aws.amazon.com/ec2/latest/instancetypes/ac.html).
_ACCELERATORS: Mapping[str, str] = {
    **dict.fromkeys(("p2", "p3", "p3dn", "p4d", "p4de", "p5", "p5e", "p5en"), "gpu"),
    **dict.fromkeys(("p6-b200", "p6-b300", "p6e-gb200", "g4dn", "g5", "g5g", "g6", "g6e"), "gpu"),
    **dict.fromkeys(("gr6", "g6f", "gr6f", "g7", "g7e", "g3", "g3s", "g4ad"), "gpu"),
    **dict.fromkeys(("inf1", "inf2", "trn1", "trn1n", "trn2", "trn2u", "trn3"), "neuron"),
    "dl1": "habana",
    "dl2q": "qualcomm",
}
# Families whose CPU credits run out under steady load (docs.aws.amazon.com/AWSEC2/latest/UserGuide/
# burstable-performance-instances.html).
_BURSTABLE = frozenset({"t2", "t3", "t3a", "t4g"})
# Previous generations, and the family that AWS names as their successor (aws.amazon.com/ec2/
# previous-generation; for the accelerated ones docs.aws.amazon.com/sagemaker/latest/dg/
# inference-cost-optimization.html and the families' own pages).
_SUCCESSORS: Mapping[str, str] = {
    "c4": "c6i",
    "g3": "g5",
    "g3s": "g5",
    "inf1": "inf2",
    "m4": "m6i",
    "p2": "g5",
    "p3": "p4d",
    "p3dn": "p4d",
    "r4": "r6i",
    "t2": "t3",
}
# x86 families for hosting and their Graviton counterparts (docs.aws.amazon.com/sagemaker/latest/dg/
# realtime-endpoints-options.html).
_GRAVITON: Mapping[str, str] = {
    "c4": "c6g",
    "c5": "c6g",
    "c5d": "c6gd",
    "c6i": "c7g",
    "c6id": "c6gd",
    "c6in": "c6gn",
    "c7i": "c7g",
    "m4": "m6g",
    "m5": "m6g",
    "m5d": "m6gd",
    "m6i": "m6g",
    "m6id": "m6gd",
    "m7i": "m6g",
    "r5": "r6g",
    "r5d": "r6gd",
    "r6i": "r7g",
    "r6id": "r7gd",
    "r7i": "r7g",
}
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
    return name in _LOCAL_STORAGE or _WITH_DISKS.fullmatch(name) is not None


def size(instance_type: str) -> str:
    """The size of an instance type, `xlarge` of `ml.g5.xlarge`; empty when it is none."""
    match = _TYPE.fullmatch(instance_type)
    return match.group(2) if match else ""


def accelerator(instance_type: str) -> str | None:
    """`gpu`, `neuron`, `habana` or `qualcomm`; None for a type without an accelerator."""
    return _ACCELERATORS.get(family(instance_type))


def is_burstable(instance_type: str) -> bool:
    """Whether an instance type runs on CPU credits."""
    return family(instance_type) in _BURSTABLE


def successor(instance_type: str) -> str | None:
    """The family that follows a previous-generation type's; None for a current generation.

    The fifth generation (c5, m5, r5) is current on EC2 and counts as such.
    """
    return _SUCCESSORS.get(family(instance_type))


def replacement(instance_type: str, use: Use) -> str:
    """The family that follows a previous-generation type's among those that are offered for a use.

    SageMaker hosts on no burstable family but t2, and processes and transforms on no p4d.
    """
    following = successor(instance_type) or ""
    if any(family(each) == following for each in offered(use)):
        return following
    return {"t3": "m6i", "p4d": "g5"}.get(following, following)


def graviton_for_hosting(instance_type: str) -> str | None:
    """The Graviton instance type of the same size that SageMaker offers for hosting, if there is one."""
    other = _GRAVITON.get(family(instance_type))
    candidate = f"ml.{other}.{size(instance_type)}"
    return candidate if other and is_offered(candidate, "hosting") else None


def is_offered(instance_type: str, use: Use) -> bool:
    """Whether SageMaker offers an instance type (`ml.m5.xlarge`) for a use."""
    return instance_type in offered(use)


@cache
def offered(use: Use) -> frozenset[str]:
    """All instance types that SageMaker offers for a use, as of the API model of the generated table."""
    from mlwa_lint.graph.machines import instance_types

    table: Mapping[str, str] = getattr(instance_types, use.upper())
    return frozenset(f"ml.{name}.{each}" for name, sizes in table.items() for each in sizes.split())


def xlarge_units(instance_type: str) -> float:
    """The size in multiples of xlarge: 4 for 4xlarge, 0.5 for large; 0 when it is none."""
    named = size(instance_type)
    small = {"nano": 0.03, "micro": 0.06, "small": 0.12, "medium": 0.25, "large": 0.5, "xlarge": 1.0}
    if named in small:
        return small[named]
    match = re.fullmatch(r"(\d+)xlarge", named)
    return float(match.group(1)) if match else 0.0
