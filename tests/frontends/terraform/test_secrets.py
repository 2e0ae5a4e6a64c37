"""Where a module's secrets stand: they are in no output, whatever is said of their place."""

from pathlib import Path

import pytest

from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.frontends.terraform.project import load
from mlwa_lint.model.secrets import collecting

NOTED = {
    "a list of a secret's name": 'locals { passwords = ["qorrect-1", "qorrect-2"] }',
    "a map below a secret's name": 'locals { tokens = { api = "qorrect-1", db = "qorrect-2" } }',
    "either of two": 'locals { password = var.x ? "qorrect-1" : "qorrect-2" }',
    "what `sensitive` is called with": """locals {
      x = [sensitive("qorrect-1"), sensitive({ a = "qorrect-2" })]
    }""",
    "what a lookup gives otherwise": """locals {
      password = lookup(var.x, "k", var.y ? "qorrect-1" : "qorrect-2")
    }""",
    "a pair of a name and a value": """locals {
      x = [{ name = "DB_PASSWORD", value = "qorrect-1" }, { name = "API_TOKEN", value = "qorrect-2" }]
    }""",
}


@pytest.mark.parametrize("text", NOTED.values(), ids=NOTED)
def test_a_secret_is_noted_wherever_it_stands(tmp_path: Path, text: str) -> None:
    tmp_path.joinpath("main.tf").write_text(f'variable "x" {{}}\nvariable "y" {{}}\n{text}\n', "utf-8")
    with collecting() as found:
        load(tmp_path, LoadOptions())
    found.settle()
    scrubbed = found.scrub("first qorrect-1, then qorrect-2, and no more")
    assert "qorrect" not in scrubbed
    assert scrubbed.startswith("first ")
    assert scrubbed.endswith(", and no more")
