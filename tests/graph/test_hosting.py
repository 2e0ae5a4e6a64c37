"""Endpoints and what belongs to them: configurations, variants, models, scaling, monitors."""

import textwrap
from pathlib import Path

import pytest

from mlwa_lint.frontends.cloudformation.stacks.project import load
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.graph.queries import hosting, serverless
from mlwa_lint.graph.queries.scaling import policies_scaling
from mlwa_lint.graph.relations import GraphView, Links
from mlwa_lint.model.answers import NO, YES, Answer
from tests.support.graphs import linked

UNDECIDED = Answer("undecided")
HEAD = """
Parameters:
  P: {Type: String}
  N: {Type: Number}
Resources:
"""
VARIANT = "{VariantName: %s, ModelName: m, InstanceType: ml.m5.large, InitialInstanceCount: 2}"
SERVERLESS = "{VariantName: %s, ModelName: m, ServerlessConfig: {MaxConcurrency: 1, MemorySizeInMB: 1024}}"
ENDPOINT = """
Endpoint:
  Type: AWS::SageMaker::Endpoint
  Properties:
    EndpointName: e
    EndpointConfigName: !Ref Config
"""
MODEL = """
Model:
  Type: AWS::SageMaker::Model
  Properties: {ModelName: m}
"""
MACRO = """
Hidden:
  Type: AWS::CloudFormation::Stack
  Properties: {TemplateURL: !Ref P, Parameters: {Name: !GetAtt Endpoint.EndpointName}}
"""


def config(*variants: str, name: str = "Config", more: str = "") -> str:
    return f"""
{name}:
  Type: AWS::SageMaker::EndpointConfig
  Properties:
    ProductionVariants: [{", ".join(variants)}]
    {more}
"""


def target(resource_id: str, name: str = "Target", least: str = "2") -> str:
    return f"""
{name}:
  Type: AWS::ApplicationAutoScaling::ScalableTarget
  Properties:
    ServiceNamespace: sagemaker
    ScalableDimension: sagemaker:variant:DesiredInstanceCount
    ResourceId: {resource_id}
    MinCapacity: {least}
    MaxCapacity: 9
"""


def graph_of(*resources: str) -> GraphView:
    text = HEAD + "".join(textwrap.indent(each, "  ") for each in resources)
    project = load(Path("t.yaml"), LoadOptions(), text)
    assert not [problem for problem in project.problems if problem.fatal]
    return linked(project)


def addresses(links: Links) -> list[str]:
    return [each.address for each in links]


def only_variant(graph: GraphView) -> hosting.Variant:
    (variant,) = hosting.variants(graph.resource("Config"))
    return variant


# -- variants


@pytest.mark.parametrize(
    ("variants", "expected"),
    [
        ((SERVERLESS % "a",), YES),
        ((SERVERLESS % "a", SERVERLESS % "b"), YES),
        ((SERVERLESS % "a", VARIANT % "b"), NO),
        ((), NO),
        ((SERVERLESS % "a", "!Ref P"), UNDECIDED),
        ((VARIANT % "a", "!Ref P"), NO),
    ],
)
def test_a_configuration_is_serverless_when_all_its_variants_are(
    variants: tuple[str, ...], expected: Answer
) -> None:
    graph = graph_of(config(*variants))
    assert hosting.is_serverless(graph.resource("Config")) == expected


@pytest.mark.parametrize(
    ("capture", "expected"),
    [
        ("", NO),
        ("DataCaptureConfig: {EnableCapture: true}", YES),
        ("DataCaptureConfig: {EnableCapture: 'false'}", NO),
        ("DataCaptureConfig: {InitialSamplingPercentage: 5}", YES),
        ("DataCaptureConfig: {EnableCapture: !Ref P}", UNDECIDED),
        ("DataCaptureConfig: !Ref P", UNDECIDED),
    ],
)
def test_capture_is_on_unless_it_is_switched_off(capture: str, expected: Answer) -> None:
    graph = graph_of(config(VARIANT % "a", more=capture))
    assert hosting.captures_data(graph.resource("Config")) == expected


