"""Resources: references, instances, conditions, nested and dynamic blocks, what is not known."""

from pathlib import Path

import pytest

from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.frontends.terraform.project import load
from mlwa_lint.model.values import ListValue, Reference, Unknown
from tests.frontends.terraform.support import addresses, argument, load_text, resource, shown


def test_a_stated_name_stays_a_reference_with_its_text(tmp_path: Path) -> None:
    text = """
      resource "aws_s3_bucket" "b" { bucket = "models" }
      resource "aws_x" "y" {
        a = aws_s3_bucket.b.bucket
        b = aws_s3_bucket.b.id
        c = aws_s3_bucket.b.arn
        d = "s3://${aws_s3_bucket.b.bucket}/x"
        e = aws_s3_bucket.b
      }
    """
    loader = load_text(tmp_path, text)
    assert argument(loader, "aws_x.y", "a") == "<aws_s3_bucket.b.bucket=models>"
    assert argument(loader, "aws_x.y", "b") == "<aws_s3_bucket.b.id=models>"
    assert argument(loader, "aws_x.y", "c") == "<aws_s3_bucket.b.arn>"
    assert argument(loader, "aws_x.y", "d") == "s3://<aws_s3_bucket.b.bucket=models>/x"
    assert argument(loader, "aws_x.y", "e") == "<aws_s3_bucket.b>"


def test_stated_numbers_lists_and_blocks_are_read_through_a_reference(tmp_path: Path) -> None:
    text = """
      resource "aws_x" "y" {
        n = 3
        l = ["a", "b"]
        block { c = true }
      }
      resource "aws_x" "z" {
        n = aws_x.y.n + 1
        l = aws_x.y.l[1]
        c = aws_x.y.block[0].c
        m = aws_x.y.computed.inner
      }
    """
    loader = load_text(tmp_path, text)
    assert argument(loader, "aws_x.z", "n") == "4"
    assert argument(loader, "aws_x.z", "l") == "'b'"
    assert argument(loader, "aws_x.z", "c") == "True"
    assert argument(loader, "aws_x.z", "m") == "<aws_x.y.computed.inner>"


def test_a_value_is_placed_where_it_is_used(tmp_path: Path) -> None:
    loader = load_text(tmp_path, 'locals { a = "x" }\nresource "aws_x" "y" {\n  b = local.a\n}\n')
    entry = resource(loader, "aws_x.y").body.entries["b"]
    assert (entry.key_span.line, entry.key_span.column) == (3, 3)
    assert entry.value.span is not None
    assert (entry.value.span.line, entry.value.span.column, entry.value.span.end_column) == (3, 7, 14)


def test_instances_of_keys_of_which_a_part_is_known(tmp_path: Path) -> None:
    text = """
      data "aws_region" "now" {}
      resource "aws_x" "s" {
        for_each = toset(["${data.aws_region.now.id}.s3", "${data.aws_region.now.id}.ecr", data.aws_region.now.id])
        n        = each.value
      }
      resource "aws_x" "user" {
        a = aws_x.s["${data.aws_region.now.id}.s3"].arn
        b = values(aws_x.s)[*].arn
      }
    """  # noqa: E501
    loader = load_text(tmp_path, text)
    first, second = 'aws_x.s["….s3"]', 'aws_x.s["….ecr"]'
    assert addresses(loader) == [first, second, "aws_x.s if for_each = toset(…)", "aws_x.user"]
    assert argument(loader, first, "n").endswith(".s3")
    # Whatever the third key is: it may be one of these, as far as anything is known.
    assert resource(loader, "aws_x.s").guards
    assert argument(loader, "aws_x.user", "b").endswith("…]")


