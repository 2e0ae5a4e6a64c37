"""Endpoints: configurations, variants, models, and what watches and scales them."""

from collections import Counter
from collections.abc import Callable

from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.kinds import (
    ENDPOINT,
    ENDPOINT_CONFIG,
    FUNCTION,
    INFERENCE_COMPONENT,
    JOB_DEFINITIONS,
    MODEL,
    MONITORING_SCHEDULE,
    SCALABLE_TARGET,
)
from mlwa_lint.graph.machines.instances import has_local_storage
from mlwa_lint.graph.memo import remembered
from mlwa_lint.graph.queries.identity import calls_inference
from mlwa_lint.graph.queries.images import containers_of
from mlwa_lint.graph.queries.mentions import leads_to
from mlwa_lint.graph.relations import GraphView, Links, Related
from mlwa_lint.graph.views import Resolved, ResourceView, View, same_value
from mlwa_lint.model.answers import NO, YES, Answer, answer, certainly, possibly, some, undecided
from mlwa_lint.model.resources import CAPTURED, CHANGED, INVOKED, SINGLE
from mlwa_lint.model.spans import Span


class Variant:
    """A production or shadow variant of an endpoint configuration."""

    __slots__ = ("config", "shadow", "view")

    def __init__(self, config: ResourceView, view: View, shadow: bool) -> None:
        self.config = config
        self.view = view
        self.shadow = shadow

    def __getitem__(self, path: str) -> View:
        return self.view[path]

    def __str__(self) -> str:
        name = self.view["VariantName"].words
        return f"variant {name}" if name else "a variant"

    def is_serverless(self) -> Answer:
        """Whether it runs without instances."""
        return self.view["ServerlessConfig"].is_present()

    def is_provisioned(self) -> Answer:
        """Whether it runs on instances."""
        return ~self.is_serverless()

    def uses_local_storage(self) -> Answer:
        """Whether an instance type that it may run on has local NVMe storage."""
        pools = self.view["InstancePools"]
        return self.view["InstanceType"].test(has_local_storage) | pools.any_item(
            lambda pool: pool["InstanceType"].test(has_local_storage)
        )


def instance_types(variant: Variant) -> list[View]:
    """The instance types that a variant may run on; none when it is serverless for certain."""
    if certainly(variant.is_serverless()):
        return []
    pools = [pool["InstanceType"] for pool in variant["InstancePools"].known_items()]
    return pools or [variant["InstanceType"]]


def variants(config: ResourceView) -> list[Variant]:
    """The production variants; a list that is not wholly known leaves the rule undecided."""
    return [Variant(config, view, shadow=False) for view in config["ProductionVariants"].items()]


def shadow_variants(config: ResourceView) -> list[Variant]:
    """The variants that get copies of requests and respond to no client."""
    return [Variant(config, view, shadow=True) for view in config["ShadowProductionVariants"].items()]


def every_variant(config: ResourceView, question: Callable[[Variant], Answer]) -> Answer:
    """Whether a question is answered YES for all production variants; NO when there are none."""
    listed = config["ProductionVariants"]
    found = listed.every_item(lambda view: question(Variant(config, view, shadow=False)))
    return listed.is_present() & found


def has_several(listed: View) -> Answer:
    """Whether a list of variants has two or more."""
    certain = [each for each in listed.known_items() if certainly(each.is_present())]
    return YES if len(certain) > 1 else listed.any_item(lambda view: NO)


def any_variant(config: ResourceView, question: Callable[[Variant], Answer]) -> Answer:
    """Whether a question is answered YES for some production variant."""
    return config["ProductionVariants"].any_item(lambda view: question(Variant(config, view, shadow=False)))


def is_serverless(config: ResourceView) -> Answer:
    """Whether every variant is serverless."""
    return every_variant(config, Variant.is_serverless)


def uses_local_storage(config: ResourceView) -> Answer:
    """Whether any variant, shadow variants included, uses an instance type with local NVMe storage."""
    return any_variant(config, Variant.uses_local_storage) | config["ShadowProductionVariants"].any_item(
        lambda view: Variant(config, view, shadow=True).uses_local_storage()
    )


