"""HCL syntax: places, precedence, texts, errors."""

import re

import pytest

from mlwa_lint.frontends.expressions import (
    Attribute,
    Conditional,
    Expr,
    Index,
    Interpolation,
    Literal,
    Lookup,
    OperatorExpression,
    Splat,
)
from mlwa_lint.frontends.terraform.syntax.reader import read, read_expression, read_template
from mlwa_lint.model.spans import Span, start_of


def expression(text: str) -> Expr:
    file = read(f"x = {text}\n", "main.tf")
    assert file.problems == ()
    return file.arguments["x"].value


def written(e: Expr) -> str:
    if isinstance(e, Lookup):
        return ".".join(e.path)
    if isinstance(e, Literal):
        return repr(e.data)
    if isinstance(e, OperatorExpression):
        inner = [written(o) for o in e.operands]
        return f"({e.operator}{inner[0]})" if len(inner) == 1 else f"({inner[0]} {e.operator} {inner[1]})"
    if isinstance(e, Conditional):
        return f"({written(e.condition)} ? {written(e.yes)} : {written(e.no)})"
    if isinstance(e, Index):
        return f"{written(e.base)}[{written(e.key)}]"
    if isinstance(e, Attribute):
        return f"{written(e.base)}.{e.name}"
    if isinstance(e, Splat):
        return f"{written(e.base)}[*]{''.join(f'.{s}' if isinstance(s, str) else '[…]' for s in e.steps)}"
    raise AssertionError(e)


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("a ? b : c ? d : e", "(a ? b : (c ? d : e))"),
        ("a ? b ? c : d : e", "(a ? (b ? c : d) : e)"),
        ("a || b && c", "(a || (b && c))"),
        ("!a.b && -c[0] == 3", "((!a.b) && ((-c[0]) == 3))"),
        ("1 - 2 - 3", "((1 - 2) - 3)"),
        ("1 - (2 - 3)", "(1 - (2 - 3))"),
        ("a + b * c % d", "(a + ((b * c) % d))"),
        ("a == b ? c : d", "((a == b) ? c : d)"),
        ("a < b == c > d", "((a < b) == (c > d))"),
        ("a.b.0.c", "a.b[0].c"),
        ('a.b["k"].c', "a.b['k'].c"),
        ("a[*].b[0].c", "a[*].b[…].c"),
        ("a.*.b[0]", "a[*].b[0]"),
        ("(a.b).c", "a.b.c"),
    ],
)
def test_operators_bind_as_in_hcl(text: str, meaning: str) -> None:
    assert written(expression(text)) == meaning


def test_places_count_characters_not_bytes() -> None:
    file = read('a = "é–🙂${var.x}" # ü\nb = [é, "ü", x]\n', "main.tf")
    template = file.arguments["a"].value
    assert isinstance(template, Interpolation)
    assert template.parts[1].span == Span("main.tf", 1, 11, 1, 16)
    assert file.arguments["b"].value.span == Span("main.tf", 2, 5, 2, 16)


def test_a_block_stands_where_its_header_is() -> None:
    (block,) = read('\nresource "aws_x" "y" {\n  a = 1\n  inner {\n    b = 2\n  }\n}\n', "main.tf").blocks
    assert (block.type, block.labels) == ("resource", ("aws_x", "y"))
    assert block.span == Span("main.tf", 2, 1, 2, 21)
    assert block.arguments["a"].span == Span("main.tf", 3, 3, 3, 4)
    assert block.blocks[0].span == Span("main.tf", 4, 3, 4, 8)


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "\ufeff", "\ufeffa = 1\n", "/* x */"])
def test_files_without_blocks_are_fine(text: str) -> None:
    file = read(text, "main.tf")
    assert file.problems == ()
    assert file.blocks == ()


def test_windows_line_ends_do_not_change_texts() -> None:
    file = read('a = <<-EOT\r\n    one\r\n      two\r\n  EOT\r\nb = "x"\r\n', "main.tf")
    assert file.problems == ()
    assert file.arguments["a"].value == Literal("one\n  two\n", file.arguments["a"].value.span)
    assert file.arguments["b"].value == Literal("x", Span("main.tf", 5, 5, 5, 8))


def test_text_keeps_its_spaces() -> None:
    assert expression('"  a  "') == Literal("  a  ", Span("main.tf", 1, 5, 1, 12))
    template = expression('" ${a} b "')
    assert isinstance(template, Interpolation)
    assert [p.data for p in template.parts if isinstance(p, Literal)] == [" ", " b "]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ('resource "a" "b" {\n  x = [1, 2\n}\n', 3, "unexpected '}', expected `,` or `]`"),
        ('a = "open\n', 1, "not valid HCL"),
        ('resource "a" {\n', 1, "not valid HCL"),
        ("a = = 1\n", 1, "unexpected '=', expected a value"),
        ("a =\n", 1, "unexpected end of the line, expected a value"),
        ('resource "a" "b" {\n', 1, "unexpected end of the file, expected `}`"),
        ("a = [for x in : x]\n", 1, "not valid HCL"),
    ],
)
def test_a_syntax_error_has_its_line_and_states_what_is_wrong(text: str, line: int, message: str) -> None:
    (problem,) = read(text, "main.tf").problems
    assert problem.path == "main.tf"
    assert problem.fatal
    assert problem.message.startswith(("not valid HCL", message))
    assert message in problem.message
    assert problem.line >= line


