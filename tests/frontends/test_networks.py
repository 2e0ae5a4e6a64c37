"""What a missing VPC weighs in templates and configurations of a repository that has none."""

import json
from functools import partial
from pathlib import Path
from time import process_time

import pytest

from mlwa_lint.cli.app import invoke
from mlwa_lint.frontends.networks import _has_default_alone, _mentions
from mlwa_lint.graph.queries.isolation import NOT_OPERATED
from mlwa_lint.model.purpose import FOR_LEARNING
from mlwa_lint.model.weights import NO_NETWORK
from tests.support.files import write

_write = partial(write, Path())
MODEL = """resource "aws_sagemaker_model" "churn" {
  name               = "churn"
  execution_role_arn = "arn:aws:iam::111122223333:role/churn"
  primary_container { image = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/churn:1" }
}
"""
ISOLATED_FIRST = "the project has no VPC, and containers that are isolated (MLS102) open no connections"
README = {"README.md": "# Churn\n\nScores customers.\n"}
VPC = "ec2.create_vpc(CidrBlock='10.0.0.0/16')\n"
PRIVATE = 'resource "aws_subnet" "private" {}\n'
DEFAULT = 'data "aws_vpc" "main" {\n  default = true\n}\nlocals {\n  vpc = data.aws_vpc.main.id\n}\n'
CDK_DEFAULT = "this.vpc = ec2.Vpc.fromLookup(this, 'V', {\n  isDefault: true,\n});\n"
CDK_OWN = "this.own = new ec2.Vpc(this, 'Own', {maxAzs: 2});\n"
CDK_CLUSTER = "new ecs.Cluster(this, 'Tasks', {vpc: props.vpc});\n"
UNUSED = 'variable "enable_vpc" {\n  type    = bool\n  default = false\n}\n'
OPTIONAL = 'variable "vpc_id" {\n  default = null\n}\nlocals {\n  own = var.vpc_id != null\n}\n'
MODULE = 'module "studio" {{\n  source = "./m"\n  vpc_id = {}\n}}\n'
DATABASE = (
    "found = neptune.describe_db_instances()['DBInstances'][0]\nvpc_id = found['DBSubnetGroup']['VpcId']\n"
    "ec2.create_vpc_endpoint(VpcEndpointType='Gateway', VpcId=vpc_id)\n"
)
STATE = 'terraform {\n  backend "s3" {}\n}\n'


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)


