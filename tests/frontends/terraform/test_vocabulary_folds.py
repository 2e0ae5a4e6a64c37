"""Split resources become properties of the resource that they refer to."""

from pathlib import Path

import pytest

from tests.frontends.terraform.support import shown
from tests.frontends.terraform.test_vocabulary import at, resources

_VERSIONED = 'versioning_configuration { status = "Enabled" }'
_VERSIONING = "VersioningConfiguration"


def test_a_reference_finds_the_bucket_and_keeps_its_own_place(tmp_path: Path) -> None:
    found = resources(
        tmp_path,
        f"""
        resource "aws_s3_bucket" "b" {{ bucket = "data" }}
        resource "aws_s3_bucket_versioning" "v" {{
          bucket = aws_s3_bucket.b.id
          {_VERSIONED}
        }}
        """,
    )
    assert list(found) == ["aws_s3_bucket.b"]
    bucket = found["aws_s3_bucket.b"]
    assert shown(at(bucket, _VERSIONING)) == "{Status: 'Enabled'}"
    assert bucket.folded == ("aws_s3_bucket_versioning.v",)
    assert bucket.properties.entries[_VERSIONING].key_span.line == 5


def test_a_literal_name_and_an_equal_unknown_find_the_bucket(tmp_path: Path) -> None:
    found = resources(
        tmp_path,
        f"""
        variable "name" {{}}
        resource "aws_s3_bucket" "literal" {{ bucket = "data" }}
        resource "aws_s3_bucket" "open" {{ bucket = var.name }}
        resource "aws_s3_bucket_versioning" "a" {{
          bucket = "data"
          {_VERSIONED}
        }}
        resource "aws_s3_bucket_versioning" "b" {{
          bucket = var.name
          {_VERSIONED}
        }}
        """,
    )
    assert found["aws_s3_bucket.literal"].folded == ("aws_s3_bucket_versioning.a",)
    assert found["aws_s3_bucket.open"].folded == ("aws_s3_bucket_versioning.b",)


def test_another_split_resource_leads_to_the_bucket(tmp_path: Path) -> None:
    found = resources(
        tmp_path,
        f"""
        resource "aws_s3_bucket" "b" {{}}
        resource "aws_s3_bucket_public_access_block" "p" {{
          bucket            = aws_s3_bucket_versioning.v.bucket
          block_public_acls = true
        }}
        resource "aws_s3_bucket_versioning" "v" {{
          bucket = aws_s3_bucket.b.id
          {_VERSIONED}
        }}
        """,
    )
    assert shown(at(found["aws_s3_bucket.b"], "PublicAccessBlockConfiguration")) == "{BlockPublicAcls: True}"


def test_instances_find_the_bucket_of_their_key(tmp_path: Path) -> None:
    found = resources(
        tmp_path,
        f"""
        resource "aws_s3_bucket" "b" {{
          for_each = toset(["x", "y"])
          bucket   = each.key
        }}
        resource "aws_s3_bucket_versioning" "v" {{
          for_each = {{ for key, bucket in aws_s3_bucket.b : key => bucket.id if key == "x" }}
          bucket   = each.value
          {_VERSIONED}
        }}
        """,
    )
    assert found['aws_s3_bucket.b["x"]'].folded == ('aws_s3_bucket_versioning.v["x"]',)
    assert found['aws_s3_bucket.b["y"]'].folded == ()


def test_a_guard_on_the_split_resource_makes_a_choice(tmp_path: Path) -> None:
    found = resources(
        tmp_path,
        f"""
        variable "versioned" {{ type = bool }}
        resource "aws_s3_bucket" "b" {{}}
        resource "aws_s3_bucket_versioning" "v" {{
          count  = var.versioned ? 1 : 0
          bucket = aws_s3_bucket.b.id
          {_VERSIONED}
        }}
        """,
    )
    assert shown(at(found["aws_s3_bucket.b"], _VERSIONING)) == "(var.versioned ? {Status: 'Enabled'} : null)"


