"""An argument of another resource is what it was set to; a data source that reads a resource back is it."""

from pathlib import Path

import pytest

from tests.frontends.terraform.support import argument, load_text, shown
from tests.frontends.terraform.test_vocabulary import at, resources

_DECLARED = """
  variable "role" {}
  data "aws_iam_role" "given" { name = "given" }
  resource "aws_iam_role" "r" { name_prefix = "r-" }
  resource "aws_iam_role_policy" "p" {
    role   = aws_iam_role.r.name
    policy = "{}"
  }
  resource "aws_iam_role_policy" "of_variable" {
    role   = var.role
    policy = "{}"
  }
  resource "aws_s3_bucket" "b" {}
  resource "aws_s3_bucket_policy" "b" { bucket = aws_s3_bucket.b.id }
  resource "aws_s3_bucket_versioning" "b" { bucket = aws_s3_bucket_policy.b.id }
  resource "aws_s3_object" "model" {
    bucket = aws_s3_bucket_versioning.b.id
    key    = "model.tar.gz"
  }
  resource "aws_s3_object" "literal" {
    bucket = "acme-models"
    key    = "model.tar.gz"
  }
  resource "aws_vpc" "v" {}
  resource "aws_security_group" "g" { vpc_id = aws_vpc.v.id }
  resource "aws_kms_key" "k" {}
  resource "aws_kms_alias" "k" {
    name          = "alias/k"
    target_key_id = aws_kms_key.k.key_id
  }
  resource "aws_sagemaker_endpoint" "e" { name = "serving" }
  resource "aws_ssm_parameter" "e" {
    name  = "/endpoint"
    value = aws_sagemaker_endpoint.e.name
  }
  resource "terraform_data" "e" { input = aws_ssm_parameter.e.value }
  resource "aws_lambda_function" "f" { function_name = "f" }
  resource "aws_lambda_alias" "f" {
    name          = "live"
    function_name = aws_lambda_function.f.function_name
  }
  data "aws_s3_bucket" "b" { bucket = aws_s3_bucket.b.id }
  data "aws_iam_role" "r" { name = aws_iam_role_policy.p.role }
  data "aws_s3_bucket" "elsewhere" { bucket = "acme-elsewhere" }
  data "aws_security_group" "g" { id = aws_security_group.g.id }
"""


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("aws_iam_role_policy.p.role", "<aws_iam_role.r.name>"),
        ("aws_iam_role_policy.of_variable.role", "?(variable role has no default)"),
        ("aws_s3_bucket_policy.b.bucket", "<aws_s3_bucket.b.id>"),
        ("aws_s3_bucket_policy.b.id", "<aws_s3_bucket.b.id>"),
        ("aws_s3_object.model.bucket", "<aws_s3_bucket.b.id>"),
        ("aws_s3_object.literal.bucket", "'acme-models'"),
        ("aws_s3_object.literal.key", "<aws_s3_object.literal.key=model.tar.gz>"),
        ("aws_security_group.g.vpc_id", "<aws_vpc.v.id>"),
        ("aws_kms_alias.k.target_key_id", "<aws_kms_key.k.key_id>"),
        ("aws_kms_alias.k.target_key_arn", "<aws_kms_key.k.arn>"),
        ("aws_kms_alias.k.name", "<aws_kms_alias.k.name=alias/k>"),
        ("aws_ssm_parameter.e.value", "<aws_sagemaker_endpoint.e.name=serving>"),
        ("terraform_data.e.output", "<aws_sagemaker_endpoint.e.name=serving>"),
        ("aws_lambda_alias.f.function_name", "<aws_lambda_function.f.function_name=f>"),
        ("aws_lambda_alias.f.arn", "<aws_lambda_alias.f.arn>"),
        ("data.aws_s3_bucket.b.arn", "<aws_s3_bucket.b.arn>"),
        ("data.aws_s3_bucket.b.id", "<aws_s3_bucket.b.id>"),
        ("data.aws_iam_role.r.arn", "<aws_iam_role.r.arn>"),
        ("data.aws_security_group.g.vpc_id", "<aws_vpc.v.id>"),
        ("data.aws_s3_bucket.elsewhere.id", "'acme-elsewhere'"),
    ],
)
def test_an_argument_is_what_it_was_set_to(tmp_path: Path, expression: str, expected: str) -> None:
    text = f'{_DECLARED}\nresource "aws_x" "y" {{ a = {expression} }}'
    assert argument(load_text(tmp_path, text), "aws_x.y", "a") == expected


def test_an_arn_of_a_data_source_ends_in_the_name_that_it_looks_up(tmp_path: Path) -> None:
    text = f'{_DECLARED}\nresource "aws_x" "y" {{ a = data.aws_s3_bucket.elsewhere.arn }}'
    arn = argument(load_text(tmp_path, text), "aws_x.y", "a")
    assert arn.startswith("arn:?(")
    assert arn.endswith(":s3:::acme-elsewhere")


