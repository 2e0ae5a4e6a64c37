"""ARNs of resources and texts with references, with their known parts."""

import pytest

from mlwa_lint.graph import patterns
from mlwa_lint.graph.graph import ResourceGraph
from mlwa_lint.graph.iam import arns
from mlwa_lint.graph.linking.link import link
from mlwa_lint.graph.linking.naming import NAME_PROPERTIES
from mlwa_lint.graph.patterns import ACCOUNT, ANYTHING, REGION, Hole, PatternText
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView, View
from mlwa_lint.graph.worlds import World
from mlwa_lint.model.conditions import AnyScenario
from mlwa_lint.model.resources import Project, Resource
from mlwa_lint.model.values import Absent, ListValue, Reference, Scalar, Unknown, Value
from tests.support.small_graphs import resource, with_properties
from tests.support.small_values import HERE, map_of


def graph_of(*resources: Resource) -> GraphView:
    graph: ResourceGraph = link(Project("t.yaml", resources, AnyScenario()))
    return GraphView(graph, World(graph.scenarios, {}))


def shown(tokens: PatternText) -> str:
    """Known signs as they are, wildcards too, and holes as `<key>`, or `<key!>` if they are names."""
    pieces = []
    for each in tokens:
        if isinstance(each, Hole):
            pieces.append(f"<{each.key}{'' if each.free else '!'}>")
        else:
            pieces.append(each if isinstance(each, str) else f"[{each.value}]")
    return "".join(pieces)


def arn(one: Resource) -> str:
    graph = graph_of(one)
    return shown(arns.of_resource(ResourceView(one, graph.world), graph))


def view(value: Value, graph: GraphView) -> View:
    return View(resource("R", "AWS::X::Y"), graph.world, value, ("P",), HERE)


def text(value: Value, *resources: Resource) -> str:
    graph = graph_of(*resources)
    return shown(arns.text_of(view(value, graph), graph))


@pytest.mark.parametrize("kind", arns._FORMS)
def test_each_form_of_arn(kind: str) -> None:
    form = arns._FORMS[kind]
    name = NAME_PROPERTIES.get(kind, "Name")
    region, account = ("<region!>" if form.places[0] else "", "<account!>" if form.places[1] else "")
    path = "/" if kind in ("AWS::IAM::Role", "AWS::IAM::ManagedPolicy") else ""
    start = f"arn:aws:{form.service}:{region}:{account}:{form.start}{path}"
    named = arn(with_properties("R", kind, {name: Scalar("mine", HERE)}))
    assert named == start + ("mine" if form.named else "<R#name!>")
    assert arn(resource("R", kind)) == start + "<R#name!>"


def test_the_arn_of_any_other_type_is_not_known() -> None:
    assert arn(resource("R", "AWS::X::Y")) == "<R.arn>"


def test_a_role_has_its_path() -> None:
    role = resource("R", "AWS::IAM::Role", Path=Scalar("/ml/", HERE), RoleName=Scalar("r", HERE))
    assert arn(role) == "arn:aws:iam::<account!>:role/ml/r"


def test_objects_of_a_bucket() -> None:
    bucket = resource("R", "AWS::S3::Bucket", BucketName=Scalar("data", HERE))
    graph = graph_of(bucket)
    at = ResourceView(bucket, graph.world)
    assert shown(arns.of_objects(bucket=at, graph=graph, key=("a/", ANYTHING))) == "arn:aws:s3:::data/a/<>"


