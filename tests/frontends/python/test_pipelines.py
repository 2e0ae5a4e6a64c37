"""SageMaker Pipelines in Python meet the reader of definitions."""

from pathlib import Path

import pytest

from mlwa_lint.model.values import ListValue, MapValue, Reference, known_text
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


_STEPS = """
from sagemaker.processing import ProcessingInput, ScriptProcessor
from sagemaker.transformer import Transformer
from sagemaker.workflow.callback_step import CallbackStep
from sagemaker.workflow.check_job_config import CheckJobConfig
from sagemaker.workflow.condition_step import ConditionStep
from sagemaker.workflow.conditions import ConditionEquals, ConditionOr
from sagemaker.workflow.functions import Join, JsonGet
from sagemaker.workflow.monitor_batch_transform_step import MonitorBatchTransformStep
from sagemaker.workflow.quality_check_step import DataQualityCheckConfig
from sagemaker.inputs import TransformInput
from sagemaker.model_metrics import MetricsSource, ModelMetrics
from sagemaker.workflow.step_collections import EstimatorTransformer, RegisterModel
from sagemaker.workflow.steps import ProcessingStep, TransformStep

session = PipelineSession()
processor = ScriptProcessor("role", "image:1", ["python3"], 1, "ml.m5.large", sagemaker_session=session)
transformer = Transformer("m", 1, "ml.m5.large", output_path="s3://b/o", sagemaker_session=session)
first = TrainingStep("First", step_args=estimator.fit("s3://b/t"))
artefact = first.properties.ModelArtifacts.S3ModelArtifacts
"""


def _orders(folder: Path, program: str) -> dict[str, list[str]]:
    """The steps that follow each step of the program's pipeline."""
    pipeline = with_documents(load_text(folder, _START + _STEPS + program)).resources[0]
    steps = pipeline.attributes.entries["Steps"].value
    assert isinstance(steps, ListValue)
    found = {}
    for step in steps.items:
        assert isinstance(step, MapValue)
        following = step.value("Next")
        assert isinstance(following, ListValue)
        found[known_text(step.value("Name")) or ""] = [known_text(each) or "" for each in following.items]
    return found


@pytest.mark.parametrize(
    "reading",
    [
        "ProcessingStep('Next', step_args=processor.run(inputs=[ProcessingInput(source=artefact)]))",
        "ProcessingStep('Next', step_args=processor.run(arguments=['--model', artefact]))",
        "ProcessingStep('Next', step_args=processor.run(arguments=[f'{artefact}/x']))",
        "ProcessingStep('Next', step_args=processor.run(arguments=[artefact.to_string()]))",
        "ProcessingStep('Next', processor=processor, inputs=[ProcessingInput(source=artefact)])",
        "CallbackStep('Next', sqs_queue_url='q', inputs={'model': artefact}, outputs=[])",
        "CallbackStep('Next', 'q', {'model': Join(on='/', values=[artefact, 'x'])}, [])",
        "ConditionStep('Next', conditions=[ConditionEquals(left=artefact, right='x')])",
        "ConditionStep('Next', conditions=[ConditionOr(conditions=[ConditionEquals(artefact, 'x')])])",
        "ConditionStep('Next', conditions=[ConditionEquals(JsonGet(first.name, 'f', 'a'), 1)])",
        "TransformStep('Next', transformer=transformer, inputs=TransformInput(data=artefact))",
        "RegisterModel('Next', [], [], model_metrics=ModelMetrics(MetricsSource('json', artefact)))",
        "ProcessingStep('Next', processor=processor, depends_on=['First'])",
        "ProcessingStep('Next', processor=processor, depends_on=[first])",
    ],
)
def test_a_step_follows_what_it_reads(tmp_path: Path, reading: str) -> None:
    pipeline = f"Pipeline(name='p', steps=[{reading}, first]).upsert('role')\n"
    assert _orders(tmp_path, pipeline) == {"Next": [], "First": ["Next"]}


def test_what_a_step_gives_is_a_reference_to_what_it_creates(tmp_path: Path) -> None:
    program = """
from sagemaker.model import Model
from sagemaker.transformer import Transformer
from sagemaker.workflow.steps import CreateModelStep, TransformStep
hosted = Model(image_uri="111122223333.dkr.ecr.eu-west-1.amazonaws.com/price:1", role="role",
               model_data=first.properties.ProcessingOutputConfig.Outputs["model"].S3Output.S3Uri)
host = CreateModelStep(name="Host", model=hosted)
scoring = Transformer(host.properties.ModelName, 1, "ml.m5.large")
score = TransformStep(name="Score", transformer=scoring, inputs=TransformInput(data="s3://scores/input"))
Pipeline(name="p", steps=[first, host, score]).upsert("role")
"""
    project = with_documents(load_text(tmp_path, _START + _STEPS + program))
    found = {each.address: each for each in project.resources}
    named = found["p/Score"].properties.value("ModelName")
    assert isinstance(named, Reference)
    assert named.address == "p/Host"
    container = found["p/Host"].properties.value("PrimaryContainer")
    assert isinstance(container, MapValue)
    assert isinstance(container.value("ModelDataUrl"), Reference)


