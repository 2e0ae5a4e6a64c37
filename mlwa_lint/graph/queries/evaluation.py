"""Whether a workflow evaluates what it trains before it registers or deploys that."""

from mlwa_lint.graph import workflows
from mlwa_lint.graph.queries import nested
from mlwa_lint.graph.views import ResourceView
from mlwa_lint.graph.workflows import Step, Steps
from mlwa_lint.model.answers import Answer, certainly, some
from mlwa_lint.startup.records import NamedTuple

# Steps of a pipeline that evaluate, and stop it when the result is bad.
CHECKS = ("ClarifyCheck", "QualityCheck")


class Unevaluated(NamedTuple):
    """Which steps train what a step delivers, and whether nothing evaluates that and decides in between."""

    trained: list[Step]
    answer: Answer


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
    judged = (steps.passes(each, target, _evaluates) & steps.passes(each, target, decides) for each in before)
    return Unevaluated(before, some(~each for each in judged))


def _evaluates(step: Step) -> bool:
    """Whether a step evaluates a model; a condition on what training measured does."""
    return workflows.computes(step) or step.kind in CHECKS or certainly(step.at["Measured"].is_present())
