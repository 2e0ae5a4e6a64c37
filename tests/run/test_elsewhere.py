"""What one stack lacks and another of the same repository may have is undecided."""

from pathlib import Path

import pytest

from mlwa_lint.catalogue.registry import load_rules
from mlwa_lint.discovery.target import Target
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.model.report import Report
from mlwa_lint.run.packing import packed, restored, stored, unpacked
from mlwa_lint.run.pipeline import lint_paths
from mlwa_lint.run.settings import RunSettings

ENDPOINT = """\
Resources:
  Config:
    Type: AWS::SageMaker::EndpointConfig
    Properties:
      ProductionVariants:
        - {VariantName: a, ModelName: m, InstanceType: ml.m7g.large, InitialInstanceCount: 2}
  Endpoint:
    Type: AWS::SageMaker::Endpoint
    Properties: {EndpointConfigName: !GetAtt Config.EndpointConfigName%s}
"""
WATCHING = """\
Parameters: {Name: {Type: String}}
Resources:
  Errors:
    Type: AWS::CloudWatch::Alarm
    Properties:
      Namespace: %s
      MetricName: Invocation5XXErrors
      Dimensions: [{Name: EndpointName, Value: %s}]
"""
SCALING = """\
Parameters: {Name: {Type: String}}
Resources:
  Target:
    Type: AWS::ApplicationAutoScaling::ScalableTarget
    Properties:
      ServiceNamespace: sagemaker
      ResourceId: !Sub endpoint/${Name}/variant/a
      MinCapacity: 1
      MaxCapacity: 3
"""
PROGRAM = """\
Resources:
  Fleet:
    Type: AWS::ApplicationAutoScaling::ScalableTarget
    Properties:
      ServiceNamespace: custom-resource
      ScalableDimension: custom-resource:ResourceType:Property
      ResourceId: https://example.execute-api.eu-west-1.amazonaws.com/prod/scalableTargetDimensions/fleet
      MinCapacity: 1
      MaxCapacity: 3
  Policy:
    Type: AWS::ApplicationAutoScaling::ScalingPolicy
    Properties:
      PolicyName: load
      PolicyType: TargetTrackingScaling
      ScalingTargetId: !Ref Fleet
      TargetTrackingScalingPolicyConfiguration:
        TargetValue: 5
        CustomizedMetricSpecification:
          Namespace: AWS/SageMaker
          MetricName: Invocations
          Dimensions: [{Name: EndpointName, Value: chat}]
"""
TRAINING = """\
Parameters: {Prefix: {Type: String}}
Resources:
  Retraining:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      StateMachineName: %s
      RoleArn: arn:aws:iam::111122223333:role/retraining
      Definition:
        StartAt: Train
        States:
          Train: {Type: Task, Resource: "arn:aws:states:::sagemaker:createTrainingJob.sync", End: true}
"""
STARTING = """\
Parameters: {Prefix: {Type: String}}
Resources:
  Delivery:
    Type: AWS::CodePipeline::Pipeline
    Properties:
      RoleArn: arn:aws:iam::111122223333:role/delivery
      Stages:
        - Name: Train
          Actions:
            - Name: Train
              ActionTypeId: {Category: Invoke, Owner: AWS, Version: "1", Provider: StepFunctions}
              Configuration:
                StateMachineArn: !Sub arn:aws:states:eu-west-1:111122223333:stateMachine:%s
"""
FLOW = """\
Resources:
  Answers: {Type: AWS::Bedrock::Flow, Properties: {Name: answers, ExecutionRoleArn: "arn:aws:iam::1:role/r"}}
"""
QUOTA = """\
Resources:
  Quota:
    Type: AWS::CloudWatch::Alarm
    Properties: {Namespace: AWS/Bedrock, MetricName: %s}
"""
CODES = {"MLO101", "MLO502", "MLO603", "MLO604", "MLO605", "MLR102"}


def report_of(folder: Path, roots: dict[str, Path] | None = None) -> Report:
    rules = tuple(each for each in load_rules().rules if each.code in CODES)

    def settings(target: Target) -> RunSettings:
        root = next((root for name, root in (roots or {}).items() if name in target.path), folder)
        return RunSettings(rules, LoadOptions(root=root), (), "ml")

    return lint_paths([str(folder)], settings, jobs=1)


def codes(report: Report) -> tuple[set[str], set[str]]:
    return {each.code for each in report.findings}, {each.code for each in report.undecided}


def write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, "utf-8")