@pytest.mark.parametrize(
    ("variants", "name", "expected"),
    [
        ((VARIANT % "a", VARIANT % "b"), "b", YES),
        ((VARIANT % "a", VARIANT % "b"), "c", NO),
        ((VARIANT % "a", VARIANT % "!Ref P"), "a", YES),
        ((VARIANT % "a", VARIANT % "!Ref P"), "c", UNDECIDED),
        ((VARIANT % "!Ref P",), "!Ref P", YES),
        (("{ModelName: m}",), "c", UNDECIDED),
    ],
)
def test_whether_a_configuration_has_a_variant(
    variants: tuple[str, ...], name: str, expected: Answer
) -> None:
    graph = graph_of(config(*variants), f"Other:\n  Type: A::B::C\n  Properties: {{Name: {name}}}\n")
    wanted = graph.resource("Other")["Name"].value
    assert hosting.has_variant(graph.resource("Config"), wanted) == expected


def test_a_shadow_variant_is_one_of_a_configuration() -> None:
    graph = graph_of(config(VARIANT % "a", more=f"ShadowProductionVariants: [{VARIANT % 'b'}]"))
    name = graph.resource("Config")["ShadowProductionVariants"]["VariantName"].value
    assert hosting.has_variant(graph.resource("Config"), name) == YES


# -- models


def test_the_model_of_a_variant_by_reference_and_by_name() -> None:
    by_reference = (VARIANT % "a").replace("ModelName: m", "ModelName: !GetAtt Model.ModelName")
    graph = graph_of(MODEL, config(by_reference, VARIANT % "b"))
    for variant in hosting.variants(graph.resource("Config")):
        assert addresses(hosting.model_of(variant, graph)) == ["Model"]


def test_a_model_that_is_not_declared_is_not_known() -> None:
    graph = graph_of(config(VARIANT % "a"))
    links = hosting.model_of(only_variant(graph), graph)
    assert links.exist() == UNDECIDED
    absent = graph_of(config("{VariantName: a, InstanceType: ml.g5.xlarge, InitialInstanceCount: 1}"))
    assert hosting.model_of(only_variant(absent), absent).exist() == NO


@pytest.mark.parametrize(
    ("configs", "expected"),
    [
        ((config(SERVERLESS % "a"),), YES),
        ((config(SERVERLESS % "a"), config(VARIANT % "a", name="Other")), NO),
        ((config(VARIANT % "a"),), NO),
        ((), NO),
        ((config((SERVERLESS % "a").replace("ModelName: m", "ModelName: !Ref P")),), UNDECIDED),
        (
            (
                config(SERVERLESS % "a"),
                config((VARIANT % "a").replace("ModelName: m", "ModelName: x"), name="O"),
            ),
            YES,
        ),
    ],
)
def test_whether_a_model_is_hosted_serverless_only(configs: tuple[str, ...], expected: Answer) -> None:
    graph = graph_of(MODEL, *configs)
    assert serverless.is_hosted_serverless_only(graph.resource("Model"), graph) == expected


def test_a_configuration_serves_a_model_through_an_inference_component() -> None:
    component = """
Component:
  Type: AWS::SageMaker::InferenceComponent
  Properties:
    EndpointName: e
    Specification: {ModelName: m}
"""
    graph = graph_of(MODEL, ENDPOINT, config("{VariantName: pool}"), component)
    assert addresses(hosting.configs_serving(graph.resource("Model"), graph)) == ["Config"]


# -- scaling


@pytest.mark.parametrize(
    ("resource_id", "expected"),
    [
        ("endpoint/e/variant/a", YES),
        ("!Sub 'endpoint/${Endpoint.EndpointName}/variant/a'", YES),
        ("!Join [/, [endpoint, !GetAtt Endpoint.EndpointName, variant, a]]", YES),
        ("endpoint/e/variant/b", NO),
        ("endpoint/other/variant/a", NO),
        ("!Sub 'endpoint/${P}/variant/a'", UNDECIDED),
        ("!Sub 'endpoint/e/variant/${P}'", UNDECIDED),
        ("!Ref P", UNDECIDED),
        ("table/orders", NO),
        ("!Sub 'table/${P}'", NO),
        ("inference-component/e", NO),
    ],
)
def test_which_scalable_targets_scale_a_variant(resource_id: str, expected: Answer) -> None:
    graph = graph_of(ENDPOINT, config(VARIANT % "a"), target(resource_id))
    found = hosting.targets_scaling(only_variant(graph), graph.resource("Endpoint"), graph)
    assert found.exist() == expected


def test_a_nested_stack_that_receives_the_endpoints_name_may_scale_it() -> None:
    graph = graph_of(ENDPOINT, config(VARIANT % "a"), MACRO)
    found = hosting.targets_scaling(only_variant(graph), graph.resource("Endpoint"), graph)
    assert found.exist() == UNDECIDED


