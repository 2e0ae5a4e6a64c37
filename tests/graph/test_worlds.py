"""Worlds: a check runs once for each combination of conditions that it reads and that can occur."""

from collections.abc import Mapping
from functools import partial

from hypothesis import given
from hypothesis import strategies as st

from mlwa_lint.graph.worlds import (
    FRUITLESS_LIMIT,
    WORLDS_LIMIT,
    Fork,
    Leaf,
    Patience,
    World,
    WorldTree,
    explore,
)
from mlwa_lint.model.conditions import AnyScenario, Condition, Guard

NAMES = "ABCDE"
CONDITIONS = {name: Condition(name, name) for name in NAMES}


class Only:
    """Only some combinations of all conditions are possible."""

    def __init__(self, allowed: list[Mapping[str, bool]]) -> None:
        self.allowed = allowed

    def possible(self, answers: Mapping[str, bool]) -> bool:
        return any(all(each[name] is holds for name, holds in answers.items()) for each in self.allowed)


def leaves(tree: WorldTree[frozenset[tuple[str, bool]]]) -> list[frozenset[tuple[str, bool]] | None]:
    if isinstance(tree, Leaf):
        return [tree.outcome]
    return [*leaves(tree.yes), *leaves(tree.no)]


def requested(world: World, names: str) -> frozenset[tuple[str, bool]]:
    return frozenset((name, world.holds(CONDITIONS[name])) for name in names)


def test_a_check_that_reads_no_condition_runs_once() -> None:
    tree = explore(AnyScenario(), (), lambda world: requested(world, ""))
    assert tree == Leaf(frozenset())


def test_only_conditions_that_are_read_fork() -> None:
    tree = explore(AnyScenario(), (), lambda world: requested(world, "A"))
    assert isinstance(tree, Fork)
    assert leaves(tree) == [frozenset({("A", True)}), frozenset({("A", False)})]


def test_a_condition_read_in_one_branch_only_forks_there() -> None:
    def check(world: World) -> frozenset[tuple[str, bool]]:
        return requested(world, "AB") if world.holds(CONDITIONS["A"]) else requested(world, "A")

    tree = explore(AnyScenario(), (), check)
    assert tree is not None
    assert len(leaves(tree)) == 3


def test_given_guards_are_kept() -> None:
    tree = explore(AnyScenario(), (Guard(CONDITIONS["A"], False),), lambda world: requested(world, "A"))
    assert tree == Leaf(frozenset({("A", False)}))


def test_guards_that_contradict_each_other_have_no_world() -> None:
    guards = (Guard(CONDITIONS["A"], False), Guard(CONDITIONS["A"], True))
    assert explore(AnyScenario(), guards, lambda world: requested(world, "A")) is None


def test_too_many_worlds_end_in_a_leaf_without_outcome() -> None:
    tree = explore(AnyScenario(), (), lambda world: requested(world, NAMES), limit=4)
    assert tree is not None
    outcomes = leaves(tree)
    assert None in outcomes
    assert len([each for each in outcomes if each is not None]) == 4


@given(
    st.lists(st.fixed_dictionaries({name: st.booleans() for name in NAMES}), min_size=1, max_size=8),
    st.sets(st.sampled_from(NAMES)),
)
def test_exactly_the_possible_combinations_are_visited(
    allowed: list[Mapping[str, bool]], names: set[str]
) -> None:
    wanted = "".join(sorted(names))
    tree = explore(Only(allowed), (), lambda world: requested(world, wanted))
    assert tree is not None
    expected = {frozenset((name, each[name]) for name in wanted) for each in allowed}
    visited = leaves(tree)
    assert len(visited) == len(set(visited))
    assert set(visited) == expected


def test_parts_that_have_one_answer_each_do_not_multiply() -> None:
    conditions = {f"C{number}": Condition(f"C{number}", f"C{number}") for number in range(20)}

    def check(world: World) -> bool:
        parts = [
            each for each in conditions.values() if not world.settles((), partial(_same, condition=each))
        ]
        return any([world.holds(each) for each in parts])  # noqa: C419 - all are asked

    assert explore(AnyScenario(), (), check) == Leaf(False)


def test_parts_whose_answers_differ_are_read() -> None:
    def check(world: World) -> frozenset[tuple[str, bool]]:
        differs = not world.settles((), lambda beside: beside.holds(CONDITIONS["A"]))
        return requested(world, NAMES if differs and world.splits else NAMES[1:])

    tree = explore(AnyScenario(), (), check, limit=4)
    assert tree is not None
    assert None in leaves(tree)


def _same(world: World, condition: Condition) -> bool:
    return world.holds(condition) in (True, False)


def test_a_check_that_cannot_be_split_is_not_run_for_nothing() -> None:
    conditions = [Condition(f"C{number}", f"C{number}") for number in range(WORLDS_LIMIT + 1)]
    runs = {False: 0, True: 0}

    def check(world: World) -> None:
        runs[world.splits] += 1
        for each in conditions:
            world.holds(each)

    explore(AnyScenario(), (), check)
    assert runs == {False: WORLDS_LIMIT, True: 1}


def test_patience_with_questions_in_parts_ends() -> None:
    names = [f"C{number}" for number in range(8)]
    conditions = [Condition(name, name) for name in names]
    evaluated: list[bool] = []

    def check(world: World) -> int:
        evaluated.append(world.splits)
        return sum(map(world.holds, conditions))

    patience = Patience()
    for _ in range(FRUITLESS_LIMIT):
        evaluated.clear()
        explore(AnyScenario(), (), check, patience=patience)
        assert True in evaluated
    evaluated.clear()
    explore(AnyScenario(), (), check, patience=patience)
    assert evaluated == [False] * WORLDS_LIMIT


def test_one_time_that_helps_is_enough_to_go_on() -> None:
    patience = Patience()
    for helped in [*[False] * (FRUITLESS_LIMIT - 1), True, *[False] * (FRUITLESS_LIMIT - 1)]:
        patience.note(helped)
    assert not patience.is_lost
