"""The facts are dated, name their source, and are about things that exist."""

import datetime
import json
import tomllib
from functools import cache
from importlib.metadata import distribution
from pathlib import Path

import botocore.session
import pytest

from mlwa_lint.facts import (
    ai_services,
    defaults,
    hardware,
    metrics,
    models,
    policies,
    services,
    tables,
    today,
    versions,
)
from mlwa_lint.graph.machines import instances
from tests.support.bundles import bundled

_TODAY = datetime.date.today()


@cache
def _canonical() -> frozenset[str]:
    folder = Path(str(distribution("cfn-lint").locate_file("cfnlint/data/schemas")))
    return frozenset(json.loads((folder / "providers/us-east-1.json").read_text("utf-8")))


@pytest.mark.parametrize("name", tables.names())
def test_every_table_has_source_and_date(name: str) -> None:
    checked = tables.checked(name)
    assert checked.source
    assert datetime.date(2026, 1, 1) < checked.date <= _TODAY


def test_the_content_is_that_of_the_tables() -> None:
    folder = Path(tables.__file__).parent
    written = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in folder.glob("*.toml")}
    assert {name: tables.table(name) for name in tables.names()} == written


def test_a_managed_policy_is_read_as_from_the_whole_table() -> None:
    whole = json.loads(Path(policies.__file__).with_name("policies.json").read_text("utf-8"))
    for name, entry in whole.items():
        found = policies.managed_policy(entry["arn"])
        assert found is not None, name
        assert found._asdict() == {"name": name, **entry, "statements": tuple(entry["statements"])}
    assert policies.names() == tuple(whole)
    assert policies.managed_policy("arn:aws:iam::aws:policy/Nobody") is None
    assert policies.managed_policy('arn:aws:iam::aws:policy/AWSBatchFullAccess":{"') is None


# -- services for AI


def test_actions_and_clients_of_ai_services_exist() -> None:
    session = botocore.session.get_session()
    models = [session.get_service_model(name) for name in session.get_available_services()]
    operations: dict[str, set[str]] = {}
    for model in models:
        operations.setdefault(model.signing_name, set()).update(model.operation_names)
    for service in ai_services.ai_services():
        assert set(service.clients) <= set(session.get_available_services()), service.name
        known = operations.get(service.prefix)
        if known is not None:
            named = {*service.infers, *service.works, *service.trains, *service.runs}
            assert named - {"InvokeEndpointWithBidirectionalStream"} <= known, service.name


def test_principals_with_a_page_are_principals() -> None:
    assert set(ai_services.principals_with_source()) <= set(ai_services.principals())
    pages = [each.confused_deputy for each in ai_services.ai_services() if each.confused_deputy]
    assert all(page.startswith("https://docs.aws.amazon.com/") for page in pages)


# -- services


@pytest.mark.parametrize("service", services.services(), ids=lambda each: each.name)
def test_services_name_a_successor_and_a_page(service: services.Service) -> None:
    assert service.state in ("ended", "closed")
    assert service.successor
    assert service.source.startswith("https://")
    assert service.types or service.properties
    assert service.since is None or service.since <= _TODAY


def test_types_of_services_exist_or_are_gone_with_them() -> None:
    for service in services.services():
        for each in service.types:
            exact = each.rstrip("*")
            known = any(name.startswith(exact) for name in _canonical()) or each.startswith("aws_")
            own = {"AWS::SageMaker::LabelingJob", "AWS::SageMaker::FlowDefinition"}
            assert known or service.state == "ended" or each in own, each


@pytest.mark.parametrize(
    ("resource_type", "name", "state"),
    [
        ("AWS::SageMaker::DeviceFleet", "Amazon SageMaker Edge Manager", "ended"),
        ("AWS::Bedrock::Agent", "Amazon Bedrock Agents Classic", "closed"),
        ("AWS::Bedrock::AgentAlias", "Amazon Bedrock Agents Classic", "closed"),
        ("AWS::Kendra::Index", "Amazon Kendra", "closed"),
        ("AWS::SageMaker::MonitoringSchedule", "Amazon SageMaker Model Monitor", "closed"),
        ("AWS::Panorama::Package", "AWS Panorama", "ended"),
        ("AWS::FraudDetector::Detector", "Amazon Fraud Detector", "closed"),
    ],
)
def test_a_type_leads_to_its_service(resource_type: str, name: str, state: str) -> None:
    found = [each for each in services.services() if each.owns(resource_type)]
    assert [(each.name, each.state) for each in found] == [(name, state)]


