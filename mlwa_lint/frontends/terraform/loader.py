"""A whole configuration: the root module and all modules that it calls, into raw resources."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from mlwa_lint.frontends.evaluator import evaluate
from mlwa_lint.frontends.terraform.bodies import INSTANCES_LIMIT, body_of
from mlwa_lint.frontends.terraform.folder import Folder, read_folder
from mlwa_lint.frontends.terraform.instances import Slot, Slots, slots_of
from mlwa_lint.frontends.terraform.module import Module
from mlwa_lint.frontends.terraform.raw import RawResource
from mlwa_lint.frontends.terraform.scenarios import TerraformScenarios
from mlwa_lint.frontends.terraform.syntax import Block, HclSyntaxError
from mlwa_lint.model.conditions import Guard
from mlwa_lint.model.resources import Gap, Problem
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import MapValue, Scalar, Unknown, Value, known_text
from mlwa_lint.paths import inside, shown

MODULES_LIMIT = 500
NESTING_LIMIT = 20
RESOURCES_LIMIT = 20_000
_CALL_META = frozenset({"count", "for_each", "providers", "depends_on", "source", "version", "lifecycle"})


class Call(NamedTuple):
    """One instance of a called module: how its outputs are asked for, and their names."""

    output: Callable[[str], Value | None]
    names: tuple[str, ...]


class Calls(NamedTuple):
    """All instances of a module call."""

    slots: Slots
    made: tuple[tuple[Slot, Call], ...]


class Loader:
    """Reads modules, and collects what is found in them."""

    def __init__(self, root_folder: Path, root: Path) -> None:
        self.root_folder = root_folder
        self.root = root
        self.resources: list[RawResource] = []
        self.gaps: list[Gap] = []
        self.problems: list[Problem] = []
        self.sources: list[str] = []
        self.partial = False
        self.scenarios = TerraformScenarios()
        self.modules: list[Module] = []
        self._folders: dict[Path, Folder] = {}
        self._calls: dict[tuple[str, str], Calls] = {}
        self._told: set[str] = set()
        self._manifest: Mapping[str, str] | None = None

    def folder(self, path: Path, files: Sequence[Path] | None = None) -> Folder:
        """A folder's content, read once."""
        if path not in self._folders:
            found = read_folder(path, self.root, files)
            self._folders[path] = found
            self.problems += found.problems
            self.sources += found.sources
            self.partial = self.partial or found.partial
        return self._folders[path]

    def load(self, module: Module) -> None:
        """Evaluates a module and all that it calls."""
        self.modules.append(module)
        for name, block in module.folder.modules.items():
            module.called(name, block.span)
        self.resources += module.resources()

    # -- what modules ask for

    def path_value(self, name: str, folder: Path, span: Span) -> Value:
        """`path.module`, `path.root`, `path.cwd`."""
        if name == "cwd":
            return Unknown(
                "path.cwd is known only when Terraform runs", span, identity="path.cwd", present=True
            )
        if name == "root" or folder == self.root_folder:
            return Scalar(".", span)
        import os

        return Scalar(Path(os.path.relpath(folder, self.root_folder)).as_posix(), span)

    def function(self, name: str, arguments: Sequence[Value], span: Span, folder: Path) -> Value:
        """A function's result; paths are relative to the root module."""
        from mlwa_lint.frontends.terraform.functions import FunctionContext, call

        context = FunctionContext(self.root_folder, self.root, self.template)
        return call(name, arguments, span, context)

    def template(self, text: str, names: MapValue) -> Value:
        """A template file's text with its variables."""
        from mlwa_lint.frontends.terraform.constants import template_frame
        from mlwa_lint.frontends.terraform.reader import read_template

        try:
            expression = read_template(text, names.span)
        except HclSyntaxError as error:
            return Unknown(f"the template cannot be read: {error.message}", names.span)
        frame = template_frame(self, {key: entry.value for key, entry in names.entries.items()})
        return evaluate(expression, frame)

    def cycle(self, names: list[str], span: Span) -> None:
        """Reports names that depend on each other."""
        message = f"{' → '.join([*names, names[0]])} refer to each other in a circle"
        key = " ".join(sorted(names))
        if key not in self._told:
            self._told.add(key)
            self.problems.append(Problem(span.path, span.line, message))

    def excessive(self, slots: Slots, block: Block, name: str) -> None:
        """Reports a number of instances beyond the limit."""
        if slots.excessive:
            message = (
                f"{name} has {slots.excessive:,} instances; more than {INSTANCES_LIMIT:,} are not looked at "
                "one by one"
            )
            self.problems.append(Problem(block.span.path, block.span.line, message, fatal=False))

    # -- module calls

    def calls(self, module: Module, name: str, block: Block) -> Calls:
        """The instances of a module call, loaded."""
        address = f"{module.prefix}module.{name}"
        slots = slots_of(block, module.frame, address)
        self.excessive(slots, block, f"module.{name}")
        made: list[tuple[Slot, Call]] = []
        for slot in slots.slots:
            frame = module.frame.bound(slot.names) if slot.names else module.frame
            inputs = body_of(block, frame, _CALL_META)
            guards = (*module.guards, *(guard for guard in slot.guards if guard not in module.guards))
            made.append((slot, self._call(module, name, block, address + slot.key, inputs, guards)))
        return Calls(slots, tuple(made))

    def _call(
        self,
        module: Module,
        name: str,
        block: Block,
        address: str,
        inputs: MapValue,
        guards: tuple[Guard, ...],
    ) -> Call:
        source = self._source(module, block)
        path = self._local(module, name, source) if source is not None else None
        why = ""
        if path is not None and inside(path, self.root) is None:
            why, path = "outside the project", None
        elif path is not None and not path.is_dir():
            why, path = "not found", None
        elif path is not None:
            path = inside(path, self.root)
        if path is not None and path in module.parents:
            message = f"module {name} calls itself through {shown(path)}"
            self.problems.append(Problem(block.span.path, block.span.line, message))
            why, path = "it calls itself", None
        elif path is not None and (
            len(module.parents) > NESTING_LIMIT
            or len(self.modules) > MODULES_LIMIT
            or len(self.resources) > RESOURCES_LIMIT
        ):
            message = f"module {name} is not looked into: there are too many modules"
            self.problems.append(Problem(block.span.path, block.span.line, message))
            why, path = "too many modules", None
        if path is None:
            return self._gap(name, source, why, address, inputs, block, guards)
        values = {key: entry.value for key, entry in inputs.entries.items()}
        called = Module(
            self,
            self.folder(path),
            f"{address}.",
            values,
            guards,
            module.providers.handed(block),
            module.parents,
        )
        self.load(called)
        return Call(called.output, tuple(called.folder.outputs))

    def _source(self, module: Module, block: Block) -> str | None:
        argument = block.arguments.get("source")
        return known_text(evaluate(argument.value, module.frame)) if argument is not None else None

    def _local(self, module: Module, name: str, source: str) -> Path | None:
        """Where a module's files are: beside the caller, or where `terraform init` put them."""
        if source.startswith(("./", "../")) or source in (".", ".."):
            return module.folder.path / source
        key = ".".join((*_names_in(module.prefix), name))
        folder = self._installed().get(key)
        return self.root_folder / folder if folder is not None else None

    def _installed(self) -> Mapping[str, str]:
        if self._manifest is None:
            from mlwa_lint.frontends.terraform.manifest import installed

            self._manifest = installed(self.root_folder, self.root)
        return self._manifest

    def _gap(
        self,
        name: str,
        source: str | None,
        why: str,
        address: str,
        inputs: MapValue,
        block: Block,
        guards: tuple[Guard, ...],
    ) -> Call:
        what = f"module {name} ({why or _kind(source)})"
        outputs: Mapping[str, Value] = {}
        gap: Gap | None = Gap(what, block.span, tuple(entry.value for entry in inputs.entries.values()))
        if source is not None and not why:
            from mlwa_lint.frontends.terraform.known import known

            found = known(source, name, address, inputs, block.span)
            if found is not None:
                stood_for, outputs, gap = found
                self.resources += [
                    raw._replace(guards=(*guards, *(g for g in raw.guards if g not in guards)))
                    for raw in stood_for
                ]
        if gap is not None:
            self.gaps.append(gap)

        def output(key: str) -> Value:
            if key in outputs:
                return outputs[key]
            reason = f"module {name} is not looked into ({why or _kind(source)})"
            return Unknown(reason, block.span, identity=f"{address}.{key}")

        return Call(output, tuple(outputs))


def _names_in(prefix: str) -> list[str]:
    """`module.a["k"].module.b.` → a, b."""
    import re

    return re.findall(r'module\.([\w-]+)(?:\[(?:"[^"]*"|\d+)\])?\.', prefix)


def _kind(source: str | None) -> str:
    if source is None:
        return "its source is not known"
    if source.startswith(("git::", "git@", "github.com/", "bitbucket.org/")):
        return "git source"
    if source.startswith(("./", "../")):
        return "local source"
    if "://" in source or source.startswith(("s3::", "gcs::", "hg::")):
        return "remote source"
    return "registry source"
