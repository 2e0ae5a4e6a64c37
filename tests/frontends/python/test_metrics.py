"""Tuning jobs whose training reports its metrics once, so that none of it could be stopped early."""

import json
from pathlib import Path

import pytest

from mlwa_lint.cli.app import invoke
from tests.support.files import write

TUNING = """from sagemaker.pytorch import PyTorch
from sagemaker.tuner import ContinuousParameter, HyperparameterTuner

estimator = PyTorch("train.py", source_dir="src", role="r", instance_count=1, instance_type="ml.m5.large")
metrics = [{"Name": "validation", "Regex": "validation loss: ([0-9\\\\.]+)"}]
ranges = {"lr": ContinuousParameter(0.01, 0.1)}
tuner = HyperparameterTuner(estimator, "validation", ranges, metrics, max_jobs=40, max_parallel_jobs=2)
tuner.fit()
"""
ONCE = """def fit(epochs):
    loss = 1.0
    for epoch in range(epochs):
        loss = step(loss)
    print(f"validation loss: {loss}")


if __name__ == "__main__":
    fit(10)
"""
EACH = ONCE.replace("    print(", "        print(")
CALLED = """def report(loss):
    print("validation loss: {:.3f}".format(loss))


for epoch in range(10):
    report(step())
"""


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("training", "found"),
    [
        (ONCE, False),
        (EACH, True),
        (CALLED, True),
        (CALLED.replace("for epoch in range(10):\n    report", "report"), False),
        (
            "class Report:\n    def on_epoch_end(self, loss):\n        print('validation loss: ', loss)\n",
            True,
        ),
        ("print([f'validation loss: {each}' for each in losses])\n", True),
        ("print('accuracy: 1')\n", True),
        ("print('validation loss: 1'", True),
    ],
)
def test_early_stopping_needs_several_reports(
    training: str, found: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    write(Path(), **{"tune.py": TUNING, "src/train.py": training})
    invoke(["check", ".", "--no-cache", "--format", "json", "--select", "MLC203"])
    findings = json.loads(capsys.readouterr().out)["findings"]
    assert [each["code"] for each in findings] == (["MLC203"] if found else [])


def test_only_a_text_that_is_known_decides(capsys: pytest.CaptureFixture[str]) -> None:
    write(Path(), **{"tune.py": TUNING.replace("validation loss: ", ".*"), "src/train.py": ONCE})
    invoke(["check", ".", "--no-cache", "--format", "json", "--select", "MLC203"])
    assert json.loads(capsys.readouterr().out)["findings"] != []


def test_what_another_launcher_prints_is_not_reported_by_training(capsys: pytest.CaptureFixture[str]) -> None:
    other = """import boto3
METRICS = [{"Name": "validation", "Regex": "validation loss: ([0-9.]+)"}]


def watch(names):
    for name in names:
        print(f"{name}: validation loss: {best(name)}")
"""
    write(Path(), **{"tune.py": TUNING, "src/train.py": ONCE, "launch.py": other})
    invoke(["check", ".", "--no-cache", "--format", "json", "--select", "MLC203"])
    assert json.loads(capsys.readouterr().out)["findings"] == []


OBJECTIVE = """import boto3

boto3.client("sagemaker").create_hyper_parameter_tuning_job(
    HyperParameterTuningJobName="tuning",
    HyperParameterTuningJobConfig={
        "Strategy": "Bayesian",
        "HyperParameterTuningJobObjective": {"Type": "Minimize", "MetricName": "validation"},
        "ResourceLimits": {"MaxNumberOfTrainingJobs": 20, "MaxParallelTrainingJobs": 2},
    },
    TrainingJobDefinition={
        "AlgorithmSpecification": {
            "TrainingImage": "111122223333.dkr.ecr.eu-west-1.amazonaws.com/train:4",
            "TrainingInputMode": "File",
            "MetricDefinitions": [
                {"Name": "validation", "Regex": r"validation_loss=([0-9.]+);"},
                {"Name": "folds", "Regex": r"folds_loss=([0-9.]+);"},
            ],
        },
    },
)
"""
FOLDS = """def train(model, folds):
    for epoch in range(10):
        model.train()
    print(f"validation_loss={model.loss};")
    for fold in folds:
        print(f"folds_loss={fold};")


train(load(), [1, 2])
"""


@pytest.mark.parametrize(
    ("training", "found"),
    [
        (FOLDS, False),
        (FOLDS.replace("train(load()", "for each in (1, 2):\n    train(load()"), True),
        (FOLDS.replace("        model.train()", "        print(f'validation_loss={epoch};')"), True),
    ],
)
def test_only_what_the_objective_reports_can_be_compared(
    training: str, found: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    exported = "def export(loss):\n    return dict(validation_loss=loss)\n"
    write(Path(), **{"tune.py": OBJECTIVE, "src/train.py": training, "export.py": exported})
    invoke(["check", ".", "--no-cache", "--format", "json", "--select", "MLC203"])
    findings = json.loads(capsys.readouterr().out)["findings"]
    assert [each["code"] for each in findings] == (["MLC203"] if found else [])


@pytest.mark.parametrize(("script", "found"), [(', entry_point="train.py"', False), ("", True)])
def test_xgboost_reports_each_round_except_for_a_script_that_prints_at_its_end(
    script: str, found: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    tuning = f"""from sagemaker.estimator import Estimator
from sagemaker.tuner import ContinuousParameter, HyperparameterTuner

estimator = Estimator("111122223333.dkr.ecr.eu-west-1.amazonaws.com/boost:3", "r", 1, "ml.m5.large"{script})
ranges = {{"eta": ContinuousParameter(0.01, 0.1)}}
tuner = HyperparameterTuner(
    estimator,
    objective_metric_name="validation:auc",
    hyperparameter_ranges=ranges,
    max_jobs=40,
    max_parallel_jobs=2,
)
tuner.fit()
"""
    write(Path(), **{"tune.py": tuning, "train.py": ONCE.replace("validation loss: ", "validation-auc:")})
    invoke(["check", ".", "--no-cache", "--format", "json", "--select", "MLC203"])
    assert bool(json.loads(capsys.readouterr().out)["findings"]) == found
