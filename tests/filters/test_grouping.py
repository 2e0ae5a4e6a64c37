"""One mistake is one finding: instances of loops, of modules and of roots are put together, and reported."""

import json
from typing import Any

import pytest

from tests.frontends.python.programs import notebook
from tests.support.workspace import Workspace

CONFIG = 'resource "aws_sagemaker_endpoint_configuration" "c" {\n  tags = { a = "b" }\n}\n'


@pytest.fixture
def project(workspace: Workspace) -> Workspace:
    (workspace.folder / "template.yaml").unlink()
    return workspace


def _findings(workspace: Workspace, *arguments: str) -> Any:
    return json.loads(workspace.check("--format", "json", *arguments).out)["findings"]


def _instances(finding: Any) -> list[tuple[str, str]]:
    return [(each["address"], each["root"]) for each in finding["instances"]]


def test_copies_of_a_file_in_several_folders_are_one_finding(project: Workspace) -> None:
    for name in ("main.tf", "live/main.tf", "live/other.tf"):
        project.write(name, CONFIG if name.endswith("main.tf") else CONFIG.replace('"c"', '"d"'))
    other, main = sorted(_findings(project), key=lambda each: each["path"])
    assert (other["path"], main["path"]) == ("live/other.tf", "main.tf")
    address = "aws_sagemaker_endpoint_configuration.c"
    assert _instances(main) == [(address, "."), (address, "live")]


def test_files_of_one_name_that_differ_are_no_copies(project: Workspace) -> None:
    project.write("main.tf", CONFIG)
    project.write("live/main.tf", f"{CONFIG}# kept\n")
    assert len(_findings(project)) == 2


CALL = 'boto3.client("sagemaker").create_notebook_instance(NotebookInstanceName="m", RootAccess="Enabled")\n'
CELL = ["import boto3\n", CALL]


