"""Alarms to whose states other files of the repository react, and dashboards in files of it."""

import json

import pytest

from tests.support.workspace import Workspace

ALARM = """\
Resources:
  Errors:
    Type: AWS::CloudWatch::Alarm
    Properties:
      AlarmName: !Sub churn-${AWS::StackName}-errors
      Namespace: AWS/SageMaker
      MetricName: Invocation5XXErrors
      Dimensions: [{Name: EndpointName, Value: churn}, {Name: VariantName, Value: a}]
      Statistic: Sum
      Period: 60
      EvaluationPeriods: 1
      Threshold: 1
      ComparisonOperator: GreaterThanThreshold
"""
RULE = """\
Resources:
  Rule:
    Type: AWS::Events::Rule
    Properties:
      EventPattern:
        source: [aws.cloudwatch]
        detail-type: ["CloudWatch Alarm State Change"]
        detail: {DETAIL}
      Targets: [{Id: a, Arn: arn:aws:sns:eu-west-1:111122223333:alerts}]
"""
NAMED = '{alarmName: [!Sub "churn-${Stack}-errors"]}'


def _found(workspace: Workspace, code: str) -> tuple[int, int]:
    """How many findings and undecided checks a rule has."""
    (workspace.folder / "template.yaml").unlink(missing_ok=True)
    (workspace.folder / ".git").mkdir(exist_ok=True)
    ran = workspace.run(
        "check", "--format", "json", "--select", code, "--show-undecided", "--severity", "info"
    )
    report = json.loads(ran.out)
    return len(report["findings"]), len(report["undecided"])


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("two/rule.yaml", RULE.replace("{DETAIL}", NAMED), (0, 1)),
        ("two/rule.yaml", RULE.replace("{DETAIL}", NAMED.replace("errors", "latency")), (1, 0)),
        ("two/rule.yaml", RULE.replace("{DETAIL}", "{state: {value: [ALARM]}}"), (0, 1)),
        ("watch.py", "found = client.describe_alarms(AlarmNames=[f'churn-{stack}-errors'])\n", (0, 1)),
        ("watch.py", "found = client.describe_alarms()\n", (1, 0)),
        ("tests/test_watch.py", "client.describe_alarms(AlarmNames=['churn-a-errors'])\n", (1, 0)),
        ("README.md", RULE.replace("{DETAIL}", NAMED), (1, 0)),
    ],
)
def test_what_reacts_to_an_alarm(
    workspace: Workspace, name: str, text: str, expected: tuple[int, int]
) -> None:
    workspace.write("one/alarm.yaml", ALARM)
    workspace.write(name, text)
    assert _found(workspace, "MLO105") == expected


BODY = '{"widgets": [{"properties": {"metrics": [["NAMESPACE", "ModelLatency"]]}}]}'
HOSTING = """\
Resources:
  Endpoint:
    Type: AWS::SageMaker::Endpoint
    Properties: {EndpointConfigName: config}
"""
PUTS = "body = open('board.json').read()\nclient.put_dashboard(DashboardName='churn', DashboardBody=body)\n"


@pytest.mark.parametrize(
    ("namespace", "program", "number"),
    [
        ("AWS/SageMaker", PUTS, 0),
        ("/aws/sagemaker/Endpoints", PUTS, 0),
        ("AWS/Lambda", PUTS, 1),
        ("AWS/SageMaker", "print()\n", 1),
    ],
)
def test_a_dashboard_in_a_file(workspace: Workspace, namespace: str, program: str, number: int) -> None:
    workspace.write("endpoint.yaml", HOSTING)
    workspace.write("board.json", BODY.replace("NAMESPACE", namespace))
    workspace.write("show.py", program)
    assert _found(workspace, "MLO512") == (number, 0)


