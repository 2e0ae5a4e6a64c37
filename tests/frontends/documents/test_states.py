"""State machines: what their states become."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlwa_lint.frontends.documents.calls import action_of, pattern_of
from mlwa_lint.frontends.documents.steps import STEPS_LIMIT
from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.linking.link import link
from mlwa_lint.model.values import ListValue, MapValue, Unknown, Value

from .helpers import FIRST_LINE, at, created, machine, plain, resource, steps, template

TRAIN = "arn:aws:states:::sagemaker:createTrainingJob.sync"


def one_task(resource_arn: object = TRAIN, **fields: object) -> object:
    return {"StartAt": "Run", "States": {"Run": {"Type": "Task", "Resource": resource_arn, **fields}}}


@pytest.mark.parametrize(
    ("action", "kind"),
    [
        ("sagemaker:createTrainingJob.sync", "AWS::SageMaker::TrainingJob"),
        ("sagemaker:createTrainingJob", "AWS::SageMaker::TrainingJob"),
        ("aws-sdk:sagemaker:createTrainingJob", "AWS::SageMaker::TrainingJob"),
        ("sagemaker:createProcessingJob.sync", "AWS::SageMaker::ProcessingJob"),
        ("sagemaker:createTransformJob.sync", "AWS::SageMaker::TransformJob"),
        ("sagemaker:createHyperParameterTuningJob.sync", "AWS::SageMaker::HyperParameterTuningJob"),
        ("aws-sdk:sagemaker:createAutoMLJob", "AWS::SageMaker::AutoMLJob"),
        ("aws-sdk:sagemaker:createAutoMlJobV2", "AWS::SageMaker::AutoMLJobV2"),
        ("sagemaker:createLabelingJob.sync", "AWS::SageMaker::LabelingJob"),
        ("sagemaker:createModel", "AWS::SageMaker::Model"),
        ("sagemaker:createEndpointConfig", "AWS::SageMaker::EndpointConfig"),
        ("sagemaker:createEndpoint", "AWS::SageMaker::Endpoint"),
        ("aws-sdk:sagemaker:createModelPackage", "AWS::SageMaker::ModelPackage"),
        ("bedrock:createModelCustomizationJob.sync", "AWS::Bedrock::ModelCustomizationJob"),
    ],
)
def test_states_that_create_something_become_resources(action: str, kind: str) -> None:
    project = machine(one_task(f"arn:aws:states:::{action}", Parameters={"RoleArn": "r"}))
    assert created(project) == [("Flow/Run", kind)]
    assert plain(resource(project, "Flow/Run").properties) == {"RoleArn": "r"}
    edges = link(project).edges_into("Flow/Run", EdgeKind.RUNS)
    assert [edge.source for edge in edges] == ["Flow"]


@pytest.mark.parametrize(
    "action", ["sns:publish", "sagemaker:updateEndpoint", "dynamodb:putItem", "bedrock:invokeModel"]
)
def test_other_calls_are_only_steps(action: str) -> None:
    project = machine(one_task(f"arn:aws:states:::{action}", Parameters={"ModelId": "m"}))
    assert created(project) == []
    assert [(step["Action"], step["Parameters"]) for step in steps(project)] == [(action, {"ModelId": "m"})]


@pytest.mark.parametrize(
    ("arn", "action", "pattern"),
    [
        ("arn:aws:states:::glue:startJobRun.sync", "glue:startJobRun", "sync"),
        ("arn:aws-cn:states:::states:startExecution.sync:2", "states:startExecution", "sync"),
        ("arn:aws:states:::lambda:invoke.waitForTaskToken", "lambda:invoke", "waitForTaskToken"),
        ("arn:aws:states:::aws-sdk:bedrockruntime:invokeModel", "bedrockruntime:invokeModel", ""),
        ("arn:aws:lambda:eu-west-1:1:function:f", "lambda:invoke", ""),
        ("arn:aws:states:eu-west-1:1:activity:a", "states:activity", ""),
        ("arn:aws:s3:::bucket", None, ""),
        ("nonsense", None, ""),
    ],
)
def test_resource_names(arn: str, action: str | None, pattern: str) -> None:
    assert (action_of(arn), pattern_of(arn)) == (action, pattern)


def test_values_of_the_execution_are_unknown_but_given() -> None:
    project = machine(
        one_task(
            Parameters={
                "TrainingJobName.$": "$$.Execution.Name",
                "RoleArn.$": "$.role",
                "OutputDataConfig": {"S3OutputPath.$": "States.Format('s3://{}', $.b)", "KmsKeyId": "k"},
                "Tags": [{"Key": "a", "Value.$": "$.v"}],
            }
        )
    )
    properties = resource(project, "Flow/Run").properties
    assert plain(properties) == {
        "TrainingJobName": "<TrainingJobName comes from $$.Execution.Name>",
        "RoleArn": "<RoleArn comes from $.role of the execution's input>",
        "OutputDataConfig": {
            "S3OutputPath": "<S3OutputPath comes from $.b of the execution's input>",
            "KmsKeyId": "k",
        },
        "Tags": [{"Key": "a", "Value": "<Value comes from $.v of the execution's input>"}],
    }
    role = at(properties, "RoleArn")
    assert isinstance(role, Unknown)
    assert role.present
    assert properties.entries["RoleArn"].label == "RoleArn"


def test_the_same_context_is_the_same_value() -> None:
    both = {"A.$": "$$.Execution.Name", "B.$": "$$.Execution.Name", "C.$": "$.x", "D.$": "$.x"}
    properties = resource(machine(one_task(Parameters=both)), "Flow/Run").properties
    identities = [value.identity for key in "ABCD" if isinstance(value := at(properties, key), Unknown)]
    context, read = "Flow $$.Execution.Name", "Flow/ $.x of the input"
    assert identities == [context, context, read, read]


@pytest.mark.parametrize("fields", [{}, {"Parameters.$": "$"}, {"Parameters": {"Ref": "P"}}])
def test_a_request_that_the_input_gives_may_have_any_property(fields: dict[str, object]) -> None:
    properties = resource(machine(one_task(**fields)), "Flow/Run").properties
    assert properties.entries == {}
    assert properties.rest is not None


def test_jsonata() -> None:
    definition = {
        "QueryLanguage": "JSONata",
        "StartAt": "Run",
        "States": {
            "Run": {
                "Type": "Task",
                "Resource": TRAIN,
                "Arguments": {"TrainingJobName": "{% $states.input.name %}", "RoleArn": "r", "X.$": "kept"},
            }
        },
    }
    expected = {
        "TrainingJobName": "<$states.input.name is worked out when the state runs>",
        "RoleArn": "r",
        "X.$": "kept",
    }
    assert plain(resource(machine(definition), "Flow/Run").properties) == expected


def test_a_state_may_choose_jsonata_for_itself() -> None:
    project = machine(one_task(QueryLanguage="JSONata", Arguments="{% $states.input %}"))
    assert resource(project, "Flow/Run").properties.rest is not None


def test_nested_states() -> None:
    inner = {"Type": "Task", "Resource": TRAIN, "Parameters": {}, "End": True}
    project = machine(
        {
            "StartAt": "All",
            "States": {
                "All": {
                    "Type": "Parallel",
                    "Branches": [
                        {"StartAt": "A", "States": {"A": inner}},
                        {"StartAt": "B", "States": {"B": {**inner, "Next": "B2"}, "B2": inner}},
                    ],
                    "Next": "Each",
                },
                "Each": {
                    "Type": "Map",
                    "ItemProcessor": {"StartAt": "C", "States": {"C": inner}},
                    "Next": "Old",
                },
                "Old": {"Type": "Map", "Iterator": {"StartAt": "D", "States": {"D": inner}}, "End": True},
            },
        }
    )
    assert [address for address, _ in created(project)] == [
        "Flow/A",
        "Flow/B",
        "Flow/B2",
        "Flow/C",
        "Flow/D",
    ]
    flow = {str(step["Name"]): (step["Next"], step.get("Parent")) for step in steps(project)}
    assert flow == {
        "All": (["A", "B"], None),
        "A": (["Each"], "All"),
        "B": (["B2"], "All"),
        "B2": (["Each"], "All"),
        "Each": (["C"], None),
        "C": (["Old"], "Each"),
        "Old": (["D"], None),
        "D": ([], "Old"),
    }


def test_choices_and_catchers_lead_on() -> None:
    project = machine(
        {
            "StartAt": "Run",
            "States": {
                "Run": {
                    "Type": "Task",
                    "Resource": TRAIN,
                    "Next": "Gate",
                    "Retry": [{"ErrorEquals": ["States.ALL"]}],
                    "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Failed"}],
                },
                "Gate": {"Type": "Choice", "Choices": [{"Next": "Run"}], "Default": "Failed"},
                "Failed": {"Type": "Fail"},
            },
        }
    )
    assert [step["Next"] for step in steps(project)] == [["Gate", "Failed"], ["Failed", "Run"], []]
    attributes = resource(project, "Flow/Run").attributes
    assert plain(at(attributes, "Retry")) == [{"ErrorEquals": ["States.ALL"]}]
    assert plain(at(attributes, "StepKind")) == "Task"


def test_functions_are_invoked_by_arn_or_by_name() -> None:
    project = machine(
        {
            "StartAt": "A",
            "States": {
                "A": {"Type": "Task", "Resource": {"Fn::GetAtt": ["Function", "Arn"]}, "Next": "B"},
                "B": {
                    "Type": "Task",
                    "Resource": "arn:aws:states:::lambda:invoke",
                    "Parameters": {"FunctionName": "arn:aws:lambda:eu-west-1:1:function:evaluate:live"},
                },
                "C": {
                    "Type": "Task",
                    "Resource": "arn:aws:states:::lambda:invoke",
                    "Parameters": {"FunctionName": "other"},
                },
                "D": {"Type": "Task", "Resource": {"Fn::Sub": "${Function.Arn}:live"}},
            },
        }
    )
    found = steps(project)
    assert [step["Action"] for step in found] == ["lambda:invoke"] * 4
    assert [step["Target"] for step in found] == [
        "-> Function.Arn",
        "-> Function",
        "other",
        "-> Function.Arn",
    ]
    assert {edge.target for edge in link(project).edges_from("Flow", EdgeKind.INVOKES)} == {"Function"}


def test_an_unknown_call_is_an_unknown_action() -> None:
    project = machine(one_task({"Ref": "P"}))
    assert [step["Action"] for step in steps(project)] == ["<parameter P has no default>"]
    assert created(project) == []


def test_glue_jobs_are_invoked(tmp_path: Path) -> None:
    project = template(
        tmp_path,
        """\
  Flow:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      Definition:
        StartAt: Etl
        States:
          Etl:
            Type: Task
            Resource: arn:aws:states:::glue:startJobRun.sync
            Parameters: {JobName: etl}
