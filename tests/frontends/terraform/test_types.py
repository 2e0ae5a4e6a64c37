"""What a variable's type makes of a value, as Terraform converts it."""

from pathlib import Path

import pytest

from tests.frontends.terraform.support import load_text, shown

# The type, the value that is stated, and what the variable holds.
CONVERSIONS = [
    ("string", "7", "'7'"),
    ("string", "true", "'true'"),
    ("string", "1.5", "'1.5'"),
    ("number", '"7"', "7"),
    ("number", '"7.25"', "7.25"),
    ("number", '"seven"', "'seven'"),
    ("bool", '"true"', "True"),
    ("bool", '"0"', "False"),
    ("bool", '"yes"', "'yes'"),
    ('"string"', "7", "'7'"),  # as versions before 0.12 write it
    ("any", '"7"', "'7'"),
    ("list(string)", "[1, true]", "['1', 'true']"),
    ("list(list(number))", '[["1"], []]', "[[1], []]"),
    ("set(string)", '["b", "a", "b", 1]', "['1', 'a', 'b']"),
    ("set(number)", '["1", 1, 2]', "[1, 2]"),
    ("set(list(string))", "[[1], [1]]", "[['1'], ['1']]"),
    ("tuple([string, number])", '[1, "2"]', "['1', 2]"),
    ("tuple([string])", '[1, "2"]', "['1', '2']"),
    ("map(number)", '{ a = "1", b = 2 }', "{a: 1, b: 2}"),
    ("map(number)", '["1"]', "['1']"),
    ("object({ a = string })", "{ a = 1, b = 2 }", "{a: '1'}"),
    ("object({ a = string, b = optional(number) })", "{ a = 1 }", "{a: '1', b: null}"),
    ("object({ a = optional(number, 5) })", "{}", "{a: 5}"),
    ("object({ a = optional(number, 5) })", "{ a = null }", "{a: 5}"),
    ("object({ a = string })", "{ b = 1 }", "{a: ?(attribute a is required and missing)}"),
    ("object({ a = string })", '"text"', "'text'"),
]


@pytest.mark.parametrize(("kind", "stated", "held"), CONVERSIONS)
def test_a_value_is_converted_to_the_type(tmp_path: Path, kind: str, stated: str, held: str) -> None:
    tmp_path.joinpath("terraform.tfvars").write_text(f"x = {stated}\n", "utf-8")
    loader = load_text(tmp_path, f'variable "x" {{ type = {kind} }}')
    (module,) = loader.modules
    assert shown(module.variable("x", module.folder.variables["x"].span)) == held
