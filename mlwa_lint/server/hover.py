"""What a hover shows: the rules of the findings at a place."""

from collections.abc import Iterable, Iterator
from contextlib import suppress

from lsprotocol import types

from mlwa_lint.catalogue.lens import practices
from mlwa_lint.catalogue.registry import Registry, UnknownRuleError
from mlwa_lint.model.findings import Finding
from mlwa_lint.reporters.markdown import escaped
from mlwa_lint.reporters.summary import sentence
from mlwa_lint.server.diagnostics import Shown

# Rules of third parties may write at length.
TEXT_LIMIT = 8_000


def hover(shown: Iterable[Shown], position: types.Position, registry: Registry) -> types.Hover | None:
    """The rules of the findings whose range holds a position; None where there are none."""
    found = [each for each in shown if holds(each.range, position)]
    if not found:
        return None
    text = "\n\n---\n\n".join("\n\n".join(_paragraphs(each.finding, registry)) for each in found)
    content = types.MarkupContent(types.MarkupKind.Markdown, text[:TEXT_LIMIT])
    return types.Hover(content, found[0].range)


def holds(place: types.Range, position: types.Position) -> bool:
    """Whether a range contains a position, its end included: that is where a cursor is after a word."""
    return bool(place.start <= position <= place.end)


def _paragraphs(finding: Finding, registry: Registry) -> Iterator[str]:
    """A finding and its rule, paragraph by paragraph; what comes from the file is kept from being markup."""
    yield f"**{finding.code} {finding.name}** ({finding.severity}, {finding.pillar})"
    yield escaped(sentence(finding))
    if finding.reason:
        yield f"**Why:** {finding.reason}"
    if finding.remedy:
        yield f"**Fix:** {finding.remedy}"
    with suppress(UnknownRuleError):
        yield from registry.find(finding.code).exceptions
    listed = [f"- {_titled(each)}" for each in finding.practices]
    if listed:
        yield "\n".join(["**Best practices:**", *listed])
    if finding.controls:
        yield f"**Controls:** {', '.join(finding.controls)}"
    if finding.help:
        yield f"[{finding.code}]({finding.help})"


def _titled(practice: str) -> str:
    known = practices().get(practice)
    return f"{practice}: {known.title}" if known else practice
