"""What agents have at hand: tools, knowledge bases, other agents."""

from mlwa_lint.files import PROGRAMS
from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.kinds import AGENT, AGENTCORE_GATEWAY
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView, View
from mlwa_lint.model.answers import Answer, certainly, possibly, undecided

_TARGET = "AWS::BedrockAgentCore::GatewayTarget"
# Connectors that AWS manages and that only read what is public.
_SEARCHING = ("web-search",)
_INTERCEPTED = "a function gets each request first, and can refuse it"
_PUBLIC = "IAM authorizes its callers, and its managed connectors only search the web"


def acts(agent: ResourceView) -> Answer:
    """Whether an agent has an action group that does more than ask the user for input."""
    return agent["ActionGroups"].any_item(_does_more)


def _does_more(group: View) -> Answer:
    back = group["ParentActionGroupSignature"].equals("AMAZON.UserInput")
    return ~(back | group["ActionGroupState"].equals("DISABLED"))


def only_answers(agent: ResourceView) -> bool:
    """Whether a template or configuration certainly gives a Bedrock agent nothing to act, read or ask with.

    What a program creates may be completed by another one.
    """
    if agent.type != AGENT or agent.span.path.endswith(PROGRAMS):
        return False
    has = agent["KnowledgeBases"].is_present() | agent["AgentCollaborators"].is_present()
    return not possibly(acts(agent) | has)


def intercepts_requests(gateway: ResourceView) -> Answer:
    """Whether a function gets each request to a gateway before its tools do, and can refuse it."""
    return gateway["InterceptorConfigurations"].any_item(_is_of_requests)


def authenticates(gateway: ResourceView) -> Answer:
    """Whether such a function gets the headers of the request as well, and so who makes it; else NO."""
    found = gateway["InterceptorConfigurations"].any_item(
        lambda each: _is_of_requests(each) & each["InputConfiguration.PassRequestHeaders"].is_true()
    )
    may = undecided(f"a function gets each request to {gateway.address}, and may authenticate who makes it")
    return found & may


def _is_of_requests(interceptor: View) -> Answer:
    return interceptor["InterceptionPoints"].any_item(lambda each: each.equals("REQUEST"))


def why_nothing_to_decide(gateway: ResourceView, graph: GraphView) -> str:
    """Why the tools of a gateway need no policy beside IAM: all of them only read what is public.

    Or a function decides on each request. Empty where something else shows, or not all is known.
    """
    if certainly(intercepts_requests(gateway)):
        return _INTERCEPTED
    if gateway["AuthorizerType"].text != "AWS_IAM":
        return ""
    targets = graph.of_type(_TARGET)
    if len(graph.of_type(AGENTCORE_GATEWAY)) > 1:  # each target has to be known to be of this one
        related = [*graph.sources(gateway, EdgeKind.REFERS_TO, _TARGET)]
        targets = related if len(related) == len(targets) else []
    connectors = [each["TargetConfiguration.Mcp.Connector.Source.ConnectorId"].text for each in targets]
    return _PUBLIC if connectors and all(each in _SEARCHING for each in connectors) else ""
