"""What Bedrock agents have at hand: tools, knowledge bases, other agents."""

from mlwa_lint.files import PROGRAMS
from mlwa_lint.graph.kinds import AGENT
from mlwa_lint.graph.views import ResourceView, View
from mlwa_lint.model.answers import Answer, possibly


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
