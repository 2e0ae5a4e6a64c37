"""Whether a workflow evaluates what it trains before it registers or deploys that."""

from mlwa_lint.graph import workflows
from mlwa_lint.graph.queries import nested
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView, View
from mlwa_lint.graph.workflows import Step, Steps
from mlwa_lint.model.answers import NO, YES, Answer, answer, certainly, possibly, some, undecided
from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple

# Steps of a pipeline that evaluate, and stop it when the result is bad.
CHECKS = ("ClarifyCheck", "QualityCheck")
# Calls that read, write and tidy up what is there, and evaluate nothing.
_INERT = (
    "sagemaker:addtags",
    "sagemaker:createendpointconfig",
    "sagemaker:delete",
    "sagemaker:describe",
    "sagemaker:list",
    "sagemaker:stop",
)
_DESCRIBING = (
    "sagemaker:describeautomljob",
    "sagemaker:describeendpoint",
    "sagemaker:describehyperparametertuningjob",
    "sagemaker:describetrainingjob",
)
# … and, in a function that trains or delivers, what it does besides.
_BESIDE = (*_INERT, "sagemaker:createmodel", "sagemaker:updatetrainingjob")
# What a function does that only looks at what is there.
_LOOKS = "sagemaker:describeendpoint"
_DELIVERING = workflows.DEPLOYING | {"sagemaker:createmodelpackage"}
_METRIC = lazy(r"(?i)metric")
# Whether training ended, and not how good the model is.
_STATUS = lazy(r"\.(?:Training|HyperParameterTuning|AutoML)?(?:Job(?:Secondary)?|Endpoint|Secondary)Status$")
# What is read was given to the state machine, and no state wrote it.
_INPUT = "the input"


class Unevaluated(NamedTuple):
    """Which steps train what a step delivers, and whether nothing evaluates that and decides in between.

    `beside` are the conditions in between that are about something else, and `ungated` the choices whose
    branches all deliver it.
    """

    trained: list[Step]
    answer: Answer
    beside: list[Step]
    ungated: list[Step]


def steps_of(workflow: ResourceView, graph: GraphView) -> Steps:
    """The steps of a workflow, and of those that it starts; where they invoke functions, what these do.

    A function that only trains, by its calls, trains; one whose code is known and cannot judge a model
    registers or deploys one by its calls, or only looks at what is there.
    """
    found = nested.steps(workflow, graph)
    by_code = [_by_code(each, graph) for each in found]
    changed = any(one is not other for one, other in zip(by_code, found, strict=True))
    return Steps(workflow, by_code, found.unknown) if changed else found


def _by_code(step: Step, graph: GraphView) -> Step:
    """A step with the action that the code of its function performs; as it is where that is not certain."""
    from mlwa_lint.graph.queries import ml_work, requests

    function = ml_work.function_of(step, graph)
    if function is None:
        return step
    actions = sorted(each.lower() for each in requests.actions_of(function, graph))
    training = [each for each in actions if each in workflows.TRAINING]
    delivering = [each for each in actions if each in _DELIVERING]
    # A function that starts whatever job it is given may evaluate as well.
    others = {each for each in actions if each.startswith("sagemaker:") and not each.startswith(_BESIDE)}
    if not others <= {*training, *delivering} or (training and delivering):
        return step
    if training:
        return step._replace(action=training[0])
    if not requests.judges_nothing(function):
        return step
    if delivering:
        return step._replace(action=delivering[0])
    looks = requests.calls_alone(function, graph, lambda each: each.lower().startswith(_INERT))
    return step._replace(action=_LOOKS) if looks else step


def delivers(step: Step) -> bool:
    """Whether a step registers or deploys a model."""
    return workflows.registers(step) or workflows.deploys(step)


def decides(step: Step) -> bool:
    """Whether a step chooses what comes next, or stops the workflow when the model is bad."""
    return workflows.decides(step) or step.kind in CHECKS


def what_lacks_one(target: Step, steps: Steps, workflow: ResourceView) -> Unevaluated:
    """Whether no evaluation and no condition lie between training and a step that delivers the model."""
    before = [
        each
        for each in steps.where(workflows.trains)
        if steps.reaches(each, target) and not nested.is_inside(each, target, workflow)
    ]
    before = _handed_on(before, target, steps)
    ungated = _ungated(target, steps)
    judged = (
        steps.passes(each, target, _evaluates) & _passes_decision(each, target, steps, ungated)
        for each in before
    )
    beside = {
        step.name: step
        for each in before
        for step, found in _decisions(each, steps, ungated)
        if step.kind in ("Choice", "Condition") and not possibly(found)
        if steps.reaches(each, step) and steps.reaches(step, target)
    }
    others = [each for name, each in beside.items() if name not in ungated]
    open_ways = [each for name, each in beside.items() if name in ungated]
    return Unevaluated(before, some(~each for each in judged), others, open_ways)


