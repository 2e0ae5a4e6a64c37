"""What an agent could send elsewhere: data that its role reaches, or nothing that matters."""

from mlwa_lint.graph.iam import policies
from mlwa_lint.graph.queries import keys, permissions, roles
from mlwa_lint.graph.queries.programs import variables_of
from mlwa_lint.rule import GraphView, ResourceView, certainly, possibly
from mlwa_rules.security.breadth import how_it_administers, how_it_is_broad
from mlwa_rules.security.wildcards import BROAD_POLICIES

# Policies of AWS by which an agent reaches the data of the whole account.
_BROAD_ACCESS = ("ReadOnlyAccess", *BROAD_POLICIES)
_LITTLE = "nothing shows that its role is broad, that its data is sensitive or that the project has a VPC"
_REPORTING = "its role can only write logs, metrics and traces, and invoke no model"
# What every runtime may do, by the beginnings of actions in lower case.
_OF_EVERY_RUNTIME = (
    *("logs:", "xray:", "cloudwatch:putmetricdata", "bedrock-agentcore:getworkloadaccesstoken"),
    *("ecr:batchcheck", "ecr:batchget", "ecr:getauthorizationtoken", "ecr:getdownloadurl", "ecr:describe"),
)


def why_little_to_send(agent: ResourceView, graph: GraphView) -> str:
    """Why it weighs less that an agent can send data anywhere; empty where something shows what it has."""
    return _why_only_reporting(agent, graph) or _why_nothing_suggested(agent, graph)


def _why_nothing_suggested(agent: ResourceView, graph: GraphView) -> str:
    project = graph.graph.project
    if project.reusable or not project.needs_no_network or not keys.why_none_suggested(graph):
        return ""
    for role in permissions.known_roles_of(agent, graph):
        attached = policies.managed_policy_arns(role)
        if any(certainly(roles.is_aws_policy(arn, name)) for arn in attached for name in _BROAD_ACCESS):
            return ""
        if how_it_administers(role, graph) or how_it_is_broad(role, graph):
            return ""
    return _LITTLE


def _why_only_reporting(agent: ResourceView, graph: GraphView) -> str:
    """Why an agent reaches nothing: its role allows what each needs, and nothing else is handed to it."""
    own = permissions.known_roles_of(agent, graph)
    if not own or any(True for _ in variables_of(agent)) or possibly(agent["EnvironmentVariables"].is_open()):
        return ""
    return _REPORTING if all(_only_reports(role, graph) for role in own) else ""


def _only_reports(role: ResourceView, graph: GraphView) -> bool:
    granted = policies.of_role(role, graph)
    if granted.unknown or granted.is_empty() or policies.managed_policy_arns(role):
        return False
    return not any(
        possibly(each.allows() & (each.any_action(_reaches_more) | each["NotAction"].is_present()))
        for each in granted.known
    )


def _reaches_more(action: str) -> bool:
    return not action.lower().startswith(_OF_EVERY_RUNTIME)
