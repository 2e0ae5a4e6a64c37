"""Alarms: the metrics that they watch, and whether anyone is notified."""

import textwrap

import pytest

from mlwa_lint.graph.kinds import ALARM
from mlwa_lint.graph.queries import alarm_metrics, alarms
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.model.answers import NO, YES, Answer
from mlwa_lint.model.values import Entry, ListValue, MapValue, Scalar, Unknown
from tests.support.graphs import graph_of_template
from tests.support.small_graphs import resource, view_of
from tests.support.small_values import HERE

UNDECIDED = Answer("undecided")
HEAD = """
Parameters:
  P: {Type: String}
Resources:
  Endpoint:
    Type: AWS::SageMaker::Endpoint
    Properties: {EndpointName: e, EndpointConfigName: c}
  Component:
    Type: AWS::SageMaker::InferenceComponent
    Properties: {InferenceComponentName: ic, EndpointName: e}
"""
OWN = "Namespace: AWS/SageMaker, MetricName: ModelLatency, Dimensions: [{Name: EndpointName, Value: %s}]"


def graph_of(*resources: str) -> GraphView:
    text = HEAD + "".join(textwrap.indent(f"{each}\n", "  ") for each in resources)
    return graph_of_template(text)


def alarm(properties: str, name: str = "Alarm") -> str:
    return f"{name}:\n  Type: AWS::CloudWatch::Alarm\n  Properties: {{{properties}}}"


def composite(properties: str, name: str = "Composite") -> str:
    return f"{name}:\n  Type: AWS::CloudWatch::CompositeAlarm\n  Properties: {{{properties}}}"


def in_math(namespace: str, metric: str, endpoint: str) -> str:
    dimensions = f"[{{Name: EndpointName, Value: {endpoint}}}]"
    held = f"{{Namespace: {namespace}, MetricName: {metric}, Dimensions: {dimensions}}}"
    return f"Metrics: [{{Id: x, Expression: m * 2}}, {{Id: m, MetricStat: {{Metric: {held}}}}}]"


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        (OWN % "e", YES),
        (OWN % "!GetAtt Endpoint.EndpointName", YES),
        (OWN % "!Sub '${Endpoint.EndpointName}'", YES),
        (OWN % "other", NO),
        (OWN % "!Ref P", UNDECIDED),
        (in_math("AWS/SageMaker", "ModelLatency", "e"), YES),
        (in_math("AWS/SageMaker", "ModelLatency", "other"), NO),
        ("Metrics: !Ref P", UNDECIDED),
        ("Metrics: [!Ref P]", UNDECIDED),
        ("Namespace: AWS/SageMaker, MetricName: ModelLatency, Dimensions: !Ref P", UNDECIDED),
        ("Namespace: AWS/SageMaker, MetricName: ModelLatency, Dimensions: [!Ref P]", UNDECIDED),
        ("Namespace: AWS/SageMaker, MetricName: ModelLatency", NO),
        ("Metrics: [{Id: q, Expression: 'SELECT MAX(ModelLatency) FROM \"AWS/SageMaker\"'}]", UNDECIDED),
        ("Metrics: [{Id: q, Expression: 'SELECT MAX(CPUUtilization) FROM \"AWS/EC2\"'}]", NO),
        ("EvaluationCriteria: {PromQLCriteria: {Query: up}}", UNDECIDED),
        ("AlarmName: !Sub '${Endpoint.EndpointName}-age', Namespace: AWS/SQS, MetricName: Age", NO),
        ("Namespace: x, MetricName: y, Dimensions: [{Name: InferenceComponentName, Value: ic}]", YES),
        ("Namespace: x, MetricName: y, Dimensions: [{Name: Endpoint, Value: e}]", YES),
    ],
)
def test_which_alarms_are_those_of_an_endpoint(properties: str, expected: Answer) -> None:
    graph = graph_of(alarm(properties))
    assert alarms.alarms_of(graph.resource("Endpoint"), graph).exist() == expected


