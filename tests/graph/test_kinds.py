"""The tables of kinds: what a mention means, and which properties name what."""

import pytest

from mlwa_lint.graph import kinds
from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.kinds import kind_of, named_type, returns, writes_to
from mlwa_lint.graph.phrases import FAMILIES, PHRASES, phrase

OTHER = "AWS::EC2::Instance"


@pytest.mark.parametrize(("key", "target"), kinds._TARGETS.items())
def test_each_property_of_the_table_names_its_type(key: tuple[str, str], target: str) -> None:
    source, name = key
    assert named_type(source or OTHER, ("Outer", name)) == target
    assert named_type(source or OTHER, (name,)) == target
    if source and ("", name) not in kinds._TARGETS:
        assert named_type(OTHER, (name,)) is None


@pytest.mark.parametrize(
    ("source", "path", "expected"),
    [
        (OTHER, (), None),
        (OTHER, ("Unheard",), None),
        ("AWS::Events::Rule", ("EventPattern", "detail", "bucket", "name"), kinds.BUCKET),
        ("AWS::Events::Rule", ("bucket", "name"), None),
        (OTHER, ("EventPattern", "detail", "bucket", "name"), None),
        (kinds.STATE_MACHINE, ("Definition", "EndpointName"), None),
        (kinds.PIPELINE, ("PipelineDefinition", "RoleArn"), None),
        (kinds.STATE_MACHINE, ("RoleArn",), kinds.ROLE),
        (OTHER, ("Definition", "EndpointName"), kinds.ENDPOINT),
    ],
)
def test_which_type_a_property_names(source: str, path: tuple[str, ...], expected: str | None) -> None:
    assert named_type(source, path) == expected


@pytest.mark.parametrize("word", kinds._WRITING_WORDS)
def test_each_word_of_writing_distinguishes_writing_from_reading(word: str) -> None:
    path = ("Config", f"S3{word.title()}Path")
    assert writes_to(path)
    for target in sorted(kinds.DATA_TYPES):
        assert kind_of(OTHER, path, target) == EdgeKind.WRITES
        assert kind_of(OTHER, ("Config", "Input"), target) == EdgeKind.READS


@pytest.mark.parametrize("source", sorted(kinds._TRIGGERING))
@pytest.mark.parametrize("target", [kinds.FUNCTION, kinds.ENDPOINT, kinds.STATE_MACHINE, kinds.PIPELINE])
def test_each_kind_of_trigger_triggers_and_others_invoke(source: str, target: str) -> None:
    assert kind_of(source, ("Target",), target) == EdgeKind.TRIGGERS
    assert kind_of(OTHER, ("Target",), target) == EdgeKind.INVOKES


@pytest.mark.parametrize(
    ("types", "kind"),
    [(kinds._PLACES, EdgeKind.PLACED_IN), (kinds._CONFIGURATIONS, EdgeKind.CONFIGURES)],
)
def test_places_and_configurations(types: frozenset[str], kind: EdgeKind) -> None:
    assert {kind_of(OTHER, ("P",), each) for each in types} == {kind}
    assert kind_of(OTHER, ("P",), OTHER) == EdgeKind.REFERS_TO


@pytest.mark.parametrize("word", kinds._ROLE_WORDS)
def test_each_name_of_a_role_is_one_that_a_resource_acts_with(word: str) -> None:
    assert kind_of(OTHER, ("Config", f"My{word.title()}"), kinds.ROLE) == EdgeKind.ASSUMES
    for outer in sorted(kinds.HANDED_ON):
        assert kind_of(OTHER, (outer, word), kinds.ROLE) == EdgeKind.REFERS_TO
    assert kind_of(OTHER, (word, "Description"), kinds.ROLE) == EdgeKind.REFERS_TO


@pytest.mark.parametrize("source", sorted(kinds.POLICY_TYPES))
@pytest.mark.parametrize("key", ["PolicyDocument", "KeyPolicy", "AssumeRolePolicyDocument"])
def test_each_kind_of_policy_grants(source: str, key: str) -> None:
    for target in (kinds.BUCKET, kinds.KEY, kinds.MODEL, "AWS::IAM::ManagedPolicy"):
        assert kind_of(source, (key, "Statement"), target) == EdgeKind.GRANTS
    assert kind_of(OTHER, (key, "Statement"), kinds.BUCKET) == EdgeKind.READS


