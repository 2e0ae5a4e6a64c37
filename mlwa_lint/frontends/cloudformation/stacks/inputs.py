"""The values that a stack gives the parameters of a nested one, and what decides them."""

from collections.abc import Mapping

from mlwa_lint.frontends.choices import one_map
from mlwa_lint.frontends.cloudformation.conditions.comparing import Binding, OperandCase
from mlwa_lint.frontends.cloudformation.syntax.nodes import MapNode, Node
from mlwa_lint.frontends.cloudformation.syntax.reader import expression
from mlwa_lint.frontends.cloudformation.template import Template
from mlwa_lint.frontends.evaluator import evaluate
from mlwa_lint.model.values import MapValue, Value


def inputs_of(parent: Template, body: MapNode) -> tuple[Mapping[str, Value], Mapping[str, Binding], bool]:
    """The values of a nested stack's parameters, what decides them, and whether these are all."""
    properties = body.get("Properties")
    node = properties.get("Parameters") if isinstance(properties, MapNode) else None
    if node is None:
        return {}, {}, True
    value = one_map(evaluate(expression(node), parent.scope))
    if not isinstance(value, MapValue):
        return {}, {}, False
    given = {key: entry.value for key, entry in value.entries.items()}
    bindings: dict[str, Binding] = {}
    if isinstance(node, MapNode) and not node.tag:
        bindings = {key.text: _binding(parent, each) for key, each in node.entries}
    return given, bindings, value.rest is None


def _binding(parent: Template, node: Node) -> Binding:
    def cases() -> list[OperandCase]:
        return parent.conditions.comparer.cases(expression(node))

    return cases
