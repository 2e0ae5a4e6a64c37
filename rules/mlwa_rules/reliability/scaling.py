"""Reliability of endpoints: enough instances, and scaling that works."""

from collections.abc import Iterator
from functools import partial

from mlwa_lint.graph.kinds import ENDPOINT, ENDPOINT_CONFIG, SCALABLE_TARGET
from mlwa_lint.graph.queries import hosting
from mlwa_lint.model.values import known_text
from mlwa_lint.rule import (
    NO,
    Claim,
    EdgeKind,
    GraphView,
    Remedy,
    ResourceView,
    certainly,
    possibly,
    rule,
    undecided,
)

_SUSPENSIONS = {
    "DynamicScalingInSuspended": "scaling in",
    "DynamicScalingOutSuspended": "scaling out",
    "ScheduledScalingSuspended": "scheduled scaling",
}


@rule(
    "MLR101",
    "single-instance-endpoint",
    "medium",
    practices=("MLREL05-BP01", "MLREL04-BP02"),
    on=(ENDPOINT_CONFIG,),
    remedy=Remedy("Set `InitialInstanceCount: 2`.", "Set `initial_instance_count = 2`."),
)
def single_instance_endpoint(config: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A real-time variant starts with fewer than two instances.

    With one instance, an outage of its Availability Zone or a failure of the instance takes the endpoint
    down; SageMaker spreads two or more over several zones.

    Silent for serverless and asynchronous endpoints and for shadow variants, and where scaling keeps two
    instances at least: a scalable target with MinCapacity 2 at every endpoint that uses the
    configuration, or ManagedInstanceScaling with MinInstanceCount 2.

    See [Best practices for deploying models on SageMaker AI Hosting
    Services](https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-best-practices.html).
    """
    for variant in hosting.variants(config):
        count = variant["InitialInstanceCount"]
        exempt = (
            variant.is_serverless()
            | hosting.is_asynchronous(config)
            | hosting.keeps_at_least(variant, 2, graph)
        )
        yield Claim(
            count.less_than(2, default=1) & ~exempt,
            count,
            f"{config} starts {variant} with {count.text or 1} instance: {count} should be 2 or more",
        )


@rule(
    "MLR102",
    "endpoint-without-autoscaling",
    "medium",
    practices=("MLREL05-BP01", "MLCOST05-BP03"),
    on=(ENDPOINT_CONFIG,),
    remedy=Remedy(
        "Add a scalable target with `ResourceId: !Sub endpoint/${Endpoint.EndpointName}/variant/NAME`.",
        'Add an `aws_appautoscaling_target` with `resource_id = "endpoint/${aws_sagemaker_endpoint.x.name}'
        '/variant/NAME"`.',
    ),
)
def endpoint_without_autoscaling(config: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """No scalable target names a variant of an endpoint.

    A fixed number of instances is too few at the peak, when requests fail, and too many the rest of the
    time, when they cost money for nothing.

    Silent for serverless variants without provisioned concurrency, for shadow variants, and where
    ManagedInstanceScaling is ENABLED; also for burstable instances (ml.t2), which SageMaker does not
    scale, and for configurations that no endpoint of the project uses.

    See [Automatic scaling of Amazon SageMaker AI
    models](https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling.html).
    """
    endpoints = hosting.endpoints_of(config, graph)
    for reason in endpoints.unknown:
        yield Claim(undecided(reason), config, f"{config} may serve an endpoint that is not scaled")
    for variant in hosting.variants(config):
        on_demand = variant.is_serverless() & variant["ServerlessConfig.ProvisionedConcurrency"].is_absent()
        managed = variant["ManagedInstanceScaling.Status"].equals("ENABLED")
        burstable = certainly(variant["InstanceType"].matches(r"^ml\.t\d"))
        for endpoint in endpoints:
            scaled = hosting.targets_scaling(variant, endpoint, graph).exist()
            yield Claim(
                NO if burstable else ~scaled & ~on_demand & ~managed,
                variant.view,
                f"nothing scales {variant} of {endpoint}: a scalable target should name it",
            )


@rule(
    "MLR103",
    "scalable-target-without-policy",
    "high",
    practices=("MLREL05-BP01",),
    on=(SCALABLE_TARGET,),
    remedy=Remedy(
        "Add an `AWS::ApplicationAutoScaling::ScalingPolicy` with `ScalingTargetId: !Ref TARGET`.",
        "Add an `aws_appautoscaling_policy` with `resource_id = aws_appautoscaling_target.x.resource_id`.",
    ),
)
def scalable_target_without_policy(target: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A scalable target of SageMaker has neither a scaling policy nor a scheduled action.

    The target only sets limits. Without a policy or a schedule nothing ever changes the number of
    instances, and the endpoint looks scaled but is not.

    See [Auto scaling policy
    overview](https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-policy.html).
    """
    scheduled = target["ScheduledActions"].is_present()
    policies = hosting.policies_scaling(target, graph).exist()
    yield Claim(
        hosting.is_sagemaker_target(target) & ~scheduled & ~policies,
        target,
        f"{target} has no scaling policy and no scheduled action, so that nothing ever scales it",
    )


@rule(
    "MLR104",
    "autoscaling-cannot-scale",
    "medium",
    practices=("MLREL05-BP01",),
    on=(SCALABLE_TARGET,),
    remedy=Remedy(
        "Set `MaxCapacity` above `MinCapacity`, and no `SuspendedState`.",
        "Set `max_capacity` above `min_capacity`, and no `suspended_state`.",
    ),
)
def autoscaling_cannot_scale(target: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A scalable target of SageMaker leaves no room to scale, or suspends scaling.

    With the same number as minimum and maximum, or with scaling suspended, the endpoint keeps its
    instances whatever happens, though it looks scaled.

    Silent about equal limits where scheduled actions set others in their turn.

    See [Suspend and resume scaling for a scalable
    target](https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-suspend-resume-scaling.html).
    """
    ours = hosting.is_sagemaker_target(target)
    least, most = target["MinCapacity"], target["MaxCapacity"]
    fixed = least.same_as(most) if possibly(least.is_present()) else NO
    limits = f"{least} and {most} are both {most.text}" if most.text else f"{least} and {most} are the same"
    yield Claim(
        ours & fixed & target["ScheduledActions"].is_absent(),
        most,
        f"{target} cannot scale: {limits}; {most} should be higher",
    )
    for key, what in _SUSPENSIONS.items():
        suspended = target["SuspendedState"][key]
        yield Claim(
            ours & suspended.is_true(),
            suspended,
            f"{target} suspends {what}: {suspended} is true and should be false",
        )


@rule(
    "MLR105",
    "autoscaling-names-unknown-variant",
    "high",
    practices=("MLREL05-BP01",),
    on=(SCALABLE_TARGET,),
    remedy=Remedy(
        "Set `ResourceId: !Sub endpoint/${Endpoint.EndpointName}/variant/NAME`, with a `VariantName`.",
        'Set `resource_id = "endpoint/${aws_sagemaker_endpoint.x.name}/variant/NAME"`, a `variant_name`.',
    ),
)
def autoscaling_names_unknown_variant(target: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A scalable target names a variant that its endpoint does not have.

    The deployment fails, or, where the variant existed once, a variant that is gone is scaled and the one
    that serves is not.

    See [Register a
    model](https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-prerequisites.html).
    """
    place = target["ResourceId"]
    links = graph.targets(target, EdgeKind.SCALES, ENDPOINT)
    if place.text is None:
        graph.leave_undecided(links.unknown)
    for related in links.related:
        detail = related.edge.detail
        if detail is None or related.edge.path != ("ResourceId",):
            continue
        name = graph.world.resolve(detail)
        configs = hosting.config_of(related.resource, graph)
        known = configs.any(partial(hosting.has_variant, name=name))
        yield Claim(
            configs.exist() & ~known,
            place,
            f"{target} scales variant {known_text(name) or '?'} of {related.resource}, which has no such "
            f"variant: {place} should name one that it has",
        )
