"""A template's section Rules: assertions about its parameters, which constrain what can be deployed."""

from collections.abc import Iterator

from mlwa_lint.frontends.cloudformation.syntax.nodes import ListNode, MapNode
from mlwa_lint.frontends.cloudformation.syntax.reader import condition_expression
from mlwa_lint.frontends.expressions import Expr
from mlwa_lint.startup.records import NamedTuple


class TemplateRule(NamedTuple):
    """One of a template's Rules: where its condition holds, its assertions do."""

    condition: Expr | None
    assertions: tuple[Expr, ...]


def rules_in(section: MapNode) -> Iterator[TemplateRule]:
    """The rules that the section declares."""
    for _, body in section.entries:
        if not isinstance(body, MapNode):
            continue
        condition = body.get("RuleCondition")
        assertions = body.get("Assertions")
        asserted = [
            condition_expression(node)
            for each in (assertions.items if isinstance(assertions, ListNode) else ())
            if isinstance(each, MapNode) and (node := each.get("Assert")) is not None
        ]
        yield TemplateRule(condition_expression(condition) if condition else None, tuple(asserted))
