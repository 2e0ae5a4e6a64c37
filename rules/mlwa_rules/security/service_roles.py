"""Roles with which a service acts, and no code of the project runs."""

from collections.abc import Iterator

from mlwa_lint.graph.iam import policies
from mlwa_lint.graph.iam.statements import Statement
from mlwa_lint.graph.kinds import AGENT, AGENTCORE_GATEWAY, FLOW, KNOWLEDGE_BASE, ROLE
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView
from mlwa_lint.startup.patterns import lazy
from mlwa_rules.security.holders import POLICIES

WITHOUT_CODE = "only Bedrock or AgentCore can assume the role, and no program of the project runs with it"
# What acts with a role and runs no code with it: services invoke what these name.
_ACTING = (AGENT, AGENTCORE_GATEWAY, FLOW, KNOWLEDGE_BASE)
# The same, and what names a role.
_RUNNING_NO_CODE = (*POLICIES, *_ACTING, "AWS::OpenSearchServerless::AccessPolicy")
# What Bedrock runs otherwise, also by a name that CloudFormation does not have: no code of the project.
_IN_BEDROCK = lazy(r"AWS::Bedrock(?:Agent)?::")
_BEDROCK = frozenset(("bedrock.amazonaws.com", "bedrock-agentcore.amazonaws.com"))


def is_for_services_alone(policy: ResourceView, graph: GraphView) -> bool:
    """Whether Bedrock alone may assume the roles of a policy, and no program runs with them.

    AgentCore counts as Bedrock.
    """
    holders = _holders_of(policy, graph)
    return bool(holders) and all(_runs_no_code(role, graph) for role in holders)


def is_for_services_at_hand(policy: ResourceView, graph: GraphView) -> bool:
    """The same where the project has what acts with each of the roles: of others, code elsewhere may."""
    holders = _holders_of(policy, graph)
    return is_for_services_alone(policy, graph) and all(
        any(each in _ACTING for each in _sources(role, graph)) for role in holders
    )


def _holders_of(policy: ResourceView, graph: GraphView) -> list[ResourceView]:
    return [policy] if policy.type == ROLE else list(policies.roles_of(policy, graph))


def _runs_no_code(role: ResourceView, graph: GraphView) -> bool:
    trusted = policies.trust(role)
    if trusted.unknown or not all(_names_bedrock_alone(each) for each in trusted.known):
        return False
    return all(each in _RUNNING_NO_CODE or _IN_BEDROCK.match(each) for each in _sources(role, graph))


def _sources(role: ResourceView, graph: GraphView) -> Iterator[str]:
    """The types of what refers to a role."""
    return (graph.graph.by_address[each.source].type for each in graph.graph.edges_into(role.address))


def _names_bedrock_alone(statement: Statement) -> bool:
    services = [each.text for each in statement.principals("Service")]
    others = [*statement.principals("AWS"), *statement.principals("Federated")]
    return bool(services) and _BEDROCK.issuperset(services) and not others