def test_the_same_guard_on_both_makes_no_choice(tmp_path: Path) -> None:
    found = resources(
        tmp_path,
        f"""
        variable "on" {{ type = bool }}
        resource "aws_s3_bucket" "b" {{
          count = var.on ? 1 : 0
        }}
        resource "aws_s3_bucket_versioning" "v" {{
          count  = var.on ? 1 : 0
          bucket = aws_s3_bucket.b[0].id
          {_VERSIONED}
        }}
        """,
    )
    assert shown(at(found["aws_s3_bucket.b[0]"], _VERSIONING)) == "{Status: 'Enabled'}"


def test_an_unknown_bucket_leaves_those_open_that_do_not_state_it(tmp_path: Path) -> None:
    found = resources(
        tmp_path,
        f"""
        variable "name" {{}}
        resource "aws_s3_bucket" "silent" {{ bucket = "a" }}
        resource "aws_s3_bucket" "stated" {{ bucket = "b" }}
        resource "aws_s3_bucket_versioning" "stated" {{
          bucket = aws_s3_bucket.stated.id
          {_VERSIONED}
        }}
        resource "aws_s3_bucket_versioning" "v" {{
          bucket = var.name
          {_VERSIONED}
        }}
        """,
    )
    assert shown(at(found["aws_s3_bucket.silent"], _VERSIONING)) == (
        "?(aws_s3_bucket_versioning.v may configure it)"
    )
    assert shown(at(found["aws_s3_bucket.stated"], _VERSIONING)) == "{Status: 'Enabled'}"


@pytest.mark.parametrize(
    ("named", "open_there"),
    [
        ('bucket = "data-b"', True),
        ('bucket = "logs-b"', False),
        ('bucket = "data-${var.name}-c"', False),
        ('bucket = "data-${var.other}-b"', True),
        ('bucket_prefix = "data-"', False),
        ("", False),
    ],
)
def test_what_is_known_of_a_name_shows_which_bucket_it_is_not(
    named: str, open_there: bool, tmp_path: Path
) -> None:
    found = resources(
        tmp_path,
        f"""
        variable "name" {{}}
        variable "other" {{}}
        resource "aws_s3_bucket" "b" {{ {named} }}
        resource "aws_s3_bucket_versioning" "v" {{
          bucket = "data-${{var.name}}-b"
          {_VERSIONED}
        }}
        """,
    )
    assert (_VERSIONING in str(found["aws_s3_bucket.b"])) is open_there


def test_a_bucket_from_outside_changes_none_of_ours(tmp_path: Path) -> None:
    found = resources(
        tmp_path,
        f"""
        data "aws_s3_bucket" "theirs" {{ bucket = "theirs" }}
        variable "stage" {{}}
        resource "aws_s3_bucket" "b" {{ bucket = "ours" }}
        resource "aws_s3_bucket_versioning" "literal" {{
          bucket = "theirs"
          {_VERSIONED}
        }}
        resource "aws_s3_bucket_versioning" "data" {{
          bucket = data.aws_s3_bucket.theirs.id
          {_VERSIONED}
        }}
        resource "aws_s3_bucket_versioning" "pattern" {{
          bucket = "logs-${{var.stage}}"
          {_VERSIONED}
        }}
        """,
    )
    assert list(found) == ["aws_s3_bucket.b"]
    assert _VERSIONING not in found["aws_s3_bucket.b"].properties.entries


def test_text_round_a_bucket_names_another_one(tmp_path: Path) -> None:
    found = resources(
        tmp_path,
        f"""
        resource "aws_s3_bucket" "b" {{ bucket_prefix = "b" }}
        resource "aws_s3_bucket_versioning" "v" {{
          bucket = "${{aws_s3_bucket.b.id}}-logs"
          {_VERSIONED}
        }}
        """,
    )
    assert found["aws_s3_bucket.b"].folded == ()


