"""VPCs, subnets, security groups, endpoints."""

from collections.abc import Iterator

from mlwa_lint.frontends.terraform.vocabulary.converters import document, over
from mlwa_lint.frontends.terraform.vocabulary.spec import Field, FieldSpec, Table, to
from mlwa_lint.model.values import (
    Absent,
    Choice,
    Entry,
    ListValue,
    MapValue,
    Scalar,
    Unknown,
    Value,
    assume,
    known_text,
)

_WORLD = ("0.0.0.0/0", "::/0")
# The lists of a rule in Terraform -> the single values that CloudFormation has instead.
_INGRESS_SOURCES = {
    "CidrBlocks": "CidrIp",
    "Ipv6CidrBlocks": "CidrIpv6",
    "PrefixListIds": "SourcePrefixListId",
    "SecurityGroups": "SourceSecurityGroupId",
}
_EGRESS_TARGETS = {
    "CidrBlocks": "CidrIp",
    "Ipv6CidrBlocks": "CidrIpv6",
    "PrefixListIds": "DestinationPrefixListId",
    "SecurityGroups": "DestinationSecurityGroupId",
}


def _singles(value: Value) -> Iterator[Value]:
    """The items of a list, each under the conditions under which it is in the list."""
    if isinstance(value, ListValue):
        yield from (assume(item, value.assumed) for item in value.items)
        if value.rest is not None:
            yield value.rest
    elif isinstance(value, Choice):
        for item in _singles(value.yes):
            yield Choice(value.condition, item, Absent(value.span), value.span)
        for item in _singles(value.no):
            yield Choice(value.condition, Absent(value.span), item, value.span)
    elif isinstance(value, Unknown):
        yield value


def _one_each(names: dict[str, str]) -> Field:
    """A list of rules in which every rule names one source."""

    def convert(value: Value) -> Value:
        if not isinstance(value, ListValue):
            return value
        items: list[Value] = []
        for item in value.items:
            items += _spread(item, names) if isinstance(item, MapValue) else [item]
        return value._replace(items=tuple(items))

    target = "SecurityGroupIngress" if names is _INGRESS_SOURCES else "SecurityGroupEgress"
    fields: dict[str, FieldSpec] = {"protocol": "IpProtocol", "self": "Self"}
    return Field(target, "many", fields, lambda value: over(value, convert))


def _spread(rule: MapValue, names: dict[str, str]) -> list[Value]:
    common = {name: entry for name, entry in rule.entries.items() if name not in names}
    found: list[Value] = []
    for plural, singular in names.items():
        entry = rule.entries.get(plural)
        for single in _singles(entry.value) if entry is not None else ():
            assert entry is not None
            found.append(_with(single, singular, entry, common, rule))
    return found or [rule._replace(entries=common)]


def _with(value: Value, name: str, entry: Entry, common: dict[str, Entry], rule: MapValue) -> Value:
    def convert(single: Value) -> Value:
        if isinstance(single, Absent):
            return single
        return rule._replace(entries={**common, name: entry._replace(value=single)})

    return over(value, convert)


def _widest(value: Value) -> Value:
    """Of several ranges the one that lets everyone in, else the first."""

    def convert(each: Value) -> Value:
        if not isinstance(each, ListValue):
            return each
        for item in each.items:
            if known_text(item) in _WORLD:
                return assume(item, each.assumed)
        if each.rest is not None:
            return each.rest
        return assume(each.items[0], each.assumed) if each.items else Absent(each.span)

    return over(value, convert)


def _sources(entries: dict[str, Entry]) -> dict[str, Entry]:
    """A rule within its own group names the group as source."""
    own = entries.pop("Self", None)
    if own is not None and isinstance(own.value, Scalar) and own.value.data is True:
        group = entries.get("GroupId")
        if group is not None:
            entries["SourceSecurityGroupId"] = group
    return entries


TABLES = {
    "aws_vpc": Table(
        "AWS::EC2::VPC",
        {
            "assign_generated_ipv6_cidr_block": None,
            "enable_network_address_usage_metrics": None,
        },
    ),
    "aws_subnet": Table("AWS::EC2::Subnet"),
    "aws_security_group": Table(
        "AWS::EC2::SecurityGroup",
        {
            "name": "GroupName",
            "name_prefix": None,
            "description": "GroupDescription",
            "ingress": _one_each(_INGRESS_SOURCES),
            "egress": _one_each(_EGRESS_TARGETS),
            "revoke_rules_on_delete": None,
        },
        names={
            "SecurityGroupIngress.CidrIp": "ingress.cidr_blocks",
            "SecurityGroupIngress.CidrIpv6": "ingress.ipv6_cidr_blocks",
            "SecurityGroupEgress.CidrIp": "egress.cidr_blocks",
            "SecurityGroupEgress.CidrIpv6": "egress.ipv6_cidr_blocks",
        },
    ),
    "aws_security_group_rule": Table(
        "AWS::EC2::SecurityGroupIngress",
        {
            "cidr_blocks": to("CidrIp", _widest),
            "ipv6_cidr_blocks": to("CidrIpv6", _widest),
            "prefix_list_ids": to("SourcePrefixListId", _widest),
            "protocol": "IpProtocol",
            "security_group_id": "GroupId",
        },
        tags="none",
        type_by=(
            "type",
            {"ingress": "AWS::EC2::SecurityGroupIngress", "egress": "AWS::EC2::SecurityGroupEgress"},
        ),
        finish=_sources,
    ),
    "aws_vpc_security_group_ingress_rule": Table(
        "AWS::EC2::SecurityGroupIngress",
        {
            "cidr_ipv4": "CidrIp",
            "cidr_ipv6": "CidrIpv6",
            "prefix_list_id": "SourcePrefixListId",
            "referenced_security_group_id": "SourceSecurityGroupId",
            "security_group_id": "GroupId",
        },
        tags="none",
    ),
    "aws_vpc_security_group_egress_rule": Table(
        "AWS::EC2::SecurityGroupEgress",
        {
            "cidr_ipv4": "CidrIp",
            "cidr_ipv6": "CidrIpv6",
            "prefix_list_id": "DestinationPrefixListId",
            "referenced_security_group_id": "DestinationSecurityGroupId",
            "security_group_id": "GroupId",
        },
        tags="none",
    ),
    "aws_vpc_endpoint": Table(
        "AWS::EC2::VPCEndpoint",
        {
            "auto_accept": None,
            "policy": to("PolicyDocument", document),
            "subnet_configuration": None,
            "dns_options": None,
        },
    ),
}
