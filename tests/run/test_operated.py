"""What findings weigh in projects that nothing shows to be operated."""

from pathlib import Path

import pytest

from mlwa_lint.catalogue.registry import load_rules
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.model.purpose import UNOPERATED
from mlwa_lint.run.pipeline import lint_paths
from mlwa_lint.run.settings import RunSettings

RULES = load_rules().rules
ALSO_UNASKED = f"{UNOPERATED}, or that anything asks its models"
TEMPLATE = """\
Resources:
  Data:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: NAME
  Model:
    Type: AWS::SageMaker::Model
    Properties:
      ExecutionRoleArn: arn:aws:iam::111122223333:role/model
      PrimaryContainer:
        Image: 111122223333.dkr.ecr.eu-west-1.amazonaws.com/price:1.0
        ModelDataUrl: !Sub s3://${Data}/model.tar.gz
"""
ALARM = """\
  Errors:
    Type: AWS::CloudWatch::Alarm
    Properties:
      MetricName: Errors
      Namespace: AWS/Lambda
      AlarmActions: [arn:aws:sns:eu-west-1:111122223333:oncall]
"""
SILENT_ALARM = ALARM.rpartition("      AlarmActions")[0]
STAGE = (
    "  Labels:\n    Type: AWS::S3::Bucket\n    Properties:\n      Tags: [{Key: Environment, Value: prod}]\n"
)
DEVELOPED = STAGE.replace("Labels", "Pears").replace("prod", "dev")
NAMED = "  Pears:\n    Type: AWS::S3::Bucket\n    Properties:\n      BucketName: !Sub pears-${Stage}\n"
BY_STAGE = "Parameters:\n  Stage: {Type: String, Default: dev}\n"
BY_DEFAULT = BY_STAGE.replace("dev", "prod")
AMONG_OTHERS = BY_DEFAULT.replace("prod}", "prod, AllowedValues: [dev, prod]}")
API = "  Stage:\n    Type: AWS::ApiGateway::Stage\n    Properties: {RestApiId: a1, StageName: Prod}\n"
DEPLOYED = "on: push\njobs: {a: {steps: [{run: aws cloudformation deploy --template-file template.yaml}]}}\n"
STATE = 'terraform {\n  backend "s3" {}\n}\n'
README = "# Prices\n\nForecasts prices of fruit.\n"
READY = "# Prices\n\nA production-ready service that forecasts prices of fruit.\n"
NOT_READY = "# Prices\n\nForecasts prices of fruit. It is not production-ready.\n"
PLAIN = {"template.yaml": TEMPLATE.replace("NAME", "fruit-data"), "README.md": README}


def _weights(folder: Path, files: dict[str, str]) -> set[tuple[str, str]]:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    report = lint_paths([str(folder)], lambda _: RunSettings(RULES, LoadOptions(root=folder)), 1)
    kept = {each for each in report.findings if each.code in ("MLS305", "MLR301")}
    return {(each.code, each.severity) for each in kept if "Bucket Data" in each.message}


