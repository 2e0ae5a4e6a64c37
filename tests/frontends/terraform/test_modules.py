"""Module calls: inputs, outputs, instances, sources, limits."""

import json
from pathlib import Path

import pytest

from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.frontends.terraform.project import load, loaded
from mlwa_lint.model.values import Unknown
from tests.frontends.terraform.support import addresses, argument, load_text, resource, shown
from tests.support.files import write

_INNER = """
variable "name" {}
variable "key" { default = null }
resource "aws_s3_bucket" "b" { bucket = var.name }
resource "aws_x" "y" { key = var.key }
output "bucket" { value = aws_s3_bucket.b.bucket }
output "whole" { value = aws_s3_bucket.b }
output "plain" { value = upper(var.name) }
"""


def test_inputs_go_in_and_outputs_come_out(tmp_path: Path) -> None:
    text = """
      resource "aws_kms_key" "k" {}
      module "m" {
        source = "./inner"
        name   = "models"
        key    = aws_kms_key.k.arn
      }
      resource "aws_x" "user" {
        a = module.m.bucket
        b = module.m.whole.arn
        c = module.m.plain
        d = module.m.gone
      }
    """
    loader = load_text(tmp_path, text, inner___main__tf=_INNER)
    assert argument(loader, "module.m.aws_x.y", "key") == "<aws_kms_key.k.arn>"
    user = {key: shown(entry.value) for key, entry in resource(loader, "aws_x.user").body.entries.items()}
    assert user["a"] == "<module.m.aws_s3_bucket.b.bucket=models>"
    assert user["b"] == "<module.m.aws_s3_bucket.b.arn>"
    assert user["c"] == "'MODELS'"
    assert user["d"] == "?(an output of module m is not known)"


def test_a_default_inside_a_called_module_is_no_assumption(tmp_path: Path) -> None:
    inner = 'variable "x" { default = 1 }\nresource "aws_x" "y" { a = var.x }'
    loader = load_text(tmp_path, 'module "m" { source = "./inner" }', inner___main__tf=inner)
    assert argument(loader, "module.m.aws_x.y", "a") == "1"


def test_what_a_call_waits_for_all_of_its_module_waits_for(tmp_path: Path) -> None:
    text = """
      resource "aws_x" "before" {}
      module "m" {
        source     = "./outer"
        depends_on = [aws_x.before]
      }
    """
    outer = """
      resource "aws_x" "own" {}
      module "n" {
        source     = "./inner"
        depends_on = [aws_x.own]
      }
    """
    inner = 'resource "aws_x" "a" {}\nresource "aws_x" "b" {\n  depends_on = [aws_x.a]\n}\n'
    loader = load_text(tmp_path, text, outer___main__tf=outer, outer___inner___main__tf=inner)
    within = "module.m.module.n."
    assert resource(loader, "module.m.aws_x.own").depends_on == ("aws_x.before",)
    assert resource(loader, f"{within}aws_x.a").depends_on == ("aws_x.before", "module.m.aws_x.own")
    assert resource(loader, f"{within}aws_x.b").depends_on == (
        "aws_x.before",
        "module.m.aws_x.own",
        f"{within}aws_x.a",
    )


