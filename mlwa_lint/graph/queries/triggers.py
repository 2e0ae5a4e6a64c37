"""What sets workflows and agents going: events, schedules, pipelines, functions."""

import re
from collections.abc import Iterator

from mlwa_lint.graph import workflows
from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.iam import policies
from mlwa_lint.graph.jobs import TRAINING_TYPES
from mlwa_lint.graph.kinds import (
    AGENT,
    AGENT_ALIAS,
    CODE_PIPELINE,
    ENDPOINT,
    EVENT_RULE,
    FLOW,
    FUNCTION,
    PIPELINE,
    ROLE,
    STATE_MACHINE,
    TASK_DEFINITION,
    WORKFLOW_TYPES,
)
from mlwa_lint.graph.linking.naming import NAME_PROPERTIES, mention_in
from mlwa_lint.graph.memo import remembered
from mlwa_lint.graph.queries.programs import variables_of
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView, View
from mlwa_lint.model.answers import NO, YES, Answer, answer, certainly, possibly, some, undecided
from mlwa_lint.model.resources import BY_DAG, MANUAL, STARTED, STARTER
from mlwa_lint.model.values import MapValue, Reference, Unknown
from mlwa_lint.startup.patterns import lazy

_RATE = lazy(r"rate\((?P<number>\d+) (?P<unit>minutes?|hours?|days?)\)")
_CRON = lazy(r"cron\(\S+ \S+ (?P<day>\S+) \S+ (?P<weekday>\S+) \S+\)")
SCHEDULE = "AWS::Scheduler::Schedule"
# What may invoke an agent: functions, agents that work with it, and flows.
_CALLING_AGENTS = (FUNCTION, AGENT, FLOW)
# Those that may call an API of their own accord, with the rights of a role.
_ACTORS = (FUNCTION, "AWS::CodeBuild::Project", TASK_DEFINITION)
# What a DAG may make for training and hosting, one step by an operator and another by the client.
_MADE = (ENDPOINT, "AWS::SageMaker::EndpointConfig", "AWS::SageMaker::Model", *TRAINING_TYPES)
# What starts a workflow that it names, beside those with a TRIGGERS edge.
_STARTERS = (
    *_ACTORS,
    *sorted(WORKFLOW_TYPES),
    "AWS::ApiGateway::Method",
    "AWS::ApiGatewayV2::Integration",
    "AWS::Pipes::Pipe",
)
_STARTING = {
    STATE_MACHINE: ("states:StartExecution", "states:StartSyncExecution"),
    PIPELINE: ("sagemaker:StartPipelineExecution",),
}
# The targets of schedules that call an API, which name the workflow in their input.
_START_CALL = {
    STATE_MACHINE: r":aws-sdk:sfn:start(Sync)?Execution$",
    PIPELINE: r":aws-sdk:sagemaker:startPipelineExecution$",
}
_AUTOMATING = (
    PIPELINE,
    CODE_PIPELINE,
    "AWS::MWAA::Environment",
    "AWS::Glue::Workflow",
    "AWS::SageMaker::Project",
)
_AUTOMATING_SERVICES = (
    "sagemaker:",
    "batch:",
    "codebuild:",
    "codepipeline:",
    "ecs:",
    "eks:",
    "elasticmapreduce:",
    "emr",
    "states:",
)
_AUTOMATED_ACTIONS = (
    "sagemaker:CreateTrainingJob",
    "sagemaker:CreateHyperParameterTuningJob",
    "sagemaker:CreateAutoMLJobV2",
    "sagemaker:StartPipelineExecution",
    "sagemaker:CreateEndpoint",
    "sagemaker:UpdateEndpoint",
)


def callers_of(agent: ResourceView, graph: GraphView) -> list[ResourceView]:
    """What names an agent, or an alias of it, to invoke it."""
    named = [agent, *graph.sources(agent, EdgeKind.REFERS_TO, AGENT_ALIAS)]
    found = (each for name in named for each in graph.sources(name, EdgeKind.REFERS_TO, *_CALLING_AGENTS))
    return [each for each in dict.fromkeys(found) if each != agent]


# -- workflows


def is_triggered(workflow: ResourceView, graph: GraphView) -> Answer:
    """Whether anything in the graph starts a workflow; a rule or schedule that is switched off does not."""
    return some(_starts(workflow, graph))


def _starts(workflow: ResourceView, graph: GraphView) -> Iterator[Answer]:
    """Whether each of those that may start a workflow does; what names it comes first."""
    yield graph.sources(workflow, EdgeKind.TRIGGERS).any(
        lambda trigger: is_switched_on(trigger) & _may_start(trigger, workflow, graph)
    )
    yield graph.sources(workflow, EdgeKind.INVOKES, *_STARTERS).exist()
    for schedule in graph.one_by_one(SCHEDULE):
        yield _calls_for(schedule, workflow)
    for trigger in graph.one_by_one(EVENT_RULE, SCHEDULE):
        yield from _may_target(trigger, workflow, graph)
    yield from _allowed_to_start(workflow, graph)
    yield from _named_and_allowed(workflow, graph)


