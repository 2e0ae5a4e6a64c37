"""Our evaluation against what real SDKs request, recorded by scripts/record_python_sdks.py.

Every property of a recorded request has the value that we evaluated, or one that we do not know; and what
we report as set is set.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from mlwa_lint.frontends.python.boto3.operations import OPERATIONS
from mlwa_lint.frontends.python.boto3.parameters import canonical
from mlwa_lint.model.resources import SCRIPT, Project, Resource
from mlwa_lint.model.spans import start_of
from mlwa_lint.model.values import (
    Absent,
    Entry,
    ListValue,
    MapValue,
    Reference,
    Scalar,
    Unknown,
    Value,
    known_text,
    plain_text,
)
from tests.frontends.python.programs import load_text, shown, value_of
from tests.support.rule_examples import ROOT

DATA = ROOT / "tests" / "data" / "python_sdks"
_METHODS = {
    (service, "".join(part.title() for part in method.split("_"))): (kind, maps)
    for service, methods in OPERATIONS.items()
    for method, (kind, maps) in methods.items()
}
# What the SDKs add on their own, and no rule reads: at these places nothing is compared.
NOT_MODELLED = (
    "AlgorithmSpecification.EnableSageMakerMetricsTimeSeries",
    "AlgorithmSpecification.ContainerEntrypoint",
    "AppSpecification.ContainerEntrypoint",
    "CheckpointConfig.LocalPath",
    "ClientToken",
    "DataCaptureConfig.CaptureContentTypeHeader",
    "DataQualityAppSpecification.Environment",
    "DebugHookConfig",
    "Environment.SAGEMAKER",
    "FeatureDefinitions",
    "HyperParameterRanges",
    "HyperParameterTuningJobConfig.HyperParameterTuningJobObjective",
    "HyperParameterTuningJobConfig.ParameterRanges",
    "HyperParameters",
    "InputDataConfig",
    "InfraCheckConfig",
    "MetricDefinitions",
    "OfflineStoreConfig.DisableGlueTableCreation",
    "OutputDataConfig.CompressionType",
    "PrimaryContainer.Environment",
    "PrimaryContainer.Mode",
    "ProcessingInputs.AppManaged",
    "ProcessingInputs.S3Input.S3CompressionType",
    "ProcessingInputs.S3Input.S3DataDistributionType",
    "ProcessingOutputConfig.Outputs.AppManaged",
    "ProductionVariants.EnableSSMAccess",
    "ProfilerConfig",
    "ProfilerRuleConfigurations",
    "RemoteDebugConfig",
    "SessionChainingConfig",
    "StaticHyperParameters",
    "Tags",
    "TrainingJobDefinition.AlgorithmSpecification.MetricDefinitions",
    "TrainingJobDefinition.HyperParameters",
    "TrainingJobDefinition.InputDataConfig",
    "TrainingJobDefinition.StaticHyperParameters",
)


_READ_BY_RULES = frozenset(
    {
        *("InstanceType", "InstanceCount", "InitialInstanceCount", "InitialVariantWeight"),
        *("EnableNetworkIsolation", "MaxRuntimeInSeconds", "MinCapacity", "MaxCapacity", "KmsKeyId"),
    }
)


class Script(NamedTuple):
    """A script and the requests that it made."""

    sdk: str
    name: str
    source: str
    requests: list[dict[str, Any]]

    def __str__(self) -> str:
        return f"{self.sdk}-{self.name}"


def _scripts() -> list[Script]:
    found = []
    for path in sorted(DATA.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            found.append(Script(path.stem, entry["name"], entry["source"], entry["requests"]))
    return found


SCRIPTS = _scripts()


def test_enough_scripts_are_recorded() -> None:
    assert len(SCRIPTS) >= 200
    assert {each.sdk for each in SCRIPTS} == {"boto3", "v2", "v3"}


@pytest.mark.parametrize("script", SCRIPTS, ids=str)
def test_what_is_evaluated_is_what_is_requested(script: Script, tmp_path: Path) -> None:
    project = load_text(tmp_path, script.source)
    assert project.problems == ()
    wanted = list(_requested(script))
    assert wanted
    differences: list[str] = []
    for kind, request in wanted:
        candidates: list[list[str]] = [list(_differences(request, each)) for each in _of_type(project, kind)]
        if not candidates:
            differences.append(f"{kind} is not found")
        elif [] not in candidates:
            fewest: list[str] = min(candidates, key=_count)
            differences += fewest
    assert differences == []
    for kind in {kind for kind, _ in wanted}:
        assert len(_of_type(project, kind)) == sum(1 for each, _ in wanted if each == kind), kind


def _count(found: list[str]) -> int:
    return len(found)


def test_what_rules_read_is_known(tmp_path: Path) -> None:
    requested: list[Value] = []
    for script in SCRIPTS:
        for resource in load_text(tmp_path, script.source).resources:
            for path, _ in (leaf for _, request in _requested(script) for leaf in _leaves(request, ())):
                if path[-1] in _READ_BY_RULES:
                    requested.append(_at(resource.properties, path))
    known = [each for each in requested if isinstance(each, Scalar)]
    unknown = [each for each in requested if isinstance(each, (Unknown, Reference))]
    assert len(known) > 400
    assert len(unknown) < len(known) / 20


def _requested(script: Script) -> Iterator[tuple[str, Value]]:
    """The recorded requests in canonical form."""
    place = start_of("recorded")
    for each in script.requests:
        found = _METHODS.get((each["service"], each["operation"]))
        if found is None:
            continue
        kind, maps = found
        value = _value(each["parameters"])
        assert isinstance(value, MapValue)
        yield kind, MapValue(canonical(kind, dict(value.entries), maps), place)


def _value(data: Any) -> Value:
    place = start_of("recorded")
    if isinstance(data, dict):
        return MapValue({key: Entry(place, _value(each), key) for key, each in data.items()}, place)
    if isinstance(data, list):
        return ListValue(tuple(_value(each) for each in data), place)
    if isinstance(data, str) and data.startswith(("{", "[")):
        return _value(json.loads(data))
    return Absent(place) if data is None else Scalar(data, place)


def _of_type(project: Project, kind: str) -> list[Resource]:
    return [each for each in project.resources if each.type == kind]


def _differences(request: Value, resource: Resource) -> Iterator[str]:
    for path, data in _leaves(request, ()):
        if not _is_modelled(path):
            continue
        ours = _at(resource.properties, path)
        if isinstance(ours, (Unknown, Reference)):
            text = known_text(ours)
            if text is None or text == plain_text(data):
                continue
        if not isinstance(ours, Scalar) or plain_text(ours.data) != plain_text(data):
            yield f"{resource.type} {'.'.join(map(str, path))}: requested {data!r}, evaluated {ours!r:.120}"
    for path, data in _leaves(resource.properties, ()):
        if _is_modelled(path) and isinstance(_at(request, path), Absent) and data not in (False, ""):
            yield f"{resource.type} {'.'.join(map(str, path))}: evaluated {data!r}, not requested"


def _is_modelled(path: tuple[Any, ...]) -> bool:
    text = ".".join(each for each in path if isinstance(each, str))
    return not text.startswith((*NOT_MODELLED, SCRIPT))


def _leaves(value: Value, path: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], Any]]:
    if isinstance(value, Scalar):
        yield path, value.data
    elif isinstance(value, MapValue):
        for key, entry in value.entries.items():
            yield from _leaves(entry.value, (*path, key))
    elif isinstance(value, ListValue):
        for position, item in enumerate(value.items):
            yield from _leaves(item, (*path, position))


def _at(value: Value, path: tuple[Any, ...]) -> Value:
    for step in path:
        if isinstance(value, MapValue):
            value = value.entries[step].value if step in value.entries else value.rest or Absent()
        elif isinstance(value, ListValue) and isinstance(step, int):
            value = value.items[step] if step < len(value.items) else value.rest or Absent()
        elif isinstance(value, (Unknown, Reference)):
            return value
        else:
            return Absent()
    return value


@pytest.mark.parametrize(
    ("arguments", "place"),
    [
        ("'data.csv', bucket='churn', key_prefix='raw'", "s3://churn/raw?"),
        ("'data.csv', 'churn'", "s3://churn/data?"),
        ("'data.csv', key_prefix='raw'", "s3://?/raw?"),
        ("'data.csv', bucket=name", "s3://?/data?"),
    ],
)
def test_where_data_is_uploaded(arguments: str, place: str, tmp_path: Path) -> None:
    start = "import sagemaker\nsession = sagemaker.Session()\n"
    assert value_of(tmp_path, f"{start}x = session.upload_data({arguments})") == repr(place)


def test_the_first_version_has_other_names_for_its_parameters(tmp_path: Path) -> None:
    text = """
