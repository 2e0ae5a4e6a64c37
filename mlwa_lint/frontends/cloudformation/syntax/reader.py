"""Nodes into expressions: CloudFormation's intrinsic functions, in their short and long forms."""

from mlwa_lint.frontends.cloudformation.syntax.nodes import ListNode, MapNode, Node, TextNode
from mlwa_lint.frontends.expressions import (
    Call,
    Conditional,
    EntryExpr,
    Expr,
    Interpolation,
    ListExpr,
    Literal,
    Lookup,
    MapExpr,
)
from mlwa_lint.model.spans import Span
from mlwa_lint.startup.patterns import lazy

# Calls that no template can write: text with dynamic references in it, and what packaging decides.
DYNAMIC_REFERENCE = "{{resolve}}"
PACKAGED = "{{packaged}}"
PACKAGED_TAG = f"!{PACKAGED}"

# Functions that take their arguments as a list and have no form of their own in the expression tree.
FUNCTIONS = frozenset(
    {
        "Fn::And",
        "Fn::Base64",
        "Fn::Cidr",
        "Fn::Contains",
        "Fn::EachMemberEquals",
        "Fn::EachMemberIn",
        "Fn::Equals",
        "Fn::FindInMap",
        "Fn::GetAZs",
        "Fn::GetStackOutput",
        "Fn::ImportValue",
        "Fn::Join",
        "Fn::Length",
        "Fn::Not",
        "Fn::Or",
        "Fn::RefAll",
        "Fn::Select",
        "Fn::Split",
        "Fn::ToJsonString",
        "Fn::Transform",
        "Fn::ValueOf",
        "Fn::ValueOfAll",
    }
)
_PLACEHOLDER = lazy(r"\$\{([^}]*)\}")
_CONDITION_FUNCTIONS = frozenset({"Fn::And", "Fn::Or", "Fn::Not"})
_OF_ONE_ARGUMENT = frozenset(
    {"Fn::Length", "Fn::ToJsonString", "Fn::GetAZs", "Fn::Base64", "Fn::ImportValue"}
)


def expression(node: Node) -> Expr:
    """What a node means."""
    if node.tag:
        return _function(_long_name(node.tag), node._replace(tag=""), node.span)
    if isinstance(node, TextNode):
        if "{{resolve:" in node.text:
            return Call(DYNAMIC_REFERENCE, (Literal(node.text, node.span),), node.span)
        return Literal(node.data, node.span)
    if isinstance(node, ListNode):
        return ListExpr(tuple(expression(item) for item in node.items), node.span)
    if len(node.entries) == 1:
        key, value = node.entries[0]
        if key.text == "Ref" or key.text.startswith("Fn::"):
            return _function(key.text, value, node.span)
    return MapExpr(tuple(_entry(key, value) for key, value in node.entries), node.span)


def is_plain(node: Node) -> bool:
    """Whether a node is neither a function, nor has one as a key, nor is a text that is resolved."""
    if node.tag:
        return False
    if isinstance(node, TextNode):
        return "{{resolve:" not in node.text
    if isinstance(node, ListNode):
        return True
    for key, _ in node.entries:
        if key.text.startswith("Fn::"):
            return False
    return len(node.entries) != 1 or node.entries[0][0].text != "Ref"


def _entry(key: TextNode, value: Node) -> EntryExpr:
    span = key.span
    if key.text.startswith("Fn::"):
        # Beside other keys it adds keys that are not known here (Fn::Transform, an open Fn::ForEach).
        name: Expr = Call(key.text, (), span)
    else:
        name = Literal(key.text, span)
    return EntryExpr(name, expression(value), span)


def _long_name(tag: str) -> str:
    name = tag.removeprefix("!")
    is_long = name in ("Ref", "Condition") or name.startswith(("Fn::", "{{"))
    return name if is_long else f"Fn::{name}"