def test_a_second_finding_about_a_model_is_low_only_where_isolation_is_missing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    _write(**{"main.tf": MODEL.replace("  name  ", "  enable_network_isolation = true\n  name  ", 1)})
    invoke(["check", ".", "--no-cache", "--format", "json", "--select", "MLS103"])
    (found,) = json.loads(capsys.readouterr().out)["findings"]
    assert (found["severity"], found["lowered"]) == ("medium", None)


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, ("low", ISOLATED_FIRST)),
        (README, ("info", NOT_OPERATED)),
        # What belongs to a configuration is nothing around it.
        ({"policy.txt": "allow\n", "variables.tf": 'variable "name" {}\n'}, ("low", ISOLATED_FIRST)),
        (
            {"src/index.py": "def handler(event, context):\n    return 1\n", "src/a/b.py": ""},
            ("low", ISOLATED_FIRST),
        ),
        ({"src/train.py": "def train(data):\n    return 1\n"}, ("info", NOT_OPERATED)),
        ({"readme.txt": "Churn"}, ("info", NOT_OPERATED)),
        ({**README, "network.tf": 'module "vpc" {}'}, ("medium", "")),
        ({**README, "logs.tf": 'prefix = "vpc-flow-logs/"\n'}, ("info", NOT_OPERATED)),
        (
            {**README, "isolate.yaml": "schemaVersion: '0.3'\nmainSteps: [{name: DetachSecurityGroup}]\n"},
            ("info", NOT_OPERATED),
        ),
        # Programs for the CDK that look up the default VPC alone, for tasks of ECS.
        ({**README, "lib/vpc.ts": CDK_DEFAULT, "lib/cluster.ts": CDK_CLUSTER}, ("info", NOT_OPERATED)),
        (
            {**README, "app.py": 'ec2.Vpc.from_lookup(self, "V", is_default=True)\n', "c.ts": CDK_CLUSTER},
            ("info", NOT_OPERATED),
        ),
        ({**README, "lib/vpc.ts": CDK_DEFAULT, "lib/own.ts": CDK_OWN}, ("medium", "")),
        ({**README, "lib/vpc.ts": CDK_OWN, "lib/cluster.ts": CDK_CLUSTER}, ("medium", "")),
        ({**README, "lib/vpc.ts": CDK_DEFAULT, "lib/f.ts": "const f = {vpcConfig: own};\n"}, ("medium", "")),
        # What a configuration declares and does not use.
        ({**README, "variables.tf": UNUSED}, ("info", NOT_OPERATED)),
        ({**README, "variables.tf": UNUSED, "use.tf": "locals {\n  v = var.enable_vpc\n}\n"}, ("medium", "")),
        ({**README, "draw.py": "from diagrams.aws.network import VPC\n"}, ("info", NOT_OPERATED)),
        ({**README, "f/boto3/vpc.py": VPC, "f/boto3-1.4.dist-info/METADATA": ""}, ("info", NOT_OPERATED)),
        ({**README, "f/boto3/vpc.py": VPC}, ("medium", "")),
        (
            {**README, "config.py": 'VPC_ID = "<YOUR_VPC>"\nSUBNET_IDS = ["<ONE>", "<TWO>"]\n'},
            ("info", NOT_OPERATED),
        ),
        ({**README, "config.py": 'PLACES = ["subnet-xxxx"]\n'}, ("info", NOT_OPERATED)),
        ({**README, "config.py": 'VPC_ID = "vpc-0a1b2c"\n'}, ("medium", "")),
        (
            {**README, "compose.prod.yaml": "ipam: {config: [{subnet: 10.1.0.0/16}]}\n"},
            ("info", NOT_OPERATED),
        ),
        (
            {**README, "schema.json": '{"VpcConfig": {"$ref": "#/definitions/VpcConfig"}}'},
            ("info", NOT_OPERATED),
        ),
        (
            {**README, "make.py": "def make(vpc_config=None):\n    run(vpc_config=vpc_config)\n"},
            ("info", NOT_OPERATED),
        ),
        ({**README, "make.py": "def make(vpc_config):\n    run(vpc_config=vpc_config)\n"}, ("medium", "")),
        (
            {
                **README,
                "task.py": "run(networkConfiguration={'awsvpcConfiguration': {'subnets': ['subnet-1']}})\n",
            },
            ("info", NOT_OPERATED),
        ),
        (
            {**README, "task.py": "run(awsvpcConfiguration={'subnets': subnets})\n", "n.tf": PRIVATE},
            ("medium", ""),
        ),
        ({**README, "network.tf": DEFAULT}, ("info", NOT_OPERATED)),
        ({**README, "network.tf": DEFAULT + PRIVATE}, ("medium", "")),
        (
            {**README, "network.tf": DEFAULT, "data.tf": '# private\nacl = "private"\n'},
            ("info", NOT_OPERATED),
        ),
        # A variable that may be left out, and is.
        ({**README, "network.tf": OPTIONAL}, ("info", NOT_OPERATED)),
        ({**README, "network.tf": OPTIONAL + DEFAULT}, ("info", NOT_OPERATED)),
        (
            {**README, "network.tf": OPTIONAL, "a.tfvars.example": '# vpc_id = "vpc-1"\n'},
            ("info", NOT_OPERATED),
        ),
        ({**README, "network.tf": OPTIONAL, "prod.auto.tfvars": 'vpc_id = "vpc-1"\n'}, ("medium", "")),
        ({**README, "m/network.tf": OPTIONAL, "use.tf": MODULE.format("local.own")}, ("medium", "")),
        ({**README, "m/network.tf": OPTIONAL, "use.tf": MODULE.format("null")}, ("info", NOT_OPERATED)),
        ({**README, "network.tf": OPTIONAL.replace("null", '"vpc-1"')}, ("medium", "")),
        (
            {**README, "network.tf": '# # Optional VPC\n# resource "aws_vpc" "own" {\n# }\n'},
            ("info", NOT_OPERATED),
        ),
        # The VPC of a database that exists.
        ({**README, "load.py": DATABASE}, ("info", NOT_OPERATED)),
        ({**README, "load.py": DATABASE + "ec2.create_subnet(VpcId=vpc_id)\n"}, ("medium", "")),
        ({**README, "load.py": "logger.info('Run this in the VPC:')\n"}, ("info", NOT_OPERATED)),
        ({**README, "prod.tfvars": "size = 2"}, ("low", ISOLATED_FIRST)),
        ({**README, "state.tf": STATE}, ("info", NOT_OPERATED)),
        ({**README, "state.tf": STATE.replace("s3", "local")}, ("info", NOT_OPERATED)),
        ({"README.md": "# Churn workshop\n"}, ("info", NO_NETWORK)),
        ({"README.md": "# Churn workshop\n", "network.tf": 'module "vpc" {}'}, ("low", FOR_LEARNING)),
    ],
)
def test_a_project_without_a_vpc_is_expected_to_have_one_where_it_is_operated(
    files: dict[str, str], expected: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    _write(**{"main.tf": MODEL, **files})
    invoke(["check", ".", "--no-cache", "--severity", "info", "--format", "json", "--select", "MLS103"])
    (found,) = json.loads(capsys.readouterr().out)["findings"]
    assert (found["severity"], (found["lowered"] or {}).get("because", "")) == expected


@pytest.mark.parametrize(
    "piece", ["x", "vpc", "subnet_", "vpc = ", "vpc = <", 'data "aws_vpc" {', "vpc_id=None,"]
)
def test_a_long_text_takes_time_in_proportion(piece: str) -> None:
    took = []
    for length in (50_000, 200_000):
        text = (piece * (length // len(piece))).encode()
        before = process_time()
        _mentions("main.tf", text)
        _has_default_alone([("main.tf",)], {("main.tf",): text})
        took.append(process_time() - before)
    assert took[1] < 10 * took[0] + 1
