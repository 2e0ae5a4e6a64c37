"""Root modules of one repository that read one another's state or parameters."""

from pathlib import Path

import pytest

from mlwa_lint.discovery.search import discover
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.model.resources import Project, Resource
from mlwa_lint.model.values import Choice, Unknown, Value
from mlwa_lint.run.loading import load

from .support import shown

NETWORK = """
variable "name" {}
resource "aws_vpc" "main" {}
resource "aws_security_group" "main" { vpc_id = aws_vpc.main.id }
resource "aws_s3_bucket" "data" { bucket = "${var.name}-data" }
resource "aws_ssm_parameter" "type" {
  name  = "/acme/type"
  type  = "String"
  value = "ml.t3.medium"
}
resource "aws_ssm_parameter" "key" {
  name  = "/acme/key"
  type  = "String"
  value = aws_kms_key.k.arn
}
resource "aws_kms_key" "k" {}
output "vpc" { value = aws_vpc.main }
output "groups" { value = [aws_security_group.main.id] }
output "name" { value = var.name }
output "literal" { value = "ml.m5.large" }
output "when" { value = var.name == "prod" ? aws_s3_bucket.data.arn : null }
output "dev" { value = var.name == "dev" ? aws_s3_bucket.data.arn : null }
"""
BACKEND = """
terraform {
  backend "s3" {
    bucket = "acme-state"
    key    = "network/terraform.tfstate"
  }
}
"""
STATE = """
data "terraform_remote_state" "net" {
  backend = "s3"
  config = {
    bucket = "acme-state"
    key    = "network/terraform.tfstate"
  }
}
"""
APP = """
variable "name" {}
locals { net = data.terraform_remote_state.net.outputs }
resource "aws_security_group" "main" { vpc_id = local.net.vpc.id }
resource "aws_instance" "i" {
  groups  = concat(local.net.groups, [aws_security_group.main.id])
  text    = "s3://${local.net.name}/x"
  own     = "s3://${var.name}/x"
  literal = local.net.literal
  arn     = local.net.when
  dev     = local.net.dev
  missing = local.net.missing
}
"""
PARAMETERS = """
data "aws_ssm_parameter" "type" {
  name = "/acme/type"
}
data "aws_ssm_parameter" "key" {
  name = "/acme/key"
}
resource "aws_instance" "i" {
  type = data.aws_ssm_parameter.type.value
  key  = data.aws_ssm_parameter.key.value
}
"""


def write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / name / "main.tf").write_text(text)


def projects(folder: Path) -> list[Project]:
    (folder / ".git").mkdir(exist_ok=True)
    options = LoadOptions(root=folder)
    return [each for target in discover([str(folder)]).targets for each in load(target, options)]


def resource(project: Project, address: str) -> Resource:
    return next(each for each in project.resources if each.address == address)


def stated(project: Project, address: str) -> dict[str, str]:
    return {key: shown(entry.value) for key, entry in resource(project, address).properties.entries.items()}


def value(project: Project, address: str, name: str) -> Value:
    return resource(project, address).properties.entries[name].value


def test_outputs_of_another_root_lead_to_its_resources(tmp_path: Path) -> None:
    write(tmp_path, app=STATE + APP, network=BACKEND + NETWORK)
    (project,) = projects(tmp_path)
    assert [each.address for each in project.resources] == [
        "app.aws_security_group.main",
        "aws_instance.i",
        "aws_vpc.main",
        "network.aws_security_group.main",
        "aws_s3_bucket.data",
        "aws_ssm_parameter.type",
        "aws_ssm_parameter.key",
        "aws_kms_key.k",
    ]
    assert stated(project, "app.aws_security_group.main") == {"VpcId": "<aws_vpc.main.id>"}
    found = stated(project, "aws_instance.i")
    assert found["Groups"] == "[<network.aws_security_group.main.id>, <app.aws_security_group.main.id>]"
    assert found["Literal"] == "'ml.m5.large'"
    assert found["Arn"] == '(var.name == "prod" ? <aws_s3_bucket.data.arn> : null)'
    assert found["Missing"] == ("?(output missing of terraform_remote_state.net is read only at deployment)")
    roots = {each.address: Path(project.roots[each.address]).name for each in project.resources}
    assert roots["app.aws_security_group.main"] == roots["aws_instance.i"] == "app"
    assert roots["aws_vpc.main"] == roots["network.aws_security_group.main"] == "network"


def test_variables_of_the_same_name_are_not_the_same(tmp_path: Path) -> None:
    write(tmp_path, app=STATE + APP, network=BACKEND + NETWORK)
    (project,) = projects(tmp_path)
    texts = [value(project, "aws_instance.i", name) for name in ("Text", "Own")]
    parts = [text.parts[1] for text in texts if isinstance(text, Unknown)]
    names = [part.identity for part in parts if isinstance(part, Unknown)]
    assert names == ["network: variable name", "app: variable name"]
    first = value(project, "aws_instance.i", "Arn")
    assert isinstance(first, Choice)
    assert first.condition.name == 'network: variable name == "prod"'
    assert not project.scenarios.possible(
        {'network: variable name == "prod"': True, 'network: variable name == "dev"': True}
    )
    assert project.scenarios.possible(
        {'network: variable name == "prod"': True, 'app: variable name == "dev"': True}
    )


def test_parameters_that_another_root_writes_are_what_it_writes(tmp_path: Path) -> None:
    write(tmp_path, app=PARAMETERS, network=NETWORK)
    (project,) = projects(tmp_path)
    assert stated(project, "aws_instance.i") == {"Type": "'ml.t3.medium'!", "Key": "<aws_kms_key.k.arn>"}
    assert value(project, "aws_instance.i", "Type").assumed == {
        "the value of /acme/type as its configuration writes it"
    }


