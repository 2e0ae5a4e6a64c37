"""MLC301 knows buckets in which programs always write the same objects."""

from pathlib import Path

import pytest

from mlwa_lint.catalogue.registry import load_rules
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.run.pipeline import lint_paths
from mlwa_lint.run.settings import RunSettings

RULES = load_rules().rules
TEMPLATE = """\
Resources:
  Prices:
    Type: AWS::S3::Bucket
    Properties: {BucketName: acme-fruit-prices}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: sagemaker.amazonaws.com}, Action: sts:AssumeRole}]
      Policies:
        - PolicyName: data
          PolicyDocument:
            Statement: [{Effect: Allow, Action: "s3:GetObject", Resource: !Sub "${Prices.Arn}/*"}]
"""
TERRAFORM = """\
resource "aws_s3_bucket" "prices" {
  bucket = "acme-fruit-prices"
}

resource "aws_iam_role" "model" {
  name = "model"
  assume_role_policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "sagemaker.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy" "data" {
  role = aws_iam_role.model.id
  policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "${aws_s3_bucket.prices.arn}/*" }]
  })
}
"""
FUNCTION = """\
  Work:
    Type: AWS::Lambda::Function
    Properties:
      Role: arn:aws:iam::111122223333:role/work
      Code: {S3Bucket: code, S3Key: work.zip}
      Environment: {Variables: {BUCKET: !Ref Prices}}
"""
VERSIONED = TEMPLATE.replace("prices}", "prices, VersioningConfiguration: {Status: Enabled}}")
WRITER = """\
import boto3

key = "prices/all.jsonl"
old = boto3.client("s3").get_object(Bucket="acme-fruit-prices", Key=key)["Body"].read()
boto3.client("s3").put_object(Bucket="acme-fruit-prices", Key=KEY, Body=old + b"{}")
"""
SAME = {"write.py": WRITER.replace("KEY", "key")}


def _severities(folder: Path, files: dict[str, str]) -> set[str]:
    for name, text in {**files, "prod.json": "{}"}.items():  # so that it is operated
        (folder / name).write_text(text, "utf-8")
    report = lint_paths([str(folder)], lambda _: RunSettings(RULES, LoadOptions(root=folder)), 1)
    return {each.severity for each in report.findings if each.code == "MLC301"}


@pytest.mark.parametrize(
    ("files", "severity"),
    [
        ({"a.yaml": TEMPLATE, **SAME}, "info"),
        ({"a.tf": TERRAFORM, **SAME}, "info"),
        ({"a.yaml": TEMPLATE, "write.py": WRITER.replace("KEY", '"all.jsonl"')}, "info"),
        ({"a.yaml": TEMPLATE, "write.py": WRITER.replace("KEY", 'f"{day}.jsonl"')}, "low"),
        ({"a.yaml": TEMPLATE, "write.py": WRITER.replace("KEY", "key") + "key = f'{day}.jsonl'\n"}, "low"),
        ({"a.yaml": TEMPLATE, **SAME, "sync.sh": "aws s3 cp day.csv s3://acme-fruit-prices/\n"}, "low"),
        ({"a.yaml": TEMPLATE, **SAME, "more.py": 'frame.to_csv("s3://acme-fruit-prices/a.csv")\n'}, "low"),
        ({"a.yaml": TEMPLATE + FUNCTION, **SAME}, "low"),
        ({"a.yaml": VERSIONED, **SAME}, "low"),
        ({"a.yaml": TEMPLATE}, "low"),
    ],
)
def test_nothing_accumulates_at_fixed_keys(tmp_path: Path, files: dict[str, str], severity: str) -> None:
    assert _severities(tmp_path, files) == {severity}
