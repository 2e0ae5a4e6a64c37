"""SageMaker Pipelines in Python meet the reader of definitions."""

from pathlib import Path

from mlwa_lint.run.loading import with_documents
from tests.frontends.python.programs import load_text, only, shown

_START = """
from sagemaker.estimator import Estimator
from sagemaker.workflow.parameters import ParameterString
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.pipeline_context import PipelineSession
from sagemaker.workflow.steps import TrainingStep

kind = ParameterString("Kind", default_value="ml.m5.large")
estimator = Estimator("image:1", "role", 1, kind, sagemaker_session=PipelineSession())
"""
_PIPELINE = """
step = TrainingStep("Train", step_args=estimator.fit("s3://b/t"))
pipeline = Pipeline(name="p", parameters=[kind], steps=[step])
pipeline.upsert("role")
"""


def test_a_step_becomes_a_job_with_the_defaults_of_parameters(tmp_path: Path) -> None:
    pipeline, job = with_documents(load_text(tmp_path, _START + _PIPELINE)).resources
    assert (pipeline.address, pipeline.type) == ("p", "AWS::SageMaker::Pipeline")
    assert (job.address, job.type) == ("p/Train", "AWS::SageMaker::TrainingJob")
    expected = "'ml.m5.large' | the default of pipeline parameter Kind"
    assert shown(job, "ResourceConfig.InstanceType") == expected


def test_a_parameter_outside_of_its_pipeline_has_its_default(tmp_path: Path) -> None:
    job = only(load_text(tmp_path, _START + "hand_over(estimator)\n"))
    assert job.type == "AWS::SageMaker::TrainingJob"
    expected = "'ml.m5.large' | the default of pipeline parameter Kind"
    assert shown(job, "ResourceConfig.InstanceType") == expected


def test_a_job_that_runs_directly_has_the_defaults_of_parameters(tmp_path: Path) -> None:
    direct = _START.replace(", sagemaker_session=PipelineSession()", "")
    job = only(load_text(tmp_path, direct + "estimator.fit()\n"))
    assert shown(job, "ResourceConfig.InstanceType") == "'ml.m5.large'"
    without = direct.replace(', default_value="ml.m5.large"', "")
    job = only(load_text(tmp_path, without + "estimator.fit()\n"))
    assert shown(job, "ResourceConfig.InstanceType") == "?"
    twice = direct + 'other = ParameterString("Kind", default_value="ml.c5.large")\nestimator.fit()\n'
    assert shown(only(load_text(tmp_path, twice)), "ResourceConfig.InstanceType") == "?"


def test_a_step_that_registers_a_model_has_the_image_of_its_estimator(tmp_path: Path) -> None:
    registered = """
from sagemaker.workflow.step_collections import RegisterModel

estimator = Estimator("111122223333.dkr.ecr.eu-west-1.amazonaws.com/churn:4", "role", 1, "ml.m5.large")
step = RegisterModel("Register", estimator=estimator, model_package_group_name="churn")
Pipeline(name="p", steps=[step]).upsert("role")
"""
    resources = with_documents(load_text(tmp_path, _START + registered)).resources
    (package,) = [each for each in resources if each.type == "AWS::SageMaker::ModelPackage"]
    assert "churn:4" in repr(package.properties)


def test_a_pipeline_that_is_created_elsewhere_has_its_steps(tmp_path: Path) -> None:
    tuned = """
from sagemaker.tuner import HyperparameterTuner
from sagemaker.workflow.steps import TuningStep

def get_pipeline(name):
    tuner = HyperparameterTuner(estimator, "accuracy", {}, max_jobs=4)
    return Pipeline(name=name, parameters=[kind], steps=[TuningStep("Tune", tuner=tuner)])
"""
    pipeline, job = with_documents(load_text(tmp_path, _START + tuned)).resources
    assert (pipeline.type, shown(pipeline, "RoleArn"), shown(pipeline, "Tags")) == (
        "AWS::SageMaker::Pipeline",
        "?",
        "?",
    )
    assert job.type == "AWS::SageMaker::HyperParameterTuningJob"


def test_a_session_that_is_handed_in_may_be_called_a_pipelines(tmp_path: Path) -> None:
    text = """
    from sagemaker.estimator import Estimator
    def get_step_args(SESSION, data):
        estimator = Estimator("image:1", "role", 1, "ml.m5.large", sagemaker_session=SESSION)
        return estimator.fit(inputs=data)
    """
    assert load_text(tmp_path, text.replace("SESSION", "pipeline_session")).resources == ()
    assert len(load_text(tmp_path, text.replace("SESSION", "session")).resources) == 1
