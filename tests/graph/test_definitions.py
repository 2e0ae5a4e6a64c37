"""The documents of workflows: whether they are JSON objects, and links to what they do not have."""

import json
from typing import Any

import pytest

from mlwa_lint.graph.kinds import PIPELINE, STATE_MACHINE
from mlwa_lint.graph.queries.definitions import broken_links, is_json_object, text_of
from mlwa_lint.graph.views import ResourceView
from mlwa_lint.model.answers import NO, YES, Answer, undecided
from mlwa_lint.model.values import Absent, ListValue, MapValue, Reference, Scalar, Unknown, Value
from tests.support.small_graphs import view_of, with_properties
from tests.support.small_values import HERE, map_of, value_of

UNDECIDED = undecided("why")
OPEN = Unknown("why", HERE)
ROLE = Reference("Role", "Arn", HERE)


def view(kind: str, **properties: Value) -> ResourceView:
    return view_of(with_properties("W", kind, properties))


def machine(value: Value, name: str = "DefinitionString") -> ResourceView:
    return view(STATE_MACHINE, **{name: value})


def test_where_a_definition_stands() -> None:
    text = Scalar("{}", HERE)
    assert text_of(view(STATE_MACHINE, DefinitionString=text)).path == ("DefinitionString",)
    assert text_of(view(STATE_MACHINE, Definition=text)).path == ("Definition",)
    assert text_of(view(PIPELINE, PipelineDefinition=map_of(Version=text))).path == ("PipelineDefinition",)
    assert text_of(view(PIPELINE, PipelineDefinition=text)).path == ("PipelineDefinition",)
    assert text_of(view(PIPELINE, PipelineDefinition=OPEN)).path[-1] == "PipelineDefinitionBody"
    body = map_of(PipelineDefinitionBody=text)
    assert text_of(view(PIPELINE, PipelineDefinition=body)).path == (
        "PipelineDefinition",
        "PipelineDefinitionBody",
    )


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (map_of(), YES),
        (Absent(), YES),
        (ListValue((), HERE), NO),
        (Scalar("{}", HERE), YES),
        (Scalar('{"a": 1}', HERE), YES),
        (Scalar("[]", HERE), NO),
        (Scalar("{", HERE), NO),
        (Scalar('{"a": ${b}}', HERE), YES),
        (Scalar('{"a": "${b}"}', HERE), YES),
        (Scalar(3, HERE), NO),
        (OPEN, UNDECIDED),
        (ROLE, UNDECIDED),
        (Unknown("why", HERE, ('{"a": ', OPEN, "}")), YES),
        (Unknown("why", HERE, ('{"a": "', ROLE, '"}')), YES),
        (Unknown("why", HERE, ("{", OPEN, "}")), UNDECIDED),
        (Unknown("why", HERE, ("[", OPEN, "]")), UNDECIDED),
        (Scalar('{"a":' * 100_000, HERE), UNDECIDED),
    ],
)
def test_whether_a_definition_is_a_json_object(value: Value, expected: Answer) -> None:
    place = machine(value)["DefinitionString"]
    assert is_json_object(place) == expected


def test_a_definition_that_is_assumed_is_json_by_that_assumption() -> None:
    place = machine(Scalar("{}", HERE, frozenset({"x"})))["DefinitionString"]
    assert is_json_object(place).assumed == {"x"}


STATES = {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "End": True}}


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({"StartAt": "A", "States": STATES}, []),
        ({"StartAt": "Z", "States": STATES}, [("StartAt", "Z")]),
        ({"StartAt": "${First}", "States": STATES}, []),
        ({"StartAt": 3, "States": STATES}, []),
        ({"StartAt": "Z"}, []),
        ({"StartAt": "Z", "States": []}, []),
        ([], []),
        ({"StartAt": "A", "States": {"A": {"Next": "Z"}}}, [("Next of A", "Z")]),
        ({"StartAt": "A", "States": {"A": {"Default": "Z"}}}, [("Default of A", "Z")]),
        ({"StartAt": "A", "States": {"A": {"Catch": [{"Next": "Z"}, "x"]}}}, [("Catch of A", "Z")]),
        ({"StartAt": "A", "States": {"A": {"Choices": [{"Next": "Z"}]}}}, [("Choices of A", "Z")]),
        ({"StartAt": "A", "States": {"A": {"Choices": {"Next": "Z"}}}}, []),
        ({"StartAt": "A", "States": {"A": "x"}}, []),
        (
            {"StartAt": "A", "States": {"A": {"Branches": [{"StartAt": "Z", "States": {}}, "x"]}}},
            [("StartAt in A", "Z")],
        ),
        (
            {"StartAt": "A", "States": {"A": {"Iterator": {"StartAt": "Z", "States": {}}}}},
            [("StartAt in A", "Z")],
        ),
        (
            {"StartAt": "A", "States": {"A": {"ItemProcessor": {"StartAt": "Z", "States": {}}}}},
            [("StartAt in A", "Z")],
        ),
        (
            {"StartAt": "A", "States": {"A": {"Catch": [{"Next": "Z"}, {"Next": "Z"}, {"Next": "Y"}]}}},
            [("Catch of A", "Z"), ("Catch of A", "Y")],
        ),
    ],
)
def test_links_of_states_that_lead_nowhere(document: Any, expected: list[tuple[str, str]]) -> None:
    assert broken_links(machine(Scalar(json.dumps(document), HERE))) == expected
    assert broken_links(machine(value_of(document), "Definition")) == expected