def test_modules_with_count_and_for_each(tmp_path: Path) -> None:
    text = """
      variable "on" { type = bool }
      variable "n" {}
      module "c" {
        source = "./inner"
        count  = 2
        name   = "c${count.index}"
      }
      module "e" {
        source   = "./inner"
        for_each = toset(["k"])
        name     = each.key
      }
      module "maybe" {
        source = "./inner"
        count  = var.on ? 1 : 0
        name   = "maybe"
      }
      module "open" {
        source = "./inner"
        count  = var.n
        name   = "open"
      }
      resource "aws_x" "user" {
        a = module.c[1].plain
        b = module.e["k"].plain
        c = module.c[*].plain
        d = var.on ? module.maybe[0].plain : null
        e = module.open[0].bucket
      }
    """
    loader = load_text(tmp_path, text, inner___main__tf=_INNER)
    buckets = [each for each in addresses(loader) if "aws_s3_bucket" in each]
    assert sorted(buckets) == [
        "module.c[0].aws_s3_bucket.b",
        "module.c[1].aws_s3_bucket.b",
        'module.e["k"].aws_s3_bucket.b',
        "module.maybe[0].aws_s3_bucket.b if var.on",
        "module.open.aws_s3_bucket.b if count = var.n",
    ]
    user = {key: shown(entry.value) for key, entry in resource(loader, "aws_x.user").body.entries.items()}
    assert user == {
        "a": "'C1'",
        "b": "'K'",
        "c": "['C0', 'C1']",
        "d": "(var.on ? 'MAYBE' : null)",
        "e": "<module.open.aws_s3_bucket.b.bucket=open>",
    }


def test_modules_may_use_each_others_outputs(tmp_path: Path) -> None:
    half = """
      variable "in" {}
      variable "name" {}
      resource "aws_x" "y" { a = var.in }
      output "name" { value = var.name }
    """
    text = """
      module "a" {
        source = "./half"
        name   = "A"
        in     = module.b.name
      }
      module "b" {
        source = "./half"
        name   = "B"
        in     = module.a.name
      }
    """
    loader = load_text(tmp_path, text, half___main__tf=half)
    assert loader.problems == []
    assert argument(loader, "module.a.aws_x.y", "a") == "'B'"
    assert argument(loader, "module.b.aws_x.y", "a") == "'A'"


def test_a_module_from_elsewhere_is_a_gap_with_its_inputs(tmp_path: Path) -> None:
    text = """
      resource "aws_s3_bucket" "b" {}
      module "x" {
        source  = "example/strange/aws"
        version = "1.0"
        bucket  = aws_s3_bucket.b.id
      }
      module "g" { source = "git::https://example.com/x.git" }
      resource "aws_x" "y" { a = module.x.thing }
    """
    loader = load_text(tmp_path, text)
    assert [gap.what for gap in loader.gaps] == ["module x (registry source)", "module g (git source)"]
    inputs = loader.gaps[0].inputs
    assert inputs is not None
    assert list(map(shown, inputs)) == ["<aws_s3_bucket.b.id>"]
    value = resource(loader, "aws_x.y").body.entries["a"].value
    assert isinstance(value, Unknown)
    assert value.reason == "module x (registry source) could not be analysed"


def test_installed_modules_are_read(tmp_path: Path) -> None:
    manifest = {
        "Modules": [
            {"Key": "", "Source": "", "Dir": "."},
            {"Key": "x", "Source": "example/x/aws", "Dir": ".terraform/modules/x"},
            {"Key": "x.sub", "Source": "example/sub/aws", "Dir": ".terraform/modules/x.sub"},
            {"Key": 3},
        ]
    }
    loader = load_text(
        tmp_path,
        'module "x" {\n  source = "example/x/aws"\n  for_each = toset(["k"])\n}\n',
        __terraform___modules___modules__json=json.dumps(manifest),
        __terraform___modules___x___main__tf='module "sub" { source = "example/sub/aws" }',
        __terraform___modules___x__sub___main__tf='resource "aws_x" "y" {}',
    )
    assert loader.gaps == []
    assert addresses(loader) == ['module.x["k"].module.sub.aws_x.y']


