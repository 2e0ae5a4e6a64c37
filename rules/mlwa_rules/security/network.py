"""The networks that ML resources run in."""

from collections.abc import Iterable, Iterator

from mlwa_lint.graph.kinds import HYPERPOD_CLUSTER, INGRESS, SECURITY_GROUP, VPC
from mlwa_lint.graph.queries import network, observed
from mlwa_lint.graph.queries.identity import is_ml_type
from mlwa_lint.graph.queries.ties import LISTENING_CLUSTERS, LISTENING_STORES, is_tied_to_ml
from mlwa_lint.model.findings import SEVERITIES, Severity
from mlwa_lint.rule import (
    YES,
    Answer,
    Claim,
    EdgeKind,
    GraphView,
    Remedy,
    ResourceView,
    certainly,
    possibly,
    rule,
    some,
    undecided,
)
from mlwa_lint.startup.records import NamedTuple

_HTTP = "port 80"
_LOGINS = frozenset({network.ALL_PORTS, "port 22", "port 3389"})
_SOURCES = {
    "aws_security_group_rule": "source_security_group_id",
    "aws_vpc_security_group_ingress_rule": "referenced_security_group_id",
}


@rule(
    "MLS506",
    "security-group-open-to-world",
    "high",
    practices=("MLSEC03-BP02",),
    on=(SECURITY_GROUP, INGRESS),
    remedy=Remedy(
        "Name the source: `SourceSecurityGroupId: !Ref ClientGroup`.",
        "Name the source: `security_groups = [aws_security_group.client.id]`.",
    ),
)
def security_group_open_to_world(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A security group of an ML resource allows inbound traffic from the whole internet.

    Notebooks, training clusters and containers listen on ports that have not been hardened: SSH, Jupyter,
    debuggers, metrics. One route to the internet is then enough for anyone to reach them.

    One finding for a security group names all its open ports, whether its own rules or separate ones open
    them. A database with a public address is info here: MLS321 reports it, and names what the group lets in.
    The severity is medium for databases and for the nodes of HyperPod clusters and of EMR clusters of ML
    projects, which listen for connections. It is low for notebook instances, jobs, models and Studio: their
    network interfaces have private addresses only, on which nothing listens. Of EC2 instances and launch
    templates whose role may invoke models, or start training or hosting, the severity is high where the group
    opens all ports, SSH or Remote Desktop, low for port 80 alone, and medium for others: whoever gets in acts
    with that role.

    Exceptions: Not reported for port 443 alone, for ICMP, which has no ports, and for groups of functions,
    whose network interfaces accept no connections.

    See [Security group rules](https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html).
    """
    is_group = resource.type == SECURITY_GROUP
    opens = (
        resource["SecurityGroupIngress"].any_item(network.is_open) if is_group else network.is_open(resource)
    )
    if not possibly(opens):
        return  # before the conditions are read under which anything is in the group
    for group in [resource] if is_group else list(network.group_of(resource, graph)):
        guarded = _guarded(group, graph)
        if possibly(some(each.for_ml for each in guarded)):
            yield from _openings(resource, group, guarded, graph)


class _Guarded(NamedTuple):
    """What is in a security group. for_ml: whether it belongs to ML. severity: what opening it weighs.

    is_machine: whether programs of its own listen there, so that the ports decide.
    """

    name: str
    for_ml: Answer
    severity: Severity
    is_machine: bool = False


def _guarded(group: ResourceView, graph: GraphView) -> list[_Guarded]:
    """What connections may reach in a security group; functions accept none."""
    users = graph.sources(group, EdgeKind.PLACED_IN)
    found = [
        _Guarded(str(user), is_tied_to_ml(user, graph), _severity_for(user))
        for user in users
        if is_ml_type(user.type) or user.type.startswith((*LISTENING_STORES, *LISTENING_CLUSTERS))
    ]
    found += [_Guarded("an ML resource", undecided(reason), "low") for reason in users.unknown]
    found += [
        _Guarded(str(user), observed.machine_acts_for_ml(user, graph), "medium", is_machine=True)
        for user in users
        if user.type in observed.MACHINES
    ]
    return sorted(
        found, key=lambda each: (not certainly(each.for_ml), SEVERITIES.index(each.severity), each.name)
    )


def _severity_for(user: ResourceView) -> Severity:
    if user.type.startswith(LISTENING_STORES):
        # MLS321 reports a public address together with the group that lets everyone in.
        return "info" if certainly(user["PubliclyAccessible"].is_true()) else "medium"
    return "medium" if user.type in (HYPERPOD_CLUSTER, *LISTENING_CLUSTERS) else "low"


def _openings(
    resource: ResourceView, group: ResourceView, guarded: list[_Guarded], graph: GraphView
) -> Iterator[Claim]:
    """One claim for a group: at what opens it first, which may be a separate rule."""
    used = some(each.for_ml for each in guarded)
    openings = network.openings(group, graph)
    certain = [each for each in openings if certainly(each.to_world)]
    if not certain:
        for each in openings:
            if each.cidr.resource == resource.resource:
                message = f"{resource} may allow the whole internet to reach an ML resource"
                yield Claim(used & each.to_world, each.cidr, message)
    elif certain[0].cidr.resource == resource.resource:
        first, user = certain[0], guarded[0]
        ranges = _listed(each.cidr.words for each in certain)
        ports = _ports(network.ports_of(each.rule) for each in certain)
        message = f"{resource} allows {ranges} to reach {user.name} on {ports}"
        advice = f"{first.cidr} should be a private network, or the source a security group"
        related = tuple((each.cidr, "is open to the internet as well") for each in certain[1:])
        wide = used & first.to_world
        remedy = _remedy_for(resource)
        severity = _severity_of(certain) if user.is_machine else user.severity
        yield Claim(wide, first.cidr, f"{message}: {advice}", severity, related, remedy)


def _severity_of(openings: Iterable[network.Opening]) -> Severity:
    """What openings weigh of a machine that listens: most where whoever logs in can act with its role."""
    ports = {network.ports_of(each.rule) for each in openings}
    if ports == {_HTTP}:
        return "low"
    return "high" if ports & _LOGINS else "medium"


def _ports(named: Iterable[str]) -> str:
    found = dict.fromkeys(named)
    return network.ALL_PORTS if network.ALL_PORTS in found else _listed(found)


def _listed(words: Iterable[str]) -> str:
    return " and ".join(dict.fromkeys(words))


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
    on=(VPC,),
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

    The rule checks VPCs of the same project. All SageMaker resources need S3 (a gateway or an interface
    endpoint), notebooks, Studio and clusters also `sagemaker.api`, and notebooks and Studio
    `sagemaker.runtime`. FIPS endpoints count.

    Exceptions: Not reported when an internet gateway, a NAT gateway, a transit gateway, a VPN gateway or a
    peering connection of the project is attached to the VPC, unless the route tables of the project show that
    no route leads out of the subnets of a resource: one without a table of its own has that of the VPC.
    Notebook instances with direct internet access (MLS403) and Studio domains that are not `VpcOnly` (MLS406)
    need no endpoints: what leaves the VPC uses a network interface of SageMaker's.

    See [Connect to SageMaker AI within your
    VPC](https://docs.aws.amazon.com/sagemaker/latest/dg/interface-vpc-endpoint.html).
    """
    users = network.sagemaker_users(vpc, graph)
    if not possibly(users.exist()):
        return
    connected = network.leads_out(vpc, graph)
    by_subnet = not possibly(~connected)
    shut_in = {user: network.is_shut_in(user, graph) for user in users} if by_subnet else {}
    if by_subnet and not any(map(possibly, shut_in.values())):
        return
    bound = [(user, network.depends_on_vpc(user, graph) & shut_in.get(user, YES)) for user in users]
    needed = dict.fromkeys(service for user, _ in bound for service in network.services_needed(user))
    missing = {service: ~network.reaches(vpc, service, graph) for service in needed}
    lacking = [
        (user, depends & some(missing[each] for each in network.services_needed(user)))
        for user, depends in bound
    ]
    served = [user for user, lacks in lacking if certainly(lacks)]
    used = {service for user in served for service in network.services_needed(user)}
    names = ", ".join(each for each, lacks in missing.items() if each in used and certainly(lacks))
    first = next(iter(served), vpc)
    if by_subnet:
        message = f"{vpc} has no VPC endpoint for {names}, which {first} needs"
        message += ": no route leads out of its subnet"
        yield Claim(some(lacks for _, lacks in lacking), vpc, message)
        return
    message = f"{vpc} has no route to the internet and no VPC endpoint for {names}, which {first} needs"
    unserved = some([*(lacks for _, lacks in lacking), *map(undecided, users.unknown)])
    yield Claim(unserved & ~connected, vpc, message)
