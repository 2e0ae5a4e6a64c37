"""The value of a node: what is written out becomes values at once, only functions go through expressions."""

from mlwa_lint.frontends.cloudformation.syntax.nodes import ListNode, Node, TextNode
from mlwa_lint.frontends.cloudformation.syntax.reader import expression, is_plain
from mlwa_lint.frontends.evaluator import EvaluationScope, evaluate
from mlwa_lint.model.budget import Budget, budget
from mlwa_lint.model.values import Absent, Entry, ListValue, MapValue, Scalar, Unknown, Value


def value_of(node: Node, scope: EvaluationScope) -> Value:
    """What `evaluate(expression(node), scope)` gives, in half of the time."""
    return _value(node, scope, budget())


def _value(node: Node, scope: EvaluationScope, own: Budget) -> Value:
    if not is_plain(node):
        return evaluate(expression(node), scope)
    span = node.span
    if why := own.for_nodes():
        return Unknown(why, span)
    if isinstance(node, TextNode):
        return Absent(span) if node.data is None else Scalar(node.data, span)
    if isinstance(node, ListNode):
        return ListValue(tuple([_value(item, scope, own) for item in node.items]), span)
    if why := own.for_nodes(len(node.entries)):
        return MapValue({}, span, Unknown(why, span))
    entries = {key.text: Entry(key.span, _value(value, scope, own), key.text) for key, value in node.entries}
    return MapValue(entries, span)