def test_a_data_source_that_looks_up_a_declared_name_is_that_resource(tmp_path: Path) -> None:
    text = """
      data "aws_iam_role" "r" { name = "exec" }
      data "aws_iam_role" "other" { name = "other" }
      data "aws_kms_key" "k" { key_id = "alias/k" }
      resource "aws_iam_role" "exec" { name = "exec" }
      resource "aws_x" "y" {
        arn    = data.aws_iam_role.r.arn
        roles  = [data.aws_iam_role.r.unique_id, data.aws_iam_role.other.unique_id]
        text   = jsonencode({ Role = "x-${data.aws_iam_role.r.unique_id}" })
        choice = var.x ? data.aws_iam_role.r.arn : "none"
      }
      variable "x" {}
    """
    loader = load_text(tmp_path, text)
    assert argument(loader, "aws_x.y", "arn") == "<aws_iam_role.exec.arn>"
    assert argument(loader, "aws_x.y", "roles") == (
        "[<aws_iam_role.exec.unique_id>, ?(data source aws_iam_role.other is read only at deployment)]"
    )
    assert argument(loader, "aws_x.y", "text") == "{Role: x-<aws_iam_role.exec.unique_id>}"
    assert argument(loader, "aws_x.y", "choice") == "(var.x ? <aws_iam_role.exec.arn> : 'none')"


def test_two_resources_of_one_name_are_not_distinguished(tmp_path: Path) -> None:
    text = """
      data "aws_iam_role" "r" { name = "exec" }
      resource "aws_iam_role" "exec" { name = "exec" }
      resource "aws_iam_role" "twin" { name = "exec" }
      resource "aws_x" "y" { arn = data.aws_iam_role.r.unique_id }
    """
    assert argument(load_text(tmp_path, text), "aws_x.y", "arn").startswith("?(data source")


_BLOCK = "PublicAccessBlockConfiguration"


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ("aws_s3_bucket.b.id", "{BlockPublicAcls: True}"),
        ("aws_s3_bucket_policy.p.id", "{BlockPublicAcls: True}"),
        ("data.aws_s3_bucket.b.id", "{BlockPublicAcls: True}"),
        ('"${aws_s3_bucket.b.bucket}"', "{BlockPublicAcls: True}"),
        ("data.aws_ssm_parameter.bucket.value", "?(aws_s3_bucket_public_access_block.p may configure it)"),
        (
            'aws_cloudformation_stack.s.outputs["Bucket"]',
            "?(aws_s3_bucket_public_access_block.p may configure it)",
        ),
        ("data.terraform_remote_state.core.outputs.bucket", None),
        ('"other"', None),
        ("data.aws_s3_bucket.other.id", None),
    ],
)
def test_a_split_resource_belongs_where_that_is_provable(
    tmp_path: Path, named: str, expected: str | None
) -> None:
    text = f"""
      resource "aws_s3_bucket" "b" {{ bucket = "data" }}
      resource "aws_s3_bucket_policy" "p" {{
        bucket = aws_s3_bucket.b.id
        policy = "{{}}"
      }}
      resource "aws_cloudformation_stack" "s" {{ name = "s" }}
      data "aws_s3_bucket" "b" {{ bucket = aws_s3_bucket.b.id }}
      data "aws_s3_bucket" "other" {{ bucket = "other" }}
      data "aws_ssm_parameter" "bucket" {{ name = "/bucket" }}
      data "terraform_remote_state" "core" {{ backend = "s3" }}
      resource "aws_s3_bucket_public_access_block" "p" {{
        bucket            = {named}
        block_public_acls = true
      }}
    """
    bucket = resources(tmp_path, text)["aws_s3_bucket.b"]
    if expected is None:
        assert _BLOCK not in bucket.properties.entries
    else:
        assert shown(at(bucket, _BLOCK)) == expected


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ("awscc_s3_bucket.b.id", "{Status: 'Enabled'}"),
        ("awscc_s3_bucket.b.bucket_name", "{Status: 'Enabled'}"),
        ('"data"', "{Status: 'Enabled'}"),
        ("var.bucket", "?(aws_s3_bucket_versioning.v may configure it)"),
        ('"other"', None),
    ],
)
def test_a_split_resource_can_belong_to_a_bucket_of_the_other_provider(
    tmp_path: Path, named: str, expected: str | None
) -> None:
    text = f"""
      variable "bucket" {{}}
      resource "awscc_s3_bucket" "b" {{ bucket_name = "data" }}
      resource "aws_s3_bucket_versioning" "v" {{
        bucket = {named}
        versioning_configuration {{ status = "Enabled" }}
      }}
    """
    bucket = resources(tmp_path, text)["awscc_s3_bucket.b"]
    if expected is None:
        assert "VersioningConfiguration" not in bucket.properties.entries
    else:
        assert shown(at(bucket, "VersioningConfiguration")) == expected


@pytest.mark.parametrize(
    ("named", "same"),
    [
        ('"acme-${var.env == "prod" ? "p" : "d"}"', True),
        ('"acme-${local.short[var.env]}"', False),
        ('"acme-${var.env == "prod" ? "d" : "p"}"', False),
    ],
)
def test_names_that_one_condition_chooses_are_the_same(tmp_path: Path, named: str, same: bool) -> None:
    text = f"""
      variable "env" {{}}
      locals {{ short = {{ prod = "pr", dev = "de" }} }}
      resource "aws_s3_bucket" "b" {{ bucket = "acme-${{var.env == "prod" ? "p" : "d"}}" }}
      resource "aws_s3_bucket_public_access_block" "p" {{
        bucket            = {named}
        block_public_acls = true
      }}
    """
    bucket = resources(tmp_path, text)["aws_s3_bucket.b"]
    block = at(bucket, _BLOCK) if _BLOCK in bucket.properties.entries else None
    assert (block is not None and shown(block) == "{BlockPublicAcls: True}") is same
