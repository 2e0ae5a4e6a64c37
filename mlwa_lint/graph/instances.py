"""Facts about instance types that several rules need."""

import re

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
_TYPE = re.compile(r"(?:ml\.)?([a-z0-9-]+)\.[a-z0-9-]+")


def family(instance_type: str) -> str:
    """The family of an instance type, `g5` of `ml.g5.xlarge`; empty when it is none."""
    match = _TYPE.fullmatch(instance_type)
    return match.group(1) if match else ""


def has_local_storage(instance_type: str) -> bool:
    """Whether an instance type has local NVMe storage, so that a KMS key for its volume is refused."""
    return family(instance_type) in _LOCAL_STORAGE