def _notebook(*cells: list[str], indent: int | None = 1) -> str:
    listed = [{"cell_type": "code", "source": each, "metadata": {}, "outputs": []} for each in cells]
    return json.dumps({"cells": listed, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=indent)


@pytest.mark.parametrize("indent", [1, None])
def test_a_cell_that_notebooks_of_one_name_repeat_is_one_finding(
    indent: int | None, project: Workspace
) -> None:
    project.write("a-train/model.ipynb", _notebook(CELL))
    project.write("b-tune/model.ipynb", _notebook(["x = 1\n"], CELL, indent=indent))
    project.write("c-host/model.ipynb", _notebook([*CELL, "y = 2\n"], indent=indent))
    found = _findings(project, "--severity", "info", "--select", "MLS402")
    assert [len(_instances(each)) for each in sorted(found, key=lambda each: each["path"])] == [2, 1]


def test_instances_of_a_loop_are_one_finding(project: Workspace) -> None:
    loop = CONFIG.replace("{\n", '{\n  for_each = toset(["x", "y", "z"])\n', 1)
    project.write("main.tf", loop)
    (found,) = _findings(project)
    address = "aws_sagemaker_endpoint_configuration.c"
    assert _instances(found) == [(f'{address}["{key}"]', ".") for key in "xyz"]
    assert found["resource"]["address"] == f'{address}["x"]'
    text = project.check().out
    assert f'  and 2 more instances: {address}["y"] and {address}["z"]\n' in text.replace("\n    ", " ")
    assert text.count("why:") == 1
    assert text.endswith("1 finding (1 high) in 1 file, 3 resources\n")


def test_a_number_that_is_a_key_of_a_loop_may_be_part_of_other_names(project: Workspace) -> None:
    agent = (
        'resource "aws_bedrockagent_agent" "a" {\n  for_each = toset(["0", "2", "3"])\n  agent_name = "a"\n'
    )
    role = '  agent_resource_role_arn = "arn:aws:iam::111122223333:role/agent"\n'
    project.write(
        "main.tf", f'{agent}{role}  foundation_model = "anthropic.claude-3-haiku-20240307-v1:0"\n}}\n'
    )
    ran = project.run("check", "--format", "json", "--select", "MLR605")
    (found,) = json.loads(ran.out)["findings"]
    assert len(_instances(found)) == 3


def test_a_setting_in_a_file_that_several_programs_read_is_one_finding(project: Workspace) -> None:
    (project.folder / ".git").mkdir()
    project.write(
        "config.yaml",
        "SchemaVersion: '1.0'\nSageMaker:\n  Model:\n    EnableNetworkIsolation: false\n",
    )
    model = (
        "import os\nos.environ['SAGEMAKER_USER_CONFIG_OVERRIDE'] = 'config.yaml'\n"
        "from sagemaker.model import Model\n"
        "Model(image_uri='111122223333.dkr.ecr.eu-west-1.amazonaws.com/a:1', role='r', model_data='s3://a/b')"
        ".deploy(1, 'ml.m5.large')\n"
    )
    project.write("a.ipynb", notebook(model))
    project.write("b.ipynb", notebook(model + "print()\n"))
    ran = project.run("check", "--format", "json", "--severity", "info", "--select", "MLS102")
    found = json.loads(ran.out)["findings"]
    assert [(each["path"], len(_instances(each))) for each in found] == [("config.yaml", 2)]


def test_permissions_that_a_root_and_its_example_attach_too_late_are_one_finding(project: Workspace) -> None:
    trust = (
        '{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "bedrock.amazonaws.com" } }'
    )
    allowed = '{ Effect = "Allow", Action = ["bedrock:InvokeModel", "aoss:APIAccessAll"], Resource = "*" }'
    policy = f'  policy = jsonencode({{ Version = "2012-10-17", Statement = [{allowed}] }})\n}}\n'
    project.write(
        "main.tf",
        'variable "more" {\n  default = 0\n}\n'
        'resource "aws_iam_role" "r" {\n'
        f"  assume_role_policy = jsonencode({{ Statement = [{trust}] }})\n}}\n"
        f'resource "aws_iam_role_policy" "one" {{\n  role = aws_iam_role.r.id\n{policy}'
        'resource "aws_iam_role_policy" "two" {\n  count = var.more\n  role = aws_iam_role.r.id\n'
        f"{policy}"
        'resource "awscc_bedrock_knowledge_base" "k" {\n  name = "k"\n  role_arn = aws_iam_role.r.arn\n'
        '  knowledge_base_configuration = { type = "VECTOR" }\n'
        '  storage_configuration = { type = "OPENSEARCH_SERVERLESS" }\n}\n',
    )
    project.write("examples/all/main.tf", 'module "k" {\n  source = "../.."\n  more   = 1\n}\n')
    ran = project.run("check", "--format", "json", "--severity", "info", "--select", "MLR502")
    (found,) = json.loads(ran.out)["findings"]
    assert len(_instances(found)) == 2


def test_a_module_that_another_one_repeats_is_one_finding(project: Workspace) -> None:
    trust = (
        '{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "bedrock.amazonaws.com" } }'
    )
    allowed = '{ Effect = "Allow", Action = ["bedrock:InvokeModel", "aoss:APIAccessAll"], Resource = "*" }'
    project.write(
        "base/main.tf",
        'variable "on" {\n  default = true\n}\n'
        'resource "aws_iam_role" "r" {\n  count = var.on ? 1 : 0\n'
        f"  assume_role_policy = jsonencode({{ Statement = [{trust}] }})\n}}\n"
        'resource "aws_iam_role_policy" "p" {\n  count = var.on ? 1 : 0\n  role = aws_iam_role.r[0].id\n'
        f'  policy = jsonencode({{ Version = "2012-10-17", Statement = [{allowed}] }})\n}}\n'
        'resource "awscc_bedrock_knowledge_base" "k" {\n  name = "k"\n  role_arn = aws_iam_role.r[0].arn\n'
        '  knowledge_base_configuration = { type = "VECTOR" }\n'
        '  storage_configuration = { type = "OPENSEARCH_SERVERLESS" }\n}\n',
    )
    project.write("main.tf", 'module "base" {\n  source = "./base"\n}\n')
    loop = 'module "more" {\n  for_each = toset(["one", "two"])\n  source = "../../base"\n}\n'
    project.write("examples/all/main.tf", f'module "whole" {{\n  source = "../.."\n}}\n{loop}')
    ran = project.run("check", "--format", "json", "--severity", "info", "--select", "MLR502")
    (found,) = json.loads(ran.out)["findings"]
    assert len(_instances(found)) == 4


def test_what_is_remarked_on_one_of_a_loop_is_no_finding_of_its_own(project: Workspace) -> None:
    project.write(
        "main.tf",
        'resource "aws_ecr_repository" "r" {\n  for_each = toset(["api", "features", "train"])\n'
        '  name = each.key\n  image_tag_mutability = "MUTABLE"\n}\n'
        'resource "aws_sagemaker_model" "m" {\n  primary_container {\n'
        '    image = "${aws_ecr_repository.r["api"].repository_url}:1.4"\n  }\n}\n'
        'resource "aws_iam_role" "r" {\n'
        '  assume_role_policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", '
        'Principal = { Service = "ecs-tasks.amazonaws.com" } }] })\n}\n'
        'resource "aws_iam_role_policy" "r" {\n  role = aws_iam_role.r.id\n'
        '  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "bedrock:InvokeModel", '
        'Resource = "*" }] })\n}\n'
        'resource "aws_ecs_task_definition" "features" {\n  family = "features"\n'
        "  task_role_arn = aws_iam_role.r.arn\n"
        '  container_definitions = jsonencode([{ name = "f", '
        'image = "${aws_ecr_repository.r["features"].repository_url}:latest" }])\n}\n',
    )
    ran = project.run("check", "--format", "json", "--severity", "info", "--select", "MLS316")
    (found,) = json.loads(ran.out)["findings"]
    assert found["resource"]["address"] == 'aws_ecr_repository.r["features"]'
    assert "; TaskDefinition aws_ecs_task_definition.features" in found["message"]
    assert len(_instances(found)) == 3


EMPTIER = """\
Resources:
  Emptier:
    Type: AWS::Lambda::Function
    Properties:
      Handler: index.handler
      Runtime: python3.13
      Role: arn:aws:iam::111122223333:role/emptier
      Code:
        ZipFile: |
          import boto3
          import cfnresponse
          def handler(event, context):
              if event["RequestType"] == "Delete":
                  for name in event["ResourceProperties"]["Buckets"]:
                      boto3.resource("s3").Bucket(name).objects.all().delete()
              cfnresponse.send(event, context, cfnresponse.SUCCESS, {})
  Cleanup:
    Type: Custom::Cleanup
    Properties:
      ServiceToken: !GetAtt Emptier.Arn
      Buckets: [!Ref Clips, !Ref Texts]
"""


def test_what_one_custom_resource_empties_is_one_finding(project: Workspace) -> None:
    job = (
        "  {0}:\n    Type: AWS::S3::Bucket\n  {0}Model:\n    Type: AWS::SageMaker::Model\n    Properties:\n"
        '      PrimaryContainer: {{ModelDataUrl: !Sub "s3://${{{0}}}/m.tar.gz"}}\n'
    )
    project.write("template.yaml", EMPTIER + job.format("Clips") + job.format("Texts"))
    (found,) = _findings(project, "--severity", "low", "--select", "MLR302")
    assert found["resource"]["address"] == "Cleanup"
    assert _instances(found) == [("Clips", "template.yaml"), ("Texts", "template.yaml")]
    assert len(found["related"]) == 2
    assert "and 1 more instance: Texts\n" in project.check("--select", "MLR302").out


ALARM = """resource "aws_cloudwatch_metric_alarm" "{0}" {{
  alarm_name    = "{0}"
  namespace     = "AWS/SageMaker"
  metric_name   = "{0}"
  dimensions    = {{ EndpointName = "churn", VariantName = "main" }}
  alarm_actions = var.{1} == "" ? [] : [var.{1}]
}}
variable "{1}" {{
  default = ""
}}
"""


def test_alarms_of_one_file_that_do_nothing_are_one_finding(project: Workspace) -> None:
    errors, latency = ALARM.format("Invocation5XXErrors", "topic"), ALARM.format("ModelLatency", "topic")
    project.write("alarms.tf", errors + latency.partition("variable")[0])
    (found,) = _findings(project, "--select", "MLO105")
    named = [address.rpartition(".")[2] for address, _ in _instances(found)]
    assert named == ["Invocation5XXErrors", "ModelLatency"]
    project.write("alarms.tf", errors + ALARM.format("ModelLatency", "other"))
    assert len(_findings(project, "--select", "MLO105")) == 2


PERMISSION = """\
  {0}:
    Type: AWS::Lambda::Permission
    Properties: {{FunctionName: !Ref Score, Action: lambda:InvokeFunction, Principal: {1}.amazonaws.com}}
"""
INVOKER = """\
Resources:
  Score:
    Type: AWS::Lambda::Function
    Properties:
      Role: !GetAtt Role.Arn
      Code: {ZipFile: "import boto3\\nboto3.client('sagemaker-runtime').invoke_endpoint(EndpointName='a')"}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      Policies:
        - PolicyName: score
          PolicyDocument: {Statement: [{Effect: Allow, Action: sagemaker:InvokeEndpoint, Resource: "*"}]}
"""


def test_permissions_of_one_file_for_one_service_are_one_finding(project: Workspace) -> None:
    given = (("First", "apigateway"), ("Second", "apigateway"), ("Uploads", "s3"))
    project.write("api.yaml", INVOKER + "".join(PERMISSION.format(*each) for each in given))
    found = _findings(project, "--select", "MLS509")
    named = sorted([address for address, _ in _instances(each)] or [each["address"]] for each in found)
    assert named == [["First", "Second"], ["Uploads"]]


def test_what_is_named_after_the_keys_of_a_loop_is_one_finding(project: Workspace) -> None:
    project.write(
        "main.tf",
        """\
resource "aws_sagemaker_endpoint_configuration" "c" {
  for_each = { churn = 1, fraud = 2 }
  name     = "${each.key}-config"
}
resource "aws_sagemaker_endpoint_configuration" "other" {
  for_each = { churn = "a", fraud = "b" }
  name     = each.value
}
resource "aws_sagemaker_endpoint" "e" {
  for_each             = { churn = 1, fraud = 2 }
  endpoint_config_name = aws_sagemaker_endpoint_configuration.c[each.key].name
}
resource "aws_sagemaker_endpoint" "other" {
  for_each             = { churn = 1, fraud = 2 }
  endpoint_config_name = aws_sagemaker_endpoint_configuration.other[each.key].name
}
""",
    )
    found = json.loads(project.run("check", "--format", "json", "--select", "MLR115").out)["findings"]
    assert [(each["line"], len(each["instances"])) for each in found] == [(3, 2), (7, 2)]


def test_callers_of_one_module_are_one_finding(project: Workspace) -> None:
    project.write("m/main.tf", CONFIG)
    project.write("main.tf", 'module "one" {\n  source = "./m"\n}\nmodule "two" {\n  source = "./m"\n}\n')
    (found,) = _findings(project)
    assert (found["path"], found["line"]) == ("m/main.tf", 1)
    address = "aws_sagemaker_endpoint_configuration.c"
    assert _instances(found) == [(f"module.one.{address}", "."), (f"module.two.{address}", ".")]


def test_roots_that_share_a_module_are_one_finding_that_names_them(project: Workspace) -> None:
    project.write("m/main.tf", CONFIG)
    for root in ("a", "b"):
        project.write(f"{root}/main.tf", 'module "m" {\n  source = "../m"\n}\n')
    (found,) = _findings(project)
    address = "module.m.aws_sagemaker_endpoint_configuration.c"
    assert _instances(found) == [(address, "a"), (address, "b")]
    assert "has no kms_key_arn (in a and b)" in project.check("-q").out


SHARED = """\
variable "kind" {
  type = string
}
resource "aws_sagemaker_endpoint_configuration" "c" {
  kms_key_arn = var.kind == "prod" ? "arn:aws:kms:eu-west-1:111122223333:key/k" : null
  tags        = { a = "b" }
}
"""


def test_a_root_that_its_examples_call_has_one_finding_though_it_names_another_resource(
    project: Workspace,
) -> None:
    agents = "".join(
        f'resource "aws_bedrockagent_agent" "{name}" {{\n  agent_resource_role_arn = aws_iam_role.a.arn\n}}\n'
        for name in ("orders", "returns")
    )
    root = 'terraform {\n  backend "s3" {}\n}\nresource "aws_iam_role" "a" {}\n'
    project.write("main.tf", root + agents)
    project.write("examples/all/main.tf", 'module "agents" {\n  source = "../.."\n}\n')
    tags, roles = _findings(project, "--select", "MLC502,MLS617", "--severity", "info")
    both = [
        ("aws_bedrockagent_agent.orders", "."),
        ("module.agents.aws_bedrockagent_agent.orders", "examples/all"),
    ]
    assert (_instances(tags), _instances(roles)) == (both, both)


ROLES = """\
resource "aws_iam_role" "of" {
  for_each = toset(["sales", "support"])
}
resource "aws_bedrockagent_agent" "expert" {
  for_each                = { a = "sales", b = "sales", c = "support", d = "support" }
  agent_resource_role_arn = aws_iam_role.of[each.value].arn
}
"""
HELPER = """\
import boto3
client = boto3.client("bedrock-agent")
def make(name, role):
    client.create_agent(agentName=name, agentResourceRoleArn=role)
for team in ("sales", "support"):
    for name in ("answers", "plans"):
        make(f"{team}-{name}", f"arn:aws:iam::111122223333:role/{team}")
make("all-answers", "arn:aws:iam::111122223333:role/all")
make("all-plans", "arn:aws:iam::111122223333:role/all")
"""
LOOP = """\
Transform: AWS::LanguageExtensions
Resources:
  Fn::ForEach::Teams:
    - Team
    - [Sales, Support]
    - Role${Team}: {Type: AWS::IAM::Role}
      Answers${Team}:
        Type: AWS::Bedrock::Agent
        Properties: {AgentResourceRoleArn: !GetAtt [!Sub "Role${Team}", Arn]}
      Plans${Team}:
        Type: AWS::Bedrock::Agent
        Properties: {AgentResourceRoleArn: !GetAtt [!Sub "Role${Team}", Arn]}
"""


@pytest.mark.parametrize(
    ("name", "text", "number"),
    [
        ("main.tf", ROLES, 2),
        (
            "main.tf",
            ROLES
            + """resource "aws_bedrockagent_agent" "lead" {
  agent_resource_role_arn = aws_iam_role.of["sales"].arn
}
""",
            2,
        ),
        ("make.py", HELPER, 3),
        ("agents.yaml", LOOP, 2),
    ],
)
def test_agents_of_one_loop_or_helper_that_share_roles_are_one_finding(
    name: str, text: str, number: int, project: Workspace
) -> None:
    project.write(name, text)
    (found,) = _findings(project, "--select", "MLS617", "--severity", "info")
    assert len(found["instances"]) == number


def test_a_finding_of_one_root_alone_names_the_root(project: Workspace) -> None:
    project.write("m/main.tf", SHARED)
    for root in ("dev", "prod"):
        project.write(f"{root}/main.tf", f'module "m" {{\n  source = "../m"\n  kind   = "{root}"\n}}\n')
    (found,) = _findings(project)
    assert [each["root"] for each in found["instances"]] == ["dev"]
    assert "(in dev)" in project.check("-q").out


def test_a_finding_of_a_module_within_its_root_does_not_repeat_the_root(project: Workspace) -> None:
    project.write("infra/m/main.tf", CONFIG)
    project.write("infra/main.tf", 'module "m" {\n  source = "./m"\n}\n')
    assert "(in " not in project.check("-q").out


FLOW = """\
Resources:
  Answers: {Type: AWS::Bedrock::Flow, Properties: {Name: answers, ExecutionRoleArn: "arn:aws:iam::1:role/r"}}
"""


def test_what_an_account_lacks_is_one_finding_of_a_repository(project: Workspace) -> None:
    for name in ("examples/ask.yaml", "chat/template.yaml", "search/template.yaml"):
        project.write(name, FLOW)
    project.write("parameters/production.json", "{}")
    (found,) = _findings(project, "--select", "MLO605", "--severity", "info")
    assert (found["path"], found["severity"]) == ("chat/template.yaml", "low")
    roots = ["chat/template.yaml", "search/template.yaml", "examples/ask.yaml"]
    assert [root for _, root in _instances(found)] == roots


def test_what_an_account_lacks_is_a_finding_of_each_repository(project: Workspace) -> None:
    for name in ("one", "other"):
        project.write(f"{name}/.git/HEAD", "ref: refs/heads/main\n")
        project.write(f"{name}/template.yaml", FLOW)
    found = _findings(project, "--select", "MLO605")
    assert [each["path"] for each in found] == ["one/template.yaml", "other/template.yaml"]


def _template(*names: str) -> str:
    config = {"Type": "AWS::SageMaker::EndpointConfig", "Properties": {"Tags": [{"Key": "a", "Value": "b"}]}}
    return json.dumps({"Resources": dict.fromkeys(names, config)}, indent=1)


def test_assemblies_of_one_stack_beside_one_another_are_one_finding(project: Workspace) -> None:
    project.write("infra/cdk.out.agent/Agent-dev.template.json", _template("ConfigC0FFEE"))
    project.write("infra/cdk.out.agent2/Agent-dev.template.json", _template("Earlier", "ConfigC0FFEE"))
    project.write("infra/cdk.out/Agent-dev.template.json", _template("ConfigC0FFEE"))
    project.write("infra/cdk.out/Agent-prod.template.json", _template("ConfigC0FFEE"))
    project.write("other/cdk.out/Agent-dev.template.json", _template("ConfigC0FFEE"))
    found = _findings(project)
    assert [(each["path"], [root for _, root in _instances(each)]) for each in found] == [
        (
            "infra/cdk.out.agent/Agent-dev.template.json",
            [
                f"infra/{each}/Agent-dev.template.json"
                for each in ("cdk.out.agent", "cdk.out.agent2", "cdk.out")
            ],
        ),
        ("infra/cdk.out.agent2/Agent-dev.template.json", ["infra/cdk.out.agent2/Agent-dev.template.json"]),
        ("infra/cdk.out/Agent-prod.template.json", ["infra/cdk.out/Agent-prod.template.json"]),
        ("other/cdk.out/Agent-dev.template.json", ["other/cdk.out/Agent-dev.template.json"]),
    ]
    places = {(each["path"], each["line"]) for each in found[0]["related"]}
    assert {
        ("infra/cdk.out.agent2/Agent-dev.template.json", 14),
        ("infra/cdk.out/Agent-dev.template.json", 3),
    } <= places
    assert " (in infra/cdk.out.agent/Agent-dev.template.json, " in project.check("-q").out


def test_versions_of_a_template_are_one_finding(project: Workspace) -> None:
    project.write("deploy/stack-v1.json", _template("Config"))
    project.write("deploy/stack-v2.json", _template("Earlier", "Config"))
    project.write("deploy/stack.json", _template("Config"))
    project.write("deploy/stack-eu.json", _template("Config"))
    project.write("other/stack.json", _template("Config"))
    found = {(each["path"], each["resource"]["address"]): _instances(each) for each in _findings(project)}
    versions = [("Config", f"deploy/{each}.json") for each in ("stack-v1", "stack-v2", "stack")]
    assert found == {
        ("deploy/stack-v1.json", "Config"): versions,
        ("deploy/stack-v2.json", "Earlier"): [("Earlier", "deploy/stack-v2.json")],
        ("deploy/stack-eu.json", "Config"): [("Config", "deploy/stack-eu.json")],
        ("other/stack.json", "Config"): [("Config", "other/stack.json")],
    }


@pytest.mark.parametrize("name", ["a-Copy1.py", "a_v2.py", "a copy.py", "a_KOR.py", "a (1).py"])
def test_copies_and_translations_of_a_program_are_one_finding(name: str, project: Workspace) -> None:
    text = "import boto3\nsm = boto3.client('sagemaker')\n"
    call = "sm.create_notebook_instance(NotebookInstanceName='one', RootAccess='Enabled')\n"
    project.write("a.py", text + call)
    project.write(name, "# Again.\n" + text + call)
    project.write("a_us.py", "# For another Region.\n" + text + call)
    found = _findings(project, "--select", "MLS402", "--severity", "info")
    assert len(found) == 2
    (region,) = (each for each in found if each["path"] == "a_us.py")
    (other,) = (each for each in found if each is not region)
    assert (len(region["instances"]), len(other["instances"])) == (1, 2)


def test_what_sam_packages_beside_a_template_is_a_version_of_it(project: Workspace) -> None:
    for each in (
        "a/template.yml",
        "a/packaged.yaml",
        "b/packaged-stack.json",
        "b/stack.json",
        "c/packaged.json",
    ):
        project.write(each, _template("Config"))
    found = {(each["path"], each["resource"]["address"]): _instances(each) for each in _findings(project)}
    assert {path: [root for _, root in roots] for (path, _), roots in found.items()} == {
        "a/template.yml": ["a/template.yml", "a/packaged.yaml"],
        "b/stack.json": ["b/stack.json", "b/packaged-stack.json"],
        "c/packaged.json": ["c/packaged.json"],
    }


def test_two_findings_in_each_version_of_a_template_stay_two(project: Workspace) -> None:
    statement = {"Effect": "Allow", "Action": "bedrock:InvokeModel", "Resource": "*"}
    other = {"Effect": "Allow", "Action": "bedrock:InvokeModel", "NotResource": "arn:aws:s3:::acme"}
    policy = {"PolicyName": "ask", "PolicyDocument": {"Statement": [statement, other]}}
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "bedrock.amazonaws.com"}}
    role = {"AssumeRolePolicyDocument": {"Statement": [trust]}, "Policies": [policy]}
    template = {"Resources": {"Role": {"Type": "AWS::IAM::Role", "Properties": role}}}
    for each in ("agent.json", "agent.old.json"):
        project.write(each, json.dumps(template, indent=1))
    found = _findings(project, "--select", "MLS615")
    assert [[root for _, root in _instances(each)] for each in found] == [
        ["agent.json", "agent.old.json"]
    ] * 2


