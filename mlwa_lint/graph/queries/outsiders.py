"""What people from outside the account reach, and what it does for them."""

from mlwa_lint.graph.asides import aside
from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.iam import managed, policies
from mlwa_lint.graph.kinds import AGENT, FUNCTION, ROLE
from mlwa_lint.graph.queries import apis
from mlwa_lint.graph.queries.triggers import callers_of
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView, View
from mlwa_lint.model.answers import certainly, possibly

# Who calls a phone number of Amazon Connect, a bot of Lex can answer.
_NUMBERS = ("AWS::Connect::PhoneNumber", "aws_connect_phone_number")
_BOT = "AWS::Lex::Bot"
_INVOKE_AGENT = "bedrock:InvokeAgent"
# What changes nothing but logs, traces and metrics, or the network interfaces of a function in a VPC.
_OWN_TRACES = ("cloudwatch:put", "ec2:", "logs:", "xray:")
_READING = (
    *("batchget", "check", "decrypt", "describe", "get", "head", "invokemodel", "list", "lookup"),
    *("query", "read", "retrieve", "scan", "search", "select", "view"),
)


@aside
def way_to_agent(agent: ResourceView, graph: GraphView) -> str:
    """The way by which anyone certainly reaches an agent that acts for them; empty where there is none.

    A function behind the way names the agent, or may invoke the only one of the project; so may a bot of Lex
    in a project with a phone number. An agent acts unless the functions of its action groups only read, as
    far as their roles are known.
    """
    if not any(_acts(group, agent, graph) for group in agent["ActionGroups"].known_items()):
        return ""
    callers = [each for each in callers_of(agent, graph) if each.type == FUNCTION]
    if len(graph.of_type(AGENT)) == 1:
        numbers = graph.of_type(*_NUMBERS)
        if numbers and any(_invokes_agents(each, graph) for each in graph.of_type(_BOT)):
            return f"the phone number {numbers[0].address}"
        callers += [each for each in graph.of_type(FUNCTION) if _invokes_agents(each, graph)]
    ways = (way for each in graph.of_type(*apis.ENTRANCES) for way in apis.entrances(each, graph))
    reached = (way for way in ways if any(each in callers for each in way.behind))
    return next((way.name for way in reached if certainly(way.is_open) and possibly(way.serves)), "")


def _invokes_agents(caller: ResourceView, graph: GraphView) -> bool:
    return any(
        certainly(each.allows() & each.covers_action(_INVOKE_AGENT) & each.names_service("bedrock"))
        for role in graph.targets(caller, EdgeKind.ASSUMES, ROLE)
        for each in policies.of_role(role, graph).known
    )


def _acts(group: View, agent: ResourceView, graph: GraphView) -> bool:
    """Whether an action group does more than ask the user for input and read."""
    idle = group["ParentActionGroupSignature"].is_present() | group["ActionGroupState"].equals("DISABLED")
    if not certainly(~idle):
        return False
    executor = group["ActionGroupExecutor.Lambda"]
    functions = graph.targets_at(agent, EdgeKind.INVOKES, executor, FUNCTION).related
    return not functions or not all(_only_reads(each.resource, graph) for each in functions)


def _only_reads(function: ResourceView, graph: GraphView) -> bool:
    """Whether a role of the project certainly lets a function only read."""
    roles = list(graph.targets(function, EdgeKind.ASSUMES, ROLE))
    return bool(roles) and all(_lets_only_read(role, graph) for role in roles)


def _lets_only_read(role: ResourceView, graph: GraphView) -> bool:
    stated = policies.of_role(role, graph)
    of_aws, unknown = managed.attached(role, graph)
    if stated.unknown or unknown:
        return False
    # With rights to nothing but its logs, a function works by other means: with a token, say.
    allowed = [_allowed(each) for each in (*stated.known, *of_aws) if not certainly(each.denies())]
    reading = {text for texts in allowed for text in texts if not text.startswith(_OWN_TRACES)}
    return bool(reading) and all(text.partition(":")[2].startswith(_READING) for text in reading)


def _allowed(statement: policies.Statement) -> list[str]:
    """The actions that a statement allows, in lower case; `*` for those that are not known."""
    texts = [text.lower() for view in statement.actions.known_items() for text in view.texts or ("*",)]
    return texts if texts and statement.view.lacks("NotAction") else ["*"]
