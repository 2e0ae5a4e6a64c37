"""Where definitions are, in which forms, and what happens when they cannot be read."""

import json
from pathlib import Path

import pytest

from mlwa_lint.frontends.cloudformation.stacks.project import load
from mlwa_lint.frontends.documents import expand
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.graph.linking.link import link
from mlwa_lint.model.conditions import AnyScenario
from mlwa_lint.model.resources import Project
from mlwa_lint.model.values import ListValue, MapValue

from .helpers import FIRST_LINE, HEADER, at, created, machine, pipeline, plain, resource, template

TASK = '{"Type": "Task", "Resource": "arn:aws:states:::sagemaker:createTrainingJob.sync", "Parameters": %s}'


def place(project: Project, address: str, *path: str) -> tuple[int, int]:
    """Line and column of a resource or of one of its properties' keys."""
    found = resource(project, address)
    span = found.span
    value: object = found.properties
    for key in path:
        assert isinstance(value, MapValue)
        span = value.entries[key].key_span
        value = value.entries[key].value
    return span.line, span.column


def line_of(folder: Path, text: str) -> tuple[int, int]:
    """Line and column of a text in the template."""
    for number, line in enumerate((folder / "template.yaml").read_text().splitlines(), 1):
        if text in line:
            return number, line.index(text) + 1
    raise AssertionError(text)


BLOCK = """\
  Flow:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      DefinitionString: {form}
        {{
          "StartAt": "Train",
          "States": {{
            "Train": {{
              "Type": "Task",
              "Resource": "arn:aws:states:::sagemaker:createTrainingJob.sync",
              "Parameters": {{
                "RoleArn": "arn:aws:iam::1:role/r",
                "ResourceConfig": {{"InstanceCount": 2}}
              }}
            }}
          }}
        }}
"""


@pytest.mark.parametrize("form", ["|", "|-", "!Sub |", "!Sub |-", ">", ">-", "!Sub >"])
def test_places_in_block_scalars(tmp_path: Path, form: str) -> None:
    project = template(tmp_path, BLOCK.format(form=form))
    assert place(project, "Flow/Train") == line_of(tmp_path, '"Train": {')
    assert place(project, "Flow/Train", "RoleArn") == line_of(tmp_path, '"RoleArn"')
    nested = place(project, "Flow/Train", "ResourceConfig", "InstanceCount")
    assert nested == line_of(tmp_path, '"InstanceCount"')


def test_lines_are_right_without_the_file_too() -> None:
    text = HEADER + BLOCK.format(form="!Sub |")
    project = expand(load(Path("absent.yaml"), LoadOptions(), text))
    assert place(project, "Flow/Train")[0] == FIRST_LINE + 7


def test_places_in_the_long_form_of_sub(tmp_path: Path) -> None:
    project = template(
        tmp_path,
        """\
  Flow:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      DefinitionString:
        Fn::Sub:
          - |
            {"States": {"Train": {"Type": "Task",
              "Resource": "arn:${AWS::Partition}:states:::sagemaker:createTrainingJob.sync",
              "Parameters": {"RoleArn": "${Arn}",
                "OutputDataConfig": {"S3OutputPath": "s3://${Bucket}/out", "KmsKeyId": "${P}"}}}}}
          - {Arn: !GetAtt Role.Arn}
""",
    )
    assert plain(resource(project, "Flow/Train").properties) == {
        "RoleArn": "-> Role.Arn",
        "OutputDataConfig": {
            "S3OutputPath": "<Bucket is known only after deployment>",
            "KmsKeyId": "<parameter P has no default>",
        },
    }
    assert place(project, "Flow/Train", "OutputDataConfig") == line_of(tmp_path, '"OutputDataConfig"')
    targets = {edge.target for edge in link(project).edges_from("Flow/Train")}
    assert targets == {"Role", "Bucket"}


def test_places_in_joined_pieces(tmp_path: Path) -> None:
    path = tmp_path / "template.json"
    pieces = [
        '{"StartAt":"Train","States":{"Train":{"Type":"Task","Resource":"arn:',
        {"Ref": "AWS::Partition"},
        ':states:::sagemaker:createTrainingJob.sync","Parameters":{"RoleArn":"',
        {"Fn::GetAtt": ["Role", "Arn"]},
        '","ResourceConfig":{"InstanceCount":2}}}}}',
    ]
    body = {
        "Role": {"Type": "AWS::IAM::Role"},
        "Flow": {
            "Type": "AWS::StepFunctions::StateMachine",
            "Properties": {"DefinitionString": {"Fn::Join": ["", pieces]}},
        },
    }
    path.write_text(json.dumps({"Resources": body}, indent=1))
    project = expand(load(path, LoadOptions()))
    lines = path.read_text().splitlines()
    line, column = place(project, "Flow/Train")
    assert lines[line - 1][column - 1 :].startswith('\\"Train\\":{\\"Type')
    line, column = place(project, "Flow/Train", "ResourceConfig", "InstanceCount")
    assert lines[line - 1][column - 1 :].startswith('\\"InstanceCount\\":2')


