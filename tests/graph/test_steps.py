"""Steps of a workflow: what each is for, and which ways lead from one to another."""

from collections.abc import Sequence
from typing import Any

import pytest

from mlwa_lint.graph import workflows
from mlwa_lint.graph.kinds import PIPELINE, STATE_MACHINE
from mlwa_lint.graph.workflows import Step, Steps
from mlwa_lint.model.answers import NO, YES, Answer, undecided
from mlwa_lint.model.budget import Budget, for_target
from mlwa_lint.model.values import Entry, ListValue, MapValue, Unknown, Value
from tests.support.small_graphs import resource, view_of
from tests.support.small_values import HERE, value_of

UNDECIDED = undecided("why")
OPEN = Unknown("why", HERE)


def steps_of(listed: Value, kind: str = STATE_MACHINE) -> Steps:
    attributes = MapValue({"Steps": Entry(HERE, listed)}, HERE)
    one = resource("W", kind)._replace(attributes=attributes)
    return workflows.steps(view_of(one))


def step(name: str, *following: str, action: Any = "", **further: Any) -> dict[str, Any]:
    return {"Name": name, "Kind": "Task", "Action": action, "Next": list(following), **further}


def steps(*listed: dict[str, Any], kind: str = STATE_MACHINE) -> Steps:
    return steps_of(value_of(listed), kind)


def one(**further: Any) -> Step:
    (found,) = steps(step("A", **further))
    return found


def names(found: Sequence[Step]) -> list[str]:
    return [each.name for each in found]


CHAIN = [step("A", "B"), step("B", "C", "D"), step("C", "E"), step("D", "E"), step("E", "B"), step("F")]


def test_steps_after_one_another_in_the_order_of_the_document() -> None:
    found = steps(*CHAIN)
    first = found.named("A")
    assert first is not None
    assert names(found.after(first)) == ["B", "C", "D", "E"]
    assert names(found.after(first, lambda each: each.name == "B")) == []
    assert names(found.after(first, lambda each: each.name == "C")) == ["B", "D", "E"]
    assert found.named("Z") is None
    assert (len(found), names(list(found))) == (6, ["A", "B", "C", "D", "E", "F"])


@pytest.mark.parametrize(
    ("first", "second", "reached", "between"),
    [
        ("A", "E", True, ["B", "C", "D"]),
        ("A", "F", False, []),
        ("E", "A", False, []),
        ("B", "B", True, ["C", "D", "E"]),
        ("A", "B", True, ["C", "D", "E"]),
    ],
)
def test_ways_between_two_steps(first: str, second: str, reached: bool, between: list[str]) -> None:
    found = steps(*CHAIN)
    one, other = found.named(first), found.named(second)
    assert one is not None
    assert other is not None
    assert found.reaches(one, other) is reached
    assert names(found.between(one, other)) == between


@pytest.mark.parametrize(
    ("kind", "by", "expected"),
    [
        (STATE_MACHINE, "B", YES),
        (STATE_MACHINE, "C", NO),
        (STATE_MACHINE, "F", NO),
        (PIPELINE, "C", YES),
        (PIPELINE, "F", NO),
    ],
)
def test_every_way_of_a_machine_and_one_of_a_pipeline(kind: str, by: str, expected: Answer) -> None:
    found = steps(*CHAIN, kind=kind)
    first, last = found.named("A"), found.named("E")
    assert first is not None
    assert last is not None
    assert found.passes(first, last, lambda each: each.name == by) == expected


@pytest.mark.parametrize(
    ("listed", "expected"),
    [
        (value_of([step("A")]), NO),
        (value_of([step("A"), step("B", action=OPEN)]), UNDECIDED),
        (ListValue((value_of(step("A")),), HERE, OPEN), UNDECIDED),
        (OPEN, UNDECIDED),
        (value_of([]), NO),
    ],
)
def test_unknown_steps_and_calls_may_be_any(listed: Value, expected: Answer) -> None:
    found = steps_of(listed)
    assert found.has(lambda each: False) == expected
    if len(found):
        assert found.has(lambda each: each.name == "A") == YES
        (first, *_) = found
        assert found.passes(first, first._replace(name="Z"), lambda each: False) == YES
    assert found.unknown == (("why",) if listed == OPEN or getattr(listed, "rest", None) else ())


