"""The networks that machine learning runs in."""

from collections.abc import Iterator

from mlwa_lint.graph.queries import network
from mlwa_lint.rule import Claim, GraphView, Remedy, ResourceView, certainly, possibly, rule, some

# What SageMaker's workloads call.
SERVICES = ("s3", "sagemaker.api", "sagemaker.runtime")


@rule(
    "MLS506",
    "security-group-open-to-world",
    "high",
    practices=("MLSEC03-BP02",),
    on=(network.SECURITY_GROUP, network.INGRESS),
    remedy=Remedy(
        "Name who may come in: `SourceSecurityGroupId: !Ref ClientGroup`.",
        "Name who may come in: `referenced_security_group_id = aws_security_group.client.id`.",
    ),
)
def security_group_open_to_world(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A security group of an ML resource lets the whole internet in.

    Notebooks, training clusters and containers listen on ports that nobody hardened: SSH, Jupyter,
    debuggers, metrics. One route to the internet is then enough for anybody to reach them.

    It is about groups that an ML resource, or a function that calls AI services or models, is in. Port 443
    alone may be open, and ICMP, which has no ports.

    See [Security group
    rules](https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html).
    """
    is_group = resource.type == network.SECURITY_GROUP
    groups = [resource] if is_group else list(network.group_of(resource, graph))
    used = some(network.is_used_for_ml(group, graph) for group in groups)
    if not possibly(used):
        return
    user = network.ml_user(groups, graph)
    for ingress in resource["SecurityGroupIngress"].items() if is_group else [resource]:
        opens = used & network.opens_more_than_https(ingress)
        for cidr in (ingress["CidrIp"], ingress["CidrIpv6"]):
            message = f"{resource} lets {cidr.text} in to {user} on {network.ports_of(ingress)}"
            advice = f"{cidr} should be a network of yours, or a security group the source"
            yield Claim(opens & network.is_whole_world(cidr), cidr, f"{message}: {advice}")


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
        '`service_name = "com.amazonaws.${data.aws_region.current.region}.sagemaker.api"` for each service.',
    ),
)
def ml_vpc_without_service_endpoints(vpc: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A VPC that SageMaker resources run in has no VPC endpoints for the services that they call.

    Training data, models and requests then leave the VPC through a NAT or internet gateway, where no
    endpoint policy limits which buckets and accounts they go to; without such a gateway the jobs fail.

    It is about VPCs of the same project, and asks for S3 (a gateway or an interface), `sagemaker.api` and
    `sagemaker.runtime`. Endpoints of the FIPS kind count.

    See [Connect to SageMaker AI within your
    VPC](https://docs.aws.amazon.com/sagemaker/latest/dg/interface-vpc-endpoint.html).
    """
    users = network.sagemaker_users(vpc, graph)
    used = users.exist()
    if not possibly(used):
        return
    missing = {service: ~network.reaches(vpc, service, graph) for service in SERVICES}
    names = ", ".join(service for service, lacks in missing.items() if certainly(lacks))
    first = next(iter(users), vpc)
    message = f"{vpc} is used by {first} and has no VPC endpoint for {names}: each should have one"
    yield Claim(used & some(missing.values()), vpc, message)
