"""DAGs of Airflow: what operators and hooks make, and what templates and XComs give."""

from pathlib import Path

import pytest

from mlwa_lint.frontends.python.airflow.operators import HOOK_METHODS, OPERATORS, UPDATES
from mlwa_lint.frontends.python.boto3.folds import FOLDS, STARTS
from mlwa_lint.frontends.python.boto3.operations import OPERATIONS
from mlwa_lint.model.resources import BY_DAG, DELETED, STARTED, UPDATED, Project, Resource
from mlwa_lint.model.values import Scalar, Unknown, Value, known_text
from tests.frontends.python.programs import load_text

_START = """
import uuid
from airflow import DAG
from airflow.decorators import dag, task
from airflow.models import Variable
from airflow.operators.python import PythonOperator
from airflow.providers.amazon.aws.hooks.base_aws import AwsBaseHook
from airflow.providers.amazon.aws.hooks.sagemaker import SageMakerHook
from airflow.providers.amazon.aws.operators.bedrock import (
    BedrockCreateDataSourceOperator, BedrockCreateKnowledgeBaseOperator, BedrockCustomizeModelOperator,
)
from airflow.providers.amazon.aws.operators.sagemaker import (
    SageMakerAutoMLOperator, SageMakerCreateNotebookOperator, SageMakerDeleteModelOperator,
    SageMakerEndpointConfigOperator, SageMakerEndpointOperator, SageMakerModelOperator,
    SageMakerProcessingOperator, SageMakerRegisterModelVersionOperator, SageMakerStartPipelineOperator,
    SageMakerTrainingOperator, SageMakerTransformOperator, SageMakerTuningOperator,
)
from airflow.providers.amazon.aws.utils.sagemaker import ApprovalStatus
dag = DAG("churn", schedule="@daily")
"""


def _project(folder: Path, program: str) -> Project:
    return load_text(folder, _START + program)


def _only(project: Project) -> Resource:
    (found,) = project.resources
    return found


def _value(resource: Resource, path: str) -> Value:
    value: Value = resource.properties
    for part in path.split("."):
        value = value.items[int(part)] if part.isdigit() else value.value(part)  # type: ignore[union-attr]
    return value


def test_tables_name_calls_that_are_known() -> None:
    calls = [each for listed in (*OPERATORS.values(), *UPDATES.values()) for each in listed]
    for call in (*calls, *HOOK_METHODS.values()):
        created = OPERATIONS.get(call.service, {})
        method = call.method.replace("delete_", "create_", 1)
        assert method in created or (call.service, method) in {**FOLDS, **STARTS}, call


@pytest.mark.parametrize(
    ("operator", "kind"),
    [
        ("SageMakerTrainingOperator", "TrainingJob"),
        ("SageMakerProcessingOperator", "ProcessingJob"),
        ("SageMakerTransformOperator", "TransformJob"),
        ("SageMakerTuningOperator", "HyperParameterTuningJob"),
        ("SageMakerModelOperator", "Model"),
        ("SageMakerEndpointConfigOperator", "EndpointConfig"),
        ("SageMakerEndpointOperator", "Endpoint"),
    ],
)
def test_a_configuration_is_the_request(tmp_path: Path, operator: str, kind: str) -> None:
    made = _only(_project(tmp_path, f'{operator}(task_id="run", config={{"RoleArn": "r", "Tags": []}})'))
    assert made.type == f"AWS::SageMaker::{kind}"
    assert made.address == "run"
    assert known_text(_value(made, "RoleArn")) == "r"


def test_operators_of_the_first_version_are_read(tmp_path: Path) -> None:
    text = """
from airflow.contrib.operators.sagemaker_training_operator import SageMakerTrainingOperator

SageMakerTrainingOperator(task_id="train", config={"RoleArn": "r"})
"""
    assert _only(load_text(tmp_path, text)).type == "AWS::SageMaker::TrainingJob"