def _function(name: str, argument: Node, span: Span) -> Expr:
    if name in ("Ref", "Condition"):
        if isinstance(argument, TextNode) and not argument.tag:
            return Lookup((name, argument.text), span)
        return Call(name, (expression(argument),), span)
    if name == "Fn::GetAtt":
        return _get_att(argument, span)
    if name == "Fn::Sub":
        return _sub(argument, span)
    if name == "Fn::If":
        return _if(argument, span)
    if name in _OF_ONE_ARGUMENT or name not in FUNCTIONS:
        return Call(name, (expression(argument),), span)
    arguments = argument.items if isinstance(argument, ListNode) and not argument.tag else (argument,)
    read = condition_expression if name in _CONDITION_FUNCTIONS else expression
    if name == "Fn::Join":
        # Its delimiter is known; what is joined may make up a dynamic reference.
        return Call(DYNAMIC_REFERENCE, (Call(name, tuple(read(item) for item in arguments), span),), span)
    return Call(name, tuple(read(item) for item in arguments), span)


def condition_expression(node: Node) -> Expr:
    """A node in the place of a condition: `{Condition: Name}` names another one."""
    if isinstance(node, MapNode) and len(node.entries) == 1 and not node.tag:
        key, value = node.entries[0]
        if key.text == "Condition" and isinstance(value, TextNode):
            return Lookup(("Condition", value.text), node.span)
    return expression(node)


def _get_att(argument: Node, span: Span) -> Expr:
    if isinstance(argument, TextNode) and not argument.tag:
        resource, _, attribute = argument.text.partition(".")
        return Lookup(("GetAtt", resource, attribute), span)
    if isinstance(argument, ListNode) and len(argument.items) >= 2:
        steps = [item.text for item in argument.items if isinstance(item, TextNode) and not item.tag]
        if len(steps) == len(argument.items):
            return Lookup(("GetAtt", steps[0], ".".join(steps[1:])), span)
        return Call("Fn::GetAtt", tuple(expression(item) for item in argument.items), span)
    return Call("Fn::GetAtt", (), span)


def _if(argument: Node, span: Span) -> Expr:
    if not isinstance(argument, ListNode) or len(argument.items) != 3:
        return Call("Fn::If", (), span)
    condition, yes, no = argument.items
    if isinstance(condition, TextNode) and not condition.tag:
        test: Expr = Lookup(("Condition", condition.text), condition.span)
    else:
        test = condition_expression(condition)
    return Conditional(test, expression(yes), expression(no), span)


def _sub(argument: Node, span: Span) -> Expr:
    variables: dict[str, Expr] = {}
    if isinstance(argument, ListNode) and argument.items:
        if len(argument.items) > 1 and isinstance(argument.items[1], MapNode):
            variables = {key.text: expression(value) for key, value in argument.items[1].entries}
        argument = argument.items[0]
    if not isinstance(argument, TextNode) or argument.tag:
        return Call("Fn::Sub", (expression(argument),), span)
    template = Interpolation(tuple(_sub_parts(argument.text, variables, argument.span)), argument.span)
    if "{{resolve:" in argument.text:
        return Call(DYNAMIC_REFERENCE, (template,), span)
    return template


def _sub_parts(text: str, variables: dict[str, Expr], span: Span) -> list[Expr]:
    parts: list[Expr] = []
    position = 0
    # Beyond the last brace none is closed, and each would be looked for up to the end.
    for match in _PLACEHOLDER.finditer(text, 0, text.rfind("}") + 1):
        if match.start() > position:
            parts.append(Literal(text[position : match.start()], span))
        position = match.end()
        name = match.group(1).strip()
        if name.startswith("!"):
            parts.append(Literal("${" + match.group(1)[1:] + "}", span))
        elif name in variables:
            parts.append(variables[name])
        elif "." in name:
            resource, _, attribute = name.partition(".")
            parts.append(Lookup(("GetAtt", resource, attribute), span))
        else:
            parts.append(Lookup(("Ref", name), span))
    if position < len(text) or not parts:
        parts.append(Literal(text[position:], span))
    return parts