def without_permission(workflow: ResourceView, graph: GraphView) -> list[ResourceView]:
    """The rules and schedules that name a workflow and certainly may not start it."""
    triggers = graph.sources(workflow, EdgeKind.TRIGGERS)
    return [each for each in triggers if not possibly(_may_start(each, workflow, graph))]


def _may_start(trigger: ResourceView, workflow: ResourceView, graph: GraphView) -> Answer:
    """Whether a rule or schedule may start a workflow, as far as its roles are of the project."""
    roles = graph.targets(trigger, EdgeKind.ASSUMES, ROLE)
    if trigger.type not in (EVENT_RULE, SCHEDULE) or roles.unknown or not roles.related:
        return YES
    return roles.any(lambda role: _lets_start(role, workflow, graph))


def _lets_start(role: ResourceView, workflow: ResourceView, graph: GraphView) -> Answer:
    actions = _STARTING[workflow.type]
    return policies.of_role(role, graph).any(
        lambda each: each.allows() & some(each.covers_action(action) for action in actions)
    )


def is_started_by_program(workflow: ResourceView) -> Answer:
    """Whether continuous integration starts a workflow; how often another program does is not known."""
    started = workflow.attributes[STARTED]
    if not certainly(started.is_present()):
        return NO
    if certainly(started.is_true()):
        return YES
    program = workflow.attributes[STARTER].text or started.span.path
    return undecided(f"{program} starts it, and whether that is run again is not known")


def is_started_by_hand(workflow: ResourceView, graph: GraphView) -> bool:
    """Whether a person certainly runs what starts a workflow: a notebook or script, and no event or clock."""
    by_hand = workflow.attributes[MANUAL].is_present()
    return certainly(by_hand & ~is_triggered(workflow, graph))


def _may_target(trigger: ResourceView, workflow: ResourceView, graph: GraphView) -> Iterator[Answer]:
    """Undecided for a rule or schedule whose target is not known, and whose role may start a workflow.

    Functions and topics are called without a role.
    """
    targets = trigger["Targets"].known_items() if trigger.type == EVENT_RULE else [trigger["Target"]]
    for target in targets:
        arn = target["Arn"].value
        if not isinstance(arn, Unknown) or arn.parts or certainly(target["RoleArn"].is_absent()):
            continue
        roles = graph.targets(trigger, EdgeKind.ASSUMES, ROLE).related
        if any(possibly(_may_let_start(each.resource, workflow, graph)) for each in roles):
            yield is_switched_on(trigger) & undecided(f"{trigger.address}: {arn.reason}")


def _calls_for(schedule: ResourceView, workflow: ResourceView) -> Answer:
    """Whether a schedule calls the API that starts workflows, with this one's name in its input."""
    name = workflow[NAME_PROPERTIES[workflow.type]].text
    if not name:
        return NO
    given = re.compile(rf'[":/]{re.escape(name)}"')
    calls = schedule["Target.Arn"].matches(_START_CALL[workflow.type], re.IGNORECASE)
    written = schedule["Target.Input"]
    stated = (
        written["PipelineName"].equals(name)
        if isinstance(written.value, MapValue)  # as jsonencode() leaves it
        else written.test(lambda text: given.search(text) is not None)
    )
    return calls & stated & is_switched_on(schedule)


def is_switched_on(trigger: ResourceView) -> Answer:
    """Whether a rule or schedule is enabled, which is the default."""
    return ~trigger["State"].equals("DISABLED") & ~trigger["DesiredState"].equals("STOPPED")


def _allowed_to_start(workflow: ResourceView, graph: GraphView) -> Iterator[Answer]:
    for actor in graph.one_by_one(*_ACTORS):
        for role in graph.targets(actor, EdgeKind.ASSUMES, ROLE):
            yield _may_let_start(role, workflow, graph)


def _named_and_allowed(workflow: ResourceView, graph: GraphView) -> Iterator[Answer]:
    """Whether a function whose variable is a workflow's name in text may start it by a policy of AWS."""
    from mlwa_lint.graph.iam import managed

    name = workflow[NAME_PROPERTIES[workflow.type]].text
    for actor in graph.one_by_one(FUNCTION) if name else ():
        if not any(value.text == name for _, value in variables_of(actor)):
            continue
        for role in graph.targets(actor, EdgeKind.ASSUMES, ROLE):
            statements, unknown = managed.attached(role, graph)
            yield some(
                [
                    *(
                        each.allows() & each.covers_any_action(*_STARTING[workflow.type])
                        for each in statements
                    ),
                    *map(undecided, unknown),
                ]
            )


