"""What calls functions without waiting for their response: buckets, topics, rules and schedules."""

from collections.abc import Iterator

from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.kinds import BUCKET, EVENT_RULE, FUNCTION_ALIASES, PERMISSION
from mlwa_lint.graph.linking.leaves import leaves
from mlwa_lint.graph.queries.triggers import SCHEDULE
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView
from mlwa_lint.model.answers import NO, YES, Answer, certainly, possibly, some, undecided
from mlwa_lint.model.values import Unknown

_TOPIC = "AWS::SNS::Topic"
_EVENT_INVOKE_CONFIG = "AWS::Lambda::EventInvokeConfig"
_ASYNCHRONOUS = (BUCKET, _TOPIC, "AWS::SNS::Subscription", EVENT_RULE, SCHEDULE)
# Where those that a permission may be about name what they call.
_CALLING = {
    BUCKET: "NotificationConfiguration",
    _TOPIC: "Subscription",
    EVENT_RULE: "Targets",
    SCHEDULE: "Target",
}
_INPUTS = ("Input", "InputPath", "InputTransformer")
_NOT_WAITING = ("events.amazonaws.com", "s3.amazonaws.com", "sns.amazonaws.com")
# Where a permission names what may call a function, which is not yet a call.
_OF_PERMISSION = ("SourceArn",)
_CUSTOM = ("AWS::CloudFormation::CustomResource", "Custom::")


def is_called_asynchronously(function: ResourceView, graph: GraphView) -> Answer:
    """Whether S3, SNS or EventBridge calls a function, directly or by an alias or version of it.

    A bucket that may call it, and whose notifications do not name it, calls nothing; nor does a topic.
    """
    aliases = graph.sources(function, EdgeKind.INVOKES, *FUNCTION_ALIASES)
    by_alias = (graph.sources(alias, EdgeKind.REFERS_TO, *_ASYNCHRONOUS).exist() for alias in aliases)
    return some([*_calls(function, graph), *by_alias, *_permitted_outside(function, graph)])


def _calls(function: ResourceView, graph: GraphView) -> Iterator[Answer]:
    """Whether each of those that may call a function without waiting does."""
    found = graph.sources(function, EdgeKind.TRIGGERS, *_ASYNCHRONOUS)
    for each in found.related:
        permitted = each.edge.path == _OF_PERMISSION
        yield _may_call_others(each.resource, graph) if permitted else YES
    yield from map(undecided, found.unknown)


def _may_call_others(source: ResourceView, graph: GraphView) -> Answer:
    """Whether a bucket, topic or rule may call what it does not name: a custom resource may set that."""
    address, named = source.address, source[_CALLING[source.type]]
    for leaf in leaves(named.value, named.span, ()):
        if isinstance(leaf.value, Unknown):
            return undecided(f"{address}: {leaf.value.reason}")
    users = (graph.graph.by_address[each.source] for each in graph.graph.edges_into(address))
    setting = next((each.address for each in users if each.type.startswith(_CUSTOM)), None)
    return NO if setting is None else undecided(f"{setting} may set what {address} calls")


def _permitted_outside(function: ResourceView, graph: GraphView) -> Iterator[Answer]:
    """That a bucket, topic or rule may call a function that is not in the project."""
    for each in graph.sources(function, EdgeKind.INVOKES, PERMISSION):
        named = any(edge.path == _OF_PERMISSION for edge in graph.graph.edges_from(each.address))
        elsewhere = not named and possibly(each["SourceArn"].is_present())
        if elsewhere and each["Principal"].text in _NOT_WAITING:
            yield undecided(f"{each.address} lets what is outside the project call {function.address}")


def is_called_by_clocks_only(function: ResourceView, graph: GraphView) -> bool:
    """Whether the only known asynchronous caller of a function is a schedule, whose events carry no data."""
    sources = _starting(function, graph)
    return bool(sources) and all(map(_is_clock, sources))


def is_called_again_alike(function: ResourceView, graph: GraphView) -> bool:
    """Whether only schedules call a function, again and again, and give it no input of their own."""
    return is_called_by_clocks_only(function, graph) and all(map(_recurs_alike, _starting(function, graph)))


def _starting(function: ResourceView, graph: GraphView) -> list[ResourceView]:
    """What is known to call a function without waiting for it."""
    found = graph.sources(function, EdgeKind.TRIGGERS, *_ASYNCHRONOUS).related
    return [each.resource for each in found if each.edge.path != _OF_PERMISSION]


def _recurs_alike(clock: ResourceView) -> bool:
    """Whether a schedule recurs, and certainly hands nothing of its own to what it starts."""
    recurs = clock["ScheduleExpression"].test(lambda text: text.startswith(("cron(", "rate(")))
    targets = [clock["Target"]] if clock.type == SCHEDULE else clock["Targets"].known_items()
    plain = (certainly(target[key].is_absent()) for target in targets for key in _INPUTS)
    return certainly(recurs) and all(plain)


def _is_clock(trigger: ResourceView) -> bool:
    if trigger.type == SCHEDULE:
        return True
    return trigger.type == EVENT_RULE and certainly(trigger["EventPattern"].is_absent())


def keeps_failures(function: ResourceView, graph: GraphView) -> Answer:
    """Whether events that a function failed on go somewhere: a dead-letter queue, a destination."""
    configs = graph.sources(function, EdgeKind.INVOKES, _EVENT_INVOKE_CONFIG)
    return function["DeadLetterConfig.TargetArn"].is_present() | configs.any(
        lambda config: config["DestinationConfig.OnFailure.Destination"].is_present()
    )
