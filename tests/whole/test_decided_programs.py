"""What could be taken for unknown in a program and is decided, and what stays undecided."""

from pathlib import Path

import pytest

from mlwa_lint.run.evaluation import check_project
from mlwa_lint.testing import project_of
from tests.support.files import write
from tests.whole.test_decided import RULES


def results(folder: Path, code: str, text: str, **files: str) -> tuple[int, list[str]]:
    """How many findings there are, and the reasons of what is undecided."""
    write(folder, **files, jobs__py=text)
    outcome = check_project(project_of(folder / "jobs.py"), [RULES[code]])
    return len(outcome.findings), [reason for each in outcome.undecided for reason in each.reasons]


HELPER = """from os import path
import yaml
from __main__ import __file__ as program

FILE = "settings/" + path.splitext(path.basename(program))[0] + ".yaml"

def setting(key, default=None):
    with open(FILE) as file:
        found = yaml.safe_load(file).get("settings").get(key)
    if found is None:
        return default
    return found
"""
JOB = """from helper import setting
from sagemaker.sklearn.processing import SKLearnProcessor

kind = setting("type", "ml.m5.xlarge")
SKLearnProcessor("1.2-1", role="role", instance_count=1, instance_type=kind).run(code="run.py")
"""


@pytest.mark.parametrize(
    ("files", "found", "open_reasons"),
    [
        ({"settings___jobs__yaml": "settings: {type: ml.m5.xlarge}\n"}, 0, 0),
        ({"settings___jobs__yaml": "settings: {other: 1}\n"}, 0, 0),
        ({"settings___jobs__yaml": "settings: {type: ml.m4.xlarge}\n"}, 1, 0),
        ({"settings___others__yaml": "settings: {type: ml.m5.xlarge}\n"}, 0, 1),
        ({}, 0, 1),
    ],
)
def test_settings_lie_in_a_file_that_is_named_after_the_program(
    tmp_path: Path, files: dict[str, str], found: int, open_reasons: int
) -> None:
    findings, reasons = results(tmp_path, "MLP101", JOB, helper__py=HELPER, **files)
    assert (findings, len(reasons)) == (found, open_reasons)


PIPELINE = """from sagemaker.automl.automl import AutoML, AutoMLInput
from sagemaker.workflow.automl_step import AutoMLStep
from sagemaker.workflow.model_step import ModelStep
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.pipeline_context import PipelineSession
from elsewhere import chosen

session = PipelineSession()
tables = AutoML(role="role", target_attribute_name="y", sagemaker_session=session, mode="ENSEMBLING")
search = AutoMLStep(name="Search", step_args=tables.fit(inputs=[AutoMLInput("s3://b/t", "y")]))
best = search.get_best_auto_ml_model("role", sagemaker_session=session)
last = ModelStep(name="Last", step_args=CALL)
Pipeline(name="p", steps=[search, last], sagemaker_session=session).upsert(role_arn="role")
"""


@pytest.mark.parametrize(
    ("call", "code", "found", "open_reasons"),
    [
        ("best.create(instance_type='ml.m5.large')", "MLS111", 0, 0),
        ("best.create(instance_type='ml.m5.large')", "MLS106", 0, 0),
        ("best.create(instance_type='ml.m5.large')", "MLS102", 1, 0),
        ("best.register(content_types=['text/csv'])", "MLS102", 0, 0),
        ("best.register(content_types=['text/csv'])", "MLS503", 0, 0),
        ("chosen.register(inference_instances=['ml.m5.large'])", "MLS102", 0, 0),
        ("chosen.register(inference_instances=['ml.m5.large'])", "MLR116", 0, 1),
        ("chosen.register('a')", "MLS102", 0, 1),
        ("chosen.create(instance_type='ml.m5.large')", "MLS102", 0, 1),
        ("chosen", "MLS102", 0, 1),
    ],
)
def test_what_a_call_of_the_sdk_means_decides(
    tmp_path: Path, call: str, code: str, found: int, open_reasons: int
) -> None:
    findings, reasons = results(tmp_path, code, PIPELINE.replace("CALL", call))
    assert (findings, len(reasons)) == (found, open_reasons)


WRANGLER = """from sagemaker import image_uris
from sagemaker.processing import Processor

image = image_uris.retrieve(framework=FRAMEWORK, region="eu-west-1")
Processor(role="role", image_uri=image, instance_count=1, instance_type="ml.m5.4xlarge").run()
"""


@pytest.mark.parametrize("code", ["MLP103", "MLR116"])
@pytest.mark.parametrize(("framework", "open_reasons"), [("'data-wrangler'", 0), ("input()", 1)])
def test_images_of_one_framework_are_for_any_hardware(
    tmp_path: Path, code: str, framework: str, open_reasons: int
) -> None:
    findings, reasons = results(tmp_path, code, WRANGLER.replace("FRAMEWORK", framework))
    assert (findings, len(reasons)) == (0, open_reasons)