def test_an_alarm_of_another_stack_on_an_unknown_endpoint_leaves_it_open(tmp_path: Path) -> None:
    write(tmp_path, hosting=ENDPOINT % "", watching=WATCHING % ("AWS/SageMaker", "!Ref Name"))
    report = report_of(tmp_path)
    assert codes(report) == ({"MLR102"}, {"MLO101"})
    (reason,) = (reason for each in report.undecided for reason in each.reasons)
    assert reason.startswith("Errors (")
    assert reason.endswith("watching.yaml:3) monitors an endpoint that is not known before deployment")
    assert [each[1:] for each in report.checked if each.code == "MLO101"] == [(0, 0, 1)]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("chat-blue", False),
        ("my-chat-endpoint-x", True),
        ("orders", True),
    ],
)
def test_known_pieces_decide_which_endpoint_is_not_meant(name: str, found: bool, tmp_path: Path) -> None:
    write(
        tmp_path,
        hosting=ENDPOINT % f", EndpointName: {name}",
        watching=WATCHING % ("AWS/SageMaker", "!Sub 'chat-${Name}'"),
    )
    assert ("MLO101" in codes(report_of(tmp_path))[0]) is found


def test_scaling_in_another_stack_leaves_it_open(tmp_path: Path) -> None:
    write(tmp_path, hosting=ENDPOINT % "", scaling=SCALING)
    assert codes(report_of(tmp_path)) == ({"MLO101"}, {"MLR102"})


@pytest.mark.parametrize(("name", "expected"), [("chat", ({"MLO101"}, {"MLR102"})), ("orders", None)])
def test_a_program_of_another_stack_scales_what_its_policy_has_metrics_of(
    name: str, expected: tuple[set[str], set[str]] | None, tmp_path: Path
) -> None:
    write(tmp_path, hosting=ENDPOINT % f", EndpointName: {name}", scaling=PROGRAM)
    report = report_of(tmp_path)
    assert codes(report) == (expected or ({"MLO101", "MLR102"}, set()))
    if expected:
        (reason,) = (reason for each in report.undecided for reason in each.reasons)
        assert reason.startswith("Policy (")
        assert reason.endswith("scaling.yaml:10) scales the endpoint chat")


@pytest.mark.parametrize(
    ("own", "theirs", "expected"),
    [
        (", EndpointName: orders", "orders", "undecided"),
        (", EndpointName: orders", "returns", "finding"),
        ("", "orders", "undecided"),
    ],
)
def test_known_names_decide_which_endpoint_is_meant(
    own: str, theirs: str, expected: str, tmp_path: Path
) -> None:
    write(tmp_path, hosting=ENDPOINT % own, watching=WATCHING % ("AWS/SageMaker", theirs))
    findings, undecided = codes(report_of(tmp_path))
    assert ("MLO101" in findings, "MLO101" in undecided) == (expected == "finding", expected == "undecided")


@pytest.mark.parametrize(
    ("own", "started", "found"),
    [
        ("!Sub '${Prefix}-retraining'", "${Prefix}-retraining", False),
        ("old-retraining", "${Prefix}-retraining", False),
        ("retraining", "${Prefix}-retraining", True),
        ("retraining", "retraining", False),
        ("retraining", "reporting", True),
    ],
)
def test_a_pipeline_of_another_stack_may_start_a_workflow(
    tmp_path: Path, own: str, started: str, found: bool
) -> None:
    write(tmp_path, training=TRAINING % own, delivery=STARTING % started)
    findings, undecided = codes(report_of(tmp_path))
    assert ("MLO502" in findings, "MLO502" in undecided) == (found, not found)


@pytest.mark.parametrize(("metric", "found"), [("InvocationThrottles", False), ("InvocationLatency", True)])
def test_an_alarm_of_the_account_may_be_in_another_stack(tmp_path: Path, metric: str, found: bool) -> None:
    write(tmp_path, answers=FLOW, alarms=QUOTA % metric)
    report = report_of(tmp_path)
    assert codes(report) == ({"MLO605"} if found else set(), set() if found else {"MLO605"})
    reasons = [reason for each in report.undecided for reason in each.reasons]
    assert all(
        each.endswith("alarms.yaml:2) watches throttles or errors of Bedrock models") for each in reasons
    )


MODULE = """\
variable "name" {}

resource "aws_sagemaker_endpoint" "e" {
  name                 = var.name
  endpoint_config_name = "c"
}

output "name" {
  value = aws_sagemaker_endpoint.e.name
}
"""
CALLER = """\
module "hosting" {
  source = "%s"
  name   = "chat"
}
"""
CALLERS_ALARM = """
resource "aws_cloudwatch_metric_alarm" "errors" {
  alarm_name  = "errors"
  namespace   = "AWS/SageMaker"
  metric_name = "Invocation5XXErrors"
  dimensions  = { EndpointName = module.hosting.name }
}
"""


