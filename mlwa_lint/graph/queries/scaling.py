"""What scales by which policy, and endpoints that a program scales, as a `custom-resource`."""

from collections.abc import Iterator

from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.graph import ResourceGraph
from mlwa_lint.graph.iam import policies
from mlwa_lint.graph.kinds import ENDPOINT, FUNCTION, ROLE, SCALABLE_TARGET, SCALING_POLICY
from mlwa_lint.graph.linking.leaves import entry_of
from mlwa_lint.graph.linking.naming import NAME_PROPERTIES
from mlwa_lint.graph.linking.watching import dimension_lists
from mlwa_lint.graph.memo import remembered
from mlwa_lint.graph.queries.mentions import leads_to
from mlwa_lint.graph.relations import GraphView, Links, Related, itself
from mlwa_lint.graph.views import ResourceView, View
from mlwa_lint.model.answers import Answer, certainly
from mlwa_lint.model.resources import Resource
from mlwa_lint.model.values import MapValue, known_text, references_in

_NAMESPACE = "custom-resource"
_SCALING = "sagemaker:UpdateEndpointWeightsAndCapacities"
_METRICS = "TargetTrackingScalingPolicyConfiguration.CustomizedMetricSpecification"


def policies_scaling(target: ResourceView, graph: GraphView) -> Links:
    """The scaling policies of a scalable target, by reference or by the same ResourceId and dimension."""
    direct = graph.sources(target, EdgeKind.SCALES, SCALING_POLICY)
    kept = list(direct.related)
    unknown = list(direct.unknown)
    resource_id, dimension = target["ResourceId"], target["ScalableDimension"]
    for policy in graph.alike(SCALING_POLICY, "ResourceId", resource_id):
        if policy["ScalingTargetId"].is_absent().verdict != "yes" or any(
            policy == each.resource for each in kept
        ):
            continue
        stated = policy["ScalableDimension"]
        same = policy["ResourceId"].same_as(resource_id) & stated.same_as(dimension)
        if same.verdict == "yes":
            kept.append(Related(policy, itself(policy.resource)))
        elif same.verdict == "undecided":
            unknown += same.reasons
    return Links(tuple(kept), tuple(dict.fromkeys(unknown)))


def targets_about(endpoint: ResourceView, graph: GraphView) -> Links:
    """The scalable targets of programs whose scaling policies follow metrics of an endpoint."""
    related: list[Related] = []
    unknown: list[str] = []
    for address in _targets_of_programs(graph):
        target = graph.resource(address)
        named = [each for policy in policies_scaling(target, graph) for each in _endpoints_in(policy)]
        if any(leads_to(each, endpoint) for each in named):
            related.append(Related(target, itself(target.resource)))
            continue
        own = endpoint[NAME_PROPERTIES[ENDPOINT]]
        for each in named:
            unknown += each.same_as(own).reasons
        if not named:
            unknown += _scaling_functions(graph)
    return Links(tuple(related), tuple(dict.fromkeys(unknown)))


@remembered
def _targets_of_programs(graph: GraphView) -> tuple[str, ...]:
    """The addresses of the scalable targets of programs."""
    return tuple(each.address for each in graph.of_type(SCALABLE_TARGET) if certainly(_is_of_program(each)))


def _is_of_program(target: ResourceView) -> Answer:
    namespace, dimension = target["ServiceNamespace"], target["ScalableDimension"]
    return namespace.equals(_NAMESPACE) | dimension.test(lambda text: text.startswith(f"{_NAMESPACE}:"))


def _endpoints_in(policy: ResourceView) -> Iterator[View]:
    """What the metrics of a policy name as endpoints."""
    single = policy[_METRICS]
    metrics = [single, *(each["MetricStat.Metric"] for each in single["Metrics"].known_items())]
    for metric in metrics:
        for dimension in metric["Dimensions"].known_items():
            if certainly(dimension["Name"].equals("EndpointName")):
                yield dimension["Value"]


@remembered
def _scaling_functions(graph: GraphView) -> tuple[str, ...]:
    """Why a program that is called may scale any endpoint: a function's role lets it."""
    return tuple(
        f"{function.address} may scale any endpoint"
        for function in graph.of_type(FUNCTION)
        for role in graph.targets(function, EdgeKind.ASSUMES, ROLE)
        if certainly(policies.of_role(role, graph).any(_lets_scale))
    )


def _lets_scale(statement: policies.Statement) -> Answer:
    return statement.allows() & statement.names_service("sagemaker") & statement.covers_action(_SCALING)


def names_outside(graph: ResourceGraph) -> Iterator[tuple[Resource, str]]:
    """The scaling policies of programs that follow metrics of endpoints of other stacks, and their names."""
    targets = graph.by_type.get(SCALABLE_TARGET, ())
    if not any(known_text(entry_of(each.properties, "ServiceNamespace")) == _NAMESPACE for each in targets):
        return
    for policy in graph.by_type.get(SCALING_POLICY, ()):
        for listed, _ in dimension_lists(policy.properties, policy.guards):
            for item in listed.items:
                if not isinstance(item, MapValue) or known_text(entry_of(item, "Name")) != "EndpointName":
                    continue
                value = entry_of(item, "Value")
                if not any(each.address in graph.by_address for each, _ in references_in(value)):
                    yield policy, known_text(value) or ""