@remembered
def _may_let_start(role: ResourceView, workflow: ResourceView, graph: GraphView) -> Answer:
    return policies.of_role(role, graph).any(
        lambda statement: statement.allows_on(
            lambda view: _may_mean(view, workflow), *_STARTING[workflow.type]
        )
    )


def _may_mean(view: View, workflow: ResourceView) -> Answer:
    """Whether a policy's resource may be a workflow: not when it is certainly another one."""
    value = view.value
    if isinstance(value, Reference) and value.known is None:
        return answer(value.address == workflow.address)
    mention = mention_in(value)
    if mention is None:
        return YES
    if isinstance(mention.name.value, Reference):
        return answer(mention.name.value.address == workflow.address)
    name = workflow[NAME_PROPERTIES[workflow.type]].text
    literal = mention.name.literal
    if name and literal and not set("*?") & set(literal):
        return answer(name.lower() == literal.lower())
    return YES


# -- automation


@remembered
def automates(graph: GraphView) -> Answer:
    """Whether anything in the graph trains or deploys of its own accord."""
    declared = graph.declared(STATE_MACHINE, *_AUTOMATING).any(
        lambda each: _may_automate(each, graph) if each.type == STATE_MACHINE else YES
    )
    called = some(
        answer("sagemaker" in (schedule["Target.Arn"].text or "")) for schedule in graph.of_type(SCHEDULE)
    )
    acting = dict.fromkeys(
        role for actor in graph.of_type(*_ACTORS) for role in graph.targets(actor, EdgeKind.ASSUMES, ROLE)
    )
    by_dag = some(each.attributes[BY_DAG].is_present() for each in graph.of_type(*_MADE))
    return some([declared, called, by_dag, *(_lets_automate(role, graph) for role in acting)])


@remembered
def _lets_automate(role: ResourceView, graph: GraphView) -> Answer:
    return policies.of_role(role, graph).any(
        lambda statement: statement.allows() & statement.covers_any_action(*_AUTOMATED_ACTIONS)
    )


def _may_automate(machine: ResourceView, graph: GraphView) -> Answer:
    """Whether a state machine calls SageMaker, or what may do so in its place.

    The roles of functions in the graph show whether they do.
    """
    steps = workflows.steps(machine)
    functions = graph.targets(machine, EdgeKind.INVOKES, FUNCTION)
    others = [*map(undecided, functions.unknown)]
    if len(steps.where(workflows.calls("lambda:invoke"))) > len(functions.related):
        others.append(undecided(f"{machine.address} calls a function that is not declared here"))
    return some([steps.has(_works_elsewhere), *others])


def _works_elsewhere(step: workflows.Step) -> bool:
    return (step.action or "").lower().startswith(_AUTOMATING_SERVICES)


@remembered
def may_train(actor: ResourceView, graph: GraphView) -> Answer:
    """Whether a resource acts with a role of the graph that lets it start training jobs."""
    return some(_lets_train(role, graph) for role in graph.targets(actor, EdgeKind.ASSUMES, ROLE))


@remembered
def _lets_train(role: ResourceView, graph: GraphView) -> Answer:
    found = [
        each.tail("/", lambda name: name == "AmazonSageMakerFullAccess")
        for each in role["ManagedPolicyArns"].known_items()
        if not isinstance(each.value, Reference)
    ]
    stated = policies.of_role(role, graph).any(
        lambda statement: statement.allows() & statement.covers_action("sagemaker:CreateTrainingJob")
    )
    return some([*found, stated])


# -- by the clock, or by an event


def clocks_of(workflow: ResourceView, graph: GraphView) -> Iterator[tuple[View, Answer]]:
    """The schedule expressions that start a workflow, and whether they do so every day or more often."""
    for trigger in graph.sources(workflow, EdgeKind.TRIGGERS, EVENT_RULE, SCHEDULE):
        expression = trigger["ScheduleExpression"]
        if possibly(expression.is_present()):
            yield expression, expression.test(_is_daily) & is_switched_on(trigger)


def is_started_by_event(workflow: ResourceView, graph: GraphView) -> Answer:
    """Whether something other than a clock starts a workflow."""
    triggers = graph.sources(workflow, EdgeKind.TRIGGERS).any(
        lambda each: (
            each["EventPattern"].is_present() if each.type == EVENT_RULE else answer(each.type != SCHEDULE)
        )
    )
    return triggers | graph.sources(workflow, EdgeKind.INVOKES, *_STARTERS).exist()


def _is_daily(expression: str) -> bool:
    """Whether a schedule expression means an interval of a day or less."""
    rate = _RATE.fullmatch(expression.strip())
    if rate is not None:
        return rate.group("unit").startswith(("minute", "hour")) or rate.group("number") == "1"
    cron = _CRON.fullmatch(expression.strip())
    return cron is not None and cron.group("day") in ("*", "?", "*/1") and cron.group("weekday") in ("*", "?")
