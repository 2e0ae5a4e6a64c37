import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from mlwa_lint.frontends.cloudformation.stacks.cdk import load
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.model.resources import Project

from .templates import plain, resource

ASSEMBLY = Path(__file__).parents[3] / "fixtures" / "cdk" / "assembly"


def named(projects: list[Project], part: str) -> Project:
    return next(project for project in projects if part in project.root)


def construct(project: Project, address: str) -> Any:
    construct = plain(resource(project, address).attributes.entries["Construct"].value)
    assert isinstance(construct, dict)
    source = {"Source": f"{construct['File']}:{construct['Line']}"} if "File" in construct else {}
    return {"Path": construct["Path"], **source}


def write(folder: Path, artifacts: object, **files: object) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "manifest.json").write_text(json.dumps({"version": "1", "artifacts": artifacts}))
    for name, content in files.items():
        (folder / f"{name}.json").write_text(json.dumps(content))


def stack(file: str, **more: object) -> dict[str, Any]:
    return {"type": "aws:cloudformation:stack", "properties": {"templateFile": file}, **more}


def traced(*trace: object) -> dict[str, Any]:
    return {"/S/B": [{"type": "aws:cdk:logicalId", "data": "A1B2", "trace": list(trace)}]}


TEMPLATE = {"Resources": {"A1B2": {"Type": "AWS::S3::Bucket"}}}


def test_the_stacks_of_an_assembly_and_of_its_stages_are_read() -> None:
    projects = load(ASSEMBLY, LoadOptions())
    assert len(projects) == 2
    assert all(not project.problems and not project.gaps for project in projects)
    alone, training = named(projects, "ProdAlone"), named(projects, "Training")
    assert [each.type for each in alone.resources] == ["AWS::S3::Bucket"]
    assert {
        "AWS::SageMaker::NotebookInstance",
        "AWS::SageMaker::Endpoint",
        "AWS::Lambda::Function",
        "AWS::StepFunctions::StateMachine",
        "AWS::Bedrock::Guardrail",
    } <= {each.type for each in training.resources}


def test_nested_stacks_are_found_and_linked() -> None:
    training = named(load(ASSEMBLY, LoadOptions()), "Training")
    (model,) = (each for each in training.resources if each.type == "AWS::SageMaker::Model")
    assert model.address.endswith("NestedStackResource44C0AF3E.Model")
    container = plain(model.properties.entries["PrimaryContainer"].value)
    assert isinstance(container, dict)
    assert container["ModelDataUrl"] == "s3://<Data666C94C7>/model.tar.gz"


def test_stacks_that_refer_to_each_other_are_one_project() -> None:
    training = named(load(ASSEMBLY, LoadOptions()), "Training")
    policy = plain(resource(training, "ReaderDefaultPolicy151F3818").properties)
    assert "<Data666C94C7.Arn>" in str(policy)
    assert "<?>" not in str(policy)


def test_a_resource_has_its_construct_and_the_line_of_the_program() -> None:
    training = named(load(ASSEMBLY, LoadOptions()), "Training")
    assert construct(training, "Notebook") == {
        "Path": "Training/Notebook",
        "Source": "/ml-platform/app.js:17",
    }
    assert construct(training, "Data666C94C7") == {
        "Path": "Training/Data/Resource",
        "Source": "/ml-platform/app.js:16",
    }
    nested = next(each.address for each in training.resources if each.address.endswith(".Endpoint"))
    assert construct(training, nested) == {
        "Path": "Training/Hosting/Endpoint",
        "Source": "/ml-platform/app.js:10",
    }


def test_the_region_of_a_stack_is_known_when_it_is_pinned() -> None:
    projects = load(ASSEMBLY, LoadOptions())
    assert {each.region for each in named(projects, "Training").resources} == {"eu-west-1"}
    assert {each.region for each in named(projects, "ProdAlone").resources} == {None}


