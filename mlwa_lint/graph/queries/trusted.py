"""Who acts with a role that no function or program of the project has, as its trust policy shows."""

from typing import NamedTuple

from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.iam import policies
from mlwa_lint.graph.kinds import AGENTCORE_RUNTIME, APP_RUNNER, FUNCTION, TASK_DEFINITION
from mlwa_lint.graph.memo import remembered
from mlwa_lint.graph.queries import observed
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView
from mlwa_lint.model.answers import NO, Answer, certainly, possibly

_COGNITO = "cognito-identity.amazonaws.com"
# Services that run programs of the project, and such as do what their configuration states.
_RUNNING = {
    "amplify": "an Amplify app",
    "ec2": "programs on instances",
    "ecs-tasks": "tasks of ECS",
    "elasticbeanstalk": "an Elastic Beanstalk application",
}
_CONFIGURED = {
    "apigateway": "an API",
    "appsync": "resolvers of AppSync",
    "events": "a rule of EventBridge",
    "pipes": "a pipe of EventBridge",
    "scheduler": "a schedule",
    "states": "a state machine",
}
# Programs of the project, which rules know by other means.
_PROGRAMS = (FUNCTION, AGENTCORE_RUNTIME, TASK_DEFINITION, APP_RUNNER)


class Holder(NamedTuple):
    """Who acts with a role; configured: whether that is a service which does what resources state."""

    name: str
    configured: bool


@remembered
def holder_of(role: ResourceView, graph: GraphView) -> Holder | None:
    """Who the trust policy of a role certainly lets act with it, beside ML services and functions."""
    if graph.sources(role, EdgeKind.ASSUMES, *_PROGRAMS).related:
        return None
    if observed.serves_pods(role, graph):
        return Holder("pods of EKS", configured=False)
    if _serves_identities(role):
        return Holder("users of an identity pool", configured=False)
    for named, configured in ((_RUNNING, False), (_CONFIGURED, True)):
        for service, name in named.items():
            if certainly(policies.assumed_by(role, service)):
                return Holder(name, configured)
    return None


def _serves_identities(role: ResourceView) -> bool:
    """Whether users whom Cognito lets in may assume a role."""
    trusted = policies.trust(role).known
    return any(
        certainly(each.allows()) and any(one.text == _COGNITO for one in each.principals("Federated"))
        for each in trusted
    )


def holds_model_policy(role: ResourceView, graph: GraphView) -> Answer:
    """Whether a policy of AWS lets one of them invoke models or use AgentCore."""
    managed = policies.has_managed(role, observed.MANAGED)
    return managed if possibly(managed) and holder_of(role, graph) is not None else NO
