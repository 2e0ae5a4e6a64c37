"""What programs record, and which logs of a resource are delivered."""

from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.iam import policies
from mlwa_lint.graph.kinds import DELIVERY_SOURCE, LOG_GROUP, ROLE, returns
from mlwa_lint.graph.linking.naming import GAP, outline
from mlwa_lint.graph.queries import programs
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView, View
from mlwa_lint.model.answers import NO, YES, Answer, answer, certainly
from mlwa_lint.model.resources import CONTENT_OFF
from mlwa_lint.model.values import Reference, references_in

# Where AgentCore keeps what the program of a runtime prints.
_OUTPUT = "/aws/bedrock-agentcore/runtimes/"
# Variables that keep prompts and responses out of spans.
_CONTENT_VARIABLES = ("TRACELOOP_TRACE_CONTENT", "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT")


def why_content_is_left_out(user: ResourceView) -> str:
    """What keeps the prompts of a program out of what it records, on purpose; empty where nothing does."""
    noted = user.attributes[CONTENT_OFF].text
    if noted:
        return f"{noted} keeps prompts out of what programs record"
    for name, value in programs.variables_of(user):
        if name in _CONTENT_VARIABLES and (value.text or "").lower() == "false":
            return f"{name} keeps prompts out of what the program records"
    return ""


def is_delivered(resource: ResourceView, graph: GraphView) -> Answer:
    """Whether a log delivery source of the project is about a resource."""

    def concerns(source: ResourceView) -> Answer:
        if any(edge.target == resource.address for edge in graph.graph.edges_from(source.address)):
            return YES
        arn = source["ResourceArn"]
        named = graph.graph.by_address.get(arn.value.address) if isinstance(arn.value, Reference) else None
        if named is not None and not returns(named.type):
            return NO  # another resource of the project
        return arn.is_open() if GAP in outline(arn.value) else answer(False)

    return graph.declared(DELIVERY_SOURCE).any(concerns)


def writes_own_log(runtime: ResourceView, graph: GraphView) -> bool:
    """Whether an AgentCore runtime certainly writes to a log group of the project, beside its own output.

    An environment variable names the group, or a policy of the role lets it write there.
    """
    groups = {
        each.address: each
        for each in graph.of_type(LOG_GROUP)
        if not outline(each["LogGroupName"].value).startswith(_OUTPUT)
    }
    names = {each["LogGroupName"].text for each in groups.values()}

    def leads_there(view: View) -> bool:
        if any(reference.address in groups for reference, _ in references_in(view.value)):
            return True
        return view.text is not None and view.text in names

    def may_write(statement: policies.Statement) -> Answer:
        return statement.allows_on(lambda view: answer(leads_there(view)), "logs:PutLogEvents")

    if not groups:
        return False
    if any(leads_there(variable) for _, variable in programs.variables_of(runtime)):
        return True
    roles = graph.targets(runtime, EdgeKind.ASSUMES, ROLE).related
    return any(certainly(policies.of_role(each.resource, graph).any(may_write)) for each in roles)