@pytest.mark.parametrize(
    ("identity", "expected"),
    [
        ("AWS::AccountId", ACCOUNT),
        ("data.aws_caller_identity.me.account_id", ACCOUNT),
        ("module.m.data.aws_caller_identity.me.id", ACCOUNT),
        ("data.aws_caller_identity.me.arn", None),
        ("AWS::Region", REGION),
        ("data.aws_region.here.name", REGION),
        ("module.m.data.aws_region.here.region", REGION),
        ("data.aws_region.here.description", None),
        ("AWS::Partition", Hole("partition", False)),
        ("data.aws_partition.p.partition", Hole("partition", False)),
        ("data.aws_partition.p.dns_suffix", None),
        ("AWS::RegionX", None),
        ("parameter Name", None),
    ],
)
def test_where_a_stack_is_deployed_has_no_wildcards(identity: str, expected: Hole | None) -> None:
    value = Unknown("why", HERE, (), identity)
    graph = graph_of()
    assert arns.text_of(view(value, graph), graph) == (expected or Hole(identity, True, "why"),)
    assert arns.is_account(value) is (expected == ACCOUNT)


ENDPOINT = resource("R", "AWS::SageMaker::Endpoint", EndpointName=Scalar("score", HERE))
BUCKET = resource("R", "AWS::S3::Bucket", BucketName=Scalar("data", HERE))
QUEUE = resource("R", "AWS::SQS::Queue")
ENDPOINT_ARN = "arn:aws:sagemaker:<region!>:<account!>:endpoint/score"


@pytest.mark.parametrize(
    ("one", "attribute", "expected"),
    [
        (ENDPOINT, "", ENDPOINT_ARN),
        (ENDPOINT, "arn", ENDPOINT_ARN),
        (ENDPOINT, "EndpointArn", ENDPOINT_ARN),
        (ENDPOINT, "id", ENDPOINT_ARN),
        (ENDPOINT, "name", "score"),
        (ENDPOINT, "Status", "<R.Status>"),
        (BUCKET, "", "data"),
        (BUCKET, "id", "data"),
        (BUCKET, "bucket", "data"),
        (BUCKET, "Arn", "arn:aws:s3:::data"),
        (BUCKET, "DomainName", "<R.DomainName>"),
        (QUEUE, "", "<R#name!>"),
        (QUEUE, "Arn", "arn:aws:sqs:<region!>:<account!>:<R#name!>"),
        (resource("R", "AWS::KMS::Key"), "KeyId", "<R#name!>"),
        (resource("R", "AWS::X::Y"), "Arn", "<R.Arn>"),
    ],
)
def test_references_stand_for_names_and_arns(one: Resource, attribute: str, expected: str) -> None:
    assert text(Reference("R", attribute, HERE), one) == expected


def test_references_to_what_is_not_there_are_not_known() -> None:
    assert text(Reference("Other", "Arn", HERE), BUCKET) == "<Other.Arn>"
    assert text(Reference("Other", "Arn", HERE, "arn:aws:s3:::known")) == "arn:aws:s3:::known"


def test_a_text_of_several_pieces() -> None:
    parts = ("arn:aws-cn:s3:::", Reference("R", "", HERE), "/", Unknown("why", HERE, (), "k"), "/*")
    value = Unknown("why", HERE, parts)
    assert text(value, BUCKET) == "arn:aws:s3:::data/<k>/*"
    graph = graph_of(BUCKET)
    assert shown(arns.pattern_of(view(value, graph), graph)) == "arn:aws:s3:::data/<k>/[*]"


@pytest.mark.parametrize("value", [Absent(), ListValue((), HERE), map_of()])
def test_what_is_no_text_may_be_anything(value: Value) -> None:
    assert text(value) == "<>"


def nested(depth: int) -> Unknown:
    value = Unknown("why", HERE, (), "core")
    for _ in range(depth):
        value = Unknown("why", HERE, ("(", value, ")"))
    return value


def test_pieces_are_read_to_a_limited_depth() -> None:
    assert text(nested(8)) == "(" * 8 + "<core>" + ")" * 8
    assert text(nested(9)) == "(" * 9 + "<>" + ")" * 9
    assert patterns.text("a", ANYTHING) == ("a", ANYTHING)


def test_names_that_refer_in_a_circle_end() -> None:
    circular = resource("R", "AWS::S3::Bucket", BucketName=Reference("R", "", HERE))
    assert text(Reference("R", "", HERE), circular) == "<>"
