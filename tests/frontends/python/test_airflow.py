"""The operators of a DAG make what the requests that they are given describe."""

from pathlib import Path

import pytest

from mlwa_lint.cli.app import invoke
from mlwa_lint.model.resources import OF_DAG
from tests.frontends.python.programs import load_text

_START = """
from airflow import DAG
from airflow.operators.python import PythonOperator
from airflow.providers.amazon.aws.operators.sagemaker import (
    SageMakerEndpointConfigOperator, SageMakerEndpointOperator, SageMakerModelOperator,
    SageMakerTrainingOperator, SageMakerTransformOperator,
)
"""
_JOB = (
    '{"TrainingJobName": "churn-{{ ds }}", "OutputDataConfig": {"S3OutputPath": "s3://churn/{{ ds }}/"},'
    ' "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 10}}'
)


def _made(folder: Path, program: str) -> dict[str, str]:
    """The resources by their types, each with its properties."""
    project = load_text(folder, _START + program)
    assert all(OF_DAG in each.attributes.entries for each in project.resources)
    return {each.type.rpartition("::")[2]: str(each.properties) for each in project.resources}


def test_a_request_is_given_at_once(tmp_path: Path) -> None:
    program = f'with DAG("train"):\n    SageMakerTrainingOperator(task_id="fit", config={_JOB})\n'
    made = _made(tmp_path, program)
    assert list(made) == ["TrainingJob"]
    assert "ml.m5.large" in made["TrainingJob"]
    assert "Scalar(data='churn-{{" not in made["TrainingJob"]


def test_a_request_has_several_parts(tmp_path: Path) -> None:
    config = (
        '{"Model": {"ModelName": "churn"}, "EndpointConfig": {"EndpointConfigName": "churn"},'
        ' "Endpoint": {"EndpointName": "churn", "EndpointConfigName": "churn"}}'
    )
    assert set(_made(tmp_path, f'SageMakerEndpointOperator(task_id="a", config={config})\n')) == {
        *("Model", "EndpointConfig", "Endpoint")
    }


def test_a_part_that_is_the_whole(tmp_path: Path) -> None:
    config = '{"TransformJobName": "score", "ModelName": "churn"}'
    program = f'SageMakerTransformOperator(task_id="a", config={config})\n'
    assert set(_made(tmp_path, program)) == {"TransformJob"}


@pytest.mark.parametrize(
    ("task", "pulled"),
    [
        (f"def configure(**context):\n    return {_JOB}\n", ""),
        (f"def configure(ti, stage='dev'):\n    return {_JOB}\n", ", key='return_value'"),
        (
            f"def configure(**context):\n    context['ti'].xcom_push(key='request', value={_JOB})\n",
            ", key='request'",
        ),
    ],
)
def test_a_task_before_hands_on_the_request(task: str, pulled: str, tmp_path: Path) -> None:
    program = f"""{task}
with DAG("train"):
    first = PythonOperator(task_id="first", python_callable=configure)
    fit = SageMakerTrainingOperator(
        task_id="fit", config="{{{{ ti.xcom_pull(task_ids='first'{pulled}) }}}}"
    )
    first >> fit
"""
    assert "ml.m5.large" in _made(tmp_path, program)["TrainingJob"]


def test_a_request_that_is_not_known_is_open(tmp_path: Path) -> None:
    program = "SageMakerModelOperator(task_id='a', config='{{ var.json.model }}')\n"
    (made,) = load_text(tmp_path, _START + program).resources
    assert made.properties.rest is not None


def test_a_dag_automates_training(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    hosts = (
        "import boto3\nboto3.client('sagemaker').create_endpoint(EndpointName='e', EndpointConfigName='c')\n"
    )
    trains = f'SageMakerTrainingOperator(task_id="fit", config={_JOB})\n'
    (tmp_path / "dag.py").write_text(_START + hosts + trains, "utf-8")
    invoke(["check", ".", "--no-cache", "--severity", "info", "-q", "--select", "MLO501,MLS202"])
    found = capsys.readouterr().out
    assert "MLS202" in found
    assert "MLO501" not in found
