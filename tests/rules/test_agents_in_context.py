"""What findings on generative AI weigh by what else the repository shows."""

from pathlib import Path

import pytest

from mlwa_lint.catalogue.registry import load_rules
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.run.pipeline import lint_paths
from mlwa_lint.run.settings import RunSettings

RULES = load_rules().rules


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write(**files: str) -> None:
    """Writes files; `__` in a name stands for a slash, a last `_tf`, `_py` or `_md` for the ending."""
    for name, text in files.items():
        stem, _, ending = name.replace("__", "/").rpartition("_")
        path = Path(f"{stem}.{ending}")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def weights(code: str) -> list[tuple[str, str | None]]:
    """The severity of each finding of a rule, and why it is not higher."""
    report = lint_paths(["."], lambda _: RunSettings(RULES, LoadOptions(root=Path())), 1)
    assert not report.errors
    return [
        (each.severity, None if each.lowered is None else each.lowered.because)
        for each in report.findings
        if each.code == code
    ]


MODELS = """
variable "allow_every_model" {
  type    = bool
  default = true
}
variable "further_statements" {
  default = []
}
resource "aws_iam_role" "agent" {
  name = "agent"
  assume_role_policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = ["bedrock-agentcore.amazonaws.com", "ecs-tasks.amazonaws.com"] }
      Action    = "sts:AssumeRole"
    }]
  })
}
resource "aws_iam_role_policy" "models" {
  role = aws_iam_role.agent.name
  policy = jsonencode({
    Statement = concat(
      GIVEN [{ Effect = "Allow", Action = "bedrock:InvokeModel", Resource = "*" }] NOT,
      var.further_statements,
    )
  })
}
"""
CALL = 'module "agent" {\n  source = "../../"\n}\n'
BY_SWITCH = MODELS.replace("GIVEN", "var.allow_every_model ?").replace("NOT", ": []")
ALWAYS = MODELS.replace("GIVEN", "").replace("NOT", "")


def test_models_that_the_caller_of_a_module_may_restrict() -> None:
    write(main_tf=BY_SWITCH, examples__basic__main_tf=CALL)
    assert ("low", "who calls the module may set it") in weights("MLS615")
    write(main_tf=ALWAYS)
    assert weights("MLS615") == [("medium", None)] * 2


def test_models_that_a_configuration_allows_by_default() -> None:
    write(main_tf=BY_SWITCH)
    assert weights("MLS615") == [("medium", None)]


COLLECTION = """
resource "aws_opensearchserverless_collection" "pages" {
  name = "pages"
  type = "VECTORSEARCH"
}
resource "aws_bedrockagent_knowledge_base" "help" {
  name     = "help"
  role_arn = "arn:aws:iam::111122223333:role/help"
  storage_configuration {
    type = "OPENSEARCH_SERVERLESS"
    opensearch_serverless_configuration {
      collection_arn    = aws_opensearchserverless_collection.pages.arn
      vector_index_name = "pages"
    }
  }
}
resource "aws_opensearchserverless_security_policy" "network" {
  name = "pages"
  type = "network"
  policy = jsonencode([{
    Rules           = [{ ResourceType = "collection", Resource = ["collection/pages"] }]
    AllowFromPublic = true
  }])
}
resource "aws_opensearchserverless_access_policy" "data" {
  name = "pages"
  type = "data"
  policy = jsonencode([{
    Rules     = [{ ResourceType = "index", Resource = ["index/pages/*"], Permission = ["aoss:*"] }]
    Principal = ["arn:aws:iam::111122223333:role/help"]
  }])
}
resource "aws_cloudwatch_metric_alarm" "throttled" {
  alarm_name    = "throttled"
  namespace     = "AWS/Bedrock"
  metric_name   = "InvocationThrottles"
  alarm_actions = ["arn:aws:sns:eu-west-1:111122223333:operators"]
}
"""
INDEX = 'resource "opensearch_index" "pages" {\n  name = "pages"\n}\n'
NETWORK = 'resource "aws_vpc" "main" {\n  cidr_block = "10.0.0.0/16"\n}\n'
NAMED = "the data access policies of the project name who has access"


