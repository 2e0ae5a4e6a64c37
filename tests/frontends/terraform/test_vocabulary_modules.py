"""Well-known modules represent the resources that they create."""

from pathlib import Path

import pytest

from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.frontends.terraform.project import load
from mlwa_lint.frontends.terraform.vocabulary.modules import known_module, source_of
from mlwa_lint.frontends.terraform.vocabulary.releases import NEWEST, newest_admitted
from mlwa_lint.model.spans import start_of
from mlwa_lint.model.values import Entry, MapValue, Unknown
from tests.frontends.terraform.support import shown
from tests.frontends.terraform.test_vocabulary import at, resources

_BUCKET = "module.b.aws_s3_bucket.this[0]"
_GIT = "git::https://github.com/terraform-aws-modules/terraform-aws-s3-bucket.git"


@pytest.mark.parametrize(
    ("source", "parts"),
    [
        ("terraform-aws-modules/s3-bucket/aws", ("terraform-aws-modules", "s3-bucket", "", NEWEST)),
        (
            "registry.terraform.io/terraform-aws-modules/iam/aws//modules/iam-role",
            ("terraform-aws-modules", "iam", "modules/iam-role", NEWEST),
        ),
        (
            "git::https://github.com/terraform-aws-modules/terraform-aws-kms.git?ref=v3.1.0",
            ("terraform-aws-modules", "kms", "", (3, 1, 0)),
        ),
        (
            "git@github.com:terraform-aws-modules/terraform-aws-iam.git//modules/iam-policy?ref=v5.2.0",
            ("terraform-aws-modules", "iam", "modules/iam-policy", (5, 2, 0)),
        ),
        ("github.com/aws-ia/terraform-aws-sagemaker-endpoint", ("aws-ia", "sagemaker-endpoint", "", NEWEST)),
    ],
)
def test_sources_are_taken_apart(source: str, parts: tuple[object, ...]) -> None:
    assert source_of(source) == parts


@pytest.mark.parametrize(
    "source", ["./modules/bucket", "hashicorp/consul/azurerm", "s3::https://b/x.zip", ""]
)
def test_other_sources_are_not_known(source: str) -> None:
    assert source_of(source) is None


