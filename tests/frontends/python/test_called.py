"""Functions that other programs of a project call are judged there, with what they are given."""

import json
from functools import partial
from pathlib import Path

import pytest

from mlwa_lint.cli.app import invoke
from tests.support.files import write

MAKING = """from sagemaker.estimator import Estimator


def estimator_for(kind):
    estimator = Estimator(image_uri="111122223333.dkr.ecr.eu-west-1.amazonaws.com/churn:4", instance_count=1,
                          instance_type=kind, role="r")
    return estimator
"""
HOSTING = """from sagemaker.model import Model


def host(kind):
    model = Model(image_uri="111122223333.dkr.ecr.eu-west-1.amazonaws.com/churn:4", role="r", name="churn",
                  model_data="s3://acme-models/churn.tar.gz")
    model.deploy(initial_instance_count=1, instance_type=kind, endpoint_name="churn")
"""
STEP = """from making import estimator_for
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.steps import TrainingStep

step = TrainingStep("Train", estimator=estimator_for("ml.m5.large"), inputs={})
Pipeline(name="p", steps=[step]).upsert("role")
"""
_write = partial(write, Path())


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)


def _undecided(capsys: pytest.CaptureFixture[str], rules: str = "MLR120,MLP101") -> list[tuple[str, str]]:
    invoke(["check", "--format", "json", "--no-cache", "--select", rules, "."])
    report = json.loads(capsys.readouterr().out)
    return [(each["path"], each["code"]) for each in report["undecided"]]


def test_a_job_that_a_caller_makes_a_step_of_is_no_job_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    _write(making__py=MAKING)
    assert ("making.py", "MLR120") in _undecided(capsys)
    _write(pipeline__py=STEP)
    assert _undecided(capsys) == []


def test_what_only_callers_know_is_judged_where_they_call(capsys: pytest.CaptureFixture[str]) -> None:
    _write(hosting__py=HOSTING)
    assert ("hosting.py", "MLR120") in _undecided(capsys)
    _write(deploy__py="import sagemaker\nfrom hosting import host\n\nhost('ml.m5.large')\n")
    assert _undecided(capsys) == []
    # A caller that does not know it either leaves it open once.
    _write(deploy__py="import os\nimport sagemaker\nfrom hosting import host\n\nhost(os.environ['KIND'])\n")
    assert _undecided(capsys).count(("hosting.py", "MLR120")) == 1
    # One that is not linted, since it names no service, decides nothing.
    _write(deploy__py="from hosting import host\n\nhost('ml.m5.large')\n")
    assert _undecided(capsys).count(("hosting.py", "MLR120")) == 1


def test_scaling_is_judged_where_the_type_is_given(capsys: pytest.CaptureFixture[str]) -> None:
    def found() -> list[str]:
        invoke(["check", "--format", "json", "--no-cache", "--select", "MLR102", "--severity", "info", "."])
        return [each["message"] for each in json.loads(capsys.readouterr().out)["findings"]]

    _write(hosting__py=HOSTING)
    assert len(found()) == 1
    _write(deploy__py="import sagemaker\nfrom hosting import host\n\nhost('ml.m5.large')\n")
    assert len(found()) == 1
    # SageMaker does not scale burstable instances.
    _write(deploy__py="import sagemaker\nfrom hosting import host\n\nhost('ml.t2.medium')\n")
    assert found() == []


def test_what_replaces_a_default_is_judged_where_it_is_given(capsys: pytest.CaptureFixture[str]) -> None:
    _write(hosting__py=HOSTING.replace("host(kind)", "host(kind='ml.m5.large')"))
    _write(deploy__py="import sagemaker\nfrom hosting import host\n\nhost('ml.m5.xlarge')\n")
    assert _undecided(capsys) == []


RUN = """from building import Builder
from sagemaker.estimator import Estimator
from sagemaker.workflow.steps import TrainingStep

estimator = Estimator(image_uri="image", role="r", instance_count=1, instance_type="ml.m5.large")
Builder().build([TrainingStep("Train", estimator=estimator, inputs={})])
"""
BUILDING = """from sagemaker.workflow.pipeline import Pipeline


class Builder:
    def build(self, steps):
        pipeline = Pipeline(name="p", steps=steps)
        pipeline.upsert("role")
"""


def test_steps_that_only_callers_know_are_judged_where_they_call(capsys: pytest.CaptureFixture[str]) -> None:
    _write(building__py=BUILDING)
    assert ("building.py", "MLR501") in _undecided(capsys, "MLR501")
    _write(run__py=RUN)
    assert _undecided(capsys, "MLR501") == []


def test_tests_and_importers_that_do_not_call_are_no_callers(capsys: pytest.CaptureFixture[str]) -> None:
    _write(hosting__py=HOSTING, other__py="from hosting import host\n\nprint('host')\n")
    _write(test_hosting__py="from hosting import host\n\n\ndef test_host():\n    host('ml.m5.large')\n")
    assert ("hosting.py", "MLR120") in _undecided(capsys)
