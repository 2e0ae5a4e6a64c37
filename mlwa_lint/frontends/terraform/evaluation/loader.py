"""A whole configuration: the root module and all modules that it calls, into raw resources."""

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from mlwa_lint.files.endings import files_of
from mlwa_lint.files.own import own_root
from mlwa_lint.files.paths import inside, shown
from mlwa_lint.files.reading import TooLargeError, is_folder, read_bytes
from mlwa_lint.frontends.evaluator import evaluate
from mlwa_lint.frontends.options import MODULES
from mlwa_lint.frontends.terraform.evaluation.archives import ARCHIVE, PACKED, with_code
from mlwa_lint.frontends.terraform.evaluation.calls import Inputs, UnresolvedModule
from mlwa_lint.frontends.terraform.evaluation.context import Caller, Calls, ModuleInstance
from mlwa_lint.frontends.terraform.evaluation.data_source import DataInstance
from mlwa_lint.frontends.terraform.evaluation.instances import Slot, Slots, absent_by_default, slots_of
from mlwa_lint.frontends.terraform.evaluation.limits import ALL_INSTANCES_LIMIT
from mlwa_lint.frontends.terraform.evaluation.mentions import stated
from mlwa_lint.frontends.terraform.evaluation.module import Module
from mlwa_lint.frontends.terraform.evaluation.read_back import read_back
from mlwa_lint.frontends.terraform.evaluation.resource import ResourceInstance
from mlwa_lint.frontends.terraform.evaluation.scenarios import TerraformScenarios
from mlwa_lint.frontends.terraform.evaluation.scope import TerraformFrame
from mlwa_lint.frontends.terraform.evaluation.switches import (
    SWITCHES_LIMIT,
    holds_by_default,
    switches_of,
)
from mlwa_lint.frontends.terraform.evaluation.working_folder import CWD, reads_path, with_path_found
from mlwa_lint.frontends.terraform.evaluation.workspaces import workspaces_of
from mlwa_lint.frontends.terraform.raw import RawResource
from mlwa_lint.frontends.terraform.syntax.blocks import Block, HclSyntaxError
from mlwa_lint.frontends.terraform.syntax.folder import FILE_LIMIT, ModuleDeclarations, read_folder
from mlwa_lint.model.conditions import Condition
from mlwa_lint.model.resources import Gap, Problem, notice
from mlwa_lint.model.spans import Span, start_of
from mlwa_lint.model.values import (
    Assumptions,
    MapValue,
    Plain,
    Scalar,
    Unknown,
    Value,
    known_text,
)
from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple

if TYPE_CHECKING:
    from mlwa_lint.frontends.terraform.evaluation.neighbours import Neighbours

NESTING_LIMIT = 20
# What no path has: NUL, half of a character.
_ODD = lazy("[\0\ud800-\udfff]")
_MODULE_NAME = lazy(r'module\.([\w-]+)(?:\[(?:"[^"]*"|\d+)\])?\.')


class LeftOut(NamedTuple):
    """A block without instances by the defaults of variables, and the types of what it would make."""

    span: Span
    assumed: Assumptions
    types: tuple[str, ...]


