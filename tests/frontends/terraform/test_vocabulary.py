"""From Terraform's names to the canonical ones, and back for what users read."""

from pathlib import Path

import pytest

from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.frontends.terraform.project import load
from mlwa_lint.frontends.terraform.vocabulary import VOCABULARY
from mlwa_lint.model.resources import Resource
from mlwa_lint.model.values import MapValue, Value, alternatives
from tests.frontends.terraform.support import shown


def resources(folder: Path, text: str) -> dict[str, Resource]:
    """Canonical resources of a main.tf, by address."""
    (folder / "main.tf").write_text(text, "utf-8")
    return {each.address: each for each in load(folder, LoadOptions()).resources}


def only(folder: Path, text: str) -> Resource:
    found = resources(folder, text)
    assert len(found) == 1
    return next(iter(found.values()))


def at(resource: Resource, path: str) -> Value:
    value: Value = resource.properties
    for name in path.split("."):
        value = alternatives(value)[0].value
        assert isinstance(value, MapValue), f"{name} is looked for in {value}"
        value = value.entries[name].value
    return value


def test_arguments_and_single_blocks_become_properties_and_maps(tmp_path: Path) -> None:
    config = only(
        tmp_path,
        """
        resource "aws_sagemaker_endpoint_configuration" "c" {
          name        = "c"
          kms_key_arn = "k"
          production_variants {
            model_name    = "m"
            instance_type = "ml.m5.large"
            serverless_config {
              memory_size_in_mb = 2048
              max_concurrency   = 1
            }
          }
          data_capture_config {
            enable_capture = true
            capture_options { capture_mode = "Input" }
            capture_options { capture_mode = "Output" }
          }
        }
        """,
    )
    assert config.type == "AWS::SageMaker::EndpointConfig"
    assert shown(at(config, "EndpointConfigName")) == "'c'"
    assert shown(at(config, "KmsKeyId")) == "'k'"
    assert shown(at(config, "ProductionVariants")) == (
        "[{ModelName: 'm', InstanceType: 'ml.m5.large', "
        "ServerlessConfig: {MemorySizeInMB: 2048, MaxConcurrency: 1}}]"
    )
    assert shown(at(config, "DataCaptureConfig.CaptureOptions")) == (
        "[{CaptureMode: 'Input'}, {CaptureMode: 'Output'}]"
    )


def test_entries_keep_the_users_key_and_its_place(tmp_path: Path) -> None:
    key = only(tmp_path, 'resource "aws_kms_key" "k" {\n  policy = "{}"\n  is_enabled = false\n}\n')
    assert key.properties.entries["KeyPolicy"].label == "policy"
    assert key.properties.entries["KeyPolicy"].key_span[1:3] == (2, 3)
    assert key.properties.entries["Enabled"].key_span[1:3] == (3, 3)
    assert key.span.line == 1


def test_maps_of_the_users_own_keys_stay_as_they_are(tmp_path: Path) -> None:
    found = resources(
        tmp_path,
        """
        resource "aws_lambda_function" "f" {
          function_name = "f"
          environment { variables = { my_key = "1" } }
        }
        resource "aws_sagemaker_model" "m" {
          primary_container { environment = { other_key = "2" } }
        }
        resource "aws_glue_job" "j" { default_arguments = { "--job-language" = "python" } }
        """,
    )
    assert shown(at(found["aws_lambda_function.f"], "Environment")) == "{Variables: {my_key: '1'}}"
    assert shown(at(found["aws_sagemaker_model.m"], "PrimaryContainer.Environment")) == "{other_key: '2'}"
    assert shown(at(found["aws_glue_job.j"], "DefaultArguments")) == "{--job-language: 'python'}"


def test_an_empty_dynamic_block_is_absent_and_an_unknown_one_unknown(tmp_path: Path) -> None:
    found = resources(
        tmp_path,
        """
        variable "v" {}
        resource "aws_sagemaker_model" "none" {
          dynamic "vpc_config" {
            for_each = []
            content { subnets = [] }
          }
        }
        resource "aws_sagemaker_model" "maybe" {
          dynamic "vpc_config" {
            for_each = var.v
            content { subnets = [] }
          }
        }
        """,
    )
    assert shown(at(found["aws_sagemaker_model.none"], "VpcConfig")) == "null"
    assert shown(at(found["aws_sagemaker_model.maybe"], "VpcConfig")).startswith("?(variable v")


