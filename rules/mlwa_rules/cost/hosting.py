"""Cost of endpoints: capacity that nobody uses, and endpoints that could be one."""

from collections.abc import Callable, Iterator

from mlwa_lint.graph.instances import accelerator
from mlwa_lint.graph.kinds import ENDPOINT_CONFIG
from mlwa_lint.graph.queries import deployment, hosting
from mlwa_lint.graph.queries.hosting import Variant
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView, View
from mlwa_lint.model.answers import Answer, certainly, every, possibly
from mlwa_lint.rule import Mistake, Remedy, rule
from mlwa_lint.tuples import NamedTuple

_MANY = 3


@rule(
    "MLC101",
    "accelerated-endpoint-always-on",
    "medium",
    practices=("MLCOST05-BP01", "MLCOST06-BP03", "MLSUS03-BP01"),
    on=(ENDPOINT_CONFIG,),
    remedy=Remedy(
        "Add a scalable target for the variant with `MinCapacity` below `MaxCapacity`.",
        "Add an `aws_appautoscaling_target` for the variant with `min_capacity` below `max_capacity`.",
    ),
)
def accelerated_endpoint_always_on(config: ResourceView, graph: GraphView) -> Iterator[Mistake]:
    """A variant on accelerated instances never gives one back.

    GPUs and Inferentia are the most expensive instances; without scaling that lowers their number they run
    at night and on weekends as if it were noon.

    Scaling counts when a scalable target of the variant has MinCapacity below MaxCapacity, or scheduled
    actions, and when ManagedInstanceScaling is ENABLED. An asynchronous endpoint may go down to 0. Silent
    for configurations that no endpoint of the project uses.

    See [Automatic scaling of Amazon SageMaker AI
    models](https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling.html).
    """
    endpoints = hosting.endpoints_of(config, graph)
    for variant in hosting.variants(config):
        managed = variant["ManagedInstanceScaling.Status"].equals("ENABLED")
        fixed = endpoints.any(_never_shrinks(variant, graph))
        for view in hosting.instance_types(variant):
            yield Mistake(
                view.test(lambda text: accelerator(text) is not None) & fixed & ~managed,
                view,
                f"{config} keeps {variant} on {view.text} day and night: a scalable target should lower the "
                "number of instances when there are few requests",
            )


def _never_shrinks(variant: Variant, graph: GraphView) -> Callable[[ResourceView], Answer]:
    """A question to an endpoint: whether nothing lowers the number of a variant's instances."""

    def asked(endpoint: ResourceView) -> Answer:
        return ~hosting.targets_scaling(variant, endpoint, graph).any(hosting.lowers_capacity)

    return asked


@rule(
    "MLC102",
    "async-endpoint-never-scales-to-zero",
    "medium",
    practices=("MLCOST05-BP01",),
    on=(ENDPOINT_CONFIG,),
    remedy=Remedy(
        "Add a scalable target for the variant with `MinCapacity: 0`.",
        "Add an `aws_appautoscaling_target` for the variant with `min_capacity = 0`.",
    ),
)
def async_endpoint_never_scales_to_zero(config: ResourceView, graph: GraphView) -> Iterator[Mistake]:
    """An asynchronous endpoint keeps instances when its queue is empty.

    Asynchronous inference is the one kind of hosting on instances that needs none while there is nothing
    to do: requests wait until one has started.

    A scalable target with MinCapacity 0 counts, and one whose scheduled actions set it. Silent for
    configurations that no endpoint of the project uses.

    See [Autoscale an asynchronous
    endpoint](https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-autoscale.html).
    """
    waiting = hosting.is_asynchronous(config)
    endpoints = hosting.endpoints_of(config, graph)
    for variant in hosting.variants(config):
        targets = [target for each in endpoints for target in hosting.targets_scaling(variant, each, graph)]
        place = targets[0]["MinCapacity"] if targets else variant.view
        advice = f"{place} is {place.text} and should be 0"
        if not targets:
            advice = "a scalable target should have 0 as minimum"
        yield Mistake(
            waiting & ~variant.is_serverless() & endpoints.any(_never_empties(variant, graph)),
            place,
            f"{config} keeps instances for {variant} when there are no requests: {advice}",
            related=((config["AsyncInferenceConfig"], "the endpoint is asynchronous"),),
        )