def test_no_module_is_read_outside_the_root(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "main.tf").write_text('resource "aws_x" "secret" {}', "utf-8")
    root = tmp_path / "root"
    root.mkdir()
    (root / "link").symlink_to(outside)
    (root / "linked.tf").symlink_to(outside / "main.tf")
    loader = load_text(root, 'module "a" { source = "../outside" }\nmodule "b" { source = "./link" }')
    assert addresses(loader) == []
    assert [gap.what for gap in loader.gaps if gap.what.startswith("module")] == [
        "module a (outside the project)",
        "module b (outside the project)",
    ]
    (unread,) = [gap for gap in loader.gaps if not gap.what.startswith("module")]
    assert unread.what.endswith("linked.tf, which cannot be read,")
    assert unread.never == ()
    assert "leads out of the project" in loader.problems[0].message
    assert addresses(loaded(root, LoadOptions(root=tmp_path))) == [
        "aws_x.secret", "module.a.aws_x.secret", "module.b.aws_x.secret"
    ]  # fmt: skip


def test_a_module_that_calls_itself_is_reported(tmp_path: Path) -> None:
    loader = load_text(
        tmp_path,
        'module "a" { source = "./a" }',
        a___main__tf='module "b" { source = "../b" }',
        b___main__tf='module "a" { source = "../a" }',
    )
    (problem,) = loader.problems
    assert problem.message.startswith("module a calls itself through ")
    assert [gap.what for gap in loader.gaps] == ["module a (it calls itself)"]


def test_modules_that_multiply_are_stopped(tmp_path: Path) -> None:
    levels = {
        f"l{n}___main__tf": f'module "m" {{\n  source = "../l{n + 1}"\n  count = 100\n}}\n' for n in range(8)
    }
    levels["l8___main__tf"] = 'resource "aws_x" "y" {}'
    loader = load_text(tmp_path, 'module "m" { source = "./l0" }', None, **levels)
    (problem,) = [each for each in loader.problems if each.fatal]
    assert problem.message == (
        "modules are called more than 500 times, and not all are expanded: set module-limit to allow more"
    )
    assert len(loader.modules) < 2_000


def test_more_modules_are_looked_into_where_the_user_allows_it(tmp_path: Path) -> None:
    calls = "\n".join(f'module "m{n}" {{ source = "./m" }}' for n in range(12))
    files = {"m___main__tf": 'resource "aws_x" "y" {}'}
    for limit, found in ((500, 12), (12, 12), (5, 5)):
        loader = load_text(tmp_path, calls, LoadOptions(module_limit=limit), **files)
        assert len(loader.resources) == found
        assert len(loader.problems) == (found < 12)


def test_providers_are_handed_to_modules(tmp_path: Path) -> None:
    text = """
      provider "aws" {
        region = "eu-west-1"
        default_tags { tags = { team = "ml" } }
      }
      provider "aws" {
        alias  = "west"
        region = "us-west-2"
      }
      module "a" { source = "./inner" }
      module "b" {
        source    = "./inner"
        providers = { aws = aws.west }
      }
    """
    loader = load_text(tmp_path, text, inner___main__tf='resource "aws_x" "y" {}')
    assert [(each.address, each.region, each.default_tags is not None) for each in loader.resources] == [
        ("module.a.aws_x.y", "eu-west-1", True),
        ("module.b.aws_x.y", "us-west-2", False),
    ]


def test_files_can_be_picked(tmp_path: Path) -> None:
    (tmp_path / "a.tf").write_text('resource "aws_s3_bucket" "a" {}', "utf-8")
    (tmp_path / "b.tf").write_text('resource "aws_s3_bucket" "b" {}', "utf-8")
    project = load(tmp_path, LoadOptions(), [tmp_path / "b.tf"])
    assert [each.address for each in project.resources] == ["aws_s3_bucket.b"]


_BASE = """
resource "aws_x" "y" {
  a = 1
  b = 2
  block { c = 1 }
  lifecycle { prevent_destroy = true }
}
"""
_OVERRIDE = """
resource "aws_x" "y" {
  b = 3
  block { d = 1 }
  lifecycle { create_before_destroy = true }
}
"""


