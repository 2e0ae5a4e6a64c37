"""One CloudFormation template into a project of resources."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from mlwa_lint.frontends.cloudformation.conditions import ConditionTable, Rule
from mlwa_lint.frontends.cloudformation.nodes import (
    ListNode,
    MapNode,
    Node,
    TemplateSyntaxError,
    TextNode,
    parse,
)
from mlwa_lint.frontends.cloudformation.parameters import declared
from mlwa_lint.frontends.cloudformation.reader import condition_expression, expression
from mlwa_lint.frontends.cloudformation.scope import TemplateScope
from mlwa_lint.frontends.evaluator import evaluate
from mlwa_lint.frontends.options import Json, LoadOptions
from mlwa_lint.model.conditions import AnyScenario, Guard
from mlwa_lint.model.resources import Gap, Language, Problem, Project, Resource
from mlwa_lint.model.spans import start_of
from mlwa_lint.model.values import Entry, MapValue, Unknown, Value, alternatives, known_text
from mlwa_lint.paths import shown

FILE_LIMIT = 20_000_000
_TOO_LARGE = f"is larger than {FILE_LIMIT // 1_000_000} MB; split it into nested stacks"
_ATTRIBUTES = (
    "Condition",
    "CreationPolicy",
    "DeletionPolicy",
    "DependsOn",
    "Metadata",
    "UpdatePolicy",
    "UpdateReplacePolicy",
)
# Transforms that change nothing that rules look at, or that the reader itself understands.
_HARMLESS_TRANSFORMS = (
    "AWS::LanguageExtensions",
    "AWS::SecretsManager",
    "AWS::CodeDeployBlueGreen",
    "AWS::ServiceCatalog",
)


class CloudFormationVocabulary:
    """CloudFormation's names are the canonical ones."""

    language: Final[Language] = "cloudformation"

    def label(self, resource_type: str, path: tuple[str, ...]) -> str:
        """The property's path, `DataCaptureConfig.KmsKeyId`."""
        return ".".join(path)


VOCABULARY = CloudFormationVocabulary()


def load(path: Path, options: LoadOptions, text: str | None = None) -> Project:
    """The project of a template; what cannot be read or understood becomes problems of the project."""
    name = shown(path)
    try:
        root = parse(read(path) if text is None else _bounded(text), name, only=True)
    except TemplateSyntaxError as error:
        return _failed(name, error.line, error.message)
    if not isinstance(root, MapNode):
        return _failed(name, 1, "is no CloudFormation template: its top level is not a map")
    return _Template(name, root, options.parameters).project()


def read(path: Path) -> str:
    """A template's text. Raises TemplateSyntaxError, also when there is none to be had."""
    try:
        if path.stat().st_size > FILE_LIMIT:
            raise TemplateSyntaxError(1, _TOO_LARGE)
        content = path.read_bytes()
    except OSError as error:
        raise TemplateSyntaxError(1, f"cannot be read: {error.strerror or error}") from error
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise TemplateSyntaxError(1, "is UTF-16 text; CloudFormation reads UTF-8: save it as UTF-8")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise TemplateSyntaxError(line, "is not UTF-8 text") from error


def _bounded(text: str) -> str:
    if len(text) > FILE_LIMIT:
        raise TemplateSyntaxError(1, _TOO_LARGE)
    return text


def _failed(name: str, line: int, message: str) -> Project:
    problem = Problem(name, line, message)
    return Project(name, (), AnyScenario(), problems=(problem,), sources=(name,), partial=True)


