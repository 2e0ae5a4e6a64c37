"""aws_iam_policy_document becomes the policy that it generates."""

from pathlib import Path

import pytest

from mlwa_lint.model.values import MapValue
from tests.frontends.terraform.support import argument, load_text, resource, shown

_USE = 'resource "aws_iam_policy" "p" { policy = data.aws_iam_policy_document.d.json }\n'


def test_a_document_has_the_words_of_iam(tmp_path: Path) -> None:
    text = """
      resource "aws_s3_bucket" "b" { bucket = "models" }
      data "aws_iam_policy_document" "d" {
        version   = "2008-10-17"
        policy_id = "id"
        statement {
          sid         = "Read"
          effect      = "Deny"
          actions     = ["s3:GetObject"]
          not_resources = ["${aws_s3_bucket.b.arn}/*"]
          principals {
            type        = "AWS"
            identifiers = ["arn:aws:iam::1:root"]
          }
          principals {
            type        = "AWS"
            identifiers = ["2"]
          }
          principals {
            type        = "Service"
            identifiers = ["sagemaker.amazonaws.com"]
          }
          condition {
            test     = "StringEquals"
            variable = "aws:SourceAccount"
            values   = ["1"]
          }
          condition {
            test     = "StringEquals"
            variable = "aws:SourceArn"
            values   = ["2"]
          }
        }
        statement {
          not_actions = ["iam:*"]
          resources   = ["*"]
          principals {
            type        = "*"
            identifiers = ["*"]
          }
        }
      }
    """
    assert argument(load_text(tmp_path, text + _USE), "aws_iam_policy.p", "policy") == (
        "{Version: '2008-10-17', Id: 'id', Statement: ["
        "{Sid: 'Read', Effect: 'Deny', Action: ['s3:GetObject'], NotResource: [<aws_s3_bucket.b.arn>/*], "
        "Principal: {AWS: ['arn:aws:iam::1:root', '2'], Service: ['sagemaker.amazonaws.com']}, "
        "Condition: {StringEquals: {aws:SourceAccount: ['1'], aws:SourceArn: ['2']}}}, "
        "{NotAction: ['iam:*'], Resource: ['*'], Principal: '*', Effect: 'Allow'}]}"
    )


def test_documents_are_merged_by_sid(tmp_path: Path) -> None:
    text = """
      data "aws_iam_policy_document" "base" {
        statement {
          sid       = "A"
          actions   = ["a:Base"]
        }
        statement { actions = ["b:Base"] }
      }
      data "aws_iam_policy_document" "d" {
        source_policy_documents = [
          data.aws_iam_policy_document.base.json,
          jsonencode({ Statement = [{ Sid = "J", Effect = "Allow", Action = "j:Json", Resource = "*" }] }),
        ]
        override_policy_documents = [data.aws_iam_policy_document.over.json]
        statement {
          sid     = "A"
          actions = ["a:Own"]
        }
        statement {
          sid     = "C"
          actions = ["c:Own"]
        }
      }
      data "aws_iam_policy_document" "over" {
        statement {
          sid     = "C"
          effect  = "Deny"
          actions = ["c:Over"]
        }
      }
    """
    assert argument(load_text(tmp_path, text + _USE), "aws_iam_policy.p", "policy") == (
        "{Version: '2012-10-17', Statement: [{Sid: 'A', Action: ['a:Own'], Effect: 'Allow'}, "
        "{Action: ['b:Base'], Effect: 'Allow'}, "
        "{Sid: 'J', Effect: 'Allow', Action: 'j:Json', Resource: '*'}, "
        "{Sid: 'C', Effect: 'Deny', Action: ['c:Over']}]}"
    )


def test_what_is_not_known_leaves_the_statements_open(tmp_path: Path) -> None:
    text = """
      variable "more" {}
      variable "on" { type = bool }
      data "aws_iam_policy_document" "d" {
        source_policy_documents = [var.more]
        statement { actions = ["a:B"] }
        dynamic "statement" {
          for_each = var.on ? ["c:D"] : []
          content { actions = [statement.value] }
        }
      }
    """
    value = resource(load_text(tmp_path, text + _USE), "aws_iam_policy.p").body.entries["policy"].value
    first, second = "{Action: ['a:B'], Effect: 'Allow'}", "{Action: ['c:D'], Effect: 'Allow'}"
    head = "{Version: '2012-10-17', Statement: ["
    assert shown(value) == f"(var.on ? {head}{first}, {second}, …]}} : {head}{first}, …]}})"


def test_statements_keep_their_places(tmp_path: Path) -> None:
    text = 'data "aws_iam_policy_document" "d" {\n  statement {\n    actions = ["*"]\n  }\n}\n'
    value = resource(load_text(tmp_path, text + _USE), "aws_iam_policy.p").body.entries["policy"].value
    assert isinstance(value, MapValue)
    statement = value.entries["Statement"].value.items[0]  # type: ignore[union-attr]
    assert isinstance(statement, MapValue)
    entry = statement.entries["Action"]
    assert (entry.key_span.line, entry.key_span.column, entry.label) == (3, 5, "actions")


def test_documents_that_include_each_other_are_no_trouble(tmp_path: Path) -> None:
    text = """
      data "aws_iam_policy_document" "d" {
        source_policy_documents = [data.aws_iam_policy_document.e.json]
        statement { actions = ["a:B"] }
      }
      data "aws_iam_policy_document" "e" {
        source_policy_documents = [data.aws_iam_policy_document.d.json]
      }
    """
    assert "a:B" in argument(load_text(tmp_path, text + _USE), "aws_iam_policy.p", "policy")


