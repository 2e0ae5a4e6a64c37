"""Who sends prompts to models: a knowledge base alone only embeds documents and queries."""

from mlwa_lint.graph.asides import aside
from mlwa_lint.graph.iam import policies
from mlwa_lint.graph.kinds import AGENT, FLOW, FUNCTION, KNOWLEDGE_BASE, ROLE
from mlwa_lint.graph.queries import observed
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView
from mlwa_lint.model.answers import certainly, possibly
from mlwa_lint.model.resources import BEDROCK, BY_HAND, NO_PROMPTS, PROMPTS

_ACTIONS = (
    "bedrock:InvokeModel",
    "bedrock:InvokeModelWithResponseStream",
    "bedrock:RetrieveAndGenerate",
    "bedrock:InvokeAgent",
    "bedrock:InvokeFlow",
)
_REASONS = {
    NO_PROMPTS: "its knowledge base only embeds text, and nothing in the project sends prompts",
    BY_HAND: "only a program that a person runs sends prompts",
}


@aside
def why_none(user: ResourceView, graph: GraphView) -> str:
    """Why a project whose first user of models is a knowledge base sends no prompts in operation.

    What is retrieved, a model elsewhere reads; or a program that a person runs sends prompts, and nothing
    that is deployed. Empty where something may send prompts.
    """
    bases = graph.of_type(KNOWLEDGE_BASE)
    if user.type != KNOWLEDGE_BASE or any(
        possibly(observed.calls_models(each)) for each in graph.of_type(AGENT, FLOW)
    ):
        return ""
    if any(_sends(each, graph) for each in graph.of_type(FUNCTION, ROLE)):
        return ""
    noted = {each.attributes[PROMPTS].text or "" for each in bases}
    return _REASONS.get(noted.pop(), "") if len(noted) == 1 else ""


def _sends(actor: ResourceView, graph: GraphView) -> bool:
    """Whether a function's code certainly sends prompts, or a role certainly lets its programs do so."""
    if actor.type == FUNCTION:
        from mlwa_lint.graph.queries import requests

        return certainly(requests.makes(actor, graph, _ACTIONS.__contains__, BEDROCK))
    if certainly(policies.assumed_by(actor, "bedrock")):
        return False  # with which a knowledge base embeds
    statements = policies.of_role(actor, graph).known
    return observed.has_bedrock_policy(actor) or any(
        certainly(each.allows() & each.names_service("bedrock") & each.covers_any_action(*_ACTIONS))
        for each in statements
    )
