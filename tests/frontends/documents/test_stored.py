"""Definitions that are named by their place in S3, and definitions that are not JSON."""

import textwrap
from pathlib import Path

import pytest

from mlwa_lint.files.endings import ProjectFiles
from mlwa_lint.frontends.cloudformation.stacks.project import load
from mlwa_lint.frontends.documents import expand
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.graph import workflows
from mlwa_lint.graph.graph import ResourceGraph
from mlwa_lint.graph.linking.link import link
from mlwa_lint.graph.views import ResourceView
from mlwa_lint.graph.worlds import World
from mlwa_lint.model.resources import Project

MACHINE = """
    {"StartAt": "Fit", "States": {"Fit": {"Type": "Task", "End": true,
     "Resource": "arn:aws:states:::sagemaker:createTrainingJob.sync", "Parameters": {"RoleArn": "${Role}"}}}}
"""
PIPELINE = '{"Version": "2020-12-01", "Steps": [{"Name": "Fit", "Type": "Training", "Arguments": {}}]}'


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def project(resources: str, **files: str) -> Project:
    for name, text in files.items():
        path = Path(name.replace("__", "/").replace("_", "."))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text))
    head = "Parameters: {B: {Type: String}, Flag: {Type: String}}\nConditions: {C: !Equals [!Ref Flag, a]}\n"
    text = f"{head}Resources:\n{textwrap.indent(textwrap.dedent(resources), '  ')}"
    return expand(load(Path("t.yaml"), LoadOptions(root=Path()), text), ProjectFiles(Path()))


@pytest.mark.parametrize(
    "place",
    [
        "DefinitionS3Location: {Bucket: !Ref B, Key: v1/flows/train.json}",
        "DefinitionS3Location: {Bucket: !Ref B, Key: !Sub '${B}/train.json', Version: x}",
        "DefinitionS3Location: flows/train.json",
    ],
)
def test_a_state_machine_whose_definition_lies_in_the_project(place: str) -> None:
    found = project(
        f"M: {{Type: AWS::StepFunctions::StateMachine, Properties: "
        f"{{{place}, DefinitionSubstitutions: {{Role: r}}}}}}",
        flows__train_json=MACHINE,
    )
    assert [each.address for each in found.resources] == ["M", "M/Fit"]
    assert found.resources[1].span.path == "flows/train.json"
    assert "flows/train.json" in found.sources
    assert not found.gaps


@pytest.mark.parametrize(
    "place", ["../flows/train.asl.json", "../../flows/train.asl.json", "../../outside.asl.json"]
)
def test_a_definition_beside_the_folder_of_the_template(place: str, tmp_path: Path) -> None:
    """SAM's projects often keep templates and definitions in two folders of one repository."""
    project = tmp_path / "project"
    for name in ("project/cfn/t.yaml", "project/flows/train.asl.json", "outside.asl.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(MACHINE)
    text = (
        "Transform: AWS::Serverless-2016-10-31\nResources:\n"
        f"  M: {{Type: AWS::Serverless::StateMachine, Properties: {{Role: r, DefinitionUri: {place}}}}}\n"
    )
    loaded = load(project / "cfn/t.yaml", LoadOptions(root=project), text)
    found = expand(loaded, ProjectFiles(project))
    inside = "flows" in place  # also where only a deployment from another folder finds it
    assert [each.address for each in found.resources] == (["M", "M/Fit"] if inside else ["M"])
    assert bool(found.gaps) is not inside


def test_a_pipeline_whose_definition_lies_in_the_project() -> None:
    found = project(
        """
        P:
          Type: AWS::SageMaker::Pipeline
          Properties:
            PipelineDefinition: {PipelineDefinitionS3Location: {Bucket: b, Key: x/pipeline.json}}
        """,
        pipeline_json=PIPELINE,
    )
    assert [each.address for each in found.resources] == ["P", "P/Fit"]
    assert [(each.message, each.quiet) for each in found.problems] == [
        (
            "x/pipeline.json is read from pipeline.json, the file of the project that ends like it",
            True,
        )
    ]


def test_a_definition_that_lies_elsewhere_is_a_gap() -> None:
    found = project(
        "M: {Type: AWS::StepFunctions::StateMachine, Properties: {DefinitionS3Location: {Bucket: b, Key: k}}}"
    )
    assert [gap.what for gap in found.gaps] == ["definition of M"]


def malformed(definition: str, kind: str = "AWS::StepFunctions::StateMachine", **answers: bool) -> str:
    found = project(f"W: {{Type: {kind}, Properties: {{{definition}}}}}")
    graph: ResourceGraph = link(found)
    script = {f"t.yaml: {name}": answer for name, answer in answers.items()}
    view = ResourceView(graph.by_address["W"], World(found.scenarios, script))
    return workflows.malformed(view).is_true().verdict


@pytest.mark.parametrize(
    ("definition", "verdict"),
    [
        ("DefinitionString: run the training job", "yes"),
        ("DefinitionString: '{not json'", "yes"),
        ("DefinitionString: '[]'", "yes"),
        ("DefinitionString: '{\"a\": ${X}}', DefinitionSubstitutions: {X: oops}", "yes"),
        ("DefinitionString: '{\"a\": ${X}}', DefinitionSubstitutions: {X: 1}", "no"),
        ("DefinitionString: '{\"a\": ${X}}', DefinitionSubstitutions: {X: !Ref B}", "no"),
        ("DefinitionString: !Ref B", "no"),
        ("DefinitionString: !Sub 'no json, ${B}'", "no"),
        ("DefinitionString: '{}'", "no"),
        ("DefinitionString: ' {\"a\": 1e5}\n'", "no"),
        ("Definition: {States: {}}", "no"),
        (f"DefinitionString: '{'[' * 3000}{']' * 3000}'", "no"),
    ],
)
def test_a_definition_that_is_no_json_object(definition: str, verdict: str) -> None:
    assert malformed(definition) == verdict


def test_a_definition_that_is_no_json_under_a_condition() -> None:
    definition = "DefinitionString: !If [C, words, '{}']"
    assert malformed(definition, C=True) == "yes"
    assert malformed(definition, C=False) == "no"


def test_a_pipeline_that_is_no_json() -> None:
    body = "PipelineDefinition: {PipelineDefinitionBody: '{not json'}"
    assert malformed(body, "AWS::SageMaker::Pipeline") == "yes"
