"""Values of the root module's variables: variable files, the command line, the environment."""

import os
from pathlib import Path

from mlwa_lint.files.reading import is_file, names_in
from mlwa_lint.frontends.expressions import Literal, Lookup
from mlwa_lint.frontends.options import Json, LoadOptions
from mlwa_lint.frontends.terraform.evaluation.constants import COMMAND_LINE, constant, from_json
from mlwa_lint.frontends.terraform.syntax.blocks import Block, HclSyntaxError
from mlwa_lint.frontends.terraform.syntax.folder import ModuleDeclarations, read_file
from mlwa_lint.frontends.terraform.syntax.reader import read_expression
from mlwa_lint.model.resources import Problem
from mlwa_lint.model.values import Scalar, Value

_PREFIX = "TF_VAR_"


def inputs_of(folder: ModuleDeclarations, options: LoadOptions) -> tuple[dict[str, Value], list[Problem]]:
    """The stated values, later sources before earlier ones: environment, tfvars, files, command line."""
    found: dict[str, Value] = {}
    problems: list[Problem] = []
    if options.environment_variables:
        for name, text in os.environ.items():
            if name.startswith(_PREFIX):
                found[name.removeprefix(_PREFIX)] = _typed(text, folder.variables.get(name[len(_PREFIX) :]))
    for path in (*_automatic(folder.path), *options.var_files):
        file = read_file(path, path.parent)
        problems += file.problems
        for argument in file.arguments.values():
            found[argument.name] = constant(argument.value)
    for name, data in options.variables.items():
        found[name] = _typed(data, folder.variables.get(name))
    return found, problems


def _automatic(folder: Path) -> list[Path]:
    plain = [folder / "terraform.tfvars", folder / "terraform.tfvars.json"]
    try:
        names = [each for each in names_in(folder) if each.endswith((".auto.tfvars", ".auto.tfvars.json"))]
    except OSError:
        return []
    return [path for path in plain if is_file(path)] + [folder / name for name in names]


def _typed(data: Json, block: Block | None) -> Value:
    """Text for a variable that is not a string is read as an expression, as Terraform does."""
    if not isinstance(data, str):
        return from_json(data, COMMAND_LINE)
    constraint = block.arguments.get("type") if block is not None else None
    kind = constraint.value if constraint is not None else None
    if (
        kind is None
        or (isinstance(kind, Lookup) and kind.path[0] in ("string", "any"))
        or isinstance(kind, Literal)
    ):
        return Scalar(data, COMMAND_LINE)
    try:
        return constant(read_expression(data, COMMAND_LINE))
    except HclSyntaxError:
        return Scalar(data, COMMAND_LINE)
