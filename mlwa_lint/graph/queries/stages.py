"""Stages of API Gateway: how they limit requests, and whether a web ACL protects them."""

from collections.abc import Iterable

from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.queries.apis import DEPLOYMENT, REST_STAGE, USAGE_PLAN, WEB_ACL_ASSOCIATION, api_of
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView, View
from mlwa_lint.model.answers import NO, YES, Answer, answer, some
from mlwa_lint.model.values import identity_of


def is_stage(resource: ResourceView, graph: GraphView) -> Answer:
    """Whether a resource is a stage; a deployment is one only if it names it.

    A stage of the same API with the same name is that stage, with settings of its own.
    """
    if resource.type != DEPLOYMENT:
        return YES
    named = resource["StageName"]
    name = identity_of(named.value)
    beside = (
        each for api in api_of(resource, graph) for each in graph.sources(api, EdgeKind.REFERS_TO, REST_STAGE)
    )
    if name and any(identity_of(each["StageName"].value) == name for each in beside):
        return NO
    return named.is_present()


def is_throttled(stage: ResourceView, graph: GraphView) -> Answer:
    """Whether a stage limits the rate of requests, by its own settings or by a usage plan."""
    own = [_limits(each) for each in _settings(stage)]
    own += [each["MethodSettings"].any_item(_limits) for each in (stage, *_described(stage))]
    plans = api_of(stage, graph).any(
        lambda api: graph.sources(api, EdgeKind.REFERS_TO, USAGE_PLAN).any(_plan_limits)
    )
    return some([*own, plans])


def _described(stage: ResourceView) -> list[View]:
    """The settings of a deployment's stage; Terraform has a text there."""
    return [] if stage.language == "terraform" else [stage["StageDescription"]]


def _settings(stage: ResourceView) -> Iterable[View]:
    yield stage["DefaultRouteSettings"]
    yield from _described(stage)
    routes = stage["RouteSettings"]
    yield from (view for _, view in routes.entries())
    yield from routes.known_items()


def _limits(settings: View) -> Answer:
    """Whether throttling is set; a negative limit switches it off."""
    rate, burst = settings["ThrottlingRateLimit"], settings["ThrottlingBurstLimit"]
    return some(limit.is_present() & ~limit.less_than(0) for limit in (rate, burst))


def _plan_limits(plan: ResourceView) -> Answer:
    by_stage = plan["ApiStages"].any_item(lambda stage: stage["Throttle"].is_present())
    return plan["Throttle"].is_present() | by_stage


def has_web_acl(stage: ResourceView, graph: GraphView) -> Answer:
    """Whether a web ACL protects a stage: associated with it, or with a stage of its API by name."""
    direct = graph.sources(stage, EdgeKind.REFERS_TO, WEB_ACL_ASSOCIATION).exist()
    by_api = api_of(stage, graph).any(
        lambda api: graph.sources(api, EdgeKind.REFERS_TO, WEB_ACL_ASSOCIATION).any(
            lambda association: ~_is_of_other_stage(association, stage, graph)
        )
    )
    return direct | by_api


def _is_of_other_stage(association: ResourceView, stage: ResourceView, graph: GraphView) -> Answer:
    stages = graph.targets(association, EdgeKind.REFERS_TO, REST_STAGE)
    return answer(len(stages) > 0 and all(each != stage for each in stages))