from sagemaker.estimator import Estimator
estimator = Estimator(
    image_name="a:1", role="r", train_instance_count=2, train_instance_type="ml.m5.xlarge",
    train_max_run=7200, train_use_spot_instances=True, train_volume_size=50,
)
estimator.fit()
"""
    (job,) = load_text(tmp_path, text).resources
    wanted = {
        "AlgorithmSpecification.TrainingImage": "'a:1'",
        "ResourceConfig.InstanceCount": "2",
        "ResourceConfig.InstanceType": "'ml.m5.xlarge'",
        "ResourceConfig.VolumeSizeInGB": "50",
        "StoppingCondition.MaxRuntimeInSeconds": "7200",
        "EnableManagedSpotTraining": "True",
    }
    assert {path: shown(job, path) for path in wanted} == wanted


def test_the_first_version_calls_the_image_of_a_model_otherwise(tmp_path: Path) -> None:
    text = """
from sagemaker.sklearn import SKLearnModel
model = SKLearnModel(model_data="s3://b/m", role="r", entry_point="e.py", image="own:1")
model.deploy(initial_instance_count=1, instance_type="ml.m5.xlarge")
"""
    model = next(each for each in load_text(tmp_path, text).resources if each.type == "AWS::SageMaker::Model")
    assert shown(model, "PrimaryContainer.Image") == "'own:1'"
