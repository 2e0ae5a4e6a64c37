"""A bucket that two branches create by the same name is one bucket."""

from pathlib import Path

from tests.frontends.python.programs import load_text, shown

START = """
import boto3, sys
s3 = boto3.client("s3")
region, bucket = sys.argv[1], sys.argv[2]
"""


def test_a_bucket_of_two_branches_is_one(tmp_path: Path) -> None:
    text = """
if region == "us-east-1":
    s3.create_bucket(Bucket=bucket)
else:
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": region})
s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
"""
    found = load_text(tmp_path, START + text).resources
    assert [(each.type, each.guards) for each in found] == [("AWS::S3::Bucket", ())]
    assert "Enabled" in shown(found[0], "VersioningConfiguration")


def test_buckets_with_names_of_their_own_are_two(tmp_path: Path) -> None:
    text = """
if region == "us-east-1":
    s3.create_bucket(Bucket="acme-one")
else:
    s3.create_bucket(Bucket="acme-two")
"""
    assert len(load_text(tmp_path, START + text).resources) == 2
