"""What the output of a job without a key weighs where all buckets of the repository have one by default."""

import json
from functools import partial
from pathlib import Path

import pytest

from mlwa_lint.cli.app import invoke
from mlwa_lint.graph.queries.encryption import ALL_KEYED
from tests.support.files import write

_write = partial(write, Path())
JOB = """import os
import boto3

bucket = os.environ["ARTEFACTS"]
boto3.client("sagemaker").create_training_job(
    TrainingJobName="churn",
    OutputDataConfig={"S3OutputPath": f"s3://{bucket}/output"},
    ResourceConfig={"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 10},
)
"""
BUCKET = 'resource "aws_s3_bucket" "data" {\n  bucket = "churn-data"\n}\n'
RULE = """resource "aws_s3_bucket_server_side_encryption_configuration" "data" {
  bucket = aws_s3_bucket.data.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "aws:kms"
    }
  }
}
"""
OTHER = 'resource "aws_s3_bucket" "logs" {}\n'
INLINE = """resource "aws_s3_bucket" "logs" {
  server_side_encryption_configuration {
    rule {
      apply_server_side_encryption_by_default {
        sse_algorithm = "aws:kms"
      }
    }
  }
}
"""
KEYED = """Resources:
  Data:
    Type: AWS::S3::Bucket
    Properties:
      BucketEncryption:
        ServerSideEncryptionConfiguration:
          - ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms}
  Policy:
    Type: AWS::S3::BucketPolicy
"""
CDK = "import * as s3 from 'aws-cdk-lib/aws-s3';\nnew s3.Bucket(this, 'Data', {encryption: ENCRYPTION});\n"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    _write(**{"README.md": "# Churn\n\nScores customers.\n", "train.py": JOB, "key.tf": "# kms_key_id\n"})


@pytest.mark.parametrize(
    ("files", "is_keyed"),
    [
        ({}, False),
        ({"main.tf": BUCKET + RULE}, True),
        ({"main.tf": BUCKET, "encryption.tf": RULE}, True),
        ({"main.tf": BUCKET + RULE + OTHER}, False),
        ({"main.tf": BUCKET + RULE + INLINE}, True),
        ({"main.tf": BUCKET + RULE.replace("aws:kms", "AES256")}, False),
        ({"main.tf": BUCKET + RULE.replace('"aws:kms"', 'var.own_key ? "aws:kms" : "AES256"')}, False),
        ({"main.tf": BUCKET + RULE.replace('"aws:kms"', "var.algorithm")}, False),
        (
            {
                "main.tf": BUCKET
                + RULE
                + 'module "logs" {\n  source = "terraform-aws-modules/s3-bucket/aws"\n}\n'
            },
            False,
        ),
        ({"data.yaml": KEYED}, True),
        ({"data.yaml": KEYED + "  Logs:\n    Type: AWS::S3::Bucket\n"}, False),
        ({"data.yaml": KEYED, "main.tf": BUCKET}, False),
        ({"lib/data.ts": CDK.replace("ENCRYPTION", "s3.BucketEncryption.KMS")}, True),
        ({"lib/data.ts": CDK.replace("ENCRYPTION", "s3.BucketEncryption.S3_MANAGED")}, False),
        ({"main.tf": BUCKET + RULE, "train.py": JOB.replace("{bucket}", "churn-models")}, False),
    ],
)
def test_output_in_a_bucket_that_is_not_named(
    files: dict[str, str], is_keyed: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    _write(**files)
    invoke(["check", "train.py", "--select", "MLS203", "--severity", "info", "--format", "json"])
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    because = (finding["lowered"] or {"because": ""})["because"]
    assert (because == ALL_KEYED) is is_keyed, because
    assert not is_keyed or finding["severity"] == "info"
