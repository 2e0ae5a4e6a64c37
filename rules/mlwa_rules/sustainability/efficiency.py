"""Efficiency: processors that need less energy, and workers that are released when idle."""

from collections.abc import Iterator

from mlwa_lint.graph.kinds import ENDPOINT_CONFIG, FUNCTION, GLUE_JOB
from mlwa_lint.graph.queries import invokers, requests
from mlwa_lint.rule import Claim, GraphView, Remedy, ResourceView, answer, rule, set_to, some

# Runtimes from before arm64 came to Lambda, which run on x86 alone.
_X86_RUNTIMES = frozenset(
    {
        "dotnetcore1.0",
        "dotnetcore2.0",
        "dotnetcore2.1",
        "go1.x",
        "java8",
        "nodejs",
        "nodejs4.3",
        "nodejs6.10",
        "nodejs8.10",
        "nodejs10.x",
        "provided",
        "python2.7",
        "python3.6",
        "python3.7",
        "ruby2.5",
    }
)


@rule(
    "MLU101",
    "less-efficient-silicon",
    "info",
    practices=("MLSUS05-BP02", "MLCOST05-BP02"),
    on=(ENDPOINT_CONFIG, FUNCTION),
    remedy=Remedy(
        "Set `InstanceType: ml.c8g.xlarge` with a Graviton image; for functions `Architectures: [arm64]`.",
        'Set `instance_type = "ml.c8g.xlarge"` with a Graviton image; for functions `architectures = '
        '["arm64"]`.',
    ),
    facts=("hardware",),
)
def less_efficient_silicon(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """Inference runs on x86 processors where Graviton is offered.

    Graviton does the same work for up to 40 percent less money and with up to 60 percent less energy.

    The rule checks CPU variants for which SageMaker offers a Graviton type of the same kind and size, and
    functions from a zip file, without layers, that call an endpoint, a Bedrock model or an AI service.

    Exceptions: variants whose image is for GPUs or for x86 by its name, which would have to be rebuilt;
    images of AWS that have no build for Graviton, such as those of built-in algorithms and of XGBoost 1.2;
    functions whose runtime predates Lambda's arm64, such as python3.7; functions whose code calls Bedrock
    only to set something going, such as an ingestion; and functions that a framework generated.

    See [Migrate inference workload from x86 to AWS
    Graviton](https://docs.aws.amazon.com/sagemaker/latest/dg/realtime-endpoints-graviton.html).
    """
    if resource.type == ENDPOINT_CONFIG:
        yield from _hosting(resource, graph)
        return
    architectures = resource["Architectures"]
    portable = ~resource["PackageType"].equals("Image") & resource["Layers"].is_absent()
    yield Claim(
        ~architectures.any_item(lambda each: each.equals("arm64"))
        & portable
        & ~resource["Runtime"].one_of(_X86_RUNTIMES)
        & invokers.invokes_models(resource, graph)
        & ~answer(requests.prepares_alone(resource, graph)),
        architectures,
        f"{resource} runs on x86 processors: {architectures} should be arm64",
        fix=set_to(architectures, ["arm64"], risk="compiled dependencies have to exist for arm64"),
    )


def _hosting(config: ResourceView, graph: GraphView) -> Iterator[Claim]:
    from mlwa_lint.graph import images
    from mlwa_lint.graph.machines.instances import accelerator, graviton_for_hosting
    from mlwa_lint.graph.queries import hosting
    from mlwa_lint.graph.queries.images import with_repository

    for variant in hosting.variants(config):
        links = hosting.model_of(variant, graph)
        bound = links.any(
            lambda model: some(
                images.is_x86_only(with_repository(image, graph)) for image in hosting.images_of(model)
            )
        )
        for view in hosting.instance_types(variant):
            wanted = graviton_for_hosting(next(iter(view.texts), "")) or "ml.c8g.xlarge"
            yield Claim(
                view.test(lambda text: graviton_for_hosting(text) is not None and not accelerator(text))
                & ~bound,
                view,
                f"{config} runs {variant} on x86 processors: {view} is {view.words} and should be {wanted}",
                remedy=_on_graviton(wanted),
            )


def _on_graviton(wanted: str) -> Remedy:
    return Remedy(
        f"Set `InstanceType: {wanted}`, with an image for Graviton.",
        f'Set `instance_type = "{wanted}"`, with an image for Graviton.',
    )


@rule(
    "MLU201",
    "glue-job-without-auto-scaling",
    "info",
    practices=("MLSUS03-BP01", "MLCOST03-BP03"),
    on=(GLUE_JOB,),
    remedy=Remedy(
        'Set `DefaultArguments: {--enable-auto-scaling: "true"}`.',
        'Set `default_arguments = { "--enable-auto-scaling" = "true" }`.',
    ),
)
def glue_job_without_auto_scaling(job: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A Spark job keeps all its workers from start to end.

    Most jobs need all workers only part of the time. With auto scaling, Glue releases idle workers and does
    not bill them.

    A job without GlueVersion, or with `auto`, runs on a current version.

    Exceptions: jobs on Glue 2.0 and older, which cannot scale; jobs sized by MaxCapacity, and jobs on
    Standard workers: auto scaling needs workers of the G and R types.

    See [Using auto scaling for AWS Glue](https://docs.aws.amazon.com/glue/latest/dg/auto-scaling.html).
    """
    from mlwa_lint.graph.queries import glue

    arguments = job["DefaultArguments"]
    flag = arguments["--enable-auto-scaling"]
    fixed = job["NonOverridableArguments"]["--enable-auto-scaling"]
    sized = (
        job["MaxCapacity"].is_present()
        | job["AllocatedCapacity"].is_present()
        | job["WorkerType"].equals("Standard")
    )
    yield Claim(
        glue.is_spark(job) & glue.is_current(job, 3) & ~sized & ~flag.is_true() & ~fixed.is_true(),
        flag,
        f"{job} keeps all its workers from start to end: {arguments} should set "
        "--enable-auto-scaling to true",
        fix=set_to(flag, "true", risk="a job may take longer to get its workers"),
    )