def _ungated(target: Step, steps: Steps) -> frozenset[str]:
    """The choices all of whose branches deliver the same as a step, before anything else is decided.

    One asks whether the endpoint exists, for example: it is created, or else updated. One that reads what
    training measured counts as a gate, whatever its branches do.
    """
    alike = [each for each in steps.where(delivers) if each.name == target.name or _same(each, target)]
    before: dict[str, list[Step]] = {}
    for step in steps:
        for name in step.next:
            before.setdefault(name, []).append(step)
    leading = {each.name for each in alike}
    waiting = list(leading)
    while waiting:
        for step in before.get(waiting.pop(), ()):
            if step.name not in leading and not decides(step):
                leading.add(step.name)
                waiting.append(step.name)
    return frozenset(
        step.name
        for step in steps.where(lambda step: step.kind == "Choice")
        if step.next and leading.issuperset(step.next) and not _reads_metric(step)
    )


def _same(one: Step, other: Step) -> bool:
    """Whether two steps put the same endpoint configuration into service."""
    first, second = (each.request["EndpointConfigName"] for each in (one, other))
    return certainly(first.is_present()) and certainly(first.same_as(second))


def _handed_on(trained: list[Step], target: Step, steps: Steps) -> list[Step]:
    """Those of several training steps whose results a step takes, also by way of others; else all."""
    if len(trained) < 2:
        return trained
    names: set[str] = set()
    waiting = [target]
    while waiting:
        step = waiting.pop()
        start = step.name.removesuffix(step.at["Name"].text or "")
        for each in step.at["Takes"].known_items():
            name = f"{start}{each.text}"
            source = None if name in names else steps.named(name)
            names.add(name)
            if source is not None and not workflows.trains(source):
                waiting.append(source)
    return [each for each in trained if each.name in names] or trained


def _evaluates(step: Step) -> bool:
    """Whether a step may evaluate a model; a condition on what training measured does."""
    if step.kind in CHECKS or certainly(step.at["Measured"].is_present()):
        return True
    if step.kind == "Choice":
        return _reads_metric(step)
    return workflows.computes(step) and not (step.action or "").lower().startswith(_INERT)


def _passes_decision(first: Step, target: Step, steps: Steps, ungated: frozenset[str]) -> Answer:
    """Whether every way from training to delivery leads through a decision on the model."""
    answers = {each.name: found for each, found in _decisions(first, steps, ungated)}
    certain = steps.passes(first, target, lambda step: certainly(answers[step.name]))
    if possibly(certain):
        return certain
    if not certainly(steps.passes(first, target, lambda step: possibly(answers[step.name]))):
        return certain
    return undecided(next(each.reasons[0] for each in answers.values() if each.reasons))


def _decisions(first: Step, steps: Steps, ungated: frozenset[str]) -> list[tuple[Step, Answer]]:
    """All steps, with whether they decide on what a training step made."""
    after = {each.name for each in steps.after(first)}
    return [(each, NO if each.name in ungated else _judges(each, first, after, steps)) for each in steps]


def _judges(step: Step, first: Step, after: set[str], steps: Steps) -> Answer:
    """Whether a step decides on what a training step made, by what it reads."""
    if not decides(step):
        return NO
    reads = step.at["Reads"]
    if step.kind not in ("Choice", "Condition") or certainly(reads.is_absent()):
        return YES
    if certainly(step.at["Measured"].is_present()):
        return YES
    return _is_about(step, first, after, steps, frozenset())


def _is_about(step: Step, first: Step, after: set[str], steps: Steps, seen: frozenset[str]) -> Answer:
    """Whether what a step reads may show how good a model is that was trained before."""

    def about(read: View) -> Answer:
        path = read["Path"].text or ""
        if _METRIC.search(path):
            return YES
        if _STATUS.search(path):
            return NO
        sources = [each.text or "" for each in read["From"].known_items()]
        if not sources:
            return undecided(f"what step {step.name} reads at {path} is not known")
        return some(_shows(each, step, first, after, steps, seen) for each in sources)

    return step.at["Reads"].any_item(about)


def _shows(
    source: str, step: Step, first: Step, after: set[str], steps: Steps, seen: frozenset[str]
) -> Answer:
    """Whether the result of the step that a step reads may show how good a model is."""
    start = step.name.removesuffix(step.at["Name"].text or "")
    if source == _INPUT:
        is_beside = first.name.startswith(start) and "/" not in first.name.removeprefix(start)
        if (is_beside and first.parent == step.parent) or step.kind == "Condition":
            return NO
        return undecided(f"the input of step {step.name} is not known")
    found = steps.named(f"{start}{source}")
    if found is None:
        return undecided(f"what step {step.name} reads is not known")
    if found.kind in ("Map", "Parallel") or first.name.startswith(f"{found.name}/"):
        return YES  # its result is that of all that runs within it
    if found.name not in after and found.name != first.name:
        return NO
    if found.kind == "Pass":
        if found.name in seen:
            return NO
        return _is_about(found, first, after, steps, seen | {found.name})
    if workflows.trains(found) or (found.action or "").lower().startswith(_DESCRIBING):
        return answer(_reads_metric(found))
    return answer(_evaluates(found))


def _reads_metric(step: Step) -> bool:
    """Whether a step reads, or selects from its result, what training measured."""
    paths = (each["Path"].text or "" for each in step.at["Reads"].known_items())
    return any(_METRIC.search(path) for path in paths)