def captures_data(config: ResourceView) -> Answer:
    """Whether requests or responses are captured; EnableCapture defaults to true."""
    capture = config["DataCaptureConfig"]
    return capture.is_present() & ~capture["EnableCapture"].is_false()


def may_be_updated(config: ResourceView) -> Answer:
    """Whether another program of the project updates the endpoint: with which configuration is not known."""
    return _stated_elsewhere(config, CHANGED)


def may_capture_later(config: ResourceView) -> Answer:
    """Whether another program of the project changes what the endpoint captures, or updates it."""
    return may_be_updated(config) | _stated_elsewhere(config, CAPTURED)


def _stated_elsewhere(config: ResourceView, attribute: str) -> Answer:
    text = config.attributes[attribute].text
    return NO if text is None else undecided(text)


def has_components(config: ResourceView, graph: GraphView) -> Answer:
    """Whether inference components of the graph are placed on an endpoint with a configuration."""
    return endpoints_of(config, graph).any(
        lambda endpoint: graph.sources(endpoint, EdgeKind.INVOKES, INFERENCE_COMPONENT).exist()
    )


def is_asynchronous(config: ResourceView) -> Answer:
    """Whether the endpoint responds asynchronously."""
    return config["AsyncInferenceConfig"].is_present()


# -- what belongs together


def config_of(endpoint: ResourceView, graph: GraphView) -> Links:
    """The configuration that an endpoint uses."""
    return graph.targets(endpoint, EdgeKind.CONFIGURES, ENDPOINT_CONFIG)


def endpoints_of(config: ResourceView, graph: GraphView) -> Links:
    """The endpoints that use a configuration."""
    return graph.sources(config, EdgeKind.CONFIGURES, ENDPOINT)


def is_only_tried(endpoint: ResourceView, graph: GraphView) -> bool:
    """Whether nothing shows that others depend on an endpoint: one instance, no scaling, no caller."""
    if not stays_on_one_instance(endpoint, graph) or graph.sources(endpoint, EdgeKind.INVOKES).related:
        return False
    if certainly(endpoint.attributes[INVOKED].is_present()):
        return False
    return not any(possibly(calls_inference(each, graph)) for each in graph.of_type(FUNCTION))


def stays_on_one_instance(endpoint: ResourceView, graph: GraphView) -> bool:
    """Whether an endpoint certainly has one variant on one instance, and nothing scales it."""
    configs = list(config_of(endpoint, graph))
    if not configs:
        return certainly(endpoint.attributes[SINGLE].is_present())
    one = all(has_one_instance(each) for each in configs)
    return one and not is_scaled(endpoint, graph)


def has_one_instance(config: ResourceView) -> bool:
    """Whether a configuration certainly has one variant, which starts on one instance."""
    listed = config["ProductionVariants"]
    single = listed.every_item(lambda variant: variant["InitialInstanceCount"].equals("1"))
    return len(listed.known_items()) == 1 and certainly(single)


def configs_hosting(model: ResourceView, graph: GraphView) -> Links:
    """The endpoint configurations with a variant for a model."""
    return graph.sources(model, EdgeKind.HOSTS, ENDPOINT_CONFIG)


def configs_serving(model: ResourceView, graph: GraphView) -> Links:
    """The endpoint configurations that a model runs under, by a variant or by an inference component."""
    direct = configs_hosting(model, graph)
    components = list(graph.sources(model, EdgeKind.HOSTS, INFERENCE_COMPONENT))
    if not components:
        return direct
    related, unknown = list(direct.related), list(direct.unknown)
    for component in components:
        endpoints = graph.targets(component, EdgeKind.INVOKES, ENDPOINT)
        unknown += endpoints.unknown
        for endpoint in endpoints:
            configs = config_of(endpoint, graph)
            related += configs.related
            unknown += configs.unknown
    return Links(tuple(related), tuple(dict.fromkeys(unknown)))


def models_of(config: ResourceView, graph: GraphView) -> Links:
    """The models that a configuration hosts."""
    return graph.targets(config, EdgeKind.HOSTS, MODEL)


