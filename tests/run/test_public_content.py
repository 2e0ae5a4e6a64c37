"""Unencrypted requests to buckets whose content is public anyway (MLS305)."""

from pathlib import Path

import pytest

from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.run.pipeline import lint_paths
from mlwa_lint.run.settings import RunSettings
from tests.support import rule_examples as harness

ROLE = """
resource "aws_sagemaker_notebook_instance" "study" {
  name          = "study"
  instance_type = "ml.t3.medium"
  role_arn      = aws_iam_role.study.arn
}
resource "aws_iam_role" "study" {
  name = "study"
  assume_role_policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "sagemaker.amazonaws.com" }
    }]
  })
}
resource "aws_iam_role_policy" "study" {
  role = aws_iam_role.study.id
  policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "${aws_s3_bucket.data.arn}/*" }]
  })
}
"""
BUCKET = 'resource "aws_s3_bucket" "data" {\n  bucket = "acme-data"\n}\n'
OPEN = """
resource "aws_s3_bucket_policy" "data" {
  bucket = aws_s3_bucket.data.id
  policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "s3:GetObject"
      Resource  = "${aws_s3_bucket.data.arn}/*"
    }]
  })
}
"""
BLOCK = """
resource "aws_s3_bucket_public_access_block" "data" {
  bucket                  = aws_s3_bucket.data.id
  restrict_public_buckets = true
}
"""
SITE = """
resource "aws_cloudfront_distribution" "site" {
  enabled             = true
  default_root_object = "index.html"
  origin {
    domain_name = aws_s3_bucket.data.bucket_regional_domain_name
    origin_id   = "data"
  }
  default_cache_behavior {
    target_origin_id       = "data"
    viewer_protocol_policy = "https-only"
  }
}
"""
MODEL = """
resource "aws_sagemaker_model" "churn" {
  execution_role_arn = aws_iam_role.study.arn
  primary_container {
    image          = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/churn:1.2"
    model_data_url = "s3://${aws_s3_bucket.data.bucket}/model.tar.gz"
  }
}
"""
TAGGED = BUCKET.replace('"acme-data"', '"acme-data"\n  tags   = { DataClassification = "Public" }')
TEMPLATE = """
Resources:
  Study:
    Type: AWS::SageMaker::NotebookInstance
    Properties: {InstanceType: ml.t3.medium, RoleArn: !GetAtt Role.Arn}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Action: sts:AssumeRole, Principal: {Service: sagemaker.amazonaws.com}}]
      Policies:
        - PolicyName: read
          PolicyDocument: {Statement: [{Effect: Allow, Action: s3:GetObject, Resource: !Sub "${Data.Arn}/*"}]}
  Data:
    Type: AWS::S3::Bucket
    Properties: {BucketName: NAME}
"""
OPENED = """
  Opened:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Data
      PolicyDocument:
        Statement: [{Effect: Allow, Principal: "*", Action: s3:GetObject, Resource: !Sub "${Data.Arn}/*"}]
"""
DELIVERED = """
  Site:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        DefaultRootObject: index.html
        Origins: [{Id: data, DomainName: !GetAtt Data.RegionalDomainName, S3OriginConfig: {}}]
        DefaultCacheBehavior: {TargetOriginId: data, ViewerProtocolPolicy: https-only}
"""
PLAIN = TEMPLATE.replace("NAME", "acme-data")


@pytest.mark.parametrize(
    ("name", "text", "severity"),
    [
        ("main.tf", ROLE + BUCKET, "medium"),
        ("main.tf", ROLE + BUCKET + OPEN, "low"),
        ("main.tf", ROLE + BUCKET + OPEN.replace("}/*", "}/images/*"), "medium"),
        ("main.tf", ROLE + BUCKET + OPEN + BLOCK, "medium"),
        ("main.tf", ROLE + BUCKET + OPEN + MODEL, "medium"),
        ("main.tf", ROLE + BUCKET.replace("acme-data", "acme-open-data"), "low"),
        ("main.tf", ROLE + BUCKET.replace("acme-data", "acme-public-datasets"), "low"),
        ("main.tf", ROLE + BUCKET.replace("acme-data", "republic-data"), "medium"),
        ("main.tf", ROLE + TAGGED, "low"),
        ("main.tf", ROLE + TAGGED.replace("Public", "Internal"), "medium"),
        ("main.tf", ROLE + BUCKET + SITE, "low"),
        ("main.tf", ROLE + BUCKET + SITE.replace('  default_root_object = "index.html"\n', ""), "medium"),
        (
            "main.tf",
            ROLE + BUCKET + SITE.replace('"https-only"', '"https-only"\n    trusted_key_groups = ["k"]'),
            "medium",
        ),
        ("stack.yaml", PLAIN, "medium"),
        ("stack.yaml", PLAIN + OPENED, "low"),
        ("stack.yaml", PLAIN + DELIVERED, "low"),
        ("stack.yaml", PLAIN.replace("{BucketName", "{AccessControl: PublicRead, BucketName"), "low"),
        ("stack.yaml", TEMPLATE.replace("NAME", "acme-public-data"), "low"),
    ],
)
def test_what_everyone_may_read_gains_little_from_encryption(
    name: str, text: str, severity: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    settings = RunSettings((harness.rule_of("MLS305"),), LoadOptions(tmp_path))
    report = lint_paths([str(tmp_path)], lambda _: settings, 1)
    assert [each.severity for each in report.findings] == [severity]