def test_an_empty_list_argument_stays_an_empty_list(tmp_path: Path) -> None:
    alarm = only(tmp_path, 'resource "aws_cloudwatch_metric_alarm" "a" { alarm_actions = [] }')
    assert shown(at(alarm, "AlarmActions")) == "[]"


def test_a_conditional_block_is_a_choice(tmp_path: Path) -> None:
    model = only(
        tmp_path,
        """
        variable "private" { type = bool }
        resource "aws_sagemaker_model" "m" {
          dynamic "vpc_config" {
            for_each = var.private ? [1] : []
            content { subnets = ["s"] }
          }
        }
        """,
    )
    assert shown(at(model, "VpcConfig")) == "(var.private ? {Subnets: ['s']} : null)"


def test_dimensions_become_names_and_values(tmp_path: Path) -> None:
    alarm = only(
        tmp_path,
        """
        variable "e" {}
        resource "aws_cloudwatch_metric_alarm" "a" {
          dimensions = { EndpointName = var.e, VariantName = "v" }
        }
        """,
    )
    assert shown(at(alarm, "Dimensions")) == (
        "[{Name: 'EndpointName', Value: ?(variable e has no default)}, {Name: 'VariantName', Value: 'v'}]"
    )


def test_own_tags_go_before_default_tags(tmp_path: Path) -> None:
    found = resources(
        tmp_path,
        """
        provider "aws" {
          default_tags {
            tags = { team = "ml", env = "dev" }
          }
        }
        variable "tags" {}
        resource "aws_s3_bucket" "b" { tags = { env = "prod" } }
        resource "aws_s3_bucket" "bare" {}
        resource "aws_s3_bucket" "unknown" { tags = var.tags }
        resource "aws_bedrockagent_agent" "a" { tags = { x = "y" } }
        resource "aws_kms_alias" "k" { name = "alias/k" }
        """,
    )
    assert shown(at(found["aws_s3_bucket.b"], "Tags")) == (
        "[{Key: 'team', Value: 'ml'}, {Key: 'env', Value: 'prod'}]"
    )
    assert shown(at(found["aws_s3_bucket.bare"], "Tags")).startswith("[{Key: 'team'")
    assert shown(at(found["aws_s3_bucket.unknown"], "Tags")).endswith(", …]")
    assert shown(at(found["aws_bedrockagent_agent.a"], "Tags")) == "{team: 'ml', env: 'dev', x: 'y'}"
    assert "Tags" not in found["aws_kms_alias.k"].properties.entries


def test_policy_text_becomes_a_structure_also_with_unknown_parts(tmp_path: Path) -> None:
    found = resources(
        tmp_path,
        """
        resource "aws_iam_role" "r" {
          assume_role_policy = jsonencode({ Statement = [{ Effect = "Allow" }] })
          inline_policy {
            name   = "p"
            policy = "{\\"Statement\\": []}"
          }
        }
        resource "aws_s3_bucket" "b" {}
        resource "aws_iam_role_policy" "p" {
          role   = aws_iam_role.r.id
          policy = <<-EOT
            {"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "${aws_s3_bucket.b.arn}/*"}]}
          EOT
        }
        """,
    )
    role = found["aws_iam_role.r"]
    assert shown(at(role, "AssumeRolePolicyDocument")) == "{Statement: [{Effect: 'Allow'}]}"
    assert shown(at(role, "Policies")) == "[{PolicyName: 'p', PolicyDocument: {Statement: []}}]"
    policy = found["aws_iam_role_policy.p"]
    assert policy.type == "AWS::IAM::RolePolicy"
    assert shown(at(policy, "RoleName")) == "<aws_iam_role.r.id>"
    assert shown(at(policy, "PolicyDocument")) == (
        "{Statement: [{Effect: 'Allow', Action: 's3:*', Resource: <aws_s3_bucket.b.arn>/*}]}"
    )


