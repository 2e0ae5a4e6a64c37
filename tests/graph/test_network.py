"""Security groups and VPC endpoints as rules query them."""

import pytest

from mlwa_lint.graph.queries import network
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.model.answers import NO, YES, Answer
from tests.support.graphs import graph_of_template

UNDECIDED = Answer("undecided")


def graph_of(resources: str) -> GraphView:
    header = "Parameters:\n  P:\n    Type: String\n"
    return graph_of_template(f"{header}Resources:\n{resources}")


@pytest.mark.parametrize(
    ("name", "service", "expected"),
    [
        ("com.amazonaws.eu-west-1.s3", "s3", YES),
        ("com.amazonaws.eu-west-1.s3-outposts", "s3", NO),
        ("cn.com.amazonaws.cn-north-1.sagemaker.api", "sagemaker.api", YES),
        ("!Sub com.amazonaws.${AWS::Region}.sagemaker.runtime", "sagemaker.runtime", YES),
        ("!Sub com.amazonaws.${AWS::Region}.sagemaker.runtime-fips", "sagemaker.runtime", YES),
        ("!Sub com.amazonaws.${AWS::Region}.sagemaker.runtime", "sagemaker.api", NO),
        ("!Join ['.', [com.amazonaws, !Ref AWS::Region, s3]]", "s3", YES),
        ("!Sub com.amazonaws.${AWS::Region}.ecr.dkr", "s3", NO),
        ("!Sub com.amazonaws.${AWS::Region}.${P}", "s3", UNDECIDED),
        ("!Sub com.amazonaws.${AWS::Region}.${P}.runtime", "sagemaker.runtime", UNDECIDED),
        ("!Sub com.amazonaws.${AWS::Region}.${P}.runtime", "s3", NO),
        ("!Ref P", "s3", UNDECIDED),
    ],
)
def test_an_endpoint_is_known_by_the_end_of_its_service_name(
    name: str, service: str, expected: Answer
) -> None:
    graph = graph_of(f"  E:\n    Type: AWS::EC2::VPCEndpoint\n    Properties:\n      ServiceName: {name}\n")
    assert network.is_for_service(graph.resource("E")["ServiceName"], service) == expected


@pytest.mark.parametrize(
    ("vpc", "expected"),
    [("!Ref Mine", YES), ("!Ref Other", NO), ("!Ref P", UNDECIDED), ("vpc-0123456789abcdef0", NO)],
)
def test_an_endpoint_serves_only_its_own_vpc(vpc: str, expected: Answer) -> None:
    graph = graph_of(
        "  Mine: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}\n"
        "  Other: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.1.0.0/16}}\n"
        "  E:\n    Type: AWS::EC2::VPCEndpoint\n    Properties:\n"
        f"      ServiceName: com.amazonaws.eu-west-1.s3\n      VpcId: {vpc}\n"
    )
    assert network.reaches(graph.resource("Mine"), "s3", graph) == expected


@pytest.mark.parametrize(
    ("rule", "expected", "ports"),
    [
        ("IpProtocol: tcp, FromPort: 22, ToPort: 22", YES, "port 22"),
        ("IpProtocol: tcp, FromPort: 443, ToPort: 443", NO, "port 443"),
        ("IpProtocol: tcp, FromPort: 443, ToPort: 444", YES, "ports 443 to 444"),
        ("IpProtocol: 6, FromPort: 443, ToPort: 443", NO, "port 443"),
        ("IpProtocol: -1", YES, "all ports"),
        ("IpProtocol: -1, FromPort: 443, ToPort: 443", YES, "all ports"),
        ("IpProtocol: tcp", YES, "all ports"),
        ("IpProtocol: icmp, FromPort: 8, ToPort: -1", NO, "ports 8 to -1"),
        ("IpProtocol: tcp, FromPort: !Ref P, ToPort: 443", UNDECIDED, "all ports"),
        ("IpProtocol: !Ref P, FromPort: 443, ToPort: 443", UNDECIDED, "port 443"),
    ],
)
def test_only_https_may_be_open(rule: str, expected: Answer, ports: str) -> None:
    graph = graph_of(
        f"  R:\n    Type: AWS::EC2::SecurityGroupIngress\n    Properties: {{GroupId: sg-1, {rule}}}\n"
    )
    view = graph.resource("R")
    assert network.opens_more_than_https(view) == expected
    assert network.ports_of(view) == ports
