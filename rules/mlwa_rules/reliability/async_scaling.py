"""Scaling of asynchronous endpoints: what their policies follow."""

from collections.abc import Iterator
from functools import partial

from mlwa_lint.facts.metrics import followed, is_published
from mlwa_lint.graph.kinds import SCALING_POLICY
from mlwa_lint.graph.queries import hosting
from mlwa_lint.rule import Claim, GraphView, Remedy, ResourceView, rule


@rule(
    "MLR128",
    "async-scaling-on-unpublished-metric",
    "high",
    practices=("MLCOST05-BP01",),
    on=(SCALING_POLICY,),
    remedy=Remedy(
        "Track `ApproximateBacklogSizePerInstance` in a `CustomizedMetricSpecification`.",
        "Track `ApproximateBacklogSizePerInstance` in a `customized_metric_specification`.",
    ),
    facts=("metrics",),
)
def async_scaling_on_unpublished_metric(policy: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A scaling policy of an asynchronous endpoint follows a metric that the endpoint does not publish.

    The policy never receives data. Once the endpoint has scaled in to zero instances, it never starts again,
    and its requests expire in the queue.

    Asynchronous endpoints publish ApproximateBacklogSize, ApproximateBacklogSizePerInstance,
    ApproximateAgeOfOldestRequest and HasBacklogWithoutCapacity; they do not publish InvocationsPerInstance,
    which the predefined metric SageMakerVariantInvocationsPerInstance follows. The developer guide scales
    asynchronous endpoints by ApproximateBacklogSizePerInstance.

    Exceptions: metrics of other namespaces, and step scaling, whose metric is that of an alarm.

    See [Autoscale an asynchronous
    endpoint](https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-autoscale.html) and [Monitoring
    asynchronous endpoints](https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-monitor.html).
    """
    tracking = policy["TargetTrackingScalingPolicyConfiguration"]
    predefined = tracking["PredefinedMetricSpecification.PredefinedMetricType"]
    custom = tracking["CustomizedMetricSpecification"]
    waits = hosting.endpoints_scaled_by(policy, graph).any(
        lambda endpoint: hosting.config_of(endpoint, graph).any(hosting.is_asynchronous)
    )
    namespace = custom["Namespace"].text or ""
    metrics = (
        (predefined, predefined.test(_follows_unpublished)),
        (custom["MetricName"], custom["MetricName"].test(partial(_is_unpublished, namespace=namespace))),
    )
    for view, missing in metrics:
        message = (
            f"{policy} never receives data: an asynchronous endpoint does not publish {view.words}, which"
        )
        yield Claim(waits & missing, view, f"{message} {view} names")


def _follows_unpublished(predefined: str) -> bool:
    metric = followed(predefined)
    return metric is not None and _is_unpublished(metric, "AWS/SageMaker")


def _is_unpublished(metric: str, namespace: str) -> bool:
    return is_published(namespace, metric, "asynchronous") is False
