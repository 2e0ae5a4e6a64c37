"""Small questions about the shape of a template's parts."""

from mlwa_lint.frontends.cloudformation.syntax.nodes import ListNode, MapNode, Node, TextNode
from mlwa_lint.model.values import Assumptions, MapValue, assume

SERVERLESS = "AWS::Serverless-2016-10-31"
# What none of SAM's resources becomes.
NEVER_SERVERLESS = (
    "AWS::ApplicationAutoScaling::",
    "AWS::Bedrock::",
    "AWS::Budgets::",
    "AWS::CE::",
    "AWS::CloudTrail::",
    "AWS::CloudWatch::",
    "AWS::EC2::",
    "AWS::Glue::",
    "AWS::KMS::",
    "AWS::S3::",
    "AWS::SageMaker::",
)
# What SAM calls resources that it makes of another one, by their types: `Ref: Function.Alias`.
GENERATED = {
    "AWS::ApiGateway::Deployment": "Deployment",
    "AWS::ApiGateway::Stage": "Stage",
    "AWS::ApiGateway::UsagePlan": "UsagePlan",
    "AWS::ApiGatewayV2::Stage": "Stage",
    "AWS::Lambda::Alias": "Alias",
    "AWS::Lambda::Version": "Version",
}


def assuming(value: MapValue, assumed: Assumptions) -> MapValue:
    """The same map, all of which rests on assumptions."""
    found = assume(value, assumed)
    assert isinstance(found, MapValue)
    return found


def text_of_key(body: MapNode, key: str) -> str:
    """The text of an entry; empty where there is none."""
    node = body.get(key)
    return node.text if isinstance(node, TextNode) and not node.tag else ""


def maker_of(body: Node) -> str:
    """What makes a resource that is not written out: a macro in its place, a tag as its type."""
    kind = body.get("Type") if isinstance(body, MapNode) else None
    for node in (body, kind):
        if node is not None and node.tag:
            return node.tag
    if isinstance(kind, MapNode) and len(kind.entries) == 1:
        return kind.entries[0][0].text
    if isinstance(body, MapNode) and (inline := body.get("Fn::Transform")) is not None:
        return f"macro {macro_name(inline) or 'without a name'}"
    return ""


def is_template_tree(root: Node | None) -> bool:
    """Whether a tree is a template: one of its resources has a type of AWS's, or a custom one."""
    section = root.get("Resources") if isinstance(root, MapNode) else None
    if not isinstance(section, MapNode):
        return False
    kinds = (text_of_key(body, "Type") for _, body in section.entries if isinstance(body, MapNode))
    return any(kind.startswith(("AWS::", "Custom::", "Alexa::ASK")) for kind in kinds)


def is_serverless(root: MapNode) -> bool:
    """Whether a template is SAM's."""
    node = root.get("Transform")
    names = node.items if isinstance(node, ListNode) else (node,)
    return any(isinstance(each, TextNode) and each.text == SERVERLESS for each in names)


def macro_name(node: Node | None) -> str:
    """The name that a transform is given by; empty where there is none."""
    if isinstance(node, TextNode):
        return node.text
    return text_of_key(node, "Name") if isinstance(node, MapNode) else ""
