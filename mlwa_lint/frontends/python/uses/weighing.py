"""What a program makes, seen with all of its project: what only defaults state, and what is never used."""

from collections.abc import Sequence

from mlwa_lint.files.endings import ProjectFiles
from mlwa_lint.frontends.python.evaluation.core import Core
from mlwa_lint.frontends.python.evaluation.values import FunctionObj
from mlwa_lint.frontends.python.ledger import Created
from mlwa_lint.frontends.python.uses.callers import (
    is_definition_unused,
    is_file_left_over,
    is_helper_of_examples,
)
from mlwa_lint.frontends.python.uses.defaults import how_given
from mlwa_lint.frontends.python.uses.project import Uses, uses_in
from mlwa_lint.frontends.python.uses.taking import change_defaults, defaults_in
from mlwa_lint.model.resources import EXAMPLE, OFFERED, UNUSED
from mlwa_lint.model.values import Assumptions, Entry, ListValue, Scalar

_OF_EXAMPLES = "only examples and tests use it"


def weigh_by_uses(created: Sequence[Created], core: Core, files: ProjectFiles, program: str) -> None:
    """Removes what no caller leaves to a default, and marks what is never used, or by examples alone.

    program: the file that is followed.
    """
    if not created:
        return
    uses = uses_in(files)
    resting = defaults_in(created, core)
    given, offered = _sorted_by_use(resting, core, uses)
    change_defaults(created, core, given, offered)
    for each in created if offered else ():
        texts = tuple(Scalar(what, each.span) for what in sorted(offered))
        each.attributes[OFFERED] = Entry(each.span, ListValue(texts, each.span))
    if uses is None:
        return
    unused: dict[FunctionObj, bool] = {}
    left_over: dict[str, bool] = {}
    helping: dict[str, bool] = {}
    for each in created:
        path, function = each.span.path, core.entered.get(each.entry)
        because = ""
        if function is not None:
            if function not in unused:
                unused[function] = is_definition_unused(function, uses)
            because = f"nothing in the project calls {function.name}()" if unused[function] else ""
        if path not in left_over:
            left_over[path] = is_file_left_over(path, uses)
            helping[path] = is_helper_of_examples(path, program, uses)
        if left_over[path]:
            because = "nothing in the project runs this copy of the file"
        if because:
            each.attributes[UNUSED] = Entry(each.span, Scalar(because, each.span))
        if helping[path] and (each.entry or path != program):
            each.attributes[EXAMPLE] = Entry(each.span, Scalar(_OF_EXAMPLES, each.span))


def _sorted_by_use(resting: Assumptions, core: Core, uses: Uses | None) -> tuple[Assumptions, Assumptions]:
    """The defaults that everything gives, and those that leave a setting to whoever uses the program.

    Where something in the project leaves an option out, it decides.
    """
    given: set[str] = set()
    offered: set[str] = set()
    for what in sorted(resting):
        found = {how_given(each, uses) for each in core.defaulted.get(what, ())} if uses else set()
        if found == {True}:
            given.add(what)
        elif core.offered[what] and False not in found:
            offered.add(what)
    return frozenset(given), frozenset(offered)
