"""Reliability of update policies: that they apply, and that their numbers are possible."""

import math
from collections.abc import Iterator

from mlwa_lint.graph.kinds import ENDPOINT, INFERENCE_COMPONENT
from mlwa_lint.graph.queries import deployment, hosting
from mlwa_lint.rule import (
    Claim,
    GraphView,
    Remedy,
    ResourceView,
    View,
    certainly,
    possibly,
    rule,
    set_to,
    some,
    undecided,
)

_PERCENT = "CAPACITY_PERCENT"
# Beside its waits an update has to start instances: seconds.
_SPARE = 3600
# Waits between batches of 5 percent, the smallest that SageMaker accepts.
_MOST_BATCHES = 19
# What is smaller, in percent, is refused; the batches of next to nothing are beyond all numbers.
_LEAST_BATCH = 0.01


@rule(
    "MLR122",
    "rolling-update-not-supported",
    "high",
    practices=("MLREL04-BP02",),
    on=(ENDPOINT,),
    remedy=Remedy(
        "Replace `RollingUpdatePolicy` with a `BlueGreenUpdatePolicy` of type CANARY or LINEAR.",
        "Replace `rolling_update_policy` with a `blue_green_update_policy` of type CANARY or LINEAR.",
    ),
)
def rolling_update_not_supported(endpoint: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A rolling update policy is set on an endpoint that does not support it.

    The policy is ignored: an update shifts all traffic to the new fleet at once, without a baking period, so
    a faulty model reaches every user before an alarm goes off.

    Serverless endpoints and endpoints with several variants do not support rolling updates. The developer
    guide lists both as exclusions of rolling deployments, for which the endpoint "will fall back to using a
    blue/green deployment with all at once traffic shifting and no final baking period".

    See [Exclusions](https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-exclusions.html).
    """
    policy = endpoint["DeploymentConfig.RollingUpdatePolicy"]
    configs = hosting.config_of(endpoint, graph)
    serverless = configs.any(lambda config: hosting.any_variant(config, lambda each: each.is_serverless()))
    several = configs.any(lambda config: hosting.has_several(config["ProductionVariants"]))
    why = "serverless endpoints" if certainly(serverless) else "several variants"
    message = f"updates of {endpoint} are not rolling: {policy} does not support {why}"
    yield Claim(policy.is_present() & (serverless | several), policy, message)


@rule(
    "MLR123",
    "update-policy-out-of-range",
    "high",
    practices=("MLREL04-BP02",),
    on=(ENDPOINT, INFERENCE_COMPONENT),
    remedy=Remedy(
        "Keep `CanarySize` at 50 percent or less, `LinearStepSize` from 10 to 50 and `MaximumBatchSize` from "
        "5 to 50, and `MaximumExecutionTimeoutInSeconds` above the sum of the waits.",
        "Keep `canary_size` at 50 percent or less, `linear_step_size` from 10 to 50, "
        "`maximum_batch_size` from 5 to 50, and `maximum_execution_timeout_in_seconds` above the sum of "
        "the waits.",
    ),
)
def update_policy_out_of_range(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A number of an update policy is outside of the range that SageMaker accepts.

    The update is rejected, or it times out and is rolled back every time.

    The service model documents that CanarySize must be less than or equal to 50 percent of the variant's
    instance count, of LinearStepSize that it must be 10 to 50 percent, of MaximumBatchSize that it must be
    between 5 and 50 percent, and of MaximumExecutionTimeoutInSeconds that it should be larger than the total
    waiting time specified in TerminationWaitInSeconds and WaitIntervalInSeconds. Sizes in percent are
    checked, not those in instances or copies.

    See [TrafficRoutingConfig](https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_TrafficRoutingConfig.html),
    [RollingUpdatePolicy](https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_RollingUpdatePolicy.html)
    and [BlueGreenUpdatePolicy](https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_BlueGreenUpdatePolicy.html).
    """
    routing = deployment.routing(resource)
    rolling = resource["DeploymentConfig.RollingUpdatePolicy"]
    kind = routing["Type"]
    sizes = (
        (routing["CanarySize"], kind.equals("CANARY"), 0.0, 50.0, "at most 50"),
        (routing["LinearStepSize"], kind.equals("LINEAR"), 10.0, 50.0, "from 10 to 50"),
        (rolling["MaximumBatchSize"], rolling.is_present(), 5.0, 50.0, "from 5 to 50"),
    )
    for size, applies, least, most, wanted in sizes:
        value = size["Value"]
        outside = value.less_than(least) | value.more_than(most)
        yield Claim(
            applies & size["Type"].equals(_PERCENT) & outside,
            value,
            f"{resource} cannot be updated: {value} is {value.words} percent and must be {wanted}",
            fix=set_to(value, int(most if certainly(value.more_than(most)) else max(least, 1))),
        )
    policy = resource["DeploymentConfig.BlueGreenUpdatePolicy"]
    waits = (policy["TerminationWaitInSeconds"], routing["WaitIntervalInSeconds"])
    yield _times_out(resource, policy, waits, _steps(routing))
    yield _times_out(
        resource, rolling, (rolling["WaitIntervalInSeconds"],), _batches(rolling["MaximumBatchSize"])
    )


def _steps(routing: View) -> tuple[int, int]:
    """How many waits there are between the steps of the traffic, at least and at most."""
    kind, linear = routing["Type"], _batches(routing["LinearStepSize"])
    if kind.text is None and possibly(kind.is_open()):
        return 0, max(1, linear[1])
    if kind.text == "LINEAR":
        return linear
    return (1, 1) if kind.text == "CANARY" else (0, 0)


def _batches(size: View) -> tuple[int, int]:
    """How many waits there are between batches of a size, at least and at most."""
    number = size["Value"].number
    if number is None and possibly(size["Value"].is_open() | size["Type"].is_open()):
        return 1, _MOST_BATCHES
    if size["Type"].text != _PERCENT or number is None or not _LEAST_BATCH <= number <= 100:
        return 1, 1
    exactly = max(1, math.ceil(100 / number) - 1)
    return exactly, exactly


def _times_out(
    resource: ResourceView, policy: View, waits: tuple[View, ...], repeated: tuple[int, int]
) -> Claim:
    """Whether a time limit ends before all waits are over; the last of `waits` is repeated."""
    limit = policy["MaximumExecutionTimeoutInSeconds"]
    once = sum((each.number or 0) for each in waits[:-1])
    total, most = (once + number * (waits[-1].number or 0) for number in repeated)
    open_waits = [each for each in waits if each.number is None]
    unknown = some(each.is_open() for each in open_waits)
    if total < most:  # the type or the size of the steps is not known
        unknown |= limit.less_than(most) & undecided(f"the number of waits below {policy} is not known")
    return Claim(
        limit.less_than(total) | (limit.is_present() & unknown),
        limit,
        f"an update of {resource} times out: {limit} is {limit.words}, below the sum of its waits "
        f"({total:g})",
        # Two numbers that are known can make one that is beyond all numbers.
        fix=None if open_waits or not math.isfinite(total) else set_to(limit, int(total) + _SPARE),
    )
