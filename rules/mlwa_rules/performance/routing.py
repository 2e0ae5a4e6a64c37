"""Performance of requests: what an endpoint scales on, and how it spreads requests."""

from collections.abc import Iterable, Iterator

from mlwa_lint.facts import metrics as facts
from mlwa_lint.graph.kinds import ALARM, ENDPOINT_CONFIG, SCALABLE_TARGET, SCALING_POLICY
from mlwa_lint.graph.machines.instances import is_accelerated
from mlwa_lint.graph.queries import alarm_metrics, hosting
from mlwa_lint.graph.queries.hosting import Variant
from mlwa_lint.rule import (
    Answer,
    Claim,
    EdgeKind,
    GraphView,
    Remedy,
    ResourceView,
    View,
    rule,
    set_to,
    some,
    undecided,
)

_TARGET_KEYS = ("ScalingTargetId", "ResourceId")
_TRACKING = "TargetTrackingScalingPolicyConfiguration"


@rule(
    "MLP104",
    "scaling-policy-without-invocation-metric",
    "info",
    practices=("MLREL05-BP01",),
    on=(SCALING_POLICY,),
    remedy=Remedy(
        "Set `PredefinedMetricType: SageMakerVariantInvocationsPerInstance`.",
        'Set `predefined_metric_type = "SageMakerVariantInvocationsPerInstance"`.',
    ),
)
def scaling_policy_without_invocation_metric(policy: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A SageMaker variant scales on something other than the number of requests.

    CPU, memory or GPU utilization follows the load late or not at all: a model may be saturated at 60
    percent, and the variant then scales out when users have been waiting for a long time.

    Invocations per instance, concurrent requests and the backlog per instance of an asynchronous endpoint
    count, predefined or customized; for step scaling, the metrics of the alarms that start it.

    Exceptions: policies next to another one of the same scalable target that scales on one of these metrics.

    See [Auto scaling policy
    overview](https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-policy.html).
    """
    targets = graph.targets(policy, EdgeKind.SCALES, SCALABLE_TARGET)
    ours = hosting.is_sagemaker_target(policy) | some(map(hosting.is_sagemaker_target, targets))
    tracked, stepped = policy[_TRACKING], policy["StepScalingPolicyConfiguration"]
    starters = graph.sources(policy, EdgeKind.REFERS_TO, ALARM)
    measured = tracked.is_present() | (stepped.is_present() & starters.exist())
    others = some(
        _scales_the_same(policy, other) & _follows_demand(other, graph)
        for other in _scaling_the_same(policy, graph)
        if other != policy
    )
    predefined = tracked["PredefinedMetricSpecification.PredefinedMetricType"]
    custom = tracked["CustomizedMetricSpecification"]
    place = predefined if custom.is_absent().verdict == "yes" else custom["MetricName"]
    metric = place.words or "the metrics of its alarms"
    if stepped.is_absent().verdict != "yes":
        place = policy
    yield Claim(
        ours & measured & ~_follows_demand(policy, graph) & ~others,
        place,
        f"{policy} scales a variant on {metric}, which follows the requests late: it should "
        "scale on invocations per instance, concurrent requests or the backlog per instance",
    )


def _follows_demand(policy: ResourceView, graph: GraphView) -> Answer:
    tracked = policy[_TRACKING]
    custom = tracked["CustomizedMetricSpecification"]
    starters = graph.sources(policy, EdgeKind.REFERS_TO, ALARM)
    demand = facts.of_demand()
    answers = [
        tracked["PredefinedMetricSpecification.PredefinedMetricType"].one_of(demand),
        custom["MetricName"].one_of(demand),
        custom["Metrics"].any_item(lambda each: each["MetricStat.Metric.MetricName"].one_of(demand)),
    ]
    if policy["StepScalingPolicyConfiguration"].is_absent().verdict != "yes":
        answers.append(starters.any(_measures_demand))
    return some(answers)


def _measures_demand(alarm: ResourceView) -> Answer:
    metrics, unknown = alarm_metrics.metrics_of(alarm)
    return some([*(each.name.one_of(facts.of_demand()) for each in metrics), *map(undecided, unknown)])


def _scaling_the_same(policy: ResourceView, graph: GraphView) -> Iterable[ResourceView]:
    """The policies that may be about the same scalable target; of thousands, all others certainly are not."""
    found = [
        other
        for key in _TARGET_KEYS
        if policy[key].is_present().verdict != "no"
        for other in graph.alike(SCALING_POLICY, key, policy[key])
    ]
    return dict.fromkeys(found)


def _scales_the_same(policy: ResourceView, other: ResourceView) -> Answer:
    return some(policy[key].is_present() & policy[key].same_as(other[key]) for key in _TARGET_KEYS)


@rule(
    "MLP105",
    "random-routing-for-long-requests",
    "info",
    practices=("MLPERF05-BP02",),
    on=(ENDPOINT_CONFIG,),
    remedy=Remedy(
        "Set `RoutingConfig: {RoutingStrategy: LEAST_OUTSTANDING_REQUESTS}`.",
        'Add `routing_config { routing_strategy = "LEAST_OUTSTANDING_REQUESTS" }`.',
    ),
)
def random_routing_for_long_requests(config: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A variant with several accelerated instances spreads requests at random.

    Requests to large models take long, and vary in duration. With random routing, some wait behind a long one
    while another instance is idle. Routing by least outstanding requests reduces tail latency.

    A variant has several instances if it starts with two, or if a scalable target or ManagedInstanceScaling
    may scale it to two. PREFIX_AWARE routing is as good.

    Exceptions: asynchronous endpoints, where instances fetch requests from a queue.

    See [RoutingConfig](https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariantRoutingConfig.html).
    """
    for variant in hosting.variants(config):
        strategy = variant["RoutingConfig.RoutingStrategy"]
        accelerated = some(view.test(is_accelerated) for view in hosting.instance_types(variant))
        random = strategy.is_absent() | strategy.equals("RANDOM")
        yield Claim(
            accelerated & _has_several(variant, graph) & random & ~hosting.is_asynchronous(config),
            strategy,
            f"{config} spreads requests over the accelerated instances of {variant} at random: {strategy} "
            "should be LEAST_OUTSTANDING_REQUESTS",
            fix=set_to(strategy, "LEAST_OUTSTANDING_REQUESTS"),
        )


def _has_several(variant: Variant, graph: GraphView) -> Answer:
    def may_grow(endpoint: ResourceView) -> Answer:
        return hosting.targets_scaling(variant, endpoint, graph).any(_goes_beyond_one)

    managed = variant["ManagedInstanceScaling"]
    stated: tuple[Answer, ...] = (
        variant["InitialInstanceCount"].at_least(2),
        managed["Status"].equals("ENABLED") & managed["MaxInstanceCount"].at_least(2),
    )
    return some((*stated, hosting.endpoints_of(variant.config, graph).any(may_grow)))


def _goes_beyond_one(target: View) -> Answer:
    return target["MaxCapacity"].at_least(2)