def test_places_in_a_definition_object(tmp_path: Path) -> None:
    project = template(
        tmp_path,
        """\
  Flow:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      Definition:
        StartAt: Train
        States:
          Train:
            Type: Task
            Resource: arn:aws:states:::sagemaker:createTrainingJob
            Parameters:
              RoleArn: r
""",
    )
    assert place(project, "Flow/Train") == (FIRST_LINE + 6, 11)
    assert place(project, "Flow/Train", "RoleArn") == (FIRST_LINE + 10, 15)


def test_substitutions(tmp_path: Path) -> None:
    project = template(
        tmp_path,
        """\
  Flow:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      DefinitionSubstitutions:
        Role: !GetAtt Role.Arn
        Count: 2
        Type: !If [IsProd, ml.p3.2xlarge, ml.m5.large]
      DefinitionString: |
        {"States": {"Train": {"Type": "Task",
          "Resource": "arn:aws:states:::sagemaker:createTrainingJob.sync",
          "Parameters": {"RoleArn": "${Role}", "Other": "<${Missing} is a placeholder>",
            "ResourceConfig": {"InstanceCount": ${Count}, "InstanceType": "${Type}"}}}}}
""",
    )
    assert plain(resource(project, "Flow/Train").properties) == {
        "RoleArn": "-> Role.Arn",
        "Other": "<${Missing} is a placeholder>",
        "ResourceConfig": {"InstanceCount": 2, "InstanceType": {"IsProd": ["ml.p3.2xlarge", "ml.m5.large"]}},
    }
    assert resource(project, "Flow/Train").guards == ()


def test_substitutions_in_a_definition_object(tmp_path: Path) -> None:
    project = template(
        tmp_path,
        """\
  Flow:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      DefinitionSubstitutions: {Key: !Ref P, Name: !If [IsProd, a, b]}
      Definition:
        States:
          Train:
            Type: Task
            Resource: arn:aws:states:::sagemaker:createTrainingJob
            Parameters: {VpcConfig: {Subnets: ["${Key}"]}, TrainingJobName: "${Name}-job"}
""",
    )
    assert plain(resource(project, "Flow/Train").properties) == {
        "VpcConfig": {"Subnets": ["<parameter P has no default>"]},
        "TrainingJobName": {"IsProd": ["a-job", "b-job"]},
    }


def test_a_state_that_only_one_alternative_has_is_guarded(tmp_path: Path) -> None:
    one, two = (TASK % "{}").replace('"', '\\"'), '{\\"Type\\": \\"Pass\\"}'
    project = template(
        tmp_path,
        f"""\
  Flow:
    Type: AWS::StepFunctions::StateMachine
    Condition: IsProd
    Properties:
      DefinitionString: !If
        - IsProd
        - "{{\\"States\\": {{\\"Train\\": {one}, \\"Both\\": {one}}}}}"
        - "{{\\"States\\": {{\\"Pass\\": {two}, \\"Both\\": {one}}}}}"
  Other:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      DefinitionString: !If
        - IsProd
        - "{{\\"States\\": {{\\"Train\\": {one}, \\"Both\\": {one}}}}}"
        - "{{\\"States\\": {{\\"Pass\\": {two}, \\"Both\\": {one}}}}}"
""",
    )
    guards = {
        address: [(guard.condition.text, guard.holds) for guard in resource(project, address).guards]
        for address, _ in created(project)
    }
    assert guards == {
        "Flow/Train": [("IsProd", True)],
        "Flow/Both": [("IsProd", True)],
        "Other/Train": [("IsProd", True)],
        "Other/Both": [],
    }
    listed = at(resource(project, "Other").attributes, "Steps")
    assert isinstance(listed, ListValue)
    assert [plain(item) is None for item in listed.items] == [False, False, False]
    names = [item.__class__.__name__ for item in listed.items]
    assert sorted(names) == ["Choice", "Choice", "MapValue"]


@pytest.mark.parametrize(
    ("properties", "line"),
    [
        ("DefinitionS3Location: {Bucket: b, Key: k}", 0),
        ("DefinitionString: !Ref P", 3),
        ("DefinitionString: '{broken'", 3),
        ("DefinitionString: '[1]'", 3),
        ("Definition: {States: !Ref P}", 3),
    ],
)
def test_a_definition_that_cannot_be_read_is_a_gap(tmp_path: Path, properties: str, line: int) -> None:
    project = template(
        tmp_path,
        f"  Flow:\n    Type: AWS::StepFunctions::StateMachine\n    Properties:\n      {properties}\n",
    )
    (gap,) = project.gaps
    assert gap.what == "definition of Flow"
    assert gap.span.line == FIRST_LINE + line
    assert any("AWS::CloudWatch::Alarm".startswith(prefix) for prefix in gap.never)
    assert not any("AWS::SageMaker::TrainingJob".startswith(prefix) for prefix in gap.never)
    listed = at(resource(project, "Flow").attributes, "Steps")
    assert isinstance(listed, ListValue)
    assert listed.rest is not None