class Loader:
    """Reads modules, and collects what is found in them.

    known:    folders that were read before.
    switches: variables of the root module that are open in spite of their defaults, with these.
    """

    def __init__(
        self,
        root_folder: Path,
        root: Path,
        module_limit: int = MODULES,
        known: Mapping[Path, ModuleDeclarations] | None = None,
        switches: Mapping[str, Plain | None] | None = None,
    ) -> None:
        self.module_limit = module_limit
        self.root_folder = root_folder
        self.root = root
        self.resources: list[RawResource] = []
        self.gaps: list[Gap] = []
        self.problems: list[Problem] = []
        self.sources: list[str] = []
        self.scenarios = TerraformScenarios()
        self.modules: list[Module] = []
        self.unresolved: list[UnresolvedModule] = []
        self._made: dict[str, ResourceInstance] = {}
        self._read: list[DataInstance] = []
        self.folders: dict[Path, ModuleDeclarations] = {}
        self._known = known or {}
        self._instances_left = ALL_INSTANCES_LIMIT
        self._reported: set[str] = set()
        # What modules refer to and nothing declares, by their folders.
        self.missing: dict[Path, dict[str, Span]] = {}
        self._manifest: Mapping[str, str] | None = None
        self.neighbours: Neighbours | None = None
        # What the defaults of the root module's variables leave out, by address.
        self.off: dict[str, LeftOut] = {}
        self.switches = switches or {}
        # What was left out while these had their defaults.
        self.switched: dict[str, LeftOut] = {}

    @cached_property
    def workspaces(self) -> tuple[str, ...]:
        """The workspaces in which the root module can be planned; empty where any may be."""
        return workspaces_of(self.folder(self.root_folder))

    def further_switches(self) -> dict[str, Plain | None]:
        """The variables that are to be open, because their defaults leave blocks out."""
        left_out = {address: off.assumed for address, off in self.off.items()}
        further = SWITCHES_LIMIT - len(self.switches)
        return switches_of(left_out, self.folder(self.root_folder).variables, further)

    def again(self, switches: Mapping[str, Plain | None]) -> "Loader":
        """What reads the same, with further switches open."""
        switches = {**self.switches, **switches}
        loader = Loader(self.root_folder, self.root, self.module_limit, self.folders, switches)
        loader.switched = {**self.switched, **self.off}
        return loader

    def folder(self, path: Path, files: Sequence[Path] | None = None) -> ModuleDeclarations:
        """A folder's content, read once."""
        if path not in self.folders:
            found = self._known.get(path) or read_folder(path, self.root, files)
            self.folders[path] = found
            self.problems += found.problems
            self.sources += found.sources
            self.gaps += [_unread(each, self.root, lost) for each, lost in found.unread.items()]
        return self.folders[path]

    def load(self, module: Module) -> None:
        """Evaluates the root module and all that it calls."""
        self.modules.append(module)
        self.evaluate()
        self.read_back(())

    def evaluate(self) -> None:
        """Evaluates the root module, which was noted, and all that it calls.

        Modules are first all made and evaluated afterwards: two of them may use each other's outputs.
        """
        for each in self.modules:
            for name, block in each.folder.modules.items():
                each.called(name, block.span)
        for each in self.modules:
            self.resources += each.resources()
        for module in self.unresolved:
            self.resources += module.resources()
            gap = module.gap()
            if gap is not None:
                self.gaps.append(gap)
        if any(each.type in PACKED for each in self.resources):
            for own in self.modules:
                own.read(ARCHIVE)  # a function may name the archive by its path
        self.resources = with_code(self.resources, self._read, self.root_folder, self.root)

    def read_back(self, others: Sequence[RawResource]) -> None:
        """Finds the resources that data sources read back, also those of configurations beside this one."""
        self.resources = read_back(self.resources, self._read, others)

    # -- what modules use

    def noted(self, identity: str, text: str, literal: str | None, opaque: bool) -> Condition:
        """The condition that something open holds, or equals a literal, and whether it does by default."""
        name = self.scenarios.noted(identity, literal)
        return Condition(name, text, holds_by_default(identity, literal, self.switches), opaque)

    def path_value(self, name: str, folder: Path, span: Span) -> Value:
        """`path.module`, `path.root`, `path.cwd`."""
        if name == "cwd":
            return Unknown("path.cwd is known only when Terraform runs", span, identity=CWD, present=True)
        if name == "root" or folder == self.root_folder:
            return Scalar(".", span)
        return Scalar(Path(os.path.relpath(folder, self.root_folder)).as_posix(), span)

    def function(self, name: str, arguments: Sequence[Value], span: Span, folder: Path) -> Value:
        """A function's result; paths are relative to the root module."""
        from mlwa_lint.frontends.terraform.functions import FunctionContext, call

        if reads_path(name):
            arguments = with_path_found(arguments, self.root_folder, self.root, span)
        context = FunctionContext(self.root_folder, self.root, self.template, self.meant_by)
        return call(name, arguments, span, context)

    def meant_by(self, path: Path, span: Span) -> Path | None:
        """The only file of the project that is called like one that does not exist, in a folder called alike.

        A path with one `..` too few fails in Terraform as well, which is reported.
        """
        own = own_root(self.root, self.root_folder / "_")
        found = files_of(own).ending_like(path.as_posix())
        if found is None or found.parent.name != path.parent.name or inside(found, self.root) is None:
            return None
        wanted = os.path.relpath(path, Path.cwd().resolve())
        message = f"the file {wanted} does not exist; {shown(found)} is taken for it"
        problem = notice(span.path, span.line, message)
        if problem not in self.problems:
            self.problems.append(problem)
        return found

    def template(self, text: str, names: MapValue, file: Span | None = None) -> Value:
        """A template's text with its variables; of a file, everything keeps its place there."""
        from mlwa_lint.frontends.terraform.evaluation.constants import template_frame
        from mlwa_lint.frontends.terraform.syntax.reader import read_template

        try:
            expression = read_template(text, file or names.span, is_file=file is not None)
        except HclSyntaxError as error:
            return Unknown(f"the template cannot be read: {error.message}", names.span)
        frame = template_frame(self, {key: entry.value for key, entry in names.entries.items()})
        return evaluate(expression, frame)

    def made(self, instance: ResourceInstance | DataInstance) -> None:
        """Remembers an instance of a resource or data source."""
        if isinstance(instance, ResourceInstance):
            self._made[instance.address] = instance
        else:
            self._read.append(instance)

    def output_of_state(self, backend: str, config: Value, name: str) -> Value | None:
        """An output of a configuration beside this one, if its state is at the place."""
        if self.neighbours is None:
            return None
        return self.neighbours.output(self.modules[0], backend, config, name)

    def attribute_of(self, address: str, name: str) -> Value | None:
        """An attribute of a resource by its whole address; None where there is no such instance."""
        instance = self._made.get(address)
        return instance.attribute(name) if instance is not None else None

    def cycle(self, names: list[str], span: Span) -> None:
        """Reports names that depend on each other."""
        message = f"{' → '.join([*names, names[0]])} refer to each other in a circle"
        key = " ".join(sorted(names))
        if key not in self._reported:
            self._reported.add(key)
            self.problems.append(Problem(span.path, span.line, message))

    def undeclared(self, folder: Path, name: str, span: Span) -> None:
        """Remembers a name that a module refers to and nothing in it declares."""
        self.missing.setdefault(folder, {}).setdefault(name, span)

    def slots(self, block: Block, frame: TerraformFrame, address: str, name: str) -> Slots:
        """The instances that a block creates; a number beyond the limits is reported and left open."""
        slots = slots_of(block, frame, address, self.scenarios, self._instances_left)
        if address in self.switched:
            slots = slots._replace(slots=tuple(map(absent_by_default, slots.slots)))
        self._instances_left = max(self._instances_left - len(slots.slots), 0)
        if not slots.slots and slots.value is not None and slots.value.assumed:
            types = block.labels[:1] if block.type == "resource" else ()
            self.off[address] = LeftOut(block.span, slots.value.assumed, types)
        if slots.excessive:
            message = f"{name} has {slots.excessive:,} instances; too many to be analysed one by one"
            self.problems.append(Problem(block.span.path, block.span.line, message, fatal=False))
        return slots

    # -- module calls

    def calls(self, module: Caller, name: str, block: Block) -> Calls:
        """The instances of a module call, made but not evaluated."""
        address = f"{module.prefix}module.{name}"
        slots = self.slots(block, module.frame, address, f"module.{name}")
        source = self._source(module, block)
        path, why = self._place(module, name, source, block)
        made: list[tuple[Slot, ModuleInstance]] = []
        if address in self.off and path is not None:
            # It is not one of the sources: nothing of it is expanded, so that it is linted alone.
            types = tuple(kind for kind, _ in read_folder(path, self.root).resources)
            self.off[address] = self.off[address]._replace(types=types)
        for slot in slots.slots:
            frame = module.frame.bound(slot.names) if slot.names else module.frame
            guards = (*module.guards, *(guard for guard in slot.guards if guard not in module.guards))
            inputs = Inputs(block, frame)
            providers = module.providers.handed(block)
            if path is None:
                unresolved = UnresolvedModule(
                    name, source, why, address + slot.key, inputs, guards, providers.named("aws")
                )
                self.unresolved.append(unresolved)
                made.append((slot, ModuleInstance(unresolved.output, ())))
                continue
            called = Module(
                self,
                self.folder(path),
                f"{address}{slot.key}.",
                inputs,
                guards,
                providers,
                module.parents,
                (*module.awaited, *(module.prefix + each for each in stated(block))),
            )
            self.modules.append(called)
            made.append((slot, ModuleInstance(called.output, tuple(called.folder.outputs))))
        return Calls(slots, tuple(made))

    def _place(self, module: Caller, name: str, source: str | None, block: Block) -> tuple[Path | None, str]:
        """Where a module's files are, or why they are not read (empty: its source is elsewhere)."""
        found = self._local(module, name, source) if source is not None else None
        if found is None and source is not None:
            found = self._own(module, name, source, block)
        if found is None:
            return None, ""
        if _ODD.search(str(found)):
            message = f"module {name} is not read: its source is not a path"
            self.problems.append(Problem(block.span.path, block.span.line, message, fatal=False))
            return None, "its source is not a path"
        path = Path(os.path.normpath(found))
        real = inside(path, self.root)
        if real is None:
            message = f"module {name} is not read: {source} is outside of {shown(self.root)}"
            self.problems.append(Problem(block.span.path, block.span.line, message, fatal=False))
            return None, "outside the project"
        if not is_folder(path):
            message = f"module {name}: there is no folder {shown(path)}"
            self.problems.append(Problem(block.span.path, block.span.line, message, fatal=False))
            return None, "not found"
        if real in module.parents:
            message = f"module {name} calls itself through {shown(path)}"
            self.problems.append(Problem(block.span.path, block.span.line, message))
            return None, "it calls itself"
        if len(module.parents) > NESTING_LIMIT:
            message = f"module {name} is linted separately: modules are nested deeper than {NESTING_LIMIT}"
            self.problems.append(Problem(block.span.path, block.span.line, message, fatal=False))
            return None, "nested too deeply"
        if len(self.modules) > self.module_limit:
            self._too_many(block)
            return None, "too many modules"
        return path, ""

    def _too_many(self, block: Block) -> None:
        """Reports once that not all modules are expanded."""
        if "too many modules" not in self._reported:
            self._reported.add("too many modules")
            message = (
                f"modules are called more than {self.module_limit:,} times, and not all are expanded: "
                "set module-limit to allow more"
            )
            self.problems.append(Problem(block.span.path, block.span.line, message))

    def _source(self, module: Caller, block: Block) -> str | None:
        argument = block.arguments.get("source")
        return known_text(evaluate(argument.value, module.frame)) if argument is not None else None

    def _local(self, module: Caller, name: str, source: str) -> Path | None:
        """Where a module's files are: beside the caller, or where `terraform init` put them."""
        if source.startswith(("./", "../")) or source in (".", ".."):
            return module.folder.path / source
        key = ".".join((*_names_in(module.prefix), name))
        folder = self._installed().get(key)
        return self.root_folder / folder if folder is not None else None

    def _own(self, module: Caller, name: str, source: str, block: Block) -> Path | None:
        """The folder of this repository that a source of a registry or of Git means."""
        from mlwa_lint.frontends.terraform.evaluation.own_sources import fits, own_folder
        from mlwa_lint.frontends.terraform.vocabulary.modules import is_known

        found = own_folder(source, module.folder.path, self.root) if not is_known(source) else None
        real = inside(found, self.root) if found is not None else None
        if found is None or real is None or real in module.parents:
            return None
        if not fits(read_folder(found, self.root), Inputs(block, module.frame)):
            return None
        message = f"module {name} is read from the folder {shown(found)}: {source} is this repository"
        self.problems.append(Problem(block.span.path, block.span.line, message, fatal=False, quiet=True))
        return found

    def _installed(self) -> Mapping[str, str]:
        if self._manifest is None:
            from mlwa_lint.frontends.terraform.syntax.manifest import installed

            self._manifest = installed(self.root_folder, self.root)
        return self._manifest


def _unread(path: Path, root: Path, lost: str | None) -> Gap:
    """A file that is not a valid configuration, as a part that is not expanded."""
    from mlwa_lint.frontends.terraform.vocabulary.services import never_in_text

    name = shown(path)
    never: tuple[str, ...] = ()
    if lost is not None:
        never = never_in_text(lost)
    elif inside(path, root) is not None:
        with suppress(OSError, TooLargeError, UnicodeDecodeError):
            never = never_in_text(read_bytes(path, FILE_LIMIT).decode("utf-8-sig"))
    return Gap(f"{name}, which cannot be read,", start_of(name), None, never)


def _names_in(prefix: str) -> list[str]:
    """`module.a["k"].module.b.` → a, b."""
    return _MODULE_NAME.findall(prefix)
