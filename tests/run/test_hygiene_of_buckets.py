"""Buckets of which a rule's reason does not hold: nothing reads them, or everyone is meant to."""

from pathlib import Path

import pytest

from mlwa_lint.catalogue.registry import load_rules
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.run.pipeline import lint_paths
from mlwa_lint.run.settings import RunSettings

RULES = load_rules().rules
# A state machine whose one function sorts, and whose other one keeps what was sorted.
ARCHIVE = """\
Resources:
  Kept: {Type: AWS::S3::Bucket, Properties: {BucketName: acme-kept}}
  Flow:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: arn:aws:iam::111122223333:role/flow
      DefinitionString: !Sub |
        {"StartAt": "Sort", "States": {
          "Sort": {"Type": "Task", "Resource": "${Sort.Arn}", "Next": "Keep"},
          "Keep": {"Type": "Task", "Resource": "${Keep.Arn}", "End": true}}}
  Sort: {Type: AWS::Lambda::Function, Properties: {Role: !GetAtt SortRole.Arn, Code: {S3Bucket: c, S3Key: s}}}
  Keep: {Type: AWS::Lambda::Function, Properties: {Role: !GetAtt KeepRole.Arn, Code: {S3Bucket: c, S3Key: k}}}
  SortRole:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: &trust
        Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]
      Policies:
        - PolicyName: sort
          PolicyDocument: {Statement: [{Effect: Allow, Action: sagemaker:CreateTrainingJob, Resource: "*"}]}
  KeepRole:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: *trust
      ManagedPolicyArns: [arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]
      Policies:
        - PolicyName: keep
          PolicyDocument:
            Statement: [{Effect: Allow, Action: ACTIONS, Resource: "arn:aws:s3:::acme-kept/*"}]
"""
ARCHIVE_IN_TERRAFORM = """\
resource "aws_s3_bucket" "kept" {
  bucket = "acme-kept"
}

resource "aws_sfn_state_machine" "flow" {
  name     = "flow"
  role_arn = "arn:aws:iam::111122223333:role/flow"
  definition = jsonencode({
    StartAt = "Sort"
    States = {
      Sort = { Type = "Task", Resource = aws_lambda_function.sort.arn, Next = "Keep" }
      Keep = { Type = "Task", Resource = aws_lambda_function.keep.arn, End = true }
    }
  })
}

resource "aws_lambda_function" "sort" {
  function_name = "sort"
  role          = aws_iam_role.sort.arn
}

resource "aws_lambda_function" "keep" {
  function_name = "keep"
  role          = aws_iam_role.keep.arn
}

resource "aws_iam_role" "sort" {
  name               = "sort"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role" "keep" {
  name               = "keep"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

resource "aws_iam_role_policy" "sort" {
  role = aws_iam_role.sort.id
  policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = "sagemaker:CreateTrainingJob", Resource = "*" }]
  })
}

resource "aws_iam_role_policy" "keep" {
  role = aws_iam_role.keep.id
  policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = ACTIONS, Resource = "${aws_s3_bucket.kept.arn}/*" }]
  })
}
"""
PUTS, READS, SORTS = (
    '["s3:PutObject"]',
    '["s3:PutObject", "s3:GetObject"]',
    '["s3:PutObject", "comprehend:*"]',
)
PAGES = """\
Resources:
  Pages: {Type: AWS::S3::Bucket}
  Lab: {Type: AWS::SageMaker::NotebookInstance, Properties: {InstanceType: ml.t3.medium, RoleArn: arn}}
Outputs:
  Address: {Value: !If [Delivered, !GetAtt Cdn.DomainName, !Sub "ADDRESS"]}
"""
PAGES_IN_TERRAFORM = """\
resource "aws_s3_bucket" "pages" {}

resource "aws_sagemaker_notebook_instance" "lab" {
  name          = "lab"
  instance_type = "ml.t3.medium"
  role_arn      = "arn"
}

output "address" {
  value = "ADDRESS"
}
"""
SHARED = """\
Resources:
  Shared: {Type: AWS::S3::Bucket, Properties: {BucketName: acme-shared}}
  Data: {Type: AWS::S3::Bucket, Properties: {BucketName: acme-data}}
  Domain:
    Type: AWS::SageMaker::Domain
    Properties:
      AuthMode: IAM
      DomainName: team
      DefaultUserSettings:
        ExecutionRole: arn:aws:iam::111122223333:role/studio
        SharingSettings: {NotebookOutputOption: Allowed, S3OutputPath: !Sub "s3://${Shared}/notebooks"}
  Model:
    Type: AWS::SageMaker::Model
    Properties: {PrimaryContainer: {Image: i, ModelDataUrl: !Sub "s3://${Data}/model.tar.gz"}}
"""
SHARED_IN_TERRAFORM = """\
resource "aws_s3_bucket" "Shared" {}

resource "aws_s3_bucket" "Data" {}

resource "aws_sagemaker_domain" "team" {
  domain_name = "team"
  auth_mode   = "IAM"
  default_user_settings {
    execution_role = "arn:aws:iam::111122223333:role/studio"
    sharing_settings {
      notebook_output_option = "Allowed"
      s3_output_path         = "s3://${aws_s3_bucket.Shared.bucket}/notebooks"
    }
  }
}

resource "aws_sagemaker_model" "model" {
  execution_role_arn = "arn:aws:iam::111122223333:role/model"
  primary_container {
    image          = "i"
    model_data_url = "s3://${aws_s3_bucket.Data.bucket}/model.tar.gz"
  }
}
"""


