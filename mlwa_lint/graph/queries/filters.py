"""Metric filters of logs: the metrics that they publish, and by which dimensions."""

from mlwa_lint.graph.queries.alarm_metrics import Metric
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import View
from mlwa_lint.model.answers import NO, Answer, answer, certainly, possibly, some, undecided

_FILTER = "AWS::Logs::MetricFilter"


def publishing(metric: Metric, graph: GraphView) -> list[View]:
    """Where filters of the project publish the metric that an alarm watches, by whatever dimensions."""
    found = _transformations(graph)
    return [each for each in found if certainly(_publishes(each, metric)) and not certainly(_fails(each))]


def unselected(metric: Metric, graph: GraphView) -> tuple[View, str] | None:
    """The dimensions by which a filter cannot publish the metric that an alarm watches, and why not.

    No other filter may publish it.
    """
    found = [each for each in _transformations(graph) if possibly(_publishes(each, metric))]
    failing = [each for each in found if certainly(_publishes(each, metric) & _fails(each))]
    if not failing or len(failing) < len(found) or graph.declared(_FILTER).unknown:
        return None
    place = failing[0]["Dimensions"]
    for each in place.known_items():
        if certainly(_is_literal(each["Value"])):
            return place, f"by {each['Key'].words}, whose value is not a field of the log event"
    names = " and ".join(each["Key"].words for each in place.known_items())
    return place, f"by {names}, because its pattern has no fields"


def misses_metric(metric: Metric, graph: GraphView) -> Answer:
    """Whether filters publish a metric, but none of them by the dimensions that an alarm names.

    A metric without dimensions is another one than that of the same name with dimensions. No filter can
    publish to a namespace of AWS.
    """
    found = [each for each in _transformations(graph) if not certainly(_fails(each))]
    if not found or (metric.view["Namespace"].text or "").startswith("AWS/"):
        return NO
    published = some(_publishes(each, metric) for each in found)
    fitting = some(_publishes(each, metric) & _has_dimensions(each, metric) for each in found)
    hidden = some(map(undecided, graph.declared(_FILTER).unknown))
    return published & ~fitting & ~hidden


def _has_dimensions(item: View, metric: Metric) -> Answer:
    unknown = [*metric.why_more_dimensions()]
    unknown += item["Dimensions"].any_item(lambda each: each["Key"].is_open()).reasons
    return some(map(undecided, unknown)) if unknown else answer(_dimensions(item) == metric.dimensions())


def words_on_dimensions(transformation: View) -> str:
    """By which dimensions a filter publishes its metric, for messages."""
    names = sorted(_dimensions(transformation))
    return f"by {' and '.join(names)}" if names else "without dimensions"


def _transformations(graph: GraphView) -> list[View]:
    return [item for each in graph.of_type(_FILTER) for item in each["MetricTransformations"].known_items()]


def _fails(item: View) -> Answer:
    """Whether CloudWatch Logs cannot publish by the dimensions of a filter.

    The value of a dimension is a field of the log event, `$.model` or `$model`; only patterns for JSON and
    for columns have fields.
    """
    values = [each["Value"] for each in item["Dimensions"].known_items()]
    if not values:
        return NO
    plain = item.holder["FilterPattern"].test(lambda text: not text.lstrip().startswith(("{", "[")))
    return plain | some(map(_is_literal, values))


def _is_literal(value: View) -> Answer:
    return value.is_present() & value.test(lambda text: not text.startswith("$"))


def _publishes(item: View, metric: Metric) -> Answer:
    """Whether a filter publishes a metric of the namespace and name that an alarm watches."""
    namespace = item["MetricNamespace"].same_as(metric.view["Namespace"])
    return namespace & item["MetricName"].same_as(metric.name)


def _dimensions(item: View) -> frozenset[str]:
    """The known names of the dimensions that a filter publishes by."""
    keys = [each["Key"].text for each in item["Dimensions"].known_items()]
    return frozenset(key for key in keys if key is not None)
