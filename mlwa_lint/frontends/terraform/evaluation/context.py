"""What a module is given: what all modules of one configuration share."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from mlwa_lint.frontends.terraform.evaluation.data_source import DataInstance
from mlwa_lint.frontends.terraform.evaluation.instances import Slot, Slots
from mlwa_lint.frontends.terraform.evaluation.providers import Providers
from mlwa_lint.frontends.terraform.evaluation.resource import ResourceInstance
from mlwa_lint.frontends.terraform.evaluation.scenarios import TerraformScenarios
from mlwa_lint.frontends.terraform.evaluation.scope import TerraformFrame
from mlwa_lint.frontends.terraform.syntax.blocks import Block
from mlwa_lint.frontends.terraform.syntax.folder import ModuleDeclarations
from mlwa_lint.model.conditions import Condition, Guard
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import Plain, Value
from mlwa_lint.startup.records import NamedTuple


class ModuleInstance(NamedTuple):
    """One instance of a called module: how its outputs are read, and their names."""

    output: Callable[[str], Value | None]
    names: tuple[str, ...]


class Calls(NamedTuple):
    """All instances of a module call."""

    slots: Slots
    made: tuple[tuple[Slot, ModuleInstance], ...]


class Caller(Protocol):
    """A module as its calls see it."""

    prefix: str
    folder: ModuleDeclarations
    guards: tuple[Guard, ...]
    parents: tuple[Path, ...]
    awaited: tuple[str, ...]
    providers: Providers
    frame: TerraformFrame


class Context(Protocol):
    """What all modules of one configuration share."""

    scenarios: TerraformScenarios
    switches: Mapping[str, Plain | None]

    @property
    def workspaces(self) -> tuple[str, ...]:
        """The workspaces in which the root module can be planned; empty where any may be."""
        ...

    def noted(self, identity: str, text: str, literal: str | None, opaque: bool) -> Condition:
        """The condition that something open holds, or equals a literal."""
        ...

    def path_value(self, name: str, folder: Path, span: Span) -> Value:
        """`path.module`, `path.root`, `path.cwd`."""
        ...

    def function(self, name: str, arguments: Sequence[Value], span: Span, folder: Path) -> Value:
        """The result of a function; paths are relative to the root module."""
        ...

    def cycle(self, names: list[str], span: Span) -> None:
        """Reports names that depend on each other."""
        ...

    def undeclared(self, folder: Path, name: str, span: Span) -> None:
        """Remembers a name that a module refers to and nothing in it declares."""
        ...

    def slots(self, block: Block, frame: TerraformFrame, address: str, name: str) -> Slots:
        """The instances that a block creates."""
        ...

    def made(self, instance: ResourceInstance | DataInstance) -> None:
        """Remembers an instance of a resource or data source."""
        ...

    def output_of_state(self, backend: str, config: Value, name: str) -> Value | None:
        """An output of the configuration whose state is at a place; None where that is not known."""
        ...

    def attribute_of(self, address: str, name: str) -> Value | None:
        """An attribute of a resource by its whole address; None where there is no such instance."""
        ...

    def calls(self, module: Caller, name: str, block: Block) -> Calls:
        """The instances of a module call, made but not evaluated."""
        ...
