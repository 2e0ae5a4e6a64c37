"""The steps of a state machine or pipeline, in the order in which they can follow each other.

steps = workflows.steps(workflow)
for register in steps.where(workflows.registers):
    for train in steps.where(workflows.trains):
        yield Claim(~steps.passes(train, register, workflows.decides), register.at, …)
"""

from collections.abc import Callable, Iterator
from typing import TypeAlias

from mlwa_lint.facts.ai_services import actions_that, prefixes
from mlwa_lint.graph.kinds import PIPELINE, STATE_MACHINE
from mlwa_lint.graph.views import ResourceView, View, why_unknown
from mlwa_lint.model.answers import Answer, answer, some, undecided
from mlwa_lint.model.budget import budget
from mlwa_lint.model.values import ListValue, Reference, Unknown
from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple

WORKFLOWS = (STATE_MACHINE, PIPELINE)

TRAINING = frozenset(action.lower() for action in actions_that("trains"))
# Steps that run code in a training job, whatever it does.
_ANY_CODE = ("Function", "NotebookJob")
DEPLOYING = frozenset(
    {
        "sagemaker:createendpoint",
        "sagemaker:createinferencecomponent",
        "sagemaker:updateendpoint",
        "sagemaker:updateendpointweightsandcapacities",
    }
)
_ML_SERVICES = prefixes()
# What makes, starts and opens notebooks and Studio, for people.
_SETS_UP = lazy(
    r"sagemaker:(?:create|delete|describe|list|start|stop|update)(?:presigned)?"
    r"(?:notebookinstances?|domains?|userprofiles?|spaces?|apps?)(?:lifecycleconfigs?|url)?(?:[.:]|$)"
)


class Step(NamedTuple):
    """One step. `at` is where to report it; `action` is empty for none and None when not known."""

    name: str
    kind: str
    action: str | None
    next: tuple[str, ...]
    at: View

    @property
    def address(self) -> str | None:
        """The address of the resource that it creates, if any."""
        return self.at["Address"].text

    @property
    def parent(self) -> str:
        """The name of the Parallel, Map or Condition step that it belongs to; empty at the top."""
        return self.at["Parent"].text or ""

    @property
    def request(self) -> View:
        """The parameters of its call."""
        return self.at["Parameters"]

    @property
    def waits_for_answer(self) -> bool:
        """Whether it waits for an answer from outside: a task token, a callback."""
        return self.at["Pattern"].text == "waitForTaskToken"

    @property
    def waits_for_job(self) -> bool:
        """Whether it waits until the job that it starts has ended (`.sync`)."""
        return (self.at["Pattern"].text or "").startswith("sync")

    def is_retried(self) -> Answer:
        """Whether a failure of it is retried or handled (Retry, Catch, RetryPolicies)."""
        return some(self.at[key].is_present() for key in ("Retry", "Catch", "RetryPolicies"))


StepQuestion: TypeAlias = Callable[[Step], bool]