@pytest.mark.parametrize(("watched", "expected"), [(True, (set(), {"MLO101"})), (False, ({"MLO101"}, set()))])
def test_callers_of_a_module_may_watch_its_endpoint(
    tmp_path: Path, watched: bool, expected: tuple[set[str], set[str]]
) -> None:
    example = tmp_path / "examples" / "all"
    example.mkdir(parents=True)
    (tmp_path / "main.tf").write_text(MODULE, "utf-8")
    (example / "main.tf").write_text(CALLER % "../.." + CALLERS_ALARM * watched, "utf-8")
    report = report_of(tmp_path)
    assert codes(report) == expected
    reasons = [reason for each in report.undecided for reason in each.reasons]
    assert all(each.endswith("monitors the endpoint where the module is called") for each in reasons)


def test_one_caller_that_watches_an_endpoint_does_not_decide_for_another(tmp_path: Path) -> None:
    for name, text in (("hosting", MODULE), ("a", CALLER % "../hosting"), ("b", CALLER % "../hosting")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "main.tf").write_text(text + CALLERS_ALARM * (name == "a"), "utf-8")
    report = report_of(tmp_path)
    assert [each.root.rpartition("/")[2] for each in report.findings] == ["b"]


def test_logging_of_the_account_may_be_in_another_root(tmp_path: Path) -> None:
    flow = (
        'resource "aws_bedrockagent_flow" "f" {\n  name               = "f"\n  execution_role_arn = "r"\n}\n'
    )
    logging = """\
resource "aws_bedrock_model_invocation_logging_configuration" "all" {
  logging_config {
    s3_config {
      bucket_name = "logs"
    }
  }
}
"""
    for name, text in (("answers", flow), ("account", logging)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "main.tf").write_text(text, "utf-8")
    assert codes(report_of(tmp_path)) == ({"MLO605"}, {"MLO603"})


def test_an_alarm_of_another_service_is_ignored(tmp_path: Path) -> None:
    write(tmp_path, hosting=ENDPOINT % "", watching=WATCHING % ("AWS/Lex", "!Ref Name"))
    assert "MLO101" in codes(report_of(tmp_path))[0]


def test_another_project_is_ignored(tmp_path: Path) -> None:
    write(tmp_path, hosting=ENDPOINT % "", watching=WATCHING % ("AWS/SageMaker", "!Ref Name"))
    roots = {"hosting": tmp_path / "a", "watching": tmp_path / "b"}
    assert "MLO101" in codes(report_of(tmp_path, roots))[0]


def test_two_roots_of_terraform(tmp_path: Path) -> None:
    for name, text in {
        "hosting": """
resource "aws_sagemaker_endpoint_configuration" "c" {
  production_variants {
    variant_name           = "a"
    model_name             = "m"
    instance_type          = "ml.m7g.large"
    initial_instance_count = 2
  }
}

resource "aws_sagemaker_endpoint" "e" {
  endpoint_config_name = aws_sagemaker_endpoint_configuration.c.name
}
""",
        "operations": """
data "terraform_remote_state" "hosting" {
  backend = "s3"
}

resource "aws_cloudwatch_metric_alarm" "errors" {
  alarm_name          = "errors"
  namespace           = "AWS/SageMaker"
  metric_name         = "Invocation5XXErrors"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  dimensions          = { EndpointName = data.terraform_remote_state.hosting.outputs.endpoint }
}
""",
    }.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "main.tf").write_text(text, "utf-8")
    assert codes(report_of(tmp_path)) == ({"MLR102"}, {"MLO101"})


def test_what_stands_outside_passes_between_processes_and_through_the_cache(tmp_path: Path) -> None:
    write(tmp_path, watching=WATCHING % ("AWS/SageMaker", "orders"))
    report = report_of(tmp_path)
    assert [each.name for each in report.outside] == ["orders"]
    assert unpacked(packed(report)) == report
    assert restored(stored(report, {}))[0] == report


BASE = """\
Resources:
  Base:
    Type: AWS::Bedrock::KnowledgeBase
    Properties: {Name: manuals, RoleArn: "arn:aws:iam::111122223333:role/base"}
"""
DELIVERING = """\
Parameters: {Id: {Type: String}}
Resources:
  Logs:
    Type: AWS::Logs::DeliverySource
    Properties:
      Name: logs
      LogType: APPLICATION_LOGS
      ResourceArn: !Sub arn:aws:bedrock:${AWS::Region}:${AWS::AccountId}:%s/${Id}
"""


@pytest.mark.parametrize(("kind", "open_"), [("knowledge-base", True), ("agent", False)])
def test_logs_that_another_stack_delivers(kind: str, open_: bool, tmp_path: Path) -> None:
    write(tmp_path, base=BASE, logs=DELIVERING % kind)
    found, undecided = codes(report_of(tmp_path))
    assert ("MLO604" in undecided) is open_
    assert ("MLO604" in found) is not open_
