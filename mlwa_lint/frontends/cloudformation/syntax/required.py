"""Parameters that have to be given: those without a default that nothing expects to be empty."""

from mlwa_lint.frontends.cloudformation.syntax.nodes import ListNode, MapNode, Node, TextNode
from mlwa_lint.frontends.optional import may_be_empty

# Where a template compares its parameters.
_COMPARING = ("Conditions", "Rules")


def required(parameters: MapNode, root: MapNode) -> frozenset[str]:
    """The parameters of a template for which whoever deploys it has to state something.

    CloudFormation accepts an empty text for a parameter of type String. A template that foresees one shows
    it: by a default, in a description, or by a condition that compares the parameter with the empty text.
    """
    found = {
        key.text for key, body in parameters.entries if isinstance(body, MapNode) and not _may_be_empty(body)
    }
    if found:
        for section in map(root.get, _COMPARING):
            found -= _compared_with_empty(section)
    return frozenset(found)


def _may_be_empty(body: MapNode) -> bool:
    """Whether a parameter has a default, limits that state whether it may be empty, or is called optional."""
    if any(body.get(each) is not None for each in ("Default", "MinLength", "AllowedPattern")):
        return True
    allowed = body.get("AllowedValues")
    if isinstance(allowed, ListNode) and any(getattr(each, "data", None) == "" for each in allowed.items):
        return True
    described = body.get("Description")
    return isinstance(described, TextNode) and may_be_empty(described.text)


def _compared_with_empty(node: Node | None) -> set[str]:
    """The names that occur in a list with an empty text: `!Equals [!Ref Key, ""]`."""
    found = set[str]()
    pending: list[tuple[Node | None, bool]] = [(node, False)]
    while pending:
        each, compared = pending.pop()
        if isinstance(each, TextNode):
            if compared:
                found.add(each.text)
        elif isinstance(each, MapNode):
            pending += [(value, compared) for _, value in each.entries]
        elif isinstance(each, ListNode):
            compared |= any(isinstance(item, TextNode) and item.data == "" for item in each.items)
            pending += [(item, compared) for item in each.items]
    return found
