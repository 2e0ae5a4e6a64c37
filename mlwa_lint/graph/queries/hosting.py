"""Endpoints: configurations, variants, models, and what watches and scales them."""

from collections.abc import Callable

from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.kinds import (
    ALARM,
    COMPOSITE_ALARM,
    ENDPOINT,
    ENDPOINT_CONFIG,
    JOB_DEFINITIONS,
    MODEL,
    MONITORING_SCHEDULE,
    SCALABLE_TARGET,
    SCALING_POLICY,
)
from mlwa_lint.graph.relations import GraphView, Links, Related
from mlwa_lint.graph.views import ResourceView, View, same_value
from mlwa_lint.model.answers import NO, Answer, every, some, undecided

INFERENCE_COMPONENT = "AWS::SageMaker::InferenceComponent"


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
        name = self.view["VariantName"].text
        return f"variant {name}" if name else "a variant"

    def is_serverless(self) -> Answer:
        """Whether it runs without instances."""
        return self.view["ServerlessConfig"].is_present()

    def is_provisioned(self) -> Answer:
        """Whether it runs on instances."""
        return ~self.is_serverless()


def variants(config: ResourceView) -> list[Variant]:
    """The production variants; a list that is not wholly known leaves the rule undecided."""
    return [Variant(config, view, shadow=False) for view in config["ProductionVariants"].items()]


def shadow_variants(config: ResourceView) -> list[Variant]:
    """The variants that get copies of requests and answer nobody."""
    return [Variant(config, view, shadow=True) for view in config["ShadowProductionVariants"].items()]


def every_variant(config: ResourceView, question: Callable[[Variant], Answer]) -> Answer:
    """Whether a question is answered YES for all production variants; NO when there are none."""
    listed = config["ProductionVariants"]
    asked = listed.every_item(lambda view: question(Variant(config, view, shadow=False)))
    return listed.is_present() & asked


def any_variant(config: ResourceView, question: Callable[[Variant], Answer]) -> Answer:
    """Whether a question is answered YES for some production variant."""
    return config["ProductionVariants"].any_item(lambda view: question(Variant(config, view, shadow=False)))


def is_serverless(config: ResourceView) -> Answer:
    """Whether every variant is serverless."""
    return every_variant(config, Variant.is_serverless)


def is_asynchronous(config: ResourceView) -> Answer:
    """Whether the endpoint answers asynchronously."""
    return config["AsyncInferenceConfig"].is_present()


# -- what belongs together


def config_of(endpoint: ResourceView, graph: GraphView) -> Links:
    """The configuration that an endpoint uses."""
    return graph.targets(endpoint, EdgeKind.CONFIGURES, ENDPOINT_CONFIG)


def endpoints_of(config: ResourceView, graph: GraphView) -> Links:
    """The endpoints that use a configuration."""
    return graph.sources(config, EdgeKind.CONFIGURES, ENDPOINT)


def configs_hosting(model: ResourceView, graph: GraphView) -> Links:
    """The endpoint configurations with a variant for a model."""
    return graph.sources(model, EdgeKind.HOSTS, ENDPOINT_CONFIG)


def models_of(config: ResourceView, graph: GraphView) -> Links:
    """The models that a configuration hosts."""
    return graph.targets(config, EdgeKind.HOSTS, MODEL)


def model_of(variant: Variant, graph: GraphView) -> Links:
    """The model of one variant."""
    name = variant["ModelName"]
    related = [
        each
        for each in models_of(variant.config, graph).related
        if each.edge.path[-1:] == ("ModelName",) and each.edge.span == name.span
    ]
    unknown = () if related or name.is_absent().verdict == "yes" else ("its model is not declared here",)
    return Links(tuple(related), unknown)


def is_hosted_serverless_only(model: ResourceView, graph: GraphView) -> Answer:
    """Whether a model is hosted, and only by serverless variants."""
    configs = configs_hosting(model, graph)
    answers = [configs.exist()]
    for related in configs.related:
        hosting = (*variants(related.resource), *shadow_variants(related.resource))
        answers += [each.is_serverless() for each in hosting if each["ModelName"].span == related.edge.span]
    return every([*answers, *map(undecided, configs.unknown)]) if configs.related else configs.exist() & NO


# -- alarms


