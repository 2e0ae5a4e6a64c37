"""What the outputs and parameters of templates state of buckets in their descriptions."""

from collections.abc import Iterator

from mlwa_lint.frontends.cloudformation.syntax.nodes import MapNode, Node
from mlwa_lint.frontends.cloudformation.syntax.reader import expression
from mlwa_lint.frontends.cloudformation.syntax.shapes import text_of_key
from mlwa_lint.frontends.cloudformation.template import Template
from mlwa_lint.frontends.described import Description, is_informative
from mlwa_lint.frontends.evaluator import evaluate


def descriptions_in(template: Template) -> Iterator[Description]:
    """The descriptions of a template and of those that it nests, with what they are about."""
    for part in template.all_parts():
        for _, body in part.section("Outputs").entries:
            value = body.get("Value") if isinstance(body, MapNode) else None
            text = _informative(body)
            if text and value is not None:
                yield Description(text, evaluate(expression(value), part.scope))
        for key, body in part.section("Parameters").entries:
            text = _informative(body, of_name=True)
            parameter = part.scope.parameters.get(key.text) if text else None
            if parameter is not None:
                yield Description(text, parameter.value())


def _informative(body: Node, of_name: bool = False) -> str:
    text = text_of_key(body, "Description") if isinstance(body, MapNode) else ""
    return text if is_informative(text, of_name) else ""