@pytest.mark.parametrize(
    ("other", "linked"),
    [
        (BACKEND.replace("acme-state", "other-state"), True),  # another bucket: it is not that state
        (BACKEND, False),  # two configurations have the same
        (BACKEND.replace("network/", "other/"), True),
    ],
)
def test_only_the_one_configuration_that_has_the_state_is_linked(
    tmp_path: Path, other: str, linked: bool
) -> None:
    write(tmp_path, app=STATE + APP, network=BACKEND + NETWORK, copy=other + NETWORK)
    found = next(
        each for each in projects(tmp_path) if any(r.address == "aws_instance.i" for r in each.resources)
    )
    reason = "?(output literal of terraform_remote_state.net is read only at deployment)"
    assert stated(found, "aws_instance.i")["Literal"] == ("'ml.m5.large'" if linked else reason)


LOCAL = """
data "terraform_remote_state" "net" {
  backend = "local"
  config = { path = "${path.module}/../network/terraform.tfstate" }
}
"""
NAMED = """
terraform {
  backend "local" {
    path = "state/net.tfstate"
  }
}
"""


@pytest.mark.parametrize(
    ("reader", "backend", "found"),
    [
        (LOCAL, "", "'ml.m5.large'"),
        (LOCAL, BACKEND, None),
        (LOCAL.replace("/terraform.tfstate", "/state/net.tfstate"), NAMED, "'ml.m5.large'"),
        (LOCAL, NAMED, None),
        (LOCAL.replace("config", "workspace = terraform.workspace\n  config"), "", "'ml.m5.large'"),
        (LOCAL.replace("config", 'workspace = "prod"\n  config'), "", None),
    ],
)
def test_a_state_on_disk_is_that_of_the_folder_that_it_lies_in(
    tmp_path: Path, reader: str, backend: str, found: str | None
) -> None:
    reader = reader.replace("config = {", "config = {\n   ").replace(" }", "\n  }")
    write(tmp_path, app=reader + APP, network=backend + NETWORK)
    project = next(
        each for each in projects(tmp_path) if any(r.address == "aws_instance.i" for r in each.resources)
    )
    unknown = "?(output literal of terraform_remote_state.net is read only at deployment)"
    assert stated(project, "aws_instance.i")["Literal"] == (found or unknown)


def test_configurations_that_read_each_others_state_are_not_followed_in_a_circle(tmp_path: Path) -> None:
    other = STATE.replace("network/", "app/").replace('"net"', '"app"')
    end = 'output "literal" { value = data.terraform_remote_state.app.outputs.back }\n'
    network = BACKEND + other + NETWORK.replace('output "literal" { value = "ml.m5.large" }\n', end)
    back = 'output "back" { value = data.terraform_remote_state.net.outputs.literal }\n'
    write(tmp_path, app=BACKEND.replace("network/", "app/") + STATE + APP + back, network=network)
    (project,) = projects(tmp_path)
    assert [problem for problem in project.problems if problem.fatal] == []
    assert isinstance(value(project, "aws_instance.i", "Literal"), Unknown)


def test_roots_that_exchange_nothing_stay_apart(tmp_path: Path) -> None:
    write(tmp_path, app=STATE.replace("network/", "elsewhere/") + APP, network=BACKEND + NETWORK)
    assert [len(each.resources) for each in projects(tmp_path)] == [2, 6]


KEYS = {
    "a local value": ("local.key", 'locals {\n  key = "network/terraform.tfstate"\n}\n', ""),
    "the default of a variable": (
        "var.key",
        'variable "key" { default = "network/terraform.tfstate" }\n',
        "",
    ),
    "a local value of a local value": (
        '"${local.folder}/terraform.tfstate"',
        'locals {\n  name = "network"\n  folder = "${local.name}"\n}\n',
        "",
    ),
    "a name of which the end is known": (
        '"${var.name}/network/terraform.tfstate"',
        "",
        "the state at /network/terraform.tfstate is that of ",
    ),
}


@pytest.mark.parametrize("written", KEYS)
def test_a_key_may_be_written_elsewhere_in_the_configuration(written: str, tmp_path: Path) -> None:
    key, beside, assumed = KEYS[written]
    state = STATE.replace('"network/terraform.tfstate"', key)
    write(tmp_path, app=beside + state + APP, network=BACKEND + NETWORK)
    (project,) = projects(tmp_path)
    literal = value(project, "aws_instance.i", "Literal")
    assert shown(literal).rstrip("!") == "'ml.m5.large'"
    found = [each for each in literal.assumed if each.startswith("the state at")]
    assert [each.startswith(assumed) for each in found] == ([True] if assumed else [])


@pytest.mark.parametrize(
    "key",
    ['"${var.name}/terraform.tfstate"', '"${var.name}work/terraform.tfstate"', "var.given", "local.key"],
)
def test_a_key_that_names_no_state_for_certain_is_not_followed(key: str, tmp_path: Path) -> None:
    state = STATE.replace('"network/terraform.tfstate"', key)
    write(tmp_path, app=state + APP, network=BACKEND + NETWORK)
    assert len(projects(tmp_path)) == 2


def test_an_end_that_two_states_have_names_neither(tmp_path: Path) -> None:
    state = STATE.replace('"network/', '"${var.name}/network/')
    other = BACKEND.replace('"network/', '"other/network/')
    write(tmp_path, app=state + APP, network=BACKEND + NETWORK, other=other)
    assert len(projects(tmp_path)) > 1