CRAWLER = """\
resource "aws_glue_crawler" "events" {
  name          = NAME
  role          = "arn:aws:iam::111122223333:role/crawler"
  database_name = "events"
  s3_target { path = "s3://acme-events/" }
}

resource "aws_sagemaker_model_package_group" "churn" {
  model_package_group_name = "churn"
}
"""


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("app.py", "glue.start_crawler(Name='events')\n", (0, 0)),
        ("app.py", "NAME = 'events'\nglue.start_crawler(Name=NAME)\n", (0, 0)),
        ("app.ts", "client.send(new StartCrawlerCommand({ Name: 'events' }));\n", (0, 0)),
        ("app.py", "glue.start_crawler(Name=os.environ['CRAWLER'])\n", (0, 1)),
        ("app.py", "glue.start_crawler(Name='orders')\n", (1, 0)),
        ("app.py", "glue.get_crawler(Name='events')\n", (1, 0)),
        ("refresh.sh", "aws glue start-crawler --name events\n", (0, 1)),
        ("refresh.sh", "aws glue start-crawler --name orders\n", (1, 0)),
        # Ends only if the time for this grows with its length, and not by powers of it.
        ("refresh.sh", "aws glue start-crawler" + " \\" * 1_000 + "\n", (0, 1)),
        ("tests/test_app.py", "glue.start_crawler(Name='events')\n", (1, 0)),
        ("README.md", "aws glue start-crawler --name events\n", (1, 0)),
    ],
)
def test_a_program_may_start_a_crawler(
    workspace: Workspace, name: str, text: str, expected: tuple[int, int]
) -> None:
    (workspace.folder / "infrastructure").mkdir()
    workspace.write("infrastructure/main.tf", CRAWLER.replace("NAME", '"events"'))
    (workspace.folder / name).parent.mkdir(exist_ok=True)
    workspace.write(name, text)
    assert _found(workspace, "MLO510") == expected


def test_a_crawler_whose_name_is_not_known_may_be_the_one_that_is_started(workspace: Workspace) -> None:
    workspace.write("main.tf", CRAWLER.replace("NAME", "var.name") + 'variable "name" {}\n')
    workspace.write("app.py", "glue.start_crawler(Name='events')\n")
    assert _found(workspace, "MLO510") == (0, 1)


ENDPOINT = """\
Resources:
  Config:
    Type: AWS::SageMaker::EndpointConfig
    Properties:
      DataCaptureConfig:
        EnableCapture: true
        InitialSamplingPercentage: 100
        DestinationS3Uri: s3://acme-captured/churn
        CaptureOptions: [{CaptureMode: Input}, {CaptureMode: Output}]
      ProductionVariants:
        - {VariantName: a, ModelName: churn, InstanceType: ml.m5.large, InitialInstanceCount: 2}
  Endpoint:
    Type: AWS::SageMaker::Endpoint
    Properties: {EndpointName: churn, EndpointConfigName: !GetAtt Config.EndpointConfigName}
"""
WATCHING = "client.create_monitoring_schedule(MonitoringScheduleConfig=c)\n"


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        (
            "app.py",
            f"c = {{'EndpointName': event['ResourceProperties']['EndpointName']}}\n{WATCHING}",
            (0, 1),
        ),
        ("app.py", f"c = {{'EndpointName': 'churn'}}\n{WATCHING}", (0, 1)),
        ("app.py", f"c = {{'EndpointName': 'prices'}}\n{WATCHING}", (1, 0)),
        ("app.py", f"client.create_endpoint(EndpointName=name)\n{WATCHING}", (1, 0)),
        ("tests/test_app.py", WATCHING, (1, 0)),
        ("README.md", WATCHING, (1, 0)),
    ],
)
def test_a_program_may_watch_an_endpoint_whose_name_it_is_given(
    workspace: Workspace, name: str, text: str, expected: tuple[int, int]
) -> None:
    (workspace.folder / "infrastructure").mkdir()
    workspace.write("infrastructure/main.yaml", ENDPOINT)
    (workspace.folder / name).parent.mkdir(exist_ok=True)
    workspace.write(name, text)
    assert _found(workspace, "MLO109") == expected
