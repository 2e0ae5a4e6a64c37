"""Templates with one workflow, written to a file so that places can be found in it."""

import json
from pathlib import Path

from mlwa_lint.frontends.cloudformation.stacks.project import load
from mlwa_lint.frontends.documents import expand
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.model.resources import Project, Resource
from mlwa_lint.model.values import (
    Absent,
    Choice,
    ListValue,
    MapValue,
    Reference,
    Scalar,
    Unknown,
    Value,
    alternatives,
)

HEADER = """\
Parameters:
  P: {Type: String}
  Env: {Type: String, Default: dev}
Conditions:
  IsProd: !Equals [!Ref Env, prod]
Resources:
  Role: {Type: AWS::IAM::Role}
  Function: {Type: AWS::Lambda::Function, Properties: {FunctionName: evaluate}}
  GlueJob: {Type: AWS::Glue::Job, Properties: {Name: etl}}
  Bucket: {Type: AWS::S3::Bucket}
"""
FIRST_LINE = HEADER.count("\n") + 1


def template(folder: Path, resources: str) -> Project:
    """The expanded project of a YAML template with these resources below the header."""
    path = folder / "template.yaml"
    path.write_text(HEADER + resources)
    project = expand(load(path, LoadOptions()))
    # SAM's property names are read in resources of CloudFormation as well.
    assert all(" is not a property of " in each.message for each in project.problems)
    return project


def machine(definition: object, **properties: object) -> Project:
    """The expanded project of a state machine with a definition object."""
    return _workflow("AWS::StepFunctions::StateMachine", {"Definition": definition, **properties})


def pipeline(definition: object) -> Project:
    """The expanded project of a pipeline with a definition object."""
    return _workflow(
        "AWS::SageMaker::Pipeline", {"PipelineDefinition": {"PipelineDefinitionBody": definition}}
    )


def _workflow(kind: str, properties: object) -> Project:
    resources = {
        "Flow": {"Type": kind, "Properties": properties},
        "Function": {"Type": "AWS::Lambda::Function", "Properties": {"FunctionName": "evaluate"}},
    }
    text = json.dumps({"Parameters": {"P": {"Type": "String"}}, "Resources": resources})
    project = expand(load(Path("absent.json"), LoadOptions(), text))
    assert project.problems == ()
    return project


def resource(project: Project, address: str) -> Resource:
    """A resource by its address."""
    (found,) = [each for each in project.resources if each.address == address]
    return found


def at(value: Value, *path: str | int) -> Value:
    """A nested value."""
    for key in path:
        if isinstance(key, int):
            assert isinstance(value, ListValue)
            value = value.items[key]
        else:
            assert isinstance(value, MapValue)
            value = value.entries[key].value
    return value


def plain(value: Value) -> object:
    """A value as Python data; unknown values as their reason in angle brackets, references as an arrow."""
    if isinstance(value, MapValue):
        return {key: plain(entry.value) for key, entry in value.entries.items()}
    if isinstance(value, ListValue):
        return [plain(item) for item in value.items]
    if isinstance(value, Scalar):
        return value.data
    if isinstance(value, Absent):
        return None
    if isinstance(value, Unknown):
        return f"<{value.reason}>"
    if isinstance(value, Reference):
        return f"-> {value.address}.{value.attribute}".rstrip(".")
    assert isinstance(value, Choice)
    return {value.condition.text: [plain(value.yes), plain(value.no)]}


def steps(project: Project, workflow: str = "Flow") -> list[dict[str, object]]:
    """The steps of a workflow as Python data."""
    value = resource(project, workflow).attributes.entries["Steps"].value
    assert isinstance(value, ListValue)
    found: list[dict[str, object]] = []
    for item in value.items:
        for option in alternatives(item):
            if isinstance(option.value, MapValue):
                read = plain(option.value)
                assert isinstance(read, dict)
                found.append(read)
    return found


def created(project: Project) -> list[tuple[str, str]]:
    """Addresses and types of what steps create."""
    return [(each.address, each.type) for each in project.resources if "Workflow" in each.attributes.entries]
