"""Steps of workflows: what follows what, and what is between."""

import json
from pathlib import Path

from mlwa_lint.frontends.cloudformation.stacks.project import load
from mlwa_lint.frontends.documents import expand
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.graph import workflows
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.workflows import Steps
from mlwa_lint.model.answers import NO, YES, Answer
from tests.support.graphs import linked

UNDECIDED = Answer("undecided")


def graph_of(kind: str, properties: object) -> GraphView:
    template = {"Resources": {"Flow": {"Type": kind, "Properties": properties}}}
    project = expand(load(Path("t.json"), LoadOptions(), json.dumps(template)))
    assert not project.problems
    return linked(project)


def machine(**states: object) -> Steps:
    definition = {"StartAt": next(iter(states)), "States": states}
    graph = graph_of("AWS::StepFunctions::StateMachine", {"Definition": definition})
    return workflows.steps(graph.resource("Flow"))


def pipeline(*steps: object) -> Steps:
    graph = graph_of(
        "AWS::SageMaker::Pipeline", {"PipelineDefinition": {"PipelineDefinitionBody": {"Steps": list(steps)}}}
    )
    return workflows.steps(graph.resource("Flow"))


def task(action: str, following: str = "", **more: object) -> dict[str, object]:
    end = {"Next": following} if following else {"End": True}
    return {"Type": "Task", "Resource": f"arn:aws:states:::{action}", "Parameters": {}, **end, **more}


TRAIN = "sagemaker:createTrainingJob.sync"
REGISTER = "sagemaker:createModelPackage"


def passes(steps: Steps) -> Answer:
    (train,) = steps.where(workflows.trains)
    (register,) = steps.where(workflows.registers)
    return steps.passes(train, register, workflows.decides)


def test_a_choice_on_the_only_way() -> None:
    steps = machine(
        Train=task(TRAIN, "Gate"),
        Gate={"Type": "Choice", "Choices": [{"Next": "Register"}], "Default": "No"},
        Register=task(REGISTER),
        No={"Type": "Fail"},
    )
    assert passes(steps) == YES
    assert [step.name for step in steps] == ["Train", "Gate", "Register", "No"]


def test_a_way_around_the_choice() -> None:
    steps = machine(
        Train=task(TRAIN, "Gate", Catch=[{"Next": "Register"}]),
        Gate={"Type": "Choice", "Choices": [{"Next": "Register"}], "Default": "Register"},
        Register=task(REGISTER),
    )
    assert passes(steps) == NO


def test_waiting_for_a_person_counts_as_a_decision() -> None:
    steps = machine(
        Train=task(TRAIN, "Ask"),
        Ask=task("lambda:invoke.waitForTaskToken", "Register"),
        Register=task(REGISTER),
    )
    assert passes(steps) == YES


def test_branches_are_ways_of_their_own() -> None:
    branch = {"StartAt": "Train", "States": {"Train": task(TRAIN)}}
    steps = machine(
        Both={"Type": "Parallel", "Branches": [branch], "Next": "Register"}, Register=task(REGISTER)
    )
    (train,) = steps.where(workflows.trains)
    (register,) = steps.where(workflows.registers)
    assert train.parent == "Both"
    assert steps.reaches(train, register)
    assert not steps.reaches(register, train)
    assert passes(steps) == NO


def test_loops_end() -> None:
    steps = machine(A={"Type": "Pass", "Next": "B"}, B={"Type": "Pass", "Next": "A"})
    first = steps.named("A")
    assert first is not None
    assert [step.name for step in steps.after(first)] == ["A", "B"]


def test_a_pipeline_step_waits_for_everything_it_needs() -> None:
    train = {"Name": "Train", "Type": "Training", "Arguments": {}}
    register = {
        "Name": "Register",
        "Type": "RegisterModel",
        "Arguments": {"InferenceSpecification": {"Containers": [{"ModelDataUrl": {"Get": "Steps.Train.X"}}]}},
    }
    evaluate = {
        "Name": "Evaluate",
        "Type": "Processing",
        "Arguments": {"ProcessingInputs": [{"S3Input": {"S3Uri": {"Get": "Steps.Train.X"}}}]},
    }
    gate = {
        "Name": "Gate",
        "Type": "Condition",
        "Arguments": {
            "Conditions": [
                {"LeftValue": {"Std:JsonGet": {"PropertyFile": {"Get": "Steps.Evaluate.PropertyFiles.r"}}}}
            ],
            "IfSteps": [register],
        },
    }
    assert passes(pipeline(train, evaluate, gate)) == YES
    assert passes(pipeline(train, evaluate, register)) == NO
    steps = pipeline(train, evaluate, gate)
    first, last = steps.where(workflows.trains)[0], steps.where(workflows.registers)[0]
    assert [step.name for step in steps.between(first, last)] == ["Evaluate", "Gate"]
    assert [step.name for step in steps.where(workflows.computes)] == ["Evaluate"]


def test_unknown_definitions_and_calls_are_undecided() -> None:
    graph = graph_of("AWS::StepFunctions::StateMachine", {"DefinitionS3Location": {"Bucket": "b"}})
    steps = workflows.steps(graph.resource("Flow"))
    assert steps.has(workflows.trains) == UNDECIDED
    assert steps.unknown == ("it is kept outside of the template",)
    called = machine(Call={"Type": "Task", "Resource": {"Ref": "AWS::NoValue"}, "End": True})
    assert called.has(workflows.trains) == UNDECIDED
    assert machine(Wait={"Type": "Wait"}).has(workflows.trains) == NO


def test_retries() -> None:
    steps = machine(A=task(TRAIN, "B"), B=task(TRAIN, Retry=[{"ErrorEquals": ["States.ALL"]}]))
    assert [step.is_retried() for step in steps] == [NO, YES]


def test_what_steps_are_for() -> None:
    definition = {
        "States": {
            "Train": task(TRAIN, "Deploy"),
            "Deploy": task("sagemaker:updateEndpoint", "Tell"),
            "Tell": task("sns:publish", "Ask"),
            "Ask": task("bedrock:invokeModel"),
        }
    }
    graph = graph_of("AWS::StepFunctions::StateMachine", {"Definition": definition})
    (steps,) = map(workflows.steps, graph.of_type(*workflows.WORKFLOWS))
    assert [step.name for step in steps.where(workflows.trains)] == ["Train"]
    assert [step.name for step in steps.where(workflows.runs_ml)] == ["Train", "Deploy", "Ask"]
    assert [step.name for step in steps.where(workflows.deploys)] == ["Deploy"]
    assert [step.name for step in steps.where(workflows.calls("SNS:publish"))] == ["Tell"]
    assert steps.where(workflows.registers) == []