@pytest.mark.parametrize("source", sorted(kinds._WATCHING))
@pytest.mark.parametrize("target", [kinds.ENDPOINT, kinds.INFERENCE_COMPONENT])
def test_what_watches_or_scales_names_its_endpoint_in_one_property(source: str, target: str) -> None:
    key, kind = kinds._WATCHING[source]
    assert kind_of(source, ("Outer", key), target) == kind
    assert kind_of(source, ("Description",), target) == EdgeKind.REFERS_TO


@pytest.mark.parametrize(
    ("source", "path", "target", "kind"),
    [
        *(
            (each, ("Roles",), kinds.ROLE, EdgeKind.GRANTS)
            for each in ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy")
        ),
        ("AWS::IAM::RolePolicy", ("RoleName",), kinds.ROLE, EdgeKind.GRANTS),
        (kinds.BUCKET_POLICY, ("Bucket",), kinds.BUCKET, EdgeKind.GRANTS),
        (kinds.BUCKET_POLICY, ("Bucket",), kinds.STREAM, EdgeKind.READS),
        (kinds.ROLE, ("ManagedPolicyArns",), "AWS::IAM::ManagedPolicy", EdgeKind.REFERS_TO),
        (kinds.ENDPOINT_CONFIG, ("ProductionVariants", "ModelName"), kinds.MODEL, EdgeKind.HOSTS),
        (kinds.INFERENCE_COMPONENT, ("Specification", "ModelName"), kinds.MODEL, EdgeKind.HOSTS),
        (OTHER, ("ModelName",), kinds.MODEL, EdgeKind.READS),
        (kinds.STATE_MACHINE, ("Definition", "ModelName"), kinds.MODEL, EdgeKind.REFERS_TO),
        (kinds.STATE_MACHINE, ("Definition", "Bucket"), kinds.BUCKET, EdgeKind.REFERS_TO),
        (kinds.STATE_MACHINE, ("Definition", "Resource"), kinds.FUNCTION, EdgeKind.INVOKES),
        (kinds.PIPELINE, ("PipelineDefinition", "RoleArn"), kinds.ROLE, EdgeKind.REFERS_TO),
        (kinds.SCALING_POLICY, ("ScalingTargetId",), kinds.SCALABLE_TARGET, EdgeKind.SCALES),
        (OTHER, ("ScalingTargetId",), kinds.SCALABLE_TARGET, EdgeKind.REFERS_TO),
        (kinds.COMPOSITE_ALARM, ("AlarmRule",), kinds.ALARM, EdgeKind.MONITORS),
        (kinds.COMPOSITE_ALARM, ("AlarmRule",), kinds.COMPOSITE_ALARM, EdgeKind.MONITORS),
        (OTHER, ("AlarmRule",), kinds.ALARM, EdgeKind.REFERS_TO),
        *((kinds.MONITORING_SCHEDULE, ("N",), each, EdgeKind.RUNS) for each in kinds.JOB_DEFINITIONS),
        (OTHER, ("N",), kinds.JOB_DEFINITIONS[0], EdgeKind.REFERS_TO),
        (OTHER, ("KmsKeyId",), kinds.KEY, EdgeKind.ENCRYPTS_WITH),
        (OTHER, ("KmsKeyId",), "AWS::KMS::Alias", EdgeKind.ENCRYPTS_WITH),
        ("AWS::KMS::Alias", ("TargetKeyId",), kinds.KEY, EdgeKind.REFERS_TO),
        (kinds.ENDPOINT, ("EndpointConfigName",), kinds.ENDPOINT_CONFIG, EdgeKind.CONFIGURES),
        (OTHER, (), kinds.ROLE, EdgeKind.REFERS_TO),
    ],
)
def test_what_a_mention_means(source: str, path: tuple[str, ...], target: str, kind: EdgeKind) -> None:
    assert kind_of(source, path, target) == kind


@pytest.mark.parametrize(
    ("resource_type", "expected"),
    [
        *((f"{each}Anything", True) for each in kinds._RETURNING),
        ("AWS::Acme::Network::MODULE", True),
        ("Custom::Maker", True),
        ("terraform_data", True),
        ("random_pet", True),
        ("aws_s3_bucket", False),
        ("awscc_s3_bucket", False),
        ("AWS::S3::Bucket", False),
        ("Alexa::ASK::Skill", False),
    ],
)
def test_whose_attributes_may_be_any_name(resource_type: str, expected: bool) -> None:
    assert returns(resource_type) is expected


@pytest.mark.parametrize("kind", EdgeKind)
def test_each_kind_of_edge_reads_in_both_directions(kind: EdgeKind) -> None:
    found = phrase(kind.value)
    assert found is PHRASES[kind]
    assert found.family in FAMILIES
    assert found.reading == (found.backward if found.turned else found.forward)
    assert found.forward != found.backward