@pytest.mark.parametrize(
    ("files", "severity"),
    [
        (PLAIN, "info"),
        ({**PLAIN, "README.md": README.replace("fruit", "fruit in production")}, "info"),
        # With nothing around it, nothing is known against it.
        ({"template.yaml": PLAIN["template.yaml"]}, "medium"),
        ({**PLAIN, "template.yaml": PLAIN["template.yaml"] + ALARM}, "medium"),
        # An alarm that notifies no one, alone and in what calls itself ready for production.
        ({**PLAIN, "template.yaml": PLAIN["template.yaml"] + SILENT_ALARM}, "info"),
        ({"README.md": READY, "template.yaml": PLAIN["template.yaml"] + SILENT_ALARM}, "medium"),
        ({**PLAIN, "README.md": READY}, "medium"),
        ({"README.md": NOT_READY, "template.yaml": PLAIN["template.yaml"] + SILENT_ALARM}, "info"),
        ({**PLAIN, "template.yaml": PLAIN["template.yaml"] + STAGE}, "medium"),
        ({**PLAIN, "template.yaml": TEMPLATE.replace("NAME", "fruit-production")}, "medium"),
        ({**PLAIN, "parameters/production.json": "{}"}, "medium"),
        ({**PLAIN, ".github/workflows/deploy.yml": "jobs:\n  deploy:\n    environment: prod\n"}, "medium"),
        ({**PLAIN, "infra/main.tf": STATE}, "info"),
        ({**PLAIN, ".github/workflows/deploy.yml": DEPLOYED}, "medium"),
        ({**PLAIN, ".github/workflows/deploy.yml": DEPLOYED.replace("push", "workflow_dispatch")}, "info"),
        ({**PLAIN, "template.yaml": PLAIN["template.yaml"] + API}, "info"),
        # Alarms, a remote state and continuous integration of what is only developed.
        ({**PLAIN, "template.yaml": PLAIN["template.yaml"] + ALARM + DEVELOPED}, "info"),
        ({**PLAIN, "template.yaml": PLAIN["template.yaml"] + DEVELOPED, "infra/main.tf": STATE}, "info"),
        ({**PLAIN, "template.yaml": PLAIN["template.yaml"] + ALARM + DEVELOPED + STAGE}, "medium"),
        ({**PLAIN, "template.yaml": BY_STAGE + PLAIN["template.yaml"] + ALARM + NAMED}, "info"),
        # The default of a stage alone, and beside others.
        ({**PLAIN, "template.yaml": BY_DEFAULT + PLAIN["template.yaml"] + NAMED}, "info"),
        ({**PLAIN, "template.yaml": AMONG_OTHERS + PLAIN["template.yaml"] + NAMED}, "medium"),
        (
            {**PLAIN, "template.yaml": BY_DEFAULT + PLAIN["template.yaml"] + NAMED, "prod.json": "{}"},
            "medium",
        ),
        ({**PLAIN, "src/app.py": 'KEY = {"KmsKeyId": "alias/fruit"}\n'}, "low"),
    ],
)
def test_what_nothing_operates_weighs_less(tmp_path: Path, files: dict[str, str], severity: str) -> None:
    assert _weights(tmp_path, files) == {("MLS305", severity), ("MLR301", severity)}


ENDPOINT = """\
Resources:
  Config:
    Type: AWS::SageMaker::EndpointConfig
    Properties:
      ProductionVariants:
        - {VariantName: main, ModelName: price, InstanceType: ml.m5.large, InitialInstanceCount: 1}
"""


@pytest.mark.parametrize(
    ("more", "severity"), [({}, "medium"), ({"README.md": README}, "info"), ({"prod.json": "{}"}, "medium")]
)
def test_a_second_instance_matters_less_where_nothing_is_operated(
    more: dict[str, str], severity: str, tmp_path: Path
) -> None:
    for name, text in {"template.yaml": ENDPOINT, **more}.items():
        (tmp_path / name).write_text(text, "utf-8")
    report = lint_paths([str(tmp_path)], lambda _: RunSettings(RULES, LoadOptions(root=tmp_path)), 1)
    assert [each.severity for each in report.findings if each.code == "MLR101"] == [severity]


NOTEBOOK = """\
Resources:
  Pears:
    Type: AWS::SageMaker::NotebookInstance
    Properties:
      InstanceType: ml.t3.medium
      RoleArn: arn:aws:iam::111122223333:role/notebook
"""
OPERATED = {"README.md": README, "prod.json": "{}"}
SHOWN = {"README.md": README.replace("Prices", "Prices: a proof of concept", 1)}
GUARDRAIL = """\
Resources:
  Fruit:
    Type: AWS::Bedrock::Guardrail
    Properties:
      Name: fruit
      BlockedInputMessaging: No.
      BlockedOutputsMessaging: No.
      ContentPolicyConfig:
        FiltersConfig: [{Type: HATE, InputStrength: HIGH, OutputStrength: HIGH}]
"""
APPLIED = """\
  Greengrocer:
    Type: AWS::Bedrock::Agent
    Properties:
      AgentName: greengrocer
      GuardrailConfiguration: {GuardrailIdentifier: !Ref Fruit, GuardrailVersion: "1"}
"""