def test_instances_of_count_and_for_each(tmp_path: Path) -> None:
    text = """
      resource "aws_x" "c" {
        count = 2
        n     = count.index
      }
      resource "aws_x" "m" {
        for_each = { b = 1, a = 2 }
        n        = "${each.key}${each.value}"
      }
      resource "aws_x" "s" {
        for_each = toset(["q", "q"])
        n        = each.value
      }
      resource "aws_x" "none" { count = 0 }
      resource "aws_x" "user" {
        a = aws_x.c[1].arn
        b = aws_x.c[*].n
        c = aws_x.m["a"].n
        d = [for k, v in aws_x.m : v.id]
        e = length(aws_x.none)
        f = one(aws_x.none[*].id)
        g = values(aws_x.m)[*].arn
        h = aws_x.c.*.id
      }
    """
    loader = load_text(tmp_path, text)
    assert addresses(loader) == [
        "aws_x.c[0]", "aws_x.c[1]", 'aws_x.m["a"]', 'aws_x.m["b"]', 'aws_x.s["q"]', "aws_x.user"
    ]  # fmt: skip
    assert argument(loader, 'aws_x.m["a"]', "n") == "'a2'"
    user = {key: shown(entry.value) for key, entry in resource(loader, "aws_x.user").body.entries.items()}
    assert user == {
        "a": "<aws_x.c[1].arn>",
        "b": "[0, 1]",
        "c": "'a2'",
        "d": '[<aws_x.m["a"].id>, <aws_x.m["b"].id>]',
        "e": "0",
        "f": "null",
        "g": '[<aws_x.m["a"].arn>, <aws_x.m["b"].arn>]',
        "h": "[<aws_x.c[0].id>, <aws_x.c[1].id>]",
    }


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("length(aws_x.a.id) > 0", "True"),
        ("0 < length(aws_x.a.arn)", "True"),
        ("length(aws_x.a.id) != 0", "True"),
        ("length(aws_x.a.id) == 0", "False"),
        ("length(aws_x.a.id) < 1", "False"),
        ("length(aws_x.a.role_name) >= 1", "True"),
        ("length(concat([aws_x.a.id], var.more)) > 0", "True"),
        ("length(merge({ a = 1, b = 2 }, var.more)) >= 2", "True"),
        ("length(aws_x.a.id) > 1", None),
        ("length(aws_x.a.id) == 1", None),
        ("length(aws_x.a.listeners) > 0", None),
        ("length(concat([aws_x.a.id], var.more)) > 1", None),
        ("length(var.more) > 0", None),
        ("length(data.aws_x.a.ids) > 0", None),
    ],
)
def test_what_is_certainly_not_empty_has_a_length(
    tmp_path: Path, expression: str, expected: str | None
) -> None:
    text = f"""
      variable "more" {{}}
      data "aws_x" "a" {{}}
      resource "aws_x" "a" {{}}
      resource "aws_x" "user" {{ a = {expression} }}
    """
    found = argument(load_text(tmp_path, text), "aws_x.user", "a")
    assert (found if found in ("True", "False") else None) == expected


@pytest.mark.parametrize("setting", ["", "kms_key_id = null"])
@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("aws_sagemaker_notebook_instance", ["null", "True", "'none'"]),
        (
            "aws_db_instance",
            [
                "<aws_db_instance.a.kms_key_id>",
                "?(aws_db_instance.a sets no kms_key_id)",
                "(aws_db_instance.a.kms_key_id == null~ ? 'none' : 'some')",
            ],
        ),
    ],
)
def test_an_argument_that_is_not_set_is_null_where_nothing_fills_it_in(
    tmp_path: Path, kind: str, expected: list[str], setting: str
) -> None:
    text = f"""
      resource "{kind}" "a" {{
        {setting}
      }}
      resource "aws_x" "user" {{
        a = {kind}.a.kms_key_id
        b = {kind}.a.kms_key_id == null
        c = {kind}.a.kms_key_id == null ? "none" : "some"
        d = {kind}.a.arn == null
      }}
    """
    loader = load_text(tmp_path, text)
    assert [argument(loader, "aws_x.user", key) for key in "abc"] == expected
    assert argument(loader, "aws_x.user", "d") == "False"


def test_a_dependency_stays_where_the_value_became_text(tmp_path: Path) -> None:
    text = """
      locals {
        policy = aws_iam_role_policy.p.policy
        twice  = local.policy
      }
      resource "aws_iam_role" "r" { name = "r" }
      resource "aws_iam_role_policy" "p" {
        role   = aws_iam_role.r.name
        policy = "{}"
      }
      resource "aws_x" "a" { n = aws_iam_role_policy.p.policy }
      resource "aws_x" "b" { n = length(local.twice) > 0 ? "x" : "y" }
      resource "aws_x" "c" {
        inner { n = "${aws_iam_role_policy.p.policy}${aws_other.missing.id}" }
      }
      resource "aws_x" "d" {
        n          = aws_iam_role_policy.p.id
        depends_on = [aws_iam_role.r]
      }
      resource "aws_x" "e" { n = data.aws_iam_role_policy.p.policy }
    """
    loader = load_text(tmp_path, text)
    found = {name: resource(loader, f"aws_x.{name}").depends_on for name in "abcde"}
    policy = ("aws_iam_role_policy.p",)
    assert found == {"a": policy, "b": policy, "c": policy, "d": ("aws_iam_role.r",), "e": ()}