def test_overrides_tofu_and_json_files(tmp_path: Path) -> None:
    loader = load_text(
        tmp_path,
        _BASE,
        z_override__tf=_OVERRIDE,
        same__tf='resource "aws_x" "tf" {}',
        same__tofu='resource "aws_x" "tofu" {}',
        more__tf__json=json.dumps(
            {
                "//": "a comment",
                "locals": {"n": "${1 + 1}"},
                "variable": {"v": {"type": "list(string)", "default": ["${x}", 1]}},
                "resource": {
                    "aws_x": {
                        "json": {
                            "//": "a comment",
                            "name": "n-${local.n}",
                            "count": 1,
                            "tags": {"${local.n}": "t"},
                            "config": {"size": 1, "inner": [{"x": True}, {"x": False}]},
                            "list": ["a", "${var.v[1]}"],
                            "empty": [],
                            "depends_on": ["aws_x.y"],
                            "dynamic": {"part": {"for_each": ["p"], "content": {"v": "${part.value}"}}},
                        }
                    }
                },
            }
        ),
    )
    assert loader.problems == []
    over = resource(loader, "aws_x.y")
    assert shown(over.body) == "{a: 1, b: 3, block: [{d: 1}]}"
    assert shown(over.lifecycle) == "{prevent_destroy: True, create_before_destroy: True}"
    made = resource(loader, "aws_x.json[0]")
    assert made.depends_on == ("aws_x.y",)
    assert shown(made.body) == (
        "{name: 'n-2', tags: {2: 't'}, list: ['a', '1'!], empty: [], "
        "config: [{size: 1, inner: [{x: True}, {x: False}]}], part: [{v: 'p'}]}"
    )
    assert {each.address for each in loader.resources} == {"aws_x.y", "aws_x.tofu", "aws_x.json[0]"}


def test_json_has_places(tmp_path: Path) -> None:
    text = '{\n  "resource": {"aws_x": {"y": {\n    "a": "b"\n  }}}\n}\n'
    loader = load_text(tmp_path, "", more__tf__json=text)
    (made,) = loader.resources
    assert (made.span.line, made.span.column) == (2, 26)
    assert (made.body.entries["a"].key_span.line, made.body.entries["a"].key_span.column) == (3, 5)


def test_templates_and_files_are_read_inside_the_module(tmp_path: Path) -> None:
    inner = """
      resource "aws_x" "y" {
        a = templatefile("${path.module}/t.tpl", { n = ["p", "q"], who = upper("x") })
        b = file("${path.root}/top.txt")
        c = file("../../secret.txt")
      }
    """
    loader = load_text(
        tmp_path,
        'module "m" { source = "./inner" }',
        inner___main__tf=inner,
        inner___t__tpl="%{ for x in n ~}\n${x}/${who}\n%{ endfor ~}\n",
        top__txt="top",
    )
    assert argument(loader, "module.m.aws_x.y", "a") == "'p/X\\nq/X\\n'"
    assert argument(loader, "module.m.aws_x.y", "b") == "'top'"
    assert argument(loader, "module.m.aws_x.y", "c").startswith("?(")


def test_a_well_known_module_stands_for_its_resources(tmp_path: Path) -> None:
    text = """
      provider "aws" {
        region = "eu-west-1"
        default_tags { tags = { team = "ml" } }
      }
      variable "on" { type = bool }
      module "bucket" {
        source  = "terraform-aws-modules/s3-bucket/aws"
        version = "4.1.0"
        count   = var.on ? 1 : 0
        bucket  = "models"
      }
    """
    loader = load_text(tmp_path, text)
    bucket = next(each for each in loader.resources if each.type == "aws_s3_bucket")
    assert bucket.address.startswith("module.bucket[0].aws_s3_bucket.")
    assert bucket.region == "eu-west-1"
    assert bucket.default_tags is not None
    assert [guard.condition.text for guard in bucket.guards] == ["var.on"]


