"""Reliability of endpoints with several variants: fair tests, and no idle variants."""

from collections.abc import Iterator
from itertools import combinations

from mlwa_lint.graph.kinds import ENDPOINT_CONFIG
from mlwa_lint.graph.queries import hosting
from mlwa_lint.graph.queries.deployment import TrafficSplit, has_traffic
from mlwa_lint.graph.queries.hosting import Variant
from mlwa_lint.rule import (
    NO,
    YES,
    Answer,
    Change,
    Claim,
    GraphView,
    Remedy,
    ResourceView,
    View,
    possibly,
    rule,
    set_to,
    some,
)

# AWS takes 10 variants; of more than that not all are compared with all others.
_COMPARED = 20


@rule(
    "MLR110",
    "unbalanced-ab-variants",
    "medium",
    practices=("MLREL04-BP02",),
    on=(ENDPOINT_CONFIG,),
    remedy=Remedy(
        "Give all variants the same `InitialVariantWeight`, or one of them 20 percent at most.",
        "Give all variants the same `initial_variant_weight`, or one of them 20 percent at most.",
    ),
)
def unbalanced_ab_variants(config: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """An A/B test starts with unequal weights.

    A comparison needs equal traffic on both sides. A split that is neither even nor a canary is usually a
    mistake, and takes longer to show a difference.

    A variant without a weight counts as 1, and weights of 0 do not count. Weights that differ only by
    rounding (33, 33 and 34) are equal.

    Exceptions: canaries, where exactly one variant has at most 20 percent of the traffic.

    See [Testing models with production
    variants](https://docs.aws.amazon.com/sagemaker/latest/dg/model-ab-testing.html).
    """
    split = TrafficSplit(config)
    weights = [share.variant["InitialVariantWeight"] for share in split.shares]
    listed = config["ProductionVariants"]
    first = split.shares[0].weight if split.shares else 0
    differing = [each for share, each in zip(split.shares, weights, strict=True) if share.weight != first]
    shares = ", ".join(
        f"{share.variant['VariantName'].words or '?'}: {share.weight:g}" for share in split.shares
    )
    yield Claim(
        split.is_ab_test() & ~split.is_even(),
        differing[0] if differing else listed,
        f"{config} divides the traffic of an A/B test unequally ({shares}): "
        f"{weights[0] if weights else listed} should be the same for all variants",
    )


@rule(
    "MLR111",
    "ab-variants-on-different-instances",
    "medium",
    practices=("MLREL04-BP02",),
    on=(ENDPOINT_CONFIG,),
    remedy=Remedy(
        "Give the variants the same `InstanceType` and `InitialInstanceCount`.",
        "Give the variants the same `instance_type` and `initial_instance_count`.",
    ),
)
def ab_variants_on_different_instances(config: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """Variants that share traffic run on different instances.

    A difference in latency or errors then says as much about the instances as about the models.

    The instance type must be the same for all variants with traffic; the number of instances only in an A/B
    test, because a canary needs fewer.

    See [Testing models with production
    variants](https://docs.aws.amazon.com/sagemaker/latest/dg/model-ab-testing.html).
    """
    tested = TrafficSplit(config).is_ab_test()
    sharing = [each for each in hosting.variants(config) if possibly(has_traffic(each))]
    for other in sharing[1:]:
        first = sharing[0]
        both = has_traffic(first) & has_traffic(other)
        for key, needed in (("InstanceType", YES), ("InitialInstanceCount", tested)):
            mine, theirs = other[key], first[key]
            yield Claim(
                both & needed & ~mine.same_as(theirs),
                mine,
                f"{config} compares {other} with {first} on different instances: {mine} is "
                f"{mine.words or 'absent'} and should be {theirs.words or 'absent'} as for {first}",
                fix=_made_alike(mine, theirs),
            )


def _made_alike(mine: View, theirs: View) -> Change | None:
    """One variant's instances as another's, where those are known."""
    number = theirs.number
    value = theirs.text if number is None else int(number)
    return None if value is None else set_to(mine, value, risk="other instances cost otherwise")


@rule(
    "MLR112",
    "variant-without-traffic",
    "high",
    practices=("MLREL04-BP02",),
    on=(ENDPOINT_CONFIG,),
    remedy=Remedy(
        "Set `InitialVariantWeight` above 0, or remove the variant.",
        "Set `initial_variant_weight` above 0, or remove the variant.",
    ),
)
def variant_without_traffic(config: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A variant gets no traffic.

    Its instances cost money and serve no requests. To try a new model on real requests without returning its
    responses, use a shadow variant.

    The severity is high where no variant gets any, so that the endpoint serves nothing, and medium where
    others do: a variant may be parked for a while.

    Exceptions: serverless variants beside others, which cost nothing without requests.

    See [Testing models with production
    variants](https://docs.aws.amazon.com/sagemaker/latest/dg/model-ab-testing.html).
    """
    variants = hosting.variants(config)
    listed = config["ProductionVariants"]
    none_at_all = listed.is_present() & listed.every_item(lambda view: view["InitialVariantWeight"].equals(0))
    for position, variant in enumerate(variants):
        weight = variant["InitialVariantWeight"]
        others = some(has_traffic(other) for other in variants if other is not variant)
        yield Claim(
            weight.equals(0) & others & variant.is_provisioned(),
            weight,
            f"{config} sends no requests to {variant}, whose instances run nevertheless: {weight} is 0",
            "medium",
        )
        if position == 0:
            yield Claim(
                none_at_all,
                weight,
                f"{config} sends requests to no variant: {weight} is 0 for all and should be above 0",
            )


@rule(
    "MLR113",
    "ab-test-of-identical-models",
    "medium",
    practices=("MLREL04-BP02",),
    on=(ENDPOINT_CONFIG,),
    remedy=Remedy(
        "Give each variant a `ModelName` of its own, or keep one variant.",
        "Give each variant a `model_name` of its own, or keep one variant.",
    ),
)
def ab_test_of_identical_models(config: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """Two variants with traffic host the same model on the same type of instance.

    The test compares a model with itself. For more capacity, one variant with more instances is enough, and
    scales as a whole.

    See [Testing models with production
    variants](https://docs.aws.amazon.com/sagemaker/latest/dg/model-ab-testing.html).
    """
    for first, other in combinations(hosting.variants(config)[:_COMPARED], 2):
        model = other["ModelName"]
        same = _same_model(first, other, graph) & first["InstanceType"].same_as(other["InstanceType"])
        yield Claim(
            has_traffic(first) & has_traffic(other) & same,
            model,
            f"{config} compares {other} with {first}, but both host the same model on the same type of "
            f"instance: {model} should name a different one",
        )


def _same_model(first: Variant, other: Variant, graph: GraphView) -> Answer:
    """Whether two variants host the same model, by whatever way they name it."""
    names = first["ModelName"], other["ModelName"]
    if not all(possibly(name.is_present()) for name in names):
        return NO  # inference components bring their models with them
    linked = [set(hosting.model_of(each, graph)) for each in (first, other)]
    if all(linked):
        return YES if linked[0] & linked[1] else NO
    return names[0].same_as(names[1])


@rule(
    "MLR114",
    "implicit-variant-weight",
    "low",
    practices=("MLREL04-BP02",),
    on=(ENDPOINT_CONFIG,),
    remedy=Remedy(
        "Set `InitialVariantWeight: 0.5` for every variant.",
        "Set `initial_variant_weight = 0.5` for every variant.",
    ),
)
def implicit_variant_weight(config: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """One of several variants does not state its weight.

    A variant without a weight counts as 1. Next to a weight of 50 that is 2 percent, next to 0.5 it is twice
    as much: the split is not visible without knowing the default.

    See [ProductionVariant](https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html).
    """
    variants = hosting.variants(config)
    for variant in variants:
        weight = variant["InitialVariantWeight"]
        others = some(other.view.is_present() for other in variants if other is not variant)
        yield Claim(
            weight.is_absent() & others,
            weight,
            f"{config} leaves the weight of {variant} to the default of 1: {weight} should be stated",
            fix=set_to(weight, 1),
        )