def test_assemblies_of_cdktf_are_one_finding(project: Workspace) -> None:
    config = {"aws_sagemaker_endpoint_configuration": {"c": {"tags": {"a": "b"}}}}
    for folder in ("cdktf.out", "cdktf.out.old"):
        project.write(f"{folder}/stacks/ml/cdk.tf.json", json.dumps({"resource": config}, indent=1))
    (found,) = _findings(project)
    address = "aws_sagemaker_endpoint_configuration.c"
    assert _instances(found) == [
        (address, f"{folder}/stacks/ml") for folder in ("cdktf.out.old", "cdktf.out")
    ]


BUCKETS = """\
module "data" {
  source = "./m"
  name   = "acme-training"
}

module "staging" {
  source = "./m"
  name   = "acme-staging"
}

resource "aws_sagemaker_model" "churn" {
  execution_role_arn = "arn:aws:iam::111122223333:role/hosting"

  primary_container {
    image          = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/churn:1"
    model_data_url = "s3://acme-training/model.tar.gz"
  }
}

resource "aws_lambda_function" "ask" {
  function_name = "ask"
  role          = aws_iam_role.ask.arn

  environment {
    variables = { BUCKET = module.staging.id }
  }
}

resource "aws_iam_role" "ask" {
  name = "ask"
  assume_role_policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy" "ask" {
  role = aws_iam_role.ask.id
  policy = jsonencode({
    Statement = [
      { Effect = "Allow", Action = "bedrock:InvokeAgent", Resource = "*" },
      { Effect = "Allow", Action = "s3:GetObject", Resource = "${module.staging.arn}/*" },
    ]
  })
}
"""
BUCKET = """\
variable "name" {}

resource "aws_s3_bucket" "this" {
  bucket = var.name
}

output "id" {
  value = aws_s3_bucket.this.id
}

output "arn" {
  value = aws_s3_bucket.this.arn
}
"""


