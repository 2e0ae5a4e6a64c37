"""Remedies for those who write Python: CloudFormation's notation, rewritten."""

from typing import ClassVar

import pytest

from mlwa_lint.model.notation import ArgumentNames, in_python


class Lower(ArgumentNames):
    """Ours are shown by their last name; those of a service by none."""

    def label(self, path: tuple[str, ...]) -> str:
        return "" if path[0] == "Unnamed" else "_".join(path).lower()


class Sdk(ArgumentNames):
    """Names of arguments that are not those of the request, of which some hold others."""

    OWN: ClassVar = {
        ("StoppingCondition",): "max_run",
        ("StoppingCondition", "MaxRuntimeInSeconds"): "max_run",
        ("StoppingCondition", "MaxWaitTimeInSeconds"): "max_wait",
        ("VpcConfig",): "subnets and security_group_ids",
        ("VpcConfig", "Subnets"): "subnets",
        ("Cluster", "InstanceType"): "instance_type",
        ("NetworkConfig", "EnableNetworkIsolation"): "network_config.enable_network_isolation",
        ("NetworkConfig", "VpcConfig", "Subnets"): "network_config.subnets",
        ("ProcessingInputs", "S3Input", "S3Uri"): "inputs.source",
        ("Store", "KmsKeyId"): "store.key.id",
    }

    def own(self, path: tuple[str, ...]) -> str | None:
        return self.OWN.get(path)

    def ending(self, path: tuple[str, ...]) -> tuple[str, ...] | None:
        return next((each for each in self.OWN if each[1:] == path), None)

    def shape(self, argument: str) -> str:
        return {"network_config": "NetworkConfig", "inputs": "[ProcessingInput]"}.get(argument, "")

    def key(self, name: str) -> str:
        return name[:1].lower() + name[1:]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("KmsKeyId: !GetAtt HostingKey.Arn", "kmskeyid=hosting_key_arn"),
        ("KmsKeyId: !Ref HostingKey", "kmskeyid=hosting_key"),
        ("EnableNetworkIsolation: true", "enablenetworkisolation=True"),
        ("EnableNetworkIsolation: false", "enablenetworkisolation=False"),
        ("Count: 2", "count=2"),
        ("Share: -0.5", "share=-0.5"),
        ("Version: v2", 'version="v2"'),
        ("Text: 1.2x", 'text="1.2x"'),
        ("Text: ...", "text=..."),
        ("Text: …", "text=…"),
        ('Text: "a b"', 'text="a b"'),
        ("DataCaptureConfig.KmsKeyId: a", 'datacaptureconfig_kmskeyid="a"'),
        ("Unnamed.Key: a", 'Unnamed={"Key": "a"}'),
        ("Subnets: [a, !Ref Subnet, 3]", 'subnets=["a", subnet, 3]'),
        ("Subnets: []", "subnets=[]"),
        ("VpcConfig: {Subnets: [a], Id: 3}", 'vpcconfig={"Subnets": ["a"], "Id": 3}'),
        ("VpcConfig: {Subnets: [a], ...}", 'vpcconfig={"Subnets": ["a"], ...}'),
        ("VpcConfig: {..., Id: 3}", 'vpcconfig={..., "Id": 3}'),
        ("VpcConfig: {…}", "vpcconfig={...}"),
        ('Tags: {"Key": owner}', 'tags={"Key": "owner"}'),
        ("Name: !Sub ${AWS::StackName}-x", 'name=f"{stack_name}-x"'),
        ("Name: !Sub s3://${DataBucket}/${Prefix}", 'name=f"s3://{data_bucket}/{prefix}"'),
        ("ResourceId: !GetAtt Endpoint.EndpointName", "ResourceId=endpoint_name"),
        ("{Key: owner, Value: me}", '{"Key": "owner", "Value": "me"}'),
        ("[a, b]", '["a", "b"]'),
        ("KmsKeyId", "kmskeyid"),
        ("AppSpecification.ImageUri", "appspecification_imageuri"),
        ("Unnamed", "Unnamed"),
        ("ml.m5.large", "ml.m5.large"),
        ("ABC", "ABC"),
        ("!GetAtt Endpoint.EndpointName", "endpoint_name"),
        ("Regex: 'loss=([0-9.]+)'", 'regex="loss=([0-9.]+)"'),
        ("Text: 'a \"b\"'", "text='a \"b\"'"),
        ('Principal: {Service: a, "aws:x": b}', 'Principal={"Service": "a", "aws:x": "b"}'),
        ("Condition", "Condition"),
        ("aB", "aB"),
    ],
)
def test_settings_are_written_as_arguments(code: str, expected: str) -> None:
    assert in_python(f"Set `{code}`.", Lower()) == f"Set `{expected}`."


