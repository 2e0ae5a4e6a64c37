"""Functions that run as jobs: `@remote`, and `@step` in a pipeline."""

from pathlib import Path

import pytest

from mlwa_lint.frontends.documents.expand import expand
from mlwa_lint.model.resources import Resource
from mlwa_lint.model.values import ListValue, MapValue, known_text
from tests.frontends.python.programs import load_text

REMOTE = """
from sagemaker.remote_function import remote

@remote(instance_type="ml.g5.xlarge", s3_kms_key="alias/ml", max_runtime_in_seconds=600)
def tune(data):
    return data

tune("train")
"""
STEPS = """
from sagemaker.workflow.function_step import step
from sagemaker.workflow.pipeline import Pipeline

@step(name="prepare-data", instance_type="ml.m5.large")
def prepare(place):
    return place, place

@step(instance_type="ml.m5.xlarge", volume_size=50, subnets=["subnet-1"], security_group_ids=["sg-1"])
def train(data, rounds=1):
    return data

data = prepare("s3://raw")
model = train([data[0]], rounds=2)
Pipeline(name="churn", steps=[model]).upsert(role_arn="arn:aws:iam::111122223333:role/churn")
"""


def jobs(folder: Path, text: str) -> list[Resource]:
    project = expand(load_text(folder, text))
    return [each for each in project.resources if each.type == "AWS::SageMaker::TrainingJob"]


def property_of(job: Resource, path: str) -> object:
    found: object = job.properties
    for key in path.split("."):
        assert isinstance(found, MapValue)
        found = found.value(key)
    return getattr(found, "data", found)


def test_a_call_of_a_remote_function_starts_a_job(tmp_path: Path) -> None:
    (job,) = jobs(tmp_path, REMOTE)
    assert property_of(job, "ResourceConfig.InstanceType") == "ml.g5.xlarge"
    assert property_of(job, "ResourceConfig.InstanceCount") == 1
    assert property_of(job, "OutputDataConfig.KmsKeyId") == "alias/ml"
    assert property_of(job, "StoppingCondition.MaxRuntimeInSeconds") == 600


@pytest.mark.parametrize(
    "text",
    [
        REMOTE.replace('tune("train")', ""),
        REMOTE.replace('"ml.g5.xlarge"', '"local"'),
        REMOTE.replace("sagemaker.remote_function", "elsewhere"),
        STEPS.replace("Pipeline(name", "dict(name"),
    ],
)
def test_what_is_not_called_or_runs_elsewhere_is_no_job(text: str, tmp_path: Path) -> None:
    assert jobs(tmp_path, text.replace(".upsert(", ".get(") if "dict(" in text else text) == []


def test_a_decorator_without_arguments(tmp_path: Path) -> None:
    text = REMOTE.replace(REMOTE[REMOTE.index("@remote") : REMOTE.index("\ndef")], "@remote")
    (job,) = jobs(tmp_path, text)
    assert property_of(job, "StoppingCondition.MaxRuntimeInSeconds") == 86400


def test_a_pipeline_runs_a_step_and_those_whose_results_it_takes(tmp_path: Path) -> None:
    prepare, train = jobs(tmp_path, STEPS)
    assert [prepare.address, train.address] == ["churn/prepare-data", "churn/train"]
    assert property_of(train, "ResourceConfig.VolumeSizeInGB") == 50
    subnets = property_of(train, "VpcConfig.Subnets")
    assert isinstance(subnets, ListValue)
    assert [known_text(each) for each in subnets.items] == ["subnet-1"]


def test_a_step_that_is_listed_as_well_is_one(tmp_path: Path) -> None:
    text = STEPS.replace("steps=[model]", "steps=[data, model]")
    assert [each.address for each in jobs(tmp_path, text)] == ["churn/prepare-data", "churn/train"]