def test_a_variable_without_default_is_the_condition_of_a_counted_resource(tmp_path: Path) -> None:
    text = """
      variable "create" { type = bool }
      variable "default" { default = true }
      variable "n" {}
      locals { both = var.create && !var.n }
      resource "aws_x" "a" { count = var.create ? 1 : 0 }
      resource "aws_x" "b" { count = var.create ? 0 : 1 }
      resource "aws_x" "c" { count = var.default ? 1 : 0 }
      resource "aws_x" "d" { count = !var.default ? 1 : 0 }
      resource "aws_x" "e" { count = var.create ? 2 : 1 }
      resource "aws_x" "f" { count = local.both ? 1 : 0 }
      resource "aws_x" "g" { for_each = var.create ? { k = 1 } : {} }
      resource "aws_x" "user" { a = var.create ? aws_x.a[0].arn : aws_x.b[0].arn }
    """
    loader = load_text(tmp_path, text)
    assert addresses(loader) == [
        "aws_x.a[0] if var.create",
        "aws_x.b[0] if not var.create",
        "aws_x.c[0]",
        "aws_x.e[0]",
        "aws_x.e[1] if var.create",
        "aws_x.f[0] if var.create, not var.n",
        'aws_x.g["k"] if var.create',
        "aws_x.user",
    ]
    assert not any(guard.condition.opaque for each in loader.resources for guard in each.guards)
    assert argument(loader, "aws_x.user", "a") == "(var.create ? <aws_x.a[0].arn> : <aws_x.b[0].arn>)"


def test_an_unknown_number_of_instances_is_one_under_an_opaque_condition(tmp_path: Path) -> None:
    text = """
      variable "n" { type = number }
      variable "keys" { type = set(string) }
      resource "aws_x" "a" { count = var.n }
      resource "aws_x" "b" {
        for_each = var.keys
        name     = each.key
        other    = aws_x.c[each.key].arn
      }
      resource "aws_x" "c" { for_each = var.keys }
      resource "aws_x" "user" {
        a = aws_x.a[0].arn
        b = aws_x.b["k"].arn
        c = aws_x.a[*].arn
        d = length(aws_x.a)
      }
    """
    loader = load_text(tmp_path, text)
    assert addresses(loader) == [
        "aws_x.a if count = var.n",
        "aws_x.b if for_each = var.keys",
        "aws_x.c if for_each = var.keys",
        "aws_x.user",
    ]
    assert all(guard.condition.opaque for each in loader.resources for guard in each.guards)
    assert argument(loader, "aws_x.b", "name") == "?(variable keys has no default)"
    assert argument(loader, "aws_x.b", "other") == "<aws_x.c.arn>"
    assert argument(loader, "aws_x.user", "a") == "<aws_x.a.arn>"
    assert argument(loader, "aws_x.user", "b") == "<aws_x.b.arn>"
    assert argument(loader, "aws_x.user", "c") == "[<aws_x.a.arn>, …]"
    assert isinstance(resource(loader, "aws_x.user").body.entries["d"].value, Unknown)


def test_a_huge_count_is_not_expanded(tmp_path: Path) -> None:
    loader = load_text(tmp_path, 'resource "aws_x" "a" { count = 1000000000 }')
    assert len(loader.resources) == 1
    assert loader.resources[0].guards[0].condition.opaque
    (problem,) = loader.problems
    assert "1,000,000,000 instances" in problem.message
    assert not problem.fatal


