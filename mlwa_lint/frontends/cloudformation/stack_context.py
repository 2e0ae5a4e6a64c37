"""The context of a template among stacks."""

from collections.abc import Mapping
from pathlib import Path

from mlwa_lint.frontends.cloudformation.conditions.comparing import Binding
from mlwa_lint.frontends.options import Json
from mlwa_lint.model.conditions import Guard
from mlwa_lint.model.values import Value
from mlwa_lint.startup.records import NamedTuple


class StackContext(NamedTuple):
    """The context of a template among stacks.

    name:     of its file. prefix: of its resources' addresses, `Network.` in the stack Network.
    space:    distinguishes its conditions and parameters from those of all other templates.
    given:    parameter values from the user. bindings: how conditions of a parent stack decide them.
    guards:   under which the stack exists. complete: whether parameters that are not given keep
              their defaults for certain, as in a nested stack. chain: its file and those of the
              stacks around it, outermost first.
    """

    name: str
    prefix: str = ""
    space: str = ""
    given: Mapping[str, Json | Value] = {}
    bindings: Mapping[str, Binding] = {}
    guards: tuple[Guard, ...] = ()
    complete: bool = False
    chain: tuple[Path, ...] = ()