@pytest.mark.parametrize("code", ["MLC301", "MLS305", "MLS306"])
def test_buckets_of_one_module_are_one_finding_whatever_they_are_used_for(
    project: Workspace, code: str
) -> None:
    project.write("main.tf", BUCKETS)
    project.write("m/main.tf", BUCKET)
    (found,) = json.loads(project.run("check", "--format", "json", "--select", code).out)["findings"]
    assert _instances(found) == [
        ("module.data.aws_s3_bucket.this", "."),
        ("module.staging.aws_s3_bucket.this", "."),
    ]
    assert "ML data" in found["message"]


def test_other_words_are_another_finding(project: Workspace) -> None:
    source = (project.folder / "my_rules.py").read_text(encoding="utf-8")
    project.write(
        "my_rules.py",
        source.replace(
            'f"{config} has no {key.label}"', "f\"{config} called {config['EndpointConfigName'].text}\""
        ),
    )
    project.write("m/main.tf", 'variable "n" {}\n' + CONFIG.replace("{\n", "{\n  name = var.n\n", 1))
    call = 'module "{0}" {{\n  source = "./m"\n  n = "{1}"\n}}\n'
    project.write("main.tf", call.format("one", "x") + call.format("two", "y") + call.format("three", "x"))
    found = _findings(project)
    assert [len(each["instances"]) for each in found] == [2, 1]


def test_one_instance_can_be_in_the_baseline_and_the_others_not(project: Workspace) -> None:
    loop = CONFIG.replace("{\n", '{\n  for_each = toset(["x"])\n', 1)
    project.write("main.tf", loop)
    project.run("baseline", "--rules", "my_rules.py")
    project.write("main.tf", loop.replace('"x"', '"x", "y"'))
    (found,) = _findings(project, "--baseline", "mlwa-lint-baseline.json")
    assert _instances(found) == [('aws_sagemaker_endpoint_configuration.c["y"]', ".")]


def test_sarif_has_one_result_with_all_resources(project: Workspace) -> None:
    project.write("main.tf", CONFIG.replace("{\n", "{\n  count = 2\n", 1))
    log = json.loads(project.check("--format", "sarif").out)
    (result,) = log["runs"][0]["results"]
    names = [each["fullyQualifiedName"] for each in result["locations"][0]["logicalLocations"]]
    assert names == [f"aws_sagemaker_endpoint_configuration.c[{number}]" for number in range(2)]
    assert len(result["properties"]["instances"]) == 2


def test_what_cells_of_a_notebook_repeat_is_one_finding_with_their_places(project: Workspace) -> None:
    names = ("one", "two", "three")
    cells = [f"sm.create_model(ModelName='{name}', PrimaryContainer={{}})\n" for name in names]
    project.write("a.ipynb", notebook("import boto3\nsm = boto3.client('sagemaker')\n", *cells))
    (found,) = _findings(project, "--select", "MLS103", "--severity", "info")
    assert _instances(found) == [(name, "a.ipynb") for name in names]
    assert [each["message"] for each in found["related"]] == ["two", "three"]
    assert found["cell"]["cell"] == 2
    because = "no program or configuration of the project has a VPC for such work"
    assert found["lowered"] == {"severity": "medium", "because": because}
    ran = project.check("--select", "MLS103", "--severity", "info")
    text = ran.out + ran.err
    assert "(cell 3, line 1): two" in text
    assert "and 2 more instances: two and three" in text


def test_a_type_that_notebooks_repeat_is_one_finding(project: Workspace) -> None:
    (project.folder / ".git").mkdir(exist_ok=True)
    job = (
        "from sagemaker.estimator import Estimator\n"
        "Estimator(image_uri='1.dkr.ecr.eu-west-1.amazonaws.com/i:1', role='r', instance_count=1,\n"
        "    instance_type='ml.m4.xlarge').fit()\n"
    )
    project.write("a.ipynb", notebook(job))
    project.write("b/b.ipynb", notebook(f"print(1)\n{job}"))
    project.write("c.ipynb", notebook(job.replace("ml.m4", "ml.c4")))
    found = _findings(project, "--select", "MLP101")
    assert [len(each["instances"] or [0]) for each in found] == [2, 1]


@pytest.mark.parametrize(("kinds", "number"), [(("g5", "g5"), 1), (("g5", "g6"), 2)])
def test_endpoints_that_programs_make_alike_are_one_finding(
    kinds: tuple[str, str], number: int, project: Workspace
) -> None:
    program = """import time
import boto3

sagemaker = boto3.client("sagemaker")
name = f"a-{int(time.time())}"
sagemaker.create_endpoint_config(
    EndpointConfigName=name,
    ProductionVariants=[
        {"VariantName": "all", "ModelName": "m", "InstanceType": "ml.g5.xlarge", "InitialInstanceCount": 1}
    ],
)
sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=name)
"""
    for file, kind in zip(("a.py", "b.py"), kinds, strict=True):
        text = program.replace("g5", kind)
        project.write(file, text if file == "a.py" else f"print(1)\n{text}")
    found = [each for each in _findings(project, "--select", "MLC101") if each["code"] == "MLC101"]
    assert len(found) == number


def test_a_type_that_scripts_repeat_is_one_finding(project: Workspace) -> None:
    job = (
        "from sagemaker.estimator import Estimator\n"
        "image = '1.dkr.ecr.eu-west-1.amazonaws.com/i:1'\n"
        "estimator = Estimator(image_uri=image, role='r', instance_count=1, instance_type='ml.m4.xlarge')\n"
        "estimator.fit()\n"
        "estimator.deploy(initial_instance_count=1, instance_type='ml.m4.xlarge')\n"
    )
    project.write("a.py", job)
    project.write("b.py", job)
    found = [each for each in _findings(project, "--select", "MLP101") if each["code"] == "MLP101"]
    assert [(each["line"], [at["line"] for at in each["related"]]) for each in found] == [(3, [5, 3, 5])]


def test_a_table_of_types_that_two_jobs_read_is_one_finding(project: Workspace) -> None:
    project.write(
        "a.py",
        "import os\nfrom sagemaker.estimator import Estimator\n\n"
        "TYPES = {'eu-west-1': 'ml.p3.2xlarge', 'eu-north-1': 'ml.p2.xlarge'}\n\n"
        "def of_region(region):\n    return TYPES[region]\n\n"
        "def train():\n"
        "    image = '1.dkr.ecr.eu-west-1.amazonaws.com/i:1'\n"
        "    kind = of_region(os.environ['REGION'])\n"
        "    Estimator(image_uri=image, role='r', instance_count=1, instance_type=kind).fit()\n\n"
        "train()\n"
        "Estimator(image_uri='1.dkr.ecr.eu-west-1.amazonaws.com/j:1', role='r', instance_count=1,\n"
        "    instance_type=of_region(os.environ['REGION'])).fit()\n",
    )
    (found,) = _findings(project, "--select", "MLP101")
    assert found["line"] == 12
    assert [each["line"] for each in found["related"]] == [16, 7]


@pytest.mark.parametrize(
    ("file", "text", "load"),
    [
        (
            "config.yaml",
            "a: 1\njobs:\n  train:\n    type: ml.m4.xlarge\n",
            "yaml.safe_load(open('config.yaml'))",
        ),
        (
            "config.json",
            '{"a": 1,\n"jobs": {\n"train": {\n"type": "ml.m4.xlarge"}}}',
            "json.load(open('config.json'))",
        ),
        (
            "config.json",
            '{"a": 1,\n"jobs": {\n"train": {\n"type": "ml.m4.xlarge"}}}',
            "json.loads(Path('config.json').read_text())",
        ),
    ],
)
def test_a_value_of_a_file_of_settings_has_its_line(
    file: str, text: str, load: str, project: Workspace
) -> None:
    project.write(file, text)
    project.write(
        "train.py",
        "import json\nfrom pathlib import Path\nimport yaml\nfrom sagemaker.estimator import Estimator\n"
        f"settings = {load}\n"
        "image = '1.dkr.ecr.eu-west-1.amazonaws.com/i:1'\n"
        "kind = settings['jobs']['train']['type']\n"
        "Estimator(image_uri=image, role='r', instance_count=1, instance_type=kind).fit()\n",
    )
    (found,) = _findings(project, "--select", "MLP101")
    assert [(each["path"], each["line"], each["message"]) for each in found["related"]] == [
        (file, 4, "the value comes from here")
    ]