def test_the_workspace_decides_like_a_variable(tmp_path: Path) -> None:
    text = """
      locals { live = terraform.workspace == "prod" }
      resource "aws_x" "a" { count = local.live ? 1 : 0 }
      resource "aws_x" "b" { count = terraform.workspace == "prod" ? 0 : 1 }
    """
    guards = {each.address: each.guards[0] for each in load_text(tmp_path, text).resources}
    live, other = guards["aws_x.a[0]"], guards["aws_x.b[0]"]
    assert (live.condition.text, live.holds) == ('terraform.workspace == "prod"', True)
    assert (other.condition.name, other.holds) == (live.condition.name, False)
    assert not live.condition.opaque


def test_a_variable_that_a_list_of_literals_contains_equals_one_of_them(tmp_path: Path) -> None:
    text = """
      variable "env" { type = string }
      locals { live = contains(["prod", "stage"], var.env) }
      resource "aws_x" "a" { size = local.live ? 2 : 1 }
    """
    size = argument(load_text(tmp_path, text), "aws_x.a", "size")
    assert size == '(var.env == "prod" ? 2 : (var.env == "stage" ? 2 : 1))'


def test_conditions_that_exclude_each_other_are_known(tmp_path: Path) -> None:
    text = """
      variable "env" { type = string }
      resource "aws_x" "a" { count = var.env == "prod" ? 1 : 0 }
      resource "aws_x" "b" { count = var.env == "dev" ? 1 : 0 }
      resource "aws_x" "c" { count = var.env != "prod" ? 1 : 0 }
    """
    project = load_text(tmp_path, text)
    names = {each.address: each.guards[0] for each in project.resources}
    possible = load(tmp_path, LoadOptions()).scenarios.possible
    prod, dev, other = names["aws_x.a[0]"], names["aws_x.b[0]"], names["aws_x.c[0]"]
    assert prod.condition.text == 'var.env == "prod"'
    assert (other.condition.name, other.holds) == (prod.condition.name, False)
    assert not possible({prod.condition.name: True, dev.condition.name: True})
    assert possible({prod.condition.name: True, dev.condition.name: False})
    assert possible({prod.condition.name: False, dev.condition.name: False})


def test_what_is_open_for_want_of_knowledge_is_an_opaque_choice(tmp_path: Path) -> None:
    text = """
      data "aws_x" "d" {}
      variable "ids" {}
      resource "aws_x" "y" {
        a = data.aws_x.d.flag ? 1 : 2
        b = length(var.ids) > 0 && !contains(var.ids[0].names, "x") ? 1 : 2
      }
    """
    loader = load_text(tmp_path, text)
    assert argument(loader, "aws_x.y", "b").startswith(
        '(length(var.ids) > 0 && !contains(var.ids[0].names, "x")~ ? 1 : '
    )
    assert argument(loader, "aws_x.y", "a") == "(data.aws_x.d.flag~ ? 1 : 2)"


def test_a_default_decides_a_conditional_and_is_named(tmp_path: Path) -> None:
    text = 'variable "on" { default = false }\nresource "aws_x" "y" { a = var.on ? 1 : 2 }'
    loader = load_text(tmp_path, text)
    assert argument(loader, "aws_x.y", "a") == "2!"


def test_an_open_truth_value_as_such_is_not_known(tmp_path: Path) -> None:
    loader = load_text(tmp_path, 'variable "on" {}\nresource "aws_x" "y" { a = !var.on }')
    assert argument(loader, "aws_x.y", "a") == "?(variable on has no default)"


def test_unknowns_keep_what_is_known_beside_them(tmp_path: Path) -> None:
    text = """
      variable "x" {}
      resource "aws_x" "y" {
        a = "${var.x}-z"
        b = true || var.x
        c = false && var.x
        d = { k = 1, u = var.x }
        e = [1, var.x]
        f = merge({ k = 1 }, var.x)
        g = [for i in var.x : i.name]
        h = { for i in var.x : i => 1 }
        i = length(var.x)
      }
    """
    loader = load_text(tmp_path, text)
    body = {key: shown(entry.value) for key, entry in resource(loader, "aws_x.y").body.entries.items()}
    unknown = "?(variable x has no default)"
    assert body["a"] == f"{unknown}-z"
    assert (body["b"], body["c"]) == ("True", "False")
    assert body["d"] == f"{{k: 1, u: {unknown}}}"
    assert body["e"] == f"[1, {unknown}]"
    assert body["g"] == "[, …]"
    assert body["h"] == "{, …}"
    assert body["i"] == unknown


