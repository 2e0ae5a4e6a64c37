"""Deployment strategies of endpoints: how traffic is divided, and how an update reaches them."""

import textwrap

import pytest

from mlwa_lint.graph.linking.link import link
from mlwa_lint.graph.queries.deployment import (
    Strategy,
    TrafficSplit,
    is_guarded_type,
    labels,
    labels_of,
    shifts_at_once,
    strategies_of,
)
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.model.answers import NO, YES, Answer, certainly
from tests.support import rule_examples as harness
from tests.support.graphs import graph_of_template

UNDECIDED = Answer("undecided")
HEAD = """
Parameters:
  P: {Type: String}
  N: {Type: Number}
  Ten: {Type: Number, Default: 10}
Conditions:
  Live: !Equals [!Ref P, live]
Resources:
"""
VARIANT = "{VariantName: main, ModelName: m, InstanceType: ml.m5.large, InitialInstanceCount: 2}"
SERVERLESS = "{VariantName: main, ModelName: m, ServerlessConfig: {MaxConcurrency: 1, MemorySizeInMB: 1024}}"
ENDPOINT = "EndpointConfigName: !GetAtt Config.EndpointConfigName"
ROUTING = "DeploymentConfig: {BlueGreenUpdatePolicy: {TrafficRoutingConfiguration: {Type: %s}}}"
ROLLING = "DeploymentConfig: {RollingUpdatePolicy: {WaitIntervalInSeconds: 60}}"


def graph_of(resources: str) -> GraphView:
    models = "".join(
        f"{name.upper()}: {{Type: AWS::SageMaker::Model, Properties: {{ModelName: {name}}}}}\n"
        for name in ("m", "m0", "m1", "m2")
        if f"ModelName: {name}" in resources and "Mode:" not in resources
    )
    return graph_of_template(HEAD + textwrap.indent(models + resources, "  "))


def template(config: str = f"ProductionVariants: [{VARIANT}]", endpoint: str = "", more: str = "") -> str:
    lines = [
        "Config:",
        "  Type: AWS::SageMaker::EndpointConfig",
        "  Properties:",
        *(f"    {line}" for line in config.splitlines()),
        "Endpoint:",
        "  Type: AWS::SageMaker::Endpoint",
        "  Properties:",
        f"    {ENDPOINT}",
        *(f"    {line}" for line in endpoint.splitlines()),
        more,
    ]
    return "\n".join(lines)


def labelled(resources: str) -> tuple[str, ...]:
    graph = graph_of(resources)
    return labels(graph.resource("Endpoint"), graph)


def weighted(*weights: str) -> str:
    variants = [
        VARIANT.replace("main", f"v{position}").replace("m,", f"m{position},")
        for position in range(len(weights))
    ]
    stated = [
        variant if not weight else variant.replace("}", f", InitialVariantWeight: {weight}}}")
        for variant, weight in zip(variants, weights, strict=True)
    ]
    return f"ProductionVariants: [{', '.join(stated)}]"


@pytest.mark.parametrize(
    ("config", "endpoint", "expected"),
    [
        (f"ProductionVariants: [{VARIANT}]", "", ("standard",)),
        (weighted("1", "1"), "", ("a-b",)),
        (weighted("9", "1"), "", ("canary",)),
        (f"ProductionVariants: [{VARIANT}]", ROUTING % "CANARY", ("canary",)),
        (f"ProductionVariants: [{VARIANT}]", ROUTING % "LINEAR", ("linear",)),
        (f"ProductionVariants: [{VARIANT}]", ROUTING % "ALL_AT_ONCE", ("blue-green",)),
        (
            f"ProductionVariants: [{VARIANT}]",
            "DeploymentConfig: {AutoRollbackConfiguration: {Alarms: [{AlarmName: a}]}}",
            ("blue-green",),
        ),
        (f"ProductionVariants: [{VARIANT}]", ROLLING, ("rolling",)),
        (weighted("1", "1"), ROLLING, ("a-b", "rolling")),
        (
            f"ProductionVariants: [{VARIANT}]\nShadowProductionVariants: [{VARIANT}]",
            ROUTING % "CANARY",
            ("canary", "shadow"),
        ),
        (f"ProductionVariants: [{SERVERLESS}]", "", ("serverless",)),
        (
            f"ProductionVariants: [{VARIANT}]\nAsyncInferenceConfig: {{OutputConfig: {{S3OutputPath: s3://b}}}}",
            "",
            ("asynchronous",),
        ),
        (
            "ProductionVariants: [{VariantName: pool, InstanceType: ml.g5.xlarge, InitialInstanceCount: 1}]",
            "",
            ("inference components",),
        ),
        (
            f"ProductionVariants: [{VARIANT}]",
            ROUTING % "!Ref P",
            ("standard?", "canary?", "linear?", "blue-green?"),
        ),
        (
            "ProductionVariants: [!Ref P]",
            ROLLING,
            ("rolling", "a-b?", "canary?", "serverless?", "multi-model?", "inference components?"),
        ),
        (weighted("1", "!Ref N"), "", ("standard?", "a-b?", "canary?")),
        (weighted("!Ref N"), "", ("standard",)),
    ],
)
def test_labels(config: str, endpoint: str, expected: tuple[str, ...]) -> None:
    assert labelled(template(config, endpoint)) == expected


