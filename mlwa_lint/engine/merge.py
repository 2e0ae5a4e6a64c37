"""Merges what a check claims in every world into findings: one for a defect, however worlds differ in it."""

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from mlwa_lint.engine.cases import (
    Case,
    Cases,
    cases_of,
    is_off,
    is_outside_production,
    is_required_choice,
    sentence,
)
from mlwa_lint.engine.outcomes import Defect, Merged, Scales, WorldOutcome
from mlwa_lint.engine.related import places_of, written_in
from mlwa_lint.files.endings import common_start
from mlwa_lint.graph.worlds import Fork, WorldTree, leaves_of
from mlwa_lint.model.conditions import Guard
from mlwa_lint.model.findings import SEVERITIES, AccountSetting, Severity
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import NO_ASSUMPTIONS, Assumptions
from mlwa_lint.model.weights import Weight
from mlwa_lint.rule import Claim
from mlwa_lint.startup.records import NamedTuple

# What holds only where more conditions come together is left undecided.
_BELIEVED = 4
# So many forks of a tree are looked at for the conditions that a reason names.
_LOOKED_AT = 32
# Of more conditions than these only the number is stated.
_NAMED = 3


class _Place(NamedTuple):
    """What claims must have in common to be about the same defect."""

    address: str
    span: Span
    path: tuple[str, ...]


class _Variant:
    """One wording of a claim, and the worlds in which it is made."""

    def __init__(self, claim: Claim, weight: Weight) -> None:
        self.claim = claim
        self.message = claim.message
        self.severity, self.lowered = weight
        self.width = claim.width
        self.remedy = claim.remedy
        self.lacking = claim.lacking
        self.change = claim.fix
        self.written = written_in(claim)
        self.assumed = NO_ASSUMPTIONS
        self.related: dict[tuple[Span, str], None] = {}
        self.worlds: set[int] = set()

    def add(self, claim: Claim, world: int) -> None:
        """Counts one more world."""
        self.assumed |= claim.answer.assumed
        self.related.update(dict.fromkeys(places_of(claim)))
        self.worlds.add(world)

    @property
    def weight(self) -> tuple[int, int, int, str]:
        """Its rank: of several wordings the worst and widest is reported."""
        rank = -SEVERITIES.index(self.severity)
        return rank, self.width, len(self.message), self.message


_Found: TypeAlias = dict[_Place, dict[tuple[str, Severity], _Variant]]


class _Gathered:
    """What a check claims in the worlds of a tree, before claims about one defect are joined.

    judged:     whether the check is about the resource in some world.
    settled:    the worlds in which the check was finished.
    open_in:    the worlds in which a property is left undecided, by its resource and path.
    of_account: of undecided claims, whether they are about what an account has once.
    """

    def __init__(self, scales: Scales, aside: frozenset[int]) -> None:
        self._scales = scales
        self._aside = aside
        # What undecided claims weigh; None once something is undecided that no claim is about.
        self._worst: list[Severity] | None = []
        self.found: _Found = {}
        self.undecided: dict[str, None] = {}
        self.judged = False
        self.settled: set[int] = set()
        self.open_in: dict[tuple[str, tuple[str, ...]], set[int]] = {}
        self.of_account: set[bool] = set()

    @property
    def severity(self) -> Severity | None:
        """What the weightiest undecided claim would weigh; None where something else is undecided."""
        return min(self._worst, key=SEVERITIES.index) if self._worst else None

    def add(self, world: int, outcome: WorldOutcome) -> None:
        """What a check claims in one world."""
        self.judged |= outcome.judged
        self.settled.add(world)
        if world not in self._aside:
            self.leave_open(outcome.undecided)
        for claim in outcome.claims:
            if claim.answer.verdict == "undecided":
                self._add_undecided(claim, world)
            else:
                self._add_found(claim, world)

    def add_unfinished(self, world: int, why: str) -> None:
        """A world for which too many come before it."""
        self.judged = True
        if world not in self._aside:
            self.leave_open((why,))

    def leave_open(self, reasons: Sequence[str]) -> None:
        """What is undecided without a claim that could be weighed."""
        if reasons:
            self.undecided.update(dict.fromkeys(reasons))
            self._worst = None

    def _add_undecided(self, claim: Claim, world: int) -> None:
        self.open_in.setdefault((claim.at.resource.address, claim.at.path), set()).add(world)
        if world in self._aside:
            return
        self.undecided.update(dict.fromkeys(claim.answer.reasons or ("it is known only at deployment",)))
        self.of_account.add(isinstance(claim.lacking, AccountSetting))
        if self._worst is not None:
            self._worst.append(self._scales.undecided(claim).severity)

    def _add_found(self, claim: Claim, world: int) -> None:
        place = _Place(claim.at.resource.address, claim.at.span, claim.at.path)
        weight = self._scales.of(claim)
        key = claim.message, weight.severity
        self.found.setdefault(place, {}).setdefault(key, _Variant(claim, weight)).add(claim, world)


