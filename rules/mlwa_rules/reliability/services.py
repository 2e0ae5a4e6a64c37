"""Reliability of what lasts: services that ended, models at their end of life, names that consumers know."""

from collections.abc import Iterator

from mlwa_lint.facts.services import Service, uses_service
from mlwa_lint.facts.today import written
from mlwa_lint.files import NOTEBOOK
from mlwa_lint.graph.kinds import FUNCTION, HYPERPOD_CLUSTER, TASK_DEFINITION
from mlwa_lint.graph.queries import discontinued
from mlwa_lint.model.findings import Severity
from mlwa_lint.rule import Claim, GraphView, Remedy, ResourceView, View, possibly, rule, set_to

_SAGEMAKER = "AWS::SageMaker::"


@rule(
    "MLR602",
    "discontinued-service",
    "high",
    practices=("MLREL04-BP01",),
    on=(*discontinued.types_of("ended"), FUNCTION),
    remedy=Remedy(
        "Remove it, and move to the successor that the finding names.",
        "Remove it, and move to the successor that the finding names.",
    ),
    scope="all",
    facts=("services",),
)
def discontinued_service(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A resource belongs to a service or feature that AWS has ended.

    It cannot be created any more, so the deployment fails, and what was created before no longer works.

    The services, their last days and their successors are in a dated table: SageMaker Edge Manager, Elastic
    Inference, Lookout for Vision, Lookout for Metrics, Lookout for Equipment, Panorama, and the machine
    learning resources of IoT Greengrass V1, and Lex V1.

    A program that makes or uses something with boto3's client of such a service counts as well, and so does
    the code of a function, in the template or in the repository, with severity medium, because a part of the
    code may never run, whatever else the function is for. The severity is medium in notebooks as well, where
    whoever runs them sees the error. What only lists, describes or deletes resources does not count.

    AWS lists services that have reached their end of support as no longer accessible.

    See [AWS services full
    shutdown](https://docs.aws.amazon.com/general/latest/gr/full_shutdown_services.html).
    """
    for service, view in discontinued.uses(resource, "ended"):
        # Calls of its own clients use what there is as well as make something.
        used = resource.language == "python" and resource.type in service.clients.values()
        impossible = "used" if used and not resource.type.startswith(_SAGEMAKER) else "created"
        message = f"{resource} cannot be {impossible}: {service.name} {_ended(service)}"
        # Who runs a notebook sees that it fails, and nothing is deployed from it.
        severity: Severity | None = "medium" if resource.span.path.endswith(NOTEBOOK) else None
        yield Claim(view.is_present(), view, f"{message}; use {service.successor}", severity)
    for service, method in discontinued.calls(resource, "ended") if resource.type == FUNCTION else ():
        message = f"{resource} calls {method.text}() of {service.name}, which {_ended(service)}"
        yield Claim(method.test(uses_service), method, f"{message}; use {service.successor}", "medium")


def _ended(service: Service) -> str:
    return f"ended on {written(service.since)}" if service.since is not None else "has ended"


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

    def repeats_name(variable: View) -> bool:
        return any(possibly(repeats) for _, repeats in consumers.endpoints_named(variable, graph))

    for variable in consumers.environment_of(consumer):
        if variable.never(repeats_name):
            continue
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