@pytest.mark.parametrize(
    "text",
    [
        'variable "x" { type = string, default = "a,b" }\n',
        'variable "x" { type = string; default = "a,b" }\n',
        'variable "x" {\n  type = string, # why\n  default = "a,b", // why\n}\n',
        'variable "x" {\n  type = string,\n\n  default = "a,b",}\n',
        '```hcl\nvariable "x" {\n  default = "a,b"\n}\n```\n',
        'variable "x" {\n```\n  type    = string\n  default = "a,b"\n  ```  \n}',
    ],
)
def test_arguments_between_commas_and_fences_are_read_nevertheless(text: str) -> None:
    file = read(text, "main.tf")
    assert [problem.fatal for problem in file.problems] == [True]
    assert not file.partial
    (block,) = file.blocks
    default = block.arguments["default"].value
    assert isinstance(default, Literal)
    assert default.data == "a,b"
    line = text[: text.index("default")].count("\n") + 1
    assert block.arguments["default"].span.line == line


def test_fences_in_texts_stay() -> None:
    text = 'a "b" {\n  c = 1, d = <<EOT\n```\nx\n```\nEOT\n}\n'
    (block,) = read(text, "main.tf").blocks
    value = block.arguments["d"].value
    assert isinstance(value, Literal)
    assert value.data == "```\nx\n```\n"


def test_commas_of_lists_objects_and_texts_stay() -> None:
    text = 'a "b" {\n  c = "1", d = [1, 2], e = { f = 1, g = "x" }\n  h = "${join(",", i)}", j = 1\n}\n'
    (block,) = read(text, "main.tf").blocks
    plain = text.replace('", d', '"\n d').replace("], e", "]\n e").replace(", j", "\n j")
    expected = read(plain, "main.tf")
    assert not expected.problems
    found = {name: written_deeply(each.value) for name, each in block.arguments.items()}
    assert found == {name: written_deeply(each.value) for name, each in expected.blocks[0].arguments.items()}


def written_deeply(e: Expr) -> str:
    return re.sub(r"span=Span\([^)]*\)", "", repr(e))


def test_a_block_with_a_mistake_hides_no_other() -> None:
    text = (
        'variable "a" {\n  default = 1\n}\n\n/*\nvariable "not" {\n  default = 1\n}\n*/\n\n'
        'locals {\n  x = [1, 2\n}\n\nvariable "b" { default = 2 }\n'
        'locals {\n  y = <<EOT\nvariable "neither" {\n}\nEOT\n}\n'
    )
    file = read(text, "main.tf")
    assert file.partial
    assert file.lost is not None
    assert "x = [1, 2" in file.lost
    assert "default = 2" not in file.lost
    assert len(file.problems) == 1
    assert [(each.labels, each.span.line) for each in file.blocks] == [(("a",), 1), (("b",), 15), ((), 16)]


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "[" * 5000 + "]" * 5000,
        "a = " + "{a=" * 5000 + "1" + "}" * 5000,
        "a = " + "(" * 3000 + "1" + ")" * 3000,
        "a {\n" * 2000 + "}\n" * 2000,
        "a = " + "1 + " * 5000 + "1",
        "a = " + "!" * 5000 + "true",
    ],
)
def test_extreme_nesting_is_refused_with_a_message(text: str) -> None:
    (problem,) = read(text + "\n", "main.tf").problems
    assert "too deeply" in problem.message or "too many" in problem.message


def test_a_text_taken_from_elsewhere_is_placed_there() -> None:
    place = Span("x.tf.json", 4, 10, 4, 20)
    assert read_template("a-${var.x}", place).span == place
    assert read_template("plain", place) == Literal("plain", place)
    found = read_expression("list(string)", place)
    assert found.span.line == 4


def test_a_template_text_ends_without_a_newline_of_its_own() -> None:
    place = start_of("t")
    assert read_template("%{ if a }x%{ endif }\n", place) != read_template("%{ if a }x%{ endif }", place)
    assert isinstance(read_template("${a}", place), Lookup)


def test_a_huge_number_is_no_trouble() -> None:
    assert isinstance(expression("9" * 6000), Literal)
    assert isinstance(expression("1e999"), Literal)


@pytest.mark.parametrize(("text", "number"), [("1e3", 1000), ("5E-1", 0.5), ("1.5e+3", 1500), ("7", 7)])
def test_numbers_with_exponents(text: str, number: float) -> None:
    file = read(f'x = {text}\ny = "1e3 ${{a}}"\n', "main.tf")
    assert file.problems == ()
    assert file.arguments["x"].value == Literal(number, Span("main.tf", 1, 5, 1, 5 + len(text)))
    template = file.arguments["y"].value
    assert isinstance(template, Interpolation)
    assert template.parts[0] == Literal("1e3 ", template.span)


@pytest.mark.parametrize("spoilt", ["", "  # \x01\n"], ids=["plain", "careful"])
def test_an_argument_that_is_set_twice_is_reported(spoilt: str) -> None:
    file = read(f'resource "a" "b" {{\n{spoilt}  x = 1\n  x = 2\n  inner {{ x = 3 }}\n}}\n', "main.tf")
    (problem,) = file.problems
    first = 2 + spoilt.count("\n")
    assert (problem.line, problem.fatal) == (first + 1, False)
    assert problem.message.startswith(f"the argument x is set twice (first on line {first})")
    assert file.blocks[0].arguments["x"].value == Literal(1, Span("main.tf", first, 7, first, 8))
