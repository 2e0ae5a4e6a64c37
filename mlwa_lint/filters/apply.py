"""From everything that was found to what is reported: selection, severities, suppressions, baseline."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path

from mlwa_lint.files.lines import SourceLines
from mlwa_lint.filters.grouping import grouped, groups, together
from mlwa_lint.filters.policy import Policy
from mlwa_lint.filters.result import Covered, Result
from mlwa_lint.filters.suppressions import Suppressed, SuppressionRules, apply_suppressions
from mlwa_lint.model.findings import Finding, Undecided
from mlwa_lint.model.report import Report
from mlwa_lint.startup.records import NamedTuple


def apply_filters(
    report: Report,
    policy: Policy,
    baseline: Path | None,
    covered: Covered,
    texts: Mapping[str, str],
    inline: bool = True,
    joined: bool = True,
) -> Result:
    """The result of a report.

    baseline: the file with the findings that are known already. covered: what was linted.
    texts:    sources that are not files, by name (standard input).
    inline:   whether suppressions in the sources hold; a gate may do without them.
    joined:   whether a finding about a project as a whole, or an endpoint that several programs make, is
              reported once for all of them; where each is linted separately, it is reported for each.
    """
    undecided = [each for each in report.undecided if each.code in policy.rules_at(each.span.path)]
    split = Suppressed(tuple(policy.selected(report.findings)), (), ())
    if inline:
        split = _suppressed(report, policy, split.open, undecided, texts)
    findings = [*split.open, *policy.selected(split.unused)]
    findings.sort(key=lambda f: (f.span, f.code, f.address, f.message))
    findings, baselined, stale = _compared(findings, baseline, covered)
    project_of = policy.project_of if joined else _no_project
    gather = partial(grouped, project_of=project_of, joined=joined, repository_of=policy.repository_of)
    gathered = groups(findings, project_of, joined, policy.repository_of)
    every = [together(group) for group in gathered]
    reported = policy.shown(every)
    if joined and undecided:
        from mlwa_lint.filters.undecided import listed_once

        undecided = listed_once(undecided, reported, policy)
    listed = [each for each in undecided if not each.failed]
    split_by_weight = _divided(every, gathered, reported)
    return Result(
        findings=tuple(reported),
        suppressed=tuple(policy.shown(gather(split.suppressed))),
        baselined=None if baselined is None else tuple(policy.shown(gather(baselined))),
        stale=stale,
        milder=split_by_weight.milder,
        singles=split_by_weight.singles,
        milder_singles=split_by_weight.milder_singles,
        undecided=tuple(each for each in listed if policy.is_shown_if_found(each)),
        milder_undecided=tuple(each for each in listed if not policy.is_shown_if_found(each)),
        errors=report.errors,
        problems=report.problems,
        files=report.files,
        resources=report.resources,
        checked=report.checked,
        rules=policy.rules_of(policy.settings(".")),
        texts=texts,
        hidden=report.hidden,
        outlines=report.outlines,
    )


def _suppressed(
    report: Report,
    policy: Policy,
    findings: tuple[Finding, ...],
    undecided: Sequence[Undecided],
    texts: Mapping[str, str],
) -> Suppressed:
    """The selected findings without those that the sources suppress."""
    rules = SuppressionRules(
        policy.registry, policy.rules_at, lambda path: policy.settings(path).require_reasons
    )
    unread = {problem.path for problem in report.problems if not (problem.quiet or problem.whole)}
    return apply_suppressions(findings, undecided, SourceLines(texts), report.sources, unread, rules)


def _compared(
    findings: list[Finding], baseline: Path | None, covered: Covered
) -> tuple[list[Finding], list[Finding] | None, int]:
    """The findings that a baseline does not have, those that it has, and how many of it are gone."""
    if baseline is None:
        return findings, None, 0
    from mlwa_lint.filters.baseline import read_baseline

    split = read_baseline(baseline).split(findings)
    return split.new, split.recognised, sum(map(covered.covers, split.left))


class _Divided(NamedTuple):
    milder: tuple[Finding, ...]
    singles: tuple[Finding, ...]
    milder_singles: tuple[Finding, ...]


def _divided(
    every: Iterable[Finding], groups: Iterable[list[Finding]], reported: Iterable[Finding]
) -> _Divided:
    """What is not reported of all findings, and the single ones of both; `reported` is in their order."""
    milder: list[Finding] = []
    singles: list[Finding] = []
    milder_singles: list[Finding] = []
    waiting = iter(reported)
    awaited = next(waiting, None)
    for one, group in zip(every, groups, strict=True):
        if one is awaited:
            singles += group
            awaited = next(waiting, None)
        else:
            milder.append(one)
            milder_singles += group
    return _Divided(tuple(milder), tuple(singles), tuple(milder_singles))


def _no_project(finding: Finding) -> None:
    """The project of a finding that is not joined with those of others."""