def _severities(folder: Path, name: str, text: str, code: str) -> dict[str, str]:
    (folder / name).write_text(text, "utf-8")
    report = lint_paths([str(folder)], lambda _: RunSettings(RULES, LoadOptions(root=folder)), 1)
    return {each.address.rpartition(".")[2]: each.severity for each in report.findings if each.code == code}


@pytest.mark.parametrize(("name", "text"), [("a.yaml", ARCHIVE), ("a.tf", ARCHIVE_IN_TERRAFORM)])
@pytest.mark.parametrize(("actions", "severity"), [(PUTS, "info"), (READS, "low"), (SORTS, "low")])
def test_http_matters_little_where_nothing_reads(
    tmp_path: Path, name: str, text: str, actions: str, severity: str
) -> None:
    found = _severities(tmp_path, name, text.replace("ACTIONS", actions), "MLS305")
    assert list(found.values()) == [severity]


@pytest.mark.parametrize(
    ("name", "text", "address", "severity"),
    [
        ("a.yaml", PAGES, "https://${Pages.RegionalDomainName}/index.html", "info"),
        ("a.yaml", PAGES, "https://${Pages.DomainName}/app/index.html", "info"),
        ("a.yaml", PAGES, "https://${Pages.RegionalDomainName}/results.csv", "low"),
        ("a.yaml", PAGES, "https://${Cdn.DomainName}/index.html", "low"),
        (
            "a.tf",
            PAGES_IN_TERRAFORM,
            "https://${aws_s3_bucket.pages.bucket_regional_domain_name}/a.html",
            "info",
        ),
        ("a.tf", PAGES_IN_TERRAFORM, "https://${aws_s3_bucket.pages.bucket_domain_name}/a.json", "low"),
    ],
)
def test_a_block_would_hide_pages_whose_address_is_given(
    tmp_path: Path, name: str, text: str, address: str, severity: str
) -> None:
    found = _severities(tmp_path, name, text.replace("ADDRESS", address), "MLS303")
    assert list(found.values()) == [severity]


@pytest.mark.parametrize(("name", "text"), [("a.yaml", SHARED), ("a.tf", SHARED_IN_TERRAFORM)])
def test_nothing_is_trained_on_notebooks_that_users_share(tmp_path: Path, name: str, text: str) -> None:
    assert _severities(tmp_path, name, text, "MLS306") == {"Shared": "info", "Data": "low"}


@pytest.mark.parametrize(
    ("name", "severity"),
    [("AthenaQueryBucket", "info"), ("AthenaQueriesS3Bucket", "info"), ("AthenaSource", "low")],
)
def test_results_of_queries_can_be_repeated(tmp_path: Path, name: str, severity: str) -> None:
    text = PAGES.partition("Outputs")[0].replace("Pages:", f"{name}:")
    assert _severities(tmp_path, "a.yaml", text, "MLS303") == {name: severity}


@pytest.mark.parametrize(("name", "severity"), [("GlueScriptsS3Bucket", "info"), ("GlueTables", "low")])
def test_a_bucket_of_scripts_of_glue_holds_programs(tmp_path: Path, name: str, severity: str) -> None:
    text = PAGES.partition("Outputs")[0].replace("Pages:", f"{name}:")
    assert _severities(tmp_path, "a.yaml", text, "MLS303") == {name: severity}
