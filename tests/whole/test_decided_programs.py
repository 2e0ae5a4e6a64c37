"""What could be taken for unknown in a program and is decided, and what stays undecided."""

from pathlib import Path

import pytest

from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.frontends.python.project import load
from mlwa_lint.run.pipeline import check_project
from tests.support.files import write
from tests.whole.test_decided import RULES


def results(folder: Path, code: str, text: str, **files: str) -> tuple[int, list[str]]:
    """How many findings there are, and the reasons of what is undecided."""
    write(folder, **files, jobs__py=text)
    outcome = check_project(load(folder / "jobs.py", LoadOptions(root=folder)), [RULES[code]])
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
