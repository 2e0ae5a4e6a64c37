"""S3 events of SAM's functions, which SAM writes into the bucket."""

from typing import Any

from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.linking.link import link

from .templates import plain, project_of, resource

TEMPLATE = """
        Transform: AWS::Serverless-2016-10-31
        Resources:
          Letters:
            Type: AWS::S3::Bucket
            {properties}
          Read:
            Type: AWS::Serverless::Function
            Properties:
              Runtime: python3.12
              Handler: app.handler
              CodeUri: s3://code/read.zip
              Events:
                Upload:
                  Type: S3
                  Properties:
                    Bucket: {bucket}
                    Events: {events}
"""


def notified(properties: str = "", bucket: str = "!Ref Letters", events: str = "s3:ObjectCreated:*") -> Any:
    project = project_of(TEMPLATE.format(properties=properties, bucket=bucket, events=events))
    edges = link(project).edges_into("Read", EdgeKind.TRIGGERS)
    letters = plain(resource(project, "Letters").properties)
    return [edge.source for edge in edges], letters


def test_a_bucket_notifies_the_function() -> None:
    triggers, letters = notified()
    assert triggers == ["Letters"]
    (configuration,) = letters["NotificationConfiguration"]["LambdaConfigurations"]
    assert configuration["Event"] == "s3:ObjectCreated:*"


def test_each_event_is_a_notification_of_its_own() -> None:
    _, letters = notified(events="['s3:ObjectCreated:Put', 's3:ObjectRemoved:*']")
    listed = letters["NotificationConfiguration"]["LambdaConfigurations"]
    assert [each["Event"] for each in listed] == ["s3:ObjectCreated:Put", "s3:ObjectRemoved:*"]


def test_what_the_bucket_itself_states_stays() -> None:
    own = "Properties: {BucketName: letters, NotificationConfiguration: {EventBridgeConfiguration: {}}}"
    _, letters = notified(own, bucket="{Ref: Letters}")
    assert letters["BucketName"] == "letters"
    assert set(letters["NotificationConfiguration"]) == {"EventBridgeConfiguration", "LambdaConfigurations"}


def test_a_bucket_by_another_name_is_left_alone() -> None:
    triggers, letters = notified(bucket="letters-elsewhere")
    assert triggers == []
    assert letters == {}