@pytest.mark.parametrize(
    ("least", "scaling", "expected"),
    [
        ("2", "", YES),
        ("1", "", NO),
        ("!Ref N", "", UNDECIDED),
        ("1", "ManagedInstanceScaling: {Status: ENABLED, MinInstanceCount: 2}", YES),
        ("1", "ManagedInstanceScaling: {Status: DISABLED, MinInstanceCount: 2}", NO),
    ],
)
def test_how_many_instances_scaling_keeps(least: str, scaling: str, expected: Answer) -> None:
    variant = (VARIANT % "a").replace("}", f", {scaling}}}") if scaling else VARIANT % "a"
    graph = graph_of(ENDPOINT, config(variant), target("endpoint/e/variant/a", least=least))
    assert hosting.keeps_at_least(only_variant(graph), 2, graph) == expected


def test_scaling_at_one_of_two_endpoints_keeps_nothing_at_the_other() -> None:
    other = ENDPOINT.replace("Endpoint:", "Second:", 1).replace("EndpointName: e", "EndpointName: f")
    graph = graph_of(ENDPOINT, other, config(VARIANT % "a"), target("endpoint/e/variant/a"))
    assert hosting.keeps_at_least(only_variant(graph), 2, graph) == NO


SAME_VARIANT = "ResourceId: endpoint/e/variant/a\n    ScalableDimension: sagemaker:variant:"


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("ScalingTargetId: !Ref Target", YES),
        ("ScalingTargetId: !Ref Other", NO),
        ("ScalingTargetId: !Ref P", UNDECIDED),
        (f"{SAME_VARIANT}DesiredInstanceCount", YES),
        (f"{SAME_VARIANT}DesiredInstanceCount".replace("/a", "/b"), NO),
        (f"{SAME_VARIANT}DesiredProvisionedConcurrency", NO),
    ],
)
def test_which_policies_scale_a_target(policy: str, expected: Answer) -> None:
    scaling = f"Policy:\n  Type: AWS::ApplicationAutoScaling::ScalingPolicy\n  Properties:\n    {policy}\n"
    graph = graph_of(target("endpoint/e/variant/a"), target("endpoint/x/variant/a", "Other"), scaling)
    assert policies_scaling(graph.resource("Target"), graph).exist() == expected


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ("{ServiceNamespace: sagemaker}", YES),
        ("{ScalableDimension: 'sagemaker:inference-component:DesiredCopyCount'}", YES),
        ("{ServiceNamespace: ecs, ScalableDimension: 'ecs:service:DesiredCount'}", NO),
        ("{ServiceNamespace: !Ref P}", UNDECIDED),
    ],
)
def test_scalable_targets_of_sagemaker(properties: str, expected: Answer) -> None:
    graph = graph_of(f"T:\n  Type: AWS::ApplicationAutoScaling::ScalableTarget\n  Properties: {properties}\n")
    assert hosting.is_sagemaker_target(graph.resource("T")) == expected


# -- monitors

DEFINITION = """
{name}:
  Type: AWS::SageMaker::{kind}JobDefinition
  Properties:
    {kind}JobInput: {{EndpointInput: {{EndpointName: {endpoint}}}}}
"""
SCHEDULE = """
Schedule:
  Type: AWS::SageMaker::MonitoringSchedule
  Properties:
    MonitoringScheduleName: s
    MonitoringScheduleConfig: {config}
"""


def schedule(config: str) -> str:
    return SCHEDULE.format(config=config)


def definition(endpoint: str, kind: str = "DataQuality") -> str:
    return DEFINITION.format(name="Definition", kind=kind, endpoint=endpoint)


@pytest.mark.parametrize(
    ("resources", "expected"),
    [
        ((definition("e"), schedule("{MonitoringJobDefinitionName: !Ref Definition}")), YES),
        (
            (
                definition("!GetAtt Endpoint.EndpointName"),
                schedule("{MonitoringJobDefinitionName: !Ref Definition}"),
            ),
            YES,
        ),
        ((definition("e"),), NO),
        ((definition("other"), schedule("{MonitoringJobDefinitionName: !Ref Definition}")), NO),
        ((definition("!Ref P"), schedule("{MonitoringJobDefinitionName: !Ref Definition}")), UNDECIDED),
        ((schedule("{MonitoringJobDefinitionName: !Ref P}"),), UNDECIDED),
        ((schedule("{MonitoringJobDefinitionName: elsewhere}"),), UNDECIDED),
        (
            (
                schedule(
                    "{MonitoringJobDefinition: {MonitoringInputs: [{EndpointInput: {EndpointName: e}}]}}"
                ),
            ),
            YES,
        ),
        (
            (
                schedule(
                    "{MonitoringJobDefinition: {MonitoringInputs: [{EndpointInput: {EndpointName: x}}]}}"
                ),
            ),
            NO,
        ),
        ((schedule("{MonitoringJobDefinition: {MonitoringInputs: !Ref P}}"),), UNDECIDED),
        (
            (
                schedule(
                    "{MonitoringJobDefinition: {MonitoringInputs: [{BatchTransformInput: {LocalPath: x}}]}}"
                ),
            ),
            NO,
        ),
    ],
)
def test_which_schedules_watch_an_endpoint(resources: tuple[str, ...], expected: Answer) -> None:
    graph = graph_of(ENDPOINT, config(VARIANT % "a"), *resources)
    assert hosting.schedules_of(graph.resource("Endpoint"), graph).exist() == expected