def merge(
    tree: WorldTree[WorldOutcome],
    scales: Scales,
    guards: tuple[Guard, ...] = (),
    aside: frozenset[int] = frozenset(),
) -> Merged:
    """What holds in all worlds of a tree. guards: those under which the resource exists at all.

    aside: worlds in which it does not matter what is undecided.
    """
    gathered = _Gathered(scales, aside)
    for world, leaf in enumerate(leaves_of(tree)):
        if leaf.outcome is None:
            gathered.add_unfinished(world, _too_many(tree))
        else:
            gathered.add(world, leaf.outcome)
    presence = _presence(guards)
    weights: dict[str, list[_Variant]] = {}
    for place, variants in gathered.found.items():
        weights.setdefault(place.address, []).extend(variants.values())
    as_bad = {address: _as_bad(found) for address, found in weights.items()}
    verdicts = []
    for place, variants in _alternatives_joined(gathered.found).items():
        for defect in _defects(list(variants.values())):
            elsewhere = gathered.settled - gathered.open_in.get((place.address, place.path), set())
            rank = min(SEVERITIES.index(each.severity) for each in defect)
            better = elsewhere - as_bad[place.address][rank]
            verdict, reasons = _verdict(place, defect, tree, presence, scales, elsewhere, better)
            if verdict is not None:
                verdicts.append(verdict)
            if (
                verdict is not None
                or not gathered.undecided
                or elsewhere.difference(*(each.worlds for each in defect))
            ):
                # Otherwise it holds wherever it is decided, and what leaves it open elsewhere is listed.
                gathered.leave_open(reasons)
    return Merged(
        tuple(verdicts),
        tuple(gathered.undecided),
        gathered.judged,
        gathered.severity,
        gathered.of_account == {True},
    )


def _too_many(tree: WorldTree[WorldOutcome]) -> str:
    """Why a check was not finished: the conditions that it reads first, by which its author finds them."""
    return f"too many combinations of conditions{_listed(_first_conditions(tree))}"


def _listed(conditions: Iterable[str]) -> str:
    """The first of some conditions, after a colon."""
    texts = list(dict.fromkeys(conditions))
    more = f" and {len(texts) - _NAMED} more" if len(texts) > _NAMED else ""
    return f": {', '.join(texts[:_NAMED])}{more}" if texts else ""


def _first_conditions(tree: WorldTree[WorldOutcome]) -> list[str]:
    """The conditions that a check reads, the first before others; of a large tree not all."""
    forks = [tree] if isinstance(tree, Fork) else []
    for fork in forks:
        if len(forks) >= _LOOKED_AT:
            break
        forks += [each for each in (fork.yes, fork.no) if isinstance(each, Fork)]
    return [fork.condition.text for fork in forks]


def _as_bad(found: Iterable[_Variant]) -> list[set[int]]:
    """For each severity, the worlds in which the resource has a defect that weighs as much or more."""
    worlds: list[set[int]] = [set() for _ in SEVERITIES]
    for each in found:
        worlds[SEVERITIES.index(each.severity)] |= each.worlds
    return [set().union(*worlds[: rank + 1]) for rank in range(len(worlds))]


def _alternatives_joined(found: _Found) -> _Found:
    """The claims, those of the alternatives of one property together: the two sides of an `Fn::If`.

    They have resource, property and words in common, are at different places, and are never made together.
    """
    joined: _Found = {}
    first: dict[tuple[str, tuple[str, ...], str, Severity], _Variant] = {}
    for place, variants in found.items():
        for key, variant in variants.items():
            known = first.setdefault((place.address, place.path, *key), variant)
            if known is variant or not known.worlds.isdisjoint(variant.worlds):
                joined.setdefault(place, {})[key] = variant
                continue
            known.assumed |= variant.assumed
            known.worlds |= variant.worlds
            known.related.update({(place.span, "the same under other conditions"): None, **variant.related})
    return joined


class _Presence(NamedTuple):
    """Where a resource exists: the answers by which it does though they are not the default ones."""

    off: Case
    outside_production: bool


def _presence(guards: tuple[Guard, ...]) -> _Presence:
    answers = [(each.condition, each.holds) for each in guards]
    return _Presence(tuple(filter(is_off, answers)), any(map(is_outside_production, answers)))


def _defects(variants: list[_Variant]) -> list[list[_Variant]]:
    """The wordings that are about one defect each.

    Two that are ever made in the same world are about two defects; others that differ, in a count or in a
    list, report the same one as it is in different worlds.
    """
    defects: list[list[_Variant]] = []
    for variant in variants:
        fitting = [
            defect for defect in defects if all(variant.worlds.isdisjoint(other.worlds) for other in defect)
        ]
        if fitting:
            max(fitting, key=lambda defect: common_start(variant.message, defect[0].message)).append(variant)
        else:
            defects.append([variant])
    return defects