def test_modules_that_are_not_at_hand_close_no_circles(tmp_path: Path) -> None:
    text = """
      locals {
        issuer = module.cluster.issuer
        roles  = { cni = module.role.arn }
      }
      module "cluster" {
        source = "example/cluster/aws"
        addons = local.roles
      }
      module "role" {
        source = "example/role/aws"
        issuer = local.issuer
      }
    """
    loader = load_text(tmp_path, text)
    assert loader.problems == []
    assert [gap.what for gap in loader.gaps] == [
        "module cluster (registry source)",
        "module role (registry source)",
    ]


@pytest.mark.parametrize(
    ("source", "possible"),
    [
        ("terraform-aws-modules/vpc/aws", {"AWS::EC2::VPC"}),
        ("terraform-aws-modules/security-group/aws//modules/https-443", {"AWS::EC2::VPC"}),
        ("git::https://github.com/terraform-aws-modules/terraform-aws-vpc.git?ref=v5", {"AWS::EC2::VPC"}),
        ("cloudposse/label/null", set()),
        ("sourcefuse/arc-tags/aws", set()),
        ("terraform-aws-modules/sagemaker/aws", {"AWS::EC2::VPC", "AWS::S3::Bucket"}),
        ("somebody/vpc/aws", {"AWS::EC2::VPC", "AWS::S3::Bucket"}),
        ("git::https://example.com/vpc.git", {"AWS::EC2::VPC", "AWS::S3::Bucket"}),
    ],
)
def test_what_a_well_known_module_can_hold(tmp_path: Path, source: str, possible: set[str]) -> None:
    loader = load_text(tmp_path, f'module "m" {{ source = "{source}" }}')
    (gap,) = loader.gaps
    requested = ("AWS::S3::Bucket", "AWS::EC2::VPC")
    assert {each for each in requested if not each.startswith(gap.never or "\0")} == possible


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            'module "studio" { source = "acme/studio/aws" }',
            "module studio (registry source); run `terraform init`",
        ),
        (
            "\n".join(f'module "m{n}" {{ source = "acme/m{n}/aws" }}' for n in range(7)),
            "module m4 (registry source) and 2 more; run",
        ),
        ('module "m" { source = "acme/m/aws" }\nresource "random_id" "r" {}', "module m (registry source)"),
        ('module "m" { source = "./missing" }', "module m (not found)"),
        ('module "m" { source = "acme/m/aws" }\nresource "aws_vpc" "v" {}', None),
        ('resource "random_id" "r" {}', None),
        ("", None),
    ],
)
def test_a_root_in_which_nothing_is_seen_is_reported(tmp_path: Path, text: str, message: str | None) -> None:
    (tmp_path / "main.tf").write_text(text, "utf-8")
    problems = [
        each for each in load(tmp_path, LoadOptions()).problems if "nothing is checked" in each.message
    ]
    assert len(problems) == (message is not None)
    if message is not None:
        assert message in problems[0].message
        assert not problems[0].fatal


def test_what_the_default_of_a_variable_leaves_out_is_noted(tmp_path: Path) -> None:
    text = """
      variable "on" { default = false }
      variable "names" { default = [] }
      variable "needed" {}
      resource "aws_sqs_queue" "a" { count = var.on ? 1 : 0 }
      resource "aws_sns_topic" "b" { for_each = toset(var.names) }
      resource "aws_kms_key" "c" { count = 0 }
      resource "aws_s3_bucket" "d" { count = var.needed ? 1 : 0 }
      module "m" {
        source = "./inner"
        count  = var.on ? 1 : 0
      }
    """
    write(tmp_path, main__tf=text, inner___main__tf='resource "aws_ecr_repository" "r" { name = "r" }')
    assert load(tmp_path, LoadOptions()).left_out == {
        "AWS::SQS::Queue": "the default of on leaves aws_sqs_queue.a out",
        "AWS::SNS::Topic": "the default of names leaves aws_sns_topic.b out",
        "AWS::ECR::Repository": "the default of on leaves module.m out",
    }
