"""The networks that machine learning runs in."""

from collections.abc import Iterator

from mlwa_lint.graph.queries import network
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView, View
from mlwa_lint.model.answers import Answer, certainly, possibly, some
from mlwa_lint.rule import Mistake, Remedy, rule

# Services that SageMaker's workloads call, and what to call them in a message.
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
def security_group_open_to_world(resource: ResourceView, graph: GraphView) -> Iterator[Mistake]:
    """A security group of an ML resource lets the whole internet in.

    Notebooks, training clusters and containers listen on ports that nobody hardened: SSH, Jupyter,
    debuggers, metrics. One route to the internet is then enough for anybody to reach them.

    It is about groups that an ML resource, or a function that calls AI services or models, is in. Port 443
    alone may be open, and ICMP, which has no ports.

    See [Security group
    rules](https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html).
    """
    if resource.type == network.SECURITY_GROUP:
        used = network.is_used_for_ml(resource, graph)
        if possibly(used):
            for each in resource["SecurityGroupIngress"].items():
                yield from _open_doors(resource, each, used)
        return
    groups = network.group_of(resource, graph)
    used = groups.any(lambda group: network.is_used_for_ml(group, graph))
    yield from _open_doors(resource, resource, used)


def _open_doors(resource: ResourceView, ingress: View, used: Answer) -> Iterator[Mistake]:
    opens = used & network.opens_more_than_https(ingress)
    for cidr in (ingress["CidrIp"], ingress["CidrIpv6"]):
        message = f"{resource} admits {cidr.text} to an ML resource on {network.ports_of(ingress)}"
        advice = f"{cidr} should name a network of yours, or a security group be the source"
        yield Mistake(opens & network.is_whole_world(cidr), cidr, f"{message}: {advice}")


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
def ml_vpc_without_service_endpoints(vpc: ResourceView, graph: GraphView) -> Iterator[Mistake]:
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
    message = f"{vpc} holds {first} and has no VPC endpoint for {names}"
    yield Mistake(used & some(missing.values()), vpc, message)
