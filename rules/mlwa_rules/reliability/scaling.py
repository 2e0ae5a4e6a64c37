"""Reliability of endpoints: enough instances, and scaling that works."""

from collections.abc import Iterable, Iterator
from functools import partial

from mlwa_lint.graph.kinds import (
    ENDPOINT,
    ENDPOINT_CONFIG,
    INFERENCE_COMPONENT,
    SCALABLE_TARGET,
    SCALING_POLICY,
)
from mlwa_lint.graph.machines.instances import accelerator
from mlwa_lint.graph.queries import deployment, hosting, idling, purposes, scaling
from mlwa_lint.model.report import KEEPS_SEVERAL
from mlwa_lint.model.resources import ALONE
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import known_text
from mlwa_lint.rule import (
    NO,
    Answer,
    Claim,
    EdgeKind,
    GraphView,
    Remedy,
    ResourceView,
    certainly,
    possibly,
    rule,
    set_to,
    some,
    undecided,
)

_OFFERED = "another branch of the program adds a policy"
_BY_DEFAULT = "its maximum is a default, which whoever deploys it may set"
_TO_ZERO = "the project scales it to zero"
_IDLE = "MLC101 reports that its one accelerated instance never rests"
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
    "MLR101",
    "single-instance-endpoint",
    "medium",
    concern="production",
    practices=("MLREL05-BP01", "MLREL04-BP02"),
    on=(ENDPOINT_CONFIG, INFERENCE_COMPONENT),
    remedy=Remedy("Set `InitialInstanceCount: 2`.", "Set `initial_instance_count = 2`."),
    controls=("SageMaker.4", "sagemaker_endpoint_config_prod_variant_instances"),
)
def single_instance_endpoint(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A real-time variant starts with fewer than two instances, or an inference component with one copy.

    With a single instance, an outage of its Availability Zone or a failure of the instance takes the
    endpoint down. SageMaker spreads two or more instances over several zones.

    A variant that hosts inference components is not checked itself: its components are, by
    `RuntimeConfig.CopyCount`.

    The severity is info where a scalable target with MinCapacity 0 lets a component run on nothing (a
    variant with a model of its own keeps one instance: see MLR104), and low where all that leads to the
    endpoint are queues and state machines, which repeat a failed request. An endpoint that
    need not respond around the clock should do so rather than have a second instance: where MLC101 reports
    one accelerated instance in an example, a test, an environment for development, or a program whose
    endpoint nothing shows to be operated, the severity is info. So it is for what a program makes, where
    nothing in the project shows that anything depends on the endpoint; it is low where something does, and
    nothing shows that it is operated (a name or an option for production, an event or continuous integration
    that runs the program, several instances, alarms, scaling, monitors). In templates and Terraform it is low
    where the repository has documents or programs, and nothing in it shows that the project is operated.

    Exceptions: serverless, asynchronous and shadow variants, and variants whose scaling keeps at least two
    instances: a scalable target with MinCapacity 2 at every endpoint that uses the configuration, or
    ManagedInstanceScaling with MinInstanceCount 2. For a component, a scalable target with MinCapacity 2.
    Undecided where another program of the project updates the endpoint, or where another one or a template
    keeps two or more instances of an endpoint that may be this one.

    See [Best practices for deploying models on SageMaker AI Hosting
    Services](https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-best-practices.html).
    """
    if resource.type == INFERENCE_COMPONENT:
        yield _single_copy(resource, graph)
        return
    placed = hosting.has_components(resource, graph)
    rests = idling.may_rest(resource, graph)
    unused = idling.why_unused(resource)
    endpoints = list(hosting.endpoints_of(resource, graph))
    resting = _why_resting(endpoints, graph)
    claims: dict[Span | int, Claim] = {}
    for position, variant in enumerate(hosting.variants(resource)):
        count = variant["InitialInstanceCount"]
        types = hosting.instance_types(variant)
        idle = rests and any(idling.rests_elsewhere(each, variant, graph) for each in types)
        exempt = (
            variant.is_serverless()
            | hosting.is_asynchronous(resource)
            | hosting.keeps_at_least(variant, 2, graph)
            | hosting.may_be_updated(resource)
            | (variant["ModelName"].is_absent() & placed)
        )
        needless = unused or resting or (_IDLE if idle else "")
        claim = Claim(
            count.less_than(2, default=1) & ~exempt,
            count,
            f"{resource} starts {variant} with {count.words or 1} instance: {count} should be 2 or more",
            "info" if needless else None,
            fix=set_to(count, 2, risk="a second instance costs as much as the first one"),
            lacking=KEEPS_SEVERAL,
            milder=needless or _why_repeated(endpoints, graph) or _why_untended(resource, graph),
        )
        # What several variants of a program take from one place is one edit: the last one stands for them.
        place = count.span if resource.language == "python" else position
        if place not in claims or possibly(claim.answer):
            claims[place] = claim
    yield from claims.values()


def _why_repeated(endpoints: Iterable[ResourceView], graph: GraphView) -> str:
    """Why one instance may suffice for a configuration: all requests to its endpoints are retried."""
    reasons = [deployment.why_repeated(each, graph) for each in endpoints]
    return reasons[0] if reasons and all(reasons) else ""


def _why_untended(config: ResourceView, graph: GraphView) -> str:
    """Why production hardly depends on an endpoint that may be invoked; empty where something operates it."""
    if config.language == "python":
        return idling.why_untended(config)
    return purposes.why_unoperated(graph)


def _why_resting(scaled: Iterable[ResourceView], graph: GraphView) -> str:
    """Why one instance or copy is meant: all that is scaled runs on none at times; empty elsewhere.

    A variant with a model of its own keeps one instance whatever its limits are, as MLR104 reports.
    """
    scaled = list(scaled)
    kept = (hosting.config_of(each, graph).any(_keeps_an_instance) for each in scaled)
    if any(map(certainly, kept)):
        return ""
    resting = [deployment.scales_to_zero(each, graph) for each in scaled]
    return _TO_ZERO if resting and all(resting) else ""


def _single_copy(component: ResourceView, graph: GraphView) -> Claim:
    copies = component["RuntimeConfig.CopyCount"]
    targets = graph.sources(component, EdgeKind.SCALES, SCALABLE_TARGET)
    scaled = targets.any(lambda target: target["MinCapacity"].at_least(2))
    # What is placed on a base component (a LoRA adapter) runs where that one does.
    adapter = component["Specification.BaseInferenceComponentName"].is_present()
    wrong = copies.less_than(2, default=1) & ~scaled & ~adapter
    message = f"{component} starts with {copies.words or 1} copy of its model"
    remedy = Remedy("Set `RuntimeConfig: {CopyCount: 2}`.", "Set `runtime_config = { copy_count = 2 }`.")
    resting = _why_resting([component], graph)
    host = idling.only_instance_of(component, graph)
    if host is not None:
        idle = idling.may_rest(host.config, graph) and any(
            idling.rests_elsewhere(each, host, graph) for each in hosting.instance_types(host)
        )
        unused = idling.why_unused(host.config)
        place = host["InitialInstanceCount"]
        needless = unused or resting or (_IDLE if idle else "")
        return Claim(
            wrong,
            copies,
            f"{message}, on one instance: {copies} and {place} should be 2 or more",
            "info" if needless else None,
            remedy=remedy,
            related=((place, "the instance"),),
            milder=needless,
        )
    return Claim(
        wrong,
        copies,
        f"{message}: {copies} should be 2 or more",
        "info" if resting else None,
        remedy=remedy,
        fix=set_to(copies, 2, risk="a second copy may need another instance"),
        milder=resting,
    )


@rule(
    "MLR102",
    "endpoint-without-autoscaling",
    "medium",
    concern="deployment",
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
    leaves out (`count = var.scaled ? 1 : 0`), and where nothing shows that the project is operated. It is
    info for an endpoint of a program where nothing in the project shows that anything depends on it, or that
    it is operated.

    Exceptions: serverless variants without provisioned concurrency; shadow variants; variants with
    ManagedInstanceScaling ENABLED; burstable instances (ml.t2), which SageMaker does not scale;
    asynchronous endpoints (see MLC102); accelerated instances (see MLC101); what is no instance type of
    endpoints (see MLR120); and configurations that no endpoint of the project uses.

    See [Automatic scaling of Amazon SageMaker AI
    models](https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling.html).
    """
    endpoints = hosting.endpoints_of(config, graph)
    milder = purposes.why_left_out(graph, SCALABLE_TARGET) or config.attributes[ALONE].text or ""
    milder = milder or _why_untended(config, graph)
    for reason in endpoints.unknown:
        yield Claim(undecided(reason), config, f"{config} may serve an endpoint that is not scaled")
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
        assumed = [each.test(_is_scaled_otherwise) for each in types if each.texts]
        for endpoint in endpoints:
            scaled = hosting.targets_scaling(variant, endpoint, graph).exist()
            yield Claim(
                NO if excused else ~scaled & ~exempt & ~some(assumed),
                variant.view,
                f"nothing scales {variant} of {endpoint}: a scalable target should name it",
                lacking=EdgeKind.SCALES,
                milder=milder,
            )


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
    made = graph.graph.by_type.get(SCALING_POLICY, ())
    return any(each.guards and each.span.path == target.span.path for each in made)


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
            lambda endpoint: hosting.config_of(endpoint, graph).any(_keeps_an_instance)
        )
        message = (
            f"{target} cannot scale to zero: {least} is 0, and a real-time variant with a model of its own"
        )
        message = f"{message} keeps one instance"
        yield Claim(empty & kept, least, message, remedy=_COMPONENTS)


def _keeps_an_instance(config: ResourceView) -> Answer:
    """Whether the variants of a configuration can only be scaled down to one instance."""
    variants = config["ProductionVariants"]
    own = variants.is_present() & variants.every_item(lambda each: each["ModelName"].is_present())
    return own & ~hosting.is_asynchronous(config)


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