def test_a_container_of_many_models_makes_an_endpoint_multi_model() -> None:
    model = """
Model:
  Type: AWS::SageMaker::Model
  Properties:
    ModelName: m
    {containers}
"""
    one = model.format(containers="PrimaryContainer: {Image: i, Mode: MultiModel}")
    assert labelled(template(more=one)) == ("multi-model",)
    listed = model.format(containers="Containers: [{Image: i}, {Image: j, Mode: MultiModel}]")
    assert labelled(template(more=listed)) == ("multi-model",)
    single = model.format(containers="PrimaryContainer: {Image: i, Mode: SingleModel}")
    assert labelled(template(more=single)) == ("standard",)
    unknown = model.format(containers="PrimaryContainer: {Image: i, Mode: !Ref P}")
    assert labelled(template(more=unknown)) == ("standard?", "multi-model?")


def test_a_model_that_is_not_declared_leaves_open_whether_it_is_multi_model() -> None:
    config = template(f"ProductionVariants: [{VARIANT.replace('ModelName: m', 'ModelName: !Ref P')}]")
    graph = graph_of(config)
    found = strategies_of(graph.resource("Endpoint"), graph)
    assert found[Strategy.MULTI_MODEL] == UNDECIDED
    assert found[Strategy.STANDARD] == UNDECIDED
    assert found[Strategy.SHADOW] == NO


def test_an_inference_component_names_its_endpoint() -> None:
    component = """
Component:
  Type: AWS::SageMaker::InferenceComponent
  Properties:
    EndpointName: !GetAtt Endpoint.EndpointName
    VariantName: main
"""
    assert labelled(template(more=component)) == ("inference components",)


def test_without_its_configuration_only_the_endpoints_own_data_is_known() -> None:
    endpoint = "Endpoint:\n  Type: AWS::SageMaker::Endpoint\n  Properties:\n    EndpointConfigName: !Ref P\n"
    assert labelled(endpoint) == ("unknown",)
    assert labelled(f"{endpoint}    {ROLLING}\n") == ("rolling",)
    graph = graph_of(endpoint)
    found = strategies_of(graph.resource("Endpoint"), graph)
    assert found[Strategy.SERVERLESS] == UNDECIDED
    assert found[Strategy.LINEAR] == NO


def test_labels_over_all_scenarios_mark_what_holds_in_some() -> None:
    conditional = (
        "DeploymentConfig: !If [Live, {RollingUpdatePolicy: {WaitIntervalInSeconds: 60}}, !Ref AWS::NoValue]"
    )
    graph = graph_of(template(endpoint=conditional)).graph
    assert labels_of(graph.by_address["Endpoint"], graph) == ("standard?", "rolling?")
    assert labels_of(graph.by_address["Config"], graph) == ()
    both = template(
        f"ProductionVariants: [{VARIANT}]\nShadowProductionVariants: [{VARIANT}]", endpoint=conditional
    )
    graph = graph_of(both).graph
    assert labels_of(graph.by_address["Endpoint"], graph) == ("shadow", "rolling?")


# -- the split of traffic


def split_of(config: str) -> TrafficSplit:
    graph = graph_of(template(config))
    return TrafficSplit(graph.resource("Config"))


