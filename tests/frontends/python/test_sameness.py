"""What a program gives twice: the same name, and properties that agree."""

from pathlib import Path

import pytest

from mlwa_lint.frontends.python.sameness import agree, is_same_name
from mlwa_lint.model.resources import DELETED
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import ABSENT, Absent, ListValue, Reference, Scalar, Unknown, Value
from tests.frontends.python.programs import START, load_text

HERE, THERE = Span("a.py", 1, 1, 1, 2), Span("a.py", 2, 1, 2, 2)
REST = Unknown("why", HERE)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (Scalar("x", HERE), Scalar("x", THERE), True),
        (Scalar("x", HERE), Scalar("y", HERE), False),
        (Scalar(1, HERE), Scalar(True, HERE), False),
        (Scalar("x", HERE), Scalar("x", HERE, frozenset({"P"})), False),
        (Reference("role", "Arn", HERE), Reference("role", "Arn", THERE), True),
        (Reference("role", "Arn", HERE), Reference("role", "Name", HERE), False),
        (Unknown("why", HERE), Unknown("why", HERE), False),
        (Unknown("why", HERE, identity="argument"), Unknown("why", THERE, identity="argument"), True),
        (ABSENT, Absent(THERE), True),
        (ListValue((Scalar("x", HERE),), HERE, REST), ListValue((Scalar("x", THERE),), THERE, REST), True),
        (ListValue((Scalar("x", HERE),), HERE, REST), ListValue((Scalar("x", THERE),), THERE), False),
    ],
)
def test_properties_agree_as_far_as_they_are_known(one: Value, other: Value, expected: bool) -> None:
    assert agree(one, other) is agree(other, one) is expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (Scalar("x", HERE), Scalar("x", THERE, frozenset({"P"})), True),
        (Scalar("1", HERE), Scalar(1, HERE), True),
        (Scalar("x", HERE), Unknown("why", HERE), False),
        (ABSENT, ABSENT, False),
    ],
)
def test_names_are_the_same_as_texts(one: Value, other: Value, expected: bool) -> None:
    assert is_same_name(one, other) is is_same_name(other, one) is expected


@pytest.mark.parametrize(
    "name",
    [
        "NAME.lower()",
        "NAME[:20]",
        "NAME[4:].strip()",
        'NAME.replace("_", "-").upper()',
        'NAME.split("/")[0]',
        'f"{NAME.title()[:8]}-data"',
    ],
)
def test_what_is_made_of_the_same_text_is_the_same_name(tmp_path: Path, name: str) -> None:
    project = load_text(
        tmp_path,
        START
        + f"""import os
NAME = os.environ["NAME"]
sm.create_model(ModelName={name})
sm.delete_model(ModelName={name})
sm.create_endpoint(EndpointName=NAME)
sm.delete_endpoint(EndpointName={name})
""",
    )
    model, endpoint = project.resources
    assert DELETED in model.attributes.entries
    assert DELETED not in endpoint.attributes.entries
