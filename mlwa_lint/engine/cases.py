"""The cases in which something holds: combinations of conditions, as few and as short as possible."""

from collections.abc import Collection, Iterable
from typing import Any, TypeAlias

from mlwa_lint.engine.answered import agreeing, answered
from mlwa_lint.graph.worlds import Leaf, WorldTree
from mlwa_lint.model.conditions import Condition
from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple

# Answers to conditions, in the order in which they were read.
Case: TypeAlias = tuple[tuple[Condition, bool], ...]
_CASES_LIMIT = 256
_LISTED_LIMIT = 6
# Further cases than this are counted instead of listed.
_ANSWERS_LIMIT = 8
_VARIABLE = lazy(r"var\.\w+")
# `local.key == "a"`: of a look-up by a key that is not known, one of as many conditions as there are entries.
_ONE_VALUE = lazy(r" == (?:\"[^\"]*\"|\d+)$")
# How the text of a condition begins which is whether a program's call fails (frontends.python).
_AN_ERROR = "an error in line"
_PRODUCTION = lazy(r"[Pp]rod(?:uction)?(?![a-z])|PROD")
_NOT_PRODUCTION = lazy(
    r"(?:(?<![a-z])(?:dev(?:elopment)?|demo|sandbox)|Dev(?:elopment)?|Demo|Sandbox)(?![a-z])"
    r"|(?:DEV|DEMO)(?![A-Z])|[Nn][Oo][Nn][-_]?[Pp]rod|Not[-_]?Prod"
)
_COMPARED = lazy(r"[!=]= [\"']([^\"']*)[\"']$")


class Cases(NamedTuple):
    """The cases in which something certainly holds. lost: why it is undecided in others."""

    cases: tuple[Case, ...]
    lost: tuple[str, ...]

    @property
    def always(self) -> bool:
        """Whether it holds whatever the conditions."""
        return () in self.cases


class _Packed(NamedTuple):
    """A case, and the same as bits: of the conditions that it has an answer to, and of those that hold.

    Trees of hundreds of conditions have cases as long, and each is compared with all others.
    """

    case: Case
    answered: int
    held: int

    def conflicts(self, other: "_Packed") -> int:
        """The conditions to which the two have different answers; none where both can be given."""
        return self.answered & other.answered & (self.held ^ other.held)


class _Answer(NamedTuple):
    """An answer in words, and whether it is the default one."""

    text: str
    usual: bool


class _Split(NamedTuple):
    holds: tuple[_Packed, ...]
    fails: tuple[_Packed, ...]


_ALWAYS = _Packed((), 0, 0)
_EVERYWHERE = _Split((_ALWAYS,), ())
_NOWHERE = _Split((), (_ALWAYS,))


def cases_of(tree: WorldTree[Any], worlds: Collection[int]) -> Cases:
    """The cases in which one of some worlds is given; worlds count from 0 in the tree's order."""
    splitting = _Splitting(worlds)
    return Cases(splitting.shortened(splitting.split(tree)), tuple(splitting.lost))


class _Splitting:
    def __init__(self, worlds: Collection[int]) -> None:
        self.lost: dict[str, None] = {}
        self._worlds = worlds
        self._next = 0
        self._bits: dict[str, int] = {}

    def split(self, tree: WorldTree[Any]) -> _Split:
        """Where it holds and where it does not below a point."""
        if isinstance(tree, Leaf):
            self._next += 1
            return _EVERYWHERE if self._next - 1 in self._worlds else _NOWHERE
        yes = self.split(tree.yes)
        no = self.split(tree.no)
        if yes == no:
            return yes
        condition = tree.condition
        if not condition.opaque:
            return _Split(
                (*self._with(condition, True, yes.holds), *self._with(condition, False, no.holds)),
                (*self._with(condition, True, yes.fails), *self._with(condition, False, no.fails)),
            )
        # The author did not write this condition as a scenario: what holds under one answer alone is
        # undecided.
        both = tuple(_both(yes.holds, no.holds))
        if set(both) != set(yes.holds) or set(both) != set(no.holds):
            self.lost[_why_lost(condition.text)] = None
        return _Split(both, tuple(dict.fromkeys((*yes.fails, *no.fails))))

    def _with(self, condition: Condition, answer: bool, cases: Iterable[_Packed]) -> list[_Packed]:
        bit = self._bits.setdefault(condition.name, 1 << len(self._bits))
        return [
            _Packed(((condition, answer), *each.case), each.answered | bit, each.held | bit * answer)
            for each in cases
        ]

    def shortened(self, split: _Split) -> tuple[Case, ...]:
        """The cases without answers that make no difference: "when A is false, or B is false"."""
        if not split.fails or len(split.holds) * len(split.fails) > _CASES_LIMIT**2:
            return ((),) if split.holds and not split.fails else tuple(each.case for each in split.holds)
        short = dict.fromkeys(self._shorter(each, split.fails) for each in split.holds)
        return tuple(each.case for each in short if not any(_is_wider(other, each) for other in short))

    def _shorter(self, one: _Packed, fails: tuple[_Packed, ...]) -> _Packed:
        """A case with only the answers without which it would also be one where it does not hold."""
        conflicts = [one.conflicts(failing) for failing in fails]
        if not all(conflicts):
            return one
        kept = list[tuple[Condition, bool]]()
        dropped = 0
        mattering = 0
        for each in conflicts:
            mattering |= each
        for condition, answer in one.case:
            bit = self._bits[condition.name]
            if bit & mattering and bit in conflicts:
                kept.append((condition, answer))
                continue
            dropped |= bit
            if bit & mattering:
                conflicts = [each & ~bit for each in conflicts]
        return _Packed(tuple(kept), one.answered & ~dropped, one.held & ~dropped)


