"""Parts of drawn graphs: neighbourhoods, paths, components; and the labels of edges."""

import pytest

from mlwa_lint.errors import UserError
from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.outline import outline
from mlwa_lint.graph.phrases import FAMILIES, PHRASES
from mlwa_lint.graph.selection import (
    around,
    between,
    components,
    ends,
    generations,
    holding,
    ml_parts,
    to_networkx,
    without_mentions,
)
from mlwa_lint.model.outlines import Outline, OutlineNode, Relation
from tests.graph.test_link import ENDPOINT, graph_of


def chain(*relations: tuple[str, str, str], root: str = "t.yaml") -> Outline:
    addresses = dict.fromkeys(each for source, _, target in relations for each in (source, target))
    return Outline(
        root,
        tuple(OutlineNode(each, "AWS::S3::Bucket", "t.yaml", 1) for each in addresses),
        tuple(Relation(source, target, kind, "", "t.yaml", 1) for source, kind, target in relations),
    )


SERVING = chain(
    ("Config", "hosts", "Model"),
    ("Endpoint", "configures", "Config"),
    ("Alarm", "monitors", "Endpoint"),
    ("Model", "assumes", "Role"),
    ("Model", "reads", "Bucket"),
    ("Other", "refers to", "Alarm"),
)


def names(outlines: list[Outline]) -> list[set[str]]:
    return [{node.address for node in each.nodes} for each in outlines]


def test_every_kind_of_edge_has_words_and_a_family() -> None:
    assert set(PHRASES) == set(EdgeKind)
    assert {each.family for each in PHRASES.values()} == set(FAMILIES)


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        (EdgeKind.CONFIGURES, "target is used by source"),
        (EdgeKind.HOSTS, "target is hosted by source"),
        (EdgeKind.READS, "target is read by source"),
        (EdgeKind.WRITES, "source writes to target"),
        (EdgeKind.ENCRYPTS_WITH, "target encrypts source"),
        (EdgeKind.MONITORS, "target is monitored by source"),
        (EdgeKind.TRIGGERS, "source triggers target"),
        (EdgeKind.PLACED_IN, "target contains source"),
    ],
)
def test_edges_read_from_left_to_right(kind: EdgeKind, sentence: str) -> None:
    left, right = ends(Relation("source", "target", kind.value, "", "", 1))
    assert f"{left} {PHRASES[kind].reading} {right}" == sentence


def test_the_neighbourhood_grows_with_its_depth_whichever_way_edges_lead() -> None:
    plain = without_mentions(SERVING)
    assert names(around([plain], "Config", 1)) == [{"Config", "Model", "Endpoint"}]
    assert names(around([plain], "Config", 2)) == [{"Config", "Model", "Endpoint", "Alarm", "Role", "Bucket"}]
    assert names(around([SERVING], "Alarm", 1)) == [{"Alarm", "Endpoint", "Other"}]


def test_the_neighbourhood_keeps_the_relations_between_neighbours() -> None:
    (found,) = around([SERVING], "Model", 1)
    assert [(each.source, each.target) for each in found.relations] == [
        ("Config", "Model"),
        ("Model", "Role"),
        ("Model", "Bucket"),
    ]


def test_ways_lead_along_the_arrows_or_against_them() -> None:
    way = {"Bucket", "Model", "Config", "Endpoint"}
    assert names(between([SERVING], "Bucket", "Endpoint")) == [way]
    assert names(between([SERVING], "Endpoint", "Bucket")) == [way]
    assert names(between([SERVING], "Role", "Bucket")) == [{"Role", "Model", "Bucket"}], "in both directions"
    assert names(between([SERVING], "Role", "Role")) == [{"Role"}]


def test_all_shortest_ways_are_found_and_no_longer_one() -> None:
    twice = chain(("A", "writes", "B"), ("B", "triggers", "D"), ("A", "writes", "C"), ("C", "triggers", "D"),
                  ("A", "writes", "E"), ("E", "triggers", "F"), ("F", "triggers", "D"))  # fmt: skip
    assert names(between([twice], "A", "D")) == [{"A", "B", "C", "D"}]


