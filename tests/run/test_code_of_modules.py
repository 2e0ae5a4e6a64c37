"""The code of functions that a module of the registry packs, and clients of Bedrock that invoke no model."""

import json

import pytest

from tests.support.workspace import Workspace

CALL = """\
module "memory" {
  source        = "terraform-aws-modules/lambda/aws"
  version       = "~> 7.0"
  function_name = "memory"
  handler       = "app.handler"
  runtime       = "python3.13"
  source_path   = "${path.module}/src"

  attach_policy_statements = true
  policy_statements = {
    models = { effect = "Allow", actions = ["bedrock:*"], resources = ["*"] }
  }
}
"""
PROGRAM = """\
import boto3

client = boto3.client("CLIENT")


def handler(event, context):
    return client.REQUEST
"""


@pytest.mark.parametrize(
    ("client", "request_", "found"),
    [
        ("bedrock-runtime", "converse(modelId=event['model'], messages=event['messages'])", ["Function"]),
        ("bedrock-agent-runtime", "retrieve_and_generate(input=event['text'])", ["Function"]),
        ("bedrock-agentcore", "invoke_agent_runtime(payload=event['text'])", ["Function"]),
        # These set something up, as whoever runs Terraform does.
        ("bedrock-agentcore-control", "create_memory(name='team', eventExpiryDuration=30)", []),
        ("bedrock-agent", "start_ingestion_job(knowledgeBaseId='b', dataSourceId='d')", []),
        ("bedrock", "list_foundation_models()", []),
        ("bedrock", "create_model_invocation_job(modelId='m')", ["Function"]),
    ],
)
def test_a_client_that_sets_something_up_invokes_no_model(
    workspace: Workspace, client: str, request_: str, found: list[str]
) -> None:
    (workspace.folder / "template.yaml").unlink()
    workspace.write("main.tf", CALL)
    workspace.write("prod.tfvars", "")
    workspace.write("src/app.py", PROGRAM.replace("CLIENT", client).replace("REQUEST", request_))
    ran = workspace.run("check", "--format", "json", "--select", "MLO605", "--severity", "info")
    messages = [each["message"] for each in json.loads(ran.out)["findings"]]
    assert [each.partition(" ")[0] for each in messages] == found