def model_of(variant: Variant, graph: GraphView) -> Links:
    """The model of one variant."""
    name = variant["ModelName"]
    hosted = graph.related_at(variant.config, EdgeKind.HOSTS, name, MODEL)
    related = [each for each in hosted if each.edge.path[-1:] == ("ModelName",)]
    if len(related) > 1 or name.span in _repeated_places(variant.config, graph):
        # Variants that one block, or a function of a program, repeats have the same place.
        related = [each for each in related if leads_to(name, each.resource)]
    unknown = () if related or name.is_absent().verdict == "yes" else ("its model is not declared here",)
    return Links(tuple(related), unknown)


@remembered
def _repeated_places(config: ResourceView, graph: GraphView) -> frozenset[Span]:
    """The places of names of models that several variants of a configuration have in common."""
    listed = (*variants(config), *shadow_variants(config))
    found = Counter(each["ModelName"].span for each in listed)
    return frozenset(span for span, times in found.items() if times > 1)


def images_of(model: ResourceView) -> list[View]:
    """The container images that a model names; a list that is not wholly known leaves the rule undecided."""
    stated = [each["Image"] for each in containers_of(model)]
    return [each for each in stated if not certainly(each.is_absent())]


def scalable_targets_of(endpoint: ResourceView, graph: GraphView) -> Links:
    """The scalable targets that name a variant of an endpoint; each edge's detail is the variant."""
    return graph.sources(endpoint, EdgeKind.SCALES, SCALABLE_TARGET)


def is_scaled(endpoint: ResourceView, graph: GraphView) -> bool:
    """Whether something scales a variant of an endpoint."""
    return bool(graph.sources(endpoint, EdgeKind.SCALES).related)


def has_variant(config: ResourceView, name: Resolved) -> Answer:
    """Whether a configuration has a variant, or shadow variant, of a name."""
    listed = (config["ProductionVariants"], config["ShadowProductionVariants"])
    return some(each.any_item(lambda view: _is_called(view["VariantName"], name)) for each in listed)


def _is_called(own: View, name: Resolved) -> Answer:
    if own.is_absent().verdict == "yes":
        return undecided("a variant gets its name at deployment")
    return same_value(own.value, name)


def targets_scaling(variant: Variant, endpoint: ResourceView, graph: GraphView) -> Links:
    """The scalable targets of one variant of an endpoint.

    Those of programs, which follow a metric of the endpoint, scale every variant.
    """
    from mlwa_lint.graph.queries import scaling

    links = scalable_targets_of(endpoint, graph)
    custom = scaling.targets_about(endpoint, graph)
    kept = list(custom.related)
    unknown = [*links.unknown, *custom.unknown]
    for related in links.related:
        same = _names_variant(related, variant, graph)
        if same.verdict == "yes":
            kept.append(related)
        elif same.verdict == "undecided":
            unknown += same.reasons
    return Links(tuple(kept), tuple(dict.fromkeys(unknown)))


def _names_variant(related: Related, variant: Variant, graph: GraphView) -> Answer:
    detail = related.edge.detail
    if detail is None:
        return undecided(f"{related.resource.address}: the variant that it scales is not known")
    return _is_called(variant["VariantName"], graph.world.resolve(detail))


def keeps_at_least(variant: Variant, count: float, graph: GraphView) -> Answer:
    """Whether scaling keeps a number of instances of a variant, at every endpoint that has it."""
    managed = variant["ManagedInstanceScaling"]
    by_itself = managed["Status"].equals("ENABLED") & managed["MinInstanceCount"].at_least(count)
    endpoints = endpoints_of(variant.config, graph)
    scaled = endpoints.all(
        lambda endpoint: targets_scaling(variant, endpoint, graph).any(
            lambda target: target["MinCapacity"].at_least(count)
        )
    )
    return by_itself | (endpoints.exist() & scaled)


