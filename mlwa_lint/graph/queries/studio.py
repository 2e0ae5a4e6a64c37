"""Studio domains in a VPC: their security groups, and the VPC endpoints that their apps need."""

from collections.abc import Iterator

from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.kinds import INGRESS, SECURITY_GROUP, STUDIO_DOMAIN, USER_PROFILE, VPC, VPC_ENDPOINT
from mlwa_lint.graph.queries import network
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView, View
from mlwa_lint.model.answers import NO, YES, Answer, answer, certainly, possibly, some, undecided
from mlwa_lint.model.resources import VPC_ONLY_VARIANT, Resource
from mlwa_lint.model.values import Scalar, alternatives

_SERVICES = ("sagemaker.api", "sagemaker.runtime", "studio")
_SETTINGS = ("DefaultUserSettings", "SecurityGroups")
_ACCESS = "AppNetworkAccessType"
_VPC_ONLY = "VpcOnly"
_OF_SPACES = ("JupyterLabAppSettings", "CodeEditorAppSettings")
_OF_CLASSIC = ("JupyterServerAppSettings", "KernelGatewayAppSettings", "RSessionAppSettings")


def is_public_by_choice(domain: ResourceView, graph: GraphView) -> bool:
    """Whether a domain's public access is one of two options that its project offers.

    Public access is stated, and the alternative is there too: a parameter or a condition selects it, or
    another domain of the project, or of a file beside it, has it.
    """
    if not isinstance(domain[_ACCESS].value, Scalar):
        return False
    if domain[_ACCESS].value.assumed or _offers_vpc_only(domain.resource):
        return True
    others = graph.graph.by_type.get(STUDIO_DOMAIN, ())
    if any(_offers_vpc_only(each) for each in others if each.span != domain.resource.span):
        return True
    return bool(domain.attributes[VPC_ONLY_VARIANT].text)


def _offers_vpc_only(domain: Resource) -> bool:
    """Whether a domain has no direct internet access, under some conditions at least."""
    entry = domain.properties.entries.get(_ACCESS)
    found = () if entry is None else alternatives(entry.value)
    return any(isinstance(each.value, Scalar) and each.value.data == _VPC_ONLY for each in found)


def groups_of(domain: ResourceView, graph: GraphView) -> Iterator[tuple[ResourceView, Answer]]:
    """The security groups of the graph that apps of a domain get, and whether each admits itself."""
    related = graph.targets(domain, EdgeKind.PLACED_IN, SECURITY_GROUP).related
    found = [each.resource for each in related if each.edge.path[:2] == _SETTINGS]
    for group in dict.fromkeys(found):
        yield group, _admits_itself(group, graph)


def is_for_spaces(domain: ResourceView) -> bool:
    """Whether a domain sets up JupyterLab or the Code Editor, which need no traffic among its apps.

    Those of Studio Classic do, and a domain may set up these as well, or open them.
    """
    settings = domain["DefaultUserSettings"]
    landing = settings["DefaultLandingUri"]
    return any(certainly(settings[each].is_present()) for each in _OF_SPACES) and not (
        any(possibly(settings[each].is_present()) for each in _OF_CLASSIC)
        or possibly(landing.is_present() & landing.matches("app:.*"))
    )


def profiles_name_groups(domain: ResourceView, graph: GraphView) -> Answer:
    """Whether a domain has user profiles, and each of them names security groups of its own."""
    profiles = graph.sources(domain, EdgeKind.REFERS_TO, USER_PROFILE)
    return profiles.exist() & profiles.all(lambda each: each["UserSettings.SecurityGroups"].is_present())


def _admits_itself(group: ResourceView, graph: GraphView) -> Answer:
    """Whether a rule of a group lets in traffic from the group, or from ranges that may hold it."""
    inline = group["SecurityGroupIngress"].any_item(lambda rule: _is_from(rule, group))
    separate = graph.sources(group, EdgeKind.PLACED_IN, INGRESS)
    own = [each.resource for each in separate.related if each.edge.path == ("GroupId",)]
    return some([inline, *(_is_from(rule, group) for rule in own), *map(undecided, separate.unknown)])


def _is_from(rule: View, group: ResourceView) -> Answer:
    from mlwa_lint.graph.queries.mentions import leads_to

    source = rule["SourceSecurityGroupId"]
    ranges = some(rule[key].is_present() for key in ("CidrIp", "CidrIpv6", "SourcePrefixListId"))
    return (YES if leads_to(source, group) else NO) | rule["Self"].is_true() | ranges


def endpoints_without_dns(domain: ResourceView, graph: GraphView) -> Iterator[tuple[View, Answer]]:
    """The setting of each VPC endpoint for SageMaker in a domain's VPC, and whether private DNS is off."""
    networks = [each.resource for each in graph.targets(domain, EdgeKind.PLACED_IN, VPC).related]
    for endpoint in graph.of_type(VPC_ENDPOINT):
        wanted = some(network.is_for_service(endpoint["ServiceName"], each) for each in _SERVICES)
        placed = graph.targets(endpoint, EdgeKind.PLACED_IN, VPC).related
        same = answer(any(each.resource in networks for each in placed))
        setting = endpoint["PrivateDnsEnabled"]
        # CloudFormation leaves the default to the API, Terraform's provider sets false.
        off = setting.is_false() | (setting.is_absent() if endpoint.language == "terraform" else NO)
        yield setting, wanted & same & off
