"""What sets functions and workflows going, and what automates training and deployment."""

from pathlib import Path

import pytest

from mlwa_lint.frontends.cloudformation.stacks.project import load
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.graph.queries import asynchronous, triggers
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.model.answers import NO, YES, Answer
from mlwa_lint.run.loading import with_documents
from tests.support.graphs import linked

UNDECIDED = Answer("undecided")
HEAD = """
Parameters:
  P: {Type: String}
Resources:
  F:
    Type: AWS::Lambda::Function
    Properties: {Role: !GetAtt Role.Arn}
  Train:
    Type: AWS::SageMaker::Pipeline
    Properties: {PipelineName: train, PipelineDefinition: {Version: "2020-12-01", Steps: []}}
  Other:
    Type: AWS::SageMaker::Pipeline
    Properties: {PipelineName: other, PipelineDefinition: {Version: "2020-12-01", Steps: []}}
  Machine:
    Type: AWS::StepFunctions::StateMachine
    Properties: {Definition: {StartAt: Wait, States: {Wait: {Type: Pass, End: true}}}}
"""
ROLE = """
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Statement: []}
      Policies:
        - PolicyName: p
          PolicyDocument: {Statement: [{Effect: Allow, Action: %s, Resource: %s}]}
"""
NOTIFYING_BUCKET = """
  B:
    Type: AWS::S3::Bucket
    Properties:
      NotificationConfiguration: {LambdaConfigurations: [{Event: x, Function: !GetAtt F.Arn}]}
"""
MACHINE = """
  OneStep:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      Definition:
        StartAt: S
        States: {S: {Type: Task, End: true, Resource: "arn:aws:states:::%s", Parameters: {%s}}}
"""
ALIAS = "  A: {Type: AWS::Lambda::Alias, Properties: {FunctionName: !Ref F}}\n"
PERMISSION = """
  Q:
    Type: AWS::Lambda::Permission
    Properties: {FunctionName: !Ref F, Principal: %s, SourceArn: %s}
"""
SILENT_BUCKET = "  B: {Type: AWS::S3::Bucket, Properties: {%s}}\n" + PERMISSION % (
    "s3.amazonaws.com",
    "!GetAtt B.Arn",
)
SETTING = "  N: {Type: Custom::Notify, Properties: {ServiceToken: !Ref P, Bucket: !Ref B}}\n"
PLAIN_ROLE = ROLE % ("s3:GetObject", "'*'")


def graph_of(resources: str, head: str = HEAD) -> GraphView:
    project = with_documents(load(Path("t.yaml"), LoadOptions(), head + resources))
    return linked(project)


@pytest.mark.parametrize(
    ("resources", "expected"),
    [
        ("", NO),
        (NOTIFYING_BUCKET, YES),
        ("  T: {Type: AWS::SNS::Topic, Properties: {Subscription: [{Endpoint: !GetAtt F.Arn}]}}\n", YES),
        ("  S: {Type: AWS::SNS::Subscription, Properties: {Endpoint: !GetAtt F.Arn}}\n", YES),
        ("  R: {Type: AWS::Events::Rule, Properties: {Targets: [{Arn: !GetAtt F.Arn}]}}\n", YES),
        ("  S: {Type: AWS::Scheduler::Schedule, Properties: {Target: {Arn: !GetAtt F.Arn}}}\n", YES),
        (ALIAS + "  R: {Type: AWS::Events::Rule, Properties: {Targets: [{Arn: !Ref A}]}}\n", YES),
        ("  Q: {Type: AWS::Lambda::Permission, Properties: {FunctionName: !Ref F, Principal: s3}}\n", NO),
        ("  M: {Type: AWS::Lambda::EventSourceMapping, Properties: {FunctionName: !Ref F}}\n", NO),
        # A permission alone sets nothing going: S3 calls what the notifications of a bucket name.
        (SILENT_BUCKET % "", NO),
        (SILENT_BUCKET % "NotificationConfiguration: {TopicConfigurations: []}", NO),
        (SILENT_BUCKET % "NotificationConfiguration: !Ref P", UNDECIDED),
        (SILENT_BUCKET % "" + SETTING, UNDECIDED),
        (NOTIFYING_BUCKET + PERMISSION % ("s3.amazonaws.com", "!GetAtt B.Arn"), YES),
        (PERMISSION % ("s3.amazonaws.com", "!Ref P"), UNDECIDED),
        (PERMISSION % ("s3.amazonaws.com", "arn:aws:s3:::inbox-of-others"), UNDECIDED),
        (PERMISSION % ("events.amazonaws.com", "!Ref P"), UNDECIDED),
        (PERMISSION % ("apigateway.amazonaws.com", "!Ref P"), NO),
        ("  T: {Type: AWS::SNS::Topic}\n" + PERMISSION % ("sns.amazonaws.com", "!Ref T"), NO),
        ("  R: {Type: AWS::Events::Rule}\n" + PERMISSION % ("events.amazonaws.com", "!GetAtt R.Arn"), NO),
        (
            "  R: {Type: AWS::Events::Rule, Properties: {Targets: [{Arn: !Ref P}]}}\n"
            + PERMISSION % ("events.amazonaws.com", "!GetAtt R.Arn"),
            UNDECIDED,
        ),
    ],
)
def test_who_calls_a_function_without_waiting(resources: str, expected: Answer) -> None:
    graph = graph_of(PLAIN_ROLE + resources)
    assert asynchronous.is_called_asynchronously(graph.resource("F"), graph).verdict == expected.verdict


