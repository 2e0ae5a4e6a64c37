"""Permissions and custom resources by which a bucket, a topic or a rule calls a function."""

from pathlib import Path

import pytest

from mlwa_lint.frontends.cloudformation.stacks.project import load
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.linking.link import link
from mlwa_lint.graph.queries.uploads import functions_of_uploads
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.worlds import World
from mlwa_lint.model.resources import Project
from tests.support.graphs import linked

HEAD = """
Parameters: {P: {Type: String}}
Conditions: {C: !Equals [!Ref P, a]}
Resources:
  F: {Type: AWS::Lambda::Function, Properties: {FunctionName: label}}
  Live: {Type: AWS::Lambda::Alias, Properties: {FunctionName: !Ref F}}
  Inbox: {Type: AWS::S3::Bucket}
  Topic: {Type: AWS::SNS::Topic}
  Queue: {Type: AWS::SQS::Queue}
  Mapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {FunctionName: !Ref Live, EventSourceArn: !GetAtt Queue.Arn}
"""


def project_of(resources: str) -> Project:
    project = load(Path("t.yaml"), LoadOptions(), HEAD + resources)
    assert not project.problems
    return project


def uploads(resources: str, **answers: bool) -> list[str]:
    project = project_of(resources)
    script = {f"t.yaml: {name}": answer for name, answer in answers.items()}
    graph = GraphView(link(project), World(project.scenarios, script))
    return [each.address for each in functions_of_uploads(graph.resource("Inbox"), graph)]


def permission(function: str, source: str) -> str:
    return (
        "  May:\n    Type: AWS::Lambda::Permission\n    Properties: "
        f"{{FunctionName: {function}, Principal: s3.amazonaws.com, SourceArn: {source}}}\n"
    )


@pytest.mark.parametrize("function", ["!Ref F", "!GetAtt F.Arn", "label", "!Ref Live"])
def test_a_permission_shows_that_the_bucket_calls_the_function(function: str) -> None:
    assert uploads(permission(function, "!GetAtt Inbox.Arn")) == ["F"]


@pytest.mark.parametrize("source", ["!Ref P", "'arn:aws:s3:::another'"])
def test_a_permission_for_something_else_proves_nothing(source: str) -> None:
    assert uploads(permission("!Ref F", source)) == []


def test_a_permission_is_no_second_edge() -> None:
    rule = "  R: {Type: AWS::Events::Rule, Properties: {Targets: [{Id: f, Arn: !GetAtt F.Arn}]}}\n"
    graph = link(project_of(rule + permission("!Ref F", "!GetAtt R.Arn")))
    assert [edge.path for edge in graph.edges_from("R", EdgeKind.TRIGGERS)] == [("Targets", "Arn")]


def custom(kind: str, target: str, events: str = "['s3:ObjectCreated:*']", condition: str = "") -> str:
    return (
        f"  Notifications:\n    Type: Custom::S3BucketNotifications\n{condition}    Properties:\n"
        "      BucketName: !Ref Inbox\n      NotificationConfiguration:\n"
        f"        {kind}s: [{{Events: {events}, {target}}}]\n"
    )


@pytest.mark.parametrize(
    ("resources", "expected"),
    [
        (custom("LambdaFunctionConfiguration", "LambdaFunctionArn: !GetAtt F.Arn"), ["F"]),
        (custom("LambdaFunctionConfiguration", "LambdaFunctionArn: !Ref Live"), ["F"]),
        (
            custom(
                "LambdaFunctionConfiguration", "LambdaFunctionArn: !GetAtt F.Arn", "['s3:ObjectRemoved:*']"
            ),
            [],
        ),
        (custom("QueueConfiguration", "QueueArn: !GetAtt Queue.Arn"), ["F"]),
    ],
)
def test_a_custom_resource_of_the_cdk_is_the_buckets_notification(
    resources: str, expected: list[str]
) -> None:
    assert uploads(resources) == expected


def test_a_custom_resource_under_a_condition() -> None:
    stated = custom(
        "LambdaFunctionConfiguration", "LambdaFunctionArn: !GetAtt F.Arn", condition="    Condition: C\n"
    )
    assert uploads(stated, C=True) == ["F"]
    assert uploads(stated, C=False) == []


def test_a_pipe_takes_from_a_queue() -> None:
    pipe = (
        "  Pipe: {Type: AWS::Pipes::Pipe, Properties: {Source: !GetAtt Queue.Arn, Target: !GetAtt F.Arn}}\n"
    )
    stated = custom("QueueConfiguration", "QueueArn: !GetAtt Queue.Arn")
    graph = link(project_of(stated + pipe))
    assert ("Pipe", "F") in {
        (edge.source, edge.target) for edge in graph.edges if edge.kind is EdgeKind.TRIGGERS
    }


def test_a_rule_that_names_the_bucket_by_its_name() -> None:
    rule = (
        "  Named: {Type: AWS::S3::Bucket, Properties: {BucketName: acme-inbox}}\n"
        "  R:\n    Type: AWS::Events::Rule\n    Properties:\n"
        "      EventPattern: {source: [aws.s3], detail-type: [Object Created], "
        "detail: {bucket: {name: [acme-inbox]}}}\n"
        "      Targets: [{Id: f, Arn: !GetAtt F.Arn}]\n"
    )
    project = project_of(rule)
    graph = linked(project)
    assert [each.address for each in functions_of_uploads(graph.resource("Named"), graph)] == ["F"]


@pytest.mark.parametrize(
    "named", ["!Ref Fn.Alias", "!Sub '${Fn.Alias}'", "!Ref Fn.Version", "!GetAtt Fn.Arn"]
)
def test_what_sam_lets_a_template_call_its_resources(named: str) -> None:
    project = load(
        Path("t.yaml"),
        LoadOptions(),
        f"""
Transform: AWS::Serverless-2016-10-31
Resources:
  Fn: {{Type: AWS::Serverless::Function, Properties: {{AutoPublishAlias: live, InlineCode: x}}}}
  Inbox: {{Type: AWS::S3::Bucket}}
  R:
    Type: AWS::Events::Rule
    Properties:
      EventPattern: {{detail: {{bucket: {{name: [!Ref Inbox]}}}}}}
      Targets: [{{Id: f, Arn: {named}}}]
""",
    )
    graph = linked(project)
    assert [each.address for each in functions_of_uploads(graph.resource("Inbox"), graph)] == ["Fn"]
