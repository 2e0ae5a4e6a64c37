"""What fuzzing has found; each of these once ended a run."""

import json
from pathlib import Path

import pytest

from mlwa_lint.catalogue.registry import load_rules
from mlwa_lint.discovery.search import discover
from mlwa_lint.frontends.cloudformation.stacks.project import load as load_template
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.frontends.terraform.project import load as load_module
from mlwa_lint.model.findings import RuleError
from mlwa_lint.run.evaluation import check_project
from mlwa_lint.run.loading import with_documents
from mlwa_lint.run.pipeline import lint_paths, lint_text
from mlwa_lint.run.settings import RunSettings

RULES = load_rules().rules


@pytest.mark.parametrize(
    "value",
    [
        "data.aws_iam_policy_do",  # a data source without a name
        "data",
        "module",
        "local",
        "var",
        "each",
        "count",
        "path",
        "terraform",
        "self",
        "resource",
        "aws_s3_bucket",
        "data[0]",
        'data["x"].y',
        "data.*",
        "module.m[0]",
    ],
)
def test_references_that_are_cut_short(tmp_path: Path, value: str) -> None:
    tmp_path.joinpath("main.tf").write_text(f'resource "aws_s3_bucket" "b" {{\n  bucket = {value}\n}}\n')
    project = load_module(tmp_path, LoadOptions())
    assert check_project(with_documents(project), RULES).errors == ()
    assert [resource.address for resource in project.resources] == ["aws_s3_bucket.b"]


@pytest.mark.parametrize("count", ["1e400", '"many"', "-1", "1.5", "null"])
def test_counts_that_are_no_whole_numbers(tmp_path: Path, count: str) -> None:
    bucket = f'resource "aws_s3_bucket" "b" {{\n  count = {count}\n}}\n'
    topic = 'resource "aws_sns_topic" "t" {\n  name = aws_s3_bucket.b\n}\n'
    tmp_path.joinpath("main.tf").write_text(bucket + topic)
    project = load_module(tmp_path, LoadOptions())
    assert check_project(with_documents(project), RULES).errors == ()
    assert "aws_sns_topic.t" in [resource.address for resource in project.resources]


@pytest.mark.parametrize(
    "name", ["{x: main}", "[{x: main}]", "!If [C, {x: main}, other]", "[[]]", "{}", "!GetAtt [{}]"]
)
def test_a_map_where_the_name_of_a_variant_should_stand(name: str) -> None:
    text = f"""\
Parameters: {{P: {{Type: String}}}}
Conditions: {{C: !Equals [!Ref P, x]}}
Resources:
  Endpoint:
    Type: AWS::SageMaker::Endpoint
    Properties: {{EndpointName: e, EndpointConfigName: c}}
  Alarm:
    Type: AWS::CloudWatch::Alarm
    Properties:
      Namespace: AWS/SageMaker
      MetricName: Invocation5XXErrors
      Dimensions:
        - {{Name: EndpointName, Value: !GetAtt Endpoint.EndpointName}}
        - {{Name: VariantName, Value: {name}}}
"""
    project = load_template(Path("t.yaml"), LoadOptions(), text)
    assert check_project(with_documents(project), RULES).errors == ()


@pytest.mark.parametrize("odd", ['{"a": 1}', "[[]]", "5", "true", '"x"', "null", '{"Name": {}}'])
@pytest.mark.parametrize("key", ["Name", "DependsOn", "Arguments", "Type"])
def test_steps_of_pipelines_with_something_else_in_place_of_texts(key: str, odd: str) -> None:
    body = f'{{"Steps": [{{"Name": "A", "Type": "Fail", "{key}": {odd}}}, {{"Name": "B"}}, {odd}]}}'
    properties = {"PipelineDefinition": {"PipelineDefinitionBody": body}}
    assert _errors_of_definition("AWS::SageMaker::Pipeline", properties) == ()