@pytest.mark.parametrize(
    ("text", "more", "code", "severity"),
    [
        (NOTEBOOK, {}, "MLS402", "medium"),
        (NOTEBOOK, {"README.md": README}, "MLS402", "info"),
        (NOTEBOOK, OPERATED, "MLS402", "medium"),
        (NOTEBOOK, {}, "MLS404", "medium"),
        (NOTEBOOK, {"README.md": README}, "MLS404", "info"),
        (NOTEBOOK, SHOWN, "MLS404", "info"),
        (NOTEBOOK, OPERATED, "MLS404", "medium"),
        (NOTEBOOK, {}, "MLO401", "low"),
        (NOTEBOOK, {"README.md": README}, "MLO401", "info"),
        (NOTEBOOK, {"README.md": "# Notebooks: an example\n", "prod.json": "{}"}, "MLO401", "info"),
        (NOTEBOOK, OPERATED, "MLO401", "low"),
        (GUARDRAIL, {"README.md": README}, "MLS602", "low"),
        (GUARDRAIL, OPERATED, "MLS602", "medium"),
        (GUARDRAIL + APPLIED, {"README.md": README}, "MLS602", "medium"),
    ],
)
def test_what_a_rule_weighs_where_nothing_is_operated(
    text: str, more: dict[str, str], code: str, severity: str, tmp_path: Path
) -> None:
    for name, content in {"template.yaml": text, **more}.items():
        (tmp_path / name).write_text(content, "utf-8")
    report = lint_paths([str(tmp_path)], lambda _: RunSettings(RULES, LoadOptions(root=tmp_path)), 1)
    assert [each.severity for each in report.findings if each.code == code] == [severity]


AGENT = """
resource "aws_bedrockagent_agent" "desk" {
  agent_name              = "desk"
  foundation_model        = "amazon.nova-lite-v1:0"
  agent_resource_role_arn = "arn:aws:iam::111122223333:role/desk"
}

resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = "arn:aws:iam::111122223333:role/orders"
}
"""
CALL = """
resource "aws_lambda_permission" "orders" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.orders.function_name
  principal     = "PRINCIPAL.amazonaws.com"
}
"""
SERVICE = 'resource "aws_apprunner_service" "desk" {\n  service_name = "desk"\n}\n'
DESK = {"README.md": "# Desk\n\nAnswers questions about orders.\n"}


@pytest.mark.parametrize(
    ("more", "files", "reason"),
    [
        ("", {}, ""),  # with nothing around it
        ("", DESK, ALSO_UNASKED),
        (CALL.replace("PRINCIPAL", "bedrock"), DESK, ALSO_UNASKED),
        (CALL.replace("PRINCIPAL", "apigateway"), DESK, UNOPERATED),
        (SERVICE, DESK, UNOPERATED),
        ("", {**DESK, "production.tfvars": ""}, ""),
    ],
)
def test_throttles_matter_less_where_nothing_is_operated_or_called(
    more: str, files: dict[str, str], reason: str, tmp_path: Path
) -> None:
    for name, text in {"main.tf": AGENT + more, **files}.items():
        (tmp_path / name).write_text(text, "utf-8")
    report = lint_paths([str(tmp_path)], lambda _: RunSettings(RULES, LoadOptions(root=tmp_path)), 1)
    (found,) = [each for each in report.findings if each.code == "MLO605"]
    assert (found.severity, found.lowered and found.lowered.because) == (
        ("info", reason) if reason else ("low", None)
    )


def _rule_example(name: str) -> str:
    return (Path(__file__).parents[2] / "fixtures" / "rules" / name).read_text("utf-8")


HELLO = {"README.md": "# Hello world for Bedrock\n\nAnswers questions about pears.\n"}
PEARS = {"README.md": "# Pears\n\nAnswers questions about pears.\n"}


@pytest.mark.parametrize(
    ("example", "files", "severity"),
    [
        ("MLO101/fail.yaml", {}, "medium"),
        ("MLO101/fail.yaml", PEARS, "info"),
        ("MLO101/fail.yaml", {**PEARS, "production.tfvars": ""}, "medium"),
        ("MLS611/fail-named-principals.yaml", {}, "medium"),
        ("MLS611/fail-named-principals.yaml", PEARS, "info"),
        ("MLS611/fail-named-principals.yaml", HELLO, "info"),
        ("MLS611/fail-named-principals.yaml", {**PEARS, "production.tfvars": ""}, "medium"),
        ("MLS611/fail.yaml", PEARS, "high"),
        ("MLS615/fail-region.yaml", {}, "medium"),
        ("MLS615/fail-region.yaml", PEARS, "medium"),
        ("MLS615/fail-region.yaml", HELLO, "low"),
        ("MLS615/fail-region.yaml", {**HELLO, "production.tfvars": ""}, "medium"),
    ],
)
def test_what_is_tried_weighs_less(
    example: str, files: dict[str, str], severity: str, tmp_path: Path
) -> None:
    for name, text in {"template.yaml": _rule_example(example), **files}.items():
        (tmp_path / name).write_text(text, "utf-8")
    report = lint_paths([str(tmp_path)], lambda _: RunSettings(RULES, LoadOptions(root=tmp_path)), 1)
    code = example.partition("/")[0]
    assert [each.severity for each in report.findings if each.code == code] == [severity]


