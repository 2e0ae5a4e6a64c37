"""The networks that ML resources run in."""

from collections.abc import Iterator

from mlwa_lint.graph.queries import network
from mlwa_lint.rule import Claim, GraphView, Remedy, ResourceView, certainly, possibly, rule, some

_SOURCES = {
    "aws_security_group_rule": "source_security_group_id",
    "aws_vpc_security_group_ingress_rule": "referenced_security_group_id",
}


@rule(
    "MLS506",
    "security-group-open-to-world",
    "high",
    practices=("MLSEC03-BP02",),
    on=(network.SECURITY_GROUP, network.INGRESS),
    remedy=Remedy(
        "Name the source: `SourceSecurityGroupId: !Ref ClientGroup`.",
        "Name the source: `security_groups = [aws_security_group.client.id]`.",
    ),
)
def security_group_open_to_world(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A security group of an ML resource allows inbound traffic from the whole internet.

    Notebooks, training clusters and containers listen on ports that nobody has hardened: SSH, Jupyter,
    debuggers, metrics. One route to the internet is then enough for anyone to reach them.

    Exceptions: Not reported for port 443 alone, for ICMP, which has no ports, and for groups of functions,
    whose network interfaces accept no connections.

    See [Security group rules](https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html).
    """
    is_group = resource.type == network.SECURITY_GROUP
    groups = [resource] if is_group else list(network.group_of(resource, graph))
    used = some(network.is_reached_for_ml(group, graph) for group in groups)
    if not possibly(used):
        return
    user = network.ml_user(groups, graph)
    for ingress in resource["SecurityGroupIngress"].items() if is_group else [resource]:
        opens = used & network.opens_more_than_https(ingress)
        for cidr in (ingress["CidrIp"], ingress["CidrIpv6"]):
            message = f"{resource} allows {cidr.text} to reach {user} on {network.ports_of(ingress)}"
            advice = f"{cidr} should be a private network, or the source a security group"
            wide = opens & network.is_whole_world(cidr)
            yield Claim(wide, cidr, f"{message}: {advice}", remedy=_remedy_for(resource))


def _remedy_for(resource: ResourceView) -> Remedy | None:
    """Separate rules of Terraform name the source by an argument of their own."""
    for kind, argument in _SOURCES.items():
        if f"{kind}." in resource.address:
            line = f"Name the source: `{argument} = aws_security_group.client.id`."
            return Remedy("Name the source: `SourceSecurityGroupId: !Ref ClientGroup`.", line)
    return None


@rule(
    "MLS507",
    "ml-vpc-without-service-endpoints",
    "medium",
    practices=("MLSEC03-BP02",),
    on=(network.VPC,),
    remedy=Remedy(
        "Add an `AWS::EC2::VPCEndpoint` with "
        "`ServiceName: !Sub com.amazonaws.${AWS::Region}.sagemaker.api` for each service.",
        "Add an `aws_vpc_endpoint` with "
        '`service_name = "com.amazonaws.<Region>.sagemaker.api"` for each service.',
    ),
)
def ml_vpc_without_service_endpoints(vpc: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A VPC without a route to the internet lacks the VPC endpoints that its SageMaker resources need.

    Notebooks, Studio applications, clusters and model containers then cannot reach S3 or the SageMaker APIs;
    adding a NAT gateway instead would send training data and models out of the VPC, where no endpoint policy
    limits the buckets and accounts that they go to.

    The rule judges VPCs of the same project. All SageMaker resources need S3 (a gateway or an interface
    endpoint), notebooks, Studio and clusters also `sagemaker.api`, and notebooks and Studio
    `sagemaker.runtime`. FIPS endpoints count.

    Exceptions: Not reported when an internet gateway, a NAT gateway, a transit gateway, a VPN gateway or a
    peering connection of the project is attached to the VPC.

    See [Connect to SageMaker AI within your
    VPC](https://docs.aws.amazon.com/sagemaker/latest/dg/interface-vpc-endpoint.html).
    """
    users = network.sagemaker_users(vpc, graph)
    used = users.exist()
    if not possibly(used):
        return
    connected = network.leads_out(vpc, graph)
    if not possibly(~connected):
        return
    needed = network.services_needed(users)
    missing = {service: ~network.reaches(vpc, service, graph) for service in needed}
    names = ", ".join(service for service, lacks in missing.items() if certainly(lacks))
    first = next(iter(users), vpc)
    message = f"{vpc} has no route to the internet and no VPC endpoint for {names}, which {first} needs"
    yield Claim(used & some(missing.values()) & ~connected, vpc, message)
