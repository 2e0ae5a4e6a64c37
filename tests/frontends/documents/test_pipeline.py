"""SageMaker Pipelines: what their steps become."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.linking.link import link
from mlwa_lint.model.values import MapValue, Unknown

from .helpers import at, created, pipeline, plain, resource, steps


@pytest.mark.parametrize(
    ("kind", "created_type"),
    [
        ("Training", "AWS::SageMaker::TrainingJob"),
        ("Processing", "AWS::SageMaker::ProcessingJob"),
        ("QualityCheck", "AWS::SageMaker::ProcessingJob"),
        ("ClarifyCheck", "AWS::SageMaker::ProcessingJob"),
        ("Transform", "AWS::SageMaker::TransformJob"),
        ("Tuning", "AWS::SageMaker::HyperParameterTuningJob"),
        ("AutoML", "AWS::SageMaker::AutoMLJob"),
        ("Model", "AWS::SageMaker::Model"),
        ("RegisterModel", "AWS::SageMaker::ModelPackage"),
    ],
)
def test_steps_that_create_something_become_resources(kind: str, created_type: str) -> None:
    definition = {"Steps": [{"Name": "Run", "Type": kind, "Arguments": {"RoleArn": "r"}}]}
    for body in (definition, json.dumps(definition)):
        project = pipeline(body)
        assert created(project) == [("Flow/Run", created_type)]
        assert plain(resource(project, "Flow/Run").properties) == {"RoleArn": "r"}
        assert [e.source for e in link(project).edges_into("Flow/Run", EdgeKind.RUNS)] == ["Flow"]


@pytest.mark.parametrize("kind", ["Condition", "Fail", "Callback", "EMR", "Lambda", "Whatever"])
def test_other_steps_are_only_steps(kind: str) -> None:
    project = pipeline({"Steps": [{"Name": "Run", "Type": kind, "Arguments": {}}]})
    assert created(project) == []
    assert [(step["Name"], step["Kind"]) for step in steps(project)] == [("Run", kind)]


def arguments(value: object, *more_steps: object) -> MapValue:
    definition = {
        "Parameters": [
            {"Name": "Type", "Type": "String", "DefaultValue": "ml.m5.large"},
            {"Name": "Count", "Type": "Integer", "DefaultValue": 2},
            {"Name": "Key", "Type": "String"},
        ],
        "Steps": [*more_steps, {"Name": "Run", "Type": "Training", "Arguments": {"X": value}}],
    }
    return resource(pipeline(definition), "Flow/Run").properties


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"Get": "Parameters.Type"}, "ml.m5.large"),
        ({"Get": "Parameters.Count"}, 2),
        ({"Get": "Parameters.Key"}, "<pipeline parameter Key has no default>"),
        ({"Get": "Parameters.Other"}, "<it is worked out when the pipeline runs>"),
        ({"Get": "Execution.PipelineName"}, "<it is worked out when the pipeline runs>"),
        ({"Get": "Steps.Ask.OutputParameters['x']"}, "<it comes from step Ask>"),
        ({"Get": {"Ref": "P"}}, "<it is worked out when the pipeline runs>"),
        (
            {"Std:Join": {"On": "/", "Values": ["s3:/", "b", {"Get": "Parameters.Type"}]}},
            "s3://b/ml.m5.large",
        ),
        ({"Std:Join": {"On": "", "Values": []}}, ""),
        ({"Std:Join": {"On": "/", "Values": {"Ref": "P"}}}, "<it is worked out when the pipeline runs>"),
        ({"Std:JsonGet": {"Path": "x"}}, "<it is worked out when the pipeline runs>"),
        ({"Get": "Parameters.Type", "More": 1}, {"Get": "Parameters.Type", "More": 1}),
        ([{"Get": "Parameters.Count"}], [2]),
    ],
)
def test_values_of_the_pipeline(value: object, expected: object) -> None:
    assert plain(at(arguments(value), "X")) == expected


def test_a_default_is_an_assumption() -> None:
    assert at(arguments({"Get": "Parameters.Type"}), "X").assumed == frozenset(
        {"the default of pipeline parameter Type"}
    )
    joined = arguments({"Std:Join": {"On": "-", "Values": ["a", {"Get": "Parameters.Count"}]}})
    assert at(joined, "X").assumed == frozenset({"the default of pipeline parameter Count"})


def test_a_join_with_unknown_parts_keeps_the_known_ones() -> None:
    value = at(arguments({"Std:Join": {"On": "/", "Values": ["s3:/", "b", {"Get": "Parameters.Key"}]}}), "X")
    assert isinstance(value, Unknown)
    assert value.parts[0] == "s3://b/"


def test_properties_of_steps_are_references_to_what_they_create() -> None:
    definition = {
        "Steps": [
            {"Name": "Train", "Type": "Training", "Arguments": {}},
            {
                "Name": "Create",
                "Type": "Model",
                "Arguments": {
                    "PrimaryContainer": {
                        "ModelDataUrl": {"Get": "Steps.Train.ModelArtifacts.S3ModelArtifacts"}
                    }
                },
            },
            {
                "Name": "Batch",
                "Type": "Transform",
                "Arguments": {"ModelName": {"Get": "Steps.Create.ModelName"}},
            },
        ]
    }
    project = pipeline(definition)
    batch = resource(project, "Flow/Batch").properties
    assert plain(at(batch, "ModelName")) == "-> Flow/Create.ModelName"
    edges = {(e.source, e.kind, e.target) for e in link(project).edges}
    assert ("Flow/Batch", EdgeKind.READS, "Flow/Create") in edges
    assert ("Flow/Create", EdgeKind.REFERS_TO, "Flow/Train") in edges


def test_what_needs_what() -> None:
    definition = {
        "Steps": [
            {"Name": "Prepare", "Type": "Processing", "Arguments": {}},
            {
                "Name": "Train",
                "Type": "Training",
                "Arguments": {"X": {"Get": "Steps.Prepare.Y"}},
                "RetryPolicies": [{"ExceptionType": ["Step.THROTTLING"]}],
            },
            {"Name": "Check", "Type": "Processing", "DependsOn": ["Steps.Train"], "Arguments": {}},
            {
                "Name": "Gate",
                "Type": "Condition",
                "Arguments": {
                    "Conditions": [
                        {
                            "LeftValue": {
                                "Std:JsonGet": {"PropertyFile": {"Get": "Steps.Check.PropertyFiles.r"}}
                            }
                        }
                    ],
                    "IfSteps": [{"Name": "Register", "Type": "RegisterModel", "Arguments": {}}],
                    "ElseSteps": [{"Name": "Stop", "Type": "Fail", "Arguments": {}}],
                },
            },
        ]
    }
    project = pipeline(definition)
    flow = {str(step["Name"]): (step["Next"], step.get("Parent")) for step in steps(project)}
    assert flow == {
        "Prepare": (["Train"], None),
        "Train": (["Check"], None),
        "Check": (["Gate"], None),
        "Gate": (["Register", "Stop"], None),
        "Register": ([], "Gate"),
        "Stop": ([], "Gate"),
    }
    retried = [step["Name"] for step in steps(project) if "RetryPolicies" in step]
    assert retried == ["Train"]


def test_lambda_and_callback_steps() -> None:
    definition = {
        "Steps": [
            {
                "Name": "Call",
                "Type": "Lambda",
                "FunctionArn": "arn:aws:lambda:eu-west-1:1:function:evaluate",
                "Arguments": {},
            },
            {"Name": "Ask", "Type": "Callback", "SqsQueueUrl": "q", "Arguments": {}},
        ]
    }
    project = pipeline(definition)
    found = steps(project)
    assert [(step["Action"], step.get("Target")) for step in found] == [
        ("lambda:invoke", "-> Function"),
        ("sqs:sendMessage", None),
    ]
    assert [step["Pattern"] for step in found] == ["sync", "waitForTaskToken"]
    assert {edge.target for edge in link(project).edges_from("Flow", EdgeKind.INVOKES)} == {"Function"}


@pytest.mark.parametrize(
    "definition",
    [
        {"Steps": []},
        {"Steps": {}},
        {"Steps": [1, None, [], {}]},
        {"Steps": [{"Name": 3, "Type": []}]},
        {"Steps": [{"Name": "A", "Type": "Training", "Arguments": "x", "DependsOn": "B"}]},
        {"Steps": [{"Name": "A", "Type": "Condition", "Arguments": {"IfSteps": {"a": 1}, "ElseSteps": 3}}]},
        {"Parameters": [1, {"Name": []}], "Steps": [{"Name": "A", "Type": "Fail"}]},
    ],
)
def test_malformed_definitions_do_no_harm(definition: object) -> None:
    project = pipeline(definition)
    assert resource(project, "Flow").attributes.entries["Steps"].label == "Steps"
    assert link(project).by_address["Flow"].type == "AWS::SageMaker::Pipeline"


def test_arguments_that_are_not_given_may_be_anything() -> None:
    project = pipeline({"Steps": [{"Name": "Run", "Type": "Training"}]})
    assert resource(project, "Flow/Run").properties.rest is not None


_KEYS = st.sampled_from(
    [
        "Steps",
        "Name",
        "Type",
        "Arguments",
        "IfSteps",
        "ElseSteps",
        "DependsOn",
        "Get",
        "Std:Join",
        "On",
        "Values",
    ]
)
_JSON = st.recursive(
    st.sampled_from(["A", "B", "Training", "Condition", "Lambda", "Parameters.A", "Steps.A.X", "Steps."])
    | st.none()
    | st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=5),
    max_leaves=25,
)


@given(st.lists(_JSON, max_size=4), _JSON)
def test_no_definition_raises(given_steps: list[object], parameters: object) -> None:
    project = pipeline({"Parameters": parameters, "Steps": given_steps})
    assert link(project).by_address["Flow"].address == "Flow"
    assert all(step["Name"] for step in steps(project))
