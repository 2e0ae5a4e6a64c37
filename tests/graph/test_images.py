"""Container images: which names may mean another image tomorrow."""

from pathlib import Path

import pytest

from mlwa_lint.frontends.cloudformation.project import load
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.graph.link import link
from mlwa_lint.graph.queries import images
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.model.answers import NO, YES, Answer
from mlwa_lint.worlds import World

UNDECIDED = Answer("undecided")
HEAD = """
Parameters:
  P: {Type: String}
Resources:
  Repo: {Type: AWS::ECR::Repository}
  Bucket: {Type: AWS::S3::Bucket}
"""


def graph_of(resources: str) -> GraphView:
    project = load(Path("t.yaml"), LoadOptions(), HEAD + resources)
    assert not project.problems
    return GraphView(link(project), World(project.scenarios, {}))


@pytest.mark.parametrize(
    ("image", "mutable", "tag"),
    [
        ("1.dkr.ecr.x/churn:latest", YES, "latest"),
        ("1.dkr.ecr.x/churn", YES, None),
        ("registry.example.com:5000/churn", YES, None),
        ("1.dkr.ecr.x/churn:1.0", NO, "1.0"),
        ("1.dkr.ecr.x/churn@sha256:0f", NO, None),
        ("1.dkr.ecr.x/churn:latest@sha256:0f", NO, None),
        ("!Sub '${P}.dkr.ecr.${AWS::Region}.x/churn:latest'", YES, "latest"),
        ("!Sub '${P}/churn'", YES, None),
        ("!Sub '${P}:2.1'", NO, "2.1"),
        ("!Sub '${P}@sha256:0f'", NO, None),
        ("!Sub 'x/churn@${P}'", NO, None),
        ("!Sub 'x/churn:${P}'", UNDECIDED, "\0"),
        ("!Sub 'x/${P}'", UNDECIDED, None),
        ("!Ref P", UNDECIDED, None),
        ("!GetAtt Repo.RepositoryUri", YES, None),
        ("!Sub '1.dkr.ecr.x/${Repo}'", YES, None),
        ("!Sub '${Repo.RepositoryUri}:1.0'", NO, "1.0"),
        ("!Ref Bucket", UNDECIDED, None),
        ("!Ref AWS::NoValue", NO, None),
    ],
)
def test_a_name_without_a_version_may_mean_another_image(
    image: str, mutable: Answer, tag: str | None
) -> None:
    graph = graph_of(
        f"  M: {{Type: AWS::SageMaker::Model, Properties: {{PrimaryContainer: {{Image: {image}}}}}}}\n"
    )
    (view,) = images.stated_in(graph.resource("M"))
    assert images.is_mutable(view, graph) == mutable
    if mutable != NO or tag:
        assert images.tag_of(view) == tag


def test_the_reason_names_what_is_not_known() -> None:
    graph = graph_of("  M: {Type: AWS::SageMaker::Model, Properties: {PrimaryContainer: {Image: !Ref P}}}\n")
    (view,) = images.stated_in(graph.resource("M"))
    assert images.is_mutable(view, graph).reasons == ("parameter P has no default",)


def test_models_and_packages_state_the_images_of_all_their_containers() -> None:
    graph = graph_of(
        """
  M:
    Type: AWS::SageMaker::Model
    Properties: {Containers: [{Image: "a:1"}, {Image: "b:1"}]}
  Package:
    Type: AWS::SageMaker::ModelPackage
    Properties:
      InferenceSpecification: {Containers: [{Image: "c:1"}]}
      AdditionalInferenceSpecifications: [{Name: more, Containers: [{Image: "d:1"}]}]
  Processing:
    Type: AWS::SageMaker::ProcessingJob
    Properties: {AppSpecification: {ImageUri: "e:1"}}
"""
    )
    stated = [
        view.text
        for name in ("M", "Package", "Processing", "Repo")
        for view in images.stated_in(graph.resource(name))
    ]
    assert stated == ["a:1", "b:1", "c:1", "d:1", "e:1"]