def test_links_are_checked_around_what_is_not_known() -> None:
    parts = ('{"StartAt": "A", "States": {"A": {"Resource": "', OPEN, '", "Next": "B"}}}')
    assert broken_links(machine(OPEN._replace(parts=parts))) == [("Next of A", "B")]
    parts = ('{"StartAt": "A", "States": {"A": {"Next": "', OPEN, '"}}}')
    assert broken_links(machine(OPEN._replace(parts=parts))) == []
    parts = ('{"StartAt": "A", "States": {"A": {"Next": "B"}, "', OPEN, '": {}}}')
    assert broken_links(machine(OPEN._replace(parts=parts))) == []
    text = '{"StartAt": "A", "States": {"A": {"Seconds": ${Seconds}, "Next": "${Last}"}, "Done": {}}}'
    assert broken_links(machine(Scalar(text, HERE))) == []


def test_what_is_not_wholly_known_has_no_broken_links() -> None:
    open_map = map_of(StartAt=Scalar("Z", HERE), States=MapValue({}, HERE, OPEN))
    assert broken_links(machine(open_map, "Definition")) == []
    open_state = value_of({"StartAt": "Z", "States": {"A": OPEN}})
    assert broken_links(machine(open_state, "Definition")) == []
    assert broken_links(machine(OPEN)) == []
    assert broken_links(machine(Scalar("{", HERE))) == []
    assert broken_links(machine(Scalar('{"a":' * 100_000, HERE))) == []
    open_list = value_of({"StartAt": "A", "States": {"A": {}}})
    assert broken_links(machine(open_list, "Definition")) == []
    catching = map_of(Catch=ListValue((value_of({"Next": "Z"}),), HERE, OPEN))
    states = map_of(StartAt=Scalar("A", HERE), States=map_of(A=catching))
    assert broken_links(machine(states, "Definition")) == []
    known = value_of({"StartAt": ROLE._replace(known="Z"), "States": {"A": {}}})
    assert broken_links(machine(known, "Definition")) == [("StartAt", "Z")]


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([{"Name": "A"}, {"Name": "B", "DependsOn": ["A"]}], []),
        ([{"Name": "A", "DependsOn": ["Z"]}], [("DependsOn of A", "Z")]),
        ([{"Name": "A", "DependsOn": ["Steps.Z.x"]}], [("DependsOn of A", "Z")]),
        ([{"Name": "A"}, {"Name": "B", "DependsOn": ["Steps.A.x", "A.y"]}], []),
        ([{"Name": "A.b"}, {"Name": "B", "DependsOn": ["A.b"]}], []),
        ([{"Name": "A", "DependsOn": [3]}], []),
        ([{"Name": "A", "DependsOn": "Z"}], []),
        ([{"Name": "A", "DependsOn": ["Z"]}, {}], []),
        ([{"Name": "A", "DependsOn": ["Z"]}, "x"], []),
        (
            [{"Name": "A", "Arguments": {"IfSteps": [{"Name": "B"}], "ElseSteps": [{"Name": "C"}]}},
             {"Name": "D", "DependsOn": ["B", "C"]}],
            [],
        ),
        (
            [{"Name": "A", "Arguments": {"IfSteps": [{"Name": "B", "DependsOn": ["Z"]}]}}],
            [("DependsOn of B", "Z")],
        ),
        ({}, []),
    ],
)  # fmt: skip
def test_links_of_pipelines_that_lead_nowhere(steps: Any, expected: list[tuple[str, str]]) -> None:
    body = json.dumps({"Steps": steps})
    definition = map_of(PipelineDefinitionBody=Scalar(body, HERE))
    assert broken_links(view(PIPELINE, PipelineDefinition=definition)) == expected
