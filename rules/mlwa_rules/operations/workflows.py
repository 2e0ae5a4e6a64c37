"""Operation of ML workflows: automation, triggers, evaluation, logs."""

from collections.abc import Iterator

from mlwa_lint.graph import jobs, workflows
from mlwa_lint.graph.kinds import ENDPOINT, GLUE_JOB, NOTEBOOK, STATE_MACHINE
from mlwa_lint.graph.memo import remembered
from mlwa_lint.graph.queries import evaluation, glue, nested, triggers
from mlwa_lint.graph.queries.ml_work import does_ml_work, trains_by_function
from mlwa_lint.model.findings import Severity
from mlwa_lint.model.purpose import MODULES
from mlwa_lint.model.resources import LETS_START, MANUAL
from mlwa_lint.rule import (
    YES,
    Answer,
    Claim,
    EdgeKind,
    GraphView,
    Remedy,
    ResourceView,
    certainly,
    possibly,
    rule,
    set_to,
    some,
)

_CONTINUOUS_LOG = "--enable-continuous-cloudwatch-log"
_TRAINING = ("training", "tuning", "automl")
_LOG_RISK = "logs cost"
_NAMED = 3
_KEPT_HISTORY = "Step Functions keeps the history of each run of a STANDARD state machine for 90 days"
_KEPT_OUTPUT = "Glue keeps the output and errors of each run in CloudWatch Logs anyway"
_UPGRADED = "the version of Glue has ended, and the newest logs continuously by default"


