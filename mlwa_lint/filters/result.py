"""The result of a run, once suppressions, baseline and policy are applied."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mlwa_lint.files.paths import shown
from mlwa_lint.model.findings import Checked, Finding, RuleError, Undecided
from mlwa_lint.model.resources import Problem
from mlwa_lint.model.spans import Span
from mlwa_lint.rule import Rule
from mlwa_lint.startup.records import NamedTuple

if TYPE_CHECKING:
    from mlwa_lint.filters.baseline import BaselineEntry
    from mlwa_lint.model.outlines import Outline


class Result(NamedTuple):
    """Everything that there is to report.

    findings:   open ones. suppressed: those that the user suppresses, with the reason.
    baselined:  those that the baseline knows; None when no baseline is in use.
    stale:      how many entries of the baseline nothing was found for, of those that the run covers.
    milder:     those that are less severe than what is reported.
    milder_undecided: what would be less severe than what is reported, if it were a finding.
    singles, milder_singles: both before equal ones were put together, as a baseline knows them.
    checked:    how many resources each rule passed, failed and could not decide.
    rules:      the rules that could have reported something.
    texts:      sources that are not files, by name (standard input).
    hidden:     places of secrets in the sources.
    outlines:   the projects' graphs, where a report draws them.
    """

    findings: tuple[Finding, ...] = ()
    suppressed: tuple[Finding, ...] = ()
    baselined: tuple[Finding, ...] | None = None
    stale: int = 0
    milder: tuple[Finding, ...] = ()
    singles: tuple[Finding, ...] = ()
    milder_singles: tuple[Finding, ...] = ()
    undecided: tuple[Undecided, ...] = ()
    milder_undecided: tuple[Undecided, ...] = ()
    errors: tuple[RuleError, ...] = ()
    problems: tuple[Problem, ...] = ()
    files: int = 0
    resources: int = 0
    rules: tuple[Rule, ...] = ()
    texts: Mapping[str, str] = {}
    checked: tuple[Checked, ...] = ()
    hidden: tuple[Span, ...] = ()
    outlines: "tuple[Outline, ...]" = ()

    @property
    def fatal(self) -> tuple[Problem, ...]:
        """The problems because of which something was not linted."""
        return tuple(problem for problem in self.problems if problem.fatal)

    @property
    def causes(self) -> int:
        """How many things keep rules from deciding, each counted once for the resource whose value it is."""
        from mlwa_lint.filters.causes import causes_of

        return len(causes_of(self.undecided))

    @property
    def notices(self) -> tuple[Problem, ...]:
        """What was passed over, or read in another way than its author may expect."""
        return tuple(problem for problem in self.problems if not problem.fatal and not problem.quiet)

    @property
    def notes(self) -> tuple[Problem, ...]:
        """How something was read, for verbose output."""
        return tuple(problem for problem in self.problems if problem.quiet)


class Covered(NamedTuple):
    """The extent of a run: only within it can a finding be reported as gone.

    paths:   what the user names. sources: the files that were read. unread: those not understood as a whole.
    ran:     the codes of the rules that ran on a path.
    """

    paths: Sequence[str]
    sources: frozenset[str]
    unread: frozenset[str]
    ran: Callable[[str], frozenset[str]]

    def covers(self, known: "BaselineEntry") -> bool:
        """Whether the run would have found a finding of the past again."""
        if known.path in self.unread or known.code not in self.ran(known.path):
            return False
        return known.path in self.sources or (not Path(known.path).exists() and self._names(known.path))

    def _names(self, path: str) -> bool:
        named = [shown(each) for each in self.paths]
        return any(each == "." or path == each or path.startswith(f"{each}/") for each in named)