@pytest.mark.parametrize(
    ("namespace", "metric", "expected"),
    [
        ("AWS/SageMaker", "ModelLatency", YES),
        ("AWS/SageMaker", "CPUUtilization", NO),  # not published there
        ("/aws/sagemaker/Endpoints", "CPUUtilization", YES),
        ("/aws/sagemaker/InferenceComponents", "CPUUtilizationNormalized", YES),
        ("aws/sagemaker/Endpoints/data-metrics", "feature_baseline_drift_age", YES),
        ("AWS/Sagemaker", "ModelLatency", NO),
        ("/aws/sagemaker/TrainingJobs", "CPUUtilization", NO),
        ("AWS/EC2", "CPUUtilization", NO),
        ("!Ref P", "CPUUtilization", UNDECIDED),
    ],
)
def test_namespaces_of_endpoints(namespace: str, metric: str, expected: Answer) -> None:
    graph = graph_of(alarm(f"Namespace: {namespace}, MetricName: {metric}"))
    assert alarm_metrics.watches_endpoint(graph.resource("Alarm")) == expected


@pytest.mark.parametrize(
    ("metric", "expected"),
    [
        ("CPUUtilization", YES),
        ("GPUUtilizationNormalized", YES),
        ("GPUMemoryUtilization", YES),
        ("MemoryUtilization", YES),
        ("MemoryUtilizationNormalized", NO),  # inference components alone publish it
        ("DiskUtilization", YES),
        ("Invocations", NO),
        ("CPUReservation", NO),
        ("!Ref P", UNDECIDED),
    ],
)
def test_metrics_of_resources(metric: str, expected: Answer) -> None:
    graph = graph_of(alarm(f"Namespace: /aws/sagemaker/Endpoints, MetricName: {metric}"))
    assert alarm_metrics.watches(graph.resource("Alarm"), alarm_metrics.RESOURCE_METRIC) == expected


def test_every_metric_of_metric_math_counts() -> None:
    graph = graph_of(alarm(in_math("AWS/SageMaker", "Invocation5XXErrors", "e")))
    found = graph.resource("Alarm")
    assert alarm_metrics.watches(found, alarm_metrics.ERROR_METRICS) == YES
    assert alarm_metrics.watches(found, alarm_metrics.LATENCY_METRICS) == NO


@pytest.mark.parametrize(
    ("namespace", "metric", "expected"),
    [
        ("AWS/SageMaker", "Latency", YES),
        ("AWS/SageMaker", "ModelLatency", NO),
        ("AWS/SageMaker", "Unlike", NO),
        ("AWS/Bedrock", "Latency", NO),
    ],
)
def test_an_alarm_that_misspells_a_metric(namespace: str, metric: str, expected: Answer) -> None:
    graph = graph_of(alarm(f"Namespace: {namespace}, MetricName: {metric}"))
    (found,) = graph.of_type(ALARM)
    assert alarm_metrics.means(found, frozenset({"ModelLatency"})) == expected


def test_a_list_of_metrics_that_is_known_in_part_may_name_others() -> None:
    held = {"Namespace": Scalar("AWS/SageMaker", HERE), "MetricName": Scalar("ModelLatency", HERE)}
    metric = MapValue({name: Entry(HERE, each, name) for name, each in held.items()}, HERE)
    for key in ("Metric", "MetricStat"):
        metric = MapValue({key: Entry(HERE, metric, key)}, HERE)
    listed = ListValue((metric,), HERE)
    for rest, reasons in ((None, ()), (Unknown("why", HERE), ("why",))):
        view = view_of(resource("Alarm", ALARM, Metrics=listed._replace(rest=rest)))
        found, more = alarm_metrics.metrics_of(view)
        assert ([each.name.text for each in found], more) == (["ModelLatency"], reasons)


