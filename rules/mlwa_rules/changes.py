"""The changes of several rules, and the risks of making them unseen."""

from mlwa_lint.graph.kinds import BUCKET_POLICY
from mlwa_lint.rule import Change, Data, ResourceView, add_resource

# What the configuration states as `subnets` and `security-groups`.
IN_VPC: Data = {"Subnets": "${subnets}", "SecurityGroupIds": "${security-groups}"}
VPC_RISK = "the subnets have to lead to what it needs"
ISOLATION_RISK = "the containers lose all network access"


def https_only(bucket: ResourceView) -> Change:
    """A policy that denies unencrypted requests, for a bucket that has none."""
    statement: dict[str, Data] = {
        "Sid": "DenyPlainHttp",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": ["${self.arn}", "${self.arn}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    document: dict[str, Data] = {"Version": "2012-10-17", "Statement": [statement]}
    return add_resource(
        bucket,
        (BUCKET_POLICY, {"Bucket": "${self}", "PolicyDocument": document}),
        ("aws_s3_bucket_policy", {"bucket": "${self}", "policy": document}),
        risk="clients that use unencrypted HTTP are refused",
    )