def _why_lost(text: str) -> str:
    """Why it is not known which answer a condition has that is not a scenario of its author."""
    if text.startswith(_AN_ERROR):
        return f"whether there is {text} is known only when the program runs"
    return f"{_ONE_VALUE.sub('', text)} is known only at deployment"


def _both(some: Iterable[_Packed], others: tuple[_Packed, ...]) -> list[_Packed]:
    """The cases that are in both; none where there are too many of them to be listed."""
    found: dict[_Packed, None] = {}
    for one in some:
        for other in others:
            if not one.conflicts(other):
                known = {condition.name for condition, _ in one.case}
                case = (*one.case, *(each for each in other.case if each[0].name not in known))
                found[_Packed(case, one.answered | other.answered, one.held | other.held)] = None
                if len(found) > _CASES_LIMIT:
                    return []
    return list(found)


def _is_wider(one: _Packed, other: _Packed) -> bool:
    """Whether a case is another one with fewer answers."""
    return one.answered != other.answered and one.answered & ~other.answered == 0 and not one.conflicts(other)


def is_off(answer: tuple[Condition, bool]) -> bool:
    """Whether an answer is not the default one; what only production has is on where it matters."""
    condition, holds = answer
    return condition.default is (not holds) and not (holds and _PRODUCTION.search(condition.text))


def is_required_choice(answer: tuple[Condition, bool]) -> bool:
    """Whether an answer is the value of a variable without a default: whoever deploys it has to give one."""
    condition, _ = answer
    return condition.default is None and _VARIABLE.fullmatch(condition.text) is not None


def is_outside_production(answer: tuple[Condition, bool]) -> bool:
    """Whether an answer shows that it is not production: `IsProd` is false, `var.stage == "dev"` is true."""
    condition, holds = answer
    affirmed = holds is ("!=" not in condition.text)
    compared = _COMPARED.search(condition.text)
    # Of `dev_or_prod == "prod"`, the value decides.
    text = compared[1] if compared is not None and _names_stage(compared[1]) else condition.text
    if _NOT_PRODUCTION.search(text):
        return affirmed
    return not affirmed and _PRODUCTION.search(text) is not None


def _names_stage(text: str) -> bool:
    return _NOT_PRODUCTION.search(text) is not None or _PRODUCTION.search(text) is not None


def sentence(cases: Cases) -> str:
    """The cases as a phrase: "A is true and B is false, or C is true"."""
    listed: list[str] = []
    answers = 0
    found = _worded(cases.cases)
    worded = [case for case in found if case] or [_answers(_latest(cases.cases[0]))]
    for case in worded[:_LISTED_LIMIT]:
        answers += len(case)
        if listed and answers > _ANSWERS_LIMIT:
            break
        listed.append(_phrase(case))
    more = max(len(found), 1) - len(listed)
    if more:
        listed.append(f"in {more} other case{'' if more == 1 else 's'}")
    return ", or ".join(listed)


def _phrase(case: Iterable[_Answer]) -> str:
    """One case; what is so by default comes last."""
    chosen = [text for text, usual in case if not usual]
    usual = [text for text, usual in case if usual]
    if not usual:
        return " and ".join(chosen)
    by_default = " and ".join(usual)
    if chosen:
        return f"{' and '.join(chosen)} and, by default, {by_default}"
    return f"{by_default}, which {'is the default' if len(usual) == 1 else 'are the defaults'}"


def _worded(cases: Iterable[Case]) -> list[tuple[_Answer, ...]]:
    """The cases in words, without those that only add to another one.

    Programs test the same condition, in the same words, at several places: a function that is called for each
    setting. A condition that is true at one place and false at another explains nothing, and is left out.
    """
    worded = {frozenset(answers): answers for answers in map(_answers, map(_agreeing, cases))}
    if len(worded) > _CASES_LIMIT:
        return list(worded.values())
    return [answers for own, answers in worded.items() if not any(other and other < own for other in worded)]


def _answers(case: Case) -> tuple[_Answer, ...]:
    return tuple(
        dict.fromkeys(_Answer(answered(each.text, holds), each.default is holds) for each, holds in case)
    )


def _agreeing(case: Case) -> Case:
    kept = agreeing([(condition.text, holds) for condition, holds in case])
    return tuple(each for each, agrees in zip(case, kept, strict=True) if agrees)


def _latest(case: Case) -> Case:
    """The answers of a case without those that contradict a later one: a name has another value by then."""
    kept: list[tuple[Condition, bool]] = []
    for each in reversed(case):
        if all(agreeing([(condition.text, holds) for condition, holds in (each, *kept)])):
            kept.insert(0, each)
    return tuple(kept)
