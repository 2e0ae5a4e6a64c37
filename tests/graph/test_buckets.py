"""Buckets: plain HTTP, records of access, logs, websites."""

import pytest

from mlwa_lint.catalogue.registry import load_rules
from mlwa_lint.graph.queries import buckets, log_stores, logs, plain_http
from mlwa_lint.model.answers import NO, YES, Answer
from mlwa_lint.run.evaluation import check_project
from tests.graph.test_data import graph_of

UNDECIDED = Answer("undecided")
BUCKET = "  Data: {Type: 'AWS::S3::Bucket', Properties: {BucketName: acme-data}}\n"
PLAIN = "Bool: {'aws:SecureTransport': 'false'}"


def policy(statement: str) -> str:
    return (
        "  Policy:\n    Type: AWS::S3::BucketPolicy\n    Properties:\n      Bucket: !Ref Data\n"
        f"      PolicyDocument: {{Statement: [{statement}]}}\n"
    )


def denial(
    condition: str = PLAIN, resource: str = "'*'", action: str = "'s3:*'", principal: str = "'*'"
) -> Answer:
    graph = graph_of(
        BUCKET
        + policy(
            f"{{Effect: Deny, Principal: {principal}, Action: {action}, Resource: {resource},"
            f" Condition: {{{condition}}}}}"
        )
    )
    return plain_http.denies_plain_http(graph.resource("Data"), graph)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (PLAIN, YES),
        ("Bool: {'aws:SecureTransport': false}", YES),
        ("Bool: {'aws:securetransport': 'False'}", YES),
        ("BoolIfExists: {'aws:SecureTransport': ['false']}", YES),
        ("StringEquals: {'aws:SecureTransport': 'false'}", YES),
        ("StringNotEquals: {'aws:SecureTransport': 'true'}", YES),
        ("Bool: {'aws:SecureTransport': 'true'}", NO),
        ("StringNotEquals: {'aws:SecureTransport': 'false'}", NO),
        ("NumericLessThan: {'s3:TlsVersion': 1.2}", NO),
        (f"{PLAIN}, NumericLessThan: {{'s3:TlsVersion': 1.2}}", NO),
        (f"{PLAIN}, StringNotEquals: {{'aws:SourceVpce': vpce-1}}", NO),
        (f"{PLAIN}, ArnNotLike: {{'aws:PrincipalArn': 'arn:aws:iam::1:role/x'}}", YES),
        ("Bool: {'aws:SecureTransport': 'false', 'aws:PrincipalIsAWSService': 'false'}", YES),
        ("Bool: {'aws:SecureTransport': !Ref P}", UNDECIDED),
    ],
)
def test_conditions_that_deny_plain_http(condition: str, expected: Answer) -> None:
    assert denial(condition) == expected


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        ("'*'", YES),
        ("'arn:aws:s3:::acme-data/*'", YES),
        ("'arn:aws:s3:::acme-data*'", YES),
        ("'arn:aws:s3:::*'", YES),
        ("!Sub '${Data.Arn}/*'", YES),
        ("!Sub 'arn:${AWS::Partition}:s3:::${Data}/*'", YES),
        ("!Sub 'arn:aws:s3:::${P}/*'", YES),
        ("[!GetAtt Data.Arn, !Sub '${Data.Arn}/*']", YES),
        ("!GetAtt Data.Arn", NO),
        ("[!Sub 'arn:aws:s3:::${Data}']", NO),
        ("'arn:aws:s3:::acme-data'", NO),
        ("'arn:aws:s3:::acme-data/logs/*'", NO),
        ("!Sub '${Data.Arn}/${P}'", UNDECIDED),
        ("!Sub 'arn:aws:s3:::acme-${P}'", UNDECIDED),
        ("!Sub 'arn:aws:s3:::${Data}'", NO),
        ("!Ref P", UNDECIDED),
    ],
)
def test_resources_that_cover_the_objects(resource: str, expected: Answer) -> None:
    assert denial(resource=resource) == expected


@pytest.mark.parametrize("resource", ["!Sub 'arn:aws:s3:::acme-${P}'", "!Sub '${Data.Arn}/${P}'"])
def test_a_resource_that_may_cover_the_objects_is_the_reason(resource: str) -> None:
    assert "a resource of its policy is not known" in denial(resource=resource).reasons


