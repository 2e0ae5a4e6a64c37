"""What findings weigh by what a project is for: a module, its examples, tests, an environment."""

from pathlib import Path

import pytest

from mlwa_lint.catalogue.registry import load_rules
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.run.pipeline import lint_paths
from mlwa_lint.run.settings import RunSettings

RULES = load_rules().rules
RUNTIME = """
resource "aws_vpc" "this" {}

resource "aws_bedrockagentcore_agent_runtime" "this" {
  agent_runtime_name = "planner"
  role_arn           = "arn:aws:iam::111122223333:role/planner"
  network_configuration {
    network_mode = MODE
  }
}
"""
STATED = RUNTIME.replace("MODE", '"PUBLIC"')
DEFAULT = RUNTIME.replace("MODE", "var.mode") + 'variable "mode" {\n  default = "PUBLIC"\n}\n'
CALL = 'provider "aws" {}\nmodule "m" {\n  source = "SOURCE"\n  count  = 0\n}\n'
ALARM = """
Conditions:
  CONDITION: !Equals [!Ref "AWS::StackName", live]
Resources:
  Endpoint:
    Type: AWS::SageMaker::Endpoint
    Properties: {EndpointConfigName: !ImportValue Config}
  Errors:
    Type: AWS::CloudWatch::Alarm
    Condition: CONDITION
    Properties:
      Namespace: AWS/SageMaker
      MetricName: Invocation5XXErrors
      Dimensions: [{Name: EndpointName, Value: !GetAtt Endpoint.EndpointName}]
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write(name: str, content: str) -> None:
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(content)


def weights(code: str, path: str = ".") -> list[tuple[str, str | None]]:
    """The severity of each finding of a rule, and why it is not higher."""
    report = lint_paths([path], lambda _: RunSettings(RULES, LoadOptions(root=Path(path))), 1)
    return [
        (each.severity, None if each.lowered is None else each.lowered.because)
        for each in report.findings
        if each.code == code
    ]


def test_a_configuration_is_deployed_with_its_defaults() -> None:
    write("main.tf", DEFAULT)
    assert weights("MLS608") == [("medium", None)]


@pytest.mark.parametrize("path", [".", "module"])
def test_who_calls_a_module_sets_what_it_leaves_to_a_variable(path: str) -> None:
    write("module/main.tf", DEFAULT + 'provider "opensearch" {}\n')
    write("module/examples/main.tf", CALL.replace("SOURCE", "../"))
    assert weights("MLS608", path) == [("low", "who calls the module may set it")]


def test_a_module_whose_examples_name_it_by_its_place_in_the_registry_waits_for_callers() -> None:
    write("main.tf", DEFAULT)
    write("examples/basic/main.tf", CALL.replace("SOURCE", "example/runtime/aws"))
    assert weights("MLS608") == [("low", "who calls the module may set it")]


ENDED = """
resource "aws_glue_job" "prepare" {
  role_arn     = "arn:aws:iam::111122223333:role/prepare"
  glue_version = "2.0"
  command { script_location = "s3://churn/prepare.py" }
}
"""
ROOT = 'provider "aws" {}\nmodule "other" {\n  source = "../modules/other"\n}\n'


@pytest.mark.parametrize(
    ("root", "weight"),
    [
        (ROOT, ("medium", "no configuration of the repository calls the module")),
        ("", ("high", None)),
    ],
)
def test_nothing_runs_that_is_in_a_module_which_no_configuration_calls(
    root: str, weight: tuple[str, str | None]
) -> None:
    write("modules/jobs/main.tf", ENDED)
    write("modules/other/main.tf", DEFAULT)
    write("live/main.tf", root)
    assert weights("MLR304") == [weight]


def test_a_module_that_something_calls_which_is_not_linted_is_called() -> None:
    write("modules/jobs/main.tf", ENDED)
    write("live/main.tf", ROOT.replace("other", "jobs"))
    assert weights("MLR304") == [("high", None)]


AGENT = """
variable "name" { DEFAULT }
resource "aws_bedrockagent_agent" "this" {
  agent_name              = "${var.name}-claims"
  agent_resource_role_arn = "arn:aws:iam::111122223333:role/claims"
  foundation_model        = "amazon.nova-lite-v1:0"
}
resource "aws_sns_topic" "operators" {}
resource "aws_cloudwatch_metric_alarm" "throttled" {
  alarm_name    = "throttled"
  namespace     = "AWS/Bedrock"
  metric_name   = "InvocationThrottles"
  alarm_actions = [aws_sns_topic.operators.arn]
}
"""


def test_a_name_of_a_variable_is_one_whatever_gives_it() -> None:
    write("main.tf", AGENT.replace("DEFAULT", 'default = "motor"'))
    by_default = weights("MLO603")
    write("main.tf", AGENT.replace("DEFAULT", ""))
    write("terraform.tfvars", 'name = "motor"\n')
    assert by_default == weights("MLO603")
    assert [severity for severity, _ in by_default] == ["low"]
    write("main.tf", AGENT.replace("${var.name}", "motor").replace("DEFAULT", ""))
    assert weights("MLO603") == [("medium", None)]


SHOWN = """# Runtimes

