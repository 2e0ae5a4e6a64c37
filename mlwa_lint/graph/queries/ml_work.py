"""Whether a state machine does ML work: its own steps, or functions that it invokes."""

from mlwa_lint.graph import workflows
from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.kinds import FUNCTION
from mlwa_lint.graph.memo import remembered
from mlwa_lint.graph.queries.identity import is_ml_function
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView
from mlwa_lint.model.answers import Answer, some


@remembered
def does_ml_work(machine: ResourceView, graph: GraphView) -> Answer:
    """Whether a state machine calls SageMaker, Bedrock, an AI service or a function that does."""
    functions = graph.targets(machine, EdgeKind.INVOKES, FUNCTION)
    own = workflows.steps(machine).has(workflows.runs_ml)
    return own | some(is_ml_function(each, graph) for each in functions)
