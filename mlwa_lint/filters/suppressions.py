"""Applies suppressions to findings, and finds those that silence nothing."""

from collections.abc import Callable, Collection, Sequence

from mlwa_lint.catalogue.registry import Registry, UnknownRuleError
from mlwa_lint.files.lines import Sources
from mlwa_lint.filters.suppression import Suppression
from mlwa_lint.model.findings import Finding, Undecided
from mlwa_lint.model.secrets import without_formats
from mlwa_lint.rule import Remedy, Rule
from mlwa_lint.startup.records import NamedTuple


class _RuleOfOurs(Rule):
    """A rule about mlwa-lint's own input: its page is that of suppressions, not one of the catalogue."""

    __slots__ = ()

    @property
    def help(self) -> str:
        return "https://mlwa-lint.readthedocs.io/suppressions/#nothing-is-hidden-silently"


UNUSED_SUPPRESSION = _RuleOfOurs(
    code="MLO901",
    name="unused-suppression",
    severity="info",
    practices=(),
    on=(),
    remedy=Remedy(
        "Delete the suppression, or correct the code", "Delete the suppression, or correct the code"
    ),
    documentation="""A suppression hides nothing.

Left in place, it would silently hide the mistake should it ever come.

A comment `# mlwa: ignore[CODE] -- reason`, `# mlwa: ignore-file[CODE]` or a `mlwa-lint` entry in a
resource's `Metadata` names a rule that finds nothing at its place, or no rule at all. It is judged only
when the rules that it names were selected, the file could be read, and no question of these rules stayed
undecided there.

To fix it, delete the suppression, or correct the code that it names.
""",
    check=None,
)
_MARK = "mlwa"


class Suppressed(NamedTuple):
    """Findings that stay open, those that are silenced, and findings about suppressions that hide nothing."""

    open: tuple[Finding, ...]
    suppressed: tuple[Finding, ...]
    unused: tuple[Finding, ...]


def apply_suppressions(
    findings: Sequence[Finding],
    undecided: Sequence[Undecided],
    sources: Sources,
    paths: Sequence[str],
    unread: Collection[str],
    registry: Registry,
    ran: Callable[[str], frozenset[str]],
) -> Suppressed:
    """Applies the suppressions of all sources.

    paths:  every source that was read. unread: those that were not understood as a whole.
    ran:    the codes of the rules that looked at a path.
    """
    suppressions = [each for path in dict.fromkeys(paths) for each in _of_source(path, sources)]
    if not suppressions:
        return Suppressed(tuple(findings), (), ())
    codes = {each: _codes(each.selector, registry) for each in suppressions}
    by_path: dict[str, list[Suppression]] = {}
    for each in suppressions:
        by_path.setdefault(each.span.path, []).append(each)
    used: set[Suppression] = set()
    still_open, suppressed = [], []
    for finding in findings:
        near = [
            each
            for path in dict.fromkeys((finding.span.path, finding.resource_span.path))
            for each in by_path.get(path, ())
        ]
        fitting = [each for each in near if finding.code in codes[each] and each.covers(finding)]
        used.update(fitting)
        if fitting:
            reason = next((each.reason for each in fitting if each.reason), "")
            suppressed.append(finding._replace(suppressed=reason))
        else:
            still_open.append(finding)
    unused = []
    for each in suppressions:
        path = each.span.path
        if each in used or path in unread:
            continue
        asked = codes[each]
        open_question = any(u.code in asked and each.contains(u.span) for u in undecided)
        if not open_question and asked <= ran(path):
            unused.append(_unused(each, asked, registry))
    return Suppressed(tuple(still_open), tuple(suppressed), tuple(unused))


def _of_source(path: str, sources: Sources) -> tuple[Suppression, ...]:
    """The suppressions of a file; most have none, which a look at the text tells."""
    text = sources.text(path)
    if _MARK not in text:
        return ()
    from mlwa_lint.filters.suppression_comments import find

    return find(text, path)


def _codes(selector: str, registry: Registry) -> frozenset[str]:
    try:
        return frozenset(rule.code for rule in registry.select([selector])) if selector else frozenset()
    except UnknownRuleError:
        return frozenset()


def _unused(suppression: Suppression, codes: frozenset[str], registry: Registry) -> Finding:
    rule = UNUSED_SUPPRESSION
    if not suppression.selector:
        message = "The suppression names no rule; write `mlwa: ignore[CODE] -- reason`"
    elif not codes:
        named = without_formats(suppression.selector)
        message = f"The suppression names {named!r}, which is no rule{_hint(suppression, registry)}"
    else:
        message = f"The suppression of {suppression.selector} hides nothing"
    return Finding(
        code=rule.code,
        name=rule.name,
        severity=rule.severity,
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


def _hint(suppression: Suppression, registry: Registry) -> str:
    try:
        registry.select([suppression.selector])
    except UnknownRuleError as error:
        return f"; did you mean {error.suggestion!r}?" if error.suggestion else ""
    return ""