@pytest.mark.parametrize("odd", ['{"a": 1}', "[[]]", "5", "true", '"x"', "null"])
@pytest.mark.parametrize(
    "key", ["StartAt", "Next", "Default", "Catch", "Choices", "Branches", "Iterator", "Retry", "Parameters"]
)
def test_states_with_something_else_in_place_of_lists(key: str, odd: str) -> None:
    state = f'{{"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "{key}": {odd}}}'
    body = f'{{"{key}": {odd}, "States": {{"A": {state}, "B": {odd}}}}}'
    properties = {"DefinitionString": body}
    assert _errors_of_definition("AWS::StepFunctions::StateMachine", properties) == ()


def _errors_of_definition(resource_type: str, properties: object) -> tuple[RuleError, ...]:
    resources = {"R": {"Type": resource_type, "Properties": properties}}
    project = load_template(Path("t.json"), LoadOptions(), json.dumps({"Resources": resources}))
    outcome = check_project(with_documents(project), RULES)
    assert outcome.resources >= 1
    return outcome.errors


@pytest.mark.parametrize("word", ["x", "--a", "a.", "a-", "_"])
def test_scripts_that_are_one_long_word(word: str) -> None:
    text = word * (200_000 // len(word))
    kind = "AWS::SageMaker::NotebookInstanceLifecycleConfig"
    resources = {"R": {"Type": kind, "Properties": {"OnStart": [{"Content": text}]}}}
    project = load_template(Path("t.json"), LoadOptions(), json.dumps({"Resources": resources}))
    outcome = check_project(project, [rule for rule in RULES if rule.code == "MLS106"])
    assert (outcome.errors, outcome.problems) == ((), ())  # no rule was stopped because it took too long


@pytest.mark.parametrize("number", ["1e400", "1e308", "-1e308", "1e-320", "nan"])
def test_numbers_that_are_beyond_all(number: str) -> None:
    resources = {
        "Alarm": {
            "Namespace": "AWS/SageMaker",
            "MetricName": "ModelLatency",
            "Threshold": number,
            "ComparisonOperator": "GreaterThanThreshold",
            "Statistic": "Average",
        },
        "EndpointConfig": {
            "ProductionVariants": [
                {"VariantName": "a", "ServerlessConfig": dict.fromkeys(_SERVERLESS, number)},
                {"VariantName": "b", "InitialInstanceCount": number},
            ]
        },
        "Endpoint": {"DeploymentConfig": {"RollingUpdatePolicy": _rolling(number, 60)}},
        "Waiting": {"DeploymentConfig": {"RollingUpdatePolicy": _rolling(10, number)}},
    }
    types = {
        "Alarm": "AWS::CloudWatch::Alarm",
        "EndpointConfig": "AWS::SageMaker::EndpointConfig",
        "Endpoint": "AWS::SageMaker::Endpoint",
        "Waiting": "AWS::SageMaker::Endpoint",
    }
    for name, properties in resources.items():
        assert _errors_of_definition(types[name], properties) == ()


def _rolling(percent: object, wait: object) -> dict[str, object]:
    size = {"Type": "CAPACITY_PERCENT", "Value": percent}
    return {"MaximumBatchSize": size, "WaitIntervalInSeconds": wait, "MaximumExecutionTimeoutInSeconds": 600}


_SERVERLESS = ("MemorySizeInMB", "MaxConcurrency", "ProvisionedConcurrency")


@pytest.mark.parametrize("value", ['"a" * -(10 ** 20)', "-(10 ** 20) * 'a'", "[1] * -(10 ** 20)"])
def test_a_text_or_list_less_than_no_times(value: str) -> None:
    program = (
        f'import boto3\nclient = boto3.client("sagemaker")\nclient.create_model(ModelName={value}, Tags=[])\n'
    )
    report = lint_text(program, "a.py", RunSettings(RULES, LoadOptions()))
    assert report.errors == ()


@pytest.mark.parametrize("line", ["\\", "a\\", "!", "!\\"])
def test_lines_of_ignore_files_that_are_no_patterns(tmp_path: Path, line: str) -> None:
    tmp_path.joinpath(".gitignore").write_text(f"{line}\nskipped.yaml\n")
    for name in ("skipped.yaml", "kept.yaml"):
        tmp_path.joinpath(name).write_text("Resources:\n  A:\n    Type: AWS::S3::Bucket\n")
    found = discover([str(tmp_path)])
    assert [Path(each.path).name for each in found.targets] == ["kept.yaml"]


UNNAMED = """
Resources:
  "":
    Type: AWS::SageMaker::NotebookInstance
    Properties: {InstanceType: ml.t3.medium, RoleArn: !GetAtt Role.Arn}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: sagemaker.amazonaws.com}, Action: sts:AssumeRole}]
  Reading:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: reading
      Roles: [!Ref Role]
      PolicyDocument: {Statement: [{Effect: Allow, Action: s3:GetObject, Resource: "arn:aws:s3:::data/*"}]}
"""


@pytest.mark.parametrize("resource_type", ["NotebookInstance", "Model", "Endpoint", "Pipeline", "Domain"])
def test_a_resource_whose_logical_id_is_empty(resource_type: str) -> None:
    text = UNNAMED.replace("NotebookInstance", resource_type).replace("RoleArn", "ExecutionRoleArn")
    for each in (text, text.replace("ExecutionRoleArn", "RoleArn")):
        assert lint_text(each, "t.yaml", RunSettings(RULES, LoadOptions())).errors == ()


BESIDE_A_MACHINE = """
Resources:
  Work:
    Type: AWS::Lambda::Function
    Properties:
      Handler: index.handler
      Runtime: python3.13
      Role: arn:aws:iam::111122223333:role/work
      Code:
        ZipFile: |
          setting = VALUE

          def handler(event, context):
              return {"setting": setting}
  Machine:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: arn:aws:iam::111122223333:role/machine
      Definition:
        StartAt: Work
        States: {Work: {Type: Task, Resource: !GetAtt Work.Arn, End: true}}
"""


@pytest.mark.parametrize("step", ["[0]", ".part", ".part()"])
def test_a_deep_expression_in_a_function_beside_a_state_machine(step: str) -> None:
    text = BESIDE_A_MACHINE.replace("VALUE", "event" + step * 800)
    assert lint_text(text, "t.yaml", RunSettings(RULES, LoadOptions())).errors == ()


@pytest.mark.parametrize("step", ["[0]", ".part"])
def test_a_deep_expression_in_a_template_of_airflow(step: str) -> None:
    program = (
        "from airflow import DAG\n"
        "from airflow.providers.amazon.aws.operators.sagemaker import SageMakerModelOperator\n"
        'with DAG("deep"):\n'
        f'    SageMakerModelOperator(task_id="m", config={{"ModelName": "{{{{ ti{step * 390} }}}}"}})\n'
    )
    assert lint_text(program, "a.py", RunSettings(RULES, LoadOptions())).errors == ()


@pytest.mark.parametrize("step", ["[0]", ".part", ".part()"])
def test_deep_tags_of_a_pipeline_that_another_program_deploys(step: str, tmp_path: Path) -> None:
    (tmp_path / "pipe.py").write_text(
        "from sagemaker.workflow.pipeline import Pipeline\n"
        "def make():\n"
        '    return Pipeline(name="p", steps=[])\n'
    )
    (tmp_path / "run.py").write_text(
        f"from pipe import make\nmake().upsert(role_arn=role, tags=own{step * 800})\n"
    )
    settings = RunSettings(RULES, LoadOptions(root=tmp_path))
    assert lint_paths([str(tmp_path)], lambda target: settings, jobs=1).errors == ()


def test_a_resource_whose_type_is_the_word_for_data_sources(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text('resource "data" "a" {\n  name = data.a\n}\n', encoding="utf-8")
    report = lint_paths([str(tmp_path)], lambda _: RunSettings(RULES, LoadOptions(root=tmp_path)), 1)
    assert [str(each) for each in report.errors] == []