def test_a_collection_whose_index_terraform_creates_over_the_internet() -> None:
    write(main_tf=COLLECTION)
    assert weights("MLS611") == [("medium", NAMED)]
    write(main_tf=COLLECTION + INDEX)
    provider = "Terraform's opensearch provider creates the index from outside of a VPC"
    assert weights("MLS611") == [("low", f"{NAMED}, and {provider}")]
    write(main_tf=COLLECTION + INDEX + NETWORK)
    assert weights("MLS611") == [("medium", NAMED)]


def test_an_example_whose_index_terraform_creates_over_the_internet() -> None:
    write(examples__complete__main_tf=COLLECTION + INDEX)
    assert [severity for severity, _ in weights("MLS611")] == ["info"]


INDEXING = """
import boto3, requests
from requests_aws4auth import AWS4Auth

HEAD
    auth = AWS4Auth("key", "secret", "eu-west-1", "aoss")
    requests.put(endpoint + "/pages", auth=auth, json={})
"""


@pytest.mark.parametrize(
    ("head", "severity"), [("def index(endpoint):", "low"), ("def run(event, _):", "medium")]
)
def test_a_collection_whose_index_a_program_creates(head: str, severity: str) -> None:
    write(infra__main_tf=COLLECTION, setup_py=INDEXING.replace("HEAD", head))
    assert [found for found, _ in weights("MLS611")] == [severity]


GATEWAY = """
variable "user_pool" {
  default = ""
}
resource "aws_bedrockagentcore_gateway" "tools" {
  name            = "tools"
  role_arn        = "arn:aws:iam::111122223333:role/tools"
  protocol_type   = "MCP"
  authorizer_type = var.user_pool != "" ? "CUSTOM_JWT" : "NONE"
}
"""
SWITCHED = """
provider "aws" {
  region = "eu-west-1"
}
variable "with_gateway" {
  type    = bool
  default = false
}
module "gateway" {
  source = "./modules/gateway"
  count  = var.with_gateway ? 1 : 0
  ARGUMENT
}
"""
OFF = "main.tf switches the module off by default"


def test_a_module_that_the_configuration_switches_off() -> None:
    write(main_tf=SWITCHED.replace("ARGUMENT", ""), modules__gateway__main_tf=GATEWAY)
    assert weights("MLS607") == [("medium", OFF)]
    assert weights("MLS609") == [("info", OFF)]
    write(main_tf=SWITCHED.replace("ARGUMENT", 'user_pool = "eu-west-1_example"'))
    assert weights("MLS607") == [("low", OFF)]


def test_a_module_that_another_module_switches_off_is_its_users_choice() -> None:
    text = SWITCHED.replace("ARGUMENT", "").replace('provider "aws" {', "locals {")
    write(main_tf=text, modules__gateway__main_tf=GATEWAY)
    assert weights("MLS607") == [("medium", "who calls the module may set it")]
    assert weights("MLS609") == [("low", None)]


def test_a_module_that_the_configuration_calls() -> None:
    write(
        main_tf=SWITCHED.replace("ARGUMENT", "").replace("false", "true"), modules__gateway__main_tf=GATEWAY
    )
    assert weights("MLS607") == [("high", None)]


SANDBOX = """
resource "aws_bedrockagentcore_code_interpreter" "code" {
  name = "code"
  network_configuration {
    ABOVE
    network_mode = "PUBLIC" BEHIND
  }
}
"""


@pytest.mark.parametrize(
    ("above", "behind", "severity"),
    [
        ("", "# Allow internet access for package downloads", "info"),
        ("# It needs the internet:\n    # users install packages with pip.", "", "info"),
        ("", "# public", "medium"),
        ("", "# TODO: VPC once it is available, for internet access", "medium"),
        ("# The name of the interpreter, required by the agent", "", "medium"),
        ("", "", "medium"),
    ],
)
def test_a_comment_that_states_what_the_internet_is_for(above: str, behind: str, severity: str) -> None:
    write(main_tf=SANDBOX.replace("ABOVE", above).replace("BEHIND", behind))
    assert [found for found, _ in weights("MLS608")] == [severity]