@pytest.mark.parametrize(
    "code",
    [
        "Text: [a, b",
        "Text: {a: b",
        "Text: {a b}",
        "Text: {[a]: b}",
        "Text: [a} b]",
        "Text: a, b",
        "Text: !Ref [a]",
        "Text: !Ref",
        'Text: "a',
        "Text: }",
        "{a: b} c",
        "[a",
        "[a : b]",
    ],
)
def test_what_is_no_notation_is_left_as_it_is(code: str) -> None:
    assert in_python(f"Set `{code}`.", Lower()) == f"Set `{code}`."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Add an `AWS::CloudWatch::Alarm` with", "Add a `put_metric_alarm()` with"),
        ("Add a `AWS::S3::BucketPolicy` with", "Add a `create_bucket_policy()` with"),
        ("An `AWS::Events::Rule`", "A `put_rule()`"),
        ("beside `AWS::EC2::VPCEndpoint`", "beside `create_vpc_endpoint()`"),
        ("`AWS::KMS::Key` and `AWS::S3::Bucket`", "`create_key()` and `create_bucket()`"),
        ("`AWS::CloudWatch::CompositeAlarm`", "`put_composite_alarm()`"),
        (
            "`AWS::ApplicationAutoScaling::ScalableTarget`",
            "`register_scalable_target()`",
        ),
        ("`AWS::ApplicationAutoScaling::ScalingPolicy`", "`put_scaling_policy()`"),
        ("`AWS::SageMaker::MlflowTrackingServer`", "`create_mlflow_tracking_server()`"),
        ("a `KmsKeyId` of the bucket", "a `kmskeyid` of the bucket"),
        ("no code at all", "no code at all"),
    ],
)
def test_resources_become_the_calls_that_make_them(text: str, expected: str) -> None:
    assert in_python(text, Lower()) == expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("StoppingCondition: {MaxRuntimeInSeconds: 3}", "max_run=3"),
        (
            "StoppingCondition: {MaxRuntimeInSeconds: 3, MaxWaitTimeInSeconds: 6, ...}",
            "max_run=3, max_wait=6",
        ),
        ("VpcConfig", "subnets` and `security_group_ids"),
        (
            "NetworkConfig: {EnableNetworkIsolation: true}",
            "network_config=NetworkConfig(enable_network_isolation=True)",
        ),
        (
            "NetworkConfig: {EnableNetworkIsolation: true, VpcConfig: {Subnets: [...]}}",
            "network_config=NetworkConfig(enable_network_isolation=True, subnets=[...])",
        ),
        ("ProcessingInputs: {S3Input: {S3Uri: a}}", 'inputs=[ProcessingInput(source="a")]'),
        ("InstanceType: a", 'instance_type="a"'),
        ("InstanceType", "instance_type"),
        ("Store.KmsKeyId: a", 'store={"key": {"id": "a"}}'),
        ('Other: {Inner: [{Type: a}], "Kept": 1}', 'Other={"inner": [{"type": "a"}], "Kept": 1}'),
    ],
)
def test_settings_with_names_of_their_own_become_these(code: str, expected: str) -> None:
    assert in_python(f"Set `{code}`.", Sdk()) == f"Set `{expected}`."


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (("NetworkConfig", "VpcConfig"), "network_config=NetworkConfig(subnets=[])"),
        (("VpcConfig",), "subnets=[]"),
    ],
)
def test_a_setting_is_meant_where_the_finding_is(at: tuple[str, ...], expected: str) -> None:
    assert in_python("`VpcConfig: {Subnets: []}`", Sdk(), at) == f"`{expected}`"