def test_a_schedule_named_after_an_endpoint_does_not_watch_it() -> None:
    named = schedule("{MonitoringJobDefinition: {MonitoringInputs: []}}").replace(
        "MonitoringScheduleName: s", "MonitoringScheduleName: !Sub '${Endpoint.EndpointName}-s'"
    )
    graph = graph_of(ENDPOINT, config(VARIANT % "a"), named)
    assert hosting.schedules_of(graph.resource("Endpoint"), graph).exist() == NO
    assert hosting.monitored_by(graph.resource("Schedule"), graph).exist() == NO


@pytest.mark.parametrize(
    ("resources", "found", "more"),
    [
        ((definition("e"), schedule("{MonitoringJobDefinitionName: !Ref Definition}")), ["Endpoint"], False),
        ((definition("x"), schedule("{MonitoringJobDefinitionName: !Ref Definition}")), [], False),
        ((definition("!Ref P"), schedule("{MonitoringJobDefinitionName: !Ref Definition}")), [], True),
        ((schedule("{MonitoringJobDefinitionName: elsewhere}"),), [], True),
    ],
)
def test_which_endpoints_a_schedule_watches(resources: tuple[str, ...], found: list[str], more: bool) -> None:
    graph = graph_of(ENDPOINT, config(VARIANT % "a"), *resources)
    links = hosting.monitored_by(graph.resource("Schedule"), graph)
    assert addresses(links) == found
    assert bool(links.unknown) is more


@pytest.mark.parametrize(
    ("resources", "expected"),
    [
        ((definition("e", "ModelBias"), schedule("{MonitoringJobDefinitionName: !Ref Definition}")), YES),
        (
            (
                definition("e"),
                schedule("{MonitoringJobDefinitionName: !Ref Definition, MonitoringType: ModelBias}"),
            ),
            NO,
        ),
        ((schedule("{MonitoringJobDefinitionName: x, MonitoringType: ModelBias}"),), YES),
        ((schedule("{MonitoringJobDefinitionName: x, MonitoringType: DataQuality}"),), NO),
        ((schedule("{MonitoringJobDefinitionName: x, MonitoringType: !Ref P}"),), UNDECIDED),
        ((schedule("{MonitoringJobDefinition: {MonitoringInputs: []}}"),), NO),
    ],
)
def test_what_a_schedule_watches_for(resources: tuple[str, ...], expected: Answer) -> None:
    graph = graph_of(ENDPOINT, config(VARIANT % "a"), *resources)
    found = hosting.watches_for(graph.resource("Schedule"), graph, "AWS::SageMaker::ModelBiasJobDefinition")
    assert found == expected


def test_a_job_that_a_schedule_defines_itself_is_about_data_quality() -> None:
    graph = graph_of(schedule("{MonitoringJobDefinition: {MonitoringInputs: []}}"))
    found = hosting.watches_for(graph.resource("Schedule"), graph, "AWS::SageMaker::DataQualityJobDefinition")
    assert found == YES


def test_a_variant_whose_name_is_put_together_is_found_by_it() -> None:
    named = (VARIANT % "!Sub '${P}-${AWS::Region}'").replace("ModelName: m", "ModelName: !Sub 'm-${P}'")
    endpoint = ENDPOINT.replace("EndpointName: e", "EndpointName: !Sub '${P}-e'")
    scaled = target("!Sub 'endpoint/${P}-e/variant/${P}-${AWS::Region}'")
    graph = graph_of(endpoint, config(named), scaled)
    found = hosting.targets_scaling(only_variant(graph), graph.resource("Endpoint"), graph)
    assert addresses(found) == ["Target"]
    assert found.unknown == ()