def alarms_of(endpoint: ResourceView, graph: GraphView) -> Links:
    """The metric alarms that watch an endpoint, metric math included."""
    return graph.sources(endpoint, EdgeKind.MONITORS, ALARM)


def alarm_metrics(alarm: ResourceView) -> list[View]:
    """The names of the metrics that an alarm watches, its own or those of its metric math."""
    own = alarm["MetricName"]
    if own.is_absent().verdict != "yes":
        return [own]
    found = [metric["MetricStat.Metric.MetricName"] for metric in alarm["Metrics"].known_items()]
    return [view for view in found if view.is_absent().verdict != "yes"]


def watches_metric(alarm: ResourceView, names: frozenset[str]) -> Answer:
    """Whether an alarm watches one of some metrics."""
    return some(view.one_of(names) for view in alarm_metrics(alarm))


def composites_of(alarm: ResourceView, graph: GraphView) -> Links:
    """The composite alarms that an alarm is part of."""
    return graph.sources(alarm, EdgeKind.MONITORS, COMPOSITE_ALARM)


# -- autoscaling


def scalable_targets_of(endpoint: ResourceView, graph: GraphView) -> Links:
    """The scalable targets that name a variant of an endpoint; each edge's detail is the variant."""
    return graph.sources(endpoint, EdgeKind.SCALES, SCALABLE_TARGET)


def scaled_variant(related: Related, graph: GraphView) -> View:
    """The variant name in a scalable target's ResourceId, or in an alarm's dimensions."""
    target = related.resource
    detail = related.edge.detail
    view = target[".".join(related.edge.path)] if related.edge.path == ("ResourceId",) else target
    return View(target.resource, graph.world, detail, related.edge.path, view.span) if detail else view


def targets_scaling(variant: Variant, endpoint: ResourceView, graph: GraphView) -> Links:
    """The scalable targets of one variant of an endpoint."""
    links = scalable_targets_of(endpoint, graph)
    name = variant["VariantName"]
    kept: list[Related] = []
    unknown = list(links.unknown)
    for related in links.related:
        detail = related.edge.detail
        same = same_value(graph.world.resolve(detail), name.value) if detail is not None else NO
        if same.verdict == "yes":
            kept.append(related)
        elif same.verdict == "undecided":
            unknown += same.reasons
    return Links(tuple(kept), tuple(dict.fromkeys(unknown)))


def policies_scaling(target: ResourceView, graph: GraphView) -> Links:
    """The scaling policies of a scalable target, by reference or by the same ResourceId and dimension."""
    direct = graph.sources(target, EdgeKind.SCALES, SCALING_POLICY)
    kept = list(direct.related)
    unknown = list(direct.unknown)
    resource_id, dimension = target["ResourceId"], target["ScalableDimension"]
    for policy in graph.of_type(SCALING_POLICY):
        if policy["ScalingTargetId"].is_absent().verdict != "yes" or any(
            policy == each.resource for each in kept
        ):
            continue
        stated = policy["ScalableDimension"]
        same = policy["ResourceId"].same_as(resource_id) & stated.same_as(dimension)
        if same.verdict == "yes":
            related = graph.declared(SCALING_POLICY).related
            kept += [each for each in related if each.resource == policy]
        elif same.verdict == "undecided":
            unknown += same.reasons
    return Links(tuple(kept), tuple(dict.fromkeys(unknown)))


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
    return Links(tuple(related), tuple(dict.fromkeys(unknown)))


def definitions_of(schedule: ResourceView, graph: GraphView) -> Links:
    """The job definition that a monitoring schedule runs."""
    return graph.targets(schedule, EdgeKind.RUNS, *JOB_DEFINITIONS)


def monitored_by(schedule: ResourceView, graph: GraphView) -> Links:
    """The endpoints that a schedule watches, by itself or through its job definition."""
    own = graph.targets(schedule, EdgeKind.MONITORS, ENDPOINT)
    related = list(own.related)
    unknown = list(own.unknown)
    definitions = definitions_of(schedule, graph)
    unknown += definitions.unknown
    for definition in definitions:
        watched = graph.targets(definition, EdgeKind.MONITORS, ENDPOINT)
        related += watched.related
        unknown += watched.unknown
    return Links(tuple(related), tuple(dict.fromkeys(unknown)))
