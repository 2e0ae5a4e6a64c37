"""One module: variables, locals, resources, data sources, outputs, module calls, evaluated on demand."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from mlwa_lint.frontends.evaluator import evaluate
from mlwa_lint.frontends.expressions import Expr
from mlwa_lint.frontends.failures import failure
from mlwa_lint.frontends.terraform.evaluation.bodies import body_of
from mlwa_lint.frontends.terraform.evaluation.context import Context
from mlwa_lint.frontends.terraform.evaluation.data_source import DataInstance
from mlwa_lint.frontends.terraform.evaluation.gathering import gathered
from mlwa_lint.frontends.terraform.evaluation.instances import Slot, Slots
from mlwa_lint.frontends.terraform.evaluation.limits import bounded
from mlwa_lint.frontends.terraform.evaluation.mentions import alike, lost, meant, mentioned_in, stated
from mlwa_lint.frontends.terraform.evaluation.objects import Attributes, whole
from mlwa_lint.frontends.terraform.evaluation.providers import Providers
from mlwa_lint.frontends.terraform.evaluation.resource import ResourceInstance
from mlwa_lint.frontends.terraform.evaluation.scope import TerraformFrame
from mlwa_lint.frontends.terraform.evaluation.types import convert
from mlwa_lint.frontends.terraform.evaluation.validations import accepted, is_never_empty, without_default
from mlwa_lint.frontends.terraform.raw import RawResource
from mlwa_lint.frontends.terraform.syntax.blocks import Block
from mlwa_lint.frontends.terraform.syntax.folder import ModuleDeclarations
from mlwa_lint.model.conditions import Condition, Guard
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import (
    Absent,
    Entry,
    MapValue,
    Scalar,
    Unknown,
    Value,
    assume,
    known_text,
)

DEPTH_LIMIT = 400
_IGNORED = "ignore_changes"


class Module:
    """An instance of a module.

    prefix: `module.m.` before every address; empty for the root.
    inputs: the arguments of the call; for the root, what the user states.
    awaited: what the calls name in `depends_on`, which every resource of the module waits for.
    """

    def __init__(
        self,
        context: Context,
        folder: ModuleDeclarations,
        prefix: str,
        inputs: Mapping[str, Value],
        guards: tuple[Guard, ...] = (),
        providers: Providers | None = None,
        parents: tuple[Path, ...] = (),
        awaited: tuple[str, ...] = (),
    ) -> None:
        self.context = context
        self.folder = folder
        self.prefix = prefix
        self.inputs = inputs
        self.guards = guards
        self.awaited = awaited
        # Real paths, for a link can lead round in a circle too.
        self.parents = (*parents, folder.path.resolve())
        self.frame = TerraformFrame(self)
        self.providers = providers or Providers({})
        self._variables: dict[str, Value] = {}
        self._locals: dict[str, Value] = {}
        self._outputs: dict[str, Value] = {}
        self._slots: dict[tuple[str, ...], Slots] = {}
        self._instances: dict[tuple[str, ...], list[tuple[Slot, ResourceInstance | DataInstance]]] = {}
        self._wholes: dict[tuple[str, ...], Value] = {}
        self._mentioned: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._open: list[tuple[str, ...]] = []
        self.providers.declare(folder.providers, self.frame, not prefix)

    # -- names

    def named(self, path: tuple[str, ...], span: Span) -> tuple[Value, int]:
        """The value of a name and how many steps of the path it took."""
        head = path[0]
        if len(path) == 1:
            return failure(f"{head} is not a value", span), 1
        second = path[1]
        if head == "var":
            return self.variable(second, span), 2
        if head == "local":
            return self.local(second, span), 2
        if head == "data" and len(path) > 2:
            return self.whole(("data", second, path[2]), span), 3
        if head == "ephemeral" and len(path) > 2:
            reason = f"{'.'.join(path[:3])} is opened only at deployment"
            identity = self.prefix + ".".join(path[:3])
            return Unknown(reason, span, identity=identity, present=True, secret=True), 3
        if head == "module":
            return self.called(second, span), 2
        if head in ("path", "terraform", "each", "count", "self"):
            return self._special(head, second, span), 2
        return self.whole((head, second), span), 2

    def _special(self, head: str, name: str, span: Span) -> Value:
        if head == "path" and name in ("module", "root", "cwd"):
            return self.context.path_value(name, self.folder.path, span)
        if head == "terraform":
            reason = f"terraform.{name} is known only at deployment"
            possible = self.context.workspaces if name == "workspace" else ()
            return Unknown(reason, span, identity=f"terraform.{name}", present=True, one_of=possible)
        if head == "self":
            return Unknown("self is known only at deployment", span)
        return failure(f"{head}.{name} cannot be used here", span)

    def variable(self, name: str, span: Span) -> Value:
        """An input variable's value."""
        if name not in self._variables:
            if not self._enter(("var", name), span):
                return Unknown(f"var.{name} refers to itself", span)
            try:
                self._variables[name] = self._variable(name, span)
            finally:
                self._open.pop()
        return self._variables[name]

    def _variable(self, name: str, span: Span) -> Value:
        block = self.folder.variables.get(name)
        if block is None:
            return self._undeclared(f"variable {name}", span)
        kind = self.type_of_variable(name)
        secret = self._flag(block, "sensitive")
        given = self.inputs.get(name)
        if isinstance(given, Absent) and not self._flag(block, "nullable", True):
            given = None
        is_switch = not self.prefix and name in self.context.switches
        if given is None and "default" in block.arguments and not is_switch:
            given = evaluate(block.arguments["default"].value, self.frame)
            if not self.prefix:
                given = assume(given, frozenset({f"the default of {name}"}))
        if given is None:
            filled = is_never_empty(kind) and not self._flag(block, "nullable", True)
            given = without_default(name, self.prefix, block.span, filled, secret, is_switch)
        if isinstance(given, Unknown) and not given.parts:
            given = accepted(given, block, name, self.frame)
        return _secret(bounded(convert(given, kind, block.span), block.span), secret)

    def _flag(self, block: Block, name: str, otherwise: bool = False) -> bool:
        argument = block.arguments.get(name)
        text = known_text(evaluate(argument.value, self.frame)) if argument is not None else None
        return otherwise if text is None else text == "true"

    def local(self, name: str, span: Span) -> Value:
        """A local value."""
        if name not in self._locals:
            definition = self.folder.locals.get(name)
            if definition is None:
                return self._undeclared(f"local.{name}", span)
            if not self._enter(("local", name), span):
                return Unknown(f"local.{name} refers to itself", span)
            try:
                self._locals[name] = bounded(evaluate(definition.value, self.frame), span)
            finally:
                self._open.pop()
        return self._locals[name]

    def expression_of_local(self, name: str) -> Expr | None:
        """How a local value is defined."""
        definition = self.folder.locals.get(name)
        return definition.value if definition is not None else None

    def type_of_variable(self, name: str) -> Expr | None:
        """A variable's type constraint."""
        block = self.folder.variables.get(name)
        constraint = block.arguments.get("type") if block is not None else None
        return constraint.value if constraint is not None else None

    def _enter(self, key: tuple[str, ...], span: Span) -> bool:
        """Starts to evaluate a name; False when that is under way already: a cycle."""
        if key in self._open:
            cycle = self._open[self._open.index(key) :]
            self.context.cycle([self.prefix + ".".join(each) for each in cycle], span)
            return False
        self._open.append(key)
        return True

    def function(self, name: str, arguments: Sequence[Value], span: Span) -> Value:
        """A function's result."""
        return self.context.function(name, arguments, span, self.folder.path)

    def noted(self, identity: str, text: str, literal: str | None, opaque: bool = False) -> Condition:
        """The condition that something open holds, or equals a literal."""
        return self.context.noted(identity, text, literal, opaque)

    def _undeclared(self, name: str, span: Span, meant: str = "") -> Value:
        """A name that nothing declares: an error, unless a file that cannot be read may declare it."""
        if self.folder.may_declare(name):
            return Unknown(f"{name} is not declared in what could be read", span)
        self.context.undeclared(self.folder.path, name, span)
        return failure(f"{name} is not declared{f', but {meant} is' if meant else ''}", span)

    def output_of_state(self, backend: str, config: Value, name: str) -> Value | None:
        """An output of the configuration whose state is at a place, if it is linted as well."""
        return self.context.output_of_state(backend, config, name)

    def attribute_of(self, address: str, name: str) -> Value | None:
        """An attribute of a resource, of any module."""
        return self.context.attribute_of(address, name)

    # -- resources and data sources

    def whole(self, key: tuple[str, ...], span: Span) -> Value:
        """All instances of a resource or data source, as an expression sees them."""
        key = meant(key, self.folder)
        if key not in self._wholes:
            if self._block(key) is None:
                return self._undeclared(".".join(key), span, alike(key, self.folder))
            if not self._enter(key, span):
                return Unknown(f"{'.'.join(key)} refers to itself", span)
            try:
                self._wholes[key] = self._whole(key)
            finally:
                self._open.pop()
        return self._wholes[key]

    def _block(self, key: tuple[str, ...]) -> Block | None:
        if _is_read(key):
            return self.folder.data.get((key[1], key[2]))
        return self.folder.resources.get((key[0], key[1]))

    def _whole(self, key: tuple[str, ...]) -> Value:
        instances = self.instances(key)
        values: dict[str, Value] = {slot.key: instance.value() for slot, instance in instances}
        block = self._block(key)
        assert block is not None
        return gathered(self._slots[key], values, block, ".".join(key))

    def instances(self, key: tuple[str, ...]) -> list[tuple[Slot, ResourceInstance | DataInstance]]:
        """The instances of a resource or data source."""
        if key not in self._instances:
            block = self._block(key)
            assert block is not None
            address = self.prefix + ".".join(key)
            slots = self.context.slots(block, self.frame, address, ".".join(key))
            self._slots[key] = slots
            made: list[tuple[Slot, ResourceInstance | DataInstance]] = []
            for slot in slots.slots:
                frame = self.frame.bound(slot.names) if slot.names else self.frame
                if _is_read(key):
                    made.append((slot, DataInstance(address + slot.key, block, frame, self.providers)))
                else:
                    guards = _joined(self.guards, slot.guards)
                    made.append(
                        (slot, ResourceInstance(address + slot.key, block, frame, guards, slot.assumed))
                    )
            for _, instance in made:
                self.context.made(instance)
            self._instances[key] = made
        return self._instances[key]

    def resources(self) -> list[RawResource]:
        """The module's own resources, without those of modules that it calls."""
        found: list[RawResource] = []
        for key, block in self.folder.resources.items():
            self.whole(key, block.span)
            for _, instance in self.instances(key):
                if isinstance(instance, ResourceInstance):
                    found.append(self._raw(instance, block))
        return found

    def read(self, kind: str) -> None:
        """Reads the data sources of a type, also those that nothing refers to."""
        for (type_, name), block in self.folder.data.items():
            if type_ == kind:
                self.whole(("data", type_, name), block.span)

    def _raw(self, instance: ResourceInstance, block: Block) -> RawResource:
        lifecycle = block.first("lifecycle")
        provider = self.providers.of(block)
        return RawResource(
            address=instance.address,
            type=block.labels[0],
            body=instance.body(),
            span=block.span,
            lifecycle=self._lifecycle(lifecycle, instance)
            if lifecycle is not None
            else MapValue({}, block.span),
            depends_on=self.depended(block, instance.body()),
            default_tags=provider.default_tags() if provider is not None else None,
            guards=instance.guards,
            region=self._region(instance, provider.region() if provider is not None else None),
        )

    def _lifecycle(self, lifecycle: Block, instance: ResourceInstance) -> MapValue:
        """A `lifecycle` block, of which only that something is ignored is known of `ignore_changes`."""
        body = body_of(lifecycle, instance.frame, frozenset({_IGNORED}))
        if _IGNORED not in lifecycle.arguments:
            return body
        span = lifecycle.arguments[_IGNORED].span
        return body._replace(entries={**body.entries, _IGNORED: Entry(span, Scalar(True, span), _IGNORED)})

    def _region(self, instance: ResourceInstance, otherwise: str | None) -> str | None:
        stated = instance.argument("region") if "region" in instance.block.arguments else None
        return known_text(stated) if stated is not None else otherwise

    def depended(self, block: Block, body: Value) -> tuple[str, ...]:
        """The addresses in `depends_on`, and those that only the text of expressions contains."""
        named = list(stated(block))
        own = tuple(block.labels[:2])
        if own not in self._mentioned:
            self._mentioned[own] = tuple(mentioned_in(block, self.expression_of_local))
        found = lost(self._mentioned[own], body, self.prefix)
        named += (n for n in found if (p := tuple(n.split("."))) in self.folder.resources and p != own)
        return (*self.awaited, *(self.prefix + name for name in named))

    # -- modules

    def called(self, name: str, span: Span) -> Value:
        """All instances of a called module, as an expression sees them: their outputs."""
        key = ("module", name)
        block = self.folder.modules.get(name)
        if block is None:
            return self._undeclared(f"module.{name}", span)
        if key not in self._wholes:
            if not self._enter(key, span):
                return Unknown(f"module.{name} refers to itself", span)
            try:
                calls = self.context.calls(self, name, block)
                values = {slot.key: _outputs_of(call.output, call.names, block) for slot, call in calls.made}
                self._wholes[key] = gathered(calls.slots, values, block, f"module.{name}")
            finally:
                self._open.pop()
        return self._wholes[key]

    def output(self, name: str) -> Value | None:
        """An output's value; None when it is not declared."""
        if name not in self._outputs:
            block = self.folder.outputs.get(name)
            if block is None or "value" not in block.arguments:
                return None
            if not self._enter(("output", name), block.span):
                return Unknown(f"output {name} refers to itself", block.span)
            try:
                value = bounded(evaluate(block.arguments["value"].value, self.frame), block.span)
                self._outputs[name] = _secret(value, self._flag(block, "sensitive"))
            finally:
                self._open.pop()
        return self._outputs[name]


def _outputs_of(output: Callable[[str], Value | None], names: tuple[str, ...], block: Block) -> Value:
    attributes = Attributes("", block.span, names, output)
    return whole(attributes, block.span, f"an output of module {block.labels[0]} is not known")


def _is_read(key: tuple[str, ...]) -> bool:
    """Whether a key is that of a data source; a resource of the type `data` has one part less."""
    return key[0] == "data" and len(key) > 2


def _joined(first: tuple[Guard, ...], second: tuple[Guard, ...]) -> tuple[Guard, ...]:
    return (*first, *(guard for guard in second if guard not in first))


def _secret(value: Value, secret: bool) -> Value:
    """A sensitive value: what is known of it stays known, what is not is marked."""
    if secret and isinstance(value, Unknown):
        return value._replace(secret=True)
    return value
