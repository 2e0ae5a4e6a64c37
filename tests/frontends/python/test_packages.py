"""What weighs less in modules: what notebooks have them make, and defaults of packages."""

import json
from functools import partial
from pathlib import Path

import pytest

from mlwa_lint.cli.app import invoke
from tests.frontends.python.programs import BACKEND, WATCHER, notebook
from tests.support.files import write

_write = partial(write, Path())
HELPER = """import boto3
sm = boto3.client('sagemaker')


def make_config(count=1, capture=None):
    request = {
        'EndpointConfigName': 'config',
        'ProductionVariants': [{
            'VariantName': 'a',
            'ModelName': 'm',
            'InstanceType': 'ml.m5.large',
            'InitialInstanceCount': count,
        }],
    }
    if capture:
        request['DataCaptureConfig'] = capture
    sm.create_endpoint_config(**request)
"""
PIPELINE = """from sagemaker.estimator import Estimator
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.steps import TrainingStep


def get(role):
    estimator = Estimator(image_uri='image', role=role, instance_count=1, instance_type='ml.m5.xlarge')
    return Pipeline(name='Churn', steps=[TrainingStep(name='Train', estimator=estimator)])
"""
NOTEBOOK = notebook("# sagemaker\nfrom src.helper import make_config\nmake_config()")
SCRIPT = "# sagemaker\nfrom src.helper import make_config\nmake_config()\n"
PROJECT = '[project]\nname = "helper"\n'


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)


def _found(capsys: pytest.CaptureFixture[str], code: str) -> list[tuple[str, str]]:
    """The severities of a rule's findings, and why they were lowered."""
    arguments = ["check", ".", "--no-cache", "--severity", "info", "--format", "json", "--select", code]
    invoke(arguments)
    findings = json.loads(capsys.readouterr().out)["findings"]
    return [(each["severity"], (each["lowered"] or {}).get("because", "")) for each in findings]


@pytest.mark.parametrize("code", ["MLR101", "MLO107"])
def test_what_only_notebooks_have_a_module_make_weighs_as_theirs(
    code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _write(src___helper__py=HELPER, one__ipynb=NOTEBOOK)
    assert [(each, why.partition(", or ")[0]) for each, why in _found(capsys, code)] == [
        ("info", "only examples, notebooks and tests use it")
    ]


@pytest.mark.parametrize("code", ["MLR101", "MLO107"])
def test_what_a_script_has_a_module_make_too_weighs_the_same(
    code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _write(src___helper__py=HELPER, one__ipynb=NOTEBOOK, two__py=SCRIPT, app__py=BACKEND, watch__py=WATCHER)
    assert _found(capsys, code) == [("medium", "")]


@pytest.mark.parametrize(
    "files",
    [
        {"buildspec__yml": "run: python -m run --module src.helper\n"},
        {"run__sh": "python src/helper.py\n"},
        {"run__py": "module = __import__(input(), fromlist=['make_config'])\nmodule.make_config()\n"},
    ],
    ids=["its module", "its file", "any module"],
)
def test_what_something_else_runs_by_its_name_weighs_the_same(
    files: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    _write(src___helper__py=HELPER, one__ipynb=NOTEBOOK, app__py=BACKEND, watch__py=WATCHER, **files)
    assert _found(capsys, "MLO107") == [("medium", "")]


def test_a_pipeline_that_a_notebook_deploys_weighs_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    deploying = notebook("from src.pipe import get\nget('r').upsert('r')")
    policy = '{"Action": "sagemaker:StartPipelineExecution"}'
    _write(src___pipe__py=PIPELINE, one__ipynb=deploying, policy__json=policy)
    assert _found(capsys, "MLR501") == [("medium", "")]


def test_a_default_of_a_package_weighs_less(capsys: pytest.CaptureFixture[str]) -> None:
    _write(src___helper__py=HELPER, one__ipynb=NOTEBOOK, watch__py=WATCHER, pyproject__toml=PROJECT)
    assert _found(capsys, "MLR101") == [("low", "who installs the package may set it")]


def test_a_setting_that_a_package_offers_is_not_decided_by_its_notebooks(
    capsys: pytest.CaptureFixture[str],
) -> None:
    _write(src___helper__py=HELPER, one__ipynb=NOTEBOOK, pyproject__toml=PROJECT)
    assert _found(capsys, "MLO107") == [
        ("info", "a notebook makes it, or who calls or runs the program may set it")
    ]


def test_what_a_package_itself_leaves_to_a_default_weighs_the_same(
    capsys: pytest.CaptureFixture[str],
) -> None:
    _write(src___helper__py=HELPER, two__py=SCRIPT, watch__py=WATCHER, pyproject__toml=PROJECT)
    assert _found(capsys, "MLR101") == [("medium", "")]
    assert _found(capsys, "MLO107") == [("medium", "")]
