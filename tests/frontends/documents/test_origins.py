"""What two states read from their input is the same value where every way leads from the same writer."""

import json
from pathlib import Path

import pytest

from mlwa_lint.frontends.documents.origins import Origins
from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.graph import ResourceGraph
from mlwa_lint.graph.linking.link import link
from tests.frontends.documents.helpers import machine, steps
from tests.frontends.documents.helpers import template as _template

SAGEMAKER = "arn:aws:states:::sagemaker"


def state(call: str, following: str, parameters: dict[str, object], **more: object) -> dict[str, object]:
    way: dict[str, object] = {"Next": following} if following else {"End": True}
    return {"Type": "Task", "Resource": f"{SAGEMAKER}:{call}", "Parameters": parameters, **way, **more}


def hosting(path: str, **of_model: object) -> dict[str, object]:
    """A model, its endpoint configuration and its endpoint, all named after a place in the input."""
    variant = {"ModelName.$": path, "VariantName": "All", "InitialInstanceCount": 1}
    return {
        "StartAt": "Model",
        "States": {
            "Model": state("createModel", "Config", {"ModelName.$": path}, **of_model),
            "Config": state(
                "createEndpointConfig",
                "Endpoint",
                {"EndpointConfigName.$": path, "ProductionVariants": [variant]},
                ResultPath="$.result",
            ),
            "Endpoint": state(
                "createEndpoint", "", {"EndpointName.$": "$.endpoint", "EndpointConfigName.$": path}
            ),
        },
    }


def edges(definition: dict[str, object]) -> list[tuple[str, str, EdgeKind]]:
    graph: ResourceGraph = link(machine(definition))
    return [
        (edge.source.partition("/")[2], edge.target.partition("/")[2], edge.kind)
        for edge in graph.edges
        if edge.kind in (EdgeKind.HOSTS, EdgeKind.CONFIGURES)
    ]


LINKED = [("Config", "Model", EdgeKind.HOSTS), ("Endpoint", "Config", EdgeKind.CONFIGURES)]


@pytest.mark.parametrize("kept", [{"ResultPath": "$.result"}, {"ResultPath": None}])
@pytest.mark.parametrize("path", ["$.name", "$.training.name", "$.jobs[0].name", "$$.Execution.Name"])
def test_states_that_read_one_place_name_one_resource(path: str, kept: dict[str, object]) -> None:
    assert edges(hosting(path, **kept)) == LINKED


@pytest.mark.parametrize(
    "kept",
    [
        {},  # the result replaces the input
        {"ResultPath": "$.training"},
        {"ResultPath": "$.training.name.first"},
        {"ResultPath": "$.result", "OutputPath": "$.result"},
    ],
)
def test_a_result_in_between_makes_it_another_value(kept: dict[str, object]) -> None:
    assert edges(hosting("$.training.name", **kept)) == [LINKED[1]]


def test_ways_that_differ_leave_it_open() -> None:
    """A failure before may have replaced the input, so that what is read depends on the way."""
    definition = hosting("$.name", ResultPath=None)
    states = definition["States"]
    assert isinstance(states, dict)
    first = state("createTrainingJob.sync", "Model", {}, ResultPath=None)
    states["Train"] = {**first, "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Config"}]}
    definition["StartAt"] = "Train"
    assert edges(definition) == []
    states["Train"] = {**first, "Catch": [{"ErrorEquals": ["A"], "Next": "Config", "ResultPath": "$.error"}]}
    assert edges(definition) == LINKED


def test_two_machines_never_share_a_name(tmp_path: Path) -> None:
    flow = "  {0}: {{Type: AWS::StepFunctions::StateMachine, Properties: {{Definition: {1}}}}}\n"
    one = hosting("$$.Execution.Name", ResultPath=None)
    project = _template(tmp_path, "".join(flow.format(name, json.dumps(one)) for name in "AB"))
    found = [(edge.source, edge.target) for edge in link(project).edges if edge.kind is EdgeKind.HOSTS]
    assert found == [("A/Config", "A/Model"), ("B/Config", "B/Model")]


@pytest.mark.parametrize(
    ("expression", "known"),
    [
        ("{% $name %}", True),
        ("{% $twice %}", False),
        ("{% $states.input.name %}", False),  # the result of the task before replaces the input
        ("{% $states.context.Execution.Name %}", True),
        ("{% $states.context.State.Name %}", False),
        ("{% $name & '-x' %}", True),
        ("{% $twice & '-x' %}", False),
    ],
)
def test_variables_and_expressions_of_jsonata(expression: str, known: bool) -> None:
    def task(call: str, arguments: dict[str, object], following: str) -> dict[str, object]:
        way: dict[str, object] = {"Next": following} if following else {"End": True}
        return {"Type": "Task", "Resource": f"{SAGEMAKER}:{call}", "Arguments": arguments, **way}

    assign = {"name": "a", "twice": "b"}
    definition: dict[str, object] = {
        "QueryLanguage": "JSONata",
        "StartAt": "First",
        "States": {
            "First": {"Type": "Pass", "Assign": assign, "Next": "Second"},
            "Second": {"Type": "Pass", "Assign": {"twice": "c"}, "Next": "Model"},
            "Model": task("createModel", {"ModelName": expression}, "Config"),
            "Config": task("createEndpointConfig", {"ProductionVariants": [{"ModelName": expression}]}, ""),
        },
    }
    assert edges(definition) == ([LINKED[0]] if known else [])


def test_the_input_of_a_state_that_takes_a_part_of_it() -> None:
    definition = hosting("$.name", ResultPath=None)
    states = definition["States"]
    assert isinstance(states, dict)
    states["Model"]["InputPath"] = "$.first"
    assert edges(definition) == [LINKED[1]]
    states["Model"]["Parameters"] = {"ModelName.$": "$"}
    states["Model"]["InputPath"] = "$.name"
    assert edges(definition) == LINKED


def test_states_that_are_not_known_have_no_origins() -> None:
    assert [each["name"] for each in steps(machine({"StartAt": "A", "States": {}}))] == []
    assert Origins({}, "", "F/", {}).identity("A", "$.name") == ""
