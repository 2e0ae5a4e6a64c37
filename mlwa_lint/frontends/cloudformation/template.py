"""One template's tree, evaluated into resources; a loader reads nested stacks."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Protocol

from mlwa_lint.files.keeping import memory_of
from mlwa_lint.frontends.choices import one_map
from mlwa_lint.frontends.cloudformation.conditions.rules import rules_in
from mlwa_lint.frontends.cloudformation.conditions.table import ConditionTable, TemplateScenarios
from mlwa_lint.frontends.cloudformation.parameters import declared
from mlwa_lint.frontends.cloudformation.plain import value_of
from mlwa_lint.frontends.cloudformation.scope import ANYTHING, TemplateScope
from mlwa_lint.frontends.cloudformation.stack_context import StackContext
from mlwa_lint.frontends.cloudformation.syntax.files import TemplateTree
from mlwa_lint.frontends.cloudformation.syntax.foreach import expanded, has_loops
from mlwa_lint.frontends.cloudformation.syntax.includes import included
from mlwa_lint.frontends.cloudformation.syntax.macros import macros
from mlwa_lint.frontends.cloudformation.syntax.nodes import MapNode, Node, TextNode
from mlwa_lint.frontends.cloudformation.syntax.reader import condition_expression
from mlwa_lint.frontends.cloudformation.syntax.shapes import (
    GENERATED,
    NEVER_SERVERLESS,
    assuming,
    is_serverless,
    maker_of,
    text_of_key,
)
from mlwa_lint.frontends.cloudformation.vocabulary import VOCABULARY, canonical
from mlwa_lint.frontends.failures import failure
from mlwa_lint.model.conditions import Condition, Guard
from mlwa_lint.model.resources import CODE_PATH, Gap, Problem, Resource
from mlwa_lint.model.spans import Span, start_of
from mlwa_lint.model.values import (
    ABSENT,
    Absent,
    Assumptions,
    Choice,
    Entry,
    MapValue,
    Scalar,
    Unknown,
    Value,
    alternatives,
    known_text,
    tail_of,
)
from mlwa_lint.startup.records import NamedTuple

if TYPE_CHECKING:
    from mlwa_lint.frontends.cloudformation.remembering import TemplateEvaluation

STACK = "AWS::CloudFormation::Stack"
# How many properties one value may be taken from in turn.
CHAIN_LIMIT = 40
# Types that deploy templates of their own, elsewhere or later.
_DEPLOYING = frozenset(
    {"AWS::CloudFormation::StackSet", "AWS::ServiceCatalog::CloudFormationProvisionedProduct"}
)
_ATTRIBUTES = (
    CODE_PATH,
    "Condition",
    "CreationPolicy",
    "DeletionPolicy",
    "DependsOn",
    "Metadata",
    "UpdatePolicy",
    "UpdateReplacePolicy",
)


class Child(NamedTuple):
    """What became of a nested stack: its template, or why there is none."""

    template: "Template | None"
    missing: str = ""


class StackLoader(Protocol):
    """Finds the templates of nested stacks."""

    def child(self, parent: "Template", key: TextNode, body: MapNode) -> Child:
        """The template of a nested stack."""
        ...

    def part(self, parent: "Template", place: Node) -> MapNode | None:
        """The content of a file that a template includes."""
        ...


class Template:
    """A template among its stacks. `evaluated` gives its resources and those of its nested stacks."""

    def __init__(
        self, tree: TemplateTree, context: StackContext, loader: StackLoader, scenarios: TemplateScenarios
    ) -> None:
        self.context = context
        self.problems: list[Problem] = []
        self.gaps: list[Gap] = []
        self.scenarios = scenarios
        self._loader = loader
        self._children: dict[str, Child] = {}
        self.root = tree.root
        self.has_parts = tree.has_parts
        for again in tree.repeated:
            message = f"{again}; CloudFormation takes the last one"
            self.problems.append(Problem(context.name, again.line, message, fatal=False))
        self.scope = self._scope()
        if tree.has_parts:
            self.root = included(tree.root, lambda node: loader.part(self, node))
            self.scope = self._scope()
        self._check_parameters()
        self._resolving: set[tuple[str, str]] = set()
        self._known: dict[tuple[str, str], Value | None] = {}
        self._outputs: dict[tuple[str, str], Value] = {}
        self._assumed: Mapping[str, Assumptions] = {}
        self._open: Mapping[str, tuple[str, ...]] = {}
        if tree.has_loops or tree.has_parts:
            self.root = self._without_loops(self.root)
        self.sources: Mapping[str, str] = {}
        self.written = self.section("Resources")
        if is_serverless(self.root):
            self._translate_serverless()
        self.bodies = dict(self._bodies())
        self.scope.types = {name: text_of_key(body, "Type") for name, (_, body) in self.bodies.items()}
        self.scope.generated = {
            f"{source}.{GENERATED[kind]}": name
            for name, source in self.sources.items()
            if (kind := self.scope.types.get(name, "")) in GENERATED
        }
        self.scope.outputs, self.scope.stated = self._output, self._stated
        self.conditions = ConditionTable(
            {key.text: condition_expression(node) for key, node in self.section("Conditions").entries},
            self.scope,
            tuple(rules_in(self.section("Rules"))),
            scenarios,
            context.bindings,
        )
        self.scope.conditions = self.conditions
        self.gaps.extend(macros(self.root))
        self._report_cycles()
        self._learn_names()
        self._memory = self._remembered(tree)

    def _scope(self) -> TemplateScope:
        context = self.context
        parameters = declared(
            self.section("Parameters"),
            context.given,
            context.prefix,
            context.space,
            context.complete,
        )
        mappings = _mappings(self.section("Mappings"))
        return TemplateScope(parameters, mappings, {}, context.prefix, context.space)

    def _check_parameters(self) -> None:
        """Parameters with values that CloudFormation refuses."""
        for parameter in self.scope.parameters.values():
            if message := parameter.complaint():
                self._problem(parameter.span, message)

    def section(self, name: str) -> MapNode:
        """A top-level map; empty where there is none."""
        node = self.root.get(name)
        if isinstance(node, MapNode):
            return node
        if node is not None and not (isinstance(node, TextNode) and node.data is None):
            self._problem(node.span, f"{name} must be a map", fatal=True)
        return MapNode((), "", start_of(self.context.name))

    def _problem(self, span: Span, message: str, fatal: bool = False) -> None:
        problem = Problem(self.context.name, span.line, message, fatal)
        if problem not in self.problems:
            self.problems.append(problem)

    # -- what there is

    def _without_loops(self, root: MapNode) -> MapNode:
        sections = ("Resources", "Outputs", "Conditions")
        if not any(has_loops(root.get(name)) for name in sections):
            return root
        entries = []
        for key, node in root.entries:
            if key.text in sections:
                node, assumed, still_open = expanded(
                    node, lambda each: value_of(each, self.scope), self.scope.loops
                )
                if key.text == "Resources":
                    self._assumed, self._open = assumed, still_open
            entries.append((key, node))
        return root._replace(entries=tuple(entries))

    def _translate_serverless(self) -> None:
        from mlwa_lint.frontends.cloudformation import sam  # only SAM templates pay for it

        self.root, self.sources, untranslated = sam.translated(self.root)
        for what, span in untranslated:
            self.gaps.append(Gap(what, span, never=NEVER_SERVERLESS))
            self._problem(span, f"{what} is not understood; what it creates is not analysed")

    def _bodies(self) -> Iterator[tuple[str, tuple[TextNode, MapNode]]]:
        for key, body in self.section("Resources").entries:
            if key.text.startswith("Fn::"):
                self.gaps.append(Gap(f"{key.text} in Resources", key.span))
            elif isinstance(body, MapNode) and text_of_key(body, "Type"):
                yield key.text, (key, body)
            elif maker := maker_of(body):
                self.gaps.append(Gap(f"resource {key.text}, which {maker} makes", key.span))
            else:
                self._problem(key.span, f"resource {key.text} has no Type", fatal=True)

    def _report_cycles(self) -> None:
        for key, _ in self.section("Conditions").entries:
            if key.text in self.conditions.circular:
                self._problem(key.span, f"condition {key.text} depends on itself")

    def _learn_names(self) -> None:
        """Literal names, so that `Ref` and `GetAtt` of them are known texts."""
        for name, (_, body) in self.bodies.items():
            properties = body.get("Properties")
            if not isinstance(properties, MapNode):
                continue
            for key, node in properties.entries:
                if not key.text.endswith("Name"):
                    continue
                value = value_of(node, self.scope)
                texts = {known_text(each.value) for each in alternatives(value)}
                text = texts.pop() if len(texts) == 1 else None
                if text:
                    self.scope.names[name, key.text] = Scalar(text, key.span, value.assumed)

    # -- its results

    def evaluated(self) -> Iterator[Resource]:
        """The resources, each followed by those of the stack that it nests."""
        for key, body in self.bodies.values():
            resource = self._resource(key, body)
            if resource is None:
                continue
            yield resource
            if resource.type == STACK:
                yield from self._nested(resource, key, body)
            elif resource.type.endswith("::MODULE") or resource.type in _DEPLOYING:
                inputs = tuple(entry.value for entry in resource.properties.entries.values())
                self.gaps.append(Gap(f"{resource.address} of type {resource.type}", key.span, inputs))

    def _nested(self, stack: Resource, key: TextNode, body: MapNode) -> Iterator[Resource]:
        child = self.child(key.text)
        if child.template is not None:
            yield from child.template.evaluated()
            return
        inputs = tuple(entry.value for entry in stack.properties.entries.values())
        what = f"nested stack {stack.address}" + (f" ({child.missing})" if child.missing else "")
        from mlwa_lint.frontends.cloudformation.quick_starts import never_in

        places = {tail_of(each.value) for each in alternatives(stack.properties.value("TemplateURL"))}
        never = never_in(places.pop()) if len(places) == 1 else ()
        self.gaps.append(Gap(what, key.span, inputs, never))

    def child(self, name: str) -> Child:
        """The template of a nested stack; none while it is being loaded (its inputs depend on itself)."""
        if name not in self._children:
            self._children[name] = Child(None, "it depends on its own outputs")
            self._children[name] = self._loader.child(self, *self.bodies[name])
        return self._children[name]

    def _output(self, name: str, output: str, span: Span) -> Value | None:
        """An output of a nested stack; None when nothing is known of it."""
        if self.scope.types.get(name) != STACK:
            return None
        child = self.child(name).template
        if child is None:
            return None
        body = child.section("Outputs").get(output)
        node = body.get("Value") if isinstance(body, MapNode) else None
        if node is None:
            return failure(f"stack {name} has no output {output}", span)
        if (name, output) not in self._outputs:
            self._outputs[name, output] = value_of(node, child.scope)
        return self._outputs[name, output]

    def _stated(self, name: str, path: str) -> Value | None:
        """What a resource's property is set to; None where it is not, or depends on itself."""
        wanted = (name, path)
        if wanted in self._known:
            return self._known[wanted]
        if wanted in self._resolving or len(self._resolving) == CHAIN_LIMIT:
            if self.scope.dependencies is not None:
                self.scope.dependencies.add(ANYTHING)
            return None
        node: Node | None = self.bodies[name][1].get("Properties")
        for key in path.split("."):
            node = node.get(key) if isinstance(node, MapNode) and not node.tag else None
        value: Value = ABSENT
        if node is not None:
            self._resolving.add(wanted)
            value = value_of(node, self.scope)
            self._resolving.discard(wanted)
        self._known[wanted] = None if isinstance(value, Absent) else value
        return self._known[wanted]

    def all_parts(self) -> "Iterator[Template]":
        """This template and those of its nested stacks, once they are evaluated."""
        yield self
        for child in self._children.values():
            if child.template is not None:
                yield from child.template.all_parts()

    def release(self) -> None:
        """Lets go of what refers back to it, so that its tree is freed at once and not as garbage.

        To be called when all that is wanted of it is known.
        """
        for part in list(self.all_parts()):
            part.scope.release()
            part.conditions.release()
            part._children.clear()  # noqa: SLF001 - it is one of our own

    def _loop_guards(self, name: str) -> tuple[Guard, ...]:
        """That loops over what is not known have something to go over."""
        loops = self._open.get(self.sources.get(name, name), ())
        texts = ((f"{self.context.space}: {loop}", f"the list of {loop}") for loop in loops)
        return tuple(Guard(Condition(full, text, None, opaque=True), True) for full, text in texts)

    def guards_of(self, body: MapNode) -> tuple[Guard, ...] | None:
        """The conditions of a resource, with those of the stack; None when it never exists."""
        node = body.get("Condition")
        if not isinstance(node, TextNode) or node.tag:
            return self.context.guards
        if node.text not in self.conditions.expressions:
            self._problem(node.span, f"condition {node.text} is not declared")
            if self.scope.dependencies is not None:
                self.scope.dependencies.add(ANYTHING)  # that is to be reported again
        decided = self.conditions.decided(node.text)
        if decided is not None:
            return self.context.guards if decided else None
        return (*self.context.guards, Guard(self.conditions.condition(node.text), True))

    def _remembered(self, tree: TemplateTree) -> "TemplateEvaluation | None":
        """What its resources came to before, where it is read again and again."""
        if tree.step is None or self.root is not tree.root or len(self.context.chain) > 1:
            return None
        from mlwa_lint.frontends.cloudformation.remembering import TemplateEvaluation, surroundings

        memory = memory_of(TemplateEvaluation, self.context.name)
        if memory is not None:
            self.scope.is_alone = STACK not in self.scope.types.values()
            memory.begin(tree.step, surroundings(self.root, repr(self.context), self.scope), self.bodies)
        return memory

    def _resource(self, key: TextNode, body: MapNode) -> Resource | None:
        if self._memory is None:
            return self._made(key, body)

        def made(dependencies: set[str]) -> Resource | None:
            if not self.scope.is_alone and body.get("Condition") is not None:
                dependencies.add(ANYTHING)
            self.scope.dependencies = dependencies
            try:
                return self._made(key, body)
            finally:
                self.scope.dependencies = None

        return self._memory.resource(key, body, made)

    def _made(self, key: TextNode, body: MapNode) -> Resource | None:
        guards = self.guards_of(body)
        if guards is None:
            return None
        node = body.get("Properties")
        attributes = {
            name.text: Entry(name.span, value_of(value, self.scope), name.text)
            for name, value in body.entries
            if name.text in _ATTRIBUTES
        }
        properties = MapValue({}, key.span) if node is None else self._properties(node)
        assumed = self._assumed.get(self.sources.get(key.text, key.text))
        if assumed:  # it is there only if a loop's parameter keeps its default
            properties = assuming(properties, assumed)
        if key.text in self.sources:
            source = Scalar(self.context.prefix + self.sources[key.text], key.span)
            attributes["Source"] = Entry(key.span, source, "Source")
        return Resource(
            address=self.context.prefix + key.text,
            type=canonical(text_of_key(body, "Type")),
            properties=properties,
            span=key.span,
            vocabulary=VOCABULARY,
            attributes=MapValue(attributes, body.span),
            guards=guards if not self._open else (*guards, *self._loop_guards(key.text)),
        )

    def _properties(self, node: Node) -> MapValue:
        value = value_of(node, self.scope)
        if isinstance(value, Choice):
            value = one_map(value)
        if isinstance(value, MapValue):
            return value
        if isinstance(value, Absent):
            return MapValue({}, node.span)
        reason = value.reason if isinstance(value, Unknown) else "they are not a map"
        return MapValue({}, node.span, Unknown(reason, node.span))


def _mappings(section: MapNode) -> Value:
    return value_of(section, TemplateScope({}, MapValue({}, section.span), {}))
