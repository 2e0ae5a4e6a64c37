"""Texts that name a resource by their form: ARNs, S3 URIs, an endpoint's variant."""

import pytest

from mlwa_lint.graph.linking import naming
from mlwa_lint.graph.linking.naming import GAP, NAME_PROPERTIES, Segment, mention_in, outline, segments
from mlwa_lint.model.values import Absent, ListValue, Reference, Scalar, Unknown, Value
from tests.support.small_values import HERE, partly, text

STAGE = Unknown("parameter Stage has no default", HERE, (), "parameter Stage")
OPEN = Unknown("why", HERE)
BUCKET = Reference("Data", "Arn", HERE)
KNOWN = Reference("Data", "", HERE, "my-data")


def literals(value: Value) -> list[str | None]:
    return [each.literal for each in segments(value)]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (text("a/b:c"), ["a", "b", "c"]),
        (text("s3://b/k/"), ["s3", "", "", "b", "k", ""]),
        (text(3), ["3"]),
        (text(""), [""]),
        (OPEN, [None]),
        (BUCKET, [None]),
        (partly("s3://", KNOWN, "/k"), ["s3", "", "", "my-data", "k"]),
        (partly("s3://", BUCKET, "-x/k"), ["s3", "", "", None, "k"]),
        (partly(STAGE, "/k"), [None, "k"]),
        (Absent(), []),
        (ListValue((), HERE), []),
    ],
)
def test_a_text_in_its_segments(value: Value, expected: list[str | None]) -> None:
    assert literals(value) == expected


@pytest.mark.parametrize(
    ("value", "identity"),
    [
        (text("a"), "=a"),
        (text(""), "="),
        (Scalar("", HERE, frozenset({"y", "x"})), "=xy"),
        (BUCKET, "Data.Arn"),
        (KNOWN, "Data."),
        (STAGE, "parameter Stage"),
        (OPEN, ""),
        (partly("a-", STAGE), "a-${parameter Stage}"),
        (partly("a-", BUCKET), "a-${Data.Arn}"),
        (partly("a-", OPEN), ""),
        (partly("a-", STAGE, OPEN), ""),
    ],
)
def test_equal_segments_have_equal_identities(value: Value, identity: str) -> None:
    (segment,) = segments(value)
    assert segment.identity == identity


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (partly("a-", BUCKET), "part of it is known only after deployment"),
        (partly("a-", BUCKET, STAGE, OPEN), "parameter Stage has no default"),
    ],
)
def test_a_segment_of_several_pieces_has_a_reason_for_being_unknown(value: Unknown, reason: str) -> None:
    (segment,) = segments(value)
    assert isinstance(segment.value, Unknown)
    assert (segment.value.reason, segment.value.parts) == (reason, value.parts)


@pytest.mark.parametrize(("key", "target"), naming._ARN_KINDS.items())
def test_each_kind_of_arn_names_its_type(key: tuple[str, str], target: str) -> None:
    service, kind = key
    found = mention_in(text(f"arn:aws:{service}:eu-west-1:111122223333:{kind}/name"))
    assert found is not None
    assert (found.target_type, found.name.literal, found.rest) == (target, "name", ())
    assert mention_in(text(f"arn:aws:{service}:eu-west-1:111122223333:{kind}x/name")) is None
    longer = mention_in(text(f"arn:aws:{service}:eu-west-1:111122223333:{kind}/some/name"))
    assert longer is not None
    assert longer.name.literal == {"iam": "name", "kms": "some/name"}.get(service, "some")
    assert [each.literal for each in longer.rest] == ["name"]


@pytest.mark.parametrize(
    ("value", "target", "name", "rest"),
    [
        ("s3://data/models/a", "AWS::S3::Bucket", "data", ["models", "a"]),
        ("s3://data", "AWS::S3::Bucket", "data", []),
        ("arn:aws:s3:::data/models", "AWS::S3::Bucket", "data", ["models"]),
        ("arn:aws:s3:::data", "AWS::S3::Bucket", "data", []),
        ("arn:aws:sns:r:a:topic", "AWS::SNS::Topic", "topic", []),
        ("arn:aws:sqs:r:a:queue", "AWS::SQS::Queue", "queue", []),
        ("endpoint/score/variant/main", "AWS::SageMaker::Endpoint", "score", ["main"]),
        ("inference-component/part", "AWS::SageMaker::InferenceComponent", "part", []),
        (
            "arn:aws:apigateway:r:lambda:path/2015-03-31/functions/arn:aws:lambda:r:a:function:f/invocations",
            "AWS::Lambda::Function",
            "f",
            [],
        ),
    ],
)
def test_other_forms(value: str, target: str, name: str, rest: list[str]) -> None:
    found = mention_in(text(value))
    assert found is not None
    assert (found.target_type, found.name.literal) == (target, name)
    assert [each.literal for each in found.rest] == rest


@pytest.mark.parametrize(
    "value",
    [
        "data",
        "s3:/data",
        "s3:///",
        "s3://",
        "s3:x//data",
        "https://host/data",
        "arn:aws:s3::",
        "arn:aws:sns:r:a:topic:subscription",
        "arn:aws:sqs:r:a:queue:x",
        "arn:aws:sagemaker:r:a:endpoint",
        "arn:aws:apigateway:r:lambda:path/functions/other/invocations",
        "arn:aws:apigateway:r:lambda:path/functions",
        "endpoint/score",
        "endpoint/score/variants/main",
        "endpoint/score/alias/main",
        "inference-component/part/x",
        "my-arn:aws:s3:::data",
    ],
)
def test_texts_that_name_nothing(value: str) -> None:
    found = mention_in(text(value))
    assert found is None or found.name.literal == ""


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (partly("arn:aws:s3:::", BUCKET), True),
        (partly(STAGE, ":aws:s3:::data"), False),
        (partly("x-", STAGE), False),
        (partly("", "s3://", STAGE), True),
        (text(3), False),
        (OPEN, False),
        (BUCKET, False),
        (partly("endpoint/", BUCKET, "/variant/main"), True),
    ],
)
def test_texts_that_are_known_in_part(value: Value, expected: bool) -> None:
    assert (mention_in(value) is not None) is expected


def test_a_gap_stands_for_what_is_not_known() -> None:
    assert outline(text("a")) == "a"
    assert outline(OPEN) == GAP
    assert outline(BUCKET) == GAP
    assert outline(KNOWN) == "my-data"
    assert outline(partly("a/", KNOWN, "/", BUCKET)) == f"a/my-data/{GAP}"


def test_names_are_properties_of_types_and_differ_from_the_default() -> None:
    assert {each for each, name in NAME_PROPERTIES.items() if name == "Name"} == {"AWS::Athena::WorkGroup"}
    assert all(each.startswith("AWS::") for each in NAME_PROPERTIES)
    assert Segment("a", text("b")).identity == "=a"
