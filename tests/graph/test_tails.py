"""The end of a text can be known although its start is not."""

import pytest

from mlwa_lint.graph.views import View
from mlwa_lint.graph.worlds import World
from mlwa_lint.model.answers import NO, YES, Answer, undecided
from mlwa_lint.model.conditions import AnyScenario
from mlwa_lint.model.resources import Resource
from mlwa_lint.model.values import Absent, MapValue, Reference, Scalar, Unknown, Value
from tests.support.strategies import HERE

UNDECIDED = undecided("it is not known")
REGION = Unknown("AWS::Region is known only at deployment", HERE)


class Labels:
    language = "cloudformation"

    def label(self, resource_type: str, path: tuple[str, ...]) -> str:
        return ".".join(path)


def view_of(value: Value) -> View:
    resource = Resource("Job", "AWS::X::Job", MapValue({}, HERE), HERE, Labels(), MapValue({}, HERE))  # type: ignore[arg-type]
    return View(resource, World(AnyScenario(), {}), value, ("Image",), HERE)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Scalar("registry/clean:1", HERE), YES),
        (Scalar("clean:1", HERE), YES),
        (Scalar("clean/train:1", HERE), NO),
        (Unknown("why", HERE, ("1.ecr.", REGION, ".amazonaws.com/clean:1")), YES),
        (Unknown("why", HERE, ("1.ecr.", REGION, ".amazonaws.com/train:1")), NO),
        (Unknown("why", HERE, (REGION, "clean:1")), UNDECIDED),
        (Unknown("why", HERE, ("registry/clean:", REGION)), UNDECIDED),
        (REGION, UNDECIDED),
        (Reference("Repository", "RepositoryUri", HERE), UNDECIDED),
        (Absent(), NO),
    ],
)
def test_a_question_about_what_follows_the_last_separator(value: Value, expected: Answer) -> None:
    assert view_of(value).tail("/", lambda name: name.startswith("clean")) == expected
