"""What a tool has made of a source repeats its findings: one finding each, at the source."""

import json
from typing import Any

import pytest

from tests.support.workspace import Workspace

KIND = "aws_sagemaker_notebook_instance"
CONFIG = f'resource "{KIND}" "n" {{\n  root_access = "Enabled"\n}}\n'


@pytest.fixture
def project(workspace: Workspace) -> Workspace:
    (workspace.folder / "template.yaml").unlink()
    return workspace


def _found(workspace: Workspace) -> dict[tuple[str, str], list[str]]:
    """Where each finding is, by file and resource, and what else it is about."""
    text = workspace.check("--format", "json", "--select", "MLS402").out
    found: list[Any] = json.loads(text)["findings"]
    return {
        (each["path"], each["resource"]["address"]): [one["root"] for one in each["instances"]]
        for each in found
    }


def _plan(*names: str) -> str:
    changes = [
        {
            "address": f"{KIND}.{name}",
            "mode": "managed",
            "type": KIND,
            "name": name.partition("[")[0],
            "change": {"actions": ["create"], "after": {"root_access": "Enabled"}, "after_unknown": {}},
        }
        for name in names
    ]
    listed = [{"address": f"{KIND}.{name.partition('[')[0]}", "mode": "managed"} for name in names]
    root = {"root_module": {"resources": listed}}
    plan = {"format_version": "1.2", "planned_values": {}, "resource_changes": changes, "configuration": root}
    return json.dumps(plan, indent=1)


def _template(*names: str, size: str = "ml.t3.medium") -> str:
    properties = {"RootAccess": "Enabled", "InstanceType": size}
    resources = {
        name: {"Type": "AWS::SageMaker::NotebookInstance", "Properties": properties} for name in names
    }
    return json.dumps({"Resources": resources}, indent=1)


@pytest.mark.parametrize("path", ["infra/plan.json", "infra/plans/tfplan.json", "tfplan.json"])
def test_a_plan_of_an_earlier_state_repeats_what_the_configuration_has(path: str, project: Workspace) -> None:
    project.write("infra/main.tf", CONFIG)
    project.write(path, _plan("n", "gone"))
    assert _found(project) == {
        ("infra/main.tf", f"{KIND}.n"): ["infra", path],
        (path, f"{KIND}.gone"): [path],
    }


def test_instances_of_a_resource_in_a_plan_are_those_of_the_configuration(project: Workspace) -> None:
    project.write("main.tf", CONFIG.replace("root_access", "count = 2\n  root_access"))
    project.write("plan.json", _plan("n[0]", "n[1]", "gone"))
    assert set(_found(project)) == {("main.tf", f"{KIND}.n[0]"), ("plan.json", f"{KIND}.gone")}


def test_a_plan_of_another_folder_is_of_another_configuration(project: Workspace) -> None:
    project.write("infra/main.tf", CONFIG)
    project.write("other/plan.json", _plan("n"))
    assert len(_found(project)) == 2


def test_what_only_the_plan_has_is_reported_there(project: Workspace) -> None:
    project.write("main.tf", CONFIG.replace("Enabled", "Disabled"))
    project.write("plan.json", _plan("n", "gone"))
    assert set(_found(project)) == {("plan.json", f"{KIND}.n"), ("plan.json", f"{KIND}.gone")}


@pytest.mark.parametrize(
    "path",
    [
        "stack.packaged.json",
        "out.json",
        "stack-output.json",
        "build/stack.json",
        "dist/infra/stack.json",
        "cdk.out/stack.template.json",
    ],
)
def test_a_template_that_a_tool_has_made_repeats_its_source(path: str, project: Workspace) -> None:
    project.write("stack.json", _template("One", "Two"))
    project.write(path, _template("One", "Gone", size="ml.t3.large"))
    if path.startswith("cdk.out"):
        stack = {"type": "aws:cloudformation:stack", "properties": {"templateFile": "stack.template.json"}}
        project.write("cdk.out/manifest.json", json.dumps({"version": "36.0.0", "artifacts": {"s": stack}}))
    found = _found(project)
    assert set(found) == {("stack.json", "One"), ("stack.json", "Two"), (path, "Gone")}
    assert len(found["stack.json", "One"]) == 2


@pytest.mark.parametrize("path", ["other.json", "live/stack.json", "stack-eu.json", "layout.json"])
def test_another_template_is_deployed_too(path: str, project: Workspace) -> None:
    project.write("stack.json", _template("One", "Two"))
    project.write(path, _template("One"))
    assert set(_found(project)) == {("stack.json", "One"), ("stack.json", "Two"), (path, "One")}


def test_of_several_sources_the_nearest_is_meant(project: Workspace) -> None:
    for each in ("stack.json", "app/stack.json"):
        project.write(each, _template("One", size=f"ml.{each}"))
    project.write("app/build/stack.json", _template("One"))
    found = _found(project)
    assert found["app/stack.json", "One"] == ["app/stack.json", "app/build/stack.json"]
    assert found["stack.json", "One"] == ["stack.json"]
