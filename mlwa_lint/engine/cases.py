"""The cases in which something holds: combinations of conditions, as few and as short as they can be said."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from mlwa_lint.graph.worlds import Leaf, Tree
from mlwa_lint.model.conditions import Condition
from mlwa_lint.startup.records import NamedTuple

# Answers to conditions, in the order in which they were asked for.
Case: TypeAlias = tuple[tuple[Condition, bool], ...]
_CASES_LIMIT = 256
_SAID_LIMIT = 6
# Beyond so many answers nobody reads on: further cases are counted.
_ANSWERS_LIMIT = 8


class Cases(NamedTuple):
    """The cases in which something certainly holds; `lost` tells why it is undecided in others."""

    cases: tuple[Case, ...]
    lost: tuple[str, ...]

    @property
    def always(self) -> bool:
        """Whether it holds whatever the conditions."""
        return () in self.cases


class _Split(NamedTuple):
    holds: tuple[Case, ...]
    fails: tuple[Case, ...]


_EVERYWHERE = _Split(((),), ())
_NOWHERE = _Split((), ((),))


def cases_of(tree: Tree[Any], worlds: Collection[int]) -> Cases:
    """The cases in which one of some worlds is given; worlds count from 0 in the tree's order."""
    lost: dict[str, None] = {}
    split, _ = _split(tree, worlds, 0, lost)
    return Cases(_shortened(split), tuple(lost))


def _split(tree: Tree[Any], worlds: Collection[int], first: int, lost: dict[str, None]) -> tuple[_Split, int]:
    """Where it holds and where it does not below a point, and the number of the next world."""
    if isinstance(tree, Leaf):
        return _EVERYWHERE if first in worlds else _NOWHERE, first + 1
    yes, middle = _split(tree.yes, worlds, first, lost)
    no, end = _split(tree.no, worlds, middle, lost)
    if yes == no:
        return yes, end
    if not tree.condition.opaque:
        return _Split(
            (*_with(tree.condition, True, yes.holds), *_with(tree.condition, False, no.holds)),
            (*_with(tree.condition, True, yes.fails), *_with(tree.condition, False, no.fails)),
        ), end
    # Nobody wrote this condition down as a scenario: what holds under one answer alone is undecided.
    both = tuple(_both(yes.holds, no.holds))
    if set(both) != set(yes.holds) or set(both) != set(no.holds):
        lost[f"{tree.condition.text} is known only at deployment"] = None
    return _Split(both, tuple(dict.fromkeys((*yes.fails, *no.fails)))), end


def _with(condition: Condition, answer: bool, cases: Iterable[Case]) -> list[Case]:
    return [((condition, answer), *case) for case in cases]


def _both(some: Iterable[Case], others: tuple[Case, ...]) -> list[Case]:
    """The cases that are in both; too many of them are none, since nobody would read them."""
    found: dict[Case, None] = {}
    for case in some:
        for other in others:
            if _compatible(case, other):
                known = {condition.name for condition, _ in case}
                found[(*case, *(each for each in other if each[0].name not in known))] = None
                if len(found) > _CASES_LIMIT:
                    return []
    return list(found)


def _compatible(case: Case, other: Case) -> bool:
    answers = {condition.name: answer for condition, answer in other}
    return all(answers.get(condition.name, answer) is answer for condition, answer in case)


def _shortened(split: _Split) -> tuple[Case, ...]:
    """The cases without answers that make no difference: "when A is false, or B is false"."""
    if not split.fails or len(split.holds) * len(split.fails) > _CASES_LIMIT**2:
        return ((),) if split.holds and not split.fails else split.holds
    failing = [{condition.name: answer for condition, answer in case} for case in split.fails]
    short = dict.fromkeys(_needed(case, failing) for case in split.holds)
    return tuple(case for case in short if not any(other < set(case) for other in map(set, short)))


def _needed(case: Case, failing: Sequence[Mapping[str, bool]]) -> Case:
    """The answers of a case without which it would not be told from one that fails."""
    # What tells it from each failing case: as long as one answer does, the others can go.
    apart = [
        {condition.name for condition, answer in case if answers.get(condition.name, answer) is not answer}
        for answers in failing
    ]
    if not all(apart):
        return case
    kept = []
    for condition, answer in case:
        if any(each == {condition.name} for each in apart):
            kept.append((condition, answer))
            continue
        for each in apart:
            each.discard(condition.name)
    return tuple(kept)


def sentence(cases: Cases) -> str:
    """The cases as a phrase: "A is true and B is false, or C is true"."""
    said: list[str] = []
    answers = 0
    for case in cases.cases[:_SAID_LIMIT]:
        answers += len(case)
        if said and answers > _ANSWERS_LIMIT:
            break
        said.append(_case(case))
    more = len(cases.cases) - len(said)
    if more:
        said.append(f"in {more} other case{'' if more == 1 else 's'}")
    return ", or ".join(said)


def _case(case: Case) -> str:
    return " and ".join(_answer(condition, holds) for condition, holds in case)


def _answer(condition: Condition, holds: bool) -> str:
    text = f"{condition.text} is {'true' if holds else 'false'}"
    return f"{text}, which is the default" if condition.default is holds else text
