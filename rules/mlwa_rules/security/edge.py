"""Security of machine learning on devices."""

from collections.abc import Iterator

from mlwa_lint.graph.iam import policies
from mlwa_lint.rule import Claim, GraphView, Remedy, ResourceView, possibly, rule, some

DEVICE_FLEET = "AWS::SageMaker::DeviceFleet"
IOT_POLICY = "AWS::IoT::Policy"
DEVICE_SERVICES = ("iot", "greengrass")
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

    One stolen device certificate is then enough to read and forge the messages of the whole fleet, and to
    change the software on it.

    The rule reports `iot:*`, `greengrass:*` and `*`, and `NotAction` lists that leave one of the two services
    out.

    See [AWS IoT Core policies](https://docs.aws.amazon.com/iot/latest/developerguide/iot-policies.html) and
    [Overly permissive
    policies](https://docs.aws.amazon.com/iot-device-defender/latest/devguide/audit-chk-iot-policy-permissive.html).
    """
    for statement in policies.statements(policy["PolicyDocument"]):
        anywhere = statement.allows() & statement.on_any_resource()
        if not possibly(anywhere):
            continue
        advice = "list the actions and resources that a device needs"
        for action in statement.actions.items():
            message = f"{policy} allows {action.words} on every resource: {advice}"
            yield Claim(anywhere & action.test(lambda text: text.lower() in BROAD_ACTIONS), action, message)
        others = statement["NotAction"]
        covered = others.is_present() & some(statement.covers_service(each) for each in DEVICE_SERVICES)
        message = f"{policy} allows all but a few actions on every resource: {advice}"
        yield Claim(anywhere & covered, others, message)