INTRODUCTION

```hcl
module "runtime" {
  source = "git::https://example.com/runtimes.git"
}
```
"""


@pytest.mark.parametrize(
    ("introduction", "own"), [("For agents.", ""), ("A Terraform module.", 'provider "aws" {}\n')]
)
def test_a_module_whose_readme_shows_how_it_is_called_waits_for_callers(introduction: str, own: str) -> None:
    write("infra/main.tf", DEFAULT + own)
    write("infra/README.md", SHOWN.replace("INTRODUCTION", introduction))
    assert weights("MLS608") == [("low", "who calls the module may set it")]


def test_a_module_with_examples_may_configure_its_provider() -> None:
    write("main.tf", DEFAULT + 'provider "aws" {}\n')
    write("README.md", "# Runtimes\n\nA Terraform module for agents.\n")
    write("examples/basic/main.tf", CALL.replace("SOURCE", "example/runtime/aws"))
    assert weights("MLS608") == [("low", "who calls the module may set it")]


ALIASES = """
terraform {
  required_providers {
    aws = {
      source                = "hashicorp/aws"
      configuration_aliases = [aws.models]
    }
  }
}
"""


@pytest.mark.parametrize(
    "required", [ALIASES, ALIASES.replace("configuration", '"configuration').replace("aliases", 'aliases"')]
)
def test_what_requires_providers_of_its_callers_is_a_module(required: str) -> None:
    write("main.tf", DEFAULT + required)
    assert weights("MLS608") == [("low", "who calls the module may set it")]


@pytest.mark.parametrize("own", ['provider "aws" {}\n', 'terraform {\n  backend "s3" {}\n}\n'])
def test_what_deploys_itself_waits_for_no_callers_whatever_its_readme_shows(own: str) -> None:
    write("main.tf", DEFAULT + own)
    write("README.md", SHOWN.replace("INTRODUCTION", "Deploys the agents of this company."))
    assert weights("MLS608") == [("medium", None)]


@pytest.mark.parametrize("own", ['provider "aws" {}\n', 'terraform {\n  backend "s3" {}\n}\n'])
def test_what_has_examples_and_a_provider_or_a_state_of_its_own_is_deployed(own: str) -> None:
    write("main.tf", DEFAULT + own)
    write("examples/basic/main.tf", CALL.replace("SOURCE", "example/runtime/aws"))
    assert weights("MLS608") == [("medium", None)]


def test_examples_without_configurations_make_no_module() -> None:
    write("main.tf", DEFAULT)
    write("examples/request.json", "{}")
    write("examples/basic/README.md", "Send the request.")
    assert weights("MLS608") == [("medium", None)]


def test_what_a_module_states_is_its_own() -> None:
    write("module/main.tf", STATED)
    write("module/examples/main.tf", CALL.replace("SOURCE", "../"))
    assert weights("MLS608", "module") == [("medium", None)]


def test_a_called_module_that_configures_its_provider_is_deployed() -> None:
    write("module/main.tf", DEFAULT + 'provider "aws" {}\n')
    write("module/examples/main.tf", CALL.replace("SOURCE", "../"))
    assert weights("MLS608", "module") == [("medium", None)]


@pytest.mark.parametrize(
    ("name", "weight"),
    [
        ("examples/basic/main.tf", ("low", "it is an example")),
        ("06-workshops/gateway/main.tf", ("low", "it is set up for learning, and deleted again")),
        ("advanced-examples/main.tf", ("low", "it is an example")),
        ("sample-data/main.tf", ("medium", None)),
        ("tests/basic/main.tf", ("low", "it is part of tests")),
        ("test/main.tf", ("medium", None)),
        ("envs/dev/main.tf", ("medium", None)),
    ],
)
def test_a_protection_weighs_less_where_nothing_is_to_be_protected(
    name: str, weight: tuple[str, str | None]
) -> None:
    write(name, STATED)
    assert weights("MLS608") == [weight]


def test_the_folders_of_a_repository_count_from_outside_of_it_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("repository/examples/basic/main.tf", STATED)
    write("elsewhere/main.tf", "")
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert weights("MLS608", "../repository") == [("low", "it is an example")]
    # What is above the project is no part of it.
    assert weights("MLS608", "../repository/examples/basic") == [("medium", None)]


@pytest.mark.parametrize(
    ("condition", "weight"),
    [
        ("IsProduction", ("medium", "it does not hold in production")),
        ("IsProdEnv", ("medium", "it does not hold in production")),
        ("IsNotProduction", ("high", None)),
        ("IsDev", ("high", None)),
        ("IsProduct", ("high", None)),
        ("IsLive", ("high", None)),
    ],
)
def test_what_production_has_weighs_less_elsewhere(condition: str, weight: tuple[str, str | None]) -> None:
    write("endpoint.yaml", ALARM.replace("CONDITION", condition))
    assert weights("MLO101") == [weight]


@pytest.mark.parametrize(
    ("requested", "weight"),
    [
        ('== "demo"', ("medium", "it does not hold in production")),
        ('!= "prod"', ("medium", "it does not hold in production")),
        ('== "prod"', ("high", None)),
        ('!= "dev"', ("high", None)),
        ('== "live"', ("high", None)),
    ],
)
def test_what_exists_outside_of_production_alone_weighs_less(
    requested: str, weight: tuple[str, str | None]
) -> None:
    write(
        "main.tf",
        'variable "stage" {}\n'
        'resource "aws_sagemaker_endpoint" "this" {\n'
        f"  count                = var.stage {requested} ? 1 : 0\n"
        '  endpoint_config_name = "scores-1"\n'
        "}\n"
        'resource "aws_cloudwatch_metric_alarm" "other" {\n'
        '  namespace   = "AWS/SageMaker"\n'
        '  metric_name = "Invocation5XXErrors"\n'
        '  dimensions  = { EndpointName = "other", VariantName = "main" }\n'
        "}\n",
    )
    assert weights("MLO101") == [weight]


GUARDRAIL = """
resource "aws_bedrock_guardrail" "this" {
  name = "answers"
  content_policy_config {
    filters_config {
      type            = "HATE"
      input_strength  = "HIGH"
      output_strength = "HIGH"
    }
  }
}