def test_a_pipeline_in_a_bucket_is_a_gap(tmp_path: Path) -> None:
    project = template(
        tmp_path,
        "  Flow:\n    Type: AWS::SageMaker::Pipeline\n    Properties:\n"
        "      PipelineDefinition: {PipelineDefinitionS3Location: {Bucket: b, Key: k}}\n",
    )
    assert [gap.what for gap in project.gaps] == ["definition of Flow"]


@pytest.mark.parametrize("wrapped", [True, False])
def test_a_pipeline_without_its_wrapper_is_read_as_well(tmp_path: Path, wrapped: bool) -> None:
    steps = '{"Steps": [{"Name": "Train", "Type": "Training", "Arguments": {"RoleArn": "r"}}]}'
    given = f"{{PipelineDefinitionBody: '{steps}'}}" if wrapped else f"'{steps}'"
    project = template(
        tmp_path,
        f"  Flow:\n    Type: AWS::SageMaker::Pipeline\n    Properties:\n      PipelineDefinition: {given}\n",
    )
    assert created(project) == [("Flow/Train", "AWS::SageMaker::TrainingJob")]
    assert place(project, "Flow/Train")[0] == FIRST_LINE + 3


@pytest.mark.parametrize("name", ["flows/train.asl.json", "flows/train.asl.yaml"])
@pytest.mark.parametrize("key", ["DefinitionUri", "DefinitionS3Location"])
def test_a_file_beside_the_template_is_read(tmp_path: Path, name: str, key: str) -> None:
    (tmp_path / "flows").mkdir()
    definition = {"States": {"Train": json.loads(TASK % '{"RoleArn": "${Role}"}')}}
    (tmp_path / name).write_text(json.dumps(definition, indent=2))
    project = template(
        tmp_path,
        f"""\
  Flow:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      {key}: {name}
      DefinitionSubstitutions: {{Role: !GetAtt Role.Arn}}
""",
    )
    train = resource(project, "Flow/Train")
    assert plain(train.properties) == {"RoleArn": "-> Role.Arn"}
    assert train.span.path.endswith(name)
    assert (train.span.line, train.span.column) == (3, 5)
    assert project.gaps == ()
    assert project.sources[-1] == train.span.path


@pytest.mark.parametrize("name", ["../out.asl.json", "missing.asl.json", "s3://b/k", ".", "broken.yaml"])
def test_no_file_outside_of_the_templates_folder_is_read(tmp_path: Path, name: str) -> None:
    (tmp_path / "out.asl.json").write_text(json.dumps({"States": {"Train": json.loads(TASK % "{}")}}))
    folder = tmp_path / "inner"
    folder.mkdir()
    (folder / "broken.yaml").write_text("a: [")
    project = template(
        folder,
        f"  Flow:\n    Type: AWS::StepFunctions::StateMachine\n    Properties: {{DefinitionUri: '{name}'}}\n",
    )
    assert created(project) == []
    assert [gap.what for gap in project.gaps] == ["definition of Flow"]


@pytest.mark.parametrize(
    ("kind", "of_pipelines"),
    [
        ("AWS::SageMaker::EndpointConfig", False),
        ("AWS::SageMaker::InferenceComponent", False),
        ("AWS::SageMaker::MonitoringSchedule", False),
        ("AWS::SageMaker::Model", True),
        ("AWS::SageMaker::ModelPackage", True),
        ("AWS::SageMaker::ProcessingJob", True),
    ],
)
def test_a_pipeline_that_is_not_read_creates_what_its_steps_can(kind: str, of_pipelines: bool) -> None:
    (gap,) = pipeline("${missing").gaps
    assert kind.startswith(gap.never) is not of_pipelines
    (gap,) = machine("${missing").gaps
    assert not kind.startswith(gap.never)


def test_resources_use_the_names_of_the_service() -> None:
    text = '{"Resources": {"Flow": {"Type": "AWS::StepFunctions::StateMachine", "Properties": {"Definition": '
    project = expand(
        load(Path("t.json"), LoadOptions(), text + '{"States": {"Train": ' + TASK % "{}" + "}}}}}}")
    )
    vocabulary = resource(project, "Flow/Train").vocabulary
    label = vocabulary.label("AWS::SageMaker::TrainingJob", ("ResourceConfig", "VolumeKmsKeyId"))
    assert label == "ResourceConfig.VolumeKmsKeyId"
    assert vocabulary.language == "cloudformation"


def test_a_project_without_workflows_stays_as_it_is() -> None:
    project = Project("p", (), AnyScenario())
    assert expand(project) is project


def test_an_unreadable_definition_configures_no_bucket_of_terraform(tmp_path: Path) -> None:
    block = "  Flow: {Type: AWS::StepFunctions::StateMachine, Properties: {DefinitionString: !Ref P}}\n"
    (gap,) = template(tmp_path, block).gaps
    assert "aws_s3_bucket_configuration".startswith(gap.never)
    assert not "AWS::SageMaker::Endpoint".startswith(gap.never)
