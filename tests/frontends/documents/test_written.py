"""What a state reads is known where the definition states what was written there before."""

from collections.abc import Mapping

import pytest

from mlwa_lint.graph.linking.naming import outline
from tests.frontends.documents.helpers import machine, plain, resource
from tests.support.work import calls_of

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
        ({**PASS, "Result": "ml.m5.large", "ResultPath": "$.type"}, "$.type", "ml.m5.large"),
        ({**PASS, "Result": SETTINGS}, "$.type", "ml.m5.large"),
        ({**PASS, "Parameters": SETTINGS}, "$.type", "ml.m5.large"),
        (TRAINING, "$.trained.AlgorithmSpecification.TrainingImage", "i"),
    ],
)
def test_a_result_that_is_stated_is_known(first: dict[str, object], expression: str, value: object) -> None:
    assert _read(first, expression) == value


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("States.StringToJson('28800')", 28800),
        ("States.StringToJson('true')", True),
        ("States.MathAdd(3600, 60)", 3660),
        ("States.Format('ml.{}.{}', 'm5', 'large')", "ml.m5.large"),
        ("States.Format('{}', $.settings.type)", "ml.m5.large"),
        ("States.StringToJson(States.Format('{}00', 36))", 3600),
        ("States.Array('a', 'b')", ["a", "b"]),
    ],
)
def test_an_intrinsic_function_of_what_is_known_is_evaluated(expression: str, value: object) -> None:
    first = {**PASS, "Result": SETTINGS, "ResultPath": "$.settings"}
    assert _read(first, expression) == value


@pytest.mark.parametrize(
    "expression",
    ["States.StringToJson('{')", "States.StringToJson($.limit)", "States.UUID()", "States.MathAdd('a', 1)"],
)
def test_an_intrinsic_function_of_something_else_is_not(expression: str) -> None:
    assert "worked out when the state runs" in str(_read(PASS, expression))


IMAGE = "$.trained.AlgorithmSpecification.TrainingImage"


@pytest.mark.parametrize(
    ("first", "expression", "origin"),
    [
        (
            {**PASS, "Result": SETTINGS, "ResultPath": "$.settings"},
            "$.type",
            "$.type of the execution's input",
        ),
        ({**PASS, "Result": SETTINGS, "ResultPath": "$.settings"}, "$.settings", "the result of state First"),
        ({**PASS, "Result": SETTINGS, "ResultPath": "$.s"}, "$.s.jobs[1].image", "the result of state First"),
        ({**PASS, "Result": SETTINGS, "ResultPath": "$.s"}, "$.s.type.name", "the result of state First"),
        ({**PASS, "Result": SETTINGS, "OutputPath": "$.jobs"}, "$.type", "$.type of the state's input"),
        ({**PASS, "Parameters": SETTINGS}, "$.of", "$.given of the execution's input"),
        ({**PASS, "Parameters": SETTINGS}, "$['of']", "$.given of the execution's input"),
        (TRAINING, "$.trained.ModelArtifacts.S3ModelArtifacts", "the result of state First"),
        (TRAINING, "$.trained.TrainingJobName", "$.name of the execution's input"),
        ({**TRAINING, "ResultSelector": {"a": "b"}}, IMAGE, "the result of state First"),
        ({**TRAINING, "Resource": f"{SAGEMAKER}:createTrainingJob"}, IMAGE, "the result of state First"),
        (PASS, "$$.Execution.Input['Type']", "$$.Execution.Input['Type']"),
    ],
)
def test_what_only_the_execution_gives_is_not_known(
    first: dict[str, object], expression: str, origin: str
) -> None:
    where = f"{expression}, {origin}" if origin.startswith("the") else origin
    assert _read(first, expression) == f"<X comes from {where}>"


def _model_of(folder: object, resource_of_it: str = "createTrainingJob.sync") -> str:
    """The text of where the model of a training job is, `*` for what is not known."""
    request = {"TrainingJobName.$": "$.name", "OutputDataConfig": folder}
    first = {**TRAINING, "Resource": f"{SAGEMAKER}:{resource_of_it}", "Parameters": request}
    last = {
        "Type": "Task",
        "Resource": f"{SAGEMAKER}:createModel",
        "Parameters": {"X.$": "$.trained.ModelArtifacts.S3ModelArtifacts"},
        "End": True,
    }
    project = machine({"StartAt": "First", "States": {"First": first, "Train": last}})
    return outline(resource(project, "Flow/Train").properties.entries["X"].value).replace("\0", "*")