@pytest.mark.parametrize(
    ("resources", "expected"),
    [
        ("", False),
        (NOTIFYING_BUCKET, False),
        ("  S: {Type: AWS::Scheduler::Schedule, Properties: {Target: {Arn: !GetAtt F.Arn}}}\n", True),
        ("  R: {Type: AWS::Events::Rule, Properties: {Targets: [{Arn: !GetAtt F.Arn}]}}\n", True),
        (
            (
                "  R: {Type: AWS::Events::Rule, Properties: {EventPattern: {source: [a]},"
                " Targets: [{Arn: !GetAtt F.Arn}]}}\n"
            ),
            False,
        ),
        (
            (
                "  S: {Type: AWS::Scheduler::Schedule, Properties: {Target: {Arn: !GetAtt F.Arn}}}\n"
                "  U: {Type: AWS::SNS::Subscription, Properties: {Endpoint: !GetAtt F.Arn}}\n"
            ),
            False,
        ),
    ],
)
def test_only_schedules_call_a_function(resources: str, expected: bool) -> None:
    graph = graph_of(PLAIN_ROLE + resources)
    assert asynchronous.is_called_by_clocks_only(graph.resource("F"), graph) is expected


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ("{FunctionName: !Ref F, DestinationConfig: {OnFailure: {Destination: arn}}}", YES),
        ("{FunctionName: !Ref F, DestinationConfig: {OnSuccess: {Destination: arn}}}", NO),
        ("{FunctionName: !Ref F, DestinationConfig: {OnFailure: {Destination: !Ref P}}}", UNDECIDED),
        ("{FunctionName: other, DestinationConfig: {OnFailure: {Destination: arn}}}", NO),
    ],
)
def test_an_on_failure_destination_keeps_failed_events(config: str, expected: Answer) -> None:
    graph = graph_of(f"{PLAIN_ROLE}  C: {{Type: AWS::Lambda::EventInvokeConfig, Properties: {config}}}\n")
    assert asynchronous.keeps_failures(graph.resource("F"), graph) == expected


@pytest.mark.parametrize(
    ("actions", "where", "expected"),
    [
        ("sagemaker:StartPipelineExecution", "'*'", YES),
        ("sagemaker:Start*", "'*'", YES),
        ("sagemaker:StartPipelineExecution", "!Sub 'arn:aws:sagemaker:x:1:pipeline/${Train}'", YES),
        ("sagemaker:StartPipelineExecution", "arn:aws:sagemaker:x:1:pipeline/train", YES),
        ("sagemaker:StartPipelineExecution", "arn:aws:sagemaker:x:1:pipeline/tr*", YES),
        ("sagemaker:StartPipelineExecution", "arn:aws:sagemaker:x:1:pipeline/other", NO),
        ("sagemaker:StartPipelineExecution", "!Sub 'arn:aws:sagemaker:x:1:pipeline/${Other}'", NO),
        ("sagemaker:StartPipelineExecution", "!GetAtt Other.Arn", NO),
        ("sagemaker:DescribePipeline", "'*'", NO),
        ("states:StartExecution", "'*'", NO),
        ("!Ref P", "'*'", UNDECIDED),
    ],
)
def test_a_function_that_may_start_a_workflow_triggers_it(actions: str, where: str, expected: Answer) -> None:
    graph = graph_of(ROLE % (actions, where))
    assert triggers.is_triggered(graph.resource("Train"), graph) == expected