class Steps:
    """All known steps of a workflow, in the document's order."""

    def __init__(
        self, workflow: ResourceView, given: list[Step] | None = None, unknown: tuple[str, ...] = ()
    ) -> None:
        self.workflow = workflow
        self._unknown = unknown
        self._all: list[Step] = given or []
        if given is None:
            self._read(workflow)
        self._by_name: dict[str, Step] = {}
        for step in self._all:
            self._by_name.setdefault(step.name, step)

    def _read(self, workflow: ResourceView) -> None:
        view = workflow.attributes["Steps"]
        value = view.value
        if isinstance(value, ListValue) and value.rest is not None:
            self._unknown = (value.rest.reason,)
        elif isinstance(value, (Unknown, Reference)):
            self._unknown = (why_unknown(value),)
        for item in view.known_items():
            self._all.append(_step(item))

    def __iter__(self) -> Iterator[Step]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    @property
    def unknown(self) -> tuple[str, ...]:
        """Why there may be more steps; empty when all are known."""
        return self._unknown

    def named(self, name: str) -> Step | None:
        """A step by its name."""
        return self._by_name.get(name)

    def where(self, question: StepQuestion) -> list[Step]:
        """The steps for which a question is answered yes."""
        return [step for step in self._all if question(step)]

    def has(self, question: StepQuestion) -> Answer:
        """Whether there is such a step; undecided while unknown ones may be it."""
        if any(question(step) for step in self._all):
            return answer(True)
        open_reasons = [*self._unknown, *self._unknown_calls()]
        return undecided(open_reasons[0]) if open_reasons else answer(False)

    def _unknown_calls(self) -> list[str]:
        return [why_unknown(step.at["Action"].value) for step in self._all if step.action is None]

    def after(self, step: Step, skipping: StepQuestion = lambda step: False) -> list[Step]:
        """The steps that may run after a step, in document order; paths do not go through skipped ones."""
        seen: set[str] = set()
        waiting = list(step.next)
        while waiting:
            name = waiting.pop()
            found = self._by_name.get(name)
            if found is None or name in seen or skipping(found):
                continue
            seen.add(name)
            waiting += found.next
        return [each for each in self._all if each.name in seen]

    def reaches(self, first: Step, second: Step) -> bool:
        """Whether the second step may run after the first."""
        return any(step.name == second.name for step in self.after(first))

    def between(self, first: Step, second: Step) -> list[Step]:
        """The steps that may run after the first and before the second."""
        return [
            step
            for step in self.after(first)
            if step.name not in (first.name, second.name) and self.reaches(step, second)
        ]

    def passes(self, first: Step, second: Step, question: StepQuestion) -> Answer:
        """Whether the second step runs after the first only by way of a step that the question is about.

        A pipeline's step waits for all that it needs, so one such step between them is enough; a state
        machine takes one way of several, so every way must lead through such a step.
        """
        if why := budget().for_work(len(self._all)):
            return undecided(why)
        if self.workflow.type == PIPELINE:
            found = any(question(step) for step in self.between(first, second))
        else:
            found = not any(step.name == second.name for step in self.after(first, question))
        if found:
            return answer(True)
        unknown = [*self._unknown, *self._unknown_calls(), *self._open_orders(question)]
        return undecided(unknown[0]) if unknown else answer(False)

    def _open_orders(self, question: StepQuestion) -> Iterator[str]:
        """Why a step that a question is about may follow others than those that are known."""
        for each in self._all:
            value = each.at["OpenOrder"].value
            if isinstance(value, Unknown) and any(map(question, (each, *self.after(each)))):
                yield f"what step {each.name} reads is not known: {value.reason}"


def steps(workflow: ResourceView) -> Steps:
    """The steps of a state machine or pipeline."""
    return Steps(workflow)


def malformed(workflow: ResourceView) -> View:
    """True where the definition is wholly known and certainly no JSON object; report it here."""
    return workflow.attributes["Malformed"]


def _step(view: View) -> Step:
    action = view["Action"]
    known: str | None = action.text or ""
    if isinstance(action.value, Unknown):
        known = None
    names = tuple(text for item in view["Next"].known_items() if (text := item.text))
    return Step(view["Name"].text or "", view["Kind"].text or "", known, names, view)


# -- what steps are for


def calls(*actions: str) -> StepQuestion:
    """A question: does a step make one of these calls (`lambda:invoke`)?"""
    wanted = {action.lower() for action in actions}
    return lambda step: (step.action or "").lower() in wanted


def trains(step: Step) -> bool:
    """Whether it trains a model."""
    return (step.action or "").lower() in TRAINING and step.kind not in _ANY_CODE


def registers(step: Step) -> bool:
    """Whether it adds a version to the model registry."""
    return (step.action or "").lower() == "sagemaker:createmodelpackage"


def deploys(step: Step) -> bool:
    """Whether it puts a model into service."""
    return (step.action or "").lower() in DEPLOYING


def decides(step: Step) -> bool:
    """Whether it chooses what comes next: Choice, Condition, or waiting for a person's answer."""
    return step.kind in ("Choice", "Condition") or step.waits_for_answer


def computes(step: Step) -> bool:
    """Whether it can evaluate a model: any call that neither trains, registers nor deploys."""
    action = (step.action or "").lower()
    return bool(action) and not (
        trains(step)
        or registers(step)
        or deploys(step)
        or action.startswith(("sagemaker:createmodel", "sns:"))
    )


def runs_ml(step: Step) -> bool:
    """Whether it calls SageMaker, Bedrock or an AI service, other than to set up notebooks and Studio."""
    action = (step.action or "").lower()
    return action.startswith(_ML_SERVICES) and _SETS_UP.match(action) is None