@pytest.mark.parametrize(
    ("folder", "place"),
    [
        ({"S3OutputPath": "s3://models"}, "s3://models/*/output/model.tar.gz"),
        ({"S3OutputPath": "s3://models/churn/"}, "s3://models/churn/*/output/model.tar.gz"),
        ({"S3OutputPath": {"Fn::Sub": "s3://${B}/churn"}}, "s3://*/churn/*/output/model.tar.gz"),
        ({"S3OutputPath.$": "$.output"}, "*"),
        ({}, "*"),
    ],
)
def test_the_model_of_a_training_job_is_below_its_output(folder: object, place: str) -> None:
    assert _model_of(folder) == place


def test_only_what_waits_for_a_training_job_knows_its_model() -> None:
    output = {"S3OutputPath": "s3://models"}
    assert _model_of(output, "createTrainingJob") == "*"
    assert _model_of(output, "createTransformJob.sync") == "*"


@pytest.mark.parametrize(
    ("expression", "made"),
    [
        ("States.Format('s3://models/{}', $.key)", "s3://models/*"),
        ("States.Format('{}{}/model.tar.gz', 's3://models/', $.key)", "s3://models/*/model.tar.gz"),
        ("States.Format('s3://{}/{}/{}', $.settings.type, 'a', $.key)", "s3://ml.m5.large/a/*"),
        ("States.Format('s3://{}/{}', States.UUID(), 'a')", "s3://*/*"),
        ("States.Format('s3://{}/{}', 'it\\'s', $.key)", "s3://*/*"),
    ],
)
def test_a_text_that_is_formatted_is_known_in_part(expression: str, made: str) -> None:
    first = {**PASS, "Result": SETTINGS, "ResultPath": "$.settings"}
    last = {
        "Type": "Task",
        "Resource": f"{SAGEMAKER}:createModel",
        "Parameters": {"X.$": expression},
        "End": True,
    }
    project = machine({"StartAt": "First", "States": {"First": first, "Train": last}})
    value = resource(project, "Flow/Train").properties.entries["X"].value
    assert outline(value).replace("\0", "*") == made


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


@pytest.mark.parametrize(
    "expression", [f"States.StringToJson('{'[' * 5_000}')", f"States.Format('{{}}', {'9' * 5_000})"]
)
def test_what_is_too_deep_or_too_long_is_not_known(expression: str) -> None:
    assert str(_read(PASS, expression)).startswith("<X ")


def test_texts_that_multiply_are_not_followed_further() -> None:
    again = f"States.Format('{'{}' * 100}', {', '.join(['$.x'] * 100)})"
    states: dict[str, object] = {"First": {"Type": "Pass", "Result": {"x": "text"}, "Next": "Pass1"}}
    for number in range(1, 5):
        following = f"Pass{number + 1}" if number < 4 else "Train"
        states[f"Pass{number}"] = {"Type": "Pass", "Parameters": {"x.$": again}, "Next": following}
    states["Train"] = {
        "Type": "Task", "Resource": f"{SAGEMAKER}:createModel", "End": True, "Parameters": {"X.$": "$.x"}
    }  # fmt: skip
    definition = {"StartAt": "First", "States": states}
    read: object = None

    def follow() -> None:
        nonlocal read
        read = plain(resource(machine(definition), "Flow/Train").properties)

    assert calls_of(follow) < 10_000_000
    assert isinstance(read, dict)
    assert str(read["X"]).startswith("<")


def _choices(number: int) -> dict[str, object]:
    """States that choose by five places each, and lead to those behind them."""
    states: dict[str, object] = {
        f"S{each}": {
            "Type": "Choice",
            "Choices": [
                {"Variable": f"$.a{way}.b", "StringEquals": "x", "Next": f"S{(each + way + 1) % number}"}
                for way in range(5)
            ],
            "Default": "Train" if each == 7 else f"S{(each + 1) % number}",
        }
        for each in range(number)
    }
    train = {"Type": "Task", "Resource": f"{SAGEMAKER}:createModel", "End": True, "Parameters": {}}
    return {"StartAt": "S0", "States": {**states, "Train": train}}


def test_the_work_for_what_many_states_read_grows_with_their_number() -> None:
    few, many = (calls_of(lambda size=size: machine(_choices(size))) for size in (600, 1_200))  # type: ignore[misc]
    assert many < 2.5 * few
