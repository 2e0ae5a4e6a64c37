"""What a template refers to and does not declare, for which CloudFormation refuses it."""

from collections.abc import Iterator

from mlwa_lint.frontends.cloudformation.syntax.macros import macros
from mlwa_lint.frontends.cloudformation.syntax.shapes import is_serverless
from mlwa_lint.frontends.cloudformation.template import Template
from mlwa_lint.model.resources import Problem
from mlwa_lint.startup.patterns import lazy

# What stands alone. Parts of templates, which other tools put together, rarely state it.
_VERSION = "AWSTemplateFormatVersion"
_NAME = lazy(r"\w+")
# What SAM calls resources of its own, beside those that it names after one of the template.
_OF_SAM = ("CodeDeployServiceRole", "Serverless")
# No more names are listed at once.
_LISTED = 4


def undeclared_in(template: Template) -> Iterator[Problem]:
    """A notice about the names that no parameter and no resource of a template has.

    Nothing is known of them where a macro, a loop or a file that is not here may declare more.
    """
    if not _is_whole(template):
        return
    found = {name: span for name, span in template.scope.undeclared.items() if _is_missing(name, template)}
    if not found:
        return
    path, line = template.context.name, min(span.line for span in found.values())
    listed = _listed(list(found))
    be, these = ("is", "a parameter nor a resource of this name")
    if len(found) > 1:
        be, these = ("are", "parameters nor resources of these names")
    message = f"{listed} {be} referred to, and the template declares neither {these}: CloudFormation"
    # The line is in the notice itself: findings are remembered, and lines move.
    why = f"{path} refers to {listed}, which it does not declare, and cannot be deployed until it does"
    yield Problem(path, line, f"{message} refuses it", fatal=False, whole=True, refuses=why)


def _listed(names: list[str]) -> str:
    if len(names) > _LISTED:
        return f"{', '.join(names[:_LISTED])} and {len(names) - _LISTED} more"
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _is_whole(template: Template) -> bool:
    """Whether a template declares all its resources itself, in its own text."""
    return (
        template.root.get(_VERSION) is not None
        and not template.has_parts
        and not template.scope.loops
        and not any(key.text.startswith("Fn::") for key, _ in template.written.entries)
        and not any(True for _ in macros(template.root))
    )


def _is_missing(name: str, template: Template) -> bool:
    if _NAME.fullmatch(name) is None:
        return False
    declared = {key.text for key, _ in template.written.entries}
    if name in declared:  # it is there, though not as it should be, or of a type that is not known
        return False
    return not (is_serverless(template.root) and name.startswith((*_OF_SAM, *declared)))
