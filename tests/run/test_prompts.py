"""What knowledge bases weigh for the logs and alarms of an account, by who sends prompts to models."""

from pathlib import Path

import pytest

from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.run.pipeline import lint_paths
from mlwa_lint.run.settings import RunSettings
from tests.support import rule_examples as harness

BASE = """
resource "aws_bedrockagent_knowledge_base" "manuals" {
  name     = "manuals"
  role_arn = "arn:aws:iam::111122223333:role/manuals"

  knowledge_base_configuration {
    type = "VECTOR"
    vector_knowledge_base_configuration {
      embedding_model_arn = "arn:aws:bedrock:eu-west-1::foundation-model/amazon.titan-embed-text-v2:0"
    }
  }
}
"""
ROLE = """
resource "aws_iam_role" "service" {
  name = "service"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "PRINCIPAL.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy" "service" {
  role = aws_iam_role.service.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "bedrock:InvokeModel", Resource = "*" }]
  })
}
"""
CALLS = "client.converse(modelId='amazon.nova-lite-v1:0', messages=messages)\n"
SERVES = "import streamlit\n"


def weights(folder: Path) -> dict[str, str]:
    """The severity of each of the two rules about an account."""
    rules = (harness.rule_of("MLO603"), harness.rule_of("MLO605"))
    report = lint_paths([str(folder / "infra")], lambda _: RunSettings(rules, LoadOptions(folder)), 1)
    return {each.code: each.severity for each in report.findings}


@pytest.mark.parametrize(
    ("program", "infra", "expected"),
    [
        ("print(1)\n", "", ("info", "info")),
        (SERVES, "", ("info", "info")),
        ("results = client.retrieve(knowledgeBaseId=base)\n", "", ("info", "info")),
        (CALLS, "", ("info", "info")),
        (SERVES + CALLS, "", ("medium", "low")),
        ("def lambda_handler(event, context):\n    return " + CALLS, "", ("medium", "low")),
        ("print(1)\n", ROLE.replace("PRINCIPAL", "ecs-tasks"), ("medium", "low")),
        ("print(1)\n", ROLE.replace("PRINCIPAL", "bedrock"), ("info", "info")),
    ],
)
def test_a_knowledge_base_alone_sends_no_prompts(
    program: str, infra: str, expected: tuple[str, str], tmp_path: Path
) -> None:
    (tmp_path / "infra").mkdir()
    (tmp_path / "infra" / "main.tf").write_text(BASE + infra)
    (tmp_path / "service.py").write_text(program)
    (tmp_path / "production.json").write_text("{}")
    assert weights(tmp_path) == dict(zip(("MLO603", "MLO605"), expected, strict=True))


FUNCTION = """
data "archive_file" "answers" {
  type        = "zip"
  source_file = "${path.module}/answers.py"
  output_path = "${path.module}/answers.zip"
}

resource "aws_lambda_function" "answers" {
  function_name = "answers"
  filename      = data.archive_file.answers.output_path
  handler       = "answers.handler"
  runtime       = "python3.13"
  role          = aws_iam_role.service.arn
}
"""
BUILT = """
resource "null_resource" "build" {
  provisioner "local-exec" {
    command = "cp ../functions/answers/answers.py build/ && pip install --target build cryptography"
  }
}

data "archive_file" "answers" {
  type        = "zip"
  source_dir  = "${path.module}/build"
  output_path = "${path.module}/answers.zip"
}
"""
CODE = "import boto3\n\nclient = boto3.client('bedrock-agent-runtime')\n\ndef handler(event, context):\n"
RETRIEVES = (
    CODE
    + "    return client.retrieve(knowledgeBaseId='BASE123456', retrievalQuery={'text': event['text']})\n"
)
GUARDS = (
    CODE.replace("-agent", "")
    + "    return client.apply_guardrail(guardrailIdentifier='abc', source='INPUT')\n"
)
CONVERSES = CODE.replace("-agent", "") + "    return client.converse(modelId='amazon.nova-lite-v1:0')\n"
LAMBDA = ROLE.replace("PRINCIPAL", "lambda")
OTHER = ROLE.replace("PRINCIPAL", "ecs-tasks").replace("service", "task")
ON_BASE = LAMBDA.replace('Resource = "*"', "Resource = aws_bedrockagent_knowledge_base.manuals.arn")


@pytest.mark.parametrize(
    ("infra", "code", "expected"),
    [
        (BASE + LAMBDA + FUNCTION, RETRIEVES, ("info", "info")),
        (BASE + LAMBDA + FUNCTION, CONVERSES, ("medium", "low")),
        (BASE + LAMBDA + FUNCTION + OTHER, RETRIEVES, ("medium", "low")),
        (BASE + ON_BASE.replace("lambda.amazon", "ecs-tasks.amazon"), "", ("info", "info")),
        (LAMBDA + FUNCTION, GUARDS, ()),
        (LAMBDA + FUNCTION, CONVERSES, ("medium", "low")),
        (LAMBDA + FUNCTION, "", ("medium", "low")),
    ],
    ids=["retrieves", "asks", "another role", "on a base", "guards", "asks alone", "unknown code"],
)  # fmt: skip
def test_code_that_only_retrieves_or_guards_sends_no_prompts(
    infra: str, code: str, expected: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / "infra").mkdir()
    (tmp_path / "infra" / "main.tf").write_text(infra)
    if code:
        (tmp_path / "infra" / "answers.py").write_text(code)
    (tmp_path / "production.json").write_text("{}")
    assert weights(tmp_path) == dict(zip(("MLO603", "MLO605"), expected, strict=False))