def test_one_operator_makes_several_resources(tmp_path: Path) -> None:
    project = _project(
        tmp_path,
        """
SageMakerEndpointOperator(task_id="deploy", config={
    "Model": {"ModelName": "m"}, "EndpointConfig": {"EndpointConfigName": "c"},
    "Endpoint": {"EndpointName": "e", "EndpointConfigName": "c"},
})
SageMakerTransformOperator(task_id="score", config={
    "Model": {"ModelName": "m2"}, "Transform": {"ModelName": "m2", "S3Operations": {}},
})
""",
    )
    kinds = [each.type.rsplit("::", 1)[1] for each in project.resources]
    assert kinds == ["Model", "EndpointConfig", "Endpoint", "Model", "TransformJob"]
    assert "S3Operations" not in project.resources[-1].properties.entries
    # An endpoint that exists is updated.
    assert UPDATED not in project.resources[2].attributes.entries


def test_an_update_creates_no_endpoint(tmp_path: Path) -> None:
    made = _only(
        _project(
            tmp_path,
            """
SageMakerEndpointOperator(task_id="d", operation="update", config={"EndpointName": "e", "Tags": []})
""",
        )
    )
    assert made.type == "AWS::SageMaker::Endpoint"
    assert "DeploymentConfig" in made.properties.entries


@pytest.mark.parametrize(
    ("program", "path", "expected"),
    [
        (
            'SageMakerAutoMLOperator(task_id="t", job_name="j", s3_input="s3://b/i")',
            "InputDataConfig.0.DataSource.S3DataSource.S3Uri",
            "s3://b/i",
        ),
        (
            'SageMakerAutoMLOperator(task_id="t", extras={"AutoMLJobConfig": {"Mode": "HYPER"}})',
            "AutoMLJobConfig.Mode",
            "HYPER",
        ),
        (
            'SageMakerRegisterModelVersionOperator(task_id="t", package_group_name="g")',
            "ModelApprovalStatus",
            "PendingManualApproval",
        ),
        (
            'SageMakerRegisterModelVersionOperator(task_id="t", model_approval=ApprovalStatus.APPROVED)',
            "ModelApprovalStatus",
            "Approved",
        ),
        ('SageMakerCreateNotebookOperator(task_id="t", root_access="Enabled")', "RootAccess", "Enabled"),
        ('BedrockCustomizeModelOperator(task_id="t", role_arn="r")', "RoleArn", "r"),
        (
            'BedrockCreateKnowledgeBaseOperator(task_id="t", embedding_model_arn="m")',
            "KnowledgeBaseConfiguration.VectorKnowledgeBaseConfiguration.EmbeddingModelArn",
            "m",
        ),
        (
            'BedrockCreateDataSourceOperator(task_id="t", bucket_name="docs")',
            "DataSourceConfiguration.S3Configuration.BucketArn",
            "arn:aws:s3:::docs",
        ),
    ],
)
def test_parameters_become_a_request(tmp_path: Path, program: str, path: str, expected: str) -> None:
    assert known_text(_value(_only(_project(tmp_path, program)), path)) == expected


def test_hooks_have_clients_and_methods(tmp_path: Path) -> None:
    project = _project(
        tmp_path,
        """
hook = SageMakerHook(aws_conn_id="aws", region_name="eu-west-1")
hook.create_training_job({"TrainingJobName": "a"}, wait_for_completion=True)
hook.create_tuning_job(config={"HyperParameterTuningJobName": "b"})
hook.get_conn().create_model(ModelName="c")
hook.conn.create_endpoint(EndpointName="d")
AwsBaseHook(client_type="s3").get_conn().create_bucket(Bucket="e")
AwsBaseHook(aws_conn_id="aws").get_client_type("sagemaker").create_endpoint_config(EndpointConfigName="f")
AwsBaseHook(aws_conn_id="aws").get_session("eu-west-1").client("kms").create_key()
hook.create_something({"TrainingJobName": "a"})
AwsBaseHook(aws_conn_id="aws").get_conn().create_trial(TrialName="g")
""",
    )
    assert [each.address for each in project.resources] == ["a", "b", "c", "d", "e", "f", "create_key"]
    assert project.resources[2].region == "eu-west-1"