def test_a_nested_stack_without_metadata_is_found_by_the_hash_of_its_asset(tmp_path: Path) -> None:
    folder = tmp_path / "assembly"
    shutil.copytree(ASSEMBLY, folder)
    path = folder / "Training.template.json"
    template = json.loads(path.read_text())
    for each in template["Resources"].values():
        each.pop("Metadata", None)
    path.write_text(json.dumps(template))
    training = named(load(folder, LoadOptions()), "Training.template")
    assert not training.gaps
    assert any(each.type == "AWS::SageMaker::Endpoint" for each in training.resources)
    assert construct(training, "Notebook")["Path"] == "Training/Notebook"


def test_a_file_that_an_asset_does_not_name_by_a_text_is_not_known(tmp_path: Path) -> None:
    folder = tmp_path / "assembly"
    shutil.copytree(ASSEMBLY, folder)
    path = folder / "Training.template.json"
    data = json.loads(path.read_text("utf-8"))
    for body in data["Resources"].values():
        body.pop("Metadata", None)
    path.write_text(json.dumps(data), "utf-8")
    assets = folder / "Training.assets.json"
    listed = json.loads(assets.read_text("utf-8"))
    for file in listed["files"].values():
        file["source"]["path"] = {"x": file["source"]["path"]}
    assets.write_text(json.dumps(listed), "utf-8")
    training = named(load(folder, LoadOptions()), "Training.template")
    assert training.gaps
    assert not any(each.type == "AWS::SageMaker::Endpoint" for each in training.resources)


@pytest.mark.parametrize(
    ("entry", "source"),
    [
        (
            {"trace": ["new Bucket (/x/node_modules/aws-cdk-lib/s3.js:1:2)", "new App (/app/a.ts:7:3)"]},
            "/app/a.ts:7",
        ),
        ({"trace": ["/app/a.js:9:1"]}, "/app/a.js:9"),
        ({"trace": ['File "/app/app.py", line 12, in <module>']}, "/app/app.py:12"),
        ({"trace": ["...node internals...", "nonsense"]}, None),
        ({}, None),
    ],
)
def test_traces_of_every_kind_are_read(tmp_path: Path, entry: dict[str, Any], source: str | None) -> None:
    metadata = {"/S/B/Resource": [{"type": "aws:cdk:logicalId", "data": "A1B2", **entry}]}
    write(tmp_path, {"S": stack("t.json", metadata=metadata)}, t=TEMPLATE)
    (project,) = load(tmp_path, LoadOptions())
    expected = {"Path": "S/B/Resource"} | ({} if source is None else {"Source": source})
    assert construct(project, "A1B2") == expected


def test_a_template_s_own_construct_path_is_enough(tmp_path: Path) -> None:
    body = {"Type": "AWS::S3::Bucket", "Metadata": {"aws:cdk:path": "S/B/Resource"}}
    write(tmp_path, {"S": stack("t.json")}, t={"Resources": {"A": body}})
    (project,) = load(tmp_path, LoadOptions())
    assert construct(project, "A") == {"Path": "S/B/Resource"}


def test_stacks_with_the_same_addresses_stay_apart(tmp_path: Path) -> None:
    write(tmp_path, {"S": stack("a.json"), "T": stack("b.json")}, a=TEMPLATE, b=TEMPLATE)
    assert [[each.address for each in project.resources] for project in load(tmp_path, LoadOptions())] == [
        ["A1B2"],
        ["A1B2"],
    ]


@pytest.mark.parametrize(
    ("manifest", "message", "fatal"),
    [
        ("{", "is not a file of a CDK assembly", True),
        ("[]", "is not a file of a CDK assembly: it is not a map", True),
        ('{"artifacts": {}}', "it has no stacks", False),
        ('{"artifacts": []}', "it has no stacks", False),
        ('{"artifacts": {"A": 1, "B": {"type": "aws:cloudformation:stack"}}}', "it has no stacks", False),
        (None, "cannot be read", True),
    ],
)
def test_a_manifest_without_content_is_reported(
    tmp_path: Path, manifest: str | None, message: str, fatal: bool
) -> None:
    if manifest is not None:
        (tmp_path / "manifest.json").write_text(manifest)
    (project,) = load(tmp_path, LoadOptions())
    assert [problem.fatal for problem in project.problems] == [fatal]
    assert project.problems[0].message.startswith(message)


