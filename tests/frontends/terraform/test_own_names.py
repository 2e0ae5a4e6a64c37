"""Arguments are called as the resource's own Terraform type calls them."""

import pytest

from mlwa_lint.frontends.terraform.vocabulary.labels import vocabulary_of

INGRESS = "AWS::EC2::SecurityGroupIngress"


@pytest.mark.parametrize(
    ("terraform_type", "path", "label"),
    [
        ("aws_security_group_rule", "CidrIpv6", "ipv6_cidr_blocks"),
        ("aws_vpc_security_group_ingress_rule", "CidrIpv6", "cidr_ipv6"),
        ("aws_security_group_rule", "IpProtocol", "protocol"),
        ("aws_vpc_security_group_ingress_rule", "IpProtocol", "ip_protocol"),
    ],
)
def test_types_that_share_a_canonical_type_keep_their_own_names(
    terraform_type: str, path: str, label: str
) -> None:
    assert vocabulary_of(terraform_type).label(INGRESS, (path,)) == label


def test_what_a_separate_resource_states_is_named_with_its_type() -> None:
    label = vocabulary_of("aws_s3_bucket").label("AWS::S3::Bucket", ("VersioningConfiguration", "Status"))
    assert label.startswith("aws_s3_bucket_versioning.")
