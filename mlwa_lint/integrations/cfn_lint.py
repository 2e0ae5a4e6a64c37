"""Our CloudFormation rules inside cfn-lint: `cfn-lint --append-rules mlwa_lint.integrations.cfn_lint`.

Every rule becomes one of cfn-lint's, with a letter for its level before its code: EMLS101 (high),
WMLS103 (medium and low), IMLO901 (info). Editors that show cfn-lint's matches then show ours.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cfnlint.rules import CloudFormationLintRule, RuleMatch

from mlwa_lint.catalogue.registry import RuleSourceError, UnknownRuleError
from mlwa_lint.config.command_line import CommandLine
from mlwa_lint.errors import UserError
from mlwa_lint.model.findings import Finding, Severity
from mlwa_lint.reporters.summary import sentence
from mlwa_lint.rule import Rule
from mlwa_lint.run.pipeline import lint
from mlwa_lint.run.session import Session

_LETTERS: dict[Severity, str] = {"high": "E", "medium": "W", "low": "W", "info": "I"}


def _opened() -> Session:
    try:
        return Session(CommandLine())
    except (UserError, RuleSourceError, UnknownRuleError) as error:
        # cfn-lint answers any other exception here with a traceback.
        raise SystemExit(f"mlwa-lint: error: {error}") from None


_session = _opened()
_last: tuple[tuple[str, int], tuple[Finding, ...]] | None = None


class _Adapted(CloudFormationLintRule):  # type: ignore[misc]
    """One of our rules, in cfn-lint's interface."""

    code = ""

    def match(self, cfn: Any) -> Iterator[RuleMatch]:
        """The findings of this rule in the template that cfn-lint checks."""
        for finding in _findings(cfn.filename):
            if finding.code == self.code:
                span = finding.span
                message = " ".join(
                    f"{part.rstrip('.')}." for part in (sentence(finding), finding.remedy) if part
                )
                location = (span.line - 1, span.column - 1, span.end_line - 1, span.end_column - 1)
                yield RuleMatch(["Resources", finding.address], message, location=location)


def _findings(name: str | None) -> tuple[Finding, ...]:
    """The findings in a file; linted once for all rules, which cfn-lint calls one after the other."""
    global _last
    path = Path(name) if name else None
    if path is None or not path.is_file():
        return ()
    path = path.resolve()
    key = (str(path), path.stat().st_mtime_ns)
    if _last is None or _last[0] != key:
        linted = lint(_session, [str(path)])
        here = [each for each in linted.result.findings if Path(each.span.path).resolve() == path]
        _last = (key, tuple(here))
    return _last[1]


def _adapted(rule: Rule) -> type[_Adapted]:
    return type(
        rule.code,
        (_Adapted,),
        {
            "code": rule.code,
            "id": f"{_LETTERS[rule.severity]}{rule.code}",
            "shortdesc": rule.summary,
            "description": " ".join(part for part in (rule.summary, rule.reason) if part),
            "source_url": rule.help,
            "tags": ["mlwa-lint", rule.pillar],
            "__module__": __name__,
        },
    )


# cfn-lint takes every class of the module that derives from its own.
globals().update({rule.code: _adapted(rule) for rule in _session.registry.rules})