def test_templates_beside_a_broken_manifest_are_read(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"artifacts": {')
    for name in ("S.template.json", "T.template.json", "Nested1.nested.template.json", "S.assets.json"):
        (tmp_path / name).write_text(json.dumps(TEMPLATE))
    *stacks, broken = load(tmp_path, LoadOptions())
    assert [Path(each.root).name for each in stacks] == ["S.template.json", "T.template.json"]
    assert all([each.address for each in stack.resources] == ["A1B2"] for stack in stacks)
    assert [problem.fatal for problem in broken.problems] == [True]


@pytest.mark.parametrize(
    "artifact",
    [
        stack("../outside.json"),
        stack("/etc/hostname"),
        {"type": "cdk:cloud-assembly", "properties": {"directoryName": "../other"}},
        stack("t.json", additionalMetadataFile="../outside.json"),
    ],
)
def test_nothing_outside_of_the_assembly_is_read(tmp_path: Path, artifact: dict[str, Any]) -> None:
    (tmp_path / "outside.json").write_text(json.dumps(TEMPLATE))
    folder = tmp_path / "assembly"
    write(folder, {"S": artifact}, t=TEMPLATE)
    projects = load(folder, LoadOptions())
    assert "is outside" in projects[-1].problems[0].message
    read = {Path(source).name for project in projects for source in project.sources}
    assert read <= {"t.json", "manifest.json"}


def test_assemblies_that_contain_themselves_end(tmp_path: Path) -> None:
    again = {"type": "cdk:cloud-assembly", "properties": {"directoryName": "."}}
    below = {"type": "cdk:cloud-assembly", "properties": {"directoryName": "../assembly/../assembly"}}
    folder = tmp_path / "assembly"
    write(folder, {"A": again, "B": below, "S": stack("t.json")}, t=TEMPLATE)
    assert len(load(folder, LoadOptions(root=tmp_path))) < 20


def test_a_missing_template_is_a_problem_of_its_own(tmp_path: Path) -> None:
    write(tmp_path, {"S": stack("none.json"), "T": stack("t.json")}, t=TEMPLATE)
    projects = load(tmp_path, LoadOptions())
    assert [len(project.problems) for project in projects] == [1, 0]


def test_a_line_of_the_program_is_found_in_the_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "infra/lib").mkdir(parents=True)
    (tmp_path / "infra/lib/team.ts").touch()
    traced = {
        "/S/B": [{"type": "aws:cdk:logicalId", "data": "A1B2", "trace": ["(/app/infra/lib/team.ts:17:5)"]}]
    }
    write(tmp_path / "cdk.out", {"S": stack("t.json", metadata=traced)}, t=TEMPLATE)
    (project,) = load(Path("cdk.out"), LoadOptions(root=Path()))
    construct = plain(resource(project, "A1B2").attributes.entries["Construct"].value)
    assert construct == {"Path": "S/B", "Line": "17", "File": "infra/lib/team.ts", "Found": "true"}


def test_a_file_of_the_same_name_elsewhere_is_not_the_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "other").mkdir()
    (tmp_path / "other/team.ts").touch()
    metadata = traced("(/app/lib/team.ts:17:5)")
    write(tmp_path / "cdk.out", {"S": stack("t.json", metadata=metadata)}, t=TEMPLATE)
    (project,) = load(Path("cdk.out"), LoadOptions(root=Path()))
    construct = plain(resource(project, "A1B2").attributes.entries["Construct"].value)
    assert construct == {"Path": "S/B", "Line": "17", "File": "/app/lib/team.ts"}


@pytest.mark.parametrize("count", [2, 6, 12])
def test_assemblies_that_contain_each_other_are_each_read_once(tmp_path: Path, count: int) -> None:
    for number in range(count):
        inner = {
            f"A{each}": {"type": "cdk:cloud-assembly", "properties": {"directoryName": f"../a{each}"}}
            for each in range(count)
        }
        write(tmp_path / f"a{number}", {**inner, "S": stack("t.json")}, t=TEMPLATE)
    assert len(load(tmp_path / "a0", LoadOptions(root=tmp_path))) == count