resource "aws_bedrockagent_flow" "this" {
  name               = "answers"
  execution_role_arn = "arn:aws:iam::111122223333:role/answers"
}

resource "aws_bedrockagent_agent" "this" {
  agent_name = "answers"
  guardrail_configuration {
    guardrail_identifier = aws_bedrock_guardrail.this.guardrail_id
    guardrail_version    = "1"
  }
}
"""


@pytest.mark.parametrize(
    ("code", "path", "expected"),
    [
        ("MLS620", "service/main.tf", "low"),
        ("MLS620", "examples/basic/main.tf", "info"),
        ("MLS612", "service/main.tf", "medium"),
        ("MLS612", "examples/basic/main.tf", "low"),
        ("MLO603", "service/main.tf", "medium"),
        ("MLO603", "examples/basic/main.tf", "info"),
        ("MLO603", "tests/setup/main.tf", "info"),
    ],
)
def test_what_examples_leave_to_an_application_or_an_account(code: str, path: str, expected: str) -> None:
    write(path, 'provider "aws" {}\n' + GUARDRAIL)
    assert [severity for severity, _ in weights(code)] == [expected]


PUBLIC_AGENT = """
resource "aws_iam_role" "agent" {
  assume_role_policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "bedrock-agentcore.amazonaws.com" }
    }]
  })
  managed_policy_arns = [MANAGED]
}

resource "aws_bedrockagentcore_agent_runtime" "this" {
  agent_runtime_name = "planner"
  role_arn           = aws_iam_role.agent.arn
  network_configuration {
    network_mode = "PUBLIC"
  }
}
"""


@pytest.mark.parametrize(
    ("managed", "readme", "expected"),
    [
        ("", "", "medium"),
        ("", "An agent that plans trips.", "low"),
        ("", "An agent for patients.", "medium"),
        ('"arn:aws:iam::aws:policy/ReadOnlyAccess"', "An agent that plans trips.", "medium"),
        ('"arn:aws:iam::aws:policy/AmazonS3FullAccess"', "An agent that plans trips.", "medium"),
    ],
)
def test_an_agent_in_a_public_network_weighs_by_what_it_may_send(
    managed: str, readme: str, expected: str
) -> None:
    write("main.tf", PUBLIC_AGENT.replace("MANAGED", managed))
    if readme:
        write("README.md", f"# Planner\n\n{readme}\n")
    assert [severity for severity, _ in weights("MLS608")] == [expected]


AGENTS = """variable "agents" {
  type    = map(object({ guardrail = optional(string) }))
  default = {}
}

