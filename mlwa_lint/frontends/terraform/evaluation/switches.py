"""Variables that switch blocks on: what is off by a default can be deployed, and is linted as well."""

from collections.abc import Iterable, Mapping

from mlwa_lint.frontends.expressions import Expr, Literal
from mlwa_lint.frontends.terraform.evaluation.open_conditions import VARIABLE
from mlwa_lint.frontends.terraform.syntax.blocks import Block
from mlwa_lint.model.values import Assumptions, Plain, plain_text

DEFAULT_OF = "the default of "
# Blocks that appear with a switch may have switches of their own: so often are they evaluated anew.
ROUNDS_LIMIT = 3
# What stands for no value.
_NONE = (None, "", "none")


def switches_of(left_out: Iterable[Assumptions], variables: Mapping[str, Block]) -> dict[str, Plain | None]:
    """The root module's variables that only switch blocks on and leave them out by default, with the default.

    That is a truth value or none. A list or map without items is no switch: of what it would hold nothing is
    known.
    """
    found: dict[str, Plain | None] = {}
    for each in frozenset[str]().union(*left_out):
        name = each.removeprefix(DEFAULT_OF)
        default = _default_of(variables.get(name)) if name != each else None
        if isinstance(default, Literal) and (isinstance(default.data, bool) or default.data in _NONE):
            found[name] = default.data
    return found


def _default_of(variable: Block | None) -> Expr | None:
    argument = variable.arguments.get("default") if variable is not None else None
    return argument.value if argument is not None else None


def holds_by_default(identity: str, literal: str | None, switches: Mapping[str, Plain | None]) -> bool | None:
    """Whether a switch that has its default is true, or equals a literal as it is written."""
    name = identity.removeprefix(VARIABLE)
    if name == identity or name not in switches:
        return None
    default = switches[name]
    if literal is None:
        return default if isinstance(default, bool) else None
    if isinstance(default, str):
        return literal == f'"{default}"'
    return literal == ("null" if default is None else plain_text(default))