def lowers_capacity(target: ResourceView) -> Answer:
    """Whether a scalable target leaves room to scale in: its minimum is below its maximum.

    Scheduled actions that set other limits in their turn do so as well.
    """
    least, most = target["MinCapacity"], target["MaxCapacity"]
    low, high = least.number, most.number
    if low is not None and high is not None:
        room = answer(low < high, least.value.assumed | most.value.assumed)
    else:
        same = least.same_as(most)
        # Different limits that are not known are in the right order, or the deployment fails.
        room = ~same
    return room | target["ScheduledActions"].is_present()


def endpoints_scaled_by(policy: ResourceView, graph: GraphView) -> Links:
    """The endpoints that a scaling policy is about, by its own ResourceId or that of its target."""
    own = graph.targets(policy, EdgeKind.SCALES, ENDPOINT)
    related = list(own.related)
    unknown = list(own.unknown)
    targets = graph.targets(policy, EdgeKind.SCALES, SCALABLE_TARGET)
    unknown += targets.unknown
    for target in targets:
        links = graph.targets(target, EdgeKind.SCALES, ENDPOINT)
        related += links.related
        unknown += links.unknown
    return Links(tuple(related), tuple(dict.fromkeys(unknown)))


def is_sagemaker_target(target: ResourceView) -> Answer:
    """Whether a scalable target or scaling policy is about a SageMaker variant or inference component."""
    return target["ServiceNamespace"].equals("sagemaker") | target["ScalableDimension"].test(
        lambda text: text.startswith("sagemaker:")
    )


# -- monitors


def schedules_of(endpoint: ResourceView, graph: GraphView) -> Links:
    """The monitoring schedules that watch an endpoint, by themselves or through their job definition."""
    own = graph.sources(endpoint, EdgeKind.MONITORS, MONITORING_SCHEDULE)
    related = list(own.related)
    unknown = list(own.unknown)
    definitions = graph.sources(endpoint, EdgeKind.MONITORS, *JOB_DEFINITIONS)
    unknown += definitions.unknown
    for definition in definitions:
        running = graph.sources(definition, EdgeKind.RUNS, MONITORING_SCHEDULE)
        related += running.related
        unknown += running.unknown
    for schedule in graph.of_type(MONITORING_SCHEDULE):
        # A job definition that is not declared here may be about any endpoint.
        unknown += definitions_of(schedule, graph).unknown
        config = schedule["MonitoringScheduleConfig"]
        unknown += config["MonitoringJobDefinition"]["MonitoringInputs"].any_item(lambda view: NO).reasons
    return Links(tuple(related), tuple(dict.fromkeys(unknown)))


def watches_for(schedule: ResourceView, graph: GraphView, *types: str) -> Answer:
    """Whether a schedule runs one of some kinds of monitoring, named by their job definitions' types."""
    definitions = definitions_of(schedule, graph)
    if definitions.related:
        return some(answer(each.type in types) for each in definitions)
    config = schedule["MonitoringScheduleConfig"]
    stated = config["MonitoringType"]
    names = {each.rsplit("::", 1)[-1].removesuffix("JobDefinition") for each in types}
    # A job that the schedule defines itself is about data quality unless its type is another.
    inline = config["MonitoringJobDefinition"].is_present() & stated.is_absent()
    return stated.one_of(names) | (inline & answer("DataQuality" in names))


def definitions_of(schedule: ResourceView, graph: GraphView) -> Links:
    """The job definition that a monitoring schedule runs."""
    return graph.targets(schedule, EdgeKind.RUNS, *JOB_DEFINITIONS)


def monitored_by(schedule: ResourceView, graph: GraphView) -> Links:
    """The endpoints of the graph that a schedule watches, directly or through its job definition."""
    related: list[Related] = []
    unknown: list[str] = []
    definitions = definitions_of(schedule, graph)
    for watcher in (schedule, *definitions):
        related += graph.targets(watcher, EdgeKind.MONITORS, ENDPOINT).related
        ends = graph.graph.open_ends_of(watcher.address, EdgeKind.MONITORS)
        unknown += [end.reason for end in ends if not end.outside and graph.world.admits(end.guards)]
    if not related:
        unknown += definitions.unknown
    return Links(tuple(related), tuple(dict.fromkeys(unknown)))