def test_a_configuration_that_a_task_returns_is_known(tmp_path: Path) -> None:
    project = _project(
        tmp_path,
        """
def names(**context):
    context["ti"].xcom_push(key="NAME", value=f"job-{uuid.uuid4()}")

def config(**context):
    return {"TrainingJobName": context["ti"].xcom_pull(task_ids="names", key="NAME"), "RoleArn": "r"}

PythonOperator(task_id="names", python_callable=names)
made = PythonOperator(task_id="config", python_callable=config)
SageMakerTrainingOperator(task_id="a", config="{{ ti.xcom_pull(task_ids='config') }}")
SageMakerTrainingOperator(task_id="b", config=made.output)
SageMakerTrainingOperator(
    task_id="c",
    config={
        "TrainingJobName": "{{ task_instance.xcom_pull('names', key='NAME') }}",
        "RoleArn": "{{ ti.xcom_pull('config')['RoleArn'] }}",
    },
)
""",
    )
    assert [known_text(_value(each, "RoleArn")) for each in project.resources] == ["r"] * 3
    names = [_value(each, "TrainingJobName") for each in project.resources]
    assert all(isinstance(each, Unknown) and each.identity for each in names)
    assert len({each.identity for each in names if isinstance(each, Unknown)}) == 1


def test_a_function_of_the_task_flow_gives_its_result(tmp_path: Path) -> None:
    project = _project(
        tmp_path,
        """
@task
def config():
    return {"RoleArn": "r"}

SageMakerTrainingOperator(task_id="a", config=config())
""",
    )
    assert known_text(_value(_only(project), "RoleArn")) == "r"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{{ ds }}", "{{ ds }} is filled in when the DAG runs"),
        ("{{ var.value.role }}", "variable role of Airflow is set outside"),
        ("{{ ti.xcom_pull('other') }}", "task other returns it when the DAG runs"),
        ("{{ ti.xcom_pull('other', key='k') }}", "task other pushes 'k' when the DAG runs"),
        ("{{ ti.xcom_pull(task_ids=['a', 'b']) }}", "{{ ti.xcom_pull(task_ids=['a', 'b']) }} is filled in"),
        ("{% if a %}b{% endif %}", "a template gives it when the DAG runs"),
        ("{{ no expression }}", "{{ no expression }} is filled in when the DAG runs"),
    ],
)
def test_what_a_template_gives_is_not_known(tmp_path: Path, text: str, reason: str) -> None:
    program = f'SageMakerModelOperator(task_id="m", config={{"ExecutionRoleArn": "{text}"}})'
    found = _value(_only(_project(tmp_path, program)), "ExecutionRoleArn")
    assert isinstance(found, Unknown)
    assert found.reason.startswith(reason)


def test_the_same_template_is_the_same_text(tmp_path: Path) -> None:
    project = _project(
        tmp_path,
        """
SageMakerModelOperator(task_id="a", config={"ModelName": "m-{{ ds_nodash }}"})
SageMakerModelOperator(task_id="b", config={"ModelName": "m-{{ds_nodash}}"})
SageMakerModelOperator(task_id="c", config={"ModelName": "m-{{ macros.uuid.uuid4() }}"})
SageMakerModelOperator(task_id="d", config={"ModelName": "m-{{ macros.uuid.uuid4() }}"})
SageMakerModelOperator(task_id="e", config={"ModelName": Variable.get("name")})
SageMakerModelOperator(task_id="f", config={"ModelName": "{{ var.value.name }}"})
SageMakerModelOperator(task_id="g", config={"ModelName": "plain { text }"})
""",
    )
    *names, last = (_value(each, "ModelName") for each in project.resources)
    assert known_text(last) == "plain { text }"
    identities = [each.identity for each in names if isinstance(each, Unknown)]
    assert all(identities)
    first, second, third, fourth, fifth, sixth = identities
    assert (first, fifth) == (second, sixth)
    assert third != fourth


def test_a_variable_may_have_a_default(tmp_path: Path) -> None:
    program = 'SageMakerModelOperator(task_id="m", config={"ModelName": Variable.get("n", default_var="x")})'
    found = _value(_only(_project(tmp_path, program)), "ModelName")
    assert isinstance(found, Scalar)
    assert found.assumed == {"the default of variable n of Airflow"}


