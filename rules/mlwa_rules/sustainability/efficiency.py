"""Efficiency: processors that do the same work with less energy, and workers that leave when idle."""

from collections.abc import Iterator

from mlwa_lint.graph import images
from mlwa_lint.graph.kinds import ENDPOINT_CONFIG, FUNCTION, GLUE_JOB
from mlwa_lint.graph.machines.instances import accelerator, graviton_for_hosting
from mlwa_lint.graph.queries import glue, hosting, identity
from mlwa_lint.rule import Claim, GraphView, Remedy, ResourceView, rule, some

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
        "Set `InstanceType: ml.c7g.xlarge` with a Graviton image; for functions `Architectures: [arm64]`.",
        'Set `instance_type = "ml.c7g.xlarge"` with a Graviton image; for functions `architectures = '
        '["arm64"]`.',
    ),
)
def less_efficient_silicon(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """Inference runs on x86 processors where Graviton is offered.

    Graviton does the same work for up to 40 percent less money and with up to 60 percent less energy.

    Asked of CPU variants whose family has a Graviton counterpart of the same size for hosting, and of
    functions from a zip file, without layers, that call an endpoint, a Bedrock model or an AI service.
    Silent where a model's image is for GPUs or for x86 alone by its name: such images would have to be
    built again; and for functions whose runtime is older than Lambda's arm64, such as python3.7.

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
        & identity.is_ml_function(resource, graph),
        architectures,
        f"{resource} runs on x86 processors: {architectures} should be arm64",
    )


def _hosting(config: ResourceView, graph: GraphView) -> Iterator[Claim]:
    for variant in hosting.variants(config):
        links = hosting.model_of(variant, graph)
        bound = links.any(lambda model: some(images.is_x86_only(image) for image in hosting.images_of(model)))
        for view in hosting.instance_types(variant):
            yield Claim(
                view.test(lambda text: graviton_for_hosting(text) is not None and not accelerator(text))
                & ~bound,
                view,
                f"{config} runs {variant} on x86 processors: {view} is {view.text} and should be "
                f"{graviton_for_hosting(view.text or '')}",
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

    Most jobs need all of them for a part of the time only. With auto scaling, Glue takes idle workers away
    and bills those that work.

    Auto scaling needs Glue 3.0 or later; older jobs are a matter of MLP302.

    See [Using auto scaling for AWS Glue](https://docs.aws.amazon.com/glue/latest/dg/auto-scaling.html).
    """
    arguments = job["DefaultArguments"]
    flag = arguments["--enable-auto-scaling"]
    fixed = job["NonOverridableArguments"]["--enable-auto-scaling"]
    yield Claim(
        glue.is_spark(job) & job["GlueVersion"].at_least(3) & ~flag.is_true() & ~fixed.is_true(),
        flag,
        f"{job} keeps all its workers from start to end: {arguments} should set "
        "--enable-auto-scaling to true",
    )
