"""Security of KMS keys."""

from collections.abc import Iterator

from mlwa_lint.graph.iam import policies
from mlwa_lint.graph.kinds import KEY
from mlwa_lint.rule import Claim, GraphView, Remedy, ResourceView, rule, set_to


@rule(
    "MLS311",
    "kms-key-without-rotation",
    "low",
    concern="protection",
    practices=("MLSEC02-BP01",),
    on=(KEY,),
    remedy=Remedy(
        "Set `EnableKeyRotation: true`.",
        "Set `enable_key_rotation = true`.",
        "Call `enable_key_rotation()` for the key.",
    ),
    controls=("KMS.4", "kms_cmk_rotation_enabled"),
)
def kms_key_without_rotation(key: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """KMS key rotation is disabled.

    The longer the same key material is in use, the more data is exposed if it is ever compromised; rotation
    replaces it every year, and nothing that uses the key has to change.

    Exceptions: Not reported for keys that KMS cannot rotate automatically: asymmetric and HMAC keys, keys
    with imported material, and keys in a custom key store.

    See [Rotate AWS KMS keys](https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html).
    """
    spec, usage, origin = key["KeySpec"], key["KeyUsage"], key["Origin"]
    rotatable = (
        (spec.is_absent() | spec.equals("SYMMETRIC_DEFAULT"))
        & (usage.is_absent() | usage.equals("ENCRYPT_DECRYPT"))
        & (origin.is_absent() | origin.equals("AWS_KMS"))
        & key["CustomKeyStoreId"].is_absent()
    )
    rotation = key["EnableKeyRotation"]
    message = f"{key} is not rotated: {rotation} should be true"
    fix = set_to(rotation, True, risk="the first two rotations add to the key's monthly price")
    yield Claim(rotatable & ~rotation.is_true(), rotation, message, fix=fix)


@rule(
    "MLS312",
    "kms-key-open-to-anyone",
    "high",
    practices=("MLSEC03-BP01",),
    on=(KEY,),
    remedy=Remedy(
        "Name the accounts or roles in `Principal`, or add a `Condition` on `kms:CallerAccount`.",
        "Name the accounts or roles in `principals`, or add a `condition` on `kms:CallerAccount`.",
    ),
    controls=("KMS.5", "kms_key_not_publicly_accessible"),
)
def kms_key_open_to_anyone(key: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A KMS key's policy lets every AWS account use the key.

    Encryption protects data only as well as its key does: anyone who can decrypt with the key can read
    everything that it encrypts, from any account.

    Exceptions: Not reported when a condition restricts callers: caller account, organization, source account
    or ARN, the service that the call comes through, VPC endpoint.

    See [Key policies in AWS KMS](https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html).
    """
    for statement in policies.of_policy(key):
        message = f"{key} is open to anyone: {statement} of its policy allows access to everyone, without a"
        message += " condition on the account or the source"
        yield Claim(statement.open_to_anyone(), statement.principal, message)