def test_a_comment_at_the_call_of_a_module() -> None:
    module = 'variable "mode" {}\n' + SANDBOX.replace('"PUBLIC"', "var.mode").replace("ABOVE", "").replace(
        "BEHIND", ""
    )
    call = 'module "code" {\n  source = "./modules/code"\n  mode   = "PUBLIC" REASON\n}\n'
    write(modules__code__main_tf=module, main_tf=call.replace("REASON", "# for installs from the internet"))
    assert [found for found, _ in weights("MLS608")] == ["info"]
    write(main_tf=call.replace("REASON", ""))
    assert [found for found, _ in weights("MLS608")] == ["medium"]


SERVER = """
data "aws_vpc" "main" {
  id = "vpc-0a1b2c3d4e5f60718"
}
resource "aws_iam_role" "server" {
  name = "server"
  assume_role_policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "bedrock-agentcore.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}
resource "aws_iam_role_policy" "server" {
  role = aws_iam_role.server.name
  policy = jsonencode({
    Statement = [
      { Effect = "Allow", Action = ["logs:PutLogEvents", "xray:PutTraceSegments" FURTHER], Resource = "*" },
    ]
  })
}
resource "aws_bedrockagentcore_agent_runtime" "server" {
  agent_runtime_name = "server"
  role_arn           = aws_iam_role.server.arn
  VARIABLES
  network_configuration {
    network_mode = "PUBLIC"
  }
}
"""


@pytest.mark.parametrize(
    ("further", "variables", "severity"),
    [
        ("", "", "low"),
        (', "bedrock:InvokeModel"', "", "medium"),
        (', "s3:GetObject"', "", "medium"),
        ("", 'environment_variables = { SERVICE = "https://example.com" }', "medium"),
    ],
)
def test_a_runtime_that_reaches_nothing(further: str, variables: str, severity: str) -> None:
    write(main_tf=SERVER.replace("FURTHER", further).replace("VARIABLES", variables))
    assert [found for found, _ in weights("MLS608")] == [severity]


def test_details_of_errors_in_development() -> None:
    text = GATEWAY.replace("protocol_type   =", 'exception_level = "DEBUG"\n  protocol_type   =')
    write(environments__dev__main_tf=text)
    assert weights("MLS610") == [("info", "it is for development")]
    write(environments__live__main_tf=text)
    assert ("low", None) in weights("MLS610")


GUARDRAIL = """
resource "aws_bedrock_guardrail" "LABEL" {
  name                      = "LABEL"
  blocked_input_messaging   = "No."
  blocked_outputs_messaging = "No."
  content_policy_config {
    filters_config {
      type            = "HATE"
      input_strength  = "HIGH"
      output_strength = "HIGH"
    }
  }
}
"""
BESIDE = "its name shows that it is for development or tests, beside one for production"


def test_a_guardrail_for_development_beside_one_for_production() -> None:
    write(main_tf=GUARDRAIL.replace("LABEL", "chat_test") + GUARDRAIL.replace("LABEL", "chat_production"))
    assert sorted(weights("MLS620")) == [("info", BESIDE), ("low", None)]
    write(main_tf=GUARDRAIL.replace("LABEL", "chat_test") + GUARDRAIL.replace("LABEL", "chat_other"))
    assert weights("MLS620") == [("low", None)] * 2


CHOSEN = """
variable "config" {
  type    = object({ pii = optional(list(string)) })
  default = { pii = ["EMAIL"] }
}
resource "aws_bedrock_guardrail" "this" {
  name                      = "chat"
  blocked_input_messaging   = "No."
  blocked_outputs_messaging = "No."
  dynamic "sensitive_information_policy_config" {
    for_each = var.config.pii == null ? [] : [1]
    content {
      pii_entities_config {
        type   = "EMAIL"
        action = "BLOCK"
      }
    }
  }
}
"""


def test_a_filter_that_the_caller_of_a_module_may_leave_out() -> None:
    write(main_tf=CHOSEN, examples__basic__main_tf=CALL)
    assert {severity for severity, _ in weights("MLS612")} <= {"info"}


