"""Deployment strategies: how an endpoint divides traffic, and how an update reaches it.

strategies_of(endpoint, graph)[Strategy.CANARY]   # YES, NO or UNDECIDED
labels(endpoint, graph)                           # ("canary", "shadow?")
"""

from enum import Enum

from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.graph import ResourceGraph
from mlwa_lint.graph.kinds import (
    BUCKET,
    ENDPOINT,
    FUNCTION,
    INFERENCE_COMPONENT,
    SCALABLE_TARGET,
    STATE_MACHINE,
)
from mlwa_lint.graph.queries import hosting
from mlwa_lint.graph.queries.hosting import Variant
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView, View
from mlwa_lint.graph.worlds import World, explore, leaves_of
from mlwa_lint.model.answers import NO, YES, Answer, answer, certainly, every, possibly, some, undecided
from mlwa_lint.model.resources import UPDATED, Resource
from mlwa_lint.model.values import NO_ASSUMPTIONS, OF_EACH_RUN, Assumptions, MapValue, Unknown, references_in
from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple

CANARY_SHARE = 0.2
# Weights such as 33, 33 and 34 mean equal shares.
_ROUNDING = 0.015
_DEFAULT_WEIGHT = 1.0

# Parameters that are others for each model that is deployed.
_VERSION = lazy(r"(?i)job|version|build|commit|revision|time|date|execution|run[-_]?id")


class Strategy(Enum):
    """One way of serving or updating; several of them can hold for one endpoint."""

    STANDARD = "standard"  # one model on instances, updated all at once because nothing else is configured
    AB_TEST = "a-b"  # several variants share the traffic
    CANARY = "canary"  # a small part of the traffic first: routing of an update, or a small variant
    LINEAR = "linear"  # an update shifts traffic in equal steps
    BLUE_GREEN = "blue-green"  # an update shifts all traffic at once
    ROLLING = "rolling"  # an update replaces instances in batches
    SHADOW = "shadow"  # a variant gets copies of requests and responds to no client
    SERVERLESS = "serverless"
    ASYNCHRONOUS = "asynchronous"
    MULTI_MODEL = "multi-model"
    INFERENCE_COMPONENTS = "inference components"


_UNKNOWN = "unknown"
_NAMES = (*(each.value for each in Strategy), _UNKNOWN)

# -- how traffic is divided


class Share(NamedTuple):
    """A variant with traffic, and its weight."""

    variant: Variant
    weight: float


class TrafficSplit:
    """How the production variants of an endpoint configuration divide traffic.

    `shares` are the variants that certainly have traffic, by known weight; `unknown` is why there
    may be others.
    """

    def __init__(self, config: ResourceView) -> None:
        listed = config["ProductionVariants"]
        self.variants = [Variant(config, view, shadow=False) for view in listed.known_items()]
        self.shares: list[Share] = []
        further = listed.any_item(lambda view: NO).reasons
        unknown = list(further)
        assumed: Assumptions = NO_ASSUMPTIONS
        for variant in self.variants:
            weight = variant["InitialVariantWeight"]
            number = _DEFAULT_WEIGHT if certainly(weight.is_absent()) else weight.number
            if number is None:
                unknown += weight.is_open().reasons
            elif number > 0:
                self.shares.append(Share(variant, number))
            assumed |= weight.value.assumed
        # A variant without others has all of the traffic or none, whatever its weight.
        alone = not further and [type(each.view.value) for each in self.variants] in ([], [MapValue])
        self.unknown = () if alone else tuple(dict.fromkeys(unknown))
        self._assumed = assumed

    def _decide(self, truth: bool) -> Answer:
        return answer(truth, self._assumed)

    def _unless_known(self, truth: bool) -> Answer:
        return Answer("undecided", self.unknown) if self.unknown else self._decide(truth)

    def is_shared(self) -> Answer:
        """Whether two or more variants have traffic."""
        return self._decide(True) if len(self.shares) > 1 else self._unless_known(False)

    def is_even(self) -> Answer:
        """Whether all variants with traffic have the same part of it, but for rounding."""
        total = sum(share.weight for share in self.shares)
        parts = [share.weight / total for share in self.shares]
        return self._unless_known(not parts or max(parts) - min(parts) < _ROUNDING)

    def is_canary(self) -> Answer:
        """Whether exactly one variant has a fifth of the traffic or less, and others the rest."""
        total = sum(share.weight for share in self.shares)
        small = [share for share in self.shares if share.weight <= total * CANARY_SHARE + 1e-9]
        return self._unless_known(len(self.shares) > 1 and len(small) == 1)

    def is_ab_test(self) -> Answer:
        """Whether variants share the traffic otherwise than as a canary."""
        return self.is_shared() & ~self.is_canary()


