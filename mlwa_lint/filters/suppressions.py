"""Applies suppressions to findings, and finds those that suppress nothing or cannot be followed."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from mlwa_lint.catalogue.registry import Registry, is_of_cfn_lint
from mlwa_lint.files.lines import SourceLines
from mlwa_lint.filters.suppression_syntax import FORM, is_for_other_tool, might_suppress
from mlwa_lint.model.findings import Finding, Severity, Undecided
from mlwa_lint.model.secrets import without_formats
from mlwa_lint.rule import Remedy, Rule
from mlwa_lint.startup.records import NamedTuple

if TYPE_CHECKING:
    from datetime import date

    from mlwa_lint.filters.silencing import Selectors
    from mlwa_lint.filters.suppression import Suppression


class _MetaRule(Rule):
    """A rule about mlwa-lint's own input: its page is that of suppressions, not one of the catalogue."""

    __slots__ = ()

    @property
    def help(self) -> str:
        return "https://mlwa-lint.readthedocs.io/suppressions/#nothing-is-hidden-silently"


UNUSED_SUPPRESSION = _MetaRule(
    code="MLO901",
    name="unused-suppression",
    severity="info",
    practices=(),
    on=(),
    remedy=Remedy(
        "Delete the suppression, or correct the code", "Delete the suppression, or correct the code"
    ),
    documentation="""A suppression hides nothing.

Left in place, it would silently hide the mistake if someone made it later.

A comment `# mlwa: ignore[CODE] -- reason`, `# mlwa: ignore-file[CODE]` or a `mlwa-lint` entry in a
resource's `Metadata` names a rule that finds nothing at its place. It is checked only when the rules that it
names were selected, the file could be read, and none of these rules was undecided there.

The severity is low, and not info, for a suppression that cannot be followed: one that names no rule or an
unknown one, that is written in another way than `mlwa: ignore[CODE] until DATE -- reason`, whose date has
passed, or that lacks a reason where `require-reasons` demands one.

To fix it, delete the suppression, or correct the code that it names.
""",
    check=None,
)


class Suppressed(NamedTuple):
    """Findings that stay open, those that are suppressed, and findings about suppressions themselves."""

    open: tuple[Finding, ...]
    suppressed: tuple[Finding, ...]
    unused: tuple[Finding, ...]


class SuppressionRules(NamedTuple):
    """What suppressions are matched against.

    ran:            the codes of the rules that ran on a path.
    needs_a_reason: whether a suppression at a path must give one.
    today:          the day on which suppressions with an end must still hold.
    """

    registry: Registry
    ran: Callable[[str], frozenset[str]]
    needs_a_reason: Callable[[str], bool]
    today: "date | None" = None


def apply_suppressions(
    findings: Sequence[Finding],
    undecided: Sequence[Undecided],
    sources: SourceLines,
    paths: Sequence[str],
    unread: Collection[str],
    rules: SuppressionRules,
) -> Suppressed:
    """Applies the suppressions of all sources.

    paths: every source that was read. unread: those that were not understood as a whole.
    """
    stated = [each for path in dict.fromkeys(paths) for each in _of_source(path, sources)]
    if not stated:
        return Suppressed(tuple(findings), (), ())
    from mlwa_lint.filters.module_calls import ModuleCalls
    from mlwa_lint.filters.silencing import Selectors, Silences

    selectors = Selectors(rules.registry)
    stated = [each for each in stated if selectors.of(each.selector) or not is_of_cfn_lint(each.selector)]
    if not stated:
        return Suppressed(tuple(findings), (), ())
    faults = {each: fault for each in stated if (fault := _fault(each, rules, selectors))}
    suppressions = [each for each in stated if each not in faults]
    silences = Silences(suppressions, selectors, ModuleCalls(sources, paths))
    still_open, suppressed = [], []
    for finding in findings:
        fitting = silences.of(finding)
        if fitting:
            reason = next((each.reason for each in fitting if each.reason), "")
            suppressed.append(finding._replace(suppressed=reason))
        else:
            still_open.append(finding)
    about = [_about(each, f"The suppression {fault}", "low") for each, fault in faults.items()]
    by_code: dict[str, list[Undecided]] = {}
    for question in undecided:
        by_code.setdefault(question.code, []).append(question)
    about += [
        _about(each, f"The suppression of {each.selector} hides nothing", "info")
        for each in silences.unused()
        if not each.tool and _was_decided(each, selectors.of(each.selector), by_code, unread, rules)
    ]
    return Suppressed(tuple(still_open), tuple(suppressed), tuple(about))


def _was_decided(
    suppression: "Suppression",
    codes: frozenset[str],
    undecided: Mapping[str, Sequence[Undecided]],
    unread: Collection[str],
    rules: SuppressionRules,
) -> bool:
    """Whether all rules that a suppression names ran at its place, and reached a decision there.

    undecided: by the codes of rules.
    """
    path = suppression.span.path
    if path in unread or not codes <= rules.ran(path):
        return False
    return not any(_concerns(suppression, each) for code in codes for each in undecided.get(code, ()))


def _concerns(suppression: "Suppression", undecided: Undecided) -> bool:
    if suppression.call and f"module.{suppression.call}" in undecided.address:
        return True
    return suppression.contains(undecided.span)


def _of_source(path: str, sources: SourceLines) -> "tuple[Suppression, ...]":
    """The suppressions of a file; most have none, which a test of the text shows."""
    text = sources.text(path)
    found: tuple[Suppression, ...] = ()
    if might_suppress(text):
        from mlwa_lint.filters.suppression_comments import find

        found = find(text, path)
    if is_for_other_tool(text):
        from mlwa_lint.filters.other_tools import find as find_others

        found = (*found, *find_others(text, path))
    return found


def _fault(suppression: "Suppression", rules: SuppressionRules, selectors: "Selectors") -> str:
    """Why a suppression cannot be followed; nothing where it can."""
    if suppression.fault:
        return suppression.fault
    if not suppression.selector:
        return f"names no rule: write {FORM}"
    if not selectors.of(suppression.selector):
        named = without_formats(suppression.selector)
        return f"names {named!r}, which is not a rule{selectors.hint(suppression.selector)}"
    if suppression.until and suppression.until < _today(rules).isoformat():
        return f"of {suppression.selector} has expired: it held until {suppression.until}"
    if not suppression.reason and rules.needs_a_reason(suppression.span.path):
        return f"of {suppression.selector} gives no reason, which the configuration requires"
    return ""


def _today(rules: SuppressionRules) -> "date":
    from datetime import date

    return rules.today or date.today()


def _about(suppression: "Suppression", message: str, severity: Severity) -> Finding:
    rule = UNUSED_SUPPRESSION
    return Finding(
        code=rule.code,
        name=rule.name,
        severity=severity,
        pillar=rule.pillar,
        practices=rule.practices,
        message=message,
        span=suppression.span,
        address=suppression.span.path,
        resource_type="source file",
        resource_span=suppression.span,
        help=rule.help,
        reason=rule.reason,
        remedy=rule.remedy.cloudformation,
    )