@pytest.mark.parametrize(
    ("weights", "shared", "even", "canary"),
    [
        (("1",), NO, YES, NO),
        (("0",), NO, YES, NO),
        (("1", "0"), NO, YES, NO),
        (("1", "1"), YES, YES, NO),
        (("", ""), YES, YES, NO),
        (("", "3"), YES, NO, NO),
        (("33", "33", "34"), YES, YES, NO),
        (("0.5", "0.3", "0.2"), YES, NO, YES),
        (("80", "20"), YES, NO, YES),
        (("79", "21"), YES, NO, NO),
        (("80", "10", "10"), YES, NO, NO),
        (("80", "20", "0"), YES, NO, YES),
        (("1", "!Ref N"), UNDECIDED, UNDECIDED, UNDECIDED),
        (("1", "1", "!Ref N"), YES, UNDECIDED, UNDECIDED),
    ],
)
def test_how_weights_divide_traffic(
    weights: tuple[str, ...], shared: Answer, even: Answer, canary: Answer
) -> None:
    split = split_of(weighted(*weights))
    assert (split.is_shared(), split.is_even(), split.is_canary()) == (shared, even, canary)


def test_a_split_by_default_weights_rests_on_them() -> None:
    shared = split_of(weighted("1", "!Ref Ten")).is_canary()
    assert certainly(shared)
    assert shared.assumed == frozenset({"the default of Ten"})


def test_a_variant_that_is_not_known_may_share_the_traffic() -> None:
    split = split_of(f"ProductionVariants: [{VARIANT}, !Ref P]")
    assert split.is_shared() == UNDECIDED
    assert split.is_ab_test() == UNDECIDED


# -- updates


@pytest.mark.parametrize(
    ("endpoint", "expected"),
    [
        ("", YES),
        ("DeploymentConfig: {BlueGreenUpdatePolicy: {TerminationWaitInSeconds: 60}}", YES),
        (ROUTING % "ALL_AT_ONCE", YES),
        (ROUTING % "CANARY", NO),
        (ROLLING, NO),
        ("DeploymentConfig: !Ref P", UNDECIDED),
    ],
)
def test_what_shifts_all_traffic_at_once(endpoint: str, expected: Answer) -> None:
    graph = graph_of(template(endpoint=endpoint))
    assert shifts_at_once(graph.resource("Endpoint")) == expected


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        (f"ProductionVariants: [{VARIANT}]", YES),
        (f"ProductionVariants: [{SERVERLESS}]", NO),
        (f"ProductionVariants: [{VARIANT.replace('ml.m5.large', 'ml.inf1.xlarge')}]", NO),
        (f"ProductionVariants: [{VARIANT.replace('ml.m5.large', 'ml.inf2.xlarge')}]", YES),
        ("ProductionVariants: [!Ref P]", YES),
    ],
)
def test_endpoints_that_deployment_guardrails_apply_to(config: str, expected: Answer) -> None:
    graph = graph_of(template(config))
    assert is_guarded_type(graph.resource("Endpoint"), graph) == expected


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        ("fail.tf", ("unknown",)),
        ("fail-all-at-once.tf", ("blue-green",)),
        ("pass.tf", ("canary",)),
        ("pass-linear.tf", ("linear",)),
        ("unless-rolling.tf", ("rolling",)),
    ],
)
def test_endpoints_in_terraform_have_the_same_strategies(example: str, expected: tuple[str, ...]) -> None:
    graph = link(harness.project_of(harness.EXAMPLES / "MLR107" / example))
    endpoints = graph.by_type["AWS::SageMaker::Endpoint"]
    assert {labels_of(endpoint, graph) for endpoint in endpoints} == {expected}


def test_a_configuration_in_terraform_shows_shadow_serverless_and_multi_model() -> None:
    for example, expected in {
        "MLR105/pass.tf": ("canary", "multi-model?"),
        "MLR102/unless-serverless.tf": ("serverless",),
        "MLR102/unless-managed-scaling.tf": ("rolling", "inference components"),
        "MLO109/pass-multi-model.tf": ("multi-model",),
    }.items():
        graph = link(harness.project_of(harness.EXAMPLES / example))
        (endpoint,) = graph.by_type["AWS::SageMaker::Endpoint"]
        assert labels_of(endpoint, graph) == expected, example
