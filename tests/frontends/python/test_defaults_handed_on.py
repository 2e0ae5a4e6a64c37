"""A parameter that is None by default and handed on: what is missing rests on that default."""

from pathlib import Path

from mlwa_lint.run.evaluation import check_project
from tests.frontends.python.programs import load_text
from tests.support.rule_examples import rule_of

TEXT = """
from sagemaker.estimator import Estimator

def get_estimator(bucket, kms_id=None):
    return Estimator("image", "role", 1, "ml.m5.large", output_path=bucket, output_kms_key=kms_id)
"""


def _condition(folder: Path, text: str) -> str | None:
    (finding,) = check_project(load_text(folder, text), [rule_of("MLS203")]).findings
    return finding.condition


def test_the_default_of_a_parameter_is_named(tmp_path: Path) -> None:
    stated = _condition(tmp_path, TEXT)
    assert (
        stated == "assuming no SageMaker defaults file sets it and the default of kms_id in get_estimator()"
    )


def test_what_is_written_as_none_rests_on_nothing_else(tmp_path: Path) -> None:
    stated = _condition(tmp_path, TEXT.replace("output_kms_key=kms_id", "output_kms_key=None"))
    assert stated == "assuming no SageMaker defaults file sets it"