def test_dynamic_blocks(tmp_path: Path) -> None:
    text = """
      variable "open" {}
      variable "on" { type = bool }
      resource "aws_x" "y" {
        fixed { a = 0 }
        dynamic "fixed" {
          for_each = ["x", "y"]
          content { a = fixed.value }
        }
        dynamic "outer" {
          for_each = { k = ["p", "q"] }
          iterator = it
          content {
            key = it.key
            dynamic "inner" {
              for_each = it.value
              content { v = "${it.key}-${inner.value}-${inner.key}" }
            }
          }
        }
        dynamic "unknown" {
          for_each = var.open
          content { a = unknown.value }
        }
        dynamic "maybe" {
          for_each = var.on ? [1] : []
          content { a = maybe.value }
        }
      }
    """
    body = resource(load_text(tmp_path, text), "aws_x.y").body
    found = {key: shown(entry.value) for key, entry in body.entries.items()}
    assert found == {
        "fixed": "[{a: 0}, {a: 'x'}, {a: 'y'}]",
        "outer": "[{key: 'k', inner: [{v: 'k-p-0'}, {v: 'k-q-1'}]}]",
        "unknown": "[, …]",
        "maybe": "(var.on ? [{a: 1}] : [])",
    }


def test_meta_arguments_stand_beside_the_body(tmp_path: Path) -> None:
    text = """
      provider "aws" {
        region = "eu-west-1"
        default_tags { tags = { team = "ml" } }
      }
      provider "aws" {
        alias  = "west"
        region = var.region
      }
      variable "region" { default = "us-west-2" }
      variable "open" {}
      provider "aws" {
        alias  = "open"
        region = var.open
        default_tags { tags = var.open }
      }
      resource "aws_x" "a" {
        name       = "n"
        depends_on = [aws_x.b, module.m, aws_x.c[0], aws_x.d["k"].id]
        lifecycle {
          prevent_destroy = true
          ignore_changes  = [name]
        }
        provisioner "local-exec" { command = "x" }
      }
      resource "aws_x" "b" { provider = aws.west }
      resource "aws_x" "c" { provider = aws.open }
    """
    loader = load_text(tmp_path, text)
    first, second, third = loader.resources
    assert list(first.body.entries) == ["name"]
    assert first.depends_on == ("aws_x.b", "module.m", "aws_x.c", "aws_x.d")
    assert shown(first.lifecycle) == "{prevent_destroy: True, ignore_changes: True}"
    assert first.default_tags is not None
    assert shown(first.default_tags) == "{team: 'ml'}"
    assert (first.region, second.region, third.region) == ("eu-west-1", "us-west-2", None)
    assert second.default_tags is None
    assert third.default_tags is not None
    assert third.default_tags.rest is not None


def test_blocks_that_declare_nothing_are_passed_over(tmp_path: Path) -> None:
    text = """
      terraform { required_version = ">= 1.5" }
      moved {
        from = aws_x.a
        to   = aws_x.b
      }
      import {
        to = aws_x.b
        id = "i"
      }
      removed {
        from = aws_x.gone
        lifecycle { destroy = false }
      }
      check "c" {
        data "aws_y" "z" {}
        assert {
          condition     = data.aws_y.z.ok
          error_message = "no"
        }
      }
      resource "aws_x" "b" {}
    """
    loader = load_text(tmp_path, text)
    assert addresses(loader) == ["aws_x.b"]
    assert loader.problems == []
    assert loader.gaps == []


def test_data_sources_are_not_known_but_have_a_shape(tmp_path: Path) -> None:
    text = """
      data "aws_caller_identity" "me" {}
      data "aws_kms_key" "k" { key_id = "alias/x" }
      data "aws_secretsmanager_secret_version" "s" { secret_id = "s" }
      resource "aws_x" "y" {
        a = data.aws_caller_identity.me.account_id
        b = data.aws_kms_key.k.arn
        c = data.aws_kms_key.k.key_id
        d = data.aws_secretsmanager_secret_version.s.secret_string
        e = data.aws_caller_identity.me.account_id == data.aws_caller_identity.me.account_id
      }
    """
    body = resource(load_text(tmp_path, text), "aws_x.y").body
    account, key, secret = (body.entries[name].value for name in "abd")
    assert isinstance(account, Unknown)
    assert account.present
    assert account.reason == "data source aws_caller_identity.me is read only at deployment"
    assert isinstance(key, Unknown)
    assert key.present
    assert shown(body.entries["c"].value) == "'alias/x'"
    assert isinstance(secret, Unknown)
    assert secret.secret
    assert shown(body.entries["e"].value) == "True"