def has_traffic(variant: Variant) -> Answer:
    """Whether a production variant gets traffic; without a weight it counts as 1."""
    return variant["InitialVariantWeight"].more_than(0, default=_DEFAULT_WEIGHT)


# -- how an update reaches an endpoint


def routing(endpoint: ResourceView | View) -> View:
    """How a blue/green update routes traffic."""
    return endpoint["DeploymentConfig.BlueGreenUpdatePolicy.TrafficRoutingConfiguration"]


def is_rolling(endpoint: ResourceView | View) -> Answer:
    """Whether updates replace instances in batches."""
    return endpoint["DeploymentConfig.RollingUpdatePolicy"].is_present()


def rolls_components(endpoint: ResourceView, graph: GraphView) -> Answer:
    """Whether every inference component on an endpoint is updated in batches, and there is one at least."""
    placed = graph.sources(endpoint, EdgeKind.INVOKES, INFERENCE_COMPONENT)
    return placed.exist() & placed.all(lambda each: is_rolling(each))


def shifts_at_once(endpoint: ResourceView | View) -> Answer:
    """Whether an update, as its endpoint or its request states it, shifts all traffic at once.

    It does by its routing, or by default.
    """
    kind = routing(endpoint)["Type"]
    return (kind.is_absent() | kind.equals("ALL_AT_ONCE")) & ~is_rolling(endpoint)


def is_never_updated(endpoint: ResourceView) -> Answer:
    """Whether an endpoint is created without a deployment configuration, and updated nowhere.

    A program states it; a step of a workflow that creates an endpoint, whose updates are calls of their own;
    and a name that changes with the model, or in each run of Terraform: then each has an endpoint of its own.
    """
    if "Workflow" in endpoint.resource.attributes.entries:
        return endpoint["DeploymentConfig"].is_absent()
    name = endpoint["EndpointName"]
    renamed = _is_named_by_version(name) or _is_named_by_run(name)
    return endpoint.attributes[UPDATED].is_false() | answer(renamed)


def _is_named_by_run(name: View) -> bool:
    """Whether a name holds what is another text in each run of Terraform: `churn-${timestamp()}`."""
    value = name.value
    parts = value.parts or (value,) if isinstance(value, Unknown) else ()
    return any(isinstance(part, Unknown) and part.reason in OF_EACH_RUN for part in parts)


def _is_named_by_version(name: View) -> bool:
    """Whether a name holds a parameter that is another one for each model: `churn-${TrainingJob}`."""
    parts = name.value.parts if isinstance(name.value, Unknown) else ()
    return any(isinstance(part, Unknown) and _VERSION.search(part.identity) for part in parts)


def is_guarded_type(endpoint: ResourceView, graph: GraphView) -> Answer:
    """Whether deployment guardrails apply to an endpoint.

    They do to real-time and asynchronous ones, but not on Inf1 instances. An endpoint whose
    configuration is not known counts as one of them.
    """
    return NO if certainly(hosting.config_of(endpoint, graph).any(is_unguarded)) else YES


def is_unguarded(config: ResourceView) -> Answer:
    """Whether deployment guardrails do not apply to the endpoints of a configuration."""
    on_inf1 = hosting.any_variant(config, lambda v: v["InstanceType"].matches(r"^ml\.inf1\."))
    return hosting.is_serverless(config) | on_inf1


# -- what serves