def test_the_headline_is_no_draft(project: Workspace) -> None:
    (project.folder / ".git").mkdir(exist_ok=True)
    job = (
        "from sagemaker.estimator import Estimator\n"
        "Estimator(image_uri='1.dkr.ecr.eu-west-1.amazonaws.com/i:1', role='r', instance_count=1,\n"
        "    instance_type='ml.m4.xlarge').fit()\n"
    )
    for name in ("code_dump/a.ipynb", "Untitled.ipynb", "train.ipynb"):
        project.write(name, notebook(f"print('{name}')\n{job}"))
    (found,) = _findings(project, "--select", "MLP101")
    assert found["path"] == "train.ipynb"


def test_a_script_that_repeats_itself_has_a_finding_at_each_place(project: Workspace) -> None:
    calls = [
        f"sm.create_notebook_instance(NotebookInstanceName='{name}', RootAccess='Enabled')\n"
        for name in ("one", "two")
    ]
    project.write("a.py", "import boto3\nsm = boto3.client('sagemaker')\n" + "".join(calls))
    assert [each["line"] for each in _findings(project, "--select", "MLS402", "--severity", "info")] == [3, 4]


def test_what_a_program_makes_for_a_notebook_as_well_counts_once(project: Workspace) -> None:
    project.write(
        "pipe.py",
        "from sagemaker.estimator import Estimator\n\n"
        "def train(name='churn'):\n"
        "    image = '1.dkr.ecr.eu-west-1.amazonaws.com/i:1'\n"
        "    job = Estimator(image_uri=image, role='r', instance_count=1, instance_type='ml.m4.xlarge')\n"
        "    job.fit()\n\n"
        "if __name__ == '__main__':\n    train()\n",
    )
    project.write("a.ipynb", notebook("from pipe import train\ntrain()\n"))
    (found,) = _findings(project, "--select", "MLP101")
    assert [each["root"] for each in found["instances"]] == ["pipe.py"]


def test_what_copies_of_a_launcher_leave_out_inside_a_setting_is_one_finding(project: Workspace) -> None:
    job = (
        "import boto3\n"
        "sm = boto3.client('sagemaker')\n"
        "sm.create_training_job(TrainingJobName='NAME', ResourceConfig={'InstanceType': 'ml.m5.large',\n"
        "    'InstanceCount': 1, 'VolumeSizeInGB': 10}, OutputDataConfig={'S3OutputPath': 's3://a/b'})\n"
    )
    for name in ("one", "two"):
        project.write(f"{name}.py", f"print('{name}')\n{job.replace('NAME', name)}")
        project.write(f"{name}.ipynb", notebook(f"print('{name}')\n{job.replace('NAME', name)}"))
    found = _findings(project, "--select", "MLS202", "--severity", "info")
    assert [[each["root"] for each in finding["instances"]] for finding in found] == [
        ["one.ipynb", "two.ipynb"],
        ["one.py", "two.py"],
    ]


def test_what_scripts_leave_out_of_their_jobs_and_models_is_one_finding_with_its_places(
    project: Workspace,
) -> None:
    text = "import boto3\nsm = boto3.client('sagemaker')\n"
    call = "sm.create_model(ModelName='{}', PrimaryContainer={{}})\n"
    project.write("a.py", text + call.format("one") + call.format("two"))
    project.write("b/c.py", text + "name = 'three'\n" + call.format("three"))
    (finding,) = _findings(project, "--select", "MLS103", "--severity", "info")
    assert (finding["path"], finding["line"]) == ("a.py", 3)
    assert [each["address"] for each in finding["instances"]] == ["one", "two", "three"]
    assert [(each["path"], each["line"]) for each in finding["related"]] == [("a.py", 4), ("b/c.py", 4)]


def test_what_scripts_leave_out_of_calls_of_the_sdk_is_one_finding(project: Workspace) -> None:
    call = (
        "{} = Estimator(\n    image_uri='1.dkr.ecr.eu-west-1.amazonaws.com/i:1', role='r',\n"
        "    instance_count=2, instance_type='ml.m5.large')\n{}.fit()\n"
    )
    text = "from sagemaker.estimator import Estimator\n"
    project.write("a.py", text + call.format("one", "one") + call.format("two", "two"))
    project.write("b/c.py", f"{text}print(1)\n{call.format('three', 'three')}")
    (finding,) = _findings(project, "--select", "MLS201", "--severity", "info")
    assert [(each["path"], each["line"]) for each in finding["related"]] == [("a.py", 6), ("b/c.py", 3)]


STEPS = """\
Resources:
  Train:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: arn:aws:iam::111122223333:role/train
      Definition:
        StartAt: Prepare
        States:
          Prepare:
            Type: Task
            Resource: arn:aws:states:::sagemaker:createProcessingJob.sync
            Parameters:
              RoleArn: arn:aws:iam::111122223333:role/jobs
              AppSpecification: {ImageUri: 111122223333.dkr.ecr.eu-west-1.amazonaws.com/prepare:4}
              ProcessingResources: {ClusterConfig: {InstanceCount: 1, InstanceType: ml.m7i.large}}
            Next: Fit
          Fit:
            Type: Task
            Resource: arn:aws:states:::sagemaker:createTrainingJob.sync
            Parameters:
              RoleArn: arn:aws:iam::111122223333:role/jobs
              AlgorithmSpecification: {TrainingImage: 111122223333.dkr.ecr.eu-west-1.amazonaws.com/fit:4}
              OutputDataConfig: {S3OutputPath: s3://acme-models/churn}
              ResourceConfig: {InstanceCount: 1, InstanceType: ml.m7i.large}
            End: true
"""


def test_steps_of_one_workflow_are_one_finding_though_their_kinds_word_it_differently(
    project: Workspace,
) -> None:
    project.write("t.yaml", STEPS)
    project.write("other.yaml", STEPS)
    found = _findings(project, "--select", "MLS202,MLS204", "--severity", "info")
    assert sorted((each["code"], each["path"]) for each in found) == [
        ("MLS202", "other.yaml"),
        ("MLS202", "t.yaml"),
        ("MLS204", "other.yaml"),
        ("MLS204", "t.yaml"),
    ]
    network = next(each for each in found if (each["code"], each["path"]) == ("MLS204", "t.yaml"))
    assert _instances(network) == [("Train/Prepare", "t.yaml"), ("Train/Fit", "t.yaml")]
    assert [place["line"] for place in network["related"]] == [17]


RETIRED = "anthropic.claude-instant-v1"
USES = """\
resource "aws_bedrockagent_agent" "desk" {
  foundation_model = var.model
}

resource "aws_lambda_function" "answers" {
  environment {
    variables = {
      MODEL_ID  = var.model
      MODEL_ARN = "arn:aws:bedrock:us-east-1::foundation-model/${var.model}"
    }
  }
}

"""


def test_uses_of_one_written_value_are_one_finding(project: Workspace) -> None:
    project.write("main.tf", USES + f'variable "model" {{\n  default = "{RETIRED}"\n}}\n')
    ran = project.run("check", "--format", "json", "--select", "MLR605")
    (found,) = json.loads(ran.out)["findings"]
    assert [address for address, _ in _instances(found)] == [
        "aws_bedrockagent_agent.desk",
        "aws_lambda_function.answers",
    ]
    places = [(each["line"], each["message"]) for each in found["related"]]
    assert places == [
        (8, "aws_lambda_function.answers"),
        (9, "aws_lambda_function.answers"),
        (15, "the value comes from here"),
    ]


def test_an_arn_whose_region_is_written_elsewhere_as_well_is_a_use_of_its_model(project: Workspace) -> None:
    region = 'variable "region" {\n  default = "us-east-1"\n}\n'
    uses = USES.replace("bedrock:us-east-1", "bedrock:${var.region}")
    project.write("main.tf", uses + f'variable "model" {{\n  default = "{RETIRED}"\n}}\n' + region)
    ran = project.run("check", "--format", "json", "--select", "MLR605")
    (found,) = json.loads(ran.out)["findings"]
    assert (15, "the value comes from here") in [(each["line"], each["message"]) for each in found["related"]]