@pytest.mark.parametrize(
    "resource_type",
    [
        "AWS::Bedrock::Flow",
        "AWS::Bedrock::KnowledgeBase",
        "AWS::BedrockAgentCore::Runtime",
        "AWS::Evidently::Experiment",
        "AWS::Greengrass::Group",
        "AWS::GreengrassV2::Deployment",
        "AWS::IoTAnalytics::Pipeline",
        "AWS::SageMaker::Endpoint",
        "AWS::SageMaker::Domain",
    ],
)
def test_what_is_open_belongs_to_no_such_service(resource_type: str) -> None:
    assert not any(each.owns(resource_type) for each in services.services())


def test_features_are_properties_of_types_that_go_on() -> None:
    features = {
        (resource_type, path): (each.name, each.state)
        for each in services.services()
        for resource_type, path in each.properties.items()
    }
    accelerators = ("AWS::SageMaker::NotebookInstance", "AcceleratorTypes")
    assert features[accelerators] == ("Amazon Elastic Inference", "ended")
    of_configs = {
        path for resource_type, path in features if resource_type == "AWS::SageMaker::EndpointConfig"
    }
    assert of_configs == {"ProductionVariants.AcceleratorType", "ExplainerConfig"}


def test_types_by_state() -> None:
    assert "AWS::SageMaker::DeviceFleet" in services.types_of("ended")
    assert "AWS::SageMaker::DeviceFleet" not in services.types_of("closed")


# -- versions


def test_versions_of_glue_end_in_their_order() -> None:
    ended = [each.name for each in versions.glue_versions() if each.ends is not None]
    assert ended == ["0.9", "1.0", "2.0"]
    two = versions.glue_version("2.0")
    assert two is not None
    assert two.ends == datetime.date(2026, 4, 1)
    assert versions.glue_version("9.9") is None
    assert versions.newest_glue() == "5.1"


def test_first_platform_of_notebooks_ended_with_amazon_linux_1() -> None:
    first = versions.notebook_platform("notebook-al1-v1")
    assert first is not None
    assert first.ends == datetime.date(2024, 3, 31)


def test_days_are_written_as_aws_writes_them() -> None:
    assert today.written(datetime.date(2026, 7, 1)) == "July 1, 2026"
    assert today.written(datetime.date(2025, 10, 31)) == "October 31, 2025"


def test_platforms_of_notebooks_that_ended_name_one_that_did_not() -> None:
    for each in versions.notebook_platforms():
        following = versions.notebook_platform(each.successor) if each.ends else None
        assert each.ends is None or (following is not None and following.ends is None)


# -- models


@pytest.mark.parametrize(
    ("name", "bare", "ends"),
    [
        ("anthropic.claude-v2", "anthropic.claude-v2", datetime.date(2025, 7, 21)),
        ("anthropic.claude-v2:1:200k", "anthropic.claude-v2:1", None),
        ("cohere.command-text-v14", "cohere.command-text-v14", datetime.date(2025, 8, 12)),
        (
            "us.anthropic.claude-sonnet-4-20250514-v1:0",
            "anthropic.claude-sonnet-4-20250514-v1:0",
            datetime.date(2026, 10, 14),
        ),
        (
            "arn:aws:bedrock:us-east-1::foundation-model/cohere.command-r-v1:0",
            "cohere.command-r-v1:0",
            datetime.date(2026, 8, 19),
        ),
        ("amazon.titan-embed-text-v2:0", "amazon.titan-embed-text-v2:0", None),
    ],
)
def test_models_end(name: str, bare: str, ends: datetime.date | None) -> None:
    assert models.model_id(name) == bare
    assert models.end_of_life(name) == ends


def test_models_whose_day_is_not_known() -> None:
    data = tables.table("models")
    assert models.has_ended_some_day("anthropic.claude-v2:1:200k")
    assert not models.has_ended_some_day("anthropic.claude-v2")
    assert all(source.startswith("https://") for source in data["ended"].values())
    assert models.is_of_unknown_life("us.anthropic.claude-3-opus-20240229-v1:0")
    unverified = set(data["unverified"]["models"])
    assert not set(data["ends"]) & set(data["ended"])
    assert not unverified & (set(data["ends"]) | set(data["ended"]))
    for each in (*data["ended"], *unverified, *data["ends"]):
        assert models.is_known(each)
    assert not models.is_known("example.com")


def test_profiles_of_models() -> None:
    assert models.has_profile("anthropic.claude-3-haiku-20240307-v1:0")
    assert not models.has_profile("amazon.titan-embed-text-v2:0")
    assert models.needs_profile("anthropic.claude-sonnet-4-20250514-v1:0")
    # Whether it answers by its own id was never seen.
    assert not models.needs_profile("anthropic.claude-sonnet-5")
    assert not models.needs_profile("eu.anthropic.claude-sonnet-4-20250514-v1:0")
    assert not models.needs_profile("anthropic.claude-3-haiku-20240307-v1:0")
    assert models.profile_geography("us-gov.anthropic.claude-x") == "us-gov"
    assert models.profile_geography("ai21.jamba-1-5-large-v1:0") == ""