def test_a_module_that_no_table_knows_stays_a_gap(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(
        'module "v" { source = "terraform-aws-modules/vpc/aws" }\n', encoding="utf-8"
    )
    project = load(tmp_path, LoadOptions())
    assert project.resources == ()
    assert [gap.what for gap in project.gaps] == ["module v (registry source)"]


def test_a_bucket_from_the_module_is_one_with_its_settings(tmp_path: Path) -> None:
    found = resources(
        tmp_path,
        """
        module "k" {
          source  = "terraform-aws-modules/kms/aws"
          aliases = ["data"]
        }
        module "b" {
          source     = "terraform-aws-modules/s3-bucket/aws"
          bucket     = "data"
          versioning = { enabled = true }
          server_side_encryption_configuration = {
            rule = {
              apply_server_side_encryption_by_default = {
                sse_algorithm     = "aws:kms"
                kms_master_key_id = module.k.key_arn
              }
            }
          }
          lifecycle_rule                        = [{ id = "old", enabled = true, expiration = { days = 30 } }]
          attach_deny_insecure_transport_policy = true
          block_public_acls                     = false
        }
        """,
    )
    bucket = found[_BUCKET]
    assert shown(at(bucket, "BucketName")) == "'data'"
    assert shown(at(bucket, "VersioningConfiguration")) == "{Status: 'Enabled'}"
    assert shown(at(bucket, "BucketEncryption.ServerSideEncryptionConfiguration")) == (
        "[{ServerSideEncryptionByDefault: "
        "{SSEAlgorithm: 'aws:kms', KMSMasterKeyID: <module.k.aws_kms_key.this[0].arn>}}]"
    )
    assert shown(at(bucket, "LifecycleConfiguration.Rules")) == (
        "[{Id: 'old', Status: 'Enabled', ExpirationInDays: 30}]"
    )
    assert shown(at(bucket, "PublicAccessBlockConfiguration")) == (
        "{BlockPublicAcls: False, BlockPublicPolicy: True, IgnorePublicAcls: True, "
        "RestrictPublicBuckets: True}"
    )
    policy = found["module.b.aws_s3_bucket_policy.this[0]"]
    assert shown(at(policy, "Bucket")) == f"<{_BUCKET}.id>"
    assert "aws:SecureTransport: 'false'" in shown(at(policy, "PolicyDocument"))
    assert shown(at(found["module.k.aws_kms_key.this[0]"], "EnableKeyRotation")) == "True"
    assert shown(at(found['module.k.aws_kms_alias.this["data"]'], "AliasName")) == "'alias/data'"


def test_a_bucket_without_inputs_states_no_more_than_the_module_does(tmp_path: Path) -> None:
    found = resources(tmp_path, 'module "b" { source = "terraform-aws-modules/s3-bucket/aws" }')
    assert sorted(found[_BUCKET].properties.entries) == ["PublicAccessBlockConfiguration"]


def test_empty_inputs_of_a_bucket_are_none(tmp_path: Path) -> None:
    found = resources(
        tmp_path,
        """
        module "b" {
          source     = "terraform-aws-modules/s3-bucket/aws"
          versioning = {}
          logging    = {}
        }
        """,
    )
    assert shown(at(found[_BUCKET], "VersioningConfiguration")) == "null"
    assert shown(at(found[_BUCKET], "LoggingConfiguration")) == "null"


@pytest.mark.parametrize(
    ("call", "blocked"),
    [
        (f'source = "{_GIT}?ref=v3.8.0"', "False"),
        (f'source = "{_GIT}?ref=v3.15.0"', "True"),
        (f'source = "{_GIT}?ref=main"', "True"),
        (f'source = "{_GIT}?ref=3f1c2ab"', "?(the version of module b is not known)"),
        ('source = "terraform-aws-modules/s3-bucket/aws"\n  version = "~> 3.0"', "True"),
        ('source = "terraform-aws-modules/s3-bucket/aws"\n  version = "~> 3.8.2"', "False"),
        ('source = "terraform-aws-modules/s3-bucket/aws"\n  version = "4.2.1"', "True"),
        ('source = "terraform-aws-modules/s3-bucket/aws"', "True"),
    ],
)
def test_an_old_version_blocks_no_public_access_by_default(tmp_path: Path, call: str, blocked: str) -> None:
    found = resources(tmp_path, f'module "b" {{\n  {call}\n}}\n')
    assert shown(at(found[_BUCKET], "PublicAccessBlockConfiguration.BlockPublicAcls")) == blocked


@pytest.mark.parametrize(
    ("constraint", "has_3_9"),
    [
        ("", True),
        ("3.8.2", False),
        ("= v3.9.0", True),
        ("~> 3.9.0", True),
        ("~> 3", True),
        ("~> 2.1", False),
        (">= 3.0", True),
        ("> 1.0, != 4.0.0", True),
        (">= 3.0, < 3.9.0", False),
        ("< 4.0", True),
        ("< 3", False),
        ("< 0.0.0", False),
        ("<= 3.9", True),
        ("3.9.0-rc1", True),
        ("newest", None),
    ],
)
def test_the_newest_release_that_a_constraint_admits(constraint: str, has_3_9: bool | None) -> None:
    newest = newest_admitted(constraint)
    assert (None if newest is None else newest >= (3, 9)) is has_3_9


@pytest.mark.parametrize(
    ("inputs", "trust"),
    [
        (
            """trusted_entities = ["sagemaker.amazonaws.com"]""",
            (
                "[{Effect: 'Allow', Action: 'sts:AssumeRole', "
                "Principal: {Service: ['lambda.amazonaws.com', 'sagemaker.amazonaws.com']}}]"
            ),
        ),
        (
            """assume_role_policy_statements = {
                 notebook = {
                   actions    = ["sts:AssumeRole"]
                   principals = { s = { type = "Service", identifiers = ["sagemaker.amazonaws.com"] } }
                 }
               }""",
            (
                "[{Effect: 'Allow', Action: 'sts:AssumeRole', "
                "Principal: {Service: ['lambda.amazonaws.com']}}, "
                "{Action: ['sts:AssumeRole'], Effect: 'Allow', "
                "Principal: {Service: ['sagemaker.amazonaws.com']}}]"
            ),
        ),
        ("assume_role_policy_statements = {}", None),
        ("trusted_entities = []", None),
    ],
)
def test_who_else_may_assume_the_role_of_a_function(tmp_path: Path, inputs: str, trust: str | None) -> None:
    call = f'module "f" {{\n  source = "terraform-aws-modules/lambda/aws"\n  {inputs}\n}}'
    role = resources(tmp_path, call)["module.f.aws_iam_role.lambda[0]"]
    own = "[{Effect: 'Allow', Action: 'sts:AssumeRole', Principal: {Service: ['lambda.amazonaws.com']}}]"
    assert shown(at(role, "AssumeRolePolicyDocument.Statement")) == (trust or own)


@pytest.mark.parametrize(
    ("module", "address", "inputs"),
    [
        (
            "lambda/aws",
            "aws_iam_role.lambda[0]",
            'trusted_entities = [{ type = "AWS", identifiers = ["arn:r"] }]',
        ),
        ("lambda/aws", "aws_iam_role.lambda[0]", "assume_role_policy_statements = var.more"),
        ("lambda/aws", "aws_iam_role.lambda[0]", "trusted_entities = var.more"),
        ("iam/aws//modules/iam-role", "aws_iam_role.this[0]", "source_trust_policy_documents = var.more"),
    ],
)
def test_a_trust_that_is_not_read_is_unknown(tmp_path: Path, module: str, address: str, inputs: str) -> None:
    call = f'variable "more" {{}}\nmodule "m" {{\n  source = "terraform-aws-modules/{module}"\n  {inputs}\n}}'
    role = resources(tmp_path, call)[f"module.m.{address}"]
    assert shown(at(role, "AssumeRolePolicyDocument")) == "?(module m builds the trust policy)"


def test_conditions_and_documents_of_roles_that_are_not_read_are_unknown(tmp_path: Path) -> None:
    found = resources(
        tmp_path,
        """
        module "old" {
          source                = "terraform-aws-modules/iam/aws//modules/iam-assumable-role"
          create_role           = true
          trusted_role_services = ["sagemaker.amazonaws.com"]
          role_sts_externalid   = ["x"]
        }
        module "new" {
          source                         = "terraform-aws-modules/iam/aws//modules/iam-role"
          create_inline_policy           = true
          source_inline_policy_documents = ["{}"]
        }
        """,
    )
    trust = at(found["module.old.aws_iam_role.this[0]"], "AssumeRolePolicyDocument.Statement")
    assert "Condition: ?(module old builds the condition)" in shown(trust)
    policy = found["module.new.aws_iam_role_policy.inline[0]"]
    assert shown(at(policy, "PolicyDocument")) == "?(module new merges policies)"


def test_settings_of_a_bucket_after_it_use_its_output(tmp_path: Path) -> None:
    found = resources(
        tmp_path,
        """
        module "b" { source = "terraform-aws-modules/s3-bucket/aws" }
        resource "aws_s3_bucket_versioning" "v" {
          bucket = module.b.s3_bucket_id
          versioning_configuration { status = "Enabled" }
        }
        """,
    )
    assert shown(at(found[_BUCKET], "VersioningConfiguration")) == "{Status: 'Enabled'}"


@pytest.mark.parametrize("source", ["terraform-aws-modules/s3-bucket/aws", "terraform-aws-modules/kms/aws"])
def test_a_module_that_may_create_nothing_is_not_known(source: str) -> None:
    span = start_of("main.tf")
    open_ = {name: Entry(span, Unknown("?", span)) for name in ("create", "create_bucket")}
    assert known_module(source, "m", "module.m", MapValue(open_, span), span) is None
    unknown = MapValue({}, span, Unknown("?", span))
    assert known_module(source, "m", "module.m", unknown, span) is None


def test_a_function_comes_with_its_role_its_policies_and_its_triggers(tmp_path: Path) -> None:
    found = resources(
        tmp_path,
        """
        module "f" {
          source                     = "terraform-aws-modules/lambda/aws"
          function_name              = "infer"
          environment_variables      = { my_endpoint = "e" }
          dead_letter_target_arn     = "arn:queue"
          attach_policy_statements   = true
          policy_statements          = { s = { actions = ["sagemaker:InvokeEndpoint"], resources = ["*"] } }
          attach_policies            = true
          policies                   = ["arn:one"]
          create_lambda_function_url = true
          allowed_triggers           = { s3 = { service = "s3", source_arn = "arn:bucket" } }
        }
        """,
    )
    function = found["module.f.aws_lambda_function.this[0]"]
    assert shown(at(function, "Environment")) == "{Variables: {my_endpoint: 'e'}}"
    assert shown(at(function, "DeadLetterConfig")) == "{TargetArn: 'arn:queue'}"
    assert shown(at(function, "Role")) == "<module.f.aws_iam_role.lambda[0].arn>"
    role = found["module.f.aws_iam_role.lambda[0]"]
    assert "'lambda.amazonaws.com'" in shown(at(role, "AssumeRolePolicyDocument"))
    assert shown(at(role, "ManagedPolicyArns")) == "['arn:one']"
    policy = found["module.f.aws_iam_role_policy.additional_inline[0]"]
    assert shown(at(policy, "PolicyDocument.Statement")) == (
        "[{Action: ['sagemaker:InvokeEndpoint'], Resource: ['*'], Effect: 'Allow'}]"
    )
    assert shown(at(found["module.f.aws_lambda_function_url.this[0]"], "AuthType")) == "'NONE'"
    permission = found['module.f.aws_lambda_permission.unqualified_alias_triggers["s3"]']
    assert shown(at(permission, "Principal")) == "'s3.amazonaws.com'"
    assert shown(at(found["module.f.aws_cloudwatch_log_group.lambda[0]"], "LogGroupName")) == (
        "'/aws/lambda/infer'"
    )


def test_roles_of_both_generations_of_the_iam_module(tmp_path: Path) -> None:
    found = resources(
        tmp_path,
        """
        module "old" {
          source                  = "terraform-aws-modules/iam/aws//modules/iam-assumable-role"
          create_role             = true
          role_name               = "old"
          trusted_role_services   = ["sagemaker.amazonaws.com"]
          custom_role_policy_arns = ["arn:one"]
          attach_admin_policy     = true
        }
        module "new" {
          source          = "terraform-aws-modules/iam/aws//modules/iam-role"
          name            = "new"
          use_name_prefix = false
          policies        = { full = module.p.arn }
          trust_policy_permissions = {
            service = {
              actions    = ["sts:AssumeRole"]
              principals = [{ type = "Service", identifiers = ["sagemaker.amazonaws.com"] }]
              condition  = [{ test = "StringEquals", variable = "aws:SourceAccount", values = ["1"] }]
            }
          }
        }
        module "p" {
          source = "terraform-aws-modules/iam/aws//modules/iam-policy"
          policy = jsonencode({ Statement = [] })
        }
        resource "aws_sagemaker_model" "m" { execution_role_arn = module.old.iam_role_arn }
        """,
    )
    old, new = found["module.old.aws_iam_role.this[0]"], found["module.new.aws_iam_role.this[0]"]
    assert shown(at(old, "ManagedPolicyArns")) == (
        "['arn:one', 'arn:aws:iam::aws:policy/AdministratorAccess']"
    )
    assert "{Service: ['sagemaker.amazonaws.com']}" in shown(at(old, "AssumeRolePolicyDocument"))
    assert shown(at(new, "RoleName")) == "'new'"
    assert shown(at(new, "ManagedPolicyArns")) == "[<module.p.aws_iam_policy.policy[0].arn>]"
    assert shown(at(new, "AssumeRolePolicyDocument.Statement")) == (
        "[{Action: ['sts:AssumeRole'], Effect: 'Allow', Principal: {Service: ['sagemaker.amazonaws.com']}, "
        "Condition: {StringEquals: {aws:SourceAccount: ['1']}}}]"
    )
    assert shown(at(found["aws_sagemaker_model.m"], "ExecutionRoleArn")) == (
        "<module.old.aws_iam_role.this[0].arn>"
    )


def test_the_endpoint_module_is_a_model_with_its_endpoint_and_scaling(tmp_path: Path) -> None:
    found = resources(
        tmp_path,
        """
        module "e" {
          source             = "aws-ia/sagemaker-endpoint/aws"
          containers         = [{ image_uri = "image:1", model_data_url = "s3://b/m.tar.gz" }]
          kms_key_arn        = "arn:key"
          autoscaling_config = { max_capacity = 3, target_value = 2 }
        }
        """,
    )
    model = found["module.e.aws_sagemaker_model.sagemaker_model"]
    assert shown(at(model, "PrimaryContainer")) == "{ModelDataUrl: 's3://b/m.tar.gz', Image: 'image:1'}"
    config = found["module.e.aws_sagemaker_endpoint_configuration.sagemaker_endpoint_config"]
    assert shown(at(config, "KmsKeyId")) == "'arn:key'"
    assert "InstanceType: 'ml.t2.medium'" in shown(at(config, "ProductionVariants"))
    role = found["module.e.aws_iam_role.sg_endpoint_role[0]"]
    assert shown(at(role, "ManagedPolicyArns")) == "['arn:aws:iam::aws:policy/AmazonSageMakerFullAccess']"
    target = found["module.e.aws_appautoscaling_target.sagemaker_target[0]"]
    assert shown(at(target, "ResourceId")) == (
        "endpoint/<module.e.aws_sagemaker_endpoint.sagemaker_endpoint.name>/variant/AllTraffic"
    )
    assert shown(at(target, "MinCapacity")) == "1"
    assert "module.e.aws_appautoscaling_policy.sagemaker_policy[0]" in found


def test_the_module_for_preflight_requests_is_a_method(tmp_path: Path) -> None:
    found = resources(
        tmp_path,
        """
        module "c" {
          source          = "squidfunk/api-gateway-enable-cors/aws"
          version         = "0.3.3"
          api_id          = "a1"
          api_resource_id = "r1"
          allow_headers   = ["Authorization"]
        }
        """,
    )
    method = found["module.c.aws_api_gateway_method._"]
    assert [shown(at(method, name)) for name in ("RestApiId", "ResourceId", "HttpMethod")] == [
        "'a1'",
        "'r1'",
        "'OPTIONS'",
    ]


def test_containers_have_the_names_of_cloudformation_but_for_keys_of_users(tmp_path: Path) -> None:
    text = """
resource "aws_ecs_task_definition" "t" {
  family = "t"
  container_definitions = jsonencode([{
    name             = "t"
    dockerLabels     = { team = "risk" }
    logConfiguration = { logDriver = "awslogs", options = { awslogs-group = "t" } }
    secrets          = [{ name = "KEY", valueFrom = "arn:key" }]
  }])
}
resource "aws_batch_job_definition" "b" {
  name                 = "b"
  type                 = "container"
  container_properties = jsonencode({
    image       = "b:1"
    jobRoleArn  = "arn:role"
    environment = [{ name = "A", value = "1" }]
  })
}
"""
    task, job = resources(tmp_path, text).values()
    assert shown(task.properties.value("ContainerDefinitions")) == (
        "[{Name: 't', DockerLabels: {team: 'risk'}, LogConfiguration: {LogDriver: 'awslogs', Options: "
        "{awslogs-group: 't'}}, Secrets: [{Name: 'KEY', ValueFrom: 'arn:key'}]}]"
    )
    expected = "{Image: 'b:1', JobRoleArn: 'arn:role', Environment: [{Name: 'A', Value: '1'}]}"
    assert shown(job.properties.value("ContainerProperties")) == expected