def _never_empties(variant: Variant, graph: GraphView) -> Callable[[ResourceView], Answer]:
    """A question to an endpoint: whether nothing takes the last instance of a variant away."""

    def asked(endpoint: ResourceView) -> Answer:
        return ~hosting.targets_scaling(variant, endpoint, graph).any(_reaches_zero)

    return asked


def _reaches_zero(target: ResourceView) -> Answer:
    scheduled = target["ScheduledActions"].any_item(
        lambda action: action["ScalableTargetAction.MinCapacity"].equals(0)
    )
    return target["MinCapacity"].equals(0) | scheduled


class _Single(NamedTuple):
    """A configuration with one variant that runs one container on instances."""

    config: ResourceView
    type: View
    image: View
    served: Answer


def _single(config: ResourceView, graph: GraphView) -> _Single | None:
    variants = config["ProductionVariants"].known_items()
    if len(variants) != 1 or certainly(variants[0]["InstanceType"].is_absent()):
        return None
    models = list(hosting.model_of(Variant(config, variants[0], shadow=False), graph))
    images = hosting.images_of(models[0]) if len(models) == 1 else []
    if len(images) != 1:
        return None
    plain = ~deployment.is_multi_model(config, graph)
    served = hosting.endpoints_of(config, graph).exist() & plain
    return _Single(config, variants[0]["InstanceType"], images[0], served)


def _others(mine: _Single, graph: GraphView) -> Iterator[_Single]:
    """The other configurations, but for those that are certainly of another type of instance."""
    for other in graph.of_type(ENDPOINT_CONFIG):
        if other == mine.config:
            continue
        types = [each["InstanceType"] for each in other["ProductionVariants"].known_items()]
        if len(types) == 1 and possibly(types[0].same_as(mine.type)):
            single = _single(other, graph)
            if single is not None:
                yield single


def _alike(one: _Single, other: _Single) -> Answer:
    """Whether two configurations run the same image on the same type of instance, both for an endpoint."""
    return every((one.served, other.served, one.type.same_as(other.type), one.image.same_as(other.image)))


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
def many_single_model_endpoints(config: ResourceView, graph: GraphView) -> Iterator[Mistake]:
    """Three or more endpoints run one model each on the same type of instance and image.

    Each pays for instances of its own that idle most of the time. A multi-model endpoint, or inference
    components on one endpoint, share instances among the models.

    An endpoint counts with one variant on instances, one container, and a model that is not multi-model
    itself. The finding is reported at each of the endpoints' configurations, and names the others.

    See [Multi-model endpoints](https://docs.aws.amazon.com/sagemaker/latest/dg/multi-model-endpoints.html).
    """
    mine = _single(config, graph)
    if mine is None:
        return
    alike = [(other, _alike(mine, other)) for other in _others(mine, graph)]
    certain = [other for other, each in alike if certainly(each)]
    uncertain = [each for _, each in alike if possibly(each) and not certainly(each)]
    missing = _MANY - 1 - len(certain)
    if missing > len(uncertain):
        return
    # All that may be alike would have to be, as far as they are needed.
    many = every((mine.served, *uncertain[: max(missing, 0)]))
    kind = mine.type.text or "the same type of instance"
    yield Mistake(
        many,
        mine.type,
        f"{config} is one of {len(certain) + 1} configurations that run one model each on {kind} with "
        "the same image: one endpoint should serve them together",
        related=tuple((other.type, "another one") for other in certain),
    )
