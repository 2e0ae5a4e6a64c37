"""SAM's policy templates: the statements of a name such as `S3ReadPolicy`."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TypeAlias, TypedDict

from mlwa_lint.frontends.cloudformation.sam.nodes import listing, mapping, substitution, text
from mlwa_lint.frontends.cloudformation.syntax.nodes import Node
from mlwa_lint.model.spans import Span

_DATA = Path(__file__).parent / "policy_templates.json"
_Arguments: TypeAlias = Mapping[str, Node]


class _Statement(TypedDict, total=False):
    """One statement; in its texts `{X}` is replaced by the template's parameter X."""

    actions: list[str]
    resources: list[str]
    conditions: dict[str, dict[str, list[str]]]


@cache
def _templates() -> Mapping[str, list[_Statement]]:
    templates: Mapping[str, list[_Statement]] = json.loads(_DATA.read_text(encoding="utf-8"))
    return templates


def statements(name: str, arguments: _Arguments, span: Span) -> Node | None:
    """The statements of a policy template; None for a name that SAM does not know."""
    template = _templates().get(name)
    if template is None:
        return None
    return listing((_statement(each, arguments, span) for each in template), span)


def _statement(statement: _Statement, arguments: _Arguments, span: Span) -> Node:
    found: dict[str, Node] = {
        "Effect": text("Allow", span),
        "Action": listing((text(action, span) for action in statement["actions"]), span),
        "Resource": _texts(statement["resources"], arguments, span),
    }
    conditions = statement.get("conditions")
    if conditions:
        found["Condition"] = mapping(
            {
                operator: mapping({key: _texts(texts, arguments, span) for key, texts in keys.items()}, span)
                for operator, keys in conditions.items()
            },
            span,
        )
    return mapping(found, span)


def _texts(templates: list[str], arguments: _Arguments, span: Span) -> Node:
    return listing((_filled(each, arguments, span) for each in templates), span)


def _filled(template: str, arguments: _Arguments, span: Span) -> Node:
    if "{" not in template:
        return text(template, span)
    filled = template
    for name in arguments:
        filled = filled.replace(f"{{{name}}}", f"${{{name}}}")
    used = {name: value for name, value in arguments.items() if f"${{{name}}}" in filled}
    return substitution(filled, span, used)
