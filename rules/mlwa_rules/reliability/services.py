"""Reliability of what lasts: services that ended, models at their end of life, names that consumers know."""

from collections.abc import Iterator

from mlwa_lint.facts.services import Service, services
from mlwa_lint.facts.today import has_passed
from mlwa_lint.graph.kinds import FUNCTION, HYPERPOD_CLUSTER, TASK_DEFINITION
from mlwa_lint.graph.queries import consumers
from mlwa_lint.rule import Claim, GraphView, Remedy, ResourceView, View, rule


def _types(state: str) -> tuple[str, ...]:
    """The types of services in a state, and those with a property that belongs to one."""
    found = [each for each in services() if each.state == state]
    return tuple(dict.fromkeys(kind for each in found for kind in (*each.types, *each.properties)))


@rule(
    "MLR602",
    "discontinued-service",
    "high",
    practices=("MLREL04-BP01",),
    on=_types("ended"),
    remedy=Remedy(
        "Remove it, and move to the successor that the finding names.",
        "Remove it, and move to the successor that the finding names.",
    ),
)
def discontinued_service(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A resource belongs to a service or feature that AWS has ended.

    It cannot be created any more, so the deployment fails, and what was created before no longer works.

    The services, their last days and their successors are in a dated table: SageMaker Edge Manager, Elastic
    Inference, Lookout for Vision, Lookout for Metrics, Lookout for Equipment, Panorama, Fraud Detector and
    others.

    AWS lists services that have reached their end of support as no longer accessible.

    See [AWS services full
    shutdown](https://docs.aws.amazon.com/general/latest/gr/full_shutdown_services.html).
    """
    for service in services():
        if service.state == "ended" and (service.since is None or has_passed(service.since)):
            yield from _uses(resource, service)


def _uses(resource: ResourceView, service: Service) -> Iterator[Claim]:
    since = f" since {service.since.day} {service.since:%B %Y}" if service.since is not None else ""
    message = f"{resource} cannot be created: {service.name} has ended{since}; use {service.successor}"
    if service.owns(resource.type):
        yield Claim(resource.is_present(), resource, message)
    path = service.properties.get(resource.type)
    for view in _at(resource, path.split(".")) if path is not None else ():
        yield Claim(view.is_present(), view, message)


def _at(view: View, path: list[str]) -> list[View]:
    """The properties at a path that may lead through lists."""
    found = view[path[0]]
    if len(path) == 1:
        return [found]
    return [each for item in found.items() for each in _at(item, path[1:])]


@rule(
    "MLR603",
    "consumer-knows-endpoint-name",
    "low",
    practices=("MLREL01-BP01",),
    on=(FUNCTION, TASK_DEFINITION),
    remedy=Remedy(
        "Refer to the endpoint: `!GetAtt ChurnEndpoint.EndpointName`.",
        "Refer to the endpoint: `aws_sagemaker_endpoint.churn.name`.",
    ),
    scope="all",
)
def consumer_knows_endpoint_name(consumer: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """An environment variable repeats the literal name of an endpoint of the project.

    When the endpoint gets another name, its consumers keep calling the old one and fail.

    Exceptions: names that come from a parameter, a variable or a local value.

    See [InvokeEndpoint](https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html).
    """
    for variable in consumers.environment_of(consumer):
        for endpoint, repeats in consumers.endpoints_named(variable, graph):
            message = (
                f"{consumer} repeats the name of {endpoint}: {variable} is {variable.text} and should refer"
            )
            yield Claim(repeats, variable, f"{message} to it")


@rule(
    "MLR606",
    "hyperpod-without-recovery",
    "low",
    practices=("GENREL06-BP01", "MLREL03-BP01"),
    on=(HYPERPOD_CLUSTER,),
    remedy=Remedy("Set `NodeRecovery: Automatic`.", 'Set `node_recovery = "Automatic"`.'),
)
def hyperpod_without_recovery(cluster: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A HyperPod cluster does not replace faulty nodes.

    A training run of weeks stops at the first faulty accelerator until somebody replaces the node by hand.

    NodeRecovery is Automatic by default; only None is reported.

    See [Automatic node recovery and
    auto-resume](https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-hyperpod-resiliency-slurm-auto-resume.html).
    """
    recovery = cluster["NodeRecovery"]
    message = f"{cluster} does not replace faulty nodes: {recovery} is None and should be Automatic"
    yield Claim(recovery.equals("None"), recovery, message)
