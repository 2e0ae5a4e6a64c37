"""Which environment variables of functions name a Bedrock model."""

from pathlib import Path

import pytest

from mlwa_lint.frontends.cloudformation.stacks.project import load
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.graph.queries import bedrock
from tests.support.graphs import linked


@pytest.mark.parametrize(
    ("name", "value", "counts"),
    [
        ("MODEL_ID", "!Ref P", True),
        ("BEDROCK_MODEL", "!Ref P", True),
        ("ModelArn", "!Sub 'arn:aws:bedrock:${AWS::Region}::foundation-model/${P}'", True),
        ("EMBEDDING_MODEL_NAME", "!Sub '${P}.anthropic.claude-3-haiku-20240307-v1:0'", True),
        ("ANYTHING", "amazon.nova-lite-v1:0", True),
        ("MODEL_ID", "my-own", False),
        ("MODEL_BUCKET", "!Ref P", False),
        ("MODEL_PACKAGE_GROUP_NAME", "!Sub 'models-${P}'", False),
        ("MODEL_PATH", "!Ref P", False),
        ("MODEL_NAME", "!GetAtt Model.ModelName", False),
        ("MODEL", "!Sub 's3://${P}/model.tar.gz'", False),
    ],
)
def test_a_variable_that_names_something_else_is_no_model(name: str, value: str, counts: bool) -> None:
    text = f"""
Parameters: {{P: {{Type: String}}}}
Resources:
  Model: {{Type: AWS::SageMaker::Model, Properties: {{ExecutionRoleArn: r}}}}
  Function: {{Type: AWS::Lambda::Function, Properties: {{Environment: {{Variables: {{{name}: {value}}}}}}}}}
"""
    project = load(Path("t.yaml"), LoadOptions(), text)
    assert not project.problems
    graph = linked(project)
    assert len(list(bedrock.models_of(graph.resource("Function")))) == counts
