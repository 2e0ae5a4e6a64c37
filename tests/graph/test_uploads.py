"""What processes the objects that are put into a bucket."""

from pathlib import Path

import pytest

from mlwa_lint.frontends.cloudformation.stacks.project import load
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.graph.kinds import BUCKET
from mlwa_lint.graph.queries.uploads import functions_of_uploads
from mlwa_lint.run.loading import with_documents
from tests.support.graphs import linked

HEAD = """
Resources:
  F: {Type: AWS::Lambda::Function}
  Topic: {Type: AWS::SNS::Topic}
  Queue: {Type: AWS::SQS::Queue}
  Mapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {FunctionName: !Ref F, EventSourceArn: !GetAtt Queue.Arn}
  Inbox:
    Type: AWS::S3::Bucket
    Properties:
      NotificationConfiguration: {%s}
"""
TO_QUEUE = (
    "  S: {Type: AWS::SNS::Subscription, Properties: {TopicArn: !Ref Topic, Endpoint: !GetAtt Queue.Arn}}\n"
)
RULE = """
  R:
    Type: AWS::Events::Rule
    Properties:
      State: %s
      EventPattern: {source: [aws.s3], detail-type: %s, detail: {bucket: {name: [!Ref Inbox]}}}
      Targets: [{Id: f, Arn: !GetAtt F.Arn}]
"""


def functions(notifications: str, resources: str = "") -> list[str]:
    project = with_documents(load(Path("t.yaml"), LoadOptions(), HEAD % notifications + resources))
    graph = linked(project)
    (bucket,) = graph.of_type(BUCKET)
    return [each.address for each in functions_of_uploads(bucket, graph)]


@pytest.mark.parametrize(
    ("event", "expected"),
    [("s3:ObjectCreated:*", ["F"]), ("s3:ObjectCreated:Put", ["F"]), ("s3:ObjectRemoved:*", [])],
)
def test_a_notification_counts_when_it_is_about_new_objects(event: str, expected: list[str]) -> None:
    stated = f"LambdaConfigurations: [{{Event: '{event}', Function: !GetAtt F.Arn}}]"
    assert functions(stated) == expected


def test_one_of_several_notifications_of_a_function_is_enough() -> None:
    stated = [
        f"{{Event: '{each}', Function: !GetAtt F.Arn}}"
        for each in ("s3:ObjectRemoved:*", "s3:ObjectCreated:*")
    ]
    assert functions(f"LambdaConfigurations: [{', '.join(stated)}]") == ["F"]


def test_a_queue_hands_uploads_on() -> None:
    stated = "QueueConfigurations: [{Event: 's3:ObjectCreated:*', Queue: !GetAtt Queue.Arn}]"
    assert functions(stated) == ["F"]


def test_a_topic_hands_uploads_on_to_a_queue() -> None:
    stated = "TopicConfigurations: [{Event: 's3:ObjectCreated:*', Topic: !Ref Topic}]"
    assert functions(stated) == []
    assert functions(stated, TO_QUEUE) == ["F"]


@pytest.mark.parametrize(
    ("state", "kinds", "expected"),
    [
        ("ENABLED", "[Object Created]", ["F"]),
        ("ENABLED", "[Object Deleted, Object Created]", ["F"]),
        ("ENABLED", "[AWS API Call via CloudTrail]", ["F"]),
        ("ENABLED", "[Object Deleted]", []),
        ("DISABLED", "[Object Created]", []),
    ],
)
def test_a_rule_counts_when_it_is_on_and_about_new_objects(
    state: str, kinds: str, expected: list[str]
) -> None:
    stated = "EventBridgeConfiguration: {EventBridgeEnabled: true}"
    assert functions(stated, RULE % (state, kinds)) == expected
