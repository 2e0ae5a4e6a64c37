"""Reliability of endpoints: scaling that exists, and works."""

from collections.abc import Iterator, Sequence
from functools import partial

from mlwa_lint.graph.kinds import (
    ENDPOINT,
    ENDPOINT_CONFIG,
    SCALABLE_TARGET,
    SCALING_POLICY,
)
from mlwa_lint.graph.machines.instances import accelerator
from mlwa_lint.graph.memo import remembered
from mlwa_lint.graph.queries import hosting, idling, purposes, scaling
from mlwa_lint.graph.queries.hosting import Variant
from mlwa_lint.model.resources import ALONE
from mlwa_lint.model.values import JUDGED_WHERE_CALLED, known_text
from mlwa_lint.rule import (
    NO,
    Answer,
    Claim,
    EdgeKind,
    GraphView,
    Remedy,
    ResourceView,
    View,
    certainly,
    every,
    possibly,
    rule,
    set_to,
    some,
    undecided,
)

_OFFERED = "another branch of the program adds a policy"
_BY_DEFAULT = "its maximum is a default, which whoever deploys it may set"
# The dimension of the instances of a variant; serverless variants and inference components have others.
_INSTANCES = "sagemaker:variant:DesiredInstanceCount"
_COMPONENTS = Remedy(
    "Set `MinCapacity: 1`, or host the model as an `AWS::SageMaker::InferenceComponent`, or asynchronously.",
    "Set `min_capacity = 1`, or host the model as an inference component, or asynchronously.",
)
_SUSPENSIONS = {
    "DynamicScalingInSuspended": "scaling in",
    "DynamicScalingOutSuspended": "scaling out",
    "ScheduledScalingSuspended": "scheduled scaling",
}


