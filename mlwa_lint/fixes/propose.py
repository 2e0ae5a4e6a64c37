"""From findings to fixes: which change, how safe it is, and the edits that a writer makes of it."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

from mlwa_lint.fixes.describing import description_of
from mlwa_lint.fixes.edits import Edit, Fix, Safety
from mlwa_lint.fixes.everywhere import everywhere
from mlwa_lint.fixes.safety import risk_of
from mlwa_lint.fixes.source import RefusedError, SourceFile, SourceFiles
from mlwa_lint.fixes.writer import IntentWriter
from mlwa_lint.model.findings import Finding
from mlwa_lint.model.intents import Intent
from mlwa_lint.run.session import Session

NamedResources: TypeAlias = Mapping[str, tuple[str, ...]]
# What the configuration of a path states for `kms-key` and its like.
Choices: TypeAlias = Callable[[str], NamedResources]


def choices_of(session: Session) -> Choices:
    """What the configuration of a run states under `[tool.mlwa-lint.fix]`."""
    names = session.configuration.fix
    return lambda path: names


def no_choices(path: str) -> NamedResources:
    """The defaults where no configuration sets anything."""
    return {}


def propose(
    findings: Iterable[Finding], choices: Choices = no_choices, texts: Mapping[str, str] | None = None
) -> list[Fix]:
    """A fix for each finding whose rule has one, in the findings' order.

    texts: unsaved texts, by the paths that findings name; the others are read.
    """
    sources = SourceFiles(texts)
    return [proposed(each, each.fix, choices, sources) for each in findings if each.fix is not None]


def proposed(finding: Finding, intent: Intent, choices: Choices, sources: SourceFiles) -> Fix:
    """The fix of one finding."""

    def edits_of(single: Finding) -> list[Edit]:
        if single.fix is None:
            raise RefusedError("its rule names no change")
        path = single.resource_span.path
        written = _writer(sources.of(path), single, single.fix).edits_with(choices(path))
        # A later call of a program may undo what the fix would write at this place.
        edits = [each for each in written if sources.of(each.path).raw[each.start : each.end] != each.text]
        if not edits:
            raise RefusedError("what it would write is there already")
        return edits

    try:
        about, edits = everywhere(finding, edits_of)
    except RefusedError as refusal:
        return Fix(finding.code, "shown", (), description_of(intent), finding, str(refusal))
    risk = risk_of(finding, intent) or next(filter(None, map(_risk, about.joined)), "")
    safety: Safety = "unsafe" if risk else "safe"
    return Fix(finding.code, safety, edits, description_of(intent), about, risk)


def _risk(single: Finding) -> str:
    return "" if single.fix is None else risk_of(single, single.fix)


def _writer(source: SourceFile, finding: Finding, intent: Intent) -> IntentWriter:
    if finding.construct is not None:
        raise RefusedError("the CDK generates the template; change the program")
    if source.path.endswith((".tf", ".tofu")):
        from mlwa_lint.fixes.hcl.writer import ModuleWriter

        return ModuleWriter(source, finding, intent)
    if source.path.endswith((".yaml", ".yml", ".json", ".template")) and not source.path.endswith(".tf.json"):
        from mlwa_lint.fixes.templates.writer import writer_of

        return writer_of(source, finding, intent)
    if source.path.endswith(".py"):
        from mlwa_lint.fixes.programs.writer import ProgramWriter

        return ProgramWriter(source, finding, intent)
    raise RefusedError("files of this kind are not edited")
