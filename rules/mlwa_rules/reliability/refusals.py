"""Reliability of deployments: settings of endpoints and jobs that SageMaker rejects."""

from collections.abc import Iterator

from mlwa_lint.graph import jobs
from mlwa_lint.graph.kinds import ENDPOINT_CONFIG
from mlwa_lint.graph.machines.instances import has_local_storage
from mlwa_lint.graph.queries import hosting
from mlwa_lint.rule import (
    Answer,
    Claim,
    GraphView,
    Remedy,
    ResourceView,
    View,
    certainly,
    remove,
    rule,
    set_to,
    some,
)

_MEMORY_STEP = 1024
_MOST_MEMORY = 6144


@rule(
    "MLR121",
    "kms-key-on-nvme-job",
    "high",
    practices=("MLSEC02-BP01",),
    on=jobs.JOB_TYPES,
    remedy=Remedy(
        "Remove `VolumeKmsKeyId`, or choose instances without local storage, such as `ml.m6i.xlarge`.",
        "Remove `volume_kms_key_id`, or choose instances without local storage, such as `ml.m6i.xlarge`.",
    ),
)
def kms_key_on_nvme_job(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A job sets a volume key although its instances only have local NVMe storage.

    SageMaker rejects the request, so the job, or the step of the workflow, fails every time.

    The service model documents VolumeKmsKeyId: "You can't request a VolumeKmsKeyId when using an instance
    type with local storage." Such instances (ml.g4dn, ml.g5, ml.p4d, ml.m5d …) encrypt their local storage
    with a key of the hardware.

    See [ResourceConfig](https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ResourceConfig.html)
    and [ProcessingClusterConfig](https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProcessingClusterConfig.html).
    """
    for job in jobs.of(resource):
        for cluster in job.clusters:
            key = cluster.volume_key
            if key is None:
                continue
            local = some(group.type.test(has_local_storage) for group in cluster.instances)
            types = [
                group.type for group in cluster.instances if any(map(has_local_storage, group.type.texts))
            ]
            which = types[0].words if types else "an instance"
            message = (
                f"{job} is rejected: it sets {key}, but the storage of {which} is local and takes no key"
            )
            related = tuple((each, f"{each.words} has local storage") for each in types)
            yield Claim(key.is_present() & local, key, message, related=related, fix=remove(key))


@rule(
    "MLR124",
    "shadow-variants-refused",
    "high",
    practices=("MLREL04-BP02",),
    on=(ENDPOINT_CONFIG,),
    remedy=Remedy(
        "Keep one item in `ProductionVariants` and one in `ShadowProductionVariants`.",
        "Keep one `production_variants` block and one `shadow_production_variants` block.",
    ),
)
def shadow_variants_refused(config: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A shadow test has more than one production variant or more than one shadow variant.

    CreateEndpointConfig rejects the configuration, so the deployment fails.

    The service model documents ShadowProductionVariants: "If you use this field, you can only specify one
    variant for ProductionVariants and one variant for ShadowProductionVariants."

    See [CreateEndpointConfig](https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpointConfig.html).
    """
    production, shadow = config["ProductionVariants"], config["ShadowProductionVariants"]
    for listed in (production, shadow):
        yield Claim(
            shadow.is_present() & hosting.has_several(listed),
            listed,
            f"{config} is rejected: next to shadow variants, {listed} must have exactly one item",
        )


@rule(
    "MLR125",
    "serverless-setting-refused",
    "high",
    practices=("MLCOST05-BP01",),
    on=(ENDPOINT_CONFIG,),
    remedy=Remedy(
        "Remove the setting, or host the variant on instances (`InstanceType`, `InitialInstanceCount`).",
        "Remove the setting, or host the variant on instances (`instance_type`, `initial_instance_count`).",
    ),
)
def serverless_setting_refused(config: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A serverless variant is combined with a setting that serverless inference does not support.

    SageMaker rejects the endpoint configuration or fails to create the endpoint.

    Reported are a model with VpcConfig, data capture, several variants, a memory size other than 1024, 2048,
    3072, 4096, 5120 or 6144 MB, and a provisioned concurrency above the maximum concurrency.

    The developer guide lists VPC configuration, data capture and multiple production variants among the
    features that serverless endpoints do not support. The service model documents that MemorySizeInMB's valid
    values are in 1 GB increments from 1024 to 6144, and that ProvisionedConcurrency should be less than
    or equal to MaxConcurrency.

    See [Serverless Inference](https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html) and
    [ProductionVariantServerlessConfig](https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariantServerlessConfig.html).
    """
    variants = hosting.variants(config)
    serverless = some(each.is_serverless() for each in variants)
    capture = config["DataCaptureConfig"]
    yield Claim(
        serverless & hosting.captures_data(config),
        capture,
        f"{config} is rejected: serverless variants do not support data capture, which {capture} turns on",
    )
    listed = config["ProductionVariants"]
    yield Claim(
        serverless & hosting.has_several(listed),
        listed,
        f"{config} is rejected: a serverless variant must be the only item of {listed}",
    )
    for variant in variants:
        settings = variant["ServerlessConfig"]
        memory, most = settings["MemorySizeInMB"], settings["MaxConcurrency"]
        yield Claim(
            memory.is_present() & ~memory.test(_is_memory_size),
            memory,
            f"{config} is rejected: {memory} of {variant} is {memory.words} and must be a multiple of 1024 "
            "from 1024 to 6144",
            fix=set_to(memory, _nearest_memory(memory.number or 0)),
        )
        provisioned = settings["ProvisionedConcurrency"]
        yield Claim(
            _is_above(provisioned, most),
            provisioned,
            f"{config} is rejected: {provisioned} of {variant} is {provisioned.words}, "
            f"above {most} ({most.words})",
            fix=set_to(provisioned, int(most.number or 1)),
        )
        for model in hosting.model_of(variant, graph):
            network = model["VpcConfig"]
            yield Claim(
                variant.is_serverless() & network.is_present(),
                settings,
                f"{config} is rejected: {variant} is serverless, but {model} sets {network}",
                related=((network, "the model is in a VPC"),),
            )


def _nearest_memory(size: float) -> int:
    """The nearest size that is accepted and not smaller, if there is one."""
    steps = -(-int(size) // _MEMORY_STEP)
    return min(max(steps, 1) * _MEMORY_STEP, _MOST_MEMORY)


def _is_memory_size(text: str) -> bool:
    try:
        size = float(text)
    except ValueError:
        return False
    return _MEMORY_STEP <= size <= _MOST_MEMORY and size % _MEMORY_STEP == 0


def _is_above(view: View, bound: View) -> Answer:
    """Whether a number is above another one; both given."""
    numbers = view.numbers
    if not numbers:
        return view.more_than(0) & bound.is_present()
    return bound.less_than(numbers[0]) | (view.is_open() & bound.less_than(numbers[-1]))


@rule(
    "MLR126",
    "endpoint-setting-refused",
    "high",
    practices=("MLREL04-BP02",),
    on=(ENDPOINT_CONFIG,),
    remedy=Remedy(
        "Scale with a scalable target, and set `EnableNetworkIsolation` on the model.",
        "Scale with an `aws_appautoscaling_target`, and set `enable_network_isolation` on the model.",
    ),
)
def endpoint_setting_refused(config: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A variant with a model uses a setting that belongs to inference components.

    CreateEndpointConfig rejects the configuration, so the deployment fails. The severity is medium for
    ManagedInstanceScaling that keeps one instance or more: the service has accepted it without effect and
    only rejects it lately.

    Settings of that kind are ManagedInstanceScaling of a variant and EnableNetworkIsolation of the endpoint
    configuration. Both are for variants without ModelName, on which inference components are placed.

    The service returns "ManagedInstanceScaling is only supported for inference component endpoints" to a
    minimum of no instances, and since 2026 "ManagedInstanceScaling is not supported with the given
    EndpointConfig setup" to others. The
    developer guide describes both settings for endpoints with inference components only; a model has its own
    EnableNetworkIsolation.

    See [Deploy models for real-time
    inference](https://docs.aws.amazon.com/sagemaker/latest/dg/realtime-endpoints-deploy-models.html) and
    [CreateEndpointConfig](https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpointConfig.html).
    """
    variants = hosting.variants(config)
    for variant in variants:
        managed = variant["ManagedInstanceScaling"]
        empties = certainly(managed["MinInstanceCount"].equals(0))
        outcome = "is rejected" if empties else "is rejected or does not scale"
        yield Claim(
            variant["ModelName"].is_present() & managed.is_present(),
            managed,
            f"{config} {outcome}: {variant} hosts a model, and {managed} is for inference components",
            None if empties else "medium",
            fix=remove(managed),
        )
    isolated = config["EnableNetworkIsolation"]
    yield Claim(
        isolated.is_true() & some(each["ModelName"].is_present() for each in variants),
        isolated,
        f"{config} is rejected: its variants host models, and {isolated} is for inference components; the "
        "model should set it",
        fix=remove(isolated),
    )


@rule(
    "MLR202",
    "spot-without-wait-limit",
    "high",
    practices=("MLCOST04-BP06",),
    on=jobs.JOB_TYPES,
    remedy=Remedy(
        "Set `StoppingCondition: {MaxRuntimeInSeconds: 14400, MaxWaitTimeInSeconds: 28800}`.",
        "Set `max_wait_time_in_seconds` in `stopping_condition`, not below `max_runtime_in_seconds`.",
    ),
)
def spot_without_wait_limit(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A job on spot instances has no limit for waiting, or one below its runtime limit.

    SageMaker rejects the training job, so the step of the workflow fails every time.

    MaxWaitTimeInSeconds covers the time of waiting for spot capacity and that of training. The service model
    documents it: "It must be equal to or greater than MaxRuntimeInSeconds." Without it, the service returns
    that MaxWaitTimeInSeconds above MaxRuntimeInSeconds must be provided.

    See [StoppingCondition](https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_StoppingCondition.html)
    and [Managed Spot
    Training](https://docs.aws.amazon.com/sagemaker/latest/dg/model-managed-spot-training.html).
    """
    for job in jobs.of(resource):
        spot, stopping = job.spot, job.stopping
        if spot is None or stopping is None:
            continue
        wait, runtime = stopping["MaxWaitTimeInSeconds"], stopping["MaxRuntimeInSeconds"]
        # As long again as the job may run, to wait for capacity.
        longer = None if runtime.number is None else set_to(wait, 2 * int(runtime.number))
        yield Claim(
            spot.is_true() & wait.is_absent(),
            wait,
            f"{job} is rejected: it trains on spot instances ({spot}) without {wait}",
            fix=longer,
        )
        yield Claim(
            spot.is_true() & _is_above(runtime, wait),
            wait,
            f"{job} is rejected: {wait} is {wait.words}, below {runtime} ({runtime.words})",
            fix=longer,
        )
