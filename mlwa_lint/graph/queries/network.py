"""Networks: who uses a security group or a VPC, what a group lets in, which services a VPC reaches."""

from collections.abc import Iterator

from mlwa_lint.graph.asides import aside
from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.kinds import (
    FUNCTION,
    HYPERPOD_CLUSTER,
    INGRESS,
    MODEL,
    NOTEBOOK,
    SECURITY_GROUP,
    STUDIO_DOMAIN,
    SUBNET,
    VPC,
    VPC_ENDPOINT,
)
from mlwa_lint.graph.linking.naming import GAP, outline
from mlwa_lint.graph.memo import remembered
from mlwa_lint.graph.queries.identity import is_ml_function, is_ml_type
from mlwa_lint.graph.relations import GraphView, Links, Related
from mlwa_lint.graph.views import ResourceView, View
from mlwa_lint.model.answers import NO, YES, Answer, answer, certainly, possibly, some, undecided
from mlwa_lint.model.values import DEFAULT_VPC, EVERY_ADDRESS, Reference, Unknown
from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple

_OF_MODULE = lazy(r"(?:^|\.)module\.([\w-]+)\.vpc_id$")
_SAGEMAKER = ("AWS::SageMaker::", "aws_sagemaker_")
# What can carry traffic out of a VPC, in both languages: that of public addresses, and of all.
_INTERNET_GATEWAYS = (
    "AWS::EC2::EgressOnlyInternetGateway",
    "AWS::EC2::InternetGateway",
    "AWS::EC2::VPCGatewayAttachment",
    "aws_egress_only_internet_gateway",
    "aws_internet_gateway",
    "aws_internet_gateway_attachment",
)
_OTHER_GATEWAYS = (
    "AWS::EC2::NatGateway",
    "AWS::EC2::TransitGatewayAttachment",
    "AWS::EC2::TransitGatewayVpcAttachment",
    "AWS::EC2::VPCPeeringConnection",
    "AWS::EC2::VPNGateway",
    "aws_ec2_transit_gateway_vpc_attachment",
    "aws_nat_gateway",
    "aws_vpc_peering_connection",
    "aws_vpn_gateway",
    "aws_vpn_gateway_attachment",
)
_GATEWAYS = (*_INTERNET_GATEWAYS, *_OTHER_GATEWAYS)
# What carries traffic out that has no public address: an internet gateway does not.
_WITHOUT_ADDRESS = (*_OTHER_GATEWAYS, "aws_vpn_connection", "AWS::EC2::VPNConnection")
_ROUTES = ("AWS::EC2::Route", "aws_default_route_table", "aws_route", "aws_route_table")
# Where a route leads to them, or to an instance that does the same, which may be declared elsewhere.
_WAYS = (
    "NatGatewayId",
    "TransitGatewayId",
    "VpcPeeringConnectionId",
    "VpcEndpointId",
    "NetworkInterfaceId",
    "InstanceId",
    "CoreNetworkArn",
)
# What decides where the traffic of a subnet goes, in both languages, and what changes the VPC's own table.
_TABLES = ("AWS::EC2::RouteTable", "aws_route_table")
_OF_TABLES = ("AWS::EC2::Route", "AWS::EC2::VPNGatewayRoutePropagation", "aws_route")
_ASSOCIATIONS = ("AWS::EC2::SubnetRouteTableAssociation", "aws_route_table_association")
_OF_MAIN_TABLE = ("aws_default_route_table", "aws_main_route_table_association")
# What SageMaker's resources call, beside S3.
_INTERACTIVE = (
    "AWS::SageMaker::App",
    "AWS::SageMaker::Domain",
    "AWS::SageMaker::NotebookInstance",
    "AWS::SageMaker::Space",
    "AWS::SageMaker::UserProfile",
)
# What a part that could not be analysed may place in a VPC.
_IN_NETWORKS = (*_INTERACTIVE, HYPERPOD_CLUSTER, MODEL, "AWS::SageMaker::TrainingJob")
_EVERY_PROTOCOL = ("-1", "all")
ALL_PORTS = "all ports"
_WITH_PORTS = ("tcp", "udp", "6", "17")


# -- security groups


def is_used_for_ml(group: ResourceView, graph: GraphView) -> Answer:
    """Whether an ML resource, or a function that calls AI services or models, is in a security group."""
    users = graph.sources(group, EdgeKind.PLACED_IN)
    return users.any(lambda user: _is_ml(user, graph))


def _is_ml(user: ResourceView, graph: GraphView) -> Answer:
    if is_ml_type(user.type):
        return YES
    return is_ml_function(user, graph) if user.type == FUNCTION else NO


def group_of(ingress: ResourceView, graph: GraphView) -> Links:
    """The security group that a separate rule belongs to."""
    links = graph.targets(ingress, EdgeKind.PLACED_IN, SECURITY_GROUP)
    return Links(tuple(each for each in links.related if each.edge.path == ("GroupId",)), links.unknown)


