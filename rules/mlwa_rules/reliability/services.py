"""Reliability of what lasts: services that ended, models at their end of life, names that consumers know."""

from collections.abc import Iterator

from mlwa_lint.facts.today import written
from mlwa_lint.graph.kinds import FUNCTION, HYPERPOD_CLUSTER, TASK_DEFINITION
from mlwa_lint.graph.queries import discontinued
from mlwa_lint.rule import Claim, GraphView, Remedy, ResourceView, rule, set_to


@rule(
    "MLR602",
    "discontinued-service",
    "high",
    practices=("MLREL04-BP01",),
    on=discontinued.types_of("ended"),
    remedy=Remedy(
        "Remove it, and move to the successor that the finding names.",
        "Remove it, and move to the successor that the finding names.",
    ),
    facts=("services",),
)
def discontinued_service(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A resource belongs to a service or feature that AWS has ended.

    It cannot be created any more, so the deployment fails, and what was created before no longer works.

    The services, their last days and their successors are in a dated table: SageMaker Edge Manager, Elastic
    Inference, Lookout for Vision, Lookout for Metrics, Lookout for Equipment, Panorama, and the machine
    learning resources of IoT Greengrass V1.

    AWS lists services that have reached their end of support as no longer accessible.

    See [AWS services full
    shutdown](https://docs.aws.amazon.com/general/latest/gr/full_shutdown_services.html).
    """
    for service, view in discontinued.uses(resource, "ended"):
        ended = f"ended on {written(service.since)}" if service.since is not None else "has ended"
        message = f"{resource} cannot be created: {service.name} {ended}; use {service.successor}"
        yield Claim(view.is_present(), view, message)


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
    from mlwa_lint.graph.queries import consumers

    for variable in consumers.environment_of(consumer):
        for endpoint, repeats in consumers.endpoints_named(variable, graph):
            message = (
                f"{consumer} repeats the name of {endpoint}: {variable} is {variable.words} and should refer"
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

    A training run of weeks stops at the first faulty accelerator until the node is replaced by hand.

    NodeRecovery is Automatic by default; only None is reported.

    See [Automatic node recovery and
    auto-resume](https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-hyperpod-resiliency-slurm-auto-resume.html).
    """
    recovery = cluster["NodeRecovery"]
    message = f"{cluster} does not replace faulty nodes: {recovery} is None and should be Automatic"
    fix = set_to(recovery, "Automatic", risk="faulty nodes are replaced while work runs on them")
    yield Claim(recovery.equals("None"), recovery, message, fix=fix)