def test_a_value_that_two_files_of_variables_give_is_one_finding(project: Workspace) -> None:
    project.write("m/main.tf", USES + 'variable "model" {}\n')
    for root in ("a", "b"):
        call = f'module "m" {{\n  source = "../m"\n  model  = "{RETIRED}"\n}}\n'
        project.write(f"{root}/main.tf", call)
    ran = project.run("check", "--format", "json", "--select", "MLR605")
    (found,) = json.loads(ran.out)["findings"]
    assert {root for _, root in _instances(found)} == {"a", "b"}
    assert found["path"] == "a/main.tf"
    assert {each["path"] for each in found["related"]} == {"m/main.tf", "b/main.tf"}


@pytest.mark.parametrize("where", ["call", "argument", "module"])
def test_what_a_caller_writes_is_suppressed_there_and_in_the_module(where: str, project: Workspace) -> None:
    comment = "# mlwa: ignore[MLR605] -- it is answered in this Region\n"
    notes = {each: comment if each == where else "" for each in ("call", "argument", "module")}
    agent = (
        f'resource "aws_bedrockagent_agent" "a" {{\n  {notes["module"]}  foundation_model = var.model\n}}\n'
    )
    project.write("m/main.tf", agent + 'variable "model" {}\n')
    given = f'{notes["argument"]}  model = "{RETIRED}"\n'
    project.write("a/main.tf", f'{notes["call"]}module "m" {{\n  source = "../m"\n{given}}}\n')
    ran = project.run("check", "--format", "json", "--select", "MLR605,MLO901", "--severity", "info")
    report = json.loads(ran.out)
    assert (report["findings"], report["summary"]["suppressed"]) == ([], 1)


def test_two_values_are_two_findings(project: Workspace) -> None:
    arns = USES.replace("var.model", f'"arn:aws:bedrock:${{var.region}}::foundation-model/{RETIRED}"')
    arns = arns.replace(f"{RETIRED}", "anthropic.claude-v2", 1)
    project.write("main.tf", arns + 'variable "region" {\n  default = "us-east-1"\n}\n')
    assert len(_findings(project, "--select", "MLR605")) >= 2


def test_a_parameter_with_an_outdated_value_is_one_finding(project: Workspace) -> None:
    project.write(
        "template.yaml",
        f"""\
Parameters:
  Model: {{Type: String, Default: {RETIRED}}}
Resources:
  Ask:
    Type: AWS::Lambda::Function
    Properties:
      Environment: {{Variables: {{MODEL_ID: !Ref Model}}}}
  Tell:
    Type: AWS::Lambda::Function
    Properties:
      Environment: {{Variables: {{MODEL_ID: !Ref Model}}}}
""",
    )
    ran = project.run("check", "--format", "json", "--select", "MLR605")
    (found,) = json.loads(ran.out)["findings"]
    assert [address for address, _ in _instances(found)] == ["Ask", "Tell"]


def test_a_suppressed_use_of_a_value_is_not_the_finding_of_the_others(project: Workspace) -> None:
    text = USES.replace("= var.model\n}", "= var.model # mlwa-lint: ignore[MLR605] -- kept for the demo\n}")
    project.write("main.tf", text + f'variable "model" {{\n  default = "{RETIRED}"\n}}\n')
    ran = project.run("check", "--format", "json", "--select", "MLR605")
    (found,) = json.loads(ran.out)["findings"]
    assert found["resource"]["address"] == "aws_lambda_function.answers"


DOMAIN = 'import boto3\nboto3.client("sagemaker").create_domain(DomainName="%s")\n'


def test_a_finding_about_a_project_is_reported_once_for_its_programs(project: Workspace) -> None:
    for name in ("a", "b"):
        project.write(f"{name}.py", DOMAIN % name)
    project.write("c.ipynb", notebook(DOMAIN % "c"))
    (found,) = _findings(project, "--select", "MLC502")
    assert _instances(found) == [("a", "a.py"), ("b", "b.py")]
    assert [each["path"] for each in found["related"]] == ["b.py"]
    (quiet,) = _findings(project, "--select", "MLC502", "--severity", "info")[1:]
    assert _instances(quiet) == [("c", "c.ipynb")]


def test_what_has_no_tags_is_one_finding_for_all_stacks_of_a_repository(project: Workspace) -> None:
    domain = "Resources:\n  Notebook:\n    Type: AWS::SageMaker::NotebookInstance\n    Properties:\n"
    for name in ("a", "b"):
        project.write(f"{name}.yaml", f"{domain}      InstanceType: ml.t3.medium\n      RoleArn: {name}\n")
    project.write("c/main.tf", 'resource "aws_sagemaker_model" "c" {\n  execution_role_arn = "c"\n}\n')
    (found,) = _findings(project, "--select", "MLC502")
    assert [root for _, root in _instances(found)] == ["a.yaml", "b.yaml", "c"]
    project.write(".mlwa-lint.toml", 'required-tags = ["team"]\n')
    assert len(_findings(project, "--select", "MLC502")) == 3


@pytest.mark.parametrize("code", ["MLC501", "MLC502"])
def test_programs_lack_the_same_as_the_stacks_beside_them(project: Workspace, code: str) -> None:
    project.write("a.py", DOMAIN % "a")
    kind = "    Type: AWS::SageMaker::NotebookInstance\n"
    project.write("b.yaml", f"Resources:\n  B:\n{kind}    Properties: {{InstanceType: ml.t3.large}}\n")
    project.write(
        "c/main.tf",
        'resource "aws_sagemaker_notebook_instance" "c" {\n  name = "c"\n  role_arn = "c"\n'
        '  instance_type = "ml.t3.medium"\n}\n',
    )
    found = _findings(project, "--select", code, "--severity", "info")
    roots = [[root for _, root in _instances(each)] for each in found]
    assert sorted(each for some in roots for each in some) == ["a.py", "b.yaml", "c"]
    assert [each for each in roots if "a.py" in each and len(each) > 1]


def test_required_tags_are_checked_on_every_resource_of_every_program(project: Workspace) -> None:
    for name in ("a", "b"):
        project.write(f"{name}.py", DOMAIN % name)
    project.write(".mlwa-lint.toml", 'required-tags = ["team"]\n')
    assert len(_findings(project, "--select", "MLC502")) == 2


PIPELINE_IN_PYTHON = """\
from sagemaker.processing import ScriptProcessor
from sagemaker.estimator import Estimator
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.steps import ProcessingStep, TrainingStep

processor = ScriptProcessor("role", "image:1", ["python3"], 1, "ml.m5.large")
estimator = Estimator("image:1", "role", 1, "ml.m5.large")
prepare = ProcessingStep(name="Prepare", processor=processor, code="prepare.py")
train = TrainingStep(name="Train", estimator=estimator)
score = ProcessingStep(name="Score", processor=processor, code="score.py")
Pipeline(name="churn", steps=[prepare, train, score]).upsert(role_arn="role")
"""


def test_a_finding_about_several_steps_of_a_programs_pipeline_is_one(project: Workspace) -> None:
    project.write("a.py", PIPELINE_IN_PYTHON)
    (found,) = _findings(project, "--select", "MLS204", "--severity", "info")
    assert [name for name, _ in _instances(found)] == ["churn/Prepare", "churn/Score", "churn/Train"]


@pytest.mark.parametrize("types", [("ml.m4.xlarge", "ml.p3.2xlarge"), ("ml.m4.xlarge", "ml.m4.2xlarge")])
def test_steps_that_state_different_values_are_findings_of_their_own(
    project: Workspace, types: tuple[str, str]
) -> None:
    states = {
        name: {
            "Type": "Task",
            "Resource": "arn:aws:states:::sagemaker:createTrainingJob.sync",
            "Parameters": {"ResourceConfig": {"InstanceType": kind, "InstanceCount": 1, "VolumeSizeInGB": 9}},
            **({"Next": "B"} if name == "A" else {"End": True}),
        }
        for name, kind in zip("AB", types, strict=True)
    }
    flow = {"Type": "AWS::StepFunctions::StateMachine", "Properties": {"Definition": {"States": states}}}
    project.write("t.json", json.dumps({"Resources": {"Flow": flow}}, indent=1))
    found = _findings(project, "--select", "MLP101")
    assert [[name for name, _ in _instances(each)] for each in found] == [["Flow/A"], ["Flow/B"]]


CONSTANT = """\
import boto3
from sagemaker.estimator import Estimator

TYPE = "ml.m4.xlarge"
sm = boto3.client("sagemaker")
Estimator("image:1", "role", 1, instance_type=TYPE).fit()
variant = {"VariantName": "a", "ModelName": "m", "InstanceType": TYPE, "InitialInstanceCount": 2}
sm.create_endpoint_config(EndpointConfigName="c", ProductionVariants=[variant])
"""


def test_a_constant_that_a_program_uses_twice_is_one_mistake(project: Workspace) -> None:
    def reported() -> list[Any]:
        return [each for each in _findings(project, "--select", "MLP101") if each["code"] == "MLP101"]

    project.write("a.py", CONSTANT)
    (found,) = reported()
    assert len(_instances(found)) == 2
    assert [(each["line"], each["message"]) for each in found["related"]] == [
        (4, "the value comes from here"),
        (7, "c"),
    ]
    project.write("a.py", CONSTANT.replace('"InstanceType": TYPE', '"InstanceType": "ml.m4.xlarge"'))
    assert [[each["line"] for each in found["related"]] for found in reported()] == [[4], []]