def test_values_that_depend_on_each_other_are_reported(tmp_path: Path) -> None:
    text = 'locals {\n  a = local.b\n  b = "${local.a}x"\n}\nresource "aws_x" "y" { a = local.a }\n'
    loader = load_text(tmp_path, text)
    (problem,) = loader.problems
    assert problem.message == "local.a → local.b → local.a refer to each other in a circle"
    assert isinstance(resource(loader, "aws_x.y").body.entries["a"].value, Unknown)


def test_resources_may_mention_each_other(tmp_path: Path) -> None:
    text = """
      resource "aws_x" "a" { name = aws_x.b.name }
      resource "aws_x" "b" { name = aws_x.a.name }
      resource "aws_x" "c" {
        name  = "c"
        other = aws_x.c.name
      }
    """
    loader = load_text(tmp_path, text)
    value = resource(loader, "aws_x.a").body.entries["name"].value
    assert isinstance(value, Reference)
    assert value.address == "aws_x.b"
    assert argument(loader, "aws_x.c", "other") == "<aws_x.c.name=c>"


def test_thousands_of_locals_in_a_chain_do_not_exhaust_the_stack(tmp_path: Path) -> None:
    chain = "\n".join(f'  l{n} = "${{local.l{n + 1}}}x"' for n in range(3000))
    text = f'locals {{\n{chain}\n  l3000 = "end"\n}}\nresource "aws_x" "y" {{ a = local.l0 }}\n'
    loader = load_text(tmp_path, text)
    assert isinstance(resource(loader, "aws_x.y").body.entries["a"].value, Unknown)


@pytest.mark.parametrize(
    ("name", "content"),
    [("b.tf", b"\xff\xfe\x00"), ("b.tf", b"a = \x00\n"), ("b.tf", b'resource "x" {\n'), ("b.tf.json", b"{")],
)
def test_a_broken_file_leaves_the_others_standing(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    loader = load_text(tmp_path, 'resource "aws_x" "y" {}\n')
    project = load(tmp_path, LoadOptions())
    assert addresses(loader) == ["aws_x.y"]
    assert [gap.what for gap in project.gaps] == [
        f"{problem.path}, which cannot be read," for problem in project.problems
    ]
    (problem,) = project.problems
    assert problem.fatal
    assert problem.path.endswith(name)


_ANY = {"AWS::S3::Bucket", "AWS::SageMaker::Endpoint", "aws_nothing"}
_BUCKETS = 'resource "aws_s3_bucket" "b" {\n  bucket = \n}\n'


@pytest.mark.parametrize(
    ("name", "content", "possible"),
    [
        ("b.tf", _BUCKETS.encode(), {"AWS::S3::Bucket"}),
        ("b.tf", b'resource "aws_nothing" "n" {\n', {"aws_nothing"}),
        ("b.tf", b"locals {\n a = \n}\n", set()),
        (
            "b.tf",
            b'module "m" {\n  source = \n}\n',
            _ANY,
        ),
        ("b.tf.json", b'{"resource": {"aws_s3_bucket": {"b": }', {"AWS::S3::Bucket"}),
        ("b.tf.json", b'{"module": {"m": ', _ANY),
        ("b.tf", _BUCKETS.encode("utf-16"), _ANY),
    ],
)
def test_a_broken_file_declares_what_it_names(
    tmp_path: Path, name: str, content: bytes, possible: set[str]
) -> None:
    (tmp_path / name).write_bytes(content)
    (gap,) = load(tmp_path, LoadOptions()).gaps
    assert {each for each in _ANY if not each.startswith(gap.never or "\0")} == possible


def test_only_the_part_with_a_mistake_may_declare_something(tmp_path: Path) -> None:
    text = 'variable "y" {\n  default = 1\n}\nresource "aws_s3_bucket" "b" {\n  bucket = \n}\n'
    (tmp_path / "b.tf").write_text(text, "utf-8")
    (gap,) = load(tmp_path, LoadOptions()).gaps
    assert {each for each in _ANY if not each.startswith(gap.never)} == {"AWS::S3::Bucket"}
    loader = load_text(tmp_path, 'resource "aws_x" "y" { a = [var.y, var.x, aws_s3_bucket.b.id] }\n')
    values = resource(loader, "aws_x.y").body.entries["a"].value
    assert isinstance(values, ListValue)
    assert [shown(each) for each in values.items] == [
        "1!",
        "?(variable x is not declared)",
        "?(aws_s3_bucket.b is not declared in what could be read)",
    ]


def test_a_name_that_a_broken_file_may_declare_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "b.tf").write_text('variable "x" {\n', "utf-8")
    text = 'resource "aws_x" "y" { a = try(var.x, "otherwise") }\n'
    value = resource(load_text(tmp_path, text), "aws_x.y").body.entries["a"].value
    assert shown(value) == "?(variable x is not declared in what could be read)"


