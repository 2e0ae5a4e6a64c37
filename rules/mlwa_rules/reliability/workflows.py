"""Reliability of workflows that run ML jobs."""

from collections.abc import Iterator

from mlwa_lint.graph import workflows
from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.kinds import PIPELINE
from mlwa_lint.graph.queries import nested
from mlwa_lint.graph.queries.ml_work import function_of, runs_job_by_function
from mlwa_lint.graph.queries.triggers import is_started_by_hand
from mlwa_lint.graph.workflows import Step, Steps
from mlwa_lint.model.resources import MANUAL
from mlwa_lint.rule import (
    NO,
    YES,
    Answer,
    Claim,
    GraphView,
    Remedy,
    ResourceView,
    certainly,
    every,
    rule,
    some,
    undecided,
    why_unknown,
)

# How many steps a message names.
_SHOWN = 5
# Steps of a pipeline that run a job and take no retry policies.
_WITHOUT_POLICIES = ("ClarifyCheck", "Compilation", "QualityCheck")
_RETRY_POLICIES = Remedy(
    "Add `RetryPolicies: [{ExceptionType: [Step.SERVICE_FAULT], MaxAttempts: 2}]` to the step.",
    'Add `RetryPolicies = [{ ExceptionType = ["Step.SERVICE_FAULT"], MaxAttempts = 2 }]` to the step.',
    "Give the step `RetryPolicies`, such as two attempts after `Step.SERVICE_FAULT`.",
)


@rule(
    "MLR501",
    "ml-workflow-step-without-retry",
    "medium",
    concern="production",
    practices=("MLREL03-BP01",),
    on=workflows.WORKFLOWS,
    remedy=Remedy(
        "Add `Retry: [{ErrorEquals: [States.ALL], MaxAttempts: 2}]` to the state, or `RetryPolicies` to the "
        "step of a pipeline.",
        'Add `Retry = [{ ErrorEquals = ["States.ALL"], MaxAttempts = 2 }]` to the state, or `RetryPolicies` '
        "to the step of a pipeline.",
    ),
)
def ml_workflow_step_without_retry(workflow: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A step that runs an ML job neither retries it nor handles its failure.

    Jobs fail for transient reasons: missing capacity, throttling, a lost spot instance. Without a retry, one
    of these ends the whole workflow after hours of work.

    In a state machine, Retry or Catch counts, also that of a Parallel or Map state around the step; in a
    pipeline, RetryPolicies. So does that of a step which starts the workflow and waits for it, if nothing
    else starts it. A step runs a job also by a function whose own role names the action, such as
    `sagemaker:CreateTrainingJob`. What several steps of a workflow leave out is one finding.

    A pipeline that someone starts by hand, from a notebook or script, or by continuous integration that runs
    on request or at a change alone (`workflow_dispatch`, `push`), is of severity low where nothing in the
    project shows an event or a schedule for it, such as one for builds of CodeBuild; so is one that a
    program only makes or deploys and nothing starts, and one each of whose jobs has a CacheConfig, by which
    another run repeats only what failed.

    Exceptions: check and compilation steps of pipelines, which do not support retry policies, and the states
    of a definition whose comment states that it is a placeholder.

    See [Handling errors in Step Functions
    workflows](https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html) and [Retry
    policy for pipeline steps](https://docs.aws.amazon.com/sagemaker/latest/dg/pipelines-retry-policy.html).
    """
    steps = workflows.steps(workflow)
    graph.leave_undecided(steps.unknown)
    wanted, remedy = "Retry or Catch", None
    if workflow.type == PIPELINE:
        remedy = _RETRY_POLICIES
        wanted = workflow["RetryPolicies"].label if workflow.language == "python" else "RetryPolicies"
    above = _is_handled_above(workflow, graph)
    milder = ""
    if _is_started_by_hand(workflow, graph):
        milder = workflow.attributes[MANUAL].text or "someone starts it by hand"
    bare: list[tuple[Step, Answer, str]] = []
    for step in steps.where(_may_run_job):
        runs = YES if step.action is not None else undecided(why_unknown(step.at["Action"].value))
        bare.append((step, runs & ~_is_handled(step, steps) & ~above, "runs a job"))
    if bare and all(certainly(_is_kept(step)) for step, _, _ in bare):
        milder = "another run repeats only what failed"
    for step in steps.where(workflows.calls("lambda:invoke")):
        starts = runs_job_by_function(step, graph)
        how = f"starts a job through {function_of(step, graph)}"
        bare.append((step, starts & ~_is_handled(step, steps) & ~above, how))
    together = [each for each in bare if certainly(each[1])]
    if len(together) > 1:
        yield _joined(workflow, together, wanted)._replace(remedy=remedy, milder=milder)
        bare = [each for each in bare if each not in together]
    for step, found, how in bare:
        message = f"step {step.name} of {workflow} {how} and does not handle its failure:"
        message += f" it should have {wanted}"
        yield Claim(found, step.at["Retry"], message, remedy=remedy, milder=milder)


def _joined(workflow: ResourceView, bare: list[tuple[Step, Answer, str]], wanted: str) -> Claim:
    """What several steps of a workflow leave out."""
    (first, found, _), *others = bare
    names = _listed([step.name for step, *_ in bare])
    message = (
        f"steps {names} of {workflow} run jobs and do not handle their failure: each should have {wanted}"
    )
    related = tuple((step.at["Retry"], f"step {step.name} {how} as well") for step, _, how in others)
    # One call of a program declares all steps.
    return Claim(found, first.at["Retry"], message, related=() if workflow.language == "python" else related)


def _is_started_by_hand(workflow: ResourceView, graph: GraphView) -> bool:
    """Whether someone starts a pipeline by hand, and sees that it failed."""
    return workflow.type == PIPELINE and is_started_by_hand(workflow, graph)


def _is_kept(step: Step) -> Answer:
    """Whether a pipeline that runs again takes the result of a step from the last run."""
    cache = step.at["CacheConfig"]
    return cache["Enabled"].is_true() | cache["EnableCaching"].is_true()  # as definitions and the SDK call it


def _listed(names: list[str]) -> str:
    shown = names if len(names) <= _SHOWN else [*names[: _SHOWN - 1], f"{len(names) - _SHOWN + 1} more"]
    return f"{', '.join(shown[:-1])} and {shown[-1]}"


def _may_run_job(step: Step) -> bool:
    """Whether a step runs a job, if its call is known."""
    if step.action is None:
        return True
    action = step.action.lower()
    created = action.startswith("sagemaker:create") and action.endswith(("job", "jobv2"))
    return (created or workflows.trains(step)) and step.kind not in _WITHOUT_POLICIES


def _is_handled_above(workflow: ResourceView, graph: GraphView) -> Answer:
    """Whether whatever starts a workflow is a step that waits for it and handles its failure."""
    starting = [
        (step, steps)
        for steps in map(workflows.steps, graph.sources(workflow, EdgeKind.INVOKES, *workflows.WORKFLOWS))
        for step in steps
        if nested.started_by(step, graph) == workflow
    ]
    if not starting or not all(step.waits_for_job for step, _ in starting):
        return NO
    otherwise = graph.sources(workflow, EdgeKind.TRIGGERS).exist()
    return every(_is_handled(step, steps) for step, steps in starting) & ~otherwise


def _is_handled(step: Step, steps: Steps) -> Answer:
    """Whether a failure is handled, by the step itself or by a state around it."""
    found, seen = [step.is_retried()], {step.name}
    around = steps.named(step.parent)
    while around is not None and around.name not in seen:
        found.append(around.is_retried())
        seen.add(around.name)
        around = steps.named(around.parent)
    return some(found)