WATCHED = """
resource "aws_cloudwatch_metric_alarm" "errors" {
  namespace     = "NAMESPACE"
  metric_name   = "Errors"
  alarm_actions = ["arn:aws:sns:eu-west-1:111122223333:oncall"]
}
"""
DASHBOARD = """
Resources:
  Board:
    Type: AWS::CloudWatch::Dashboard
    Properties: {DashboardBody: "{fruit-data}"}
"""
NIGHTLY = """
resource "aws_scheduler_schedule" "nightly" {
  schedule_expression = "rate(1 day)"
  target { arn = "arn:aws:s3:::fruit-data" }
}
"""


@pytest.mark.parametrize(
    ("path", "text", "severity"),
    [
        ("monitoring/main.tf", WATCHED.replace("NAMESPACE", "AWS/SageMaker"), "medium"),
        ("stacks/alarms/main.tf", WATCHED.replace("NAMESPACE", "AWS/Bedrock"), "medium"),
        ("stacks/data/alarms/main.tf", WATCHED.replace("NAMESPACE", "AWS/SageMaker"), "medium"),
        ("monitoring.yaml", DASHBOARD, "medium"),
        ("schedules/main.tf", NIGHTLY, "medium"),
        ("monitoring/main.tf", WATCHED.replace("NAMESPACE", "AWS/EC2"), "info"),
        ("monitoring/main.tf", WATCHED.replace("NAMESPACE", "AWS/S3") + "# fruit-data\n", "medium"),
        (
            "monitoring/main.tf",
            WATCHED.replace("NAMESPACE", "AWS/SageMaker").replace("alarm_actions", "#"),
            "info",
        ),
        ("examples/monitoring/main.tf", WATCHED.replace("NAMESPACE", "AWS/SageMaker"), "info"),
        ("archive/main.tf", WATCHED.replace("NAMESPACE", "AWS/SageMaker"), "info"),
        ("monitoring.yaml", DASHBOARD.replace("fruit-data", "trees"), "info"),
    ],
)
def test_what_another_configuration_watches_is_operated(
    path: str, text: str, severity: str, tmp_path: Path
) -> None:
    place = "stacks/data/template.yaml" if path.startswith("stacks") else "template.yaml"
    files = {place: PLAIN["template.yaml"], "README.md": README, path: text}
    assert _weights(tmp_path, files) == {("MLS305", severity), ("MLR301", severity)}


def test_metrics_of_ml_of_another_place_show_nothing_of_this_one(tmp_path: Path) -> None:
    files = {
        "fruit/stacks/template.yaml": PLAIN["template.yaml"],
        "README.md": README,
        "trees/main.tf": WATCHED.replace("NAMESPACE", "AWS/SageMaker"),
    }
    assert _weights(tmp_path, files) == {("MLS305", "info"), ("MLR301", "info")}


