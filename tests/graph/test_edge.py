"""Recipes of Greengrass components, and what models were compiled for."""

import json

import pytest

from mlwa_lint.graph.queries import edge
from mlwa_lint.graph.queries.edge import Artifact, CompilationTarget, Recipe
from mlwa_lint.graph.queries.monitoring import period_of
from mlwa_lint.graph.views import ResourceView
from mlwa_lint.model.answers import NO, YES, Answer, undecided
from mlwa_lint.model.values import Absent, ListValue, Reference, Scalar, Unknown, Value
from tests.support.small_graphs import VIEW, resource, view_of
from tests.support.small_values import HERE, map_of

UNDECIDED = undecided("why")
OPEN = Unknown("why", HERE)
STAGE = Unknown("why", HERE, (), "parameter Stage")
BUCKET = Reference("Data", "", HERE)


@pytest.mark.parametrize("ending", edge._TRAINED)
def test_each_format_of_training_is_a_trained_model(ending: str) -> None:
    assert Artifact(f"s3://b/net{ending.upper()}", "").is_trained_model() == YES
    assert Artifact(f"s3://b{ending}/net", "").is_trained_model() == NO


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        ("s3://b/model.tar.gz", YES),
        ("s3://b/Model.tar.gz", YES),
        ("s3://b/my-model.tar.gz", UNDECIDED),
        ("s3://b/model.zip", UNDECIDED),
        ("s3://b/models.tgz", UNDECIDED),
        ("s3://b/model.so", NO),
        ("s3://b/code.zip", NO),
        ("s3://b/\ue000?\ue001/net.onnx", NO),
        ("s3://b/\ue000?\ue001.pt", UNDECIDED),
        ("net.pt", YES),
    ],
)
def test_a_trained_model_by_its_name(uri: str, expected: Answer) -> None:
    assert Artifact(uri, "").is_trained_model() == expected


RUNTIMES = ("onnxruntime", "TFLite", "tf-lite", "TensorRT", "openvino", "dlr", "LiteRT", "tensorflow-lite")
ARTIFACT = Artifact("s3://b/\ue000Data.\ue001/net.pt", "")


@pytest.mark.parametrize(
    ("text", "artifacts", "expected"),
    [
        *((f"run {each}", (), YES) for each in RUNTIMES),
        ("run adlry", (), NO),
        ("run python", (), NO),
        ("run \ue000?\ue001", (), UNDECIDED),
        (f"get {ARTIFACT.uri}", (ARTIFACT,), NO),
        (f"get {ARTIFACT.uri} \ue000?\ue001", (ARTIFACT,), UNDECIDED),
    ],
)
def test_runtimes_that_are_made_for_devices(
    text: str, artifacts: tuple[Artifact, ...], expected: Answer
) -> None:
    assert Recipe(text, artifacts).has_device_runtime() == expected


@pytest.mark.parametrize(("compiled", "devices"), edge._ARCHITECTURES.items())
def test_each_architecture_fits_the_devices_that_greengrass_calls_so(
    compiled: str, devices: tuple[str, ...]
) -> None:
    target = CompilationTarget("s3://b/", compiled, VIEW)
    assert all(target.fits(device) for device in devices)
    assert not target.fits("riscv")
    assert CompilationTarget("s3://b/", "OTHER", VIEW).fits("riscv")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Scalar("a", HERE), "a"),
        (Unknown("why", HERE, ("s3://", BUCKET, "/x")), "s3://\ue000Data.\ue001/x"),
        (Unknown("why", HERE, ("s3://", STAGE)), "s3://\ue000parameter Stage\ue001"),
        (Unknown("why", HERE, ("s3://", OPEN)), "s3://\ue000?\ue001"),
        (OPEN, ""),
        (BUCKET, ""),
        (Absent(), ""),
    ],
)
def test_a_text_with_marks_around_what_is_not_known(value: Value, expected: str) -> None:
    assert edge.spelled(value) == expected


RECIPE = {
    "Manifests": [
        {"Platform": {"architecture": "AArch64"}, "Artifacts": [{"URI": "s3://b/a.pt"}, {"Uri": 3}, "x"]},
        {"Artifacts": [{"uri": "s3://b/b.pt"}]},
        "x",
    ]
}
ARTIFACTS = (Artifact("s3://b/a.pt", "aarch64"), Artifact("s3://b/b.pt", ""))


def component(value: Value) -> ResourceView:
    return view_of(resource("C", edge.COMPONENT, InlineRecipe=value))


def test_the_artifacts_of_a_recipe_in_text() -> None:
    recipe = edge.recipe_of(component(Scalar(json.dumps(RECIPE), HERE)))
    assert recipe is not None
    assert recipe.artifacts == ARTIFACTS
    assert [each.name for each in recipe.artifacts] == ["a.pt", "b.pt"]


def test_the_artifacts_of_a_recipe_in_a_structure() -> None:
    artifact = map_of(Uri=Unknown("why", HERE, ("s3://", BUCKET, "/a.pt")))
    manifests = ListValue((map_of(Artifacts=ListValue((artifact,), HERE)),), HERE, OPEN)
    recipe = edge.recipe_of(component(map_of(Manifests=manifests, Other=Absent())))
    assert recipe is not None
    assert recipe.artifacts == (Artifact("s3://\ue000Data.\ue001/a.pt", ""),)
    assert recipe.text.count("\ue000?\ue001") == 2
    assert recipe.has_device_runtime() == UNDECIDED


@pytest.mark.parametrize(
    "value",
    [
        Absent(),
        OPEN,
        BUCKET,
        Scalar("", HERE),
        Scalar("[]", HERE),
        Scalar("a: [", HERE),
        Scalar("{a: " + "x" * 100_000 + "}", HERE),
        ListValue((), HERE),
    ],
)
def test_what_is_no_recipe(value: Value) -> None:
    assert edge.recipe_of(component(value)) is None


@pytest.mark.parametrize(
    ("expression", "seconds"),
    [
        ("cron(0 * ? * * *)", 3_600),
        (" cron(0 * * * ? *) ", 3_600),
        ("cron(0 0/1 ? * * *)", 3_600),
        ("cron(0 0/6 ? * * *)", 21_600),
        ("cron(0 5 ? * * *)", 86_400),
        ("cron(30 12 ? * * *)", 86_400),
        ("cron(0 * ? * MON *)", None),
        ("rate(1 hour)", None),
        ("NOW", None),
    ],
)
def test_seconds_between_two_runs_of_a_monitoring_schedule(expression: str, seconds: int | None) -> None:
    assert period_of(expression) == seconds
