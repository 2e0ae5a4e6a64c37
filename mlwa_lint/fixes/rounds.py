"""Makes fixes round by round, until nothing more can be made, and verifies each of them before it is kept.

Nothing is written here: new texts take the place of files only for those who read through `mlwa_lint.files`.
"""

import os
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TypeAlias

from mlwa_lint.files.reading import overlaid
from mlwa_lint.fixes.edits import Fix, by_path, compatible, edited
from mlwa_lint.fixes.propose import Choices, choices_of, propose
from mlwa_lint.fixes.source import SourceFiles
from mlwa_lint.model.findings import Finding
from mlwa_lint.run.pipeline import Linted, PartialResult, filtered, lint_target
from mlwa_lint.run.session import Session
from mlwa_lint.startup.records import NamedTuple

# Fixes that overlap wait for the next round; more rounds than these never occur in practice.
ROUNDS = 30
Propose: TypeAlias = Callable[[Sequence[Finding], Choices, Mapping[str, str]], list[Fix]]
_Key: TypeAlias = tuple[str, str, str, str]


class Dropped(NamedTuple):
    """A fix that was not made, and why, as a phrase."""

    fix: Fix
    reason: str


class Settled(NamedTuple):
    """The result of rounds of fixes.

    texts:   the new texts by the paths that findings name; old: what they replace.
    linted:  what is found in the new texts.
    made:    fixes that proved good. dropped: those that did not.
    """

    texts: dict[str, str]
    old: dict[str, str]
    linted: Linted
    made: tuple[Fix, ...]
    dropped: tuple[Dropped, ...]


def settle(
    session: Session,
    paths: Sequence[str],
    linted: Linted,
    wanted: Callable[[Fix], bool],
    proposed: Propose = propose,
    suppressing: bool = False,
) -> Settled:
    """Makes the wanted fixes for what was found, if each of them proves good.

    suppressing: whether findings shall only not be reported any more; else they must be gone.
    """
    return _Rounds(session, paths, linted, wanted, proposed, suppressing).settled()


class _Rounds:
    """The state between rounds: the parts of the run as they are now, and the texts that made them so."""

    def __init__(
        self,
        session: Session,
        paths: Sequence[str],
        linted: Linted,
        wanted: Callable[[Fix], bool],
        proposed: Propose,
        suppressing: bool,
    ) -> None:
        self._session = session
        self._paths = paths
        self._linted = linted
        self._wanted = wanted
        self._propose = proposed
        self._suppressing = suppressing
        self._choices = choices_of(session)
        self._parts = list(linted.parts)
        self._readers: dict[str, list[int]] = {}
        for number, part in enumerate(self._parts):
            for source in part.report.sources:
                self._readers.setdefault(os.path.realpath(source), []).append(number)
        self._texts: dict[str, str] = {}
        self._sources = SourceFiles()
        self._made: list[Fix] = []
        self._dropped: dict[_Key, Dropped] = {}

    def settled(self) -> Settled:
        """Round after round, until nothing is left that is wanted and not tried yet."""
        concerned: set[str] | None = None
        for _ in range(ROUNDS):
            waiting = self._waiting(concerned)
            if not waiting:
                break
            chosen = compatible(waiting)
            for fixes, numbers in self._groups(chosen.now):
                self._make(fixes, numbers)
            with self._overlay(self._texts):
                self._linted = filtered(self._session, self._paths, self._parts, {})
            # Nothing has changed for fixes of other files: what could be made of them was made.
            concerned = {edit.path for fix in waiting for edit in fix.edits}
        old = {path: self._sources.of(path).raw for path in self._texts}
        return Settled(self._texts, old, self._linted, tuple(self._made), tuple(self._dropped.values()))

    def _waiting(self, concerned: set[str] | None) -> list[Fix]:
        """The wanted fixes of findings in some files, or in all."""
        findings = [
            each
            for each in self._linted.result.findings
            if concerned is None
            or any(not concerned.isdisjoint(_paths_of(single)) for single in each.singles)
        ]
        fixes = self._propose(findings, self._choices, self._texts)
        return [fix for fix in fixes if self._wanted(fix) and key_of(fix) not in self._dropped]

    def _groups(self, fixes: Sequence[Fix]) -> list[tuple[list[Fix], list[int]]]:
        """Fixes that are proved together because the same targets read their files, and those targets."""
        groups: list[tuple[list[Fix], set[int]]] = []
        for fix in fixes:
            numbers = {
                each for edit in fix.edits for each in self._readers.get(os.path.realpath(edit.path), ())
            }
            joined: tuple[list[Fix], set[int]] = ([], numbers)
            rest = []
            for group in groups:
                if group[1].isdisjoint(numbers):
                    rest.append(group)
                else:
                    joined[0].extend(group[0])
                    joined[1].update(group[1])
            joined[0].append(fix)
            groups = [*rest, joined]
        return [(found, sorted(numbers)) for found, numbers in groups]

    def _make(self, fixes: list[Fix], numbers: list[int]) -> None:
        """Makes some fixes; where they do not prove good together, by halves."""
        new = {path: edited(self._text(path), edits) for path, edits in by_path(fixes).items()}
        texts = {**self._texts, **new}
        before = [self._parts[number] for number in numbers]
        with self._overlay(texts):
            after = [self._again(part) for part in before]
            fault = self._fault(before, after, fixes)
        if not fault:
            self._texts = texts
            self._made += fixes
            for number, part in zip(numbers, after, strict=True):
                self._parts[number] = part
        elif len(fixes) == 1:
            self._dropped[key_of(fixes[0])] = Dropped(fixes[0], fault)
        else:
            half = len(fixes) // 2
            unchanged = self._texts
            self._make(fixes[:half], numbers)
            if self._texts is unchanged:
                self._make(fixes[half:], numbers)
            # Otherwise the offsets of the rest are those of texts that are gone: they come in the next round.

    def _fault(
        self, before: Sequence[PartialResult], after: Sequence[PartialResult], fixes: Sequence[Fix]
    ) -> str:
        if not self._suppressing:
            return fault_of(_found(before), _found(after), before, after, fixes)
        # What counts is what is reported, and that no suppression is reported itself.
        with self._overlay(self._texts):
            reported = filtered(self._session, self._paths, before, {})
        left = filtered(self._session, self._paths, after, {})
        return fault_of(_reported(reported), _reported(left), before, after, fixes)

    def _text(self, path: str) -> str:
        return self._texts[path] if path in self._texts else self._sources.of(path).raw

    def _overlay(self, texts: Mapping[str, str]) -> AbstractContextManager[None]:
        return overlaid({os.path.realpath(path): text.encode() for path, text in texts.items()})

    def _again(self, part: PartialResult) -> PartialResult:
        settings = None if part.target is None else self._session.for_target(part.target)
        if part.target is None or settings is None:
            return part
        return PartialResult(lint_target(part.target, settings), part.target)


