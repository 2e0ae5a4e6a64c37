"""Cost of endpoints: unused capacity, and endpoints that could share instances."""

from collections.abc import Callable, Iterator

from mlwa_lint.graph.kinds import ENDPOINT_CONFIG
from mlwa_lint.graph.queries import hosting, idling, purposes, single_models
from mlwa_lint.graph.queries.hosting import Variant
from mlwa_lint.model.resources import PRICED
from mlwa_lint.rule import (
    YES,
    Answer,
    Claim,
    EdgeKind,
    GraphView,
    Remedy,
    ResourceView,
    certainly,
    rule,
    some,
)

_TO_ZERO = Remedy(
    "Use an inference component that scales to zero (`ManagedInstanceScaling: {Status: ENABLED, "
    "MinInstanceCount: 0}`), asynchronous inference, or a schedule that deletes the endpoint.",
    "Use an inference component that scales to zero (`managed_instance_scaling` with "
    "`min_instance_count = 0`), asynchronous inference, or a schedule that destroys the endpoint.",
)
_SCALED_TYPE = Remedy(
    "Use a type such as `ml.c6i.large`, and add a scalable target for the variant with `MinCapacity: 0`.",
    "Use a type such as `ml.c6i.large`, and add an `aws_appautoscaling_target` with `min_capacity = 0`.",
)
_FIXED = (
    "a scalable target should lower the number of instances when there are few requests, and raise it when "
    "there are many"
)
_SINGLE = (
    "one instance cannot be scaled in; unless it must respond around the clock, it should scale to zero or "
    "wait for requests"
)
_SHOWN = "its project is an example"
_ALONE = "MLR101 requires a second instance of what production may depend on"