def is_multi_model(config: ResourceView, graph: GraphView) -> Answer:
    """Whether a container of a variant's model holds many models; serverless variants cannot."""
    return hosting.any_variant(
        config,
        lambda variant: variant.is_provisioned() & hosting.model_of(variant, graph).any(_holds_many_models),
    )


def _holds_many_models(model: ResourceView) -> Answer:
    return model["PrimaryContainer.Mode"].equals("MultiModel") | model["Containers"].any_item(
        lambda container: container["Mode"].equals("MultiModel")
    )


def uses_components(endpoint: ResourceView, graph: GraphView) -> Answer:
    """Whether inference components, and not variants, hold the models of an endpoint."""
    placed = graph.sources(endpoint, EdgeKind.INVOKES, INFERENCE_COMPONENT)
    if placed.related:
        return YES
    return hosting.config_of(endpoint, graph).any(
        lambda config: hosting.any_variant(
            config, lambda variant: variant["ModelName"].is_absent() & variant.is_provisioned()
        )
    )


def strategies_of(endpoint: ResourceView, graph: GraphView) -> dict[Strategy, Answer]:
    """Every strategy, and whether an endpoint is served or updated that way."""
    configs = hosting.config_of(endpoint, graph)
    split = [TrafficSplit(config) for config in configs]
    unknown = [undecided(reason) for reason in configs.unknown]
    kind = routing(endpoint)["Type"]
    found = {
        Strategy.AB_TEST: some([*(each.is_ab_test() for each in split), *unknown]),
        Strategy.CANARY: some([kind.equals("CANARY"), *(each.is_canary() for each in split), *unknown]),
        Strategy.LINEAR: kind.equals("LINEAR"),
        Strategy.BLUE_GREEN: endpoint["DeploymentConfig"].is_present() & shifts_at_once(endpoint),
        Strategy.ROLLING: is_rolling(endpoint),
        Strategy.SHADOW: configs.any(lambda config: config["ShadowProductionVariants"].is_present()),
        Strategy.SERVERLESS: configs.any(hosting.is_serverless),
        Strategy.ASYNCHRONOUS: configs.any(hosting.is_asynchronous),
        Strategy.MULTI_MODEL: configs.any(lambda config: is_multi_model(config, graph)),
        Strategy.INFERENCE_COMPONENTS: uses_components(endpoint, graph),
    }
    return {Strategy.STANDARD: every(~each for each in found.values()), **found}


def labels(endpoint: ResourceView, graph: GraphView) -> tuple[str, ...]:
    """The strategies of an endpoint as words, in a fixed order; `?` marks what is not known.

    Where nothing is known of an endpoint's configuration, only what the endpoint itself states is named.
    """
    found = strategies_of(endpoint, graph)
    sure = tuple(each.value for each, holds in found.items() if certainly(holds))
    # Without a configuration everything that it could state is open: that is not worth reporting.
    if not hosting.config_of(endpoint, graph).related:
        return sure or (_UNKNOWN,)
    maybe = (each.value for each, holds in found.items() if possibly(holds) and not certainly(holds))
    return (*sure, *(f"{each}?" for each in maybe))


def labels_of(resource: Resource, graph: ResourceGraph) -> tuple[str, ...]:
    """The labels of an endpoint over all scenarios; what holds in some of them only is marked with `?`.

    Empty for any other resource.
    """
    if resource.type != ENDPOINT:
        return ()

    def evaluate(world: World) -> tuple[str, ...]:
        return labels(ResourceView(resource, world), GraphView(graph, world))

    tree = explore(graph.project.scenarios, resource.guards, evaluate)
    found = [] if tree is None else [each.outcome for each in leaves_of(tree) if each.outcome is not None]
    everywhere = tuple(each for each in _NAMES if found and all(each in one for one in found))
    elsewhere = {label.rstrip("?") for one in found for label in one}.difference(everywhere)
    return (*everywhere, *(f"{each}?" for each in _NAMES if each in elsewhere))


# -- instances that come and go

