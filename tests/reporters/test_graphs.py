"""Drawings of the resource graph: what they hold, and that programs read them."""

from xml.etree import ElementTree as Xml

import networkx
import pytest

from mlwa_lint.graph.phrases import FAMILIES
from mlwa_lint.model.outlines import Outline, OutlineNode, Relation
from mlwa_lint.reporters.graphs import FORMATS, render
from mlwa_lint.reporters.graphs.layout import HEIGHT, WIDTH, place
from mlwa_lint.reporters.graphs.styles import STROKES
from tests.support.workspace import Workspace

LINKED = """\
Conditions: {Prod: !Equals [!Ref 'AWS::Region', eu-west-1]}
Resources:
  Model: {Type: AWS::SageMaker::Model, Properties: {ModelName: m, Tags: [{Key: t, Value: !Ref Lonely}]}}
  Config: {Type: AWS::SageMaker::EndpointConfig, Properties: {ProductionVariants: [{ModelName: !Ref Model}]}}
  Endpoint:
    Type: AWS::SageMaker::Endpoint
    Condition: Prod
    Properties: {EndpointConfigName: !Ref Config}
  Lonely: {Type: AWS::SSM::Parameter}
  Site: {Type: AWS::S3::Bucket, Properties: {BucketName: website}}
"""


def outline(*relations: tuple[str, str, str]) -> Outline:
    addresses = dict.fromkeys(each for source, _, target in relations for each in (source, target))
    return Outline(
        "t.yaml",
        tuple(OutlineNode(each, "AWS::S3::Bucket", "t.yaml", 1, part="ml") for each in addresses),
        tuple(Relation(source, target, kind, "P", "t.yaml", 1) for source, kind, target in relations),
    )


def overlapping(found: Outline) -> list[tuple[str, str]]:
    corners = list(place(found).corners.items())
    return [
        (one, two)
        for position, (one, at) in enumerate(corners)
        for two, there in corners[position + 1 :]
        if abs(at.x - there.x) < WIDTH and abs(at.y - there.y) < HEIGHT
    ]


def test_layers_go_from_left_to_right_and_nothing_overlaps() -> None:
    chains = [(f"A{each}", "writes", f"B{each % 7}") for each in range(40)]
    chains += [(f"B{each}", "triggers", f"C{each % 3}") for each in range(7)]
    chains += [("A0", "triggers", "C0"), ("X", "writes", "X"), ("Y", "writes", "Z"), ("Z", "triggers", "Y")]
    found = outline(*chains)
    placed = place(found)
    assert set(placed.corners) == {each.address for each in found.nodes}
    assert placed.corners["A0"].x < placed.corners["B0"].x < placed.corners["C0"].x
    assert len(placed.bends[found.relations.index(Relation("A0", "C0", "triggers", "P", "t.yaml", 1))]) == 1
    assert overlapping(found) == []


def test_what_is_related_to_nothing_stands_in_a_grid() -> None:
    nodes = tuple(OutlineNode(f"R{each}", "AWS::S3::Bucket", "t.yaml", 1) for each in range(9))
    found = Outline("t.yaml", nodes)
    assert overlapping(found) == []
    assert len({at.y for at in place(found).corners.values()}) == 3


def test_an_svg_shows_each_resource_relation_and_family() -> None:
    drawing = Xml.fromstring(render([outline(("A", "writes", "B"), ("C", "hosts", "B"))], "svg"))
    texts = [each.text for each in drawing.iter("{http://www.w3.org/2000/svg}text")]
    assert {"A", "B", "C", "writes to", "is hosted by", "Data", "Model serving", "t.yaml"} <= set(texts)
    assert "Network" not in texts, "the legend has what occurs"
    titles = [each.text for each in drawing.iter("{http://www.w3.org/2000/svg}title")]
    assert "B is hosted by C" in titles


def test_families_are_distinguished_without_colour() -> None:
    assert set(STROKES) == set(FAMILIES)
    assert len({each.dashes for each in STROKES.values()}) == len(STROKES)


def test_networkx_reads_graphml_back() -> None:
    text = render([outline(("A", "writes", "B"), ("C", "hosts", "B"), ("A", "reads", "B"))], "graphml")
    graph = networkx.parse_graphml(text, force_multigraph=True)
    assert set(graph.nodes) == {"A", "B", "C"}
    assert graph.nodes["A"]["type"] == "AWS::S3::Bucket"
    stated = sorted((left, data["label"], right) for left, right, data in graph.edges(data=True))
    assert stated == [("A", "writes to", "B"), ("B", "is hosted by", "C"), ("B", "is read by", "A")]


def test_graphml_keeps_projects_apart() -> None:
    one = outline(("A", "writes", "B"))
    graph = networkx.parse_graphml(render([one, one._replace(root="u.yaml")], "graphml"))
    assert set(graph.nodes) == {"t.yaml:A", "t.yaml:B", "u.yaml:A", "u.yaml:B"}


@pytest.mark.parametrize("form", FORMATS)
def test_a_graph_without_resources_is_drawn(form: str) -> None:
    assert render([], form)
    assert render([Outline("t.yaml")], form)


@pytest.fixture
def linked(workspace: Workspace) -> Workspace:
    workspace.write("template.yaml", LINKED)
    return workspace


def test_the_command_shows_what_lies_around_a_resource(linked: Workspace) -> None:
    run = linked.run("graph", "template.yaml", "--around", "Endpoint")
    assert run.code == 0
    assert "Config<br/>" in run.out
    assert "Model<br/>" not in run.out
    deeper = linked.run("graph", "template.yaml", "--around", "Endpoint", "--depth", "2").out
    assert "Model<br/>" in deeper
    assert "Lonely" not in deeper
    assert "Lonely" in linked.run("graph", "template.yaml", "--around", "Model", "--all-edges").out


def test_the_command_shows_the_way_between_two_resources(linked: Workspace) -> None:
    out = linked.run("graph", "template.yaml", "--path", "Model", "Endpoint").out
    assert 'r0_0 -- "is hosted by" --> r0_1' in out
    assert "Lonely" not in out


def test_the_command_shows_machine_learning_alone(linked: Workspace) -> None:
    assert "Site" in linked.run("graph", "template.yaml").out
    out = linked.run("graph", "template.yaml", "--ml").out
    assert "Endpoint<br/>" in out
    assert "Site" not in out


@pytest.mark.parametrize(
    ("arguments", "stated"),
    [
        (("--around", "Endpont"), "no resource is called 'Endpont'; did you mean 'Endpoint'?"),
        (("--path", "Model", "Confg"), "no resource is called 'Confg'; did you mean 'Config'?"),
        (("--path", "Model", "Lonely"), "no way leads from Model to Lonely; --all-edges"),
        (("--path", "Model", "Config", "--around", "Model"), "cannot be combined"),
    ],
)
def test_wrong_addresses_are_errors(linked: Workspace, arguments: tuple[str, ...], stated: str) -> None:
    run = linked.run("graph", "template.yaml", *arguments)
    assert (run.code, run.out) == (2, "")
    assert stated in run.err


def test_json_holds_mentions_in_any_case(linked: Workspace) -> None:
    assert '"kind": "refers to"' in linked.run("graph", "template.yaml", "--format", "json").out
    assert "is referred to by" not in linked.run("graph", "template.yaml").out
    assert "is referred to by" in linked.run("graph", "template.yaml", "--all-edges").out
