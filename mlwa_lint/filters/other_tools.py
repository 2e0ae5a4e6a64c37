"""Suppressions that are written for other tools, of a control that a rule checks as well, with a reason.

Those of cfn_nag, cdk-nag and Checkov in a resource's metadata, and of Checkov, tfsec and Trivy in comments.
"""

from collections.abc import Iterator

from mlwa_lint.discovery.modules import is_terraform
from mlwa_lint.discovery.search import is_python
from mlwa_lint.facts.suppressions import counterparts
from mlwa_lint.filters.suppression import Suppression
from mlwa_lint.filters.suppression_comments import (
    Comment,
    SourceLayout,
    comments_of_hcl,
    comments_of_yaml,
    entries_at,
    region_of,
    resources_in,
    template_in,
)
from mlwa_lint.filters.suppression_syntax import is_for_other_tool
from mlwa_lint.frontends.cloudformation.syntax.nodes import MapNode
from mlwa_lint.frontends.cloudformation.syntax.shapes import text_of_key
from mlwa_lint.model.secrets import without_formats
from mlwa_lint.model.spans import Span
from mlwa_lint.startup.patterns import lazy

_CHECKOV, _TRIVY = "checkov", "trivy"
_TITLES = {"cfn_nag": "cfn_nag", "cdk_nag": "cdk-nag", _CHECKOV: "Checkov", _TRIVY: "Trivy"}
# Where metadata lists them, and the key of the reason.
_METADATA = (
    ("cfn_nag", "rules_to_suppress", "reason"),
    ("cdk_nag", "rules_to_suppress", "reason"),
    (_CHECKOV, "skip", "comment"),
)
_YAML_COMMENT = lazy(r"(?:^|(?<=\s))#\s*checkov:skip=")
_SKIP = lazy(r"checkov:skip=(?P<check>\w+)\s*(?::\s*(?P<reason>.*))?")
_IGNORE = lazy(r"(?:tfsec|trivy):ignore:(?P<check>[\w-]+)(?P<rest>[^\s,]*)")
# What may be between a check and a reason.
_SEPARATORS = " \t-:;,#\N{EN DASH}\N{EM DASH}"


def find(text: str, path: str) -> tuple[Suppression, ...]:
    """All suppressions in a source file that are written for other tools and count."""
    if is_python(path):
        return ()
    if is_terraform(path):
        return () if path.endswith(".json") else tuple(_in_hcl(text, path))
    return tuple(_in_template(text, path))


def _in_template(text: str, path: str) -> Iterator[Suppression]:
    root = template_in(text, path)
    if root is None:
        return
    for body, region in resources_in(root, path):
        for tool, key, reason in _METADATA:
            for entry in entries_at(body, tool, key):
                if isinstance(entry, MapNode):
                    check = text_of_key(entry, "id")
                    yield from _suppressions(tool, check, text_of_key(entry, reason), region, entry.span)
    comments, layout = comments_of_yaml(text, root, _YAML_COMMENT)
    for comment in comments:
        yield from _of_checkov(comment, layout, path)


def _in_hcl(text: str, path: str) -> Iterator[Suppression]:
    comments, layout = comments_of_hcl(text, is_for_other_tool)
    for comment in comments:
        yield from _of_checkov(comment, layout, path)
        yield from _of_trivy(comment, layout, path)


def _of_checkov(comment: Comment, layout: SourceLayout, path: str) -> Iterator[Suppression]:
    """Wherever the comment is in a resource, it is about the whole resource."""
    skip = _SKIP.search(comment.text)
    block = layout.outermost(comment)
    if skip is None or block is None:
        return
    region = Span(path, block.line, block.column, block.end + 1, 1)
    yield from _suppressions(_CHECKOV, skip["check"], skip["reason"] or "", region, _place(comment, path))


def _of_trivy(comment: Comment, layout: SourceLayout, path: str) -> Iterator[Suppression]:
    """Reasons have no form of their own: they follow in the same comment, or are the comment above it."""
    ignores = list(_IGNORE.finditer(comment.text))
    if not ignores:
        return
    reason = comment.text[ignores[-1].end() :].removesuffix("*/").strip(_SEPARATORS)
    reason = reason or _comment_above(comment, layout)
    region, _ = region_of(comment, layout, path)
    for ignore in ignores:
        if not ignore["rest"]:  # it ends on some day, or holds for some values only
            yield from _suppressions(_TRIVY, ignore["check"], reason, region, _place(comment, path))


def _comment_above(comment: Comment, layout: SourceLayout) -> str:
    """The text of the comment on the line above one that stands alone."""
    own, above = (layout.lines[line - 1].strip() if line else "" for line in (comment.line, comment.line - 1))
    alone = own.startswith(("#", "//")) and above.startswith(("#", "//"))
    return above.lstrip("#/ ") if alone and not is_for_other_tool(above) else ""


def _place(comment: Comment, path: str) -> Span:
    return Span(path, comment.line, comment.column, comment.line, comment.column + len(comment.text.rstrip()))


def _suppressions(tool: str, check: str, reason: str, region: Span, span: Span) -> Iterator[Suppression]:
    """One for each rule with the same control, if a reason is given."""
    reason = without_formats(reason.removesuffix("*/").strip())
    if not reason:
        return
    for code, part in counterparts(tool, check):
        title = f"{reason} ({_TITLES[tool]} {check})"
        yield Suppression(code, title, region, span, tool=tool, property=part)
