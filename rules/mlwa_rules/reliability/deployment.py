"""Reliability of updates: how a new model is rolled out, and rolled back when it is worse."""

from collections.abc import Iterator

from mlwa_lint.graph import workflows
from mlwa_lint.graph.kinds import ENDPOINT, ENDPOINT_CONFIG, INFERENCE_COMPONENT, STATE_MACHINE
from mlwa_lint.graph.queries import deployment, hosting
from mlwa_lint.graph.queries.hosting import Variant
from mlwa_lint.model.findings import Severity
from mlwa_lint.rule import (
    YES,
    Answer,
    Claim,
    Data,
    GraphView,
    Remedy,
    ResourceView,
    View,
    answer,
    certainly,
    rule,
    set_to,
)

_SHORTEST_STEP = 60
_CANARY: Data = {
    "Type": "CANARY",
    "CanarySize": {"Type": "CAPACITY_PERCENT", "Value": 10},
    "WaitIntervalInSeconds": 300,
}
_UNDIVIDED = "a canary takes at most half of the instances, and the endpoint starts with one"
_UNKNOWN = "a canary takes at most half of the instances, and how many the endpoint has is not known"
_OF_STEP = Remedy(
    "Add `DeploymentConfig` to the step's parameters: `BlueGreenUpdatePolicy` with a canary, and "
    "`AutoRollbackConfiguration` with an alarm.",
    "Add `DeploymentConfig` to the step's parameters: `BlueGreenUpdatePolicy` with a canary, and "
    "`AutoRollbackConfiguration` with an alarm.",
)


@rule(
    "MLR106",
    "endpoint-without-automatic-rollback",
    "medium",
    concern="production",
    operational=True,
    practices=("MLREL04-BP02", "MLREL05-BP02"),
    on=(ENDPOINT, INFERENCE_COMPONENT),
    remedy=Remedy(
        "Set `DeploymentConfig: {AutoRollbackConfiguration: {Alarms: [{AlarmName: !Ref ErrorAlarm}]}}`.",
        "Add `alarms` to `deployment_config.auto_rollback_configuration`, with `alarm_name = …`.",
    ),
)
def endpoint_without_automatic_rollback(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A deployment configuration names no alarm that rolls a bad update back.

    A model that fails or responds slowly stays in service until an operator notices. With alarms in
    AutoRollbackConfiguration, SageMaker restores the previous fleet automatically.

    The DeploymentConfig of an endpoint counts, and that of an inference component.

    Exceptions: endpoints without any DeploymentConfig (see MLR107), and endpoints to which deployment
    guardrails do not apply: serverless ones and Inf1 instances. An endpoint whose configuration is not in
    the project is treated as one to which they apply.

    See [Auto-rollback configuration and
    monitoring](https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-configuration.html).
    """
    alarms = resource["DeploymentConfig.AutoRollbackConfiguration.Alarms"]
    guarded = deployment.is_guarded_type(resource, graph) if resource.type == ENDPOINT else YES
    yield Claim(
        resource["DeploymentConfig"].is_present() & alarms.is_absent() & guarded,
        alarms,
        f"{resource} is not rolled back when an update goes wrong: {alarms} should name an alarm",
    )


@rule(
    "MLR107",
    "all-at-once-deployment",
    "medium",
    concern="production",
    operational=True,
    practices=("MLREL04-BP02",),
    on=(ENDPOINT, STATE_MACHINE),
    remedy=Remedy(
        "Set `Type: CANARY` with `CanarySize` in `BlueGreenUpdatePolicy.TrafficRoutingConfiguration`, and "
        "name an alarm in `AutoRollbackConfiguration`.",
        'Set `type = "CANARY"` with `canary_size` in `traffic_routing_configuration`, and name an alarm in '
        "`auto_rollback_configuration`.",
        "Call boto3's `update_endpoint()` with `DeploymentConfig: {BlueGreenUpdatePolicy: "
        "{TrafficRoutingConfiguration: {Type: CANARY, ...}}, AutoRollbackConfiguration: {...}}`.",
    ),
)
def all_at_once_deployment(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """An update shifts all traffic of an endpoint to the new fleet at once.

    A faulty model then reaches every user at the same moment. Canary or linear routing, or a rolling
    update, limits the damage to a few requests and leaves time to roll back.

    SageMaker shifts all traffic at once when no update policy is given. An update that a step of a state
    machine makes (`updateEndpoint`) states its own: without `RetainDeploymentConfig`, the policy that the
    endpoint was created with does not count.

    The severity is info for an endpoint each of whose variants has one instance that nothing scales: a canary
    may take half of the instances at most, so two are needed first (see MLR101). It is low where the variants
    start on one instance and scaling does not keep two, and where their numbers are parameters without a
    default and nothing is known to keep two.

    Exceptions: endpoints with a RollingUpdatePolicy (where it is not supported, see MLR122); endpoints all
    of whose inference components have one; endpoints to which deployment guardrails do not apply:
    serverless ones and Inf1 instances; endpoints that a program or a step of a workflow creates without
    DeploymentConfig: the call that updates an endpoint states it; and those whose name holds a parameter that
    is another one for each model, such as that of a training job, or a time that is another one in each run
    of Terraform (`timestamp()`), which replaces the endpoint.

    See [Blue/Green
    deployments](https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-blue-green.html).
    """
    if resource.type == STATE_MACHINE:
        yield from _updates_of(resource, graph)
        return
    endpoint = resource
    kind = deployment.routing(endpoint)["Type"]
    at_once = deployment.shifts_at_once(endpoint) & ~deployment.rolls_components(endpoint, graph)
    yield Claim(
        at_once & deployment.is_guarded_type(endpoint, graph) & ~deployment.is_never_updated(endpoint),
        kind,
        f"an update of {endpoint} shifts all traffic at once ({kind.words or 'the default'}): {kind} should "
        "be CANARY or LINEAR",
        fix=set_to(
            deployment.routing(endpoint), _CANARY, risk="updates take longer, and two fleets are paid"
        ),
        severity="info" if deployment.stays_undivided(endpoint, graph) else None,
        milder=_why_undivided(endpoint, graph),
    )


def _updates_of(machine: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """What the steps of a state machine that update endpoints state."""
    steps, updates = workflows.steps(machine), workflows.calls("sagemaker:updateEndpoint")
    graph.leave_undecided(steps.has(updates).reasons)
    for step in steps.where(updates):
        at_once = deployment.shifts_at_once(step.request) & ~step.request["RetainDeploymentConfig"].is_true()
        name = step.request["EndpointConfigName"]
        every_config = graph.of_type(ENDPOINT_CONFIG)
        configs = [each for each in every_config if certainly(name.same_as(each["EndpointConfigName"]))]
        exempt = any(certainly(deployment.is_unguarded(each)) for each in configs)
        single = bool(configs) and all(map(deployment.has_single_instances, configs))
        message = f"step {step.name} of {machine} updates an endpoint and shifts all traffic at once: its"
        message += " DeploymentConfig should route it as CANARY or LINEAR"
        severity: Severity | None = "info" if single else None
        yield Claim(answer(not exempt) & at_once, step.at, message, severity, remedy=_OF_STEP)


def _why_undivided(endpoint: ResourceView, graph: GraphView) -> str:
    """Why an endpoint may be unable to divide its instances; empty where it has several."""
    if deployment.may_run_on_one_instance(endpoint, graph):
        return _UNDIVIDED
    return _UNKNOWN if deployment.may_have_one_instance(endpoint, graph) else ""


@rule(
    "MLR108",
    "canary-too-large",
    "medium",
    concern="production",
    practices=("MLREL04-BP02",),
    on=(ENDPOINT,),
    remedy=Remedy(
        "Set `CanarySize: {Type: CAPACITY_PERCENT, Value: 10}`.",
        'Set `type = "CAPACITY_PERCENT"` and `value = 10` in `canary_size`.',
    ),
)
def canary_too_large(endpoint: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """The canary of an update takes more than 20 percent of an endpoint's capacity.

    A canary exposes a faulty model to few users. SageMaker allows up to half of the capacity, which is half
    of the users.

    A number of instances is compared with InitialInstanceCount of each variant, or with the minimum that
    scaling keeps.

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
        f"the canary of {endpoint} takes {size.words} {unit}: {size} should be a fifth or less",
        fix=set_to(routing["CanarySize"], {"Type": "CAPACITY_PERCENT", "Value": 10}),
    )