@pytest.mark.parametrize(
    ("reference", "reason"),
    [
        ("aws_ami.base.id", "aws_ami.base is not declared, but data.aws_ami.base is"),
        ("data.aws_x.z.id", "data.aws_x.z is not declared, but aws_x.z is"),
        ("aws_ami.other.id", "aws_ami.other is not declared"),
        ("data.aws_ami.other.id", "data.aws_ami.other is not declared"),
        ("data.aws_ami.base", "it refers to a whole module or data source, not to one of its attributes"),
    ],
)
def test_a_reference_that_misses_its_kind_names_what_it_means(
    tmp_path: Path, reference: str, reason: str
) -> None:
    text = (
        f'data "aws_ami" "base" {{}}\nresource "aws_x" "z" {{}}\nresource "aws_x" "y" {{ a = {reference} }}\n'
    )
    value = resource(load_text(tmp_path, text), "aws_x.y").body.entries["a"].value
    assert shown(value) == f"?({reason})"


def test_the_keys_of_sets_are_their_items(tmp_path: Path) -> None:
    text = """
      variable "set" {
        type    = set(string)
        default = ["s"]
      }
      locals { made = toset(["m"]) }
      resource "aws_x" "y" {
        a = [for k, v in toset(["b", "a"]) : k]
        b = { for k, v in var.set : k => v }
        dynamic "part" {
          for_each = local.made
          content { key = part.key }
        }
      }
    """
    loader = load_text(tmp_path, text)
    assert argument(loader, "aws_x.y", "a") == "['a', 'b']"
    assert argument(loader, "aws_x.y", "b") == "{s: 's'!}"
    assert argument(loader, "aws_x.y", "part") == "[{key: 'm'}]"


def test_a_template_file_is_rendered(tmp_path: Path) -> None:
    text = """
      data "template_file" "t" {
        template = file("${path.module}/t.tpl")
        vars     = { who = "you" }
      }
      resource "aws_x" "y" { a = data.template_file.t.rendered }
    """
    loader = load_text(tmp_path, text, None, t__tpl="hello ${who}")
    assert argument(loader, "aws_x.y", "a") == "'hello you'"


def test_one_condition_has_one_name_wherever_it_is_handed_to(tmp_path: Path) -> None:
    text = """
      variable "on" { type = bool }
      resource "aws_x" "y" { count = var.on ? 1 : 0 }
      module "m" {
        source = "./m"
        active = var.on
      }
    """
    inner = """
      variable "active" {}
      resource "aws_x" "z" { count = var.active ? 1 : 0 }
    """
    loader = load_text(tmp_path, text, None, m___main__tf=inner)
    assert {each.guards[0].condition.text for each in loader.resources} == {"var.on"}
    assert len({each.guards[0].condition for each in loader.resources}) == 1