def _verdict(
    place: _Place,
    defect: list[_Variant],
    tree: WorldTree[WorldOutcome],
    presence: "_Presence",
    scales: Scales,
    settled: set[int],
    better: set[int],
) -> tuple[Defect | None, tuple[str, ...]]:
    """The finding about a defect, None where it is nowhere certain; and what stays undecided about it.

    settled: the worlds in which it is certain whether there is one.
    better:  those of them in which the resource has nothing that weighs as much.
    """
    worlds = set[int]().union(*(variant.worlds for variant in defect))
    whole = cases_of(tree, worlds)
    if not whole.cases:
        return None, whole.lost
    shortest = min(whole.cases, key=len)
    if len(shortest) > _BELIEVED:
        which = _listed(condition.text for condition, _ in shortest)
        # A path through a program that depends on many answers, and that may never be taken.
        return None, (*whole.lost, f"it depends on more than {_BELIEVED} conditions{which}")
    reported, own = _weightiest(defect, tree, whole, presence, scales)
    related = dict(reported.related)
    for variant in defect:
        related.update(variant.related)
    inner, whole, own = whole, _where(presence.off, whole), _where(presence.off, own)
    weight = Weight(reported.severity, reported.lowered)
    if all(any(map(is_off, case)) for case in whole.cases):
        weight = scales.off(reported.claim, weight)
    weight = _by_choices(reported.claim, weight, inner, scales, bool(better), bool(settled - worlds))
    if _is_outside(presence, own):
        weight = scales.outside_production(reported.claim, weight)
    verdict = Defect(
        *place,
        reported.message,
        *weight,
        tuple(related),
        reported.remedy,
        _condition(whole if _agree(defect) else own, whole, reported.assumed),
        reported.lacking,
        reported.change,
        reported.written,
    )
    return verdict, whole.lost


def _by_choices(
    claim: Claim, weight: Weight, cases: Cases, scales: Scales, better: bool, in_branch: bool
) -> Weight:
    """What a finding weighs by who chooses the conditions that it depends on.

    better:    whether some world has nothing as bad.
    in_branch: whether some world does not have it.
    """
    if better and all(any(each.prompted for each, _ in case) for case in cases.cases):
        weight = scales.prompted(claim, weight)
    elif in_branch and all(
        any(condition.default is not holds for condition, holds in case) for case in cases.cases
    ):
        weight = scales.in_branch(claim, weight)
    if better and all(any(map(is_required_choice, case)) for case in cases.cases):
        weight = scales.required(claim, weight)
    return weight


def _where(off: Case, cases: Cases) -> Cases:
    """The cases, each with the answers that something exists by, unless it exists by default."""
    return cases._replace(cases=tuple((*off, *case) for case in cases.cases)) if off else cases


def _is_outside(presence: "_Presence", cases: Cases) -> bool:
    """Whether something holds only outside of production."""
    return presence.outside_production or all(any(map(is_outside_production, case)) for case in cases.cases)


def _weightiest(
    defect: list[_Variant], tree: WorldTree[WorldOutcome], whole: Cases, presence: "_Presence", scales: Scales
) -> tuple[_Variant, Cases]:
    """The wording to report, and the cases in which it holds, which decide on what it weighs.

    Where each wording depends on something that cannot be known, the narrowest is true in any case.
    """
    if len(defect) == 1:
        return defect[0], whole
    found: tuple[_Variant, Cases] | None = None
    least = len(SEVERITIES), True
    for variant in sorted(defect, key=lambda each: each.weight, reverse=True):
        own = cases_of(tree, variant.worlds)
        if not own.cases:
            continue
        weight = Weight(variant.severity, variant.lowered)
        if _is_outside(presence, own):
            weight = scales.outside_production(variant.claim, weight)
        # Of two that weigh the same, the one that does so wherever it holds.
        rank = SEVERITIES.index(weight.severity), weight.severity != variant.severity
        if rank < least:
            found, least = (variant, own), rank
    return found or (min(defect, key=lambda each: each.weight), whole)


def _condition(own: Cases, whole: Cases, assumed: Assumptions) -> str | None:
    """Under which conditions and assumptions a finding holds, as a phrase; None when it always does."""
    pieces = []
    if not own.always:
        pieces.append(f"when {sentence(own)}")
    if assumed:
        pieces.append("assuming " + " and ".join(sorted(assumed)))
    if own.cases != whole.cases:
        # Two sentences with several cases each cannot be read.
        otherwise = "in other cases" if len(whole.cases) > 1 else f"when {sentence(whole)}"
        pieces.append("to a lesser extent " + ("otherwise" if whole.always else otherwise))
    return ", ".join(pieces) or None


def _agree(defect: list[_Variant]) -> bool:
    """Whether the wordings differ in severity alone: then the one is true wherever any is."""
    return len({variant.message for variant in defect}) == 1