def is_whole_world(cidr: View) -> Answer:
    """Whether a range is all of IPv4 or IPv6."""
    found = cidr.test(lambda text: text.endswith("/0"))
    # A range that is not known may be none of these: a pattern that values have to match excludes them.
    return found & cidr.one_of(EVERY_ADDRESS) if found.verdict == "undecided" else found


def opens_more_than_https(rule: View) -> Answer:
    """Whether a rule lets something in at a port other than 443; ICMP has no ports."""
    protocol = rule["IpProtocol"]
    only_https = rule["FromPort"].equals(443) & rule["ToPort"].equals(443)
    return protocol.one_of(_EVERY_PROTOCOL) | (
        protocol.test(lambda text: text.lower() in _WITH_PORTS) & ~only_https
    )


def ports_of(rule: View) -> str:
    """The ports of a rule, in words."""
    first, last = rule["FromPort"].text, rule["ToPort"].text
    if certainly(rule["IpProtocol"].one_of(_EVERY_PROTOCOL)) or first is None or last is None:
        return ALL_PORTS
    return f"port {first}" if first == last else f"ports {first} to {last}"


def is_open(rule: View) -> Answer:
    """Whether a rule lets the whole internet in beyond HTTPS."""
    return some(each.to_world for each in _openings_of(rule))


class Opening(NamedTuple):
    """A range that a rule of a security group lets in. to_world: whether it is the whole internet."""

    rule: View
    cidr: View
    to_world: Answer


def openings(group: ResourceView, graph: GraphView) -> list[Opening]:
    """What a security group lets in, by its own rules and by separate ones, beyond HTTPS from everyone."""
    related = graph.sources(group, EdgeKind.PLACED_IN, INGRESS).related
    separate = [each.resource for each in related if each.edge.path == ("GroupId",)]
    rules: list[View] = list(group["SecurityGroupIngress"].items())
    rules += sorted(separate, key=lambda each: (each.span, each.resource.address))
    return [opening for rule in rules for opening in _openings_of(rule)]


def _openings_of(rule: View) -> Iterator[Opening]:
    for cidr in (rule["CidrIp"], rule["CidrIpv6"]):
        yield Opening(rule, cidr, opens_more_than_https(rule) & is_whole_world(cidr))


# -- VPCs


def sagemaker_users(vpc: ResourceView, graph: GraphView) -> Links:
    """The SageMaker resources in a VPC of the graph: directly, by its subnets or its security groups."""
    places = graph.sources(vpc, EdgeKind.PLACED_IN, SUBNET, SECURITY_GROUP)
    # Of nothing else in them, a VPC endpoint under a condition of its own, is the guard read.
    types = (*filter(_is_sagemaker, graph.graph.by_type), *_IN_NETWORKS)
    related = list(graph.sources(vpc, EdgeKind.PLACED_IN, *types).related)
    unknown = list(places.unknown)
    for place in places:
        users = graph.sources(place, EdgeKind.PLACED_IN, *types)
        related += users.related
        unknown += users.unknown
    return Links(tuple(related), tuple(dict.fromkeys(unknown)))


def _is_sagemaker(resource_type: str) -> bool:
    return resource_type.startswith(_SAGEMAKER)


def depends_on_vpc(user: ResourceView, graph: GraphView) -> Answer:
    """Whether a SageMaker resource in a VPC has no other way to AWS than that VPC.

    Notebook instances with direct internet access and Studio domains with public access use an interface of
    SageMaker's for all that leaves the VPC.
    """
    if user.type == NOTEBOOK:
        return user["DirectInternetAccess"].equals("Disabled")
    if user.type == STUDIO_DOMAIN:
        return user["AppNetworkAccessType"].equals("VpcOnly")
    if user.type in _INTERACTIVE:
        # What people add to a domain has the access of the domain.
        domains = graph.targets(user, EdgeKind.REFERS_TO, STUDIO_DOMAIN)
        if not domains.related and not domains.unknown:
            return undecided(f"the domain of {user} is not part of the project")
        return domains.any(lambda domain: domain["AppNetworkAccessType"].equals("VpcOnly"))
    return YES


def services_needed(user: ResourceView) -> tuple[str, ...]:
    """The services that a SageMaker resource in a VPC calls."""
    if user.type in _INTERACTIVE:
        return ("s3", "sagemaker.api", "sagemaker.runtime")
    return ("s3", "sagemaker.api") if user.type == HYPERPOD_CLUSTER else ("s3",)


def leads_out(vpc: ResourceView, graph: GraphView) -> Answer:
    """Whether a gateway or a connection of the project leads out of a VPC."""
    subnets = graph.sources(vpc, EdgeKind.PLACED_IN, SUBNET)
    direct = graph.sources(vpc, EdgeKind.PLACED_IN, *_GATEWAYS).exist()
    return direct | subnets.any(lambda each: graph.sources(each, EdgeKind.PLACED_IN, *_GATEWAYS).exist())


