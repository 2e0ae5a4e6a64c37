"""Security of machine learning on devices."""

from collections.abc import Iterator

from mlwa_lint.graph.iam import policies
from mlwa_lint.model.findings import Severity
from mlwa_lint.rule import (
    Answer,
    Claim,
    GraphView,
    Remedy,
    ResourceView,
    View,
    certainly,
    every,
    possibly,
    rule,
    some,
)

DEVICE_FLEET = "AWS::SageMaker::DeviceFleet"
IOT_POLICY = "AWS::IoT::Policy"
DEVICE_SERVICES = ("iot", "greengrass")
_DATA_PLANE = "greengrass:*"
_EVERYTHING = "*"
BROAD_ACTIONS = ("*", "*:*", *(f"{service}:*" for service in DEVICE_SERVICES))


@rule(
    "MLS605",
    "edge-fleet-output-unencrypted",
    "medium",
    concern="protection",
    practices=("MLSEC02-BP01",),
    on=(DEVICE_FLEET,),
    remedy=Remedy(
        "Set `OutputConfig.KmsKeyId: !GetAtt FleetKey.Arn`.",
        "Set `kms_key_id = aws_kms_key.fleet.arn` in `output_config`.",
    ),
    retired="SageMaker Edge Manager was discontinued in April 2024; MLR602 reports the service",
)
def edge_fleet_output_unencrypted(fleet: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """The output of a device fleet is not encrypted with a customer managed KMS key.

    The inputs and predictions that devices send to S3 show what their cameras and sensors recorded.

    This rule is retired and finds nothing: SageMaker Edge Manager was discontinued in April 2024.

    See
    [EdgeOutputConfig](https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_EdgeOutputConfig.html).
    """
    yield from ()


@rule(
    "MLS606",
    "iot-policy-too-broad",
    "high",
    practices=("MLSEC03-BP01",),
    on=(IOT_POLICY,),
    remedy=Remedy(
        "List what a device needs: `Action: iot:Publish`, "
        "`Resource: !Sub arn:aws:iot:${AWS::Region}:${AWS::AccountId}:topic/cameras/*`.",
        'List what a device needs: `actions = ["iot:Publish"]`, '
        '`resources = ["arn:aws:iot:eu-west-1:111122223333:topic/cameras/*"]`.',
    ),
)
def iot_policy_too_broad(policy: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A device policy allows every action of AWS IoT or Greengrass on every resource.

    One stolen device certificate is then enough to read and forge the messages of the whole fleet, or to
    download the components of every other device.

    The rule reports `iot:*`, `greengrass:*` and `*`, and `NotAction` lists that leave one of the two services
    out, once for each policy. The severity is medium for `greengrass:*` alone, which Greengrass's own
    installer sets up: for a device it means the data plane, in which a core device reads its deployments and
    components, and not the creation of deployments.

    See [AWS IoT Core policies](https://docs.aws.amazon.com/iot/latest/developerguide/iot-policies.html),
    [Device authentication and authorization for AWS IoT
    Greengrass](https://docs.aws.amazon.com/greengrass/v2/developerguide/device-auth.html) and
    [Overly permissive
    policies](https://docs.aws.amazon.com/iot-device-defender/latest/devguide/audit-chk-iot-policy-permissive.html).
    """
    found: list[tuple[Answer, View, str]] = []
    for answer, place, what in _granted(policy):
        if certainly(answer):
            found.append((answer, place, what))
        else:
            yield Claim(answer, place, _message(policy, [what]))
    if found:
        named = list(dict.fromkeys(what for _, _, what in found))
        severity: Severity | None = "medium" if named == [_DATA_PLANE] else None
        related = tuple((place, f"allows {what}") for _, place, what in found[1:])
        answered = every(answer for answer, _, _ in found)
        yield Claim(answered, found[0][1], _message(policy, named), severity, related)


def _granted(policy: ResourceView) -> Iterator[tuple[Answer, View, str]]:
    """Whether something broad is allowed on every resource, where, and what it is."""
    for statement in policies.statements(policy["PolicyDocument"]):
        anywhere = statement.allows() & statement.on_any_resource()
        if not possibly(anywhere):
            continue
        for action in statement.actions.items():
            broad = action.test(lambda text: text.lower() in BROAD_ACTIONS)
            yield anywhere & broad, action, action.words.lower()
        others = statement["NotAction"]
        covered = others.is_present() & some(statement.covers_service(each) for each in DEVICE_SERVICES)
        yield anywhere & covered, others, "all but a few actions"


def _message(policy: ResourceView, named: list[str]) -> str:
    named = [_EVERYTHING] if _EVERYTHING in named else named
    allowed = " and ".join([*([", ".join(named[:-1])] if named[1:] else []), named[-1]])
    return f"{policy} allows {allowed} on every resource: list the actions and resources that a device needs"