def test_a_request_that_is_not_known_is_one_all_the_same(tmp_path: Path) -> None:
    made = _only(_project(tmp_path, 'SageMakerTrainingOperator(task_id="t", config="{{ params.config }}")'))
    assert made.properties.rest is not None
    assert made.properties.rest.reason == "{{ params.config }} is filled in when the DAG runs"


def test_a_mapped_operator_makes_one_for_each(tmp_path: Path) -> None:
    project = _project(
        tmp_path,
        """
SageMakerProcessingOperator.partial(task_id="p", aws_conn_id="aws").expand(
    config=[{"ProcessingJobName": "a"}, {"ProcessingJobName": "b"}]
)
SageMakerModelOperator.partial(task_id="m").expand_kwargs([{"config": {"ModelName": "c"}}])
SageMakerTrainingOperator.partial(task_id="t").expand(config=configs)
""",
    )
    assert [each.address for each in project.resources] == ["a", "b", "c", "t"]


def test_what_a_dag_makes_is_marked(tmp_path: Path) -> None:
    made = _only(_project(tmp_path, 'SageMakerTrainingOperator(task_id="t", config={})'))
    assert made.attributes.value(BY_DAG) == Scalar(True, made.span)
    by_hand = """
from airflow import DAG
from airflow.providers.amazon.aws.operators.sagemaker import SageMakerTrainingOperator

with DAG("churn", schedule=None):
    SageMakerTrainingOperator(task_id="t", config={})
"""
    made = _only(load_text(tmp_path, by_hand))
    assert made.attributes.value(BY_DAG) == Scalar(False, made.span)


def test_what_a_dag_deletes_and_starts_is_noted(tmp_path: Path) -> None:
    project = _project(
        tmp_path,
        """
import boto3
boto3.client("sagemaker").create_pipeline(PipelineName="p")
SageMakerModelOperator(task_id="m", config={"ModelName": "m"})
SageMakerDeleteModelOperator(task_id="d", config={"ModelName": "m"})
SageMakerStartPipelineOperator(task_id="s", pipeline_name="p")
""",
    )
    pipeline, model = project.resources
    assert STARTED in pipeline.attributes.entries
    assert DELETED in model.attributes.entries


@pytest.mark.parametrize(
    ("config", "operator", "kinds"),
    [
        ('training_config(estimator, "s3://b/i")', "SageMakerTrainingOperator", ["TrainingJob"]),
        ("tuning_config(tuner=tuner, inputs={})", "SageMakerTuningOperator", ["HyperParameterTuningJob"]),
        ("processing_config(processor)", "SageMakerProcessingOperator", ["ProcessingJob"]),
        ('transform_config(transformer, "s3://b/i")', "SageMakerTransformOperator", ["TransformJob"]),
        ('model_config(model, "ml.m5.large")', "SageMakerModelOperator", ["Model"]),
        (
            'deploy_config(model, 1, "ml.m5.large", endpoint_name="e")',
            "SageMakerEndpointOperator",
            ["Endpoint", "EndpointConfig", "Model"],
        ),
        ("transform_config(given)", "SageMakerTransformOperator", ["TransformJob"]),
    ],
)
def test_the_sdk_makes_configurations_of_its_objects(
    tmp_path: Path, config: str, operator: str, kinds: list[str]
) -> None:
    project = _project(
        tmp_path,
        f"""
from sagemaker.estimator import Estimator
from sagemaker.model import Model
from sagemaker.processing import Processor
from sagemaker.transformer import Transformer
from sagemaker.tuner import HyperparameterTuner
from sagemaker.workflow.airflow import (
    deploy_config, model_config, processing_config, training_config, transform_config, tuning_config,
)
estimator = Estimator("image:1", "role", 1, "ml.m5.large")
model = Model("image:1", "s3://b/m", "role")
processor = Processor("role", "image:1", 1, "ml.m5.large")
transformer = Transformer("model", 1, "ml.m5.large", output_path="s3://b/o")
tuner = HyperparameterTuner(estimator, "accuracy", {{}})
{operator}(task_id="t", config={config})
""",
    )
    found = sorted(each.type.rsplit("::", 1)[1] for each in project.resources)
    assert [each for each in found if each in kinds or each != "TrainingJob"] == kinds