def test_a_way_that_may_lead_through_something_unknown_is_undecided() -> None:
    found = steps(step("A", "B"), step("B"), step("X", action=OPEN))
    first, second, _ = found
    assert found.passes(first, second, lambda each: False) == UNDECIDED


def test_ways_are_searched_within_the_budget() -> None:
    found = steps(*CHAIN)
    first, second, *_ = found
    with for_target(Budget(work=5)):
        assert found.passes(first, second, lambda each: True).verdict == "undecided"


def test_where_a_question_is_answered_yes() -> None:
    found = steps(step("A", action="Lambda:Invoke"), step("B", action="lambda:invoke"), step("C"))
    assert names(found.where(workflows.calls("lambda:Invoke"))) == ["A", "B"]


def test_properties_of_a_step() -> None:
    bare = one()
    assert (bare.address, bare.parent, bare.action, bare.next) == (None, "", "", ())
    assert (bare.waits_for_answer, bare.waits_for_job) == (False, False)
    full = one(Address="Job", Parent="Map", Pattern="waitForTaskToken", Parameters={"X": 1})
    assert (full.address, full.parent, full.waits_for_answer) == ("Job", "Map", True)
    assert full.request["X"].text == "1"
    assert one(action=OPEN).action is None
    assert [one(Pattern=each).waits_for_job for each in ("sync", "sync:2", "other")] == [True, True, False]


@pytest.mark.parametrize("key", ["Retry", "Catch", "RetryPolicies"])
def test_each_way_to_handle_a_failure(key: str) -> None:
    assert one(**{key: [{"ErrorEquals": ["States.ALL"]}]}).is_retried() == YES
    assert one(**{key: OPEN}).is_retried() == UNDECIDED
    assert one().is_retried() == NO


@pytest.mark.parametrize("action", sorted(workflows.TRAINING))
def test_each_call_that_trains(action: str) -> None:
    training = one(action=action.upper())
    assert workflows.trains(training)
    assert not workflows.computes(training)
    assert not workflows.trains(one(action=action, Kind="NotebookJob"))


@pytest.mark.parametrize("action", sorted(workflows.DEPLOYING))
def test_each_call_that_deploys(action: str) -> None:
    assert workflows.deploys(one(action=action.upper()))
    assert not workflows.computes(one(action=action))
    assert not workflows.trains(one(action=action))


@pytest.mark.parametrize(
    ("action", "registers", "computes"),
    [
        ("sagemaker:createModelPackage", True, False),
        ("sagemaker:createModel", False, False),
        ("sns:publish", False, False),
        ("lambda:invoke", False, True),
        ("sagemaker:createProcessingJob", False, True),
        ("", False, False),
        (OPEN, False, False),
    ],
)
def test_what_registers_and_what_can_evaluate(action: Any, registers: bool, computes: bool) -> None:
    found = one(action=action)
    assert (workflows.registers(found), workflows.computes(found)) == (registers, computes)


@pytest.mark.parametrize(
    ("kind", "pattern", "expected"),
    [
        ("Choice", "", True),
        ("Condition", "", True),
        ("Task", "waitForTaskToken", True),
        ("Task", "", False),
        ("Map", "", False),
    ],
)
def test_what_decides(kind: str, pattern: str, expected: bool) -> None:
    assert workflows.decides(one(Kind=kind, Pattern=pattern)) is expected


@pytest.mark.parametrize("service", workflows._ML_SERVICES)
def test_each_service_of_ml(service: str) -> None:
    assert workflows.runs_ml(one(action=f"{service.title()}:doSomething"))
    assert workflows.runs_ml(one(action=f"{service}runtime:call"))


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("sagemaker:createNotebookInstance", False),
        ("sagemaker:createPresignedDomainUrl", False),
        ("sagemaker:startNotebookInstance", False),
        ("sagemaker:describeUserProfile", False),
        ("sagemaker:listApps", False),
        ("sagemaker:createApp.sync", False),
        ("sagemaker:createNotebookInstanceLifecycleConfig", False),
        ("sagemaker:createAppImageConfig", True),
        ("sagemaker:createTrainingJob", True),
        ("lambda:invoke", False),
        ("", False),
        (OPEN, False),
    ],
)
def test_setting_notebooks_up_runs_no_ml(action: Any, expected: bool) -> None:
    assert workflows.runs_ml(one(action=action)) is expected
