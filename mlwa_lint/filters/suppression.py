"""One suppression: which rules are suppressed where, until when, and what is wrong with it."""

from mlwa_lint.model.findings import Finding
from mlwa_lint.model.spans import Span
from mlwa_lint.startup.records import NamedTuple


class Suppression(NamedTuple):
    """One rule, or group of rules, that the user suppresses somewhere.

    region: where findings are suppressed; None for the whole file.
    span:   where the suppression itself is.
    until:  the last day on which it holds, as written; empty where it holds always.
    call:   the name of the module call that it is at; it then applies to the module's resources too.
    fault:  why it cannot be followed; empty where it can.
    tool:   the other tool that it is written for; empty for one of mlwa-lint's.
    property: the only property, by its canonical path, that it is about; empty where it is about all.
    """

    selector: str
    reason: str
    region: Span | None
    span: Span
    until: str = ""
    call: str = ""
    fault: str = ""
    tool: str = ""
    property: str = ""

    def covers(self, finding: Finding) -> bool:
        """Whether a finding is in the region, or belongs to the resource that the region starts with."""
        if self.property and finding.property != self.property:
            return False
        return self.contains(finding.span) or self._starts_with(finding.resource_span)

    def contains(self, span: Span) -> bool:
        """Whether a place starts in the region."""
        if span.path != self.span.path:
            return False
        region = self.region
        if region is None:
            return True
        start, end = (region.line, region.column), (region.end_line, region.end_column)
        return start <= (span.line, span.column) < end

    def _starts_with(self, span: Span) -> bool:
        return self.contains(span) and (self.region is None or self.region.line == span.line)