resource "aws_bedrockagent_agent" "this" {
  for_each                = var.agents
  agent_name              = each.key
  agent_resource_role_arn = "arn:aws:iam::111122223333:role/agents"
  foundation_model        = "amazon.nova-lite-v1:0"
OFFERED}

resource "aws_bedrockagent_agent_knowledge_base_association" "this" {
  for_each             = var.agents
  agent_id             = aws_bedrockagent_agent.this[each.key].agent_id
  knowledge_base_id    = "EMDPPAYPZI"
  knowledge_base_state = "ENABLED"
  description          = each.key
}
"""
AGENTS_CALL = 'provider "aws" {}\nmodule "agents" {\n  source = "PLACE"\n  agents = { orders = {} }\n}\n'
GUARDED = """
  dynamic "guardrail_configuration" {
    for_each = each.value.guardrail == null ? [] : [1]
    content {
      guardrail_identifier = each.value.guardrail
      guardrail_version    = "1"
    }
  }
"""


@pytest.mark.parametrize(
    ("module", "place", "offered", "expected"),
    [
        ("main.tf", "../..", "", "medium"),
        ("main.tf", "../..", GUARDED, "low"),  # the example chooses to have none
        ("examples/shared/main.tf", "../shared", "", "low"),
        ("examples/one/shared/main.tf", "./shared", "", "low"),
    ],
)
def test_what_a_module_does_not_offer_is_no_choice_of_the_example_that_calls_it(
    module: str, place: str, offered: str, expected: str
) -> None:
    write(module, AGENTS.replace("OFFERED", offered))
    write("examples/one/main.tf", AGENTS_CALL.replace("PLACE", place))
    assert [severity for severity, _ in weights("MLS601")] == [expected]


KEYS = """variable "kms_key_arn" {
  type    = string
  default = null
}

resource "aws_bedrockagent_agent" "this" {
  agent_name              = "orders"
  agent_resource_role_arn = "arn:aws:iam::111122223333:role/agents"
  foundation_model        = "amazon.nova-lite-v1:0"
GIVEN}

resource "aws_s3_bucket" "documents" {}

resource "aws_kms_key" "documents" {}

resource "aws_s3_bucket_server_side_encryption_configuration" "documents" {
  bucket = aws_s3_bucket.documents.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.documents.arn
    }
  }
}
"""
GIVEN = "  customer_encryption_key_arn = var.kms_key_arn\n"
KEYS_CALL = 'provider "aws" {}\nmodule "agents" {\n  source = "PLACE"\n}\n'


@pytest.mark.parametrize(
    ("module", "place", "given", "path", "expected"),
    [
        ("main.tf", "../..", GIVEN, "examples/one", "info"),
        ("main.tf", "../..", "", "examples/one", "low"),  # nobody can set it
        ("examples/one/shared/main.tf", "./shared", GIVEN, "examples/one", "low"),
        ("modules/agents/main.tf", "../modules/agents", GIVEN, "live", "low"),  # it decides
    ],
)
def test_what_a_module_offers_and_an_example_leaves_out_is_info(
    module: str, place: str, given: str, path: str, expected: str
) -> None:
    write(module, KEYS.replace("GIVEN", given))
    write(f"{path}/main.tf", KEYS_CALL.replace("PLACE", place))
    assert [severity for severity, _ in weights("MLS603")][:1] == [expected]


def test_of_a_module_the_rest_of_the_project_is_not_known() -> None:
    text = Path(__file__).parents[2].joinpath("fixtures/rules/MLO501/fail.tf").read_text(encoding="utf-8")
    write("modules/prices/main.tf", text)
    write("modules/other/main.tf", DEFAULT)
    write("live/main.tf", ROOT)
    report = lint_paths(["."], lambda _: RunSettings(RULES, LoadOptions(root=Path())), 1)
    messages = [each.message for each in report.findings if each.code == "MLO501"]
    assert [each.partition(" automates")[0] for each in messages] == ["nothing in the module"]


@pytest.mark.parametrize(
    ("files", "weight"),
    [
        (
            {"README.md": "# Runtimes\n\nA Terraform module for agents.\n"},
            ("low", "who calls the module may set it"),
        ),
        ({"examples/one.tf": CALL.replace("SOURCE", "../")}, ("low", "who calls the module may set it")),
        ({"README.md": "# Runtimes\n\nUses no module of Terraform.\n"}, ("medium", None)),
    ],
)
def test_what_is_introduced_or_shown_as_a_module_waits_for_callers(
    files: dict[str, str], weight: tuple[str, str | None]
) -> None:
    write("main.tf", DEFAULT)
    for name, text in files.items():
        write(name, text)
    assert weights("MLS608", "main.tf") == [weight]