""",
    )
    assert [edge.target for edge in link(project).edges_from("Flow", EdgeKind.INVOKES)] == ["GlueJob"]
    (item,) = _items(resource(project, "Flow").attributes.entries["Steps"].value)
    assert item.span.line == FIRST_LINE + 6


def _items(value: Value) -> list[MapValue]:
    assert isinstance(value, ListValue)
    return [item for item in value.items if isinstance(item, MapValue)]


def test_states_with_one_name_get_addresses_of_their_own() -> None:
    inner = {"StartAt": "Run", "States": {"Run": {"Type": "Task", "Resource": TRAIN, "Parameters": {}}}}
    project = machine({"StartAt": "P", "States": {"P": {"Type": "Parallel", "Branches": [inner, inner]}}})
    assert [address for address, _ in created(project)] == ["Flow/Run", "Flow/Run#2"]


@pytest.mark.parametrize(
    "definition",
    [
        {},
        {"States": []},
        {"States": {"A": 1, "B": None, "C": [], "D": {}}},
        {"States": {"A": {"Type": 3, "Resource": {"x": 1}}}},
        {"States": {"A": {"Type": "Task", "Resource": [], "Parameters": "text"}}},
        {"States": {"A": {"Type": "Map", "ItemProcessor": [], "Branches": {"a": 1}}}},
        {"States": {"A": {"Type": "Choice", "Choices": {"Next": "x"}, "Catch": "y"}}},
        {"States": {"A": {"Type": "Task", "Resource": TRAIN, "Parameters": [1]}}},
    ],
)
def test_malformed_definitions_do_no_harm(definition: object) -> None:
    project = machine(definition)
    assert resource(project, "Flow").attributes.entries["Steps"].label == "Steps"
    assert link(project).by_address["Flow"].type == "AWS::StepFunctions::StateMachine"


def test_deep_nesting_has_a_limit() -> None:
    definition: object = {"StartAt": "X", "States": {"X": {"Type": "Task", "Resource": TRAIN}}}
    for _ in range(34):
        definition = {"StartAt": "M", "States": {"M": {"Type": "Map", "ItemProcessor": definition}}}
    project = machine(definition)
    assert created(project) == []


_WORDS = st.sampled_from(
    ["States", "A", "B", "Task", "Map", "Parallel", "Choice", TRAIN, "arn:aws:states:::lambda:invoke", "$.x"]
)
_KEYS = st.sampled_from(
    [
        "States",
        "A",
        "B",
        "Type",
        "Resource",
        "Parameters",
        "Parameters.$",
        "Arguments",
        "Next",
        "Choices",
        "Catch",
        "Branches",
        "ItemProcessor",
        "FunctionName",
    ]
)
_JSON = st.recursive(
    _WORDS | st.none() | st.integers() | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=5),
    max_leaves=25,
)


@given(st.dictionaries(_KEYS, _JSON, max_size=4))
def test_no_definition_raises(states: dict[str, object]) -> None:
    project = machine({"States": states})
    assert link(project).by_address["Flow"].address == "Flow"
    assert all(step["Name"] in states or step.get("Parent") for step in steps(project))


@pytest.mark.parametrize(("depth", "is_whole"), [(5, True), (6, True), (7, False), (8, False)])
def test_branches_that_multiply_have_a_limit(depth: int, is_whole: bool) -> None:
    definition = one_task()
    for _ in range(depth):
        state = {"Type": "Parallel", "Branches": [definition] * 3, "End": True}
        definition = {"StartAt": "P", "States": {"P": state}}
    project = machine(definition)
    steps_of = resource(project, "Flow").attributes.entries["Steps"].value
    assert isinstance(steps_of, ListValue)
    assert (steps_of.rest is None) == is_whole
    assert len(created(project)) == 3**depth if is_whole else len(created(project)) < STEPS_LIMIT