def test_a_metric_of_another_namespace_is_none_of_an_endpoint() -> None:
    graph = graph_of(alarm("Namespace: Custom, MetricName: ModelLatency"))
    assert alarm_metrics.watches(graph.resource("Alarm"), alarm_metrics.LATENCY_METRICS) == NO


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ("Namespace: AWS/Bedrock, MetricName: InvocationThrottles", YES),
        ("Namespace: AWS/Bedrock/Agents, MetricName: InvocationCount", YES),
        ("Namespace: /aws/sagemaker/TrainingJobs, MetricName: DiskUtilization", YES),
        ("Namespace: AWS/Textract, MetricName: ThrottledCount", YES),
        ("Namespace: AWS/Lambda, MetricName: Errors", NO),
        ("Namespace: AWS/Lexicon, MetricName: Errors", NO),
        ("Namespace: !Ref P, MetricName: Errors", UNDECIDED),
        ("Namespace: Custom, MetricName: x, Dimensions: [{Name: EndpointName, Value: e}]", YES),
    ],
)
def test_alarms_on_machine_learning(properties: str, expected: Answer) -> None:
    graph = graph_of(alarm(properties))
    assert alarms.is_about_ml(graph.resource("Alarm"), graph) == expected


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ("AlarmActions: [a]", YES),
        ("AlarmActions: []", NO),
        ("AlarmActions: [!Ref AWS::NoValue]", NO),
        ("OKActions: [a]", NO),
        ("AlarmActions: [a], ActionsEnabled: false", NO),
        ("AlarmActions: [a], ActionsEnabled: !Ref P", UNDECIDED),
    ],
)
def test_when_an_alarm_does_something(properties: str, expected: Answer) -> None:
    graph = graph_of(alarm(properties))
    assert alarms.notifies(graph.resource("Alarm")) == expected


@pytest.mark.parametrize(
    ("composites", "expected"),
    [
        ((), NO),
        ((composite("AlarmRule: 'ALARM(a)', AlarmActions: [t]"),), YES),
        ((composite("AlarmRule: 'ALARM(\"a\") OR ALARM(b)', AlarmActions: [t]"),), YES),
        ((composite("AlarmRule: !Sub 'ALARM(${Alarm})', AlarmActions: [t]"),), YES),
        ((composite("AlarmRule: 'ALARM(a)'"),), NO),
        ((composite("AlarmRule: 'ALARM(b)', AlarmActions: [t]"),), NO),
        ((composite("AlarmRule: !Ref P, AlarmActions: [t]"),), UNDECIDED),
        (
            (
                composite("AlarmName: c, AlarmRule: 'ALARM(a)'"),
                composite("AlarmRule: 'ALARM(c)', AlarmActions: [t]", "Upper"),
            ),
            YES,
        ),
        (
            (
                composite("AlarmName: c, AlarmRule: 'ALARM(a) OR ALARM(d)'"),
                composite("AlarmName: d, AlarmRule: 'ALARM(c)'", "Circle"),
            ),
            UNDECIDED,
        ),
    ],
)
def test_when_composite_alarms_pass_an_alarm_on(composites: tuple[str, ...], expected: Answer) -> None:
    graph = graph_of(alarm("AlarmName: a"), *composites)
    assert alarms.notifies_through_composite(graph.resource("Alarm"), graph) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [("a", YES), ("!Ref Alarm", YES), ("b", NO), ("!Ref P", UNDECIDED)],
)
def test_alarms_that_roll_a_deployment_back(name: str, expected: Answer) -> None:
    guarded = (
        "Guarded:\n  Type: AWS::SageMaker::Endpoint\n  Properties:\n"
        f"    DeploymentConfig: {{AutoRollbackConfiguration: {{Alarms: [{{AlarmName: {name}}}]}}}}"
    )
    graph = graph_of(alarm("AlarmName: a"), guarded)
    assert alarms.guards_deployment(graph.resource("Alarm"), graph) == expected


def test_dimensions_and_the_endpoints_that_they_name() -> None:
    graph = graph_of(
        alarm(
            "Namespace: AWS/SageMaker, MetricName: ModelLatency, "
            "Dimensions: [{Name: EndpointName, Value: e}, {Name: VariantName, Value: v}]"
        )
    )
    (metric,), unknown = alarm_metrics.metrics_of(graph.resource("Alarm"))
    assert unknown == ()
    assert [each.resource.address for each in metric.endpoints(graph)] == ["Endpoint"]
    variant = metric.dimension("VariantName")
    assert variant is not None
    assert variant.text == "v"
    assert metric.dimension("InstanceId") is None
    assert metric.why_more_dimensions() == ()


def test_dimensions_that_are_not_known_give_a_reason() -> None:
    graph = graph_of(alarm("Namespace: AWS/SageMaker, MetricName: ModelLatency, Dimensions: !Ref P"))
    (metric,), _ = alarm_metrics.metrics_of(graph.resource("Alarm"))
    assert metric.dimension("EndpointName") is None
    assert metric.why_more_dimensions() == ("parameter P has no default",)
