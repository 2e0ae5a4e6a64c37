"""What a state reads is known where the definition states what was written there before."""

from collections.abc import Mapping

import pytest

from tests.frontends.documents.helpers import machine, plain, resource

SAGEMAKER = "arn:aws:states:::sagemaker"
PASS = {"Type": "Pass", "Next": "Train"}
SETTINGS = {"type": "ml.m5.large", "jobs": [{"image": "i"}], "of.$": "$.given"}
TRAINING = {
    "Type": "Task",
    "Resource": f"{SAGEMAKER}:createTrainingJob.sync",
    "Parameters": {"TrainingJobName.$": "$.name", "AlgorithmSpecification": {"TrainingImage": "i"}},
    "ResultPath": "$.trained",
    "Next": "Train",
}


def _read(first: Mapping[str, object], expression: str, **machine_of: object) -> object:
    """What the second of two states gets, of a property that it reads from its input."""
    parameters = {"Arguments": {"X": expression}} if machine_of else {"Parameters": {"X.$": expression}}
    last = {"Type": "Task", "Resource": f"{SAGEMAKER}:createModel", "End": True, **parameters}
    definition = {"StartAt": "First", "States": {"First": first, "Train": last}, **machine_of}
    read = plain(resource(machine(definition), "Flow/Train").properties)
    assert isinstance(read, dict)
    return read["X"]


@pytest.mark.parametrize(
    ("first", "expression", "value"),
    [
        ({**PASS, "Result": SETTINGS, "ResultPath": "$.settings"}, "$.settings.type", "ml.m5.large"),
        ({**PASS, "Result": SETTINGS, "ResultPath": "$.settings"}, "$.settings.jobs[0].image", "i"),
        ({**PASS, "Result": SETTINGS}, "$.type", "ml.m5.large"),
        ({**PASS, "Parameters": SETTINGS}, "$.type", "ml.m5.large"),
        (TRAINING, "$.trained.AlgorithmSpecification.TrainingImage", "i"),
    ],
)
def test_a_result_that_is_stated_is_known(first: dict[str, object], expression: str, value: object) -> None:
    assert _read(first, expression) == value


@pytest.mark.parametrize(
    ("first", "expression"),
    [
        ({**PASS, "Result": SETTINGS, "ResultPath": "$.settings"}, "$.type"),
        ({**PASS, "Result": SETTINGS, "ResultPath": "$.settings"}, "$.settings"),
        ({**PASS, "Result": SETTINGS, "ResultPath": "$.settings"}, "$.settings.jobs[1].image"),
        ({**PASS, "Result": SETTINGS, "ResultPath": "$.settings"}, "$.settings.type.name"),
        ({**PASS, "Result": SETTINGS, "OutputPath": "$.jobs"}, "$.type"),
        ({**PASS, "Parameters": SETTINGS}, "$.of"),
        (TRAINING, "$.trained.ModelArtifacts.S3ModelArtifacts"),
        (TRAINING, "$.trained.TrainingJobName"),
        ({**TRAINING, "ResultSelector": {"a": "b"}}, "$.trained.AlgorithmSpecification.TrainingImage"),
        (
            {**TRAINING, "Resource": f"{SAGEMAKER}:createTrainingJob"},
            "$.trained.AlgorithmSpecification.TrainingImage",
        ),
    ],
)
def test_what_only_the_execution_gives_is_not_known(first: dict[str, object], expression: str) -> None:
    assert _read(first, expression) == f"<{expression} comes from the state's input>"


OUTPUT = {**PASS, "Output": {"type": "ml.m5.large", "of": "{% $states.input.of %}"}, "Assign": {"key": "k"}}
COMPUTED = "is worked out when the state runs"


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("{% $states.input.type %}", "ml.m5.large"),
        ("{% $key %}", "k"),
        ("{% 'a-' & $key & \"-b\" %}", "a-k-b"),
        ("{% 2 %}", 2),
        ("{% true %}", True),
        ("{% 'text' %}", "text"),
        ("{% $states.input.of %}", f"<$states.input.of {COMPUTED}>"),
        ("{% $other %}", f"<$other {COMPUTED}>"),
        ("{% $sum([1, 2]) %}", f"<$sum([1, 2]) {COMPUTED}>"),
        ("{% 'a' & $other %}", f"<$other {COMPUTED}>"),
    ],
)
def test_expressions_of_jsonata(expression: str, value: object) -> None:
    assert _read(OUTPUT, expression, QueryLanguage="JSONata") == value