RUNTIME = """
resource "aws_bedrockagentcore_agent_runtime" "planner" {
  agent_runtime_name = "planner"
  role_arn           = aws_iam_role.planner.arn
}
"""
ROLE = """
resource "aws_iam_role" "NAME" {
  name = "NAME"
  assume_role_policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "SERVICE.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}
resource "aws_iam_role_policy" "NAME" {
  role = aws_iam_role.NAME.name
  policy = jsonencode({
    Statement = [{
      Effect   = "Allow"
      Action   = "bedrock:InvokeModel"
      Resource = "arn:aws:bedrock:eu-west-1::foundation-model/amazon.nova-lite-v1:0"
    }]
  })
}
"""
AGENT_ROLE = ROLE.replace("NAME", "planner").replace("SERVICE", "bedrock-agentcore")
FUNCTION = (
    ROLE.replace("NAME", "reply").replace("SERVICE", "lambda")
    + """
resource "aws_lambda_function" "reply" {
  function_name = "reply"
  role          = aws_iam_role.reply.arn
  handler       = "index.handler"
  runtime       = "python3.13"
  filename      = "reply.zip"
}
"""
)


def places(code: str) -> list[str]:
    report = lint_paths(["."], lambda _: RunSettings(RULES, LoadOptions(root=Path())), 1)
    return [each.address for each in report.findings if each.code == code]


def test_a_role_that_nothing_acts_with_comes_after_what_invokes_models() -> None:
    write(a_tf=AGENT_ROLE, b_tf=FUNCTION)
    assert places("MLO603") == ["aws_lambda_function.reply"]
    write(b_tf="")
    assert places("MLO603") == ["aws_iam_role.planner"]


@pytest.mark.parametrize("off", ["false", "true"])
def test_prompts_that_programs_keep_to_themselves(off: str) -> None:
    write(infra__main_tf=AGENT_ROLE + RUNTIME)
    Path("Dockerfile").write_text(f"FROM python\nENV TRACELOOP_TRACE_CONTENT={off}\n")
    found = [severity for severity, _ in weights("MLO603")]
    assert (found == ["info"]) is (off == "false")


MEMORY = """
resource "aws_bedrockagentcore_memory" "notes" {
  name                  = "notes"
  event_expiry_duration = 30
}
"""
STRATEGY = """
resource "aws_bedrockagentcore_memory_strategy" "facts" {
  name       = "facts"
  memory_id  = aws_bedrockagentcore_memory.notes.id
  type       = "SEMANTIC"
  namespaces = ["/facts/{actorId}"]
}
"""


def test_a_memory_that_extracts_nothing_has_no_logs() -> None:
    write(main_tf=MEMORY)
    assert [severity for severity, _ in weights("MLO604")] == ["info"]
    write(main_tf=MEMORY + STRATEGY)
    assert weights("MLO604") == [("low", None)]


SEARCH = """
import boto3

control = boto3.client("bedrock-agentcore-control")
role = "arn:aws:iam::111122223333:role/g"
gateway = control.create_gateway(name="g", roleArn=role, authorizerType="AUTHORIZER")
control.create_gateway_target(
    gatewayIdentifier=gateway["gatewayId"],
    name="t",
    targetConfiguration={"mcp": {TARGET}},
)
"""


@pytest.mark.parametrize(
    ("authorizer", "target", "severity"),
    [
        ("AWS_IAM", '"connector": {"source": {"connectorId": "web-search"}}', "info"),
        ("CUSTOM_JWT", '"connector": {"source": {"connectorId": "web-search"}}', "low"),
        ("AWS_IAM", '"connector": {"source": {"connectorId": "mail"}}', "low"),
        ("AWS_IAM", '"lambda": {"lambdaArn": "arn:aws:lambda:eu-west-1:111122223333:function:f"}', "low"),
    ],
)
def test_a_gateway_that_only_searches_the_web(authorizer: str, target: str, severity: str) -> None:
    write(setup_py=SEARCH.replace("AUTHORIZER", authorizer).replace("TARGET", target))
    assert [found for found, _ in weights("MLS609")] == [severity]
