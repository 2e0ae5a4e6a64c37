"""Dashboards of CloudWatch: what they show of machine learning."""

from mlwa_lint.graph.kinds import DASHBOARD, ENDPOINT
from mlwa_lint.graph.linking.naming import GAP, outline
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView, why_unknown
from mlwa_lint.model.answers import YES, Answer, answer, undecided
from mlwa_lint.model.values import MapValue


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