ROLE = """
resource "aws_iam_role" "chat" {
  name = "chat"
  assume_role_policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "PRINCIPAL" } }]
  })
}
resource "aws_iam_role_policy" "chat" {
  role = aws_iam_role.chat.id
  policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = ["ACTION"], Resource = "*" }]
  })
}
"""
INSTANCE = """
resource "aws_iam_instance_profile" "chat" { role = aws_iam_role.chat.name }
resource "aws_instance" "chat" {
  ami                  = "ami-0123456789abcdef0"
  instance_type        = "t3.small"
  iam_instance_profile = aws_iam_instance_profile.chat.name
}
"""
TASK = """
resource "aws_ecs_task_definition" "chat" {
  family                = "chat"
  task_role_arn         = aws_iam_role.chat.arn
  container_definitions = jsonencode([{ name = "chat", image = "nginx:1.27" }])
}
"""
INVOKES = ROLE.replace("ACTION", "bedrock:InvokeAgent")
ON_EC2, ON_ECS = (
    INVOKES.replace("PRINCIPAL", "ec2.amazonaws.com"),
    INVOKES.replace("PRINCIPAL", "ecs-tasks.amazonaws.com"),
)
PLAIN_AGENT = AGENT.partition('resource "aws_lambda')[0]
OTHER = PLAIN_AGENT.replace('"desk"', '"till"').replace("role/desk", "role/till")
ONE = ON_EC2.replace('Resource = "*"', "Resource = aws_bedrockagent_agent.till.agent_arn")


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        (PLAIN_AGENT, "info"),
        (PLAIN_AGENT + ON_EC2 + INSTANCE, "low"),
        (PLAIN_AGENT + ON_ECS + TASK, "low"),
        (PLAIN_AGENT + ON_EC2, "info"),  # with which nothing runs
        (PLAIN_AGENT + ON_EC2.replace("InvokeAgent", "ListAgents") + INSTANCE, "info"),
    ],
)
def test_an_agent_that_a_running_program_may_invoke_is_not_only_tried(
    text: str, severity: str, tmp_path: Path
) -> None:
    (tmp_path / "main.tf").write_text(text, "utf-8")
    (tmp_path / "README.md").write_text(DESK["README.md"], "utf-8")
    report = lint_paths([str(tmp_path)], lambda _: RunSettings(RULES, LoadOptions(root=tmp_path)), 1)
    assert [each.severity for each in report.findings if each.code == "MLS601"] == [severity]


