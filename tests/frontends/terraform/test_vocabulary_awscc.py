"""Resources of the awscc provider are CloudFormation's, by other names."""

from pathlib import Path

from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.frontends.terraform.project import load
from mlwa_lint.model.resources import Resource
from mlwa_lint.model.values import MapValue
from mlwa_lint.run.evaluation import check_project
from tests.frontends.terraform.support import shown
from tests.support.rule_examples import all_rules

TEXT = """
resource "awscc_s3_bucket" "data" {
  bucket_name = "training-data"
  bucket_encryption = {
    server_side_encryption_configuration = [{
      server_side_encryption_by_default = {
        sse_algorithm     = "aws:kms"
        kms_master_key_id = awscc_kms_key.data.arn
      }
    }]
  }
  tags = [{ key = "team", value = "ml" }]
}

resource "awscc_kms_key" "data" {
  enable_key_rotation = true
  key_policy          = jsonencode({ Statement = [{ Effect = "Allow", Action = "kms:*" }] })
}

resource "awscc_lambda_function" "ask" {
  role        = "arn:aws:iam::111122223333:role/ask"
  environment = { variables = { model_id = "a" } }
}

resource "awscc_sagemaker_notebook_instance" "lab" {
  root_access       = "Enabled"
  volume_size_in_gb = 20
}

resource "awscc_unheard_of" "x" {}
"""


def resources(folder: Path) -> dict[str, Resource]:
    (folder / "main.tf").write_text(TEXT, "utf-8")
    return {each.address: each for each in load(folder, LoadOptions()).resources}


def test_types_and_properties_are_canonical(tmp_path: Path) -> None:
    found = resources(tmp_path)
    assert [each.type for each in found.values()] == [
        "AWS::S3::Bucket",
        "AWS::KMS::Key",
        "AWS::Lambda::Function",
        "AWS::SageMaker::NotebookInstance",
        "awscc_unheard_of",
    ]
    assert shown(found["awscc_s3_bucket.data"].properties) == (
        "{BucketName: 'training-data', BucketEncryption: {ServerSideEncryptionConfiguration: "
        "[{ServerSideEncryptionByDefault: {SSEAlgorithm: 'aws:kms', "
        "KMSMasterKeyID: <awscc_kms_key.data.arn>}}]}, Tags: [{Key: 'team', Value: 'ml'}]}"
    )
    assert shown(found["awscc_sagemaker_notebook_instance.lab"].properties) == (
        "{RootAccess: 'Enabled', VolumeSizeInGB: 20}"
    )


def test_keys_of_the_user_stay_as_they_are(tmp_path: Path) -> None:
    found = resources(tmp_path)
    policy = found["awscc_kms_key.data"].properties.entries["KeyPolicy"].value
    assert isinstance(policy, MapValue)
    assert set(policy.entries) == {"Statement"}
    function = found["awscc_lambda_function.ask"].properties
    assert shown(function.entries["Environment"].value) == "{Variables: {model_id: 'a'}}"


def test_rules_name_them_as_the_provider_does(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(TEXT, "utf-8")
    rules = [rule for rule in all_rules() if rule.code in ("MLS402", "MLS404")]
    messages = [finding.message for finding in check_project(load(tmp_path, LoadOptions()), rules).findings]
    subject = "NotebookInstance awscc_sagemaker_notebook_instance.lab"
    assert messages == [
        f"{subject} does not run in a VPC: it sets no subnet_id, so it accesses the internet directly",
        f"{subject} gives its users root access: root_access should be Disabled",
    ]


def test_documents_that_are_texts_are_read(tmp_path: Path) -> None:
    text = """
resource "awscc_iam_role" "run" {
  policies = [{
    policy_name     = "data"
    policy_document = "{\\"Statement\\": [{\\"Effect\\": \\"Allow\\", \\"Action\\": \\"s3:GetObject\\"}]}"
  }]
}
"""
    (tmp_path / "main.tf").write_text(text, "utf-8")
    (role,) = load(tmp_path, LoadOptions()).resources
    assert shown(role.properties) == (
        "{Policies: [{PolicyName: 'data', PolicyDocument: "
        "{Statement: [{Effect: 'Allow', Action: 's3:GetObject'}]}}]}"
    )


def test_in_json_an_object_is_an_argument_and_no_block(tmp_path: Path) -> None:
    body = '{"code": {"zip_file": "x"}, "lifecycle": {"prevent_destroy": true}}'
    text = '{"resource": {"awscc_lambda_function": {"ask": ' + body + "}}}"
    (tmp_path / "main.tf.json").write_text(text, "utf-8")
    (function,) = load(tmp_path, LoadOptions()).resources
    assert shown(function.properties) == "{Code: {ZipFile: 'x'}}"


def test_a_domain_of_elasticsearch_is_one_of_opensearch(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text('resource "awscc_elasticsearch_domain" "pages" {}', "utf-8")
    (domain,) = load(tmp_path, LoadOptions()).resources
    assert domain.type == "AWS::OpenSearchService::Domain"