def test_the_only_document_of_a_list_stays_a_structure_when_it_is_joined(tmp_path: Path) -> None:
    text = """
      data "aws_iam_policy_document" "d" {
        count = 1
        statement {
          actions   = ["s3:*"]
          resources = ["*"]
        }
      }
      resource "aws_iam_policy" "p" { policy = join("", data.aws_iam_policy_document.d.*.json) }
      resource "aws_iam_policy" "q" { policy = base64encode(data.aws_iam_policy_document.d[0].json) }
    """
    loader = load_text(tmp_path, text)
    assert argument(loader, "aws_iam_policy.p", "policy") == (
        "{Version: '2012-10-17', Statement: [{Action: ['s3:*'], Resource: ['*'], Effect: 'Allow'}]}"
    )
    assert argument(loader, "aws_iam_policy.q", "policy") == (
        "?(how the provider writes it is known only at deployment)"
    )


DOCUMENTS = {
    "texts": (
        'source_policy_documents = [jsonencode({ Statement = { Sid = "A", Effect = "Allow" } }), "", " "]',
        "[{Sid: 'A', Effect: 'Allow'}]",
    ),
    "no json": (
        'source_policy_documents = ["no json"]',
        "[, …]",
    ),
    "open one": (
        "source_policy_documents = [jsonencode({ Statement = [] }), var.open]",
        "[, …]",
    ),
    "open": (
        "source_policy_documents = var.open",
        "[, …]",
    ),
    "no statements": (
        'source_policy_documents = [jsonencode({ Version = "2012-10-17" })]',
        "[]",
    ),
    "open statement": (
        "source_policy_documents = [jsonencode({ Statement = var.open })]",
        "[, …]",
    ),
    "override": (
        """
override_policy_documents = [jsonencode({ Statement = [{ Sid = "S", Effect = "Deny" }] })]
statement {
sid = "S"
actions = ["s3:*"]
resources = ["*"]
}
""",
        "[{Sid: 'S', Effect: 'Deny'}]",
    ),
    "sid empty": (
        """
statement {
sid = ""
actions = ["a:b"]
resources = ["*"]
}
""",
        "[{Action: ['a:b'], Resource: ['*'], Effect: 'Allow'}]",
    ),
    "null effect": (
        """
statement {
effect = null
actions = ["a:b"]
resources = ["*"]
}
""",
        "[{Action: ['a:b'], Resource: ['*'], Effect: 'Allow'}]",
    ),
    "dynamic principals": (
        """
statement {
actions = ["a:b"]
resources = ["*"]
dynamic "principals" {
for_each = var.open
content {
type = "AWS"
identifiers = [principals.value]
}
}
}
""",
        "[{Action: ['a:b'], Resource: ['*'], Principal: {, …}, Effect: 'Allow'}]",
    ),
    "open type": (
        """
statement {
actions = ["a:b"]
principals {
type = var.open
identifiers = ["x"]
}
}
""",
        "[{Action: ['a:b'], Principal: {, …}, Effect: 'Allow'}]",
    ),
    "open identifiers": (
        """
statement {
actions = ["a:b"]
principals {
type = "AWS"
identifiers = var.open
}
principals {
type = "AWS"
identifiers = ["2"]
}
}
""",
        "[{Action: ['a:b'], Principal: {AWS: ['2', …]}, Effect: 'Allow'}]",
    ),
    "anyone and another": (
        """
statement {
actions = ["a:b"]
principals {
type = "*"
identifiers = ["*"]
}
principals {
type = "AWS"
identifiers = ["2"]
}
}
""",
        "[{Action: ['a:b'], Principal: {*: ['*'], AWS: ['2']}, Effect: 'Allow'}]",
    ),
    "open test": (
        """
statement {
actions = ["a:b"]
condition {
test = var.open
variable = "aws:x"
values = ["1"]
}
condition {
test = "Bool"
variable = "aws:y"
values = ["true"]
}
}
""",
        "[{Action: ['a:b'], Condition: {Bool: {aws:y: ['true']}, …}, Effect: 'Allow'}]",
    ),
    "dynamic conditions": (
        """
statement {
actions = ["a:b"]
dynamic "condition" {
for_each = var.open
content {
test = "Bool"
variable = "x"
values = ["true"]
}
}
}
""",
        "[{Action: ['a:b'], Condition: {, …}, Effect: 'Allow'}]",
    ),
    "dynamic statements": (
        """
dynamic "statement" {
for_each = var.open
content {
actions = ["a:b"]
resources = ["*"]
}
}
""",
        "[, …]",
    ),
    "same condition twice": (
        """
statement {
actions = ["a:b"]
condition {
test = "StringLike"
variable = "aws:x"
values = ["1"]
}
condition {
test = "StringLike"
variable = "aws:x"
values = ["2"]
}
}
""",
        "[{Action: ['a:b'], Condition: {StringLike: {aws:x: ['1', '2']}}, Effect: 'Allow'}]",
    ),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_statements_of_a_document(tmp_path: Path, name: str) -> None:
    body, statements = DOCUMENTS[name]
    text = f'variable "open" {{}}\ndata "aws_iam_policy_document" "d" {{\n{body}\n}}\n'
    policy = argument(load_text(tmp_path, text + _USE), "aws_iam_policy.p", "policy")
    assert policy == f"{{Version: '2012-10-17', Statement: {statements}}}"