def test_old_inline_blocks_equal_split_resources(tmp_path: Path) -> None:
    found = resources(
        tmp_path,
        """
        resource "aws_s3_bucket" "inline" {
          acl = "public-read"
          versioning { enabled = true }
          logging { target_bucket = "logs" }
          server_side_encryption_configuration {
            rule {
              apply_server_side_encryption_by_default { sse_algorithm = "aws:kms" }
            }
          }
          lifecycle_rule {
            id      = "old"
            enabled = true
            expiration { days = 30 }
          }
        }
        resource "aws_s3_bucket" "split" {}
        resource "aws_s3_bucket_acl" "s" {
          bucket = aws_s3_bucket.split.id
          acl    = "public-read"
        }
        resource "aws_s3_bucket_versioning" "s" {
          bucket = aws_s3_bucket.split.id
          versioning_configuration { status = "Enabled" }
        }
        resource "aws_s3_bucket_logging" "s" {
          bucket        = aws_s3_bucket.split.id
          target_bucket = "logs"
        }
        resource "aws_s3_bucket_server_side_encryption_configuration" "s" {
          bucket = aws_s3_bucket.split.id
          rule {
            apply_server_side_encryption_by_default { sse_algorithm = "aws:kms" }
          }
        }
        resource "aws_s3_bucket_lifecycle_configuration" "s" {
          bucket = aws_s3_bucket.split.id
          rule {
            id     = "old"
            status = "Enabled"
            expiration { days = 30 }
          }
        }
        """,
    )
    inline, split = found["aws_s3_bucket.inline"], found["aws_s3_bucket.split"]
    names = (
        "AccessControl",
        "BucketEncryption",
        "LifecycleConfiguration",
        "LoggingConfiguration",
        "VersioningConfiguration",
    )
    assert sorted(inline.properties.entries) == sorted(split.properties.entries) == sorted(names)
    for name in names:
        assert shown(at(inline, name)) == shown(at(split, name))
    assert shown(at(split, "LifecycleConfiguration")) == (
        "{Rules: [{Id: 'old', Status: 'Enabled', ExpirationInDays: 30}]}"
    )


def test_a_buckets_own_policy_is_a_resource_of_its_own(tmp_path: Path) -> None:
    found = resources(tmp_path, 'resource "aws_s3_bucket" "b" { policy = jsonencode({ Statement = [] }) }')
    policy = found["aws_s3_bucket.b.policy"]
    assert policy.type == "AWS::S3::BucketPolicy"
    assert shown(at(policy, "Bucket")) == "<aws_s3_bucket.b.id>"
    assert shown(at(policy, "PolicyDocument")) == "{Statement: []}"


def test_notifications_and_tiering_are_lists_on_the_bucket(tmp_path: Path) -> None:
    found = resources(
        tmp_path,
        """
        resource "aws_s3_bucket" "b" {}
        resource "aws_s3_bucket_notification" "n" {
          bucket = aws_s3_bucket.b.id
          lambda_function {
            lambda_function_arn = "f"
            events              = ["s3:ObjectCreated:*"]
            filter_prefix       = "in/"
          }
        }
        resource "aws_s3_bucket_intelligent_tiering_configuration" "one" {
          bucket = aws_s3_bucket.b.id
          name   = "one"
        }
        resource "aws_s3_bucket_intelligent_tiering_configuration" "two" {
          bucket = aws_s3_bucket.b.id
          name   = "two"
        }
        """,
    )
    bucket = found["aws_s3_bucket.b"]
    assert shown(at(bucket, "NotificationConfiguration.LambdaConfigurations")) == (
        "[{Function: 'f', Event: 's3:ObjectCreated:*', "
        "Filter: {S3Key: {Rules: [{Name: 'prefix', Value: 'in/'}]}}}]"
    )
    assert shown(at(bucket, "IntelligentTieringConfigurations")) == "[{Id: 'one'}, {Id: 'two'}]"


def test_attachments_become_the_roles_managed_policies(tmp_path: Path) -> None:
    found = resources(
        tmp_path,
        """
        variable "admin" { type = bool }
        resource "aws_iam_role" "r" {
          name                = "r"
          managed_policy_arns = ["arn:one"]
        }
        resource "aws_iam_role" "other" { name = "other" }
        resource "aws_iam_policy" "p" { policy = "{}" }
        resource "aws_iam_role_policy_attachment" "own" {
          role       = aws_iam_role.r.name
          policy_arn = aws_iam_policy.p.arn
        }
        resource "aws_iam_role_policy_attachment" "admin" {
          count      = var.admin ? 1 : 0
          role       = "r"
          policy_arn = "arn:admin"
        }
        resource "aws_iam_policy_attachment" "both" {
          name       = "both"
          roles      = [aws_iam_role.r.name, "other"]
          policy_arn = "arn:both"
        }
        """,
    )
    assert shown(at(found["aws_iam_role.r"], "ManagedPolicyArns")) == (
        "['arn:one', <aws_iam_policy.p.arn>, (var.admin ? 'arn:admin' : null), 'arn:both']"
    )
    assert shown(at(found["aws_iam_role.other"], "ManagedPolicyArns")) == "['arn:both']"


