"""What is observed: who invokes Bedrock models, and what delivers logs, shows or evaluates."""

from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.iam import policies
from mlwa_lint.graph.kinds import AGENT, DASHBOARD, ENDPOINT, FLOW, FUNCTION, KNOWLEDGE_BASE, ROLE, returns
from mlwa_lint.graph.linking.naming import GAP, outline
from mlwa_lint.graph.memo import remembered
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView, why_unknown
from mlwa_lint.model.answers import NO, YES, Answer, answer, certainly, possibly, undecided
from mlwa_lint.model.values import MapValue, Reference

BEDROCK_TYPES = (AGENT, FLOW, KNOWLEDGE_BASE)
DELIVERY_SOURCE = "AWS::Logs::DeliverySource"
EVALUATION = "AWS::BedrockAgentCore::OnlineEvaluationConfig"
_INVOKING = ("bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream", "bedrock:Retrieve")


@remembered
def first_bedrock_user(graph: GraphView) -> list[tuple[ResourceView, Answer]]:
    """The first resource that invokes Bedrock models, or else the first that may; none where none does."""
    found = [(each, _calls_models(each)) for each in graph.of_type(*BEDROCK_TYPES)]
    functions = [(each, _invokes(each, graph)) for each in graph.of_type(FUNCTION)]
    ranked = sorted([*found, *functions], key=lambda each: (each[0].span, each[0].address))
    for question in (certainly, possibly):
        for user, invokes in ranked:
            if question(invokes):
                return [(user, invokes)]
    return []


def _calls_models(resource: ResourceView) -> Answer:
    """Whether a resource of Bedrock invokes models; a knowledge base over a Kendra index has none."""
    if resource.type != KNOWLEDGE_BASE:
        return YES
    return ~resource["KnowledgeBaseConfiguration"]["Type"].equals("KENDRA")


@remembered
def _invokes(function: ResourceView, graph: GraphView) -> Answer:
    """Whether a function's role names an action that invokes Bedrock models."""
    return graph.targets(function, EdgeKind.ASSUMES, ROLE).any(
        lambda role: policies.of_role(role, graph).any(
            lambda statement: (
                statement.allows()
                & statement.covers_any_action(*_INVOKING)
                & statement.any_action(lambda text: text.lower().startswith("bedrock:"))
            )
        )
    )


def is_delivered(resource: ResourceView, graph: GraphView) -> Answer:
    """Whether a log delivery source of the project is about a resource."""

    def concerns(source: ResourceView) -> Answer:
        if any(edge.target == resource.address for edge in graph.graph.edges_from(source.address)):
            return YES
        arn = source["ResourceArn"]
        named = graph.graph.by_address.get(arn.value.address) if isinstance(arn.value, Reference) else None
        if named is not None and not returns(named.type):
            return NO  # another resource of the project
        return arn.test(lambda text: False) if GAP in outline(arn.value) else answer(False)

    return graph.declared(DELIVERY_SOURCE).any(concerns)


def is_shown(graph: GraphView) -> Answer:
    """Whether a dashboard of the project shows a metric of endpoints."""
    return graph.declared(DASHBOARD).any(lambda each: _shows_endpoint(each, graph))


def _shows_endpoint(dashboard: ResourceView, graph: GraphView) -> Answer:
    edges = graph.graph.edges_from(dashboard.address)
    if any(graph.graph.by_address[edge.target].type == ENDPOINT for edge in edges):
        return YES
    body = dashboard["DashboardBody"]
    if isinstance(body.value, MapValue):
        return answer("sagemaker" in str(body.value).lower())  # as jsonencode() leaves it
    text = outline(body.value)
    if "sagemaker" in text.lower():
        return YES
    return undecided(why_unknown(body.value)) if GAP in text else answer(False)