def test_a_program_that_may_invoke_one_agent_invokes_no_other(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(PLAIN_AGENT + OTHER + ONE + INSTANCE, "utf-8")
    (tmp_path / "README.md").write_text(DESK["README.md"], "utf-8")
    report = lint_paths([str(tmp_path)], lambda _: RunSettings(RULES, LoadOptions(root=tmp_path)), 1)
    found = {each.address: each.severity for each in report.findings if each.code == "MLS601"}
    assert found == {"aws_bedrockagent_agent.desk": "info", "aws_bedrockagent_agent.till": "low"}


@pytest.mark.parametrize(
    ("action", "reason"), [("bedrock:InvokeModel", UNOPERATED), ("s3:GetObject", ALSO_UNASKED)]
)
def test_an_instance_that_invokes_models_waits_for_them(action: str, reason: str, tmp_path: Path) -> None:
    role = ROLE.replace("PRINCIPAL", "ec2.amazonaws.com").replace("ACTION", action)
    (tmp_path / "main.tf").write_text(PLAIN_AGENT + role + INSTANCE, "utf-8")
    (tmp_path / "README.md").write_text(DESK["README.md"], "utf-8")
    report = lint_paths([str(tmp_path)], lambda _: RunSettings(RULES, LoadOptions(root=tmp_path)), 1)
    (lowered,) = [each.lowered for each in report.findings if each.code == "MLO605"]
    assert lowered is not None
    assert lowered.because == reason


def _of(code: str, folder: Path, text: str, operated: bool | None = None) -> dict[str, str]:
    """The severities of a rule's findings in a template that a document introduces, by address."""
    (folder / "template.yaml").write_text(text, "utf-8")
    (folder / "README.md").write_text(README, "utf-8")
    options = LoadOptions(root=folder, operated=operated)
    report = lint_paths([str(folder)], lambda _: RunSettings(RULES, options), 1)
    return {each.address: each.severity for each in report.findings if each.code == code}


CAPTURED = """\
      DataCaptureConfig:
        EnableCapture: true
        InitialSamplingPercentage: 100
        DestinationS3Uri: s3://capture/pears
        CaptureOptions: [{CaptureMode: Input}, {CaptureMode: Output}]
"""
PEARS_CONFIG = ENDPOINT.partition("Resources:\n")[2].replace("Config", "Pears", 1)


def test_what_others_of_the_type_have_was_overlooked(tmp_path: Path) -> None:
    assert _of("MLO107", tmp_path, ENDPOINT) == {"Config": "info"}
    assert _of("MLO107", tmp_path, ENDPOINT + PEARS_CONFIG + CAPTURED) == {"Config": "medium"}


HARDENED = """\
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: sagemaker.amazonaws.com}, Action: sts:AssumeRole}]
      Policies:
        - PolicyName: data
          PolicyDocument:
            Statement: [{Effect: Allow, Action: "s3:GetObject", Resource: !Sub "${Data.Arn}/*"}]
  Data:
    Type: AWS::S3::Bucket
    Properties:
      BucketEncryption:
        ServerSideEncryptionConfiguration: [{ServerSideEncryptionByDefault: {SSEAlgorithm: AES256}}]
      PublicAccessBlockConfiguration:
        {BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true}
      VersioningConfiguration: {Status: Enabled}
"""
UNVERSIONED = HARDENED.replace("      VersioningConfiguration: {Status: Enabled}\n", "")


@pytest.mark.parametrize(("text", "severity"), [(HARDENED, "low"), (UNVERSIONED, "info")])
def test_https_is_what_a_hardened_bucket_lacks(text: str, severity: str, tmp_path: Path) -> None:
    assert _of("MLS305", tmp_path, text) == {"Data": severity}


@pytest.mark.parametrize(("operated", "severity"), [(None, "info"), (False, "info"), (True, "medium")])
def test_the_configuration_states_it(operated: bool | None, severity: str, tmp_path: Path) -> None:
    assert _of("MLR101", tmp_path, ENDPOINT, operated) == {"Config": severity}


def test_what_stands_alone_is_not_operated_where_the_configuration_states_it(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(ENDPOINT, "utf-8")
    options = LoadOptions(root=tmp_path, operated=False)
    report = lint_paths([str(tmp_path)], lambda _: RunSettings(RULES, options), 1)
    assert [each.severity for each in report.findings if each.code == "MLR101"] == ["info"]


def test_what_is_high_stays_high(tmp_path: Path) -> None:
    assert _of("MLS611", tmp_path, _rule_example("MLS611/fail.yaml")) == {"Network": "high"}


ASYNCHRONOUS = """\
Resources:
  Endpoint:
    Type: AWS::SageMaker::Endpoint
    Properties: {EndpointConfigName: !GetAtt Config.EndpointConfigName}
  Config:
    Type: AWS::SageMaker::EndpointConfig
    Properties:
      AsyncInferenceConfig: {OutputConfig: {S3OutputPath: s3://fruit/prices}}
      ProductionVariants:
        - {VariantName: main, ModelName: price, InstanceType: ml.m5.large, InitialInstanceCount: COUNT}
"""


@pytest.mark.parametrize(
    ("title", "count", "severity"),
    [
        ("Prices", "1", "medium"),
        ("Prices: an example", "1", "low"),
        ("Prices: a workshop", "1", "low"),
        ("Prices: an example", "3", "medium"),
    ],
)
def test_an_example_that_waits_for_requests(title: str, count: str, severity: str, tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(ASYNCHRONOUS.replace("COUNT", count), "utf-8")
    (tmp_path / "README.md").write_text(f"# {title}\n", "utf-8")
    report = lint_paths([str(tmp_path)], lambda _: RunSettings(RULES, LoadOptions(root=tmp_path)), 1)
    assert [each.severity for each in report.findings if each.code == "MLC102"] == [severity]


@pytest.mark.parametrize(
    ("more", "severity"),
    [
        ({}, "medium"),
        ({"README.md": README}, "low"),
        ({"README.md": "# Prices: an example\n"}, "info"),
        ({"README.md": README, "prod.json": "{}"}, "medium"),
    ],
)
def test_a_burstable_instance_matters_under_load(more: dict[str, str], severity: str, tmp_path: Path) -> None:
    text = ENDPOINT.replace("ml.m5.large", "ml.t2.medium")
    for name, content in {"template.yaml": text, **more}.items():
        (tmp_path / name).write_text(content, "utf-8")
    report = lint_paths([str(tmp_path)], lambda _: RunSettings(RULES, LoadOptions(root=tmp_path)), 1)
    assert [each.severity for each in report.findings if each.code == "MLP102"] == [severity]


def test_names_and_tags_of_an_example_show_how_to_use_something(tmp_path: Path) -> None:
    for folder, severity in (("examples/complete", "info"), ("deploy", "medium")):
        place = tmp_path / folder.partition("/")[0]
        files = {"README.md": READY, f"{folder}/template.yaml": TEMPLATE + STAGE}
        assert ("MLS305", severity) in _weights(place, files)