@pytest.mark.parametrize(
    ("action", "principal", "expected"),
    [
        ("'*'", "'*'", YES),
        ("['s3:GetObject', 's3:PutObject']", "{AWS: '*'}", YES),
        ("'s3:GetObject'", "'*'", NO),
        ("'s3:*'", "{AWS: !Sub 'arn:aws:iam::${AWS::AccountId}:root'}", NO),
    ],
)
def test_who_is_denied_what(action: str, principal: str, expected: Answer) -> None:
    assert denial(action=action, principal=principal) == expected


def trail(selectors: str, logging: str = "true") -> str:
    return (
        "  Trail:\n    Type: AWS::CloudTrail::Trail\n    Properties:\n"
        f"      IsLogging: {logging}\n      S3BucketName: trails\n      {selectors}\n"
    )


def objects(values: str) -> str:
    return f"EventSelectors: [{{DataResources: [{{Type: 'AWS::S3::Object', Values: {values}}}]}}]"


def advanced(*fields: str) -> str:
    kept = ", ".join(("{Field: resources.type, Equals: ['AWS::S3::Object']}", *fields))
    return f"AdvancedEventSelectors: [{{FieldSelectors: [{kept}]}}]"


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        ("", NO),
        (trail("EventSelectors: [{ReadWriteType: All}]"), NO),
        (trail(objects("['arn:aws:s3']")), YES),
        (trail(objects("['arn:aws:s3:::']")), YES),
        (trail(objects("[!Sub 'arn:${AWS::Partition}:s3:::']")), YES),
        (trail(objects("[!Sub '${Data.Arn}/']")), YES),
        (trail(objects("['arn:aws:s3:::acme-data/']")), YES),
        (trail(objects("['arn:aws:s3:::other/']")), NO),
        (trail(objects("[!Sub 'arn:aws:s3:::${P}/']")), UNDECIDED),
        (trail(objects("['arn:aws:s3']"), logging="false"), NO),
        (trail(advanced()), YES),
        (trail(advanced("{Field: resources.ARN, StartsWith: [!Sub '${Data.Arn}/']}")), YES),
        (trail(advanced("{Field: resources.ARN, StartsWith: ['arn:aws:s3:::other/']}")), NO),
        (trail(advanced("{Field: resources.ARN, StartsWith: ['arn:aws:s3']}")), YES),
    ],
)
def test_trails_that_record_access(others: str, expected: Answer) -> None:
    graph = graph_of(BUCKET + others)
    assert buckets.records_access(graph.resource("Data"), graph) == expected


LOGGING = (
    "  B:\n    Type: AWS::S3::Bucket\n"
    "    Properties: {LoggingConfiguration: {DestinationBucketName: !Ref Data}}\n"
)


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        ("", NO),
        (LOGGING, YES),
        (
            "  T: {Type: 'AWS::CloudTrail::Trail', Properties: {IsLogging: true, S3BucketName: !Ref Data}}\n",
            YES,
        ),
        (trail(objects("[!Sub '${Data.Arn}/']")), NO),
        ("  F: {Type: 'AWS::EC2::FlowLog', Properties: {LogDestination: !GetAtt Data.Arn}}\n", YES),
        (
            "  D: {Type: 'AWS::Glue::Crawler', Properties: {Targets: {CatalogTargets: [{X: !Ref Data}]}}}\n",
            NO,
        ),
        (
            policy("{Effect: Allow, Principal: {Service: logging.s3.amazonaws.com}, Action: 's3:PutObject'}"),
            YES,
        ),
        (
            policy("{Effect: Allow, Principal: {Service: cloudfront.amazonaws.com}, Action: 's3:GetObject'}"),
            NO,
        ),
    ],
)
def test_buckets_that_receive_logs(others: str, expected: Answer) -> None:
    graph = graph_of(BUCKET + others)
    assert logs.is_log_target(graph.resource("Data"), graph) == expected