@pytest.mark.parametrize(
    ("resources", "expected"),
    [
        ("R: {Type: AWS::Events::Rule, Properties: {Targets: [{Arn: !Ref Machine}]}}", YES),
        ("R: {Type: AWS::Events::Rule, Properties: {State: DISABLED, Targets: [{Arn: !Ref Machine}]}}", NO),
        (
            "R: {Type: AWS::Events::Rule, Properties: {State: !Ref P, Targets: [{Arn: !Ref Machine}]}}",
            UNDECIDED,
        ),
        ("A: {Type: AWS::CloudWatch::Alarm, Properties: {AlarmDescription: !Ref Machine}}", NO),
        ("G: {Type: AWS::ApiGateway::Method, Properties: {Integration: {Uri: !Ref Machine}}}", YES),
        ("B: {Type: AWS::CodeBuild::Project, Properties: {Description: !Ref Machine}}", YES),
    ],
)
def test_what_names_a_workflow_starts_it_unless_it_is_off(resources: str, expected: Answer) -> None:
    graph = graph_of(f"{PLAIN_ROLE}  {resources}\n")
    assert triggers.is_triggered(graph.resource("Machine"), graph) == expected


@pytest.mark.parametrize(
    ("call", "given", "state", "expected"),
    [
        ("sagemaker:startPipelineExecution", """'{"PipelineName": "train"}'""", "ENABLED", YES),
        ("sagemaker:startPipelineExecution", """'{"PipelineName": "train"}'""", "DISABLED", NO),
        ("sagemaker:startPipelineExecution", """'{"PipelineName": "retrain"}'""", "ENABLED", NO),
        ("sagemaker:startPipelineExecution", "!Ref P", "ENABLED", UNDECIDED),
        ("sagemaker:stopPipelineExecution", """'{"PipelineName": "train"}'""", "ENABLED", NO),
    ],
)
def test_a_schedule_that_starts_a_workflow_by_its_name_triggers_it(
    call: str, given: str, state: str, expected: Answer
) -> None:
    schedule = (
        "  S:\n    Type: AWS::Scheduler::Schedule\n    Properties:\n"
        f"      State: {state}\n"
        f"      Target: {{Arn: 'arn:aws:scheduler:::aws-sdk:{call}', Input: {given}}}\n"
    )
    graph = graph_of(PLAIN_ROLE + schedule)
    assert triggers.is_triggered(graph.resource("Train"), graph) == expected


@pytest.mark.parametrize(
    ("resources", "expected"),
    [
        (PLAIN_ROLE, NO),
        (ROLE % ("sagemaker:UpdateEndpoint", "'*'"), YES),
        (ROLE % ("!Ref P", "'*'"), UNDECIDED),
        (f"{PLAIN_ROLE}  C: {{Type: AWS::CodePipeline::Pipeline}}\n", YES),
        (f"{PLAIN_ROLE}  A: {{Type: AWS::MWAA::Environment}}\n", YES),
        (PLAIN_ROLE + MACHINE % ("dynamodb:putItem", ""), NO),
        (PLAIN_ROLE + MACHINE % ("sagemaker:createTrainingJob", ""), YES),
        (PLAIN_ROLE + MACHINE % ("lambda:invoke", "FunctionName: !Ref F"), NO),
        (PLAIN_ROLE + MACHINE % ("lambda:invoke", "FunctionName: elsewhere"), UNDECIDED),
        (
            ROLE % ("sagemaker:CreateEndpoint", "'*'") + MACHINE % ("lambda:invoke", "FunctionName: !Ref F"),
            YES,
        ),
        (
            PLAIN_ROLE + "  S:\n    Type: AWS::Scheduler::Schedule\n"
            "    Properties: {Target: {Arn: 'arn:aws:scheduler:::aws-sdk:sagemaker:createTrainingJob'}}\n",
            YES,
        ),
    ],
)
def test_what_automates_training_or_deployment(resources: str, expected: Answer) -> None:
    head = HEAD.partition("  Train:")[0]
    assert triggers.automates(graph_of(resources, head)) == expected


@pytest.mark.parametrize(
    ("actions", "managed", "expected"),
    [
        ("s3:GetObject", "[]", NO),
        ("sagemaker:CreateTrainingJob", "[]", YES),
        ("sagemaker:*", "[]", YES),
        ("s3:GetObject", "['arn:aws:iam::aws:policy/AmazonSageMakerFullAccess']", YES),
        ("s3:GetObject", "['arn:aws:iam::aws:policy/AmazonSageMakerReadOnly']", NO),
        ("s3:GetObject", "[!Ref P]", UNDECIDED),
    ],
)
def test_who_may_train(actions: str, managed: str, expected: Answer) -> None:
    role = ROLE % (actions, "'*'") + f"      ManagedPolicyArns: {managed}\n"
    graph = graph_of(role)
    assert triggers.may_train(graph.resource("F"), graph) == expected