def is_shut_in(user: ResourceView, graph: GraphView) -> Answer:
    """Whether no route leads out of the subnets of what is in a VPC, though one leads out of others.

    A subnet without a route table of its own has that of the VPC, which leads nowhere else unless the project
    changes it. What is not known of routes is a way out, except for parts of the project that were not read.
    """
    subnets = graph.targets(user, EdgeKind.PLACED_IN, SUBNET)
    if subnets.unknown or not subnets.related or not _shows_routes(graph):
        return NO
    if any(_has_way_out(each, graph) for each in subnets):
        return NO
    unread = graph.declared(*_ASSOCIATIONS, *_OF_TABLES).unknown
    return undecided(unread[0]) if unread else YES


@remembered
def _shows_routes(graph: GraphView) -> bool:
    """Whether the project shows which subnets have which routes: all are of tables that it declares."""
    if not graph.of_type(*_ASSOCIATIONS) or graph.of_type(*_OF_MAIN_TABLE):
        return False
    placed = all(
        graph.targets(each, EdgeKind.PLACED_IN, SUBNET).related for each in graph.of_type(*_ASSOCIATIONS)
    )
    declared = graph.of_type(*_ASSOCIATIONS, *_OF_TABLES)
    return placed and all(graph.targets(each, EdgeKind.REFERS_TO, *_TABLES).related for each in declared)


def _has_way_out(subnet: ResourceView, graph: GraphView) -> bool:
    """Whether a subnet may have a table with a route."""
    own = graph.sources(subnet, EdgeKind.PLACED_IN, *_ASSOCIATIONS)
    tables = [table for each in own for table in graph.targets(each, EdgeKind.REFERS_TO, *_TABLES)]
    return any(_may_lead_out(each, graph) for each in tables)


def _may_lead_out(table: ResourceView, graph: GraphView) -> bool:
    routes = graph.sources(table, EdgeKind.REFERS_TO, *_OF_TABLES)
    inside = table["Route"].is_present() | table["PropagatingVgws"].is_present()
    return bool(routes.related) or possibly(inside)


@aside
def why_kept_in(user: ResourceView, graph: GraphView) -> str:
    """Why what has no public address has no way out of its VPC; empty where it may have one.

    The project declares its subnet and VPC, and neither a NAT gateway nor a connection to another network.
    """
    subnets = graph.targets(user, EdgeKind.PLACED_IN, SUBNET)
    if subnets.unknown or not subnets.related:
        return ""
    if not all(graph.targets(each, EdgeKind.PLACED_IN, VPC).related for each in subnets):
        return ""
    leads = graph.declared(*_WITHOUT_ADDRESS).exist() | some(
        each[way].is_present()
        for route in graph.of_type(*_ROUTES)
        for each in (route, *route["Route"].items())
        for way in _WAYS
    )
    return "" if possibly(leads) else "its VPC has no NAT gateway, hence no other way out"


def is_in_default_vpc(user: ResourceView, graph: GraphView) -> bool:
    """Whether something is certainly placed in the default VPC, whose subnets are public unless changed."""
    value = user["VpcId"].value
    if isinstance(value, Reference):
        target = graph.graph.by_address.get(value.address)
        return target is not None and target.type == "aws_default_vpc"
    return isinstance(value, Unknown) and DEFAULT_VPC in value.reason


def reaches(vpc: ResourceView, service: str, graph: GraphView) -> Answer:
    """Whether a VPC has an endpoint for a service, `sagemaker.api`, of the gateway or interface kind."""
    return graph.declared(VPC_ENDPOINT).any(
        lambda endpoint: is_for_service(endpoint["ServiceName"], service) & _is_in(endpoint, vpc, graph)
    )


def _is_in(endpoint: ResourceView, vpc: ResourceView, graph: GraphView) -> Answer:
    networks: tuple[Related, ...] = graph.targets(endpoint, EdgeKind.PLACED_IN, VPC).related
    if networks:
        return some(answer(each.resource == vpc) for each in networks)
    stated = endpoint["VpcId"]
    return NO if isinstance(stated.value, Reference) else stated.is_open()


def is_for_service(name: View, service: str) -> Answer:
    """Whether the name of an endpoint service, `com.amazonaws.REGION.s3`, is a service's.

    The Region need not be known; FIPS endpoints (`sagemaker.api-fips`) are the service's as well.
    """
    ends = (f".{service}", f".{service}-fips")
    tail = outline(name.value).rpartition(GAP)[2]
    if tail.endswith(ends):
        return answer(True, name.value.assumed)
    if any(end.endswith(tail) for end in ends):
        return name.is_open()
    return answer(False, name.value.assumed)


def is_made_by_module(vpc: View, graph: GraphView) -> bool:
    """Whether a VPC is the output of a well-known module that the project calls, and that creates it."""
    value = vpc.value
    found = _OF_MODULE.search(value.identity) if isinstance(value, Unknown) else None
    if found is None:
        return False
    called = f"module {found[1]} ("
    gaps = (each for each in graph.graph.project.gaps if each.what.startswith(called))
    # What a well-known module never declares is known.
    return any(each.never and not VPC.startswith(each.never) for each in gaps)