def key_of(fix: Fix) -> _Key:
    """What a finding is about, wherever it is."""
    finding = fix.finding
    return finding.code, finding.root, finding.address, finding.property


def fault_of(
    counts: Counter[_Key],
    left: Counter[_Key],
    before: Sequence[PartialResult],
    after: Sequence[PartialResult],
    fixes: Sequence[Fix],
) -> str:
    """Why some fixes are not good, as a phrase; empty where the findings are gone and nothing new appears.

    counts, left: how often each thing was found, and is now.
    """
    for key, number in left.items():
        if number > counts[key]:
            return f"it would bring {key[0]} for {key[2]}"
    for problem in _problems(after) - _problems(before):
        return f"the file could not be read as before: {problem}"
    requested = Counter(_key_of(single) for fix in fixes for single in fix.finding.singles)
    for key, number in requested.items():
        if left[key] > max(counts[key] - number, 0):
            return "the finding would stay"
    known = _undecided(before)
    for code, address in _undecided(after):
        if (code, address) not in known and any(code == key[0] and address == key[2] for key in requested):
            return "the rule could not be decided any more"
    return ""


def _paths_of(single: Finding) -> tuple[str, str]:
    return single.resource_span.path, single.span.path


def _key_of(single: Finding) -> _Key:
    return single.code, single.root or single.span.path, single.address, single.property


def _found(parts: Sequence[PartialResult]) -> Counter[_Key]:
    """How often each rule finds each thing, whatever is suppressed."""
    return Counter(_key_of(each) for part in parts for each in dict.fromkeys(part.report.findings))


def _reported(linted: Linted) -> Counter[_Key]:
    """How often each rule reports each thing."""
    return Counter(_key_of(single) for each in linted.result.findings for single in each.singles)


def _problems(parts: Sequence[PartialResult]) -> set[str]:
    found = {f"{each.path}: {each.message}" for part in parts for each in part.report.problems}
    return found | {f"{each.path}: {each.message}" for part in parts for each in part.report.errors}


def _undecided(parts: Sequence[PartialResult]) -> set[tuple[str, str]]:
    return {(each.code, each.address) for part in parts for each in part.report.undecided}