# -- metrics


@pytest.mark.parametrize(
    ("namespace", "metric", "kind", "published"),
    [
        ("AWS/SageMaker", "Invocation5XXErrors", None, True),
        ("AWS/SageMaker", "5XXError", None, False),
        ("AWS/SageMaker", "CPUUtilization", None, False),
        ("/aws/sagemaker/Endpoints", "CPUUtilization", None, True),
        ("AWS/SageMaker", "InvocationsPerInstance", "asynchronous", False),
        ("AWS/SageMaker", "InvocationsPerInstance", "real-time", True),
        ("AWS/SageMaker", "HasBacklogWithoutCapacity", "asynchronous", True),
        ("AWS/SageMaker", "InvocationsProcesssed", "asynchronous", True),
        ("AWS/SageMaker", "NoCapacityInvocationFailures", "real-time", True),
        ("AWS/SageMaker", "ContainerLatency", "real-time", True),
        ("AWS/SageMaker", "ExplanationsPerInstance", "real-time", True),
        ("AWS/Bedrock", "InvocationThrottles", None, True),
        ("AWS/Bedrock", "Throttles", None, False),
        ("Custom", "Anything", None, None),
    ],
)
def test_metrics_are_published(
    namespace: str, metric: str, kind: metrics.EndpointKind | None, published: bool | None
) -> None:
    assert metrics.is_published(namespace, metric, kind) is published


def test_metrics_of_other_names() -> None:
    assert metrics.namespaces_of("CPUUtilization") == ("/aws/sagemaker/Endpoints",)
    assert metrics.meant("5XXError") == "Invocation5XXErrors"
    assert metrics.meant("Invocations") is None
    assert metrics.followed("SageMakerVariantInvocationsPerInstance") == "InvocationsPerInstance"
    assert metrics.followed("ECSServiceAverageCPUUtilization") is None
    assert ("EndpointName",) in metrics.dimensions_of("AWS/SageMaker", "ApproximateBacklogSize")


def test_names_that_people_mean_are_published_and_what_they_write_is_not() -> None:
    for written, meant in tables.table("metrics")["meant"].items():
        assert metrics.namespaces_of(written) == ()
        assert metrics.namespaces_of(meant)


# -- defaults, hardware, policies


def test_metrics_of_demand_are_published_and_bring_what_follows_them() -> None:
    demand = metrics.of_demand()
    predefined = {name for name in demand if metrics.followed(name)}
    assert "SageMakerVariantInvocationsPerInstance" in predefined
    assert {metrics.followed(name) for name in predefined} < demand
    assert all(metrics.is_published("AWS/SageMaker", name) for name in demand - predefined)
    assert "CPUUtilization" not in demand


def test_defaults() -> None:
    assert defaults.default("aurora_encryption").since == datetime.date(2026, 2, 18)
    assert defaults.is_encrypted_by_default("aurora-postgresql")
    assert not defaults.is_encrypted_by_default("neptune")
    assert "AWS::ECR::RegistryScanningConfiguration" in defaults.registry_scanning_types()


def test_families_of_the_tables_are_offered_somewhere() -> None:
    uses = ("hosting", "training", "processing", "transform", "notebook", "studio", "hyperpod")
    offered = {instances.family(each) for use in uses for each in instances.offered(use)}
    assert hardware.with_local_storage() <= offered | {"gr6", "c6id", "m6id", "r6id", "dl1", "p6e-gb200"}
    assert set(hardware.successors()) & offered


def test_managed_policies_by_their_arns() -> None:
    policy = policies.managed_policy("arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess")
    assert policy is not None
    assert policy.statements[0]["Effect"] == "Allow"
    china = policies.managed_policy("arn:aws-cn:iam::aws:policy/service-role/AWSGlueServiceRole")
    assert china is not None
    assert china.name == "AWSGlueServiceRole"
    # A policy of an account is another one, whatever its name; so is one below another path.
    assert policies.managed_policy("arn:aws:iam::111122223333:policy/AmazonS3ReadOnlyAccess") is None
    assert policies.managed_policy("arn:aws:iam::aws:policy/AWSGlueServiceRole") is None


@bundled(policies.names())
def test_every_policy_is_well_formed(name: str) -> None:
    found = policies._policy(name)
    assert found is not None
    assert found.arn.endswith(f"/{name}")
    for statement in found.statements:
        assert statement["Effect"] in ("Allow", "Deny")
        assert {"Action", "NotAction"} & set(statement)
        assert {"Resource", "NotResource"} & set(statement)
