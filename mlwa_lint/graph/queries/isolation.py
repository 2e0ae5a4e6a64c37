"""What a project does to keep the work of people and models within its networks."""

from mlwa_lint.files import PROGRAMS
from mlwa_lint.graph.asides import aside
from mlwa_lint.graph.kinds import NOTEBOOK, STUDIO_DOMAIN, VPC_ENDPOINT
from mlwa_lint.graph.linking.naming import outline
from mlwa_lint.graph.memo import remembered
from mlwa_lint.graph.queries import purposes
from mlwa_lint.graph.queries.network import is_for_service
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView
from mlwa_lint.model.answers import certainly
from mlwa_lint.model.values import Absent
from mlwa_lint.model.weights import NO_NETWORK

NOT_OPERATED = "the project has no VPC for such work, and nothing shows that it is operated"
# The interface endpoints of SageMaker: `com.amazonaws.REGION.sagemaker.api`, `aws.sagemaker.REGION.notebook`.
_SERVICES = ("sagemaker.api", "sagemaker.runtime", "notebook", "studio")
# What sets the access to the internet of what people work in, and its value where there is none.
_CLOSED = {NOTEBOOK: ("DirectInternetAccess", "Disabled"), STUDIO_DOMAIN: ("AppNetworkAccessType", "VpcOnly")}


@aside
def what_it_bypasses(resource: ResourceView, graph: GraphView) -> str:
    """What isolation of the project a notebook instance or domain bypasses, as a clause; empty if none.

    That is a VPC endpoint for SageMaker, or another notebook instance or domain without internet access:
    the project isolates this work, and here it does not. Where the access is stated, and another of the
    same type has none, the two are options and nothing is bypassed.
    """
    endpoint = _endpoint_for_sagemaker(graph)
    if endpoint:
        return f", although the project keeps calls to SageMaker in its VPC ({endpoint})"
    stated = not isinstance(resource[_CLOSED[resource.type][0]].value, Absent)
    for each in _CLOSED:
        # One that has no access itself states it, so no other of its type is considered.
        other = "" if stated and each == resource.type else _closed(each, graph)
        if other:
            return f", although {other} of the project has no direct internet access"
    return ""


def why_no_network(resource: ResourceView, graph: GraphView) -> str:
    """Why it weighs less that a job or model runs in no VPC: its project has none for it.

    Whoever runs a program, or tries an example, would have to set one up first. A template or configuration
    is expected to have one where something shows that it is operated.
    """
    project = graph.graph.project
    if not project.needs_no_network:
        return ""
    if resource.span.path.endswith(PROGRAMS) or purposes.is_shown(graph):
        return NO_NETWORK
    return "" if project.operated else NOT_OPERATED


def is_practice(graph: GraphView) -> bool | None:
    """Whether a VPC is a practice of those who operate something: not in a project that has one."""
    return None if graph.graph.project.needs_no_network else False


@remembered
def _endpoint_for_sagemaker(graph: GraphView) -> str:
    """The first VPC endpoint for SageMaker, as messages name it; empty if there is none."""
    return next((str(each) for each in graph.of_type(VPC_ENDPOINT) if _is_for_sagemaker(each)), "")


@remembered
def _closed(resource_type: str, graph: GraphView) -> str:
    """The first of a type without internet access, as messages name it; empty if there is none."""
    setting, closed = _CLOSED[resource_type]
    without = (each for each in graph.of_type(resource_type) if certainly(each[setting].equals(closed)))
    return next(map(str, without), "")


def _is_for_sagemaker(endpoint: ResourceView) -> bool:
    name = endpoint["ServiceName"]
    named = any(certainly(is_for_service(name, each)) for each in _SERVICES)
    return named and "sagemaker" in outline(name.value)
