"""What a program makes, seen with all of its project: what only defaults say, and what nobody uses."""

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
from mlwa_lint.frontends.python.uses.project import uses_in
from mlwa_lint.frontends.python.uses.taking import take_away_defaults
from mlwa_lint.model.resources import EXAMPLE, UNUSED
from mlwa_lint.model.values import Entry, Scalar

_OF_EXAMPLES = "only examples and tests use it"


def weigh_by_uses(created: Sequence[Created], core: Core, files: ProjectFiles, program: str) -> None:
    """Takes away what no caller leaves to a default, and notes what nobody uses, or examples alone.

    program: the file that is followed.
    """
    uses = uses_in(files) if created else None
    if uses is None:
        return
    take_away_defaults(created, core, uses)
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
        if helping[path]:
            each.attributes[EXAMPLE] = Entry(each.span, Scalar(_OF_EXAMPLES, each.span))
