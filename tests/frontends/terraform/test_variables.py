"""Values of variables: types, defaults, files, the command line, the environment."""

from pathlib import Path

import pytest

from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.frontends.terraform.evaluation.loader import Loader
from mlwa_lint.frontends.terraform.project import load
from mlwa_lint.model.values import Scalar, Unknown, Value
from tests.frontends.terraform.support import argument, load_text, shown


def variable(loader: Loader, name: str) -> Value:
    (module,) = loader.modules
    return module.variable(name, module.folder.variables[name].span)


def test_a_default_is_a_fact_that_rests_on_an_assumption(tmp_path: Path) -> None:
    loader = load_text(tmp_path, 'variable "x" { default = "a" }')
    value = variable(loader, "x")
    assert isinstance(value, Scalar)
    assert value.data == "a"
    assert value.assumed == {"the default of x"}


def test_a_variable_without_default_is_not_known_but_equal_to_itself(tmp_path: Path) -> None:
    loader = load_text(tmp_path, 'variable "x" {}\nlocals { y = var.x == var.x }')
    value = variable(loader, "x")
    assert isinstance(value, Unknown)
    assert value.reason == "variable x has no default"
    assert value.identity == "variable x"
    assert shown(loader.modules[0].local("y", value.span)) == "True"


def test_a_sensitive_variable_is_a_secret(tmp_path: Path) -> None:
    loader = load_text(tmp_path, 'variable "x" { sensitive = true }\nvariable "y" {}')
    secret, plain = variable(loader, "x"), variable(loader, "y")
    assert isinstance(secret, Unknown)
    assert isinstance(plain, Unknown)
    assert (secret.secret, plain.secret) == (True, False)


def test_a_stated_value_is_no_assumption(tmp_path: Path) -> None:
    options = LoadOptions(variables={"x": "b", "n": "3", "l": '["a"]', "o": {"k": [1, None]}, "b": True})
    text = """
      variable "x" { default = "a" }
      variable "n" { type = number }
      variable "l" { type = list(string) }
      variable "o" { type = any }
      variable "b" { type = bool }
    """
    loader = load_text(tmp_path, text, options)
    values = {name: shown(variable(loader, name)) for name in "xnlob"}
    assert values == {"x": "'b'", "n": "3", "l": "['a']", "o": "{k: [1, null]}", "b": "True"}


def test_later_sources_win(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TF_VAR_e", "environment")
    monkeypatch.setenv("TF_VAR_a", "environment")
    text = "\n".join(f'variable "{name}" {{ default = "default" }}' for name in "abcdef")
    (tmp_path / "given.tfvars").write_text('d = "given"\ne2 = 1\n', "utf-8")
    options = LoadOptions(
        variables={"c": "line"}, var_files=(tmp_path / "given.tfvars",), environment_variables=True
    )
    loader = load_text(
        tmp_path,
        text,
        options,
        terraform__tfvars='a = "plain"\nb = "plain"\nc = "plain"\nd = "plain"\n',
        z__auto__tfvars__json='{"b": "json"}',
        a__auto__tfvars='b = "auto"\n',
    )
    assert loader.problems == []
    values = {name: shown(variable(loader, name)) for name in "abcdef"}
    assert values == {
        "a": "'plain'",
        "b": "'json'",
        "c": "'line'",
        "d": "'given'",
        "e": "'environment'",
        "f": "'default'!",
    }


def test_the_environment_counts_only_on_request(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TF_VAR_x", "environment")
    loader = load_text(tmp_path, 'variable "x" { default = "default" }')
    assert shown(variable(loader, "x")) == "'default'!"


def test_optional_attributes_get_their_defaults_at_every_depth(tmp_path: Path) -> None:
    text = """
      variable "x" {
        type = map(object({
          a = string
          b = optional(number, 2)
          c = optional(object({ d = optional(bool, true) }), {})
          e = optional(string)
        }))
        default = { k = { a = 1, gone = 2 } }
      }
    """
    loader = load_text(tmp_path, text)
    assert shown(variable(loader, "x")) == "{k: {a: '1'!, b: 2!, c: {d: True!}, e: null}}"


def test_what_a_given_map_lacks_for_want_of_knowledge_is_not_made_up(tmp_path: Path) -> None:
    text = """
      variable "open" {}
      module "m" {
        source = "./m"
        x      = { a = var.open }
      }
    """
    inner = """
      variable "x" { type = object({ a = string, b = optional(string, "z") }) }
      resource "aws_x" "y" {
        a = var.x.a
        b = var.x.b
      }
    """
    loader = load_text(tmp_path, text, m___main__tf=inner)
    assert argument(loader, "module.m.aws_x.y", "a") == "?(variable open has no default)"
    assert argument(loader, "module.m.aws_x.y", "b") == "'z'"


def test_an_undeclared_variable_is_an_error_for_try(tmp_path: Path) -> None:
    loader = load_text(tmp_path, 'resource "aws_x" "y" { a = try(var.gone, "b") }')
    assert argument(loader, "aws_x.y", "a") == "'b'"


def test_a_missing_variable_file_is_a_problem(tmp_path: Path) -> None:
    loader = load_text(tmp_path, "", LoadOptions(var_files=(tmp_path / "gone.tfvars",)))
    (problem,) = loader.problems
    assert "cannot be read" in problem.message


def _reported(folder: Path, options: LoadOptions | None = None) -> list[str]:
    return [each.message for each in load(folder, options or LoadOptions()).problems]


def test_files_with_values_are_offered_and_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("main.tf").write_text('variable "size" {}\nvariable "other" { default = 1 }\n', "utf-8")
    for name in (
        "env/dev.tfvars",
        "env/prod/prod.tfvars",
        "ci.tfvars.json",
        "env/none.tfvars",
        "far/away/x.tfvars",
    ):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        text = '{"size": 1}' if name.endswith("json") else "size = 1\n"
        Path(name).write_text("other = 2\n" if "none" in name else text, "utf-8")
    (message,) = _reported(Path())
    assert message == (
        "ci.tfvars.json, env/dev.tfvars, env/prod/prod.tfvars have values for its variables, which are not "
        "read: --var-file ci.tfvars.json reads them"
    )
    assert all(problem.quiet for problem in load(Path(), LoadOptions()).problems)
    assert _reported(Path(), LoadOptions(variables={"size": 1})) == []


@pytest.mark.parametrize(
    ("files", "offered"),
    [
        ({"terraform.tfvars": "size = 1\n"}, "terraform.tfvars"),
        ({"vars/dev.tfvars": "size = 1\n"}, "vars/dev.tfvars"),
        ({"terraform.tfvars": "other = 1\n"}, ""),
        # A configuration beside it has its own values.
        ({"terraform.tfvars": "size = 1\n", "main.tf": ""}, ""),
    ],
)
def test_files_around_a_configuration_are_offered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: dict[str, str], offered: str
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in {**files, "infra/main.tf": 'variable "size" {}\n'}.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text, "utf-8")
    found = _reported(Path("infra"), LoadOptions(root=tmp_path))
    assert [each.partition(" has values")[0] for each in found] == ([offered] if offered else [])


def test_a_value_for_a_variable_that_is_not_declared_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("main.tf").write_text('variable "size" {}\n', "utf-8")
    given = {"size": 1, "sise": 2}
    assert _reported(Path(), LoadOptions(variables=given)) == [
        "variables are given that it does not declare: sise"
    ]
    assert _reported(Path(), LoadOptions(variables=given, parameters_shared=True)) == []