@rule(
    "MLC101",
    "accelerated-endpoint-always-on",
    "medium",
    concern="cost",
    practices=("MLCOST05-BP01", "MLCOST06-BP03", "MLSUS03-BP01"),
    on=(ENDPOINT_CONFIG,),
    remedy=Remedy(
        "Add a scalable target for the variant with `MinCapacity` below `MaxCapacity`.",
        "Add an `aws_appautoscaling_target` for the variant with `min_capacity` below `max_capacity`.",
    ),
)
def accelerated_endpoint_always_on(config: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """An accelerated variant never scales in.

    GPU and Inferentia instances are the most expensive ones. Without scaling that lowers their number, they
    run at night and on weekends at full capacity.

    Scaling counts when a scalable target of the variant has MinCapacity below MaxCapacity, or scheduled
    actions, and when ManagedInstanceScaling is ENABLED. What nothing scales is also too small at peak load,
    which MLR102 does not repeat.

    A single instance cannot be scaled in, as a variant with a model of its own keeps one. What ends its cost
    are inference components, which scale to zero, asynchronous inference, or a schedule. Where the endpoint
    must always respond, it needs a second one instead, which MLR101 reports: the severity is info there. It
    is low in examples, tests, environments for development, and in programs where nothing shows that the
    endpoint is operated (a name or an option for production, continuous integration, alarms, scaling,
    monitors); there MLR101 is info. It is one less where a document of the repository states prices by the
    month, and that of the instance type: what it costs to keep it is known.

    Exceptions: asynchronous endpoints (see MLC102), and configurations that no endpoint of the project uses.

    See [Automatic scaling of Amazon SageMaker AI
    models](https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling.html) and [Scale an endpoint
    to zero instances](https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-zero-instances.html).
    """
    rests = idling.may_rest(config, graph)
    priced = config.attributes[PRICED].text or ""
    for variant in hosting.variants(config):
        single = idling.is_single(variant)
        for view in hosting.instance_types(variant):
            what = f"one {view.words}" if single else view.words
            yield Claim(
                idling.never_rests(view, variant, graph),
                view,
                f"{config} keeps {variant} on {what} day and night: {_SINGLE if single else _FIXED}",
                "low" if single else None,
                remedy=_TO_ZERO if single else None,
                lacking=EdgeKind.SCALES,
                milder=priced if rests or not single else _ALONE,
            )


@rule(
    "MLC102",
    "async-endpoint-never-scales-to-zero",
    "medium",
    concern="cost",
    practices=("MLCOST05-BP01",),
    on=(ENDPOINT_CONFIG,),
    remedy=Remedy(
        "Add a scalable target for the variant with `MinCapacity: 0`.",
        "Add an `aws_appautoscaling_target` for the variant with `min_capacity = 0`.",
    ),
)
def async_endpoint_never_scales_to_zero(config: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """An asynchronous endpoint keeps instances when its queue is empty.

    Asynchronous inference can run without any instance while there is no work: requests wait in the queue
    until one has started.

    A scalable target with MinCapacity 0 counts, and one whose scheduled actions set it; also one of the
    namespace `custom-resource`, whose program scales the endpoints that its scaling policy has metrics of.
    On burstable instances (ml.t2), which SageMaker does not scale, it is of severity low, as it is for one
    instance in an example or a test, where MLC101 is low as well: it costs until someone deletes it.

    Exceptions: configurations that no endpoint of the project uses.

    See [Autoscale an asynchronous
    endpoint](https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-autoscale.html).
    """
    waiting = hosting.is_asynchronous(config)
    endpoints = hosting.endpoints_of(config, graph)
    # Programs weigh by what they are for costs anyway.
    shown = config.language != "python" and purposes.is_shown(graph)
    for variant in hosting.variants(config):
        targets = [target for each in endpoints for target in hosting.targets_scaling(variant, each, graph)]
        place = targets[0]["MinCapacity"] if targets else variant.view
        advice = f"{place} is {place.words} and should be 0"
        if not targets:
            advice = "a scalable target should set MinCapacity 0"
        burstable = some(kind.matches(r"^ml\.t\d") for kind in hosting.instance_types(variant))
        fixed = certainly(burstable)
        if fixed:
            advice = "SageMaker does not scale burstable instances"
        yield Claim(
            waiting
            & ~variant.is_serverless()
            & endpoints.any(_never_empties(variant, graph))
            & (burstable if fixed else YES),
            place,
            f"{config} keeps instances for {variant} when there are no requests: {advice}",
            "low" if fixed else None,
            milder=_SHOWN if shown and not fixed and idling.is_single(variant) else "",
            remedy=_SCALED_TYPE if fixed else None,
            related=((config["AsyncInferenceConfig"], "the endpoint is asynchronous"),),
            lacking=EdgeKind.SCALES,
        )


def _never_empties(variant: Variant, graph: GraphView) -> Callable[[ResourceView], Answer]:
    """A question to an endpoint: whether nothing takes the last instance of a variant away."""

    def is_fixed(endpoint: ResourceView) -> Answer:
        return ~hosting.targets_scaling(variant, endpoint, graph).any(_reaches_zero)

    return is_fixed


def _reaches_zero(target: ResourceView) -> Answer:
    scheduled = target["ScheduledActions"].any_item(
        lambda action: action["ScalableTargetAction.MinCapacity"].equals(0)
    )
    return target["MinCapacity"].equals(0) | scheduled


@rule(
    "MLC103",
    "many-single-model-endpoints",
    "info",
    practices=("MLSUS05-BP04", "MLCOST05-BP01"),
    on=(ENDPOINT_CONFIG,),
    remedy=Remedy(
        "Host the models together: `Mode: MultiModel` in one model, or inference components.",
        'Host the models together: `mode = "MultiModel"` in one model.',
    ),
)
def many_single_model_endpoints(config: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """Three or more endpoints run one model each on the same type of instance and image.

    Each endpoint has instances of its own, which are idle most of the time. A multi-model endpoint, or
    inference components on one endpoint, share instances among models.

    An endpoint counts if it has one variant on instances, one container, and a model that is not
    multi-model itself. The finding is reported at each of the endpoint configurations and names the others.

    See [Multi-model endpoints](https://docs.aws.amazon.com/sagemaker/latest/dg/multi-model-endpoints.html).
    """
    look = single_models.alike(config, graph)
    if look is None:
        return
    place = single_models.instance_type_of(config)
    kind = place.words or "the same type of instance"
    yield Claim(
        look.many,
        place,
        f"{config} is one of {look.number + 1} configurations that each run one model on {kind} with "
        "the same image: one endpoint should serve them together",
        related=tuple((single_models.instance_type_of(each), "another one") for each in look.others),
    )