@pytest.mark.parametrize("folder", ["", "cdk.out/"])
def test_the_code_of_two_functions_has_its_mistake_once(project: Workspace, folder: str) -> None:
    code = """import boto3

bedrock = boto3.client("bedrock-runtime")


def handler(event, context):
    return bedrock.converse(modelId="anthropic.claude-v2", messages=event["messages"])
"""
    function = "{Type: AWS::Serverless::Function, Properties: {CodeUri: src, Handler: app.handler}}"
    project.write(f"{folder}src/app.py", code)
    project.write(
        f"{folder}ask.template.yaml",
        f"Transform: AWS::Serverless-2016-10-31\nResources:\n  Ask: {function}\n  Again: {function}\n",
    )
    (finding,) = _findings(project, f"{folder}ask.template.yaml", "--select", "MLR605")
    place = f"{folder}ask.template.yaml"
    assert _instances(finding) == [("Again", place), ("Ask", place)]
    assert (finding["path"], finding["line"]) == (f"{folder}src/app.py", 7)


def test_a_call_in_the_code_of_a_function_is_one_with_what_a_program_makes_by_it(project: Workspace) -> None:
    code = """import boto3

client = boto3.client("lex-runtime")


def handler(event, context):
    return client.post_text(botName="Orders", botAlias="live", userId="1", inputText=event["text"])
"""
    settings = "{Code: src, Handler: app.handler, Runtime: python3.13, Role: r}"
    project.write("src/app.py", code)
    project.write(
        "chat.template.yaml",
        f"Resources:\n  Chat: {{Type: AWS::Lambda::Function, Properties: {settings}}}\n",
    )
    (finding,) = _findings(project, "--select", "MLR602")
    assert _instances(finding) == [("Orders", "src/app.py"), ("Chat", "chat.template.yaml")]
    assert (finding["severity"], finding["path"], finding["line"]) == ("high", "src/app.py", 7)


PIPELINE = """\
from sagemaker.model import Model
from sagemaker.workflow.model_step import ModelStep
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.pipeline_context import PipelineSession

def get_pipeline(name="Churn"):
    session = PipelineSession()
    model = Model(image_uri="image:1", role="r", model_data="s3://b/m", sagemaker_session=session)
    step = ModelStep(name="Create", step_args=model.create())
    return Pipeline(name=name, steps=[step], sagemaker_session=session)
"""


def test_a_step_that_one_function_makes_for_two_pipelines_is_one_finding(project: Workspace) -> None:
    project.write("pipe.py", PIPELINE)
    project.write("one.py", "# sagemaker\nfrom pipe import get_pipeline\nget_pipeline('Other').upsert('r')\n")
    (found,) = _findings(project, "--select", "MLS102")
    assert _instances(found) == [("Other/Create", "one.py"), ("Churn/Create", "pipe.py")]


def test_two_jobs_of_one_statement_are_one_finding(project: Workspace) -> None:
    text = """\
from sagemaker.processing import Processor, ScriptProcessor
def run(code, instance_type):
    kind, more = Processor, {}
    if code:
        kind, more = ScriptProcessor, {"command": ["python3"]}
    processor = kind(role="r", image_uri="image:1", instance_count=1, instance_type=instance_type, **more)
    processor.run()
"""
    project.write("run.py", text)
    (found,) = _findings(project, "--select", "MLS204", "--severity", "info")
    assert _instances(found) == [("processor", "run.py"), ("processor/processing_job", "run.py")]


def test_one_text_of_a_policy_for_two_roles_is_one_finding(project: Workspace) -> None:
    text = """\
import boto3, json
iam = boto3.client("iam")
trust = json.dumps({"Statement": [
    {"Effect": "Allow", "Principal": {"Service": "bedrock.amazonaws.com"}, "Action": "sts:AssumeRole"},
]})
iam.create_role(RoleName="one", AssumeRolePolicyDocument=trust)
iam.create_role(RoleName="two", AssumeRolePolicyDocument=trust)
"""
    project.write("roles.py", text)
    (found,) = _findings(project, "--select", "MLS508", "--severity", "info")
    assert _instances(found) == [("one", "roles.py"), ("two", "roles.py")]


DOCUMENT = """\
data "aws_iam_policy_document" "models" {
  statement {
    actions   = ["bedrock:InvokeModel"]
    resources = ["*"]
  }
}

resource "aws_iam_role" "agent" {
  assume_role_policy = jsonencode({
    Statement = [
      { Effect = "Allow", Principal = { Service = "bedrock.amazonaws.com" }, Action = "sts:AssumeRole" },
    ]
  })
}
"""
POLICY = """
resource "aws_iam_role_policy" "NAME" {
  role   = aws_iam_role.agent.id
  policy = POLICY
}
"""


def test_a_policy_document_is_one_finding_for_all_that_have_it(project: Workspace) -> None:
    shared = "data.aws_iam_policy_document.models.json"
    own = 'jsonencode({ Statement = [{ Effect = "Allow", Action = "bedrock:InvokeModel", Resource = "*" }] })'
    policies = {"one": shared, "two": shared, "three": own, "four": own}
    texts = {name: POLICY.replace("NAME", name).replace("POLICY", each) for name, each in policies.items()}
    project.write("main.tf", DOCUMENT + texts["one"])
    for name in ("two", "three", "four"):
        project.write(f"{name}.tf", texts[name])
    found = _findings(project, "--select", "MLS615", "--severity", "info")
    named = [[address.rpartition(".")[2] for address, _ in _instances(each)] for each in found]
    assert sorted(map(sorted, named)) == [["four"], ["one", "two"], ["three"]]


SERVE = """\
import boto3
SM = boto3.client("sagemaker")
def deploy_{kind}(endpoint_name):
    config_name = f"{{endpoint_name}}-config"
    SM.create_endpoint_config(
        EndpointConfigName=config_name,
        ProductionVariants=[
            {{"VariantName": "{kind}", "InitialInstanceCount": 1, "InstanceType": "ml.m5.large"}}
        ],
    )
    SM.create_endpoint(EndpointName=endpoint_name, EndpointConfigName=config_name)
"""


def test_a_call_is_one_finding_for_the_programs_that_import_it(project: Workspace) -> None:
    for kind in ("one", "two"):
        project.write(f"{kind}.py", SERVE.format(kind=kind))
    project.write(
        "both.py",
        "# sagemaker\nimport sys\nfrom one import deploy_one\nfrom two import deploy_two\n"
        "deploy_one(sys.argv[1])\ndeploy_two(sys.argv[2])\n",
    )
    found = _findings(project, "--select", "MLR102", "--severity", "info")
    places = [(each["path"], each["line"]) for each in found if each["code"] == "MLR102"]
    assert places == [("one.py", 8), ("two.py", 8)]


GATEWAY = """
import boto3
client = boto3.client("bedrock-agentcore-control")
client.create_gateway(name="{name}", roleArn="arn:aws:iam::000000000000:role/a", authorizerType="{kind}")
"""


@pytest.mark.parametrize(("other", "count"), [("tools", 1), ("more-tools", 2)])
def test_what_programs_create_under_one_name_is_one_finding(
    other: str, count: int, project: Workspace
) -> None:
    project.write("first.py", GATEWAY.format(name="tools", kind="NONE"))
    project.write("second.py", GATEWAY.format(name=other, kind="AWS_IAM"))
    found = _findings(project, "--select", "MLS609")
    assert len([each for each in found if each["code"] == "MLS609"]) == count


PROMPTS = """
Resources:
  First:
    Type: AWS::Bedrock::Prompt
    Properties: {Name: first}
  Second:
    Type: AWS::Bedrock::Prompt
    Properties: {Name: second}
  Third:
    Type: AWS::Bedrock::Prompt
    Properties: {Name: third, CustomerEncryptionKeyArn: !GetAtt Key.Arn}
  Answers:
    Type: AWS::Bedrock::Flow
    Properties: {Name: answers, ExecutionRoleArn: "arn:aws:iam::000000000000:role/flow"}
  Key:
    Type: AWS::KMS::Key
"""


def test_what_the_prompts_of_a_file_leave_out_alike_is_one_finding(project: Workspace) -> None:
    project.write("prompts.yaml", PROMPTS)
    project.write("others.yaml", PROMPTS)
    found = [each for each in _findings(project, "--select", "MLS603") if each["code"] == "MLS603"]
    counts = sorted((each["path"], len(each.get("instances") or ())) for each in found)
    assert counts == [("others.yaml", 1), ("others.yaml", 2), ("prompts.yaml", 1), ("prompts.yaml", 2)]


JOB = """resource "aws_glue_job" "%s" {
  name         = "%s"
  role_arn     = "arn:aws:iam::000000000000:role/glue"
  glue_version = "4.0"
  %s
  command { script_location = "s3://acme-scripts/%s.py" }
}
"""


