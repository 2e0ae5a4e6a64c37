"""What the code of functions shows where roles do not."""

import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from mlwa_lint.frontends.cloudformation.stacks.project import load
from mlwa_lint.frontends.code import with_code
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.graph.queries import requests
from mlwa_lint.graph.queries.identity import invokes_model, starts_jobs
from mlwa_lint.graph.queries.invokers import invokes_models
from mlwa_lint.graph.queries.observed import first_bedrock_user
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView
from mlwa_lint.model.answers import Answer, certainly, possibly
from tests.support.graphs import linked

TEMPLATE = """
Parameters: {{RoleArn: {{Type: String}}}}
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {{Statement: [{{Effect: Allow, Action: 'sts:AssumeRole', Principal: '*'}}]}}
      Policies: [{{PolicyDocument: {{Statement: [{{Effect: Allow, Action: '{action}', Resource: '*'}}]}}}}]
  One: {{Type: AWS::Lambda::Function, Properties: {{
    Role: {role}, Runtime: python3.13, Handler: index.handler, Code: {{ZipFile: "{code}"}}}}}}
  Two: {{Type: AWS::Lambda::Function, Properties: {{
    Role: {role}, Runtime: python3.13, Handler: index.handler, Code: {{S3Bucket: code, S3Key: two.zip}}}}}}
"""
OWN, GIVEN = "!GetAtt Role.Arn", "!Ref RoleArn"
INVOKES = "import boto3\\nboto3.client('bedrock-runtime').converse(modelId='m')"
READS = "import boto3\\nboto3.client('rekognition').detect_labels(Image={})"
TRAINS = "import boto3\\nboto3.client('sagemaker').create_training_job(TrainingJobName='t')"
LISTS = "import boto3\\nboto3.client('s3').list_buckets()"
SETS_UP = "import boto3\\nboto3.client('rekognition').create_collection(CollectionId='c')"
ELSE = "import acme"


def graph_of(role: str, code: str, action: str = "bedrock:InvokeModel") -> GraphView:
    options = LoadOptions(root=Path())
    text = textwrap.dedent(TEMPLATE).format(role=role, code=code, action=action)
    project = with_code(load(Path("t.yaml"), options, text), options)
    assert not project.problems
    return linked(project)


def requested(question: Callable[[ResourceView, GraphView], Answer], graph: GraphView) -> str:
    answer = question(graph.resource("One"), graph)
    return "yes" if certainly(answer) else "maybe" if possibly(answer) else "no"


@pytest.mark.parametrize(
    ("role", "code", "model", "jobs"),
    [
        (GIVEN, INVOKES, "yes", "no"),
        (GIVEN, READS, "yes", "no"),
        (GIVEN, TRAINS, "no", "yes"),
        (GIVEN, SETS_UP, "maybe", "no"),
        (GIVEN, LISTS, "no", "no"),
        (GIVEN, ELSE, "maybe", "maybe"),
        (OWN, INVOKES, "yes", "no"),
        (OWN, LISTS, "yes", "no"),
        (OWN, TRAINS, "yes", "no"),
    ],
)
def test_code_decides_what_the_role_leaves_open(role: str, code: str, model: str, jobs: str) -> None:
    graph = graph_of(role, code)
    assert requested(invokes_model, graph) == model
    assert requested(starts_jobs, graph) == jobs


@pytest.mark.parametrize(
    ("code", "expected"),
    [(INVOKES, "yes"), (READS, "yes"), (LISTS, "no"), (ELSE, "maybe"), (TRAINS, "no")],
)
def test_code_shows_which_of_several_functions_with_one_role_calls(code: str, expected: str) -> None:
    assert requested(invokes_models, graph_of(OWN, code)) == expected


def test_what_a_role_forbids_is_not_requested() -> None:
    assert requested(invokes_model, graph_of(OWN, INVOKES, action="s3:GetObject")) == "no"


@pytest.mark.parametrize(
    ("role", "code", "first"),
    [
        (OWN, INVOKES, ("One", True)),
        (OWN, LISTS, ("Two", True)),
        (GIVEN, INVOKES, ("One", True)),
        (GIVEN, LISTS, ("Two", False)),
    ],
)
def test_the_first_that_uses_bedrock_is_one_whose_code_does(
    role: str, code: str, first: tuple[str, bool]
) -> None:
    ((user, invokes),) = first_bedrock_user(graph_of(role, code))
    assert (user.address, certainly(invokes)) == first


def test_actions_are_what_iam_calls_them() -> None:
    code = "import boto3\\nc = boto3.client('bedrock-runtime')\\nc.converse_stream()\\nc.converse()"
    graph = graph_of(OWN, code)
    assert requests.actions_of(graph.resource("One"), graph) == {
        "bedrock:InvokeModel",
        "bedrock:InvokeModelWithResponseStream",
    }


def test_words_about_predictions_invoke_nothing() -> None:
    code = "import boto3\\n# predictive\\nboto3.client('sagemaker').create_transform_job(ModelName='m')"
    graph = graph_of(GIVEN, code)
    assert (requested(invokes_model, graph), requested(starts_jobs, graph)) == ("no", "yes")