def test_lifecycle_and_depends_on_stand_beside_the_properties(tmp_path: Path) -> None:
    found = resources(
        tmp_path,
        """
        resource "aws_kms_key" "k" {}
        resource "aws_s3_bucket" "b" {
          force_destroy = true
          depends_on    = [aws_kms_key.k]
          lifecycle { prevent_destroy = true }
        }
        """,
    )
    bucket = found["aws_s3_bucket.b"]
    assert shown(bucket.attributes.entries["Lifecycle"].value) == "{PreventDestroy: True}"
    assert shown(bucket.attributes.entries["DependsOn"].value) == "['aws_kms_key.k']"
    assert shown(at(bucket, "ForceDestroy")) == "True"
    assert "Lifecycle" not in found["aws_kms_key.k"].attributes.entries


def test_a_resources_own_region_goes_before_the_providers(tmp_path: Path) -> None:
    found = resources(
        tmp_path,
        """
        provider "aws" { region = "eu-west-1" }
        variable "r" {}
        resource "aws_kms_key" "provider" {}
        resource "aws_kms_key" "own" { region = "us-east-1" }
        resource "aws_kms_key" "open" { region = var.r }
        """,
    )
    assert found["aws_kms_key.provider"].region == "eu-west-1"
    assert found["aws_kms_key.own"].region == "us-east-1"
    assert found["aws_kms_key.open"].region is None
    assert "Region" not in found["aws_kms_key.own"].properties.entries


def test_types_without_a_counterpart_keep_their_own_name(tmp_path: Path) -> None:
    found = resources(
        tmp_path,
        """
        resource "aws_sagemaker_flow_definition" "f" {
          output_config { s3_output_path = "s3://b/" }
        }
        resource "aws_cognito_user_pool" "p" { user_pool_name = "p" }
        """,
    )
    flow = found["aws_sagemaker_flow_definition.f"]
    assert flow.type == "aws_sagemaker_flow_definition"
    assert shown(at(flow, "OutputConfig")) == "{S3OutputPath: 's3://b/'}"
    assert found["aws_cognito_user_pool.p"].type == "aws_cognito_user_pool"


def test_defaults_of_the_provider_count_where_absence_means_something_else(tmp_path: Path) -> None:
    found = resources(
        tmp_path,
        """
        variable "c" {}
        resource "aws_athena_workgroup" "silent" {
          configuration {
            result_configuration { output_location = "s3://b/" }
          }
        }
        resource "aws_athena_workgroup" "stated" {
          configuration { enforce_workgroup_configuration = false }
        }
        resource "aws_athena_workgroup" "unknown" {
          dynamic "configuration" {
            for_each = var.c
            content {}
          }
        }
        """,
    )
    path = "WorkGroupConfiguration.EnforceWorkGroupConfiguration"
    assert shown(at(found["aws_athena_workgroup.silent"], path)) == "True"
    assert shown(at(found["aws_athena_workgroup.stated"], path)) == "False"
    assert shown(at(found["aws_athena_workgroup.unknown"], "WorkGroupConfiguration")).startswith("?(")


@pytest.mark.parametrize(
    ("argument", "expected"),
    [('encryption_type = "KMS"', "{EncryptionType: 'KMS'}"), ('encryption_type = "NONE"', "null")],
)
def test_a_stream_without_encryption_has_none(tmp_path: Path, argument: str, expected: str) -> None:
    stream = only(tmp_path, f'resource "aws_kinesis_stream" "s" {{ {argument} }}')
    assert shown(at(stream, "StreamEncryption")) == expected


