"""The macros that a template is sent through before it is deployed."""

from collections.abc import Iterator

from mlwa_lint.frontends.cloudformation.syntax.nodes import ListNode, MapNode
from mlwa_lint.frontends.cloudformation.syntax.shapes import SERVERLESS, macro_name
from mlwa_lint.model.resources import Gap

# Transforms that change nothing that rules read, or that are understood here.
_HARMLESS_TRANSFORMS = (
    "AWS::CodeDeployBlueGreen",
    "AWS::LanguageExtensions",
    "AWS::SecretsManager",
    SERVERLESS,
    "AWS::ServiceCatalog",
)


def macros(root: MapNode) -> Iterator[Gap]:
    """The macros of a template whose result is not known."""
    node = root.get("Transform")
    for each in node.items if isinstance(node, ListNode) else (node,):
        name = macro_name(each)
        if each is not None and name and not name.startswith(_HARMLESS_TRANSFORMS):
            yield Gap(f"macro {name}", each.span)
    inline = root.get("Fn::Transform")
    if inline is not None:
        yield Gap(f"macro {macro_name(inline) or 'without a name'}", inline.span)