def test_steps_that_read_nothing_of_one_another_have_no_order(tmp_path: Path) -> None:
    other = "ProcessingStep('Other', step_args=processor.run(inputs=[ProcessingInput(source='s3://b/i')]))"
    pipeline = f"Pipeline(name='p', steps=[first, {other}]).upsert('role')\n"
    assert _orders(tmp_path, pipeline) == {"First": [], "Other": []}


def test_what_a_condition_contains_is_not_what_it_reads(tmp_path: Path) -> None:
    inner = "ProcessingStep('In', processor=processor, inputs=[ProcessingInput(source=artefact)])"
    condition = f"ConditionStep('If', conditions=[ConditionEquals('a', 'b')], if_steps=[{inner}])"
    pipeline = f"Pipeline(name='p', steps=[first, {condition}]).upsert('role')\n"
    assert _orders(tmp_path, pipeline) == {"First": ["In"], "If": ["In"], "In": []}


@pytest.mark.parametrize(("before", "order"), [("False", (0, 1)), ("True", (1, 0))])
def test_a_monitored_transform_is_two_steps(tmp_path: Path, before: str, order: tuple[int, int]) -> None:
    program = f"""
both = MonitorBatchTransformStep(
    name="Both", transform_step_args=transformer.transform(artefact),
    monitor_configuration=DataQualityCheckConfig(baseline_dataset="s3://b/d", dataset_format={{}}),
    check_job_configuration=CheckJobConfig(role="role"), monitor_before_transform={before},
)
after = ProcessingStep("After", processor=processor, depends_on=[both])
Pipeline(name="p", steps=[both, after, first]).upsert("role")
"""
    names = ("Both-transform", "Both-monitoring")
    start, end = names[order[0]], names[order[1]]
    found = _orders(tmp_path, program)
    # What the transform reads comes before it in either case.
    assert found["First"] == sorted({start, "Both-transform"})
    # The SDK takes the monitoring for the last one in either case.
    assert end in found[start]
    assert "After" in found["Both-monitoring"]
    resources = with_documents(load_text(tmp_path, _START + _STEPS + program)).resources
    kinds = {each.address: each.type.rpartition(":")[2] for each in resources}
    assert kinds["p/Both-transform"] == "TransformJob"
    assert kinds["p/Both-monitoring"] == "ProcessingJob"


def test_an_estimator_that_transforms_is_a_model_and_a_job(tmp_path: Path) -> None:
    program = """
both = EstimatorTransformer(
    "Both", estimator=estimator, model_data=artefact, model_inputs=None, instance_count=1,
    instance_type="ml.m5.large", transform_inputs=None,
)
Pipeline(name="p", steps=[first, both]).upsert("role")
"""
    assert _orders(tmp_path, program) == {
        "First": ["BothCreateModelStep"],
        "BothCreateModelStep": ["Both"],
        "Both": [],
    }


@pytest.mark.parametrize("kind", ["LineageStep", "CleanupStep", "JobStep", "EMRServerlessStep"])
def test_further_kinds_of_steps_are_read(tmp_path: Path, kind: str) -> None:
    program = f"""
from sagemaker.workflow.steps import {kind}
other = {kind}(name="Other", depends_on=[first])
Pipeline(name="p", steps=[other, first]).upsert("role")
"""
    assert _orders(tmp_path, program) == {"Other": [], "First": ["Other"]}


@pytest.mark.parametrize(
    "steps",
    [
        "step('Next', [first])",
        "step('Next', [step('Between', [first])])",
        "ConditionStep('If', conditions=[], if_steps=[step('Next', [])], depends_on=[first])",
        "ConditionStep('If', conditions=[], if_steps=[step('Next', [first])])",
        "step('Next', [ConditionStep('If', conditions=[], if_steps=[first])])",
    ],
)
def test_the_sdk_adds_steps_that_others_wait_for_as_objects(tmp_path: Path, steps: str) -> None:
    program = f"""
def step(name, needs):
    return ProcessingStep(name, processor=processor, depends_on=needs)
Pipeline(name="p", steps=[{steps}]).upsert("role")
"""
    assert {"Next", "First"} <= _orders(tmp_path, program).keys()


@pytest.mark.parametrize("awaited", ["'First'", "ProcessingStep('Next', processor=processor)"])
def test_it_adds_no_step_by_its_name_and_none_twice(tmp_path: Path, awaited: str) -> None:
    last = f"ProcessingStep('Next', processor=processor, depends_on=[{awaited}])"
    assert _orders(tmp_path, f"Pipeline(name='p', steps=[{last}]).upsert('role')\n").keys() == {"Next"}