_CALLS = (EdgeKind.INVOKES, EdgeKind.TRIGGERS)
_QUEUES = ("AWS::Lambda::EventSourceMapping", "AWS::SQS::Queue")


def may_run_on_one_instance(endpoint: ResourceView, graph: GraphView) -> bool:
    """Whether each variant of an endpoint certainly starts on one instance, and scaling keeps no two."""
    targets = hosting.scalable_targets_of(endpoint, graph)
    least = (each["MinCapacity"].less_than(2, default=0) for each in targets)
    return _has_single_instances(endpoint, graph) and all(map(certainly, least))


def may_have_one_instance(endpoint: ResourceView, graph: GraphView) -> bool:
    """Whether no variant of an endpoint is known to have two instances, and no scaling to keep two."""
    configs = list(hosting.config_of(endpoint, graph))
    several = (
        certainly(hosting.any_variant(each, lambda one: one["InitialInstanceCount"].at_least(2)))
        for each in configs
    )
    if not configs or any(several):
        return False
    targets = list(hosting.scalable_targets_of(endpoint, graph))
    if not targets:
        return not hosting.is_scaled(endpoint, graph)
    return not any(certainly(each["MinCapacity"].at_least(2)) for each in targets)


def stays_undivided(endpoint: ResourceView, graph: GraphView) -> bool:
    """Whether each variant of an endpoint certainly has one instance, and nothing scales any."""
    if hosting.stays_on_one_instance(endpoint, graph):
        return True
    return _has_single_instances(endpoint, graph) and not hosting.is_scaled(endpoint, graph)


def _has_single_instances(endpoint: ResourceView, graph: GraphView) -> bool:
    configs = list(hosting.config_of(endpoint, graph))
    return bool(configs) and all(map(has_single_instances, configs))


def has_single_instances(config: ResourceView) -> bool:
    """Whether each variant of a configuration certainly starts on one instance."""
    listed = config["ProductionVariants"]
    single = listed.every_item(lambda one: one["InitialInstanceCount"].equals("1"))
    return certainly(listed.is_present() & single)


def answers_later(endpoint: ResourceView, graph: GraphView) -> bool:
    """Whether an endpoint is certainly asynchronous: its requests wait in a queue."""
    return certainly(hosting.config_of(endpoint, graph).any(hosting.is_asynchronous))


def scales_to_zero(scaled: ResourceView, graph: GraphView) -> bool:
    """Whether a scalable target certainly lets an endpoint, or an inference component, run on nothing."""
    targets = graph.sources(scaled, EdgeKind.SCALES, SCALABLE_TARGET)
    return certainly(targets.any(lambda target: target["MinCapacity"].equals("0")))


def why_repeated(endpoint: ResourceView, graph: GraphView) -> str:
    """Why a request that an endpoint fails is made again; empty where nothing shows it.

    All that is known to invoke it are functions that only queues and state machines call.
    """
    callers = [each for each in graph.sources(endpoint, EdgeKind.INVOKES) if each.type != INFERENCE_COMPONENT]
    batch = all(each.type == FUNCTION and _is_called_in_batches(each, graph) for each in callers)
    return "only queues and state machines, which repeat requests, lead to it" if callers and batch else ""


def _is_called_in_batches(function: ResourceView, graph: GraphView) -> bool:
    starters = [each for kind in _CALLS for each in graph.sources(function, kind)]
    return bool(starters) and all(_repeats(each, graph) for each in starters)


def _repeats(starter: ResourceView, graph: GraphView) -> bool:
    """Whether what calls a function is no API or user; who starts an express workflow may wait for it."""
    if starter.type == STATE_MACHINE:
        return certainly(~starter["StateMachineType"].equals("EXPRESS"))
    return starter.type in _QUEUES and not _polls_bucket(starter, graph)


def _polls_bucket(mapping: ResourceView, graph: GraphView) -> bool:
    """Whether an event source mapping names a bucket, which Lambda refuses: it leads to nothing."""
    named = (
        graph.graph.by_address.get(each.address) for each, _ in references_in(mapping["EventSourceArn"].value)
    )
    return any(each is not None and each.type == BUCKET for each in named)