DOCUMENTS = (
    "  S:\n    Type: AWS::Bedrock::DataSource\n    Properties:\n"
    "      DataSourceConfiguration: {S3Configuration: {BucketArn: !GetAtt Data.Arn}}\n"
)
CAPTURED = (
    "  D:\n    Type: aws_bedrock_model_invocation_logging_configuration\n    Properties:\n"
    "      LoggingConfig: {S3Config: {BucketName: !Ref Data}}\n"
)
SPARK = "  E: {Type: 'AWS::EMR::Cluster', Properties: {LogUri: !Sub 's3://${Data}/logs/'}}\n"
TRAILED = "  T: {Type: 'AWS::CloudTrail::Trail', Properties: {S3BucketName: !Ref Data}}\n"


def table(key: str) -> str:
    """A table of a project with ML whose data is below a key of the bucket."""
    location = f"{{Location: !Sub 's3://${{Data}}/{key}/'}}"
    return (
        "  M: {Type: 'AWS::SageMaker::Model', Properties: {PrimaryContainer: {Image: i}}}\n"
        "  G:\n    Type: AWS::Glue::Table\n    Properties:\n"
        f"      TableInput: {{Name: t, StorageDescriptor: {location}}}\n"
    )


def reader(objects: str) -> str:
    """A role of SageMaker that may read some objects of the bucket."""
    statement = f"{{Effect: Allow, Action: 's3:GetObject', Resource: !Sub '${{Data.Arn}}{objects}'}}"
    trust = "{Effect: Allow, Principal: {Service: sagemaker.amazonaws.com}, Action: 'sts:AssumeRole'}"
    return (
        "  R:\n    Type: AWS::IAM::Role\n    Properties:\n"
        f"      AssumeRolePolicyDocument: {{Statement: [{trust}]}}\n"
        f"      Policies: [{{PolicyName: p, PolicyDocument: {{Statement: [{statement}]}}}}]\n"
    )


@pytest.mark.parametrize(
    ("others", "alone", "access"),
    [
        ("", NO, NO),
        (LOGGING, YES, YES),
        (CAPTURED, YES, NO),
        (DOCUMENTS, NO, NO),
        (LOGGING + DOCUMENTS, NO, YES),
        (CAPTURED + DOCUMENTS, NO, NO),
        (SPARK, YES, NO),
        (SPARK + table("cards"), NO, NO),
        (SPARK + table("logs/2026"), YES, NO),
        (TRAILED + table("cards"), NO, NO),
        (TRAILED + table("AWSLogs/111122223333"), YES, NO),
        (SPARK + reader("/*"), NO, NO),
        (SPARK + reader("/logs/*"), YES, NO),
    ],
)
def test_buckets_that_receive_logs_beside_data(others: str, alone: Answer, access: Answer) -> None:
    graph = graph_of(BUCKET + others)
    assert log_stores.keeps_logs_alone(graph.resource("Data"), graph) == alone
    assert log_stores.takes_access_logs(graph.resource("Data"), graph) == access


SITE = (
    "  Data:\n    Type: AWS::S3::Bucket\n    Properties:\n"
    "      AccessControl: PublicRead\n      WebsiteConfiguration: {IndexDocument: i}\n"
)
MODEL = (
    "  Model: {Type: 'AWS::SageMaker::Model',"
    " Properties: {PrimaryContainer: {Image: i, ModelDataUrl: !Sub 's3://${Data}/m.tar.gz'}}}\n"
)
ANYONE = "{Effect: Allow, Principal: '*', Action: 's3:GetObject', Resource: '*'}"
ANYTHING = "{Effect: Allow, Principal: '*', Action: 's3:*', Resource: '*'}"


@pytest.mark.parametrize(
    ("resources", "severities"),
    [
        (SITE, ["info"]),
        (SITE + MODEL, ["high"]),
        (SITE + policy(ANYONE), ["info", "info"]),
        (SITE + policy(ANYTHING), ["info", "high"]),
        (SITE + MODEL + policy(ANYONE), ["high", "high"]),
        (BUCKET + policy(ANYONE), ["medium"]),
        (BUCKET + policy(ANYTHING), ["high"]),
        (BUCKET + MODEL + policy(ANYONE), ["high"]),
    ],
)
def test_a_website_without_a_part_in_ml_may_be_public(resources: str, severities: list[str]) -> None:
    rule = next(each for each in load_rules().rules if each.code == "MLS304")
    findings = check_project(graph_of(resources).graph.project, [rule]).findings
    assert [each.severity for each in findings] == severities