def _exceeds_a_fifth(size: View, endpoint: ResourceView, graph: GraphView) -> Answer:
    """Whether a number of instances is more than a fifth of a variant's."""
    numbers = size.numbers
    if not numbers:
        return size.more_than(0)
    configs = hosting.config_of(endpoint, graph)

    def exceeds(number: float) -> Answer:
        needed = number / deployment.CANARY_SHARE

        def lacks(variant: Variant) -> Answer:
            few = variant["InitialInstanceCount"].less_than(needed, default=1)
            return few & variant.is_provisioned() & ~hosting.keeps_at_least(variant, needed, graph)

        return configs.any(lambda config: hosting.any_variant(config, lacks))

    # The least of the numbers that it can be decides whether all are too large, the largest whether none is.
    return size.more_than(0) & (exceeds(numbers[0]) | (size.is_open() & exceeds(numbers[-1])))


@rule(
    "MLR109",
    "deployment-without-bake-time",
    "medium",
    concern="production",
    practices=("MLREL04-BP02",),
    on=(ENDPOINT,),
    remedy=Remedy(
        "Set `WaitIntervalInSeconds: 300` and `TerminationWaitInSeconds: 600`.",
        "Set `wait_interval_in_seconds = 300` and `termination_wait_in_seconds = 600`.",
    ),
)
def deployment_without_bake_time(endpoint: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """An update leaves no time to notice that the new model is worse.

    Alarms take minutes to go off. If traffic shifts further within a minute, or the old fleet is terminated
    as soon as the new one has all traffic, there is nothing left to roll back to.

    TerminationWaitInSeconds is 0 by default, also where DeploymentConfig only names alarms: the update is
    blue/green then.

    Exceptions: endpoints with a RollingUpdatePolicy, and endpoints whose DeploymentConfig is missing or
    empty (see MLR107).

    See [Auto-rollback configuration and
    monitoring](https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-configuration.html).
    """
    config = endpoint["DeploymentConfig"]
    routing = deployment.routing(endpoint)
    wait = routing["WaitIntervalInSeconds"]
    termination = config["BlueGreenUpdatePolicy.TerminationWaitInSeconds"]
    stated = config["BlueGreenUpdatePolicy"].is_present() | config["AutoRollbackConfiguration"].is_present()
    blue_green = stated & ~deployment.is_rolling(endpoint)
    yield Claim(
        routing["Type"].one_of(("CANARY", "LINEAR")) & wait.less_than(_SHORTEST_STEP, default=0),
        wait,
        f"an update of {endpoint} waits {wait.words or 0} s between steps: {wait} should be 60 or more",
        fix=set_to(wait, 300, risk="two fleets are paid for five minutes longer"),
    )
    yield Claim(
        blue_green & termination.less_than(1, default=0),
        termination,
        f"an update of {endpoint} terminates the old fleet at once: {termination} should be above 0",
        fix=set_to(termination, 600, risk="two fleets are paid for ten minutes longer"),
    )
