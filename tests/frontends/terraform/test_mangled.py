"""No input, however broken, makes the front end raise."""

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.frontends.terraform.project import load
from mlwa_lint.frontends.terraform.syntax.reader import read

_SOURCE = """variable "a" {
  type    = object({ x = optional(list(string), ["q"]) })
  default = { x = [1] }
}
locals {
  b = { for k, v in var.a : k => v... if v != null }
  c = <<-EOT
    %{ for i in [1, 2] ~} ${i} %{ endfor }
  EOT
}
resource "aws_s3_bucket" "r" {
  for_each = toset(["p", local.c])
  bucket   = "${each.key}-${local.b["x"][0]}"
  dynamic "rule" {
    for_each = var.a.x[*]
    content { id = rule.value == "q" ? 1 : try(rule.key.z, null) }
  }
  lifecycle { prevent_destroy = !false && true }
}
data "aws_iam_policy_document" "d" {
  statement {
    actions = ["s3:*"]
    condition {
      test     = "StringEquals"
      variable = aws_s3_bucket.r["p"].arn
      values   = [aws_s3_bucket.r]
    }
  }
}
module "m" {
  source = "./m"
  count  = length(local.b)
  in     = data.aws_iam_policy_document.d.json
}
output "o" { value = module.m[0].out }
"""
_PIECES = sorted(set(_SOURCE.split()) | set('"${}[]()=?:,.*<-~!\n\\'))

_cut = st.tuples(st.integers(0, len(_SOURCE)), st.integers(0, 25), st.sampled_from(_PIECES))
_mangled = st.lists(_cut, min_size=1, max_size=4)


def mangle(cuts: list[tuple[int, int, str]]) -> str:
    text = _SOURCE
    for start, length, piece in cuts:
        text = text[:start] + piece + text[start + length :]
    return text


@given(_mangled)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_mangled_configuration_is_loaded_or_refused_with_a_problem(
    cuts: list[tuple[int, int, str]],
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "main.tf").write_text(mangle(cuts), "utf-8")
        project = load(folder, LoadOptions())
    assert not project.partial or any(problem.fatal for problem in project.problems)
    assert all(problem.line >= 1 for problem in project.problems)


@given(st.lists(st.sampled_from(_PIECES), max_size=40).map(" ".join))
@settings(max_examples=150, deadline=None)
def test_any_row_of_words_is_read_or_refused(text: str) -> None:
    file = read(text, "main.tf")
    assert all(problem.fatal and problem.line >= 1 for problem in file.problems)
    assert file.problems or not file.partial
