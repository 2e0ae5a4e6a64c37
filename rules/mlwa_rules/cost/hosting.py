"""Cost of endpoints: capacity that nobody uses, and endpoints that could be one."""

from collections.abc import Callable, Iterator

from mlwa_lint.graph.kinds import ENDPOINT_CONFIG
from mlwa_lint.graph.machines.instances import accelerator
from mlwa_lint.graph.memo import remembered
from mlwa_lint.graph.queries import deployment, hosting
from mlwa_lint.graph.queries.hosting import Variant
from mlwa_lint.model.values import Reference, Unknown, known_text
from mlwa_lint.rule import (
    Answer,
    Claim,
    GraphView,
    Remedy,
    Resolved,
    ResourceView,
    View,
    certainly,
    every,
    possibly,
    rule,
    same_value,
)
from mlwa_lint.startup.records import NamedTuple

_MANY = 3
_NAMED = 10


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
def accelerated_endpoint_always_on(config: ResourceView, graph: GraphView) -> Iterator[Claim]:
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
            yield Claim(
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
def async_endpoint_never_scales_to_zero(config: ResourceView, graph: GraphView) -> Iterator[Claim]:
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
        yield Claim(
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

    address: str
    type: Resolved
    image: Resolved
    served: Answer

    @property
    def outline(self) -> tuple[object, object] | None:
        """What is certainly the same for those that are alike; None where nothing about it is certain."""
        kind, image = _outline(self.type), _outline(self.image)
        if kind is None or image is None or self.served.assumed or not certainly(self.served):
            return None
        return kind, image


def _outline(value: Resolved) -> object:
    """Values with equal outlines are the same at deployment."""
    if value.assumed:
        return None
    if isinstance(value, Reference):
        return value.address, value.attribute
    if isinstance(value, Unknown):
        return (value.identity,) if value.identity else None
    return known_text(value)


class _Singles(NamedTuple):
    """Those of a project by address, and in groups that are certainly alike.

    plain: groups of which all is known as text: two of them are certainly not alike.
    loose: those of which nothing is certain.
    """

    by_address: dict[str, _Single]
    plain: dict[object, list[_Single]]
    others: dict[object, list[_Single]]
    loose: list[_Single]

    def to_compare(self, single: _Single) -> Iterator[list[_Single]]:
        """The groups of which others may be like one: first those that may certainly be."""
        outline = single.outline
        own = self.plain.get(outline) or self.others.get(outline) or []
        yield from ([each] for each in self.loose)
        if own:
            yield own
        yield from (group for group in self.others.values() if group is not own)
        if outline not in self.plain:
            yield from self.plain.values()


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
    return _Single(config.address, variants[0]["InstanceType"].value, images[0].value, served)


@remembered
def _singles(graph: GraphView) -> _Singles:
    found = [single for config in graph.of_type(ENDPOINT_CONFIG) if (single := _single(config, graph))]
    singles = _Singles({each.address: each for each in found}, {}, {}, [])
    for each in found:
        outline = each.outline
        if outline is None:
            singles.loose.append(each)
        else:
            groups = singles.plain if all(isinstance(part, str) for part in outline) else singles.others
            groups.setdefault(outline, []).append(each)
    return singles


def _alike(one: _Single, other: _Single) -> Answer:
    """Whether two configurations run the same image on the same type of instance, both for an endpoint."""
    types, images = same_value(one.type, other.type), same_value(one.image, other.image)
    return every((one.served, other.served, types, images))


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

    Each pays for instances of its own that idle most of the time. A multi-model endpoint, or inference
    components on one endpoint, share instances among the models.

    An endpoint counts with one variant on instances, one container, and a model that is not multi-model
    itself. The finding is reported at each of the endpoints' configurations, and names the others.

    See [Multi-model endpoints](https://docs.aws.amazon.com/sagemaker/latest/dg/multi-model-endpoints.html).
    """
    singles = _singles(graph)
    mine = singles.by_address.get(config.address)
    if mine is None:
        return
    certain: list[str] = []
    uncertain: list[Answer] = []
    outline = mine.outline
    for group in singles.to_compare(mine):
        if len(uncertain) >= _MANY and outline is not None and group[0].outline not in (None, outline):
            break  # all that follow are not certainly alike, and more of them are not needed
        others = [each.address for each in group if each is not mine]
        alike = _alike(mine, group[0])
        if certainly(alike):
            certain += others
        elif possibly(alike) and len(uncertain) < _MANY:
            uncertain += [alike] * min(len(others), _MANY)
    missing = _MANY - 1 - len(certain)
    if missing > len(uncertain):
        return
    # All that may be alike would have to be, as far as they are needed.
    many = every((mine.served, *uncertain[: max(missing, 0)]))
    place = config["ProductionVariants"].known_items()[0]["InstanceType"]
    kind = place.text or "the same type of instance"
    yield Claim(
        many,
        place,
        f"{config} is one of {len(certain) + 1} configurations that run one model each on {kind} with "
        "the same image: one endpoint should serve them together",
        related=tuple(_related(certain, graph)),
    )


def _related(addresses: list[str], graph: GraphView) -> Iterator[tuple[View, str]]:
    """The first few others, where they say the type of instance."""
    in_order = sorted(map(graph.resource, addresses), key=lambda config: config.span)
    for config in in_order[:_NAMED]:
        yield config["ProductionVariants"].known_items()[0]["InstanceType"], "another one"