def test_what_the_jobs_of_a_file_leave_out_alike_is_one_finding(project: Workspace) -> None:
    empty, given = "", 'default_arguments = { "--job-language" = "python" }'
    project.write(
        "jobs.tf", "".join(JOB % (n, n, a, n) for n, a in (("a", given), ("b", empty), ("c", empty)))
    )
    project.write("more.tf", JOB % ("d", "d", empty, "d"))
    found = [each for each in _findings(project, "--select", "MLO506") if each["code"] == "MLO506"]
    counts = sorted((each["path"], len(each.get("instances") or (1,))) for each in found)
    assert counts == [("jobs.tf", 3), ("more.tf", 1)]


def test_a_fixed_name_that_each_caller_makes_another_is_one_finding(project: Workspace) -> None:
    project.write(
        "modules/model/main.tf",
        'variable "stage" {}\n'
        'resource "aws_sagemaker_model" "churn" {\n'
        '  name               = "churn-${var.stage}"\n'
        '  execution_role_arn = "arn:aws:iam::000000000000:role/model"\n'
        "}\n"
        'resource "aws_sagemaker_endpoint_configuration" "churn" {\n'
        "  production_variants {\n"
        "    model_name             = aws_sagemaker_model.churn.name\n"
        "    initial_instance_count = 2\n"
        '    instance_type          = "ml.m5.large"\n'
        "  }\n"
        "}\n"
        'resource "aws_sagemaker_endpoint" "churn" {\n'
        "  endpoint_config_name = aws_sagemaker_endpoint_configuration.churn.name\n"
        "}\n",
    )
    for stage in ("dev", "prod"):
        call = f'module "model" {{\n  source = "../modules/model"\n  stage  = "{stage}"\n}}\n'
        project.write(f"{stage}/main.tf", call)
    found = [each for each in _findings(project, "--select", "MLR115") if each["code"] == "MLR115"]
    assert [len(_instances(each)) for each in found] == [2]


AGENT = """resource "aws_bedrockagent_agent" "a" {
  for_each                = { faq = false, orders = true }
  agent_name              = each.key
  agent_resource_role_arn = "arn:aws:iam::111122223333:role/agents"
  foundation_model        = "amazon.nova-lite-v1:0"
}
resource "aws_bedrockagent_agent_action_group" "orders" {
  action_group_name = "orders"
  agent_id          = aws_bedrockagent_agent.a["orders"].agent_id
  agent_version     = "DRAFT"
  action_group_executor { custom_control = "RETURN_CONTROL" }
}
resource "aws_bedrockagent_agent_knowledge_base_association" "faq" {
  agent_id             = aws_bedrockagent_agent.a["faq"].agent_id
  knowledge_base_id    = "EMDPPAYPZI"
  knowledge_base_state = "ENABLED"
  description          = "questions and answers"
}
resource "aws_lambda_function" "ask" {
  function_name = "ask-production"
  role          = "arn:aws:iam::111122223333:role/ask"
  environment { variables = { AGENT_ID = aws_bedrockagent_agent.a["faq"].agent_id } }
}
"""


def test_reasons_of_instances_that_differ_are_stated_side_by_side(project: Workspace) -> None:
    project.write("main.tf", AGENT)
    (found,) = _findings(project, "--select", "MLS601")
    assert len(_instances(found)) == 2
    because = found["lowered"]["because"]
    assert because == (
        "the agent has no action groups, so it cannot be made to act, or nothing shows that people from "
        "outside can make the agent act"
    )


STORES = """
resource "aws_sagemaker_model" "m" {
  for_each           = { a = aws_s3_bucket.a.id, b = aws_s3_bucket.b.id }
  execution_role_arn = "arn:aws:iam::111122223333:role/m"
  primary_container {
    image          = "${aws_ecr_repository.first.repository_url}:1"
    model_data_url = "s3://${each.value}/m.tar.gz"
  }
}
resource "aws_sagemaker_model" "other" {
  execution_role_arn = "arn:aws:iam::111122223333:role/m"
  primary_container {
    image = "${aws_ecr_repository.second.repository_url}:1"
  }
}
resource "aws_ecr_repository" "first" { name = "first" }
resource "aws_ecr_repository" "second" { name = "second" }
resource "aws_s3_bucket" "a" { bucket = "acme-models-a" }
resource "aws_s3_bucket" "b" { bucket = "acme-models-b" }
resource "aws_s3_bucket_public_access_block" "a" {
  bucket              = aws_s3_bucket.a.id
  block_public_acls   = true
  block_public_policy = true
}
resource "aws_s3_bucket_public_access_block" "b" {
  bucket              = aws_s3_bucket.b.id
  block_public_acls   = true
  block_public_policy = true
}
"""


@pytest.mark.parametrize("code", ["MLS303", "MLS305", "MLR301", "MLS314", "MLS316"])
def test_what_buckets_and_registries_of_one_file_leave_out_is_one_finding(
    code: str, project: Workspace
) -> None:
    project.write("main.tf", STORES)
    (found,) = _findings(project, "--select", code)
    assert len(_instances(found)) == 2


def test_what_buckets_of_several_files_leave_out_stays_apart(project: Workspace) -> None:
    block = 'resource "aws_s3_bucket_public_access_block" "b"'
    first, second = STORES.split(block)
    project.write("main.tf", first)
    project.write("other.tf", f"{block}{second}")
    assert len(_findings(project, "--select", "MLS303")) == 2


def test_what_variants_of_one_configuration_lack_alike_is_one_finding(project: Workspace) -> None:
    variants = "".join(
        f"        - {{VariantName: {name}, ModelName: m-{name}, InstanceType: ml.m6i.large, "
        f"InitialInstanceCount: {count}}}\n"
        for name, count in (("steady", 1), ("next", 1), ("last", 3))
    )
    project.write(
        "template.yaml",
        "Resources:\n  Tolls:\n    Type: AWS::SageMaker::EndpointConfig\n    Properties:\n"
        f"      ProductionVariants:\n{variants}"
        "  Serving:\n    Type: AWS::SageMaker::Endpoint\n    Properties:\n"
        "      EndpointConfigName: !GetAtt Tolls.EndpointConfigName\n",
    )
    found = json.loads(project.run("check", "--format", "json", "--select", "MLR101,MLR102").out)["findings"]
    single, unscaled = ([each for each in found if each["code"] == code] for code in ("MLR101", "MLR102"))
    assert [[(place["line"], place["message"]) for place in each["related"]] for each in single] == [
        [(7, "variant next")]
    ]
    assert [each["message"].partition(" of ")[0] for each in unscaled] == [
        "nothing scales variants steady, next and last"
    ]


def test_repositories_declared_alike_are_one_finding_whatever_they_are_called(project: Workspace) -> None:
    names = ("A", "Repository", "Serving")
    written = (f"  {name}:\n    Type: AWS::ECR::Repository\n    Properties:\n      " for name in names)
    settings = ("ImageTagMutability: MUTABLE", "ImageTagMutability: MUTABLE", "RepositoryName: serving")
    template = "Resources:\n" + "".join(f"{a}{b}\n" for a, b in zip(written, settings, strict=True))
    project.write("images.yaml", template)
    (found,) = _findings(project, "--select", "MLS316", "--scope", "all")
    assert sorted(name for name, _ in _instances(found)) == sorted(names)


def test_a_model_that_has_ended_is_one_finding_in_a_file(project: Workspace) -> None:
    def agent(name: str, model: str) -> str:
        role = "arn:aws:iam::111122223333:role/agent"
        return (
            f'resource "aws_bedrockagent_agent" "{name}" {{\n  agent_name = "{name}"\n'
            f'  agent_resource_role_arn = "{role}"\n  foundation_model = "{model}"\n}}\n'
        )

    old, older = "anthropic.claude-v2", "anthropic.claude-instant-v1"
    project.write("main.tf", agent("ask", old) + agent("sum", old) + agent("sort", older))
    project.write("more.tf", agent("rank", old))
    found = _findings(project, "--select", "MLR605")
    names = [[address.rpartition(".")[2] for address, _ in _instances(each)] for each in found]
    assert sorted(names) == [["ask", "sum"], ["rank"], ["sort"]]


def test_a_role_that_notebooks_create_by_one_name_is_one_finding(project: Workspace) -> None:
    def create(name: str) -> str:
        trust = {"Statement": [{"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}}]}
        trust["Statement"][0]["Action"] = "sts:AssumeRole"
        arguments = f'RoleName="{name}", AssumeRolePolicyDocument=json.dumps({trust})'
        return f'import boto3, json\nboto3.client("iam").create_role({arguments})\n'

    project.write("extract/entities.ipynb", _notebook([create("studio")]))
    project.write("label/topics.ipynb", _notebook([create("studio"), "x = 1\n"]))
    project.write("label/tones.ipynb", _notebook([create("labels")]))
    found = _findings(project, "--select", "MLS508", "--severity", "info")
    assert sorted(each["path"] for each in found) == ["extract/entities.ipynb", "label/tones.ipynb"]
