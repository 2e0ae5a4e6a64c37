"""Whether workflows do ML work: by their own steps, or by functions that they invoke."""

from collections.abc import Collection, Iterator

from mlwa_lint.facts.ai_services import actions_that
from mlwa_lint.graph import workflows
from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.iam import policies
from mlwa_lint.graph.kinds import FUNCTION, ROLE, STATE_MACHINE
from mlwa_lint.graph.memo import remembered
from mlwa_lint.graph.queries import nested
from mlwa_lint.graph.queries.identity import (
    CODED,
    code_is_of_ml,
    is_coded_for_ml,
    is_ml_function,
    serves_agent,
    starts_jobs,
)
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView
from mlwa_lint.graph.workflows import Step
from mlwa_lint.model.answers import NO, YES, Answer, answer, certainly, possibly, some, undecided
from mlwa_lint.model.resources import PLACEHOLDER
from mlwa_lint.model.values import Reference

_TRAINING_ACTIONS = frozenset(action.lower() for action in actions_that("trains"))
# What makes jobs, rather than hosting.
_JOB_ACTIONS = _TRAINING_ACTIONS | {
    "bedrock:createevaluationjob",
    "bedrock:createmodelinvocationjob",
    "frauddetector:createbatchpredictionjob",
    "personalize:createbatchinferencejob",
    "personalize:createbatchsegmentjob",
    "sagemaker:createprocessingjob",
    "sagemaker:createtransformjob",
}
# What turns what a training job has left into models.
_MODEL_ACTIONS = frozenset({"sagemaker:createmodel", "sagemaker:createmodelpackage"})


@remembered
def does_ml_work(machine: ResourceView, graph: GraphView) -> Answer:
    """Whether a state machine calls SageMaker, Bedrock, an AI service or a function that works for ML.

    So does one that starts another one that does. A workflow that only sets notebooks up runs none. What a
    role allows may be for a function that is not a step of the workflow, if it is one of several that share
    the role.
    """
    return some(_works_itself(each, graph) for each in (machine, *nested.within(machine, graph)))


@remembered
def _works_itself(machine: ResourceView, graph: GraphView) -> Answer:
    if certainly(machine.attributes[PLACEHOLDER].is_true()):
        return undecided(f"the definition of {machine.address} is a placeholder, as its comment states")
    functions = list(graph.targets(machine, EdgeKind.INVOKES, FUNCTION))
    own = workflows.steps(machine).has(workflows.runs_ml)
    if any(is_coded_for_ml(each, graph) for each in graph.targets(machine, EdgeKind.INVOKES, *CODED)):
        return YES
    return own | some(works_itself(each, graph, functions) for each in functions)


def works_itself(function: ResourceView, graph: GraphView, steps: Collection[ResourceView] = ()) -> Answer:
    """Whether a function works for ML, and not another one of those with its role alone.

    steps: other functions that do the same work.
    """
    from mlwa_lint.graph.queries.invokers import looks_like_ml, sharing_role, why_of_another

    works = is_ml_function(function, graph)
    if not certainly(works):
        return works
    sharing = sharing_role(function, graph)
    if sharing and not possibly(code_is_of_ml(function, graph)):
        return NO  # what the role allows is for another one
    if looks_like_ml(function, graph) or all(each in steps for each in sharing):
        return works
    return undecided(why_of_another(function, "of ML"))


@remembered
def works_for_ml(function: ResourceView, graph: GraphView) -> Answer:
    """Whether a function works for ML, is a tool of an agent, or certainly a step of a machine that does.

    What such a step reads and writes is training data, requests or responses of the workflow; what a tool
    does, context and results of the agent.
    """
    around = any(certainly(does_ml_work(machine, graph)) for machine in _machines_around(function, graph))
    return YES if around else is_ml_function(function, graph) | serves_agent(function, graph)


def _machines_around(function: ResourceView, graph: GraphView) -> Iterator[ResourceView]:
    """The state machines of which a function is a step, and those that start these."""
    for machine in graph.sources(function, EdgeKind.INVOKES, STATE_MACHINE):
        yield machine
        yield from nested.around(machine, graph)


@remembered
def handles_artefacts(function: ResourceView, graph: GraphView) -> Answer:
    """Whether a function certainly trains, or makes models, or is a step of a workflow that trains."""
    if certainly(_may_start(function, _TRAINING_ACTIONS | _MODEL_ACTIONS, graph)):
        return YES
    found = (
        step
        for machine in _machines_around(function, graph)
        for step in nested.steps(machine, graph)
        if workflows.trains(step) or certainly(trains_by_function(step, graph))
    )
    return answer(next(found, None) is not None)


def function_of(step: Step, graph: GraphView) -> ResourceView | None:
    """The function of the graph that a step invokes."""
    target = step.at["Target"].value
    found = graph.graph.by_address.get(target.address) if isinstance(target, Reference) else None
    return None if found is None or found.type != FUNCTION else ResourceView(found, graph.world)


def trains_by_function(step: Step, graph: GraphView) -> Answer:
    """Whether a step invokes a function that trains a model."""
    function = function_of(step, graph)
    return NO if function is None else _may_start(function, _TRAINING_ACTIONS, graph)


def runs_job_by_function(step: Step, graph: GraphView) -> Answer:
    """Whether a step invokes a function that starts a job."""
    function = function_of(step, graph)
    return NO if function is None else _may_start(function, _JOB_ACTIONS, graph)


@remembered
def _may_start(function: ResourceView, actions: frozenset[str], graph: GraphView) -> Answer:
    """Whether a function starts one of some jobs: its role names the action, and is its own."""
    if not possibly(starts_jobs(function, graph)):
        return NO
    found = [NO]
    for role in graph.targets(function, EdgeKind.ASSUMES, ROLE):
        named = policies.of_role(role, graph).any(
            lambda statement: (
                statement.allows() & statement.any_action(lambda action: action.lower() in actions)
            )
        )
        others = [each for each in graph.sources(role, EdgeKind.ASSUMES, FUNCTION) if each != function]
        found.append(named & undecided(f"{others[0]} has the same role") if others else named)
    return some(found)
