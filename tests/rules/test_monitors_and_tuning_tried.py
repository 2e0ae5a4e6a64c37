"""Monitors that their program deletes again, and tuning in notebooks of courses."""

import json
from pathlib import Path

import pytest

from mlwa_lint.catalogue.registry import load_rules
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.run.pipeline import lint_paths
from mlwa_lint.run.settings import RunSettings

RULES = load_rules().rules
MONITOR = """
from sagemaker.model_monitor import DefaultModelMonitor

monitor = DefaultModelMonitor(role="arn:aws:iam::111122223333:role/m", instance_type="ml.m5.xlarge")
monitor.create_monitoring_schedule(
    monitor_schedule_name="fares", endpoint_input="fares", output_s3_uri="s3://fares/monitoring"
)
"""
TUNER = """
from sagemaker.estimator import Estimator
from sagemaker.tuner import HyperparameterTuner, IntegerParameter

estimator = Estimator(
    image_uri="i", role="arn:aws:iam::111122223333:role/t", instance_count=1, instance_type="ml.p3.8xlarge"
)
tuner = HyperparameterTuner(
    estimator, "loss", {"depth": IntegerParameter(1, 9)}, [{"Name": "loss", "Regex": "(.*)"}], max_jobs=50
)
tuner.fit()
"""


def _severities(code: str, folder: Path) -> list[str]:
    settings = RunSettings(RULES, LoadOptions(root=folder))
    report = lint_paths([str(folder)], lambda _: settings, 1)
    return [each.severity for each in report.findings if each.code == code]


@pytest.mark.parametrize(
    ("further", "severity"),
    [
        ("", "medium"),
        ("monitor.stop_monitoring_schedule()\n", "medium"),
        ("monitor.delete_monitoring_schedule()\n", "info"),
        ("def clean_up():\n    monitor.delete_monitoring_schedule()\n", "info"),
    ],
)
def test_a_monitor_that_its_program_deletes(further: str, severity: str, tmp_path: Path) -> None:
    (tmp_path / "watch.py").write_text(MONITOR + further, "utf-8")
    assert _severities("MLO111", tmp_path) == [severity]


def _notebook(code: str) -> str:
    cell = {"cell_type": "code", "source": code.splitlines(keepends=True), "metadata": {}, "outputs": []}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


@pytest.mark.parametrize(
    ("files", "severity"),
    [
        ({"tune.ipynb": _notebook(TUNER), "README.md": "# Claims, a course\n"}, "info"),
        ({"tune.ipynb": _notebook(TUNER), "README.md": "# Claims\n", "prod.json": "{}"}, "low"),
        ({"tune.py": TUNER, "README.md": "# Claims\n"}, "low"),
    ],
)
def test_tuning_in_notebooks_that_nothing_operates(
    files: dict[str, str], severity: str, tmp_path: Path
) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text, "utf-8")
    assert _severities("MLC203", tmp_path) == [severity]
