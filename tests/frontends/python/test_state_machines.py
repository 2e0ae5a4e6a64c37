"""Workflows of the Step Functions Data Science SDK meet the reader of definitions."""

from pathlib import Path

from mlwa_lint.model.resources import Project, Resource
from mlwa_lint.model.values import ListValue, MapValue, known_text
from mlwa_lint.run.loading import with_documents
from tests.frontends.python.programs import load_text, shown

_START = """
from sagemaker.estimator import Estimator
from sagemaker.model import Model
from sagemaker.processing import Processor
from sagemaker.transformer import Transformer
from sagemaker.tuner import HyperparameterTuner
from stepfunctions import steps
from stepfunctions.steps import Chain, Choice, ChoiceRule, LambdaStep, Parallel
from stepfunctions.steps.states import Catch, Fail, Retry, Succeed
from stepfunctions.workflow import Workflow

estimator = Estimator("image:1", "role", 1, "ml.m5.large")
processor = Processor("role", "image:1", 1, "ml.m5.large")
transformer = Transformer("model", 1, "ml.m5.large", output_path="s3://b/o")
tuner = HyperparameterTuner(estimator, "accuracy", {}, max_jobs=4)
train = steps.TrainingStep("Train", estimator, "job", data={"train": "s3://b/t"})
"""


def _project(folder: Path, program: str) -> Project:
    return with_documents(load_text(folder, _START + program))


def _machine(project: Project) -> Resource:
    (found,) = [each for each in project.resources if each.type == "AWS::StepFunctions::StateMachine"]
    return found


def _steps(project: Project) -> dict[str, tuple[str, list[str]]]:
    """The action of each step, and what may follow it."""
    listed = _machine(project).attributes.entries["Steps"].value
    assert isinstance(listed, ListValue)
    found = {}
    for step in listed.items:
        assert isinstance(step, MapValue)
        following = step.value("Next")
        assert isinstance(following, ListValue)
        names = [known_text(each) or "" for each in following.items]
        found[known_text(step.value("Name")) or ""] = (known_text(step.value("Action")) or "", names)
    return found


def test_each_step_makes_what_it_calls(tmp_path: Path) -> None:
    program = """
chain = Chain([
    steps.sagemaker.ProcessingStep("Process", processor=processor, job_name="j", inputs=[], outputs=[]),
    steps.TuningStep("Tune", tuner, "j", "s3://b/t"),
    train,
    steps.ModelStep("Model", train.get_expected_model(), model_name="churn"),
    steps.TransformStep("Transform", transformer, "j", "churn", "s3://b/i"),
    steps.EndpointConfigStep("Config", "config", "churn", 1, "ml.m5.large"),
    steps.EndpointStep("Endpoint", "endpoint", "config"),
])
Workflow("flow", chain, "role").create()
"""
    project = _project(tmp_path, program)
    kinds = {each.address: each.type.rpartition(":")[2] for each in project.resources}
    assert kinds == {
        "flow": "StateMachine",
        "flow/Process": "ProcessingJob",
        "flow/Tune": "HyperParameterTuningJob",
        "flow/Train": "TrainingJob",
        "flow/Model": "Model",
        "flow/Transform": "TransformJob",
        "flow/Config": "EndpointConfig",
        "flow/Endpoint": "Endpoint",
    }
    order = ["Process", "Tune", "Train", "Model", "Transform", "Config", "Endpoint"]
    followers = {name: names for name, (_, names) in _steps(project).items()}
    assert followers == {name: order[place + 1 :][:1] for place, name in enumerate(order)}


def test_what_methods_add_follows(tmp_path: Path) -> None:
    program = """
choice = Choice("Good?")
train.next(LambdaStep("Check", parameters={"FunctionName": "check"})).next(choice)
choice.add_choice(rule=ChoiceRule.NumericLessThan("$.e", 1), next_step=Succeed("Good"))
choice.default_choice(next_step=Fail("Bad"))
train.add_catch(Catch(error_equals=["States.ALL"], next_step=Fail("Failed")))
train.add_retry(Retry(error_equals=["States.ALL"]))
Workflow("flow", train, "role").create()
"""
    project = _project(tmp_path, program)
    assert _steps(project) == {
        "Train": ("sagemaker:createTrainingJob", ["Check", "Failed"]),
        "Check": ("lambda:invoke", ["Good?"]),
        "Failed": ("", []),
        "Good?": ("", ["Bad", "Good"]),
        "Good": ("", []),
        "Bad": ("", []),
    }


def test_branches_are_inside_of_their_state(tmp_path: Path) -> None:
    program = """
both = Parallel("Both")
both.add_branch(train)
both.add_branch(Chain([LambdaStep("Other", parameters={}), Succeed("End")]))
Workflow("flow", Chain([both, Succeed("Done")]), "role").create()
"""
    found = _steps(_project(tmp_path, program))
    assert found["Both"][1] == ["Train", "Other"]
    assert (found["Train"][1], found["End"][1]) == (["Done"], ["Done"])


def test_a_workflow_that_is_created_elsewhere_may_have_logs(tmp_path: Path) -> None:
    defined = "flow = Workflow('flow', Chain([train]), 'role')\n"
    machine = _machine(_project(tmp_path, defined + "print(flow.definition.to_json())\n"))
    assert shown(machine, "LoggingConfiguration") == "?"
    machine = _machine(_project(tmp_path, defined + "print(flow.get_cloudformation_template())\n"))
    assert "LoggingConfiguration" not in machine.properties.entries


def test_what_is_made_elsewhere_leaves_the_states_open(tmp_path: Path) -> None:
    program = "from pipelines import first\nWorkflow('flow', Chain([train, first]), 'role').create()\n"
    machine = _machine(_project(tmp_path, program))
    listed = machine.attributes.entries["Steps"].value
    assert isinstance(listed, ListValue)
    assert len(listed.items) == 1
    assert listed.rest is not None