def test_security_group_rules_name_one_source_each(tmp_path: Path) -> None:
    found = resources(
        tmp_path,
        """
        variable "open" { type = bool }
        resource "aws_security_group" "g" {
          ingress {
            from_port   = 22
            to_port     = 22
            protocol    = "tcp"
            cidr_blocks = ["10.0.0.0/8", "0.0.0.0/0"]
          }
          ingress {
            protocol    = "-1"
            cidr_blocks = var.open ? ["0.0.0.0/0"] : []
          }
        }
        resource "aws_security_group_rule" "in" {
          type              = "ingress"
          security_group_id = aws_security_group.g.id
          cidr_blocks       = ["10.0.0.0/8", "0.0.0.0/0"]
        }
        resource "aws_security_group_rule" "out" {
          type              = "egress"
          security_group_id = aws_security_group.g.id
        }
        """,
    )
    common = "FromPort: 22, ToPort: 22, IpProtocol: 'tcp'"
    assert shown(at(found["aws_security_group.g"], "SecurityGroupIngress")) == (
        f"[{{{common}, CidrIp: '10.0.0.0/8'}}, {{{common}, CidrIp: '0.0.0.0/0'}}, "
        "(var.open ? {IpProtocol: '-1', CidrIp: '0.0.0.0/0'} : null)]"
    )
    assert found["aws_security_group_rule.in"].type == "AWS::EC2::SecurityGroupIngress"
    assert shown(at(found["aws_security_group_rule.in"], "CidrIp")) == "'0.0.0.0/0'"
    assert found["aws_security_group_rule.out"].type == "AWS::EC2::SecurityGroupEgress"


@pytest.mark.parametrize(
    ("kind", "path", "label"),
    [
        ("AWS::SageMaker::EndpointConfig", "KmsKeyId", "kms_key_arn"),
        ("AWS::SageMaker::EndpointConfig", "DataCaptureConfig.KmsKeyId", "data_capture_config.kms_key_id"),
        (
            "AWS::SageMaker::EndpointConfig",
            "ProductionVariants.VolumeSizeInGB",
            "production_variants.volume_size_in_gb",
        ),
        ("AWS::SageMaker::NotebookInstance", "SubnetId", "subnet_id"),
        ("AWS::SageMaker::Model", "Containers.Image", "container.image"),
        (
            "AWS::S3::Bucket",
            "VersioningConfiguration.Status",
            "aws_s3_bucket_versioning.versioning_configuration.status",
        ),
        ("AWS::S3::Bucket", "BucketEncryption", "aws_s3_bucket_server_side_encryption_configuration"),
        (
            "AWS::S3::Bucket",
            "PublicAccessBlockConfiguration.BlockPublicAcls",
            "aws_s3_bucket_public_access_block.block_public_acls",
        ),
        ("AWS::S3::Bucket", "Tags", "tags"),
        ("AWS::KMS::Key", "KeyPolicy", "policy"),
        ("AWS::IAM::ManagedPolicy", "PolicyDocument.Statement.NotAction", "policy.Statement.NotAction"),
        (
            "AWS::IAM::Role",
            "AssumeRolePolicyDocument.Statement.Principal.AWS",
            "assume_role_policy.Statement.Principal.AWS",
        ),
        ("AWS::ECR::Repository", "LifecyclePolicy", "aws_ecr_lifecycle_policy"),
        ("AWS::Kinesis::Stream", "StreamEncryption", "encryption_type"),
        ("AWS::EC2::SecurityGroup", "SecurityGroupIngress.CidrIp", "ingress.cidr_blocks"),
        ("AWS::Events::Rule", "Targets.Arn", "aws_cloudwatch_event_target.arn"),
        (
            "AWS::Athena::WorkGroup",
            "WorkGroupConfiguration.ResultConfiguration",
            "configuration.result_configuration",
        ),
        ("aws_sagemaker_flow_definition", "OutputConfig.KmsKeyId", "output_config.kms_key_id"),
        ("AWS::Nothing::Known", "SomeThing", "some_thing"),
    ],
)
def test_labels_are_the_names_that_users_write(kind: str, path: str, label: str) -> None:
    assert VOCABULARY.label(kind, tuple(path.split("."))) == label


def test_the_label_of_the_resource_itself_is_empty() -> None:
    assert VOCABULARY.label("AWS::S3::Bucket", ()) == ""
    assert VOCABULARY.language == "terraform"