class _Template:
    def __init__(self, name: str, root: MapNode, parameters: Mapping[str, Json]) -> None:
        self.name = name
        self.root = root
        self.problems: list[Problem] = []
        self.gaps: list[Gap] = []
        self.bodies = list(self._bodies())
        types = {key.text: _text(body, "Type") for key, body in self.bodies}
        declared_parameters = declared(self._section("Parameters"), parameters)
        mappings = _mappings(self._section("Mappings"), types)
        self.scope = TemplateScope(declared_parameters, mappings, types)
        self.conditions = ConditionTable(
            {key.text: condition_expression(node) for key, node in self._section("Conditions").entries},
            self.scope,
            tuple(self._rules()),
        )
        self.scope.conditions = self.conditions

    def project(self) -> Project:
        self._look_for_macros()
        self._look_for_circles()
        self._learn_names()
        resources = [resource for key, body in self.bodies if (resource := self._resource(key, body))]
        return Project(
            root=self.name,
            resources=tuple(resources),
            scenarios=self.conditions.scenarios,
            gaps=tuple(self.gaps),
            problems=tuple(self.problems),
            sources=(self.name,),
        )

    def _section(self, name: str) -> MapNode:
        node = self.root.get(name)
        if isinstance(node, MapNode):
            return node
        if node is not None and not (isinstance(node, TextNode) and node.data is None):
            self.problems.append(Problem(self.name, node.span.line, f"{name} must be a map"))
        return MapNode((), "", start_of(self.name))

    def _bodies(self) -> Iterator[tuple[TextNode, MapNode]]:
        for key, body in self._section("Resources").entries:
            if key.text.startswith("Fn::"):
                self.gaps.append(Gap(f"{key.text} in Resources", key.span))
            elif isinstance(body, MapNode) and _text(body, "Type"):
                yield key, body
            else:
                self.problems.append(Problem(self.name, key.span.line, f"resource {key.text} has no Type"))

    def _rules(self) -> Iterator[Rule]:
        for _, body in self._section("Rules").entries:
            if not isinstance(body, MapNode):
                continue
            condition = body.get("RuleCondition")
            assertions = body.get("Assertions")
            asserted = [
                condition_expression(node)
                for each in (assertions.items if isinstance(assertions, ListNode) else ())
                if isinstance(each, MapNode) and (node := each.get("Assert")) is not None
            ]
            yield Rule(condition_expression(condition) if condition else None, tuple(asserted))

    def _look_for_macros(self) -> None:
        node = self.root.get("Transform")
        for each in node.items if isinstance(node, ListNode) else (node,):
            name = _macro_name(each)
            if name and not name.startswith(_HARMLESS_TRANSFORMS):
                span = each.span if each is not None else start_of(self.name)
                self.gaps.append(Gap(f"macro {name}", span))
        inline = self.root.get("Fn::Transform")
        if inline is not None:
            self.gaps.append(Gap(f"macro {_macro_name(inline) or 'without a name'}", inline.span))

    def _look_for_circles(self) -> None:
        for key, _ in self._section("Conditions").entries:
            if key.text in self.conditions.circular:
                message = f"condition {key.text} depends on itself"
                self.problems.append(Problem(self.name, key.span.line, message, fatal=False))

    def _learn_names(self) -> None:
        """Literal names, so that `Ref` and `GetAtt` of them are known texts."""
        for key, body in self.bodies:
            properties = body.get("Properties")
            if not isinstance(properties, MapNode):
                continue
            for name, node in properties.entries:
                if not name.text.endswith("Name"):
                    continue
                found = {
                    known_text(each.value) for each in alternatives(evaluate(expression(node), self.scope))
                }
                text = found.pop() if len(found) == 1 else None
                if text:
                    self.scope.names[key.text, name.text] = text

    def _resource(self, key: TextNode, body: MapNode) -> Resource | None:
        guards = self._guards(body)
        if guards is None:
            return None
        node = body.get("Properties")
        properties = self._map(node) if node is not None else MapValue({}, key.span)
        attributes = {}
        for name, value in body.entries:
            if name.text in _ATTRIBUTES:
                attributes[name.text] = Entry(name.span, evaluate(expression(value), self.scope))
        resource_type = _text(body, "Type")
        if resource_type == "AWS::CloudFormation::Stack":
            inputs = tuple(entry.value for entry in properties.entries.values())
            self.gaps.append(Gap(f"nested stack {key.text}", key.span, inputs))
        return Resource(
            address=key.text,
            type=resource_type,
            properties=properties,
            span=key.span,
            vocabulary=VOCABULARY,
            attributes=MapValue(attributes, body.span),
            guards=guards,
        )

    def _guards(self, body: MapNode) -> tuple[Guard, ...] | None:
        """The conditions of a resource; None when it never exists."""
        node = body.get("Condition")
        if not isinstance(node, TextNode) or node.tag:
            return ()
        if node.text not in self.conditions.expressions:
            message = f"condition {node.text} is not declared"
            self.problems.append(Problem(self.name, node.span.line, message, fatal=False))
        decided = known_text(self.conditions.value(node.text, node.span))
        if decided is not None:
            return () if decided == "true" else None
        return (Guard(self.conditions.condition(node.text), True),)

    def _map(self, node: Node) -> MapValue:
        value = evaluate(expression(node), self.scope)
        if isinstance(value, MapValue):
            return value
        reason = value.reason if isinstance(value, Unknown) else "they are not a map"
        return MapValue({}, node.span, Unknown(reason, node.span))


def _mappings(section: MapNode, types: Mapping[str, str]) -> Value:
    return evaluate(expression(section), TemplateScope({}, MapValue({}, section.span), types))


def _text(body: MapNode, key: str) -> str:
    node = body.get(key)
    return node.text if isinstance(node, TextNode) else ""


def _macro_name(node: Node | None) -> str:
    if isinstance(node, TextNode):
        return node.text
    return _text(node, "Name") if isinstance(node, MapNode) else ""