def test_a_missing_path_is_an_error() -> None:
    apart = chain(("A", "writes", "B"), ("C", "writes", "D"))
    with pytest.raises(UserError, match="no way leads from A to D"):
        between([apart], "A", "D")
    with pytest.raises(UserError, match="no way leads from A to C"):
        between([chain(("A", "writes", "B")), chain(("C", "writes", "D"), root="u.yaml")], "A", "C")


@pytest.mark.parametrize(
    ("wrong", "hint"), [("Endpont", "'Endpoint'"), ("endpoint", "'Endpoint'"), ("Xyz", "--format json")]
)
def test_an_unknown_address_is_an_error_with_a_suggestion(wrong: str, hint: str) -> None:
    with pytest.raises(UserError, match=f"no resource is called '{wrong}'") as caught:
        holding([SERVING], wrong)
    assert hint in caught.value.hint


def test_an_address_is_looked_for_in_every_project() -> None:
    other = chain(("Role", "writes", "Table"), root="u.yaml")
    found = around([SERVING, other], "Role", 1)
    assert [each.root for each in found] == ["t.yaml", "u.yaml"]
    assert names(around([SERVING, other], "Table", 1)) == [{"Role", "Table"}]


def test_components_come_the_largest_first() -> None:
    apart = chain(("A", "writes", "B"), ("C", "writes", "D"), ("D", "writes", "E"))
    assert names(components(apart)) == [{"C", "D", "E"}, {"A", "B"}]


def test_generations_follow_the_longest_way_and_take_a_circle_as_one() -> None:
    assert generations(SERVING)["Bucket"] == 0
    assert generations(SERVING)["Endpoint"] == 3
    circle = chain(("A", "writes", "B"), ("B", "triggers", "A"), ("B", "writes", "C"))
    assert generations(circle) == {"A": 0, "B": 0, "C": 1}


def test_networkx_gets_all_nodes_and_edges() -> None:
    graph = to_networkx(SERVING)
    assert set(graph.nodes) == {node.address for node in SERVING.nodes}
    assert graph.number_of_edges() == len(SERVING.relations)


def test_the_outline_of_a_graph() -> None:
    found = outline(graph_of(ENDPOINT))
    assert [(each.address, each.short_type, each.part) for each in found.nodes] == [
        ("Model", "SageMaker::Model", "ml"),
        ("Config", "SageMaker::EndpointConfig", "ml"),
        ("Endpoint", "SageMaker::Endpoint", "ml"),
    ]
    assert [(each.source, each.kind, each.target) for each in found.relations] == [
        ("Config", "hosts", "Model"),
        ("Endpoint", "configures", "Config"),
    ]


PARTS = """
  Model: {Type: AWS::SageMaker::Model, Properties: {ExecutionRoleArn: !GetAtt Role.Arn, PrimaryContainer:
    {Image: i, ModelDataUrl: !Sub 's3://${Data}/m.tar.gz'}}}
  Role: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Statement:
    [{Effect: Allow, Action: 'sts:AssumeRole', Principal: {Service: sagemaker.amazonaws.com}}]}}}
  Data: {Type: AWS::S3::Bucket}
  Site: {Type: AWS::S3::Bucket, Properties: {BucketName: website}}
"""


def test_what_is_tied_to_machine_learning_is_distinguished() -> None:
    found = outline(graph_of(PARTS))
    assert {each.address: each.part for each in found.nodes} == {
        "Model": "ml",
        "Role": "tied",
        "Data": "tied",
        "Site": "",
    }
    assert names([ml_parts(found)]) == [{"Model", "Role", "Data"}]


def test_without_judgement_the_type_alone_decides() -> None:
    found = outline(graph_of(PARTS), judged=False)
    assert [each.part for each in found.nodes] == ["ml", "perhaps", "perhaps", "perhaps"]