@rule(
    "MLR102",
    "endpoint-without-autoscaling",
    "medium",
    concern="deployment",
    operational="info",
    subject="scaling",
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

    A fixed number of instances is too low at peak load, when requests fail, and too high the rest of the
    time, when idle instances are paid for.

    The severity is low where the configuration declares a scalable target that the default of a variable
    leaves out (`count = var.scaled ? 1 : 0`). It is info for an endpoint of a program where nothing in the
    project shows that anything depends on it, or that it is operated, and in examples that a person deploys,
    where nothing invokes the endpoint (see MLO101).

    Exceptions: serverless variants without provisioned concurrency; shadow variants; variants with
    ManagedInstanceScaling ENABLED; burstable instances (ml.t2), which SageMaker does not scale;
    asynchronous endpoints (see MLC102); accelerated instances (see MLC101); what is not an instance type of
    endpoints (see MLR120); and configurations that no endpoint of the project uses.

    See [Automatic scaling of Amazon SageMaker AI
    models](https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling.html).
    """
    endpoints = hosting.endpoints_of(config, graph)
    milder = purposes.why_left_out(graph, SCALABLE_TARGET) or config.attributes[ALONE].text or ""
    shown = idling.why_only_shown(endpoints, graph)
    milder = shown or milder or idling.why_untended(config)
    for reason in endpoints.unknown:
        yield Claim(undecided(reason), config, f"{config} may serve an endpoint that is not scaled")
    unscaled: dict[str, list[tuple[Variant, Answer]]] = {}
    for variant in hosting.variants(config):
        exempt = (
            (variant.is_serverless() & variant["ServerlessConfig.ProvisionedConcurrency"].is_absent())
            | variant["ManagedInstanceScaling.Status"].equals("ENABLED")
            | hosting.is_asynchronous(config)
        )
        # Another rule covers accelerated types: an unknown type does not suppress both.
        types = hosting.instance_types(variant)
        excused = any(
            certainly(each.test(_is_scaled_otherwise)) or (not each.texts and idling.may_be_accelerated(each))
            for each in types
        )
        assumed = [each.test(_is_scaled_otherwise) for each in types if each.texts or _is_given(each)]
        for endpoint in endpoints:
            scaled = hosting.targets_scaling(variant, endpoint, graph).exist()
            fixed = NO if excused else ~scaled & ~exempt & ~some(assumed)
            if certainly(fixed):
                unscaled.setdefault(str(endpoint), []).append((variant, fixed))
                continue
            yield Claim(
                fixed,
                variant.view,
                f"nothing scales {variant} of {endpoint}: a scalable target should name it",
                lacking=EdgeKind.SCALES,
                milder=milder,
            )
    for named, found in unscaled.items():
        # Of one configuration: a scalable target for each variant is one change.
        variants = [variant for variant, _ in found]
        yield Claim(
            every(fixed for _, fixed in found),
            variants[0].view,
            f"nothing scales {_listed(variants)} of {named}: a scalable target should name "
            f"{'it' if len(variants) == 1 else 'each'}",
            lacking=EdgeKind.SCALES,
            related=tuple((each.view, f"{each} is not scaled either") for each in variants[1:]),
            milder=milder,
        )


def _listed(variants: Sequence[Variant]) -> str:
    """How messages call some variants: `variants steady and candidate`."""
    texts = list(dict.fromkeys(map(str, variants)))
    if len(texts) == 1 or any(each.startswith("a ") for each in texts):
        return " and ".join(texts)
    names = [each.removeprefix("variant ") for each in texts]
    return f"variants {', '.join(names[:-1])} and {names[-1]}"


def _is_given(kind: View) -> bool:
    """Whether an unknown type is one of several, or known where the function is called that takes it."""
    stated = any(map(_is_scaled_otherwise, kind.texts_anywhere))
    reasons = kind.test(_is_scaled_otherwise).reasons
    return stated or any(each.endswith(JUDGED_WHERE_CALLED) for each in reasons)


def _is_scaled_otherwise(instance_type: str) -> bool:
    """Whether SageMaker cannot scale a type (ml.t2), MLC101 covers its scaling, or it is none at all."""
    if not instance_type.startswith("ml."):
        return True  # the text of a forgotten reference
    return instance_type.startswith("ml.t") or accelerator(instance_type) is not None


@rule(
    "MLR103",
    "scalable-target-without-policy",
    "high",
    practices=("MLREL05-BP01",),
    on=(SCALABLE_TARGET,),
    remedy=Remedy(
        "Add an `AWS::ApplicationAutoScaling::ScalingPolicy` with `ScalingTargetId: !Ref TARGET`.",
        "Add an `aws_appautoscaling_policy` with `resource_id = aws_appautoscaling_target.x.resource_id`.",
        "Add a `put_scaling_policy()` with the same `ResourceId` and `ScalableDimension`.",
    ),
)
def scalable_target_without_policy(target: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A SageMaker scalable target has neither a scaling policy nor a scheduled action.

    The target only sets limits. Without a policy or a schedule nothing changes the number of instances:
    the endpoint looks scaled but is not.

    The severity is medium in a program that adds a policy to the target where an option requires one.

    See [Auto scaling policy
    overview](https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-policy.html).
    """
    scheduled = target["ScheduledActions"].is_present()
    policies = scaling.policies_scaling(target, graph).exist()
    yield Claim(
        hosting.is_sagemaker_target(target) & ~scheduled & ~policies,
        target,
        f"{target} has no scaling policy and no scheduled action, so nothing ever scales it",
        milder=_OFFERED if _offers_policy(target, graph) else "",
    )


def _offers_policy(target: ResourceView, graph: GraphView) -> bool:
    """Whether the program that makes a target gives it a policy in another branch."""
    if target.resource.vocabulary.language != "python":
        return False
    return target.span.path in _optional_policies(graph)


@remembered
def _optional_policies(graph: GraphView) -> frozenset[str]:
    """The files in which scaling policies exist under a condition."""
    made = graph.graph.by_type.get(SCALING_POLICY, ())
    return frozenset(each.span.path for each in made if each.guards)


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
    """A SageMaker scalable target leaves no room to scale, or suspends scaling.

    With equal minimum and maximum, or with scaling suspended, the number of instances never changes,
    although the endpoint looks scaled.

    A minimum of 0 is reported for a real-time variant with a model of its own as well: only inference
    components and asynchronous endpoints scale to zero, and their limits are at least 1 otherwise. The
    endpoint looks as if it cost nothing when it is idle.

    The severity is low where the maximum is the default of a parameter or variable.

    Exceptions: equal limits where scheduled actions set different ones.

    See [Suspend and resume scaling for a scalable
    target](https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-suspend-resume-scaling.html),
    [Register a
    model](https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-add-policy.html) and [Scale
    an endpoint to zero
    instances](https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-zero-instances.html).
    """
    ours = hosting.is_sagemaker_target(target)
    least, most = target["MinCapacity"], target["MaxCapacity"]
    fixed = least.same_as(most) if possibly(least.is_present()) else NO
    limits = f"{least} and {most} are both {most.words}" if most.texts else f"{least} and {most} are the same"
    yield Claim(
        ours & fixed & target["ScheduledActions"].is_absent(),
        most,
        f"{target} cannot scale: {limits}; {most} should be higher",
        milder=_BY_DEFAULT if most.value.assumed else "",
    )
    for key, what in _SUSPENSIONS.items():
        suspended = target["SuspendedState"][key]
        yield Claim(
            ours & suspended.is_true(),
            suspended,
            f"{target} suspends {what}: {suspended} is true and should be false",
            fix=set_to(suspended, False, risk="the number of instances changes with the load again"),
        )
    empty = ours & least.equals(0) & target["ScalableDimension"].equals(_INSTANCES)
    if possibly(empty):
        kept = graph.targets(target, EdgeKind.SCALES, ENDPOINT).any(
            lambda endpoint: hosting.config_of(endpoint, graph).any(idling.keeps_an_instance)
        )
        message = (
            f"{target} cannot scale to zero: {least} is 0, and a real-time variant with a model of its own"
        )
        message = f"{message} keeps one instance"
        yield Claim(empty & kept, least, message, remedy=_COMPONENTS)


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

    Registering the target fails, or, if the variant existed once, the variant that serves is not scaled.

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