@pytest.mark.parametrize(
    ("code", "expected"), [(GUARDS, {}), (CONVERSES, {"MLO603": "medium", "MLO605": "low"})]
)
def test_code_that_a_command_copies_into_the_folder_that_is_packed(
    code: str, expected: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "infra").mkdir()
    (tmp_path / "functions" / "answers").mkdir(parents=True)
    (tmp_path / "functions" / "answers" / "answers.py").write_text(code)
    declared = FUNCTION.partition('resource "')[2]
    (tmp_path / "infra" / "main.tf").write_text(f'{LAMBDA}{BUILT}resource "{declared}')
    (tmp_path / "production.json").write_text("{}")
    assert weights(tmp_path) == expected


MODEL = "import boto3, json, os\nMODEL = 'amazon.titan-embed-text-v2:0'\n"
EMBEDS = (
    MODEL
    + "client = boto3.client('bedrock-runtime')\n"
    + "def embed(text):\n    body = json.dumps({'inputText': text})\n"
    + "    return client.invoke_model(modelId=MODEL, body=body)\n"
    + "def handler(event, context):\n    found = [embed(event['text']), embed(event['title'])]\n"
)
SETTINGS = (
    "from pydantic_settings import BaseSettings\n"
    "class Settings(BaseSettings):\n    embedding_model: str = 'cohere.embed-english-v3'\n"
)
BY_NODE = """\
import { BedrockRuntimeClient, InvokeModelCommand } from "@aws-sdk/client-bedrock-runtime";
const client = new BedrockRuntimeClient({});
export const handler = async (event) =>
  client.send(new InvokeModelCommand({ modelId: "amazon.titan-embed-text-v2:0", body: event.body }));
"""


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (EMBEDS, ("info", "info")),
        (
            EMBEDS.replace("'amazon.titan-embed-text-v2:0'", "os.environ['EMBEDDING_MODEL_ID']"),
            ("info", "info"),
        ),
        (SETTINGS + EMBEDS.replace("modelId=MODEL", "modelId=Settings().embedding_model"), ("info", "info")),
        (EMBEDS.replace("titan-embed-text-v2:0", "nova-lite-v1:0"), ("medium", "low")),
        (EMBEDS.replace("'amazon.titan-embed-text-v2:0'", "os.environ['MODEL_ID']"), ("medium", "low")),
        (EMBEDS + "    return client.converse(modelId=MODEL)\n", ("medium", "low")),
        (EMBEDS + "    return client.invoke_model(modelId=event['model'])\n", ("medium", "low")),
        (EMBEDS + "    return getattr(client, event['call'])(modelId=MODEL)\n", ("medium", "low")),
        ("import ours\n" + EMBEDS, ("medium", "low")),
    ],
    ids=[
        "text",
        "variable",
        "settings",
        "another",
        "some model",
        "also asks",
        "given",
        "any call",
        "unknown code",
    ],
)
def test_code_that_only_embeds_sends_no_prompts(code: str, expected: tuple[str, str], tmp_path: Path) -> None:
    (tmp_path / "infra").mkdir()
    (tmp_path / "infra" / "main.tf").write_text(LAMBDA + FUNCTION)
    (tmp_path / "infra" / "answers.py").write_text(code)
    (tmp_path / "production.json").write_text("{}")
    assert weights(tmp_path) == dict(zip(("MLO603", "MLO605"), expected, strict=True))


@pytest.mark.parametrize(
    ("code", "severity"),
    [
        (BY_NODE, "info"),
        (BY_NODE.replace("titan-embed-text-v2:0", "nova-lite-v1:0"), "low"),
        (BY_NODE.replace("InvokeModelCommand }", "InvokeModelCommand, ConverseCommand }"), "low"),
    ],
)
def test_a_program_for_node_that_only_embeds_sends_no_prompts(
    code: str, severity: str, tmp_path: Path
) -> None:
    (tmp_path / "infra").mkdir()
    (tmp_path / "infra" / "stack.yaml").write_text(
        "Resources:\n  Embed:\n    Type: AWS::Lambda::Function\n    Properties:\n      Code: src\n"
        "      Handler: index.handler\n      Runtime: nodejs22.x\n"
        "      Role: arn:aws:iam::111122223333:role/embed\n"
    )
    (tmp_path / "infra" / "src").mkdir()
    (tmp_path / "infra" / "src" / "index.mjs").write_text(code)
    (tmp_path / "production.json").write_text("{}")
    assert weights(tmp_path) == {"MLO605": severity}


SERVICE = """
resource "aws_apprunner_service" "manuals" {
  service_name = "manuals"
  source_configuration {
    image_repository {
      image_identifier      = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/manuals:1.0"
      image_repository_type = "ECR"
    }
  }
  instance_configuration { instance_role_arn = aws_iam_role.service.arn }
}
"""
RETRIEVES = "from llama_index.retrievers.bedrock import AmazonKnowledgeBasesRetriever\nimport openai\n"


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        (RETRIEVES, ("info", "info")),
        (RETRIEVES + CALLS, ("medium", "low")),
        (RETRIEVES + "from strands import Agent\n", ("medium", "low")),
        ("import openai\n", ("medium", "low")),  # what the container calls is not known
    ],
)
def test_containers_whose_programs_only_retrieve(
    program: str, expected: tuple[str, str], tmp_path: Path
) -> None:
    (tmp_path / "infra").mkdir()
    (tmp_path / "infra" / "production.tfvars").write_text("", "utf-8")
    role = ROLE.replace("PRINCIPAL", "tasks.apprunner")
    (tmp_path / "infra" / "main.tf").write_text(role + SERVICE, "utf-8")
    (tmp_path / "app.py").write_text(program, "utf-8")
    found = weights(tmp_path)
    assert (found["MLO603"], found["MLO605"]) == expected