@rule(
    "MLO501",
    "hosting-without-pipeline",
    "low",
    concern="deployment",
    practices=("MLOPS04-BP01", "MLREL03-BP01", "MLREL04-BP01"),
    on=(ENDPOINT,),
    remedy=Remedy(
        "Add an `AWS::SageMaker::Pipeline` or an `AWS::StepFunctions::StateMachine` that trains and deploys.",
        "Add an `aws_sagemaker_pipeline` or an `aws_sfn_state_machine` that trains and deploys.",
    ),
)
def hosting_without_pipeline(endpoint: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A project hosts a model that it trains, and nothing in it automates training or deployment.

    Every new model then takes a series of manual steps that cannot be repeated exactly and are skipped when
    time is short.

    A project trains if it declares a training, tuning or AutoML job, or a notebook instance whose role may
    start training jobs. Automation is a SageMaker pipeline or project, a CodePipeline, an Airflow
    environment or a DAG, a Glue workflow, a state machine or a schedule that calls SageMaker (or, for a state
    machine, a container or a build that may do so), and a function or a build whose role may train or
    deploy.

    Exceptions: templates and Terraform that a workflow of GitHub Actions, a buildspec or another
    configuration of continuous integration deploys (`terraform apply`, `sam deploy`), and names.

    See [Implement MLOps](https://docs.aws.amazon.com/sagemaker/latest/dg/mlops.html).
    """
    if graph.graph.project.applied:
        return
    # Of a module, the rest of the project is not known: what calls it may automate it.
    where = "module" if graph.graph.project.purpose in MODULES else "project"
    message = f"nothing in the {where} automates how the model of {endpoint} is trained and deployed"
    yield Claim(_is_trained(graph) & ~triggers.automates(graph), endpoint, message)


@remembered
def _is_trained(graph: GraphView) -> Answer:
    return some(
        [
            *(YES for _ in jobs.every_job(graph, lambda job: job.kind in _TRAINING)),
            *(triggers.may_train(notebook, graph) for notebook in graph.of_type(NOTEBOOK)),
        ]
    )


@rule(
    "MLO502",
    "retraining-never-triggered",
    "medium",
    concern="deployment",
    practices=("MLPERF06-BP05", "MLPERF06-BP06"),
    on=workflows.WORKFLOWS,
    remedy=Remedy(
        "Add an `AWS::Scheduler::Schedule` or an `AWS::Events::Rule` that starts it.",
        "Add an `aws_scheduler_schedule` or an `aws_cloudwatch_event_target` that starts it.",
    ),
)
def retraining_never_triggered(workflow: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """Nothing starts a workflow that trains a model.

    The model ages while real data changes, until the training is started by hand.

    What counts: a schedule or an event rule that is not disabled and whose role may start it, a CodePipeline,
    an API, another workflow, and a function or a build that names it or whose role may start it (for example
    after an S3 event). Its name as text in a variable of a function counts where a policy of AWS, such as
    AmazonSageMakerFullAccess, lets the function start it. A step trains also by a function whose own role
    names the action, or by a workflow that it starts. A pipeline that a program makes counts as started where
    a workflow of GitHub Actions, a buildspec or another configuration of continuous integration runs a
    program that starts it, or `aws sagemaker start-pipeline-execution`. Where another stack of the repository
    starts a workflow that may be this one, or the program that makes it or another one that uses this program
    does, the rule is undecided. The severity is info where only a person can run these programs: nothing else
    of the repository starts pipelines, and none of the programs responds to events or keeps a clock. So it is
    where a file of the repository has a role that continuous integration may assume
    (`AssumeRoleWithWebIdentity` for GitHub, GitLab, Bitbucket or CircleCI) and that may start workflows of
    this kind.

    See [Schedule pipeline
    runs](https://docs.aws.amazon.com/sagemaker/latest/dg/pipeline-eventbridge.html) and [Using EventBridge
    Scheduler with Step
    Functions](https://docs.aws.amazon.com/step-functions/latest/dg/using-eventbridge-scheduler.html).
    """
    steps = nested.steps(workflow, graph)
    trains = steps.has(workflows.trains) | some(trains_by_function(step, graph) for step in steps)
    message = f"{workflow} trains a model and nothing starts it: no schedule, event, pipeline or function"
    triggered = triggers.is_triggered(workflow, graph)
    by_program = triggers.is_started_by_program(workflow)
    by_hand = not certainly(by_program) and triggers.is_started_by_hand(workflow, graph)
    started = triggered if by_hand else triggered | by_program
    milder = (workflow.attributes[MANUAL].text or "") if by_hand and possibly(by_program) else ""
    if milder:
        message = f"{workflow} trains a model and only a person starts it: no schedule, event or pipeline"
    powerless = triggers.without_permission(workflow, graph)
    if powerless:
        message += f"; the role of {powerless[0]} may not start it"
    related = tuple((each, "names it, but its role may not start it") for each in powerless)
    idle = trains & ~started
    if not milder and (role := workflow.attributes[LETS_START].text):
        milder = f"{role} lets continuous integration start such workflows"
    severity: Severity | None = "info" if milder else None
    yield Claim(idle, workflow, message, severity, related=related, milder=milder, lacking=EdgeKind.TRIGGERS)


@rule(
    "MLO503",
    "training-pipeline-without-evaluation",
    "medium",
    concern="production",
    practices=("MLPERF04-BP03", "MLREL03-BP03"),
    on=workflows.WORKFLOWS,
    remedy=Remedy(
        "Add a processing step that evaluates the model, and a `Condition` (state machines: `Choice`).",
        "Add a processing step that evaluates the model, and a `Condition` (state machines: `Choice`).",
        "Add a step that evaluates the model, and a `ConditionStep` with the registration in `if_steps`.",
    ),
)
def training_pipeline_without_evaluation(workflow: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A workflow trains a model and registers or deploys it without an evaluation.

    A model that is worse than its predecessor, perhaps trained on broken data, reaches production like a
    good one, and users are the first to notice.

    Between training and registration or deployment, one step should evaluate the model (a processing or
    transform job, a function …) and one should decide (Condition, Choice, a callback that waits for an
    approval). ClarifyCheck and QualityCheck steps do both, as does a condition on what a training step
    measured (`FinalMetricDataList`). A condition does not decide on the model that compares only what was
    known before training (the input of the execution, a parameter of the pipeline, the result of an earlier
    step) or the status of the training job. Nor does a `Choice` all of whose branches deliver the model: one
    that asks whether the endpoint exists, to create or update it. The steps of state machines and pipelines
    of the project that a step starts count as its own. A function whose code is in the project counts by its
    calls: one that only lists or describes what is there evaluates nothing, and one that deploys and measures
    nothing deploys. In Python, steps follow those whose properties, outputs or files they read; where it is
    not known what a step reads that may evaluate the model, the rule is undecided.

    See [Define a
    pipeline](https://docs.aws.amazon.com/sagemaker/latest/dg/define-pipeline.html) and [Condition
    step](https://docs.aws.amazon.com/sagemaker/latest/dg/build-and-manage-steps-types.html).
    """
    steps = evaluation.steps_of(workflow, graph)
    relevant = steps.has(workflows.trains) & steps.has(evaluation.delivers)
    graph.leave_undecided(relevant.reasons)
    alike: dict[tuple[bool, str], list[tuple[workflows.Step, evaluation.Unevaluated]]] = {}
    for target in steps.where(evaluation.delivers):
        lacking = evaluation.what_lacks_one(target, steps, workflow)
        key = workflows.registers(target), target.name if not certainly(lacking.answer) else ""
        alike.setdefault(key, []).append((target, lacking))
    for (registers, _), found in alike.items():
        yield _unevaluated(workflow, "register" if registers else "deploy", found)


def _unevaluated(
    workflow: ResourceView, does: str, found: list[tuple[workflows.Step, evaluation.Unevaluated]]
) -> Claim:
    """What is wrong with the steps of a workflow that register or deploy what nothing evaluates."""
    first, lacking = found[0]
    trained = list(dict.fromkeys(each.name for _, lacks in found for each in lacks.trained))
    beside = list({each.name: each for _, lacks in found for each in lacks.beside}.values())
    if len(found) == 1:
        message = f"step {first.name} of {workflow} {does}s what {', '.join(trained)} trained"
    else:
        message = f"steps {_listed([each.name for each, _ in found])} of {workflow} {does} what"
        message += f" {_listed(trained)} trained"
    message += " without an evaluation and a condition between them"
    if beside:
        message += f": {_some_of(beside)} nothing of the model"
    ungated = list({each.name: each for _, lacks in found for each in lacks.ungated}.values())
    if ungated:
        message += f"{' and' if beside else ':'} all branches of {ungated[0].name} {does} it"
    related = tuple((step.at, f"{does}s a model as well") for step, _ in found[1:])
    return Claim(lacking.answer, first.at, message, related=related)


def _listed(names: list[str]) -> str:
    """Some names, of many the first, as a part of a sentence."""
    shown = names if len(names) <= _NAMED else [*names[: _NAMED - 1], f"{len(names) - _NAMED + 1} others"]
    return " and ".join([*([", ".join(shown[:-1])] if shown[1:] else []), shown[-1]])


def _some_of(conditions: list[workflows.Step]) -> str:
    """The names of conditions, of many the first, as the subject of a sentence."""
    first, *others = [each.name for each in conditions]
    if not others:
        return f"{first} compares"
    rest = others[0] if len(others) == 1 else f"{len(others)} others"
    return f"{first} and {rest} compare"


def _keeps_history(machine: ResourceView) -> Answer:
    """Whether Step Functions keeps the history of a state machine's runs: it does unless it is EXPRESS."""
    kind = machine["StateMachineType"]
    return kind.is_absent() | kind.equals("STANDARD")


@rule(
    "MLO506",
    "ml-workflow-without-logs",
    "medium",
    concern="production",
    operational=True,
    practices=("MLCOST06-BP04", "MLOPS06-BP02"),
    on=(STATE_MACHINE, GLUE_JOB),
    remedy=Remedy(
        "Set `LoggingConfiguration` with `Level: ERROR` (Glue: `--enable-continuous-cloudwatch-log`).",
        'Add `logging_configuration { level = "ERROR" … }` (Glue: `--enable-continuous-cloudwatch-log`).',
    ),
    controls=(
        "StepFunctions.1",
        "glue_etl_jobs_logging_enabled",
        "stepfunctions_statemachine_logging_enabled",
    ),
    facts=("versions",),
)
def ml_workflow_without_logs(workflow: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A workflow that runs ML work writes no logs.

    When a run fails, the input and the cause cannot be determined. When costs rise, they cannot be attributed
    to runs.

    For state machines that call SageMaker, Bedrock, an AI service, a function that does or another such
    state machine of the project, the level of the logging configuration should not be OFF, which is the
    default. The severity is low for a STANDARD state machine, which is the default: Step Functions keeps the
    history of its runs, with inputs and causes, for 90 days; nothing can search it or raise an alarm on it.
    Of an EXPRESS one, nothing is kept. A Glue job should log continuously; the severity is low, because
    Glue keeps the output and errors of each run in CloudWatch Logs anyway, though not while it runs; and
    where its version of Glue has ended (MLR304), the newest logs continuously by default.

    Exceptions: Glue jobs without GlueVersion, with `auto`, or of version 5.0 and later, which log
    continuously by default; and Python shell jobs, which log while they run. State machines that only set
    up notebooks and Studio run no ML work. The rule is undecided for a definition whose comment states that
    it is a placeholder.

    See [Logging in CloudWatch Logs](https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html) and
    [Logging for AWS Glue jobs](https://docs.aws.amazon.com/glue/latest/dg/monitor-continuous-logging.html).
    """
    if workflow.type == STATE_MACHINE:
        level = workflow["LoggingConfiguration.Level"]
        relevant = does_ml_work(workflow, graph)
        message = f"{workflow} runs ML work and writes no logs: {level} should be ALL, ERROR or FATAL"
        kept = certainly(workflow["LoggingConfiguration.Destinations"].is_present())
        fix = set_to(level, "ERROR", risk=_LOG_RISK) if kept else None
        milder = _KEPT_HISTORY if certainly(_keeps_history(workflow)) else ""
        unset = level.is_absent() | level.equals("OFF")
        yield Claim(unset & relevant, level, message, fix=fix, milder=milder)
        return
    arguments = (workflow["DefaultArguments"], workflow["NonOverridableArguments"])
    logs = some(each[_CONTINUOUS_LOG].is_true() for each in arguments)
    exempt = glue.is_current(workflow, 5) | workflow["Command.Name"].equals("pythonshell")
    at = arguments[0][_CONTINUOUS_LOG]
    message = f"{workflow} does not log while it runs: {at} should be true"
    milder = _UPGRADED if certainly(glue.has_ended(workflow)) else _KEPT_OUTPUT
    yield Claim(~logs & ~exempt, at, message, fix=set_to(at, "true", risk=_LOG_RISK), milder=milder)
