"""The roles that SAM makes: managed policies, inline policies, policy templates."""

from mlwa_lint.frontends.cloudformation.sam.nodes import (
    PropertyNodes,
    SamResource,
    is_function,
    listing,
    mapping,
    plain,
    put,
    put_tags,
    reference,
    resource,
    text,
    unknown,
)
from mlwa_lint.frontends.cloudformation.syntax.nodes import ListNode, MapNode, Node, TextNode
from mlwa_lint.model.spans import Span

_MANAGED = "arn:aws:iam::aws:policy/"


def role(
    source: SamResource, service: str, standard: tuple[str, ...], mark: str = "", name: str | None = None
) -> tuple[TextNode, MapNode]:
    """The role of a function or state machine, with SAM's standard policies and its own."""
    span = source.span
    properties: PropertyNodes = plain({}, span)
    trust = source.get("AssumeRolePolicyDocument")
    put(
        properties,
        "AssumeRolePolicyDocument",
        source.key_of("AssumeRolePolicyDocument"),
        trust or _trust(service, span),
    )
    policies = source.get("Policies")
    key = source.key_of("Policies")
    given = policies.items if isinstance(policies, ListNode) and not is_function(policies) else (policies,)
    managed: list[Node] = [text(_MANAGED + each, span) for each in standard]
    inline: list[Node] = []
    for position, policy in enumerate(each for each in given if each is not None):
        arn, document = _sorted(policy)
        if arn is not None:
            managed.append(arn)
        if document is not None:
            policy_name = text(f"{source.name}RolePolicy{position}", policy.span)
            inline.append(mapping({"PolicyName": policy_name, "PolicyDocument": document}, policy.span))
    put(properties, "ManagedPolicyArns", key, listing(managed, span))
    if inline:
        put(properties, "Policies", key, listing(inline, key.span))
    properties |= source.carried("PermissionsBoundary", Path="RolePath")
    put_tags(properties, source, mark)
    return resource(source, name or f"{source.name}Role", "AWS::IAM::Role", properties)


def _trust(service: str, span: Span) -> Node:
    statement: dict[str, Node] = {
        "Effect": text("Allow", span),
        "Principal": mapping({"Service": listing((text(service, span),), span)}, span),
        "Action": listing((text("sts:AssumeRole", span),), span),
    }
    return mapping(
        {"Version": text("2012-10-17", span), "Statement": listing((mapping(statement, span),), span)}, span
    )


def _sorted(policy: Node) -> tuple[Node | None, Node | None]:
    """A policy as the ARN of a managed one, or as a document; either way also under a condition."""
    branches = _branches(policy)
    if branches is not None:
        condition, yes, no = branches
        left, right = _sorted(yes), _sorted(no)
        none = reference("AWS::NoValue", policy.span)
        pairs = [
            None
            if one is None and other is None
            else ListNode((condition, one or none, other or none), "!If", policy.span)
            for one, other in zip(left, right, strict=True)
        ]
        return pairs[0], pairs[1]
    if isinstance(policy, TextNode):
        if policy.tag == "!Ref" and policy.text == "AWS::NoValue":
            return None, None
        if policy.tag or policy.text.startswith("arn:") or "{{" in policy.text:
            return policy, None
        return text(_MANAGED + policy.text, policy.span), None
    if isinstance(policy, MapNode) and not is_function(policy):
        if policy.get("Statement") is not None:
            return None, policy
        return None, _from_template(policy)
    return policy, None


def _branches(node: Node) -> tuple[Node, Node, Node] | None:
    """The condition and the two branches of an `Fn::If`."""
    inner = node
    if not node.tag and isinstance(node, MapNode) and [key.text for key, _ in node.entries] == ["Fn::If"]:
        inner = node.entries[0][1]
    elif node.tag != "!If":
        return None
    if not isinstance(inner, ListNode) or len(inner.items) != 3:
        return None
    condition, yes, no = inner.items
    return condition, yes, no


def _from_template(policy: MapNode) -> Node:
    """The statements of a policy template."""
    if len(policy.entries) != 1:
        return unknown("this policy", policy.span)
    key, arguments = policy.entries[0]
    span = key.span
    arguments_by_name = (
        {} if not isinstance(arguments, MapNode) else {name.text: value for name, value in arguments.entries}
    )
    from mlwa_lint.frontends.cloudformation.sam.policy_templates import statements

    found = statements(key.text, arguments_by_name, span)
    found = found or unknown(f"SAM's policy template {key.text}", span)
    return mapping({"Version": text("2012-10-17", span), "Statement": found}, span)