def test_an_attachment_to_an_unknown_role_opens_the_lists_of_all(tmp_path: Path) -> None:
    found = resources(
        tmp_path,
        """
        variable "role" {}
        resource "aws_iam_role" "r" { name = "r" }
        resource "aws_iam_role_policy_attachment" "a" {
          role       = var.role
          policy_arn = "arn:x"
        }
        """,
    )
    assert shown(at(found["aws_iam_role.r"], "ManagedPolicyArns")) == "[, …]"


def test_event_targets_integrations_and_method_settings_join_their_owner(tmp_path: Path) -> None:
    found = resources(
        tmp_path,
        """
        resource "aws_cloudwatch_event_rule" "e" { name = "nightly" }
        resource "aws_cloudwatch_event_target" "t" {
          rule = aws_cloudwatch_event_rule.e.name
          arn  = "arn:pipeline"
        }
        resource "aws_api_gateway_rest_api" "a" { name = "a" }
        resource "aws_api_gateway_method" "post" {
          rest_api_id   = aws_api_gateway_rest_api.a.id
          resource_id   = aws_api_gateway_rest_api.a.root_resource_id
          http_method   = "POST"
          authorization = "NONE"
        }
        resource "aws_api_gateway_method" "get" {
          rest_api_id   = aws_api_gateway_rest_api.a.id
          resource_id   = aws_api_gateway_rest_api.a.root_resource_id
          http_method   = "GET"
          authorization = "AWS_IAM"
        }
        resource "aws_api_gateway_integration" "i" {
          rest_api_id = aws_api_gateway_rest_api.a.id
          resource_id = aws_api_gateway_rest_api.a.root_resource_id
          http_method = "POST"
          type        = "AWS_PROXY"
          uri         = "arn:lambda"
        }
        resource "aws_api_gateway_stage" "s" {
          rest_api_id = aws_api_gateway_rest_api.a.id
          stage_name  = "prod"
        }
        resource "aws_api_gateway_method_settings" "m" {
          rest_api_id = aws_api_gateway_rest_api.a.id
          stage_name  = aws_api_gateway_stage.s.stage_name
          method_path = "*/*"
          settings { throttling_rate_limit = 10 }
        }
        """,
    )
    assert shown(at(found["aws_cloudwatch_event_rule.e"], "Targets")) == "[{Arn: 'arn:pipeline'}]"
    post, get = found["aws_api_gateway_method.post"], found["aws_api_gateway_method.get"]
    assert shown(at(post, "Integration")) == "{Type: 'AWS_PROXY', Uri: 'arn:lambda'}"
    assert "Integration" not in get.properties.entries
    assert shown(at(found["aws_api_gateway_stage.s"], "MethodSettings")) == (
        "[{ResourcePath: '*/*', ThrottlingRateLimit: 10}]"
    )


def test_key_policies_and_repository_policies_join_their_owner(tmp_path: Path) -> None:
    found = resources(
        tmp_path,
        """
        resource "aws_kms_key" "k" {}
        resource "aws_kms_key_policy" "p" {
          key_id = aws_kms_key.k.id
          policy = jsonencode({ Statement = [] })
        }
        resource "aws_ecr_repository" "r" { name = "r" }
        resource "aws_ecr_lifecycle_policy" "l" {
          repository = aws_ecr_repository.r.name
          policy     = "rules"
        }
        """,
    )
    assert shown(at(found["aws_kms_key.k"], "KeyPolicy")) == "{Statement: []}"
    assert shown(at(found["aws_ecr_repository.r"], "LifecyclePolicy")) == "{LifecyclePolicyText: 'rules'}"
