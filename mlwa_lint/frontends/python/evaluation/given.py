"""What is known from elsewhere in the project of what a program is run with."""

from collections.abc import Callable
from typing import Literal, TypeAlias

from mlwa_lint.frontends.python.evaluation.defaulted import ScriptOption
from mlwa_lint.frontends.python.evaluation.values import PyValue, Site

# How many words an option takes.
Takes: TypeAlias = Literal["none", "one", "many"]
# What a program makes of a word; None where that is not known.
Convert: TypeAlias = Callable[[str], str | int | float | None]


class RunWith:
    """What commands give a program: nothing, where no command is known."""

    def option(self, option: ScriptOption, takes: Takes, convert: Convert, site: Site) -> PyValue | None:
        """The value of an option, where all commands give it."""
        return None

    def argument(self, position: int, site: Site) -> PyValue | None:
        """An item of `sys.argv`."""
        return None

    def variable(self, name: str, site: Site) -> PyValue | None:
        """An environment variable."""
        return None

    def is_unset(self, name: str) -> bool:
        """Whether what runs the program certainly gives it no environment variable of a name."""
        return False

    def output(self, name: str, site: Site) -> PyValue | None:
        """An output of the project's Terraform configuration."""
        return None
