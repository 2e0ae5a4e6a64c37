"""Variables that switch ML resources on: what is off by a default can be deployed, and is linted as well."""

from collections import Counter
from collections.abc import Mapping

from mlwa_lint.frontends.expressions import Expr, Literal
from mlwa_lint.frontends.terraform.evaluation.open_conditions import VARIABLE
from mlwa_lint.frontends.terraform.syntax.blocks import Block
from mlwa_lint.model.values import Assumptions, Plain, plain_text
from mlwa_lint.startup.patterns import lazy

DEFAULT_OF = "the default of "
# So often a configuration is evaluated again: what appears with a switch may have switches of its own.
ROUNDS_LIMIT = 3
# Of more, each with two states, only those are open that leave most out.
SWITCHES_LIMIT = 4
# What stands for no value.
_NONE = (None, "", "none")
# Modules are no such resources: one that is switched off is linted by itself.
_ML = lazy(
    r"(?:^|\.)aws(?:cc)?_(?:sagemaker|bedrock[a-z]*|opensearchserverless|s3vectors|kendra|comprehend|lex[a-z0-9]*"
    r"|personalize|qbusiness|rekognition)_\w+\.[\w-]+$"
)


def switches_of(
    left_out: Mapping[str, Assumptions], variables: Mapping[str, Block], limit: int = SWITCHES_LIMIT
) -> dict[str, Plain | None]:
    """The root module's variables that switch ML resources on and are off by default, with the default.

    It is a truth value or none. A list or map without items is no switch: of what it would hold nothing is
    known.

    left_out:  the addresses of what has no instances, with what that rests on.
    variables: those of the root module.
    """
    times = Counter(
        each.removeprefix(DEFAULT_OF)
        for address, assumed in left_out.items()
        if _ML.search(address) is not None
        for each in assumed
        if each.startswith(DEFAULT_OF)
    )
    found: dict[str, Plain | None] = {}
    for name in sorted(times, key=lambda name: (-times[name], name)):
        default = _default_of(variables.get(name))
        if isinstance(default, Literal) and (isinstance(default.data, bool) or default.data in _NONE):
            found[name] = default.data
    return dict(list(found.items())[: max(limit, 0)])


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
