"""Reliability of updates: how a new model reaches an endpoint, and what happens when it is worse."""

from collections.abc import Iterator

from mlwa_lint.graph.kinds import ENDPOINT
from mlwa_lint.graph.queries import deployment, hosting
from mlwa_lint.graph.queries.hosting import Variant
from mlwa_lint.rule import Answer, Claim, GraphView, Remedy, ResourceView, View, rule

_SHORTEST_STEP = 60


@rule(
    "MLR106",
    "endpoint-without-automatic-rollback",
    "medium",
    practices=("MLREL04-BP02", "MLREL05-BP02"),
    on=(ENDPOINT,),
    remedy=Remedy(
        "Set `DeploymentConfig: {AutoRollbackConfiguration: {Alarms: [{AlarmName: !Ref ErrorAlarm}]}}`.",
        "Add `alarms` to `deployment_config.auto_rollback_configuration`, with `alarm_name = …`.",
    ),
)
def endpoint_without_automatic_rollback(endpoint: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """Updates of an endpoint are not rolled back by an alarm.

    A model that fails or answers slowly stays in service until somebody notices. With alarms in
    AutoRollbackConfiguration, SageMaker puts the old fleet back by itself.

    Silent for endpoints to which deployment guardrails do not apply: serverless ones, and Inf1
    instances. An endpoint whose configuration is not in the project counts as one to which they apply.

    See [Auto-rollback configuration and
    monitoring](https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-configuration.html).
    """
    alarms = endpoint["DeploymentConfig.AutoRollbackConfiguration.Alarms"]
    yield Claim(
        alarms.is_absent() & deployment.is_guarded_type(endpoint, graph),
        alarms,
        f"{endpoint} is not rolled back when an update goes wrong: {alarms} should name an alarm",
    )


@rule(
    "MLR107",
    "all-at-once-deployment",
    "medium",
    practices=("MLREL04-BP02",),
    on=(ENDPOINT,),
    remedy=Remedy(
        "Set `Type: CANARY` with `CanarySize` in `BlueGreenUpdatePolicy.TrafficRoutingConfiguration`.",
        'Set `type = "CANARY"` with `canary_size` in `traffic_routing_configuration`.',
    ),
)
def all_at_once_deployment(endpoint: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """An update shifts all traffic of an endpoint to the new fleet at once.

    Every user meets a faulty model in the same moment. Canary or linear routing, or a rolling update,
    shows the fault to a few and leaves time to turn back.

    All at once is what SageMaker does when no update policy is given. Silent with a RollingUpdatePolicy,
    and for endpoints to which deployment guardrails do not apply: serverless ones, and Inf1 instances.

    See [Blue/Green
    deployments](https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-blue-green.html).
    """
    kind = deployment.routing(endpoint)["Type"]
    yield Claim(
        deployment.shifts_at_once(endpoint) & deployment.is_guarded_type(endpoint, graph),
        kind,
        f"an update of {endpoint} shifts all traffic at once ({kind.text or 'the default'}): {kind} should "
        "be CANARY or LINEAR",
    )


@rule(
    "MLR108",
    "canary-too-large",
    "medium",
    practices=("MLREL04-BP02",),
    on=(ENDPOINT,),
    remedy=Remedy(
        "Set `CanarySize: {Type: CAPACITY_PERCENT, Value: 10}`.",
        'Set `type = "CAPACITY_PERCENT"` and `value = 10` in `canary_size`.',
    ),
)
def canary_too_large(endpoint: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """The canary of an update takes more than 20 percent of an endpoint's capacity.

    The canary is there to show a faulty model to few users. SageMaker allows up to half of the capacity,
    which is half of the users.

    A number of instances is measured against InitialInstanceCount of each variant, or against what
    scaling keeps at least.

    See [Use canary traffic
    shifting](https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-blue-green-canary.html).
    """
    routing = deployment.routing(endpoint)
    kind, size = routing["CanarySize.Type"], routing["CanarySize.Value"]
    by_percent = kind.equals("CAPACITY_PERCENT") & size.more_than(100 * deployment.CANARY_SHARE)
    too_large = by_percent | (kind.equals("INSTANCE_COUNT") & _exceeds_a_fifth(size, endpoint, graph))
    unit = "percent of the capacity" if kind.text == "CAPACITY_PERCENT" else "of a variant's instances"
    yield Claim(
        routing["Type"].equals("CANARY") & too_large,
        size,
        f"the canary of {endpoint} takes {size.text} {unit}: {size} should be a fifth or less",
    )


def _exceeds_a_fifth(size: View, endpoint: ResourceView, graph: GraphView) -> Answer:
    """Whether a number of instances is more than a fifth of a variant's."""
    number = size.number
    if number is None:
        return size.more_than(0)
    needed = number / deployment.CANARY_SHARE

    def lacks(variant: Variant) -> Answer:
        few = variant["InitialInstanceCount"].less_than(needed, default=1)
        return few & variant.is_provisioned() & ~hosting.keeps_at_least(variant, needed, graph)

    configs = hosting.config_of(endpoint, graph)
    return size.more_than(0) & configs.any(lambda config: hosting.any_variant(config, lacks))


@rule(
    "MLR109",
    "deployment-without-bake-time",
    "medium",
    practices=("MLREL04-BP02",),
    on=(ENDPOINT,),
    remedy=Remedy(
        "Set `WaitIntervalInSeconds: 300` and `TerminationWaitInSeconds: 600`.",
        "Set `wait_interval_in_seconds = 300` and `termination_wait_in_seconds = 600`.",
    ),
)
def deployment_without_bake_time(endpoint: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """An update leaves no time to notice that the new model is worse.

    Alarms need minutes to go off. When the next step of the traffic follows within a minute, or the old
    fleet is terminated as soon as the new one has all traffic, there is nothing left to roll back to.

    TerminationWaitInSeconds is 0 unless something else is said, also where DeploymentConfig names alarms
    only: the update is blue/green then. Silent with a RollingUpdatePolicy; endpoints without
    DeploymentConfig are a matter of MLR107.

    See [Auto-rollback configuration and
    monitoring](https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-configuration.html).
    """
    config = endpoint["DeploymentConfig"]
    routing = deployment.routing(endpoint)
    wait = routing["WaitIntervalInSeconds"]
    termination = config["BlueGreenUpdatePolicy.TerminationWaitInSeconds"]
    blue_green = config.is_present() & ~deployment.is_rolling(endpoint)
    yield Claim(
        routing["Type"].one_of(("CANARY", "LINEAR")) & wait.less_than(_SHORTEST_STEP, default=0),
        wait,
        f"an update of {endpoint} waits {wait.text or 0} s between steps: {wait} should be 60 or more",
    )
    yield Claim(
        blue_green & termination.less_than(1, default=0),
        termination,
        f"an update of {endpoint} terminates the old fleet at once: {termination} should be above 0",
    )