@pytest.mark.parametrize(
    "artifact",
    [
        {"type": ["x"], "properties": 1},
        {"type": "cdk:cloud-assembly", "properties": {"directoryName": 7}},
        stack("a\0b"),
        stack("\ud800"),
        {"type": "aws:cloudformation:stack", "properties": {"templateFile": {"a": 1}}},
        stack("t.json", metadata=[1]),
        stack("t.json", metadata={"/S": 1, "/T": [1, {"type": 1, "data": []}], "/U": [{"trace": {"a": 1}}]}),
        stack(
            "t.json", metadata={"/S": [{"type": "aws:cdk:logicalId", "data": "A1B2", "trace": [1, None, {}]}]}
        ),
        stack("t.json", metadata={"/" * 200_000: [{"type": "aws:cdk:logicalId", "data": "A1B2"}]}),
        stack("t.json", metadata=traced("(" + "a:1" * 99_999)),
        stack("t.json", environment={"a": 1}, additionalMetadataFile=3),
    ],
)
def test_what_no_cdk_writes_breaks_nothing(tmp_path: Path, artifact: dict[str, Any]) -> None:
    write(tmp_path, {"S": artifact, "Good": stack("t.json")}, t=TEMPLATE)
    addresses = [each.address for project in load(tmp_path, LoadOptions()) for each in project.resources]
    assert "A1B2" in addresses


def test_values_for_stacks_in_other_regions_are_followed(tmp_path: Path) -> None:
    name = "/cdk/exports/Users/ModelsuseastBucketArn1234"
    writer = {"region": "eu-west-1", "exports": {name: {"Fn::GetAtt": ["Bucket", "Arn"]}}}
    models = {
        "Bucket": {"Type": "AWS::S3::Bucket"},
        "Writer": {"Type": "Custom::CrossRegionExportWriter", "Properties": {"WriterProps": writer}},
    }
    taken = {"Fn::GetAtt": ["Reader", name]}
    users = {
        "Reader": {"Type": "Custom::CrossRegionExportReader", "Properties": {"ReaderProps": {"imports": {}}}},
        "User": {
            "Type": "AWS::A::B",
            "Properties": {
                "Whole": taken,
                "Part": {"Fn::Join": ["", [taken, "/*"]]},
                "Other": {"Fn::GetAtt": ["Reader", f"{name}x"]},
            },
        },
    }
    artifacts = {each: stack(f"{each}.template.json") for each in ("Models", "Users")}
    templates = {"Models.template": {"Resources": models}, "Users.template": {"Resources": users}}
    write(tmp_path, artifacts, **templates)
    (project,) = load(tmp_path, LoadOptions())
    found = plain(resource(project, "User").properties)
    assert found == {
        "Whole": "<Bucket.Arn>",
        "Part": "<Bucket.Arn>/*",
        "Other": f"<Reader.{name}x>",
    }


def test_exports_that_the_cdk_names_are_followed(tmp_path: Path) -> None:
    name = "Network:ExportsOutputFnGetAttGroupGroupId1234"
    output = {"Value": {"Fn::GetAtt": ["Group", "GroupId"]}, "Export": {"Name": name}}
    network = {
        "Resources": {"Group": {"Type": "AWS::EC2::SecurityGroup"}},
        "Outputs": {"Exports1234": output},
    }
    endpoint = {"Type": "AWS::A::B", "Properties": {"Groups": [{"Fn::ImportValue": name}]}}
    artifacts = {each: stack(f"{each}.template.json") for each in ("Network", "Serving")}
    templates = {"Network.template": network, "Serving.template": {"Resources": {"Endpoint": endpoint}}}
    write(tmp_path, artifacts, **templates)
    (project,) = load(tmp_path, LoadOptions())
    assert plain(resource(project, "Endpoint").properties) == {"Groups": ["<Group.GroupId>"]}
