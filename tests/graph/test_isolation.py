"""What a notebook instance with internet access bypasses in its project."""

import pytest

from mlwa_lint.graph.kinds import NOTEBOOK
from mlwa_lint.graph.queries.isolation import what_it_bypasses
from mlwa_lint.graph.views import ResourceView
from tests.support.graphs import graph_of_template

NOTEBOOKS = """
Parameters: {Closed: {Type: String}}
Conditions: {IsClosed: !Equals [!Ref Closed, "yes"]}
Resources:
  One: {Type: AWS::SageMaker::NotebookInstance, Properties: {DirectInternetAccess: Disabled}}
  Two:
    Type: AWS::SageMaker::NotebookInstance
    CONDITION
    Properties: {DirectInternetAccess: Disabled}
  Three: {Type: AWS::SageMaker::NotebookInstance}
  Four: {Type: AWS::SageMaker::NotebookInstance, Properties: {DirectInternetAccess: Enabled}}
"""
ANOTHER = ", although NotebookInstance {} of the project has no direct internet access"


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("", {"One": "", "Two": "", "Three": ANOTHER.format("One"), "Four": ""}),
        ("Condition: IsClosed", {"One": "", "Three": ANOTHER.format("One"), "Four": ""}),
    ],
)
def test_another_that_has_no_access_is_named_unless_the_access_is_stated(
    condition: str, expected: dict[str, str]
) -> None:
    graph = graph_of_template(NOTEBOOKS.replace("CONDITION", condition or "Metadata: {}"))
    found = {each.address: what_it_bypasses(each, graph) for each in graph.of_type(NOTEBOOK)}
    assert expected.items() <= found.items()


def test_nothing_is_known_of_a_project_whose_others_depend_on_an_open_condition() -> None:
    text = NOTEBOOKS.replace("CONDITION", "Condition: IsClosed").replace(
        "  One:", "  One: {Type: AWS::S3::Bucket}\n  Zero:"
    )
    graph = graph_of_template(
        text.replace(
            "Properties: {DirectInternetAccess: Disabled}}", "Properties: {DirectInternetAccess: Enabled}}"
        )
    )
    three = ResourceView(graph.graph.by_address["Three"], graph.world)  # no condition has been read
    assert what_it_bypasses(three, graph) == ""