def test_what_is_looked_up_by_its_name_has_an_arn_that_ends_in_it(tmp_path: Path) -> None:
    text = """
      data "aws_iam_policy" "p" { name = "AWSLambdaBasicExecutionRole" }
      data "aws_iam_policy" "q" { arn = "arn:aws:iam::aws:policy/X" }
      data "aws_iam_policy" "own" { name = "AcmeOwn" }
      resource "aws_iam_role_policy_attachment" "c" { policy_arn = data.aws_iam_policy.own.arn }
      resource "aws_iam_role_policy_attachment" "a" { policy_arn = data.aws_iam_policy.p.arn }
      resource "aws_iam_role_policy_attachment" "b" { policy_arn = data.aws_iam_policy.q.arn }
    """
    loader = load_text(tmp_path, text)
    assert argument(loader, "aws_iam_role_policy_attachment.a", "policy_arn") == (
        "arn:?(data source aws_iam_policy.p is read only at deployment)"
        ":iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
    )
    assert argument(loader, "aws_iam_role_policy_attachment.c", "policy_arn") == (
        "?(data source aws_iam_policy.own is read only at deployment)/AcmeOwn"
    )
    assert argument(loader, "aws_iam_role_policy_attachment.b", "policy_arn") == "'arn:aws:iam::aws:policy/X'"


def test_a_map_to_repeat_a_resource_for_is_an_argument_in_json_too(tmp_path: Path) -> None:
    text = '{"resource": {"aws_x": {"y": {"for_each": {"a": "1", "b": "2"}, "name": "${each.value}"}}}}'
    (tmp_path / "b.tf.json").write_text(text, "utf-8")
    loader = load_text(tmp_path, "")
    assert addresses(loader) == ['aws_x.y["a"]', 'aws_x.y["b"]']
    assert argument(loader, 'aws_x.y["b"]', "name") == "'2'"


def test_what_opentofu_switches_off_does_not_exist(tmp_path: Path) -> None:
    text = """
      variable "on" { type = bool }
      resource "aws_x" "off" {
        lifecycle { enabled = false }
      }
      resource "aws_x" "on" {
        lifecycle { enabled = true }
      }
      resource "aws_x" "open" {
        lifecycle { enabled = var.on }
      }
      resource "aws_x" "neither" {
        lifecycle { enabled = length(data.aws_x.y.ids) > 0 }
      }
      data "aws_x" "y" {}
      module "m" {
        source = "./m"
        lifecycle { enabled = !var.on }
      }
      resource "aws_x" "user" {
        a = aws_x.off
        b = aws_x.on.arn
        c = aws_x.open == null
        d = try(module.m.out, "none")
      }
    """
    inner = 'resource "aws_x" "inner" {}\noutput "out" { value = 1 }\n'
    loader = load_text(tmp_path, text, None, m___main__tf=inner)
    assert addresses(loader) == [
        "aws_x.on",
        "aws_x.open if var.on",
        "aws_x.neither if length(data.aws_x.y.ids) > 0",
        "aws_x.user",
        "module.m.aws_x.inner if not var.on",
    ]
    assert argument(loader, "aws_x.user", "a") == "null"
    assert argument(loader, "aws_x.user", "b") == "<aws_x.on.arn>"
    assert argument(loader, "aws_x.user", "c") == "(var.on ? False : True)"
    assert argument(loader, "aws_x.user", "d") == "(var.on ? 'none' : 1)"


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('var.stage != "prod"', '(var.stage == "prod" ? False : True)'),
        ('!(var.stage == "prod")', '(var.stage == "prod" ? False : True)'),
        ("local.is_prod", '(var.stage == "prod" ? True : False)'),
        ('contains(["prod"], var.stage)', '(var.stage == "prod" ? True : False)'),
        ("var.stage == var.other", "?(variable stage has no default)"),
        (
            'data.aws_region.here.name == "eu-west-1"',
            "?(data source aws_region.here is read only at deployment)",
        ),
        ("!var.on", "?(variable on has no default)"),
        ('var.on && var.stage == "prod"', "?(variable on has no default)"),
    ],
)
def test_a_comparison_that_is_an_argument_is_a_choice_between_scenarios(
    tmp_path: Path, expression: str, expected: str
) -> None:
    text = """
variable "stage" {}
variable "other" {}
variable "on" {}
data "aws_region" "here" {}
locals { is_prod = var.stage == "prod" }
"""
    loader = load_text(tmp_path, f'{text}resource "aws_x" "y" {{\n  a = {expression}\n}}')
    assert argument(loader, "aws_x.y", "a") == expected
