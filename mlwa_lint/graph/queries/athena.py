"""Who queries the tables of a project with Athena."""

from mlwa_lint.graph import workflows
from mlwa_lint.graph.iam import policies
from mlwa_lint.graph.kinds import FUNCTION, ROLE, STATE_MACHINE
from mlwa_lint.graph.memo import candidates, remembered
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView
from mlwa_lint.model.answers import NO, YES, Answer, answer, certainly
from mlwa_lint.model.resources import QUERIES

_DECLARED = ("AWS::Athena::WorkGroup", "AWS::Athena::NamedQuery", "AWS::Athena::DataCatalog")
_QUERY = "athena:startqueryexecution"
_QUERYING = frozenset({_QUERY, "athena:*", "athena:start*", "athena:startquery*"})


def is_queried(table: ResourceView, graph: GraphView) -> Answer:
    """Whether Athena queries data of a project, as far as is known.

    Resources of Athena, code of functions or of the program that makes the table, steps of state machines and
    permissions that name it show it.
    """
    own = YES if table.attributes[QUERIES].text else NO
    found = own | graph.declared(*_DECLARED).exist()
    return found if certainly(found) else found | _is_used(graph)


@remembered
def _is_used(graph: GraphView) -> Answer:
    """Whether something certainly runs queries: permissions that are not known do not show that."""
    questions = (
        (_has_code_of_queries, FUNCTION),
        (_has_steps_of_queries, STATE_MACHINE),
        (_lets_query, ROLE),
    )
    return answer(
        any(
            question(each, graph)
            for question, kind in questions
            for each in candidates(question, graph, kind)
        )
    )


def _has_code_of_queries(function: ResourceView, graph: GraphView) -> bool:
    return bool(function.attributes[QUERIES].text)


def _has_steps_of_queries(machine: ResourceView, graph: GraphView) -> bool:
    return bool(workflows.steps(machine).where(workflows.calls(_QUERY)))


def _lets_query(role: ResourceView, graph: GraphView) -> bool:
    named = policies.of_role(role, graph).known
    return any(
        certainly(each.allows() & each.any_action(lambda text: text.lower() in _QUERYING)) for each in named
    ) or certainly(policies.has_managed(role, ("AmazonAthenaFullAccess",)))
